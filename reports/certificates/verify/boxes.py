"""A box of variables, and generators on it: numbers and functions with their jets, by which signs are decided."""

import math

from flint import arb

from .balls import ANY, ONE, UNIT, jet, power, product_of, signs_of, up_to
from .expressions import apply
from .forms import POLYNOMIALS, SIZE, Form, as_polynomial, factors_of, split, terms_of, used, used_in, value_of
from .reading import INFINITY, UNDECIDED, MoreError, require

LAST_START = 1000
"""Where what large values of a variable leave open is given up."""


class Box:
    """Intervals of variables, and generators: numbers and functions there with their jets.

    Variables are taken from their middles. Near radius 0 (`edge` 1) the radius is a generator itself, and far out
    (`edge` −1) its inverse is: polynomials are divided by it as often as they can be, so that what is left may be
    decided at 0, too.

    `box`: variable → ends; `quantities`: names of those that are known there; `names`: variables and other keys → the
    forms that they are; `jets`: generator → value at the centre, range, and slopes in the variables that are free;
    `closed`: generators that are known in closed form; what is made of them alone is exact; `plain`: generators that
    are variables, less their middles, of models as they are; `ends`: generator among these → between which numbers it
    is, exactly; `unbounded`: generators that are finite everywhere, though no ball is around all their values;
    `nonzero`: generators that are not 0, though their ranges end there; `nonnegative`: generators that are not
    negative, though their ranges may be by rounding; `searched`: generators that depend on what a search has found,
    which is only known with some room; `small`: the generator that is the radius near 0, or its inverse far out;
    `relations`: polynomials that vanish: s² − x for a square root s of x; `known_signs`: pairs of a polynomial and the
    signs that it may have by a theorem; `is_open`: whether the variable that is small there is not 0 in the domain;
    `sides`: what sides of a statement are, by where they stand in it; `divisors`: polynomials that something was
    divided by: where one may be 0, nothing has a sign.
    """

    quantities: tuple = ()

    def __init__(self, box, near, small, more=()):
        low, high = box.get(small, (ONE, ONE))
        if low == 0 and high == INFINITY:
            raise MoreError(small)
        self.sides, self.is_open = {}, False
        self.box, self.edge = box, -1 if high == INFINITY else int(low < high and (near or low == 0))
        self.free = [*(name for name, (start, end) in box.items() if start < end), *more]
        self.names, self.jets, self.small, self.edge_of = {}, {}, None, small
        self.left = iter(range(SIZE)[::-1])  # A copy of a box takes them from the same.
        self.closed, self.plain, self.nonzero, self.nonnegative, self.searched = (set() for _ in range(5))
        self.ends, self.unbounded, self.relations, self.divisors, self.known_signs = {}, set(), [], [], []
        self.add_variables()

    def add_variables(self):
        """Make forms of the variables."""
        for name, (start, end) in self.box.items():
            if name == self.edge_of and self.edge:
                self.add_small_variable(*((0 * start, 1 / start) if self.edge < 0 else (start, end)))
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
            self.ends |= dict.fromkeys(used_in(rest), (start - middle, end - middle))

    def add_small_variable(self, start, end):
        """Add the radius near 0, or its inverse far out, as a generator."""
        middle, half = (start + end) / 2, arb(end - start) / 2
        ball = arb(middle) + half * UNIT if start else up_to(arb(end))
        found = arb(middle), ball, self.slopes(self.edge_of, half)
        self.small = self.generator(("variable", self.edge_of), found, closed=True)
        inverse = Form(self, as_polynomial(1), self.small.top)
        self.names[self.edge_of] = self.small if self.edge > 0 else inverse

    def slopes(self, name, slope):
        """Return the slopes of a function of one variable."""
        return [slope if each == name else arb(0) for each in self.free]

    def form(self, x):
        """Return a form, or a number as one."""
        return x if isinstance(x, Form) else Form(self, as_polynomial(x))

    def generator(self, key, found, *, closed=False, of=None):
        """Return the generator with a key, which is made if there is none, a function of the form `of` if it is one.

        What is found is its jet, or a ball around a number.
        """
        if key not in self.names:
            index = next(self.left, -1)
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

    function = apply

    def polynomial_jet(self, polynomial):
        """Return the jet of a polynomial."""
        if polynomial.is_constant():
            value = arb(polynomial.leading_coefficient())
            return value, value, [arb(0)] * len(self.free)
        exponents = {(i, m) for factors, _ in terms_of(polynomial) for i, n in factors for m in range(1, n + 1)}
        jets = {i: self.jets[i] for i, _ in exponents}
        powers = [{(i, n): power(jets[i][j], n) for i, n in exponents} for j in (0, 1)]
        centre, natural = (value_of(polynomial, each) for each in powers)
        gradient = {i: value_of(polynomial.derivative(i), powers[1]) for i in jets if self.free}
        slopes = [sum((x * jets[i][2][m] for i, x in gradient.items()), arb(0)) for m in range(len(self.free))]
        return jet(centre, natural, slopes)

    def jet(self, form):
        """Return the jet of a form: value at the centre, range, and slopes."""
        top, range_of_top, slopes = self.polynomial_jet(form.top)
        if form.bottom.is_one():
            return top, range_of_top, slopes
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
        n = min((dict(factors).get(index, 0) for factors, _ in terms_of(polynomial)), default=0)
        return (polynomial / self.small.top**n if n else polynomial), n

    def signs(self, form):
        """Return the signs that a form may have on the box (T2)."""
        if not self.has_values():
            return ANY
        for i in used_in(form):
            self.jets[i]  # Those of a scheme are found.
        infinite = {i for i, (_, ball, _) in self.jets.items() if not ball.is_finite()} - self.unbounded
        if infinite:  # That has to be in it, and to decide.
            ball = self.range(form)
            return signs_of(ball) if infinite <= used(form.top) and (ball > 0 or ball < 0) else ANY
        return product_of(self.polynomial_signs(form.top), self.polynomial_signs(form.bottom) - {0})

    def has_values(self):
        """Whether nothing that was divided by may be 0."""
        while self.divisors:
            if 0 in self.polynomial_signs(self.divisors[-1]):
                return False
            self.divisors.pop()
        return True

    def polynomial_signs(self, polynomial):
        """Return the signs that a polynomial may have: by its range, or by its terms where their signs agree (T2)."""
        if polynomial.is_constant():
            return signs_of(arb(polynomial.leading_coefficient()))
        known = next((signs for each, signs in self.known_signs if each == polynomial), ANY)
        for relation in reversed(self.relations):
            polynomial %= relation
        polynomial, n = self.without_small(polynomial)
        possible = signs_of(self.polynomial_jet(polynomial)[1]) & known
        if len(possible) > 1:
            possible &= self.signs_by_terms(polynomial)
        if len(possible) > 1:
            possible &= self.signs_of_product(polynomial, self.signs_of_irreducible)
        return possible | ({0} if n and self.box[self.edge_of][0] == 0 and not self.is_open else set())

    def signs_of_product(self, polynomial, signs_of_factor):
        """Return the signs of a polynomial by those of its factors."""
        content, factors = factors_of(polynomial)
        signs = signs_of(arb(content))
        for factor, n in factors:
            signs = product_of(signs, signs_of_factor(factor), n)
        return signs

    def signs_of_irreducible(self, polynomial):
        """Return the signs of a factor, by its terms where its range says nothing."""
        signs = self.signs_of_factor(polynomial)
        return signs & self.signs_by_terms(polynomial) if len(signs) > 1 else signs

    def signs_by_terms(self, polynomial):
        """Return the signs of a sum of terms, each a product of generators and a polynomial in variables."""
        found = []
        for others, coefficient in split(polynomial, used(polynomial) - self.plain).items():
            signs = self.signs_of_product(coefficient, self.signs_of_factor)
            for i, n in others:
                impossible = ({0} if i in self.nonzero else set()) | ({-1} if i in self.nonnegative else set())
                signs = product_of(signs, signs_of(self.jets[i][1]) - impossible, n)
            found.append(signs)
        together = set().union(*found)
        if {-1, 1} <= together:
            return ANY
        strict = [sign for sign in (-1, 1) if {sign} in found]
        return set(strict) if strict else together

    def signs_of_factor(self, polynomial):
        """Return the signs of a polynomial by its range, which is exact where it is linear in variables."""
        terms = dict(terms_of(polynomial))
        known = terms.pop((), 0)
        if not all(len(factors) == 1 and factors[0][1] == 1 and factors[0][0] in self.ends for factors in terms):
            return signs_of(self.polynomial_jet(polynomial)[1])
        ends = [[x * end for end in self.ends[i]] for ((i, _),), x in terms.items()]
        low, high = known + sum(map(min, ends)), known + sum(map(max, ends))
        return {sign for sign in ANY if (low <= 0 <= high if sign == 0 else (high if sign > 0 else -low) > 0)}

    def widest(self, form):
        """Return the variable that matters most to a form; None if what matters are errors of the means."""
        require(self.edge >= 0 or self.box[self.edge_of][0] < LAST_START, "what large values leave open", UNDECIDED)
        polynomial = self.without_small(form.top)[0]
        factors = [each for each, _ in factors_of(polynomial)[1] if len(signs_of(self.polynomial_jet(each)[1])) > 1]
        # Of a product the last factor, as generators with names of functions come first.
        centre, _, slopes = self.polynomial_jet([polynomial, *factors][-1])
        sizes = [float(x.abs_upper()) for x in slopes]
        largest = max((x if x < math.inf else math.inf for x in sizes), default=0)
        if largest == math.inf:  # Of several that say nothing, the widest.
            return max(self.free, key=lambda name: self.box[name][1] - self.box[name][0])
        if not largest < (1 if self.edge else 0.5) * centre.rad():
            return self.free[[not x < largest for x in sizes].index(True)] if sizes else None
        return self.edge_of if self.edge else None
