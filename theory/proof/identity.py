"""Equations decided by algebra, and evaluated at exact points as a control of the algebra."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from math import prod
from operator import add
from types import MappingProxyType

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.cyclotomic import reduce_expression
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import entries_at, scattered
from emtheory.theory.proof.mean import Mean
from emtheory.theory.sums import COUNT, SIZES, canonical, cleared, settled

POINTS = 3
"""At which each equation is evaluated beside its proof. A choice: a wrong one shows at the first as a rule."""

COUNTS = (2, 3, 4)
"""Numbers of components at which steps with a symbolic one are evaluated."""

DIGITS = 50
"""To which both sides are evaluated there."""

TOLERANCE = sympy.Rational(1, 10**30)
"""Below which two sides evaluated to so many digits count as equal: twenty digits are left to cancellation."""

Entries = list[sympy.Expr]
Point = Mapping[sympy.Basic, sympy.Rational]


def _by_logarithms(difference: sympy.Expr) -> sympy.Expr:
    """Write powers with symbols in the exponent, and exponentials, by logarithms that are multiplied out."""

    def rewritten(power: sympy.Expr) -> sympy.Expr:
        base, exponent = power.as_base_exp()
        return sympy.exp(sympy.expand(exponent * sympy.expand_log(sympy.log(base)), log=True))

    def involved(part: sympy.Basic) -> bool:
        return isinstance(part, sympy.exp) or (part.is_Pow and not part.exp.is_Rational)

    collected: dict[sympy.Expr, sympy.Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(difference.replace(involved, rewritten))):
        factors = sympy.Mul.make_args(term)
        exponent = sympy.Add(*(factor.args[0] for factor in factors if isinstance(factor, sympy.exp)))
        rest = sympy.Mul(*(factor for factor in factors if not isinstance(factor, sympy.exp)))
        power = sympy.exp(sympy.cancel(sympy.together(exponent)))
        collected[power] = collected.get(power, sympy.S.Zero) + rest
    return sympy.Add(*(power * sympy.cancel(sympy.together(rest)) for power, rest in collected.items()))


METHODS: Mapping[str, Callable[[sympy.Expr], sympy.Expr]] = MappingProxyType(
    {
        "expansion": sympy.expand,
        "roots of unity": reduce_expression,
        "common denominator": lambda difference: sympy.expand(sympy.together(difference).as_numer_denom()[0]),
        "exponentials": lambda difference: sympy.expand(
            sympy.together(difference.rewrite(sympy.exp)).as_numer_denom()[0]
        ),
        "sums over components": cleared,
        "logarithms": _by_logarithms,
        "factorials": lambda difference: sympy.expand(difference.rewrite(sympy.gamma), func=True),
    }
)


@lru_cache(maxsize=4096)
def identity(lhs: sympy.Basic, rhs: sympy.Basic) -> tuple[str, int]:
    """Prove an equation by entries; return what brought lhs − rhs to 0, and at how many exact points they agreed."""
    pairs = _pairs(lhs, rhs)
    # Points first, of all entries: they show in no time what is wrong.
    number = max(_agreeing(*pair) for pair in pairs)
    needed = {_proved(*pair) for pair in pairs}
    return next(method for method in reversed([*METHODS]) if method in needed), number


def _pairs(lhs: sympy.Basic, rhs: sympy.Basic) -> list[tuple[sympy.Basic, sympy.Basic]]:
    """Return entries side by side, of a matrix that was changed those anew only, or sides whole if k is wanted."""
    sides = lhs, rhs
    if any(isinstance(side, sympy.MatrixExpr) and COUNT in side.free_symbols for side in sides):
        return [sides]
    left, right = (side if isinstance(side, sympy.MatrixBase) else _in_entries(side) for side in sides)
    if left.shape != right.shape:
        raise DerivationError("the sides have different shapes")
    return [*zip(left, right, strict=True)]


@lru_cache(maxsize=4096)
def _in_entries(side: sympy.Basic) -> sympy.MatrixBase:
    """Return a product or sum of matrices in entries, and an expression as it stands as a 1 × 1 matrix."""
    return evaluated(side) if isinstance(side, sympy.MatrixExpr) else sympy.ImmutableMatrix([[side]])


@lru_cache(maxsize=65536)
def _agreeing(lhs: sympy.Basic, rhs: sympy.Basic) -> int:
    """Evaluate both sides at exact points; return at how many."""
    number = 0
    for left_values, right_values, point in instances(*opaque(lhs, rhs)):
        number += 1
        pairs = list(zip(left_values, right_values, strict=True))
        # No method brings that to 0, and to evaluate it may take minutes: it may diverge.
        if any(a.has(sympy.Integral) != b.has(sympy.Integral) for a, b in pairs):
            raise DerivationError("one side has an integral that is not known, and the other has none")
        if not all(_agree(a, b) for a, b in pairs):
            raise DerivationError(f"the sides differ at {point}")
    return number


@lru_cache(maxsize=65536)
def _proved(lhs: sympy.Basic, rhs: sympy.Basic) -> str:
    """Bring the difference of the sides to 0; return the last method that an entry needs."""
    left, right = opaque(evaluated(lhs), evaluated(rhs))
    if left.shape != right.shape:
        raise DerivationError("the sides have different shapes")
    needed = {_vanishing_method(a - b) for a, b in zip(left, right, strict=True)}
    if None in needed:
        raise DerivationError("the difference of the sides could not be brought to 0")
    return next(method for method in reversed([*METHODS]) if method in needed)


@lru_cache(maxsize=4096)
def vanishes(expression: sympy.Expr) -> bool:
    """Whether one of the methods brings an expression to 0; none is tried where its value at a point is another."""
    return not _differs_at_a_point(expression) and _vanishing_method(settled(expression)) is not None


def _differs_at_a_point(expression: sympy.Expr) -> bool:
    """Whether the expression has a value at the first of the exact points that is not 0; methods take far longer."""
    values, *_ = next(instances(expression, sympy.S.Zero, 1))
    numbers = [value.evalf(DIGITS) for value in values]
    return any(number.is_Number and number.is_finite and abs(number) > TOLERANCE for number in numbers)


def evaluated(side: sympy.Basic) -> sympy.MatrixBase:
    """Evaluate a side; a scalar becomes a 1 × 1 matrix."""
    value = _explicit(settled(side))
    return value if isinstance(value, sympy.MatrixBase) else sympy.ImmutableMatrix([[value]])


def _explicit(value: sympy.Basic) -> sympy.Basic:
    """Write out a matrix expression; SymPy by itself would find a sum for each entry of a product."""
    if isinstance(value, sympy.MatAdd):
        return reduce(add, map(_explicit, value.args))
    if isinstance(value, sympy.MatMul):
        factor, matrices = value.as_coeff_matrices()
        return factor * prod(map(_explicit, matrices))
    return value.as_explicit() if isinstance(value, sympy.MatrixExpr) else value


@lru_cache(maxsize=4096)
def opaque(*sides: sympy.Basic) -> tuple[sympy.Basic, ...]:
    """Put a symbol for every expectation, limit and value of an unknown function, the same for equal ones."""
    done = [_written_out(side) for side in sides]
    parts = {part for side in done for part in side.atoms(*_OPAQUE)}
    parts |= {part for side in done for part in side.atoms(*_BINDERS) if _binds_opaque(part)}
    # The largest first: one within another is part of that one's name.
    ordered = sorted(parts, key=lambda part: (-sum(1 for _ in sympy.preorder_traversal(part)), str(part)))
    for number, part in enumerate(ordered):
        name = sympy.Dummy(f"part{number}", positive=True)
        done = [side.xreplace({part: name}) for side in done]
    return tuple(done)


_OPAQUE = (Mean, AppliedUndef)
_BINDERS = (sympy.Integral, sympy.Sum, sympy.Limit, sympy.Derivative, sympy.Subs)


@lru_cache(maxsize=4096)
def _written_out(side: sympy.Basic) -> sympy.Basic:
    if not side.has(*_OPAQUE):
        return side
    value = side.replace(lambda part: isinstance(part, _OPAQUE), lambda part: part.doit())
    return canonical(value) if value.has(sympy.Sum) and isinstance(value, sympy.Expr) else value


def _binds_opaque(part: sympy.Basic) -> bool:
    """Whether an operator binds a variable of something opaque in it: then it is opaque as a whole."""
    bound = set(getattr(part, "bound_symbols", ())) | set(getattr(part, "variables", ()))
    if isinstance(part, sympy.Limit):
        bound = {part.args[1]}
    return any(inner.free_symbols & bound for inner in part.atoms(*_OPAQUE))


def instances(
    lhs: sympy.Basic, rhs: sympy.Basic, number: int = POINTS
) -> Iterator[tuple[Entries, Entries, dict[sympy.Basic, sympy.Rational]]]:
    """Yield both sides' entries at exact points, and the point; where a size is a symbol, one for each value tried."""
    generic = [size for size in SIZES if size in lhs.free_symbols | rhs.free_symbols]
    for count in COUNTS if generic else (COUNT,):
        for turn in range(1 if generic else number):
            (left, here), (right, there) = (_values(side, count, turn) for side in (lhs, rhs))
            point = {**here, **there}
            yield [*left], [*right], point | {size: sympy.Integer(count) for size in generic}
            if not point:
                break


@lru_cache(maxsize=16384)
def _values(side: sympy.Basic, count: int | sympy.Symbol, turn: int) -> tuple[tuple[sympy.Expr, ...], Point]:
    """The entries of a side at a point, and the point; where one side is changed, the other is as it was."""
    point: dict[sympy.Basic, Fraction] = {}
    sizes = {size: count for size in SIZES if isinstance(count, int)}

    def of(name: sympy.Basic) -> Fraction:
        if name in sizes:
            return Fraction(sizes[name])
        if name not in point:
            point[name] = scattered(name, turn)
        return point[name]

    if side.has(sympy.MatrixExpr):
        side = evaluated(side.subs([*sizes.items()]))
    entries = tuple(entries_at(side, of))
    return entries, {name: sympy.Rational(found.numerator, found.denominator) for name, found in point.items()}


@lru_cache(maxsize=4096)
def _vanishing_method(difference: sympy.Expr) -> str | None:
    """Name the first, cheapest method that brings the difference to 0; none that does what an earlier one did."""
    idle: set[str] = set()
    if difference.rewrite(sympy.exp) == difference:
        idle = {"exponentials"} if difference.has(sympy.I) else {"exponentials", "roots of unity"}
    return next((name for name, method in METHODS.items() if name not in idle and method(difference) == 0), None)


def _agree(left: sympy.Expr, right: sympy.Expr) -> bool:
    if left.is_Rational and right.is_Rational:
        return bool(left == right)
    left, right = left.evalf(DIGITS), right.evalf(DIGITS)
    return bool(abs(left - right) <= TOLERANCE * (1 + abs(left)))
