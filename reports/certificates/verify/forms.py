"""Fractions of polynomials with rational coefficients, in generators that a box knows by balls.

Sums and products of fractions are exact, so that what is equal cancels.
"""

import math
from functools import lru_cache
from itertools import compress

from flint import arb, fmpq, fmpq_mpoly_ctx

from .reading import MAX_BITS, MAX_TERMS, UNDECIDED, require

SIZE = 88
"""So many generators. They are taken from the last on, as in a relation the latest has to come first."""
POLYNOMIALS = fmpq_mpoly_ctx.get([("x", SIZE)], "lex")


class Form:
    """A fraction of polynomials in the generators of a box."""

    def __init__(self, box, top, bottom=None):
        self.box, self.top = box, top
        self.bottom = POLYNOMIALS.constant(1) if bottom is None else bottom

    def __add__(self, other):
        other = self.box.form(other)
        if self.bottom == other.bottom:
            return plain(Form(self.box, self.top + other.top, self.bottom))
        common = self.bottom.gcd(other.bottom)  # It is one of those that do not vanish, as what it divides is.
        own, factor = self.bottom / common, other.bottom / common
        return plain(Form(self.box, self.top * factor + other.top * own, self.bottom * factor))

    def __sub__(self, other):
        return self + self.box.form(other) * -1

    def __mul__(self, other):
        other = self.box.form(other)
        return bounded(Form(self.box, self.top * other.top, self.bottom * other.bottom))

    def __truediv__(self, other):
        other = self.box.form(other)
        if constant(other) in (None, 0):
            self.box.divisors.append(other.top)  # Where it is 0 there is no value.
        return bounded(Form(self.box, self.top * other.bottom, self.bottom * other.top))

    def __pow__(self, n):
        if isinstance(n, Form):
            exponent = constant(n)
            if exponent is None or exponent.q != 1:
                return self.box.function("exp", self.box.function("log", self) * n)
            n = int(exponent)
        if n == 1:
            return self
        for polynomial in (self.top, self.bottom):
            terms, size = len(polynomial), sum(len(f"{c}*x1") for c in polynomial.coeffs())
            few = size * abs(n) < MAX_BITS and math.comb(abs(n) + terms, abs(n) + 1) < MAX_TERMS
            require(few, "powers of such a size", UNDECIDED)
        return Form(self.box, self.top**n, self.bottom**n) if n >= 0 else self.box.form(1) / self**-n

    __radd__, __rmul__ = __add__, __mul__


def bounded(form):
    """Return a form; raise OutcomeError if it has so many terms that those of a few more factors would not end."""
    few = max(len(polynomial.coeffs()) for polynomial in (form.top, form.bottom)) < MAX_TERMS
    require(few, "so many terms", UNDECIDED)
    return plain(form)


def plain(form):
    """Return a form with a denominator whose first coefficient is 1, and 1 if it is 0."""
    if form.bottom.is_one() or form.bottom.is_zero():
        return form
    if form.top.is_zero():
        return Form(form.box, form.top)
    first = form.bottom.leading_coefficient()
    return form if first == 1 else Form(form.box, form.top / first, form.bottom / first)


def constant(form):
    """Return the rational number that a form is, or None."""
    if not (form.top.is_constant() and form.bottom.is_constant()) or form.bottom.is_zero():
        return None
    return form.top.leading_coefficient() / form.bottom.leading_coefficient()


def is_zero(form):
    """Whether a form is 0."""
    return form.top.is_zero()


def as_polynomial(number):
    """Return a rational number as a polynomial."""
    return POLYNOMIALS.constant(fmpq(number))


MANY = 50
"""Terms of a polynomial of which nothing is kept: a choice against waste."""


class Key:
    """A polynomial as a key: FLINT's are none, and of their text it never gives the memory back."""

    def __init__(self, polynomial):
        self.polynomial, found = polynomial, polynomial.coeffs()
        self.hash = hash((int(polynomial.total_degree()), *((int(c.p), int(c.q)) for c in found[:3])))

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return isinstance(other, Key) and self.polynomial == other.polynomial


def keys(*forms):
    """Return forms as keys."""
    return tuple(Key(polynomial) for form in forms for polynomial in (form.top, form.bottom))


def kept(function):
    """Return a function of a polynomial that keeps what it returns, as many boxes have the same ones."""

    @lru_cache(maxsize=2048)
    def of_key(key):
        return function(key.polynomial)

    return lambda polynomial: function(polynomial) if len(polynomial) > MANY else of_key(Key(polynomial))


@kept
def factors_of(polynomial):
    """Return the content of a polynomial and pairs of its irreducible factors and their powers."""
    few, inside = narrowed(polynomial)
    content, found = few.factor()
    return content, [(each.project_to_context(POLYNOMIALS, inside), n) for each, n in found]


def narrowed(polynomial):
    """Return a polynomial in the generators that it has only, and which these are: most takes a tenth of the time."""
    inside = dict(enumerate(compress(range(SIZE), polynomial.degrees() if polynomial else ())))
    few = fmpq_mpoly_ctx.get([("y", max(len(inside), 1))], "lex")
    return polynomial.project_to_context(few, {i: j for j, i in inside.items()}), inside


@kept
def terms_of(polynomial):
    """Return pairs of the generators with exponents, and of the coefficient, of each term."""
    few, inside = narrowed(polynomial)
    return [(tuple((inside[j], int(n)) for j, n in enumerate(x) if n), c) for x, c in few.to_dict().items()]


def split(polynomial, inside):
    """Return polynomials in other generators by the factors, of some generators, that they are multiplied by."""
    found: dict[tuple, dict[tuple[int, ...], fmpq]] = {}
    for factors, coefficient in terms_of(polynomial):
        exponents = [0] * SIZE
        for i, n in factors:
            exponents[i] = 0 if i in inside else n
        own = tuple(each for each in factors if each[0] in inside)
        found.setdefault(own, {})[tuple(exponents)] = coefficient
    return {own: POLYNOMIALS.from_dict(each) for own, each in found.items()}


def value_of(polynomial, powers, number=arb):
    """Return a polynomial where powers of generators have values, by generator and exponent."""
    terms = (math.prod(map(powers.get, factors), start=number(c)) for factors, c in terms_of(polynomial))
    return sum(terms, number(0))


def used(*polynomials):
    """Return the generators in polynomials."""
    return {i for polynomial in polynomials for factors, _ in terms_of(polynomial) for i, _ in factors}


def used_in(form):
    """Return the generators in a form."""
    return used(form.top, form.bottom)
