"""The quantities of a model by nested quadrature of mpmath, in the observation itself: a witness without a proof.

Densities are taken as they are written and posteriors as their quotients; the log-ratios and standard normal
coordinates of the ball route have no part in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.integrals import has_kinks
from emtheory.numerics.expectation.other_boxes import data_weights
from emtheory.numerics.expectation.program import Arithmetic, Program, compiled, numbers_of
from emtheory.numerics.level import Level
from emtheory.numerics.models.ball_values import component_of
from emtheory.numerics.models.deviation import Evaluator, sample_deviation
from emtheory.numerics.models.evaluation import check_domain, law_of_data
from emtheory.numerics.models.targets import (
    Target,
    em_map_target,
    information_target,
    jacobian_target,
    scalar_target,
    score_target,
)
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import NORMAL, MixtureModel
from emtheory.theory.mixtures.reading import model_of

_SPREAD = 3
"""Digits beyond those asked for within which the true value is taken to be."""
_SMALLEST = Fraction(1, 10**10)
"""What is smaller has fewer digits: errors of the quadrature do not shrink with the value, which may be 0."""
_MAX_STEPS = 1000
"""A choice: minutes at a tenth of a second a step."""
_NEWTON_STEPS = 40
"""With the information at the start, each of which gains digits as that is near."""
_GUARD_BITS = 30
"""So many bits of the last step are not asked for: the quadrature has errors."""
_PIECES = tuple(Fraction(part, 4) for part in (-4, -1, 0, 1, 4))
"""Where quadrature is split, as parts of its reach."""

_NARROW = 8
"""By how much narrower than the data a component of the fit is that quadrature does not see by itself, and how many
standard deviations around it are looked at."""
_HALVINGS = 9
"""Of the step in several coordinates. A choice: minutes."""

Numbers = Mapping[str, Any]


def mp(kind: str, names: tuple[str, ...], case: Case, digits: int, **arguments: Any) -> Enclosure:
    """Return a value to high precision, without a proved error."""
    model = model_of(case.family)
    check_domain(model, dict(case.parameters))

    def compute(context: Any) -> Any:
        values = numbers_of(dict(case.parameters), mp_arithmetic(context))
        if kind == "sample_deviation":
            route = Evaluator(mp_arithmetic(context), partial(_target, context, model))
            return sample_deviation(model, route, values, numbers_of(dict(case.parameters)), arguments)
        return _value(context, model, kind, names, values, arguments)

    return mp_answer(compute, digits)


def mp_answer(compute: Callable[[Any], Any], digits: int) -> Enclosure:
    """Return a number of a context of mpmath with a spread that its errors hardly leave."""
    with mp_context(4 * (digits + 10)) as context:
        middle = Fraction(context.nstr(compute(context), digits + 10))
    spread = max(abs(middle), _SMALLEST) / 10 ** (digits + _SPREAD)
    return Enclosure(middle - spread, middle + spread, Level.SUPPORTED, "mp")


def _value(  # noqa: PLR0911  # A quantity a line.
    context: Any, model: MixtureModel, kind: str, names: tuple[str, ...], values: Numbers, own: Mapping[str, Any]
) -> Any:
    if kind == "log_likelihood":
        return _log_density(context, model, values)
    if kind == "kl_divergence":
        data = law_of_data(model, values, mp_arithmetic(context))
        return _log_density(context, data, values) - _log_density(context, model, values)
    if kind == "posterior":
        place = {name: context.mpf(own[name].numerator) / own[name].denominator for name in model.observed}
        return _posteriors(context, densities(model)({**values, **place}, mp_arithmetic(context)))[
            component_of(own["j"])
        ]
    if kind == "em_iterate":
        return mp_iterate(context, model, values, own["t"])[names[0]]
    if kind == "em_rate":
        return max(abs(each) for each in context.eig(_matrix(context, model, jacobian_target(model), values))[0])
    if kind in ("hessian_min_eigenvalue", "hessian_max_eigenvalue"):
        eigenvalues = context.eigsy(_matrix(context, model, information_target(model), values), eigvals_only=True)
        return min(eigenvalues) if kind == "hessian_min_eigenvalue" else max(eigenvalues)
    if kind == "stationary_point":
        return _stationary(context, model, values, own["within"])[names[0]]
    if kind in ("local_maximum", "kl_at_local_maximum"):
        place = _stationary(context, model, values, own["within"])
        if not _value(context, model, "hessian_min_eigenvalue", (), place, {}) > 0:
            raise CannotAnswerError("Newton's method does not end in a local maximum")
        return place[names[0]] if names else _value(context, model, "kl_divergence", (), place, {})
    if kind == "fixed_point_count":
        raise CannotAnswerError("this route shows nothing of the kind")
    return _target(context, model, scalar_target(model, kind, *names), values)[0]


def mp_iterate(context: Any, model: MixtureModel, values: Numbers, steps: Fraction) -> Numbers:
    """Return the parameters after some steps of EM."""
    if steps > _MAX_STEPS:
        raise CannotAnswerError(f"at most {_MAX_STEPS} steps are followed by this route")
    current = dict(values)
    for _ in range(int(steps)):
        current.update(zip(model.estimate, _target(context, model, em_map_target(model), current), strict=True))
    return current


def _stationary(context: Any, model: MixtureModel, values: Numbers, within: Fraction) -> dict[str, Any]:
    """Where Newton's method ends, which no test shows to be the only stationary point nearby."""
    place: dict[str, Any] = dict(values)
    reach = context.mpf(within.numerator) / within.denominator
    information = _matrix(context, model, information_target(model), place)
    for _ in range(_NEWTON_STEPS):
        scores = context.matrix(_target(context, model, score_target(model), place))
        try:
            step = context.lu_solve(information, scores)
        except ZeroDivisionError:  # It is singular to these digits, as where two components of the fit are one.
            break
        place.update({name: place[name] + step[i] for i, name in enumerate(model.estimate)})
        if any(abs(place[name] - values[name]) > reach for name in model.estimate):
            break
        if max(abs(each) for each in step) < context.mpf(2) ** (_GUARD_BITS - context.prec):
            return place
    raise CannotAnswerError(f"Newton's method does not end in a stationary point within {within}")


def _matrix(context: Any, model: MixtureModel, target: Target, values: Numbers) -> Any:
    size = len(model.estimate)
    entries = _target(context, model, target, values)
    return context.matrix([entries[i * size : (i + 1) * size] for i in range(size)])


def _target(context: Any, model: MixtureModel, target: Target, values: Numbers) -> list[Any]:
    logs_of, known = densities(model), {}

    def posteriors(place: Numbers) -> list[Any]:
        """Those at an observation, which is a node of several integrals."""
        key = tuple(place[name] for name in model.observed)
        if key not in known:
            known[key] = _posteriors(context, logs_of({**values, **place}, mp_arithmetic(context)))
        return known[key]

    means = {mean.symbol.name: _mean(context, model, mean, values, posteriors) for mean in target.means}
    return target.program({**values, **means}, mp_arithmetic(context))


def _mean(
    context: Any, model: MixtureModel, mean: Mean, values: Numbers, posteriors: Callable[[Numbers], list[Any]]
) -> Any:
    def integrand(place: Numbers) -> Any:
        power = context.fprod(place[name] ** a for name, a in zip(model.observed, mean.x, strict=True))
        return power * context.fprod(posteriors(place)[j] for j in mean.posteriors) if mean.posteriors else power

    return _over_data(context, model, values, integrand)


def _log_density(context: Any, model: MixtureModel, values: Numbers) -> Any:
    logs_of = densities(model)

    def integrand(place: Numbers) -> Any:
        logs = logs_of({**values, **place}, mp_arithmetic(context))
        largest = max(logs)
        return largest + context.log(context.fsum(context.exp(log - largest) for log in logs))

    return _over_data(context, model, values, integrand)


def _posteriors(context: Any, logs: Sequence[Any]) -> list[Any]:
    largest = max(logs)
    terms = [context.exp(log - largest) for log in logs]
    total = context.fsum(terms)
    return [term / total for term in terms]


def _over_data(context: Any, model: MixtureModel, values: Numbers, integrand: Callable[[Numbers], Any]) -> Any:
    """E of a function of the observation, coordinate by coordinate."""
    arithmetic = mp_arithmetic(context)
    reach = context.sqrt(2 * context.prec * context.log(2)) + 1
    # Of a coordinate that stands for others the square is 1 in the mean, and nothing else of it matters.
    across = model.observed[-1:] if model.space is not None and model.space.across else ()
    count, fit = len(model.observed) - len(across), replace(model, data=model.fit)

    def inner(index: int, coordinate: int, place: Numbers) -> Any:
        if coordinate == count:
            return integrand({**place, **dict.fromkeys(across, context.one)})
        mean, variance = law_of(model, index, coordinate)({**values, **place}, arithmetic)
        deviation = context.sqrt(variance)
        name = model.observed[coordinate]

        def value(x: Any) -> Any:
            return inner(index, coordinate + 1, {**place, name: x})

        if count > 1:
            return _trapezoidal(context, lambda z: value(mean + deviation * z), reach)

        def weighted(x: Any) -> Any:
            return context.npdf(x, mean, deviation) * value(x)

        ends = [mean + deviation * reach * part.numerator / part.denominator for part in _PIECES]
        fitted = (law_of(fit, j, coordinate)({**values, **place}, arithmetic) for j in range(len(fit.data)))
        narrow = ((m, context.sqrt(v)) for m, v in fitted if _NARROW**2 * v < variance)
        ends += [m + part * s for m, s in narrow for part in (-_NARROW, 0, _NARROW) if ends[0] < m < ends[-1]]
        return context.quad(weighted, sorted(ends))

    weights = data_weights(model)(values, arithmetic)
    return context.fsum(weight * inner(index, 0, {}) for index, weight in enumerate(weights))


def _trapezoidal(context: Any, function: Callable[[Any], Any], reach: Any) -> Any:
    """E of a function of a standard normal number: steps are halved, which doubles the digits, until half agree.

    In several coordinates nodes of one integral are those of another, so that posteriors are computed once.
    """
    total, last = context.npdf(0) * function(context.zero), None
    for halvings in range(_HALVINGS):
        step = context.ldexp(1, -halvings)
        # After the first time odd multiples of the step are new.
        for n in range(1, int(reach / step) + 1, 2 if halvings else 1):
            total += context.npdf(n * step) * (function(n * step) + function(-n * step))
        value = step * total
        if last is not None and abs(value - last) <= context.ldexp(1 + abs(value), -(context.prec // 2)):
            return value
        last = value
    raise CannotAnswerError("posteriors turn too fast for this route in several coordinates")


@lru_cache(maxsize=256)
def law_of(model: MixtureModel, index: int, coordinate: int) -> Program:
    """Return mean and variance of a coordinate of a component of the data."""
    law = model.data[index].laws[coordinate]
    if law.kind != NORMAL:
        raise CannotAnswerError(f"data with a coordinate that is {law.kind} are not integrated by this route")
    return compiled(law.arguments)


@lru_cache(maxsize=64)
def densities(model: MixtureModel) -> Program:
    """Return the logs of weight times density of the components, in the parameters and the coordinates."""
    if has_kinks(model):
        raise CannotAnswerError("log densities with kinks are not integrated by this route")
    return compiled(log_components(model))


def mp_arithmetic(context: Any) -> Arithmetic:
    """Return the arithmetic of a context of mpmath."""
    return Arithmetic(
        number=lambda value: context.mpf(value.numerator) / value.denominator,
        pi=lambda: +context.pi,
        power=lambda base, exponent: base**exponent,
        functions={
            "exp": context.exp,
            "log": context.log,
            "sqrt": context.sqrt,
            "cos": context.cos,
            "sin": context.sin,
            "erf": context.erf,
            "Abs": abs,
            "sign": lambda x: x / abs(x),
        },
    )
