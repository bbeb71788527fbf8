"""The signs of a polynomial on a box: by Sturm's theorem, by squares, or by coefficients of one sign."""

from math import comb

import numpy as np
import sympy

from emtheory.theory.proof.sign_sets import ANY, Domain, Signs, interval_of, of_number


def of_polynomial(polynomial: sympy.Poly, domain: Domain) -> Signs:
    """Return a set that contains every sign of a polynomial on a box."""
    if polynomial.is_ground:
        return of_number(polynomial.as_expr())
    used = [symbol for symbol in polynomial.gens if polynomial.degree(symbol)]
    polynomial = sympy.Poly(polynomial.as_expr(), *used)
    if len(used) == 1 and polynomial.get_domain().is_QQ | polynomial.get_domain().is_ZZ:
        return _by_roots(polynomial, interval_of(used[0], domain))
    if polynomial.total_degree() == 2:
        signs = _by_squares(polynomial)
        if signs != ANY:
            return signs
    signs = _by_coefficients(polynomial, domain)
    return _by_halves(polynomial, domain) if signs == ANY else signs


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
        if (sign * rows).is_positive_definite:
            return frozenset({sign})
        if (sign * rows).is_positive_semidefinite:
            return frozenset({0, sign})
    return ANY


def _by_roots(polynomial: sympy.Poly, interval: sympy.Interval) -> Signs:
    """Where there is no root of odd multiplicity within, one sign is taken, and 0 at the other roots."""
    odd = sympy.Poly(sympy.prod(factor for factor, power in polynomial.sqf_list()[1] if power % 2), polynomial.gen)
    crossings, roots = _roots_within(odd, interval), _roots_within(polynomial, interval)
    if crossings != 0 or roots is None:
        return ANY
    ends = [_at(polynomial, end) for end in (interval.start, interval.end) if end.is_finite and end in interval]
    inner = [_at(polynomial, point) for point in _inner_points(interval, polynomial.degree() + 1)]
    if ANY in ends:
        return ANY
    away = next((signs for signs in inner if len(signs) == 1 and 0 not in signs), ANY)
    return away | {0} if roots or frozenset({0}) in ends else away


def _at(polynomial: sympy.Poly, point: sympy.Expr) -> Signs:
    return of_number(polynomial.as_expr().xreplace({polynomial.gen: point}))


def _roots_within(polynomial: sympy.Poly, interval: sympy.Interval) -> int | None:
    """Count the roots strictly between the ends, by Sturm's theorem; None if one is not told from an irrational end."""
    if polynomial.is_ground:
        return 0
    finite = [end for end in (interval.start, interval.end) if end.is_finite]
    if all(end.is_Rational for end in finite):
        lower, upper = ((end if end.is_finite else None) for end in (interval.start, interval.end))
        return int(polynomial.count_roots(lower, upper)) - sum(bool(polynomial.eval(end) == 0) for end in finite)
    number = 0
    for root in set(polynomial.real_roots()):
        sides = [
            of_number(sign * (root - end)) for end, sign in ((interval.start, 1), (interval.end, -1)) if end.is_finite
        ]
        if any(len(side) > 1 for side in sides):
            return None
        number += all(side == {1} for side in sides)
    return number


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
        interval = interval_of(symbol, domain)
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
    found = [of_number(coefficient) for _, coefficient in terms]
    for sign in (1, -1):
        if all(part == {sign} for part in found):
            # Strict if one term does not vanish anywhere: all its variables are positive.
            away = any(
                all(power == 0 or open_end for power, (_, open_end, _) in zip(powers, strict, strict=True))
                for powers, _ in terms
            ) and not any(closed for *_, closed in strict)
            return frozenset({sign}) if away else frozenset({0, sign})
    return ANY


_MOST_CELLS = 200
"""Parts of a box that are looked at before a polynomial is given up."""


def _by_halves(polynomial: sympy.Poly, domain: Domain) -> Signs:
    """On a bounded box that is halved in its variables in turn: Bernstein coefficients of one sign on every part."""
    intervals = [interval_of(symbol, domain) for symbol in polynomial.gens]
    if not all(end.is_Rational for interval in intervals for end in (interval.start, interval.end)):
        return ANY
    inside = {name: i.start + (i.end - i.start) * name for name, i in zip(polynomial.gens, intervals, strict=True)}
    scaled = sympy.Poly(polynomial.as_expr().subs(inside, simultaneous=True), *polynomial.gens)
    if not scaled.get_domain().is_QQ | scaled.get_domain().is_ZZ:
        return ANY
    whole = _bernstein(scaled)
    sign = 1 if whole.flat[0] > 0 else -1
    parts = [(sign * whole, 0)]
    for _ in range(_MOST_CELLS):
        part, axis = parts.pop()
        if any(corner <= 0 for corner in part[np.ix_(*([0, -1] for _ in part.shape))].flat):
            return ANY
        if not (part > 0).all():
            parts += [(half, (axis + 1) % part.ndim) for half in _halves(part, axis)]
        elif not parts:
            return frozenset({sign})
    return ANY


def _bernstein(polynomial: sympy.Poly) -> np.ndarray:
    """Integers in proportion to the Bernstein coefficients on the unit cube, an axis for each variable."""
    integral = polynomial.clear_denoms(convert=True)[1]
    values = np.zeros([integral.degree(name) + 1 for name in integral.gens], dtype=object)
    for powers, coefficient in integral.terms():
        values[powers] = int(coefficient)
    for axis, length in enumerate(values.shape):
        n = length - 1
        least = int(sympy.ilcm(*(comb(n, j) for j in range(length))))
        change = np.array([[comb(i, j) * (least // comb(n, j)) for j in range(length)] for i in range(length)], object)
        values = np.moveaxis(np.tensordot(change, values, (1, axis)), 0, axis)
    return values


def _halves(values: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients on both halves, times a power of two, by de Casteljau's algorithm."""
    rows = np.moveaxis(values, axis, 0)
    lower, upper = [], []
    for n in range(len(rows), 0, -1):
        lower.append(rows[0] * 2 ** (n - 1))
        upper.append(rows[-1] * 2 ** (n - 1))
        rows = rows[:-1] + rows[1:]
    first, second = (np.moveaxis(np.array(half, dtype=object), 0, axis) for half in (lower, upper[::-1]))
    return first, second
