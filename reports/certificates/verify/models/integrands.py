"""Integrands of means, and derivatives and values of forms: exact algebra on polynomials and their coefficients."""

from functools import reduce
from itertools import product

from flint import fmpq

from ..forms import POLYNOMIALS, Form, used_in


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
    return value_of(form.box, form.top, values) / value_of(form.box, form.bottom, values)


def value_of(box, polynomial, values):
    """Return a polynomial with forms in place of generators."""
    total = box.form(0)
    for exponents, coefficient in polynomial.to_dict().items():
        kept = tuple(0 if i in values else n for i, n in enumerate(exponents))
        term = Form(box, POLYNOMIALS.from_dict({kept: coefficient}))
        for i, n in enumerate(exponents):
            if n and i in values:
                term *= values[i] ** n
        total += term
    return total


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


def in_pairs(scheme, integrand, *, alone):
    """Return an integrand of two components as q^m τ^e with polynomials by (m, e): γ_0 = (1 + τ)/2, τ² = 1 − 4q.

    Powers of τ alone are better where it is near 0, and those of q with e up to 1 elsewhere.
    """
    found = {}
    for b, coefficients in integrand.items():
        parts = {(0, 0): fmpq(1)}
        for _ in b:
            new = {}
            for (m, e), x in parts.items():
                up = [((m, e + 1), x / 2)] if alone or not e else [((m, 0), x / 2), ((m + 1, 0), -2 * x)]
                for key, y in (((m, e), x / 2), *up):
                    new[key] = new.get(key, 0) + y
            parts = new
        for key, x in parts.items():
            add(found, key, [each * x for each in coefficients])
    found = {key: [scheme.form(x) for x in each] for key, each in found.items()}
    return {key: each for key, each in found.items() if not all(c.top.is_zero() for c in each)}
