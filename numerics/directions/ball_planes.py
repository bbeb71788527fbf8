"""The nodes of a table for one frequency: multiples of a step in its one or two directions, within a disc."""

import math
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from operator import mul

import flint
import numpy as np
import numpy.typing as npt

from emtheory.numerics.any_point.double_sums import UNIT, Floats, as_ratio
from emtheory.numerics.any_point.tensor_rule import Array


@dataclass(frozen=True, eq=False)
class Plane:
    """The nodes of one frequency: multiples |i_d| of the step in each of its directions, shape (directions, nodes).

    Below `low`, the lower end of its bucket of amplitudes, the step of z_d at amplitude ρ is h_d·low/ρ; it is 0, with
    one node, where there is no amplitude.
    """

    low: float
    steps: tuple[float, ...]
    places: npt.NDArray[np.intp]

    def masses(self, square: flint.arb) -> tuple[Floats, flint.arb]:
        """Return the masses of the nodes at ρ² = square, and by how much they are off, as a ratio."""
        total, worst = np.ones(self.places.shape[1]), flint.arb(0)
        for step, places in zip(self.steps, self.places, strict=True):
            spacing = step * self.low * square.rsqrt()
            norm, half = spacing * (2 * flint.arb.pi()).rsqrt(), spacing * spacing / -2
            exact = [norm * (half * (i * i)).exp() for i in range(int(places.max()) + 1)]
            rounded = [float(mass) for mass in exact]
            for double, mass in zip(rounded, exact, strict=True):
                worst = worst.max(abs(double / mass - 1).upper())
            total = total * np.array(rounded)[places]
        return total, len(self.steps) * (as_ratio(worst) + 2 * UNIT)


def make_plane(
    low: float, directions: Array, steps: tuple[float, ...], reach: float
) -> tuple[Plane, Floats, flint.arb]:
    """Return the nodes of one frequency within reach, the factors of e^{y_j} there, and the error of each factor."""
    k = directions.shape[1] if directions.size else 1
    places, squares, factors = np.zeros((0, 1), dtype=np.intp), np.zeros(1), np.ones((k, 1))
    worst = flint.arb(0)
    for row, step in zip(directions, steps, strict=True):
        last = math.ceil(reach / step)
        exact = [_powers((entry * step).exp(), last) for entry in row]
        rounded = np.array([[float(ball) for ball in balls] for balls in exact])
        for double, ball in zip(rounded.ravel().tolist(), chain.from_iterable(exact), strict=True):
            worst = worst.max(abs(double / ball - 1).upper())
        own = np.abs(np.arange(-last, last + 1))
        squares = np.add.outer(squares, (own * step) ** 2).ravel()
        places = np.concatenate([np.repeat(places, len(own), axis=1), np.tile(own, places.shape[1])[np.newaxis]])
        factors = (factors[:, :, np.newaxis] * rounded[:, np.newaxis]).reshape(len(rounded), -1)
    # A little more than the disc, so that rounding of the squares leaves nothing inside it out.
    inside = squares <= reach**2 * (1 + 1e-9)
    return Plane(low, steps, places[:, inside]), factors[:, inside], as_ratio(worst)


def _powers(base: flint.arb, last: int) -> list[flint.arb]:
    """Powers of a positive ball with the exponents −last..last."""
    upwards = list(accumulate(repeat(base, last), mul))
    return [*(1 / power for power in reversed(upwards)), flint.arb(1), *upwards]
