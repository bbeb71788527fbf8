"""EM's step, score and information of a model as forms in means and in the symbols of parameters."""

import math
from functools import reduce

from ..forms import POLYNOMIALS, Form, is_zero, split, terms_of, used, used_in, value_of
from ..reading import NOT_COVERED, require


def partial(form, symbol):
    """Return the derivative of a form in a generator, of which the form or the index is given."""
    index = symbol if isinstance(symbol, int) else next(iter(used_in(symbol)))
    top, bottom = form.top.derivative(index), form.bottom.derivative(index)
    if bottom.is_zero():
        return Form(form.box, top, form.bottom)
    rest = form.bottom / form.bottom.gcd(bottom)
    return Form(form.box, top * rest - form.top * (bottom * rest / form.bottom), form.bottom * rest)


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
    return scheme.expect(scheme.mean_slope(p))


def complete_information(scheme, p, q):
    """Return −E Σ_j γ_j ∂²l_j."""
    symbol = scheme.symbols[q]
    slopes = (partial(each, symbol) for each in scheme.slopes_of_logs(p))
    return scheme.expect(scheme.averaged(slopes) * -1)


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
    scheme.known["quotient", p] = scheme.posteriors[owners[p]], scheme.form(1)
    return scheme.expect(scheme.posteriors[owners[p]])


def new_moment(scheme, p):
    """Return the zero of E Σ_j γ_j ∂l_j, linear in p once it has no denominators; means in it are new ones."""
    (index,), slope = used_in(scheme.symbols[p]), scheme.mean_slope(p).top
    slope /= reduce(lambda x, y: x.gcd(y), split(slope, scheme.observed).values())
    inside = used(slope)
    others = [q for q, symbol in scheme.symbols.items() if q != p and used_in(symbol) <= inside]
    plain = all((part_of(scheme, p), part_of(scheme, q)) == (VARIANCE, MEAN) for q in others)
    require(plain, "parameters that are not estimated one by one", NOT_COVERED)
    parts = split(slope, {index})
    at_zero, linear = (Form(scheme, parts.pop(each, slope * 0)) for each in ((), ((index, 1),)))
    require(not parts, "parameters of which no multiple of the score is linear", NOT_COVERED)
    new = {next(iter(used_in(scheme.symbols[q]))): em_map(scheme, q) for q in others}
    scheme.known["quotient", p] = at_zero, linear * -1
    return expected(scheme, at_zero, new) / expected(scheme, linear * -1, new)


def expected(scheme, integrand, new):
    """Return the mean of a polynomial in which generators stand for what is outside of the mean."""
    parts = split(integrand.top, new.keys()).items()
    return sum(
        (
            math.prod((new[i] ** n for i, n in factors), start=scheme.expect(Form(scheme, inside)))
            for factors, inside in parts
        ),
        scheme.form(0),
    )


FORMS: dict[str, tuple] = {
    "em_map": (1, em_map),
    "em_jacobian": (2, lambda scheme, p, q: scheme.derivative(em_map(scheme, p), q)),
    "score": (1, score),
    "observed_information": (2, lambda scheme, p, q: scheme.derivative(score(scheme, p), q) * -1),
    "complete_information": (2, complete_information),
    "log_likelihood": (0, lambda scheme: scheme.log_density("fit")),
    "kl_divergence": (0, kl_divergence),
}
"""Quantity → of how many parameters it is, and what gives its form."""
