"""The corners of a box that bound a monotone quantity on it."""

from fractions import Fraction
from math import ceil, floor

from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import INTEGERS
from emtheory.reports.decide.boxes.cell import Sides
from emtheory.reports.language.expression import Call, Symbol
from emtheory.reports.language.span import Point


def corner(call: Call, sides: Sides, side: int) -> Point:
    """Return where a monotone quantity is lowest (side −1) or highest; whole numbers are rounded outwards."""
    quantity, found = find_quantity(call.quantity), {name: ends[0] for name, ends in sides.items()}
    kinds = {argument.name: argument.kind for argument in quantity.arguments}
    for name, symbol in (*call.arguments, ("radius", Symbol("radius"))):
        if name in quantity.monotone and isinstance(symbol, Symbol) and symbol.name in sides:
            upper = quantity.monotone[name] == side
            end = sides[symbol.name][upper]
            found[symbol.name] = (
                end if kinds.get(name) not in INTEGERS else Fraction(ceil(end) if upper else floor(end))
            )
    return found
