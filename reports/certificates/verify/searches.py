"""What a search has found: it is not searched for again, but what is recorded is shown to be a bound."""

from flint import arb, fmpq

from .forms import constant
from .functions import least
from .outcomes import NOT_COVERED, MoreError, require
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


def iterations_to_kl(place, name, eps):
    """Return the steps r ← (1 − β)r of EM until KL ≤ eps, if they are as recorded: KL falls at each step (T14)."""
    case, steps = place.case, place.case.recorded[name, eps][0]
    require(len(place.shares()) == 1, "trajectories that leave the regular simplex", NOT_COVERED)
    is_count = steps.q == 1 and 0 <= steps <= MAX_STEPS
    require(is_count, f"iterations_to_kl is recorded as no number of at most {MAX_STEPS}")
    case.whole = {"radius": (fmpq(0), constant(place.radius))} | case.whole
    places = place.known.setdefault("trajectory", [place])
    while len(places) <= steps:
        places.append(after_a_step(places[-1], place))
    # KL before the last step, if there is one, and after it.
    *before, after = (at.range(at.kl()) for at in places[: int(steps) + 1][-2:])
    right = is_positive(eps - after) and all(is_positive(kl - eps) for kl in before)
    require(right, "iterations_to_kl is not as recorded")
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
