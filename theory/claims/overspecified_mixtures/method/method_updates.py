"""Method summary: the updates, by expectations or by sample averages."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="method-updates",
    title="The EM update is the average of the observations turned back and weighted by the posterior",
    source="Method Summary; Architecture Onboarding, component map",
    quote="The EM updates are computed using exact expectations (population EM) or sample averages (sample-based EM) … "
    "E-Step (soft responsibilities) -> M-Step (weighted average update)",
    reading="With $γ_j(x) ∝ π_j e^{⟨x, U_jθ⟩}$, the maximiser of the expected log-likelihood of the complete data is "
    "$M(θ) = E ∑_j γ_j(X) U_jᵀX$, with the average over the sample in place of $E$ on data.",
    claims=(Claim(id="method-updates/operator", derivation="em-operator", general=True, k=()),),
    instances=(
        Claim(
            id="method-updates/sample",
            title="The same update on samples contracts by the factor predicted for expectations, within 0.03.",
            statement="abs(sample_contraction_factor(n=40000, seed=200) - contraction_factor) < 0.03",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
    ),
    controls=(
        Claim(
            id="method-updates/control",
            title="The factor does not belong to other weights.",
            statement="abs(sample_contraction_factor(n=40000, seed=200) - (1 - 1/25)) < 0.01",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
    ),
)
