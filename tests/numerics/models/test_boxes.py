"""Boxes of models: data that move with their parameters, coefficients that may be 0, and slopes far from a touch."""

import flint
import mpmath
import pytest
from flint import arb

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.expectation.box import Box, box_expectations
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.models.evaluation import box_of, dual_values, law_of_data, log_likelihood, log_likelihood_slopes
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import scalar_target
from emtheory.numerics.models.touching import identities
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.reading import read_model

L = 22.0


@pytest.mark.parametrize(
    ("laws", "fitted"),
    [
        (("uniform(mu - s, mu + 2*s)", "normal(mu, s)"), "normal({}, 1)"),
        (("logistic(mu, s)", "laplace(s, 1)"), "normal({}, mu**2 + 1)"),
        (("exponential(s + mu**2)", "exponential(s)"), "exponential({}**2 + s)"),
    ],
)
def test_slopes_in_parameters_of_the_data_contain_differences(laws: tuple[str, ...], fitted: str) -> None:
    """Parameters of data and fit, weights of both among them; and of E log p, of the fit and of the data."""
    table = {
        "data": [{"weight": weight, "x": law} for weight, law in zip(("w", "1 - w"), laws, strict=True)],
        "fit": [{"weight": "w**2", "x": fitted.format("mu")}, {"weight": "1 - w**2", "x": fitted.format("t")}],
        "estimate": ["t"],
        "parameters": {"mu": "real", "t": "real", "s": "positive", "w": "unit"},
    }
    model = read_model("moving", table)
    wanted = [Mean((0,), (0,)), Mean((1,), (1,)), Mean((2,), (0, 1))]
    with arb_precision(working_bits(L)):
        half = flint.arb(1) / 1024
        centre = {name: flint.arb(value) / 16 for name, value in (("mu", 9), ("t", 21), ("s", 11), ("w", 6))}
        hull = {name: ball + half * flint.arb(0, 1) for name, ball in centre.items()}
        box = Box(centre, hull, tuple(centre))
        over = box_expectations(model, wanted, box, 9.0).means
        logs = [log_likelihood_slopes(law, hull) for law in (model, law_of_data(model, hull))]
        for index, name in enumerate(centre):
            ends = [{**centre, name: centre[name] + sign * half} for sign in (-1, 1)]
            below, above = (expectations(model, wanted, end, L).means for end in ends)
            for mean in wanted:
                slope = over[mean].slopes[index]
                assert slope.contains(((above[mean] - below[mean]) / (2 * half)).mid()), (name, mean)
                assert slope.rad() < 0.5
            for of_data, slopes in enumerate(logs):
                low, high = (log_likelihood(law_of_data(model, end) if of_data else model, end, L) for end in ends)
                assert slopes[name].contains(((high - low) / (2 * half)).mid()), (name, of_data)
                assert slopes[name].rad() < 0.5 or (of_data and name != "t")


def test_where_components_are_all_the_same_the_likelihood_has_the_slopes_of_one() -> None:
    """E log N(X; s, v) of X ~ N(μ, 1), whatever the weights."""
    table = {
        "data": [{"weight": "1", "x": "normal(mu, 1)"}],
        "fit": [{"weight": weight, "x": "normal(s, v)"} for weight in ("w**2", "1 - w**2")],
        "estimate": ["s"],
        "parameters": {"mu": "real", "s": "real", "v": "positive", "w": "unit"},
    }
    mu, s, v = 0.5, 1.25, 0.75
    balls = {"mu": mu, "s": s, "v": v, "w": 0.375}
    slopes = log_likelihood_slopes(read_model("alike", table), {name: arb(x, 2.0**-12) for name, x in balls.items()})
    true = {"mu": (s - mu) / v, "s": (mu - s) / v, "v": (1 + (mu - s) ** 2) / (2 * v**2) - 1 / (2 * v), "w": 0}
    for name, slope in slopes.items():
        assert slope.contains(arb(true[name])), name
        assert slope.rad() < 0.03


def test_where_a_parameter_has_a_kink_slopes_are_all_between() -> None:
    table = {
        "data": [{"weight": "1", "x": "laplace(abs(mu), 1)"}],
        "fit": [{"weight": "1/2", "x": "normal(t, 1)"}, {"weight": "1/2", "x": "normal(abs(mu) - 1, 1)"}],
        "estimate": ["t"],
        "parameters": {"mu": "real", "t": "real"},
    }
    model, mean = read_model("kinked", table), Mean((1,), (0,))
    with arb_precision(working_bits(L)):
        here = {"mu": flint.arb(0), "t": flint.arb(1)}
        hull = {**here, "mu": flint.arb(0, 1) / 64}
        (slope,) = box_expectations(model, (mean,), Box(here, hull, ("mu",)), 9.0).means[mean].slopes
        beside = expectations(model, (mean,), {**here, "mu": flint.arb(1) / 64}, L).means[mean]
        quotient = 64 * (beside - expectations(model, (mean,), here, L).means[mean])
        assert abs(quotient) > 0.1
        assert slope.contains(quotient.mid())
        assert slope.contains(-quotient.mid())


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("max(em_map, mu + 91/100) < 338500411/100000000", "certified"),
        ("max(em_map, mu + 92/100) < 338500411/100000000", "refuted"),
    ],
)
def test_of_a_maximum_on_a_box_each_operand_is_followed(statement: str, outcome: str) -> None:
    """sup M = 3.382593 is at (μ, θ) = (2.47, 4), by sums over 400 panels of Gauss and Legendre in NumPy."""
    table = {
        "data": [{"weight": "1/2", "x": f"exponential({rate})"} for rate in ("mu", "3")],
        "fit": [{"weight": "17/20", "x": "exponential(theta)"}, {"weight": "3/20", "x": "exponential(1)"}],
        "estimate": ["theta"],
        "parameters": {"theta": "positive", "mu": "positive"},
    }
    family = read_model("rates", table).text
    claim = Claim("c", statement, k=(), family=family, for_all={"mu": ("121/50", "247/100"), "theta": ("1/2", "4")})
    found = decide_claim(claim)
    assert found.outcome == outcome, found.reason
    assert len(found.findings) < 100


def em_map(theta: float, variance: float) -> mpmath.mpf:
    """EM's step from its definition: weights and data are those of a balanced fit of standard normal data."""
    return mpmath.quad(lambda x: x * mpmath.tanh(theta * x / variance) * mpmath.npdf(x), [-10, -1, 0, 1, 10])


def test_steps_and_their_slopes_over_a_wide_box_contain_those_at_its_corners() -> None:
    """1/v² is no number where v² may be 0, as a ball around [1/2, 4] has it; its slope may then be anything."""
    model, variances, half = packaged_models()["two-means"], ("0.5", "4"), arb("0.5")
    box = box_of(
        {
            "theta": arb("0.75").union(arb(1)),
            "fit_variance": arb(variances[0]).union(arb(variances[1])),
            "separation": arb(0),
            "truth_weight": half,
            "fit_weight": half,
        }
    )
    (found,) = dual_values(model, scalar_target(model, "em_map", "theta"), box)
    slopes = dict(zip(box.moving, found.slopes, strict=True))
    for theta in (0.75, 1.0):
        for variance in map(float, variances):
            assert found.value.overlaps(arb(str(em_map(theta, variance))))
            slope = mpmath.diff(lambda v, theta=theta: em_map(theta, v), variance)
            assert slopes["fit_variance"].overlaps(arb(str(slope)))


@pytest.mark.parametrize("kind", ["em_map", "score"])
def test_far_from_where_it_touches_a_quotient_has_the_slopes_of_its_definition(kind: str) -> None:
    """Two means ±θ fitted to ±μ: the step M(θ) less μ, or the score M(θ) − θ, divided by θ − μ."""
    found = identities(packaged_models()["two-means"], ())
    form = next(each.form for each in found if (each.quantity, each.target) == (f"{kind}(theta)", "separation"))

    def quotient(theta: mpmath.mpf, mu: mpmath.mpf) -> mpmath.mpf:
        def step(x: mpmath.mpf) -> mpmath.mpf:
            return x * mpmath.tanh(theta * x) * mpmath.npdf(x, mu)

        less = mu if kind == "em_map" else theta
        return (mpmath.quad(step, [mu - 12, -1, 0, 1, mu, mu + 12]) - less) / (theta - mu)

    wide = arb(0, "0.01")
    balls = {"theta": 4 + wide, "separation": 1 + wide, "fit_variance": arb(1)}
    balls |= dict.fromkeys(("truth_weight", "fit_weight"), arb("0.5"))
    slopes = form.slopes(balls, 30.0, {})
    for name, at in (("theta", (1, 0)), ("separation", (0, 1))):
        slope = mpmath.diff(quotient, (4, 1), at)
        assert slopes[name].overlaps(arb(str(slope)) + arb(0, 1e-9))
        assert slopes[name].rad() < 0.03
        assert not slopes[name].overlaps(arb(str(slope)) + 0.07)
