"""Beyond the paper, open question 4: an explicit radius of strong convexity."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")
_BOUND = "spectral_gap * exp(-radius**2) - 4 * radius**2"
_there = partial(Claim, k=(1000,), weights="one-heavy:0.99")

ENTRY = Entry(
    id="beyond-convexity-radius",
    title="$ℓ$ is strongly convex on the ball of radius $σ_{min}(A)/√10$, whatever $k$ and $d$",
    source="Beyond the paper; answers open question 4",
    quote="Proof relies on continuity of Jacobian without explicitly bounding interval where spectral gap persists",
    reading="For all orthogonal maps, weights, $k$, $d$ and $θ$: $λ_{min}(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖²$, $σ = "
    "σ_{min}(A)$; so $∇²ℓ ⪰ cσ²I$ on $‖θ‖ ≤ σ√((1 − c)/(4 + σ²))$, which for $c = 1/2$ contains $‖θ‖ ≤ σ/√10$.",
    claims=(Claim(id="beyond-convexity-radius/derivation", derivation="convexity-radius", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-convexity-radius/eigenvalue",
            statement=f"hessian_min_eigenvalue > {_BOUND}",
            k=(2, 3, 4),
            weights="linear",
            for_all={"radius": ("1/10", "1")},
        ),
        _there(
            id="beyond-convexity-radius/half",
            title="How far the bound is from the truth: the radius that keeps half of the curvature is five times as "
            "large.",
            statement="5 < strong_convexity_radius(fraction=1/2) / sqrt(spectral_gap/10) < 5.2",
        ),
        Claim(
            id="beyond-convexity-radius/loss-for-two",
            title="For two components 0.22 does in place of 4 for radii from 1/4 to 1,",
            statement="hessian_min_eigenvalue >= spectral_gap * exp(-radius**2) - 22/100 * radius**2",
            k=(2,),
            weights="one-heavy:W",
            for_all={"W": ("1/2", "99/100"), "radius": ("1/4", "1")},
        ),
    ),
    hypotheses=(
        Claim(id="beyond-convexity-radius/dft-condition", statement="spectral_gap == 7/100", weights=_WEIGHTS),
    ),
    controls=(
        _there(
            id="beyond-convexity-radius/control-no-loss",
            title="Without the loss $4‖θ‖²$: $B$ is positive, $∇²ℓ$ need not be.",
            statement="hessian_min_eigenvalue > spectral_gap * exp(-radius**2)",
            radius="2.64",
        ),
        _there(
            id="beyond-convexity-radius/control-constant",
            title="1/100 in place of 4.",
            statement="hessian_min_eigenvalue > spectral_gap * exp(-radius**2) - radius**2/100",
            radius="2.64",
        ),
        Claim(
            id="beyond-convexity-radius/control-loss-for-two",
            title="and 0.21 does not; near the origin it is $13/36 = 0.3611…$.",
            statement="hessian_min_eigenvalue >= spectral_gap * exp(-radius**2) - 21/100 * radius**2",
            k=(2,),
            weights="one-heavy:0.905",
            radius="1/4",
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-identity"),
)
