"""The `mp` route of the finite-sample theorem: mpmath's incomplete gamma function and roots of polynomials.

Each value is computed at two precisions, whose difference is the error given: an estimate. A sample size is searched
for with mpmath alone, too.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import MAX_SIZE
from emtheory.numerics.sample_theorem.choices import (
    APPROACHED,
    DIVISORS,
    LARGEST_RATE,
    NET_FRACTION,
    OPERATOR_MESH,
    OPERATOR_NET_SHARE,
    SHARES,
    SPHERE_MESH,
    Question,
    refuse_degenerate,
)
from emtheory.numerics.simplex_point.contraction_bound import factor_mp

_BITS_A_DIGIT = 3.33
"""log 10/log 2, rounded up."""
_GUARD_BITS = 40
"""Beyond them, for what rounding and roots of polynomials lose."""


class Found(NamedTuple):
    """Bounds on ‖θ̂‖ and KL, and the steps of the two phases before they are rounded up."""

    norm: Any
    divergence: Any
    first: Any
    second: Any


def sample_error_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on ‖θ̂‖.

    Parameters
    ----------
    case, digits, n, delta, radius
        As for the ball route.
    """
    question = Question(case, int(n), delta, radius)
    return _twice(lambda context: _solve(context, question).norm, digits)


def sample_kl_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on KL(N(0, I) ‖ p_θ̂).

    Parameters
    ----------
    case, digits, n, delta, radius
        As for the ball route.
    """
    question = Question(case, int(n), delta, radius)
    return _twice(lambda context: _solve(context, question).divergence, digits)


def sample_operator_error(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on sup ‖M_n − M‖ on a ball.

    Parameters
    ----------
    case, digits, n, delta, radius
        As for the ball route.
    """
    question = Question(case, int(n), delta, radius)

    def error(context: Any) -> Any:
        root, share = context.sqrt(question.n), _number(context, OPERATOR_NET_SHARE) * _number(context, delta)
        tail = context.sqrt(-2 * context.log(_number(context, delta) - share))
        spread = (1 + (context.sqrt(question.span) + tail) / root) ** 2
        found = _error(context, question, _number(context, OPERATOR_MESH) / root, share, spread)
        if found is None:
            raise CannotAnswerError(f"n = {question.n} points are too few for a bound")
        return found

    return _twice(error, digits)


def steps_needed(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """EM steps until ‖θ_t − θ̂‖ is at most σ times the bound.

    Parameters
    ----------
    case, digits, n, delta, radius
        As for the ball route.
    """
    with mp_context(_bits(digits)) as context:
        found = _solve(context, Question(case, int(n), delta, radius))
        steps = Fraction(int(context.ceil(found.first)) + max(int(context.ceil(found.second)), 1))
    return Enclosure(steps, steps, Level.SUPPORTED, "mp")


def samples_needed(case: Case, digits: int, eps: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Least n with a bound on KL of at most eps.

    Parameters
    ----------
    case, digits, eps, delta, radius
        As for the ball route.
    """
    with mp_context(_bits(20)) as context:
        wanted, exponent = _number(context, eps), 1

        def suffices(n: int) -> bool:
            try:
                return bool(_solve(context, Question(case, n, delta, radius)).divergence <= wanted)
            except CannotAnswerError:
                refuse_degenerate(_moduli(context, case)[0] == 0)
                return False

        while not suffices(2**exponent):
            exponent += 1
            if 2**exponent > MAX_SIZE:
                raise OutOfReachError("no number of points up to 10³⁰ is enough")
        size = 2**exponent
        for power in reversed(range(exponent)):
            size -= 2**power if size > 2**power and suffices(size - 2**power) else 0
    return Enclosure(Fraction(size), Fraction(size), Level.SUPPORTED, "mp")


def _bits(digits: int) -> int:
    return int(digits * _BITS_A_DIGIT) + _GUARD_BITS


def _twice(value: Callable[[Any], Any], digits: int) -> Enclosure:
    values = []
    for bits in (_bits(digits), _bits(digits) + 64):
        with mp_context(bits) as context:
            sign, mantissa, exponent, _ = context.mpf(value(context))._mpf_
            values.append((-1) ** sign * int(mantissa) * Fraction(2) ** exponent)
    coarse, fine = values
    error = abs(fine - coarse) + abs(fine) / 10 ** (digits + 4)
    if error * 10**digits > abs(fine):
        raise CannotAnswerError(f"two precisions still differ in the first {digits} digits")
    return Enclosure(fine - error, fine + error, Level.SUPPORTED, "mp")


def _number(context: Any, value: Fraction) -> Any:
    return context.mpf(value.numerator) / value.denominator


def _moduli(context: Any, case: Case) -> list[Any]:
    """|π̂_m|² for m = 1..⌊k/2⌋, ascending; what rounding leaves of 0 is 0."""
    found = []
    for m in case.frequencies:
        terms = [
            _number(context, weight) * context.expjpi(context.mpf(2 * j * m) / case.k)
            for j, weight in enumerate(case.weights)
        ]
        square = abs(context.fsum(terms)) ** 2
        found.append(square if square > context.mpf(2) ** (-context.prec) else context.zero)
    return sorted(found)


def _solve(context: Any, question: Question) -> Found:
    moduli = _moduli(context, question.case)
    refuse_degenerate(moduli[0] == 0)
    delta = _number(context, question.delta)
    shares = {event: _number(context, share) * delta for event, share in SHARES.items()}
    half = context.mpf(question.case.d) / 2
    # The tail is monotone and its logarithm concave: the secant method of mpmath converges from beside the mean.
    tail = context.findroot(
        lambda q: context.log(context.gammainc(half, q / 2, context.inf, regularized=True) / shares["mean"]),
        (2 * half + 1, 2 * half + 3),
        tol=context.mpf(2) ** (-1.5 * context.prec),
    )
    found = [_with_ball(context, question, moduli, shares, tail, divisor) for divisor in DIVISORS]
    best = min((one for one in found if one is not None), key=lambda one: one.norm, default=None)
    if best is None:
        raise CannotAnswerError(f"n = {question.n} points are too few for the theorem")
    return best


def _error(context: Any, question: Question, step: Any, share: Any, spread: Any) -> Any:
    """ε of the nets, or None if there are too few points."""
    n, span, start = context.mpf(question.n), question.span, _number(context, question.radius)
    count = (_number(context, 1 + 2 / SPHERE_MESH) * (1 + 2 * start / step)) ** span
    logarithm = context.log(count / share)
    s = context.sqrt(logarithm / (2 * span * n))
    if s >= _number(context, LARGEST_RATE):
        return None
    deviation = (logarithm / n - span * context.log1p(-2 * s**2)) / s
    return deviation / _number(context, 1 - SPHERE_MESH) + step * span * (spread + 1)


def _with_ball(
    context: Any, question: Question, moduli: list[Any], shares: dict[str, Any], tail: Any, divisor: int
) -> Found | None:
    n, span, lost = context.mpf(question.n), question.span, 1 - moduli[0]
    sigma, largest = context.sqrt(moduli[0]), context.sqrt(moduli[-1]) if question.case.d == span else context.one
    mean = context.sqrt(tail / n)
    spread = (1 + (context.sqrt(span) + context.sqrt(-2 * context.log(shares["spread"]))) / context.sqrt(n)) ** 2
    third = 2 * lost * context.sqrt(span * (span + 2) * (span + 4) / (n * shares["third"]))
    inner = sigma / context.sqrt(divisor * (span + 2))
    exponent = 8 * inner**2 / 3

    def moment(power: int, rate: Any) -> Any:
        """E ‖X‖^{2·power} e^{rate ‖X‖²} in D dimensions, from the density of χ²_D."""
        shape = context.mpf(span) / 2
        rising = context.rf(shape, power)
        return rising * 2**power * (1 - 2 * rate) ** (-shape - power)

    average = (moment(1, exponent) - moment(1, context.zero)) / span
    square = moment(2, 2 * exponent) - 2 * moment(2, exponent) + moment(2, context.zero)
    growth = (average + context.sqrt(square / (n * shares["growth"]))) / inner**2
    # g(r) = Σ c_i r^i, and its slope is 1 minus the Lipschitz constant.
    coefficients = [-lost * growth / 3, -third / 2, 1 - lost * spread, context.zero]
    room, slope = context.polyval(coefficients, inner, derivative=True)
    if slope <= 0 or room <= largest * mean:
        return None
    first, start = context.zero, _number(context, question.radius)
    if start > inner:
        decrease = factor_mp(context, span, question.radius) * moduli[0]
        step = decrease * inner * _number(context, NET_FRACTION) / span
        error, goal = _error(context, question, step, shares["net"], spread), inner - mean
        if error is None or error >= decrease * goal * _number(context, APPROACHED):
            return None
        first, start = context.log(goal * _number(context, 1 - APPROACHED) / start) / context.log1p(-decrease), inner
    roots = context.polyroots([*coefficients[:-1], -sigma * mean], maxsteps=200, extraprec=2 * context.prec)
    norm = min(root.real for root in roots if abs(root.imag) < context.mpf(2) ** (-context.prec // 2) and root.real > 0)
    divergence = (sigma * norm) ** 2 / 2 + 2 * sigma * norm**3 / 3 + norm**4 / 4
    return Found(norm, divergence, first, context.log(sigma * norm / (start + norm)) / context.log(1 - slope))
