"""The population theorem: O(log 1/ε) iterations in KL."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="theorem-population",
    title="Main theorem: population EM reaches $KL ≤ ε$ in $O(log 1/ε)$ iterations",
    source="Key Results; Primary result",
    quote="EM achieves exponential convergence in KL divergence ($O(log(1/ε))$ iterations) for overspecified mixtures "
    "with simplex-structured means",
    reading="If $A$ is invertible: with $μ > 0$ a PL constant on $‖θ‖ ≤ ‖θ_0‖$ each step multiplies KL by at most $1 − "
    "μ$, so $KL_t ≤ ε$ for $t ≥ log(KL_0/ε) / −log(1 − μ)$, from every start $θ_0$. Such a $μ$ is $e^{−2‖θ_0‖²} "
    "σ_{min}(A)⁴$; what the factor of a step tends to is entry beyond-asymptotic-factor.",
    claims=(
        Claim(id="theorem-population/descent", derivation="descent", general=True, k=()),
        Claim(id="theorem-population/every-start", derivation="global-convergence", general=True, k=()),
    ),
    instances=(
        Claim(
            id="theorem-population/count",
            statement="iterations_to_kl(eps=1e-4) <= 1 + log(kl_divergence / 1e-4) / -log(1 - pl_constant(radius=1))",
            weights=_WEIGHTS,
            radius="1",
        ),
        Claim(
            id="theorem-population/one-frequency",
            title="With frequency 1 alone the factor is better than with all.",
            statement="asymptotic_rate == 27/32 < contraction_factor",
            k=(4,),
            weights=("1/2", "1/4", "1/8", "1/8"),
            amplitudes=("1", "0"),
        ),
        Claim(
            id="theorem-population/rate",
            statement="asymptotic_rate == contraction_factor < 1",
            k=(2, 3, 4, 5, 8, 16),
            weights="linear",
            radius="1",
        ),
    ),
    hypotheses=(Claim(id="theorem-population/dft-condition", statement="spectral_gap > 0", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="theorem-population/control-uniform",
            title="Without the DFT condition there is no exponential rate.",
            statement="asymptotic_rate < 1",
            radius="1",
        ),
        Claim(
            id="theorem-population/control-count",
            title="Too few iterations: the factor of one step is not $1/e$.",
            statement="iterations_to_kl(eps=1e-4) <= log(kl_divergence / 1e-4)",
            weights=_WEIGHTS,
            radius="1",
        ),
    ),
    depends=("lemma-1", "mechanism-2"),
)
