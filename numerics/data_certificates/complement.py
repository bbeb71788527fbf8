"""The complement of the simplex's span, where one step of EM takes θ to the mean of the data."""

import math
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, rounding_factor
from emtheory.numerics.samples.sample_em import Sample
from emtheory.numerics.samples.simplex import FloatArray


@dataclass(frozen=True, eq=False)
class Complement:
    """What the data are beyond the posteriors, each number with an upper bound of its error.

    It is their mean in the complement of the span, of length d − k + 1, and (1/n) Σ ‖x_i‖² in all d dimensions.
    """

    mean: FloatArray
    error: FloatArray
    mean_square: float
    mean_square_error: float

    @property
    def norm_above(self) -> float:
        """An upper bound of the mean's norm."""
        return float(np.sqrt(np.square(np.abs(self.mean) + self.error).sum())) * SLACK if len(self.mean) else 0.0


def make_complement(sample: Sample, span: int) -> Complement:
    """Return the means that EM needs besides the posteriors; sums are exact, and rounded once."""
    x, (n, d) = np.asarray(sample.points, dtype=np.float64), sample.points.shape
    sums = [math.fsum(column.tolist()) for column in x.T[span:]]
    squares = math.fsum(np.einsum("ij,ij->i", x, x).tolist())
    mean, square = np.array(sums) / n, squares / n
    return Complement(mean, np.abs(mean) * 4 * UNIT + TINY, square, square * rounding_factor(d + 4) + TINY)
