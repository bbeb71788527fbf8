"""The quantities of a model on a box."""

from functools import lru_cache, partial, reduce

from flint import arb, arb_mat, ctx, fmpq

from ..balls import HALF
from ..expressions import smallest_eigenvalue
from ..forms import Form, constant, is_zero, keys, used_in
from ..given.jets import eigenvalues
from ..reading import INFINITY, NOT_COVERED, UNDECIDED, MoreError, require
from .deviation import sample_deviation
from .expansion import value
from .roots import fixed_point_count, stationary, with_variables
from .scheme import log_ratio
from .steps import FORMS, model_form

NEARBY = fmpq(1, 100)
"""Within which a stationary point is looked for."""
MAX_STEPS = 1000
"""Of EM: a choice against waste."""


def model_quantity(box, name, names, words):
    """Return a quantity as a form; words are the forms of what is named."""
    origin, words = box, dict(words)
    if box.case.family:
        box, name, names, words = of_family(box, name, names, words)
    require(name in QUANTITIES, f"the quantity {name}", NOT_COVERED)
    count, known, function = QUANTITIES[name]
    if not names and len(box.scheme.estimate) == 1:
        names = box.scheme.estimate * count
    key = name, names, box.scheme.estimate, *((word, *keys(x)) for word, x in words.items())
    if name == "posterior" and box.case.coordinate in words:
        words["x"] = words.pop(box.case.coordinate)
    if name == "em_iterate" and "start" in words and box.case.family:
        start = words.pop("start")
        if constant(start) in (INFINITY, -INFINITY):
            function = partial(from_infinity, 1 if constant(start) > 0 else -1)
        else:
            words[box.scheme.estimate[0]] = start
    given = [words.pop(word, default) for word, default in known.items()]
    require(None not in given and len(names) == count, f"claim: {name} has other arguments")
    require(words.keys() <= box.case.domains.keys(), f"claim: {name} has other arguments")
    if words:
        box = with_values(box, words)
    found = function(box, *names, *(box.brought(origin.form(each)) for each in given))
    if name == "kl_divergence" and not words and found.bottom.is_one():
        origin.known_signs += [(found.top, {0, 1}), (-found.top, {0, -1})]  # Fit and data are seen to be laws (T16).
    return origin.brought(found) if box.jets is origin.jets else origin.imported(key, box, found)


def of_family(box, name, names, words):
    """Return box, quantity, parameters and arguments of what a family calls by a name."""
    alias = (box.case.estimate, name, names) if names else box.case.family.get(name)
    require(alias, f"the quantity {name}", NOT_COVERED)
    estimate, name, parameters = tuple(alias[0]), alias[1], tuple(alias[2])
    if len(parameters) > 2:
        component = constant(words.pop("component", box.form(0)))
        require(component in (1, 2, 3), f"claim: {name} has other arguments")
        parameters = (parameters[int(component) - 1],)
    return box.renewing(estimate), name, parameters, words


def with_values(box, values):
    """Return a box where parameters have other values: forms in the variables."""
    require(all(used_in(each) <= box.plain for each in values.values()), "such values of parameters", NOT_COVERED)
    forms = {name: (each.top, each.bottom) for name, each in values.items()}
    key = "values", *((name, *keys(each)) for name, each in values.items())
    scheme = box.scheme.changed(key, lambda at: {name: Form(at, *each) for name, each in forms.items()})
    at = box.with_scheme(scheme)
    return at.lawful() if box.scheme.unvalued else at


def em_rate(box):
    """Return the largest modulus of an eigenvalue of EM's Jacobian."""
    names = box.scheme.estimate
    rows = [[value(box, "em_jacobian", (p, q)) for q in names] for p in names]
    if len(rows) == 1:
        return box.function("abs", rows[0][0])
    sizes = [reduce(arb.max, map(abs, each)) for each in spectra(box, rows)]
    return box.generator(("em_rate", names), (*sizes, [box.unknown()[0]] * len(box.free)))


def spectra(box, rows):
    """Return the eigenvalues of a matrix of forms at the centre of a box, and on all of it."""
    return [eigenvalues(arb_mat([[box.jet(x)[i] for x in row] for row in rows])) for i in (0, 1)]


def least_eigenvalue(box, sign):
    """Return the least eigenvalue of the observed information, or of minus that."""
    names = box.scheme.estimate
    rows = [[value(box, "observed_information", (p, q)) * sign for q in names] for p in names]
    if len(rows) == 1:
        return rows[0][0]
    if len(rows) == 2:
        return smallest_eigenvalue(box, rows[0][0], rows[0][1], rows[1][1])
    least = [each[0].real for each in spectra(box, rows)]
    return box.generator(("eigenvalue", sign, names), (*least, [box.unknown()[0]] * len(box.free)))


# Iterates


@lru_cache(maxsize=16)
def trajectory(*_):
    """Return what is kept from one certificate to the next of the steps of EM that the arguments name."""
    return {}


def em_iterate(box, p, t):
    """Return a parameter after t steps of EM."""
    at, case, names = box, box.case, {name: constant(x) for name, x in box.names.items() if isinstance(name, str)}
    laws = str(case.fit), str(case.data), str(case.shorthands), box.scheme.estimate, *names.items()
    known = {} if box.free or None in names.values() else trajectory(*laws, steps_of(t), box.goal, ctx.prec)
    if not known:
        for _ in range(steps_of(t)):
            images = {q: value(at, "em_map", (q,)) for q in box.scheme.estimate}
            if all(is_zero(image - at.names[q]) for q, image in images.items()):
                break  # EM rests.
            at = after(box, {q: at.jet(image) for q, image in images.items()})
        if at is box:
            return box.names[p]
        known |= {q: at.jet(at.names[q]) for q in box.scheme.estimate}
    return box.generator(("em_iterate", p, steps_of(t), box.scheme.estimate), known[p])


def steps_of(t):
    """Return a number of steps."""
    t = t and constant(t)
    require(t is not None and t.q == 1 and 0 <= t <= MAX_STEPS, "claim: a number of steps is none, or large")
    return int(t)


def after(box, jets):
    """Return a box whose estimated parameters are known by jets: as they are after a step of EM."""
    names = box.scheme.estimate

    def stepped(at):
        return {q: at.generator(("iterate", q), lambda one, q=q: one.given[q]) for q in names}

    return box.with_scheme(box.scheme.changed("stepped", stepped), given=jets)


def from_infinity(side, box, p, t):
    """Return what EM makes of θ = ±∞ for two means: the first step leads to ±E|X| (T17)."""
    estimate, count = box.scheme.estimate, steps_of(t)
    known = box.case.family and estimate in (("theta",), ("theta", "fit_variance")) and count > 0
    require(known, "such starts at infinity", NOT_COVERED)
    centre, ball, slopes = box.jet(box.names["separation"])

    def mean(x):
        return x * (x / arb(2).sqrt()).erf() + (2 / arb.pi()).sqrt() * (-x * x / 2).exp()

    rising = (ball / arb(2).sqrt()).erf()
    jets = {"theta": (mean(centre) * side, mean(ball) * side, [rising * side * each for each in slopes])}
    if len(estimate) == 2:
        first = box.generator(("first", side), jets["theta"])
        jets["fit_variance"] = box.jet(box.brought(box.scheme.moment(2)) - first**2)
    at = after(box, jets)
    for _ in range(count - 1):
        at = after(box, {q: at.jet(value(at, "em_map", (q,))) for q in estimate})
    return box.generator(("from infinity", side, count, p, *estimate), at.jet(at.names[p]))


def separation_needed(box, error, t):
    """Return where the relative error of θ after t steps from infinity falls below a number, as it is recorded.

    Of a balanced fit it strictly falls with the separation (T20), so that both ends are shown to be bounds.
    """
    error, count = constant(error), constant(t)
    balanced = constant(box.names["fit_weight"]) == HALF and constant(box.names["fit_variance"]) == 1
    require(balanced and not box.free, "separations for such fits", NOT_COVERED)
    require(error is not None and error > 0, "claim: an error is none")
    recorded = box.case.recorded.get(("separation_needed", error, count))
    require(recorded, "separation_needed is not recorded")
    room = fmpq(1, 2 ** (box.goal + 10))
    ends = recorded[0] * (1 - room), recorded[1] * (1 + room)
    require(ends[0] > 0, "separation_needed is recorded as no separation")
    for end, sign in zip(ends, (1, -1), strict=True):
        at = with_values(box, {"separation": box.form(end)})
        excess = at.range(from_infinity(1, at, "theta", t)) / arb(end) - 1 - error
        if not (excess > 0 or excess < 0):
            raise MoreError(None)
        require(excess * sign > 0, "separation_needed is not where it is recorded")
    found = box.generator(("separation_needed", error, count), arb(ends[0]).union(arb(ends[1])))
    box.searched |= used_in(found)
    return found


# At an observation, and what is found


def posterior(box, j, x):
    """Return γ_j at an observation: one over Σ_i e^{l_i − l_j}."""
    j, fit = constant(j), box.scheme.actual_fit
    require(j is not None and j.q == 1 and 0 <= j < len(fit), "claim: a component is none")
    own, place = fit[int(j)], constant(x)
    require(place is not None, "observations that vary", NOT_COVERED)
    others = [each for each in fit if each is not own]
    ratios = [log_ratio(box.scheme, box.scheme.form(place), each, own) for each in others]
    return box.form(1) / sum((box.function("exp", box.brought(each)) for each in ratios), box.form(1))


def counted(box, low, high):
    """Return the number of fixed points in an interval."""
    ends = constant(low), constant(high)
    require(None not in ends, "intervals whose ends vary", NOT_COVERED)
    return box.form(fixed_point_count(box, *ends))


def found_nearby(box, within):
    """Return the ends of the parameters at the only stationary point nearby, and whether it is a maximum."""
    within = constant(within)
    require(within is not None and within > 0, "claim: a distance is none")
    key = "nearby", within, box.goal
    if key not in box.scheme.known:
        box.scheme.known[key] = stationary(box, within)
    return box.scheme.known[key]


def stationary_point(box, p, within, *, strict=False):
    """Return a parameter at the only stationary point nearby."""
    ends, is_maximum = found_nearby(box, within)
    require(is_maximum or not strict, "a maximum is not seen to be one", UNDECIDED)
    low, high = ends[p]
    return box.generator(("stationary", p, str(constant(within))), arb(low).union(arb(high)))


def kl_at_local_maximum(box, within):
    """Return KL there, which is a strict local maximum of E log p."""
    ends, is_maximum = found_nearby(box, within)
    require(is_maximum, "a maximum is not seen to be one", UNDECIDED)
    at = with_variables(box, ends)
    return box.generator(("kl at", str(constant(within))), at.range(model_form(at.scheme, "kl_divergence", ())))


def expanded(name, count):
    """Return how many parameters a quantity has, that it has no arguments, and what gives it on a box."""
    return count, {}, lambda box, *names: value(box, name, names)


QUANTITIES = {name: expanded(name, count) for name, (count, _) in FORMS.items()} | {
    "em_rate": (0, {}, em_rate),
    "hessian_min_eigenvalue": (0, {}, lambda box: least_eigenvalue(box, 1)),
    "hessian_max_eigenvalue": (0, {}, lambda box: least_eigenvalue(box, -1) * -1),
    "curvature_max_eigenvalue": (0, {}, lambda box: least_eigenvalue(box, 1) * -1),
    "sample_deviation": (0, dict.fromkeys(("low", "high", "n", "delta")), sample_deviation),
    "posterior": (0, {"j": None, "x": None}, posterior),
    "fixed_point_count": (0, {"low": None, "high": None}, counted),
    "em_iterate": (1, {"t": None}, em_iterate),
    "separation_needed": (0, {"error": None, "t": None}, separation_needed),
    "stationary_point": (1, {"within": NEARBY}, stationary_point),
    "local_maximum": (1, {"within": NEARBY}, lambda *given: stationary_point(*given, strict=True)),
    "kl_at_local_maximum": (0, {"within": NEARBY}, kl_at_local_maximum),
}
"""Quantity of every model → of how many parameters it is, its arguments with defaults, and what gives its form."""
