"""Beyond the paper: a tempting sharpening of the bound that is false."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(100,), weights="one-heavy:1/2", radius="1")

ENTRY = Entry(
    id="beyond-worst-at-origin",
    title="EM contracts nowhere slower than at the origin",
    source="Beyond the paper; a natural conjecture from the local rate",
    quote="Proof relies on continuity of Jacobian without explicitly bounding interval where spectral gap persists",
    reading=(
        "$β_m(θ) ≥ |π̂_m|²$ for every $θ$, as trials with few balanced weights suggest: the local rate would be global."
    ),
    claims=(
        Claim(
            id="beyond-worst-at-origin/balanced",
            title="It holds for these weights,",
            statement="posterior_power(m=1) >= spectral_gap",
            weights=("1/2", "3/10", "1/5"),
            for_all={"radius": ("1/10", "5")},
        ),
        _there(
            id="beyond-worst-at-origin/many",
            title="but not for half of the weight on one of a hundred components.",
            statement="posterior_power(m=1) >= spectral_gap",
        ),
    ),
    expected="refuted",
    controls=(
        _there(
            id="beyond-worst-at-origin/control",
            title="The loss there is not a factor of four.",
            statement="posterior_power(m=1) < spectral_gap / 4",
        ),
    ),
    correction="$β_m(θ) ≥ e^{−‖θ‖²}|π̂_m|²$ for every $θ$. Some loss away from the origin is real: at radius 1, with "
    "half of the weight on one of a hundred components, $β$ is between $e^{−1}|π̂_m|²$ and $|π̂_m|²$.",
    corrected=(
        Claim(id="beyond-worst-at-origin/bound", derivation="contraction-bound", general=True, k=()),
        _there(
            id="beyond-worst-at-origin/two-sided",
            statement="exp(-1) * spectral_gap < posterior_power(m=1) < spectral_gap",
        ),
    ),
)
