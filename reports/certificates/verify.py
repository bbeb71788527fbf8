"""Verify certificates of emtheory with Python and python-flint alone: ``python verify.py CERTIFICATE|FOLDER…``.

Nothing here is shared with the program that made them. The claim is read anew, the cells are checked to leave out
nothing of its domain, and on each the statement is shown, or at the witness refuted, by enclosures found here; what is
recorded must agree. Derivations, samples, points off the simplex and bounds in all directions are not covered.

It rests on Python's integers, on Arb's balls, and on facts proved or cited in docs/error-bounds.md (by section): 1 the
trapezoidal rule, 2 and 4 moments of the posterior, 5 E log S, 7 E max, 8 and 13 interpolation, 9 the Hessian far out,
12 cumulants. Exact comparisons rest on the root bound of Burnikel, Fleischer, Mehlhorn, Schirra (Algorithmica 27, 2000).

Exit status: 0 all are accepted, 1 one is rejected, 2 bad input, 4 one is not covered (none rejected), 5 none was found.
"""

import ast
import hashlib
import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable
from fractions import Fraction as Q
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

from flint import acb, arb, arb_poly, ctx, fmpq, fmpz_poly

VERSION, MAX_BYTES, MAX_TABLE, MAX_PARTS, MAX_BITS = 1, 20_000_000, 60_000, 40_000, 200_000
"""Of the format; of a file; nodes of an integral; boxes of a certificate; bits of a number: choices against waste."""


class RejectedError(Exception):
    """The certificate does not show what it says."""


class NotCoveredError(Exception):
    """This verifier has no way to check it."""


class BadInputError(Exception):
    """This is no certificate."""


class WideError(Exception):
    """A box is to be halved in the variable of this index: its form decides nothing, or it does not fit a model."""


# 1. The file


def read(path):
    """Return a certificate as JSON values, with its fingerprint checked."""

    def unique(pairs):
        if len(dict(pairs)) < len(pairs):
            raise RejectedError("a key stands twice in one object")
        return dict(pairs)

    def integer(text):
        if not re.fullmatch("-?[0-9]{1,18}", text):
            raise RejectedError(f"{text[:20]} is not a number of a certificate")
        return int(text)

    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        content = content if len(content) <= MAX_BYTES else b""
        hooks = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), integer)
        found = json.loads(content.decode(), object_pairs_hook=unique, **hooks)
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"is not JSON of at most {MAX_BYTES} bytes: {str(error)[:100]}") from None
    if isinstance(found, dict) and found.get("format") == "emtheory data certificate":
        raise NotCoveredError("data: `emtheory replay` verifies it, with the data")
    if not isinstance(found, dict) or found.get("format") != "emtheory certificate":
        raise BadInputError("is not a certificate of emtheory")
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        raise RejectedError(f"version: this verifier knows version {VERSION} of the format only")
    text = json.dumps({n: v for n, v in found.items() if n != "fingerprint"}, sort_keys=True, separators=(",", ":"))
    if found.get("fingerprint") != f"sha256:{hashlib.sha256(text.encode()).hexdigest()}":
        raise RejectedError("fingerprint: it is not that of the content")
    return found


def number(text):
    """Return the exact number that a text is; infinities are floats."""
    if text in ("inf", "-inf"):
        return float(text)
    if not re.fullmatch(
        r"[+-]?([0-9]{1,4000}/[0-9]{1,1000}|([0-9]{1,4000}(\.[0-9]{0,4000})?|\.[0-9]{1,1000})([eE][+-]?[0-9]{1,4})?)",
        text,
    ):
        raise RejectedError(f"{text[:40]!r} is not an exact number")
    return Q(text)


# 2. The statement: trees (operation, operand, …) in which rational numbers are folded

ARGUMENTS = dict.fromkeys(("dft_modulus", "posterior_power"), "m") | dict.fromkeys(
    ("spectral_gap", "contraction_factor", "lloyd_radius", "sublinear_constant", "asymptotic_rate", "log_partition")
    + ("kl_divergence", "hessian_min_eigenvalue", "pl_ratio")
) | {"strong_convexity_radius": "fraction", "iterations_to_kl": "eps", "contraction_bound": "radius"} | dict.fromkeys(
    ("pl_constant", "worst_contraction_factor"), "radius"
)  # fmt: skip
SEARCHES = ("pl_constant", "worst_contraction_factor", "strong_convexity_radius", "iterations_to_kl")
LEAVES = ("var", "turn", "mean", "lloyd", "bound", "search")
"""A variable; cos 2πx; a mean over the posterior; Lloyd's radius; the best bound on a rate; what a search has found."""
BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
HOLDS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "==": {0}, "!=": {-1, 1}}
SQUARE = ("var", "radius**2")


def make(name, *parts):
    """Return an operation on trees, or its value where that is plain."""
    a, b = (*parts, Q(0))[:2]
    if all(isinstance(part, Q) for part in parts):
        if name in ("+", "*"):
            return sum(parts) if name == "+" else math.prod(parts, start=Q(1))
        if name in ("-", "neg", "abs", "min", "max"):
            return {"-": a - b, "neg": -a, "abs": abs(a), "min": min(parts), "max": max(parts)}[name]
        size = (a.numerator * a.denominator).bit_length()
        if name == "/" and b:
            return a / b
        if name == "**" and b.denominator == 1 and abs(b) * size < MAX_BITS and (a or b > 0):
            return a ** int(b)
        if name == "sqrt" and a >= 0 and math.isqrt(a.numerator * a.denominator) ** 2 == a.numerator * a.denominator:
            return Q(math.isqrt(a.numerator * a.denominator), a.denominator)
    if name == "**" and a == ("var", "radius") and isinstance(b, Q) and b > 0 and b % 2 == 0:
        return make("**", SQUARE, b / 2)
    if (name == "-" and a == b) or (name == "*" and 0 in parts):
        return Q(0)
    if name in ("+", "min", "max"):
        parts = tuple(p for p in parts if p != 0) if name == "+" else tuple(dict.fromkeys(parts))
    if name == "**" and b == 1:
        return a
    return parts[0] if name in ("+", "min", "max") and len(parts) == 1 else (name, *parts) if parts else Q(0)


def parse(text, names, *, comparison=True):
    """Return the operators, operands and their texts of a comparison; of an expression alone the tree."""
    text = "(" + re.sub(r"\s", " ", text) + ")"

    def build(node):
        source = text[node.col_offset : node.end_col_offset]
        match node:
            case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
                return number(source)
            case ast.Name(id=name) if name in (*names, "k", "d", "radius", "pi"):
                return ("var", name)
            case ast.Name(id=name) if name in ARGUMENTS:
                return ("ask", name)
            case ast.Call(func=ast.Name(id=name), args=[], keywords=[ast.keyword(arg=word, value=value)]):
                if name in ARGUMENTS and word == ARGUMENTS[name]:
                    return ("ask", name, build(value))
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
                if (name in MAPS and len(parts) == 1) or (name in ("min", "max") and len(parts) > 1):
                    return make(name, *map(build, parts))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
                return make("neg", build(part)) if isinstance(node.op, ast.USub) else build(part)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in BINARY:
                return make(BINARY[type(op)], build(left), build(right))
        if re.match("[a-z]+_[a-z_]+", source):
            raise NotCoveredError(f"the quantity {re.split('[^a-z_]', source)[0]}")
        raise RejectedError(f"claim: {source[:40]!r} is not part of a statement")

    if not text.isascii() or len(text) > 2002:
        raise RejectedError(f"claim: {text[:40]!r} is not a statement")
    body = ast.parse(text, mode="eval").body
    if not comparison:
        return build(body)
    sides = [body.left, *body.comparators]
    texts = [text[side.col_offset : side.end_col_offset] for side in sides]
    return [COMPARE[type(op)] for op in body.ops], [build(side) for side in sides], texts


def replaced(tree, leaf):
    """Return a tree with its variables and quantities replaced."""
    if isinstance(tree, Q) or tree[0] in LEAVES[1:]:
        return tree
    return leaf(tree) if tree[0] in ("var", "ask") else make(tree[0], *(replaced(part, leaf) for part in tree[1:]))


def parts_of(tree):
    """Yield a tree and all in it, but the numbers."""
    if not isinstance(tree, Q):
        yield tree
        for part in tree[1:] if tree[0] not in LEAVES else ():
            yield from parts_of(part)


# 3. The domain


def difference_set(k):
    """Return a perfect difference set modulo k: quadratic residues, or the first planar one of its size."""
    if k > 3 and k % 4 == 3 and all(k % p for p in range(2, math.isqrt(k) + 1)):
        return {j * j % k for j in range(1, k)}
    waiting, size = [(0, 1)], next(n + 1 for n in range(2, 10) if n * n + n + 1 == k)
    while True:
        chosen = waiting.pop()
        if len({(a - b) % k for a, b in product(chosen, chosen)}) == len(chosen) * (len(chosen) - 1) + 1:
            if len(chosen) == size:
                return set(chosen)
            waiting += [(*chosen, new) for new in range(k - 1, chosen[-1], -1)]


def weights_of(claim, k, names):
    """Return the k weights as trees in the variables."""
    given = claim.get("weights", "uniform")
    if isinstance(given, list) or "," in given:
        texts = given if isinstance(given, list) else given.split(",")
        weights = [number(w.strip()) if "/" in w and w.strip()[0].isdigit() and w.strip()[-1].isdigit() and w.count("/") == 1
                   and not re.search("[*+a-zA-Z-]", w) else parse(w, names, comparison=False) for w in texts]  # fmt: skip
        return [replaced(weight, lambda leaf: Q(k) if leaf == ("var", "k") else leaf) for weight in weights]
    name, _, text = given.strip().partition(":")
    if name in ("uniform", "linear"):
        return [Q(1, k) if name == "uniform" else Q(2 * (j + 1), k * (k + 1)) for j in range(k)]
    parameter = ("var", text) if text in names else number(text)
    if name == "geometric":
        powers = [Q(1), *(make("**", parameter, Q(j)) for j in range(1, k))]
        return [make("/", each, make("+", *powers)) for each in powers]
    special = {"one-heavy": lambda k: {0}, "difference-set": difference_set}[name](k)
    inside = make("/", parameter, Q(len(special)))
    outside = make("/", make("-", Q(1), parameter), Q(k - len(special)))
    return [inside if j in special else outside for j in range(k)]


def spans_of(claim):
    """Return variable → (lower, upper, lower end left out, upper end left out), narrowed by assumptions on them."""
    spans = {
        n: (number(low), number(up.strip()), False, up.strip() == "inf")
        for n, (low, up) in claim.get("for_all", {}).items()
    }
    if spans.pop("k", (0,))[0] and claim["k"] != list(
        range(*(int(x) + i for i, x in enumerate(map(number, claim["for_all"]["k"]))))
    ):
        raise RejectedError("claim.k: it is not the range of for_all")
    taken = ("k", "d", "pi", "min", "max", *ARGUMENTS, *MAPS)
    if any(not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,30}", name) or name in taken for name in spans):
        raise RejectedError("claim.for_all: it names no variable")
    for text in claim.get("assume", ()):
        operators, sides, _ = parse(text, tuple(spans))
        for operator, left, right in zip(operators, sides, sides[1:], strict=False):
            if isinstance(left, Q):
                left, right, operator = right, left, operator.translate(str.maketrans("<>", "><"))
            bound = operator != "!=" and isinstance(right, Q) and not isinstance(left, Q) and left[0] == "var"
            if not spans:
                continue  # It selects among the k.
            if not bound or left[1] not in spans:
                raise NotCoveredError("assumptions that are not bounds of single variables")
            low, up, no_low, no_up = spans[left[1]]
            if operator in ("<", "<=", "==") and right <= up:
                up, no_up = right, operator == "<" or (no_up and right == up)
            if operator in (">", ">=", "==") and right >= low:
                low, no_low = right, operator == ">" or (no_low and right == low)
            spans[left[1]] = low, up, no_low, no_up
    if any(not 0 <= low <= up or (low == up and (a or b)) for low, up, a, b in spans.values()):
        raise RejectedError("claim: its domain is empty or not positive")
    return spans


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


# 4. Quantities as trees over means of the posterior


def turn(x):
    """cos 2πx, as a number where that is rational."""
    known = {Q(0): Q(1), Q(1, 6): Q(1, 2), Q(1, 4): Q(0), Q(1, 3): Q(-1, 2), Q(1, 2): Q(-1)}
    return known.get(min(x % 1, -x % 1), ("turn", min(x % 1, -x % 1)))


class Case:
    """One k of a claim: weights and radius as trees in the variables, or the point at which these are."""

    def __init__(self, k, d, weights, radius, amplitudes, point):
        self.k, self.d, self.weights, self.amplitudes, self.point = k, d, weights, amplitudes, point
        self.radius = amplitudes[0] if amplitudes and k <= 3 else radius
        self.halves, self.classes = range(1, k // 2 + 1), {}
        for j, weight in enumerate(weights):
            self.classes.setdefault(weight, []).append(j)
        common = max(self.classes, key=lambda weight: len(self.classes[weight]))
        # Σ_j e^{2πi jm/k} = 0: only what differs from the commonest weight counts.
        self.deviations = {j: make("-", w, common) for j, w in enumerate(weights) if w != common}
        self.flat, self.shifts = len(self.deviations) <= 1, {}
        fixed = all(isinstance(w, Q) for w in weights)
        if len(weights) != k or not k - 1 <= d <= 10**6 or (fixed and (min(weights) <= 0 or sum(weights) != 1)):
            raise RejectedError("claim: the weights are not k positive numbers with sum 1, or d is too small")

    def at(self, point):
        """Return the case with its variables at a point."""
        weights = [replaced(weight, lambda leaf: point.get(leaf[1], leaf)) for weight in self.weights]
        return Case(self.k, self.d, weights, point.get("radius", self.radius), self.amplitudes, point)

    def translated(self, tree):
        """Return a tree of the claim with its symbols and quantities as this case gives them."""
        r = self.radius
        known = {"k": Q(self.k), "d": Q(self.d), "radius": r, SQUARE[1]: r and make("**", r, Q(2))} | self.point

        def leaf(tree):
            if tree[0] == "ask":
                return self.quantity(tree[1], *map(self.translated, tree[2:]))
            if known.get(tree[1], tree) is None:
                raise RejectedError("claim: the statement speaks of a radius, and none is given")
            return known.get(tree[1], tree)

        return replaced(tree, leaf)

    def square(self, m):
        """|π̂_m|²."""
        if self.flat:
            return make("**", next(iter(self.deviations.values()), Q(0)), Q(2))
        if not self.shifts:
            for (i, a), (j, b) in product(self.deviations.items(), repeat=2):
                self.shifts.setdefault((i - j) % self.k, []).append(make("*", a, b))
            self.shifts = {shift: make("+", *terms) for shift, terms in self.shifts.items()}
        return make("+", *(make("*", turn(Q(m * shift, self.k)), term) for shift, term in self.shifts.items()))

    def gap(self, frequencies=None):
        """Min |π̂_m|²."""
        return make("min", *map(self.square, frequencies or ([1] if self.flat else self.halves)))

    def power(self, m):
        """β_m; all are the same where one weight differs at most."""
        return self.square(m) if self.radius == 0 else ("mean", "b", 1 if self.flat else int(min(m, self.k - m)))

    def quantity(self, name, argument=Q(0)):
        """Return a quantity as a tree."""
        k, r, fixed = self.k, self.radius, isinstance(argument, Q)
        if name in ("dft_modulus", "posterior_power") and not (
            fixed and argument.denominator == 1 and 0 < argument < k
        ):
            raise RejectedError("claim: a frequency is not between 1 and k − 1")
        if name == "dft_modulus":
            whole = self.flat and make("abs", next(iter(self.deviations.values()), Q(0)))
            return whole if self.flat else make("sqrt", self.square(int(argument)))
        if name in ("spectral_gap", "contraction_factor"):
            return self.gap() if name == "spectral_gap" else make("-", Q(1), self.gap())
        if name == "asymptotic_rate" and (r or any(self.amplitudes or ())):
            return make("-", Q(1), self.gap([m for m, a in enumerate(self.amplitudes or (), 1) if a]))
        if name == "sublinear_constant" and not self.deviations:
            return Q(k - 1, 16)
        if name == "lloyd_radius":
            return ("lloyd", k)
        if name == "contraction_bound" and fixed and argument >= 0:
            return make("-", Q(1), make("*", self.gap(), ("bound", k - 1, argument)))
        if name in SEARCHES and fixed:
            return ("search", name, argument)
        if r is None and self.amplitudes:
            raise NotCoveredError("points off the simplex")
        if r is None or (r == 0 and name == "pl_ratio"):
            raise RejectedError(f"claim: {name} has no value here")
        if name == "posterior_power":
            return self.power(argument)
        if name == "hessian_min_eigenvalue":
            return self.gap() if r == 0 else self.smallest_eigenvalue(make("**", r, Q(2)))
        if name == "pl_ratio":
            squares = [make("*", Q(2 - (2 * m == k), k - 1), make("**", self.power(m), Q(2))) for m in self.halves]
            return make("/", make("**", self.power(1), Q(2)) if self.flat else make("+", *squares), ("mean", "B"))
        half = make("/", make("**", r, Q(2)), Q(2))
        divergence = make("*", half, ("mean", "B"))
        return divergence if name == "kl_divergence" else make("-", half, divergence)

    def smallest_eigenvalue(self, v):
        """Of the tangential β_m, 2m < k, and of (δ_mn β_m + ρ_m ρ_n t_mn) with ρ_m² = v dim_m/(k − 1)."""
        k, count, share = self.k, (self.k - 1) // 2, {m: Q(2 - (2 * m == self.k), self.k - 1) for m in self.halves}

        def entry(m, n, t=None, factor=Q(1)):
            term = make("*", v, make("sqrt", share[m] * share[n] * factor), t or ("mean", "t", m, n))
            return make("+", self.power(m), term) if m == n else term

        if not self.flat or count < 2:
            matrix = [entry(m, n) for n in self.halves for m in self.halves if m <= n]
            return make("min", *(self.power(m) for m in self.halves if 2 * m < k), ("eigenvalue", *matrix))
        # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
        same, other = ("mean", "t", 1, 1), ("mean", "t", 1, 2)
        matrix = [entry(1, 1, make("+", same, make("*", Q(count - 1), other)))]
        if k % 2 == 0:
            matrix += [entry(1, k // 2, other, Q(count)), entry(k // 2, k // 2)]
        return make("min", self.power(1), entry(1, 1, make("-", same, other)), ("eigenvalue", *matrix))


# 5. Exact signs


def is_algebraic(tree):
    """Whether a tree is made of rational numbers and cosines of rational angles by algebra."""
    allowed = ("turn", "+", "-", "*", "/", "**", "neg", "sqrt", "abs", "min", "max")
    return all(part[0] in allowed and (part[0] != "**" or (isinstance(part[2], Q) and part[2].denominator == 1))
               for part in parts_of(tree))  # fmt: skip


def resolved(tree):
    """Return an algebraic number without abs, min and max."""
    if isinstance(tree, Q) or tree[0] == "turn":
        return tree
    first, *others = map(resolved, tree[1:])
    if tree[0] == "abs":
        return first if exact_sign(first) >= 0 else make("neg", first)
    if tree[0] in ("min", "max"):
        for other in others:
            first = other if exact_sign(make("-", other, first)) == (-1 if tree[0] == "min" else 1) else first
        return first
    return make(tree[0], first, *others)


def exact_sign(tree):
    """The sign of an algebraic number.

    U/L with algebraic integers U and L whose conjugates are at most u and l in modulus, and of degree D, is zero or at
    least 1/(u^(D−1) l) in modulus, since the norm of U is an integer.
    """
    tree = resolved(tree)
    if isinstance(tree, Q):
        return (tree > 0) - (tree < 0)

    def bounds(tree):
        """Log₂ of u and l."""
        if isinstance(tree, Q) or tree[0] == "turn":
            return (math.log2(abs(tree.numerator) or 1), math.log2(tree.denominator)) if isinstance(tree, Q) else (1, 1)
        (u, low), *others = map(bounds, tree[1:] if tree[0] != "**" else tree[1:2])
        if tree[0] in ("sqrt", "**"):
            n = abs(int(tree[2])) if tree[0] == "**" else 1
            return ((u + low) / 2, low) if tree[0] == "sqrt" else (n * u, n * low) if tree[2] >= 0 else (n * low, n * u)
        for b, c in others:
            pair = {"*": (u + b, low + c), "/": (u + c, low + b)}
            u, low = pair.get(tree[0], (max(u + c, low + b) + 1, low + c))
        return u, low

    leaves = set(parts_of(tree))
    order = math.lcm(*(part[1].denominator for part in leaves if part[0] == "turn"), 1)
    degree = sum(math.gcd(i, order) == 1 for i in range(order)) << sum(part[0] == "sqrt" for part in leaves)
    limit = math.ceil((degree - 1) * bounds(tree)[0] + bounds(tree)[1]) + 8
    if limit > MAX_BITS:
        raise NotCoveredError("exact comparisons that take too many digits")
    for bits in (64, limit + 64, 2 * limit + 512):
        with Precision(bits):
            value = evaluate(tree, None).range
            if value > 0 or value < 0 or value.abs_upper() < arb(2) ** -limit:
                return 1 if value > 0 else -1 if value < 0 else 0
    raise RejectedError("the statement has no value")


# 6. Forms: f(h) = c_0 + Σ c_i h_i for every h in `steps`, with c_0 in `centre`, c_i in `slopes` and f(h) in `range`


class Precision:
    """Arb's precision within a block."""

    def __init__(self, bits):
        self.bits = int(bits)

    def __enter__(self):
        self.before, ctx.prec = ctx.prec, self.bits

    def __exit__(self, *_):
        ctx.prec = self.before


def ball(x):
    """Return a ball around a rational number or an infinity."""
    return arb(fmpq(x.numerator, x.denominator)) if isinstance(x, Q) else arb(x)


def power(x, n):
    """Return xⁿ for a ball, also around zero."""
    if n < 0 or not x.contains(0):
        return 1 / power(x, -n) if n < 0 else abs(x) ** n * (-1 if n % 2 and x < 0 else 1)
    return x * power(x, n - 1) if n % 2 else arb(0).union(arb(x.abs_upper()) ** n) if n else arb(1)


class Form:
    """One function on a box."""

    def __init__(self, centre, slopes=None, steps=(), natural=None):
        self.centre, self.slopes, self.steps = centre, slopes or {}, steps
        self.range = sum((slope * steps[i] for i, slope in self.slopes.items()), centre)
        if natural is not None and natural.is_finite():
            both = self.range.is_finite() and self.range.overlaps(natural)
            self.range = self.range.intersection(natural) if both else natural


def linear(centre, terms, natural):
    """Return centre + Σ factor (f − f_0) over pairs of a factor and f."""
    slopes = {}
    for factor, form in terms:
        for i, slope in form.slopes.items():
            slopes[i] = slopes.get(i, 0) + factor * slope
    return Form(centre, slopes, next((form.steps for _, form in terms if form.steps), ()), natural)


def through(form, value, derivative):
    """Return φ(f), by the mean value theorem."""
    slope = derivative(form.range) if form.slopes else arb(0)
    return linear(value(form.centre), [(slope, form)], value(form.range))


def add(f, g, sign=1):
    """Return f ± g."""
    return linear(f.centre + sign * g.centre, [(1, f), (sign, g)], f.range + sign * g.range)


def multiply(f, g):
    """Return f g = f_0 g_0 + g_0 (f − f_0) + f (g − g_0)."""
    return linear(f.centre * g.centre, [(g.centre, f), (f.range, g)], f.range * g.range)


def least(f, g, sign=1):
    """Return the minimum (maximum for sign −1), g + min(f − g, 0), whose slope in f − g lies between 0 and 1."""
    d = add(f, g, -1)
    side = sign if d.range < 0 else -sign if d.range > 0 else 0
    slope = arb(0.5, 0.5) if side == 0 else arb(side == 1)
    extreme = arb.min if sign == 1 else arb.max
    return linear(extreme(f.centre, g.centre), [(1, g), (slope, d)], extreme(f.range, g.range))


def sign_ball(x):
    """The slope of |x|."""
    return arb(1) if x > 0 else arb(-1) if x < 0 else arb(0, 1)


MAPS = {
    "abs": (abs, sign_ball), "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())),
    "log": (lambda x: x.log(), lambda x: 1 / x), "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "cos": (lambda x: x.cos(), lambda x: -x.sin()), "sin": (lambda x: x.sin(), lambda x: x.cos()),
}  # fmt: skip


def eigenvalue(forms):
    """Return the smallest eigenvalue of a symmetric matrix, given by columns down to the diagonal."""
    if len(forms) > 3:
        raise NotCoveredError("eigenvalues of large matrices")
    if len(forms) == 1:
        return forms[0]
    x, y, half = add(forms[0], forms[2], -1), forms[1], Form(arb(0.5))
    # A sum of squares is not negative, though its ball may reach below zero.
    squares = (power(a / 2, 2) + power(b, 2) for a, b in ((x.range, y.range), (x.centre, y.centre)))
    norm, at = (a.sqrt() if a > 0 else arb(0).union(arb(a.abs_upper()).sqrt()) for a in squares)
    slopes = [z / norm if norm > 0 else arb(0, 1) for z in (x.range / 2, y.range)]
    return add(multiply(half, add(forms[0], forms[2])), linear(at, [(slopes[0] / 2, x), (slopes[1], y)], norm), -1)


def evaluate(tree, leaf):
    """Return the form of a tree, from those of its variables and quantities."""
    if isinstance(tree, Q) or tree == ("var", "pi"):
        return Form(ball(tree) if isinstance(tree, Q) else arb.pi())
    name = tree[0]
    if name == "turn":
        return Form(arb.cos_pi_fmpq(fmpq(2 * tree[1].numerator, tree[1].denominator)))
    if name in LEAVES:
        return leaf(tree)
    if name == "**" and isinstance(tree[2], Q) and tree[2].denominator == 1:
        n = int(tree[2])
        return through(evaluate(tree[1], leaf), lambda x: power(x, n), lambda x: n * power(x, n - 1) if n else arb(0))
    if name == "**":
        return evaluate(("exp", ("*", ("log", tree[1]), tree[2])), leaf)
    first, *others = (evaluate(part, leaf) for part in tree[1:])
    if name in MAPS or name == "neg":
        return through(first, *MAPS[name]) if name in MAPS else add(Form(arb(0)), first, -1)
    if name == "eigenvalue":
        return eigenvalue([first, *others])
    for other in others:
        if name in ("+", "-"):
            first = add(first, other, 1 if name == "+" else -1)
        elif name in ("min", "max"):
            first = least(first, other, 1 if name == "min" else -1)
        else:
            inverse = through(other, lambda x: 1 / x, lambda x: -1 / power(x, 2)) if name == "/" else other
            first = multiply(first, inverse)
    return first


# 7. Means of the posterior on a simplex

ANGLE = 1.4
"""Half the width of the strip |Im u| < π/2 in which all integrands are bounded; a choice."""


def root_of_unity(f, k):
    """Return e^{2πi f/k}."""
    sine, cosine = arb.sin_cos_pi_fmpq(fmpq(2 * (f % k), k))
    return acb(cosine, sine)


def means(k, classes, v, goal, names):
    """Return the means of `precise_means`, at a precision that suits their radius."""
    with Precision(1.5 * goal + 70 + math.log2(k)):
        return precise_means(k, classes, v, goal, names)


def precise_means(k, classes, v, goal, names):
    """Return balls of radius about e^(−goal) around means of the posterior at the squared radius v.

    Classes are pairs of a weight and the components that have it. Names are ("b", m) for β_m = E|γ̂_m|², ("t", m, n) for
    t_mn = −E κ_4 = E(|γ̂_{m+n}|² + |γ̂_{m−n}|² − 4 Re γ̂_m γ̂_n γ̂_{−m−n} − 4 Re γ̂_m γ̂_{−n} γ̂_{n−m} + 6|γ̂_m γ̂_n|²), and ("B",)
    for 2 KL/v. With S = Σ π_j e^{sZ_j} a mean of degree N is ∫ E[(e^u S)^N … exp(−e^u S)] du/Γ(N), and E log S is
    s²/2 + ∫ (exp(−e^{u + s²/2}) − E exp(−e^u S)) du. Nodes and steps are choices; the errors are bounded for any.
    """
    s2 = v * k / (k - 1)
    s, rough, order = s2.sqrt(), float(s2.mid()), max({"B": 0, "b": 2, "t": 4}[name[0]] for name in names)
    goal += 4 + 2 * order
    inner = goal + math.log(k) + 6
    step = min(2 * math.pi * ANGLE / (inner + 3), math.pi * math.sqrt(2 * rough / inner))
    h, chernoff = arb(step), min(2.0, math.sqrt(2 * goal / rough))
    left = goal / chernoff + chernoff * rough / 2 + max(0.0, 1 / chernoff - 1) * math.log(k)
    if ("B",) in names:
        left = max(left, rough / 2 + min(goal, goal / 2 + rough / 2) + 2)
    end, count = math.inf, 0
    for size, number_of in sorted(((float(weight.mid()), len(j)) for weight, j in classes), reverse=True):
        count += number_of
        share = (goal + 2 * order) / count + math.log(2)
        end = min(end, math.log(share / size) + math.sqrt(2 * rough * share))
    first, last, reach = (
        -math.ceil(left / step),
        math.ceil(end / step) + 2,
        math.ceil(math.sqrt(2 * rough * inner) / step),
    )
    if last - first + 2 * reach > MAX_TABLE:
        raise NotCoveredError("radii at which the integrals take too many nodes")
    # Section 2: D_n(u) = E f_n(u + sZ), f_n(y) = e^(ny) exp(−e^y), by the trapezoidal rule with nodes sz = jh.
    scale, strip, far = (
        h / (s * (2 * arb.pi()).sqrt()),
        arb(min(ANGLE, 2 * math.pi * rough / step)),
        arb(inner + 8 * order),
    )
    gauss = [scale * (-((j * h / s) ** 2) / 2).exp() if j else scale for j in range(reach + 1)]
    kernel = arb_poly([*gauss[:0:-1], *gauss])
    outside = (strip**2 / (2 * s2)).exp() * 2 / (2 * arb.pi() * strip / h).expm1()
    beyond = (reach * h / (s * arb(2).sqrt())).erfc()
    lattice, tables = [(h * i).exp() for i in range(first - reach, last + reach + 1)], []
    for weight, _ in classes:
        # Terms beyond `far` are left out: there f_n decreases, and the kernel sums to less than 2.
        points = [point for x in lattice if not (point := weight * x) > far]
        values, table = [(-x).exp() for x in points], []
        for n in range(order + 1):
            values = [x * value for x, value in zip(points, values, strict=True)] if n else values
            supremum = (arb(n) / arb(1).exp()) ** n if n else arb(1)
            error = supremum * (outside / strip.cos() ** n + beyond) + 2 * far**n * (-far).exp()
            sums = (kernel * arb_poly(values)).coeffs() + [arb(0)] * len(lattice)
            table.append([x + arb(0, error.abs_upper()) for x in sums[2 * reach : 2 * reach + last - first + 1]])
        tables.append(table)
    laplace = []
    for row in zip(*(table[0] for table in tables), strict=True):
        counts = [len(members) for _, members in classes]
        powers = (x**n if x > 0 else arb(0, x.abs_upper() ** n) for x, n in zip(row, counts, strict=True))
        laplace.append(math.prod(powers, start=arb(1)))
    found = {("B",): 2 / v * (-s2 / (2 * k) - excess(laplace, h, first, s2, k, goal))} if ("B",) in names else {}
    if order:
        small = arb(-goal).exp()
        kept = [i for i, x in enumerate(laplace) if x > small and all(table[0][i] > small for table in tables)]
        nodes = [[cumulants([row[i] / table[0][i] for row in table[1:]]) for i in kept] for table in tables]
        by_order = [[[node[n] for node in each] for each in nodes] for n in range(order)]
        found |= moments(k, classes, names, [h * laplace[i] for i in kept], by_order, h)
    return found


def excess(laplace, h, first, s2, k, goal):
    """∫ (exp(−e^{u + s²/2}) − P) du with P at the nodes: discretisation, left and right tails of section 5."""
    shift, edge, small = s2 / 2, h * (first - 1), arb(-goal).exp()
    logs = (s2 * 2 * arb(2 * k).log()).sqrt() + shift
    error = 2 * logs / arb(ANGLE).cos() / (2 * arb.pi() * ANGLE / h).expm1()
    # On the left |difference| ≤ e^(pu) max(E S^p, T^p) ≤ e^(pu + p² s²/2) for p = 1 and 2, a geometric series.
    error += arb.min(*(h * (p * edge + p * p * shift).exp() / -(-p * h).expm1() for p in (1, 2)))
    total = arb(0)
    for sign, values in ((1, [(-(h * (first + i) + shift).exp()).exp() for i in range(len(laplace))]), (-1, laplace)):
        # Both are log-concave (Prékopa): what follows x, q < 1 times its predecessor, is at most xq/(1 − q).
        at = next((i for i in range(2, len(values)) if values[i] < small), len(values) - 1)
        ratio = values[at].abs_upper() / values[at - 1].abs_lower()
        error += h * values[at].abs_upper() * ratio / (1 - ratio) if ratio < 1 else arb.pos_inf()
        total += sign * sum(values[: at + 1], arb(0))
    return h * total + arb(0, error.abs_upper())


def cumulants(m):
    """Turn raw moments of order 1 to 2 or 4 into cumulants."""
    a, square = m[0], m[0] * m[0]
    third = [m[2] - 3 * a * m[1] + 2 * a * square] if len(m) > 2 else []
    fourth = [m[3] - 4 * a * m[2] - 3 * m[1] * m[1] + 12 * square * m[1] - 6 * square * square] if third else []
    return [a, m[1] - square, *third, *fourth]


def partitions(n):
    """The partitions of 0..n−1 into blocks."""
    smaller = partitions(n - 1) if n else []
    joined = [[b + [n - 1] if i == j else b for j, b in enumerate(p)] for p in smaller for i in range(len(p))]
    return joined + [[*p, [n - 1]] for p in smaller] if n else [[]]


PARTITIONS = [partitions(n) for n in range(5)]


def coupling(mean, m, n):
    """t_mn from means of products of γ̂'s."""
    cubic = mean(m, n, -m - n) + mean(m, -n, n - m)
    return mean(m + n, -m - n) + mean(m - n, n - m) - 4 * cubic + 6 * mean(m, -m, n, -n)


def moments(k, classes, names, weights, cumulants, h):
    """Sum means of degrees 2 to 4 over the nodes, with the errors of section 4; cumulants by order, class and node."""
    largest = max(classes, key=lambda each: len(each[1]))[1]
    rows, known, sums = {}, {(0, 0): arb(1)}, {}
    # With one class but for component 0 a transform depends on whether f = 0 only.
    alike = all(members is largest or members == [0] for _, members in classes)

    def transform(f, members):
        """Σ_{j in members} e^{2πi fj/k}, which is 0 for all j together."""
        if f == 0:
            return arb(len(members))
        if members is largest:
            return -sum((transform(f, each) for _, each in classes if each is not members), arb(0))
        total = sum((root_of_unity(f * j, k) for j in members), acb(0))
        return total.real if total.imag == 0 else total

    def joint(order, f):
        """The joint cumulants of Σ ξ_j e^{2πi fj/k} at every node: those of independent ξ_j add up."""
        f = int(f != 0) if alike else f
        if (order, f) not in rows:
            factors, columns = (
                [transform(f, members) for _, members in classes],
                zip(*cumulants[order - 1], strict=True),
            )
            rows[order, f] = [sum((a * b for a, b in zip(factors, each, strict=True)), arb(0)) for each in columns]
        return rows[order, f]

    def total(frequencies):
        """The sum over nodes of the joint moment: over partitions, products of joint cumulants."""
        blocks = [[(len(b), sum(frequencies[i] for i in b) % k) for b in p] for p in PARTITIONS[len(frequencies)]]
        key = tuple(tuple((n, f != 0 if alike else f) for n, f in each) for each in blocks)
        if key not in sums:
            sums[key] = arb(0)
            for each in blocks:
                terms = weights
                for order, f in each:
                    terms = [a * b for a, b in zip(terms, joint(order, f), strict=True)]
                sums[key] += sum(terms, arb(0))
        return sums[key].real if isinstance(sums[key], acb) else sums[key]

    def mean(*frequencies):
        """E of the product of γ̂_f over the frequencies."""
        key, n = tuple(f % k for f in frequencies), len(frequencies)
        if key not in known:
            grid, gamma = 2 / arb(ANGLE).cos() ** n / (2 * arb.pi() * ANGLE / h).expm1(), math.factorial(n - 1)
            # What the nodes left out may miss: all of them together sum to at most 1 + grid.
            missing = 1 + grid - total((0,) * n) / gamma
            known[key] = total(key) / gamma + arb(0, (grid + missing.abs_upper()).abs_upper())
        return known[key]

    return {n: mean(n[1], -n[1]) if n[0] == "b" else coupling(mean, *n[1:]) for n in names if n[0] != "B"}


def at_origin(case, name):
    """A mean at v = 0, where the posterior is the prior."""
    k = case.k
    if name[0] != "t":
        shares = [(Q(2 - (2 * m == k), k - 1), m) for m in case.halves] if name[0] == "B" else [(Q(1), name[1])]
        return evaluate(make("+", *(make("*", share, case.square(m)) for share, m in shares)), None).range

    def mean(*frequencies):
        hats = [sum((ball(w) * root_of_unity(f * j, k) for j, w in case.deviations.items()), acb(0))
                for f in frequencies if f % k]  # fmt: skip
        return math.prod(hats, start=acb(1)).real

    return coupling(mean, *name[1:])


def lloyd_radius(k, goal):
    """√(k/(k−1)) E max(Z_1..Z_k), by Arb's integration of k z φ Φ^(k−1) and the tails 2kφ (section 7)."""
    end, root = math.ceil(math.sqrt(2 * (goal + math.log(k) + 4))), arb(2).sqrt()
    inside = acb.integral(lambda z, _: k * z * (-z * z / 2).exp() * ((-z / root).erfc() / 2) ** (k - 1), -end, end).real
    tails = arb(0, (2 * k * (-(arb(end) ** 2) / 2).exp()).upper())
    return (inside + tails) / (2 * arb.pi()).sqrt() * (arb(k) / (k - 1)).sqrt()


def best_factor(dimension, radius):
    """The largest ((1+2α)/(1+α)²)^{D/2} exp(−r²/((1+α)(1+2α))), between its values around the stationary point.

    The derivative in α has the sign of r²(3 + 4α) − Dα(1 + α)(1 + 2α), positive up to one root.
    """
    low, high = Q(0), 3 * radius**2 / dimension
    for _ in range(ctx.prec):
        a = (low + high) / 2
        rises = radius**2 * (3 + 4 * a) > dimension * a * (1 + a) * (1 + 2 * a)
        low, high = (a, high) if rises else (low, a)
    a = ball(low).union(ball(high))
    shape = ((1 + 2 * a) / (1 + a) ** 2).log() * dimension / 2
    return (shape - ball(radius**2) / ((1 + a) * (1 + 2 * a))).exp()


# 8. Means over boxes: interpolation in Chebyshev points (sections 8 and 13)


class Model:
    """Polynomials around means of the posterior on a tile of log-ratios of weights and log v, or of v from 0 on.

    Where v alone varies, from 0 on, it is (f − f(0))/v that is interpolated.
    """

    def __init__(self, case, names, axes, tile, goal):
        self.divided = [kind for kind, _ in axes] == ["zero"]
        self.tile, self.start = tile, {name: at_origin(case, name) if self.divided else arb(0) for name in names}
        errors, nodes, matrices, lebesgue = arb(0), [], [], arb(1)
        for (kind, _), (_, width) in zip(axes, tile, strict=True):
            error, n = interpolation(case.k, kind, width, names, goal + 3, self.divided)
            nodes.append([(arb(2 * j + 1) / (2 * n)).cos_pi() for j in range(n)])
            matrices.append([[arb(0)] * n for _ in range(n)])
            for m, j in product(range(n), repeat=2):
                factor = (arb(m * (2 * j + 1)) / (2 * n)).cos_pi() * (2 if m else 1) / n
                for degree, coefficient in enumerate(fmpz_poly.chebyshev_t(m).coeffs()):
                    matrices[-1][degree][j] += factor * coefficient
            errors, lebesgue = errors + error, lebesgue * (1 + 2 / arb.pi() * arb(n).log())
        grid = list(product(*(range(len(row)) for row in nodes)))
        points = ([row[i] for row, i in zip(nodes, index, strict=True)] for index in grid)
        found = {i: self.values(case, names, axes, x, goal + 10) for i, x in zip(grid, points, strict=True)}
        self.polynomials = {}
        for name in names:
            # Values are taken at their midpoints; how far these are off is multiplied by Lebesgue's constant at most.
            off = max((values[name].rad() for values in found.values()), key=float)
            exact = fitted({index: values[name].mid() for index, values in found.items()}, matrices, ())
            self.polynomials[name] = exact, arb(0, ((errors + off) * lebesgue).abs_upper())

    def values(self, case, names, axes, point, goal):
        """The means at a node."""
        logs, v = {}, None if not isinstance(case.radius, Q) else ball(case.radius**2)
        for (kind, tree), x, (centre, width) in zip(axes, point, self.tile, strict=True):
            place = arb(centre) + arb(width) * x
            if kind == "ratio":
                logs[tree] = place.exp()
            else:
                v = place.exp() if kind == "log" else place
        (first, _), *_ = items = list(case.classes.items())
        ratios = ((make("/", weight, first) if weight != first else Q(1), members) for weight, members in items)
        sizes = [(ball(ratio) if isinstance(ratio, Q) else logs[ratio], members) for ratio, members in ratios]
        total = sum((size * len(members) for size, members in sizes), arb(0))
        found = means(case.k, [(size / total, members) for size, members in sizes], v, goal, names)
        return {name: (x - self.start[name]) / v if self.divided else x for name, x in found.items()}

    def forms(self, coordinates):
        """Return the forms of the means, from those of the coordinates."""
        units = [
            multiply(add(c, Form(arb(m)), -1), Form(1 / arb(w)))
            for c, (m, w) in zip(coordinates, self.tile, strict=True)
        ]
        found = {}
        for name, (polynomial, error) in self.polynomials.items():
            centre, slopes = expanded(polynomial, [u.centre for u in units], [u.range - u.centre for u in units])
            form = linear(centre + error, list(zip(slopes, units, strict=True)), None)
            found[name] = add(Form(self.start[name]), multiply(form, coordinates[0])) if self.divided else form
        return found


def interpolation(k, kind, width, names, goal, divided):
    """Return an error bound below e^(−goal) of interpolation on an interval of this half-width, and the nodes it takes."""
    coupled, rising = any(name[0] == "t" for name in names), arb(1)
    for n in range(1, 90):
        # |∂ⁿf/∂vⁿ|/n! ≤ (2κ²/b²)ⁿ (q/2)…(q/2 + n − 1) M(b) with κ² = k/(2(k−1)), q = k − 1, b = 1, M = c² or 16c⁴.
        rising, c = rising * k / (k - 1) * (arb(k - 1) / 2 + n - 1), 1 / arb(1).cos()
        further = rising * k / (k - 1) * (arb(k - 1) / 2 + n) if divided else rising
        errors = [2 * (16 * c**4 if coupled else c**2) * (arb(width) / 2) ** n * further] if kind == "zero" else []
        for angle in (arb(tenth) / 10 for tenth in range(1, 16) if kind != "zero" and n > 2):
            # Log v: the Gaussian's density in k − 1 dimensions. Log-ratio: the phases of weights differ by 2 angles at most.
            small, strip = 1 / angle.cos() ** 2, 2 * angle
            bound = 16 * small**2 if coupled else small
            if kind == "log":
                bound, strip = (3 if coupled else 1) * angle.cos() ** (arb(1 - k) / 2), angle
            rho = strip / width + (1 + (strip / width) ** 2).sqrt()
            errors.append(4 * bound * rho ** (1 - n) / (rho - 1))
        if any(error < arb(-goal).exp() for error in errors):
            return arb(-goal).exp(), n
    raise NotCoveredError("domains on which interpolation takes too many nodes")


def fitted(values, matrices, chosen):
    """Nested coefficients of the polynomial with the values of a grid."""
    if len(chosen) == len(matrices):
        return values[chosen]
    rows = [fitted(values, matrices, (*chosen, i)) for i in range(len(matrices[len(chosen)]))]
    return [mixed(coefficients, rows) for coefficients in matrices[len(chosen)]]


def mixed(coefficients, rows):
    """Σ c_i row_i for nested rows."""
    if isinstance(rows[0], list):
        return [mixed(coefficients, column) for column in zip(*rows, strict=True)]
    return sum((c * x for c, x in zip(coefficients, rows, strict=True)), arb(0))


def horner(rows, x):
    """Σ row_i xⁱ for nested rows."""
    total = rows[-1]
    for row in rows[-2::-1]:
        total = mixed([x, 1], [total, row])
    return total


def expanded(polynomial, centres, steps):
    """Return c and balls s_i such that p(x + h) = c + Σ s_i h_i for all h in `steps`, one variable after the other."""
    rows = list(polynomial)
    for i in range(len(rows)):
        for j in range(len(rows) - 2, i - 1, -1):
            rows[j] = mixed([1, centres[0]], rows[j : j + 2])
    slope = horner(rows[1:] or [mixed([0], rows)], steps[0])
    if len(centres) == 1:
        return rows[0], [slope]
    for x in centres[1:]:
        slope = horner(slope, x)
    return expanded(rows[0], centres[1:], steps[1:])[0], [
        slope,
        *expanded(horner(rows, steps[0]), centres[1:], steps[1:])[1],
    ]


# 9. Decisions


def signs(x):
    """The signs that the numbers of a ball may have."""
    return {s for s, impossible in ((-1, x >= 0), (0, x > 0 or x < 0), (1, x <= 0)) if not impossible}


def rising(start, slope):
    """The signs of c + s h for h ≥ 0 from those of c and s."""
    same = next((s for s in (1, -1) if start <= {0, s} and slope <= {0, s}), None)
    return {-1, 0, 1} if same is None else start | (slope if start == {0} else {same})


def differences(operators, sides):
    """Return left − right for each link, taken into a minimum or maximum that one of them is."""
    found = []
    for operator, left, right in zip(operators, sides, sides[1:], strict=False):
        tree = make("-", left, right)
        for side, other in ((left, right), (right, left)):
            if operator not in ("==", "!=") and not isinstance(side, Q) and side[0] in ("min", "max"):
                tree = make(side[0], *(make("-", part, other) for part in side[1:]))
                tree = tree if side is left else make("neg", tree)
                break
        found.append(tree)
    return found


def is_identity(tree, box):
    """Whether a rational expression vanishes at more points than its degree admits, and so everywhere."""

    def degree(tree):
        if isinstance(tree, Q) or tree[0] in ("turn", "var"):
            return int(not isinstance(tree, Q) and tree[0] == "var")
        if tree[0] not in ("+", "-", "*", "/", "neg", "**"):
            return MAX_BITS
        return degree(tree[1]) * abs(tree[2]) if tree[0] == "**" else sum(map(degree, tree[1:]))

    if not isinstance(tree, Q) and any(part[0] == "**" and not isinstance(part[2], Q) for part in parts_of(tree)):
        return False
    count, free = degree(tree) + 1, {name: ends for name, ends in box.items() if ends[0] < ends[1]}
    if count ** len(free) > 4096 or any(part[0] == "**" and part[2].denominator > 1 for part in parts_of(tree)):
        return False
    grid = product(
        *([(("var", n), a + (b - a) * Q(i, int(count))) for i in range(int(count))] for n, (a, b) in free.items())
    )
    return all(exact_sign(replaced(tree, dict(point).get)) == 0 for point in grid)


class Prover:
    """Decides comparisons for one case; models are made once and kept."""

    def __init__(self, case, recorded=()):
        self.case, self.recorded, self.models, self.parts, self.near = case, dict(recorded), {}, 0, Q(1, case.k + 16)

    def leaf(self, trees, box, goal):
        """Return the function that gives variables and quantities their forms on a box, and its free variables."""
        free = [name for name, (low, high) in box.items() if low < high]
        squared = "radius" in free and box["radius"][1] ** 2 <= self.near
        ends = {n: (a * a, b * b) if squared and n == "radius" else (a, b) for n, (a, b) in box.items()}
        # From 0 on a box is seen from there, so that what vanishes there does so exactly.
        middle = {n: (a + b) / 2 if a else a for n, (a, b) in ends.items()}
        steps = [ball(ends[n][0] - middle[n]).union(ball(ends[n][1] - middle[n])) for n in free]
        known = {n: Form(ball(middle[n]), {free.index(n): arb(1)} if n in free else {}, steps) for n in box}
        if "radius" in box:
            # Near 0 the variable is r²; r itself has no slope there.
            r = known["radius"]
            known[SQUARE[1]] = r if squared else through(r, lambda x: power(x, 2), lambda x: 2 * x)
            known["radius"] = Form(ball(box["radius"][0]).union(ball(box["radius"][1]))) if squared else r
        names = tuple(dict.fromkeys(part[1:] for tree in trees for part in parts_of(tree) if part[0] == "mean"))

        def leaf(tree):
            key = tree[1] if tree[0] == "var" else tree
            if key not in known:
                if tree[0] == "mean":
                    found = self.means(names, free, known, squared, goal)
                    known.update({("mean", *name): form for name, form in found.items()})
                else:
                    known[key] = Form(self.quantity(tree, goal))
            return known[key]

        return leaf, free

    def means(self, names, free, known, squared, goal):
        """Return the forms of means."""
        case, axes, coordinates, tile = self.case, [], [], []
        first, *others = case.classes
        for ratio in dict.fromkeys(make("/", weight, first) for weight in others):
            if not isinstance(ratio, Q):
                axes.append(("ratio", ratio))
                coordinates.append(evaluate(("log", ratio), lambda tree: known[tree[1]]))
        if "radius" in free:
            square = known[SQUARE[1]]
            axes.append(("zero" if squared else "log", None))
            coordinates.append(square if squared else through(square, *MAPS["log"]))
        for (kind, _), coordinate in zip(axes, coordinates, strict=True):
            # Tiles overlap by a tenth, so that every small enough box lies in one.
            width = (
                float(self.near) / 2 if kind == "zero" else min(0.8, 4 / math.sqrt(case.k)) if kind == "log" else 0.6
            )
            if not coordinate.range.is_finite():
                raise WideError(max(coordinate.slopes))
            middle = (
                width
                if kind == "zero"
                else (math.floor(float(coordinate.range.mid()) / (1.8 * width)) + 0.5) * 1.8 * width
            )
            if kind != "zero" and not abs(coordinate.range - middle) <= width:
                raise WideError(
                    max(
                        coordinate.slopes, key=lambda i: float((coordinate.slopes[i] * coordinate.steps[i]).abs_upper())
                    )
                )
            tile.append((middle, width))
        key = names, goal, tuple(tile), tuple(axes)
        if key not in self.models and axes:
            if len(axes) > 3:
                raise NotCoveredError("boxes with more than three coordinates")
            self.models[key] = Model(case, names, axes, tile, goal)
        elif key not in self.models:
            v = known[SQUARE[1]].centre if SQUARE[1] in known else ball(case.radius**2)
            classes = [(ball(w), members) for w, members in case.classes.items()]
            self.models[key] = {n: Form(x) for n, x in means(case.k, classes, v, goal, names).items()}
        return self.models[key].forms(coordinates) if axes else self.models[key]

    def quantity(self, tree, goal):
        """Return a ball around a quantity that does not vary."""
        if tree[0] == "lloyd":
            return lloyd_radius(tree[1], goal)
        return best_factor(*tree[1:]) if tree[0] == "bound" else found_by_search(self, *tree[1:])

    def prove(self, operators, trees, box, sides=(), *, without=False, shown=True, goals=(7, 14, 25, 45, 90, 180, 360)):
        """Yield for parts of a box the forms of differences (left − right), and of sides, where all links hold.

        The box is halved, or the digits raised, as need be; `without` the radius 0. Unless the links are to be shown, the
        box is a point, and the first digits do with which all signs are known. Raises RejectedError where a link fails.
        """
        waiting = [(box, 0)]
        while waiting:
            part, level = waiting.pop()
            self.parts += 1
            if self.parts > MAX_PARTS:
                raise RejectedError("the statement is not shown with the digits and parts that this verifier takes")
            try:
                with Precision(goals[level] * 2 + 120):
                    yield self.decided(operators, trees, part, sides, goals[level], without, shown)
            except WideError as wide:
                low, high = part[wide.args[0]] if wide.args[0] else (0, 0)
                first = box[wide.args[0]] if wide.args[0] else (0, 0)
                if high - low <= (first[1] - first[0]) / 2**14:
                    if level + 1 == len(goals):
                        raise RejectedError(
                            "the statement is not shown with the digits that this verifier takes"
                        ) from None
                    waiting.append((part, level + 1))
                    continue
                cut = (low + high) / 2
                if wide.args[0] == "radius" and low == 0 and high**2 > self.near:
                    cut = min(cut, Q(math.isqrt(int(self.near * 2**40)), 2**20))
                waiting += [(part | {wide.args[0]: (cut, high)}, level), (part | {wide.args[0]: (low, cut)}, level)]

    def decided(self, operators, trees, part, sides, goal, without, shown):
        """Return the forms on a part, or raise WideError with the variable that matters most."""
        leaf, free = self.leaf((*trees, *sides), part, goal)
        try:
            forms = [evaluate(tree, leaf) for tree in trees]
        except WideError as wide:
            raise WideError(free[wide.args[0]]) from None
        open_links, false = [], False
        for operator, tree, form in zip(operators, trees, forms, strict=True):
            possible = signs(form.range)
            if not free and len(possible) > 1 and is_algebraic(tree):
                possible = {exact_sign(tree)}
            elif len(free) == 1 and not part[free[0]][0] and form.slopes:
                slope = signs(form.slopes[0])
                possible &= slope if without and signs(form.centre) == {0} else rising(signs(form.centre), slope)
            elif operator in ("==", "!=") and free and is_identity(tree, part):
                possible = {0}
            if shown and not possible & HOLDS[operator]:
                raise RejectedError(
                    f"the statement fails near {[f'{n} = {float(a):.9g}' for n, (a, _) in part.items()]}"
                )
            false |= not possible & HOLDS[operator]
            open_links += [form] if not possible <= HOLDS[operator] and possible & HOLDS[operator] else []
        for form in open_links if not false else ():
            sizes = {i: float((s * form.steps[i]).abs_upper()) for i, s in form.slopes.items()}
            index = max(sizes, key=lambda i: sizes[i] if sizes[i] < math.inf else -1.0) if sizes else None
            # Where it is the error of the means that matters, halving does not help.
            small = index is not None and sizes[index] < 2 * float(form.centre.rad())
            raise WideError(None if small or not free else free[index or 0])
        return forms, [evaluate(side, leaf) for side in sides]


SLACK = Q(1, 10**5)
"""By so much, relative to its value, what a search has found is relaxed before it is proved here."""


def flat_from(case, room):
    """A radius from which on λ_max(I − ∇²ℓ) is below a number: at most k²/(2√π s) and (2e/s)(1 + |a|²/s²) (section 9)."""
    k, s, largest = case.k, Q(1), lloyd_radius(case.k, 30) * (arb(case.k - 1) / case.k).sqrt()
    logs = [(len(members), ball(weight).log()) for weight, members in case.classes.items()]
    mean = sum((n * x for n, x in logs), arb(0)) / k
    square = sum((n * power(x - mean, 2) for n, x in logs), arb(0))
    while not arb.min(k**2 / (2 * arb.pi().sqrt()), 2 * largest * (1 + square / ball(s**2))) < room * ball(s):
        s *= Q(17, 16)
    return Q(math.ceil(float(ball(s).upper()) * math.sqrt((k - 1) / k) * 1024) + 1, 1024)


def found_by_search(prover, name, argument):
    """Prove a relaxed form of the enclosure that is recorded, from the place recorded where there is one."""
    case, (lower, upper, at) = prover.case, prover.recorded[name, argument]
    if name == "iterations_to_kl":
        return iterations(case, argument, lower, upper)

    def everywhere(quantity, operator, bound, end, place):
        """Show a bound on a quantity on [0, end]; return its ball at a place."""
        varying = Case(case.k, case.d, case.weights, ("var", "radius"), None, {})
        for _ in Prover(varying).prove([operator], [make("-", quantity(varying), bound)], {"radius": (Q(0), end)}):
            pass
        if isinstance(place, Q):
            tree, fixed = quantity(case.at({"radius": place})), Prover(case.at({"radius": place}))
            return evaluate(tree, fixed.leaf([tree], {}, 30)[0]).range
        return None

    if name == "strong_convexity_radius":
        bound, low, high = make("*", argument, case.gap()), lower, upper * (1 + SLACK)
        if not isinstance(lower, Q):
            low = flat_from(case, 1 - evaluate(bound, None).range) / (1 - SLACK)
        value = everywhere(lambda c: c.quantity("hessian_min_eigenvalue"), ">", bound, low * (1 - SLACK), high)
        if value is not None and not value < evaluate(bound, None).range:
            raise RejectedError(f"{name} is not as small as recorded")
        return ball(low * (1 - SLACK)).union(ball(high)) if value is not None else arb.pos_inf()
    if not isinstance(at, Q) or not 0 <= at <= argument:
        raise RejectedError(f"{name} is recorded without a place at which it is attained")
    if name == "pl_constant":
        bound, squares = (
            lower * (1 - SLACK),
            [(Q(2 - (2 * m == case.k), case.k - 1), case.square(m)) for m in case.halves],
        )
        value = everywhere(lambda c: c.quantity("pl_ratio"), ">=", bound, argument, at or None)
        # Towards the origin the ratio tends to Σ w β²/Σ w β, β = |π̂|².
        limit = [make("+", *(make("*", w, make("**", s, Q(n))) for w, s in squares)) for n in (2, 1)]
        return ball(bound).union(evaluate(("/", *limit), None).range if value is None else value)
    bound = (1 - upper) * (1 - SLACK)
    least_power = everywhere(lambda c: make("min", *map(c.power, c.halves)), ">=", bound, argument, at)
    return 1 - ball(bound).union(least_power)


def small_radii(case, near):
    """A model of β and 2KL/r² for r² from 0 on."""
    varying = Case(case.k, case.d, case.weights, ("var", "radius"), None, {})
    return Model(varying, (("b", 1), ("B",)), [("zero", None)], [(float(near) / 2, float(near) / 2)], 24)


@lru_cache(maxsize=64)
def trajectory(weights, radius):
    """Pairs of bounds on the radii of EM's iterates on a simplex that it preserves, to be continued: a list."""
    return [(ball(radius), ball(radius))]


def iterations(case, eps, lower, upper):
    """Steps of EM until KL ≤ eps, if they are as recorded: KL falls at each step.

    r ↦ (1 − β)r rises with r, as it is the derivative of Λ, which is convex; so does KL.
    """
    k, classes = case.k, tuple((ball(w), members) for w, members in case.classes.items())
    if not isinstance(case.radius, Q) or not (k <= 3 or case.flat):
        raise NotCoveredError("trajectories that leave the regular simplex")
    if not isinstance(lower, Q) or lower.denominator > 1 or not 0 <= lower <= upper <= 5000:
        raise RejectedError("iterations_to_kl is recorded as no number of at most 5000 steps")
    radii, near = trajectory(tuple(case.weights), case.radius), Q(1, k + 16)
    start = small_radii(case, near)

    def mean(name, r):
        """β or 2KL/r² at a radius; near 0 by its expansion."""
        return (
            start.forms([Form(r * r)])[name].range
            if r * r <= ball(near)
            else means(k, classes, r * r, 24, (name,))[name]
        )

    while len(radii) <= upper:
        moved = [(1 - mean(("b", 1), r)) * r for r in radii[-1]]
        radii.append((arb(moved[0].lower()).mid(), arb(moved[1].upper()).mid()))

    def divergence(r):
        return r * r / 2 * mean(("B",), r)

    low = lower == 0 or divergence(radii[int(lower) - 1][0]) > ball(eps)
    if not low or not divergence(radii[int(upper)][1]) <= ball(eps):
        raise RejectedError("the number of steps is not as recorded")
    return ball(lower).union(ball(upper))


# 10. A certificate

LEVELS = ("observed", "supported", "certified", "proved")
KEYS = {
    "certificate": "format version claim verdict level margin as_expected cases derivations versions fingerprint",
    "case": "k d weights_sha256 radius amplitudes for_all assumptions cells",
    "cell": "method point stretch window assumptions digits quantities comparisons",
    "quantity": "quantity arguments route level lower upper at",
    "comparison": "comparison holds level margin left right difference power",
}
CLAIM_KEYS = "id statement derivation general k weights d radius amplitudes for_all assume expect family values"


def require(kind, values):
    """Raise RejectedError unless these parts of a certificate have the keys of their kind."""
    if any(set(value) != set(KEYS[kind].split()) for value in values):
        raise RejectedError(f"{kind}: it has other keys than the format")


def recorded_quantity(each):
    """Return the name and argument of a recorded quantity, and its ends and place."""
    argument = next((number(x) for x in each["arguments"].values()), Q(0))
    place = None if each["at"] is None else number(each["at"])
    if (each["route"], each["level"]) not in (("exact", "exact"), ("ball", "certified")):
        raise RejectedError("quantities: one is of no rigorous route")
    return (each["quantity"], argument), (number(each["lower"]), number(each["upper"]), place)


def may_be(value, ends):
    """Raise RejectedError unless a ball may lie between recorded ends."""
    if value.centre < ball(number(ends["lower"])) or value.centre > ball(number(ends["upper"])):
        raise RejectedError("comparisons or quantities: one is not what is recorded")


def check(found):
    """Check a certificate and return what was shown; raises RejectedError or NotCoveredError."""
    claim, verdict, level = found["claim"], found["verdict"], found["level"]
    refuted, expected, cells = (
        verdict == "refuted",
        claim.get("expect", "holds"),
        [c for case in found["cases"] for c in case["cells"]],
    )
    require("certificate", [found])
    if claim.get("family"):
        raise NotCoveredError(f"the family {str(claim['family'])[:40]}, which is not one of tied mixtures")
    require("case", found["cases"])
    require("cell", cells)
    for cell in cells:
        require("quantity", cell["quantities"])
        require("comparison", cell["comparisons"])
    if not {"id", "k"} <= set(claim) <= set(CLAIM_KEYS.split()) or not claim["id"]:
        raise RejectedError("claim: it has other keys than the format")
    if expected not in ("holds", "refuted") or found["as_expected"] is not (refuted == (expected == "refuted")):
        raise RejectedError("as_expected: it does not follow from the verdict")
    if (
        level not in LEVELS
        or verdict not in (level, "refuted")
        or bool(claim.get("derivation")) == bool(found["cases"])
    ):
        raise RejectedError("level: it is not that of the verdict, or there is no evidence of its kind")
    if claim.get("derivation"):
        raise NotCoveredError("derivations, which SymPy checks step by step")
    if (
        [case["k"] for case in found["cases"]] != claim["k"]
        or len(set(claim["k"])) < len(claim["k"])
        or (refuted and len(cells) != 1)
    ):
        raise RejectedError("cases: they are not one for each k of the claim, or a refutation has not one cell")
    links = [LEVELS.index(c["level"]) for cell in cells for c in cell["comparisons"] if c["holds"] is not refuted]
    sampled = any(
        case["for_all"] and len(case["cells"]) > 1 and all(c["method"] == "point" for c in case["cells"])
        for case in found["cases"]
    )
    if not links or LEVELS.index(level) != (max(links) if refuted else min(*links, 1 if sampled else 3, 3)):
        raise RejectedError("level: it does not follow from the comparisons")
    spans = spans_of(claim)
    if level in LEVELS[:2]:
        raise NotCoveredError(f"evidence of level {level}, which proves nothing")
    parts = sum(check_case(claim, case, spans, found) for case in found["cases"] if not refuted or case["cells"])
    return f"{len(cells)} cell{'s' * (len(cells) != 1)}, {parts} part{'s' * (parts != 1)}"


def check_case(claim, record, spans, found):
    """Check the cells of one k; return into how many parts they were divided."""
    k, refuted, names = record["k"], found["verdict"] == "refuted", tuple(spans)
    if any(name.startswith("amplitude_") for name in names):
        raise NotCoveredError("boxes of amplitudes")
    if not 2 <= k <= 65536:
        raise NotCoveredError("more than 65536 components")
    if not refuted and any(up == math.inf for _, up, *_ in spans.values()):
        raise NotCoveredError("statements that hold on intervals without an upper end")
    given = None if "radius" in spans or "radius" not in claim else number(claim["radius"])
    amplitudes = [number(a) for a in claim["amplitudes"]] if "amplitudes" in claim else None
    if any(x < 0 for x in (given or 0, *(amplitudes or ()))) or (amplitudes and len(amplitudes) != k // 2):
        raise RejectedError("claim: its point has a negative coordinate, or not one for each frequency")
    radius = ("var", "radius") if "radius" in spans else given
    case = Case(k, claim.get("d", k - 1), weights_of(claim, k, names), radius, amplitudes, {})
    middle = case.at({n: low + 1 if up == math.inf else (low + up) / 2 for n, (low, up, *_) in spans.items()})
    digest = hashlib.sha256(",".join(map(str, middle.weights)).encode()).hexdigest()
    texts = {n: f"{'[('[a]}{low}, {up}{'])'[b]}" for n, (low, up, a, b) in spans.items()}
    expected = case.d, digest, None if given is None else str(given), amplitudes and list(map(str, amplitudes)), texts
    if expected != tuple(record[name] for name in ("d", "weights_sha256", "radius", "amplitudes", "for_all")):
        raise RejectedError(f"cases: that of k = {k} is not the claim's")
    for operators, sides, _ in (parse(text, names) for text in claim.get("assume", ()) if not spans):
        trees = differences(operators, [case.translated(side) for side in sides])
        ((forms, _),) = Prover(case).prove(operators, trees, {}, shown=False)
        if any(map(is_false, operators, trees, forms)):
            if record["cells"]:
                raise RejectedError("cells: an assumption excludes this case")
            return 0
    boxes, whole = (
        [place_of(cell, spans) for cell in record["cells"]],
        {n: (low, up) for n, (low, up, *_) in spans.items()},
    )
    if refuted and any(
        not low <= a <= b <= up or (a == b and ((no_low and a == low) or (no_up and b == up)))
        for n, (low, up, no_low, no_up) in spans.items() for a, b in [boxes[0][n]]
    ):  # fmt: skip
        raise RejectedError("cells: the witness lies outside the domain")
    # An expansion at the origin says nothing about the origin itself: a point must, unless it is left out.
    origin = any(c["method"] == "origin" for c in record["cells"]) and not spans["radius"][2] and not spans["radius"][0]
    if not refuted and (
        not is_cover(boxes, whole)
        or (not spans and len(boxes) > 1)
        or (origin and {"radius": (Q(0), Q(0))} not in boxes)
    ):
        raise RejectedError("cells: they leave a gap in the domain")
    if spans and not refuted and not all(isinstance(weight, Q) for weight in case.weights):
        check_weights(case, whole, all(not a and not b for *_, a, b in spans.values()))
    statement, provers = parse(claim["statement"], names), {}
    return sum(check_cell(case, statement, *each, provers, found) for each in zip(record["cells"], boxes, strict=True))


def check_weights(case, whole, closed):
    """Check that weights are positive on all of a domain (where its ends belong to it), and sum to 1."""
    total = make("-", make("+", *case.weights), Q(1))
    if total != 0 and not is_identity(total, whole):
        raise NotCoveredError("weights that are not seen to sum to 1")
    for weight in case.classes:
        if not isinstance(weight, Q) or weight <= 0:
            for _ in Prover(case).prove([">" if closed else ">="], [weight], whole):
                pass


def place_of(cell, spans):
    """Return the closed box of a cell."""
    method, point, stretch = cell["method"], cell["point"], cell["stretch"]
    if method == "algebra" and point is not None:
        raise NotCoveredError("witnesses with irrational coordinates")
    box = {name: (low, up) for name, (low, up, *_) in spans.items()}
    if method == "point":
        box = {name: (number(x), number(x)) for name, x in (point or {}).items()}
    elif method != "algebra":
        box = {
            n: (number(a), number(b))
            for n, (a, b) in (dict.fromkeys(spans, stretch) if isinstance(stretch, list) else stretch).items()
        }
    known = method in ("point", "origin", "model", "enclosure", "box", "taylor", "algebra")
    if (
        not known
        or box.keys() != spans.keys()
        or any(a > b for a, b in box.values())
        or (isinstance(stretch, list) and len(box) > 1)
    ):
        raise RejectedError("cells: one does not say where it is, or in other variables")
    return box


def check_cell(case, statement, cell, box, provers, found):
    """Check one cell: what is recorded, and that the statement holds, or fails at the witness."""
    (operators, sides, texts), refuted = statement, found["verdict"] == "refuted"
    shown = [f"{a} {operator} {b}" for (a, b), operator in zip(pairwise(texts), operators, strict=True)]
    if [c["comparison"] for c in cell["comparisons"]] != shown or all(
        c["holds"] is True for c in cell["comparisons"]
    ) is refuted:
        raise RejectedError("comparisons: they are not those of the statement, or do not decide it")
    recorded = list(map(recorded_quantity, cell["quantities"]))
    if refuted or all(a == b for a, b in box.values()):
        case, box = case.at({name: (a + b) / 2 for name, (a, b) in box.items()}), {}
    key = tuple(box), tuple(recorded)
    if not box or key not in provers:
        provers[key] = Prover(case, recorded)
    prover, translated = provers[key], [case.translated(side) for side in sides]
    trees, before = differences(operators, translated), provers[key].parts
    asked = [each for each in cell["quantities"] if each["quantity"] not in SEARCHES and not box]
    also = [case.quantity(each["quantity"], *map(number, each["arguments"].values())) for each in asked]
    failing = False
    for forms, values in prover.prove(
        operators, trees, box, translated + also, without=cell["method"] == "origin", shown=not refuted
    ):
        for each, value in zip(asked, values[len(sides) :], strict=True):
            may_be(value, each)
        for record, operator, tree, form, (left, right) in zip(
            cell["comparisons"], operators, trees, forms, pairwise(values[: len(sides)]), strict=True
        ):
            fails = is_false(operator, tree, form) if refuted else False
            failing |= fails
            decisive = fails or not refuted
            if record["level"] == "proved" and decisive and not is_exact(tree):
                raise RejectedError("level: nothing exact decides a comparison that is recorded as proved")
            may_be(left, record["left"])
            may_be(right, record["right"])
            margins = [number(text) for text in (record["margin"], found["margin"]) if text is not None and decisive]
            if any(margin > 0 and margin != math.inf and abs(form.centre) < ball(margin) for margin in margins):
                raise RejectedError("margin: the sides are nearer to each other than recorded")
    if refuted and not failing:
        raise RejectedError("the statement is not shown to fail at the witness")
    return prover.parts - before


def is_false(operator, tree, form):
    """Whether a comparison at a point certainly fails."""
    possible = signs(form.range)
    return not (({exact_sign(tree)} if len(possible) > 1 and is_algebraic(tree) else possible) & HOLDS[operator])


def is_exact(tree):
    """Whether a number is known by algebra, π and, of Lloyd's radius, closed forms."""
    allowed = ("turn", "+", "-", "*", "/", "**", "neg", "sqrt", "abs", "min", "max", "var", "sin", "cos", "log")
    return all(part[0] in allowed or (part[0] == "lloyd" and part[1] <= 5) for part in parts_of(tree))


# 11. The command


def outcome_of(certificate: object) -> tuple[str, str]:
    """Return what came of a certificate or the path of its file, and why: accepted, rejected, not covered or bad."""
    try:
        with Precision(160):
            return "accepted", check(read(certificate) if isinstance(certificate, Path) else certificate)
    except NotCoveredError as error:
        return "not covered", str(error)
    except BadInputError as error:
        return "bad", str(error)
    except RejectedError as error:
        return "rejected", str(error)
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        return "rejected", f"it is malformed ({type(error).__name__}: {str(error)[:80]})"
    except (RecursionError, MemoryError):
        return "rejected", "it is nested too deeply, or too large"


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
    summary = ", ".join(
        f"{counts[name]} {name}" for name in ("accepted", "rejected", "not covered", "bad") if counts[name]
    )
    noun = "certificate" if sum(counts.values()) == 1 else "certificates"
    print(f"{sum(counts.values())} {noun}: {summary or 'none'} ({time.perf_counter() - begin:.1f} s)")
    for why, count in reasons.most_common():
        print(f"  {count} not covered: {why}")
    return exit_status(counts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
