"""Next check 1: how the rate approaches the boundary."""

from emtheory.theory.claim import Claim, Entry

_INTERVAL = {"W": ("1/100", "99/100")}


def _heavy(name: str, statement: str, title: str = "") -> Claim:
    return Claim(
        id=f"next-check-1-approach/{name}",
        statement=statement,
        k=tuple(range(2, 17)),
        weights="one-heavy:W",
        for_all=_INTERVAL,
        title=title,
    )


ENTRY = Entry(
    id="next-check-1-approach",
    title="At uniform weights the factor approaches 1 at least quadratically",
    source="Next Checks, 1",
    quote="Systematically vary initialization radius and weight distributions to map boundary between exponential and "
    "sublinear convergence rates",
    reading="For every $k$ and all weights the contraction factor $1 − min |π̂_m|²$, $m ≠ 0$, is at least $1 − k/(k − "
    "1) ∑_j (π_j − 1/k)²$, with equality if and only if $|π̂_m|²$ is the same for all $m ≠ 0$. So it is with weight "
    "$W$ on one component and the rest equal, where the factor is $1 − ((kW − 1)/(k − 1))²$.",
    claims=(
        Claim(id="next-check-1-approach/mean", derivation="spectral-mean", general=True, k=()),
        Claim(id="next-check-1-approach/one-heavy", derivation="dft", general=True, k=()),
    ),
    instances=(
        Claim(
            id="next-check-1-approach/one-heavy-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="dft",
            k=(2, 3, 4, 5),
        ),
        _heavy("factor", "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2"),
        Claim(
            id="next-check-1-approach/not-flat",
            title="$∑_j (π_j − 1/4)² = 1/20$ here, and 4/3 of it is 1/15.",
            statement="spectral_gap < 1/15",
            k=(4,),
            weights=("1/10", "1/5", "3/10", "2/5"),
        ),
        Claim(
            id="next-check-1-approach/flat",
            title="$∑_j (π_j − 1/3)² = 7/150$, and three components always have a flat spectrum.",
            statement="spectral_gap == 3/2 * 7/150",
            weights=("1/2", "3/10", "1/5"),
        ),
        Claim(
            id="next-check-1-approach/near-uniform",
            title="At $k = 3$ and distance $δ = 1/60$ from $1/k$.",
            statement="contraction_factor == 1 - (3/60/2)**2",
            k=(3,),
            weights="one-heavy:7/20",
        ),
        Claim(
            id="next-check-1-approach/attained",
            title="One weight apart and the rest equal: the least $|π̂_m|²$ is the bound.",
            statement="spectral_gap == k/(k-1) * ((W - 1/k)**2 + (k-1) * ((1-W)/(k-1) - 1/k)**2)",
            k=(3, 4, 5),
            weights="one-heavy:W",
            for_all={"W": ("1/10", "9/10")},
        ),
    ),
    controls=(
        Claim(
            id="next-check-1-approach/control-mean",
            title="The mean is over the $k − 1$ frequencies $m ≠ 0$, not over $k$.",
            statement="spectral_gap <= 7/150",
            weights=("1/2", "3/10", "1/5"),
        ),
        _heavy("control-first-power", "contraction_factor == 1 - abs(k*W - 1)/(k - 1)", "Not linearly."),
        _heavy("control-scale", "contraction_factor == 1 - ((k*W - 1)/k)**2", "$k$ in place of $k − 1$."),
    ),
)
