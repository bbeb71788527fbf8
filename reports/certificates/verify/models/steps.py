"""EM's step, score and information of a model as forms in means and in the symbols of parameters."""

import math
from functools import reduce
from itertools import product

from flint import fmpq

from ..forms import POLYNOMIALS, Form, is_zero, terms_of, used_in, value_of
from ..reading import NOT_COVERED, require


def partial(form, symbol):
    """Return the derivative of a form in a generator, of which the form or the index is given."""
    index = symbol if isinstance(symbol, int) else next(iter(used_in(symbol)))
    top, bottom = form.top.derivative(index), form.bottom.derivative(index)
    if bottom.is_zero():
        return Form(form.box, top, form.bottom)
    return Form(form.box, top * form.bottom - form.top * bottom, form.bottom**2)


def substituted(form, values):
    """Return a form with forms in place of generators."""
    if not used_in(form) & values.keys():
        return form
    return replaced(form.box, form.top, values) / replaced(form.box, form.bottom, values)


def replaced(box, polynomial, values):
    """Return a polynomial with forms in place of generators."""
    every = {each for factors, _ in terms_of(polynomial) for each in factors}
    powers = {(i, n): values[i] ** n if i in values else Form(box, POLYNOMIALS.gen(i) ** n) for i, n in every}
    return value_of(polynomial, powers, box.form)


def add(integrand, b, coefficients):
    """Add a polynomial to that of b."""
    size = max(len(coefficients), len(integrand.get(b, ())))
    rows = [[*each, *[0] * (size - len(each))] for each in (coefficients, integrand.get(b, ()))]
    integrand[b] = [x if isinstance(y, int) else y + x for x, y in zip(*rows, strict=True)]


def times(one, two):
    """Return the product of polynomials by their coefficients."""
    parts = {}
    for (i, x), (j, y) in product(enumerate(one), enumerate(two)):
        parts.setdefault(i + j, []).append(x * y)
    return [reduce(lambda x, y: x + y, parts[i]) for i in sorted(parts)]


def without_last(integrand, last):
    """Return an integrand in which the last γ is 1 less the others, without what is 0."""
    waiting, found = list(integrand.items()), {}
    while waiting:
        b, coefficients = waiting.pop()
        if last in b:
            rest = tuple(j for i, j in enumerate(b) if i != b.index(last))
            minus = [each * -1 for each in coefficients]
            waiting += [(rest, coefficients), *((tuple(sorted((*rest, i))), minus) for i in range(last))]
        else:
            add(found, b, coefficients)
    return {b: each for b, each in found.items() if not all(c.top.is_zero() for c in each)}


def in_powers(scheme, integrand):
    """Return an integrand of two components in powers of τ, γ_0 = (1 + τ)/2, with polynomials by exponents."""
    found = {}
    for b, coefficients in integrand.items():
        for e in range(len(b) + 1):
            add(found, e, [each * fmpq(math.comb(len(b), e), 2 ** len(b)) for each in coefficients])
    found = {e: [scheme.form(x) for x in each] for e, each in found.items()}
    return {e: each for e, each in found.items() if not all(c.top.is_zero() for c in each)}


WEIGHT, MEAN, VARIANCE = range(3)
"""Places in a component."""


def model_form(scheme, name, names):
    """Return a quantity as a form."""
    key = "form", name, names
    if key not in scheme.known:
        count, form = FORMS[name]
        fits = len(names) == count and set(names) <= set(scheme.estimate)
        require(fits, f"claim: {name} has other parameters")
        scheme.known[key] = form(scheme, *names)
    return scheme.known[key]


def score(scheme, p):
    """Return ∂E log p = E Σ_j γ_j ∂l_j."""
    last = len(scheme.fit) - 1
    ratios = {(j,): scheme.slope_of_ratio(j, p) for j in range(last)}
    return scheme.expect({(): scheme.slope_of_log(last, p)} | ratios)


def complete_information(scheme, p, q):
    """Return −E Σ_j γ_j ∂²l_j."""
    slopes = {(j,): scheme.slope_of_log(j, p) for j in range(len(scheme.fit))}
    return scheme.expect({b: [partial(each, scheme.symbols[q]) * -1 for each in row] for b, row in slopes.items()})


def kl_divergence(scheme):
    """Return E log of the density of the data less that of the fit."""
    return scheme.log_density("data") - scheme.log_density("fit")


# EM's step: what makes Q(·|η) = E Σ_j γ_j l_j(·) largest


def em_map(scheme, p):
    """Return p after a step of EM: a weight, a parameter of means or a variance (T17)."""
    key = "step", p
    if key not in scheme.known:
        scheme.known[key] = new_weight(scheme, p) if part_of(scheme, p) == WEIGHT else new_moment(scheme, p)
    return scheme.known[key]


def part_of(scheme, p):
    """Return of what a parameter is: of weights, of means or of variances."""
    (index,) = used_in(scheme.symbols[p])
    parts = [i for i in (WEIGHT, MEAN, VARIANCE) if any(index in used_in(one[i]) for one in scheme.fit)]
    require(len(parts) == 1, "parameters of several kinds at once", NOT_COVERED)
    return parts[0]


def new_weight(scheme, p):
    """Return E γ_j of the component that has the weight, where all but one have weights that are estimated."""
    estimated = [q for q in scheme.symbols if part_of(scheme, q) == WEIGHT]
    owners = {q: j for q in estimated for j, one in enumerate(scheme.fit) if is_zero(one[WEIGHT] - scheme.symbols[q])}
    plain = len(set(owners.values())) == len(estimated) == len(scheme.fit) - 1
    require(plain, "weights that are not estimated one by one", NOT_COVERED)
    every = range(len(scheme.fit))
    top, bottom = ({(j,): [scheme.form(j in some)] for j in every} for some in ([owners[p]], every))
    scheme.known["quotient", p] = top, bottom
    return scheme.expect(top)


def new_moment(scheme, p):
    """Return the zero of E Σ_j γ_j ∂l_j, linear in p once it has no denominators; means in it are new ones."""
    (index,) = used_in(scheme.symbols[p])
    rows = cleared({(j,): scheme.slope_of_log(j, p) for j in range(len(scheme.fit))})
    inside = set().union(*(used_in(c) for row in rows.values() for c in row))
    others = [q for q, symbol in scheme.symbols.items() if q != p and used_in(symbol) <= inside]
    plain = all((part_of(scheme, p), part_of(scheme, q)) == (VARIANCE, MEAN) for q in others)
    start, slope = coefficients_of(rows, index)
    require(plain, "parameters that are not estimated one by one", NOT_COVERED)
    new = [(next(iter(used_in(scheme.symbols[q]))), em_map(scheme, q)) for q in others]
    slope = {b: [c * -1 for c in row] for b, row in slope.items()}
    scheme.known["quotient", p] = start, slope
    return expected(scheme, start, new) / expected(scheme, slope, new)


def cleared(integrand):
    """Return an integrand times what leaves neither denominators nor common factors."""
    forms = [c for row in integrand.values() for c in row if not c.top.is_zero()]
    bottom = reduce(lambda x, y: x / x.gcd(y) * y, (c.bottom for c in forms))
    common = reduce(lambda x, y: x.gcd(y), (c.top * (bottom / c.bottom) for c in forms))
    return {b: [Form(c.box, c.top * (bottom / c.bottom) / common) for c in row] for b, row in integrand.items()}


def coefficients_of(integrand, index):
    """Return the integrands that are the coefficients of powers of a generator in one, at most of the first."""
    slope = {b: [partial(c, index) for c in row] for b, row in integrand.items()}
    linear = all(index not in used_in(c) for row in slope.values() for c in row)
    require(linear, "parameters of which no multiple of the score is linear", NOT_COVERED)
    return {b: [substituted(c, {index: c * 0}) for c in row] for b, row in integrand.items()}, slope


def expected(scheme, integrand, new):
    """Return the mean of an integrand in which generators stand for what is outside of the mean."""
    if not new:
        return scheme.expect(integrand)
    (index, value), *rest = new
    found, factor, n = scheme.form(0), scheme.form(1), 0
    while any(not c.top.is_zero() for row in integrand.values() for c in row):
        at_zero = {b: [substituted(c, {index: c * 0}) for c in row] for b, row in integrand.items()}
        n, found = n + 1, found + expected(scheme, at_zero, rest) * factor
        factor, integrand = factor * value / n, {b: [partial(c, index) for c in row] for b, row in integrand.items()}
    return found


FORMS = {
    "em_map": (1, em_map),
    "em_jacobian": (2, lambda scheme, p, q: scheme.derivative(em_map(scheme, p), q)),
    "score": (1, score),
    "observed_information": (2, lambda scheme, p, q: scheme.derivative(score(scheme, p), q) * -1),
    "complete_information": (2, complete_information),
    "log_likelihood": (0, lambda scheme: scheme.log_density("fit")),
    "kl_divergence": (0, kl_divergence),
}
"""Quantity → of how many parameters it is, and what gives its form."""
