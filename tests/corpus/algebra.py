"""Algebraic statements whose truth is known by how they are made: products with known roots, and sums of squares.

A factored polynomial has its roots written down, so that its signs on an interval are known without solving anything.
Statements show the expanded form.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import isqrt

Coefficients = tuple[Fraction, ...]
"""Of powers of a variable, the constant first."""

NEAR = Fraction(1, 10**12)
"""Nearer to an irrational root than any other root here: these are rational with small denominators, or square roots of
small integers."""

OPERATORS: dict[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}


@dataclass(frozen=True)
class Interval:
    """Numbers from lower to upper, which belong to it unless they are open."""

    lower: Fraction
    upper: Fraction
    open_lower: bool = False
    open_upper: bool = False

    def assumptions(self, name: str) -> list[str]:
        return [f"{name} > {self.lower}"] * self.open_lower + [f"{name} < {self.upper}"] * self.open_upper


@dataclass(frozen=True)
class Factored:
    """leading · Π (x − a)^e · Π (x² − n)^e · Π ((x − b)² + c), with n no square and c > 0."""

    leading: Fraction
    rational: tuple[tuple[Fraction, int], ...] = ()
    square: tuple[tuple[int, int], ...] = ()
    positive: tuple[tuple[Fraction, Fraction], ...] = ()

    def expanded(self) -> Coefficients:
        total: Coefficients = (self.leading,)
        for root, power in self.rational:
            for _ in range(power):
                total = times(total, (-root, Fraction(1)))
        for number, power in self.square:
            for _ in range(power):
                total = times(total, (Fraction(-number), Fraction(0), Fraction(1)))
        for centre, height in self.positive:
            total = times(total, (centre**2 + height, -2 * centre, Fraction(1)))
        return total

    def sign(self, place: Fraction, root_of: int = 0) -> int:
        """The sign at a place, or at the square root of `root_of`, which is within `NEAR` of the place."""
        if any(number == root_of for number, _ in self.square):
            return 0
        sign = 1 if self.leading > 0 else -1
        for root, power in self.rational:
            sign *= (1 if place > root else -1 if place < root else 0) ** power
        for number, power in self.square:
            sign *= (1 if place**2 > number or place**2 == number else -1) ** power if place >= 0 else 1
        return sign


def times(left: Coefficients, right: Coefficients) -> Coefficients:
    """Multiply polynomials."""
    total = [Fraction(0)] * (len(left) + len(right) - 1)
    for (i, a), (j, b) in product(enumerate(left), enumerate(right)):
        total[i + j] += a * b
    return tuple(total)


def text(coefficients: Coefficients, name: str) -> str:
    """Write a polynomial in the statement language."""
    terms = [f"({value})*{name}**{power}" for power, value in enumerate(coefficients) if value and power]
    return " + ".join([f"({coefficients[0]})", *terms])


def places(polynomials: Sequence[Factored], interval: Interval) -> Iterator[tuple[Fraction, int]]:
    """Yield the roots in an interval, its ends, and a number between each two, as `Factored.sign` takes them."""
    marks = {(root, 0) for each in polynomials for root, _ in each.rational}
    marks |= {(_root(number), number) for each in polynomials for number, _ in each.square}
    inside = sorted(mark for mark in marks if interval.lower < mark[0] < interval.upper)
    ends = [interval.lower, *(place for place, _ in inside), interval.upper]
    yield from inside
    yield from ((low + (high - low) / 2, 0) for low, high in pairwise(ends))
    yield from ((interval.lower, 0),) * (not interval.open_lower)
    yield from ((interval.upper, 0),) * (not interval.open_upper)


def factored(source: random.Random) -> Factored:
    """Draw a polynomial of moderate degree."""
    rational = {
        Fraction(source.randint(-2, 14), source.choice([1, 2, 3, 4, 5, 7])) for _ in range(source.randint(0, 3))
    }
    square = {source.choice([2, 3, 5, 6, 7]) for _ in range(source.randint(0, 1))}
    positive = [(Fraction(source.randint(0, 6), 2), Fraction(1, source.choice([4, 1000])))] * source.randint(0, 1)
    if not (rational or square or positive):
        return factored(source)
    return Factored(
        Fraction(source.choice([-3, -1, 1, 2]), source.choice([1, 2, 7])),
        tuple((root, source.choice([1, 2, 2, 3])) for root in sorted(rational)),
        tuple((number, source.choice([1, 2])) for number in sorted(square)),
        tuple(positive),
    )


def interval(source: random.Random, lowest: int = 0, highest: int = 36) -> Interval:
    """Draw an interval, its ends among the numbers that are drawn as roots."""
    lower, upper = sorted(source.sample([Fraction(i, 12) for i in range(lowest, highest + 1)], 2))
    return Interval(lower, upper, source.random() < 0.3, source.random() < 0.3)


def in_one_variable(source: random.Random) -> tuple[str, str, bool]:
    """Draw a statement in ``radius``, with its domain as TOML and its truth."""
    p, q, domain = factored(source), factored(source), interval(source)
    seen = [(p.sign(*place), q.sign(*place)) for place in places([p, q], domain)]
    left, right = text(p.expanded(), "radius"), text(q.expanded(), "radius")
    kinds: dict[str, tuple[str, Callable[[int, int], int]]] = {
        "plain": (left, lambda a, _: a),
        "difference": (f"({left}) + ({right}) - ({right})", lambda a, _: a),
        "product": (f"({left})*({right})", lambda a, b: a * b),
        "min": (f"min({left}, {right})", min),
        "max": (f"max({left}, {right})", max),
        "abs": (f"abs({left})", lambda a, _: abs(a)),
        "abs of both": (f"abs({left}) + abs({right})", lambda a, b: max(abs(a), abs(b))),
        "root": (f"sqrt(({left})**2) + ({left})", lambda a, _: max(a, 0)),
        "roots": (f"sqrt(abs({left})) - sqrt(({left})**2 + 1)", lambda *_: -1),
    }
    if all(b for _, b in seen):
        kinds["quotient"] = (f"({left})/({right})", lambda a, b: a * b)
        kinds["power"] = (f"({left})*({right})**-3", lambda a, b: a * b)
    expression, sign = kinds[source.choice(sorted(kinds))]
    signs = {sign(a, b) for a, b in seen}
    operator = _balanced(source, signs)
    toml = f'for_all = {{ radius = ["{domain.lower}", "{domain.upper}"] }}'
    return f"{expression} {operator} 0", _with(toml, domain.assumptions("radius")), _holds(operator, signs)


def with_root(source: random.Random) -> tuple[str, str, bool]:
    """Draw a comparison of √u with v ≥ 0, where u − v² is a product of linear factors, and u > 0."""
    while True:
        v = (Fraction(source.randint(0, 4), 2), Fraction(source.randint(1, 6), 2))
        p = Factored(Fraction(source.choice([-1, 1]), 4), ((Fraction(source.randint(0, 9), 3), source.choice([1, 2])),))
        u = _plus(times(v, v), p.expanded())
        # With a positive leading coefficient it is lowest at an end of [0, 3], or at the vertex.
        ends = [Fraction(0), Fraction(3)]
        if u[2] > 0 and all(_value(u, place) > 0 for place in (*ends, -u[1] / (2 * u[2]))):
            break
    domain = interval(source)
    signs = {p.sign(*place) for place in places([p], domain)}
    operator = _balanced(source, signs)
    statement = f"sqrt({text(u, 'radius')}) {operator} {text(v, 'radius')}"
    toml = f'for_all = {{ radius = ["{domain.lower}", "{domain.upper}"] }}'
    return statement, _with(toml, domain.assumptions("radius")), _holds(operator, signs)


def in_two_variables(source: random.Random) -> tuple[str, str, bool]:
    """Draw a statement in two amplitudes that is a product p(x)·q(y), or a sum of squares with a known zero."""
    x, y = interval(source), interval(source)
    names = ("amplitude_1", "amplitude_2")
    if source.random() < 0.5:
        p, q = factored(source), factored(source)
        signs = {a * b for a in _signs(p, x) for b in _signs(q, y)}
        expression = f"({text(p.expanded(), names[0])})*({text(q.expanded(), names[1])})"
    else:
        a, b = (Fraction(source.randint(0, 9), 3) for _ in range(2))
        factor, shift = source.choice([2, 3]), Fraction(source.choice([-1, 0, 1]), 10**9)
        squares = f"({names[0]} + {names[1]} - {a + b})**2 + ({names[0]} - {factor}*{names[1]} + ({factor * b - a}))**2"
        at_zero = _inside(a, x) and _inside(b, y)
        shift = max(shift, Fraction(0)) if not at_zero else shift
        expression = f"{squares} + ({shift})"
        # Beside (a, b), where both squares vanish, the sum is positive; the boxes are more than 10⁻⁴ wide.
        signs = {1} | ({(shift > 0) - (shift < 0)} if at_zero else set()) | ({0} if shift < 0 else set())
    operator = _balanced(source, signs)
    toml = f'for_all = {{ amplitudes = [["{x.lower}", "{x.upper}"], ["{y.lower}", "{y.upper}"]] }}'
    assumed = [*x.assumptions(names[0]), *y.assumptions(names[1])]
    return f"{expression} {operator} 0", _with(toml, assumed), _holds(operator, signs)


def in_weights(source: random.Random) -> tuple[str, str, bool]:
    """Draw a statement on weights U, V and 1 − U − V = T: |π̂_1|² = 1 − 3(UV + UT + VT), 0 if all are 1/3."""
    low, high = sorted(source.sample([Fraction(i, 24) for i in range(2, 12)], 2))
    uniform = low <= Fraction(1, 3) <= high
    pairs = "3*(U*V + (U + V)*(1 - U - V))"
    statement, holds = source.choice(
        [
            (f"spectral_gap + {pairs} == 1", True),
            (f"contraction_factor == {pairs}", True),
            (f"dft_modulus(m=1)**2 + {pairs} == 1 + 1/10**20", False),
            ("spectral_gap > 0", not uniform),
            ("spectral_gap >= 0", True),
            ("dft_modulus(m=1) != 0", not uniform),
            ("dft_modulus(m=1) == dft_modulus(m=2)", True),
            ("contraction_factor < 1", not uniform),
            ("contraction_factor <= 1 - 1/10**15", not uniform),
            ("min(U, V) <= dft_modulus(m=1) + 1/3", True),
        ]
    )
    return statement, f'for_all = {{ U = ["{low}", "{high}"], V = ["{low}", "{high}"] }}', holds


def _signs(polynomial: Factored, domain: Interval) -> set[int]:
    return {polynomial.sign(*place) for place in places([polynomial], domain)}


def _inside(value: Fraction, domain: Interval) -> bool:
    above = value > domain.lower or (value == domain.lower and not domain.open_lower)
    return above and (value < domain.upper or (value == domain.upper and not domain.open_upper))


def _balanced(source: random.Random, signs: set[int]) -> str:
    """An operator that makes the statement true as often as false, where there are both."""
    wanted = source.random() < 0.5
    fitting = [operator for operator in OPERATORS if _holds(operator, signs) == wanted]
    return source.choice(fitting or list(OPERATORS))


def _holds(operator: str, signs: set[int]) -> bool:
    return all(map(OPERATORS[operator], signs))


def _with(toml: str, assumptions: Sequence[str]) -> str:
    listed = ", ".join(f'"{assumption}"' for assumption in assumptions)
    return f"{toml}\nassume = [{listed}]" if assumptions else toml


def _plus(left: Coefficients, right: Coefficients) -> Coefficients:
    size = max(len(left), len(right))
    padded = [(*each, *(Fraction(0),) * (size - len(each))) for each in (left, right)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


def _value(coefficients: Coefficients, place: Fraction) -> Fraction:
    return sum((value * place**power for power, value in enumerate(coefficients)), Fraction(0))


def _root(number: int) -> Fraction:
    """A fraction within `NEAR` of the square root, and below it."""
    scale = 10**13
    return Fraction(isqrt(number * scale**2), scale)
