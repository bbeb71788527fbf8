"""Beyond the paper: the dimension plays no part."""

from emtheory.theory.claim import Claim, Entry

_KL = "0.10483905563656124468241423565716579333705"

ENTRY = Entry(
    id="beyond-dimension",
    title="On the simplex neither rate nor KL depends on the dimension $d$",
    source="Beyond the paper; Open Question 4 asks for a function of $k$ and $d$",
    quote="explicitly quantified as function of $k$ and $d$",
    reading="With means $R^jθ$ the law of the exponents, and with it $Λ$ and the $β_m$, is a function of the "
    "amplitudes $‖P_mθ‖$, in which $d$ does not occur; $‖θ‖² = ∑_m ‖P_mθ‖²$. A step multiplies the amplitude at $m$ by "
    "$1 − β_m$, and takes the component on the complement of the simplex's span, where $R = I$ and $β_0 = 1$, to 0. So "
    "KL on the simplex, the $β_m$ and the rate are the same for every $d ≥ k − 1$.",
    claims=(
        Claim(id="beyond-dimension/amplitudes", derivation="amplitude-derivatives", general=True, k=()),
        Claim(id="beyond-dimension/steps", derivation="stein-identity", general=True, k=()),
        Claim(id="beyond-dimension/complement", derivation="global-convergence", general=True, k=()),
    ),
    instances=tuple(
        Claim(
            id=f"beyond-dimension/kl-{d}",
            title=f"The same KL to 40 digits in dimension ${d}$.",
            statement=f"abs(kl_divergence - {_KL}) < 1e-40",
            weights=("1/2", "3/10", "1/5"),
            d=d,
            radius="1",
        )
        for d in (2, 6, 1000)
    ),
    controls=(
        Claim(
            id="beyond-dimension/control",
            title="One more component, in contrast, changes it.",
            statement=f"abs(kl_divergence - {_KL}) < 1e-5",
            k=(4,),
            weights=("1/2", "3/10", "1/10", "1/10"),
            radius="1",
        ),
    ),
)
