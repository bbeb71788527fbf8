"""The signs that an expression can have on a box, decided exactly: no sampling, no floating point.

Four ways, tried in turn: the signs of the parts; Sturm's theorem for polynomials in one variable; coefficients of one
sign, after each variable is written by one that is not negative, for several; and, in one variable, the sign at an end
of the interval together with the sign of the slope, decided in the same way.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.polynomial_sign import of_polynomial
from emtheory.theory.proof.sign_sets import (
    ANY,
    NONNEGATIVE,
    POSITIVE_ONLY,
    Domain,
    Signs,
    interval_of,
    of_interval,
    of_number,
    of_power,
    of_product,
    of_sum,
    restricted,
)
from emtheory.theory.sums import WHOLE

__all__ = ["NONNEGATIVE", "POSITIVE_ONLY", "Domain", "Signs", "possible_signs"]

SLOPES = 3
"""How many derivatives are taken before a sign counts as undecided."""


def possible_signs(expression: sympy.Expr, domain: Domain, slopes: int = SLOPES) -> Signs:
    """Return a set that contains every sign (1, 0 or −1) of a real expression that is continuous on a box.

    `expression`: a real expression. `domain`: symbol → its values; a symbol that is not in it ranges over what its
    assumptions allow. `slopes`: how often the way by slopes may be used.
    """
    return _decided(expression, frozenset(restricted(domain, expression).items()), slopes)


@lru_cache(maxsize=4096)
def _decided(expression: sympy.Expr, items: frozenset[tuple[sympy.Basic, sympy.Set]], slopes: int) -> Signs:
    domain = dict(items)
    signs = _of_parts(expression, domain)
    for way in (_of_quotient, _by_slope(slopes)):
        if len(signs) == 1:
            return signs
        signs &= way(expression, domain)
    # No sign at all is no answer: the expression is not defined.
    return signs or ANY


def _of_parts(expression: sympy.Expr, domain: Domain) -> Signs:
    """Signs by the rules for sums, products, powers and monotone functions."""
    if expression.is_number:
        return of_number(expression)
    rule = next((rule for kind, rule in _RULES.items() if isinstance(expression, kind)), None)
    return ANY if rule is None else rule(expression, domain)


def _of_variable(expression: sympy.Expr, domain: Domain) -> Signs:
    return of_interval(interval_of(expression, domain))


def _of_sum(expression: sympy.Expr, domain: Domain) -> Signs:
    return of_sum(_of_parts(part, domain) for part in expression.args)


def _of_product(expression: sympy.Expr, domain: Domain) -> Signs:
    return of_product(_of_parts(part, domain) for part in expression.args)


def _of_power(expression: sympy.Expr, domain: Domain) -> Signs:
    signs = _of_parts(expression.base, domain)
    if 0 in signs and expression.exp.is_negative:
        signs = _decided(expression.base, frozenset(domain.items()), 1)
    return of_power(signs, expression.exp)


def _of_argument(expression: sympy.Expr, domain: Domain) -> Signs:
    return _decided(expression.args[0], frozenset(domain.items()), 0)


def _of_logarithm(expression: sympy.Expr, domain: Domain) -> Signs:
    return _decided(expression.args[0] - 1, frozenset(domain.items()), 0)


def _of_total(expression: sympy.Sum, domain: Domain) -> Signs:
    """A sum over k ≥ 1 components, d ≥ 1 coordinates or limits seen to be in order has signs its summands allow."""
    full = all(
        (lower == 0 and upper in WHOLE) or _decided(upper - lower, frozenset(domain.items()), 0) <= NONNEGATIVE
        for _, lower, upper in expression.limits
    )
    return of_sum([_of_argument(expression, domain)] * 2) if full else ANY


def _of_gamma(expression: sympy.Expr, domain: Domain) -> Signs:
    return POSITIVE_ONLY if _of_argument(expression, domain) == POSITIVE_ONLY else ANY


def _of_binomial(expression: sympy.Expr, _domain: Domain) -> Signs:
    return NONNEGATIVE if all(part.is_integer and part.is_nonnegative for part in expression.args) else ANY


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
        sympy.Abs: lambda expression, domain: frozenset(map(abs, _of_argument(expression, domain))),
        sympy.factorial: lambda _expression, _domain: POSITIVE_ONLY,
        sympy.gamma: _of_gamma,
        sympy.binomial: _of_binomial,
        sympy.Sum: _of_total,
        Mean: _of_argument,
    }
)


_ENTIRE = (sympy.Add, sympy.Mul, sympy.Pow, sympy.exp, sympy.tanh, sympy.sinh, sympy.cosh, sympy.erf, sympy.atan)


def _of_quotient(expression: sympy.Expr, domain: Domain) -> Signs:
    """Signs of a rational function, by those of its numerator and denominator."""
    if expression.has(sympy.Sum, sympy.Integral, Mean):
        return ANY
    named = {part: sympy.Dummy() for part in expression.atoms(sympy.Indexed, AppliedUndef)}
    domain = {**domain, **{name: interval_of(part, domain) for part, name in named.items()}}
    expression = expression.xreplace(named)
    symbols = sorted(expression.free_symbols, key=str)
    if not symbols or not expression.is_rational_function(*symbols):
        return ANY
    parts = []
    for side, sign in zip(sympy.fraction(sympy.cancel(sympy.together(expression))), (1, -1), strict=True):
        constant, factors = sympy.factor_list(side, *symbols)
        parts.append(of_number(constant))
        for factor, power in factors:
            signs = _of_parts(factor, domain) & of_polynomial(sympy.Poly(factor, *symbols), domain)
            if sign < 0 and 0 in signs:
                signs &= _by_slope(1)(factor, domain)
            parts.append(of_power(signs, sympy.Integer(sign * power)))
    return of_product(parts)


def _by_slope(slopes: int) -> Callable[[sympy.Expr, Domain], Signs]:
    """Signs from the value at an end of the interval and the sign of the slope, in one variable."""

    def signs_by_slope(expression: sympy.Expr, domain: Domain) -> Signs:
        symbols = expression.free_symbols
        if slopes == 0 or len(symbols) != 1 or not _smooth(expression, domain):
            return ANY
        (symbol,) = symbols
        interval = interval_of(symbol, domain)
        slope = _decided(
            sympy.factor_terms(sympy.together(sympy.diff(expression, symbol))),
            frozenset({(symbol, sympy.Interval.open(interval.start, interval.end))}),
            slopes - 1,
        )
        signs = ANY
        for end, is_open, outward in ((interval.start, interval.left_open, 1), (interval.end, interval.right_open, -1)):
            # Seen from this end the expression moves away in the given direction.
            away = [way for way in (1, -1) if frozenset(s * outward * way for s in slope) <= NONNEGATIVE]
            start = _at_end(expression, symbol, end, is_open, outward) if away else ANY
            for direction in away:
                from_here = frozenset(s * direction for s in start)
                if from_here <= NONNEGATIVE:
                    strictly = from_here == POSITIVE_ONLY or (is_open and 0 not in slope)
                    signs &= {direction} if strictly else {0, direction}
            if signs != ANY:
                break  # From the other end no more is seen.
        return signs

    return signs_by_slope


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


def _at_end(expression: sympy.Expr, symbol: sympy.Symbol, end: sympy.Expr, is_open: bool, outward: int) -> Signs:
    """The sign that a smooth expression has, or tends to, at an end of the interval."""
    try:
        value = (
            sympy.limit(expression, symbol, end, "+" if outward == 1 else "-")
            if is_open
            else expression.subs(symbol, end)
        )
    except NotImplementedError:
        return ANY
    if value in (sympy.oo, -sympy.oo):
        return frozenset({1 if value is sympy.oo else -1})
    return of_number(value) if value.is_number and value.is_real else ANY
