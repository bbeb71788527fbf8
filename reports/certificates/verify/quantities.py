"""The quantities of a statement, on a box."""

from functools import lru_cache

from flint import arb, fmpq

from .balls import HALF, ONE, UNIT
from .expressions import comparison, evaluate, least, smallest_eigenvalue
from .forms import constant, keys, used_in
from .models.mixture import Mixture
from .models.quantities import model_quantity
from .place import Place
from .posterior import lloyd_second_eigenvalue
from .proof import is_positive, prove
from .reading import GOALS, INFINITY, NOT_COVERED, UNDECIDED, require
from .samples import THEOREM, sample_theorem, samples_needed
from .shells import WAYS, best_factor

MAX_FREE = 5
"""Components up to which λ_min for any weights is the least eigenvalue of a matrix of at most two rows."""


def pl_ratio(place):
    """Return ½‖∇ℓ‖²/KL, which has no value at radius 0."""
    is_known = place.is_away() or not place.amplitudes() or not place.free
    require(is_known, "pl_ratio at the origin off the simplex", NOT_COVERED)
    require(place.is_away(), "claim: pl_ratio has no value here")
    return place.pl_ratio()


def hessian_min_eigenvalue(place):
    """Return λ_min(∇²ℓ): the least tangential β_m, 2m < k, and eigenvalue of δ_mn β_m + ρ_m ρ_n t_mn (T6).

    On the simplex the squares are ρ_m² = v dim_m/(k − 1).
    """
    k, shares, count, off = place.k, place.case.shares, (place.k - 1) // 2, place.amplitudes()
    if not off and constant(place.v) == 0:
        return place.gap()
    if place.edge < 0 or place.case.ranged:
        return place.mean("h")
    alike = place.is_flat() and count > 1 and not off
    require(k <= MAX_FREE or alike, "Hessians of such weights of more than five components", NOT_COVERED)

    def entry(m, n, coupling=None, factor=1):
        if off:
            both = off[m - 1] * off[n - 1]
        else:
            both = place.v * place.function("sqrt", place.form(shares[m] * shares[n] * factor))
        coupled = both * (coupling or place.mean("t", m, n))
        return place.power(m) + coupled if m == n else coupled

    if alike:
        # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
        same, other = place.mean("t", 1, 1), place.mean("t", 1, 2)
        tangential = [place.power(1), entry(1, 1, same - other)]
        matrix = [entry(1, 1, same + other * (count - 1))]
        matrix += [entry(1, k // 2, other, count), entry(k // 2, k // 2)] if k % 2 == 0 else []
    else:
        matrix = [entry(m, n) for n in shares for m in shares if m <= n]
        tangential = [place.power(m) for m in shares if 2 * m < k]
    if place.edge and len(matrix) > 1:  # It is within 9v/2 of what it is at the origin (T11).
        return place.gap() + place.generator(("eigenvalue",), UNIT * 9 / 2) * place.v
    return least(place, [*tangential, matrix[0] if len(matrix) == 1 else smallest_eigenvalue(place, *matrix)])


SLACK = 10
"""Ends that are recorded are moved apart by their 2^(−goal − 10)-th part, less than one in 10⁵, and shown."""
SURE = 17
"""Bits that are known of what is right to one part in 10⁵."""
MAX_STEPS = 5000
"""Of EM: a choice against waste."""

CURVES = {
    "strong_convexity_radius": lambda at, fraction: hessian_min_eigenvalue(at) - at.gap() * fraction,
    "pl_constant": lambda at, _: at.pl_ratio(),
    "worst_contraction_factor": lambda at, _: least(at, [at.power(m) for m in at.shares()]) * -1 + 1,
}
"""What is positive up to a radius but not just beyond it, or has an infimum or a supremum on a ball."""


ALONG = {"worst_contraction_factor": "<=", "pl_constant": ">=", "strong_convexity_radius": ">="}
"""Comparisons with a number that say something of a curve at all radii up to one."""


def along_ray(case, statement):
    """Return what such a comparison says: the sides, of which the first is the curve, the sign, and the last radius."""
    line, (left, *others), signs = comparison(statement)
    name = getattr(getattr(left, "func", left), "id", "")
    require(signs == [ALONG.get(name)], "rays for weights that vary in such statements", NOT_COVERED)
    at, words = case.at(dict(case.whole), GOALS[0]), getattr(left, "keywords", ())
    given = [constant(evaluate(at, line, node)) for node in (*others, *(word.value for word in words))]
    bound, argument = [*given, fmpq(0)][:2]
    if bound is None and name == "strong_convexity_radius":  # It is assumed to be no less than the radius.
        case.assumed.append((lambda place: [place.radius, evaluate(place, line, *others)], ["<="]))
        case.open, bound = case.open | {("radius", 0)}, INFINITY
    require(None not in (bound, argument), "rays for arguments that vary", NOT_COVERED)
    first, last = (fmpq(0), bound) if name == "strong_convexity_radius" else (bound, argument)
    return lambda place: [CURVES[name](place, argument), first], signs, last


def curve_found(place, name, argument):
    """Return what is recorded of a curve: both ends, moved apart, are shown to be bounds."""
    (lower, upper, start), slack = place.case.recorded[name, argument], fmpq(1, 2 ** (place.goal + SLACK))
    require(0 <= lower <= upper, f"{name} is recorded without an enclosure")
    low, high = lower if lower == INFINITY else lower * (1 - slack), upper * (1 + slack)
    if name == "worst_contraction_factor":  # Of one near 1 its distance from 1 matters.
        low, high = lower - abs(1 - lower) * slack, upper + (abs(1 - upper) or 1) * slack
    start = min(abs(start or 0), argument)  # Every place in the ball will do.
    # A comparison of the curve with a bound, on an interval of radii.
    shown = {
        "strong_convexity_radius": [(">", 0, low, 0), *([("<", high, high, 0)] if low < INFINITY else [])],
        "pl_constant": [(">=", 0, argument, low), ("<=", start, start, high)],
        "worst_contraction_factor": [("<=", 0, argument, high), (">=", start, start, low)],
    }
    for sign, first, last, bound in shown[name]:
        box = place.box | {"radius": (fmpq(first), fmpq(last))}
        prove(place.case, [sign], box, lambda at, bound=bound: [CURVES[name](at, argument), bound])
    return arb(low).union(arb(high)) if low < INFINITY else arb.pos_inf()


def iterations_to_kl(place, _, eps):
    """Return the steps r ← (1 − β)r of EM until KL ≤ eps, which falls at each step (T14)."""
    require(len(place.shares()) == 1, "trajectories that leave the regular simplex", NOT_COVERED)
    place.case.whole = {"radius": (fmpq(0), constant(place.radius))} | place.case.whole
    at, steps = place, 0
    while constant(at.v) != 0 and not is_positive(eps - at.range(at.kl())):
        at, steps = after_a_step(at, place), steps + 1
        require(steps <= MAX_STEPS, "so many steps", UNDECIDED)
    return arb(steps)


def after_a_step(at, start):
    """Return the place after a step of EM: an interval of radii, as narrow as the digits allow."""
    radius = at.range(at.radius * (at.power(1) * -1 + 1))
    require(is_positive(radius), "a radius is not positive")
    box = start.box | {"radius": (radius.lower().fmpq(), radius.upper().fmpq())}
    return Place(start.case, box, start.goal, near=radius * 2 ** (start.goal // 3 + 2) < 1)


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
    require(place.is_away(), "claim: asymptotic_rate has no value here")
    point = [constant(each) for each in place.amplitudes()]
    require(None not in point, "asymptotic_rate where amplitudes vary", NOT_COVERED)
    return place.form(1) - place.gap([m for m, amplitude in enumerate(point, 1) if amplitude])


def sublinear_constant(place):
    """Return lim t² KL_t for uniform weights, (k − 1)/16."""
    require(len(place.classes()) == 1, "claim: sublinear_constant has no value here")
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
    # KL off the simplex is an integral in three dimensions, of which no more is asked.
    is_known = name == "sample_kl_bound" and place.k == max(WAYS) and known[0].rel_accuracy_bits() > SURE
    place.searched |= used_in(found) if name in CURVES or is_known else set()
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
    key = "corners", name, *keys(*given.values())
    ball = found[0].union(found[1])
    return place.generator(key, (ball, ball, [arb.pos_inf()] * len(place.free)))


def end_of(place, form, upper, *, whole):
    """Return an end of the range of a form, as a number."""
    ball = place.range(form)
    exact = constant(form) or (ball.upper() if upper else ball.lower()).fmpq()
    return fmpq(exact.ceil() if upper else exact.floor()) if whole else exact


BOUNDS: dict[str, tuple] = dict.fromkeys(THEOREM, (("n", "delta", "radius"), sample_theorem))
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
    "lloyd_second_eigenvalue": ((), lambda at: at.generator(("second",), lloyd_second_eigenvalue(at.k, at.goal))),
    "contraction_bound": (("radius",), contraction_bound),
    "dft_modulus": (("m",), lambda place, m: place.function("sqrt", place.square(frequency(place, m)))),
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
