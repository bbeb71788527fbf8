"""Enclosures over boxes so wide that derivatives of a coefficient are known by nothing but that they may be 0."""

import mpmath
import pytest
from flint import arb

from emtheory.numerics.models.evaluation import box_of, dual_values
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import scalar_target
from emtheory.numerics.models.touching import identities


def em_map(theta: float, variance: float) -> mpmath.mpf:
    """EM's step from its definition: weights and data are those of a balanced fit of standard normal data."""
    return mpmath.quad(lambda x: x * mpmath.tanh(theta * x / variance) * mpmath.npdf(x), [-10, -1, 0, 1, 10])


@pytest.mark.parametrize("variances", [("0.5", "0.6"), ("0.5", "4")])
def test_steps_and_their_slopes_over_a_wide_box_contain_those_at_its_corners(variances: tuple[str, str]) -> None:
    """1/v² is no number where v² may be 0, as a ball around [1/2, 4] has it; its slope may then be anything."""
    model = packaged_models()["two-means"]
    half = arb("0.5")
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
