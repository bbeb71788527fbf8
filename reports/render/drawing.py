"""What figures show, as data, and what they are drawn as."""

from collections.abc import Mapping
from dataclasses import dataclass

from emtheory.numerics.samples.simplex import FloatArray


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, its data as CSV, and what it shows, in the notation of prose."""

    svg: str
    csv: str
    caption: str


@dataclass(frozen=True, eq=False)
class Decay:
    """KL along population EM beside its predicted decay.

    `label`: which weights; `kl`, `predicted`: KL(N(0, I) ‖ p_{θ_t}) in nats, and the prediction, for t = 0, 1, …; nan
    where there is no prediction.
    """

    label: str
    kl: FloatArray
    predicted: FloatArray


@dataclass(frozen=True, eq=False)
class Profile:
    """Quantities along the simplex ray: the radii, and each quantity's values there in double precision."""

    label: str
    radii: FloatArray
    values: Mapping[str, FloatArray]
