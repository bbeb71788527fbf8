"""The bounds of the finite-sample theorem (T13), and the contraction factor on a ball (T12)."""

from functools import reduce

from flint import arb, arb_poly, fmpq

from .balls import increasing_root
from .outcomes import NOT_COVERED, require
from .place import Place
from .searches import is_positive
from .shells import excluded, is_at_most, is_reached, promises

THEOREM = "sample_error_bound", "sample_kl_bound", "steps_needed", "sample_operator_error"
MAX_SHELLED = 4
"""Components up to which the bounds are also by shells, which for the last of these are not known here."""
SMALLER = 5, 7, 10, 14, 20
"""Divisors of the radius of the ball in which the theorem localises, each of which gives a bound."""


def best_factor(dimension, radius):
    """Return the largest ((1 + 2α)/(1 + α)²)^{D/2} exp(−r²/((1 + α)(1 + 2α))) (T12).

    It is where Dα(1 + α)(1 + 2α)/(3 + 4α), which is at least Dα/3, is r².
    """
    d, square = arb(dimension), arb(radius) ** 2
    a = increasing_root(lambda a: d * a * (1 + a) * (1 + 2 * a) / (3 + 4 * a) - square, 3 * square / d)
    return (((1 + 2 * a) / (1 + a) ** 2).log() * d / 2 - square / ((1 + a) * (1 + 2 * a))).exp()


def sample_theorem(place, name, n, delta, radius):
    """Return a bound on ‖θ̂‖ or KL, the steps (all infinite where it says nothing), or the bound on ‖M_n − M‖."""
    d, n, delta, rho, half = map(arb, (place.k - 1, n, delta, radius, fmpq(place.case.d, 2)))
    weights = weights_for_shells(place) if name in THEOREM[:2] else ()
    gap = place.range(place.gap())
    largest = reduce(arb.max, (place.range(place.square(m)) for m in place.shares()), arb(2 * half > d))
    # P(χ²_d > q) = 3δ/4, and P(χ²_d > q) is less than 2^(d/2) exp(−q/4) for all q.
    q = increasing_root(lambda q: delta * 3 / 4 - (q / 2).gamma_upper(half, 1), 2000 * half - 100 * delta.log())
    x, sigma, lost = (q / n).sqrt(), gap.sqrt(), 1 - gap
    most = (1 + (d / n).sqrt() + (2 * (20 / delta).log() / n).sqrt()) ** 2
    third = 2 * lost * (10 * d * (d + 2) * (d + 4) / (n * delta)).sqrt()

    def operator_error(step, part):
        count = d * (41 * (1 + 2 * rho / step)).log() - (part * delta).log()
        square = count / (2 * d * n)
        error = (count / n - d * (1 - 2 * square).log()) / square.sqrt() * 20 / 19 + step * d * (most + 1)
        return error if is_positive(fmpq(49, 100) - square) else arb.pos_inf()

    if name == "sample_operator_error":
        return operator_error(1 / (20 * n.sqrt()), fmpq(19, 20))
    best, steps = [arb.pos_inf()] * 2, [arb.pos_inf()] * 2
    for divisor in SMALLER:
        square = gap / (divisor * (d + 2))
        ball, u, w = square.sqrt(), 1 - 16 * square / 3, 1 - 32 * square / 3
        variance = d * (d + 2) * (w ** (-d / 2 - 2) - 2 * u ** (-d / 2 - 2) + 1)
        growth = (u ** (-d / 2 - 1) - 1 + (20 * variance / (n * delta)).sqrt()) / square
        margin = arb_poly([0, 1 - lost * most, -third / 2, -lost * growth / 3])
        slope, start, first = margin.derivative()(ball), rho, arb(0)
        if not is_positive(slope) or not is_positive(margin(ball) - largest.sqrt() * x):
            continue
        if not is_positive(ball - start):
            decrease = best_factor(place.k - 1, radius) * gap
            first, start = ((ball - x) / (10 * start)).log() / (1 - decrease).log(), ball
            error = operator_error(decrease * ball / (20 * d), fmpq(1, 20))
            known = is_positive(decrease * (ball - x) * 9 / 10 - error)
            if not (known or is_reached(weights, n, ball - x, delta / 20)):
                continue
        r = increasing_root(margin - sigma * x, ball)
        if is_positive(best[0] - r):
            best = r, (sigma * r) ** 2 / 2 + 2 * sigma * r**3 / 3 + r**4 / 4
        if name == "steps_needed" and is_positive(steps[0] - r):
            second = (sigma * r / (start + r)).log() / (1 - slope).log()
            steps = r, first.ceil() + arb.max(second.ceil(), arb(1))
    if name == "steps_needed":
        return steps[1]
    return better_by_shells(place, weights, n, delta, best)[THEOREM.index(name)]


def weights_for_shells(place):
    """Return the weights in order, or none where the theorem has no shells."""
    if place.k > MAX_SHELLED:
        return ()
    known = place.k < MAX_SHELLED and place.fixed()
    require(known, "what shells say of four components, or of weights that vary", NOT_COVERED)
    return tuple(weight for _, weight in sorted((j, weight) for weight, members in place.fixed() for j in members))


def better_by_shells(place, weights, n, delta, best):
    """Return bounds on ‖θ̂‖ and KL: those by contraction, or by shells where these are smaller."""
    rest = arb(place.case.d - place.k + 1)
    share = delta / (2 if rest > 0 else 1)
    if not weights or (best[0].is_finite() and not promises(weights, n, best[0], share)):
        return best
    radius = excluded(weights, n, share)
    if radius is None or (best[0].is_finite() and not is_at_most(arb(radius), best[0])):
        return best
    # What is across the simplex: P(χ² > q) is the share.
    square = arb(0)
    if rest > 0:
        high = 2000 * rest - 100 * delta.log()
        square = increasing_root(lambda q: share - (q / 2).gamma_upper(rest / 2, 1), high) / n
    place.case.whole = {"radius": (fmpq(0), radius)} | place.case.whole
    there = Place(place.case, place.box | {"radius": (radius, radius)}, place.goal)
    kl = there.range(there.kl()) + square / 2
    return arb.min(best[0], (radius * radius + square).sqrt()), arb.min(best[1], kl)


def samples_needed(place, name, eps, *given):
    """Return the least n with a bound on KL up to eps, if it is as recorded: the bound falls as n grows."""
    n = place.case.recorded[name, eps, *given][0]
    require(n.q == 1, "samples_needed is recorded as no number")
    bounds = [sample_theorem(place, "sample_kl_bound", each, *given) for each in (n - 1, n)]
    is_short, is_enough = (is_positive(eps - bound) for bound in bounds)
    require(is_enough and not is_short, "samples_needed is not as recorded")
    return arb(n)
