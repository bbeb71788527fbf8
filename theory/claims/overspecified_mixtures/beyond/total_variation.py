"""Beyond the paper: a bound on the contraction factor by total variation."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(2,), weights=("3/5", "2/5"))

ENTRY = Entry(
    id="beyond-total-variation",
    title="$β_m(θ) ≥ (σ²/4) erf(σ/(2√2‖θ‖))^k$ with $σ = |π̂_m|$",
    source="Beyond the paper; open question 4, by another way",
    quote="Non-asymptotic analysis providing explicit lower bound for initialization radius $γ$ ensuring PL inequality "
    "holds",
    reading="$TV(γ, π) ≤ tanh(Ω/4)$, $Ω$ the oscillation of the exponents, so $|γ̂_m| ≥ |π̂_m| − 2 tanh(Ω/4)$; with "
    "Šidák's inequality $β_m(θ) ≥ (σ²/4) erf(σ/(2√2‖θ‖))^k$. For fixed $σ$ and $‖θ‖$ it falls exponentially in $k$, "
    "unlike the bound of entry beyond-contraction-bound, with which an instance compares it.",
    claims=(Claim(id="beyond-total-variation/derivation", derivation="sidak-bound", general=True, k=()),),
    instances=(
        _there(
            id="beyond-total-variation/small",
            title="$k = 2$, $σ = 1/5$, radius 1/10: $erf(1/√2)² = 0.466$.",
            statement="posterior_power(m=1) > dft_modulus(m=1)**2 / 4 * 0.466",
            radius="1/10",
        ),
        _there(
            id="beyond-total-variation/weaker",
            title="The other bound is more than eight times as large there.",
            statement="8 < (1 - contraction_bound(radius=1/10)) / (dft_modulus(m=1)**2 / 4 * 0.466) < 9",
        ),
        _there(
            id="beyond-total-variation/near-zero",
            title="Near the origin $β$ is $σ²$, four times the bound.",
            statement="99/100 * spectral_gap < posterior_power(m=1) < 101/100 * spectral_gap",
            radius="1/100",
        ),
    ),
    hypotheses=(_there(id="beyond-total-variation/condition", statement="dft_modulus(m=1) == 1/5"),),
    controls=(
        _there(
            id="beyond-total-variation/control-factor",
            title="A quarter of the gap is not the truth but a bound: $β$ exceeds it by far.",
            statement="posterior_power(m=1) < dft_modulus(m=1)**2 / 4",
            radius="1/10",
        ),
    ),
)
