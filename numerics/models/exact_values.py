"""What is exact of a model: at the truth, and where no posterior depends on the observation."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.constant import Constant, Real
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import Program, compiled, numbers_of
from emtheory.numerics.models.iterates import checked_steps
from emtheory.theory.mixtures.constant_posteriors import Place, value_at
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.derivatives import DERIVED, derived
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import without_across
from emtheory.theory.mixtures.model import ZERO, MixtureModel
from emtheory.theory.mixtures.reading import model_of
from emtheory.theory.mixtures.truth import central_points, is_one_law, rests, truths

_ELSEWHERE = "it is exact at the truth and where posteriors are constant only"
_EXACT = ("kl_divergence", "em_iterate", "em_rate", *DERIVED)
_STEPS_TO_REST = 2
"""Of EM from where posteriors are constant: the first leads to moments, at which it stays if it rests there at all."""


def exact(kind: str, names: tuple[str, ...], case: Case, digits: int, **arguments: Any) -> Enclosure:
    """Return an exact value, where one is known; CannotAnswerError elsewhere."""
    model = model_of(case.family)
    values = dict(case.parameters)
    if kind not in _EXACT:
        raise CannotAnswerError("algebra alone does not give this quantity")
    truth = is_truth(model, values)
    if truth and kind == "kl_divergence":
        return exact_enclosure(rational(0), digits)
    if kind in ("em_map", "em_iterate", "score") and (truth or _rests(model, values)):
        return exact_enclosure(rational(0), digits) if kind == "score" else _rational(_exact(values[names[0]]), digits)
    zeros = [each.name for each in model.parameters if each.domain == ZERO]
    if kind == "em_iterate" and (arguments["t"] == 0 or names[0] in zeros):
        return _rational(_exact(values[names[0]]), digits)
    place = _place(model, values)
    if kind == "em_iterate":
        return _rational(_iterated(model, place, checked_steps(arguments["t"]))[names[0]], digits)
    if kind == "em_rate":
        return _rational(_spectral_radius(model, place), digits)
    if kind == "kl_divergence":
        raise CannotAnswerError(_ELSEWHERE)
    return _rational(_value(model, kind, names, place), digits)


def _rational(value: sympy.Expr, digits: int) -> Enclosure:
    if not value.is_Rational:
        raise CannotAnswerError("its exact value is no rational number")
    return exact_enclosure(rational(Fraction(int(value.p), int(value.q))), digits)


def _value(model: MixtureModel, kind: str, names: tuple[str, ...], place: Place) -> sympy.Expr:
    expression = without_across(derived(model, kind, *names), model)
    return expression if expression.is_Rational else _constant_value(model, expression, place)


def _iterated(model: MixtureModel, place: Place, steps: int) -> Mapping[str, sympy.Expr]:
    """The estimated parameters after some steps, posteriors being constant before each of them, as where EM rests."""
    symbols = {each.name: each.symbol for each in model.parameters if each.name in model.estimate}
    for _ in range(steps):
        new = {symbol: _value(model, "em_map", (name,), place) for name, symbol in symbols.items()}
        if new.items() <= place.items():
            break
        place = {**place, **new}
    return {name: place[symbol] for name, symbol in symbols.items()}


def _spectral_radius(model: MixtureModel, place: Place) -> sympy.Expr:
    """The spectral radius of a Jacobian of which all eigenvalues are rational."""
    rows = [[_value(model, "em_jacobian", (p, q), place) for q in model.estimate] for p in model.estimate]
    roots = sympy.Matrix(rows).charpoly().as_poly().ground_roots()
    if sum(roots.values()) < len(rows):
        raise CannotAnswerError("its exact value is no rational number")
    return max(map(abs, roots))


def is_truth(model: MixtureModel, values: dict[str, Real]) -> bool:
    """Return whether the fit is the data's law, its components in any order and equal ones taken together."""
    return _may_be_truth(model, values) and is_one_law(model.fit, model.data, _place(model, values))


def _rests(model: MixtureModel, values: Mapping[str, Real]) -> bool:
    """Whether EM is seen to rest at parameters that are no truth."""
    if not rests(model):
        return False
    place = _place(model, values)
    symbols = {each.name: each.symbol for each in model.parameters}
    return any(_holds(each.values, symbols, place) and _holds(each.conditions, symbols, place) for each in rests(model))


def _holds(equations: Mapping[str, sympy.Expr], symbols: Mapping[str, sympy.Symbol], place: Place) -> bool:
    """Whether parameters are what equations say."""
    return all(sympy.expand(place[symbols[p]] - value.subs(place)) == 0 for p, value in equations.items())


@lru_cache(maxsize=64)
def _arguments(model: MixtureModel) -> Program:
    parts = (part for each in (*model.fit, *model.data) for part in each.laws)
    return compiled(
        [argument.subs(dict.fromkeys(model.coordinates, 1)) for part in parts for argument in part.arguments]
    )


def _may_be_truth(model: MixtureModel, values: dict[str, Real]) -> bool:
    """Whether each component of the fit has the arguments of one of the data, as far as balls tell."""
    numbers = _arguments(model)(numbers_of(values))
    size = len(numbers) // (len(model.fit) + len(model.data))
    rows = [numbers[i : i + size] for i in range(0, len(numbers), size)]
    fit, data = rows[: len(model.fit)], rows[len(model.fit) :]
    return all(any(all(a.overlaps(b) for a, b in zip(x, y, strict=True)) for y in data) for x in fit)


@lru_cache(maxsize=64)
def _varying(model: MixtureModel) -> Program:
    """The coefficients of the log-ratios that are not constant in the observation."""
    logs = log_components(model)
    ratios = [sympy.Poly(sympy.expand(log - logs[0], log=False), *model.coordinates) for log in logs[1:]]
    return compiled([c for ratio in ratios for exponents, c in ratio.terms() if any(exponents)])


def known_fixed_points(model: MixtureModel, values: Mapping[str, Real]) -> frozenset[Fraction]:
    """Return the rational values of the one estimated parameter at which EM is seen to rest by algebra.

    Parameters that are not given are any.
    """
    return _known_fixed_points(model, tuple(each for each in values.items() if each[0] not in model.estimate))


@lru_cache(maxsize=256)
def _known_fixed_points(model: MixtureModel, values: tuple[tuple[str, Real], ...]) -> frozenset[Fraction]:
    symbols = {each.name: each.symbol for each in model.parameters}
    place = {**{symbol: symbol for symbol in symbols.values()}, **_place(model, dict(values))}
    (name,) = model.estimate
    centre = {**place, symbols[name]: sympy.Integer(0)} if symbols[name].is_positive is None else None
    rests_at_zero = centre is not None and value_at(model, em_step(model).update[name], centre) == 0
    found = {Fraction(0)} if rests_at_zero else set()
    for truth in (*truths(model), *rests(model)):
        if _holds(truth.conditions, symbols, place):
            value = truth.values[name].subs(place)
            found |= {Fraction(int(value.p), int(value.q))} if value.is_Rational else set()
    return frozenset(found)


def known_stationary_points(model: MixtureModel, values: Mapping[str, Real]) -> list[Mapping[str, sympy.Expr]]:
    """Return estimated parameters at which EM is seen to rest by algebra: the truth, and centres of symmetry."""
    place = _place(model, values)
    known = {symbol: value for symbol, value in place.items() if symbol.name not in model.estimate}
    symbols = {each.name: each.symbol for each in model.parameters}
    found: list[Mapping[str, sympy.Expr]] = []
    for truth in (*truths(model), *rests(model)):
        if _holds(truth.conditions, symbols, known):
            found.append({name: value.subs(known) for name, value in truth.values.items()})
    for name in central_points(model):
        centre = {**place, symbols[name]: sympy.Integer(0)}
        try:
            rest = _iterated(model, centre, _STEPS_TO_REST)
            further = _iterated(model, {**centre, **{symbols[p]: value for p, value in rest.items()}}, 1)
        except CannotAnswerError:
            continue
        found += [rest] if rest == further else []
    return found


def _place(model: MixtureModel, values: Mapping[str, Real]) -> Place:
    symbols = {each.name: each.symbol for each in model.parameters}
    return {symbols[name]: _exact(value) for name, value in values.items() if name in symbols}


def _exact(value: Real) -> sympy.Expr:
    return value.expression if isinstance(value, Constant) else sympy.Rational(value.numerator, value.denominator)


def _constant_value(model: MixtureModel, expression: sympy.Expr, place: Place) -> sympy.Expr:
    """The value of an expression in means where log-ratios do not depend on the observation."""
    numbers = {symbol.name: compiled((value,))({})[0] for symbol, value in place.items()}
    if any(not coefficient.contains(0) for coefficient in _varying(model)(numbers)):
        raise CannotAnswerError(_ELSEWHERE)
    value = value_at(model, expression, place)
    if value is None:
        raise CannotAnswerError(_ELSEWHERE)
    return value
