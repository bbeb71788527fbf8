"""Beyond the paper: convexity along the whole simplex ray for three components."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")
_CASES: dict[str, str | tuple[str, ...]] = {
    "linear": "linear",
    "mixed": _WEIGHTS,
    "heavy": "one-heavy:9/10",
    "light": "one-heavy:1/10",
    "nearly-uniform": ("17/50", "33/100", "33/100"),
}

ENTRY = Entry(
    id="beyond-convexity-three",
    title="Three components: for five choices of weights the Hessian is positive definite along the whole simplex ray",
    source="Beyond the paper; sharpens Lemma 5",
    quote="[Lemma 5] establishes strong convexity",
    reading=(
        "$k = 3$: $λ_{min}(∇²ℓ) > 0$ at every radius of the simplex for linear weights, for 1/2, 3/10 and 1/5, for "
        "9/10 or 1/10 on one component, and for 17/50 on one. That it is so for all weights that are not uniform is "
        "a conjecture, and not judged."
    ),
    group="Beyond the paper",
    claims=(
        *(
            Claim(
                id=f"beyond-convexity-three/{name}",
                statement="strong_convexity_radius > exp(exp(k))",
                weights=weights,
            )
            for name, weights in _CASES.items()
        ),
        Claim(
            id="beyond-convexity-three/near",
            title="For these weights the smallest eigenvalue is above its value at the origin.",
            statement="hessian_min_eigenvalue > spectral_gap",
            weights=_WEIGHTS,
            for_all={"radius": ("1/4", "6")},
        ),
    ),
    universal=False,
    hypotheses=(Claim(id="beyond-convexity-three/dft-condition", statement="spectral_gap == 7/100", weights=_WEIGHTS),),
    controls=(
        Claim(
            id="beyond-convexity-three/control-uniform",
            title="For uniform weights it fails at the origin.",
            statement="hessian_min_eigenvalue > 0",
            radius="0",
            expect="refuted",
        ),
        Claim(
            id="beyond-convexity-three/control-many",
            title="For many components the radius is finite.",
            statement="hessian_min_eigenvalue > 0",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="2.64",
            expect="refuted",
        ),
    ),
)
