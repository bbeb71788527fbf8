"""The standalone verifier on models and families: true certificates are accepted, and false ones are not."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import flint
import mpmath
import pytest
from flint import arb, ctx, fmpq

from emtheory.reports.certificates.certificate import certify
from emtheory.reports.certificates.verify.models.expansion import value
from emtheory.reports.certificates.verify.models.line import Line
from emtheory.reports.certificates.verify.models.mixture import Mixture
from emtheory.reports.certificates.verify.models.model import Model
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.mixtures.model import canonical_text
from tests.reports.certificates.forgeries import FORGERIES, forged, is_refused, outcome, sealed, twin, wrong_values
from tests.tiers import first_every_day

SCALES = canonical_text(
    "scales",
    {
        "data": [{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 1)"}],
        "fit": [{"weight": "w", "x": "normal(theta, v)"}, {"weight": "1 - w", "x": "normal(-theta, v)"}],
        "estimate": ["theta", "v"],
        "parameters": {"theta": "real", "v": "positive", "mu": "real", "w": {"domain": "unit", "default": "1/2"}},
    },
)
"""A model of a user, with weights and a variance."""
UNEQUAL = canonical_text(
    "unequal",
    {
        "data": [{"weight": "1", "x": "normal(0, 1)"}],
        "estimate": ["theta"],
        "parameters": {"theta": "real"},
        "fit": [{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 2)"}],
    },
)
"""One whose posteriors do not become even."""
ONE_WEIGHT = canonical_text(
    "one-weight",
    {
        "data": [{"weight": "1/3", "x": "normal(1, 1)"}, {"weight": "2/3", "x": "normal(-1, 1)"}],
        "fit": [{"weight": "w", "x": "normal(1, 1)"}, {"weight": "1 - w", "x": "normal(-1, 1)"}],
        "estimate": ["w"],
        "parameters": {"w": "unit"},
    },
)
"""One whose log-ratio of components turns at 1/2, with slopes that are no polynomials."""

TWO: dict[str, Any] = {"k": (), "family": "two-means"}
CLAIMS = {
    "point": Claim("point", "em_map > theta", **TWO, values={"theta": "1/2", "separation": "1"}),
    "exact": Claim("exact", "em_map == separation", **TWO,
                   values={"theta": "3/2", "separation": "3/2", "truth_weight": "4/5"}),
    "slope": Claim("slope", "em_map_derivative == 1 + separation**2", **TWO,
                   values={"theta": "0", "separation": "3/2"}),
    "origin": Claim("origin", "em_map*(1 + 2*theta**2) >= theta", **TWO,
                    values={"separation": "0"}, for_all={"theta": ("0", "2")}),
    "open": Claim("open", "0 < em_map < theta", **TWO, values={"separation": "0"},
                  for_all={"theta": ("0", "1")}, assume=("theta > 0",)),
    "side": Claim("side", "separation <= em_map <= theta", **TWO, values={"separation": "1"},
                  for_all={"theta": ("1", "3")}),
    "steps": Claim("steps", "abs(em_iterate(start=inf, t=10) - separation) < 1/1000000", **TWO,
                   values={"separation": "1"}),
    "starts": Claim("starts", "em_iterate(start=1, t=20) < em_iterate(start=1, t=19) < em_iterate(start=inf, t=18)"
                    " < location_scale_iterate(start=1, t=18) < location_scale_iterate(start=inf, t=18)",
                     **TWO, values={"separation": "0"}),
    "values": Claim("values", "kl_divergence(separation=1/3) < em_map(theta, separation=1/3) < em_rate + 1",
                    **TWO, values={"theta": "1", "separation": "1"}),
    "rests": Claim("rests", "em_iterate(start=1, t=3) <= variance_map", **TWO,
                   values={"theta": "1", "separation": "1"}),
    "named": Claim("named", "em_map(theta, truth_weight=1) > em_map(theta)", **TWO,
                   values={"separation": "1", "fit_weight": "3/5"}, for_all={"theta": ("1/2", "2")}),
    "beyond": Claim("beyond", "fixed_point_count(low=5, high=inf) == 0", **TWO, values={"separation": "1"}),
    "needed": Claim("needed", "separation_needed(t=1, error=1/100) < 2", **TWO, values={"separation": "1"}),
    "posterior": Claim("posterior", "posterior(j=0, x=1) > 4/5", k=(), family=SCALES,
                       values={"theta": "1", "mu": "1", "v": "1"}),
    "deviation": Claim("deviation", "sample_deviation(low=1/4, high=5/8, n=10000, delta=1/20) < 2026/100000", k=(),
                       family=ONE_WEIGHT),
    "witness": Claim("witness", "abs(em_map(theta)) < abs(theta)/2", k=(), family=UNEQUAL,
                     for_all={"theta": ("1/10", "2")}),
    "truths": Claim("truths", "0 <= kl_divergence < 6", k=(), family="three-means",
                    values={"truth_first_mean": "-2", "truth_second_mean": "0", "truth_third_mean": "2",
                            "second_mean": "0"}, for_all={"first_mean": ("-3", "-1"), "third_mean": ("1", "3")}),
    "endless": Claim("endless", "em_map <= 3/4", **TWO, values={"separation": "0"}, for_all={"theta": ("1/10", "inf")})
}  # fmt: skip
LONG = {
    "divergence": Claim("divergence", "kl_divergence <= theta**4/4", **TWO,
                        values={"separation": "0"}, for_all={"theta": ("0", "1/4")}),
    "fixed": Claim("fixed", "fixed_point_count(low=-inf, high=inf) == 3", **TWO, values={"separation": "1"}),
    "variance": Claim("variance", "em_map(v) < 2", k=(), family=SCALES, values={"theta": "1", "mu": "1"},
                      for_all={"v": ("9/10", "11/10")}),
    "rate": Claim("rate", "em_jacobian < 1", k=(), family=UNEQUAL, for_all={"theta": ("1/2", "1")}),
    "maximum": Claim("maximum", "8511567/10**6 < local_maximum(component=2) < 8511568/10**6", k=(),
                     family="three-means",
                     values={"truth_first_mean": "-2", "truth_second_mean": "2", "truth_third_mean": "9",
                             "first_mean": "-323/10000", "second_mean": "85116/10000", "third_mean": "93516/10000"}),
    "seventh": Claim("seventh", "em_map >= (1 - 2/3*t**6)*t", **TWO,
                     values={"theta": "t", "fit_variance": "1-t**2", "separation": "0"}, for_all={"t": ("0", "1/20")})
}  # fmt: skip

FALSE = {
    "origin": ("2*theta", "9/10*theta"),
    "divergence": ("theta**4/4", "theta**4/5"),
    "open": ("em_map < theta", "em_map < 9/10*theta"),
    "fixed": ("== 3", "== 2"),
    "beyond": ("== 0", "== 1"),
    "side": ("<= theta", "<= theta - (theta - 1)*7/8"),
    "steps": ("1/1000000", "1/10**12"),
    "starts": ("t=20) <", "t=20) >="),
    "variance": ("< 2", "< 1"),
    "rate": ("< 1", "< 1/10"),
    "deviation": ("2026/", "2025/"),
    "truths": ("< 6", "< 1/10"),
}
"""Of a claim: a part of its statement, and what makes it false."""


NAMES = [*CLAIMS, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]


@cache
def text_of(name: str) -> str:
    """The certificate of a claim, as text."""
    claim = (CLAIMS | LONG)[name]
    return json.dumps(certify(claim, decide_claim(claim)))


def certificate(name: str) -> dict[str, Any]:
    """The certificate of a claim."""
    found: dict[str, Any] = json.loads(text_of(name))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_true_certificates_of_models_are_accepted(name: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, sealed(certificate(name))).startswith("accepted")


@pytest.mark.parametrize("name", [name for name in NAMES if str(getattr(name, "values", [name])[0]) in FALSE])
def test_false_twins_on_models_are_not_accepted(name: str, tmp_path: Path) -> None:
    """With sides that are recorded as anything, so that nothing but the statement itself is in the way."""
    document = certificate(name)
    for cell in (cell for case in document["cases"] for cell in case["cells"]):
        cell["quantities"] = []
    assert outcome(tmp_path, sealed(twin(document, *FALSE[name], {}))).startswith("rejected")


@pytest.mark.parametrize("name", first_every_day(4, ["point", "needed", "steps", "deviation", "fixed"]))
def test_values_that_are_wrong_are_rejected(name: str, tmp_path: Path) -> None:
    assert all(outcome(tmp_path, text).startswith("rejected") for text in wrong_values(certificate(name)))


def forgeries(names: Sequence[str], count: int, chance: Random) -> Iterator[str]:
    """Yield forged certificates."""
    while count:
        text = forged(certificate(chance.choice(names)), chance.choice(FORGERIES), chance)
        if text is not None:
            count -= 1
            yield text


QUICK = ("point", "exact", "slope", "open", "steps", "needed", "posterior", "witness")


@pytest.mark.parametrize(("count", "seed"), first_every_day(1, [(40, 1), (200, 2)]))
def test_forgeries_of_certificates_of_models_are_rejected(count: int, seed: int, tmp_path: Path) -> None:
    for text in forgeries(QUICK, count, Random(seed)):
        assert is_refused(tmp_path, text), text[:300]


def test_another_model_is_noticed(tmp_path: Path) -> None:
    """The text of a model, changed so that the claim is false of it; and what is no mixture of normals on a line."""
    document = certificate("posterior")
    wider = json.loads(json.dumps(document).replace("normal(theta, v)", "normal(theta, 4*v)"))
    assert wider != document
    assert outcome(tmp_path, sealed(wider)).startswith("rejected")
    for old, new in (("normal(theta, v)", "poisson(v)"), ('\\"estimate\\"', '\\"dimension\\":\\"d\\",\\"estimate\\"')):
        other = json.loads(json.dumps(document).replace(old, new))
        assert outcome(tmp_path, sealed(other)).startswith("not covered")
    twice = json.loads(json.dumps(document).replace('\\"estimate\\"', '\\"data\\":[],\\"estimate\\"'))
    assert outcome(tmp_path, sealed(twice)).startswith("rejected")


def test_a_witness_that_assumptions_exclude_is_none(tmp_path: Path) -> None:
    """At θ = 0 the map is 0, which `theta > 0` leaves out of the domain."""
    document = certificate("open")
    (case,) = document["cases"]
    (cell, *_) = case["cells"]
    zero = {"lower": "0", "upper": "0"}
    links = [each | {"holds": i > 0 and None, "left": zero, "right": zero, "difference": None, "margin": "0"}
             for i, each in enumerate(cell["comparisons"])]  # fmt: skip
    case["cells"] = [cell | {"method": "point", "point": {"theta": "0"}, "stretch": None, "comparisons": links}]
    document |= {"verdict": "refuted", "as_expected": False, "margin": "0"}
    assert outcome(tmp_path, sealed(document)).startswith("rejected")


def box_of(claim: Claim, ends: dict[str, tuple[fmpq, fmpq]], goal: int) -> Mixture:
    """A box of the case of a claim."""
    content = {"statement": claim.statement, "family": claim.family, "values": claim.values, "for_all": claim.for_all}
    box: Mixture = Model(content).at(ends, goal)
    return box


def test_means_contain_an_independent_quadrature() -> None:
    """EM's map for weights and variances of their own, by mpmath from the definition; and its slope over a box."""
    theta = fmpq(7, 2)

    def em_map(t: Any, mu: Any) -> Any:
        shift = mpmath.log(mpmath.mpf(3)) / 2  # The weight is 3/4, and its logit is halved.

        def integrand(x: Any) -> Any:
            law = mpmath.npdf(x, mu, 1) * mpmath.mpf(1) / 3 + mpmath.npdf(x, -mu, 1) * mpmath.mpf(2) / 3
            return x * mpmath.tanh(t * x / 2 + shift) * law

        return mpmath.quad(integrand, range(-12, 13, 2))

    claim = Claim("map", "em_map > 0", k=(), family="two-means",
                  values={"truth_weight": "1/3", "fit_weight": "3/4", "fit_variance": "2"},
                  for_all={"theta": ("0", "4"), "separation": ("0", "4")})  # fmt: skip
    with ctx.workprec(200), mpmath.workdps(25):
        narrow = box_of(claim, {"theta": (theta, theta), "separation": (fmpq(1), fmpq(1))}, 40)
        found = narrow.centre(value(narrow, "em_map", ("theta",)))
        exact = mpmath.mpf(int(theta.p)) / int(theta.q)
        error = found - arb(mpmath.nstr(em_map(exact, mpmath.mpf(1)), 22))
        assert max(abs(error), found.rad()) < arb("1e-15")
        width = fmpq(1, 20)
        wide = box_of(claim, {"theta": (theta - width, theta + width), "separation": (fmpq(1), fmpq(11, 10))}, 12)
        centre, ball, slopes = wide.jet(value(wide, "em_map", ("theta",)))
        for t, mu in ((-1, 0), (1, 0), (0, 1), (1, 1), (-1, 1)):
            at = arb(mpmath.nstr(em_map(exact + t * mpmath.mpf(1) / 20, 1 + mu * mpmath.mpf(1) / 10), 20))
            assert ball.overlaps(at)
            assert (centre + slopes[0] * t + slopes[1] * (2 * mu - 1)).overlaps(at)


def test_without_the_rules_error_values_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule four times too coarse is wrong by more than nothing, and by less than is added."""
    claim = Claim("map", "em_map > 0", k=(), family="two-means", values={"separation": "1"},
                  for_all={"theta": ("0", "4")})  # fmt: skip
    choose = Line.choose

    def coarse(self: Any, box: Any, goal: int) -> None:
        choose(self, box, goal)
        step, count = 4 * self.step, self.count // 8
        self.rule, self.count, self.step = (float(step), count), 2 * count + 1, step
        self.end = (count + fmpq(1, 2)) * step

    def found() -> Any:
        box = box_of(claim, {"theta": (fmpq(2), fmpq(2))}, 12)
        return box.centre(value(box, "em_map", ("theta",)))

    with ctx.workprec(150):
        true = found()
        monkeypatch.setattr(Line, "choose", coarse)
        with_errors = found()
        assert with_errors.overlaps(true)
        monkeypatch.setattr(Line, "error", lambda *_: arb(0))
        assert not found().overlaps(true)
        assert flint.arb(with_errors.rad()) > abs(found() - true)
