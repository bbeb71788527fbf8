"""The `mp` route of the Hessian and of local maxima: second derivatives of log q integrated, and Newton's method."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from typing import Any

from emtheory.numerics.case import Case
from emtheory.numerics.collinear.case import COMPONENTS, ThreeMeans, checked_component, three_means
from emtheory.numerics.collinear.mp_values import density, integral, kl_integral
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.integrated import integrated, number, rational_of

_NEAR = Fraction(1, 100)
"""How far from the given means the maximum may be, as for balls."""
_STEPS = 40
"""Of Newton's method with the Hessian at the start, each of which gains digits as that is near."""
_GUARD_BITS = 30
"""So many bits of the last step are not asked for."""
_ALL = range(COMPONENTS)


def hessian_max_eigenvalue(case: Case, digits: int) -> Enclosure:
    """The largest eigenvalue of E[∂²log q], from densities and their derivatives."""
    p = three_means(case)

    def value(context: Any) -> tuple[Any, Any]:
        hessian, error = _hessian(context, p)
        return _largest(context, hessian), error

    return integrated(value, digits)


def local_maximum(case: Case, digits: int, component: Fraction) -> Enclosure:
    """θ_j where Newton's method ends.

    Parameters
    ----------
    case, digits, component
        The law and the fit, the digits, and j from 1.
    """
    p, j = three_means(case), checked_component(component)

    def value(context: Any) -> tuple[Any, Any]:
        place, error = _maximum(context, p)
        return number(context, place.fit.means[j]), error

    return integrated(value, digits)


def kl_at_local_maximum(case: Case, digits: int) -> Enclosure:
    """∫ p log(p/q) there, which an error of the place changes in the second order only."""
    p = three_means(case)

    def value(context: Any) -> tuple[Any, Any]:
        place, error = _maximum(context, p)
        divergence, more = kl_integral(context, place)
        return divergence, more + error * error

    return integrated(value, digits)


def _maximum(context: Any, p: ThreeMeans) -> tuple[ThreeMeans, Any]:
    """The fit where the gradient is as small as the quadrature allows, and about how far that is from where it is 0."""
    hessian, _ = _hessian(context, p)
    largest, place = _largest(context, hessian), p
    for _ in range(_STEPS if largest < 0 else 0):
        slopes, error = _gradient(context, place)
        try:
            move = context.lu_solve(hessian, -slopes)
        except ZeroDivisionError:  # It is singular to these digits, as where two means of the fit are equal.
            break
        means = [mean + rational_of(move[i]) for i, mean in enumerate(place.fit.means)]
        if any(abs(mean - given) > _NEAR for mean, given in zip(means, p.fit.means, strict=True)):
            break
        place = replace(place, fit=replace(place.fit, means=tuple(means)))
        size = max(abs(each) for each in move)
        if size < context.mpf(2) ** (_GUARD_BITS - context.prec):
            return place, size - error / largest
    raise CannotAnswerError("Newton's method does not end in a local maximum near these means")


def _gradient(context: Any, p: ThreeMeans) -> tuple[Any, Any]:
    """E[∂log q]."""
    parts = _parts(context, p)

    def score(x: Any, j: int) -> Any:
        mass, first, _ = parts(x)
        return mass * first[j]

    found = [integral(context, p, partial(score, j=j)) for j in _ALL]
    return context.matrix([value for value, _ in found]), sum(error for _, error in found)


def _hessian(context: Any, p: ThreeMeans) -> tuple[Any, Any]:
    """E[∂²log q], and the sum of the errors, above that of an eigenvalue."""
    parts, hessian, total = _parts(context, p), context.zeros(COMPONENTS), context.mpf(0)

    def entry(x: Any, i: int, j: int) -> Any:
        mass, first, second = parts(x)
        return mass * ((second[i] if i == j else 0) - first[i] * first[j])

    for i in _ALL:
        for j in range(i + 1):
            value, error = integral(context, p, partial(entry, i=i, j=j))
            hessian[i, j] = hessian[j, i] = value
            total += 2 * error
    return hessian, total


def _parts(context: Any, p: ThreeMeans) -> Callable[[Any], tuple[Any, list[Any], list[Any]]]:
    """x ↦ the density of the data, q_j/q and q_jj/q, q_j the derivative of q in θ_j: kept, as all integrals use it."""
    truth, fit = density(context, p.truth), density(context, p.fit)
    weights = [number(context, weight) for weight in p.fit.weights]
    means = [number(context, mean) for mean in p.fit.means]

    @cache
    def value(x: Any) -> tuple[Any, list[Any], list[Any]]:
        q = fit(x)
        posteriors = [w * context.npdf(x, m) / q for w, m in zip(weights, means, strict=True)]
        gaps = [x - m for m in means]
        first = [each * gap for each, gap in zip(posteriors, gaps, strict=True)]
        second = [each * (gap * gap - 1) for each, gap in zip(posteriors, gaps, strict=True)]
        return truth(x), first, second

    return value


def _largest(context: Any, hessian: Any) -> Any:
    return max(context.eigsy(hessian, eigvals_only=True))
