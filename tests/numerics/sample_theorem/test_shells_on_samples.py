"""The finite-sample theorem by shells where people have points, and EM on samples from starts anywhere."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.sample_theorem.choices import Question
from emtheory.numerics.sample_theorem.exponential_moments import frequency_maps
from emtheory.numerics.sample_theorem.shell_bound import says_something
from emtheory.numerics.sample_theorem.shells import cut, multipliers, shell, walls
from emtheory.numerics.weights import Weights, parse_weights
from tests.theory.cubature_em import Array
from tests.tiers import first_every_day


def test_what_must_hold_at_sizes_that_people_have() -> None:
    def bound(k: int, weights: str, n: int) -> float:
        arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(1)}
        found = evaluate("sample_error_bound", make_case(k, weights), arguments, 6)
        assert found.level is Level.CERTIFIED
        return float(found.upper)

    # Beside quantiles of 95 % on samples: 0.2637 and 0.0923.
    assert bound(3, "1/2,3/10,1/5", 1000) < 2 * 0.2637
    assert bound(3, "1/2,3/10,1/5", 10_000) < 2.4 * 0.0923
    assert bound(3, "one-heavy:4/5", 100) < 1
    assert bound(4, "1/2,1/4,1/8,1/8", 200) < 1


def test_far_starts_cost_nothing_where_contraction_is_known() -> None:
    """From the sample sizes on at which the inner ball is one of contraction the start does not matter."""
    near, far = (
        evaluate(
            "sample_error_bound",
            make_case(3, "one-heavy:4/5"),
            {"n": Fraction(10_000), "delta": Fraction(1, 20), "radius": Fraction(radius)},
            10,
        )
        for radius in ("1/10", "50")
    )
    assert near.upper == far.upper


SETTINGS: list[tuple[str, int, int, str]] = [
    ("4/5,1/5", 1, 20, "1/20"),
    ("4/5,1/5", 1, 300, "1/20"),
    ("1/2,1/2", 1, 20, "1/20"),
    ("1/2,1/2", 1, 100, "3/10"),
    ("1/2,3/10,1/5", 2, 14, "1/20"),
    ("1/2,3/10,1/5", 2, 150, "3/10"),
    ("4/5,1/10,1/10", 2, 150, "1/20"),
    ("4/5,1/10,1/10", 5, 150, "3/10"),
    ("1/3,1/3,1/3", 2, 100, "1/20"),
    ("49/50,1/100,1/100", 2, 2000, "1/20"),
    ("7/10,1/10,1/10,1/10", 3, 200, "1/20"),
    ("1/2,1/4,1/8,1/8", 4, 26, "1/20"),
]
FIVE = ("1/5,1/5,1/5,1/5,1/5", 4, 714, "1/20")
"""Where exponential moments are bounded, not computed, from so many points on."""
HEAVY_FIVE = ("24/25,1/100,1/100,1/100,1/100", 4, 5000, "1/20")


@pytest.mark.parametrize(
    ("weights", "d", "n", "delta", "trials"),
    [("4/5,1/5", 1, 40, "1/20", 300)]
    + [pytest.param(*setting, 2000, marks=pytest.mark.long) for setting in SETTINGS]
    + [pytest.param(*FIVE, 40, marks=pytest.mark.long), pytest.param(*HEAVY_FIVE, 400, marks=pytest.mark.long)],
)
def test_em_from_far_starts_ends_within_the_bound(weights: str, d: int, n: int, delta: str, trials: int) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    arguments = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(3)}
    bound = float(evaluate("sample_error_bound", make_case(len(exact), list(exact), d), arguments, 6).upper)
    ends = limits(exact, d, n, trials)

    def least(radius: float) -> float:
        return float(binomtest(int(np.sum(ends > radius)), trials).proportion_ci(0.999, "exact").low)

    assert least(bound) <= float(Fraction(delta))
    if n >= 2000:  # Where normal theory is near, four fifths of the bound are too little.
        assert least(0.8 * bound) > float(Fraction(delta))


LEAST = [
    ("4/5,1/5", 1, "1/20", 20),
    ("1/2,1/2", 1, "1/20", 20),
    ("1/2,3/10,1/5", 2, "1/20", 14),
    ("1/2,1/4,1/8,1/8", 4, "1/20", 26),
]


@pytest.mark.parametrize(("weights", "d", "delta", "least"), first_every_day(3, LEAST))
def test_the_least_sample_that_is_covered_is_where_the_shells_begin(
    weights: str, d: int, delta: str, least: int
) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    case = make_case(len(exact), list(exact), d)
    for n in (least - 1, least):
        question = Question(case, n, Fraction(delta), Fraction(3))
        assert says_something(question) == (n == least)
    assert any(setting == (weights, d, least, delta) for setting in SETTINGS)


@pytest.mark.parametrize(
    ("weights", "d", "n", "delta"),
    [SETTINGS[4]] + [pytest.param(*setting, marks=pytest.mark.long) for setting in SETTINGS if setting != SETTINGS[4]],
)
def test_rates_a_quarter_larger_are_refuted_by_samples(weights: str, d: int, n: int, delta: str) -> None:
    """Also where coverage cannot tell, as the sum over cells is far above the probability of what it bounds.

    The probability that is bounded by e^{−mI} at a vertex is e^{−mI} E[e^{−τ(S − ma)}; S ≥ ma], S the sum of m of the
    ⟨m_g(X), g − v⟩ with X of density proportional to e^{τ⟨m_g(x), g − v⟩} times the normal one. So it is at least
    e^{−mI − 5} P(0 ≤ τ(S − ma) ≤ 5), which is seen on samples; e^{−5mI/4} is less.
    """
    exact = parse_weights(weights, weights.count(",") + 1)
    arguments = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(3)}
    bound = evaluate("sample_error_bound", make_case(len(exact), list(exact), d), arguments, 6).upper
    # Farther out τ is not the best, as longer h take more nodes: there rates could be larger.
    outer = next(outer for outer, inner in pairwise(walls(exact, wide=False)) if inner <= min(bound, Fraction(2, 5)))
    _, longest, cells = cut(exact, outer)
    with arb_precision(80):
        rates = [low for _, low, *_ in shell(exact, outer, wide=False).rates]
    at = int(np.argmin(rates))
    _, g, vertices = cells[at // (each := len(rates) // len(cells))]
    v, rate = vertices[at % each], rates[at]
    away, maps = g - v, frequency_maps(len(exact))
    share = np.array([float(weight) for weight in exact])
    points, trials, generator = math.ceil(40 / rate), 100, np.random.default_rng(11)

    def gains(x: Array) -> Array:
        turned = np.einsum("jab,na->jnb", maps, x)
        joint = share[:, np.newaxis] * np.exp(turned @ g)
        found: Array = ((joint / joint.sum(axis=0)) * (turned @ away)).sum(axis=0)
        return found

    mixture = gains(generator.normal(size=(200_000, len(g))))
    height = float(v @ away)
    tau = float(multipliers(mixture[np.newaxis], np.full(200_000, 1 / 200_000), np.array([height]))[0])
    tau = min(tau, longest / float(np.linalg.norm(away)))
    hits = 0
    for _ in range(trials):
        sums, count = 0.0, 0
        while count < points:
            # ⟨m_g(x), h⟩ is at most the largest ⟨x, U_jh⟩: the density is below a mixture of normals.
            centres = np.einsum("jab,b->ja", maps, tau * away)
            x = generator.normal(size=(points, len(g))) + centres[generator.integers(len(share), size=points)]
            value = gains(x)
            least = np.log(np.exp(x @ centres.T).sum(axis=1))
            value = value[np.log(generator.uniform(size=points)) <= tau * value - least][: points - count]
            sums, count = sums + float(value.sum()), count + len(value)
        hits += 0 <= tau * (sums - points * height) <= 5
    seen = float(binomtest(hits, trials).proportion_ci(0.999, "exact").low)
    assert seen > 0
    assert math.log(seen) - points * rate - 5 > -1.25 * points * rate


@pytest.mark.parametrize(("weights", "n", "start"), [("4/5,1/5", 300, 5), ("1/2,3/10,1/5", 400, 3)])
def test_no_more_iterates_are_far_out_than_said(weights: str, n: int, start: int) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    case, generator = make_case(len(exact), list(exact)), np.random.default_rng(4)
    given = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(start)}
    said = float(evaluate("far_iterates", case, given).midpoint)
    twice = 2 * float(evaluate("sample_error_bound", case, given | {"radius": Fraction(9)}, 6).upper)
    share, maps, seen = np.array([float(weight) for weight in exact])[:, np.newaxis], frequency_maps(case.k), []
    for _ in range(100):
        points, theta, far = generator.normal(size=(n, case.d)), np.full(case.d, float(start)), 0
        theta /= math.sqrt(case.d)
        for _ in range(20):
            if np.linalg.norm(theta) <= twice:
                break
            far += 1
            turned = np.einsum("jab,na->jnb", maps, points)
            joint = share * np.exp(turned @ theta)
            theta = np.einsum("jn,jnb->b", joint / joint.sum(axis=0), turned) / n
        seen.append(far)

    def least(most: float) -> float:
        beyond = int(np.sum(np.array(seen) > most))
        return float(binomtest(beyond, len(seen)).proportion_ci(0.999, "exact").low)

    assert least(said) <= 0.05
    assert least(said / 27) > 0.05
    # Farther starts take more, and near ones none.
    near, less = (
        evaluate("far_iterates", case, given | {"radius": r}).upper
        for r in (Fraction(twice) / 2, Fraction(twice) * 11 / 10)
    )
    assert near == 0 < less < said
    with pytest.raises(OutOfReachError, match="too few for the theorem of shells"):
        evaluate("far_iterates", case, given | {"n": Fraction(5)})


def test_steps_are_counted_by_shells_where_nets_do_not_do() -> None:
    """From the least n that the message names; and nets, where they do, are as before."""
    case, given = make_case(3, "one-heavy:4/5"), {"delta": Fraction(1, 20), "radius": Fraction(1)}
    with pytest.raises(OutOfReachError, match="n = 7461 are enough"):
        evaluate("steps_needed", case, given | {"n": Fraction(7000)})
    many, fewer, net = (
        evaluate("steps_needed", case, given | {"n": Fraction(n)}).upper for n in (8028, 89_568, 89_569)
    )
    assert many == 153 > fewer > 2 * net == 50
    # Of five components, too.
    five = make_case(5, "one-heavy:4/5")
    far, shells = (
        evaluate(name, five, given | {"n": Fraction(10**5)}).upper for name in ("far_iterates", "steps_needed")
    )
    assert 20 < far < shells < 100


def limits(weights: Weights, d: int, n: int, trials: int) -> Array:
    """‖θ‖ where EM on many samples ends, from far starts; two hundred samples at a time."""
    generator = np.random.default_rng(7)
    dimension, maps = len(weights) - 1, frequency_maps(len(weights))
    share = np.array([float(weight) for weight in weights])[:, np.newaxis, np.newaxis]
    found = []
    for first in range(0, trials, 200):
        points = generator.normal(size=(min(200, trials - first), n, d))
        turned = np.einsum("jab,cna->jcnb", maps, points[..., :dimension])
        theta = generator.normal(size=(len(points), dimension))
        theta *= 3 / np.linalg.norm(theta, axis=1)[:, np.newaxis]
        moving = np.arange(len(points))
        for _ in range(400):
            images = turned[:, moving]
            joint = share * np.exp((images @ theta[moving][:, :, np.newaxis])[..., 0])
            joint /= joint.sum(axis=0)
            new = (joint[..., np.newaxis, :] @ images).sum(axis=0)[:, 0] / n
            change = np.abs(new - theta[moving]).max(axis=1)
            theta[moving] = new
            moving = moving[change > 1e-4 * np.maximum(0.05, np.abs(new).max(axis=1))]
            if not len(moving):
                break
        rest = points[..., dimension:].mean(axis=1)
        found.append(np.sqrt((theta**2).sum(axis=1) + (rest**2).sum(axis=1)))
    return np.concatenate(found)
