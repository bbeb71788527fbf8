"""Gaussian expectations at any point, in ball arithmetic: the trapezoidal rule in every direction of the exponents.

The exponents y_j = ⟨X, R^jθ⟩ are centred Gaussians with covariance Σ_m ρ_m² cos(2πm(i − j)/k), so y_j = ⟨w_j, Z⟩ with
one or two independent normals Z_d for each frequency that has ρ_m > 0. The proof of the error is in
docs/error-bounds.md, section 11. Cost grows with the number of directions: up to four or five are practical.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import flint
import numpy as np

from emtheory.numerics.any_point.tensor_rule import Array, Axis, ball_size
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.arithmetic.trapezoid import discretisation_error, widest_step
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.ball_inner import RIGHT_ANGLE
from emtheory.numerics.weights import Weights

MAX_BALLS, MAX_DOUBLES = 6.6, 8.6
"""Decimal logarithms of the largest lattices: half a minute for moments."""

DOUBLE_ACCURACY = 36.0
"""Accuracy up to which doubles are tried first; their rounding errors are about e^{−31}."""

LARGEST_EXPONENT = 600.0
"""What e^{|y_j|}/π_j may reach, as a logarithm, so that doubles neither overflow nor lose their smallest terms."""

_RIGHT_ANGLE = 1.55
"""Below π/2: the largest half-range of the phases of e^{y_j} in the strip."""


@dataclass(frozen=True, eq=False)
class TensorRule:
    """Nodes z_d ∈ step_d·Z with |z| ≤ reach, and the strips |Im z_d| < strip_d used for their error.

    The directions are w_{jd} as balls, shape (directions, k); steps and strips are binary floats, so exact in Arb;
    `double` says whether sums may be taken in double precision.
    """

    directions: Array
    steps: tuple[float, ...]
    strips: tuple[float, ...]
    reach: float
    double: bool

    def tail(self) -> flint.arb:
        """Bound Σ h^n φ(z) over the nodes beyond R = `reach`, in n directions.

        There 1 ≤ e^{b(|z|² − R²)/2}, and the sum of φ(x)e^{bx²/2} with step h is at most (1 − b)^{−1/2} + h/2, as a
        sum over a unimodal function exceeds its integral by at most the step times its maximum. b = 1 − n/R², where
        R² ≥ n + 1; with a smaller R nothing is known.
        """
        n, square = len(self.steps), flint.arb(self.reach) ** 2
        if not square >= n + 1:
            return flint.arb.pos_inf()
        return ((n - square) / 2).exp() * (square / n) ** (flint.arb(n) / 2) * self._excess()

    def discretisation(self, edges: Sequence[flint.arb]) -> flint.arb:
        """Bound the discretisation error if |G| on the strip of direction d is at most edges[d] (or grows so).

        One direction after another: the rule in those before, the integral over those after.
        """
        total = flint.arb(0)
        for edge, strip, step in zip(edges, self.strips, self.steps, strict=True):
            width = flint.arb(strip)
            total += discretisation_error((width * width / 2).exp() * edge, strip, flint.arb(step))
        return total * self._excess()

    def moment_error(self, degree: int) -> flint.arb:
        """Bound the error of E p(γ) for a polynomial p of this degree that is at most 1 on all posteriors."""
        edges = [cosine**-degree for cosine in self._cosines()]
        return self.discretisation(edges) + self.tail()

    def logarithm_error(self) -> flint.arb:
        """Bound the error of E log Σ_j π_j e^{y_j}.

        On the strip of direction d, |log S| ≤ Σ_i W_i|Re z_i| + W_d·strip_d − log cos, W_i = max_j |w_{ji}|, and the
        rule or the integral makes at most 1 + h/2 of φ and of |x|φ. Beyond R, |log S| ≤ Σ_i W_i|z| and
        |z| ≤ R e^{(|z|² − R²)/(2R²)}, so the bound of `tail` holds with R Σ_i W_i in front: its b is then used up by
        b − 1/R² ≥ 0 and 1/R².
        """
        widths = [_largest(np.abs(row)) for row in self.directions]
        total = sum(widths, start=flint.arb(0))
        edges = [
            total + width * strip - cosine.log()
            for width, strip, cosine in zip(widths, self.strips, self._cosines(), strict=True)
        ]
        return self.discretisation(edges) + self.reach * total * self.tail()

    def _cosines(self) -> list[flint.arb]:
        """Cosine of half the range of the phases on the edge of each strip."""
        halves = [_range(row) * strip / 2 for row, strip in zip(self.directions, self.strips, strict=True)]
        return [half.cos() if half < RIGHT_ANGLE else flint.arb(0) for half in halves]

    def _excess(self) -> flint.arb:
        """Π (1 + h_d/2): what the rule in a direction may make of a Gaussian, or of |x| times it."""
        result = flint.arb(1)
        for step in self.steps:
            result *= 1 + flint.arb(step) / 2
        return result


def plan_tensor(amplitudes: Sequence[flint.arb], weights: Weights, accuracy: float, degree: int) -> TensorRule:
    """Choose steps and reach for moments of a degree, 0 for the logarithm; CannotAnswerError if there is no room."""
    directions = fourier_directions(amplitudes, len(weights))
    rule = tensor_rule(directions, weights, accuracy, degree)
    if _too_large(rule):
        reached = accuracy
        while reached > 1 and _too_large(tensor_rule(directions, weights, reached, degree)):
            reached *= 0.98
        raise CannotAnswerError(
            f"a product rule in {len(directions)} dimensions with an error of {_power_of_ten(accuracy)} would need "
            f"about 10 to the power {ball_size(rule.steps, rule.reach):.1f} nodes; "
            + (f"it reaches {_power_of_ten(reached)} here" if reached > 1 else "that many dimensions are out of reach")
        )
    return rule


def tensor_rule(directions: Array, weights: Weights, accuracy: float, degree: int) -> TensorRule:
    """Do the same for directions w_jd from `fourier_directions`, however large the lattice."""
    n = len(directions)
    total = sum(float(_largest(np.abs(row))) for row in directions)
    # The constants in front of the exponentials in `discretisation` and `tail`.
    aim = accuracy + math.log(4 * n) + (math.log1p(total) if degree == 0 else 0.0)
    widest = [_widest_step(float(_range(row)) / 2, aim, degree) for row in directions]
    square = 2 * aim + n
    for _ in range(3):
        square = 2 * aim + n * (1 + math.log(square / n)) + (math.log(square) if degree == 0 else 0.0)
    reach = math.sqrt(square)
    double = accuracy <= DOUBLE_ACCURACY and reach * total - log_of(min(weights)) < LARGEST_EXPONENT
    return TensorRule(directions, tuple(step for step, _ in widest), tuple(strip for _, strip in widest), reach, double)


def _too_large(rule: TensorRule) -> bool:
    return ball_size(rule.steps, rule.reach) > (MAX_DOUBLES if rule.double else MAX_BALLS)


def _power_of_ten(accuracy: float) -> str:
    return f"1e-{accuracy / math.log(10):.0f}"


def fourier_directions(amplitudes: Sequence[flint.arb], k: int) -> Array:
    """Return w_{jd}, shape (directions, k): ρ_m sin and ρ_m cos of (2j + 1)πm/k where they are not zero.

    Any phase would do, as only the Gram matrix counts; this one makes the ranges of the rows small for even k.
    """
    rows = []
    for m, amplitude in enumerate(amplitudes, start=1):
        if not amplitude.is_zero():
            pairs = [flint.arb.sin_cos_pi_fmpq(flint.fmpq((2 * j + 1) * m, k)) for j in range(k)]
            rows += [[amplitude * pair[part] for pair in pairs] for part in (range(1) if 2 * m == k else range(2))]
    return np.array(rows, dtype=object)


def tensor_axes(rule: TensorRule, weights: Weights) -> list[Axis]:
    """Return one axis of balls for each direction; the weights π_j are among the factors of the first."""
    axes = [_axis(row, step, rule.reach) for row, step in zip(rule.directions, rule.steps, strict=True)]
    prior = np.array([to_arb(weight) for weight in weights], dtype=object)
    first = axes[0]
    return [Axis(first.squares, first.mass, prior[:, np.newaxis] * first.factors), *axes[1:]]


def _axis(row: Array, step: float, reach: float) -> Axis:
    last = math.ceil(reach / step)
    nodes = [flint.arb(step) * i for i in sorted(range(-last, last + 1), key=abs)]
    norm = step * (2 * flint.arb.pi()).rsqrt()
    mass = np.array([norm * (-node * node / 2).exp() for node in nodes], dtype=object)
    factors = np.array([[(entry * node).exp() for node in nodes] for entry in row], dtype=object)
    return Axis(np.array([float(node) ** 2 for node in nodes]), mass, factors)


def _widest_step(half_range: float, accuracy: float, degree: int) -> tuple[float, float]:
    angle = min(_RIGHT_ANGLE / half_range, math.sqrt(2 * accuracy))
    step, strip, _ = widest_step(accuracy, lambda a: a**2 / 2 - degree * np.log(np.cos(half_range * a)), angle)
    return step, strip


def _range(row: Array) -> flint.arb:
    return _largest(row) + _largest(-row)


def _largest(values: Array) -> flint.arb:
    result: flint.arb = reduce(flint.arb.max, values)
    return result
