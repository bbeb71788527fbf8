"""The `mp` route: the definitions integrated by mpmath's own quadrature, level `supported`.

Posterior probabilities and densities stand as they are defined, without the reduction to tanh and log cosh: so this
shares neither formulas nor the rule with the ball route. The half-width of an enclosure is what the quadrature itself
estimates, times a margin.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.integrated import integrated, number
from emtheory.numerics.two_means.case import TwoMeans, checked_steps, two_means

_MAX_STEPS = 200
"""A choice: each is an integral of its own."""

Integrand = Callable[[Any, Any, Any], Any]
"""(context, x, posterior probability of +θ) → what is integrated against the data."""


def em_map(case: Case, digits: int) -> Enclosure:
    """E[(2γ(X) − 1)X]: the mean of ±X, signs by the posterior."""
    return _answer(case, digits, lambda context, p: _mean(context, p, number(context, p.theta), _signed))


def em_map_derivative(case: Case, digits: int) -> Enclosure:
    """E[4γ(1 − γ)X²], as γ′ = 2γ(1 − γ)x."""

    def integrand(_: Any, x: Any, posterior: Any) -> Any:
        return 4 * posterior * (1 - posterior) * x * x

    return _answer(case, digits, lambda context, p: _mean(context, p, number(context, p.theta), integrand))


def weight_map(case: Case, digits: int) -> Enclosure:
    """E γ."""
    return _answer(
        case,
        digits,
        lambda context, p: _mean(context, p, number(context, p.theta), lambda _context, _x, posterior: posterior),
    )


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """∫ p log(p/q) of the two densities."""

    def value(context: Any, p: TwoMeans) -> tuple[Any, Any]:
        truth = _density(context, p.truth_weight, number(context, p.separation))
        fit = _density(context, p.fit_weight, number(context, p.theta))
        return _integral(context, p, lambda x: truth(x) * context.log(truth(x) / fit(x)))

    return _answer(case, digits, value)


def em_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The map applied t times, from infinity to E|X| first.

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    start, t
        Where from, perhaps ±∞, and the number of steps.
    """
    steps = checked_steps(start, t)
    if steps > _MAX_STEPS:
        raise CannotAnswerError(f"{steps} steps are more than the {_MAX_STEPS} that are integrated")

    def value(context: Any, p: TwoMeans) -> tuple[Any, Any]:
        left, error = steps, context.mpf(0)
        if isinstance(start, Fraction):
            theta = number(context, start)
        else:
            theta, error = _integral(context, p, lambda x: abs(x) * _truth(context, p)(x))
            theta, left = (theta if start > 0 else -theta), left - 1
        for _ in range(left):
            theta, more = _mean(context, p, theta, _signed)
            error += more
        return theta, error

    return _answer(case, digits, value)


def _signed(_: Any, x: Any, posterior: Any) -> Any:
    return (2 * posterior - 1) * x


def _mean(context: Any, p: TwoMeans, theta: Any, integrand: Integrand) -> tuple[Any, Any]:
    truth, weight = _truth(context, p), number(context, p.fit_weight)

    def value(x: Any) -> Any:
        # The odds of −θ; what is far above 1 leaves a posterior near 0, without overflow in mpmath.
        odds = (1 - weight) / weight * context.exp(-2 * theta * x)
        return integrand(context, x, 1 / (1 + odds)) * truth(x)

    return _integral(context, p, value)


def _truth(context: Any, p: TwoMeans) -> Callable[[Any], Any]:
    return _density(context, p.truth_weight, number(context, p.separation))


def _density(context: Any, weight: Fraction, mean: Any) -> Callable[[Any], Any]:
    right, left = number(context, weight), number(context, 1 - weight)
    return lambda x: right * context.npdf(x, mean) + left * context.npdf(x, -mean)


def _integral(context: Any, p: TwoMeans, integrand: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Integrate over all but a negligible part of the line, in pieces that no bump or kink is lost between."""
    mean = number(context, p.separation)
    reach = mean + context.sqrt(2 * context.prec * context.log(2)) + 2
    ends = sorted({sign * end for sign in (-1, 1) for end in (0, 1, 3, mean, reach / 2, reach)})
    value, error = context.quad(integrand, ends, error=True)
    return value, error


def _answer(case: Case, digits: int, compute: Callable[[Any, TwoMeans], tuple[Any, Any]]) -> Enclosure:
    p = two_means(case)
    return integrated(lambda context: compute(context, p), digits)
