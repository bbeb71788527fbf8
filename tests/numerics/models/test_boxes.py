"""Boxes of models: those that reach weights 0 and 1 of a fit, data that move with parameters, and slopes far away."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import flint
import mpmath
import numpy as np
import pytest
from flint import arb

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.expectation.box import Box, box_expectations
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.models.evaluation import box_of, dual_values, law_of_data, log_likelihood, log_likelihood_slopes
from emtheory.numerics.models.expansions import expansions
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import scalar_target
from emtheory.numerics.models.touching import identities
from emtheory.reports.certificates.certificate import certify
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model
from tests.tiers import first_every_day

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


@pytest.mark.parametrize(("kind", "sign"), [("em_map", ""), ("score", ""), ("em_map", "-")])
def test_far_from_where_it_touches_a_quotient_has_the_slopes_of_its_definition(kind: str, sign: str) -> None:
    """Two means ±θ fitted to ±μ: the step M(θ) less μ, or the score M(θ) − θ, divided by θ − μ; at −θ and −μ, too."""
    found, turn = identities(packaged_models()["two-means"], ()), int(f"{sign}1")
    form = next(each.form for each in found if (each.quantity, each.target) == (f"{kind}(theta)", f"{sign}separation"))

    def quotient(theta: mpmath.mpf, mu: mpmath.mpf) -> mpmath.mpf:
        def step(x: mpmath.mpf) -> mpmath.mpf:
            return x * mpmath.tanh(theta * x) * mpmath.npdf(x, mu)

        less = mu if kind == "em_map" else theta
        return (mpmath.quad(step, [mu - 12, -1, 0, 1, mu, mu + 12]) - less) / (theta - mu)

    wide = arb(0, "0.01")
    balls = {"theta": turn * (4 + wide), "separation": 1 + wide, "fit_variance": arb(1)}
    balls |= dict.fromkeys(("truth_weight", "fit_weight"), arb("0.5"))
    slopes = form.slopes(balls, 30.0, {})
    for name, at, turned in (("theta", (1, 0), turn), ("separation", (0, 1), 1)):
        slope = turned * mpmath.diff(quotient, (4, 1), at)
        assert slopes[name].overlaps(arb(str(slope)) + arb(0, 1e-9))
        assert slopes[name].rad() < 0.03
        assert not slopes[name].overlaps(arb(str(slope)) + 0.07)


def mixture(truth: str, variance: str, *estimate: str) -> MixtureModel:
    return read_model(
        "vanishing",
        {
            "data": [{"weight": truth, "x": "normal(mu, 1)"}, {"weight": f"1 - {truth}", "x": "normal(-mu, 1)"}],
            "fit": [{"weight": "w", "x": f"normal(theta, {variance})"}, {"weight": "1 - w", "x": "normal(-theta, 1)"}],
            "estimate": [*estimate],
            "parameters": {"theta": "real", "mu": "real", "w": "unit"},
        },
    )


def one_in(*fit: tuple[str, str], data: str = "normal(mu, 1)", estimate: str = "w") -> MixtureModel:
    """One normal law, of x or given x of y, fitted by several: their weights and laws."""
    x = {"x": "normal(0, 1)"} if "*x" in data else {}
    seen = "y" if x else "x"
    return read_model(
        "one",
        {
            "observed": ["x", "y"] if x else ["x"],
            "data": [{"weight": "1", **x, seen: data}],
            "fit": [{"weight": weight, **x, seen: law} for weight, law in fit],
            "estimate": [estimate],
            "parameters": {"theta": "real", "mu": "real", "w": "unit"},
        },
    )


OUTLIER = one_in(("1 - w", "normal(mu, 1)"), ("w", "normal(theta, 1)"))
REGRESSIONS = one_in(("w", "normal(theta*x + mu/4*x, 1)"), ("1 - w", "normal(theta*x, 1)"), data="normal(theta*x, 1)")
ROOT = one_in(
    ("sqrt(w)", "normal(theta + mu, 1)"), ("1 - sqrt(w)", "normal(theta, 1)"), data="normal(theta, 1)", estimate="mu"
)
FREE, TIED, UNEQUAL = mixture("1/3", "1", "theta", "w"), mixture("w", "1", "theta"), mixture("w", "4/5", "theta")


@pytest.mark.parametrize(
    ("model", "statement", "w", "outcome"),
    [
        # At w = 0 the derivative is E e^{2θx} = (e^{2θμ} + 2e^{−2θμ})/3·e^{2θ²} = 1.898, at w = 1 that of −θ, 3.19.
        (FREE, "em_map(w) <= 19/10*w", ("0", "1/2"), "certified"),
        (FREE, "em_map(w) <= 9/5*w", ("0", "1/2"), "refuted"),
        (FREE, "1 - em_map(w) <= 4*(1 - w)", ("1/2", "1"), "certified"),
        (FREE, "1 - em_map(w) <= 3*(1 - w)", ("1/2", "1"), "refuted"),
        # KL is convex in w, and (1 − 1/2)²/2 at w = 1; near 0 it is w²(e^{1/4} − 1)/2.
        (OUTLIER, "kl_divergence <= w/8", ("0", "1/2"), "certified"),
        # To second order: M = w − w²(e^{1/4} − 1) + …, and KL as above; 0.142 = (e^{1/4} − 1)/2.
        pytest.param(OUTLIER, "em_map(w) <= w - w**2/4", ("0", "1/16"), "certified", marks=pytest.mark.long),
        (OUTLIER, "em_map(w) <= w - w**2/3", ("0", "1/16"), "refuted"),
        (OUTLIER, "kl_divergence <= 7/50*w**2", ("0", "1/16"), "refuted"),
        # Slopes that differ by δ = 1/4: M = w − χ²w² + …, KL = χ²w²/2 + …, χ² = 1/√(1 − 2δ²) − 1 = 0.069.
        (REGRESSIONS, "em_map(w) <= w - w**2/14", ("0", "1/16"), "refuted"),
        (REGRESSIONS, "kl_divergence <= w/8", ("0", "1/16"), "certified"),
        (REGRESSIONS, "kl_divergence <= w**2/30", ("0", "1/16"), "refuted"),
        # With √w for w: χ²/2 = (e − 1)/2 = 0.859, times w.
        (ROOT, "kl_divergence <= 2*w", ("0", "1/4"), "certified"),
        (ROOT, "kl_divergence <= 17/20*w", ("0", "1/4"), "refuted"),
        (TIED, "em_map(theta) <= mu - w/1000000", ("0", "1/4"), "certified"),
        (TIED, "em_map(theta) >= mu - w/1000000", ("0", "1/4"), "refuted"),
    ],
)
def test_statements_where_a_component_vanishes(
    model: MixtureModel, statement: str, w: tuple[str, str], outcome: str, tmp_path: Path
) -> None:
    claim = Claim("c", statement, k=(), family=model.text, values={"theta": "1/2", "mu": "1"}, for_all={"w": w})
    found = decide_claim(claim)
    assert found.outcome == outcome, found.reason
    if outcome == "certified" and model in (OUTLIER, REGRESSIONS):
        path = tmp_path / "certificate.json"
        path.write_text(json.dumps(certify(claim, found)), encoding="utf-8")
        assert replay(*read_certificate(path)).outcome == "certified"


def _three(*weights: str) -> dict[str, object]:
    parts = [{"weight": weight, "x": f"normal({mean}, 1)"} for weight, mean in zip(weights, (-2, 0, 2), strict=True)]
    return {"fit": parts, "parameters": {"p": "unit", "q": "unit"}}


GENOTYPES = read_model(
    "genotypes",
    {
        **_three("p**2", "2*p*(1 - p)", "(1 - p)**2"),
        "data": _three("q**2", "2*q*(1 - q)", "(1 - q)**2")["fit"],
        "estimate": ["p"],
    },
)


@pytest.mark.parametrize(
    ("statement", "spans", "outcome"),
    first_every_day(
        2,
        [
            # Of genotypes two weights vanish at each end, one to second order; the truth is p = q.
            ("em_map(p) <= 9/10", {"p": ("0", "1/2")}, "certified"),
            ("em_map(p) <= 1/4", {"p": ("0", "1/2")}, "refuted"),
            # Of data whose weights are −q log q steep at the ends.
            ("kl_divergence <= 2", {"q": ("0", "1")}, "certified"),
            ("kl_divergence <= 1/2", {"q": ("0", "1")}, "refuted"),
        ],
    ),
)
def test_weights_that_vanish_through_different_expressions(
    statement: str, spans: Mapping[str, tuple[str, str]], outcome: str
) -> None:
    values = {name: "1/3" for name in ("p", "q") if name not in spans}
    found = decide_claim(Claim("c", statement, k=(), family=GENOTYPES.text, values=values, for_all=spans))
    assert found.outcome == outcome, found.reason


def test_derivatives_in_a_weight_contain_differences() -> None:
    """Quotients (q(w) − q(v))/(w − v) of an EM step by a fine sum are between derivatives on the way."""
    theta, mu, variance = 0.75, 1.25, 0.8
    x = np.linspace(-14, 14, 28001)

    def step(w: float) -> float:
        data = w * np.exp(-((x - mu) ** 2) / 2) + (1 - w) * np.exp(-((x + mu) ** 2) / 2)
        data /= data.sum()
        one = w * np.exp(-((x - theta) ** 2) / 2 / variance) / np.sqrt(variance)
        other = (1 - w) * np.exp(-((x + theta) ** 2) / 2)
        posterior = one / (one + other)
        lead = posterior / variance
        return float((data @ (x * (lead - (1 - posterior)))) / (data @ (lead + (1 - posterior))))

    looked = 0
    for each in expansions(UNEQUAL):
        if (each.variable, each.quantity) != ("w", "em_map(theta)"):
            continue
        end = float(each.at)
        values = {"theta": flint.arb(theta), "mu": flint.arb(mu)}
        for width in (0.25, 2.0**-10):
            w = end + width if end == 0 else end - width
            rest = each.rest({**values, "w": flint.arb(end).union(flint.arb(w))}, 9.0, 1)
            quotient = (step(w) - step(end)) / (w - end)
            assert rest.is_finite()
            assert rest.lower() - 1e-9 <= quotient <= rest.upper() + 1e-9
            looked += 1
            close = flint.arb(end).union(flint.arb(end + (w - end) * 2.0**-40))
            slope = float(each.rest({**values, "w": close}, 9.0, 1).mid())
            second = each.rest({**values, "w": flint.arb(end).union(flint.arb(w))}, 9.0, 2)
            assert second.is_finite()
            assert second.lower() - 1e-6 / width <= (quotient - slope) / (w - end) <= second.upper() + 1e-6 / width
    assert looked == 4


def test_to_second_order_an_outlier_counts_by_chi_square() -> None:
    """M = w − χ²w² + …, KL = χ²w²/2 + …, where χ² = e^{(μ − θ)²} − 1."""
    chi = math.exp(1 / 4) - 1
    values = {"theta": flint.arb(0.5), "mu": flint.arb(1.0), "w": flint.arb(0).union(flint.arb(2.0**-30))}
    known = {"em_map(w)": -chi, "kl_divergence": chi / 2}
    found = {each.quantity: each.rest(values, 9.0, 2) for each in expansions(OUTLIER) if each.at == 0}
    for quantity, value in known.items():
        assert found[quantity].contains(flint.arb(value, 1e-9))
        assert found[quantity].rad() < 1e-4


def test_the_data_have_their_own_weights_where_those_of_the_fit_vanish() -> None:
    """E log p of the data does not depend on the fit; that of the fit has its values for all of its weights."""
    at = {"theta": flint.arb(0.5), "mu": flint.arb(1.0)}
    box = {**at, "w": flint.arb(0).union(flint.arb(0.25))}
    data = law_of_data(FREE, box)
    over = log_likelihood(data, box, 20.0), log_likelihood(FREE, box, 20.0)
    for w in (2.0**-30, 0.125, 0.25):
        place = {**at, "w": flint.arb(w)}
        assert over[0].overlaps(log_likelihood(law_of_data(FREE, place), place, 20.0))
        assert over[1].contains(log_likelihood(FREE, place, 20.0).mid())
    assert over[0].rad() < 1e-6
    slopes = log_likelihood_slopes(data, {**box, "mu": flint.arb(1.0, 0.01)})
    h = 2.0**-8
    ends = [log_likelihood(data, {**box, "mu": flint.arb(1.0 + s * h)}, 20.0).mid() for s in (1, -1)]
    assert slopes["mu"].contains((ends[0] - ends[1]) / (2 * h))
