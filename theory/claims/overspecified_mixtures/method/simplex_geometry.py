"""The iteration maintains the simplex geometry."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
_there = partial(Claim, k=(4,), weights=_WEIGHTS)

ENTRY = Entry(
    id="simplex-geometry",
    title="The iteration maintains the simplex geometry while shrinking the radius",
    source="Architecture Onboarding, critical path",
    quote="Iterative Update (maintains simplex geometry while shrinking radius)",
    reading="EM maps regular simplices to regular simplices. It multiplies the amplitude at frequency $m$ by $1 − "
    "β_m$, so this says that all $β_m$ are equal on the simplex: tested at $k = 4$, where there are two frequencies.",
    claims=(
        _there(id="simplex-geometry/origin", statement="posterior_power(m=1) == posterior_power(m=2)", radius="0"),
        _there(id="simplex-geometry/one", statement="posterior_power(m=1) == posterior_power(m=2)", radius="1"),
    ),
    expected="refuted",
    controls=(
        _there(
            id="simplex-geometry/control",
            title="The two frequencies do not differ the other way round.",
            statement="posterior_power(m=1) < posterior_power(m=2)",
            radius="0",
        ),
    ),
    correction="The simplex is kept for $k ≤ 3$, where there is one frequency ($γ̂_{k−m}$ is the conjugate of $γ̂_m$), "
    "and for weights of two values whose classes are perfect difference sets (one special component is one). In "
    "general the frequencies contract by different factors: at the origin $1 − 5/32$ and $1 − 1/16$ for these weights.",
    corrected=(
        Claim(id="simplex-geometry/two-values", derivation="flat-spectrum", general=True, k=()),
        Claim(
            id="simplex-geometry/three",
            statement="abs(posterior_power(m=1) - posterior_power(m=2)) < 1e-25",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
        _there(
            id="simplex-geometry/counterexample",
            statement="dft_modulus(m=1)**2 - 5/32 == dft_modulus(m=2)**2 - 1/16 == 0",
        ),
        Claim(
            id="simplex-geometry/one-special",
            statement="dft_modulus(m=1) == dft_modulus(m=2)",
            k=(4, 5, 8, 64),
            weights="one-heavy:3/5",
        ),
        Claim(
            id="simplex-geometry/difference-set",
            statement="dft_modulus(m=1) == dft_modulus(m=2) == dft_modulus(m=3)",
            k=(7, 11, 13),
            weights="difference-set:3/5",
        ),
        Claim(
            id="simplex-geometry/one-special-away",
            statement="abs(posterior_power(m=1) - posterior_power(m=2)) < 1e-25",
            k=(5,),
            weights="one-heavy:3/5",
            radius="1",
        ),
    ),
)
