"""Quantities of a model in powers of p − b, p an estimated parameter and b a value at which they are known exactly.

That is the truth, where EM rests, and 0, where no posterior depends on the observation and means are moments of the
data. With f known to order n − 1 at b, f(p) = Σ_{i<n} f^(i)(b)(p − b)^i/i! + (p − b)^n R(p), where R(p) =
∫_0^1 n(1 − s)^{n−1} f^(n)(b + s(p − b))/n! ds. What is left of a statement once powers of p − b are divided out is
decided at b, too (T16).
"""

import math
from itertools import permutations

from flint import arb, fmpq

from ..balls import UNIT
from ..forms import Form, is_zero, keys, used_in
from .mixture import Mixture
from .steps import model_form, partial, substituted

AT_TRUTH = {"em_map": 1, "score": 1, "kl_divergence": 2}
"""How many terms are known at the truth: the parameter itself; 0; 0, with its derivative."""
MOST_LOST = 60
"""Accuracy that a quotient by powers of p − b may cost, or the rest is enclosed at the centre by itself: a choice."""
DIGITS = 3
"""By how much more accurate a rest is asked for with each term: a choice, as polynomials are larger."""


def value(box, name, names):
    """Return a quantity as a form: expanded where the box reaches a point at which it is known exactly."""
    scheme = box.scheme
    for p in scheme.estimate:
        for base, known in (at_zero(scheme, name, names, p, box.terms), *at_truths(scheme, name, names, p)):
            if base is not None and reaches(box, scheme.names[p] - base):
                return box.brought(expansion(scheme, name, names, p, base, known))
    return box.brought(scheme.actual(model_form(scheme, name, names)))


def reaches(box, form):
    """Whether a form of the scheme may be 0 on a box, or has the variable that is small there as a factor."""
    if not used_in(form) <= box.plain:
        return False
    return 0 in box.signs(form) or bool(box.small and box.without_small(form.top)[1])


def at_truths(scheme, name, names, p):
    """Return pairs of a true value of p and the terms known there."""
    if name not in AT_TRUTH or not set(names) <= set(scheme.estimate):
        return []
    found = []
    for truth in truths(scheme, p, even=name != "kl_divergence"):
        first = scheme.form(0) if name != "em_map" else truth if names[0] == p else scheme.names[names[0]]
        found.append((truth, [first] * AT_TRUTH[name]))
    return found


def truths(scheme, p, *, even):
    """Return the values of p at which the fit is the law of the data, or of ±x where the fit is even in x (T16)."""
    key = "truths", p, even
    if key not in scheme.known:
        scheme.known[key] = list(find_truths(scheme, p, even=even))
    return scheme.known[key]


def find_truths(scheme, p, *, even):
    """Yield them: p solves one equation that makes a part of a component that of the data, and then all others hold."""
    (index,) = used_in(scheme.symbols[p])
    for data in (scheme.actual_data, evened(scheme) if even else None):
        for order in permutations(data or []) if len(data or []) == len(scheme.fit) else ():
            pairs = [
                (x, y) for one, other in zip(scheme.fit, order, strict=True) for x, y in zip(one, other, strict=True)
            ]
            found = next((solved(x, y, p, scheme) for x, y in pairs if index in used_in(x)), None)
            if found is not None and used_in(found) <= scheme.plain:
                at = scheme.values | {index: found}
                if all(is_zero(substituted(x, at) - y) for x, y in pairs):
                    yield found


def solved(x, y, p, scheme):
    """Return the value of p at which x = y, if x is linear in it; None otherwise."""
    slope = partial(x, scheme.symbols[p])
    if not is_zero(partial(slope, scheme.symbols[p])):
        return None
    return scheme.actual(scheme.symbols[p] - (x - y) / slope)


def evened(scheme):
    """Return the law of the data made even in x, if the fit is even for all parameters and data allow it, or None."""

    def mirrored(one, components, parts):
        sums = ((each, [one[1] + each[1], one[2] - each[2], one[0] - each[0]]) for each in components)
        same = [each for each, gaps in sums if all(map(is_zero, gaps[:parts]))]
        return same[0] if len(same) == 1 else None

    data = scheme.actual_data
    if len(data) == 1:  # Its mirror image has no weight.
        data = [*data, [scheme.form(0), data[0][1] * -1, data[0][2]]]
    pairs = [mirrored(one, data, 2) for one in data]
    if None in pairs or any(mirrored(one, scheme.fit, 3) is None for one in scheme.fit):
        return None
    return [[(one[0] + other[0]) / 2, *one[1:]] for one, other in zip(data, pairs, strict=True)]


def at_zero(scheme, name, names, p, n):
    """Return 0 and the terms known there, if no posterior depends on the observation for p = 0; None if not."""
    key = "zero", name, names, p, n
    if key not in scheme.known:
        terms = terms_at_zero(scheme, name, names, p, n)
        scheme.known[key] = (scheme.form(0) if terms else None), terms
    return scheme.known[key]


def terms_at_zero(scheme, name, names, p, n):
    """Return the terms at p = 0, or nothing."""
    zero = {next(iter(used_in(scheme.symbols[p]))): scheme.form(0)}
    fit = [[substituted(each, zero) for each in one] for one in scheme.fit]
    alike = all(is_zero(a - b) for one in fit for a, b in zip(one[1:], fit[0][1:], strict=True))
    one_law = all(
        is_zero(scheme.actual(a) - b) for one in scheme.actual_data for a, b in zip(fit[0][1:], one[1:], strict=True)
    )
    if not alike or is_zero(fit[0][2]) or name == "log_likelihood" or (name == "kl_divergence" and not one_law):
        return []
    known = [scheme.form(0)] if name == "kl_divergence" else []
    current = derived(scheme, name, names, p, len(known))
    for i in range(len(known), n):
        known.append(scheme.actual(moments_at(scheme, current, zero, fit)) / math.factorial(i))
        current = scheme.derivative(current, p)
    return known


def moments_at(scheme, form, zero, fit):
    """Return a form in means where posteriors are weights: then each mean is one over the data."""
    weights = [weight for weight, *_ in fit]
    values = zero | {
        index: scheme.data_mean(scheme.with_posteriors(substituted(scheme.integrands[index], zero), weights))
        for index in used_in(form) & scheme.integrands.keys()
    }
    return substituted(form, values)


def derived(scheme, name, names, p, n):
    """Return the n-th derivative of a quantity in p, as a form in means and symbols."""
    key = "derived", name, names, p, n
    if key not in scheme.known:
        if n == 1 and name == "kl_divergence":
            scheme.known[key] = model_form(scheme, "score", (p,)) * -1
        else:
            before = derived(scheme, name, names, p, n - 1) if n else model_form(scheme, name, names)
            scheme.known[key] = scheme.derivative(before, p) if n else before
    return scheme.known[key]


def expansion(scheme, name, names, p, base, known):
    """Return Σ known_i (p − b)^i and the rest."""
    gap, n = scheme.names[p] - base, len(known)
    if is_zero(gap):
        return known[0]
    key = "rest", scheme.estimate, name, names, p, n, *keys(base)
    rest = scheme.generator(key, lambda box: jet_of_rest(box, scheme, name, names, p, base, known))
    return sum((gap**i * each for i, each in enumerate(known)), gap**n * rest)


def jet_of_rest(box, scheme, name, names, p, base, known):
    """Return the jet of R: f^(n)/n! is linear in s but for the width of its slope, and s has the mean 1/(n + 1)."""
    n = len(known)
    mean = fmpq(1, n + 1)

    def between(at):
        s, start = at.generator(("along",), lambda box: box.along(mean)), Form(at, base.top, base.bottom)
        return {p: start + s * (at.names[p] - start)}

    part = scheme.changed(("rest", p, n, *keys(base)), between)
    form = derived(part, name, names, p, n) / math.factorial(n)
    more = {"along": arb(-mean).union(arb(1 - mean))}
    spare = DIGITS * n
    at = box.with_scheme(part, more=more, spare=spare)
    _, ball, slopes = at.jet(form)
    middle = Mixture(scheme, box.middle(), box.goal)
    gap = middle.centre(scheme.names[p] - base)
    lost = -n * float(abs(gap).log().mid()) if gap != 0 else math.inf
    if lost < MOST_LOST:
        middle = Mixture(scheme, box.middle(), box.goal + max(lost, 0))
        terms = sum((gap**i * middle.centre(each) for i, each in enumerate(known)), arb(0))
        centre = (middle.centre(model_form(scheme, name, names)) - terms) / gap**n
    else:
        # The mean distance of s from its mean is at most twice that.
        there = Mixture(part, box.middle(), box.goal + spare, more=more)
        centre, _, (along,) = there.jet(form)
        centre += UNIT * along.rad() * 2 * arb(mean)
    return centre, ball, slopes[: len(box.free)]
