"""The quantities of a model in balls: at a case, and over balls of its parameters."""

import math
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import sympy

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import BALLS, Program, compiled, numbers_of
from emtheory.numerics.models.deviation import Evaluator, sample_deviation
from emtheory.numerics.models.evaluation import (
    Balls,
    check_domain,
    check_weights,
    enclosures,
    law_of_data,
    log_likelihood,
)
from emtheory.numerics.models.exact_values import known_fixed_points, known_stationary_points
from emtheory.numerics.models.fixed_points import fixed_points
from emtheory.numerics.models.iterates import checked_steps, iterate, stationary_point
from emtheory.numerics.models.spectrum import eigenvalue, rows_of, spectral_radius
from emtheory.numerics.models.targets import information_target, jacobian_target, scalar_target
from emtheory.numerics.refined import MAX_ATTEMPTS, SLACK, refined
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import model_of

Arguments = Mapping[str, Any]
"""Name → value of a quantity's own arguments: a fraction, an infinite float, or a ball where it varies."""

_TRIAL = 18.0
"""L of a first attempt in several coordinates, where it costs little and tells how much larger L has to be."""
_ATTEMPTS_OF_ITERATES = 3
"""Many steps are dear, and one that is not told from 0 with four times the digits wanted is taken for what may be 0."""


def ball(kind: str, names: tuple[str, ...], case: Case, digits: int, **arguments: Any) -> Enclosure:
    """Return a proved enclosure of a quantity."""
    model = model_of(case.family)
    exact = dict(case.parameters)
    check_domain(model, exact)
    if kind == "fixed_point_count":
        arguments = {**arguments, "known": known_fixed_points(model, exact)}
    elif kind in ("stationary_point", "local_maximum"):
        arguments = {**arguments, "known": known_stationary_points(model, exact)}

    def compute(accuracy: float) -> flint.arb:
        return value_over(model, kind, names, numbers_of(exact), accuracy, arguments)

    attempts = _ATTEMPTS_OF_ITERATES if kind == "em_iterate" else MAX_ATTEMPTS
    lost = 0.0
    if len(model.observed) > 1:
        with arb_precision(working_bits(_TRIAL)):
            lost = _TRIAL - compute(_TRIAL).rel_accuracy_bits() * math.log(2)
    return refined(compute, digits, min(max(lost - SLACK, 0.0) + 5, _TRIAL), attempts=attempts)


def value_over(
    model: MixtureModel, kind: str, names: tuple[str, ...], values: Balls, accuracy: float, arguments: Arguments
) -> flint.arb:
    """Return a ball that contains a quantity for all parameters in balls, at Arb's precision in force."""
    evaluator = Evaluator(
        BALLS, lambda target, at: enclosures(model, target, at, accuracy), flint.arb.max, flint.arb.min
    )
    special: Mapping[str, Callable[[], flint.arb]] = {
        "log_likelihood": lambda: log_likelihood(model, values, accuracy),
        "kl_divergence": lambda: kl_divergence(model, values, accuracy),
        "em_rate": lambda: spectral_radius(rows_of(enclosures(model, jacobian_target(model), values, accuracy))),
        "hessian_min_eigenvalue": lambda: _information(model, values, accuracy, largest=False),
        "hessian_max_eigenvalue": lambda: _information(model, values, accuracy, largest=True),
        "em_iterate": lambda: iterate(model, values, checked_steps(arguments["t"]), accuracy)[names[0]],
        "posterior": lambda: posterior(model, values, arguments),
        "stationary_point": lambda: _or_known(
            stationary_point(model, values, as_ball(arguments["within"]), accuracy), names[0], values, arguments
        ),
        "local_maximum": lambda: _or_known(
            local_maximum(model, values, as_ball(arguments["within"]), accuracy), names[0], values, arguments
        ),
        "kl_at_local_maximum": lambda: kl_divergence(
            model, local_maximum(model, values, as_ball(arguments["within"]), accuracy), accuracy
        ),
        "sample_deviation": lambda: sample_deviation(model, evaluator, values, values, arguments),
        "fixed_point_count": lambda: flint.arb(
            len(fixed_points(model, values, arguments["low"], arguments["high"], _known(model, values, arguments)))
        ),
    }
    if kind in special:
        return special[kind]()
    return enclosures(model, scalar_target(model, kind, *names), values, accuracy)[0]


def kl_divergence(model: MixtureModel, values: Balls, accuracy: float) -> flint.arb:
    """Return KL(data ‖ fit)."""
    of_data, of_fit = (log_likelihood(law, values, accuracy) for law in (law_of_data(model, values), model))
    return of_data - of_fit


def local_maximum(model: MixtureModel, values: Balls, within: flint.arb, accuracy: float) -> Balls:
    """Return the only stationary point within a distance, if it is seen to be a strict local maximum of E log p."""
    place = stationary_point(model, values, within, accuracy)
    if not _information(model, place, accuracy, largest=False) > 0:
        raise CannotAnswerError("the stationary point is not shown to be a strict local maximum")
    return place


def _or_known(found: Balls, name: str, values: Balls, arguments: Arguments) -> flint.arb:
    """A parameter at a stationary point, the only one within a distance; exactly if one that is known is there."""
    within = as_ball(arguments["within"])
    for point in arguments.get("known", ()):
        known: Balls = dict(zip(point, compiled(list(point.values()))({}), strict=True))
        if all(abs(known[p] - values[p]) <= within for p in known):
            return known[name]
    return found[name]


def _known(model: MixtureModel, values: Balls, arguments: Arguments) -> Collection[Fraction]:
    """Fixed points that are known by algebra, at a case, or wherever the parameters are that vary over a box."""
    if "known" in arguments:
        known: Collection[Fraction] = arguments["known"]
        return known
    return known_fixed_points(model, {name: ball_bounds(each)[0] for name, each in values.items() if each.is_exact()})


def _information(model: MixtureModel, values: Balls, accuracy: float, *, largest: bool) -> flint.arb:
    rows = rows_of(enclosures(model, information_target(model), values, accuracy))
    return eigenvalue(rows, accuracy, largest=largest)


@lru_cache(maxsize=128)
def posterior_program(model: MixtureModel, j: int) -> Program:
    """Return 1/Σ_i e^{l_i − l_j} as a program in the parameters and the coordinates."""
    logs = log_components(model)
    return compiled([1 / sympy.Add(*(sympy.exp(sympy.expand(log - logs[j], log=False)) for log in logs))])


def component_of(j: object) -> int:
    """Return the number of a component, which is one; CannotAnswerError if it varies."""
    if not isinstance(j, Fraction):
        raise CannotAnswerError("the component varies")
    return int(j)


def posterior(model: MixtureModel, values: Balls, arguments: Arguments) -> flint.arb:
    """Return γ_j at an observation."""
    check_weights(model, values)
    place = {name: as_ball(arguments[name]) for name in model.observed}
    value: flint.arb = posterior_program(model, component_of(arguments["j"]))({**values, **place})[0]
    return value


def as_ball(value: Any) -> flint.arb:
    """Return a number as a ball; a ball as it is."""
    return flint.arb(to_fmpq(value)) if isinstance(value, Fraction) else value
