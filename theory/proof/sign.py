"""The signs that an expression can have on a box, decided exactly: no sampling, no floating point.

Four ways, tried in turn: the signs of the parts; Sturm's theorem for polynomials in one variable; coefficients of one
sign, after each variable is written by one that is not negative, for several; and, in one variable, the sign at an end
of the interval together with the sign of the slope, decided in the same way.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import product
from types import MappingProxyType

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.proof.mean import Mean
from emtheory.theory.sums import COUNT

__all__ = ["NONNEGATIVE", "POSITIVE_ONLY", "Domain", "Signs", "possible_signs"]

Signs = frozenset[int]
Domain = Mapping[sympy.Basic, sympy.Set]

ANY: Signs = frozenset({-1, 0, 1})
NONNEGATIVE: Signs = frozenset({0, 1})
POSITIVE_ONLY: Signs = frozenset({1})

SLOPES = 3
"""How many derivatives are taken before a sign counts as undecided."""

_DIGITS = 50
_TINY = sympy.Rational(1, 10**30)
"""A number whose sign is read off digits must be further from 0 than this; 50 digits are asked for."""


def possible_signs(expression: sympy.Expr, domain: Domain, slopes: int = SLOPES) -> Signs:
    """Return a set that contains every sign of an expression on a box: 1, 0 or −1.

    Parameters
    ----------
    expression
        A real expression, continuous on the box.
    domain
        Symbol → interval; a symbol that is not in it ranges over what its assumptions allow.
    slopes
        How often the way by slopes may be used.
    """
    return _decided(expression, frozenset(domain.items()), slopes)


@lru_cache(maxsize=4096)
def _decided(expression: sympy.Expr, items: frozenset[tuple[sympy.Basic, sympy.Set]], slopes: int) -> Signs:
    domain = dict(items)
    signs = _of_parts(expression, domain)
    for way in (_of_quotient, _by_slope(slopes)):
        if len(signs) == 1:
            return signs
        signs &= way(expression, domain)
    return signs


def _interval(symbol: sympy.Basic, domain: Domain) -> sympy.Interval:
    if symbol in domain:
        return domain[symbol]
    if symbol.is_positive:
        return sympy.Interval.open(0, sympy.oo)
    return sympy.Interval(0 if symbol.is_nonnegative else -sympy.oo, sympy.oo)


def _of_parts(expression: sympy.Expr, domain: Domain) -> Signs:
    """Signs by the rules for sums, products, powers and monotone functions."""
    if expression.is_number:
        return _of_number(expression)
    rule = next((rule for kind, rule in _RULES.items() if isinstance(expression, kind)), None)
    return ANY if rule is None else rule(expression, domain)


def _of_variable(expression: sympy.Expr, domain: Domain) -> Signs:
    return _of_interval(_interval(expression, domain))


def _of_sum(expression: sympy.Expr, domain: Domain) -> Signs:
    return _sum(_of_parts(part, domain) for part in expression.args)


def _of_product(expression: sympy.Expr, domain: Domain) -> Signs:
    return _product(_of_parts(part, domain) for part in expression.args)


def _of_power(expression: sympy.Expr, domain: Domain) -> Signs:
    return _power(_of_parts(expression.base, domain), expression.exp)


def _of_argument(expression: sympy.Expr, domain: Domain) -> Signs:
    return _decided(expression.args[0], frozenset(domain.items()), 0)


def _of_logarithm(expression: sympy.Expr, domain: Domain) -> Signs:
    return _decided(expression.args[0] - 1, frozenset(domain.items()), 0)


def _of_total(expression: sympy.Sum, domain: Domain) -> Signs:
    """A sum over the k ≥ 1 components has the signs that its summands allow."""
    whole = all(lower == 0 and upper == COUNT - 1 for _, lower, upper in expression.limits)
    return _sum([_of_argument(expression, domain)] * 2) if whole else ANY


_RULES: Mapping[type, Callable[[sympy.Expr, Domain], Signs]] = MappingProxyType(
    {
        sympy.Symbol: _of_variable,
        sympy.Indexed: _of_variable,
        AppliedUndef: _of_variable,
        sympy.Add: _of_sum,
        sympy.Mul: _of_product,
        sympy.exp: lambda _expression, _domain: POSITIVE_ONLY,
        sympy.Pow: _of_power,
        sympy.tanh: _of_argument,
        sympy.sinh: _of_argument,
        sympy.erf: _of_argument,
        sympy.atan: _of_argument,
        sympy.log: _of_logarithm,
        sympy.cosh: lambda _expression, _domain: POSITIVE_ONLY,
        sympy.Abs: lambda expression, domain: _product([_of_argument(expression, domain)] * 2),
        sympy.Sum: _of_total,
        Mean: _of_argument,
    }
)


_ENTIRE = (sympy.Add, sympy.Mul, sympy.Pow, sympy.exp, sympy.tanh, sympy.sinh, sympy.cosh, sympy.erf, sympy.atan)


def _of_number(number: sympy.Expr) -> Signs:
    if number.is_positive:
        return POSITIVE_ONLY
    if number.is_zero or number.equals(0):
        return frozenset({0})
    value = number.evalf(_DIGITS)
    if value.is_Float and abs(value) > _TINY:
        return frozenset({1 if value > 0 else -1})
    return ANY


def _of_interval(interval: sympy.Interval) -> Signs:
    return frozenset(
        sign
        for sign, part in (
            (-1, sympy.Interval.open(-sympy.oo, 0)),
            (0, sympy.FiniteSet(0)),
            (1, sympy.Interval.open(0, sympy.oo)),
        )
        if interval.intersect(part) is not sympy.S.EmptySet
    )


def _sum(parts: Iterable[Signs]) -> Signs:
    signs: Signs = frozenset({0})
    for part in parts:
        signs = frozenset(s for a, b in product(signs, part) for s in (ANY if a * b < 0 else {a or b}))
    return signs


def _product(parts: Iterable[Signs]) -> Signs:
    signs = POSITIVE_ONLY
    for part in parts:
        signs = frozenset(a * b for a, b in product(signs, part))
    return signs


def _power(base: Signs, exponent: sympy.Expr) -> Signs:
    signs = base - {0} if exponent.is_negative else base
    if exponent.is_Integer:
        return frozenset(sign ** (2 if exponent % 2 == 0 else 1) if exponent else 1 for sign in signs)
    return signs if base <= NONNEGATIVE else ANY


def _of_quotient(expression: sympy.Expr, domain: Domain) -> Signs:
    """Signs of a rational function, by those of its numerator and denominator."""
    if expression.has(sympy.Sum, sympy.Integral, Mean):
        return ANY
    named = {part: sympy.Dummy() for part in expression.atoms(sympy.Indexed, AppliedUndef)}
    domain = {**domain, **{name: _interval(part, domain) for part, name in named.items()}}
    expression = expression.xreplace(named)
    symbols = sorted(expression.free_symbols, key=str)
    if not symbols or not expression.is_rational_function(*symbols):
        return ANY
    parts = []
    for side in sympy.fraction(sympy.cancel(sympy.together(expression))):
        constant, factors = sympy.factor_list(side, *symbols)
        parts.append(_of_number(constant))
        for factor, power in factors:
            signs = _of_parts(factor, domain) & _of_polynomial(sympy.Poly(factor, *symbols), domain)
            parts.append(_power(signs, sympy.Integer(power)))
    return _product(parts)


def _of_polynomial(polynomial: sympy.Poly, domain: Domain) -> Signs:
    if polynomial.is_ground:
        return _of_number(polynomial.as_expr())
    used = [symbol for symbol in polynomial.gens if polynomial.degree(symbol)]
    polynomial = sympy.Poly(polynomial.as_expr(), *used)
    if len(used) == 1 and polynomial.get_domain().is_QQ | polynomial.get_domain().is_ZZ:
        return _by_roots(polynomial, _interval(used[0], domain))
    if polynomial.total_degree() == 2:
        signs = _by_squares(polynomial)
        if signs != ANY:
            return signs
    return _by_coefficients(polynomial, domain)


def _by_squares(polynomial: sympy.Poly) -> Signs:
    """A quadratic polynomial as a form in 1 and its variables: the signs of a semidefinite matrix, on all of space."""
    size = len(polynomial.gens)
    rows = sympy.zeros(size + 1)
    for powers, coefficient in polynomial.terms():
        places = [n for n, power in enumerate(powers) for _ in range(power)] + [size] * (2 - sum(powers))
        rows[places[0], places[1]] += coefficient / 2
        rows[places[1], places[0]] += coefficient / 2
    if any(not entry.is_Rational for entry in rows):
        return ANY
    for sign in (1, -1):
        if (sign * rows).is_positive_semidefinite:
            return frozenset({0, sign})
    return ANY


def _by_roots(polynomial: sympy.Poly, interval: sympy.Interval) -> Signs:
    """Sturm's theorem: where there is no root of odd multiplicity within, one sign is taken, and 0 at the others."""
    signs = set()
    odd = sympy.Poly(sympy.prod(factor for factor, power in polynomial.sqf_list()[1] if power % 2), polynomial.gen)
    if _roots_within(odd, interval):
        return ANY
    if _roots_within(polynomial, interval) or any(
        end.is_finite and end in interval and polynomial.eval(end) == 0 for end in (interval.start, interval.end)
    ):
        signs.add(0)
    inner = _inner_points(interval, polynomial.degree() + 1)
    signs.add(next(1 if polynomial.eval(point) > 0 else -1 for point in inner if polynomial.eval(point) != 0))
    return frozenset(signs)


def _roots_within(polynomial: sympy.Poly, interval: sympy.Interval) -> int:
    """Count the distinct roots strictly between the ends."""
    if polynomial.is_ground:
        return 0
    lower, upper = ((end if end.is_finite else None) for end in (interval.start, interval.end))
    ends = sum(end is not None and polynomial.eval(end) == 0 for end in (lower, upper))
    return int(polynomial.count_roots(lower, upper)) - int(ends)


def _inner_points(interval: sympy.Interval, number: int) -> list[sympy.Rational]:
    lower, upper = interval.start, interval.end
    if not lower.is_finite:
        lower = upper - number - 1 if upper.is_finite else -sympy.Integer(number)
    if not upper.is_finite:
        upper = lower + number + 1
    return [lower + (upper - lower) * sympy.Rational(n, number + 1) for n in range(1, number + 1)]


def _by_coefficients(polynomial: sympy.Poly, domain: Domain) -> Signs:
    """In variables that are not negative, coefficients of one sign decide it."""
    expression, strict = polynomial.as_expr(), []
    for symbol in polynomial.gens:
        interval = _interval(symbol, domain)
        lower, upper, y = interval.start, interval.end, sympy.Dummy(nonnegative=True)
        if lower.is_finite and not upper.is_finite:
            value, open_end = lower + y, interval.left_open
        elif upper.is_finite and not lower.is_finite:
            value, open_end = upper - y, interval.right_open
        elif lower.is_finite:
            # y = ∞ is the other end: it belongs to the closure, so only weak signs are concluded there.
            value, open_end = (lower + upper * y) / (1 + y), interval.left_open
        else:
            return ANY
        expression = sympy.fraction(sympy.together(expression.xreplace({symbol: value})))[0]
        strict.append((y, open_end, lower.is_finite and upper.is_finite and not interval.right_open))
    terms = sympy.Poly(sympy.expand(expression), *(y for y, *_ in strict)).terms()
    found = [_of_number(coefficient) for _, coefficient in terms]
    for sign in (1, -1):
        if all(part == {sign} for part in found):
            # Strict if one term does not vanish anywhere: all its variables are positive.
            away = any(
                all(power == 0 or open_end for power, (_, open_end, _) in zip(powers, strict, strict=True))
                for powers, _ in terms
            ) and not any(closed for *_, closed in strict)
            return frozenset({sign}) if away else frozenset({0, sign})
    return ANY


def _by_slope(slopes: int) -> Callable[[sympy.Expr, Domain], Signs]:
    """Signs from the value at an end of the interval and the sign of the slope, in one variable."""

    def way(expression: sympy.Expr, domain: Domain) -> Signs:
        symbols = expression.free_symbols
        if slopes == 0 or len(symbols) != 1 or not _smooth(expression, domain):
            return ANY
        (symbol,) = symbols
        interval = _interval(symbol, domain)
        slope = _decided(
            sympy.factor_terms(sympy.together(sympy.diff(expression, symbol))),
            frozenset({(symbol, sympy.Interval.open(interval.start, interval.end))}),
            slopes - 1,
        )
        signs = ANY
        for end, is_open, outward in (
            (interval.start, interval.left_open, 1),
            (interval.end, interval.right_open, -1),
        ):
            for direction in (1, -1):
                # Seen from this end the expression moves away in the given direction.
                if frozenset(s * outward * direction for s in slope) <= NONNEGATIVE:
                    signs &= _from_end(expression, symbol, end, is_open and 0 not in slope, outward, direction)
        return signs

    return way


def _smooth(expression: sympy.Expr, domain: Domain) -> bool:
    """Whether an expression is visibly smooth on the box: no zero below a line, no root or logarithm of 0."""
    if isinstance(expression, sympy.log):
        return _of_argument(expression, domain) == POSITIVE_ONLY
    if expression.is_Pow and not expression.exp.is_number:
        return False
    if expression.is_Pow and not (expression.exp.is_Integer and expression.exp.is_positive):
        base = _decided(expression.base, frozenset(domain.items()), 0)
        if 0 in base or (not expression.exp.is_Integer and base != POSITIVE_ONLY):
            return False
    known = expression.is_Atom or isinstance(expression, _ENTIRE)
    return known and all(_smooth(part, domain) for part in expression.args)


def _from_end(
    expression: sympy.Expr, symbol: sympy.Symbol, end: sympy.Expr, strictly: bool, outward: int, direction: int
) -> Signs:
    value = sympy.limit(expression, symbol, end, "+" if outward == 1 else "-")
    if value in (sympy.oo, -sympy.oo):
        start = {1 if value is sympy.oo else -1}
    elif value.is_number and value.is_real:
        start = set(_of_number(value))
    else:
        return ANY
    if {s * direction for s in start} == {1}:
        return frozenset({direction})
    if {s * direction for s in start} <= {0, 1}:
        return frozenset({direction}) if strictly else frozenset({0, direction})
    return ANY
