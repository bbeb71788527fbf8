"""The trapezoidal rule on a line for a standard normal law, cut half a step beyond the last node, with proved errors.

Let f be analytic for |Re z| ≤ Z, |Im z| ≤ a, with nodes nh, |n| ≤ N, and Z = (N + ½)h. The kernel 1/(e^{2πiz/h} − 1)
has the residue h/2πi at each node, is at most 1/(e^{2πa/h} − 1) in modulus on the horizontal sides (less 1 on the upper
one, which gives the integral) and 1/(1 + e^{2π|y|/h}) on the vertical ones, so that |h Σ f(nh) − ∫_{−Z}^{Z} f| ≤

    (∫ |f(x + ia)| + |f(x − ia)| dx)/(e^{2πa/h} − 1) + Σ_± ∫_{−a}^{a} |f(±Z + iy)|/(1 + e^{2π|y|/h}) dy.

With |φ(x + iy)| = φ(x) e^{y²/2} ≤ φ(x) e^{a|y|/2} the last integral of the normal density is at most 2φ(Z)/(2π/h − a/2)
(docs/error-bounds.md, section 18).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import flint
import numpy as np

from emtheory.numerics.arithmetic.trapezoid import Floats, widest_step
from emtheory.numerics.errors import CannotAnswerError

MAX_NODES = 20_000
"""On a line, on each side. A choice: a tenth of a second."""
LARGEST_ARC = 2.9
"""Below π: the arc φ of a strip in which |Σ e^{l_j}| ≥ cos(φ/2) Σ |e^{l_j}|; a choice, as bounds grow near π."""
_STEP_BITS = 5
"""Of a step: nodes are short numbers, and tables serve many lines."""


@dataclass(frozen=True)
class LineRule:
    """Nodes nh, |n| ≤ count, and the strip |Im z| ≤ half_strip by which the error is bounded.

    `step`, `count`, `half_strip`: h, N and a.
    """

    step: float
    count: int
    half_strip: float

    @property
    def cut(self) -> float:
        """Z, half a step beyond the last node; a number of few bits, so that it is exact."""
        return (self.count + 0.5) * self.step


def reach(accuracy: float) -> float:
    """Return the Z that is aimed at: beyond it the normal law has about e^{−L}."""
    return math.sqrt(2 * max(accuracy, 0.0)) + 1.0


def choose_rule(accuracy: float, slope: float, secants: int) -> LineRule:
    """Choose a rule with errors of about e^{−L}; they are bounded for whatever is chosen.

    `slope`: a number not much below the largest |∂(l_i − l_j)| on the line, up to `reach`. CannotAnswerError if too
    many nodes are needed.
    """
    widest = math.sqrt(2 * accuracy) + 1
    if slope > 0:
        widest = min(LARGEST_ARC / slope, widest)

    def loss(strips: Floats) -> Floats:
        result: Floats = strips**2 / 2 - secants * np.log(np.cos(np.minimum(strips * slope, LARGEST_ARC) / 2))
        return result

    step, strip, _ = widest_step(accuracy, loss, widest)
    return with_step(step, strip, accuracy)


def with_step(step: float, strip: float, accuracy: float) -> LineRule:
    """Return a rule with nearly that step, not longer, up to `reach`; CannotAnswerError if it has too many nodes."""
    bits = _STEP_BITS - math.frexp(step)[1]
    step = math.ldexp(math.floor(math.ldexp(step, bits)), -bits)
    count = math.ceil(reach(accuracy) / step - 0.5)
    if count > MAX_NODES:
        raise CannotAnswerError(
            f"the quadrature would need {2 * count} nodes on a line; at most {2 * MAX_NODES} are used"
        )
    return LineRule(step, count, strip)


def line_errors(rule: LineRule, arc: flint.arb, secants: int, degree: int) -> list[flint.arb]:
    """Bound the rule's error against ∫_{−Z}^{Z}, for |z|^e φ(z) Π γ with e = 0, …, degree.

    The first factor may be any function that is at most (|x| + |y|)^e at x + iy.

    `arc`: a bound on a·|∂(l_i − l_j)| for all real z up to the cut; `secants`: how many posteriors are multiplied, each
    of them at most sec(arc/2) in the strip.
    """
    if not arc < flint.arb.pi():
        return [flint.arb.pos_inf()] * (degree + 1)
    a, step, cut = flint.arb(rule.half_strip), flint.arb(rule.step), flint.arb(rule.cut)
    secant = 1 / (arc / 2).cos() ** secants
    across = 2 * secant * (a * a / 2).exp() / (2 * flint.arb.pi() * a / step).expm1()
    decay = 2 * flint.arb.pi() / step - a / 2
    if not decay > 0:
        return [flint.arb.pos_inf()] * (degree + 1)
    ends = 4 * secant * density(cut) / decay
    errors = []
    for e in range(degree + 1):
        shifted = sum((math.comb(e, j) * absolute_moment(j) * a ** (e - j) for j in range(e + 1)), flint.arb(0))
        errors.append((across * shifted + ends * (cut + a) ** e).upper())
    return errors


def tail_moments(cut: flint.arb, degree: int) -> list[flint.arb]:
    """Bound ∫_{|z|>Z} |z|^e φ(z) dz for e = 0, …, degree.

    For z > Z the integrand is at most Z^e φ(Z) e^{−(Z − e/Z)(z − Z)}.
    """
    tails = []
    for e in range(degree + 1):
        rate = cut - e / cut
        tails.append((2 * cut**e * density(cut) / rate).upper() if rate > 0 else absolute_moment(e).upper())
    return tails


def density(z: flint.arb) -> flint.arb:
    """The standard normal density."""
    return (-z * z / 2).exp() / (2 * flint.arb.pi()).sqrt()


def absolute_moment(e: int) -> flint.arb:
    """E|Z|^e = 2^{e/2} Γ((e + 1)/2)/√π."""
    return _absolute_moment(e, flint.ctx.prec)


@lru_cache(maxsize=512)
def _absolute_moment(e: int, bits: int) -> flint.arb:
    """`bits` is the precision in force."""
    return flint.arb(2) ** (flint.arb(e) / 2) * (flint.arb(e + 1) / 2).gamma() / flint.arb.pi().sqrt()


@lru_cache(maxsize=512)
def masses(step: float, count: int, bits: int) -> tuple[flint.arb, ...]:
    """Return h φ(nh) for n = −N, …, N.

    `bits`: the precision in force, for which the table is kept.
    """
    h = flint.arb(step)
    scale = h / (2 * flint.arb.pi()).sqrt()
    half = [scale * (-((n * h) ** 2) / 2).exp() for n in range(count + 1)]
    return (*reversed(half[1:]), *half)


@lru_cache(maxsize=512)
def weighted_powers(step: float, count: int, degree: int, bits: int) -> flint.arb_mat:
    """Return the matrix of h φ(nh) (nh)^e, a row for each n, a column for each e; `bits` is the precision in force."""
    h, table = flint.arb(step), masses(step, count, bits)
    rows = [
        [mass * (n * h) ** e for e in range(degree + 1)]
        for n, mass in zip(range(-count, count + 1), table, strict=True)
    ]
    return flint.arb_mat(rows)


@lru_cache(maxsize=512)
def mass_moments(step: float, count: int, degree: int, bits: int) -> tuple[flint.arb, ...]:
    """Return Σ h φ(nh) |nh|^e over all nodes, for e = 0, …, degree; `bits` is the precision in force."""
    h, table = flint.arb(step), masses(step, count, bits)
    return tuple(
        sum((mass * abs(n * h) ** e for n, mass in zip(range(-count, count + 1), table, strict=True)), flint.arb(0))
        for e in range(degree + 1)
    )
