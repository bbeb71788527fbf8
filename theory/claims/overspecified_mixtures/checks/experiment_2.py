"""First experiment 2: valid against uniform weights."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")

ENTRY = Entry(
    id="experiment-2",
    title="At $k = 3$ valid weights converge exponentially, uniform ones sublinearly, as $A$ is invertible or not",
    source="First 3 experiments, 2",
    quote="Compare convergence speed using valid weights (DFT $≠ 0$) vs. uniform weights to confirm break condition "
    "regarding matrix $A$'s invertibility",
    reading="At $k = 3$, from radius 1: each hundredfold accuracy in KL costs the same number of further steps with "
    "the weights 1/2, 3/10, 1/5, judged down to $KL = 10^{−8}$, and about ten times the steps with uniform ones, whose "
    "$A$ is 0, from $10^{−3}$ to $10^{−5}$.",
    claims=(
        Claim(
            id="experiment-2/valid",
            title="A hundredfold accuracy adds $log 100/(−2 log 0.93) ≈ 31.7$ steps.",
            statement="31 <= iterations_to_kl(eps=1e-6) - iterations_to_kl(eps=1e-4) <= 33",
            weights=_WEIGHTS,
            radius="1",
        ),
        Claim(
            id="experiment-2/valid-again",
            statement="31 <= iterations_to_kl(eps=1e-8) - iterations_to_kl(eps=1e-6) <= 33",
            weights=_WEIGHTS,
            radius="1",
        ),
        Claim(
            id="experiment-2/uniform",
            title="With uniform weights it multiplies them by 10.",
            statement="9 < iterations_to_kl(eps=1e-5) / iterations_to_kl(eps=1e-3) < 12",
            k=(3,),
            radius="1",
        ),
        Claim(id="experiment-2/singular", statement="spectral_gap == 0", k=(3,)),
    ),
    universal=False,
    controls=(
        Claim(
            id="experiment-2/control",
            title="The uniform weights' steps do not grow like $log 1/ε$.",
            statement="iterations_to_kl(eps=1e-5) < 2 * iterations_to_kl(eps=1e-3)",
            k=(3,),
            radius="1",
        ),
    ),
    depends=("failure-1", "theorem-population"),
)
