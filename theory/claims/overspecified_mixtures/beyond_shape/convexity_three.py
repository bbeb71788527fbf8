"""Beyond the paper: convexity everywhere for three components."""

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
    title="For three components the Hessian is positive definite everywhere, save at 0 for uniform weights",
    source="Beyond the paper; sharpens Lemma 5",
    quote="[Lemma 5] establishes strong convexity",
    reading="$k = 3$, any $d$: for all weights $∇²ℓ(θ)$ is positive definite unless the part of $θ$ in the plane of "
    "the simplex is 0 and the weights are uniform. So $ℓ$ is strictly convex for all weights, uniform ones too; what "
    "these lack is strong convexity near 0. For more components it is not judged here.",
    claims=(
        Claim(id="beyond-convexity-three/positive", derivation="convexity-three", k=(3,)),
        Claim(
            id="beyond-convexity-three/secant",
            title="with this bound on the hyperbolic secant.",
            derivation="secant-bound",
            general=True,
            k=(),
        ),
    ),
    universal=False,
    instances=(
        *(
            Claim(
                id=f"beyond-convexity-three/{name}", statement="strong_convexity_radius > exp(exp(k))", weights=weights
            )
            for name, weights in _CASES.items()
        ),
        Claim(
            id="beyond-convexity-three/uniform",
            title="Uniform weights, away from 0.",
            statement="hessian_min_eigenvalue > 0",
            for_all={"radius": ("1/10", "inf")},
        ),
        Claim(
            id="beyond-convexity-three/secant-constant",
            title="The constant of the bound on the secant: 0.0111 does in place of 1/75,",
            statement="4 / (exp(radius/2) + exp(-radius/2))**2 < exp(-radius**2/6) + 111/10000",
            for_all={"radius": ("0", "inf")},
        ),
        Claim(
            id="beyond-convexity-three/radius-one",
            title="The second derivative along $θ$ at radius 1 for these weights, the smaller eigenvalue, where the "
            "proof has more than 1/200.",
            statement="53366/100000 < hessian_min_eigenvalue < 53367/100000",
            weights=("177/200", "23/400", "23/400"),
            radius="1",
        ),
    ),
    controls=(
        Claim(
            id="beyond-convexity-three/control-uniform",
            title="For uniform weights it fails at the origin.",
            statement="hessian_min_eigenvalue > 0",
            radius="0",
        ),
        Claim(
            id="beyond-convexity-three/control-many",
            title="For many components it is false.",
            statement="hessian_min_eigenvalue > 0",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="2.64",
        ),
        Claim(
            id="beyond-convexity-three/control-secant",
            title="and 0.011 is too little.",
            statement="4 / (exp(radius/2) + exp(-radius/2))**2 < exp(-radius**2/6) + 11/1000",
            radius="5",
        ),
    ),
)
