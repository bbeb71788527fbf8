"""The quantities of a statement, on a box."""

from functools import lru_cache

from flint import arb, fmpq

from .balls import HALF, ONE
from .forms import constant, used_in
from .functions import apply
from .models.mixture import Mixture
from .models.quantities import model_quantity
from .outcomes import NOT_COVERED, require
from .place import Place
from .points import hessian_min_eigenvalue, no_value, pl_ratio
from .samples import THEOREM, sample_theorem, samples_needed
from .searches import CURVES, curve_found, iterations_to_kl
from .shells import best_factor


def quantity(place, name, names, given):
    """Return the form that a quantity is on a box; OutcomeError if it has no value there."""
    if isinstance(place, Mixture):
        return model_quantity(place, name, names, given)
    words, function = QUANTITIES[name]
    if words == ("fraction",) and not given:
        given = {"fraction": place.form(0)}
    require(not names and set(given) == set(words), f"claim: {name} has other arguments")
    require(name not in SEARCHES or not place.case.directions, f"{name} beside amplitudes", NOT_COVERED)
    values = {word: constant(form) for word, form in given.items()}
    whole = None not in values.values() and values.get("n", ONE).q == 1
    if name in SEARCHES and (place.free or not whole):
        return between_corners(place, name, given)
    # A number of points, a bound and a probability are positive, and the last is less than 1.
    right = all(x is not None and x >= 0 and (x.q == 1 or word not in "mn") for word, x in values.items())
    right = right and all(values.get(word, HALF) > 0 for word in ("n", "eps", "delta"))
    require(right and values.get("delta", HALF) < 1, f"claim: {name} has other arguments")
    arguments = [values[word] for word in words]
    return searched(place, function, name, *arguments) if name in SEARCHES else function(place, *arguments)


# Of the weights, and at the point


def frequency(place, m):
    """Return a frequency as an integer, of two that are alike the smaller one."""
    require(0 < m < place.k, "claim: a frequency is not between 1 and k − 1")
    return min(int(m), place.k - int(m))


def asymptotic_rate(place):
    """Return 1 − min |π̂_m|² over the frequencies that the point has a part in."""
    if not place.is_away():
        raise no_value("asymptotic_rate")
    point = [constant(each) for each in place.amplitudes()]
    require(None not in point, "asymptotic_rate where amplitudes vary", NOT_COVERED)
    return place.form(1) - place.gap([m for m, amplitude in enumerate(point, 1) if amplitude])


def sublinear_constant(place):
    """Return lim t² KL_t for uniform weights, (k − 1)/16."""
    if len(place.classes()) > 1:
        raise no_value("sublinear_constant")
    return place.form(fmpq(place.k - 1, 16))


def contraction_bound(place, radius):
    """Return 1 − c min |π̂_m|² (T12)."""
    factor = place.generator(("contraction_bound", radius), best_factor(place.k - 1, radius))
    return place.form(1) - place.gap() * factor


# What is found by a search, or by the theorem on samples


@lru_cache(maxsize=256)
def kept(*_):
    """Return a list that is kept from one certificate to the next, for whatever names it."""
    return []


def searched(place, function, name, *arguments):
    """Return what a search has found; of a curve, if it can be shown to be where it is recorded."""
    key, case = (name, *arguments), place.case
    require(key != ("pl_constant", 0), "claim: an infimum over nothing")
    known = kept(*key, *case.recorded.get(key, ()), case.key, *place.box.items(), place.goal)
    if not known:
        known.append(function(place, *key))
    said = name in CURVES or known[0].is_finite()
    require(said, "bounds where the finite-sample theorem says nothing", NOT_COVERED)
    found = place.generator(key, known[0])
    place.searched |= used_in(found) if name in CURVES else set()
    return found


def between_corners(place, name, given):
    """Return what is between the values at two corners of a box, in arguments and the radius of which it is monotone.

    A number of points is rounded outwards: for others the quantity is not defined.
    """
    require(place.free or not place.case.refuted, "claim: a number of points is none")
    signs, free, found = MONOTONE.get(name, {}), set(place.free), []
    moving = {word for word, form in given.items() if constant(form) is None} | (free & {"radius"} & signs.keys())
    require(place.fixed() and moving <= signs.keys() and place.edge >= 0, f"{name} on intervals", NOT_COVERED)
    for side in (-1, 1):
        upper = {word: signs.get(word) == side for word in (*given, "radius")}
        ends = {word: end_of(place, given[word], upper[word], whole=word == "n") for word in given}
        box = {other: (ends_of[upper.get(other, 0)],) * 2 for other, ends_of in place.box.items()}
        at = Place(place.case, box, place.goal)
        found.append(at.range(quantity(at, name, (), {word: at.form(x) for word, x in ends.items()})))
    key = "corners", name, *(str(x) for form in given.values() for x in (form.top, form.bottom))
    ball = found[0].union(found[1])
    return place.generator(key, (ball, ball, [arb.pos_inf()] * len(place.free)))


def end_of(place, form, upper, *, whole):
    """Return an end of the range of a form, as a number."""
    ball = place.range(form)
    exact = constant(form) or (ball.upper() if upper else ball.lower()).fmpq()
    return fmpq(exact.ceil() if upper else exact.floor()) if whole else exact


BOUNDS = dict.fromkeys(THEOREM, (("n", "delta", "radius"), sample_theorem))
SEARCHES = BOUNDS | {
    "pl_constant": (("radius",), curve_found),
    "worst_contraction_factor": (("radius",), curve_found),
    "strong_convexity_radius": (("fraction",), curve_found),
    "iterations_to_kl": (("eps",), iterations_to_kl),
    "samples_needed": (("eps", "delta", "radius"), samples_needed),
}
QUANTITIES = SEARCHES | {
    "spectral_gap": ((), lambda place: place.gap()),
    "contraction_factor": ((), lambda place: place.form(1) - place.gap()),
    "asymptotic_rate": ((), asymptotic_rate),
    "sublinear_constant": ((), sublinear_constant),
    "lloyd_radius": ((), lambda place: place.lloyd_radius()),
    "contraction_bound": (("radius",), contraction_bound),
    "dft_modulus": (("m",), lambda place, m: apply(place, "sqrt", place.square(frequency(place, m)))),
    "posterior_power": (("m",), lambda place, m: place.power(frequency(place, m))),
    "log_partition": ((), lambda place: place.mean("L") if place.case.directions else place.v / 2 - place.kl()),
    "kl_divergence": ((), lambda place: place.kl()),
    "hessian_min_eigenvalue": ((), hessian_min_eigenvalue),
    "pl_ratio": ((), pl_ratio),
}
"""Quantity → its arguments, and what gives its form on a box."""
MONOTONE = {"iterations_to_kl": {"radius": 1, "eps": -1}, "samples_needed": {"eps": -1, "delta": -1}} | {
    name: {"n": -1, "delta": -1} for name in ("sample_error_bound", "sample_kl_bound")
}
"""Quantity → arguments in which it rises (1) or falls (−1), of steps as M = Λ′ rises along the ray, Λ being convex."""
