"""Claims on a family: read, decided over boxes, where their sides touch too, certified and replayed."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.errors import InputError
from emtheory.numerics.models.packaged import packaged_models
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed
from tests.tiers import first_every_day

TOUCHING = "abs(em_map - separation) <= exp(-min(theta, separation)**2/2)*abs(theta - separation)"
NEAR = {"theta": ("3/4", "5/4"), "separation": ("3/4", "5/4")}


def claim(statement: str, for_all: dict[str, tuple[str, str]] | None = None, **values: str) -> Claim:
    return Claim(id="family", statement=statement, family="two-means", k=(), for_all=for_all or {}, values=values)


def observed_map(theta: float, separation: float, truth: float, fit: float) -> float:
    """M by a sum of posterior means."""
    x = np.arange(-10, 10, 0.002) + 0.001
    density = truth * np.exp(-((x - separation) ** 2) / 2) + (1 - truth) * np.exp(-((x + separation) ** 2) / 2)
    posterior = fit / (fit + (1 - fit) * np.exp(-2 * theta * x))
    return float(0.002 / np.sqrt(2 * np.pi) * density @ (x * (2 * posterior - 1)))


def test_a_box_of_three_variables_against_brute_force(replayed: Replayed) -> None:
    ranges = {"theta": ("1", "3/2"), "separation": ("1", "3/2"), "w": ("1/2", "3/5")}
    subject = claim("em_map > 4/5", ranges, truth_weight="w", fit_weight="1-w/2")
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    axes = [np.linspace(float(Fraction(low)), float(Fraction(high)), 4) for low, high in ranges.values()]
    least = min(observed_map(t, m, w, 1 - w / 2) for t in axes[0] for m in axes[1] for w in axes[2])
    assert Fraction(str(verdict.margin)) <= Fraction(least - 0.8)
    assert replayed(subject, verdict) == "certified"
    beyond = decide_claim(claim(f"em_map > {least + 0.01:.6f}", ranges, truth_weight="w", fit_weight="1-w/2"))
    assert beyond.outcome == "refuted"


@pytest.mark.parametrize("ends", [("-1/5", "0"), ("-1/5", "-1/10"), ("0", "1/5"), ("-1/10", "1/10")])
def test_boxes_fill_domains_of_either_sign(ends: tuple[str, str], replayed: Replayed) -> None:
    """The end 0 is an end like others: a box that stops short of it is no cover."""
    subject = claim("em_map > 3/5", {"r": ends, "separation": ("1", "3/2")}, theta="(1+r)*separation")
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    cells = [finding.box.sides["r"] for finding in verdict.findings if finding.box is not None]
    assert (min(low for low, _ in cells), max(high for _, high in cells)) == tuple(map(Fraction, ends))
    assert replayed(subject, verdict) == "certified"


def test_sides_that_touch_inside_the_box_are_decided(replayed: Replayed) -> None:
    subject = claim(TOUCHING, NEAR, truth_weight="3/10", fit_weight="0.5")
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    assert replayed(subject, verdict) == "certified"


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (TOUCHING.replace("/2)", "*2)"), {}),
        (TOUCHING.replace("<=", ">="), {}),
        (TOUCHING.replace("<=", "<"), {}),
        (TOUCHING, {"truth_weight": "3/5", "fit_weight": "2/5"}),
        (TOUCHING, {"fit_variance": "1001/1000"}),
    ],
)
def test_slightly_wrong_twins_are_refuted(statement: str, values: dict[str, str]) -> None:
    verdict = decide_claim(claim(statement, NEAR, **values))
    assert verdict.outcome == "refuted"
    assert verdict.level is not None
    assert str(verdict.level) in ("certified", "exact")


@pytest.mark.long
def test_counts_over_a_box(replayed: Replayed) -> None:
    subject = claim(
        "fixed_point_count(low=-inf, high=inf) == 1",
        {"w": ("7/8", "9/10")},
        separation="1",
        truth_weight="w",
        fit_weight="w",
    )
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    assert replayed(subject, verdict) == "certified"
    wider = decide_claim(
        claim(subject.statement, {"w": ("7/10", "9/10")}, separation="1", truth_weight="w", fit_weight="w")
    )
    assert wider.outcome == "refuted"


@pytest.mark.parametrize(("ends", "separation"), [(("-1", "0"), "s"), (("-1/5", "1"), "s"), (("0", "1"), "s**2-s+1/5")])
def test_a_box_that_leaves_the_domain_of_a_variable_is_an_error(ends: tuple[str, str], separation: str) -> None:
    with pytest.raises(InputError, match=r"separation .*is not at least 0 .* at s = "):
        decide_claim(claim("em_map >= -10", {"s": ends}, theta="1", separation=separation))


def test_an_end_on_the_boundary_of_an_open_domain_is_left_out() -> None:
    subject = claim("em_map < 2", {"w": ("0", "1/2"), "s": ("1", "3/2")}, theta="1", separation="s", fit_weight="w")
    assert decide_claim(subject).outcome == "certified"


AT_ZERO = (
    # M = θ − θ³ + 2θ⁵ − … for data N(0, 1), and dKL/dθ = θ − M.
    ("em_map_derivative >= 1 - {c}*theta**2", "3", "29/10", {"separation": "0"}),
    ("em_map <= (1 + {c}*separation**2)*theta", "1", "99/100", {}),
    ("em_map*(1 + {c}*theta**2) >= theta", "1", "99/100", {"separation": "0"}),
    ("kl_divergence <= {c}*theta**4", "1/4", "24/100", {"separation": "0"}),
)


@pytest.mark.parametrize(("statement", "constant", "wrong", "values"), first_every_day(1, AT_ZERO))
def test_sides_that_touch_at_zero_are_decided(
    statement: str, constant: str, wrong: str, values: dict[str, str], replayed: Replayed
) -> None:
    ranges = {"theta": ("0", "1/4")} | ({} if values else {"separation": ("1", "3/2")})
    subject = claim(statement.format(c=constant), ranges, **values)
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    assert replayed(subject, verdict) == "certified"
    assert decide_claim(claim(statement.format(c=wrong), ranges, **values)).outcome == "refuted"
    strict = statement.format(c=constant).replace(">=", ">").replace("<=", "<")
    assert decide_claim(claim(strict, ranges, **values)).outcome == "refuted"
    open_end = replace(claim(strict, ranges, **values), assume=("theta > 0",))
    assert decide_claim(open_end).outcome == "certified"


def test_sides_may_be_divided_by_what_tends_to_zero(replayed: Replayed) -> None:
    statement, wrong = "em_map/theta < 1 + separation**2", "em_map/theta <= 999/1000*(1 + separation**2)"
    ranges = {"theta": ("0", "1/2"), "separation": ("1/2", "1")}
    subject = replace(claim(statement, ranges), assume=("theta > 0",))
    verdict = decide_claim(subject)
    assert verdict.outcome == "certified"
    assert replayed(subject, verdict) == "certified"
    assert decide_claim(replace(claim(wrong, ranges), assume=("theta > 0",))).outcome == "refuted"


def test_sides_that_touch_to_a_high_order_are_decided() -> None:
    """Location and scale: M = t − (2/3)t⁷ + 2t⁹ − …, the point being a function of the variable of the box."""
    values = {"theta": "t", "fit_variance": "1-t**2", "separation": "0"}
    near = {"t": ("0", "1/20")}
    assert decide_claim(claim("em_map >= (1 - 2/3*t**6)*t", near, **values)).outcome == "certified"
    assert decide_claim(claim("em_map >= (1 - 16/25*t**6)*t", near, **values)).outcome == "refuted"


def test_sides_that_touch_at_zero_are_decided_for_every_variance(replayed: Replayed) -> None:
    """M = θ/v − (θ/v)³ + …, while the divergence with another variance does not vanish at 0."""
    ranges = {"theta": ("0", "1/10"), "fit_variance": ("4/5", "5/4")}
    for constant, outcome in (("1", "certified"), ("99/100", "refuted")):
        subject = claim(f"em_map <= {constant}*theta/fit_variance", ranges, separation="0")
        verdict = decide_claim(subject)
        assert verdict.outcome == outcome
        assert replayed(subject, verdict) == outcome
    wider = {"theta": "t", "fit_variance": "1+t", "separation": "0"}
    assert decide_claim(claim("kl_divergence <= 1/4*theta**4", {"t": ("0", "1/4")}, **wider)).outcome == "refuted"


def test_sides_of_a_model_that_touch_at_zero_to_fourth_order_are_decided() -> None:
    """KL = θ⁴/4 − θ⁶/3 + … by the expansion that every model has."""
    text = packaged_models()["two-means"].text
    for constant, outcome in (("1/4", "certified"), ("24/100", "refuted")):
        subject = claim(f"kl_divergence <= {constant}*theta**4", {"theta": ("0", "1/16")}, separation="0")
        assert decide_claim(replace(subject, family=text)).outcome == outcome
