"""The quantities of a statement, on a box."""

from functools import lru_cache

from flint import fmpq

from .balls import HALF, ONE
from .expressions import ARGUMENTS
from .forms import constant, used_in
from .functions import apply
from .models.mixture import Mixture
from .models.quantities import model_quantity
from .outcomes import NOT_COVERED, require
from .points import POINTS, no_value
from .samples import THEOREM, sample_theorem, samples_needed
from .searches import CURVES, curve_found, iterations_to_kl
from .shells import best_factor


def quantity(place, name, names, given):
    """Return the form that a quantity is on a box; OutcomeError if it has no value there."""
    if isinstance(place, Mixture):
        return model_quantity(place, name, names, given)
    words, given = ARGUMENTS[name], {word: constant(form) for word, form in given.items()}
    require(not names, f"claim: {name} has other arguments")
    if name == "strong_convexity_radius" and not given:
        given = {"fraction": fmpq(0)}
    require_arguments(name, words, given)
    arguments = [given[word] for word in words]
    if words == ("m",):
        return of_frequency(place, name, *arguments)
    if name in SEARCHES:
        return searched(place, name, *arguments)
    if name in WEIGHTS:
        return WEIGHTS[name](place, *arguments)
    if name in POINTS:
        return POINTS[name](place)
    raise no_value(name)


def require_arguments(name, words, given):
    """Raise OutcomeError unless the arguments of a quantity are those it takes, in their domains."""
    right = set(given) == set(words) and all(x is not None and x >= 0 for x in given.values())
    right = right and given.get("n", ONE).q == 1 and given.get("delta", HALF) < 1
    right = right and all(given.get(word, HALF) > 0 for word in ("n", "eps", "delta"))
    require(right, f"claim: {name} has other arguments")


# Of the weights


def of_frequency(place, name, m):
    """Return |π̂_m| or β_m."""
    require(m.q == 1 and 0 < m < place.k, "claim: a frequency is not between 1 and k − 1")
    m = int(m)
    if name == "posterior_power":
        return place.power(m)
    return apply(place, "sqrt", place.square(min(m, place.k - m)))


def asymptotic_rate(place):
    """Return 1 − min |π̂_m|² over the frequencies that the point has a part in."""
    amplitudes = place.case.amplitudes
    if not any(amplitudes or [place.is_away()]):
        raise no_value("asymptotic_rate")
    return place.form(1) - place.gap([m for m, amplitude in enumerate(amplitudes, 1) if amplitude])


def sublinear_constant(place):
    """Return lim t² KL_t for uniform weights, (k − 1)/16."""
    if len(place.classes()) > 1:
        raise no_value("sublinear_constant")
    return place.form(fmpq(place.k - 1, 16))


def contraction_bound(place, radius):
    """Return 1 − c min |π̂_m|² (T12)."""
    factor = place.generator(("contraction_bound", radius), best_factor(place.k - 1, radius))
    return place.form(1) - place.gap() * factor


WEIGHTS = {
    "spectral_gap": lambda place: place.gap(),
    "contraction_factor": lambda place: place.form(1) - place.gap(),
    "asymptotic_rate": asymptotic_rate,
    "sublinear_constant": sublinear_constant,
    "lloyd_radius": lambda place: place.lloyd_radius(),
    "contraction_bound": contraction_bound,
}

# What is found by a search, or by the theorem on samples


@lru_cache(maxsize=256)
def kept(*_):
    """Return a list that is kept from one certificate to the next, for whatever names it."""
    return []


def searched(place, name, *arguments):
    """Return what a search has found, if it can be shown to be where it is recorded."""
    require(not place.free, f"{name} on intervals", NOT_COVERED)
    key, case = (name, *arguments), place.case
    require(key != ("pl_constant", 0), "claim: an infimum over nothing")
    known = kept(*key, *case.recorded.get(key, ()), case.key, *place.box.items(), place.goal)
    if not known:
        known.append(SEARCHES[name](place, *key))
    found = place.generator(key, known[0])
    if name in THEOREM:
        said = place.range(found).is_finite()
        require(said, "bounds where the finite-sample theorem says nothing", NOT_COVERED)
    else:
        place.searched |= used_in(found)
    return found


SEARCHES = {"iterations_to_kl": iterations_to_kl, "samples_needed": samples_needed}
SEARCHES |= dict.fromkeys(CURVES, curve_found) | dict.fromkeys(THEOREM, sample_theorem)
