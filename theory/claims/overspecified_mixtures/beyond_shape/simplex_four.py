"""Beyond the paper: the weights of four components that keep the simplex."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_FLAT = ("9/25", "7/25", "6/25", "3/25")
_there = partial(Claim, k=(4,), weights=_FLAT)

ENTRY = Entry(
    id="beyond-simplex-four",
    title="With four components EM keeps the simplex if and only if three weights are equal",
    source="Beyond the paper; what the critical path takes for granted",
    quote="Iterative Update (maintains simplex geometry while shrinking radius)",
    reading="$k = 4$: $|π̂_1| = |π̂_2|$ on the quadric $(π_0 − π_2)² + (π_1 − π_3)² = (π_0 + π_2 − π_1 − π_3)²$, and "
    "on it $β_1 − β_2 = −3(π_0 − π_2)²(π_1 − π_3)² s⁴ + O(s⁶)$, $s² = 4r²/3$. So EM keeps the simplex at all small "
    "radii if and only if three weights are equal: then they are of two values, one of them special, or, if all four "
    "are equal, exchangeable.",
    claims=(
        Claim(id="beyond-simplex-four/classification", derivation="simplex-classification", k=(4,)),
        Claim(id="beyond-simplex-four/sufficient", derivation="flat-spectrum", general=True, k=()),
    ),
    universal=False,
    instances=(
        _there(
            id="beyond-simplex-four/leading-term",
            title="$s⁴ = 16 r⁴/9$ at $r = 1/100$; the differences are 3/25 and 4/25.",
            statement="abs((posterior_power(m=1) - posterior_power(m=2)) / (-3 * (3/25)**2 * (4/25)**2 * 16/9 * "
            "radius**4) - 1) < radius",
            radius="1/100",
        ),
    ),
    hypotheses=(
        _there(
            id="beyond-simplex-four/quadric",
            title="A point of the quadric with four different weights.",
            statement="dft_modulus(m=1) == dft_modulus(m=2) == 1/5",
        ),
    ),
    controls=(
        _there(
            id="beyond-simplex-four/control-constant",
            title="2 in place of 3.",
            statement="abs((posterior_power(m=1) - posterior_power(m=2)) / (-2 * (3/25)**2 * (4/25)**2 * 16/9 * "
            "radius**4) - 1) < radius",
            radius="1/100",
        ),
        Claim(
            id="beyond-simplex-four/control-pairs",
            title="Two equal pairs are not enough.",
            statement="dft_modulus(m=1) == dft_modulus(m=2)",
            k=(4,),
            weights=("3/10", "1/5", "3/10", "1/5"),
        ),
    ),
    depends=("beyond-simplex-kept",),
)
