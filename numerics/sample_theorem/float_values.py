"""The `float` route of the finite-sample theorem: SciPy's χ² law and NumPy's roots, in double precision.

SciPy is imported when it is needed: it is slow to import, and no other route takes it.
"""

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import MAX_SIZE
from emtheory.numerics.sample_theorem.choices import (
    APPROACHED,
    DIVISORS,
    NET_FRACTION,
    OPERATOR_MESH,
    OPERATOR_NET_SHARE,
    Question,
)
from emtheory.numerics.sample_theorem.float_all_weights import anywhere, operator_error
from emtheory.numerics.sample_theorem.float_shells import divergence_bound, norm_bound, reaches
from emtheory.numerics.sample_theorem.shells import MAX_SPAN
from emtheory.numerics.simplex_point.contraction_bound import factor_ball

_ROUNDING = 1e-11
"""Relative error to be expected, and the σ² that counts as 0."""

_POLISHING = 4
"""Steps of Newton's method: eigenvalues give a small root to the rounding of the largest only."""


class _Found(NamedTuple):
    norm: float
    divergence: float
    steps: int | None


def sample_error_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on ‖θ̂‖."""
    return _observed(_solve(Question(case, int(n), delta, radius)).norm)


def sample_kl_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on KL(N(0, I) ‖ p_θ̂)."""
    return _observed(_solve(Question(case, int(n), delta, radius)).divergence)


def sample_operator_error(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on sup ‖M_n − M‖ on a ball."""
    question = Question(case, int(n), delta, radius)
    step, share = float(OPERATOR_MESH) / math.sqrt(n), float(OPERATOR_NET_SHARE * delta)
    spread = (1 + math.sqrt(question.span / n) + math.sqrt(-2 * math.log(delta - OPERATOR_NET_SHARE * delta) / n)) ** 2
    error = operator_error(question, step, share, spread)
    if error is None:
        raise CannotAnswerError(f"n = {question.n} points are too few for a bound")
    return _observed(error)


def steps_needed(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """EM steps until ‖θ_t − θ̂‖ is at most σ times the bound."""
    question = Question(case, int(n), delta, radius)
    found = [one for one in _found(question) if one.steps is not None]
    if not found:
        raise CannotAnswerError(f"n = {question.n} points are too few for the theorem about the number of steps")
    # Which of several inner balls gives the least bound may be beyond double precision.
    steps = [one.steps for one in found if one.steps is not None and one.norm <= (1 + _ROUNDING) * found[0].norm]
    return Enclosure(Fraction(min(steps)), Fraction(max(steps)), Level.OBSERVED, "float")


def samples_needed(case: Case, digits: int, eps: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """About the least n with a bound on KL of at most eps."""

    def suffices(n: int) -> bool:
        try:
            return _solve(Question(case, n, delta, radius)).divergence <= eps
        except CannotAnswerError:
            return False

    low, high = 0, 1
    while not suffices(high):
        if high > MAX_SIZE:
            raise OutOfReachError("no number of points up to 10³⁰ is enough")
        low, high = high, 2 * high
    while high - low > max(1, int(high * _ROUNDING)):
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return Enclosure(Fraction(low + 1), Fraction(high), Level.OBSERVED, "float")


def _observed(value: float) -> Enclosure:
    return Enclosure(Fraction(value * (1 - _ROUNDING)), Fraction(value * (1 + _ROUNDING)), Level.OBSERVED, "float")


def _solve(question: Question) -> _Found:
    """The less of each of what contraction and the shells say."""
    from scipy.stats import chi2  # noqa: PLC0415

    found, share, rest = _found(question), question.delta, 0.0
    if question.case.d > question.span:
        share /= 2
        rest = float(chi2.isf(float(share), question.case.d - question.span)) / question.n
    inside: tuple[float, float] | None = None
    if question.span > MAX_SPAN:
        inside = anywhere(question, float(share))
    elif not found or reaches(question.case.weights, question.n, float(share), found[0].norm):
        radius = norm_bound(question.case.weights, question.n, float(share))
        inside = None if radius is None else (radius, divergence_bound(question.case.weights, radius))
    if inside is not None:
        found.append(_Found(math.hypot(inside[0], math.sqrt(rest)), inside[1] + rest / 2, None))
    if not found:
        raise CannotAnswerError(f"n = {question.n} points are too few for the theorem")
    return _Found(min(one.norm for one in found), min(one.divergence for one in found), None)


def _found(question: Question) -> list[_Found]:
    """Return what the inner balls give, the least bound first."""
    from scipy.stats import chi2  # noqa: PLC0415

    transform = np.abs(np.fft.fft([float(weight) for weight in question.case.weights])[1:])
    sigma, largest = float(transform.min()), 1.0 if question.case.d > question.span else float(transform.max())
    if sigma**2 < _ROUNDING:
        return []
    mean = math.sqrt(float(chi2.isf(float(question.share("mean")), question.case.d)) / question.n)
    tried = [_with_ball(question, sigma, largest, mean, divisor) for divisor in DIVISORS]
    return sorted((one for one in tried if one is not None), key=lambda one: one.norm)


def _end_within(question: Question, probability: float, radius: float) -> bool:
    """Whether EM from every start ends within a radius of the span, but with the probability given."""
    if question.span <= MAX_SPAN:
        return reaches(question.case.weights, question.n, probability, radius)
    inside = anywhere(question, probability)
    return inside is not None and inside[0] <= radius


def _with_ball(question: Question, sigma: float, largest: float, mean: float, divisor: int) -> _Found | None:
    n, span, lost = float(question.n), question.span, 1 - sigma**2
    parts = {event: float(question.share(event)) for event in ("spread", "third", "growth", "net")}
    spread = (1 + math.sqrt(span / n) + math.sqrt(2 * math.log(1 / parts["spread"]) / n)) ** 2
    third = 2 * lost * math.sqrt(span * (span + 2) * (span + 4) / n / parts["third"])
    inner = sigma / math.sqrt(divisor * (span + 2))
    # log E e^{t‖X‖²} = −(D/2) log(1 − 2t); E ‖X‖² e^{t‖X‖²} and E ‖X‖⁴ e^{t‖X‖²} are its derivatives' like.
    one, two = (-math.log1p(-2 * t) for t in (8 * inner**2 / 3, 16 * inner**2 / 3))
    square = math.expm1((span / 2 + 2) * two) - 2 * math.expm1((span / 2 + 2) * one)
    growth = math.expm1((span / 2 + 1) * one) + math.sqrt(span * (span + 2) * square / n / parts["growth"])
    margin = np.polynomial.Polynomial([0, 1 - lost * spread, -third / 2, -lost * growth / inner**2 / 3])
    rate = 1 - float(margin.deriv()(inner))
    if rate >= 1 or margin(inner) <= largest * mean:
        return None
    start = float(question.radius)
    first: int | None = 0
    if start > inner:
        decrease = float(factor_ball(span, question.radius)) * sigma**2
        step = decrease * inner * float(NET_FRACTION) / span
        error, goal = operator_error(question, step, parts["net"], spread), inner - mean
        if error is not None and error < decrease * goal * float(APPROACHED):
            first = math.ceil(math.log(goal * float(1 - APPROACHED) / start) / math.log1p(-decrease))
        elif _end_within(question, parts["net"], goal):
            first = None
        else:
            return None
        start = inner
    roots: Any = (margin - sigma * mean).roots()
    norm = min(float(root.real) for root in roots if abs(root.imag) < _ROUNDING and root.real > 0)
    for _ in range(_POLISHING):
        norm -= float((margin(norm) - sigma * mean) / margin.deriv()(norm))
    divergence = (sigma * norm) ** 2 / 2 + 2 * sigma * norm**3 / 3 + norm**4 / 4
    second = math.log(sigma * norm / (start + norm)) / math.log(rate)
    return _Found(norm, divergence, None if first is None else first + max(math.ceil(second), 1))
