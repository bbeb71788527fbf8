"""Verdicts on random statements over random intervals, against a tensor rule that shares nothing with them."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.level import Level
from tests.numerics.brute_force import BruteForce, brute_force
from tests.reports.decide.boxes.test_interval import decided
from tests.tiers import examples

Value = Callable[[BruteForce, float], float]

AWAY_FROM_ORIGIN: dict[str, Value] = {
    "pl_ratio": lambda b, _: b.gradient_square / 2 / b.kl,
    "kl_divergence/radius**2": lambda b, r: b.kl / r**2,
    "radius*log(radius) + sqrt(kl_divergence)": lambda b, r: r * np.log(r) + np.sqrt(b.kl),
    "max(posterior_power(m=1), kl_divergence) - radius**(1/3)": lambda b, r: (
        max(b.posterior_power[1], b.kl) - r ** (1 / 3)
    ),
}
ANYWHERE: dict[str, Value] = {
    "posterior_power(m=1)": lambda b, _: b.posterior_power[1],
    "-posterior_power(m=1)": lambda b, _: -b.posterior_power[1],
    "-kl_divergence": lambda b, _: -b.kl,
    "log_partition*exp(-radius)": lambda b, r: b.log_partition * np.exp(-r),
    "hessian_min_eigenvalue": lambda b, _: b.hessian_eigenvalues[0],
    "-hessian_min_eigenvalue + radius/10": lambda b, r: -b.hessian_eigenvalues[0] + r / 10,
    "posterior_power(m=1)*cos(radius) - kl_divergence": lambda b, r: b.posterior_power[1] * np.cos(r) - b.kl,
}


@dataclass(frozen=True)
class Trial:
    """An expression over an interval, and how far a bound is put from its minimum there."""

    case: Case
    expression: str
    value: Value
    lower: Fraction
    upper: Fraction
    gap: Fraction


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    parts = draw(st.lists(st.integers(1, 20), min_size=2, max_size=3))
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    lower = draw(st.one_of(st.just(Fraction(0)), st.fractions(Fraction(1, 20), 1, max_denominator=20)))
    upper = lower + draw(st.fractions(Fraction(1, 10), 1, max_denominator=10))
    known = ANYWHERE if lower == 0 else ANYWHERE | AWAY_FROM_ORIGIN
    expression = draw(st.sampled_from(sorted(known)))
    gap = Fraction(1, 10 ** draw(st.integers(2, 8)))
    return Trial(case, expression, known[expression], lower, upper, gap)


def minimum(trial: Trial) -> float:
    """The smallest value on the interval, by a scan and refinement in double precision."""

    def at(radius: float) -> float:
        return float(trial.value(brute_force(trial.case.at_radius(Fraction(radius))), radius))

    radii = np.linspace(float(trial.lower), float(trial.upper), 13)
    values = [at(radius) for radius in radii]
    best = int(np.argmin(values))
    around = radii[max(best - 1, 0)], radii[min(best + 1, 12)]
    refined = minimize_scalar(at, bounds=around, method="bounded", options={"xatol": 1e-7})
    return min(values[best], refined.fun)


@examples(20)
@given(trial=trials())
def test_verdicts_follow_the_truth(trial: Trial) -> None:
    least = Fraction(minimum(trial))
    for bound, truth in ((least - trial.gap, True), (least + trial.gap, False)):
        coverage = decided(f"{trial.expression} > {bound}", trial.case, str(trial.lower), str(trial.upper))
        answers = {finding.holds for finding in coverage.findings}
        assert answers == {truth}, coverage.covered
        assert coverage.complete is truth
        assert min(finding.level for finding in coverage.findings) >= Level.CERTIFIED
