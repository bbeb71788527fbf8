"""Beyond the paper: an exponential rate, or t^{−1/2} and no better."""

from emtheory.theory.claim import Claim, Entry

_PARTIAL = ("2/5", "1/10", "1/10", "2/5")

ENTRY = Entry(
    id="beyond-dichotomy",
    title="From each start EM is either exponential or of the exact order $t^{−1/2}$, in KL $t^{−2}$",
    source="Beyond the paper; completes open question 3",
    quote="Are mixture weight conditions (non-zero DFT entries) necessary for exponential convergence or just "
    "sufficient artifacts of proof technique?",
    reading="With means $R^jθ$, from every start $θ_0$: if no $π̂_m$ vanishes among the frequencies $m$ that $θ_0$ "
    "has, $‖θ_t‖ ≤ (1 − e^{−‖θ_0‖²}σ²)^t ‖θ_0‖$ with $σ$ the least of these $|π̂_m|$, $m ≠ 0$. If one does, $t‖θ_t‖² < "
    "D + 2‖θ_0‖²$ for all $t$, $D ≥ 1$ at least the dimension of the span of the $R^iθ − R^jθ$, such as $k − 1$, and "
    "there is a constant $C$ with $1 ≤ C(1 + t)‖θ_t‖²$, $1 ≤ C(1 + t)²KL_t$ and $t²KL_t ≤ C$.",
    claims=(
        Claim(id="beyond-dichotomy/exponential", derivation="global-convergence", general=True, k=()),
        Claim(id="beyond-dichotomy/sublinear", derivation="sublinear-rate", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-dichotomy/ten-times",
            title="A hundredth of KL takes about ten times the steps with uniform weights.",
            statement="9 < iterations_to_kl(eps=1e-6) / iterations_to_kl(eps=1e-4) < 11",
            k=(2, 3),
            radius="1",
        ),
        Claim(
            id="beyond-dichotomy/excited",
            title="Weights 2/5, 1/10, 1/10, 2/5: exponential from a start with frequency 1 only,",
            statement="asymptotic_rate == 41/50",
            k=(4,),
            weights=_PARTIAL,
            amplitudes=("1", "0"),
        ),
        Claim(
            id="beyond-dichotomy/both",
            title="but not with frequency 2, as $π̂_2 = 0$.",
            statement="asymptotic_rate == 1",
            k=(4,),
            weights=_PARTIAL,
            amplitudes=("1", "1/10"),
        ),
        Claim(
            id="beyond-dichotomy/limit",
            title="The limit of $t² KL_t$ for uniform weights.",
            statement="sublinear_constant == (k - 1) / 16",
            k=(2, 3, 8),
        ),
    ),
    hypotheses=(Claim(id="beyond-dichotomy/partial", statement="dft_modulus(m=2) == 0", k=(4,), weights=_PARTIAL),),
    controls=(
        Claim(
            id="beyond-dichotomy/control-exponential",
            title="With weights of which no $π̂_m$ vanishes the steps do not grow so.",
            statement="9 < iterations_to_kl(eps=1e-6) / iterations_to_kl(eps=1e-4) < 11",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
        Claim(
            id="beyond-dichotomy/control-order",
            title="Nor is KL of order $1/t$.",
            statement="iterations_to_kl(eps=1e-6) / iterations_to_kl(eps=1e-4) > 90",
            radius="1",
        ),
    ),
    depends=("beyond-stationary-point", "beyond-gradient-em", "beyond-necessity"),
)
