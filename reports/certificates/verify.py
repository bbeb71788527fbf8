"""Verify certificates of emtheory with Python and python-flint alone: ``python verify.py CERTIFICATE|FOLDER…``.

Nothing here is shared with the program that made them. The claim is read anew, the cells are checked to leave out
nothing of its domain, and on each the statement is shown, or at the witness refuted, by enclosures found here; what is
recorded must agree. It rests on Python's integers, on FLINT's polynomials, on Arb's balls, and on facts proved in
docs/error-bounds.md (by section): 1 the trapezoidal rule, 2 to 4 means over the posterior, 5 E log S, 7 E max, 8 and
13 interpolation, 9 and 13 large radii, 11 several directions, 12 cumulants (near radius 0), 16 the finite-sample theorem.

Exit status: 0 all are accepted, 1 one is rejected, 2 bad input, 4 one is not covered (none rejected), 5 none was found.
"""

import ast
import hashlib
import json
import math
import operator
import re
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from itertools import accumulate, pairwise, product, repeat, takewhile
from pathlib import Path

from flint import acb, acb_mat, arb, arb_mat, arb_poly, ctx, fmpq, fmpq_poly, fmpz_poly

MAX_BYTES, MAX_NODES, MAX_PARTS, MAX_BITS = 20_000_000, 60_000, 40_000, 200_000
"""Of a file; nodes of an integral; parts into which cells are divided; bits of a number: choices against waste."""
INFINITY, ONE, HALF, QUARTER, UNIT = fmpq(10**9999), fmpq(1), fmpq(1, 2), fmpq(1, 4), arb(0, 1)
"""The first stands for an end that is infinite, where ends are compared; numbers that are read are smaller."""
ANY, RISING, FALLING = frozenset((-1, 0, 1)), frozenset((0, 1)), frozenset((-1, 0))
"""Signs that a number may have."""


class OutcomeError(Exception):
    """What came of a certificate that is not accepted (rejected, not covered or bad), and why."""


class MoreError(Exception):
    """The variable named has to be halved, or digits added (None)."""


def require(truth, reason, outcome="rejected"):
    """Raise OutcomeError unless a condition holds."""
    if not truth:
        raise OutcomeError(outcome, reason)


def read(path):
    """Return a certificate as JSON values, with its fingerprint checked."""

    def unique(pairs):
        require(len(dict(pairs)) == len(pairs), "a key stands twice in one object")
        return dict(pairs)

    def integer(text):
        require(re.fullmatch("-?[0-9]{1,18}", text), f"{text[:20]} is not a number of a certificate")
        return int(text)

    try:
        require(path.stat().st_size <= MAX_BYTES, f"it has more than {MAX_BYTES} bytes", "bad")
        hooks = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), integer)
        found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique, **hooks)
    except (OSError, ValueError, RecursionError) as error:
        raise OutcomeError("bad", f"it cannot be read as JSON: {str(error)[:100]}") from None
    kind = found.get("format") if isinstance(found, dict) else None
    require(kind != "emtheory data certificate", "data: `emtheory replay` verifies it, with the data", "not covered")
    require(kind == "emtheory certificate", "it is no certificate of emtheory", "bad")
    text = json.dumps({n: v for n, v in found.items() if n != "fingerprint"}, sort_keys=True, separators=(",", ":"))
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    require(found.get("fingerprint") == digest, "fingerprint: it is not that of the content")
    require(found.get("version") is not True and found.get("version") == 1, "version: only version 1 is known here")
    return found


def number(text):
    """Return the exact number that a text is."""
    pattern = r"-?inf|[+-]?(\d{1,4000}/\d{1,1000}|(\d{1,4000}(\.\d{0,4000})?|\.\d{1,1000})([eE][+-]?\d{1,4})?)"
    require(re.fullmatch(pattern, text, re.ASCII), f"{text[:40]!r} is not an exact number")
    return INFINITY * (-1 if text[0] == "-" else 1) if "inf" in text else fmpq(*Fraction(text).as_integer_ratio())


def remembered(method):
    """Keep in an object what a method returns, computed with the bits of the object."""

    def wrapper(self, *given):
        if (method.__name__, *given) not in self.known:
            with ctx.workprec(self.bits):
                self.known[method.__name__, *given] = method(self, *given)
        return self.known[method.__name__, *given]

    return wrapper


# 1. Numbers, and functions on a box


class Value:
    """A number, or a function on a box: centre + Σ slopes_i h_i for all |h_i| ≤ 1, with values in `range`.

    What is known exactly is a polynomial over the rationals, its modulus, and whether the value is the square root of
    that: in e^{2πi/k}, a root of the modulus, or without one in the first variable. Or "closed", for what π, logarithms
    and other variables give in closed form; or None. `sign` holds the signs that operations leave possible.
    """

    end = ONE

    def __init__(self, centre, exact=None, slopes=(), natural=None, sign=ANY):
        self.centre, self.exact, self.slopes, self.sign = arb(centre), exact, slopes, sign
        self.range = sum((slope * UNIT for slope in slopes), self.centre)
        if natural is not None and natural.is_finite():
            both = self.range.is_finite() and self.range.overlaps(natural)
            self.range = self.range.intersection(natural) if both else natural

    @cached_property
    def signs(self):
        """The signs that it may have."""
        x, exact = self.range, self.exact if isinstance(self.exact, tuple) else None
        if not (x.is_finite() or x > 0 or x < 0):  # It may have no value at all.
            return ANY
        possible = self.sign - {s for s, no in ((-1, x >= 0), (0, x > 0 or x < 0), (1, x <= 0)) if no}
        if not exact or len(possible) == 1:
            return possible
        polynomial, modulus, root = exact
        if polynomial.degree() <= 0:
            return {(polynomial[0] > 0) - (polynomial[0] < 0)}
        if modulus:  # It is irreducible, and of a higher degree.
            return possible - {0}
        content, factors = polynomial.factor()
        even = all(n % 2 == 0 for _, n in factors)
        return possible & (RISING if root or content > 0 else FALLING) if even else possible

    @property
    def parts(self):
        """As a sum of powers of the radius."""
        return {0: self}

    def leading(self):
        """Return n and f such that this is rⁿf."""
        return 0, self

    def __add__(self, other):
        pairs = product(self.signs, other.signs)
        sign = {s for a, b in pairs for s in (({a, b} - {0} or {0}) if a * b >= 0 else ANY)}
        exact, slopes = known("+", self.exact, other.exact), ((1, self), (1, other))
        return mix(self.centre + other.centre, self.range + other.range, exact, sign, *slopes)

    def __mul__(self, other):
        sign = {a * b for a, b in product(self.signs, other.signs)}
        exact, slopes = known("*", self.exact, other.exact), ((other.centre, self), (self.range, other))
        return mix(self.centre * other.centre, self.range * other.range, exact, sign, *slopes)

    def __sub__(self, other):
        same = self is other or (isinstance(self.exact, tuple) and self.exact == other.exact)
        return exactly(0) if same else self + other * exactly(-1)

    def __truediv__(self, other):
        return self * other ** exactly(-1)

    def __pow__(self, other):
        n = constant(other)
        if n is None or n.q != 1 or abs(n) > MAX_BITS:
            return apply("exp", apply("log", self) * other)
        n, sign = int(n), ANY if n < 0 and 0 in self.signs else {s ** abs(int(n)) for s in self.signs}
        slope = n * power(self.range, n - 1) if self.slopes and n else arb(0)
        return mix(power(self.centre, n), power(self.range, n), known("**", self.exact, n), sign, (slope, self))


def power(x, n):
    """Return xⁿ for a ball, also around zero; what is not a number stays so."""
    return (acb(x) ** n).real + 0 * x


def mix(centre, natural, exact, sign, *terms):
    """Return centre + Σ factor (f − f_0) over pairs of a factor and f."""
    count = max((len(f.slopes) for _, f in terms), default=0)
    slopes = [sum((factor * f.slopes[i] for factor, f in terms if f.slopes), arb(0)) for i in range(count)]
    return Value(centre, exact, slopes, natural, frozenset(sign))


def known(name, x, y):
    """What is known exactly of a sum, a product or (y an integer) a power."""
    if x is None or y is None or "closed" in (x, y):
        return None if x is None or y is None else "closed"
    polynomial, modulus, root = x
    if name == "**":
        y, root = (y // 2, False) if root and y % 2 == 0 else (y, root)
        if y < 0 and polynomial.degree() == 0:
            polynomial, y = fmpq_poly([1 / polynomial[0]]), -y
        if y < 0 or root or y * len(str(polynomial)) > MAX_BITS:
            return "closed"
        polynomial **= y
    elif root or y[2]:
        if name != "*" or x != y:
            return "closed"
    elif min(polynomial.degree(), y[0].degree()) > 0 and modulus != y[1]:
        return "closed"  # They are polynomials in different numbers.
    else:
        modulus = modulus if polynomial.degree() > 0 else y[1]
        polynomial = polynomial + y[0] if name == "+" else polynomial * y[0]
    return polynomial % modulus if modulus else polynomial, modulus, False


def exactly(x):
    """Return an integer or rational number."""
    return Value(x, (fmpq_poly([x]), None, False))


def constant(x):
    """Return the rational number that a value is, or None."""
    exact = x.exact
    return exact[0][0] if isinstance(exact, tuple) and exact[0].degree() <= 0 and not exact[2] else None


def least(values, side=1):
    """Return the least of values, or with side −1 the largest."""
    first, *others = values
    for other in others:
        one, other = apply("+", first), apply("+", other)
        gap = (one - other) * exactly(side)
        middle = (one + other - apply("abs", gap) * exactly(side)) * exactly(HALF)
        first = one if gap.signs <= FALLING else other if gap.signs <= RISING else middle
    return first


MAPS = {
    "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())), "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "log": (lambda x: x.log(), lambda x: 1 / x), "cos": (lambda x: x.cos(), lambda x: -x.sin()),
    "sin": (lambda x: x.sin(), lambda x: x.cos()), "abs": (abs, lambda _: UNIT),
}  # fmt: skip


def apply(name, form):
    """Return a function of a value, "+" the value without regard to the radius."""
    n, f = form.leading()
    if name == "exp" and n > 0 and f.range < 0 and not form.end:
        return Value(arb(0).union((f.range * arb(form.start) ** n).exp()), sign=frozenset((1,)))
    first = f * form.power(n) if n else f
    if name == "exp" and n > 0 and form.end:
        rest = arb(0).union(first.range).exp() / 6
        return exactly(1) + form + form * form * exactly(HALF) + form ** exactly(3) * Value(rest)
    if name == "+" or (name == "abs" and len(first.signs) == 1) or (name == "sqrt" and first.signs == {0}):
        return first * exactly(-1) if first.signs == {-1} and name == "abs" else first
    q, exact = constant(first), None if first.exact is None or name == "exp" else "closed"
    if name == "exp" and q == 0:
        return exactly(1)
    if name == "sqrt" and isinstance(first.exact, tuple) and not first.exact[2]:
        exact = (*first.exact[:2], True)
        ends = [math.isqrt(int(abs(x))) for x in (q.p, q.q)] if q else (0, 1)
        if q and fmpq(*ends) ** 2 == q:
            return exactly(fmpq(*ends))
    function, derivative = MAPS[name]
    sign = {"exp": {1}, "sqrt": RISING & first.signs, "abs": RISING}.get(name, ANY)
    slope = derivative(first.range) if first.slopes else arb(0)
    return mix(function(first.centre), function(first.range), exact, sign, (slope, first))


def smallest_eigenvalue(a, b, d):
    """Of a symmetric matrix: (a + d)/2 − √(x² + y²), x = (a − d)/2, y = b; that root's slopes are at most 1 anywhere."""
    x, y = (a - d) * exactly(HALF), b
    pairs = (x.centre, y.centre), (x.range, y.range)
    at, norm = ((u * u + w * w).nonnegative_part().sqrt() for u, w in pairs)
    root = mix(at, norm, None, RISING, *((z.range / norm if norm > 0 else UNIT, z) for z in (x, y)))
    return (a + d) * exactly(HALF) - root


class Powers(Value):
    """Σ rⁿ f_n for all radii r from `start` to `end`, or for all from `start` on, without an end (None)."""

    slopes, parts = (), {}

    def __init__(self, parts, start, end):
        self.parts, self.start, self.end = {n: f for n, f in parts.items() if f.signs != {0}}, start, end
        self.exact = None if any(f.exact is None for f in self.parts.values()) else "closed"

    def power(self, n):
        """Return a ball around all rⁿ: n is not negative at radius 0, and not positive far out."""
        right = n <= 0 if not self.end else n >= 0 or self.start > 0
        require(right, "powers that are not bounded near radius 0 or far out", "not covered")
        ends = [arb(end) ** n if end else arb(0) for end in (self.start, self.end)]
        return Value(ends[0].union(ends[1]), sign=RISING) if n else exactly(1)

    def leading(self):
        """Return n and f such that the sum is rⁿf."""
        first = (min if self.end else max)(self.parts, default=0)
        return first, sum((f * self.power(n - first) for n, f in self.parts.items()), exactly(0))

    @property
    def signs(self):
        """The signs that it may have, at radius 0, too, where that is the start."""
        sets, origin = [f.signs for f in self.parts.values()], set()
        if self.end and not self.start:
            self.power(min(self.parts, default=0))
            origin = self.parts[0].signs if 0 in self.parts else {0}
        for same in (1, -1):
            if all(each <= {0, same} for each in sets):
                return origin | ({same} if {same} in sets else {0, same} if sets else {0})
        return origin | self.leading()[1].signs

    def __add__(self, other):
        sums = dict(self.parts)
        for n, f in other.parts.items():
            sums[n] = sums[n] + f if n in sums else f
        return Powers(sums, self.start, self.end)

    def __mul__(self, other):
        pairs = product(self.parts.items(), other.parts.items())
        sums = (Powers({m + n: f * g}, self.start, self.end) for (m, f), (n, g) in pairs)
        return sum(sums, Powers({}, self.start, self.end))

    def __pow__(self, other):
        n, (first, f) = constant(other), self.leading()
        require(n is not None and n.q == 1 and abs(n) < 9, "such powers near radius 0 or far out", "not covered")
        if n >= 0:
            return math.prod([self] * int(n), start=exactly(1))
        require(first == 0 or self.start > 0, "quotients by what vanishes at radius 0", "not covered")
        return Powers({first * int(n): f**other}, self.start, self.end)

    __radd__, __rmul__ = __add__, __mul__


# 2. Means of the posterior on a simplex

ANGLE = 1.4
"""Half the width of the strip |Im u| < π/2 in which the integrands are bounded; a choice, as are steps and nodes."""


def tensor_rule(weights, rows, goal, n=0):
    """E log S, S = Σ π_j e^{y_j}, y_j = Σ rows_dj Z_d, or of two components the n-th moment of γ̂_1 (section 11)."""
    sizes, count, axes, total = [reduce(arb.max, map(abs, row)) for row in rows], arb(len(rows)), [], arb(0)
    reach, factor, spread = arb(math.sqrt(2 * goal + 4 * len(rows))), arb(1), 1 if n else sum(sizes)
    # Beyond the reach γ̂ is at most 1, and |log S| at most |z| Σ_d max_j |rows_dj|.
    error = ((count - reach**2) / 2).exp() * (reach**2 / count) ** (count / 2) * (1 if n else reach * spread)
    for row, size in zip(rows, sizes, strict=True):
        width = reduce(arb.max, row) - reduce(arb.min, row)
        v = arb(min(math.sqrt(2 * goal), 2.8 / float(width.upper())))
        h, cosine = 2 * math.pi * v / (goal + v * v / 2), (v * width / 2).cos()
        bound = cosine**-n if n else spread + v * size - cosine.log()
        error += 2 * (v * v / 2).exp() * bound / (2 * arb.pi() * v / h).expm1()
        factor *= 1 + h / 2
        end, unit = int(float(reach / h)) + 1, h / (2 * arb.pi()).sqrt()
        half = [unit * (-((h * i) ** 2) / 2).exp() for i in range(end + 1)]
        powers = (accumulate(repeat((h * y).exp(), 2 * end), operator.mul, initial=(-end * h * y).exp()) for y in row)
        axes.append(list(zip(half[:0:-1] + half, *powers, strict=True)))
    nodes = math.prod(map(len, axes)) * len(weights)
    require(nodes < 4 * MAX_NODES, "points at which integrals take too many nodes", "not covered")
    for node in product(*axes):
        mass, *terms = map(math.prod, zip((1, *weights), *node, strict=True))
        total += mass * (power((terms[0] - terms[1]) / sum(terms), n) if n else sum(terms).log())
    return total + arb(0, (error * factor).abs_upper())


class Posterior:
    """Means over the posterior at one point, v = r², as balls of a radius of about e^(−goal).

    Classes are pairs of a weight and the components that have it. With S = Σ π_j e^{sZ_j}, s² = vk/(k − 1), a mean of
    degree N is ∫ E[(e^u S)^N … exp(−e^u S)] du/Γ(N), and E log S is ∫ (E exp(−e^{u + sZ}) − E exp(−e^u S)) du.
    """

    def __init__(self, k, classes, v, goal):
        self.k, self.classes, self.v, self.known, self.goal = k, classes, v, {}, goal + 6
        self.bits = int(1.5 * self.goal + 70 + math.log2(k))
        self.largest = max(classes, key=lambda each: len(each[1]))[1]
        self.flat = k - len(self.largest) <= 1
        if v != 0 and k > 2:
            with ctx.workprec(self.bits):
                self.lay_out(arb(v) * k / (k - 1))

    def lay_out(self, s2):
        """Choose steps and nodes, and evaluate what every integral needs: P = E exp(−e^u S) at the nodes."""
        goal, rough, inner = self.goal, float(s2.mid()), self.goal + math.log(self.k) + 6
        strip = min(ANGLE, math.sqrt(2 * rough * inner))
        step = 2 * math.pi * strip / (inner + 3 + strip**2 / (2 * rough))
        # The outer integral takes every `stride`-th node of the inner one: its strip is wider (section 3).
        wide = math.sqrt(ANGLE**2 + 2 * rough * (goal + 9) / self.k)
        cost = self.k * (wide - ANGLE) ** 2 / (2 * rough)
        stride = max(1, int(2 * math.pi * wide / (goal + 9 + cost) / step))
        sizes = [float(arb(weight).mid()) for weight, _ in self.classes]
        ends = ((max(sizes), goal), (min(sizes), goal / self.k + 0.7))
        left = rough / 2 + min(goal, goal / 2 + rough / 2) + 2
        right = max(min(math.log(share / size) + math.sqrt(2 * rough * share) for size, share in ends),
                    math.log(goal) + math.sqrt(2 * rough * goal))  # fmt: skip
        first = math.ceil(left / step)
        last, reach = math.ceil(right / step) + 2 * stride, math.ceil(math.sqrt(2 * rough * inner) / step)
        require(first + last + 2 * reach < MAX_NODES, "radii at which integrals take too many nodes", "not covered")
        s, h, strip, far = s2.sqrt(), arb(step), arb(strip), arb(inner + 32)
        unit = h / s / (2 * arb.pi()).sqrt()
        half = [unit * (-((j * h / s) ** 2) / 2).exp() for j in range(reach + 1)]
        kernel = half[:0:-1] + half
        begin = max(-first - reach, -math.ceil((inner + 2) / step))
        least_weight = reduce(arb.min, (arb(weight) for weight, _ in self.classes))
        exponentials = accumulate(repeat(h.exp(), last + reach - begin), operator.mul, initial=(h * begin).exp())
        self.lattice = list(takewhile(lambda x: not x * least_weight > far, exponentials))
        self.phases = [arb_poly(kernel[i::stride]) for i in range(stride)]
        self.partial, skipped = list(accumulate(kernel, initial=arb(0))), begin + first + reach
        self.cut, self.s2 = (skipped, 2 * reach, first + last + 2 * reach, stride), s2
        self.start, self.h = -first * h, stride * h
        self.grid = (self.k * (arb(wide) - ANGLE) ** 2 / (2 * s2)).exp() / (2 * arb.pi() * wide / self.h).expm1()
        outside = (strip**2 / (2 * s2)).exp() * 2 / (2 * arb.pi() * strip / h).expm1()
        beyond, near = (reach * h / (s * arb(2).sqrt())).erfc(), self.lattice[0] if skipped else 0
        self.errors = outside, strip.cos(), beyond, far, near
        rows, small = list(zip(*(self.table(0, i) for i in range(len(self.classes))), strict=True)), arb(-goal).exp()
        powers = [[x ** len(each) for x, (_, each) in zip(row, self.classes, strict=True)] for row in rows]
        self.product = [math.prod(row, start=arb(1)) for row in powers]
        self.kept = [i for i, x in enumerate(self.product) if x > small and all(y > small for y in rows[i])]

    @remembered
    def samples(self, n, i):
        """Points x = e^y of the lattice, moved by the logarithm of the weight of a class (i = −1: of 1), and f_n(y)."""
        if n:
            return [(x, x * y) for x, y in self.samples(n - 1, i)]
        far, points = self.errors[3], (y * (1 if i < 0 else self.classes[i][0]) for y in self.lattice)
        return [(x, (-x).exp()) for x in takewhile(lambda x: not x > far, points)]

    @remembered
    def table(self, n, i):
        """D_n(u + log π_i), D_n(u) = E f_n(u + sZ), f_n(y) = e^(ny) exp(−e^y), with nodes sz = jh (section 2)."""
        (outside, cosine, beyond, far, near), samples = self.errors, self.samples(n, i)
        (skipped, width, end, stride), below = self.cut, 0 if n else sum(1 for x, _ in samples if x < 1)
        supremum = (arb(n) / arb(1).exp()) ** n if n else 1
        # Left out are terms beyond `far`, where f_n decreases, and before `near`, where it is at most e^y as 1 − f_0 is;
        # the kernel sums to less than 2.
        error = supremum * (outside / cosine**n + beyond) + 2 * far**n * (-far).exp() + 2 * near
        ball = arb(0, error.abs_upper())
        # Of f_0 the part 1 left of 0 is summed apart. For every stride-th point what adds up to it goes by remainders.
        values, sums = [y - 1 for _, y in samples[:below]] + [y for _, y in samples[below:]], arb_poly([])
        for phase, kernel in enumerate(self.phases):
            other = (width - skipped - phase) % stride
            shift, part = (width - skipped - phase - other) // stride, kernel * arb_poly(values[other::stride])
            sums += part.right_shift(shift) if shift > 0 else part.left_shift(-shift)
        before = (min(max(below and below + skipped - i, 0), width + 1) for i in range(0, end - width, stride))
        return [sums[t] + self.partial[j] + ball for t, j in enumerate(before)]

    @remembered
    def cumulants(self, n):
        """The n-th cumulants under the tilted measure of each node, with a row for each class."""
        tables = [[self.table(i, j) for j in range(len(self.classes))] for i in range(n + 1)]
        moments = [[x[i] / y[i] for x, y in zip(each, tables[0], strict=True) for i in self.kept] for each in tables]
        found = moments[n]
        for i in range(1, n):
            triples = zip(found, self.cumulants(i).entries(), moments[n - i], strict=True)
            found = [x - math.comb(n - 1, i - 1) * a * b for x, a, b in triples]
        return arb_mat(len(self.classes), len(self.kept), found)

    @remembered
    def transforms(self, f):
        """For each class Σ e^{2πi fj/k} over its components; all of them sum to 0."""
        if not f:
            return [arb(len(members)) for _, members in self.classes]
        # Of one component against all others only the modulus matters, as frequencies add up to 0.
        angles = ([] if members is self.largest else [0 if self.flat else fmpq(2 * f * j, self.k) for j in members]
                  for _, members in self.classes)  # fmt: skip
        found = [sum((acb(x).exp_pi_i() for x in each), acb(0)) for each in angles]
        found[[members is self.largest for _, members in self.classes].index(True)] = -sum(found)
        return [x.real for x in found] if all(x.imag == 0 for x in found) else found

    @remembered
    def row(self, n, f):
        """The joint cumulants of Σ ξ_j e^{2πi fj/k} at every node: those of independent ξ_j add up."""
        factors = self.transforms(f)
        kind = acb_mat if isinstance(factors[0], acb) else arb_mat
        return (kind([factors]) * kind(self.cumulants(n))).entries()

    @remembered
    def joint(self, *fs):
        """P times a joint moment at every node: cumulants of blocks with the first factor times moments of the others."""
        if not fs:
            return [self.product[i] for i in self.kept]
        found = [arb(0)] * len(self.kept)
        for chosen in product((True, False), repeat=len(fs) - 1):
            block = [fs[0], *(f for f, x in zip(fs[1:], chosen, strict=True) if x)]
            rest = self.joint(*(f for f, x in zip(fs[1:], chosen, strict=True) if not x))
            row = self.row(len(block), min(sum(block) % self.k, 1 if self.flat else self.k))
            found = [x + a * b for x, a, b in zip(found, row, rest, strict=True)]
        return found

    @remembered
    def mean(self, *fs):
        """The real part of the mean of the product of γ̂_f over the frequencies, with the errors of section 4."""
        if self.v == 0:  # Of the products of π̂_f.
            sums = (zip(self.classes, self.transforms(f % self.k), strict=True) for f in fs)
            return math.prod((sum((w * x for (w, _), x in each), acb(0)) for each in sums), start=acb(1)).real
        if self.k == 2:
            odd = sum(f % 2 for f in fs)
            return self.pair(odd) if odd else arb(1)
        grid = 2 / arb(ANGLE).cos() ** len(fs) * self.grid
        sums = (sum(self.joint(*each), arb(0)) for each in (tuple(f % self.k for f in fs), (0,) * len(fs)))
        found, ones = (acb(x).real * self.h / math.factorial(len(fs) - 1) for x in sums)
        # What the nodes left out may miss: all of them together sum to at most 1 + grid.
        return found + arb(0, (grid + (1 + grid - ones).abs_upper()).abs_upper())

    @remembered
    def pair(self, n):
        """Of two components E γ̂_1ⁿ, or if n is 0 E log S."""
        weights = {j: w for w, members in self.classes for j in members}
        return tensor_rule([weights[0], weights[1]], [[arb(self.v).sqrt(), -arb(self.v).sqrt()]], self.goal + 4, n)

    @remembered
    def named(self, name, m=0, n=0):
        """β_m = E|γ̂_m|² ("b"), the coupling t_mn of section 4 ("t"), or B = 2KL/v ("B")."""
        if name == "b":
            return self.mean(m, -m)
        if name == "t":
            cubic = self.mean(m, n, -m - n) + self.mean(m, -n, n - m)
            return self.mean(m + n, -m - n) + self.mean(m - n, n - m) - 4 * cubic + 6 * self.mean(m, -m, n, -n)
        if self.k == 2:
            return 1 - 2 * self.pair(0) / self.v
        # ∫ (E exp(−e^u T) − P) du, T = e^{sZ}: discretisation, left and right tails of section 5.
        shift, edge, small, h, integral = self.s2 / 2, self.start - self.h, arb(-self.goal).exp(), self.h, arb(0)
        error = 4 * (self.s2 * 2 * arb(2 * self.k).log()).sqrt() / arb(ANGLE).cos() * self.grid
        # On the left |difference| ≤ e^(pu) max(E S^p, T^p) ≤ e^(pu + p² s²/2) for p = 1 and 2, a geometric series.
        error += arb.min(*(h * (p * edge + p * p * shift).exp() / -(-p * h).expm1() for p in (1, 2)))
        for sign, values in ((1, self.table(0, -1)), (-1, self.product)):
            # Both are log-concave (Prékopa): what follows x, q < 1 times its predecessor, is at most xq/(1 − q).
            at = next((i for i in range(2, len(values)) if values[i] < small), len(values) - 1)
            ratio = values[at].abs_upper() / values[at - 1].abs_lower()
            error += h * values[at].abs_upper() * ratio / (1 - ratio) if ratio < 1 else arb.pos_inf()
            integral += sign * h * sum(values[: at + 1], arb(0))
        return 2 / arb(self.v) * (shift * (self.k - 1) / self.k - integral - arb(0, error.abs_upper()))


posterior = lru_cache(maxsize=256)(Posterior)


@lru_cache(maxsize=256)
def kept(*_):
    """A list that is kept from one certificate to the next, for whatever names it."""
    return []


class Tile:
    """Polynomials around means on a tile of the log-ratio of two weights (or at fixed ones) and of log v (8 and 13)."""

    def __init__(self, k, classes, axes, goal, couplings):
        self.known, self.bits, self.matrices, nodes = {}, ctx.prec, [], []
        self.loss, self.error = arb(1), arb(-goal).exp()
        # How large means are at an angle, and for what imaginary part of the coordinate: of degree 4 or 2 (13).
        degree, factor, real = (4, 16, 3) if couplings else (2, 1, 1)
        bounds = (lambda a: (factor / a.cos() ** degree, 2 * a)), (lambda a: (real * a.cos() ** (arb(1 - k) / 2), a))
        tenths = [arb(i) / 10 for i in range(1, 16)]
        for (_, width, varies), bound in zip(axes, bounds, strict=True):
            # So many Chebyshev points make the error 4Mρ^{1−n}/(ρ − 1) of interpolation less than e^(−goal).
            choices = [(most, x / width + (1 + (x / width) ** 2).sqrt()) for most, x in map(bound, tenths)]
            enough = (n for n in range(3, 90) for most, q in choices if 4 * most * q ** (1 - n) / (q - 1) < self.error)
            n = next(enough, 0) if varies else 1
            require(n, "domains on which interpolation takes too many nodes", "not covered")
            angles = [arb(2 * j + 1) / (2 * n) for j in range(n)]
            nodes.append([x.cos_pi() for x in angles])
            # From values there to coefficients: c_m = (2 − δ_m0)/n Σ_j f_j T_m(x_j).
            self.matrices.append(arb_mat([[(m * x).cos_pi() * (2 - (not m)) / n for x in angles] for m in range(n)]))
            self.loss *= 1 + 2 / arb.pi() * arb(n).log()  # Lebesgue's constant
        self.points, pairs = [], zip(axes, nodes, strict=True)
        ratios, squares = ([(a[0] + a[1] * x).exp() if a[2] else arb(a[0]) for x in each] for a, each in pairs)
        for ratio in ratios:
            first = 1 / (len(classes[0][1]) + len(classes[-1][1]) * ratio)
            varied = [(first * x, members) for x, (_, members) in zip((1, ratio), classes, strict=False)]
            self.points.append([Posterior(k, varied if axes[0][2] else classes, v, goal + 1) for v in squares])

    @remembered
    def model(self, *name):
        """Return the coefficients of T_i(x) T_j(y), Chebyshev's polynomials, and the error of a mean."""
        found = [[point.named(*name) for point in row] for row in self.points]
        most = self.loss * (2 * self.error + max((z.rad() for row in found for z in row), key=float))
        (first, second), table = self.matrices, arb_mat([[z.mid() for z in row] for row in found])
        rows, error = (first * table * second.transpose()).tolist(), most
        for _ in self.matrices:  # Where no more is lost than by interpolation, the last rows and columns are left out.
            while len(rows) > 1 and (more := sum(map(abs, rows[-1]), error)) < 2 * most:
                rows, error = rows[:-1], more
            rows = [list(each) for each in zip(*rows, strict=True)]
        return arb_mat(rows), arb(0, error.abs_upper())

    def value(self, name, x, y):
        """Return a mean as a function of the coordinates, each between −1 and 1."""
        (table, error), (h, j) = self.model(*name), (each.range - each.centre for each in (x, y))
        n = table.ncols()
        # Both centres are moved before wide balls are put in, or large coefficients of high powers would not cancel.
        moved = moved_to(x.centre, table.nrows()).transpose() * table * moved_to(y.centre, n)
        wide, first = arb_poly((moved * arb_mat([[j**i] for i in range(n)])).entries()), arb_poly(moved.tolist()[0])
        slopes = (wide.derivative()(h), x), (first.derivative()(j), y)
        return mix(moved[0, 0] + error, wide(h) + error, None, ANY, *slopes)


tile = lru_cache(maxsize=8)(Tile)


def moved_to(x, n):
    """The coefficients of T_0(x + t), …, T_(n−1)(x + t)."""
    found = [arb_poly([1]), arb_poly([x, 1])]
    for _ in range(2, n):
        found.append(2 * found[1] * found[-1] - found[-2])
    return arb_mat([[each[i] for i in range(n)] for each in found[:n]])


# 3. Claims and quantities

WORDS = {
    "": "spectral_gap contraction_factor lloyd_radius sublinear_constant asymptotic_rate log_partition kl_divergence "
    "hessian_min_eigenvalue pl_ratio",
    "m": "dft_modulus posterior_power",
    "radius": "contraction_bound pl_constant worst_contraction_factor",
    "fraction": "strong_convexity_radius",
    "eps": "iterations_to_kl",
    "n delta radius": "sample_error_bound sample_kl_bound steps_needed sample_operator_error",
    "eps delta radius": "samples_needed",
}
ARGUMENTS = {name: words.split() for words, names in WORDS.items() for name in names.split()}
OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv}
OPERATORS["Pow"] = operator.pow
COMPARE = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
HOLDS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "==": {0}, "!=": {-1, 1}}
DIFFERENCE_SETS = {7: {1, 2, 4}, 11: {1, 3, 4, 5, 9}, 13: {0, 1, 3, 9}}


@lru_cache(maxsize=4096)
def parse(text):
    """Return the text on one line and its tree."""
    text = "(" + re.sub(r"\s", " ", text) + ")"
    require(text.isascii() and len(text) < 2003, f"claim: {text[:40]!r} is not a statement")
    return text, ast.parse(text, mode="eval").body


class Case:
    """One k of a claim, with what is known of it already."""

    def __init__(self, claim, k):
        self.k, self.d, self.parts, self.recorded, self.whole = k, claim.get("d", k - 1), 0, {}, {}
        self.couplings = bool(re.search("hessian|convexity", claim.get("statement", "hessian")))
        self.radius = number(claim["radius"]) if "radius" in claim else None
        self.amplitudes = [number(each) for each in claim.get("amplitudes", ())]
        point = min([self.radius or 0, *self.amplitudes]) >= 0 and len(self.amplitudes) in (0, k // 2)
        require(k <= 100_000, "more than 100,000 components", "not covered")
        require(point and 2 <= k <= self.d + 1 <= 10**6 + 1, "claim: its dimension or point is not one")
        self.shares = {m: fmpq(2 - (2 * m == k), k - 1) for m in range(1, k // 2 + 1)}
        given = claim.get("weights", "uniform")
        name, _, p = given.strip().partition(":") if isinstance(given, str) else ("", "", "")
        if isinstance(given, list) or "," in given:
            weights = given if isinstance(given, list) else given.split(",")
        elif name in ("uniform", "linear"):
            weights = [f"1/{k}" if name == "uniform" else f"{2 * j}/{k * (k + 1)}" for j in range(1, k + 1)]
        elif name == "geometric" and k <= 64:
            weights = [f"({p})**{j}/({'+'.join(f'({p})**{i}' for i in range(k))})" for j in range(k)]
        else:
            special = {0} if name == "one-heavy" else DIFFERENCE_SETS.get(k)
            require(special and name in ("one-heavy", "difference-set"), "these weights", "not covered")
            n = len(special)
            weights = [f"({p})/{n}" if j in special else f"(1-({p}))/{k - n}" for j in range(k)]
        self.groups = {}
        for j, text in enumerate(weights):
            self.groups.setdefault(text, []).append(j)
        self.key = k, self.d, self.radius, str(self.groups)


@lru_cache(maxsize=64)
def hull(case, *domain):
    """The logarithms of the ratio of weights, where two vary, and of r² at the ends of a domain, radii from 1/10 on."""
    ends = dict(domain)
    radii = [8 * ONE if end == INFINITY else max(end, ONE / 10) for end in ends.pop("radius", (ONE, ONE))]
    corners = (Place(case, {name: (each[i],) * 2 for name, each in ends.items()}, 7).classes() for i in (0, 1))
    ratios = sorted(float((each[-1][0] / each[0][0]).range.log().mid()) for each in corners)
    return ratios, [2 * math.log(end) for end in radii]


class Place:
    """A box of a case, on which variables and quantities have values; a box may be a point.

    At the `edge`, near radius 0 or far out, values are sums of powers of the radius.
    """

    def __init__(self, case, box, goal, *, near=False):
        self.case, self.k, self.box, self.goal, self.known, self.bits = case, case.k, box, goal, {}, ctx.prec
        self.key = *case.key, *box.items(), goal
        low, high = box.get("radius", (ONE, ONE))
        case.whole = box | case.whole
        if low == 0 and high == INFINITY:
            raise MoreError("radius")
        self.edge = low < high and (near or low == 0 or high == INFINITY)
        self.free = [n for n, (a, b) in box.items() if a < b and not (self.edge and n == "radius")]
        r = None if case.radius is None else exactly(case.radius)
        self.names = {"k": exactly(case.k), "d": exactly(case.d), "pi": Value(arb.pi(), "closed"), "radius": r}
        for name, (a, b) in box.items():
            exact = (fmpq_poly([0, 1]), None, False) if self.free[:1] == [name] else "closed"
            slopes = [arb((b - a) / 2 if each == name else 0) for each in self.free]
            self.names[name] = exactly(a) if a == b else Value((a + b) / 2, exact, slopes)
        if self.edge:
            self.names["radius"] = Powers({1: exactly(1)}, low, None if high == INFINITY else high)

    def evaluate(self, text, node):
        """Return the value of an expression; nothing else is read."""
        source = text[node.col_offset : node.end_col_offset]
        match node:
            case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
                return exactly(number(source))
            case ast.Name("radius"):
                return self.radius
            case ast.Name(name) if name in self.names:
                return self.names[name]
            case ast.Name(name) if name in ARGUMENTS:
                return self.quantity(name, {})
            case ast.Call(ast.Name(name), [], words) if name in ARGUMENTS:
                return self.quantity(name, {word.arg: constant(self.evaluate(text, word.value)) for word in words})
            case ast.Call(ast.Name("min" | "max" as name), [_, _, *_] as parts, []):
                return least([self.evaluate(text, part) for part in parts], 1 if name == "min" else -1)
            case ast.Call(ast.Name(name), [part], []) if name in MAPS:
                return apply(name, self.evaluate(text, part))
            case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, part):
                return self.evaluate(text, part) * exactly(-1 if isinstance(sign, ast.USub) else 1)
            case ast.BinOp(left, op, right):
                return OPERATORS[type(op).__name__](self.evaluate(text, left), self.evaluate(text, right))
        require(not re.match("[a-z]+_[a-z_]+", source), f"the quantity {re.split('[^a-z_]', source)[0]}", "not covered")
        raise OutcomeError("rejected", f"claim: {source[:40]!r} is not part of a statement")

    @property
    def radius(self):
        """The radius r."""
        require(self.names["radius"] or not self.case.amplitudes, "points off the simplex", "not covered")
        require(self.names["radius"], "claim: it needs a radius")
        return self.names["radius"]

    @cached_property
    def v(self):
        """r²."""
        return self.radius * self.radius

    @remembered
    def classes(self):
        """Pairs of a weight and the components that have it."""
        found = {}
        for text, members in self.case.groups.items():
            weight = self.evaluate(*parse(text.strip()))
            found.setdefault(text if constant(weight) is None else constant(weight), (weight, []))[1].extend(members)
        return list(found.values())

    @remembered
    def fixed(self):
        """The classes with rational weights, or None."""
        found = tuple((constant(weight), tuple(members)) for weight, members in self.classes())
        return None if any(weight is None for weight, _ in found) else found

    @remembered
    def flat(self):
        """Whether one weight at most differs from the others: then frequencies are alike."""
        return self.k - max(len(members) for _, members in self.classes()) <= 1

    @remembered
    def square(self, m):
        """|π̂_m|² = Σ_jl π_j π_l e^{2πi(j−l)m/k}."""
        k, classes = self.k, sorted(self.classes(), key=lambda each: len(each[1]))
        if self.flat():
            return (classes[0][0] - classes[-1][0]) ** exactly(2) if classes[1:] else exactly(0)
        require(self.fixed() and k <= 1000, "so many weights, or such that vary", "not covered")
        weights = [q for _, q in sorted((j, q) for q, members in self.fixed() for j in members)]
        found, modulus = [fmpq(0)] * k, fmpq_poly(fmpz_poly.cyclotomic(k))
        for i, x in enumerate((fmpq_poly(weights) * fmpq_poly(weights[::-1])).coeffs()):
            found[(i - k + 1) * m % k] += x
        ball = sum((x * arb.cos_pi_fmpq(fmpq(2 * i, k)) for i, x in enumerate(found)), arb(0))
        return Value(ball, (fmpq_poly(found) % modulus, modulus, False))

    def shares(self):
        """The share of each frequency in r², where none is like another."""
        return {1: ONE} if self.flat() else self.case.shares

    def gap(self, frequencies=None):
        """The least |π̂_m|² at frequencies, or at all."""
        return least(self.square(m) for m in frequencies or self.shares())

    def power(self, m):
        """β_m."""
        return self.mean("b", 1 if self.flat() else min(m, self.k - m))

    @remembered
    def mean(self, *name):
        """β_m ("b"), t_mn ("t"), B = 2KL/v or far out λ_min(∇²ℓ) ("h")."""
        v, at, k = self.v, constant(self.v), self.k
        if self.edge and not v.end:
            # 1 − f ≤ c/s by pairs, or as densities are log-concave (sections 9 and 13; E max ≤ √(2 log k)).
            require(name[0] != "t", "couplings far out", "not covered")
            s2, logs = arb(v.start) ** 2 * k / (k - 1), [w.range.log() for w, ms in self.classes() for _ in ms]
            around = 1 + sum(((x - sum(logs) / k) ** 2 for x in logs), arb(0)) / s2 if name[0] == "h" else 1
            pairs, concave = k * k / (2 * arb.pi().sqrt()), 2 * (2 * arb(k).log()).sqrt() * around
            bound = (concave if concave < pairs else pairs) * (1 + (name[0] == "B")) * (1 - arb(1) / k).sqrt()
            return Powers({0: exactly(1), -1: Value(arb(0).union(-bound), sign=FALLING)}, v.start, v.end)
        if at != 0 and not self.edge:
            if self.fixed() and at is not None:
                return Value(posterior(k, self.fixed(), at, self.goal).named(*name))
            found, units = self.position()
            return found.value(name, *units)
        if name[0] == "t":
            ranges = self.fixed() or tuple((weight.range, tuple(members)) for weight, members in self.classes())
            prior = posterior(k, ranges, fmpq(0), self.goal) if self.fixed() else Posterior(k, ranges, 0, self.goal)
            return Value(prior.named(*name) + (37 * arb(v.end) ** 2 * UNIT if self.edge else 0))  # Section 12
        shares = {name[1]: ONE} if name[0] == "b" else self.shares()
        found = sum((self.square(m) * exactly(share) for m, share in shares.items()), exactly(0))
        if not self.edge:
            return found
        # ∂β_m/∂ρ_l² = t_ml/2, where all t_ml with l ≠ m are alike if frequencies are; ∂B/∂v is the mean of y ∂β(yv)/∂v,
        # 0 ≤ y ≤ 1: half a mean of such slopes.
        w, parts = self.case.shares[1], 2 if name[0] == "b" else 4
        others = {1: w, 2: 1 - w} if self.flat() and k > 3 else self.case.shares
        slopes = (self.mean("t", m, n) * exactly(p * q / parts) for m, p in shares.items() for n, q in others.items())
        return Powers({0: found, 2: sum(slopes, exactly(0))}, v.start, v.end)

    @remembered
    def position(self):
        """Return a tile and where in it this is; they overlap by a tenth, so that every small enough box lies in one."""
        classes, axes, units = self.classes(), [], []
        require(self.fixed() or len(classes) == 2, "weights with more than one ratio that varies", "not covered")
        ratio = exactly(1) if self.fixed() else classes[1][0] / classes[0][0]
        # Few parts, near each other, need more digits than the first.
        sizes = (5.0, min(6.0, 12 / math.sqrt(self.k))) if self.goal < GOALS[1] else (1.0, 1.0)
        ends = hull(self.case, *self.case.whole.items())
        for argument, whole, most in zip((ratio, self.v), ends, sizes, strict=True):
            coordinate, middle, width = apply("log", argument), constant(self.v) or 0, 1
            if coordinate.slopes:
                low, size = whole[0], max(whole[1] - whole[0], 0.2)
                pitch = size / math.ceil(size / most)
                if coordinate.range.is_finite():
                    middle = low + (math.floor((float(coordinate.range.mid()) - low) / pitch) + 0.5) * pitch
                if not abs(coordinate.range - middle) <= 0.55 * pitch:
                    raise MoreError(self.widest(argument))
                width = 0.55 * pitch
            axes.append((middle, width, bool(coordinate.slopes)))
            units.append((coordinate - Value(middle)) * Value(1 / arb(width)) if coordinate.slopes else exactly(0))
        members = self.fixed() or tuple((None, tuple(each)) for _, each in classes)
        return tile(self.k, members, tuple(axes), self.goal + 6, self.case.couplings), units

    def widest(self, form):
        """The variable that matters most to a function; None if what matters are errors of the means."""
        f = form.leading()[1]
        sizes = ((float(x.abs_upper()), n) for x, n in zip(f.slopes, self.free, strict=False))
        size, name = max(((x if x < math.inf else math.inf, n) for x, n in sizes), default=(0, None))
        if not size < (1 if self.edge else 0.5) * f.centre.rad():
            return name if name or not self.edge else "radius"
        known = form.end or len(form.parts[max(form.parts)].signs) == 1
        require(known, "what large radii leave open", "not covered")
        return "radius" if self.edge else None

    def quantity(self, name, given):
        """Return a quantity."""
        words, case, k = ARGUMENTS[name], self.case, self.k
        given = given or dict.fromkeys(words if name == "strong_convexity_radius" else (), fmpq(0))
        right = set(given) == set(words) and min(given.values(), default=0) >= 0 and given.get("n", ONE).q == 1
        right &= all(given.get(word, HALF) > 0 for word in ("n", "eps", "delta")) and given.get("delta", HALF) < 1
        require(right, f"claim: {name} has other arguments")
        arguments = [given[word] for word in words]
        if words == ["m"]:
            m = int(arguments[0])
            require(0 < arguments[0] == m < k, "claim: a frequency is not between 1 and k − 1")
            return self.power(m) if name == "posterior_power" else apply("sqrt", self.square(min(m, k - m)))
        if name in SEARCHES:
            require(not self.free and not self.edge, f"{name} on intervals", "not covered")
            found = kept(name, *arguments, *case.recorded.get((name, *arguments), ()), *self.key)
            found += [] if found else [SEARCHES[name](self, *arguments)]
            return Value(found[0])
        match name:
            case "spectral_gap":
                return self.gap()
            case "contraction_factor":
                return exactly(1) - self.gap()
            case "asymptotic_rate" if any(case.amplitudes or [constant(self.v) != 0]):
                return exactly(1) - self.gap([m for m, a in enumerate(case.amplitudes, 1) if a])
            case "sublinear_constant" if len(self.classes()) == 1:
                return exactly(fmpq(k - 1, 16))
            case "lloyd_radius":
                return Value(lloyd_radius(k, self.goal), "closed" if k <= 5 else None)
            case "contraction_bound":
                return exactly(1) - self.gap() * Value(best_factor(k - 1, arguments[0]))
            case "kl_divergence" | "log_partition" if any(case.amplitudes):
                require(self.fixed(), "points off the simplex for weights that vary", "not covered")
                weights, rows = {j: w for w, members in self.fixed() for j in members}, []
                for m, a in ((m, a) for m, a in enumerate(case.amplitudes, 1) if a):
                    turns = [arb.sin_cos_pi_fmpq(fmpq(2 * m * j, k)) for j in range(k)]
                    rows += [[a * each[i] for each in turns] for i in ((1,) if 2 * m == k else (0, 1))]
                found = Value(tensor_rule([weights[j] for j in range(k)], rows, self.goal + 6))
                half = exactly(sum(a * a for a in case.amplitudes) / 2)
                return found if name == "log_partition" else half - found
            case "kl_divergence":
                return self.v * self.mean("B") * exactly(HALF)
            case "log_partition":
                return self.v * exactly(HALF) - self.quantity("kl_divergence", {})
            case "hessian_min_eigenvalue":
                return self.gap() if constant(self.v) == 0 else self.hessian(self.v)
            case "pl_ratio" if constant(self.v) != 0:
                return pl_ratio(self)
        raise OutcomeError("rejected", f"claim: {name} has no value here")

    def hessian(self, v):
        """The least of the tangential β_m, 2m < k, and of (δ_mn β_m + ρ_m ρ_n t_mn), ρ_m² = v dim_m/(k − 1) (section 6)."""
        k, count, shares = self.k, (self.k - 1) // 2, self.case.shares
        if self.edge and not v.end:
            return self.mean("h")

        def entry(m, n, t=None, factor=1):
            t = v * Value(arb(shares[m] * shares[n] * factor).sqrt()) * (t or self.mean("t", m, n))
            return self.power(m) + t if m == n else t

        tangential, alike = [self.power(m) for m in shares if 2 * m < k], self.flat() and count > 1
        require(k <= 5 or alike, "Hessians of such weights of more than five components", "not covered")
        matrix = [] if alike else [entry(m, n) for n in shares for m in shares if m <= n]
        if alike:
            # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
            same, other = self.mean("t", 1, 1), self.mean("t", 1, 2)
            tangential = [self.power(1), entry(1, 1, same - other)]
            matrix = [entry(1, 1, same + exactly(count - 1) * other)]
            matrix += [entry(1, k // 2, other, count), entry(k // 2, k // 2)] if k % 2 == 0 else []
        if self.edge:  # Where matrices are larger, it is within 9v/2 of what it is at the origin (section 12).
            slopes = [f.parts.get(2, exactly(0)) for f in tangential + matrix]
            slope = least(slopes) if len(matrix) == 1 else Value(UNIT * 9 / 2)
            return Powers({0: self.gap(), 2: slope}, v.start, v.end)
        return least([*tangential, matrix[0] if len(matrix) == 1 else smallest_eigenvalue(*matrix)])


def pl_ratio(place):
    """½‖∇ℓ‖²/KL = Σ w_m β_m²/B."""
    squares = (place.power(m) ** exactly(2) * exactly(q) for m, q in place.shares().items())
    return sum(squares, exactly(0)) / place.mean("B")


def lloyd_radius(k, goal):
    """√(k/(k−1)) E max(Z_1..Z_k), by Arb's integration of k z φ Φ^(k−1) and the tails 2kφ (section 7)."""
    end, root = math.ceil(math.sqrt(2 * (goal + math.log(k) + 4))), arb(2).sqrt()
    inside = acb.integral(lambda z, _: k * z * (-z * z / 2).exp() * ((-z / root).erfc() / 2) ** (k - 1), -end, end).real
    tails = arb(0, (2 * k * (-(arb(end) ** 2) / 2).exp()).upper())
    return (inside + tails) / (2 * arb.pi()).sqrt() * (arb(k) / (k - 1)).sqrt()


def best_factor(dimension, radius):
    """The largest ((1+2α)/(1+α)²)^{D/2} exp(−r²/((1+α)(1+2α))): Dα(1 + α)(1 + 2α) = r²(3 + 4α), at one α > 0."""
    square, d = radius**2, fmpq(dimension)
    roots = fmpq_poly([-3 * square, d - 4 * square, 3 * d, 2 * d]).complex_roots()
    a = next((root.real for root, _ in roots if root.imag == 0 and root.real > 0), arb(0))
    return (((1 + 2 * a) / (1 + a) ** 2).log() * d / 2 - arb(square) / ((1 + a) * (1 + 2 * a))).exp()


# 4. What a search has found: its enclosure as recorded, relaxed, is proved from the place recorded


def strong_convexity_radius(place, fraction):
    """The radius up to which λ_min(∇²ℓ) is more than a fraction of the gap."""
    (lower, upper, _), slack = place.case.recorded["strong_convexity_radius", fraction], fmpq(1, 2 ** (place.goal + 3))
    threshold = Value(place.gap().range * fraction)
    low, high = (end if end == INFINITY else end * (1 + sign * slack) for end, sign in ((lower, -1), (upper, 1)))

    def sides(each):
        return [each.quantity("hessian_min_eigenvalue", {}), threshold]

    prove(place.case, [">"], place.box | {"radius": (fmpq(0), low)}, sides)
    if lower == INFINITY:
        return arb.pos_inf()
    prove(place.case, ["<"], place.box | {"radius": (high, high)}, sides)
    return arb(low).union(arb(high))


def extremum(place, name, radius):
    """The infimum on the ball of the PL ratio, or 1 − the supremum of max (1 − β_m): nowhere less, and attained."""
    (lower, upper, at), ratio = place.case.recorded[name, radius], name == "pl_constant"
    require(at is not None and 0 <= at <= radius, f"{name} is recorded without a place")
    bound, box = (lower if ratio else 1 - upper) * (1 - fmpq(1, 2 ** (place.goal + 3))), {"radius": (fmpq(0), radius)}

    def quantity(each):
        return pl_ratio(each) if ratio else least(map(each.power, each.shares()))

    prove(place.case, [">="], place.box | box, lambda each: [quantity(each), Value(bound)])
    found = arb(bound).union(quantity(Place(place.case, place.box | {"radius": (at, at)}, 25)).range)
    return found if ratio else 1 - found


def iterations_to_kl(place, eps):
    """Steps of EM until KL ≤ eps, if they are as recorded: KL falls at each step."""
    case, (lower, upper, _), goal = place.case, place.case.recorded["iterations_to_kl", eps], place.goal + 5
    require(place.k <= 3 or place.flat(), "trajectories that leave the regular simplex", "not covered")
    require(lower.q == 1 and 0 <= lower <= upper <= 5000, "iterations_to_kl is recorded as no number of at most 5000")
    start, small = constant(place.radius), fmpq(1, 2 ** (goal // 3 + 1))
    case.whole = {"radius": (min(small, start), start)}
    radii = kept("steps", *place.key)
    radii += [] if radii else [(start, start)]

    def at(n):
        return Place(case, {"radius": radii[int(n)]}, goal, near=radii[int(n)][1] < small)

    while len(radii) <= upper:
        each = at(-1)
        r = apply("+", each.radius - each.radius * each.power(1)).range
        if not r.is_finite():
            raise MoreError(None)
        radii.append((max(r.lower().fmpq(), 0 * small), r.upper().fmpq()))
    # KL before the last step, and after it.
    before, after = (apply("+", at(n).quantity("kl_divergence", {})).range for n in (max(lower - 1, 0), upper))
    require((lower == 0 or not before <= eps) and not after > eps, "the number of steps is not as recorded")
    if not ((lower == 0 or before > eps) and after <= eps):
        raise MoreError(None)
    return arb(lower).union(arb(upper))


def increasing_root(function, low, high):
    """Return a ball around the root of an increasing function."""
    for _ in range(2 * ctx.prec):
        middle = ((low + high) / 2).mid()
        value = function(middle)
        if not (value < 0 or value > 0):
            break
        low, high = (middle, high) if value < 0 else (low, middle)
    return low.union(high)


def positive(x):
    """Whether a ball is positive; more digits are asked for where it does not tell."""
    if not (x > 0 or x < 0):
        raise MoreError(None)
    return x > 0


def sample_operator_error(place, n, delta, radius, share=19, step=None):
    """ε: with probability 1 − δ nowhere on the ball ‖M_n − M‖ is larger; infinite for few n.

    So many 20ths of δ are for a net with a step τ, one for λ: no eigenvalue of the second moments is larger.
    """
    d, n, delta = arb(place.k - 1), arb(n), arb(delta)
    step = 1 / (20 * n.sqrt()) if step is None else step
    largest = (1 + (d / n).sqrt() + (-2 * (delta / 20).log() / n).sqrt()) ** 2
    count = d * (41 + 82 * arb(radius) / step).log() - (delta * share / 20).log()
    square = count / (2 * d * n)
    error = (count / n - d * (1 - 2 * square).log()) / square.sqrt() * 20 / 19 + step * d * (largest + 1)
    return error if positive(fmpq(49, 100) - square) else arb.pos_inf()


def sample_theorem(place, n, delta, radius):
    """Return the bounds on ‖θ̂‖ and KL, and the steps of both phases of section 16; infinite where it says nothing."""
    d, dimension, n, delta = arb(place.k - 1), place.case.d, arb(n), arb(delta)
    gap, best = place.gap().range, (arb.pos_inf(), arb.pos_inf())
    largest = least([exactly(int(dimension > place.k - 1)), *map(place.square, place.case.shares)], -1).range
    top, shape = 1000 * dimension - 100 * delta.log(), arb(dimension) / 2
    tail = increasing_root(lambda q: delta * 3 / 4 - (q / 2).gamma_upper(shape, regularized=1), arb(0), top)
    mean, sigma, lost = (tail / n).sqrt(), gap.sqrt(), 1 - gap
    most = (1 + (d / n).sqrt() + (-2 * (delta / 20).log() / n).sqrt()) ** 2
    third = 2 * lost * (10 * d * (d + 2) * (d + 4) / (n * delta)).sqrt()
    for divisor in (5, 7, 10, 14, 20):
        square = gap / (divisor * (d + 2))
        ball, one, two = square.sqrt(), 1 - 16 * square / 3, 1 - 32 * square / 3
        variance = d * (d + 2) * (two ** (-d / 2 - 2) - 2 * one ** (-d / 2 - 2) + 1)
        growth = (one ** (-d / 2 - 1) - 1 + (20 * variance / (n * delta)).sqrt()) / square

        def margin(r, growth=growth):
            return r * (1 - lost * (most + growth * r * r / 3) - third * r / 2)

        rate, start, first = lost * (most + growth * ball * ball) + third * ball, arb(radius), arb(0)
        if not positive(1 - rate) or not positive(margin(ball) - largest.sqrt() * mean):
            continue
        if not start < ball:
            decrease = best_factor(place.k - 1, radius) * gap
            error = sample_operator_error(place, n, delta, radius, 1, decrease * ball / (20 * d))
            if not positive(decrease * (ball - mean) * 9 / 10 - error):
                continue
            first, start = ((ball - mean) / (10 * start)).log() / (1 - decrease).log(), ball
        r = increasing_root(lambda r, margin=margin: margin(r) - sigma * mean, arb(0), ball)
        if positive(best[0] - r):
            kl = (sigma * r) ** 2 / 2 + 2 * sigma * r**3 / 3 + r**4 / 4
            best = r, kl, first, (sigma * r / (start + r)).log() / rate.log()
    return best


def steps_needed(place, n, delta, radius):
    """The steps of both phases, each rounded up."""
    first, second = (part.ceil().unique_fmpz() for part in sample_theorem(place, n, delta, radius)[2:])
    positive(UNIT if None in (first, second) else arb(1))
    return arb(first + max(second, 1))


def samples_needed(place, eps, delta, radius):
    """The least n with a bound on KL up to eps, if it is as recorded: the bound falls as n grows."""
    n = place.case.recorded["samples_needed", eps, delta, radius][0]
    enough, short = (sample_theorem(place, each, delta, radius)[1] for each in (n, n - 1))
    require(n.q == 1 and enough <= eps and short > eps, "samples_needed is not as recorded")
    return arb(n)


FOUND = strong_convexity_radius, iterations_to_kl, sample_operator_error, steps_needed, samples_needed
SEARCHES = {f.__name__: f for f in FOUND} | {
    "pl_constant": lambda place, radius: extremum(place, "pl_constant", radius),
    "worst_contraction_factor": lambda place, radius: extremum(place, "worst_contraction_factor", radius),
    "sample_error_bound": lambda *given: sample_theorem(*given)[0],
    "sample_kl_bound": lambda *given: sample_theorem(*given)[1],
}


# 5. Decisions

GOALS = (7, 14, 25, 45, 90, 180, 360)
"""Means are found to about e^(−goal), for one goal after the other."""


def prove(case, operators, box, sides, shown=True, goals=GOALS):
    """Return for parts of a box the sides, their differences and whether a link fails: none may if they are to be shown.

    The box is halved, or digits are added, as need be. At a point that refutes, the first digits do that tell.
    """
    waiting, done = [(box, 0, True)], []
    while waiting:
        part, level, near = waiting.pop()
        low, high = part.get("radius", (ONE, ONE))
        near &= low < high <= QUARTER
        case.parts += 1
        few = case.parts < MAX_PARTS and level < len(goals)
        require(few, "what is not decided with the parts or digits taken here", "not covered")
        try:
            with ctx.workprec(goals[level] * 2 + 100):
                place = Place(case, part, goals[level], near=near)
                values = sides(place)
                forms = [a - b for a, b in pairwise(values)]
                possible = [form.signs & HOLDS[sign] for form, sign in zip(forms, operators, strict=True)]
                where = [f"{name} = {float(arb(low)):.9g}" for name, (low, _) in part.items()]
                require(not shown or all(possible), f"the statement fails near {where}")
                undecided = [form for form, signs in zip(forms, possible, strict=True) if form.signs != signs]
                if undecided and all(possible):
                    raise MoreError(place.widest(undecided[0]))
                done.append((place, values, forms, not all(possible)))
        except (MoreError, OutcomeError) as more:
            name = more.args[0]
            start, end = part.get(name, (ONE, ONE))
            narrow = (end - start) / min(box[name][1] - box[name][0], ONE) if start < end else 0
            if isinstance(more, OutcomeError) and (name != "not covered" or not near or low == 0):
                raise
            if near and low > 0 and (name == "radius" or narrow < HALF**3):
                waiting.append((part, level, False))
            elif narrow <= HALF**14:
                waiting.append((part, level + 1, True))
            else:
                middle = (start + end) / 2 if end < INFINITY else 3 * start / 2 + 1
                waiting += [(part | {name: each}, level, True) for each in ((start, middle), (middle, end))]
    return done


# 6. A certificate

LEVELS = ("observed", "supported", "certified", "proved")
KEYS = {
    "certificate": "format version claim verdict level margin as_expected cases derivations versions fingerprint",
    "case": "k d weights_sha256 radius amplitudes for_all assumptions cells",
    "cell": "method point stretch window assumptions digits quantities comparisons",
    "quantity": "quantity arguments route level lower upper at",
    "comparison": "comparison holds level margin left right difference power",
}
METHODS = ("point", "origin", "model", "enclosure", "box", "taylor", "tail", "algebra")
CLAIM_KEYS = "id statement derivation general k weights d radius amplitudes for_all assume expect family values"


def check(found):
    """Check a certificate and return what was shown; raises OutcomeError."""
    claim, verdict, level, cases = (found[key] for key in ("claim", "verdict", "level", "cases"))
    cells = [cell for case in cases for cell in case["cells"]]
    links, quantities = ([each for cell in cells for each in cell[key]] for key in ("comparisons", "quantities"))
    for kind, records in zip(KEYS, ([found], cases, cells, quantities, links), strict=True):
        right = all(set(each) == set(KEYS[kind].split()) for each in records)
        require(right, f"{kind}: it has other keys than the format")
    right = {"id", "k"} <= set(claim) <= set(CLAIM_KEYS.split()) and claim["id"]
    require(right, "claim: it has other keys than the format")
    refuted, expected = verdict == "refuted", claim.get("expect", "holds")
    right = expected in ("holds", "refuted") and found["as_expected"] is (refuted == (expected == "refuted"))
    right &= level in LEVELS and verdict in (level, "refuted") and bool(claim.get("derivation")) != bool(cases)
    require(right, "verdict: as_expected or level does not follow from it, or there is no evidence of its kind")
    require(not claim.get("derivation"), "derivations, which SymPy checks step by step", "not covered")
    family = f"the family {str(claim.get('family'))[:40]}, which is not one of tied mixtures"
    require(not claim.get("family"), family, "not covered")
    require(not claim.get("assume"), "assumptions", "not covered")
    right = [case["k"] for case in cases] == claim["k"] and len(set(claim["k"])) == len(claim["k"])
    require(right and (not refuted or len(cells) == 1), "cases: they are not one for each k, or no single witness")
    indices = [LEVELS.index(each["level"]) for each in links if each["holds"] is not refuted]
    right = indices and LEVELS.index(level) == (max(indices) if refuted else min(indices))
    require(right, "level: it does not follow from the comparisons")
    require(level not in LEVELS[:2], f"evidence of level {level}, which proves nothing", "not covered")
    parts = sum(check_case(claim, case, found) for case in cases if not refuted or case["cells"])
    return f"{len(cells)} cell{'s' * (len(cells) != 1)}, {parts} part{'s' * (parts != 1)}"


def is_cover(boxes, whole):
    """Whether closed boxes leave out nothing of a box: where none contains it, it is cut along a face of one."""
    near = [box for box in boxes if all(
        min(box[n][1], b) > max(box[n][0], a) or box[n][0] <= a == b <= box[n][1] for n, (a, b) in whole.items())]  # fmt: skip
    if any(all(box[n][0] <= a and b <= box[n][1] for n, (a, b) in whole.items()) for box in near) or not near:
        return bool(near)
    box = near[len(near) // 2]
    name, cut = next((n, end) for n, (a, b) in whole.items() for end in box[n] if a < end < b)
    low, high = whole[name]
    return is_cover(near, whole | {name: (low, cut)}) and is_cover(near, whole | {name: (cut, high)})


def check_case(claim, record, found):
    """Check the cells of one k; return into how many parts they were divided."""
    k, refuted, case = record["k"], found["verdict"] == "refuted", Case(claim, record["k"])
    spans = {n: (number(low), number(up.strip())) for n, (low, up) in claim.get("for_all", {}).items()}
    taken = ("k", "d", "pi", "min", "max", *ARGUMENTS, *MAPS)
    right = all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,30}", name) and name not in taken for name in spans)
    right &= all(0 <= low <= up and low < INFINITY for low, up in spans.values())
    require(right, "claim.for_all: it names no variables, or no intervals")
    require(not any(name.startswith("amplitude_") for name in spans), "boxes of amplitudes", "not covered")
    require("radius" not in spans or not {"radius", "amplitudes"} & set(claim), "claim: it has two radii")
    middles = {n: (low + 1 if up == INFINITY else (low + up) / 2,) * 2 for n, (low, up) in spans.items()}
    weights = sorted((j, q) for q, members in Place(case, middles, 7).fixed() for j in members)
    texts = {n: f"[{low}, " + ("inf)" if up == INFINITY else f"{up}]") for n, (low, up) in spans.items()}
    digest = hashlib.sha256(",".join(str(q) for _, q in weights).encode()).hexdigest()
    point = None if case.radius is None else str(case.radius), list(map(str, case.amplitudes)) or None
    recorded = tuple(record[name] for name in ("d", "weights_sha256", "radius", "amplitudes", "for_all"))
    right = len(weights) == k and (case.d, digest, *point, texts) == recorded
    require(right, f"cases: that of k = {k} is not the claim's")
    boxes, case.whole = [place_of(cell, spans) for cell in record["cells"]], spans
    inside = refuted and all(low <= a == b <= up for n, (low, up) in spans.items() for a, b in [boxes[0][n]])
    right = inside if refuted else is_cover(boxes, spans) and (spans or len(boxes) == 1)
    require(right, "cells: they leave a gap in the domain, or the witness lies outside")
    domain = {n: ends for n, ends in (boxes[0] if refuted else spans).items() if n != "radius"}
    require(all(up < INFINITY for _, up in domain.values()), "weights on intervals without an upper end", "not covered")
    with ctx.workprec(160):
        classes = Place(case, domain, 7).classes()
    if any(weight.signs != {1} for weight, _ in classes):
        prove(case, [">"], domain, lambda place: [least(weight for weight, _ in place.classes()), exactly(0)])
    whole = sum((weight * exactly(len(members)) for weight, members in classes), exactly(-1))
    require(whole.signs & {0}, "claim: weights do not sum to 1")
    require(whole.signs == {0}, "weights that are not seen to sum to 1", "not covered")
    return sum(check_cell(case, claim["statement"], *each, found) for each in zip(record["cells"], boxes, strict=True))


def place_of(cell, spans):
    """Return the closed box of a cell."""
    method, stretch = cell["method"], cell["stretch"]
    require(method != "algebra" or cell["point"] is None, "witnesses with irrational coordinates", "not covered")
    pairs = dict.fromkeys(spans, stretch) if isinstance(stretch, list) else stretch
    pairs = {name: (x, x) for name, x in (cell["point"] or {}).items()} if method == "point" else pairs
    box = {name: tuple(map(number, ends)) for name, ends in pairs.items()} if method != "algebra" else dict(spans)
    right = method in METHODS and box.keys() == spans.keys()
    if right and method != "point":
        box = {name: (max(low, spans[name][0]), min(high, spans[name][1])) for name, (low, high) in box.items()}
    right &= all(low <= high for low, high in box.values()) and not (isinstance(stretch, list) and len(box) > 1)
    require(right, "cells: one does not say where it is")
    return box


def may_be(value, ends):
    """Raise OutcomeError unless a value, at the centre of its box, may lie between recorded ends."""
    low, high = number(ends["lower"]), number(ends["upper"])
    right = not value < low and (high == INFINITY or not value > high)
    require(right, "comparisons or quantities: one is not what is recorded")


def at_centre(value):
    """Return a ball with the values at the centre of a box, for all radii if they reach to 0; or not a number."""
    n, _ = value.leading()
    return apply("+", value).centre if n <= 0 or value.end else arb.nan()


def check_cell(case, statement, cell, box, found):
    """Check one cell: what is recorded, and that the statement holds, or fails at the witness."""
    refuted, (text, body), links = found["verdict"] == "refuted", parse(statement), cell["comparisons"]
    require(isinstance(body, ast.Compare), "claim: it is no comparison")
    nodes, operators = [body.left, *body.comparators], [COMPARE[type(op).__name__] for op in body.ops]
    texts = [text[node.col_offset : node.end_col_offset] for node in nodes]
    shown = [f"{a} {sign} {b}" for (a, b), sign in zip(pairwise(texts), operators, strict=True)]
    right = all(each["holds"] is True for each in links) is not refuted
    right &= [each["comparison"] for each in links] == shown
    require(right, "comparisons: they are not those of the statement, or do not decide it")
    case.recorded, asked, before = {}, [], case.parts
    for each in cell["quantities"]:
        name, given = each["quantity"], {word: number(x) for word, x in each["arguments"].items()}
        require(name in ARGUMENTS, f"the quantity {str(name)[:40]}", "not covered")
        rigorous = (each["route"], each["level"]) in (("exact", "exact"), ("ball", "certified"))
        require(rigorous, "quantities: one is of no rigorous route")
        key = name, *(given.get(word, fmpq(0)) for word in ARGUMENTS[name])
        case.recorded[key] = [each[end] and number(each[end]) for end in ("lower", "upper", "at")]
        asked += [(each, name, given)] if name not in SEARCHES else []

    def sides(place):
        return [place.evaluate(text, node) for node in nodes]

    for place, values, forms, fails in prove(case, operators, box, sides, shown=not refuted):
        require(fails or not refuted, "the statement is not shown to fail at the witness")
        for each, name, given in asked:
            may_be(at_centre(place.quantity(name, given)), each)
        for link, sign, form, pair in zip(links, operators, forms, pairwise(values), strict=True):
            decisive = not refuted or not form.signs & HOLDS[sign]
            outcome = "not covered" if cell["method"] == "algebra" else "rejected"
            shown_exactly = link["level"] != "proved" or not decisive or form.exact is not None
            require(shown_exactly, "level: nothing exact that is known here decides a comparison", outcome)
            may_be(at_centre(pair[0]), link["left"])
            may_be(at_centre(pair[1]), link["right"])
            for margin in (number(x) for x in (link["margin"], found["margin"]) if x is not None and decisive):
                near = 0 < margin < INFINITY and abs(at_centre(form)) < margin
                require(not near, "margin: the sides are nearer to each other than recorded")
    return case.parts - before


# 7. The command


def outcome_of(certificate: object) -> tuple[str, str]:
    """Return what came of a certificate or the path of its file, and why: accepted, rejected, not covered or bad."""
    try:
        return "accepted", check(read(certificate) if isinstance(certificate, Path) else certificate)
    except OutcomeError as error:
        return error.args
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        return "rejected", f"it is malformed ({type(error).__name__}: {str(error)[:80]})"
    except (RecursionError, MemoryError, MoreError):
        return "rejected", "it is nested too deeply, or too large"


def forget() -> None:
    """Let go of what is kept from one certificate to the next: tables of some hundred megabytes after a few."""
    for each in (posterior, tile, kept):
        each.cache_clear()


def files_in(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files named, and the certificates in folders that are named."""
    return [file for path in map(Path, paths) for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def exit_status(outcomes: Collection[str]) -> int:
    """Return what the docstring of this file says."""
    codes = {"rejected": 1, "bad": 2, "not covered": 4, "accepted": 0}
    return next((code for name, code in codes.items() if name in outcomes), 5)


def main(arguments: list[str]) -> int:
    """Verify files and folders, print what came of it, and return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    counts, reasons, begin = Counter(), Counter(), time.perf_counter()
    for path in files_in(arguments):
        start = time.process_time()
        outcome, why = outcome_of(path)
        counts[outcome] += 1
        reasons.update([why] if outcome == "not covered" else [])
        print(f"{outcome:<12} {path.name}: {why} ({time.process_time() - start:.2f} s)", flush=True)
    each = ", ".join(f"{n} {name}" for name in ("accepted", "rejected", "not covered", "bad") if (n := counts[name]))
    all_of_them = f"{counts.total()} certificate{'s' * (counts.total() != 1)}"
    print(f"{all_of_them}: {each or 'none'} ({time.perf_counter() - begin:.1f} s)")
    for why, count in reasons.most_common():
        print(f"  {count} not covered: {why}")
    return exit_status(counts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
