"""Infima on the simplex ray: independent minimisation, and wrong candidates refused."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.ray.scan import Found, Ray

DIP = make_case(2, "4/5,1/5")
"""β decreases at first, to a minimum near radius 0.18."""


def tanh_power(radius: float) -> float:
    """E tanh²(rX + ½ log 4)."""
    centre = np.log(4) / 2
    return float(
        integrate.quad(
            lambda x: np.tanh(radius * x + centre) ** 2 * stats.norm.pdf(x),
            -12,
            12,
            epsabs=1e-14,
            epsrel=1e-13,
            limit=200,
        )[0]
    )


def log_cosh_divergence(radius: float) -> float:
    """KL = r²/2 − E log(cosh(rX + a)/cosh a), tanh a = 3/5, for weights 4/5 and 1/5 at ±r."""
    a = np.arctanh(0.6)
    value = integrate.quad(
        lambda x: np.log(np.cosh(radius * x + a) / np.cosh(a)) * stats.norm.pdf(x), -12, 12, epsabs=1e-15, limit=200
    )
    return float(radius**2 / 2 - value[0])


def test_interior_minimum_against_a_minimisation() -> None:
    expected = optimize.minimize_scalar(tanh_power, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("worst_contraction_factor", DIP, {"radius": Fraction(8)}, 20, "ball")
    assert float(found.midpoint) == pytest.approx(1 - expected, abs=1e-11)
    assert found.has_digits(23)
    assert found.lower > Fraction(16, 25)  # so β_1 ≥ 9/25 fails on the ray, though it holds at 0


def test_pl_constant_against_a_minimisation() -> None:
    def ratio(radius: float) -> float:
        return radius**2 * tanh_power(radius) ** 2 / 2 / log_cosh_divergence(radius)

    expected = optimize.minimize_scalar(ratio, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("pl_constant", DIP, {"radius": Fraction(2)}, 15, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-9)
    assert found.has_digits(18)


@pytest.mark.parametrize("weights", ["1/2,3/10,1/5", "1/2,1/4,1/8,1/8", "one-heavy:1/2"])
def test_infimum_at_the_origin(weights: str) -> None:
    """The spectral gap: its complement is the worst factor, and pl_ratio tends to a mean of |π̂_m|² there."""
    case = make_case(weights.count(",") + 1 if "," in weights else 5, weights)
    worst = evaluate("worst_contraction_factor", case, {"radius": Fraction(2)}, 20, "ball")
    exact = evaluate("contraction_factor", case, {}, 30, "exact").midpoint
    assert worst.lower <= exact <= worst.upper
    assert worst.has_digits(23)


@pytest.mark.parametrize(("name", "least"), [("worst_contraction_factor", "0.1776"), ("pl_constant", "0.1678")])
@pytest.mark.parametrize("wrong", [Fraction(0), Fraction(9, 50)])
def test_a_wrong_candidate_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, least: str, wrong: Fraction) -> None:
    """At 0.18 the value differs from the least one by some 10^−6."""
    monkeypatch.setattr(Ray, "lowest", lambda *_: Found(wrong, Fraction(0), Fraction(0)))
    with pytest.raises(CannotAnswerError, match="not proved"):
        evaluate(name, DIP, {"radius": Fraction(2)}, 10, "ball")
    monkeypatch.setattr(Ray, "lowest", lambda *_: Found(Fraction(least), Fraction(0), Fraction(0)))
    assert float(evaluate(name, DIP, {"radius": Fraction(2)}, 4, "ball").at) == pytest.approx(float(least), abs=1e-9)


@pytest.mark.parametrize("name", ["worst_contraction_factor"])
def test_only_a_right_enclosure_is_proved(name: str) -> None:
    radius = Fraction(2)
    found = evaluate(name, DIP, {"radius": radius}, 6, "ball")

    def is_proved(enclosure: Enclosure) -> bool:
        return prove(name, DIP, {"radius": radius}, enclosure)

    assert is_proved(found)
    assert isinstance(found.lower, Fraction)
    assert isinstance(found.upper, Fraction)
    width = found.upper - found.lower
    assert is_proved(replace(found, lower=found.lower - width, upper=found.upper + width))
    assert not is_proved(replace(found, upper=found.lower + width / 4))
    assert not is_proved(replace(found, lower=found.upper - width / 4))
    assert not is_proved(replace(found, at=None))
    assert not is_proved(replace(found, at=radius + 1))
