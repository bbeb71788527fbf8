"""Where basins of EM end: of θ alone, and of the truth when the weight is fitted along with θ.

With the weight fitted, the truth (μ, W₀) is a fixed point of (θ, W) ↦ (E[X tanh(θX + a)], E γ), and so is its mirror
image (−μ, 1 − W₀), which is the same density; the map commutes with (θ, W) ↦ (−θ, 1 − W). A box around the truth on
which the map contracts, in a weighted maximum norm, is a part of its basin: an orbit that enters it tends to the truth
(docs/error-bounds.md, section 15).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import numbers_of
from emtheory.numerics.level import Level
from emtheory.numerics.limits.crossing import check_unit_variance, crossing, proposed
from emtheory.numerics.models.evaluation import Balls, dual_values, local_box
from emtheory.numerics.models.exact_values import known_fixed_points
from emtheory.numerics.models.fixed_points import fixed_points, narrowed
from emtheory.numerics.models.float_values import NUMPY, em, float_fixed_points, observed
from emtheory.numerics.models.iterates import iterate
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import em_map_target
from emtheory.numerics.refined import GUARD_DIGITS

_ACCURACY = 30.0
"""L by which precision is chosen where fixed points are counted."""
_GUARD_DIGITS = 3
"""Of fixed points, beyond the digits asked for: as many more are printed."""
_ALL = Enclosure(-math.inf, -math.inf, Level.CERTIFIED, "ball")
"""That there is but one fixed point."""


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """Of a fit with v ≥ 1 to N(0, 1), where 0 is the only one: M(0) = 0, and M′ < E X²/v ≤ 1 elsewhere."""
    p = case.rationals
    if p["separation"] != 0 or p["fit_variance"] < 1:
        raise CannotAnswerError("the number of fixed points has no closed form there")
    return exact_enclosure(rational(int(low <= 0 <= high)), digits)


def exact_boundary(case: Case, digits: int) -> Enclosure:
    """0 for a balanced fit with 1 + μ² > v: M is odd, M′(0) > 1, and M″ = −2 E[X³ tanh sech²]/v² < 0 for θ > 0.

    So there is one fixed point above 0, and M > θ in between.
    """
    p = case.rationals
    if p["fit_weight"] != Fraction(1, 2) or 1 + p["separation"] ** 2 <= p["fit_variance"]:
        raise CannotAnswerError("the boundary has no closed form there")
    return exact_enclosure(rational(0), digits)


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """The infimum of the starts from which EM converges to the largest fixed point: the one before it, or −∞.

    M increases, so that every sequence of iterates is monotone, and between two neighbouring simple fixed points it
    leads away from one and to the other.
    """
    model, exact = packaged_models()["two-means"], {**case.rationals, "theta": Fraction(0)}
    with arb_precision(working_bits(_ACCURACY)):
        found = fixed_points(model, numbers_of(exact), -math.inf, math.inf, known_fixed_points(model, exact))
    if len(found) < 2:
        return _ALL
    point, accuracy = found[-2], 2 * (digits + _GUARD_DIGITS) * math.log(10)
    for _ in range(3):
        if point.lower < point.upper:
            with arb_precision(working_bits(accuracy)):
                point = narrowed(model, numbers_of(exact), point, accuracy)
        enclosure = Enclosure(point.lower, point.upper, Level.CERTIFIED, "ball")
        if point.lower == point.upper or enclosure.has_digits(digits + _GUARD_DIGITS):
            return enclosure
        accuracy *= 2
    raise CannotAnswerError(f"the boundary is not known to {digits} digits; it may be zero")


def basin_boundary_float(case: Case, digits: int) -> Enclosure:
    """Return it in double precision."""
    values = numbers_of({**case.rationals, "theta": Fraction(0)}, NUMPY)
    roots = float_fixed_points(packaged_models()["two-means"], values, -math.inf, math.inf)
    return observed(roots[-2]) if len(roots) > 1 else Enclosure(-math.inf, -math.inf, Level.OBSERVED, "float")


MODEL = "two-means-weight"
_REACH = 60.0
"""As far as θ is looked for. A choice: at weights far from 1/2 the boundary is far from 0."""
_STEEPNESS = 4
"""Orbits that begin near the boundary lose about so many times the digits by which they do."""

MAX_STEPS = 2000
"""Of an orbit, after which it is not known where it goes. A choice: seconds."""
_MOST_FLOAT, _STAYS = 5000, 1e-11
"""The same in double precision, and a step so small that its limit is told; beside the boundary they are longer."""
_HALVINGS = 24
"""Sizes of the box that are tried, from half of μ on."""


@dataclass(frozen=True)
class Region:
    """Half-widths in θ and W of a box around the truth on which EM contracts."""

    theta: flint.arb
    weight: flint.arb


def fitted_boundary(case: Case, digits: int) -> Enclosure:
    """Enclose a θ at which the limit of EM from (θ, W) changes, W being the weight that EM starts with.

    From the lower end it certainly tends to the mirror image (−μ, 1 − W₀), from the upper one to the truth (μ, W₀).
    Both basins are open, so that a point in between belongs to neither. CannotAnswerError if the limits are not seen.
    """
    check_unit_variance(case)
    if case.rationals["fit_weight"] == Fraction(1, 2):
        # (0, 1/2) stays, and limits from (±θ, 1/2) are mirror images of each other.
        with arb_precision(working_bits(30.0)):
            if side(case, case.rationals["separation"], 30.0, region(case)) != 1:
                raise CannotAnswerError("the limit from θ = μ is not seen")
        return Enclosure(Fraction(0), Fraction(0), Level.CERTIFIED, "ball")
    accuracy = _STEEPNESS * (digits + GUARD_DIGITS) * math.log(10)
    with arb_precision(working_bits(accuracy)):
        basin = region(case)
        return crossing(lambda theta: side(case, theta, accuracy, basin), _proposal(case), digits)


def fitted_boundary_float(case: Case, digits: int) -> Enclosure:
    """Return it in double precision, by bisection."""
    check_unit_variance(case)
    return proposed(_proposal(case))


def _proposal(case: Case) -> float:
    low, high = -_REACH, _REACH
    if (_float_side(case, low), _float_side(case, high)) != (-1, 1):
        raise CannotAnswerError(f"the limit does not change between θ = {low:g} and θ = {high:g}")
    while high - low > 4 * math.ulp(max(abs(low), abs(high))) and high - low > 1e-15:
        middle = (low + high) / 2
        low, high = (middle, high) if _float_side(case, middle) < 0 else (low, middle)
    return (low + high) / 2


def _float_side(case: Case, start: float) -> int:
    """The sign of the limit of θ, in double precision."""
    place = {**numbers_of(case.rationals, NUMPY), "theta": start}
    for _ in range(_MOST_FLOAT):
        after = em(packaged_models()[MODEL], place)
        if abs(after["theta"] - place["theta"]) < _STAYS:
            break
        place.update(after)
    return 1 if place["theta"] > 0 else -1


def region(case: Case) -> Region:
    """Return a box around the truth that is shown to be in its basin; CannotAnswerError if none is, as for μ = 0."""
    mu, w = (case.rationals[name] for name in ("separation", "truth_weight"))
    truth = numbers_of({**case.rationals, "theta": mu, "fit_weight": w})
    if not (mu > 0 and 0 < w < 1):
        raise CannotAnswerError("the limit is followed for μ > 0 and weights of the data between 0 and 1 only")
    ratio = _ratio(_jacobian(truth))
    weight = to_arb(mu / 2) * ratio
    inside = to_arb(min(w, 1 - w)) / 2
    size = min(weight, inside, key=float) / ratio
    for _ in range(_HALVINGS):
        half = Region(size.mid(), (size * ratio).mid())
        around = {"theta": flint.arb(0, half.theta), "fit_weight": flint.arb(0, half.weight)}
        rows = _jacobian({**truth, **{name: truth[name] + each for name, each in around.items()}})
        scaled = flint.arb(half.weight / half.theta)
        sums = (abs(rows[0][0]) + abs(rows[0][1]) * scaled, abs(rows[1][0]) / scaled + abs(rows[1][1]))
        if all(each < 1 for each in sums):
            return half
        size /= 2
    raise CannotAnswerError("no box around the truth is shown to be in its basin")


def side(case: Case, theta: Fraction, accuracy: float, basin: Region) -> int:
    """Return 1 if EM from θ tends to the truth, −1 if to its mirror image, 0 if that is not seen."""
    balls: Balls = numbers_of({**case.rationals, "theta": theta})
    mu, weight = balls["separation"], balls["truth_weight"]
    for _ in range(MAX_STEPS):
        for sign, place in ((1, weight), (-1, 1 - weight)):
            near = abs(balls["theta"] - sign * mu) < basin.theta
            if near and abs(balls["fit_weight"] - place) < basin.weight:
                return sign
        if balls["theta"].contains(0) and balls["fit_weight"].contains(flint.arb(1) / 2):
            return 0
        try:
            balls = iterate(packaged_models()[MODEL], balls, 1, accuracy)
        except CannotAnswerError:
            return 0
    return 0


def _jacobian(values: Balls) -> list[list[flint.arb]]:
    """The derivatives of the map in (θ, W)."""
    box = local_box(values, "theta", "fit_weight")
    places = [box.moving.index(name) for name in ("theta", "fit_weight")]
    duals = dual_values(packaged_models()[MODEL], em_map_target(packaged_models()[MODEL]), box)
    return [[dual.slopes[place] for place in places] for dual in duals]


def _ratio(rows: list[list[flint.arb]]) -> flint.arb:
    """The ratio of widths in W and θ for which the norm of the Jacobian is least: that of an eigenvector of |J|."""
    (a, b), (c, d) = [[abs(float(entry.mid())) for entry in row] for row in rows]
    if not (b and c):
        return flint.arb(1)
    largest = (a + d) / 2 + math.hypot((a - d) / 2, math.sqrt(b * c))
    return flint.arb((largest - a) / b)
