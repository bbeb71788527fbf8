"""Verify certificates of emtheory with Python and python-flint alone: ``python verify.py CERTIFICATE|FOLDER…``.

Nothing here is shared with the program that made them. The claim is read anew, the cells are checked to leave out
nothing of its domain, and on each the statement is shown, or at the witness refuted, by enclosures found here; what is
recorded must agree. It rests on Python's integers, on FLINT's polynomials, on Arb's balls, and on facts proved in
docs/error-bounds.md (by section): 1 the trapezoidal rule, 2 to 4 means over the posterior, 5 E log S, 7 E max, 8 and
13 interpolation, 9 and 13 large radii, 11 several directions, 12 cumulants (near radius 0), 16 the finite-sample theorem,
17 signs of fractions.

Exit status: 0 all are accepted, 1 one is rejected, 2 bad input, 4 one is not covered, 6 one is not decided within the
limits of time, memory and effort (1 before 2 before 6 before 4), 5 none was found.
"""

import argparse
import ast
import contextlib
import hashlib
import json
import math
import multiprocessing
import operator
import os
import re
import signal
import stat
import sys
import time
from collections import Counter, namedtuple
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import accumulate, combinations, compress, pairwise, product, repeat, takewhile
from pathlib import Path

from flint import acb, acb_mat, arb, arb_mat, arb_poly, arb_series, ctx, fmpq, fmpq_mpoly_ctx, fmpq_poly, fmpz_poly

try:
    import resource
except ImportError:  # Where there is none, memory is not limited.
    resource = None

TIMEOUT, MEMORY, NO_MEMORY = 300.0, 2048, "it takes too much memory"
"""Seconds and megabytes for a certificate, unless others are asked for, and the reason of one that takes more."""
MAX_BYTES, MAX_NODES, MAX_PARTS, MAX_BITS, MAX_TERMS = 20_000_000, 60_000, 40_000, 200_000, 2000
"""Of a file; nodes of an integral; parts of a cell; digits of a number; terms of a polynomial: choices against waste."""
INFINITY, ONE, HALF, QUARTER, UNIT = fmpq(10**20000), fmpq(1), fmpq(1, 2), fmpq(1, 4), arb(0, 1)
"""The first stands for an end that is infinite, where ends are compared; numbers that are read are smaller."""
NEAR = fmpq(1, 10**30)
"""How far beyond an end that is recorded a value may be found: an end may be the value itself."""
UNDECIDED = "not decided"
"""What came of a certificate that is covered, where the limits of this program end the work."""
ANY, RISING, FALLING = {-1, 0, 1}, {0, 1}, {-1, 0}
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
    """Return a certificate as JSON values, with its fingerprint checked. Decimals in it are taken for their text."""

    def unique(pairs):
        require(len(dict(pairs)) == len(pairs), "a key stands twice in one object")
        return dict(pairs)

    try:
        # Not blocking: a pipe to which nobody writes would be waited for.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
            require(stat.S_ISREG(os.fstat(file.fileno()).st_mode), "it is no regular file", "bad")
            content = file.read(MAX_BYTES + 1)
        require(len(content) <= MAX_BYTES, f"it has more than {MAX_BYTES} bytes", "bad")
        found = json.loads(content.decode(), object_pairs_hook=unique, parse_float=str, parse_constant=str)
    except (OSError, ValueError, RecursionError) as error:
        raise OutcomeError("bad", f"it cannot be read as JSON: {str(error)[:100]}") from None
    kind = found.get("format") if isinstance(found, dict) else None
    require(kind != "emtheory data certificate", "data: `emtheory replay` verifies it, with the data", "not covered")
    require(kind == "emtheory certificate", "it is no certificate of emtheory", "bad")
    text = json.dumps({n: v for n, v in found.items() if n != "fingerprint"}, sort_keys=True, separators=(",", ":"))
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    require(found.get("fingerprint") == digest, "fingerprint: it is not that of the content")
    require(repr(found.get("version")) == "1", "version: only version 1 is known here")
    return found


def number(text):
    """Return the exact number that a text is; an infinite one is INFINITY, beyond all others that are read."""
    right = re.fullmatch(r"-?inf|[-+]?[0-9./]{1,4000}([eE][-+]?[0-9]{1,4})?", text.strip())
    require(right, f"{text[:40]!r} is not an exact number")
    return fmpq(*Fraction(text.replace("inf", "1e20000")).as_integer_ratio())


def remembered(method):
    """Keep in an object what a method returns, computed with the bits of the object."""

    def wrapper(self, *given):
        if (method.__name__, *given) not in self.known:
            with ctx.workprec(self.bits):
                self.known[method.__name__, *given] = method(self, *given)
        return self.known[method.__name__, *given]

    return wrapper


# 1. Exact fractions, and balls around them

SIZE, POLYNOMIALS = 32, fmpq_mpoly_ctx.get([("x", 32)], "lex")
"""So many generators. They are taken from the last on, as in a relation the latest has to come first."""
MAPS = {
    "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())), "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "log": (lambda x: x.log(), lambda x: 1 / x), "cos": (lambda x: x.cos(), lambda x: -x.sin()),
    "sin": (lambda x: x.sin(), lambda x: x.cos()), "abs": (abs, lambda _: UNIT),
}  # fmt: skip


class Form:
    """A fraction of polynomials over the rationals in the generators of a box."""

    def __init__(self, box, top, bottom=None):
        self.box, self.top, self.bottom = box, top, POLYNOMIALS.constant(1) if bottom is None else bottom

    def __add__(self, other):
        other = self.box.form(other)
        if self.bottom == other.bottom:
            return Form(self.box, self.top + other.top, self.bottom)
        return Form(self.box, self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other):
        other = self.box.form(other)
        return bounded(Form(self.box, self.top * other.top, self.bottom * other.bottom))

    def __truediv__(self, other):
        other = self.box.form(other)
        self.box.divisors += [other.top] if constant(other) in (None, 0) else []
        return bounded(Form(self.box, self.top * other.bottom, self.bottom * other.top))

    def __sub__(self, other):
        return self + self.box.form(other) * -1

    def __pow__(self, n):
        sizes = [(len(p.coeffs()), len(str(p))) for p in (self.top, self.bottom)]
        few = all(size * abs(n) < MAX_BITS and math.comb(abs(n) + m, abs(n) + 1) < MAX_TERMS for m, size in sizes)
        require(few, "powers of such a size", UNDECIDED)
        return Form(self.box, self.top**n, self.bottom**n) if n >= 0 else self.box.form(1) / self**-n

    __radd__, __rmul__ = __add__, __mul__


def bounded(form):
    """Return a form; raises OutcomeError if it has so many terms that those of a few more factors would not end."""
    few = max(len(p.coeffs()) for p in (form.top, form.bottom)) < MAX_TERMS
    require(few, "so many terms", UNDECIDED)
    return form


def constant(form):
    """Return the rational number that a form is, or None."""
    if not (form.top.is_constant() and form.bottom.is_constant()) or form.bottom.is_zero():
        return None
    return form.top.leading_coefficient() / form.bottom.leading_coefficient()


def up_to(x):
    """A ball from 0, exactly, to the largest modulus in another."""
    half = arb(0, abs(x).upper() / 2)
    return half + half.rad()


def power(x, n):
    """xⁿ, n > 0, for a ball, also around zero."""
    around = n % 2 == 0 and x.contains(0)
    return x if n == 1 else up_to(abs(x).upper() ** n) if around else (acb(x) ** n).real + 0 * x


def signs_of(x):
    """The signs of the numbers in a ball."""
    return {s for s, no in ((-1, x >= 0), (0, x > 0 or x < 0), (1, x <= 0)) if not no}


def product_of(signs, others, n=1):
    """The signs of xyⁿ."""
    return {a * b**n for a in signs for b in others}


def jet(centre, natural, slopes):
    """A function centre + Σ slopes_i h_i, all |h_i| ≤ 1, with values also in another ball: centre, range and slopes."""
    linear = sum((slope * UNIT for slope in slopes), centre)
    if natural.is_finite() and linear.is_finite() and linear.overlaps(natural) and not linear.contains(natural):
        natural = natural.intersection(linear)
    return centre, natural if natural.is_finite() else linear, slopes


class Box:
    """A box, and generators: numbers and functions there with their jets, by which the signs of forms are decided.

    Variables are taken from their middles. Near radius 0 (`edge` 1) the radius is a generator itself, and far out (−1) its
    inverse is: polynomials are divided by it as often as they can be, so that what is left may be decided at 0, too.
    """

    def __init__(self, box, near):
        low, high = box.get("radius", (ONE, ONE))
        if low == 0 and high == INFINITY:
            raise MoreError("radius")
        self.box, self.edge = box, -1 if high == INFINITY else int(low < high and (near or low == 0))
        self.names, self.jets, self.closed, self.plain, self.nonzero = {}, {}, set(), set(), set()
        self.small, self.relations, self.divisors, self.searched = None, [], [], set()
        self.free = [name for name, (a, b) in box.items() if a < b]
        for name, (a, b) in box.items():
            edge = self.edge if name == "radius" else 0
            a, b = (0 * a, 1 / a) if edge < 0 else (a, b)
            middle, half = (a + b) / 2, arb(b - a) / 2
            self.names[name], slopes = self.form(middle), [half if each == name else arb(0) for each in self.free]
            if edge:
                ball = arb(middle) + half * UNIT if a else up_to(arb(b))
                self.small = self.generator(("variable", name), (arb(middle), ball, slopes), closed=True)
                self.names[name] = self.small if edge > 0 else Form(self, POLYNOMIALS.constant(1), self.small.top)
            elif a < b:
                self.names[name] += self.generator(("variable", name), (arb(0), half * UNIT, slopes), closed=True)
                self.plain |= self.used(self.names[name].top)

    def form(self, x):
        """Return a form, or a number as one."""
        return x if isinstance(x, Form) else Form(self, POLYNOMIALS.constant(fmpq(x)))

    def generator(self, key, found, *, closed=False, of=None):
        """Return the generator with this key: with a jet, or a ball for a number; in closed form, or a function of one."""
        if key not in self.names:
            index = SIZE - 1 - len(self.jets)
            require(index >= 0, "so many quantities at once", UNDECIDED)
            self.jets[index] = found if isinstance(found, tuple) else (found, found, [arb(0)] * len(self.free))
            self.closed |= {index} if closed else set()
            self.searched |= {index} if of and not self.searched.isdisjoint(self.used(of.top, of.bottom)) else set()
            self.names[key] = Form(self, POLYNOMIALS.gen(index))
        return self.names[key]

    def used(self, *polynomials):
        """The generators in polynomials."""
        return {i for p in polynomials for i, n in enumerate(p.degrees()) if n > 0}

    def polynomial_jet(self, p):
        """The jet of a polynomial."""
        if p.is_constant():
            return arb(p.leading_coefficient()), arb(p.leading_coefficient()), [arb(0)] * len(self.free)
        centre, natural, gradient = arb(0), arb(0), dict.fromkeys(self.used(p), arb(0))
        powers = {
            (i, n): [power(x, n) for x in self.jets[i][:2]] for i in gradient for n in range(1, p.degrees()[i] + 1)
        }
        for exponents, q in p.to_dict().items():
            at, there = zip((arb(q), arb(q)), *(powers[i, exponents[i]] for i in gradient if exponents[i]), strict=True)
            centre, natural = centre + math.prod(at), natural + math.prod(there)
            for i in gradient if self.free else ():
                if n := exponents[i]:
                    others = (powers[j, exponents[j]][1] for j in gradient if j != i and exponents[j])
                    gradient[i] += math.prod(others, start=q * n * (powers[i, n - 1][1] if n > 1 else arb(1)))
        slopes = [sum((x * self.jets[i][2][m] for i, x in gradient.items()), arb(0)) for m in range(len(self.free))]
        return jet(centre, natural, slopes)

    def jet(self, form):
        """The jet of a form."""
        (a, x, slopes), (b, y, others) = self.polynomial_jet(form.top), self.polynomial_jet(form.bottom)
        return jet(a / b, x / y, [(s - x / y * t) / y for s, t in zip(slopes, others, strict=True)])

    def range(self, form):
        """A ball around a form on the box."""
        return self.jet(form)[1]

    def centre(self, form):
        """A ball around a form at the centre of the box."""
        return self.jet(form)[0]

    def without(self, p):
        """Return a polynomial divided by the small variable as often as it can be, and how often."""
        if not self.small:
            return p, 0
        (index,) = self.used(self.small.top)
        n = min((exponents[index] for exponents in p.monoms()), default=0)
        return (p / self.small.top**n if n else p), n

    def sign(self, p):
        """The signs that a polynomial may have: by its range, or by its terms where their signs agree."""
        for relation in reversed(self.relations):
            p %= relation
        p, n = self.without(p)
        possible, terms = signs_of(self.polynomial_jet(p)[1]), {}
        if len(possible) > 1:
            for exponents, q in p.to_dict().items():
                rest, plain = (
                    tuple(n * ((i in self.plain) is x) for i, n in enumerate(exponents)) for x in (False, True)
                )
                terms.setdefault(rest, {})[plain] = q
            sets = [self.sign_of_term(*each) for each in terms.items()]
            union = set().union(*sets)
            possible &= ANY if {-1, 1} <= union else min([union, *({s} for s in (-1, 1) if {s} in sets)], key=len)
        return possible | ({0} if n and self.box["radius"][0] == 0 else set())

    def sign_of_term(self, exponents, coefficient):
        """The signs of a product of generators and a polynomial in variables, by its factors."""
        content, factors = POLYNOMIALS.from_dict(coefficient).factor()
        signs = signs_of(arb(content))
        for factor, n in factors:
            signs = product_of(signs, signs_of(self.polynomial_jet(factor)[1]), n)
        for i in (i for i, n in enumerate(exponents) if n):
            each = signs_of(self.jets[i][1]) - ({0} if i in self.nonzero else set())
            signs = product_of(signs, each, exponents[i])
        return signs

    def signs(self, form):
        """The signs that a form may have on the box."""
        if any(0 in self.sign(p) for p in self.divisors):
            return ANY  # It may have no value.
        lost = {i for i, (_, x, _) in self.jets.items() if not x.is_finite()}
        if lost:  # What is infinite has to be in it, and to decide.
            x = self.range(form)
            return signs_of(x) if lost <= self.used(form.top) and (x > 0 or x < 0) else ANY
        return product_of(self.sign(form.top), self.sign(form.bottom) - {0})

    def apply(self, name, form):
        """Return a function of MAPS of a form; near radius 0 and far out with the power of the small variable in it."""
        (top, n), (bottom, m), (c, x, slopes) = self.without(form.top), self.without(form.bottom), self.jet(form)
        n, rest, key, q = n - m, Form(self, top, bottom), (name, str(form.top), str(form.bottom)), constant(form)
        if name == "abs" and not {-1, 1} <= self.signs(form):
            return form * (1 if self.signs(form) <= RISING else -1)
        if name == "exp" and n > 0:  # 1 + x + x²/2 + x³/6 e^ξ, ξ between 0 and x.
            return form**3 * self.generator(key, arb(0).union(x).exp(), of=form) / 6 + form**2 / 2 + form + 1
        if name == "exp" and n < 0:
            if self.range(rest) > 0:
                inverse = self.apply(name, form * -1)
                return Form(self, inverse.bottom, inverse.top)
            require(self.range(rest) < 0, "exponentials far out that are not seen to rise or to fall", "not covered")
            found = self.generator(key, up_to((self.range(rest) * self.range(self.small).upper() ** n).exp()), of=form)
            self.nonzero |= self.used(found.top)
            return found
        if name == "exp" and q == 0:
            return self.form(1)
        if name == "sqrt" and q is not None and q >= 0:
            root = fmpq(math.isqrt(int(q.p)), math.isqrt(int(q.q)))
            if root**2 == q:
                return self.form(root)
        if n and (name == "abs" or (name == "sqrt" and n % 2 == 0)):
            return self.apply(name, rest) * self.small ** (n if name == "abs" else n // 2)
        function, derivative = MAPS[name]
        found = jet(function(c), function(x), [derivative(x) * slope for slope in slopes])
        closed = name != "exp" and self.used(form.top, form.bottom) <= self.closed
        found = self.generator(key, found, closed=closed, of=form)
        if name == "sqrt" and form.bottom.is_constant() and not form.bottom.is_zero():
            self.relations.append((found * found * form.bottom.leading_coefficient()).top - form.top)
        return found

    def least(self, forms, side=1):
        """Return the least of forms, or with side −1 the largest."""
        first, *others = forms
        for other in others:
            gap = (first - other) * side
            signs = self.signs(gap)
            middle = first + other - self.apply("abs", gap) * side
            first = first if signs <= FALLING else other if signs <= RISING else middle / 2
        return first


# 2. Means of the posterior

ANGLE = 1.4
"""Half the width of the strip in which integrands are bounded: below π/2; a choice, as steps and nodes are."""


def tensor_rule(weights, rows, goal, n=0):
    """E log S, S = Σ π_j e^{y_j}, y_j = Σ rows_dj Z_d, or of two components the n-th moment of γ̂_1 (section 11)."""
    count, size = len(rows), reduce(arb.max, [abs(y) for row in rows for y in row])
    v, reach = arb(min(math.sqrt(2 * goal), ANGLE / float(size.upper()))), arb(math.sqrt(2 * goal + 4 * count))
    h, cosine = 2 * math.pi * v / (goal + v * v / 2), (v * size).cos()
    # Beyond the reach γ̂ is at most 1, and |log S| at most |z| Σ_d max_j |rows_dj|.
    error = ((count - reach**2) / 2).exp() * (reach**2 / count) ** (arb(count) / 2) * (1 if n else reach * count * size)
    most = cosine**-n if n else count * size + v * size - cosine.log()
    error += count * 2 * (v * v / 2).exp() * most / (2 * arb.pi() * v / h).expm1()
    end, total = int(float(reach / h)) + 1, arb(0)
    require((2 * end + 1) ** count * len(weights) < 4 * MAX_NODES, "points with so many nodes", UNDECIDED)
    masses = [h / (2 * arb.pi()).sqrt() * (-((h * i) ** 2) / 2).exp() for i in range(end + 1)]
    powers = [[(h * y).exp() for y in row] for row in rows]
    axes = [[(masses[abs(i)], *(x**i for x in each)) for i in range(-end, end + 1)] for each in powers]
    for node in product(*axes):
        mass, *terms = map(math.prod, zip((1, *weights), *node, strict=True))
        total += mass * ((acb(terms[0] - terms[1]) / sum(terms)) ** n if n else acb(sum(terms)).log()).real
    return total + arb(0, (error * (1 + h / 2) ** count).abs_upper())


class Posterior:
    """Means over the posterior at one point, v = r², as balls of a radius of about e^(−goal).

    Classes are pairs of a weight and the components that have it. With S = Σ π_j e^{sZ_j}, s² = vk/(k − 1), a mean of
    degree N is ∫ E[(e^u S)^N … exp(−e^u S)] du/Γ(N), and E log S is ∫ (E exp(−e^{u + sZ}) − E exp(−e^u S)) du.
    """

    def __init__(self, k, classes, v, goal):
        self.k, self.v, self.goal, self.known, self.bits = k, v, goal + 6, {}, int(1.5 * goal + 80 + math.log2(k))
        self.weights, self.members = zip(*sorted(classes, key=lambda each: len(each[1])), strict=True)
        self.rule = (self.weights * 2)[:2], [[arb(v).sqrt(), -arb(v).sqrt()]], goal + 8  # Where k = 2.
        if v != 0 and k > 2:
            self.lay_out()

    @remembered
    def lay_out(self):
        """Choose steps and nodes, and evaluate what every integral needs: P = E exp(−e^u S) at the nodes."""
        self.s2, goal, inner = arb(self.v) * self.k / (self.k - 1), self.goal, self.goal + math.log(self.k) + 7
        s, variance = self.s2.sqrt(), float(self.s2.mid())
        width, wide = math.sqrt(2 * variance * inner), math.sqrt(ANGLE**2 + 2 * variance * (goal + 9) / self.k)
        strip = min(ANGLE, width)
        step = 2 * math.pi * strip / (inner + 3 + strip**2 / (2 * variance))
        # The outer integral takes every `stride`-th node of the inner one: its strip is wider (section 3).
        self.stride = max(1, int(math.pi * (ANGLE + wide) / (goal + 9) / step))
        left, right = min(goal + variance / 2, goal / 2 + variance) + 2, math.log(goal * self.k) + width
        first, last, reach = (math.ceil(size / step) for size in (left, right, width))
        self.count, length = (first + last) // self.stride + 2, first + last + 2 * (self.stride + reach)
        require(length < MAX_NODES, "radii at which integrals take too many nodes", UNDECIDED)
        h, strip, self.far, e = arb(step), arb(strip), arb(inner + 32), arb(1).exp()
        kernel = [h / s / (2 * arb.pi()).sqrt() * (-((j * h / s) ** 2) / 2).exp() for j in range(-reach, reach + 1)]
        self.kernels = [arb_poly(kernel[i :: self.stride][::-1]) for i in range(min(self.stride, len(kernel)))]
        self.lattice = list(accumulate(repeat(h.exp(), length), operator.mul, initial=(-h * (first + reach)).exp()))
        # Of f_n terms beyond `far` are left out, where it decreases; the kernel sums to less than 2.
        outside, beyond = 2 * (strip**2 / self.s2 / 2).exp() / (2 * arb.pi() * strip / h).expm1(), reach * h / s
        errors = [(n / e) ** n * (outside / strip.cos() ** n + (beyond / arb(2).sqrt()).erfc()) for n in range(5)]
        self.errors = [arb(0, (x + 2 * self.far**n * (-self.far).exp()).abs_upper()) for n, x in enumerate(errors)]
        self.h, self.ends = self.stride * h, (first * h, ((self.count - 1) * self.stride - first) * h)
        self.grid = (self.k * (arb(wide) - ANGLE) ** 2 / (2 * self.s2)).exp() / (2 * arb.pi() * wide / self.h).expm1()
        powers = [[(acb(x) ** len(each)).real for x in self.table(0, i)[1]] for i, each in enumerate(self.members)]
        self.product = [math.prod(each, start=arb(1)) for each in zip(*powers, strict=True)]
        self.kept = [i for i, x in enumerate(self.product) if x > arb(-goal).exp()]

    @remembered
    def table(self, n, i):
        """Points x = π_i e^y of the lattice (i = −1: e^y) with f_n = xⁿe^{−x}/n!, and its means at nodes (2)."""
        if n:
            pairs = [(x, x * y / n) for x, y in self.table(n - 1, i)[0]]
        else:
            weighted = (x * [*self.weights, 1][i] for x in self.lattice)
            pairs = [(x, (-x).exp()) for x in takewhile(lambda x: not x > self.far, weighted)]
        values, sums = [y for _, y in pairs], arb_poly([])
        for phase, kernel in enumerate(self.kernels):
            sums += (arb_poly(values[phase :: self.stride]) * kernel).right_shift(kernel.degree())
        return pairs, [sums[t] + self.errors[n] for t in range(self.count)]

    @remembered
    def cumulants(self, n):
        """κ_0, …, κ_n of classes under the tilted measure of each node: log Σ D_i t^i/i! = Σ κ_i t^i/i!."""
        tables = ([self.table(m, i)[1] for m in range(n + 1)] for i in range(len(self.weights)))
        found = [[arb_series([x[t] for x in each], n + 1).log() for t in self.kept] for each in tables]
        return [math.factorial(m) * arb_mat([[x[m] for x in row] for row in found]) for m in range(n + 1)]

    @remembered
    def transforms(self, f):
        """For each class Σ e^{2πi fj/k} over its components; all of them sum to 0."""
        if not f:
            return arb_mat([[len(each) for each in self.members]])
        few = [sum(acb(fmpq(2 * f * j, self.k)).exp_pi_i() for j in each) for each in self.members[:-1]]
        # Of one component against all others only the modulus matters, as frequencies add up to 0.
        flat = self.k - len(self.members[-1]) <= 1
        return arb_mat([[1, -1]][: len(few)] or [[0]]) if flat else acb_mat([[*few, -sum(few)]])

    @remembered
    def row(self, n, f):
        """The joint cumulants of Σ ξ_j e^{2πi fj/k} at every node: those of independent ξ_j add up."""
        return (self.transforms(f) * self.cumulants(n + n % 2)[n]).entries()

    @remembered
    def joint(self, *fs):
        """P times joint moments at the nodes: cumulants of blocks with the first factor times moments of others."""
        if not fs:
            return [self.product[i] for i in self.kept]
        (first, *others), found = fs, [arb(0)] * len(self.kept)
        for chosen in product((True, False), repeat=len(others)):
            block, rest = [first, *compress(others, chosen)], compress(others, map(operator.not_, chosen))
            pairs = zip(self.row(len(block), sum(block) % self.k), self.joint(*rest), strict=True)
            found = [x + a * b for x, (a, b) in zip(found, pairs, strict=True)]
        return found

    @remembered
    def mean(self, *fs):
        """The real part of the mean of the product of γ̂_f over the frequencies, with the errors of section 4."""
        if self.v == 0:  # Of the products of π̂_f.
            column = arb_mat([[weight] for weight in self.weights])
            return acb(math.prod((self.transforms(f % self.k) * column)[0, 0] for f in fs)).real
        if self.k == 2:
            odd = sum(f % 2 for f in fs)
            return tensor_rule(*self.rule, odd) if odd else arb(1)
        grid = 2 / arb(ANGLE).cos() ** len(fs) * self.grid
        sums = (sum(self.joint(*each), arb(0)) for each in ([f % self.k for f in fs], [0] * len(fs)))
        found, ones = (acb(x).real * self.h / math.factorial(len(fs) - 1) for x in sums)
        # What the nodes left out may miss: all of them together sum to at most 1 + grid.
        return found + arb(0, (grid + (1 + grid - ones).abs_upper()).abs_upper())

    @remembered
    def named(self, name, m=0, n=0):
        """β_m = E|γ̂_m|² ("b"), the coupling t_mn of section 4 ("t"), or B = 2KL/v ("B")."""
        if name == "b":
            return self.mean(m, -m)
        if name == "t":
            cubic = self.mean(m, n, -m - n) + self.mean(m, -n, n - m)
            return self.mean(m + n, -m - n) + self.mean(m - n, n - m) - 4 * cubic + 6 * self.mean(m, -m, n, -n)
        if self.k == 2:
            return 1 - 2 * tensor_rule(*self.rule) / self.v
        # ∫ (E exp(−e^u T) − P) du, T = e^{sZ}: discretisation, and both tails (section 5).
        error = 4 * (self.s2 * 2 * arb(2 * self.k).log()).sqrt() / arb(ANGLE).cos() * self.grid
        for end, powers in zip(
            self.ends, (range(1, 3), (arb(self.ends[1] / self.s2).mid(), *range(1, self.goal + 9))), strict=True
        ):
            tails = (arb(p + 1).gamma() * (p * p * self.s2 / 2 - p * end).exp() / (p * self.h).expm1() for p in powers)
            error += self.h * min(tails, key=float)
        integral = self.h * (sum(self.table(0, -1)[1]) - sum(self.product))
        return 2 / arb(self.v) * (self.s2 * (self.k - 1) / self.k / 2 - integral - arb(0, error.abs_upper()))


class Tile:
    """Polynomials around means on a tile of the log-ratio of two weights (or at fixed ones) and of log v (8 and 13)."""

    def __init__(self, k, classes, axes, goal, couplings):
        self.known, self.bits, self.loss, self.error, self.matrices, nodes = {}, ctx.prec, arb(1), arb(0), [], []
        # Means are at most M = m (cos a)^(−q/2) for imaginary parts up to `factor` times an angle a (section 13).
        bounds = ((16, 8, 2), (3, k - 1, 1)) if couplings else ((1, 4, 2), (1, k - 1, 1))
        for (middle, width, varies), (most, q, factor) in zip(axes, bounds, strict=True):
            # The error of interpolation in n Chebyshev points is 4Mρ^{1−n}/(ρ − 1).
            angle, n = arb(math.atan(2 * math.sqrt(goal / q))), 1
            rho, size = (factor * angle / width).asinh().exp(), 4 * most * angle.cos() ** (-arb(q) / 2)
            if varies:
                n += math.ceil(float(((size / (rho - 1)).log() + goal - 1) / rho.log()))
                self.error += size * rho ** (1 - n) / (rho - 1)
            require(n < 90, "domains on which interpolation takes too many nodes", UNDECIDED)
            angles = [arb(2 * j + 1) / (2 * n) for j in range(n)]
            nodes.append([(middle + width * x.cos_pi()).exp() if varies else arb(middle) for x in angles])
            # From values to coefficients of Chebyshev's polynomials, (2 − δ_m0)/n Σ_j f_j T_m(x_j), and of powers.
            values = arb_mat([[(m * x).cos_pi() * (2 - (not m)) / n for x in angles] for m in range(n)])
            self.matrices.append(arb_mat([[fmpz_poly.chebyshev_t(m)[i] for m in range(n)] for i in range(n)]) * values)
            self.loss *= 1 + 2 / arb.pi() * arb(n).log()  # Lebesgue's constant
        self.points, goal = [], goal - 1 if couplings else goal - 4
        for ratio in nodes[0]:
            first = 1 / (len(classes[0][1]) + len(classes[-1][1]) * ratio)
            varied = [(first * x, members) for x, (_, members) in zip((1, ratio), classes, strict=False)]
            self.points.append([Posterior(k, varied if axes[0][2] else classes, v, goal) for v in nodes[1]])

    @remembered
    def model(self, *name):
        """Return the coefficients of x^i y^j, as rows, and the error of a mean."""
        found = arb_mat([[point.named(*name) for point in row] for row in self.points])
        error = self.loss * (self.error + reduce(arb.max, [z.rad() for z in found.entries()]))
        return (self.matrices[0] * found.mid() * self.matrices[1].transpose()).tolist(), arb(0, error.abs_upper())

    def value(self, name, x, y):
        """Return a mean at the centres of coordinates, on their ranges, and slopes in x on both, in y at x's centre."""
        rows, error = self.model(*name)
        # Both centres are moved before wide balls are put in, or large coefficients of high powers would not cancel.
        for centre, _ in (y, x):
            moved = [arb_poly(row)(arb_poly([centre, 1])) for row in rows]
            rows = [[each[i] for each in moved] for i in range(len(rows[0]))]
        h, j = x[1] - x[0], y[1] - y[0]
        wide, first = arb_poly([arb_poly(row)(j) for row in rows]), arb_poly(rows[0])
        return rows[0][0] + error, wide(h) + error, wide.derivative()(h), first.derivative()(j)


posterior, tile = lru_cache(maxsize=256)(Posterior), lru_cache(maxsize=8)(Tile)


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
FUNCTIONS = {*MAPS, "min", "max"}
OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv}
COMPARE = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
HOLDS = {"<": {-1}, "<=": FALLING, ">": {1}, ">=": RISING, "==": {0}, "!=": {-1, 1}, "": ANY}
DIFFERENCE_SETS = {7: {1, 2, 4}, 11: {1, 3, 4, 5, 9}, 13: {0, 1, 3, 9}}


@lru_cache(maxsize=4096)
def parse(text):
    """Return the text on one line and its tree."""
    text = "(" + re.sub(r"\s", " ", text) + ")"
    require(text.isascii() and len(text) < 2003, f"claim: {text[:40]!r} is not a statement")
    return text, ast.parse(text, mode="eval").body


class Case:
    """One k of a claim, with what a cell records of quantities (key to ends and place), and the domain, for its tiles."""

    def __init__(self, claim, k):
        self.k, self.d, self.recorded, self.whole = k, claim.get("d", k - 1), {}, {}
        self.couplings = bool(re.search("hessian|convexity", claim.get("statement", "hessian")))
        self.radius = number(claim["radius"]) if "radius" in claim else None
        self.amplitudes = [number(each) for each in claim.get("amplitudes", ())]
        point = min([self.radius or 0, *self.amplitudes]) >= 0 and len(self.amplitudes) in (0, k // 2)
        require(k <= 100_000, "more than 100,000 components", UNDECIDED)
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
            weights = [f"({p})/{len(special)}" if j in special else f"(1-({p}))/{k - len(special)}" for j in range(k)]
        self.groups = {}
        for j, text in enumerate(weights):
            self.groups.setdefault(text, []).append(j)
        words = {x.id for text in self.groups for x in ast.walk(parse(text.strip())[1]) if isinstance(x, ast.Name)}
        self.variables = words - {"k", "d", "pi", *FUNCTIONS}
        require(self.variables <= {*claim.get("for_all", ())} - {"radius"}, "weights in other variables", "not covered")
        # All quantities, also those that are not known here, have an underscore in their names.
        named = all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,30}", name) for name in self.variables)
        require(named, "claim: a variable has the name of something else, or none")
        self.key = k, self.d, self.radius, str(self.groups)


@lru_cache(maxsize=64)
def hull(case, *domain):
    """The logarithms of the ratio of weights and of r² at the ends of a domain, with radii from 1/10 on."""
    ends = dict(domain)
    radii = [8 * ONE if end == INFINITY else max(end, ONE / 10) for end in ends.pop("radius", (ONE, ONE))]
    corners = [Place(case, {name: (each[i],) * 2 for name, each in ends.items()}, 7) for i in (0, 1)]
    ratios = (float(x.range(x.classes()[-1][0] / x.classes()[0][0]).log().mid()) for x in corners)
    return sorted(ratios), [2 * math.log(radius) for radius in radii]


@lru_cache(maxsize=256)
def kept(*_):
    """A list that is kept from one certificate to the next, for whatever names it."""
    return []


class Place(Box):
    """A box of a case, on which variables and quantities have values; a box may be a point."""

    def __init__(self, case, box, goal, *, near=False):
        require(all(low <= high for low, high in box.values()), "a box without points")
        super().__init__(box, near)
        self.case, self.k, self.goal, self.known, self.bits = case, case.k, goal, {}, ctx.prec
        case.whole = box | case.whole
        self.names |= {"k": self.form(case.k), "d": self.form(case.d)}
        if case.radius is not None and "radius" not in box:
            self.names["radius"] = self.form(case.radius)

    def evaluate(self, text, node):
        """Return the value of an expression; nothing else is read."""
        source = text[node.col_offset : node.end_col_offset]
        match node:
            case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
                return self.form(number(source))
            case ast.Name("radius"):
                return self.radius
            case ast.Name("pi"):
                return self.generator(("pi",), arb.pi(), closed=True)
            case ast.Name(name) if name in self.names:
                return self.names[name]
            case ast.Name(name) if name in ARGUMENTS:
                return self.quantity(name, {})
            case ast.Call(ast.Name(name), [], words) if name in ARGUMENTS:
                return self.quantity(name, {word.arg: constant(self.evaluate(text, word.value)) for word in words})
            case ast.Call(ast.Name("min" | "max" as name), [_, _, *_] as parts, []):
                return self.least([self.evaluate(text, part) for part in parts], 1 if name == "min" else -1)
            case ast.Call(ast.Name(name), [part], []) if name in MAPS:
                return self.apply(name, self.evaluate(text, part))
            case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, part):
                return self.evaluate(text, part) * (-1 if isinstance(sign, ast.USub) else 1)
            case ast.BinOp(left, ast.Pow(), right):
                base, exponent = self.evaluate(text, left), self.evaluate(text, right)
                n, whole = constant(exponent), constant(exponent) is not None and constant(exponent).q == 1
                return base ** int(n) if whole else self.apply("exp", self.apply("log", base) * exponent)
            case ast.BinOp(left, op, right):
                return OPERATORS[type(op).__name__](self.evaluate(text, left), self.evaluate(text, right))
        require(not re.match("[a-z]+_[a-z_]+", source), f"the quantity {re.split('[^a-z_]', source)[0]}", "not covered")
        raise OutcomeError("rejected", f"claim: {source[:40]!r} is not part of a statement")

    @property
    def radius(self):
        """The radius r."""
        require("radius" in self.names or not self.case.amplitudes, "points off the simplex", "not covered")
        require("radius" in self.names, "claim: it needs a radius")
        return self.names["radius"]

    def middle(self):
        """The centre of the box, as a box."""
        ends = ((n, (2 * low if high == INFINITY else (low + high) / 2)) for n, (low, high) in self.box.items())
        return {name: (x, x) for name, x in ends}

    @property
    def v(self):
        """r²."""
        return self.radius**2

    def away(self):
        """Whether radius 0, where ratios of what vanishes there have no value, is not in the box."""
        return constant(self.v) != 0 and self.box.get("radius", (ONE, ONE))[0] > 0

    @remembered
    def classes(self):
        """Pairs of a weight and the components that have it."""
        found = {}
        for text, members in self.case.groups.items():
            weight = self.evaluate(*parse(text.strip()))
            found.setdefault(text if constant(weight) is None else constant(weight), (weight, []))[1].extend(members)
        return sorted(found.values(), key=lambda each: len(each[1]))

    @remembered
    def fixed(self):
        """The classes with rational weights, or None."""
        found = tuple((constant(weight), tuple(members)) for weight, members in self.classes())
        return None if any(weight is None for weight, _ in found) else found

    def flat(self):
        """Whether one weight at most differs from the others: then frequencies are alike."""
        return self.k - len(self.classes()[-1][1]) <= 1

    @remembered
    def square(self, m):
        """|π̂_m|² = Σ_jl π_j π_l cos(2π(j − l)m/k), which is a polynomial in 2cos(2π/k)."""
        k, classes = self.k, self.classes()
        if self.flat():
            return (classes[0][0] - classes[-1][0]) ** 2
        require(self.fixed() and k <= 64, "so many weights, or such that vary", "not covered")
        weights, found = [q for _, q in sorted((j, q) for q, members in self.fixed() for j in members)], fmpq_poly([])
        for i, x in enumerate((fmpq_poly(weights) * fmpq_poly(weights[::-1])).coeffs()):
            found += x * fmpz_poly.chebyshev_t(min((i - k + 1) * m % k, (k - i - 1) * m % k))(fmpq_poly([0, HALF]))
        found %= fmpq_poly(fmpz_poly.cos_minpoly(k))
        ball = arb_poly(found)(2 * arb.cos_pi_fmpq(fmpq(2, k)))
        return self.generator(("square", str(found)), ball, closed=True) if found.degree() > 0 else self.form(found[0])

    def shares(self):
        """The share of each frequency in r², where none is like another."""
        return {1: ONE} if self.flat() else self.case.shares

    def gap(self, frequencies=None):
        """The least |π̂_m|² at frequencies, or at all."""
        return self.least([self.square(m) for m in frequencies or self.shares()])

    def power(self, m):
        """β_m."""
        return self.mean("b", 1 if self.flat() else min(m, self.k - m))

    @remembered
    def mean(self, *name):
        """β_m ("b"), t_mn ("t"), B = 2KL/v or far out λ_min(∇²ℓ) ("h")."""
        k, v = self.k, self.v
        if self.edge < 0:
            # 1 − f ≤ c/s by pairs, or as densities are log-concave (sections 9 and 13; E max ≤ √(2 log k)).
            require(name[0] != "t", "couplings far out", "not covered")
            s2 = arb(self.box["radius"][0]) ** 2 * k / (k - 1)
            logs = [self.range(weight).log() for weight, members in self.classes() for _ in members]
            around = 1 + sum(((x - sum(logs) / k) ** 2 for x in logs), arb(0)) / s2 if name[0] == "h" else 1
            pairs, concave = k * k / (2 * arb.pi().sqrt()), 2 * (2 * arb(k).log()).sqrt() * around
            bound = (concave if concave < pairs else pairs) * (1 + (name[0] == "B")) * (1 - arb(1) / k).sqrt()
            return self.generator(name, up_to(bound)) * self.small * -1 + 1
        if constant(v) != 0 and not self.edge:
            point = self.fixed() and constant(v) is not None
            found = posterior(k, self.fixed(), constant(v), self.goal).named(*name) if point else self.modelled(*name)
            return self.generator(name, found)
        if name[0] == "t":
            return self.generator(name, self.coupling(*name[1:]))
        shares = {name[1]: ONE} if name[0] == "b" else self.shares()
        found = sum((self.square(m) * share for m, share in shares.items()), self.form(0))
        if not self.edge:
            return found
        # ∂β_m/∂ρ_l² = t_ml/2, where all t_ml with l ≠ m are alike if frequencies are; ∂B/∂v is the mean of y ∂β(yv)/∂v,
        # 0 ≤ y ≤ 1: half a mean of such slopes.
        w, parts = self.case.shares[1], 2 if name[0] == "b" else 4
        others = {1: w, 2: 1 - w} if self.flat() and k > 3 else self.case.shares
        slope = sum(self.coupling(m, n) * (p * q / parts) for m, p in shares.items() for n, q in others.items())
        return self.generator(("slope", *name), slope) * v + found

    @remembered
    def coupling(self, m, n):
        """A ball around t_mn at radius 0, and near it (section 12)."""
        weights = self.fixed() or [(self.range(weight), tuple(members)) for weight, members in self.classes()]
        prior = Posterior(self.k, weights, 0, self.goal).named("t", m, n)
        return prior + 37 * arb(self.box["radius"][1]) ** 2 * UNIT if self.edge else prior

    @remembered
    def position(self):
        """A tile of the log-ratio of weights and of log v, and jets of both coordinates in it; tiles overlap by a tenth."""
        classes, axes, places = self.classes(), [], []
        require(self.fixed() or len(classes) == 2, "weights with more than one ratio that varies", "not covered")
        # Few parts, near each other, need more digits than the first.
        sizes = (5.0, min(6.0, 12 / math.sqrt(self.k))) if self.goal < GOALS[1] else (1.0, 1.0)
        forms, ends = (classes[-1][0] / classes[0][0], self.v), hull(self.case, *self.case.whole.items())
        for form, (low, high), most in zip(forms, ends, sizes, strict=True):
            c, x, slopes = self.jet(self.apply("log", form))
            varies, size = constant(form) is None, max(high - low, 0.2)
            pitch = size / math.ceil(size / most)
            middle = low + (math.floor((float(c) - low) / pitch) + 0.5) * pitch if varies else c
            width = 0.55 * pitch if varies else 1
            if not abs(x - middle) <= width:
                raise MoreError(self.widest(form))
            axes.append((middle if varies else constant(form), width, varies))
            places.append(((c - middle) / width, (x - middle) / width, [each / width for each in slopes]))
        members = self.fixed() or tuple((None, tuple(each)) for _, each in classes)
        return tile(self.k, members, tuple(axes), self.goal + 6, self.case.couplings), places

    def modelled(self, *name):
        """The jet of a mean, by its model on a tile."""
        model, ((*x, slopes), (*y, others)) = self.position()
        centre, ball, *factors = model.value(name, x, y)
        return jet(centre, ball, [factors[0] * a + factors[1] * b for a, b in zip(slopes, others, strict=True)])

    def widest(self, form):
        """The variable that matters most to a form; None if what matters are errors of the means."""
        require(self.edge >= 0 or self.box["radius"][0] < 1000, "what large radii leave open", UNDECIDED)
        centre, _, slopes = self.polynomial_jet(self.without(form.top)[0])
        sizes = [float(x.abs_upper()) for x in slopes]
        largest = max((x if x < math.inf else math.inf for x in sizes), default=0)
        if not largest < (1 if self.edge else 0.5) * centre.rad():
            return self.free[[not x < largest for x in sizes].index(True)] if sizes else None
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
            return self.power(m) if name == "posterior_power" else self.apply("sqrt", self.square(min(m, k - m)))
        if name in SEARCHES:
            require(not self.free, f"{name} on intervals", "not covered")
            key = name, *arguments
            require(key != ("pl_constant", 0), "claim: an infimum over nothing")
            known = kept(*key, *case.recorded.get(key, ()), case.key, *self.box.items(), self.goal)
            known += [] if known else [SEARCHES[name](self, *key)]
            found = self.generator(key, known[0])
            self.searched |= set() if name in THEOREM else self.used(found.top)
            said = name not in THEOREM or self.range(found).is_finite()
            require(said, "bounds where the finite-sample theorem says nothing", "not covered")
            return found
        match name:
            case "spectral_gap":
                return self.gap()
            case "contraction_factor":
                return self.form(1) - self.gap()
            case "asymptotic_rate" if any(case.amplitudes or [self.away()]):
                return self.form(1) - self.gap([m for m, a in enumerate(case.amplitudes, 1) if a])
            case "sublinear_constant" if len(self.classes()) == 1:
                return self.form(fmpq(k - 1, 16))
            case "lloyd_radius":
                return self.generator((name,), lloyd_radius(k, self.goal), closed=k <= 5)
            case "contraction_bound":
                return self.form(1) - self.gap() * self.generator((name, *arguments), best_factor(k - 1, arguments[0]))
            case "kl_divergence" | "log_partition" if any(case.amplitudes):
                require(self.fixed(), "points off the simplex for weights that vary", "not covered")
                weights, rows = {j: w for w, members in self.fixed() for j in members}, []
                for m, a in ((m, a) for m, a in enumerate(case.amplitudes, 1) if a):
                    turns = [arb.sin_cos_pi_fmpq(fmpq(2 * m * j, k)) for j in range(k)]
                    rows += [[a * each[i] for each in turns] for i in ((1,) if 2 * m == k else (0, 1))]
                found = self.generator(
                    ("log_partition",), tensor_rule([weights[j] for j in range(k)], rows, self.goal + 6)
                )
                half = self.form(sum(a * a for a in case.amplitudes) / 2)
                return found if name == "log_partition" else half - found
            case "kl_divergence":
                return self.v * self.mean("B") / 2
            case "log_partition":
                return self.v / 2 - self.quantity("kl_divergence", {})
            case "hessian_min_eigenvalue":
                return self.gap() if constant(self.v) == 0 else self.hessian(self.v)
            case "pl_ratio" if self.away():
                return pl_ratio(self)
        raise OutcomeError("rejected", f"claim: {name} has no value here")

    def hessian(self, v):
        """The least of the tangential β_m, 2m < k, and of (δ_mn β_m + ρ_m ρ_n t_mn), ρ_m² = v dim_m/(k − 1) (section 6)."""
        k, count, shares = self.k, (self.k - 1) // 2, self.case.shares
        if self.edge < 0:
            return self.mean("h")

        def entry(m, n, t=None, factor=1):
            root = self.apply("sqrt", self.form(shares[m] * shares[n] * factor))
            t = v * root * (t or self.mean("t", m, n))
            return self.power(m) + t if m == n else t

        tangential, alike = [self.power(m) for m in shares if 2 * m < k], self.flat() and count > 1
        require(k <= 5 or alike, "Hessians of such weights of more than five components", "not covered")
        matrix = [] if alike else [entry(m, n) for n in shares for m in shares if m <= n]
        if alike:
            # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
            same, other = self.mean("t", 1, 1), self.mean("t", 1, 2)
            tangential = [self.power(1), entry(1, 1, same - other)]
            matrix = [entry(1, 1, same + other * (count - 1))]
            matrix += [entry(1, k // 2, other, count), entry(k // 2, k // 2)] if k % 2 == 0 else []
        if self.edge and len(matrix) > 1:  # It is within 9v/2 of what it is at the origin (section 12).
            return self.gap() + self.generator(("eigenvalue",), UNIT * 9 / 2) * v
        return self.least([*tangential, matrix[0] if len(matrix) == 1 else self.smallest_eigenvalue(*matrix)])

    def smallest_eigenvalue(self, a, b, d):
        """Of a symmetric matrix: (a + d)/2 − √(x² + y²), x = (a − d)/2, y = b; that root's slopes are at most 1 anywhere."""
        (p, x, s), (q, y, t) = self.jet((a - d) / 2), self.jet(b)
        at, norm = ((u * u + w * w).nonnegative_part().sqrt() for u, w in ((p, q), (x, y)))
        one, two = (z / norm if norm > 0 else UNIT for z in (x, y))
        root = jet(at, norm, [one * u + two * w for u, w in zip(s, t, strict=True)])
        return (a + d) / 2 - self.generator(("root", str(a.top)), root)


# 4. What searches have found: what is recorded, relaxed, is shown; and the finite-sample theorem


def lloyd_radius(k, goal):
    """√(k/(k−1)) E max(Z_1..Z_k), by Arb's integral of kzφΦ^(k−1), z = u√2, and the tails kφ (section 7)."""
    end = math.ceil(math.sqrt(goal + math.log(k) + 4))
    inside = acb.integral(lambda u, _: 2 * k * u * (-u * u).exp() * ((-u).erfc() / 2) ** (k - 1), -end, end).real
    return (inside + 2 * k * arb(-end * end).exp() * UNIT) * (arb(k) / (k - 1) / (2 * arb.pi())).sqrt()


def increasing_root(function, high):
    """Return a ball around the root of an increasing function between 0 and what is no less than the root."""
    low, high = arb(0), arb(high)
    for _ in range(2 * ctx.prec):
        middle = ((low + high) / 2).mid()
        value = function(middle)
        low, high = middle if value < 0 else low, middle if value > 0 else high
    return low.union(high)


def best_factor(dimension, radius):
    """The largest ((1+2α)/(1+α)²)^{D/2} exp(−r²/((1+α)(1+2α))): where Dα(1 + α)(1 + 2α)/(3 + 4α), ≥ Dα/3, is r²."""
    d, square = arb(dimension), arb(radius) ** 2
    a = increasing_root(lambda a: d * a * (1 + a) * (1 + 2 * a) / (3 + 4 * a) - square, 3 * square / d)
    return (((1 + 2 * a) / (1 + a) ** 2).log() * d / 2 - square / ((1 + a) * (1 + 2 * a))).exp()


def pl_ratio(place):
    """½‖∇ℓ‖²/KL = Σ w_m β_m²/B."""
    return sum(place.power(m) ** 2 * share for m, share in place.shares().items()) / place.mean("B")


def positive(x):
    """Whether a ball is positive; more digits are asked for where it does not tell."""
    if not (x > 0 or x < 0):
        raise MoreError(None)
    return x > 0


CURVES = {
    "strong_convexity_radius": lambda x, fraction: x.quantity("hessian_min_eigenvalue", {}) - x.gap() * fraction,
    "pl_constant": lambda x, _: pl_ratio(x),
    "worst_contraction_factor": lambda x, _: x.least(map(x.power, x.shares())) * -1 + 1,
}
"""What is positive up to a radius but not just beyond it, or has an infimum or a supremum on a ball."""


def search(place, name, argument):
    """What is recorded of a curve: both ends, moved apart by what the digits allow, are shown to be bounds."""
    (lower, upper, at), slack = place.case.recorded[name, argument], fmpq(1, 2 ** (place.goal + 10))
    require(0 <= lower <= upper, f"{name} is recorded without an enclosure")
    low, high = lower if lower == INFINITY else lower * (1 - slack), upper * (1 + slack)
    if name == "worst_contraction_factor":  # Of one near 1 its distance from 1 matters.
        low, high = lower - abs(1 - lower) * slack, upper + (abs(1 - upper) or 1) * slack
    at = min(abs(at or 0), argument)  # Every place in the ball will do.
    shown = {
        "strong_convexity_radius": [(">", 0, low, 0), ("<", high, high, 0)][: 2 if low < INFINITY else 1],
        "pl_constant": [(">=", 0, argument, low), ("<=", at, at, high)],
        "worst_contraction_factor": [("<=", 0, argument, high), (">=", at, at, low)],
    }
    for sign, start, end, bound in shown[name]:
        box = place.box | {"radius": (fmpq(start), fmpq(end))}
        prove(place.case, [sign], box, lambda x, bound=bound: [CURVES[name](x, argument), bound])
    return arb(low).union(arb(high)) if low < INFINITY else arb.pos_inf()


def iterations_to_kl(place, name, eps):
    """Steps r ← (1 − β)r of EM until KL ≤ eps, if they are as recorded: KL falls at each step."""
    case, steps = place.case, place.case.recorded[name, eps][0]
    require(len(place.shares()) == 1, "trajectories that leave the regular simplex", "not covered")
    require(steps.q == 1 and 0 <= steps <= 5000, "iterations_to_kl is recorded as no number of at most 5000")
    case.whole = {"radius": (fmpq(0), constant(place.radius))} | case.whole
    places = place.known.setdefault("trajectory", [place])
    while len(places) <= steps:
        r = places[-1].range(places[-1].radius * (places[-1].power(1) * -1 + 1))
        require(positive(r), "a radius is not positive")
        box = place.box | {"radius": (r.lower().fmpq(), r.upper().fmpq())}
        places.append(Place(case, box, place.goal, near=r * 2 ** (place.goal // 3 + 2) < 1))
    # KL before the last step, if there is one, and after it.
    *before, after = (x.range(x.quantity("kl_divergence", {})) for x in places[: int(steps) + 1][-2:])
    require(positive(eps - after) and all(positive(x - eps) for x in before), "iterations_to_kl is not as recorded")
    return arb(steps)


GRAIN = 2**40
"""Radii of shells are multiples of one over this."""


@lru_cache(maxsize=8192)
def shell(weights, outer):
    """The inner radius of the shell below one, and for each vertex of its cells their number and the rate (section 16)."""
    k, d, far = len(weights), len(weights) - 1, outer
    least = sum(w * w for w in weights) - sum(x * y for x, y in combinations(weights, 2)) * 2 / d
    about = least + (1 - least) * outer**2 / (outer**2 + k)
    far, inner = outer * (1 + about / 16), fmpq((outer / (1 + about / 16) * GRAIN).floor(), GRAIN)
    count = max(6, int((fmpq(22, 7) / (fmpq(3, 10) * about / 16)).ceil())) if d > 1 else 2
    cosine, slope = arb(fmpq(1, count)).cos_pi(), arb(fmpq(1, count)).tan_pi()
    corners = [(x, side * slope * x) for x in (inner * cosine, arb(outer)) for side in (-1, 1)]
    vertices = corners if d > 1 else [(arb(inner),), (arb(outer),)]
    # Of the strip and the step the error below is that of whatever is chosen.
    goal, size = 10 - math.log(about * outer**2 / 4), min(1.2 * float(outer), 1.5 if d == 1 else 1.0)
    tried = []
    for angle in range(2, 15):
        v = min(angle / 10 / float(far), math.sqrt(2 * goal))
        c = size / math.cos(v * float(far))
        tried.append((2 * math.pi * v / (goal + v * v / 2 + c * v + d * (math.log(2) + c * c / 2)), v))
    (h, v), square = max(tried), 2 * goal + d
    for _ in range(8):
        square = 2 * goal + d * (1 + math.log(square / d)) + 2 * size * math.sqrt(square)
    reach, turns = math.sqrt(square), [(arb(fmpq(2 * j, k)).cos_pi(), arb(fmpq(2 * j, k)).sin_pi()) for j in range(k)]
    powers = [[(part * far * h).exp() for part in turn[:d]] for turn in turns]
    ends, nodes = range(-int(reach / h) - 1, int(reach / h) + 2), []
    for x, y, *_ in (
        (*node, 0) for node in product(ends, repeat=d) if sum(i * i for i in node) * h * h < square + 1e-6
    ):
        terms = [
            w * math.prod(p**i for p, i in zip(each, (x, y), strict=False))
            for w, each in zip(weights, powers, strict=True)
        ]
        whole = sum(terms) / h
        step = [sum(t * (c * x + s * y) for t, (c, s) in zip(terms, turns, strict=True)) / whole]
        step += [sum(t * (c * y - s * x) for t, (c, s) in zip(terms, turns, strict=True)) / whole]
        nodes.append(((-(arb(h) ** 2) * (x * x + y * y) / 2).exp() * (h / (2 * arb.pi()).sqrt()) ** d, step))
    rates = []
    for vertex in vertices:
        away = [g - part for g, part in zip((arb(far), arb(0)), vertex, strict=False)]
        height, length = sum(map(operator.mul, vertex, away)), sum(x * x for x in away).sqrt()
        values = [(mass, sum(map(operator.mul, step, away))) for mass, step in nodes]
        floats, t = [(float(mass), float(value)) for mass, value in values], 0.0
        for _ in range(5):
            moments = [sum(m * x**i * math.exp(t * x) for m, x in floats) for i in range(3)]
            mean = moments[1] / moments[0]
            t = min(max(t + (float(height) - mean) / (moments[2] / moments[0] - mean**2), 0), size / float(length))
        size_here = t * length
        c = size_here / (arb(v) * far).cos()
        error = ((d - arb(square)) / 2 + size_here * reach).exp() * (arb(square) / d) ** (arb(d) / 2)
        edge = (2 * (c * c / 2).exp()) ** d * (c * v + arb(v) ** 2 / 2).exp()
        error += 2 * d * edge / (2 * arb.pi() * v / h).expm1()
        require(square - d >= size_here * reach, "an exponential moment beyond its nodes")
        total = sum(mass * (t * value).exp() for mass, value in values) + error * (1 + arb(h) / 2) ** d
        rates.append((count, arb.max(arb(0), (t * height - total.log()).lower())))
    return inner, rates


def share_of(rates, n):
    """A bound on the probability of a fixed point of EM on n points in a shell."""
    return sum(count * (-n * rate).exp() for count, rate in rates)


def shells(weights, n):
    """Inner radii of shells, and bounds on the probability of a fixed point beyond."""
    d = len(weights) - 1
    outer, total = fmpq(math.isqrt(2 * d * GRAIN**2) + 1, GRAIN), (-n * d * (1 - arb(2).log()) / 2).exp()
    for _ in range(3000):
        outer, rates = shell(weights, outer)
        total += share_of(rates, n)
        yield outer, total
        if outer < fmpq(1, 1000):
            return


def promises(weights, n, radius, share):
    """Whether the shell below a radius alone leaves it open that all beyond have at most so large a probability."""
    if not weights or not positive(radius - fmpq(1, 1000)):
        return False
    at = fmpq((radius * GRAIN).lower().floor().unique_fmpz(), GRAIN)
    top = fmpq(math.isqrt(2 * (len(weights) - 1) * GRAIN**2) + 1, GRAIN)
    return positive(share - share_of(shell(weights, min(at, top))[1], n))


def excluded(weights, n, share):
    """The least radius such that no fixed point is beyond it but with the probability given, or None."""
    found = list(takewhile(lambda each: positive(share - each[1]), shells(weights, n)))
    return found[-1][0] if found else None


def reached(weights, n, radius, share):
    """Whether it is shown that no fixed point is beyond a radius but with the probability given."""
    if not promises(weights, n, radius, share):
        return False
    allowed = takewhile(lambda each: positive(share - each[1]), shells(weights, n))
    return any(not positive(inner - radius) for inner, _ in allowed)


def sample_theorem(place, name, n, delta, radius):
    """Section 16: bounds on ‖θ̂‖ and KL, the steps (all infinite where it says nothing), the bound on ‖M_n − M‖."""
    d, n, delta, rho, half = map(arb, (place.k - 1, n, delta, radius, fmpq(place.case.d, 2)))
    gap, best, counted, weights = place.range(place.gap()), [arb.pos_inf()] * 2, [arb.pos_inf()] * 2, ()
    if place.k <= 4 and name in THEOREM[:2]:
        require(
            place.k < 4 and place.fixed(), "what shells say of four components, or of weights that vary", "not covered"
        )
        weights = tuple(q for _, q in sorted((j, q) for q, members in place.fixed() for j in members))
    largest = reduce(arb.max, (place.range(place.square(m)) for m in place.shares()), arb(2 * half > d))
    # P(χ²_d > q) = 3δ/4, and P(χ²_d > q) is less than 2^(d/2) exp(−q/4) for all q.
    q = increasing_root(lambda q: delta * 3 / 4 - (q / 2).gamma_upper(half, 1), 2000 * half - 100 * delta.log())
    x, sigma, lost = (q / n).sqrt(), gap.sqrt(), 1 - gap
    most = (1 + (d / n).sqrt() + (2 * (20 / delta).log() / n).sqrt()) ** 2
    third = 2 * lost * (10 * d * (d + 2) * (d + 4) / (n * delta)).sqrt()

    def operator_error(step, part):
        count = d * (41 * (1 + 2 * rho / step)).log() - (part * delta).log()
        square = count / (2 * d * n)
        error = (count / n - d * (1 - 2 * square).log()) / square.sqrt() * 20 / 19 + step * d * (most + 1)
        return error if positive(fmpq(49, 100) - square) else arb.pos_inf()

    for divisor in (5, 7, 10, 14, 20):
        square = gap / (divisor * (d + 2))
        ball, u, w = square.sqrt(), 1 - 16 * square / 3, 1 - 32 * square / 3
        variance = d * (d + 2) * (w ** (-d / 2 - 2) - 2 * u ** (-d / 2 - 2) + 1)
        growth = (u ** (-d / 2 - 1) - 1 + (20 * variance / (n * delta)).sqrt()) / square
        margin = arb_poly([0, 1 - lost * most, -third / 2, -lost * growth / 3])
        slope, start, first = margin.derivative()(ball), rho, arb(0)
        if not positive(slope) or not positive(margin(ball) - largest.sqrt() * x):
            continue
        if not positive(ball - start):
            decrease = best_factor(place.k - 1, radius) * gap
            first, start = ((ball - x) / (10 * start)).log() / (1 - decrease).log(), ball
            known = positive(decrease * (ball - x) * 9 / 10 - operator_error(decrease * ball / (20 * d), fmpq(1, 20)))
            if not (known or reached(weights, n, ball - x, delta / 20)):
                continue
        r = increasing_root(margin - sigma * x, ball)
        if positive(best[0] - r):
            best = r, (sigma * r) ** 2 / 2 + 2 * sigma * r**3 / 3 + r**4 / 4
        if positive(counted[0] - r):  # Where shells are asked for, the number of steps is not.
            second = (sigma * r / (start + r)).log() / (1 - slope).log()
            counted = r, first.ceil() + arb.max(second.ceil(), arb(1))
    share = delta / (2 if half * 2 > d else 1)
    if weights and (not best[0].is_finite() or promises(weights, n, best[0], share)):
        radius = excluded(weights, n, share)
        if radius is not None:
            rest = half * 2 - d
            tail = lambda q: share - (q / 2).gamma_upper(rest / 2, 1)  # noqa: E731
            square = increasing_root(tail, 2000 * rest - 100 * delta.log()) / n if rest > 0 else arb(0)
            place.case.whole = {"radius": (fmpq(0), radius)} | place.case.whole
            there = Place(place.case, place.box | {"radius": (radius, radius)}, place.goal)
            kl = there.range(there.quantity("kl_divergence", {})) + square / 2
            best = arb.min(best[0], (radius * radius + square).sqrt()), arb.min(best[1], kl)
    return dict(zip(THEOREM, (*best, counted[1], operator_error(1 / (20 * n.sqrt()), fmpq(19, 20))), strict=True))[name]


def samples_needed(place, name, eps, *given):
    """The least n with a bound on KL up to eps, if it is as recorded: the bound falls as n grows."""
    n = place.case.recorded[name, eps, *given][0]
    short, enough = (positive(eps - sample_theorem(place, "sample_kl_bound", each, *given)) for each in (n - 1, n))
    require(n.q == 1 and enough and not short, "samples_needed is not as recorded")
    return arb(n)


THEOREM = "sample_error_bound", "sample_kl_bound", "steps_needed", "sample_operator_error"
SEARCHES = {"iterations_to_kl": iterations_to_kl, "samples_needed": samples_needed}
SEARCHES |= dict.fromkeys(CURVES, search) | dict.fromkeys(THEOREM, sample_theorem)


# 5. Decisions

GOALS = (7, 14, 25, 45, 90, 180, 360)
"""Means are found to about e^(−goal), for one goal after the other."""


def prove(case, operators, box, sides, goals=GOALS):
    """Show that a statement holds on a box; return the parts into which it was divided, with the sides on each.

    The box is halved, or digits are added, as need be.
    """
    waiting, done, count = [(box, 0, True)], [], 0
    while waiting:
        (part, level, near), count = waiting.pop(), count + 1
        low, high = part.get("radius", (ONE, ONE))
        near &= low < high <= QUARTER
        few = count < MAX_PARTS and level < len(goals)
        require(few, "what is not decided with the parts or digits taken here", UNDECIDED)
        try:
            with ctx.workprec(goals[level] * 2 + 100):
                place = Place(case, part, goals[level], near=near)
                values = sides(place)
                for (a, b), sign in zip(pairwise(values), operators, strict=True):
                    signs = place.signs(place.form(a) - b)
                    where = [f"{name} = {float(arb(start)):.9g}" for name, (start, _) in part.items()]
                    require(signs & HOLDS[sign], f"the statement fails near {where}")
                    if not signs <= HOLDS[sign]:
                        raise MoreError(place.widest(place.form(a) - b))
                done.append((place, values))
        except (MoreError, OutcomeError) as more:
            name = more.args[0]
            start, end = part.get(name, (ONE, ONE))
            narrow = (end - start) / min(box[name][1] - box[name][0], ONE) if start < end else 0
            if isinstance(more, OutcomeError) and (name == "rejected" or not near or low == 0):
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

Doc = namedtuple("Doc", "format version claim verdict level margin as_expected cases derivations versions fingerprint")
Record = namedtuple("Record", "k d weights_sha256 radius amplitudes for_all assumptions cells")
Cell = namedtuple("Cell", "method point stretch window assumptions digits quantities comparisons")
Quantity = namedtuple("Quantity", "quantity arguments route level lower upper at")
Ends = namedtuple("Ends", "lower upper")
Link = namedtuple("Link", "comparison holds level margin left right difference power")
LEVELS = "observed", "supported", "certified", "proved"
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def check(found):
    """Check a certificate and return what was shown. Objects are made of records: none may have other keys."""
    found = Doc(**found)
    claim, family, refuted = found.claim, found.claim.get("family"), found.verdict == "refuted"
    said = found.level not in LEVELS[:2]
    require(said, f"evidence of level {found.level}, which proves nothing", "not covered")
    require("derivation" not in claim, "derivations, which SymPy checks step by step", "not covered")
    require("assume" not in claim, "assumptions", "not covered")
    kind = "a model" if str(family).startswith("{") else f"the family {family}"  # a model is named by its definition
    require(family is None, f"{kind}, which is not one of tied mixtures", "not covered")
    keys = {"id", "statement", "k", "weights", "d", "radius", "amplitudes", "for_all", "expect"}
    require({"id"} <= set(claim) <= keys, "claim: it has other keys than the format")
    cases = [Record(**each) for each in found.cases]
    links = [Link(**each) for case in cases for cell in case.cells for each in cell["comparisons"]]
    decisive = [link for link in links if link.holds is (not refuted)]
    level = LEVELS[(max if refuted else min)(LEVELS.index(link.level) for link in decisive)]
    said = found.level, found.verdict, found.as_expected, [case.k for case in cases]
    ours = level, "refuted" if refuted else level, refuted == (claim.get("expect") == "refuted"), claim["k"]
    require(said == ours and (refuted or decisive == links), "verdict: it, level, k or as_expected does not follow")
    least = found.margin is None or number(found.margin) <= min(number(link.margin) for link in decisive)
    require(least, "margin: it is not the least of the comparisons")
    parts = sum(check_case(claim, case, refuted) for case in cases if case.cells or not refuted)
    cells = sum(len(case.cells) for case in cases)
    return f"{cells} cell{'s' * (cells != 1)}, {parts} part{'s' * (parts != 1)}"


def check_case(claim, record, refuted):
    """Check the case and the cells of one k, and prove each; return into how many parts they were divided."""
    case, cells = Case(claim, record.k), [Cell(**each) for each in record.cells]
    spans = {n: (number(low), number(up)) for n, (low, up) in claim.get("for_all", {}).items()}
    if "k" in spans:
        ends, listed = spans.pop("k"), claim["k"]
        consecutive = all(isinstance(m, int) and m == listed[0] + i for i, m in enumerate(listed))
        require(consecutive and ends == (listed[0], listed[-1]), "claim: its k are not those of the range")
    case.whole, domain = spans, {n: ends for n, ends in spans.items() if n != "radius"}
    require(all(not n.startswith("amplitude_") for n in spans), "boxes of amplitudes", "not covered")
    require(domain.keys() == case.variables, "claim: a variable is neither the radius nor one that the weights have")
    bounded = all(high < INFINITY for _, high in domain.values())
    require(bounded, "variables of the weights on intervals without ends", "not covered")
    right = all(0 <= low <= high and low < INFINITY for low, high in spans.values())
    right &= ("radius" in spans) + ("radius" in claim) + ("amplitudes" in claim) <= 1
    require(right, "claim: an interval is none, or the point is given twice")
    middle = Place(case, {n: ((low + up) / 2,) * 2 for n, (low, up) in domain.items()}, 7)
    weights = sorted((j, constant(weight)) for weight, members in middle.classes() for j in members)
    digest = hashlib.sha256(",".join(str(weight) for _, weight in weights).encode()).hexdigest()
    point = claim.get("radius") and str(case.radius), list(map(str, case.amplitudes)) or None
    texts = {n: f"[{low}, " + ("inf)" if up == INFINITY else f"{up}]") for n, (low, up) in spans.items()}
    ours = case.k, case.d, digest, *point, texts
    require(len(weights) == case.k and record[:6] == ours, f"cases: that of k = {case.k} is not the claim's")
    prove(case, [">"], domain, lambda place: [place.least([weight for weight, _ in place.classes()]), 0])
    prove(case, ["=="], domain, lambda place: [sum(weight * len(members) for weight, members in place.classes()), 1])
    boxes = [box_of(cell, spans) for cell in cells]
    require(len(boxes) == 1 if refuted or not spans else is_cover(boxes, spans), "cells: a gap, or more than one point")
    return sum(check_cell(case, claim["statement"], *each) for each in zip(cells, boxes, strict=True))


def box_of(cell, spans):
    """Return the closed box of a cell, within the intervals of the variables; `algebra` speaks about all of these."""
    require(cell.method != "algebra" or cell.point is None, "witnesses with irrational coordinates", "not covered")
    ends = {n: (x, x) for n, x in cell.point.items()} if cell.method == "point" else cell.stretch
    ends = dict.fromkeys(spans, ends) if isinstance(ends, list) else ends
    box = spans if cell.method == "algebra" else {n: tuple(map(number, each)) for n, each in ends.items()}
    inside = all(spans[n][0] <= low <= up <= spans[n][1] for n, (low, up) in box.items())
    require(inside and len(box) == len(spans), "cells: one does not say where in the domain it is")
    return box


def is_cover(boxes, whole):
    """Whether closed boxes within a domain leave out nothing of a part of it, which is cut along their faces."""
    near = [x for x in boxes if all(a == b or (x[n][0] < b and a < x[n][1]) for n, (a, b) in whole.items())]
    faces = [(n, end) for x in near for n, (a, b) in whole.items() for end in x[n] if a < end < b]
    if not faces:  # Then each of them contains all of it.
        return bool(near)
    name, cut = faces[len(faces) // 2]
    return all(is_cover(near, whole | {name: half}) for half in ((whole[name][0], cut), (cut, whole[name][1])))


def is_within(place, form, lower, upper):
    """Whether the value of a form at the centre is seen to be between recorded ends, of which one may be infinite.

    Of what a search has found, which is shown to be where it is recorded with some room, no more is asked than that it
    may be there. OutcomeError if it is not.
    """
    lower, upper, q = number(lower), number(upper), constant(form)
    value = place.centre(form) if q is None else q
    below, above = value < lower, value > upper and upper < INFINITY
    require(not (below or above), "comparisons or quantities: one is not what is recorded")
    # An end may be the value itself, which a ball around it never shows.
    inside = value >= lower - NEAR and (value <= upper + NEAR or upper == INFINITY)
    return inside or not place.searched.isdisjoint(place.used(form.top, form.bottom))


def confirm(place, records):
    """Show that what is recorded is true at the centre of a box, with as many digits as it takes.

    Records are what gives a form at a place, and the ends between which it is recorded.
    """
    for goal in GOALS[GOALS.index(place.goal) :]:
        with ctx.workprec(goal * 2 + 100), contextlib.suppress(MoreError):
            if goal > place.goal:
                place = Place(place.case, place.middle(), goal)
            records = [(find, *ends) for find, *ends in records if not is_within(place, find(place), *ends)]
        if not records:
            return
    raise OutcomeError(UNDECIDED, "whether what is recorded is true to all of its digits")


def records_of(link, left, right):
    """What a cell records of a comparison, for `confirm`; both sides are what gives their forms at a place."""
    records = [(left, *Ends(**link.left)), (right, *Ends(**link.right))]
    if link.margin is not None:
        records.append((lambda at: at.apply("abs", left(at) - right(at)), link.margin, "inf"))
    if link.difference is not None:
        divisor = (lambda at: at.radius**link.power) if link.power else (lambda _: 1)
        records.append((lambda at: (left(at) - right(at)) / divisor(at), *Ends(**link.difference)))
    return records


def check_cell(case, statement, cell, box):
    """Prove that on a box each comparison holds, or fails, as recorded; return into how many parts it was divided."""
    (text, body), links, asked, case.recorded = parse(statement), [Link(**x) for x in cell.comparisons], [], {}
    nodes, operators = [body.left, *body.comparators], [COMPARE[type(op).__name__] for op in body.ops]
    texts = [text[node.col_offset : node.end_col_offset] for node in nodes]
    shown = [*map(" ".join, zip(texts, operators, texts[1:], strict=False))]
    require([link.comparison for link in links] == shown, "comparisons: they are not those of the statement")
    beyond = "not covered" if cell.method == "algebra" else "rejected"
    for each in (Quantity(**x) for x in cell.quantities):
        name, given = each.quantity, {word: number(x) for word, x in each.arguments.items()}
        require(f"{each.route} {each.level}" in ("exact exact", "ball certified"), "quantities: one is not rigorous")
        key = name, *(given.get(word, fmpq(0)) for word in ARGUMENTS.get(name, ()))
        case.recorded[key] = number(each.lower), number(each.upper), each.at and number(each.at)
        asked += [(each, name, given)] if name not in SEARCHES else []
        beyond = "not covered" if name in SEARCHES and each.route == "exact" else beyond
    signs = [{True: s, False: NEGATED[s], None: ""}[x.holds] for s, x in zip(operators, links, strict=True)]
    parts = prove(case, signs, box, lambda place: [place.evaluate(text, node) for node in nodes])
    records = [(lambda at, each=each: at.quantity(*each[1:]), each[0].lower, each[0].upper) for each in asked]
    for link, left, right in zip(links, nodes, nodes[1:], strict=False):
        records += records_of(link, *(lambda at, node=node: at.evaluate(text, node) for node in (left, right)))
    for place, values in parts:
        for link, (left, right) in zip(links, pairwise(values), strict=True):
            exactly = place.used((left - right).top, (left - right).bottom) <= place.closed or link.level != "proved"
            require(exactly, "level: one is not decided exactly", beyond)
        confirm(place, records)
    return len(parts)


# 7. The command


def outcome_of(certificate: object) -> tuple[str, str]:
    """Return what came of a certificate or the path of its file, and why."""
    try:
        return "accepted", check(read(certificate) if isinstance(certificate, Path) else certificate)
    except OutcomeError as error:
        return error.args
    except MemoryError:
        return UNDECIDED, NO_MEMORY
    except Exception as error:  # Whatever it is, nothing is shown.
        return "rejected", f"it is malformed ({type(error).__name__}: {str(error)[:80]})"


def forget() -> None:
    """Let go of what is kept from one certificate to the next: tables of some hundred megabytes after a few."""
    for each in (posterior, tile, kept, hull):
        each.cache_clear()


def serve(pipe, megabytes):
    """Answer, in another process, for each path that comes: with the outcome, the reason and the processor time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    with contextlib.suppress(MemoryError, EOFError):
        pipe.send("ready")
        while True:
            path, begun = pipe.recv(), time.process_time()
            pipe.send((*outcome_of(path), time.process_time() - begun))


def hired(megabytes):
    """Return another process that serves, and its pipe, when it is ready: its start is nobody's time."""
    context = multiprocessing.get_context("spawn")
    pipe, end = context.Pipe()
    worker = context.Process(target=serve, args=(end, megabytes), daemon=True)
    worker.start()
    end.close()
    pipe.recv()
    return worker, pipe


def outcomes(paths: Iterable[Path], seconds: float, megabytes: int) -> Iterator[tuple[str, str, float]]:
    """Yield what came of each file, why, and the processor time it took.

    Another process looks at them. It is ended when one takes too long, and lost when one takes too much memory; where
    others were looked at before, of which much is kept, that one is looked at again by itself.
    """
    worker = pipe = None
    for path in paths:
        for again in (True, False):
            again &= worker is not None
            try:
                worker, pipe = (worker, pipe) if worker else hired(megabytes)
                pipe.send(path)
                late = UNDECIDED, f"it takes longer than {seconds:g} s", seconds
                found = pipe.recv() if pipe.poll(seconds) else late
            except (EOFError, OSError):
                found = UNDECIDED, NO_MEMORY, 0.0
            if found[0] == UNDECIDED and worker:
                worker.kill()
                worker.join()
                worker = None
            if found[1] != NO_MEMORY or not again:
                break
        yield found


def files_in(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files named, and the certificates in folders that are named."""
    return [file for path in map(Path, paths) for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def exit_status(outcomes: Collection[str]) -> int:
    """Return what the docstring of this file says."""
    codes = {"rejected": 1, "bad": 2, UNDECIDED: 6, "not covered": 4, "accepted": 0}
    return next((code for name, code in codes.items() if name in outcomes), 5)


def main(arguments: list[str]) -> int:
    """Verify files and folders, print what came of it, and return the exit status."""
    parser = argparse.ArgumentParser(
        "verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", metavar="CERTIFICATE|FOLDER")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds for each (%(default)s)")
    parser.add_argument("--memory", type=int, default=MEMORY, help="megabytes for each (%(default)s)")
    given = parser.parse_args(arguments)
    if not (0 < given.timeout <= 10**6 and 0 < given.memory <= 10**6):
        parser.error("--timeout and --memory are numbers between 0 and a million")
    return report(files_in(given.paths), given.timeout, given.memory)


def report(files: list[Path], seconds: float, megabytes: int) -> int:
    """Verify files, print what came of it, and return the exit status."""
    found = []
    for path, (outcome, why, spent) in zip(files, outcomes(files, seconds, megabytes), strict=True):
        found.append((outcome, why))
        print(f"{outcome:<12} {path.name}: {why} ({spent:.1f} s)", flush=True)
    counts = Counter(outcome for outcome, _ in found)
    each = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) or "none"
    print(f"{len(found)} certificate{'s' * (len(found) != 1)}: {each}")
    for (outcome, why), count in Counter(found).most_common():
        if outcome in ("not covered", UNDECIDED):
            print(f"  {count} {outcome}: {why}")
    return exit_status(counts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
