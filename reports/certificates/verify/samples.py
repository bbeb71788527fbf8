"""The bounds of the finite-sample theorem (T13)."""

import math
from functools import reduce

from flint import arb, arb_poly, fmpq

from .balls import increasing_root
from .place import Place
from .proof import is_positive
from .reading import GOALS, NOT_COVERED, UNDECIDED, require
from .shells import WAYS, best_factor, excluded, far_steps, promises, squares

THEOREM = "sample_error_bound", "sample_kl_bound", "steps_needed", "sample_operator_error", "far_iterates"
ARCS = 16
"""Boxes of amplitudes that cover the arc of those with one norm."""
SMALLER = 5, 7, 10, 14, 20
"""Divisors of the radius of the ball in which the theorem localises, each of which gives a bound."""
MAX_POINTS = 2**60
"""Of a sample that is searched for: a choice against waste."""
ROUNDS = 12
"""So often a radius is put into a bound in its place."""
CHANGES = [fmpq(1, 20)] * 4 + [fmpq(1, 5)]
"""Parts of δ for the change of the Hessian on balls; a quarter each is for the mean and for λ, 1/20 for each net."""


def chi_square_tail(degrees, probability):
    """Return the q with P(χ² > q) = probability, which is less than 2^(degrees/2) exp(−q/4) for all q."""
    half, high = arb(degrees) / 2, 1000 * arb(degrees) - 100 * arb(probability).log()
    return increasing_root(lambda q: probability - (q / 2).gamma_upper(half, 1), high)


def spread(d, n, probability):
    """Return λ, which λ_max(S) exceeds with at most the probability."""
    return (1 + (arb(d) / n).sqrt() + (-2 * arb(probability).log() / n).sqrt()) ** 2


def operator_error(d, n, rho, most, step, probability):
    """Return the bound on ‖M_n − M‖ on a ball, by moments of normal variables or by norms."""
    count = d * (41 * (1 + 2 * rho / step)).log() - arb(probability).log()
    square = count / (2 * d * n)
    deviation = (2 * (1 + rho**2) * count / n).sqrt()
    if is_positive(fmpq(49, 100) - square):
        deviation = arb.min(deviation, (count / n - d * (1 - 2 * square).log()) / square.sqrt())
    return deviation * 20 / 19 + step * d * (most + 1)


def change(d, radius):
    """Return √n times what ∇M_n − ∇M changes by on a ball from its value at 0 on, as the root of a mean square."""
    moments = [arb(math.prod(d + 2 * i for i in range(m + 2))).sqrt() for m in range(d + 1)]
    return sum(math.comb(d, m) * math.factorial(m + 1) * (4 * radius) ** m * moments[m] for m in range(1, d + 1))


def narrowed(d, n, delta, radius):
    """Return bounds on ‖θ̂‖ and KL in the simplex's span, from a radius that all fixed points are within."""
    x, largest = (chi_square_tail(d, delta / 4) / n).sqrt(), spread(d, n, delta / 4)
    for share in CHANGES:
        excess = largest - 1 + change(d, radius) / arb(n * delta * share).sqrt()
        for _ in range(ROUNDS):
            factor = (d + 2 * radius * radius).sqrt()
            root = x + factor * (x + excess)
            radius = arb.min(radius, (factor * root).sqrt())
    factor = (d + 2 * radius * radius).sqrt()
    kl = ((1 + factor) ** 2 / 2 + 2 * (1 + factor) * factor / 3 + factor**2 / 4) * root * root
    return radius, arb.min(kl, radius * radius / 2)


def confined(weights, n, delta):
    """Return the radius by shells, or None, and bounds on ‖θ̂‖ and KL in the span that are no larger."""
    d, shelled = len(weights) - 1, excluded(weights, n, delta)
    if shelled is None:
        return None, arb.pos_inf(), arb.pos_inf()
    radius = arb(shelled)
    if narrowed(d, n, delta, radius)[0] < radius:
        start = excluded(weights, n, delta / 10)
        if start is not None:
            norm, kl = narrowed(d, n, delta, arb(start))
            return shelled, arb.min(radius, norm), kl
    return shelled, radius, arb.pos_inf()


def may_confine(weights, n, radius, share):
    """Whether bounds for fixed points anywhere may be below a radius: a look before all shells."""
    narrows = narrowed(len(weights) - 1, n, share, radius)[0] < radius
    return narrows or promises(weights, n, radius, share)


def is_reached(weights, n, radius, share):
    """Whether no fixed point is beyond a radius but with the probability given."""
    return may_confine(weights, n, radius, share) and is_positive(radius - confined(weights, n, share)[1])


def sample_theorem(place, name, n, delta, radius):
    """Return a bound on ‖θ̂‖ or KL, or numbers of steps (infinite where it says nothing), or that on ‖M_n − M‖."""
    d, rho = arb(place.k - 1), arb(radius)
    weights = weights_for_shells(place) if name in (*THEOREM[:2], "far_iterates") else ()
    if name == "far_iterates":
        radius = excluded(weights, n, delta) if weights else None
        return arb.pos_inf() if radius is None else far_steps(weights, n, rho, arb(2 * radius), delta).ceil()
    gap = place.range(place.gap())
    largest = reduce(arb.max, (place.range(place.square(m)) for m in place.shares()), arb(place.case.d > place.k - 1))
    x, sigma, lost = (chi_square_tail(place.case.d, delta * 3 / 4) / n).sqrt(), gap.sqrt(), 1 - gap
    most = spread(d, n, delta / 20)
    third = 2 * lost * (10 * d * (d + 2) * (d + 4) / (n * delta)).sqrt()

    if name == "sample_operator_error":
        return operator_error(d, n, rho, most, 1 / (20 * arb(n).sqrt()), delta * 19 / 20)
    counted = []
    for divisor in SMALLER:
        square = gap / (divisor * (d + 2))
        ball, u, w = square.sqrt(), 1 - 16 * square / 3, 1 - 32 * square / 3
        variance = d * (d + 2) * (w ** (-d / 2 - 2) - 2 * u ** (-d / 2 - 2) + 1)
        growth = (u ** (-d / 2 - 1) - 1 + (20 * variance / (n * delta)).sqrt()) / square
        margin = arb_poly([0, 1 - lost * most, -third / 2, -lost * growth / 3])
        slope, start = margin.derivative()(ball), rho
        first: arb | None = arb(0)
        if not is_positive(slope) or not is_positive(margin(ball) - largest.sqrt() * x):
            continue
        if not is_positive(ball - start):
            decrease = best_factor(place.k - 1, radius) * gap
            first, start = ((ball - x) / (10 * start)).log() / (1 - decrease).log(), ball
            error = operator_error(d, n, rho, most, decrease * ball / (20 * d), delta / 20)
            known = is_positive(decrease * (ball - x) * 9 / 10 - error)
            if name == "steps_needed":
                first = first if known else None
            elif not (known or is_reached(weights, n, ball - x, delta / 20)):
                continue
        r = increasing_root(margin - sigma * x, ball)
        counted.append((r, first, (sigma * r / (start + r)).log() / (1 - slope).log(), ball - x))
    if name == "steps_needed":
        counted = [(r, first, arb.max(second, arb(1)), goal) for r, first, second, goal in counted]
        if all(first is None for _, first, *_ in counted):  # Nets do not do.
            weights = weights_for_shells(place)
            steps = (far_steps(weights, n, rho, goal, delta / 20) + second for *_, second, goal in counted)
            return reduce(arb.min, steps, arb.pos_inf()).ceil()
        _, first, second, _ = least([each for each in counted if each[1] is not None])
        return first.ceil() + second.ceil()
    r, *_ = least(counted)
    bounds = r, (sigma * r) ** 2 / 2 + 2 * sigma * r**3 / 3 + r**4 / 4 if counted else r
    return better_by_shells(place, weights, n, delta, bounds)[THEOREM.index(name)]


def least(counted):
    """Return the first of the rows that begin with the least number, or infinities."""
    return reduce(lambda one, two: two if is_positive(one[0] - two[0]) else one, counted, [arb.pos_inf()] * 4)


def weights_for_shells(place):
    """Return the weights in order."""
    require(place.fixed(), "what shells say of weights that vary", NOT_COVERED)
    return tuple(place.in_order())


def better_by_shells(place, weights, n, delta, best):
    """Return bounds on ‖θ̂‖ and KL: those by contraction, or by what holds of fixed points anywhere, where smaller."""
    rest = place.case.d - place.k + 1
    share = delta / (2 if rest > 0 else 1)
    # What is across the simplex: P(χ² > q) is the share.
    square = chi_square_tail(rest, share) / n if rest > 0 else arb(0)
    if best[0].is_finite() and not may_confine(weights, n, best[0], share):
        return best
    shelled, radius, other = confined(weights, n, share)
    if shelled is None or not radius <= best[0]:
        return best
    r, z = arb(shelled), reduce(arb.max, squares(weights)).upper().sqrt() * shelled
    kl = arb.min(r * r / 2, z * z / 2 + 2 * z * r * r / 3 + r**4 / 4)
    if place.k in WAYS:
        kl = arb.min(kl, largest_kl(place, shelled))
    return arb.min(best[0], (radius * radius + square).sqrt()), arb.min(best[1], arb.min(kl, other) + square / 2)


def largest_kl(place, radius):
    """Return KL at a radius, where it is largest up to there: at points that cover the arc of those amplitudes.

    With few digits it is seen which of these may have the largest.
    """
    case, points = place.case, []
    for arc in range(ARCS if place.k == 4 else 1):
        low, high = fmpq(arc, ARCS), fmpq(arc + 1, ARCS)
        corner = [(1 - low**2) / (1 + low**2), 2 * high / (1 + high**2)][: place.k // 2]
        points.append(
            {"weights": [str(x) for x in weights_for_shells(place)], "amplitudes": [str(radius * x) for x in corner]}
        )
    for goal in (GOALS[0], place.goal):
        places = [Place(type(case)(claim, place.k), {}, goal) for claim in points]
        found = [there.range(there.kl()) for there in places]
        largest = reduce(arb.max, found)
        points = [claim for claim, kl in zip(points, found, strict=True) if not kl < largest]
    return largest


def samples_needed(place, name, eps, *given):
    """Return the least n with a bound on KL up to eps, first tried where it is recorded: the bound falls as n grows."""

    def is_enough(n):
        return is_positive(eps - sample_theorem(place, "sample_kl_bound", fmpq(n), *given))

    few, step, enough = 0, 1, max(1, int(place.case.recorded.get((name, eps, *given), [fmpq(1)])[0].floor()))
    while not is_enough(enough):
        few, enough = enough, 2 * enough
        require(enough < MAX_POINTS, "so many points", UNDECIDED)
    while enough - few > 1:
        middle = max(enough - step, (few + enough) // 2)
        few, enough, step = (few, middle, 2 * step) if is_enough(middle) else (middle, enough, step)
    return arb(enough)
