"""Fractions of polynomials with rational coefficients, in generators that a box knows by balls.

Sums and products of fractions are exact, so that what is equal cancels.
"""

import math

from flint import fmpq, fmpq_mpoly_ctx

from .outcomes import MAX_BITS, MAX_TERMS, UNDECIDED, require

SIZE = 32
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
            return Form(self.box, self.top + other.top, self.bottom)
        return Form(self.box, self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

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
        for polynomial in (self.top, self.bottom):
            terms, size = len(polynomial.coeffs()), len(str(polynomial))
            few = size * abs(n) < MAX_BITS and math.comb(abs(n) + terms, abs(n) + 1) < MAX_TERMS
            require(few, "powers of such a size", UNDECIDED)
        return Form(self.box, self.top**n, self.bottom**n) if n >= 0 else self.box.form(1) / self**-n

    __radd__, __rmul__ = __add__, __mul__


def bounded(form):
    """Return a form; raise OutcomeError if it has so many terms that those of a few more factors would not end."""
    few = max(len(polynomial.coeffs()) for polynomial in (form.top, form.bottom)) < MAX_TERMS
    require(few, "so many terms", UNDECIDED)
    return form


def constant(form):
    """Return the rational number that a form is, or None."""
    if not (form.top.is_constant() and form.bottom.is_constant()) or form.bottom.is_zero():
        return None
    return form.top.leading_coefficient() / form.bottom.leading_coefficient()


def as_polynomial(number):
    """Return a rational number as a polynomial."""
    return POLYNOMIALS.constant(fmpq(number))


def used(*polynomials):
    """Return the generators in polynomials."""
    return {i for polynomial in polynomials for i, n in enumerate(polynomial.degrees()) if n > 0}


def used_in(form):
    """Return the generators in a form."""
    return used(form.top, form.bottom)
