"""Shells of the finite-sample theorem: their cells, their rates, and EM on samples from starts anywhere."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import binomtest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.sample_theorem.choices import Question
from emtheory.numerics.sample_theorem.exponential_moments import frequency_maps, plan_moments
from emtheory.numerics.sample_theorem.shell_bound import says_something
from emtheory.numerics.sample_theorem.shells import cut, multipliers, shell, top, top_rate, walls
from emtheory.numerics.sample_theorem.wide_shells import wide_curvature
from emtheory.numerics.weights import Weights, parse_weights
from tests.theory.cubature_em import Array
from tests.theory.tied_mixtures import cyclic_mixture
from tests.tiers import first_every_day

CASES = [("4/5,1/5", "1/2"), ("1/2,3/10,1/5", "3/10"), ("1/2,3/10,1/5", "3/2"), ("1/2,1/4,1/8,1/8", "6/5")]


def inside(point: Array, vertices: Array) -> bool:
    """Whether a point is a mean of vertices: a linear program."""
    columns = np.vstack([vertices.T, np.ones(len(vertices))])
    found = linprog(np.zeros(len(vertices)), A_eq=columns, b_eq=[*point, 1], bounds=(0, None))
    return bool(found.status == 0)


@pytest.mark.parametrize(("weights", "outer"), CASES)
def test_the_cells_cover_the_shell(weights: str, outer: str) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    dimension, radius = len(exact) - 1, Fraction(outer)
    inner, _, cells = cut(exact, radius)
    assert 0 < inner < radius
    generator = np.random.default_rng(0)
    counts = sum(count for count, _, _ in cells)
    for trial in range(60):
        u = generator.normal(size=dimension)
        # Some points on the boundary of the shell, and some near the poles.
        u[:2] *= 0.02 if dimension == 3 and trial % 3 == 0 else 1
        size = [float(inner), float(radius), generator.uniform(float(inner), float(radius))][trial % 3]
        theta = size * u / np.linalg.norm(u)
        found = False
        for count, g, vertices in cells:
            assert np.linalg.norm(g) > radius
            if dimension == 3 and abs(math.asin(g[2] / np.linalg.norm(g)) - math.asin(abs(theta[2]) / size)) > 0.1:
                continue  # another latitude, and linear programs take time
            turned = theta.copy()
            if dimension == 1:
                turned = np.abs(theta)
            else:
                # By one of the equal angles to the sector around angle 0, and to the upper half.
                sector = 2 * math.pi / (count if dimension == 2 else count // 2)
                angle = math.atan2(theta[1], theta[0])
                angle -= sector * round(angle / sector)
                turned[:2] = np.hypot(theta[0], theta[1]) * np.array([math.cos(angle), math.sin(angle)])
                turned[2:] = np.abs(theta[2:])
            found = found or inside(turned, vertices)
        assert found, theta
    # They are hardly larger than need be: their volumes add up to a little more than the shell's.
    if dimension == 2:
        (count, _, vertices) = cells[0]
        order = [0, 2, 3, 1]
        x, y = vertices[order].T
        area = abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
        assert math.pi * float(radius**2 - inner**2) < counts * area < 1.01 * math.pi * float(radius**2 - inner**2)


@pytest.mark.parametrize(("weights", "outer"), CASES)
def test_rates_are_those_of_another_rule(weights: str, outer: str) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    count = {2: 120, 3: 60, 4: 40}[len(exact)]
    mixture = cyclic_mixture(np.array([float(weight) for weight in exact]), count)
    with arb_precision(80):
        found = shell(exact, Fraction(outer), wide=False).rates
    _, longest, cells = cut(exact, Fraction(outer))
    each = len(found) // len(cells)
    for i in range(0, len(cells), 1 if len(exact) < 4 else 12):
        _, g, vertices = cells[i]
        images = np.einsum("nj,jab,na->nb", mixture.posterior(g), mixture.maps, mixture.nodes)
        for v, (_, low, high, length) in zip(vertices, found[each * i : each * (i + 1)], strict=True):
            away = g - v
            t = np.append(np.linspace(0, longest, 20), length) / np.linalg.norm(away)
            rates = t * (v @ away) - np.log(np.exp(np.multiply.outer(t, images @ away)) @ mixture.mass)
            assert low * (1 - 1e-6) <= rates[-1] <= high * (1 + 1e-6)
            # The grid's best t is not quite as good.
            assert rates.max() < 1.02 * rates[-1]


@pytest.mark.parametrize(("weights", "outer"), CASES)
def test_enclosures_of_rates_narrow(weights: str, outer: str) -> None:
    """Each is within those before it, but for the rounding of t."""
    exact = parse_weights(weights, weights.count(",") + 1)
    with arb_precision(80):
        found = [shell(exact, Fraction(outer), False, finer).rates for finer in range(2 if len(exact) == 4 else 3)]
    for before, after in pairwise(found):
        for (count, low, high, size), (other, least, most, length) in zip(before, after, strict=True):
            assert (count, size) == (other, pytest.approx(length, rel=0.01))
            assert low <= most * (1 + 1e-6)
            assert least * (1 - 1e-6) <= high
    widths = [sum(high - low for _, low, high, _ in one) for one in found]
    assert all(later < first / 20 for first, later in pairwise(widths))


@pytest.mark.parametrize("accuracy", [0.5, 2.0, 5.0, 20.0])
@pytest.mark.parametrize("weights", ["4/5,1/5", "1/2,3/10,1/5", "1/2,1/4,1/8,1/8"])
def test_moments_are_bounded_however_coarse_the_rule(weights: str, accuracy: float) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    mixture = cyclic_mixture(np.array([float(weight) for weight in exact]), {2: 160, 3: 80, 4: 40}[len(exact)])
    generator, missed = np.random.default_rng(1), 0
    for size in (0.1, 0.5):
        g = generator.normal(size=len(exact) - 1)
        g *= 0.7 / np.linalg.norm(g)
        directions = generator.normal(size=(3, len(g)))
        directions *= size / np.linalg.norm(directions, axis=1)[:, np.newaxis]
        with arb_precision(80):
            moments = plan_moments(exact, g, size, accuracy)
            found = moments.enclosures(directions)
        images = np.einsum("nj,jab,na->nb", mixture.posterior(g), mixture.maps, mixture.nodes)
        true = mixture.mass @ np.exp(images @ directions.T)
        scale = math.prod(moments.rule.steps) / (2 * math.pi) ** (len(g) / 2)
        plain = scale * np.exp(moments.values(directions)) @ moments.mass
        upper, lower = (
            np.array([float(end) for end in ends])
            for ends in zip(*((x.upper(), x.lower()) for x in found), strict=True)
        )
        assert (upper >= true * (1 - 1e-9)).all()
        assert (lower <= true * (1 + 1e-9)).all()
        assert (upper <= lower + 120 * math.exp(-accuracy)).all()
        missed += int((plain < true * (1 - 1e-9)).sum())
    # The sum alone is below some: the errors of the rule are needed where it is coarse.
    assert (missed > 0) == (accuracy < 20)


def test_maps_are_those_of_the_simplex() -> None:
    for k in (2, 3, 4):
        assert np.allclose(frequency_maps(k), cyclic_mixture(np.full(k, 1 / k), 2).maps)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_the_outermost_radius_is_exceeded_as_seldom_as_said(dimension: int) -> None:
    assert float(top(dimension)) == pytest.approx(math.sqrt(2 * dimension))
    n = 6
    norms = np.random.default_rng(2).chisquare(n * dimension, size=200_000) / n
    seen = float(np.mean(norms > 2 * dimension))
    with arb_precision(64):
        bound = float((-n * top_rate(dimension)).exp().mid())
    assert 0 < seen < bound
    # Four times the exponent is refuted.
    assert float(binomtest(int(seen * 200_000), 200_000).proportion_ci(0.999, "exact").low) > bound**4


WIDE = [("1/5,1/5,1/5,1/5,1/5", "3/2"), ("4/5,1/20,1/20,1/20,1/20", "1/3"), ("1/6,1/6,1/6,1/6,1/6,1/6", "1")]


@pytest.mark.parametrize(("weights", "outer"), WIDE)
def test_wide_cells_cover_all_directions(weights: str, outer: str) -> None:
    """By the numbers that the rates are of: counts are those of cubes on the faces of a cube, in so many layers."""
    exact, radius = parse_weights(weights, weights.count(",") + 1), Fraction(outer)
    dimension, about = len(exact) - 1, wide_curvature(exact, radius)
    found = shell(exact, radius, wide=True)
    (count, *_), (other, *_) = found.rates
    parts = math.isqrt(math.ceil(625 * (dimension - 1) / about**3)) + 1
    layers, rest = divmod(count, 2 * dimension * (2 * parts) ** (dimension - 1))
    assert (count, rest) == (other, 0)
    thickness = float(about / 16) if layers > 1 else float(radius / found.inner) - 1
    assert float(found.inner) * (1 + thickness) ** layers >= float(radius) * (1 - 1e-12)
    generator, angle = np.random.default_rng(0), math.asin(math.sqrt(dimension - 1) / parts)
    for _ in range(200):
        u = generator.normal(size=dimension) ** 3
        u /= np.abs(u).max()
        face = int(np.argmax(np.abs(u)))
        middle = (np.floor((u + 1) / 2 * parts).clip(0, parts - 1) + 0.5) * 2 / parts - 1
        middle[face] = u[face]
        corner = middle + np.sign(generator.normal(size=dimension)) / parts
        corner[face] = u[face]
        assert (np.abs(u - middle) <= (1 + 1e-9) / parts).all()
        assert middle @ corner >= math.cos(angle) * np.linalg.norm(middle) * np.linalg.norm(corner) * (1 - 1e-12)


@pytest.mark.parametrize(("weights", "outer"), WIDE)
def test_wide_rates_are_those_of_the_worst_vertex(weights: str, outer: str) -> None:
    """Samples of x, for a few vertices: with the τ of the length the true rate is not below what is said."""
    exact, radius = parse_weights(weights, weights.count(",") + 1), Fraction(outer)
    found, about, dimension = shell(exact, radius, wide=True), wide_curvature(exact, radius), len(exact) - 1
    generator, maps = np.random.default_rng(1), frequency_maps(len(exact))
    share = np.array([float(weight) for weight in exact])
    x = generator.normal(size=(20_000, dimension))
    x = np.concatenate([x, -x])
    parts = math.isqrt(math.ceil(625 * (dimension - 1) / about**3)) + 1
    thickness = float(about / 16) if found.rates[0][0] > 2 * dimension * (2 * parts) ** (dimension - 1) else None
    first = float(found.inner) * (1 + thickness) if thickness else float(radius)
    for _ in range(3):
        e, side = generator.normal(size=(2, dimension))
        e /= np.linalg.norm(e)
        side -= (side @ e) * e
        sine = math.sqrt(dimension - 1) / parts
        away = math.sqrt(1 - sine**2) * e + sine * side / np.linalg.norm(side)
        g = first * (1 + float(about) / 5) * e
        turned = np.einsum("jab,na->jnb", maps, x)
        joint = share[:, np.newaxis] * np.exp(turned @ g)
        joint /= joint.sum(axis=0)
        for norm, (_, rate, _, length) in zip((float(found.inner), first), found.rates, strict=True):
            h = g - norm * away
            tau = length / float(np.linalg.norm(h))
            powers = np.exp(tau * (joint * (turned @ h)).sum(axis=0))
            error = 4 * float(powers.std()) / math.sqrt(len(x))
            true = tau * norm * float(away @ h) - math.log(float(powers.mean()) + error)
            assert 0 < rate < true
            # And of the size of it.
            assert true < 30 * rate


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


@pytest.mark.parametrize(
    ("weights", "d", "n", "delta", "trials"),
    [("4/5,1/5", 1, 40, "1/20", 300)]
    + [pytest.param(*setting, 2000, marks=pytest.mark.long) for setting in SETTINGS]
    + [pytest.param(*FIVE, 40, marks=pytest.mark.long)],
)
def test_em_from_far_starts_ends_within_the_bound(weights: str, d: int, n: int, delta: str, trials: int) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    arguments = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(3)}
    bound = float(evaluate("sample_error_bound", make_case(len(exact), list(exact), d), arguments, 6).upper)
    ends = limits(exact, d, n, trials)

    def least(radius: float) -> float:
        return float(binomtest(int(np.sum(ends > radius)), trials).proportion_ci(0.999, "exact").low)

    assert least(bound) <= float(Fraction(delta))
    if n == 2000:  # Where normal theory is near, four fifths of the bound are too little.
        assert least(0.8 * bound) > float(Fraction(delta))
    if len(exact) == 5:  # A tenth is too little.
        assert least(bound / 10) > float(Fraction(delta))


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


@pytest.mark.parametrize(("weights", "n", "start"), [("4/5,1/5", 300, 5), ("1/2,3/10,1/5", 400, "3/2")])
def test_no_more_iterates_are_far_out_than_said(weights: str, n: int, start: int | str) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    case, generator = make_case(len(exact), list(exact)), np.random.default_rng(4)
    given = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(start)}
    said = float(evaluate("far_iterates", case, given).midpoint)
    twice = 2 * float(evaluate("sample_error_bound", case, given | {"radius": Fraction(9)}, 6).upper)
    share, maps, seen = np.array([float(weight) for weight in exact])[:, np.newaxis], frequency_maps(case.k), []
    for _ in range(100):
        points, theta, far = generator.normal(size=(n, case.d)), np.full(case.d, float(Fraction(start))), 0
        theta /= math.sqrt(case.d)
        for _ in range(20):
            far += bool(np.linalg.norm(theta) > twice)
            turned = np.einsum("jab,na->jnb", maps, points)
            joint = share * np.exp(turned @ theta)
            theta = np.einsum("jn,jnb->b", joint / joint.sum(axis=0), turned) / n
        seen.append(far)

    def least(most: float) -> float:
        beyond = int(np.sum(np.array(seen) > most))
        return float(binomtest(beyond, len(seen)).proportion_ci(0.999, "exact").low)

    assert least(said) <= 0.05
    assert least(said / 200) > 0.05
    # Farther starts take more.
    assert evaluate("far_iterates", case, given | {"radius": Fraction(1, 2)}).upper < said
    with pytest.raises(OutOfReachError, match="too few for the theorem of shells"):
        evaluate("far_iterates", case, given | {"n": Fraction(5)})


def test_steps_are_counted_by_shells_where_nets_do_not_do() -> None:
    """From the least n that the message names; and nets, where they do, are as before."""
    case, given = make_case(3, "one-heavy:4/5"), {"delta": Fraction(1, 20), "radius": Fraction(1)}
    with pytest.raises(OutOfReachError, match="n = 8028 are enough"):
        evaluate("steps_needed", case, given | {"n": Fraction(8027)})
    many, fewer, net = (
        evaluate("steps_needed", case, given | {"n": Fraction(n)}).upper for n in (8028, 89_568, 89_569)
    )
    assert many > fewer > 10 * net == 250
    # Of five components, too.
    five = make_case(5, "one-heavy:4/5")
    far, shells = (
        evaluate(name, five, given | {"n": Fraction(10**5)}).upper for name in ("far_iterates", "steps_needed")
    )
    assert 100 < far < shells < 3000


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
