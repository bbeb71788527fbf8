"""Data as EM with tied means sees them: each point turned back by every map of the orbit, within the simplex's span.

On the complement of the span all maps are the identity. So the posteriors do not see the complement, one step of EM
takes θ there to the mean of the data, and what is left is a problem in s = k − 1 dimensions: log π_j + ⟨U_jᵀx, θ⟩ −
½‖θ‖² is what log densities have that depends on j or θ, so that the complete information is I, whatever the data.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Exact, exact_integer
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family, Masses, Point, identity
from emtheory.numerics.fit_certificates.statistics import BITS
from emtheory.numerics.samples.data_files import checked_columns, read_data, require_rows
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.sample_em import Sample, make_sample

MAX_COMPONENTS = 9
"""Components, that is 8 dimensions of the span: rounding of the matrices of moments is bounded for no more."""
LARGEST_NORM = 2.0**30
"""Of a point: for longer ones rounding leaves nothing of the exponents, and underflow would have to be thought of."""
MAX_NUMBERS = 2**27
"""Coordinates of turned points, which are kept: a gigabyte."""

TURN_ERROR = 9 * UNIT
"""ε of section 14 of docs/error-bounds.md: two products a coordinate, of entries that are off by 2u at most."""
_POWERS = 6
"""Powers of norms whose means errors are made of: up to one more than the order of the moments."""
_BITS = 128
"""Precision in which maps and logarithms of weights are known before they are rounded to doubles."""
_BLOCK = 2**14
"""Coordinates of a block, all components together: it stays in the cache with what is made of it, and arrays of 128 KiB
come from memory that the process has; with larger ones half the time went into pages from the system."""
_FEWEST = 256
"""Points of a block, at least: with fewer, starting the operations would count."""


@dataclass(frozen=True, eq=False)
class Points:
    """The turned points y_ij = U_jᵀ x_i, rounded; ‖ŷ_ij − y_ij‖ ≤ `TURN_ERROR` ‖x_i‖.

    Blocks have the shape s × k × B: coordinates, components, points. Norms and diameters, one array of length B a
    block, are upper bounds of ‖x_i‖ within the span and of max_{j,l} ‖y_ij − y_il‖, powers of the means of ‖x_i‖^p, p =
    0..5; log π_j is rounded to nearest; `rows`: the data, n × d; `share`: who does the work.
    """

    blocks: tuple[FloatArray, ...]
    norms: tuple[FloatArray, ...]
    diameters: tuple[FloatArray, ...]
    log_weights: FloatArray
    powers: tuple[float, ...]
    case: Case
    rows: FloatArray
    complement: "Complement"
    share: Workers

    @property
    def k(self) -> int:
        """Number of components."""
        return self.case.k

    @property
    def span(self) -> int:
        """s = k − 1, the dimension of the simplex's span."""
        return self.case.k - 1

    @cached_property
    def n(self) -> int:
        """Number of points."""
        return sum(len(norms) for norms in self.norms)

    @cached_property
    def largest_norm(self) -> float:
        """An upper bound of ‖x_i‖ within the span."""
        return max(float(norms.max()) for norms in self.norms)


def make_points(case: Case, sample: Sample) -> Points:
    """Turn checked data, for one thread.

    CannotAnswerError for more than 9 components, more numbers than can be kept, or points of norms beyond 2^30.
    """
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(
            f"data are certified for at most {MAX_COMPONENTS} components, and k = {case.k}: the rounding of moments of "
            f"the fourth order is bounded in up to {MAX_COMPONENTS - 1} dimensions only"
        )
    if sample.n * case.k * (case.k - 1) > MAX_NUMBERS:
        raise CannotAnswerError(
            f"data are certified up to n k (k − 1) = {MAX_NUMBERS}: {MAX_NUMBERS // (case.k * (case.k - 1))} rows here"
        )
    if sample.largest_norm > LARGEST_NORM:
        raise CannotAnswerError(
            f"the data have a row of norm {sample.largest_norm:.3g}: they are certified up to {LARGEST_NORM:.1e}"
        )
    size = max(_FEWEST, _BLOCK // (case.k * (case.k - 1)))
    turns = turned_maps(case.k)
    blocks, norms, diameters = [], [], []
    for first in range(0, sample.n, size):
        x = np.asarray(sample.points[first : first + size, : case.k - 1], dtype=np.float64).T.copy()
        block = np.stack([np.dot(turn, x) for turn in turns], axis=1)
        norm = np.sqrt(np.square(x).sum(axis=0)) * SLACK + TINY
        blocks.append(block)
        norms.append(norm)
        squares = [np.square(block[:, :j] - block[:, j : j + 1]).sum(axis=0).max(axis=0) for j in range(1, case.k)]
        diameters.append(np.sqrt(np.max(squares, axis=0)) * SLACK + 2.0**-40 * norm + TINY)
    powers = (sum(float((norm**p).sum()) for norm in norms) / sample.n * SLACK + TINY for p in range(_POWERS))
    with arb_precision(_BITS):
        logs = np.array([float(to_arb(weight).log().mid()) for weight in case.weights])
    beyond, arrays = make_complement(case, sample), (tuple(blocks), tuple(norms), tuple(diameters))
    return Points(*arrays, logs, tuple(powers), case, sample.points, beyond, alone)


def exact_turns(k: int) -> list[flint.arb_mat]:
    """Return the inverses of R^j, j = 0..k−1, on the span of the simplex: of each plane, and of a line if k is even."""
    turns = []
    for j in range(k):
        turn = flint.arb_mat(k - 1, k - 1)
        for first in range(0, k - 1, 2):
            angle = flint.fmpq(j * (first + 2), k)
            turn[first, first] = cosine = flint.arb.cos_pi_fmpq(angle)
            if first + 1 < k - 1:
                sine = flint.arb.sin_pi_fmpq(angle)
                turn[first + 1, first + 1], turn[first, first + 1], turn[first + 1, first] = cosine, sine, -sine
        turns.append(turn)
    return turns


def turned_maps(k: int) -> list[FloatArray]:
    """Return the same in entries off by at most 2u."""
    with arb_precision(_BITS):
        return [np.array([[float(x.mid()) for x in row] for row in turn.tolist()]) for turn in exact_turns(k)]


@dataclass(frozen=True, eq=False)
class Complement:
    """Means over the data that posteriors have no part in.

    `mean`: in the complement of the simplex's span, where one step of EM takes θ to it, of length d − k + 1; `norm`: an
    upper bound of its norm; `origin_image`: one of ‖M_n(0)‖ in the span; `base`: of what log p_θ has beside the
    posteriors.
    """

    mean: list[flint.arb]
    norm: float
    origin_image: float
    base: flint.arb


def make_complement(case: Case, sample: Sample) -> Complement:
    """Return these means."""
    x, (n, d) = np.asarray(sample.points, dtype=np.float64), sample.points.shape
    sums = [math.fsum(column.tolist()) for column in x.T]
    squares = math.fsum(np.einsum("ij,ij->i", x, x).tolist())
    with arb_precision(BITS):
        mean = [flint.arb(total, abs(total) * 2 * UNIT + TINY) / n for total in sums]
        square = flint.arb(squares, squares * rounding_factor(d + 4) + TINY) / n
        span, beyond = mean[: case.k - 1], mean[case.k - 1 :]
        column = flint.arb_mat([[x] for x in span])
        images = zip(case.weights, exact_turns(case.k), strict=True)
        image = sum((turn * column * to_fmpq(weight) for weight, turn in images), 0 * column).entries()
        moved = sum((y * y for y in beyond), flint.arb(0))
        base = (moved - square - d * (2 * flint.arb.pi()).log()) / 2
        return Complement(beyond, _norm_above(beyond), _norm_above(image), base)


def _norm_above(vector: list[flint.arb]) -> float:
    return float(sum((abs(x).upper() ** 2 for x in vector), flint.arb(0)).sqrt().upper()) * SLACK


def load(path: Path, k: int, weights: str | Sequence[Exact], d: int | None) -> tuple[Case, Sample]:
    """Return the mixture and the checked data, in double precision; InputError if they do not fit, or are malformed.

    `path`: a .npy, .csv or .parquet file of n × d numbers, no fewer rows than d + 1. `k`, `weights`, `d`: the mixture;
    d is the number of columns, or None.
    """
    data = read_data(path, exact=True)
    case = make_case(k, weights, checked_columns(str(path), data, exact_integer(k, "k"), d))
    require_rows(len(data), case.d, case.d + 1)
    return case, make_sample(data, case.d)


@dataclass(frozen=True, eq=False)
class Simplex(Family):
    """Tied means with θ in the span, of s = k − 1 dimensions; observations may have more."""

    case: Case
    theta: FloatArray

    @property
    def shape(self) -> tuple[int, int]:
        """Components, and features: 1 and the coordinates of the turned point."""
        return self.case.k, self.case.k

    @property
    def centre(self) -> list[flint.arb]:
        """θ."""
        return list(map(flint.arb, self.theta.tolist()))

    @cached_property
    def _turns(self) -> FloatArray:
        return np.stack(turned_maps(self.case.k))

    def features(self, rows: FloatArray) -> BallArray:
        """Return 1 and the turned points."""
        x = rows[:, : len(self.theta)].T
        one, turned = np.ones((self.case.k, 1, len(rows))), self._turns @ x
        lost = TURN_ERROR * np.sqrt(np.square(x).sum(axis=0)) * SLACK + TINY
        return BallArray(np.concatenate([one, turned], axis=1), np.concatenate([0 * one, 0 * turned + lost], axis=1))

    def coefficients(self, at: Point) -> list[flint.arb]:
        """Return log π_j − ½‖θ‖², and θ."""
        half = sum((x * x for x in at), flint.arb(0)) / 2
        logs = [to_arb(weight).log() for weight in self.case.weights]
        return [each for log in logs for each in (log - half, *at)]

    def slopes(self, at: Point) -> flint.arb_mat:
        """Return ∂c/∂θ."""
        return flint.arb_mat([[-x for x in at], *identity(len(at)).tolist()] * self.case.k)

    def curvature(self, at: Point, means: Sequence[flint.arb]) -> flint.arb_mat:
        """Return −I, as posteriors sum to 1."""
        return -identity(len(at))

    def least_curvature(self, masses: Masses, box: Point) -> flint.arb:
        """Return 1."""
        return flint.arb(1)

    def named(self, at: Point) -> dict[str, list[flint.arb]]:
        """Return θ."""
        return {"theta": list(at)}

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return its length."""
        return {"theta": self.theta.shape}

    def family(self) -> "Simplex":
        """Return itself."""
        return self

    def em_step(self, rows: FloatArray) -> "Simplex":
        """Return M_n(θ), rounded."""
        turned = self._turns @ rows[:, : len(self.theta)].T
        logs = np.log([[float(weight)] for weight in self.case.weights]) + np.einsum("s,ksn->kn", self.theta, turned)
        posteriors = np.exp(logs - logs.max(axis=0))
        posteriors /= posteriors.sum(axis=0)
        return replace(self, theta=np.einsum("ksn,kn->s", turned, posteriors) / len(rows))

    def moved(self, family: Family, change: FloatArray) -> "Simplex":
        """Return it with θ elsewhere."""
        return replace(self, theta=np.array([float(x.mid()) for x in family.centre]) + change)

    def check(self, rows: FloatArray) -> None:
        """Do nothing: tied means do not collapse."""

    def distance(self, other: "Simplex") -> float:
        """Return ‖θ − θ'‖: the deviation of components is 1."""
        return float(np.sqrt(np.square(self.theta - other.theta).sum()))
