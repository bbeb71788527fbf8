"""Verify certificates of emtheory with Python and python-flint alone: ``python verify.py CERTIFICATE|FOLDER…``.

Nothing here is shared with the program that made them. The claim is read anew, the cells are checked to leave out
nothing of its domain, and on each the statement is shown, or at the witness refuted, by enclosures found here; what is
recorded must agree. It rests on Python's integers, on Arb's balls, and on facts in docs/error-bounds.md (by section): 1
the trapezoidal rule (Trefethen and Weideman), 2 and 4 means over the posterior, 5 E log S, 7 E max, 8 and 13
interpolation, 9 the Hessian far out, 12 cumulants (near radius 0), 16 the finite-sample theorem; and on the root bound
of Burnikel, Fleischer, Mehlhorn and Schirra (Algorithmica 27, 2000), by which algebraic numbers are told from zero.

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
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

from flint import acb, arb, arb_poly, ctx, fmpq, fmpq_poly

MAX_BYTES, MAX_NODES, MAX_PARTS, MAX_BITS = 20_000_000, 60_000, 40_000, 200_000
"""Of a file; nodes of an integral; parts into which cells are divided; bits of a number: choices against waste."""
INFINITY, ONE, HALF = fmpq(10**9999), fmpq(1), fmpq(1, 2)
"""The first stands for an end that is infinite, where ends are compared; numbers that are read are smaller."""


class OutcomeError(Exception):
    """What came of a certificate that is not accepted (rejected, not covered or bad), and why."""


class MoreError(Exception):
    """A variable (by index) has to be halved, or digits added (None); or so many bits are needed."""


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
    right = found.get("version") == 1 and not isinstance(found["version"], bool)
    require(right, "version: this verifier knows version 1 of the format only")
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
    """A number; or a function on a box, centre + Σ slopes_i h_i for all h in `steps`, with values in `range`.

    What is known exactly is a polynomial over the rationals in a variable, mostly a constant; or of an algebraic number
    U/L, U and L integers of a number field, (log₂ of bounds of their conjugates, order of a root of unity, square roots);
    or "closed" for what π, logarithms and variables give in closed form; or None.
    """

    def __init__(self, centre, exact=None, slopes=(), steps=(), natural=None):
        self.centre, self.exact, self.slopes, self.steps = arb(centre), exact, slopes, steps
        self.range = sum((slope * step for slope, step in zip(slopes, steps, strict=True)), self.centre)
        if natural is not None and natural.is_finite():
            both = self.range.is_finite() and self.range.overlaps(natural)
            self.range = self.range.intersection(natural) if both else natural

    def __add__(self, other):
        return mix(self.centre + other.centre, self.range + other.range, known("+", self, other), (1, self), (1, other))

    def __mul__(self, other):
        terms = (other.centre, self), (self.range, other)
        return mix(self.centre * other.centre, self.range * other.range, known("*", self, other), *terms)

    def __sub__(self, other):
        return exactly(0) if self is other else self + other * exactly(-1)

    def __truediv__(self, other):
        return self * other ** exactly(-1)

    def __pow__(self, other):
        n = constant(other)
        if n is None or n.q != 1 or abs(n) > MAX_BITS:
            return apply("exp", apply("log", self) * other)
        n = int(n)
        slope = n * power(self.range, n - 1) if self.slopes and n else arb(0)
        return mix(power(self.centre, n), power(self.range, n), known(n, self), (slope, self))


def power(x, n):
    """Return xⁿ for a ball, also around zero."""
    return (acb(x) ** n).real


def mix(centre, natural, exact, *terms):
    """Return centre + Σ factor (f − f_0) over pairs of a factor and f."""
    steps = next((f.steps for _, f in terms if f.steps), ())
    slopes = [sum((factor * f.slopes[i] for factor, f in terms if f.slopes), arb(0)) for i in range(len(steps))]
    return Value(centre, exact, slopes, steps, natural)


def exactly(x):
    """Return an integer or rational number."""
    return Value(x, fmpq_poly([x]))


def constant(x):
    """Return the rational number that a value is, or None."""
    return x.exact[0] if isinstance(x.exact, fmpq_poly) and x.exact.degree() <= 0 else None


def total(values):
    """Return a sum."""
    return sum(values, exactly(0))


def known(name, *values):
    """Return what is known exactly of a sum, product, power or square root."""
    kinds, numbers = [value.exact for value in values], [constant(value) for value in values]
    if any(kind is None for kind in kinds):
        return None
    if all(isinstance(kind, fmpq_poly) for kind in kinds) and name != "sqrt":
        if name in ("+", "*"):
            return kinds[0] + kinds[1] if name == "+" else kinds[0] * kinds[1]
        if len(str(kinds[0])) * abs(name) < MAX_BITS and (name >= 0 or numbers[0]):
            return kinds[0] ** name if name >= 0 else fmpq_poly([1 / numbers[0]]) ** -name
    if any(not isinstance(kind, tuple) and q is None for kind, q in zip(kinds, numbers, strict=True)):
        return "closed"
    logs = ([max(int(abs(x)).bit_length(), 1) for x in (q.p, q.q)] if q is not None else () for q in numbers)
    (u, low, order, roots), *others = ((*b, 1, 0) if b else kind for kind, b in zip(kinds, logs, strict=True))
    for v, lower, other, more in others:
        u, low = (max(u + lower, v + low) + 1 if name == "+" else u + v), low + lower
        order, roots = math.lcm(order, other), roots + more
    if isinstance(name, int):
        (u, low), n = (u, low) if name >= 0 else (low, u), abs(name)
        return n * u, n * low, order, roots
    return ((u + low) / 2, low, order, roots + 1) if name == "sqrt" else (u, low, order, roots)


def signs(x):
    """The signs that a value may have; of an algebraic number, which is 0 or at least 1/(u^(D−1) l), the right one."""
    ball, exact = (x.range, x.exact) if isinstance(x, Value) else (x, None)
    possible = {s for s, impossible in ((-1, ball >= 0), (0, ball > 0 or ball < 0), (1, ball <= 0)) if not impossible}
    if isinstance(exact, fmpq_poly) and exact.degree() <= 0:
        return {(exact[0] > 0) - (exact[0] < 0)}
    if isinstance(exact, fmpq_poly) and all(n % 2 == 0 for _, n in exact.factor()[1]):
        possible &= {0, 1 if exact.factor()[0] > 0 else -1}
    if len(possible) == 1 or not isinstance(exact, tuple):
        return possible
    u, low, order, roots = exact
    degree = sum(math.gcd(i, order) == 1 for i in range(order)) << roots
    limit = math.ceil((degree - 1) * u + low) + 8
    require(limit <= MAX_BITS, "exact comparisons that take too many digits", "not covered")
    if ball.abs_upper() < arb(2) ** -limit:
        return {0}
    raise MoreError(None, max(limit + 64, 2 * ctx.prec))


MAPS = {
    "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())), "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "log": (lambda x: x.log(), lambda x: 1 / x), "cos": (lambda x: x.cos(), lambda x: -x.sin()),
    "sin": (lambda x: x.sin(), lambda x: x.cos()),
    "abs": (abs, lambda x: arb(1) if x > 0 else arb(-1) if x < 0 else arb(0, 1)),
}  # fmt: skip


def apply(name, first, *others):
    """Return a function of values."""
    if name in ("min", "max"):
        for other in others:
            gap = first - other if name == "min" else other - first
            side, half = signs(gap), HALF if name == "min" else -HALF
            middle = (first + other) * exactly(HALF) - apply("abs", gap) * exactly(half)
            first = first if side <= {-1, 0} else other if side <= {0, 1} else middle
        return first
    sign, (function, derivative) = signs(first) if name in ("abs", "sqrt") else {1, 2}, MAPS[name]
    if sign == {0} or (name == "abs" and len(sign) == 1):
        return first if sign != {-1} else first * exactly(-1)
    slope = derivative(first.range) if first.slopes else arb(0)
    exact = known("sqrt", first) if name == "sqrt" else None if first.exact is None or name == "exp" else "closed"
    return mix(function(first.centre), function(first.range), exact, (slope, first))


def smallest_eigenvalue(a, b, d):
    """Of a symmetric matrix: (a + d)/2 − √(x² + y²), x = (a − d)/2, y = b; that root's slopes are at most 1 anywhere."""
    x, y = (a - d) * exactly(HALF), b
    pairs = (x.centre, y.centre), (x.range, y.range)
    at, norm = ((u * u + w * w).nonnegative_part().sqrt() for u, w in pairs)
    root = mix(at, norm, None, *((z.range / norm if norm > 0 else arb(0, 1), z) for z in (x, y)))
    return (a + d) * exactly(HALF) - root


class Far:
    """Σ rⁿ f_n for all radii r ≥ R, with functions f_n of the other variables by n."""

    def __init__(self, parts, start):
        self.parts, self.start = {n: f for n, f in parts.items() if f.exact is None or f.exact != 0}, start

    def lift(self, other):
        """Return a value as such a sum."""
        return other if isinstance(other, Far) else Far({0: other}, self.start)

    def leading(self):
        """Return n and f such that the sum is rⁿf, r^(−i) being between 0 and R^(−i)."""
        top = max(self.parts, default=0)
        balls = {n: arb(0).union(1 / arb(self.start) ** (top - n)) if n < top else arb(1) for n in self.parts}
        return top, total(f if n == top else f * Value(balls[n]) for n, f in self.parts.items())

    def __add__(self, other):
        other = self.lift(other)
        sums = {n: total(f.parts[n] for f in (self, other) if n in f.parts) for n in {*self.parts, *other.parts}}
        return Far(sums, self.start)

    def __mul__(self, other):
        pairs = product(self.parts.items(), self.lift(other).parts.items())
        return sum((Far({m + n: f * g}, self.start) for (m, f), (n, g) in pairs), Far({}, self.start))

    def __sub__(self, other):
        return self + self.lift(other) * exactly(-1)

    def __truediv__(self, other):
        n, f = self.lift(other).leading()
        return self * Far({-n: f ** exactly(-1)}, self.start)

    def __pow__(self, other):
        n = constant(other.parts.get(0, exactly(0))) if isinstance(other, Far) else constant(other)
        require(n is not None and n.q == 1 and 0 <= n < 9, "such powers far out", "not covered")
        return math.prod([self] * int(n), start=self.lift(exactly(1)))

    def applied(self, name):
        """Return a function of a single sum."""
        n, f = self.leading()
        if name == "exp" and n > 0 and f.range < 0:
            return self.lift(Value(arb(0).union((f.range * arb(self.start) ** n).exp())))
        require(n <= 0, f"{name} far out", "not covered")
        return self.lift(apply(name, f if n == 0 else f * Value(arb(0).union(arb(self.start) ** n))))


# 2. Means of the posterior on a simplex

ANGLE = 1.4
"""Half the width of the strip |Im u| < π/2 in which the integrands are bounded; a choice, as are steps and nodes."""


def partitions(n):
    """The partitions of 0..n−1 into blocks."""
    smaller = partitions(n - 1) if n else []
    joined = [[b + [n - 1] if i == j else b for j, b in enumerate(p)] for p in smaller for i in range(len(p))]
    return joined + [[*p, [n - 1]] for p in smaller] if n else [[]]


class Posterior:
    """Means over the posterior at one point, v = r², as balls of a radius of about e^(−goal).

    Classes are pairs of a weight and the components that have it. With S = Σ π_j e^{sZ_j}, s² = vk/(k − 1), a mean of
    degree N is ∫ E[(e^u S)^N … exp(−e^u S)] du/Γ(N), and E log S is s²/2 + ∫ (exp(−e^{u + s²/2}) − E exp(−e^u S)) du.
    """

    def __init__(self, k, classes, v, goal):
        self.k, self.classes, self.v, self.known, self.goal = k, classes, v, {}, goal + 12
        self.bits = int(1.5 * self.goal + 70 + math.log2(k))
        self.largest = max(classes, key=lambda each: len(each[1]))[1]
        if v != 0:
            with ctx.workprec(self.bits):
                self.lay_out(arb(v) * k / (k - 1))

    def lay_out(self, s2):
        """Choose steps and nodes, and evaluate what every integral needs: P = E exp(−e^u S) at the nodes."""
        goal, rough, inner = self.goal, float(s2.mid()), self.goal + math.log(self.k) + 6
        coarse = 2 * math.pi * ANGLE / (inner + 3)
        strip = min(ANGLE, math.sqrt(2 * rough * inner))
        step = 2 * math.pi * strip / (inner + 3 + strip**2 / (2 * rough))
        chernoff = min(2.0, math.sqrt(2 * goal / rough))
        left = goal / chernoff + chernoff * rough / 2 + max(0.0, 1 / chernoff - 1) * math.log(self.k)
        left = max(left, rough / 2 + min(goal, goal / 2 + rough / 2) + 2)
        sizes = [float(arb(weight).mid()) for weight, _ in self.classes]
        ends = ((max(sizes), goal), (min(sizes), goal / self.k + 0.7))
        right = min(math.log(share / size) + math.sqrt(2 * rough * share) for size, share in ends)
        # The outer integral takes every `stride`-th node of the inner one.
        stride, first, s, h = int(coarse / step), math.ceil(left / step), s2.sqrt(), arb(step)
        last, reach = math.ceil(right / step) + 2 * stride, math.ceil(math.sqrt(2 * rough * inner) / step)
        require(first + last + 2 * reach < MAX_NODES, "radii at which integrals take too many nodes", "not covered")
        gauss = [h / s * (-((j * h / s) ** 2) / 2).exp() for j in range(-reach, reach + 1)]
        self.kernel = arb_poly(gauss) * (1 / (2 * arb.pi()).sqrt())
        lattice, self.far = [(h * i).exp() for i in range(-first - reach, last + reach + 1)], arb(inner + 32)
        # Terms beyond `far` are left out: there f_n decreases, and the kernel sums to less than 2.
        points = ([y * weight for y in lattice] for weight, _ in self.classes)
        self.points = [[(x, (-x).exp()) for x in each if not x > self.far] for each in points]
        self.s2, self.start, self.h, self.cut = s2, -first * h, stride * h, (2 * reach, len(lattice), stride)
        self.strip = arb(strip)
        self.beyond = (reach * h / (s * arb(2).sqrt())).erfc()
        self.outside = (self.strip**2 / (2 * s2)).exp() * 2 / (2 * arb.pi() * self.strip / h).expm1()
        rows, small = list(zip(*self.tables(0), strict=True)), arb(-goal).exp()
        powers = [[(acb(x) ** len(each)).real for x, (_, each) in zip(row, self.classes, strict=True)] for row in rows]
        self.product = [math.prod(row, start=arb(1)) for row in powers]
        self.kept = [i for i, x in enumerate(self.product) if x > small and all(y > small for y in rows[i])]
        self.weights = [self.h * self.product[i] for i in self.kept]

    @remembered
    def tables(self, n):
        """D_n(u) = E f_n(u + sZ), f_n(y) = e^(ny) exp(−e^y), by the trapezoidal rule with nodes sz = jh (section 2)."""
        supremum, found, far = (arb(n) / arb(1).exp()) ** n if n else arb(1), [], self.far
        error = supremum * (self.outside / self.strip.cos() ** n + self.beyond) + 2 * far**n * (-far).exp()
        for points in self.points:
            sums = (self.kernel * arb_poly([x**n * y for x, y in points])).coeffs() + [arb(0)] * self.cut[1]
            found.append([x + arb(0, error.abs_upper()) for x in sums[slice(*self.cut)]])
        return found

    @remembered
    def moments(self, n):
        """Return for each class the n-th moment under the tilted measure of each node."""
        return [[a[i] / b[i] for i in self.kept] for a, b in zip(self.tables(n), self.tables(0), strict=True)]

    @remembered
    def cumulants(self, n):
        """Return for each class the n-th cumulant under the tilted measure of each node."""
        found = self.moments(n)
        for i in range(1, n):
            triples = zip(found, self.cumulants(i), self.moments(n - i), strict=True)
            factor = math.comb(n - 1, i - 1)
            found = [[x - factor * a * b for x, a, b in zip(*each, strict=True)] for each in triples]
        return found

    def transform(self, f, members):
        """Σ_{j in members} e^{2πi fj/k}, which is 0 for all j together."""
        if f and members is self.largest:
            return sum((self.transform(f, each) for _, each in self.classes if each is not members), arb(0)) * -1
        turns = (arb.sin_cos_pi_fmpq(fmpq(2 * (f * j % self.k), self.k)) for j in (members if f else ()))
        found = sum((acb(cosine, sine) for sine, cosine in turns), acb(0 if f else len(members)))
        return found.real if found.imag == 0 else found

    @remembered
    def row(self, n, f):
        """The joint cumulants of Σ ξ_j e^{2πi fj/k} at every node: those of independent ξ_j add up."""
        factors = [self.transform(f, members) for _, members in self.classes]
        nodes = zip(*self.cumulants(n), strict=True)
        return [sum((a * b for a, b in zip(factors, node, strict=True)), arb(0)) for node in nodes]

    @remembered
    def total(self, *fs):
        """The sum over nodes of a joint moment: over partitions, products of joint cumulants."""
        blocks = ([(len(b), sum(fs[i] for i in b) % self.k) for b in p] for p in partitions(len(fs)))
        found = acb(0)
        for kind, count in Counter(tuple(sorted(each)) for each in blocks).items():
            rows = (self.row(*block) for block in kind)
            found += count * sum((math.prod(node) for node in zip(self.weights, *rows, strict=True)), arb(0))
        return found.real

    @remembered
    def mean(self, *fs):
        """The real part of the mean of the product of γ̂_f over the frequencies, with the errors of section 4."""
        if self.v == 0:
            hats = (sum((w * self.transform(f % self.k, each) for w, each in self.classes), arb(0)) for f in fs)
            return math.prod(hats, start=acb(1)).real
        grid = 2 / arb(ANGLE).cos() ** len(fs) / (2 * arb.pi() * ANGLE / self.h).expm1()
        # What the nodes left out may miss: all of them together sum to at most 1 + grid.
        gamma = math.factorial(len(fs) - 1)
        missing = 1 + grid - self.total(*[0] * len(fs)) / gamma
        return self.total(*(f % self.k for f in fs)) / gamma + arb(0, (grid + missing.abs_upper()).abs_upper())

    @remembered
    def named(self, name, m=0, n=0):
        """β_m = E|γ̂_m|² ("b"), the coupling t_mn of section 4 ("t"), or B = 2KL/v ("B")."""
        if name == "b":
            return self.mean(m, -m)
        if name == "t":
            cubic = self.mean(m, n, -m - n) + self.mean(m, -n, n - m)
            return self.mean(m + n, -m - n) + self.mean(m - n, n - m) - 4 * cubic + 6 * self.mean(m, -m, n, -n)
        # ∫ (exp(−e^{u + s²/2}) − P) du with P at the nodes: discretisation, left and right tails of section 5.
        shift, edge, small, h = self.s2 / 2, self.start - self.h, arb(-self.goal).exp(), self.h
        logs, integral = (self.s2 * 2 * arb(2 * self.k).log()).sqrt() + shift, arb(0)
        error = 2 * logs / arb(ANGLE).cos() / (2 * arb.pi() * ANGLE / h).expm1()
        # On the left |difference| ≤ e^(pu) max(E S^p, T^p) ≤ e^(pu + p² s²/2) for p = 1 and 2, a geometric series.
        error += arb.min(*(h * (p * edge + p * p * shift).exp() / -(-p * h).expm1() for p in (1, 2)))
        reference = [(-(self.start + h * i + shift).exp()).exp() for i in range(len(self.product))]
        for sign, values in ((1, reference), (-1, self.product)):
            # Both are log-concave (Prékopa): what follows x, q < 1 times its predecessor, is at most xq/(1 − q).
            at = next((i for i in range(2, len(values)) if values[i] < small), len(values) - 1)
            ratio = values[at].abs_upper() / values[at - 1].abs_lower()
            error += h * values[at].abs_upper() * ratio / (1 - ratio) if ratio < 1 else arb.pos_inf()
            integral += sign * h * sum(values[: at + 1], arb(0))
        return 2 / arb(self.v) * (-self.s2 / (2 * self.k) - integral - arb(0, error.abs_upper()))


posterior = lru_cache(maxsize=256)(Posterior)


class Tile:
    """Polynomials around means on a tile of the log-ratio of two weights (or at fixed ones) and of log v (8 and 13)."""

    def __init__(self, k, classes, axes, goal):
        self.known, self.bits, self.loss, self.error, nodes = {}, ctx.prec, arb(1), 2 * arb(-goal).exp(), []
        # How large means are at an angle, and for what imaginary part of the coordinate.
        bounds = (lambda a: (16 / a.cos() ** 4, 2 * a)), (lambda a: (3 * a.cos() ** (arb(1 - k) / 2), a))
        for (_, width, varies), bound in zip(axes, bounds, strict=True):
            n = nodes_needed(width, bound, goal) if varies else 1
            nodes.append([(arb(2 * j + 1) / (2 * n)).cos_pi() for j in range(n)])
            self.loss *= 1 + 2 / arb.pi() * arb(n).log()  # Lebesgue's constant
        self.nodes, self.points = nodes, []
        pairs = zip(axes, nodes, strict=True)
        logs, squares = ([(a[0] + a[1] * x).exp() if a[2] else arb(a[0]) for x in each] for a, each in pairs)
        for ratio in logs:
            first = 1 / (len(classes[0][1]) + len(classes[-1][1]) * ratio)
            varied = [(first * x, members) for x, (_, members) in zip((1, ratio), classes, strict=False)]
            self.points.append([Posterior(k, varied if axes[0][2] else classes, v, goal + 3) for v in squares])

    @remembered
    def model(self, *name):
        """Return a polynomial for each power of the second coordinate, and the error of a mean."""
        found, n = [[point.named(*name) for point in row] for row in self.points], len(self.nodes[1])
        off = max((z.rad() for row in found for z in row), key=float)
        columns = (arb_poly.interpolate(self.nodes[1], [z.mid() for z in row]).coeffs() + [arb(0)] * n for row in found)
        rows = [arb_poly.interpolate(self.nodes[0], each) for each in list(zip(*columns, strict=False))[:n]]
        return rows, arb(0, (self.loss * (self.error + off)).abs_upper())

    def value(self, name, x, y):
        """Return a mean as a function of the coordinates, each between −1 and 1."""

        def spread(polynomial, coordinate):
            return polynomial(arb_poly([coordinate.centre, 1]))(coordinate.range - coordinate.centre)

        rows, error = self.model(*name)
        at, wide = arb_poly([row(x.centre) for row in rows]), arb_poly([spread(row, x) for row in rows])
        slopes = arb_poly([spread(row.derivative(), x) for row in rows]), wide.derivative()
        terms = zip((spread(slope, y) for slope in slopes), (x, y), strict=True)
        return mix(at(y.centre) + error, spread(wide, y) + error, None, *terms)


tile = lru_cache(maxsize=24)(Tile)


def nodes_needed(width, bound, goal):
    """Return how many Chebyshev points make the error 4Mρ^{1−n}/(ρ − 1) of interpolation less than e^(−goal)."""
    for n, (largest, strip) in product(range(3, 90), [bound(arb(tenth) / 10) for tenth in range(1, 16)]):
        rho = strip / width + (1 + (strip / width) ** 2).sqrt()
        if 4 * largest * rho ** (1 - n) / (rho - 1) < arb(-goal).exp():
            return n
    raise OutcomeError("not covered", "domains on which interpolation takes too many nodes")


# 3. Claims and quantities

WORDS = {
    "": "spectral_gap contraction_factor lloyd_radius sublinear_constant asymptotic_rate log_partition kl_divergence "
    "hessian_min_eigenvalue pl_ratio",
    "m": "dft_modulus posterior_power",
    "radius": "contraction_bound pl_constant worst_contraction_factor",
    "fraction": "strong_convexity_radius",
    "eps": "iterations_to_kl",
    "n delta radius": "sample_error_bound sample_kl_bound steps_needed",
    "eps delta radius": "samples_needed",
}
ARGUMENTS = {name: words for words, names in WORDS.items() for name in names.split()}
OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv}
OPERATORS["Pow"] = operator.pow
COMPARE = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
HOLDS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "==": {0}, "!=": {-1, 1}}
DEFICITS = ["_b", "_B", "_h"]
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
        self.k, self.d, self.parts, self.found, self.recorded = k, claim.get("d", k - 1), 0, {}, {}
        self.radius = number(claim["radius"]) if "radius" in claim else None
        self.amplitudes = [number(each) for each in claim.get("amplitudes", ())]
        point = min([self.radius or 0, *self.amplitudes]) >= 0 and len(self.amplitudes) in (0, k // 2)
        require(k <= 65536, "more than 65536 components", "not covered")
        require(point and 2 <= k <= self.d + 1 <= 10**6 + 1, "claim: its dimension or point is not one")
        self.halves, given = range(1, k // 2 + 1), claim.get("weights", "uniform")
        self.shares = {m: fmpq(2 - (2 * m == k), k - 1) for m in self.halves}
        name, _, p = given.strip().partition(":") if isinstance(given, str) else ("", "", "")
        if isinstance(given, list) or "," in given:
            self.weights = given if isinstance(given, list) else given.split(",")
        elif name in ("uniform", "linear"):
            self.weights = [f"1/{k}" if name == "uniform" else f"{2 * j}/{k * (k + 1)}" for j in range(1, k + 1)]
        elif name == "geometric":
            require(k <= 64, "geometric weights of so many components", "not covered")
            self.weights = [f"({p})**{j}/({'+'.join(f'({p})**{i}' for i in range(k))})" for j in range(k)]
        else:
            special = {0} if name == "one-heavy" else DIFFERENCE_SETS.get(k)
            require(special and name in ("one-heavy", "difference-set"), "these weights", "not covered")
            n = len(special)
            self.weights = [f"({p})/{n}" if j in special else f"(1-({p}))/{k - n}" for j in range(k)]


class Place:
    """A box of a case, on which variables and quantities have values; a box may be a point.

    Values of a `frozen` one are functions of r² alone, with coefficients that hold for all other variables in the box.
    """

    def __init__(self, case, box, goal, *, frozen=False):
        self.case, self.k, self.box, self.goal, self.known, self.bits = case, case.k, box, goal, {}, ctx.prec
        self.odd = False  # Whether r itself has been asked for.
        start, end = box.get("radius", (fmpq(0), fmpq(0)))
        self.far, self.near = end == INFINITY, start == 0 < end < INFINITY
        self.free = [n for n, (low, high) in box.items() if low < high < INFINITY and (n == "radius" or not frozen)]
        # From radius 0 on it is v = r² that varies, seen from 0; r itself has no slope there.
        ends = {n: (a, b) for n, (a, b) in box.items() if b < INFINITY} | (
            {"radius": (start, end**2)} if self.near else {}
        )
        if self.far:
            # Far out r(1 − f) varies, from 0 on to a bound, for f = β, B and λ_min(∇²ℓ) (section 13, by pairs).
            pairs = fmpq(math.ceil(math.sqrt((self.k - 1) * self.k**3 / math.pi) * 2**29) + 1, 2**30)
            ends |= {name: (fmpq(0), pairs * (1 + (name == "_B"))) for name in DEFICITS}
            self.free += DEFICITS
        self.rising = [self.free.index(n) for n in (DEFICITS if self.far else ["radius"] * self.near)]
        middles = {n: (a + b) / 2 for n, (a, b) in ends.items()} | {self.free[i]: fmpq(0) for i in self.rising}
        steps = [arb(ends[n][0] - middles[n]).union(arb(ends[n][1] - middles[n])) for n in self.free]
        self.names = {"k": exactly(case.k), "d": exactly(case.d), "pi": Value(arb.pi(), "closed")}
        for name, (low, high) in ends.items():
            exact = fmpq_poly([0, 1]) if self.free[:1] == [name] and name != "radius" else "closed"
            slopes = [arb(name == each) for each in self.free]
            varies = name in self.free
            form = Value(middles[name], exact, slopes, steps) if varies else Value(arb(low).union(arb(high)), "closed")
            self.names[name] = form if low < high else exactly(low)
        r = Far({1: exactly(1)}, start) if self.far else self.names.get("radius", case.radius and exactly(case.radius))
        r = exactly(0) if case.radius == 0 and not box.get("radius") else r
        self.v = r if self.near or r is None else r * r
        self.names["radius"] = Value(arb(0).union(arb(end)), "closed") if self.near else r

    def evaluate(self, text, node):
        """Return the value of an expression; nothing else is read."""
        source = text[node.col_offset : node.end_col_offset]
        match node:
            case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
                return exactly(number(source))
            case ast.BinOp(ast.Name("radius"), ast.Pow(), ast.Constant(int(n))) if n and n % 2 == 0:
                return self.square_of_radius() ** exactly(n // 2)
            case ast.Name(name) if name in self.names:
                self.odd |= name == "radius"
                return self.names[name] or self.square_of_radius()
            case ast.Name(name) if name in ARGUMENTS:
                return self.quantity(name, {})
            case ast.Call(ast.Name(name), [], words) if name in ARGUMENTS:
                return self.quantity(name, {word.arg: constant(self.evaluate(text, word.value)) for word in words})
            case ast.Call(ast.Name(name), [_, *more] as parts, []) if name in (MAPS if not more else ("min", "max")):
                values = [self.evaluate(text, part) for part in parts]
                far = any(isinstance(value, Far) for value in values)
                require(not far or not more, f"{name} far out", "not covered")
                return values[0].applied(name) if far else apply(name, *values)
            case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, part):
                return self.evaluate(text, part) * exactly(-1 if isinstance(sign, ast.USub) else 1)
            case ast.BinOp(left, op, right):
                left, right = self.evaluate(text, left), self.evaluate(text, right)
                return OPERATORS[type(op).__name__](right.lift(left) if isinstance(right, Far) else left, right)
        require(not re.match("[a-z]+_[a-z_]+", source), f"the quantity {re.split('[^a-z_]', source)[0]}", "not covered")
        raise OutcomeError("rejected", f"claim: {source[:40]!r} is not part of a statement")

    def square_of_radius(self):
        """v = r²."""
        require(self.v or not self.case.amplitudes, "points off the simplex", "not covered")
        require(self.v, "claim: it needs a radius")
        return self.v

    @remembered
    def classes(self):
        """Pairs of a weight and the components that have it."""
        values = {text: self.evaluate(*parse(text.strip())) for text in dict.fromkeys(self.case.weights)}
        keys, found = {text: text if constant(value) is None else constant(value) for text, value in values.items()}, {}
        for j, text in enumerate(self.case.weights):
            found.setdefault(keys[text], (values[text], []))[1].append(j)
        return list(found.values())

    @remembered
    def fixed(self):
        """The classes with rational weights, or None."""
        found = tuple((constant(weight), tuple(members)) for weight, members in self.classes())
        return None if any(weight is None for weight, _ in found) else found

    @remembered
    def square(self, m):
        """|π̂_m|²: at fixed weights an algebraic integer over D², with conjugates up to 1, D the common denominator."""
        # Σ_j e^{2πi jm/k} = 0: only what differs from the commonest weight counts.
        common, *others = sorted(self.classes(), key=lambda each: -len(each[1]))
        weights = [(j, weight - common[0]) for weight, members in others for j in members]
        if len(weights) <= 1:
            return weights[0][1] ** exactly(2) if weights else exactly(0)
        turns = [arb.sin_cos_pi_fmpq(fmpq(2 * (j * m % self.k), self.k)) for j, _ in weights]
        terms = [[w * Value(x, "closed") for x in turn] for (_, w), turn in zip(weights, turns, strict=True)]
        found = total(total(part) ** exactly(2) for part in zip(*terms, strict=True))
        if self.fixed():
            size = 2 * math.log2(math.lcm(*(int(weight.q) for weight, _ in self.fixed())))
            found.exact = size, size, self.k, 0
        return found

    @remembered
    def flat(self):
        """Whether one weight at most differs from the others: then frequencies are alike."""
        return self.k - max(len(members) for _, members in self.classes()) <= 1

    def is_origin(self):
        """Whether the radius is 0."""
        return not isinstance(self.square_of_radius(), Far) and constant(self.v) == 0

    def shares(self):
        """The share of each frequency in r², where none is like another."""
        return {1: ONE} if self.flat() else self.case.shares

    def least(self, function, frequencies=None):
        """Return the least value at frequencies, or at all."""
        return apply("min", *map(function, frequencies or self.shares()))

    def power(self, m):
        """β_m."""
        return self.mean("b", 1 if self.flat() else min(m, self.k - m))

    @remembered
    def mean(self, *name):
        """β_m ("b"), t_mn ("t") or B = 2KL/v."""
        if self.far:
            require(name[0] != "t", "couplings far out", "not covered")
            # What varies is that of β_1; all that is known of the others is how large they are.
            deficit = self.names[f"_{name[0]}"] if name[1:] in ((), (1,)) else Value(self.names["_b"].range)
            return Far({0: exactly(1), -1: deficit * exactly(-1)}, self.box["radius"][0])
        v, at = self.square_of_radius(), constant(self.v)
        if at != 0 and not self.near:
            single = self.fixed() and at is not None
            return Value(posterior(self.k, self.fixed(), at, self.goal).named(*name)) if single else self.on_tile(name)
        if name[0] == "t":
            prior = Posterior(self.k, [(weight.range, members) for weight, members in self.classes()], 0, self.goal)
            # |∂t/∂v| ≤ 37 (section 12)
            return Value(prior.named(*name) + (37 * v.range * arb(0, 1) if self.near else 0))
        shares = {name[1]: ONE} if name[0] == "b" else self.shares()
        found = total(exactly(share) * self.square(m) for m, share in shares.items())
        if self.near:
            # ∂β_m/∂ρ_l² = t_ml/2, where all t_ml with l ≠ m are alike if frequencies are; for B the mean of such slopes.
            w, count = self.case.shares[1], len(self.case.halves)
            others = {1: w, 2: 1 - w} if self.flat() and count > 1 else self.case.shares
            pairs = product(shares.items(), others.items())
            found += v * Value(sum((p * q * self.mean("t", m, n).range / 2 for (m, p), (n, q) in pairs), arb(0)))
        return found

    def on_tile(self, name):
        """Return a mean from a model on a tile; tiles overlap by a tenth, so that every small enough box lies in one."""
        classes, axes, units = self.classes(), [], []
        require(self.fixed() or len(classes) == 2, "weights with more than one ratio that varies", "not covered")
        ratio = exactly(1) if self.fixed() else classes[1][0] / classes[0][0]
        for argument, width in ((ratio, 1.0), (self.v, min(0.8, 4 / math.sqrt(self.k)))):
            coordinate, middle = apply("log", argument), constant(self.v) or 0
            if coordinate.slopes:
                if not coordinate.range.is_finite():
                    raise MoreError(widest(argument), 0)
                middle = (math.floor(float(coordinate.range.mid()) / (1.8 * width)) + 0.5) * 1.8 * width
                if not abs(coordinate.range - middle) <= width:
                    raise MoreError(widest(coordinate), 0)
            axes.append((middle, width, bool(coordinate.slopes)))
            units.append((coordinate - Value(middle)) * Value(1 / arb(width)) if coordinate.slopes else exactly(0))
        members = self.fixed() or tuple((None, tuple(each)) for _, each in classes)
        return tile(self.k, members, tuple(axes), self.goal + 3).value(name, *units)

    def quantity(self, name, given):
        """Return a quantity."""
        words, case, k = ARGUMENTS[name].split(), self.case, self.k
        given = given or dict.fromkeys(words if name == "strong_convexity_radius" else (), fmpq(0))
        require(set(given) == set(words) and min(given.values(), default=0) >= 0, f"claim: {name} has other arguments")
        arguments = [given[word] for word in words]
        if words == ["m"]:
            m = int(arguments[0])
            require(0 < arguments[0] == m < k, "claim: a frequency is not between 1 and k − 1")
            return self.power(m) if name == "posterior_power" else apply("sqrt", self.square(1 if self.flat() else m))
        if name in SEARCHES:
            require(not self.free, f"{name} on intervals", "not covered")
            key = name, *arguments, *self.box.values(), name.startswith("s") and ctx.prec
            if key not in case.found:
                case.found[key] = SEARCHES[name](self, *arguments)
            return Value(case.found[key])
        match name:
            case "spectral_gap":
                return self.least(self.square)
            case "contraction_factor":
                return exactly(1) - self.least(self.square)
            case "asymptotic_rate" if case.amplitudes or not self.is_origin():
                return exactly(1) - self.least(self.square, [m for m, a in enumerate(case.amplitudes, 1) if a])
            case "sublinear_constant" if len(self.classes()) == 1:
                return exactly(fmpq(k - 1, 16))
            case "lloyd_radius":
                return Value(lloyd_radius(k, self.goal), "closed" if k <= 5 else None)
            case "contraction_bound":
                return exactly(1) - self.least(self.square) * Value(best_factor(k - 1, arguments[0]))
            case "kl_divergence":
                return self.square_of_radius() * self.mean("B") * exactly(HALF)
            case "log_partition":
                return self.square_of_radius() * exactly(HALF) - self.quantity("kl_divergence", {})
            case "hessian_min_eigenvalue":
                if self.far:
                    return self.mean("h")
                return self.least(self.square) if self.is_origin() else self.hessian(self.v)
            case "pl_ratio" if not self.is_origin():
                require(not self.far, "the PL ratio far out", "not covered")
                return pl_ratio(self)
        raise OutcomeError("rejected", f"claim: {name} has no value here")

    def hessian(self, v):
        """The least of the tangential β_m, 2m < k, and of (δ_mn β_m + ρ_m ρ_n t_mn) with ρ_m² = v dim_m/(k − 1) (section 6)."""
        k, count, shares = self.k, (self.k - 1) // 2, self.case.shares

        def entry(m, n, t=None, factor=1):
            t = v * Value(arb(shares[m] * shares[n] * factor).sqrt()) * (t or self.mean("t", m, n))
            return self.power(m) + t if m == n else t

        tangential, alike = [self.power(m) for m in self.case.halves if 2 * m < k], self.flat() and count > 1
        require(k <= 5 or alike, "Hessians of such weights of more than five components", "not covered")
        matrix = [entry(m, n) for n in self.case.halves for m in self.case.halves if m <= n and not alike]
        if alike:
            # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
            same, other = self.mean("t", 1, 1), self.mean("t", 1, 2)
            tangential = [self.power(1), entry(1, 1, same - other)]
            matrix = [entry(1, 1, same + exactly(count - 1) * other)]
            matrix += [entry(1, k // 2, other, count), entry(k // 2, k // 2)] if k % 2 == 0 else []
        return apply("min", *tangential, matrix[0] if len(matrix) == 1 else smallest_eigenvalue(*matrix))


def pl_ratio(place):
    """½‖∇ℓ‖²/KL = Σ w_m β_m²/B."""
    return total(exactly(q) * place.power(m) ** exactly(2) for m, q in place.shares().items()) / place.mean("B")


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

SLACK = fmpq(1, 10**5)
"""By so much, relative to its value, what a search has found is relaxed before it is proved here."""


def everywhere(place, sign, side, bound, end, at):
    """Show a bound on a quantity on [0, end] and return its ball at a radius."""
    prove(place.case, [sign], place.box | {"radius": (fmpq(0), end)}, lambda each: [side(each), bound(each)])
    return side(Place(place.case, place.box | {"radius": (at, at)}, 25)).range


def flat_from(place, room):
    """A radius from which on λ_max(I − ∇²ℓ) is below a number: at most k²/(2√π s) and (2e/s)(1 + |a|²/s²) (section 9)."""
    k, s, largest = place.k, ONE, lloyd_radius(place.k, 30) * (arb(place.k - 1) / place.k).sqrt()
    logs = [weight.centre.log() for weight, members in place.classes() for _ in members]
    square = sum(((x - sum(logs) / k) ** 2 for x in logs), arb(0))
    while not arb.min(k**2 / (2 * arb.pi().sqrt()), 2 * largest * (1 + square / s**2)) < room * s:
        s *= fmpq(17, 16)
    return fmpq(math.ceil(float(s) * math.sqrt((k - 1) / k) * 1024) + 1, 1024)


def strong_convexity_radius(place, fraction):
    """The radius up to which λ_min(∇²ℓ) is more than a fraction of the gap."""
    lower, upper, _ = place.case.recorded["strong_convexity_radius", fraction]
    threshold = place.least(place.square).range * fraction
    low, high = lower * (1 - SLACK), upper * (1 + SLACK)
    if lower == INFINITY:
        low = high = flat_from(place, 1 - threshold)
    sides = lambda each: each.quantity("hessian_min_eigenvalue", {}), lambda _: Value(threshold)
    value = everywhere(place, ">", *sides, low, high)
    require(lower == INFINITY or value < threshold, "strong_convexity_radius is not as small as recorded")
    return arb.pos_inf() if lower == INFINITY else arb(low).union(arb(high))


def pl_constant(place, radius):
    """The infimum of the PL ratio, which at the origin has the limit Σ w β²/Σ w β, β = |π̂|²."""
    lower, _, at = place.case.recorded["pl_constant", radius]
    require(at is not None and 0 <= at <= radius, "pl_constant is recorded without a place")
    bound = lower * (1 - SLACK)
    return arb(bound).union(everywhere(place, ">=", pl_ratio, lambda _: exactly(bound), radius, at))


def worst_contraction_factor(place, radius):
    """The supremum of max (1 − β_m)."""
    _, upper, at = place.case.recorded["worst_contraction_factor", radius]
    require(at is not None and 0 <= at <= radius, "worst_contraction_factor is recorded without a place")
    bound, side = (1 - upper) * (1 - SLACK), lambda each: each.least(each.power)
    return 1 - arb(bound).union(everywhere(place, ">=", side, lambda _: exactly(bound), radius, at))


@lru_cache(maxsize=64)
def trajectory(weights, radius):
    """Pairs of bounds on the radii of EM's iterates on a simplex that it preserves, to be continued: a list."""
    return [(arb(radius), arb(radius))]


def iterations_to_kl(place, eps):
    """Steps of EM until KL ≤ eps, if they are as recorded: KL falls at each step, and it and (1 − β)r rise with r."""
    (lower, upper, _), v = place.case.recorded["iterations_to_kl", eps], place.square_of_radius()
    require(place.k <= 3 or place.flat(), "trajectories that leave the regular simplex", "not covered")
    require(lower.q == 1 and 0 <= lower <= upper <= 5000, "iterations_to_kl is recorded as no number of at most 5000")
    radii = trajectory(place.fixed(), constant(place.names["radius"]))

    near = Place(place.case, place.box | {"radius": (fmpq(0), fmpq(1, 100))}, 24)

    def mean(name, r):
        if r < fmpq(1, 100):
            return near.mean(*name).centre + near.mean(*name).slopes[0] * r * r
        return Posterior(place.k, place.fixed(), r * r, 24).named(*name)

    while len(radii) <= upper:
        low, high = ((1 - mean(("b", 1), r)) * r for r in radii[-1])
        radii.append((low.lower(), high.upper()))
    divergence = [r * r / 2 * mean(("B",), r) for r in (radii[max(int(lower) - 1, 0)][0], radii[int(upper)][1])]
    right = (lower == 0 or divergence[0] > eps) and divergence[1] <= eps and v
    require(right, "the number of steps is not as recorded")
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
        raise MoreError(None, 2 * ctx.prec)
    return x > 0


def sample_theorem(place, n, delta, radius):
    """Return the bound on ‖θ̂‖, σ, and the steps of both phases of section 16, or None where it says nothing."""
    d, dimension, n, delta = arb(place.k - 1), place.case.d, arb(n), arb(delta)
    least, best = place.least(place.square).range, None
    largest = apply("max", exactly(int(dimension > place.k - 1)), *map(place.square, place.case.halves)).range
    top = 1000 * dimension - 100 * delta.log()
    shape = arb(dimension) / 2
    tail = increasing_root(lambda q: delta * 3 / 4 - (q / 2).gamma_upper(shape, regularized=1), arb(0), top)
    mean, sigma, lost = (tail / n).sqrt(), least.sqrt(), 1 - least
    spread = (1 + (d / n).sqrt() + (-2 * (delta / 20).log() / n).sqrt()) ** 2
    third = 2 * lost * (10 * d * (d + 2) * (d + 4) / (n * delta)).sqrt()
    for divisor in (5, 7, 10, 14, 20):
        square = least / (divisor * (d + 2))
        ball, one, two = square.sqrt(), 1 - 16 * square / 3, 1 - 32 * square / 3
        variance = d * (d + 2) * (two ** (-d / 2 - 2) - 2 * one ** (-d / 2 - 2) + 1)
        growth = (one ** (-d / 2 - 1) - 1 + (20 * variance / (n * delta)).sqrt()) / square

        def margin(r, growth=growth):
            return r * (1 - lost * (spread + growth * r * r / 3) - third * r / 2)

        rate, start, first = lost * (spread + growth * ball * ball) + third * ball, arb(radius), arb(0)
        if not positive(1 - rate) or not positive(margin(ball) - largest.sqrt() * mean):
            continue
        if not start < ball:
            decrease = best_factor(place.k - 1, radius) * least
            step = decrease * ball / (20 * d)
            count = d * (41 + 82 * start / step).log() - (delta / 20).log()
            rates = count / (2 * d * n)
            error = (count / n - d * (1 - 2 * rates).log()) / rates.sqrt() * 20 / 19 + step * d * (spread + 1)
            if not positive(fmpq(49, 100) - rates) or not positive(decrease * (ball - mean) * 9 / 10 - error):
                continue
            first, start = ((ball - mean) / (10 * start)).log() / (1 - decrease).log(), ball
        norm = increasing_root(lambda r, margin=margin: margin(r) - sigma * mean, arb(0), ball)
        if best is None or positive(best[0] - norm):
            best = norm, sigma, first, (sigma * norm / (start + norm)).log() / rate.log()
    return best


def sample_kl(place, n, delta, radius):
    """σ²r²/2 + 2σr³/3 + r⁴/4 at the bound r on ‖θ̂‖; infinite where the theorem says nothing."""
    norm, sigma, *_ = sample_theorem(place, n, delta, radius) or (arb.pos_inf(), arb(1))
    return (sigma * norm) ** 2 / 2 + 2 * sigma * norm**3 / 3 + norm**4 / 4


def steps_needed(place, n, delta, radius):
    """The steps of both phases, each rounded up."""
    first, second = (part.ceil().unique_fmpz() for part in sample_theorem(place, n, delta, radius)[2:])
    positive(arb(0, 1) if None in (first, second) else arb(1))
    return arb(first + max(second, 1))


def samples_needed(place, eps, delta, radius):
    """The least n with a bound on KL up to eps, if it is as recorded: the bound falls as n grows."""
    n = place.case.recorded["samples_needed", eps, delta, radius][0]
    enough = sample_kl(place, n, delta, radius) <= eps and sample_kl(place, n - 1, delta, radius) > eps
    require(enough, "samples_needed is not as recorded")
    return arb(n)


SEARCHES = {f.__name__: f for f in (strong_convexity_radius, pl_constant, worst_contraction_factor, iterations_to_kl)} | {
    "sample_error_bound": lambda *given: sample_theorem(*given)[0], "sample_kl_bound": sample_kl,
    "steps_needed": steps_needed, "samples_needed": samples_needed,
}  # fmt: skip


# 5. Decisions


def widest(form):
    """The variable that matters most to a function on a box."""
    sizes = [float((slope * step).abs_upper()) for slope, step in zip(form.slopes, form.steps, strict=True)]
    return max(range(len(sizes)), key=lambda i: sizes[i] if sizes[i] < math.inf else -1.0) if sizes else None


def judge(operators, forms, rising, place, shown):
    """Return whether a link certainly fails; raises MoreError where none does and not all are decided.

    To some forms belong a number and slopes such that f = c + Σ s_i h_i with h_i ≥ 0.
    """
    undecided, fails = [], False
    for sign, form, (start, slopes) in zip(operators, forms, rising, strict=True):
        first, possible = signs(start), signs(form)
        same = next((s for s in (1, -1) if all(each <= {0, s} for each in (first, *map(signs, slopes)))), None)
        if same is not None:
            possible &= first | {same} if first == {0} and any(signs(slope) != {0} for slope in slopes) else first
        where = [f"{name} = {float(arb(low)):.9g}" for name, (low, _) in place.box.items()]
        require(not shown or possible & HOLDS[sign], f"the statement fails near {where}")
        fails |= not possible & HOLDS[sign]
        undecided += [form] if not possible <= HOLDS[sign] else []
    if undecided and not fails:
        form, index = undecided[0], widest(undecided[0])
        # Where it is the error of the means that matters, halving does not help.
        small = form.slopes and (form.slopes[index] * form.steps[index]).abs_upper() < 2 * form.centre.rad()
        raise MoreError(None if small else index, 0)
    return fails


def differences(values):
    """Return the differences of neighbours, but for powers of a radius that is far out."""
    pairs = ((b.lift(a) if isinstance(b, Far) else a, b) for a, b in pairwise(values))
    forms = (a - b for a, b in pairs)
    return [form.leading()[1] if isinstance(form, Far) else form for form in forms]


def prove(case, operators, box, sides, shown=True, goals=(7, 14, 25, 45, 90, 180, 360)):
    """Return for parts of a box the sides, their differences and whether a link fails: none may if they are to be shown.

    The box is halved, or digits are added, as need be. At a point that refutes, the first digits do that tell.
    """
    waiting, done, bits = [(box, 0)], [], 0
    while waiting:
        part, level = waiting.pop()
        case.parts += 1
        require(case.parts < MAX_PARTS and level < len(goals), "it is not shown with the parts or digits taken here")
        try:
            with ctx.workprec(max(bits, goals[level] * 2 + 120)):
                place = Place(case, part, goals[level])
                values = sides(place)
                forms = differences(values)
                rising = [(form, ()) for form in forms]
                if place.near:
                    others = Place(case, part, goals[level], frozen=True) if len(place.free) > 1 else place
                    frozen = differences(sides(others)) if others is not place else forms
                    origin = part | {"radius": (fmpq(0), fmpq(0))}
                    # A form that has r in it is no number and a slope in r².
                    starts = frozen if others.odd else differences(sides(Place(case, origin, goals[level])))
                    rising = [(f.centre if others.odd else f, g.slopes) for f, g in zip(starts, frozen, strict=True)]
                elif place.far:
                    fixed = [i for i in range(len(place.free)) if i not in place.rising]
                    for i, f in enumerate(forms):
                        start = sum((f.slopes[j] * f.steps[j] for j in fixed if f.slopes), f.centre)
                        rising[i] = start, [f.slopes[j] for j in place.rising if f.slopes]
                done.append((place, values, forms, judge(operators, forms, rising, place, shown)))
        except MoreError as more:
            name, more_bits = None if more.args[0] is None else place.free[more.args[0]], more.args[1]
            bits, (low, high) = max(bits, more_bits), part.get(name, (0, 0))
            require(bits <= 4 * MAX_BITS, "it is not shown with the bits that are taken here")
            if name in DEFICITS:
                name, (low, high) = "radius", part["radius"]
            if name is None or high - low <= (box[name][1] - box[name][0]) / 2**14:
                waiting.append((part, level + (more_bits == 0)))
            else:
                middle = (low + high) / 2 if high < INFINITY else 2 * low + 1
                waiting += [(part | {name: each}, level) for each in ((middle, high), (low, middle))]
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


def may_be(value, ends):
    """Raise OutcomeError unless a ball may lie between recorded ends."""
    low, high = number(ends["lower"]), number(ends["upper"])
    right = not value < low and (high == INFINITY or not value > high)
    require(right, "comparisons or quantities: one is not what is recorded")


def check(found):
    """Check a certificate and return what was shown; raises OutcomeError."""
    claim, verdict, level = found["claim"], found["verdict"], found["level"]
    cells = [cell for case in found["cases"] for cell in case["cells"]]
    links = [each for cell in cells for each in cell["comparisons"]]
    quantities = [each for cell in cells for each in cell["quantities"]]
    for kind, records in zip(KEYS, ([found], found["cases"], cells, quantities, links), strict=True):
        right = all(set(each) == set(KEYS[kind].split()) for each in records)
        require(right, f"{kind}: it has other keys than the format")
    known = {"id", "k"} <= set(claim) <= set(CLAIM_KEYS.split()) and claim["id"]
    require(known, "claim: it has other keys than the format")
    refuted, expected = verdict == "refuted", claim.get("expect", "holds")
    right = expected in ("holds", "refuted") and found["as_expected"] is (refuted == (expected == "refuted"))
    require(right, "as_expected: it does not follow from the verdict")
    right = level in LEVELS and verdict in (level, "refuted") and bool(claim.get("derivation")) != bool(found["cases"])
    require(right, "level: it is not that of the verdict, or there is no evidence of its kind")
    require(not claim.get("derivation"), "derivations, which SymPy checks step by step", "not covered")
    family = f"the family {str(claim.get('family'))[:40]}, which is not one of tied mixtures"
    require(not claim.get("family"), family, "not covered")
    require(not claim.get("assume"), "assumptions", "not covered")
    right = [case["k"] for case in found["cases"]] == claim["k"] and len(set(claim["k"])) == len(claim["k"])
    require(right and (not refuted or len(cells) == 1), "cases: they are not one for each k, or no single witness")
    indices = [LEVELS.index(each["level"]) for each in links if each["holds"] is not refuted]
    right = indices and LEVELS.index(level) == (max(indices) if refuted else min(indices))
    require(right, "level: it does not follow from the comparisons")
    require(level not in LEVELS[:2], f"evidence of level {level}, which proves nothing", "not covered")
    parts = sum(check_case(claim, case, found) for case in found["cases"] if not refuted or case["cells"])
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
    with ctx.workprec(160):
        middles = {n: low + 1 if up == INFINITY else (low + up) / 2 for n, (low, up) in spans.items()}
        classes = Place(case, {n: (x, x) for n, x in middles.items()}, 7).fixed()
    weights = [q for _, q in sorted((j, q) for q, members in classes for j in members)]
    require(len(weights) == k and min(weights) > 0 and sum(weights) == 1, "claim: weights are not k positive numbers")
    texts = {n: f"[{low}, " + ("inf)" if up == INFINITY else f"{up}]") for n, (low, up) in spans.items()}
    digest, point = hashlib.sha256(",".join(map(str, weights)).encode()).hexdigest(), list(map(str, case.amplitudes))
    expected = case.d, digest, None if case.radius is None else str(case.radius), point or None, texts
    recorded = tuple(record[name] for name in ("d", "weights_sha256", "radius", "amplitudes", "for_all"))
    require(expected == recorded, f"cases: that of k = {k} is not the claim's")
    boxes = [place_of(cell, spans) for cell in record["cells"]]
    if refuted:
        inside = all(low <= a == b <= up for n, (low, up) in spans.items() for a, b in [boxes[0][n]])
        require(inside, "cells: the witness lies outside the domain")
    else:
        require(is_cover(boxes, spans) and (spans or len(boxes) == 1), "cells: they leave a gap in the domain")
        endless = any(up == INFINITY for name, (_, up) in spans.items() if name != "radius")
        require(not endless, "weights on intervals without an upper end", "not covered")
        with ctx.workprec(160):
            classes = Place(case, spans, 7).classes()
        whole = total(weight * exactly(len(members)) for weight, members in classes) - exactly(1)
        require(whole.exact == 0, "weights that are not seen to sum to 1", "not covered")
        for corner in product(*({low, high} if high < INFINITY else {low} for low, high in spans.values())):
            box = {name: (x, x) for name, x in zip(spans, corner, strict=True)}
            edge = min((weight for weight, _ in Place(case, box, 7).fixed()), default=ONE)
            require(edge != 0, "weights that vanish at an end of the domain", "not covered")
        for i in range(len(classes) * bool(spans)):
            prove(case, [">"], spans, lambda place, i=i: [place.classes()[i][0], exactly(0)])
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


def check_cell(case, statement, cell, box, found):
    """Check one cell: what is recorded, and that the statement holds, or fails at the witness."""
    refuted, (text, body) = found["verdict"] == "refuted", parse(statement)
    require(isinstance(body, ast.Compare), "claim: it is no comparison")
    nodes, operators = [body.left, *body.comparators], [COMPARE[type(op).__name__] for op in body.ops]
    texts = [text[node.col_offset : node.end_col_offset] for node in nodes]
    shown = [f"{a} {sign} {b}" for (a, b), sign in zip(pairwise(texts), operators, strict=True)]
    right = all(each["holds"] is True for each in cell["comparisons"]) is not refuted
    right &= [each["comparison"] for each in cell["comparisons"]] == shown
    require(right, "comparisons: they are not those of the statement, or do not decide it")
    case.recorded, case.found, asked, before = {}, {}, [], case.parts
    for each in cell["quantities"]:
        name, given = each["quantity"], {word: number(x) for word, x in each["arguments"].items()}
        require(name in ARGUMENTS, f"the quantity {str(name)[:40]}", "not covered")
        rigorous = (each["route"], each["level"]) in (("exact", "exact"), ("ball", "certified"))
        require(rigorous, "quantities: one is of no rigorous route")
        key = name, *(given.get(word, fmpq(0)) for word in ARGUMENTS[name].split())
        ends = (each[end] for end in ("lower", "upper", "at"))
        case.recorded[key] = tuple(None if end is None else number(end) for end in ends)
        asked += [(each, name, given)] if name not in SEARCHES else []

    def sides(place):
        return [place.evaluate(text, node) for node in nodes]

    for place, values, forms, fails in prove(case, operators, box, sides, shown=not refuted):
        require(fails or not refuted, "the statement is not shown to fail at the witness")
        for each, name, given in asked:
            may_be(place.quantity(name, given).centre, each)
        for record, sign, form, pair in zip(cell["comparisons"], operators, forms, pairwise(values), strict=True):
            decisive = not refuted or not signs(form) & HOLDS[sign]
            proved = record["level"] == "proved" and decisive and form.exact is None
            require(not proved, "level: nothing exact decides a comparison that is recorded as proved")
            for value, ends in () if place.far else zip(pair, (record["left"], record["right"]), strict=True):
                may_be(value.centre, ends)
            for margin in (number(x) for x in (record["margin"], found["margin"]) if x is not None and decisive):
                near = 0 < margin < INFINITY and abs(form.centre) < margin
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
    for kept in (posterior, tile, trajectory):
        kept.cache_clear()


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
    names = (name for name in ("accepted", "rejected", "not covered", "bad") if counts[name])
    each = ", ".join(f"{counts[name]} {name}" for name in names)
    noun = "certificate" if counts.total() == 1 else "certificates"
    print(f"{counts.total()} {noun}: {each or 'none'} ({time.perf_counter() - begin:.1f} s)")
    for why, count in reasons.most_common():
        print(f"  {count} not covered: {why}")
    return exit_status(counts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
