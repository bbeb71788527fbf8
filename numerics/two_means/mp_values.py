"""The `mp` route: the definitions integrated by mpmath's own quadrature, level `supported`.

Posterior probabilities and densities stand as they are defined, without the reduction to tanh and log cosh: so this
shares neither formulas nor the rule with the ball route. The half-width of an enclosure is what the quadrature itself
estimates, times a margin.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
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
    """E[4γ(1 − γ)X²]/v, as γ′ = 2γ(1 − γ)x/v."""
    variance = two_means(case).fit_variance

    def integrand(context: Any, x: Any, posterior: Any) -> Any:
        return 4 * posterior * (1 - posterior) * x * x / number(context, variance)

    return _answer(case, digits, lambda context, p: _mean(context, p, number(context, p.theta), integrand))


def weight_map(case: Case, digits: int) -> Enclosure:
    """E γ."""
    return _answer(case, digits, lambda context, p: _mean(context, p, number(context, p.theta), _posterior))


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """∫ p log(p/q) of the two densities."""

    def value(context: Any, p: TwoMeans) -> tuple[Any, Any]:
        truth = _density(context, p.truth_weight, number(context, p.separation))
        fit = _density(context, p.fit_weight, number(context, p.theta), number(context, p.fit_variance))
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
    steps = _integrated_steps(start, t)

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


def variance_map(case: Case, digits: int) -> Enclosure:
    """E[γ(X − M)² + (1 − γ)(X + M)²]."""

    def value(context: Any, p: TwoMeans) -> tuple[Any, Any]:
        _, variance, error = _location_scale_step(context, p, number(context, p.theta), number(context, p.fit_variance))
        return variance, error

    return _answer(case, digits, value)


def location_scale_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """θ after t steps with the variance fitted.

    Parameters
    ----------
    case, digits, start, t
        As for `em_iterate`.
    """
    return _answer(case, digits, lambda context, p: _location_scale(context, p, start, t)[::2])


def location_scale_variance(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The variance after them.

    Parameters
    ----------
    case, digits, start, t
        As for `em_iterate`.
    """
    return _answer(case, digits, lambda context, p: _location_scale(context, p, start, t)[1:])


def _location_scale(context: Any, p: TwoMeans, start: Fraction | float, t: Fraction) -> tuple[Any, Any, Any]:
    steps = _integrated_steps(start, t)
    theta = number(context, start) if isinstance(start, Fraction) else context.mpf(start)
    variance, error = number(context, p.fit_variance), context.mpf(0)
    for _ in range(steps):
        theta, variance, more = _location_scale_step(context, p, theta, variance)
        error += more
    return theta, variance, error


def _fitted(place: int, scale: bool, case: Case, digits: int, start: Fraction, t: Fraction) -> Enclosure:
    """θ, W or v after t steps from θ = start with the weight fitted, and perhaps the variance."""
    steps = _integrated_steps(start, t)

    def value(context: Any, p: TwoMeans) -> tuple[Any, Any]:
        theta, weight, variance = (number(context, each) for each in (start, p.fit_weight, p.fit_variance))
        error = context.mpf(0)
        for _ in range(steps):
            mean_posterior, more = _mean(context, p, theta, _posterior, variance, weight)
            if scale:
                theta, variance, rest = _location_scale_step(context, p, theta, variance, weight)
            else:
                theta, rest = _mean(context, p, theta, _signed, variance, weight)
            weight, error = mean_posterior, error + more + rest
        return (theta, weight, variance)[place], error

    return _answer(case, digits, value)


fitted_iterate = partial(_fitted, 0, False)
fitted_weight_iterate = partial(_fitted, 1, False)
jointly_fitted_iterate = partial(_fitted, 0, True)
jointly_fitted_weight = partial(_fitted, 1, True)
jointly_fitted_variance = partial(_fitted, 2, True)


def _integrated_steps(start: Fraction | float, t: Fraction) -> int:
    steps = checked_steps(start, t)
    if steps > _MAX_STEPS:
        raise CannotAnswerError(f"{steps} steps are more than the {_MAX_STEPS} that are integrated")
    return steps


def _location_scale_step(
    context: Any, p: TwoMeans, theta: Any, variance: Any, weight: Any = None
) -> tuple[Any, Any, Any]:
    """θ and v of the M-step, and the errors of both integrals."""
    mean, error = _mean(context, p, theta, _signed, variance, weight)

    def square(_: Any, x: Any, posterior: Any) -> Any:
        return posterior * (x - mean) ** 2 + (1 - posterior) * (x + mean) ** 2

    after, more = _mean(context, p, theta, square, variance, weight)
    return mean, after, error + more


def _signed(_: Any, x: Any, posterior: Any) -> Any:
    return (2 * posterior - 1) * x


def _posterior(_: Any, _x: Any, posterior: Any) -> Any:
    return posterior


def _mean(
    context: Any, p: TwoMeans, theta: Any, integrand: Integrand, variance: Any = None, weight: Any = None
) -> tuple[Any, Any]:
    """E of an integrand with posteriors at θ, and at a variance and a weight if they are not those of the case."""
    truth = _truth(context, p)
    v = number(context, p.fit_variance) if variance is None else variance
    w = number(context, p.fit_weight) if weight is None else weight

    def value(x: Any) -> Any:
        # The odds of −θ; what is far above 1 leaves a posterior near 0, without overflow in mpmath.
        odds = (1 - w) / w * context.exp(-2 * theta * x / v) if x else (1 - w) / w
        return integrand(context, x, 1 / (1 + odds)) * truth(x)

    return _integral(context, p, value)


def _truth(context: Any, p: TwoMeans) -> Callable[[Any], Any]:
    return _density(context, p.truth_weight, number(context, p.separation))


def _density(context: Any, weight: Fraction, mean: Any, variance: Any = 1) -> Callable[[Any], Any]:
    right, left, scale = number(context, weight), number(context, 1 - weight), context.sqrt(variance)
    return lambda x: right * context.npdf(x, mean, scale) + left * context.npdf(x, -mean, scale)


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
