"""Boxes that reach weights 0 and 1 of a fit, where its components vanish: enclosures, and sides that touch there."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import flint
import numpy as np
import pytest

from emtheory.numerics.models.evaluation import law_of_data, log_likelihood, log_likelihood_slopes
from emtheory.numerics.models.expansions import expansions
from emtheory.reports.certificates.certificate import certify
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model
from tests.tiers import first_every_day


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
