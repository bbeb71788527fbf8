"""Beyond the paper: equal |π̂_m| do not suffice to keep the simplex."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_FLAT = ("9/25", "7/25", "6/25", "3/25")
_FLAT_FIVE = ("1/21", "2/21", "8/21", "4/21", "6/21")
_there = partial(Claim, k=(4,), weights=_FLAT)

ENTRY = Entry(
    id="beyond-simplex-flat",
    title="Equal $|π̂_m|$ make EM keep the simplex",
    source="Beyond the paper; the natural guess from the Jacobian at the origin",
    quote="Iterative Update (maintains simplex geometry while shrinking radius)",
    reading="If all $|π̂_m|$, $m ≠ 0$, are equal, then all $β_m$ are equal on the simplex: tested at $k = 4$ for "
    "weights 9, 7, 6, 3 in 25 and at $k = 5$ for 1, 2, 8, 4, 6 in 21, whose $|π̂_m|$ are equal although all weights "
    "differ.",
    claims=(
        _there(id="beyond-simplex-flat/four", statement="posterior_power(m=1) == posterior_power(m=2)", radius="1"),
        Claim(
            id="beyond-simplex-flat/five",
            statement="posterior_power(m=1) == posterior_power(m=2)",
            k=(5,),
            weights=_FLAT_FIVE,
            radius="1",
        ),
    ),
    expected="refuted",
    hypotheses=(
        _there(id="beyond-simplex-flat/equal-four", statement="dft_modulus(m=1) == dft_modulus(m=2) == 1/5"),
        Claim(
            id="beyond-simplex-flat/equal-five",
            statement="dft_modulus(m=1)**2 == dft_modulus(m=2)**2 == 41/441",
            k=(5,),
            weights=_FLAT_FIVE,
        ),
    ),
    controls=(
        _there(
            id="beyond-simplex-flat/control",
            title="The difference has the sign of $−3(π_0 − π_2)²(π_1 − π_3)² s⁴$.",
            statement="posterior_power(m=1) > posterior_power(m=2)",
            radius="1/2",
        ),
    ),
    correction="With four components EM keeps the simplex at all small radii if and only if three weights are equal "
    "(entry beyond-simplex-four).",
    corrected=(Claim(id="beyond-simplex-flat/classification", derivation="simplex-classification", k=(4,)),),
    depends=("beyond-simplex-kept",),
)
