"""EM from θ = ±∞: the first step leads to ±E|X|, whatever is fitted besides, and the others are those of a model.

As θ → ∞, what EM's map, its slope and KL are for every larger θ (docs/error-bounds.md, section 15).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import flint
import sympy

from emtheory.numerics.alias import Alias
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.expectation.box import Box
from emtheory.numerics.expectation.program import (
    BALLS,
    Arithmetic,
    Dual,
    compiled,
    dual_arithmetic,
    numbers_of,
    variables,
)
from emtheory.numerics.family import BoxForm
from emtheory.numerics.models import aliases
from emtheory.numerics.models.evaluation import Balls, centred, is_narrow, middle, moving
from emtheory.numerics.models.float_values import NUMPY, float_iterate, observed
from emtheory.numerics.models.iterates import checked_steps, iterate, iterate_over
from emtheory.numerics.models.mp_values import mp_answer, mp_arithmetic, mp_iterate
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.refined import refined

_MU = sympy.Symbol("separation")
_MODULUS = _MU * sympy.erf(_MU / sympy.sqrt(2)) + sympy.sqrt(2 / sympy.pi) * sympy.exp(-(_MU**2) / 2)
_FIRST = compiled((_MODULUS, 1 + _MU**2 - _MODULUS**2))
"""E|X|, and E X² − (E|X|)²."""
_THETA = Alias("two-means", ("em_iterate(theta)",), start="theta")

Values = Mapping[str, Any]


def modulus(separation: flint.arb) -> flint.arb:
    """Return E|X|, which increases in μ."""
    low, high = (_FIRST({_MU.name: end})[0] for end in (separation.lower(), separation.upper()))
    found: flint.arb = low.union(high)
    return found


def route(alias: Alias, name: str) -> Callable[..., Enclosure]:
    """Return the function by which a route follows EM from any start."""
    return partial(_at, alias, name)


def box_form(alias: Alias) -> BoxForm:
    """Return how EM from any start is followed over boxes."""
    return BoxForm(partial(_value, alias), partial(_slopes, alias))


def from_infinity(case: Case, digits: int, t: Fraction, name: str) -> Enclosure:
    """Return what a route says of θ_t from infinity, weight and variance known."""
    return _at(_THETA, name, case, digits, math.inf, t)


def _at(alias: Alias, name: str, case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    if isinstance(start, Fraction):
        return aliases.route(alias, name)(case, digits, start=start, t=t)
    model, parameter, steps = packaged_models()[alias.model], _parameter(alias), _later(t)

    def placed(arithmetic: Arithmetic) -> dict[str, Any]:
        values = numbers_of(dict(case.parameters), arithmetic)
        return {**values, **_first(alias, values, start, arithmetic)}

    match name:
        case "ball":
            return refined(lambda accuracy: iterate(model, placed(BALLS), steps, accuracy)[parameter], digits, 0.0)
        case "mp":
            return mp_answer(
                lambda c: mp_iterate(c, model, placed(mp_arithmetic(c)), Fraction(steps))[parameter], digits
            )
        case "float":
            return observed(float_iterate(model, placed(NUMPY), Fraction(steps))[parameter])
    raise CannotAnswerError("from infinity it has no closed form")


def _first(alias: Alias, values: Values, start: float, arithmetic: Arithmetic = BALLS) -> dict[str, Any]:
    """The estimated parameters after the first step, but for a weight."""
    theta, variance = _FIRST(values, arithmetic)
    found = {"theta": theta if start > 0 else -theta, "fit_variance": variance}
    return {name: found[name] for name in packaged_models()[alias.model].estimate}


def _followed(alias: Alias, balls: Balls, accuracy: float, start: float, t: Fraction) -> tuple[tuple[str, ...], Dual]:
    """What varies over a box, and the parameter after t steps with its derivatives in that."""
    model, parameter, steps = packaged_models()[alias.model], _parameter(alias), _later(t)
    own = {each.name: balls[each.name] for each in model.parameters if each.name != "theta"}
    if is_narrow(own):
        return (), Dual(iterate(model, {**own, **_first(alias, own, start)}, steps, accuracy)[parameter], ())
    names, centre = moving(own), middle(own)
    inside = _first(alias, centre, start)
    duals = _first(alias, variables(own, names), start, dual_arithmetic(len(names)))
    around = centred(list(inside.values()), list(duals.values()), Box(centre, own, names))
    hull = dict(zip(inside, around, strict=True))
    first = {name: replace(dual, value=hull[name]) for name, dual in duals.items()}
    found = iterate_over(model, {**own, **hull}, steps, accuracy, names, {**centre, **inside}, first)
    return names, found[parameter]


def _value(alias: Alias, balls: Values, accuracy: float, arguments: Values) -> flint.arb:
    start, t = _checked(arguments)
    if isinstance(start, float):
        return _followed(alias, balls, accuracy, start, t)[1].value
    found: flint.arb = aliases.box_form(alias).value(balls, accuracy, arguments)
    return found


def _slopes(alias: Alias, balls: Values, accuracy: float, arguments: Values) -> Mapping[str, flint.arb]:
    start, t = _checked(arguments)
    if isinstance(start, float):
        names, found = _followed(alias, balls, accuracy, start, t)
        return dict(zip(names, found.slopes, strict=True))
    of_model: Any = aliases.box_form(alias).slopes
    finite: Mapping[str, flint.arb] = of_model(balls, accuracy, arguments)
    return finite


def _checked(arguments: Values) -> tuple[Any, Fraction]:
    checked_steps(arguments["t"])
    return arguments["start"], arguments["t"]


def _parameter(alias: Alias) -> str:
    return alias.quantities[0].partition("(")[2].rstrip(")")


def _later(t: Fraction) -> int:
    """The number of steps but the first; InputError for none from infinity, which is no number itself."""
    if t == 0:
        raise InputError("em_iterate: t = 0 from infinity is no number: E|X| is the first step, t = 1")
    return checked_steps(t) - 1


Tail = tuple[int, Sequence[tuple[flint.arb, flint.arb]]]
"""n, and pairs of balls between which c_0, c_1, … are: the value is θⁿ Σ c_i/θⁱ."""


def em_map_tail(p: Mapping[str, flint.arb]) -> Tail:
    """E|X| − [0, C]/θ²."""
    zero, odds = flint.arb(0), p["fit_weight"] / (1 - p["fit_weight"])
    loss = _density() * p["fit_variance"] ** 2 * flint.arb.pi() ** 2 / 24 * (1 + odds.max(1 / odds))
    return 0, [2 * (modulus(p["separation"]),), (zero, zero), (-loss, zero)]


def em_map_derivative_tail(p: Mapping[str, flint.arb]) -> Tail:
    """[0, C]/θ³."""
    twice = (p["fit_weight"] / (1 - p["fit_weight"])).log()
    return -3, [(flint.arb(0), _density() * p["fit_variance"] ** 2 * (flint.arb.pi() ** 2 / 6 + twice * twice / 2))]


def kl_divergence_tail(p: Mapping[str, flint.arb]) -> Tail:
    """θ²/(2v) − θE|X|/v, and what is bounded."""
    v, second = p["fit_variance"], 1 + p["separation"] * p["separation"]
    # −h is between −½ log(2πe E X²) and −½ log(2πe), h being the entropy of the truth.
    known = second / (2 * v) + v.log() / 2 - flint.arb(1) / 2
    least = p["fit_weight"].min(1 - p["fit_weight"])
    slope = -modulus(p["separation"]) / v
    return 2, [2 * (1 / (2 * v),), 2 * (slope,), (known - second.log() / 2, known - least.log())]


def _density() -> flint.arb:
    """The largest density that a mixture of normals with the variance 1 may have."""
    return (2 * flint.arb.pi()).rsqrt()
