"""The quantities of a model in double precision: EM in NumPy on quadrature nodes, and differences for derivatives.

Nothing that is derived of the model but its M-step has a part in it: densities are computed as they are written, and
derivatives of EM's map and of the log-likelihood are central differences.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.other_boxes import data_weights
from emtheory.numerics.expectation.program import Arithmetic, Program, compiled, numbers_of
from emtheory.numerics.level import Level
from emtheory.numerics.models.ball_values import component_of
from emtheory.numerics.models.deviation import Evaluator, sample_deviation
from emtheory.numerics.models.evaluation import check_domain, law_of_data
from emtheory.numerics.models.mp_values import densities, law_of
from emtheory.numerics.models.targets import Target
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import POSITIVE, REAL, UNIT, MixtureModel
from emtheory.theory.mixtures.reading import model_of

_NODES = {1: 2001, 2: 301, 3: 61}
"""Coordinates → nodes of the trapezoidal rule in each."""
_REACH = 9.0
"""Standard deviations that the nodes cover."""
_STEP = 1e-4
"""Of central differences: of second ones the roundings are about 1e−8."""
_SHORT = 3e-4
"""Of first ones, of which the errors are about 1e−12."""
_SPREAD = 1e-7
"""How far off a value is taken to be, relative to 1 and its modulus."""
_STAYS = 1e-13
"""A step so small is none."""
_MAX_STEPS = 100_000
"""A choice: a minute at half a millisecond a step."""

_STARTS = 1501
"""Places at which EM's map less its argument is looked at for changes of sign."""
_GRIDS: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    REAL: lambda s: np.sinh(6 * s),
    POSITIVE: lambda s: np.exp(8 * s),
    UNIT: lambda s: 1 / (1 + np.exp(-16 * s)),
}
"""Domain of a parameter → numbers from −1 to 1 ↦ places: within ±200, or to there from 1/3000, or between 0 and 1."""
_NEAR = 1e-9
"""A zero so near to an end is counted: it may be the end itself."""

NUMPY = Arithmetic(
    number=float,
    pi=lambda: math.pi,
    power=lambda base, exponent: base**exponent,
    functions={
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "cos": np.cos,
        "sin": np.sin,
        "erf": math.erf,
        "Abs": np.abs,
        "sign": lambda x: x / np.abs(x),  # At the kink there is no derivative.
    },
)
"""Doubles, and arrays of them."""

Numbers = Mapping[str, Any]


def float_value(kind: str, names: tuple[str, ...], case: Case, digits: int, **arguments: Any) -> Enclosure:
    """Return a value in double precision, with an interval that its errors hardly leave."""
    model = model_of(case.family)
    check_domain(model, dict(case.parameters))
    values = numbers_of(dict(case.parameters), NUMPY)
    with np.errstate(all="ignore"):
        if kind == "fixed_point_count":
            count = Fraction(len(float_fixed_points(model, values, float(arguments["low"]), float(arguments["high"]))))
            return Enclosure(count, count, Level.OBSERVED, "float")
        if kind == "sample_deviation":
            route, balls = Evaluator(NUMPY, partial(target_values, model)), numbers_of(dict(case.parameters))
            value = float(sample_deviation(model, route, values, balls, arguments))
        else:
            value = float(_value(model, kind, names, values, arguments))
    return observed(value)


def observed(value: float) -> Enclosure:
    """Return an interval that the errors of double precision hardly leave."""
    if not math.isfinite(value):
        raise CannotAnswerError("double precision has no value there")
    spread = Fraction(_SPREAD * (1 + abs(value)))
    return Enclosure(Fraction(value) - spread, Fraction(value) + spread, Level.OBSERVED, "float")


def _value(  # noqa: PLR0911  # A quantity a line.
    model: MixtureModel, kind: str, names: tuple[str, ...], values: Numbers, own: Mapping[str, Any]
) -> Any:
    def map_of(name: str, at: Numbers) -> Any:
        return em(model, at)[name]

    if kind == "em_map":
        return map_of(names[0], values)
    if kind == "em_jacobian":
        return _difference(lambda at: map_of(names[0], at), values, names[1])
    if kind == "em_rate":
        rows = [[_difference(lambda at, p=p: map_of(p, at), values, q) for q in model.estimate] for p in model.estimate]
        return abs(np.linalg.eigvals(np.array(rows))).max()
    if kind == "log_likelihood":
        return _log_likelihood(model, values, values)
    if kind == "kl_divergence":
        return _log_likelihood(law_of_data(model, values, NUMPY), values, values) - _log_likelihood(
            model, values, values
        )
    if kind == "score":
        return _difference(lambda at: _log_likelihood(model, values, at), values, names[0])
    if kind in ("observed_information", "complete_information"):
        return _information(model, values, *names, complete=kind == "complete_information")
    if kind in ("hessian_min_eigenvalue", "hessian_max_eigenvalue"):
        rows = [[_information(model, values, p, q, complete=False) for q in model.estimate] for p in model.estimate]
        eigenvalues = np.linalg.eigvalsh(np.array(rows))
        return eigenvalues[0 if kind == "hessian_min_eigenvalue" else -1]
    if kind == "em_iterate":
        return float_iterate(model, values, own["t"])[names[0]]
    if kind == "posterior":
        place = {name: float(own[name]) for name in model.observed}
        logs = np.array(densities(model)({**values, **place}, NUMPY))
        return _softmax(logs)[component_of(own["j"])]
    if kind in ("stationary_point", "local_maximum", "kl_at_local_maximum"):
        limit = _limit(model, values, float(own["within"]))
        return limit[names[0]] if names else _value(model, "kl_divergence", (), limit, {})
    raise CannotAnswerError("this route shows nothing of the kind")


def _limit(model: MixtureModel, values: Numbers, within: float) -> Numbers:
    """Where EM ends, which is a local maximum unless it begins at another stationary point."""
    current = dict(values)
    for _ in range(_MAX_STEPS):
        after = em(model, current)
        if max(abs(after[name] - current[name]) for name in model.estimate) < _STAYS:
            break
        current.update(after)
    near = all(abs(current[name] - values[name]) <= within for name in model.estimate)
    if not near or _value(model, "hessian_min_eigenvalue", (), current, {}) <= _SPREAD:
        raise CannotAnswerError(f"EM does not end in a local maximum within {within}")
    return current


def float_fixed_points(model: MixtureModel, values: Numbers, low: float, high: float) -> list[float]:
    """Return where EM's map less the one estimated parameter changes its sign on a grid."""
    (name,) = model.estimate
    (domain,) = (each.domain for each in model.parameters if each.name == name)
    # An irregular grid, so that 0 and other known points are not on it.
    places = _GRIDS[domain](np.linspace(-1, 1.0037, _STARTS))

    def excess(place: float) -> float:
        return em(model, {**values, name: place})[name] - place

    signs = np.sign([excess(float(place)) for place in places])
    from scipy.optimize import brentq

    roots = [float(brentq(excess, places[i], places[i + 1])) for i in np.flatnonzero(signs[:-1] * signs[1:] < 0)]
    return [root for root in roots if low - _NEAR <= root <= high + _NEAR]


def float_iterate(model: MixtureModel, values: Numbers, steps: Fraction) -> Numbers:
    """Return the parameters after some steps of EM."""
    if steps > _MAX_STEPS:
        raise CannotAnswerError(f"at most {_MAX_STEPS} steps are followed by this route")
    current = dict(values)
    for _ in range(int(steps)):
        current.update(em(model, current))
    return current


def em(model: MixtureModel, values: Numbers) -> dict[str, float]:
    """Return the estimated parameters after one step of EM on the nodes."""
    wanted, program = _step(model)
    return dict(
        zip(model.estimate, map(float, program({**values, **_means(model, wanted, values)}, NUMPY)), strict=True)
    )


def target_values(model: MixtureModel, target: Target, values: Numbers) -> list[float]:
    """Return a target's expressions, of means over the nodes."""
    own = {**values, **_means(model, target.means, values)}
    return [float(value) for value in target.program(own, NUMPY)]


def _means(model: MixtureModel, wanted: Sequence[Mean], values: Numbers) -> dict[str, float]:
    place, weights = nodes(model, values)
    logs = densities(model)({**values, **place}, NUMPY)
    posteriors = _softmax(np.array([np.broadcast_to(log, weights.shape) for log in logs]))
    means = {}
    for mean in wanted:
        product_ = weights.copy()
        for name, a in zip(model.observed, mean.x, strict=True):
            product_ *= place[name] ** a
        for j in mean.posteriors:
            product_ *= posteriors[j]
        means[mean.symbol.name] = float(product_.sum())
    return means


@lru_cache(maxsize=64)
def _step(model: MixtureModel) -> tuple[tuple[Mean, ...], Program]:
    """The means that EM's map is made of, and their program, as they stand: differences leave what is 0 there."""
    update = [em_step(model).update[name] for name in model.estimate]
    return tuple({mean for each in update for mean in means_in(each)}), compiled(update)


@lru_cache(maxsize=8)
def _standard(size: int, across: int) -> tuple[FloatArray, FloatArray]:
    """Nodes of the standard normal law, a row for each coordinate, and their weights."""
    # Of a coordinate that stands for others the square is 1 in the mean, and nothing else of it matters.
    lines = [np.linspace(-_REACH, _REACH, _NODES[size])] * size + [np.array([-1.0, 1.0])] * across
    grid = np.array(list(product(*lines))).T
    density = np.exp(-(grid**2).sum(axis=0) / 2)
    return grid, density / density.sum()


def nodes(model: MixtureModel, values: Numbers) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return observations and their weights: the trapezoidal rule for each component of the data."""
    across = model.space is not None and model.space.across
    grid, density = _standard(len(model.observed) - across, across)
    parts: dict[str, list[FloatArray]] = {name: [] for name in model.observed}
    weights = []
    for index, weight in enumerate(data_weights(model)(values, NUMPY)):
        place: dict[str, Any] = {}
        for s, name in enumerate(model.observed):
            mean, variance = law_of(model, index, s)({**values, **place}, NUMPY)
            place[name] = mean + np.sqrt(variance) * grid[s]
            parts[name].append(np.broadcast_to(place[name], density.shape))
        weights.append(weight * density)
    return {name: np.concatenate(each) for name, each in parts.items()}, np.concatenate(weights)


def _logs(model: MixtureModel, law: Numbers, at: Numbers) -> tuple[FloatArray, FloatArray]:
    """Logs of weighted densities at one point on the nodes of the data's law at another, and the nodes' weights."""
    place, weights = nodes(model, law)
    logs = densities(model)({**at, **place}, NUMPY)
    return np.array([np.broadcast_to(log, weights.shape) for log in logs]), weights


def _log_likelihood(model: MixtureModel, law: Numbers, at: Numbers) -> float:
    logs, weights = _logs(model, law, at)
    largest = logs.max(axis=0)
    return float(weights @ (largest + np.log(np.exp(logs - largest).sum(axis=0))))


def _surrogate(model: MixtureModel, law: Numbers, at: Numbers) -> float:
    """Q(at given law)."""
    (old, weights), (new, _) = _logs(model, law, law), _logs(model, law, at)
    return float(weights @ (_softmax(old) * new).sum(axis=0))


def _information(model: MixtureModel, values: Numbers, p: str, q: str, *, complete: bool) -> float:
    def at(a: int, b: int) -> float:
        moved = {**values, p: values[p] + a * _STEP}
        moved[q] = moved[q] + b * _STEP
        if complete:
            return _surrogate(model, values, moved)
        return _log_likelihood(model, values, moved)

    return -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * _STEP**2)


def _difference(function: Any, values: Numbers, name: str) -> float:
    """The derivative, by the differences whose error is of fourth order."""

    def apart(steps: int) -> float:
        above, below = ({**values, name: values[name] + sign * steps * _SHORT} for sign in (1, -1))
        return float(function(above) - function(below)) / (2 * steps * _SHORT)

    return (4 * apart(1) - apart(2)) / 3


def _softmax(logs: FloatArray) -> FloatArray:
    terms = np.exp(logs - logs.max(axis=0))
    result: FloatArray = terms / terms.sum(axis=0)
    return result
