"""EM from θ = ±∞: the first step leads to ±E|X|, whatever is fitted besides, and the others are those of a model."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import flint

from emtheory.numerics.alias import Alias
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.dual import Dual
from emtheory.numerics.family import BoxForm
from emtheory.numerics.models import aliases
from emtheory.numerics.models.evaluation import is_narrow
from emtheory.numerics.models.iterates import checked_steps, iterate, iterate_over
from emtheory.numerics.models.mp_values import mp_answer, mp_iterate
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.refined import refined
from emtheory.numerics.two_means.case import checked_start, two_means
from emtheory.theory.mixtures.model import MixtureModel

_PARAMETERS = ("theta", "separation", "truth_weight", "fit_weight", "fit_variance")
_THETA = Alias("two-means", ("em_iterate(theta)",), start="theta")


def first_step(separation: flint.arb) -> flint.arb:
    """Return M(∞) = E|X| = μ erf(μ/√2) + √(2/π) e^{−μ²/2}, which increases in μ."""

    def mean(mu: flint.arb) -> flint.arb:
        return mu * (mu / flint.arb(2).sqrt()).erf() + (2 / flint.arb.pi()).sqrt() * (-mu * mu / 2).exp()

    return mean(separation.lower()).union(mean(separation.upper()))


def route(alias: Alias, parameter: str, name: str) -> Callable[..., Enclosure]:
    """Return the function by which a route follows EM from any start."""
    return partial(_at, alias, parameter, name)


def box_form(alias: Alias, parameter: str) -> BoxForm:
    """Return how EM from any start is followed over boxes."""
    return BoxForm(partial(_value, alias, parameter), partial(_slopes, alias, parameter))


def from_infinity(case: Case, digits: int, t: Fraction) -> Enclosure:
    """Return θ_t from infinity, weight and variance known."""
    return _at(_THETA, "theta", "ball", case, digits, math.inf, t)


def _at(
    alias: Alias, parameter: str, name: str, case: Case, digits: int, start: Fraction | float, t: Fraction
) -> Enclosure:
    checked_start(start, t)
    if isinstance(start, Fraction):
        return aliases.route(alias, name)(case, digits, start=start, t=t)
    p, model = two_means(case), packaged_models()[alias.model]
    if name == "ball":
        checked_steps(t)
        return refined(lambda accuracy: _followed(alias, parameter, p.balls(), accuracy, start, t), digits, 0.0)
    if name != "mp":
        raise CannotAnswerError("from infinity it has no closed form")

    def compute(context: Any) -> Any:
        values = {key: context.mpf(value.numerator) / value.denominator for key, value in case.rationals.items()}
        mu = values["separation"]
        mean = mu * context.erf(mu / context.sqrt(2)) + context.sqrt(2 / context.pi) * context.exp(-mu * mu / 2)
        place = {**values, "theta": math.copysign(1, start) * mean}
        if "fit_variance" in model.estimate:
            place["fit_variance"] = 1 + mu * mu - mean * mean
        return mp_iterate(context, model, place, t - 1)[parameter]

    return mp_answer(compute, digits)


def _from_infinity(
    alias: Alias, balls: Mapping[str, flint.arb], accuracy: float, start: float, t: Fraction
) -> Mapping[str, Dual]:
    """The estimated parameters after t ≥ 1 steps, with derivatives in what varies: dE|X|/dμ = erf(μ/√2)."""
    model = packaged_models()[alias.model]
    own = {each.name: balls[each.name] for each in model.parameters if each.name != "theta"}
    moving = tuple(name for name, value in own.items() if not value.is_exact())
    mu, sign = own["separation"], math.copysign(1, start)
    slope = (mu / flint.arb(2).sqrt()).erf()

    first = _first(model, own, start)
    slopes = {"theta": sign * slope, "fit_variance": 2 * mu - 2 * sign * slope * first["theta"]}
    duals = {
        name: Dual(value, tuple(slopes[name] if each == "separation" else flint.arb(0) for each in moving))
        for name, value in first.items()
    }
    centre = {name: value.mid() if name in moving else value for name, value in own.items()}
    middle = {**centre, **_first(model, centre, start)}
    return iterate_over(model, {**own, **first}, int(t) - 1, accuracy, moving, middle, duals)


def _first(model: MixtureModel, at: Mapping[str, flint.arb], start: float) -> dict[str, flint.arb]:
    """What the first step from infinity makes of the estimated parameters: of the variance E X² − θ²."""
    theta = math.copysign(1, start) * first_step(at["separation"])
    variance = 1 + at["separation"] ** 2 - theta * theta
    return {"theta": theta, "fit_variance": variance} if "fit_variance" in model.estimate else {"theta": theta}


def _followed(
    alias: Alias, parameter: str, balls: Mapping[str, flint.arb], accuracy: float, start: float, t: Fraction
) -> flint.arb:
    """A parameter after t ≥ 1 steps."""
    model = packaged_models()[alias.model]
    own = {each.name: balls[each.name] for each in model.parameters if each.name != "theta"}
    if is_narrow(own):
        return iterate(model, {**own, **_first(model, own, start)}, int(t) - 1, accuracy)[parameter]
    return _from_infinity(alias, balls, accuracy, start, t)[parameter].value


def _value(
    alias: Alias, parameter: str, balls: Mapping[str, Any], accuracy: float, arguments: Mapping[str, Any]
) -> flint.arb:
    start, t = _checked(arguments)
    if isinstance(start, float):
        return _followed(alias, parameter, balls, accuracy, start, t)
    found: flint.arb = aliases.box_form(alias).value(balls, accuracy, arguments)
    return found


def _slopes(
    alias: Alias, parameter: str, balls: Mapping[str, Any], accuracy: float, arguments: Mapping[str, Any]
) -> Mapping[str, flint.arb]:
    start, t = _checked(arguments)
    if not isinstance(start, float):
        of_model: Any = aliases.box_form(alias).slopes
        finite: Mapping[str, flint.arb] = of_model(balls, accuracy, arguments)
        return finite
    moving = tuple(
        name for name, value in balls.items() if name in _PARAMETERS and name != "theta" and not value.is_exact()
    )
    own = {name: balls[name] for name in _PARAMETERS if name in balls}
    found = _from_infinity(alias, own, accuracy, start, t)[parameter]
    order = [each.name for each in packaged_models()[alias.model].parameters if each.name in moving]
    return dict(zip(order, found.slopes, strict=True))


def _checked(arguments: Mapping[str, Any]) -> tuple[Any, Fraction]:
    start, t = arguments["start"], arguments["t"]
    if not isinstance(t, Fraction):
        raise CannotAnswerError("the number of steps varies")
    checked_start(Fraction(0) if isinstance(start, flint.arb) else start, t)
    return start, t
