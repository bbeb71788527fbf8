"""The finite-sample theorem in numbers: against SciPy's laws, and against EM on samples."""

import math
from contextlib import suppress
from fractions import Fraction

import flint
import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binomtest, chi2

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError, OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sample_theorem.ball_bound import least_size
from emtheory.numerics.sample_theorem.ball_constants import chi_square_tail, increasing_root
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.finite_sample import stationary_point
from emtheory.numerics.samples.sample_em import make_sample
from tests.theory.cubature_em import Mixture, cyclic_mixture

SAMPLED = {"n": Fraction(10_000), "delta": Fraction(1, 20), "radius": Fraction(1, 10)}
NEEDED = {"eps": Fraction(1, 1000), "delta": Fraction(1, 20), "radius": Fraction(1, 10)}
HEAVY = make_case(3, "one-heavy:4/5")


@pytest.mark.parametrize(("degrees", "probability"), [(1, "1/20"), (2, "1/3"), (7, "1/1000000"), (1000, "99/100")])
def test_the_tail_of_chi_square(degrees: int, probability: str) -> None:
    with arb_precision(200):
        tail = chi_square_tail(degrees, Fraction(probability))
        assert float(tail.mid()) == pytest.approx(chi2.isf(float(Fraction(probability)), degrees), rel=1e-11)
        assert tail.rel_accuracy_bits() > 160
        if degrees == 2:
            assert tail.overlaps(-2 * (flint.arb(1) / 3).log())


SHELLED = [
    (make_case(3, "1/2,3/10,1/5"), {"radius": Fraction(1)}),
    (make_case(2, "uniform", 4), {"eps": Fraction(1, 100), "radius": Fraction(1)}),
]
"""Where shells alone count, or reach the ball of contraction for an n that is sought."""


@pytest.mark.parametrize(("case", "changed"), [*SHELLED, (HEAVY, {})])
def test_the_number_of_points_is_the_least(case: Case, changed: dict[str, Fraction]) -> None:
    arguments = {key: value for key, value in (NEEDED | changed).items() if key in NEEDED}
    found = evaluate("samples_needed", case, arguments)
    n = found.lower
    assert n == found.upper
    others = {"delta": arguments["delta"], "radius": arguments["radius"]}
    assert evaluate("sample_kl_bound", case, {"n": n, **others}).upper <= arguments["eps"]
    # With one point less there may be no bound at all.
    with suppress(OutOfReachError):
        assert evaluate("sample_kl_bound", case, {"n": n - 1, **others}).lower > arguments["eps"]


def test_the_limit_of_large_n_is_that_of_normal_theory() -> None:
    """n‖θ̂‖²σ² → χ²_d in law: the bound is its tail for the part 3/4 of δ, and KL follows Wilks' law."""
    n = Fraction(10**24)
    tail = float(chi2.isf(0.75 * 0.05, 2))
    arguments = SAMPLED | {"n": n}
    norm = float(evaluate("sample_error_bound", HEAVY, arguments, 10).midpoint)
    assert float(n) * norm**2 * 0.49 == pytest.approx(tail, rel=1e-9)
    assert 2 * float(n) * float(evaluate("sample_kl_bound", HEAVY, arguments, 10).midpoint) == pytest.approx(
        tail, rel=1e-9
    )


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param("steps_needed", make_case(2, "one-heavy:4/5"), marks=pytest.mark.long),
        ("sample_error_bound", make_case(5, "uniform")),
        ("sample_kl_bound", make_case(5, "one-heavy:4/5", 6)),
    ],
)
def test_the_number_that_is_said_to_be_enough_is(name: str, case: Case) -> None:
    def value(n: Fraction) -> None:
        evaluate(name, case, SAMPLED | {"n": n, "radius": Fraction(1)})

    with pytest.raises(OutOfReachError) as caught:
        value(Fraction(10))
    least = Fraction(str(caught.value).rpartition("n = ")[2].split()[0])
    value(least)
    with pytest.raises(OutOfReachError):
        value(least - 1)


def test_singular_components_have_a_constant_and_the_order_of_samples() -> None:
    """As n grows r²√n tends to K(x + K(x + 2√D + 2√(2 log(1/δ_2)))), K² = D, x and δ_2 with a quarter of δ each."""
    k, case, n, factor = 5, make_case(5, "uniform"), Fraction(10**30), 2.0
    found = evaluate("sample_error_bound", case, SAMPLED | {"n": n, "radius": Fraction(1)}, 10)
    far = float(chi2.isf(0.05 / 4, k - 1)) ** 0.5
    root = far + factor * (far + 2 * (factor + (2 * np.log(80)) ** 0.5))
    assert float(found.midpoint) ** 2 * float(n) ** 0.5 == pytest.approx(factor * root, rel=1e-3)
    # And KL, of order 1/n, is at most (½(1 + K)² + ⅔K(1 + K) + ¼K²)G², with r² = KG.
    kl = evaluate("sample_kl_bound", case, SAMPLED | {"n": n, "radius": Fraction(1)}, 10)
    times = (1 + factor) ** 2 / 2 + 2 * factor * (1 + factor) / 3 + factor**2 / 4
    assert float(kl.midpoint) * float(n) == pytest.approx(times * root**2, rel=1e-3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n": Fraction(1, 2)}, "n = 1/2 must be an integer from 1"),
        ({"n": Fraction(10**31)}, "10³⁰"),
        ({"delta": Fraction(1)}, "delta = 1 must be between 0 and 1"),
        ({"radius": Fraction(-1)}, "must not be negative"),
    ],
)
def test_arguments_out_of_their_domains(changed: dict[str, Fraction], message: str) -> None:
    with pytest.raises(InputError, match=message):
        evaluate("sample_error_bound", HEAVY, SAMPLED | changed)


def test_no_number_of_points_may_be_enough() -> None:
    with pytest.raises(OutOfReachError, match="no number of points up to 10³⁰ is enough"):
        least_size(lambda _: False)


@pytest.mark.parametrize("weights", [(0.8, 0.1, 0.1), (1 / 3, 1 / 3, 1 / 3)])
def test_the_operator_deviates_by_less_on_a_ball(weights: tuple[float, ...]) -> None:
    """The largest of the deviations at points of the ball, on samples; by cubature for the population."""
    population, generator, n = cyclic_mixture(np.array(weights), 30), np.random.default_rng(3), 2000
    ball = 0.5 * np.array([[1, 0], [-0.5, 0.7], [0, -1], [0.1, 0.1], [0, 0]])
    images, found = [population.step(theta) for theta in ball], []
    for _ in range(20):
        points = generator.normal(size=(n, 2))
        sample = Mixture(population.weights, population.maps, points, np.full(n, 1 / n))
        steps = [sample.step(theta) for theta in ball]
        found.append(max(float(np.linalg.norm(a - b)) for a, b in zip(steps, images, strict=True)))
    case = make_case(3, "one-heavy:4/5" if weights[0] == 0.8 else "uniform")

    def bound(n: int) -> float:
        arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(1, 2)}
        return float(evaluate("sample_operator_error", case, arguments, 10).upper)

    assert least_frequency(found, bound(n)) <= 0.05
    # What 1000 times as many points deserve is too little for these.
    assert least_frequency(found, bound(1000 * n)) > 0.05
    # Beyond √(4D − 1) moments that do not grow with the radius are better.
    far, farther = (
        float(evaluate("sample_operator_error", case, {**SAMPLED, "radius": Fraction(radius)}).midpoint)
        for radius in (2, 100)
    )
    assert farther < 2 * far


def test_bounds_a_fifth_smaller_are_refuted_by_samples() -> None:
    case, n = make_case(2, "one-heavy:99/100"), 2000
    samples = (make_sample(gaussian_sample(n, case.d, 1000 + seed), case.d) for seed in range(1000))
    ends = [float(np.linalg.norm(stationary_point(case.at_radius(Fraction(1, 20)), sample))) for sample in samples]
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(1, 20)}
    bound = float(evaluate("sample_error_bound", case, arguments, 10).upper)
    assert least_frequency(ends, bound) <= 0.05
    assert least_frequency(ends, 0.8 * bound) > 0.05


def least_frequency(values: list[float], bound: float) -> float:
    """The lower end of the exact interval of 99.9 % for the frequency of a value above the bound."""
    beyond = sum(value > bound for value in values)
    return float(binomtest(beyond, len(values)).proportion_ci(0.999, "exact").low)


def test_a_root_is_enclosed() -> None:
    with arb_precision(100):
        root = increasing_root(lambda x: x * x * x - 2, flint.arb(0), flint.arb(2))
        assert root.overlaps(flint.arb(2).root(3))
        assert root.rel_accuracy_bits() > 90


DELTA = 0.05


def contraction(weights: list[float], d: int, n: int, delta: float = DELTA) -> float:
    """The least of the bounds on ‖θ̂‖, from the inner ball or by nets from farther starts (docs/finite-samples.md)."""
    span, moduli = len(weights) - 1, abs(np.fft.fft(weights))[1:]
    gap, largest, found = min(moduli) ** 2, max([*moduli, float(d > span)]), []
    mean = math.sqrt(chi2.isf(3 * delta / 4, d) / n)
    spread = (1 + math.sqrt(span / n) + math.sqrt(2 * math.log(20 / delta) / n)) ** 2
    third = 2 * (1 - gap) * math.sqrt(span * (span + 2) * (span + 4) / (n * delta / 10))
    for divisor in (5, 7, 10, 14, 20):
        square = gap / (divisor * (span + 2))
        single, double, ball = 1 - 16 * square / 3, 1 - 32 * square / 3, math.sqrt(square)
        power = -span / 2 - 2
        variance = span * (span + 2) * (double**power - 2 * single**power + 1)
        growth = (single ** (-span / 2 - 1) - 1 + math.sqrt(variance / (n * delta / 20))) / square

        def excess(r: float, slope: float, growth: float = growth) -> float:
            loss = (1 - gap) * (spread + growth * r**2 / 3) + third * r / 2
            return r * (1 - loss) - slope * mean

        rate = (1 - gap) * (spread + growth * square) + third * ball
        if rate < 1 and excess(ball, largest) > 0:
            found.append(float(brentq(excess, 0, ball, (math.sqrt(gap),), xtol=1e-15)))
    return min(found)


@pytest.mark.parametrize(
    ("weights", "d", "n"), [("3/5,1/10,1/10,1/10,1/10", 4, 10**8), ("1/2,1/4,1/8,1/16,1/16", 9, 10**9)]
)
def test_contraction_of_five_components(weights: str, d: int, n: int) -> None:
    case = make_case(5, weights, d)
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(0)}
    found = evaluate("sample_error_bound", case, arguments, 8, "ball")
    other = contraction([float(weight) for weight in case.weights], d, n)
    assert float(found) == pytest.approx(other, rel=1e-6)
