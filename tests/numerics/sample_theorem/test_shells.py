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
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.sample_theorem import float_shells
from emtheory.numerics.sample_theorem.choices import Question
from emtheory.numerics.sample_theorem.exponential_moments import frequency_maps, plan_moments
from emtheory.numerics.sample_theorem.shell_bound import says_something
from emtheory.numerics.sample_theorem.shells import cut, multipliers, shell, top, top_rate, walls
from emtheory.numerics.weights import Weights, parse_weights
from tests.theory.cubature_em import Array
from tests.theory.tied_mixtures import cyclic_mixture

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
        found = shell(exact, Fraction(outer)).rates
    _, longest, cells = cut(exact, Fraction(outer))
    best, some = [], 1 if len(exact) < 4 else 12
    for _, g, vertices in cells[::some]:
        images = np.einsum("nj,jab,na->nb", mixture.posterior(g), mixture.maps, mixture.nodes)
        for v in vertices:
            t = np.linspace(0, longest / np.linalg.norm(g - v), 20)
            powers = np.exp(np.multiply.outer(t, images @ (g - v))) @ mixture.mass
            best.append(float(np.max(t * (v @ (g - v)) - np.log(powers))))
    each = len(found) // len(cells)
    compared = [rate for i, (_, rate, _) in enumerate(found) if i // each % some == 0]
    for rate, other in zip(compared, best, strict=True):
        # The grid's best t is not quite as good, the certified rate not quite as large.
        assert 0.95 * other <= rate <= 1.02 * other


@pytest.mark.parametrize(("weights", "outer"), CASES)
def test_enclosures_of_rates_narrow_to_what_gauss_and_hermite_give(weights: str, outer: str) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    observed = float_shells._shell(exact, Fraction(outer))
    with arb_precision(80):
        found = [shell(exact, Fraction(outer), finer).rates for finer in range(2 if len(exact) == 4 else 3)]
    for one in found:
        for (count, low, high), (other, rate) in zip(one, observed, strict=True):
            assert count == other
            assert low <= rate * (1 + 1e-6)
            assert rate * (1 - 1e-6) <= high
    widths = [sum(high - low for _, low, high in one) for one in found]
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
FIVE = ("1/5,1/5,1/5,1/5,1/5", 4, 1547, "1/20")
"""Where only the bound for fixed points anywhere says something, from so many points on."""


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
    if len(exact) == 5:  # A twentieth is too little.
        assert least(bound / 20) > float(Fraction(delta))


@pytest.mark.parametrize(
    ("weights", "d", "delta", "least"),
    [
        ("4/5,1/5", 1, "1/20", 20),
        ("1/2,1/2", 1, "1/20", 20),
        ("1/2,3/10,1/5", 2, "1/20", 14),
        ("1/2,1/4,1/8,1/8", 4, "1/20", 26),
    ],
)
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
    outer = next(outer for outer, inner in pairwise(walls(exact)) if inner <= min(bound, Fraction(2, 5)))
    _, longest, cells = cut(exact, outer)
    with arb_precision(80):
        rates = [low for _, low, _ in shell(exact, outer).rates]
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
