"""What a model is on every box with the same variables: forms in generators, whose jets each box finds by itself.

A scheme has generators for the variables that are free, for the parameters that EM renews (their *symbols*, in which
everything is differentiated), for functions of forms, and for means over the data of *integrands*: forms in which the
observation x and the posteriors γ_j are generators, too. As Σ_j γ_j = 1, the last γ is 1 less the others, and of two
components both are (1 ± τ)/2. What then has neither γ nor τ is a moment of the data, exactly.
"""

import math
from copy import copy
from operator import mul

from flint import arb, ctx

from ..balls import ANY, remembered
from ..expressions import add_shorthands, form_of, function_of
from ..forms import POLYNOMIALS, SIZE, Form, Key, as_polynomial, constant, is_zero, keys, split, used_in
from ..reading import UNDECIDED, require
from .steps import partial, substituted


class Scheme:
    """The forms of a model.

    `names`: variables, parameters and other keys → the forms that they are; `finders`: generator → what finds its jet
    on a box; `divisors`: polynomials that something was divided by; `symbols`, `values`: estimated parameter → the
    form that is its symbol; the generator in this → the parameter's value; `integrands`: generator → the integrand
    whose mean it is; `x`, `posteriors`: what stands for them in integrands, `hidden`: the generators in posteriors.
    """

    quantities = ()

    def __init__(self, case, variables, fixed, *, estimate=None, change=None):
        self.case, self.variables, self.fixed, self.change = case, variables, fixed, change
        self.names, self.finders, self.divisors, self.integrands, self.others = {}, {}, [], {}, {}
        self.closed, self.plain, self.unvalued = set(), set(), set()
        few = range(len(case.fit) - 1)
        self.x, *hidden = (self.generator(("in means", i), lambda box: box.unknown()) for i in (-1, *few))
        self.hidden = [index for each in hidden for index in used_in(each)]
        self.observed = {*self.hidden, *used_in(self.x)}
        if len(hidden) == 1:  # τ
            hidden = [(hidden[0] + 1) / 2]
        self.posteriors = [*hidden, sum((each * -1 for each in hidden), self.form(1))]
        for name in variables:
            self.names[name] = self.generator(
                ("variable", name), lambda box, name=name: box.variable(name), closed=True
            )
            self.plain |= used_in(self.names[name])
        self.names |= {name: self.form(x) for name, x in fixed.items()}
        add_shorthands(self, case.texts)
        self.names |= change(self) if change else {}
        self.renew(estimate or case.estimate)

    def renew(self, names):
        """Let these parameters be those that EM renews, and write the fit in their symbols."""
        self.estimate, self.known, self.symbols, self.values, self.bits = names, {}, {}, {}, ctx.prec
        for name in names:
            self.symbols[name] = self.symbol(name)
        scope = copy(self)
        scope.names = {name: x for name, x in self.names.items() if name not in self.case.shorthands} | self.symbols
        for name in self.case.domains:
            # What is an expression has a symbol, too, so that coefficients stay short until they are asked for.
            if name not in names and name in self.names and not is_simple(self.names[name]):
                scope.names[name] = self.symbol(name)
        add_shorthands(scope, self.case.shorthands)
        self.fit, data = (
            [[form_of(scope, text) for text in each] for each in components]
            for components in (self.case.fit, self.case.data)
        )
        self.data = [one for one in data if not self.actual(one[0]).top.is_zero()]
        given = set().union(*(used_in(each) for one in data for each in one))
        own = set().union(*map(used_in, self.symbols.values()))
        require(not given & own, "claim: the law of the data has an estimated parameter")
        self.actual_fit, self.actual_data = (
            [[self.actual(each) for each in one] for one in components] for components in (self.fit, self.data)
        )

    def symbol(self, name):
        """Return the generator that stands for a parameter."""
        value = self.names.get(name)
        if not value:
            value = self.generator(("no value", name), lambda box: box.unknown())
            self.unvalued |= used_in(value)
        found = self.generator(("symbol", name), lambda box: box.jet(value))
        (index,) = used_in(found)
        self.values[index] = value
        return found

    def renewing(self, names):
        """Return this scheme, with the same generators, where EM renews other parameters."""
        if names == self.estimate:
            return self
        if names not in self.others:
            self.others[names] = copy(self)
            self.others[names].renew(names)
        return self.others[names]

    def changed(self, key, change, *, more=()):
        """Return the scheme with a key, where some parameters are other forms and there are more variables."""
        key = "changed", key, self.estimate
        if key not in self.others:

            def both(at):
                at.names |= self.change(at) if self.change else {}
                return change(at)

            variables = *self.variables, *more
            self.others[key] = Scheme(self.case, variables, self.fixed, estimate=self.estimate, change=both)
        return self.others[key]

    # Forms

    def form(self, x):
        """Return a form, or a number as one."""
        return x if isinstance(x, Form) else Form(self, as_polynomial(x))

    def generator(self, key, finder, *, closed=False):
        """Return the generator with a key, which is made if there is none."""
        if key not in self.names:
            if not callable(finder):
                ball, finder = finder, lambda box: box.of_ball(ball)
            index = SIZE - 1 - len(self.finders)
            require(index >= SIZE // 2, "so many quantities at once", UNDECIDED)
            self.finders[index] = finder
            if closed:
                self.closed.add(index)
            self.names[key] = Form(self, POLYNOMIALS.gen(index))
        return self.names[key]

    def signs(self, _):
        """Return the signs that a form may have, of which nothing is known here."""
        return ANY

    def function(self, name, form):
        """Return a function of a form."""
        if name == "log" and form.top == form.bottom:
            return self.form(0)
        key = name, *keys(form)
        return self.generator(key, lambda box: function_of(box, name, form), closed=used_in(form) <= self.closed)

    def actual(self, form):
        """Return a form with the values of parameters in place of their symbols."""
        return substituted(form, self.values)

    # Means

    @remembered
    def moment(self, n):
        """Return E xⁿ."""
        total = self.form(0)
        for weight, mean, variance in self.data:
            for i in range(0, n + 1, 2):
                count = math.comb(n, i) * math.prod(range(1, i, 2))
                total += weight * mean ** (n - i) * variance ** (i // 2) * count
        return total

    def data_mean(self, form):
        """Return the mean of a polynomial in x."""
        return sum((c * self.moment(i) for i, c in enumerate(self.in_x(form))), self.form(0))

    def in_x(self, form, degree=-1):
        """Return the coefficients of a polynomial in x, up to a degree at least."""
        (index,), parts = used_in(self.x), {}
        for factors, part in split(form.top, {index}).items():
            parts[sum(n for _, n in factors)] = Form(self, part, form.bottom)
        return [parts.get(i, self.form(0)) for i in range(max(degree, *parts, -1) + 1)]

    def expect(self, integrand):
        """Return the mean of an integrand, as a form."""
        rows = split(integrand.top, self.hidden)
        known = rows.pop((), integrand.top * 0)
        found = self.data_mean(Form(self, known, integrand.bottom))
        if not rows:
            return found
        # What has no posterior is a moment, and means that differ by a factor are one generator.
        rest = integrand.top - known
        first = rest.leading_coefficient()
        rest /= first
        terms = {self.key_of(b): self.in_x(Form(self, row / first)) for b, row in rows.items()}
        weights = self.seen(terms)
        mean = self.generator(("mean", Key(rest)), lambda box: box.mean(self, terms, weights))
        (index,) = used_in(mean)
        self.integrands[index] = Form(self, rest)
        return found + mean * Form(self, POLYNOMIALS.constant(first), integrand.bottom)

    def key_of(self, factors):
        """Return an exponent of τ or, of more than two components, posteriors by number in order."""
        counts = [dict(factors).get(i, 0) for i in self.hidden]
        return counts[0] if len(counts) == 1 else tuple(j for j, n in enumerate(counts) for _ in range(n))

    def with_posteriors(self, integrand, shares):
        """Return a polynomial in x: an integrand with other forms in place of posteriors."""
        given = [shares[0] * 2 - 1] if len(shares) == 2 else shares
        return substituted(integrand, dict(zip(self.hidden, given, strict=False)))

    def mixture(self, name):
        """Return the components of the fit, with the values of parameters, or of the data."""
        return self.actual_fit if name == "fit" else self.actual_data

    def seen(self, terms=None):
        """Return components of the data, by number, and their weights, over which a mean is taken.

        Where the fit is even in x, and terms in powers of τ, which then is odd, are even, of two that are images under
        x → −x the first has the weights of both (T16).
        """
        found, both = {i: one[0] for i, one in enumerate(self.actual_data)}, (self.actual_fit, self.actual_data)
        if terms is None or [len(each) for each in both] != [2, 2]:
            return found
        odd = (c for e, row in terms.items() for i, c in enumerate(row) if (e + i) % 2)
        gaps = (gap for (_, m, v), (_, mean, variance) in both for gap in (m + mean, v - variance))
        first, second = (weight for weight, *_ in self.actual_fit)
        return {0: found[0] + found[1]} if all(map(is_zero, (*odd, *gaps, first - second))) else found

    @remembered
    def exponents(self, i, name):
        """Return mean and scale of a component of the data and, of a mixture, the coefficients of l_j − l_last in z."""
        _, mean, variance = self.actual_data[i]
        scale = self.function("sqrt", variance)
        if (root := constant(variance)) == 1:
            scale = self.form(root)
        *few, last = self.mixture(name)
        z = mean + self.x * scale
        return [[mean, scale], *(self.in_x(log_ratio(self, z, one, last), 2) for one in few)]

    def log_density(self, name):
        """Return E log of the density of the fit, or of the data."""
        mixture = self.mixture(name)
        weight, mean, variance = mixture[-1]
        square = self.moment(2) - mean * self.moment(1) * 2 + mean**2
        two_pi = self.generator(("pi",), arb.pi(), closed=True) * 2
        found = (self.function("log", variance * two_pi) + square / variance) / -2 + self.function("log", weight)
        if len(mixture) == 1:
            return found
        return found + self.generator(("log of sums", name), lambda box: box.mean_of_log(self, name))

    # Derivatives in estimated parameters

    @remembered
    def slopes_of_logs(self, name):
        """Return all ∂l_j/∂p, which are polynomials in x."""
        found, symbol = [], self.symbols[name]
        for weight, mean, variance in self.fit:
            by_weight, by_variance = (partial(each, symbol) / each for each in (weight, variance))
            found.append(by_weight - (by_variance + partial((self.x - mean) ** 2 / variance, symbol)) / 2)
        return found

    def averaged(self, forms):
        """Return Σ_j γ_j f_j."""
        return sum(map(mul, self.posteriors, forms), self.form(0))

    @remembered
    def mean_slope(self, name):
        """Return Σ_j γ_j ∂l_j."""
        return self.averaged(self.slopes_of_logs(name))

    def derivative(self, form, name):
        """Return the derivative of a form in means and symbols in an estimated parameter."""
        found = partial(form, self.symbols[name])
        for index in used_in(form) & self.integrands.keys():
            found += partial(form, index) * self.expect(self.slope_of(self.integrands[index], name))
        return found

    def slope_of(self, integrand, name):
        """Return the derivative of an integrand: ∂γ_j = γ_j(∂l_j − Σ_i γ_i ∂l_i), and of τ = 2γ_0 − 1 twice that."""
        found, count = partial(integrand, self.symbols[name]), 2 if len(self.hidden) == 1 else 1
        for index, posterior, slope in zip(self.hidden, self.posteriors, self.slopes_of_logs(name), strict=False):
            found += partial(integrand, index) * posterior * (slope - self.mean_slope(name)) * count
        return found


def is_simple(form):
    """Whether a form is a number or a generator."""
    return constant(form) is not None or (form.bottom.is_one() and len(form.top.coeffs()) == 1)


def log_ratio(scheme, x, one, last):
    """Return l_one − l_last at x."""
    (w, m, v), (weight, other, variance) = one, last
    logs = scheme.function("log", w / weight) - scheme.function("log", v / variance) / 2
    return logs - ((x - m) ** 2 / v - (x - other) ** 2 / variance) / 2
