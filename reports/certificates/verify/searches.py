"""What a search has found: it is not searched for again, but what is recorded is shown to be a bound."""

from flint import arb, fmpq

from .expressions import comparison, evaluate, no_quantity
from .forms import constant
from .functions import least
from .outcomes import GOALS, NOT_COVERED, UNDECIDED, MoreError, require
from .place import Place
from .points import hessian_min_eigenvalue
from .proof import prove
from .reading import INFINITY

SLACK = 10
"""Ends that are recorded are moved apart by their 2^(−goal − 10)-th part, less than one in 10⁵, and shown."""
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
    name = getattr(getattr(left, "func", left), "id", None)
    require(signs == [ALONG.get(name)], "rays for weights that vary in such statements", NOT_COVERED)
    at, words = case.at({}, GOALS[0]), getattr(left, "keywords", ())
    given = [constant(evaluate(at, line, node, no_quantity)) for node in (*others, *(word.value for word in words))]
    bound, argument = [*given, fmpq(0)][:2]
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


def is_positive(x):
    """Whether a ball is positive; more digits are asked for where it does not tell."""
    if not (x > 0 or x < 0):
        raise MoreError(None)
    return x > 0
