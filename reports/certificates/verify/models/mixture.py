"""A box of a model: the jets of its scheme's generators, with means by the rules for the components of the data."""

from copy import copy

from flint import arb, ctx, fmpq

from ..balls import UNIT, jet, up_to
from ..boxes import Box
from ..forms import SIZE, Form, used_in
from ..reading import INFINITY, NOT_COVERED, MoreError, require
from .line import Line


class SchemeJets(dict):
    """The jets of generators, of which those of a scheme are found by its finders when they are asked for."""

    def __init__(self, box, scheme):
        super().__init__()
        self.owner, self.finders = box, scheme.finders

    def __missing__(self, index):
        self[index] = found = self.finders[index](self.owner)
        return found


class Mixture(Box):
    """A box of a model.

    `scheme`: the forms of the model; `terms`: how many are exact in expansions where a parameter is 0; `given`: what
    finders may ask for: jets by name; `units`: the distances from the centre that each variable has, in units of its
    slopes.
    """

    def __init__(self, scheme, box, goal, *, near=False, given=None, more=None, terms=3):
        self.scheme, self.goal, self.given, self.lines, self.terms = scheme, goal, given or {}, {}, terms
        self.case, self.quantities, self.bits = scheme.case, scheme.case.quantities, ctx.prec
        super().__init__(box, near, scheme.case.small, more or ())
        self.is_open = (self.edge_of, 0) in self.case.open
        self.units = [(more or {}).get(name, UNIT) for name in self.free]

    def add_variables(self):
        """Take forms from the scheme, and see that what was divided by there does not vanish."""
        scheme = self.scheme
        self.jets, self.left, self.plain = SchemeJets(self, scheme), iter(range(SIZE // 2)[::-1]), scheme.plain
        self.names = {name: self.brought(form) for name, form in scheme.names.items() if isinstance(name, str)}
        known = {name: ends for name, ends in self.box.items() if name in scheme.variables and ends[1] < INFINITY}
        self.ends = {i: ends for name, ends in known.items() for i in used_in(scheme.names["variable", name])}
        if self.edge:
            self.small = self.brought(scheme.names["variable", self.edge_of])
        self.divisors = list(scheme.divisors)
        self.count = len(scheme.divisors)

    def brought(self, form):
        """Return a form of the scheme as one of this box."""
        return Form(self, form.top, form.bottom)

    def with_scheme(self, scheme, *, ends=None, given=None, more=None, spare=0):
        """Return a box with another scheme, in which there may be more variables."""
        box, near = self.box | (ends or {}), bool(self.edge)
        return Mixture(
            scheme, box, self.goal + spare, near=near, given=self.given | (given or {}), more=more, terms=self.terms
        )

    def lawful(self):
        """Return this box, of which it is seen that weights and variances of the fit are positive."""
        parts = (self.range(self.brought(one[i])) for one in self.scheme.actual_fit for i in (0, 2))
        require(all(part > 0 for part in parts), "weights or variances that are not seen to be positive", NOT_COVERED)
        return self

    def has_values(self):
        """Whether nothing that was divided by may be 0, also since the scheme has more forms than before."""
        self.divisors += self.scheme.divisors[self.count :]
        self.count = len(self.scheme.divisors)
        return super().has_values()

    def undecided(self):
        """Return the error that asks for a narrower box or, if it is a point, for more digits."""
        widths = {name: self.box[name][1] - self.box[name][0] for name in self.free if name in self.box}
        wide = {name: width for name, width in widths.items() if name in self.case.variables}
        return MoreError(max(wide, key=wide.__getitem__, default=None))

    # Jets of generators

    def variable(self, name):
        """Return the jet of a variable."""
        start, end = self.box[name]
        half = arb(end - start) / 2
        ball = up_to(arb(end)) if start == 0 else arb(start + end) / 2 + half * UNIT
        return arb(start + end) / 2, ball, self.slopes(name, half)

    def along(self, mean):
        """Return the jet of the variable from 0 to 1 that has a mean, for slopes per 1."""
        return arb(mean), up_to(arb(1)), self.slopes("along", arb(1))

    def unknown(self):
        """Return the jet of what has no value."""
        return self.of_ball(arb(0, fmpq(1)) * arb("inf"))

    def of_ball(self, ball):
        """Return the jet of a number."""
        return ball, ball, [arb(0)] * len(self.free)

    def mean(self, scheme, integrand, weights):
        """Return the jet of the mean of an integrand over components of the data with these weights."""
        jets = {b: [self.jet(c) for c in each] for b, each in integrand.items()}
        return self.over_data(scheme, weights, lambda line: line.mean(jets), "fit")

    def mean_of_log(self, scheme, name):
        """Return the jet of E log Σ_j e^{l_j − l_last} of a mixture."""
        return self.over_data(scheme, scheme.seen(), lambda line: line.logarithm(), name)

    def over_data(self, scheme, weights, mean, name):
        """Return the jet of the sum over components of the data of their weights times a jet for the line of each."""
        sums = []
        for i, weight in weights.items():
            if (i, name) not in self.lines:
                self.lines[i, name] = Line(self, scheme.exponents(i, name), self.goal)
            (a, x, slopes), (b, y, others) = self.jet(weight), mean(self.lines[i, name])
            sums.append((a * b, x * y, *(s * y + x * t for s, t in zip(slopes, others, strict=True))))
        centre, ball, *slopes = (sum(each, arb(0)) for each in zip(*sums, strict=True))
        return jet(centre, ball, slopes)

    def at_middle(self, goal):
        """Return the centre of the box."""
        return Mixture(self.scheme, self.middle(), goal, terms=self.terms)

    def renewing(self, names):
        """Return this box where EM renews other parameters."""
        found = copy(self)
        found.scheme = self.scheme.renewing(names)
        return found

    def is_closed(self, form):
        """Whether a form is known in closed form."""
        return used_in(form) <= self.closed | self.scheme.closed

    def imported(self, key, other, form):
        """Return a form of another box with these variables as one of this, exactly if it is made of these alone."""
        if used_in(form) <= self.plain:
            return self.brought(form)
        return self.generator(key, other.jet(form)[:3])
