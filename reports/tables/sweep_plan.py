"""From the options of `emtheory sweep` to the cells of its grid, all of them checked before one is computed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from emtheory.numerics.arithmetic.constant import Real, real_number
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import MAX_DIGITS
from emtheory.numerics.families import check_family, find_family
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import check_arguments, check_point
from emtheory.numerics.sweep.cell import Cell, cell_key
from emtheory.numerics.sweep.grid import MAX_CELLS, parse_integers, parse_rationals
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import Call
from emtheory.reports.language.parser import parse_quantity, parse_statement

_MAX_COMPONENTS = 1 << 26
"""Of all mixtures of a grid together: each is made before the first cell is computed."""


def plan_sweep(
    k: str,
    weights: Sequence[str],
    quantities: Sequence[str],
    radius: str | None,
    d: str | None,
    digits: int,
    route: str,
) -> dict[str, Cell]:
    """Return key → cell for the grid, in the order k, weights, d, quantity, radius; InputError if a cell is no case.

    k, d and radius are grids as text (`emtheory.numerics.sweep.grid`); d defaults to k − 1, and a quantity that needs
    no point has no radius. Weight families may be several in one text, parted by commas; a list of weights is a text of
    its own, or has semicolons instead. Arguments of quantities, as in ``posterior_power(m=1)``, may use k.
    """
    calls = [_call(text) for text in dict.fromkeys(quantities)]
    families = [family for text in weights for family in _families(text)]
    if not calls or not families:
        raise InputError(f"a sweep over no {'weights' if calls else 'quantity'} is an error, not an empty table")
    ks = parse_integers(k, "k")
    dimensions = (None,) if d is None else parse_integers(d, "d")
    radii = () if radius is None else parse_rationals(radius, "radius")
    _check_radii(calls, radii, given=radius is not None)
    mixtures = len(ks) * len(families) * len(dimensions)
    _check_size(mixtures * sum(len(radii) if _at_point(call) else 1 for call in calls), digits)
    for end in (ks[0], ks[-1]):
        make_case(end, "uniform")
    components = sum(ks) * len(families) * len(dimensions)
    if components > _MAX_COMPONENTS:
        raise InputError(f"the mixtures of the grid have {components} components; at most {_MAX_COMPONENTS} in all")
    cells = {}
    for size, family, dimension in product(ks, dict.fromkeys(families), dimensions):
        case = make_case(size, family, dimension)
        for call in calls:
            for at in radii if _at_point(call) else (None,):
                cell, there = _cell(case, family, call, at, digits, route)
                cells[cell_key(cell, there, code_fingerprint())] = cell
    return cells


def plan_model_sweep(
    family: str, places: Mapping[str, str], quantities: Sequence[str], digits: int, route: str
) -> dict[str, Cell]:
    """Return key → cell for a grid of parameters of a model, in the order of the parameters, quantity by quantity.

    `places` has values as text, parted by commas: exact numbers, formulas such as ``sqrt(2)``, and ranges ``0:5:1/2``.
    InputError if anything is malformed.
    """
    calls = [parse_quantity(text, family) for text in dict.fromkeys(quantities)]
    if not calls:
        raise InputError("a sweep over no quantity is an error, not an empty table")
    grids = {name: _values(text, name) for name, text in places.items()}
    _check_size(math.prod(map(len, grids.values())) * len(calls), digits)
    cells = {}
    for values in product(*grids.values()):
        case = find_family(family).case(dict(zip(grids, values, strict=True)))
        for call in calls:
            quantity = find_quantity(call.quantity)
            check_family(quantity, case)
            arguments = tuple(sorted(check_arguments(quantity, arguments_of(call, case), 0).items()))
            cell = Cell(0, "", 1, None, call.quantity, arguments, digits, route, family, case.parameters)
            cells[cell_key(cell, case, code_fingerprint())] = cell
    return cells


def _check_size(count: int, digits: int) -> None:
    if not 1 <= digits <= MAX_DIGITS:
        raise InputError(f"digits = {digits} is out of range: 1 to {MAX_DIGITS}")
    if count > MAX_CELLS:
        raise InputError(f"the grid has {count} cells; at most {MAX_CELLS} are accepted")


def _values(text: str, name: str) -> tuple[Real, ...]:
    """The values of a parameter, in the order given but for ranges."""
    found: list[Real] = []
    for part in text.split(","):
        found += parse_rationals(part, name) if ":" in part else [real_number(part.strip(), name)]
    return tuple(dict.fromkeys(found))


def _families(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if ";" not in text and not any(part[:1].isalpha() for part in parts):  # numbers: no family begins with a digit
        return [",".join(parts)]
    return [part.replace(";", ",") for part in parts]


def _call(text: str) -> Call:
    try:
        call = parse_statement(f"{text} == 0").operands[0]
    except InputError as error:
        raise InputError(f"quantity {text[:60]!r}: {error}") from None
    if not isinstance(call, Call):
        raise InputError(f"quantity {text[:60]!r}: write the name of a quantity, such as posterior_power(m=1)")
    return call


def _cell(case: Case, family: str, call: Call, radius: Fraction | None, digits: int, route: str) -> tuple[Cell, Case]:
    there = replace(case, radius=radius)
    quantity = find_quantity(call.quantity)
    try:
        arguments = check_arguments(quantity, arguments_of(call, there), case.k)
        check_point(quantity, there)
    except InputError as error:
        raise InputError(f"k = {case.k}, weights {family}: {error}") from None
    pairs = tuple(sorted(arguments.items()))
    return Cell(case.k, family, case.d, radius, call.quantity, pairs, digits, route), there


def _at_point(call: Call) -> bool:
    return find_quantity(call.quantity).needs_point


def _check_radii(calls: Sequence[Call], radii: Sequence[Fraction], *, given: bool) -> None:
    negative = next((radius for radius in radii if radius < 0), None)
    if negative is not None:
        raise InputError(f"radius {negative} is negative")
    at_point = [call.quantity for call in calls if _at_point(call)]
    if at_point and not given:
        raise InputError(f"{at_point[0]} needs a point: give a radius")
    if given and not at_point:
        raise InputError("radius is given, but none of the quantities depends on a point")
