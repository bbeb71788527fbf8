"""Shells of the finite-sample theorem, their cells and rates, and what they say where people have points."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq, linprog
from scipy.stats import binomtest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.sample_theorem.exponential_moments import frequency_maps, plan_moments
from emtheory.numerics.sample_theorem.shells import cut, shell
from emtheory.numerics.sample_theorem.wide_shells import wide_curvature
from emtheory.numerics.weights import Weights, parse_weights
from tests.theory.cubature_em import Array, cyclic_mixture

CASES = [("4/5,1/5", "1/2"), ("1/2,3/10,1/5", "3/2"), ("1/2,1/4,1/8,1/8", "6/5")]


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
    for trial in range(40):
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
    for i in range(0, len(cells), 1 if len(exact) < 4 else 20):
        _, g, vertices = cells[i]
        images = (mixture.posterior(g)[:, np.newaxis] @ np.tensordot(mixture.nodes, mixture.maps, (1, 1)))[:, 0]
        for v, (_, low, high, length) in zip(vertices, found[each * i : each * (i + 1)], strict=True):
            away = g - v
            t = np.append(np.linspace(0, longest, 20), length) / np.linalg.norm(away)
            rates = t * (v @ away) - np.log(np.exp(np.multiply.outer(t, images @ away)) @ mixture.mass)
            assert low * (1 - 1e-6) <= rates[-1] <= high * (1 + 1e-6)
            # The grid's best t is not quite as good.
            assert rates.max() < 1.02 * rates[-1]


@pytest.mark.parametrize("accuracy", [0.5, 5.0, 20.0])
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
        images = (mixture.posterior(g)[:, np.newaxis] @ np.tensordot(mixture.nodes, mixture.maps, (1, 1)))[:, 0]
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


WIDE = [("1/5,1/5,1/5,1/5,1/5", "3/2"), ("4/5,1/20,1/20,1/20,1/20", "1/3"), ("1/6,1/6,1/6,1/6,1/6,1/6", "1")]
NEAR_ONE = ("99/100,1/400,1/400,1/400,1/400", "1/5")
"""Where A is nearly the identity, and rates those of normal variables."""


@pytest.mark.parametrize(("weights", "outer"), [*WIDE, NEAR_ONE])
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
        turned = x @ maps
        joint = share[:, np.newaxis] * np.exp(turned @ g)
        joint /= joint.sum(axis=0)
        for norm, (_, rate, _, length) in zip((float(found.inner), first), found.rates, strict=True):
            h = g - norm * away
            tau = length / float(np.linalg.norm(h))
            powers = np.exp(tau * (joint * (turned @ h)).sum(axis=0)).reshape(2, -1).mean(axis=0)
            error = 4 * float(powers.std()) / math.sqrt(len(powers))
            true = tau * norm * float(away @ h) - math.log(float(powers.mean()) + error)
            assert 0 < rate < true
            # A quarter more is refuted where A is nearly the identity.
            assert true < (1.25 if (weights, outer) == NEAR_ONE else 5) * rate


@pytest.mark.parametrize(("weights", "outer"), [*CASES, ("1/4,1/4,1/4,1/4", "12/5"), ("9/10,1/30,1/30,1/30", "1/10")])
def test_each_point_is_between_cells(weights: str, outer: str) -> None:
    """Of cells turned by half a sector: ways from θ to two of the g have a mean in the direction of θ, or nearly."""
    exact = parse_weights(weights, weights.count(",") + 1)
    dimension, radius = len(exact) - 1, Fraction(outer)
    inner, _, cells = cut(exact, radius)
    generator, worst = np.random.default_rng(3), 0.0
    for band, (count, g, _) in enumerate(cells):
        half = 0.0 if dimension == 1 else math.pi / (count if dimension == 2 else count // 2)
        south, north = (math.pi / 2 * (band + i) / len(cells) * (dimension == 3) for i in range(2))
        for size in (float(radius), float(inner), generator.uniform(float(inner), float(radius))):
            for latitude in {south, (south + north) / 2, north}:
                for angle in (0.0, half / 2, generator.uniform(0, half)):
                    level = math.cos(latitude)
                    theta = size * np.array([level * math.cos(angle), level * math.sin(angle), math.sin(latitude)])
                    turned = [np.array([math.cos(a), math.sin(a)]) * g[0] for a in (0.0, half)]
                    # The mean of the two g that is on the meridian of θ.
                    share = 0.0 if not half else math.sin(angle) / (math.sin(angle) + math.sin(half - angle))
                    mean = np.append((1 - share) * turned[0] + share * turned[1], g[2:]) if dimension > 1 else g
                    theta = theta[:dimension]
                    along = float((mean - theta) @ theta) / size
                    assert along > 0
                    worst = max(worst, float(np.linalg.norm(mean - theta - along * theta / size)) / along)
    sine = worst / math.hypot(1, worst)
    assert sine < (0.36 if dimension == 3 else 1e-6)
    if dimension == 3:  # A quarter less would be too little.
        assert sine > 0.27


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


@pytest.mark.long
def test_what_must_hold_at_sizes_that_people_have() -> None:
    def bound(k: int, weights: str, n: int) -> float:
        arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(1)}
        found = evaluate("sample_error_bound", make_case(k, weights), arguments, 6)
        assert found.level is Level.CERTIFIED
        return float(found.upper)

    # Beside the quantile of 95 % on samples, 0.0923.
    assert bound(3, "1/2,3/10,1/5", 10_000) < 2.4 * 0.0923
    assert bound(4, "1/2,1/4,1/8,1/8", 200) < 1


SETTINGS: list[tuple[str, int, int, str]] = [
    ("4/5,1/5", 1, 20, "1/20"),
    ("1/2,1/2", 1, 100, "3/10"),
    ("1/2,3/10,1/5", 2, 14, "1/20"),
    ("4/5,1/10,1/10", 5, 150, "3/10"),
    ("49/50,1/100,1/100", 2, 2000, "1/20"),
]
FIVE = ("1/5,1/5,1/5,1/5,1/5", 4, 714, "1/20")
"""Where exponential moments are bounded, not computed, from so many points on."""


@pytest.mark.parametrize(
    ("weights", "d", "n", "delta", "trials"),
    [("4/5,1/5", 1, 40, "1/20", 300)]
    + [pytest.param(*setting, 1000, marks=pytest.mark.long) for setting in SETTINGS]
    + [pytest.param(*FIVE, 40, marks=pytest.mark.long)],
)
def test_em_from_far_starts_ends_within_the_bound(weights: str, d: int, n: int, delta: str, trials: int) -> None:
    exact = parse_weights(weights, weights.count(",") + 1)
    arguments = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(3)}
    bound = float(evaluate("sample_error_bound", make_case(len(exact), list(exact), d), arguments, 6).upper)
    ends = limits(exact, d, n, trials)

    assert least_share(int(np.sum(ends > bound)), trials) <= float(Fraction(delta))
    if n >= 2000:  # Where normal theory is near, four fifths of the bound are too little.
        assert least_share(int(np.sum(ends > 0.8 * bound)), trials) > float(Fraction(delta))


RARE = Fraction(1, 10**30)
"""So small a δ that log(1/δ) is far above the logarithm of the number of cells."""
FEWEST = [("4/5,1/5", 1, 451), ("1/3,1/3,1/3", 2, 226)]
"""With the least n that is enough for it."""
MORE = [("1/3,1/3,1/3", 5, 1000)]
COARSE = [("4/5,1/10,1/10", 5, 1000, 0.65), ("1/2,1/4,1/8,1/8", 3, 2000, 0.7)]
"""Where δ is spent twice, on the span and on the rest, or cells are coarse as many are dear: a smaller part."""


@pytest.mark.parametrize(
    ("weights", "d", "n", "part", "trials"),
    [
        (*FEWEST[0], 0.8, 300),
        *(pytest.param(*setting, 0.8, 200, marks=pytest.mark.long) for setting in [FEWEST[1], *MORE]),
        *(pytest.param(*setting, 100, marks=pytest.mark.long) for setting in COARSE),
    ],
)
def test_four_fifths_of_a_bound_are_exceeded_more_often_than_said(
    weights: str, d: int, n: int, part: float, trials: int
) -> None:
    """What is as improbable as 10⁻³⁰ is seen on samples of a law of which it is typical.

    Under the density e^{τ⟨m_g(x), u⟩ − κ} times the normal one, g = ru, r a little beyond what is to be exceeded, and τ
    with a mean of ⟨m_g(X), u⟩ of r, EM from far out ends near g on about half of the samples. The other law's
    probability is a mean of e^{nκ − τS} there, S the sum of the ⟨m_g(X_i), u⟩, and so at least e^{nκ − τnr − 3} times
    the probability under this one that EM ends beyond and S ≤ nr + 3/τ.
    """
    exact = parse_weights(weights, weights.count(",") + 1)
    given = {"n": Fraction(n), "delta": RARE, "radius": Fraction(3)}
    case = make_case(len(exact), list(exact), d)
    bound = float(evaluate("sample_error_bound", case, given, 6).upper)
    if (weights, d, n) in FEWEST:
        with pytest.raises(OutOfReachError, match=f"n = {n} are enough"):
            evaluate("sample_error_bound", case, given | {"n": Fraction(n - 1)}, 6)
    # Of four components the least rates are at some latitude between the planes of the two frequencies.
    u = np.array([math.cos(0.6), 0, math.sin(0.6)]) if len(exact) == 4 else np.eye(len(exact) - 1)[0]
    radius, mixture = 1.02 * part * bound, cyclic_mixture(shares(exact), {2: 160, 3: 80, 4: 40}[len(exact)])
    gain = gains(exact, mixture.nodes, radius * u, u)

    def powers(tau: float) -> Array:
        found: Array = mixture.mass * np.exp(tau * gain)
        return found

    tau = float(brentq(lambda t: float(powers(t) @ (gain - radius)), 0, 10))
    exponent = n * (math.log(powers(tau).sum()) - tau * radius)
    generator, hits = np.random.default_rng(5), 0
    for _ in range(trials // 100):
        x = tilted(exact, radius * u, tau * u, 100 * n, generator)
        ends = ends_of_em(exact, x.reshape(100, n, -1), np.tile(3 * bound * u, (100, 1)))
        sums = gains(exact, x, radius * u, u).reshape(100, n).sum(axis=1)
        hits += int(np.sum((ends > part * bound) & (tau * (sums - n * radius) <= 3)))
    assert math.log(least_share(hits, trials)) + exponent - 3 > math.log(RARE)


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
            turned = points @ maps
            joint = share * np.exp(turned @ theta)
            theta = np.einsum("jn,jnb->b", joint / joint.sum(axis=0), turned) / n
        seen.append(far)

    assert least_share(int(np.sum(np.array(seen) > said)), len(seen)) <= 0.05
    assert least_share(int(np.sum(np.array(seen) > said / 27)), len(seen)) > 0.05
    # Farther starts take more, and near ones none.
    near, less = (
        evaluate("far_iterates", case, given | {"radius": r}).upper
        for r in (Fraction(twice) / 2, Fraction(twice) * 11 / 10)
    )
    assert near == 0 < less < said
    with pytest.raises(OutOfReachError, match="too few for the theorem of shells"):
        evaluate("far_iterates", case, given | {"n": Fraction(5)})


def shares(weights: Weights) -> Array:
    return np.array([float(weight) for weight in weights])


def least_share(hits: int, trials: int) -> float:
    return float(binomtest(hits, trials).proportion_ci(0.999, "exact").low)


def gains(weights: Weights, x: Array, g: Array, h: Array) -> Array:
    """⟨m_g(x), h⟩ of points."""
    turned = x @ frequency_maps(len(weights))
    joint = shares(weights)[:, np.newaxis] * np.exp(turned @ g)
    found: Array = ((joint / joint.sum(axis=0)) * (turned @ h)).sum(axis=0)
    return found


def tilted(weights: Weights, g: Array, h: Array, count: int, generator: np.random.Generator) -> Array:
    """Points of the density proportional to e^{⟨m_g(x), h⟩} times the normal one."""
    # ⟨m_g(x), h⟩ is at most the largest ⟨x, U_jh⟩: the density is below a mixture of normals.
    centres = np.einsum("jab,b->ja", frequency_maps(len(weights)), h)
    found: list[Array] = []
    while sum(map(len, found)) < count:
        x = generator.normal(size=(count, len(g))) + centres[generator.integers(len(weights), size=count)]
        least = np.log(np.exp(x @ centres.T).sum(axis=1))
        found.append(x[np.log(generator.uniform(size=count)) <= gains(weights, x, g, h) - least])
    return np.concatenate(found)[:count]


def limits(weights: Weights, d: int, n: int, trials: int) -> Array:
    """‖θ‖ where EM on many samples ends, from far starts; two hundred samples at a time."""
    generator = np.random.default_rng(7)
    dimension, found = len(weights) - 1, []
    for first in range(0, trials, 200):
        points = generator.normal(size=(min(200, trials - first), n, d))
        theta = generator.normal(size=(len(points), dimension))
        theta *= 3 / np.linalg.norm(theta, axis=1)[:, np.newaxis]
        ends = ends_of_em(weights, points[..., :dimension], theta)
        found.append(np.hypot(ends, np.linalg.norm(points[..., dimension:].mean(axis=1), axis=1)))
    return np.concatenate(found)


def ends_of_em(weights: Weights, points: Array, theta: Array) -> Array:
    """‖θ‖ where EM from a start for each of some samples ends, in the simplex's span."""
    share = shares(weights)[:, np.newaxis, np.newaxis]
    turned = points @ frequency_maps(len(weights))[:, np.newaxis]
    moving = np.arange(len(points))
    for _ in range(400):
        images = turned[:, moving]
        joint = share * np.exp((images @ theta[moving][:, :, np.newaxis])[..., 0])
        joint /= joint.sum(axis=0)
        new = (joint[..., np.newaxis, :] @ images).sum(axis=0)[:, 0] / points.shape[1]
        change = np.abs(new - theta[moving]).max(axis=1)
        theta[moving] = new
        moving = moving[change > 1e-4 * np.maximum(0.05, np.abs(new).max(axis=1))]
        if not len(moving):
            break
    found: Array = np.linalg.norm(theta, axis=1)
    return found
