"""A box of variables, and generators on it: numbers and functions with their jets, by which signs are decided."""

import math

from flint import arb

from .balls import ANY, ONE, UNIT, jet, power, product_of, signs_of, up_to
from .forms import POLYNOMIALS, SIZE, Form, as_polynomial, used, used_in
from .outcomes import UNDECIDED, MoreError, require
from .reading import INFINITY


class Box:
    """Intervals of variables, and generators: numbers and functions there with their jets.

    Variables are taken from their middles. Near radius 0 (`edge` 1) the radius is a generator itself, and far out
    (`edge` −1) its inverse is: polynomials are divided by it as often as they can be, so that what is left may be
    decided at 0, too.

    Attributes
    ----------
    box
        Variable → ends.
    names
        Variables and other keys → the forms that they are.
    jets
        Generator → value at the centre, range, and slopes in the variables that are free.
    closed
        Generators that are known in closed form; what is made of them alone is exact.
    plain
        Generators that are variables, less their middles.
    nonzero
        Generators that are not 0, though their ranges end there.
    searched
        Generators that depend on what a search has found, which is only known with some room.
    small
        The generator that is the radius near 0, or its inverse far out.
    relations
        Polynomials that vanish: s² − x for a square root s of x.
    divisors
        Polynomials that something was divided by: where one may be 0, nothing has a sign.
    """

    def __init__(self, box, near):
        low, high = box.get("radius", (ONE, ONE))
        if low == 0 and high == INFINITY:
            raise MoreError("radius")
        far = high == INFINITY
        self.box, self.edge = box, -1 if far else int(low < high and (near or low == 0))
        self.free = [name for name, (start, end) in box.items() if start < end]
        self.names, self.jets, self.small = {}, {}, None
        self.closed, self.plain, self.nonzero, self.searched = set(), set(), set(), set()
        self.relations, self.divisors = [], []
        for name, (start, end) in box.items():
            if name == "radius" and self.edge:
                self.add_small_variable(*((0 * start, 1 / start) if far else (start, end)))
            else:
                self.add_variable(name, start, end)

    def add_variable(self, name, start, end):
        """Add a variable: its middle and, if it varies, a generator for the rest."""
        middle, half = (start + end) / 2, arb(end - start) / 2
        self.names[name] = self.form(middle)
        if start < end:
            rest = self.generator(("variable", name), (arb(0), half * UNIT, self.slopes(name, half)), closed=True)
            self.names[name] += rest
            self.plain |= used_in(rest)

    def add_small_variable(self, start, end):
        """Add the radius near 0, or its inverse far out, as a generator."""
        middle, half = (start + end) / 2, arb(end - start) / 2
        ball = arb(middle) + half * UNIT if start else up_to(arb(end))
        found = arb(middle), ball, self.slopes("radius", half)
        self.small = self.generator(("variable", "radius"), found, closed=True)
        inverse = Form(self, as_polynomial(1), self.small.top)
        self.names["radius"] = self.small if self.edge > 0 else inverse

    def slopes(self, name, slope):
        """Return the slopes of a function of one variable."""
        return [slope if each == name else arb(0) for each in self.free]

    def form(self, x):
        """Return a form, or a number as one."""
        return x if isinstance(x, Form) else Form(self, as_polynomial(x))

    def generator(self, key, found, *, closed=False, of=None):
        """Return the generator with a key, which is made if there is none.

        Parameters
        ----------
        key
            Whatever names it.
        found
            Its jet, or a ball around a number.
        closed
            Whether it is known in closed form.
        of
            The form that it is a function of, if it is one.
        """
        if key not in self.names:
            index = SIZE - 1 - len(self.jets)
            require(index >= 0, "so many quantities at once", UNDECIDED)
            self.jets[index] = found if isinstance(found, tuple) else (found, found, [arb(0)] * len(self.free))
            if closed:
                self.closed.add(index)
            if of is not None and self.is_searched(of):
                self.searched.add(index)
            self.names[key] = Form(self, POLYNOMIALS.gen(index))
        return self.names[key]

    def is_closed(self, form):
        """Whether a form is known in closed form."""
        return used_in(form) <= self.closed

    def is_searched(self, form):
        """Whether a form depends on what a search has found."""
        return not self.searched.isdisjoint(used_in(form))

    def middle(self):
        """Return the centre of the box, as a box."""
        ends = ((name, 2 * low if high == INFINITY else (low + high) / 2) for name, (low, high) in self.box.items())
        return {name: (x, x) for name, x in ends}

    # Values

    def polynomial_jet(self, polynomial):
        """Return the jet of a polynomial."""
        if polynomial.is_constant():
            value = arb(polynomial.leading_coefficient())
            return value, value, [arb(0)] * len(self.free)
        gradient, degrees = dict.fromkeys(used(polynomial), arb(0)), polynomial.degrees()
        powers = {(i, n): [power(x, n) for x in self.jets[i][:2]] for i in gradient for n in range(1, degrees[i] + 1)}
        centre, natural = arb(0), arb(0)
        for exponents, coefficient in polynomial.to_dict().items():
            factors = {i: (i, exponents[i]) for i in gradient if exponents[i]}
            centre += math.prod((powers[each][0] for each in factors.values()), start=arb(coefficient))
            natural += math.prod((powers[each][1] for each in factors.values()), start=arb(coefficient))
            for i, (_, n) in factors.items() if self.free else ():
                others = (powers[each][1] for j, each in factors.items() if j != i)
                lowered = powers[i, n - 1][1] if n > 1 else arb(1)
                gradient[i] += math.prod(others, start=coefficient * n * lowered)
        slopes = [sum((x * self.jets[i][2][m] for i, x in gradient.items()), arb(0)) for m in range(len(self.free))]
        return jet(centre, natural, slopes)

    def jet(self, form):
        """Return the jet of a form: value at the centre, range, and slopes."""
        top, range_of_top, slopes = self.polynomial_jet(form.top)
        bottom, range_of_bottom, others = self.polynomial_jet(form.bottom)
        natural = range_of_top / range_of_bottom
        quotient_rule = ((s - natural * t) / range_of_bottom for s, t in zip(slopes, others, strict=True))
        return jet(top / bottom, natural, list(quotient_rule))

    def centre(self, form):
        """Return a ball around a form at the centre of the box."""
        return self.jet(form)[0]

    def range(self, form):
        """Return a ball around a form on the box."""
        return self.jet(form)[1]

    # Signs

    def without_small(self, polynomial):
        """Return a polynomial divided by the small variable as often as it can be, and how often."""
        if not self.small:
            return polynomial, 0
        (index,) = used_in(self.small)
        n = min((exponents[index] for exponents in polynomial.monoms()), default=0)
        return (polynomial / self.small.top**n if n else polynomial), n

    def signs(self, form):
        """Return the signs that a form may have on the box (T2)."""
        if any(0 in self.polynomial_signs(each) for each in self.divisors):
            return ANY  # It may have no value.
        infinite = {i for i, (_, ball, _) in self.jets.items() if not ball.is_finite()}
        if infinite:  # That has to be in it, and to decide.
            ball = self.range(form)
            return signs_of(ball) if infinite <= used(form.top) and (ball > 0 or ball < 0) else ANY
        return product_of(self.polynomial_signs(form.top), self.polynomial_signs(form.bottom) - {0})

    def polynomial_signs(self, polynomial):
        """Return the signs that a polynomial may have: by its range, or by its terms where their signs agree (T2)."""
        for relation in reversed(self.relations):
            polynomial %= relation
        polynomial, n = self.without_small(polynomial)
        possible = signs_of(self.polynomial_jet(polynomial)[1])
        if len(possible) > 1:
            possible &= self.signs_by_terms(polynomial)
        return possible | ({0} if n and self.box["radius"][0] == 0 else set())

    def signs_by_terms(self, polynomial):
        """Return the signs of a sum of terms, each a product of generators and a polynomial in variables."""
        terms = {}
        for exponents, coefficient in polynomial.to_dict().items():
            variables = tuple(n if i in self.plain else 0 for i, n in enumerate(exponents))
            others = tuple(0 if i in self.plain else n for i, n in enumerate(exponents))
            terms.setdefault(others, {})[variables] = coefficient
        signs = [self.signs_of_term(*each) for each in terms.items()]
        together = set().union(*signs)
        if {-1, 1} <= together:
            return ANY
        strict = [sign for sign in (-1, 1) if {sign} in signs]
        return set(strict) if strict else together

    def signs_of_term(self, exponents, coefficient):
        """Return the signs of a product of generators and a polynomial in variables, by its factors."""
        content, factors = POLYNOMIALS.from_dict(coefficient).factor()
        signs = signs_of(arb(content))
        for factor, n in factors:
            signs = product_of(signs, signs_of(self.polynomial_jet(factor)[1]), n)
        for i, n in enumerate(exponents):
            if n:
                impossible = {0} if i in self.nonzero else set()
                signs = product_of(signs, signs_of(self.jets[i][1]) - impossible, n)
        return signs
