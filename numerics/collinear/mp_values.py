"""The `mp` route: the definitions by mpmath's quadrature, level `supported`; no trick is shared with the balls."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from emtheory.numerics.case import Case
from emtheory.numerics.collinear.case import Components, ThreeMeans, checked_component, three_means
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.integrated import integrated, number

Density = Callable[[Any], Any]


def em_map(case: Case, digits: int, component: Fraction) -> Enclosure:
    """The mean of the data weighted by their posterior probabilities of the component.

    Parameters
    ----------
    case, digits, component
        The law and the fit, the digits, and j from 1.
    """
    j = checked_component(component)

    def value(context: Any, p: ThreeMeans) -> tuple[Any, Any]:
        first, error = _weighted(context, p, j, lambda x: x)
        mass, other = _weighted(context, p, j, lambda _: context.mpf(1))
        return first / mass, (error + abs(first / mass) * other) / mass

    return _answer(case, digits, value)


def gradient(case: Case, digits: int, component: Fraction) -> Enclosure:
    """The mean of the score in the component's mean.

    Parameters
    ----------
    case, digits, component
        The law and the fit, the digits, and j from 1.
    """
    j = checked_component(component)

    def value(context: Any, p: ThreeMeans) -> tuple[Any, Any]:
        place = number(context, p.fit.means[j])
        return _weighted(context, p, j, lambda x: x - place)

    return _answer(case, digits, value)


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """∫ p log(p/q) of the two densities."""
    return _answer(case, digits, kl_integral)


def kl_integral(context: Any, p: ThreeMeans) -> tuple[Any, Any]:
    """Return that integral as a number of mpmath, and its error.

    Parameters
    ----------
    context, p
        mpmath's, and the law and the fit.
    """
    truth, fit = density(context, p.truth), density(context, p.fit)
    return integral(context, p, lambda x: truth(x) * context.log(truth(x) / fit(x)))


def _weighted(context: Any, p: ThreeMeans, j: int, factor: Density) -> tuple[Any, Any]:
    truth, fit = density(context, p.truth), density(context, p.fit)
    weight, mean = number(context, p.fit.weights[j]), number(context, p.fit.means[j])
    return integral(context, p, lambda x: truth(x) * weight * context.npdf(x, mean) / fit(x) * factor(x))


def density(context: Any, mixture: Components) -> Density:
    """Return the density of a mixture.

    Parameters
    ----------
    context, mixture
        mpmath's, and weights and means.
    """
    parts = [
        (number(context, weight), number(context, mean))
        for weight, mean in zip(mixture.weights, mixture.means, strict=True)
    ]
    return lambda x: sum(weight * context.npdf(x, mean) for weight, mean in parts)


def integral(context: Any, p: ThreeMeans, integrand: Density) -> tuple[Any, Any]:
    """Integrate over all but a negligible part of the line, in pieces between means and edges of cells.

    Parameters
    ----------
    context, p, integrand
        mpmath's, the law and the fit, and a function of x.
    """
    means = sorted(set(p.truth.means))
    fitted = sorted(set(p.fit.means))
    inner = [*means, *((a + b) / 2 for a, b in pairwise(fitted))]
    reach = context.sqrt(2 * context.prec * context.log(2)) + 2
    ends = {number(context, place) for place in inner} | {number(context, means[-1]) + reach}
    ends |= {number(context, means[0]) - reach}
    ends = {end for end in ends if min(ends) <= end <= max(ends)}
    value, error = context.quad(integrand, sorted(ends), error=True)
    return value, error


def _answer(case: Case, digits: int, compute: Callable[[Any, ThreeMeans], tuple[Any, Any]]) -> Enclosure:
    p = three_means(case)
    return integrated(lambda context: compute(context, p), digits)
