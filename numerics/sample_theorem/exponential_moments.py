"""Certified values of E exp⟨h, m_g(X)⟩ for X ~ N(0, I) in up to three dimensions: a product rule in double precision.

m_g(x) = Σ_j γ_j(x; g) U_jᵀx is what a point x adds to an EM step from g. The errors of the rule, of the nodes left out
and of all rounding are bounded in docs/error-bounds.md, section 16.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import flint
import numpy as np

from emtheory.numerics.any_point.ball_tensor import TensorRule
from emtheory.numerics.any_point.double_sums import UNIT, Floats, depth, pairwise_sum
from emtheory.numerics.arithmetic.rounding import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.trapezoid import widest_step
from emtheory.numerics.weights import Weights

_EXPONENTIAL = 1.01 * EXPONENTIAL_ERROR
"""By how much, as a ratio, an exponential is off."""
_PRODUCT = 15 * UNIT
"""By how much ⟨x, U_jg⟩ is off, relative to ‖x‖‖g‖: entries of U_j and of g, a product of them, and one with x."""
_GRAIN = 1024
"""Steps are multiples of 1/1024, so that nodes are doubles without rounding."""
_RIGHT_ANGLE = 1.5
"""Below π/2: the largest half-range of the phases of e^{y_j} in the strip."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The nodes of a rule for one g.

    `rule`: steps, strips and reach; `mass`: e^{−‖x‖²/2} at the nodes; `maps`: the U_j, shape (k, D, D); `points`,
    `posteriors`: the nodes x, shape (D, nodes), and γ_j there, shape (k, nodes); `error`: by how much a posterior is
    off, as a ratio; and a mass.
    """

    rule: TensorRule
    mass: Floats
    maps: Floats
    points: Floats
    posteriors: Floats
    error: tuple[float, float]

    def values(self, directions: Floats) -> Floats:
        """Return ⟨h, m_g⟩ at the nodes, for the h that are the rows of an array."""
        turned = np.einsum("jab,hb->jha", self.maps, directions)
        total = np.zeros((len(directions), self.points.shape[1]))
        for posterior, rows in zip(self.posteriors, turned, strict=True):
            total += posterior * (rows @ self.points)
        return total

    def enclosures(self, directions: Floats) -> list[flint.arb]:
        """Return balls around E e^{⟨h, m_g⟩}, where the true h may be off by 4u‖h‖ from the doubles given."""
        sizes = np.linalg.norm(directions, axis=1) * (1 + 1e-12)
        powers = exponential(self.values(directions))
        k, nodes = self.posteriors.shape
        reach = math.sqrt(float((self.points**2).sum(axis=0).max())) * (1 + 1e-12)
        posterior, mass = self.error
        rounding = depth(nodes) * UNIT * 1.01 + mass + _EXPONENTIAL + 2 * UNIT
        result = []
        for size, total in zip(sizes, pairwise_sum((powers * self.mass).T).tolist(), strict=True):
            linear = size * reach * (math.expm1(posterior) + _PRODUCT + (k + 6) * UNIT) * 1.01
            steps = math.prod((flint.arb(step) for step in self.rule.steps), start=flint.arb(1))
            scale = steps / (2 * flint.arb.pi()) ** (flint.arb(len(self.rule.steps)) / 2)
            off_by = flint.arb(0, (rounding + linear) * 1.01)
            result.append(scale * total * off_by.exp() + self._left_out(flint.arb(size)))
        return result

    def _left_out(self, size: flint.arb) -> flint.arb:
        """A ball around 0 with the errors of the rule and of the nodes beyond the reach."""
        rule, dimension = self.rule, len(self.rule.steps)
        reach = flint.arb(rule.reach)
        if not reach * reach - dimension >= size * reach:
            return flint.arb.nan()
        edges = []
        for row, strip in zip(rule.directions, rule.strips, strict=True):
            # Half of what the entries are apart, with what rounding may have added.
            half = float(row.max() - row.min()) / 2 + 1e-12 * float(np.abs(row).max())
            growth = size / (flint.arb(half) * flint.arb(strip)).cos()
            edges.append((2 * (growth * growth / 2).exp()) ** dimension * (growth * strip).exp())
        error = rule.discretisation(edges) + (size * reach).exp() * rule.tail()
        return error.union(-error)


@lru_cache(maxsize=8)
def frequency_maps(k: int) -> Floats:
    """Return the U_j = R^j in coordinates of the frequencies, cos and sin of m = 1, 2, …, shape (k, k − 1, k − 1)."""
    result = np.zeros((k, k - 1, k - 1))
    for j in range(k):
        for m in range(1, k // 2 + 1):
            sine, cosine = (float(part.mid()) for part in flint.arb.sin_cos_pi_fmpq(flint.fmpq(2 * j * m, k)))
            at = 2 * m - 2
            if 2 * m == k:
                result[j, at, at] = cosine
            else:
                result[j, at : at + 2, at : at + 2] = [[cosine, -sine], [sine, cosine]]
    return result


def plan_moments(weights: Weights, point: Floats, size: float, accuracy: float) -> Moments:
    """Choose nodes for one g and find the posteriors there."""
    k, dimension = len(weights), len(point)
    maps = frequency_maps(k)
    images = maps @ point  # U_jg, shape (k, D)
    square = 2 * accuracy + dimension
    for _ in range(8):
        square = 2 * accuracy + dimension * (1 + math.log(square / dimension)) + 2 * size * math.sqrt(square)
    reach = math.sqrt(square)
    steps, strips = [], []
    for row in images.T:
        half = max(float(row.max() - row.min()) / 2, 1e-3)

        def loss(a: Floats, half: float = half) -> Floats:
            growth = size / np.cos(half * a)
            found: Floats = a**2 / 2 + growth * a + dimension * (math.log(2) + growth**2 / 2)
            return found

        step, strip, _ = widest_step(accuracy, loss, min(_RIGHT_ANGLE / half, math.sqrt(2 * accuracy)))
        steps.append(math.floor(step * _GRAIN) / _GRAIN)
        strips.append(strip)
    axes = [step * np.arange(-(last := math.ceil(reach / step)), last + 1) for step in steps]
    grid = np.stack(np.meshgrid(*axes, indexing="ij")).reshape(dimension, -1)
    squares = (grid**2).sum(axis=0)
    inside = squares <= reach**2 * (1 + 1e-9)  # a little more than the ball, so that rounding leaves nothing out
    points, squares = grid[:, inside], squares[inside]
    mass, joint = exponential(-squares / 2), exponential(images @ points)
    joint *= np.array([float(weight) for weight in weights])[:, np.newaxis]
    joint /= joint.sum(axis=0)
    longest = math.sqrt(float(squares.max()))
    # An exponent is off absolutely, its exponential by as much as a ratio; the sum and the quotient add to that.
    linear = _PRODUCT * float(np.linalg.norm(point)) * longest
    errors = 2 * (_EXPONENTIAL + linear + 2 * UNIT) + (k + 1) * UNIT, _EXPONENTIAL + 5 * UNIT * float(squares.max())
    return Moments(TensorRule(images.T, tuple(steps), tuple(strips), reach, True), mass, maps, points, joint, errors)
