"""Every statement of other papers once more on a grid of its domain, by sums over a grid of the line.

The sums share nothing with the routes. A statement that is certified may fail at no point, and one that must be refuted
fails at some point of the grid, or is named here with why it does not.
"""

import itertools
import math
import operator
from collections.abc import Callable, Mapping
from copy import copy
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.language.expression import Comparison, Expression, Number, Operation, Symbol
from emtheory.theory.claim import REFUTED, Claim
from emtheory.theory.claims import PAPER, catalogue, sources
from tests.numerics.models.three_means_definition import Sums as ThreeSums

STEP = 1 / 32
X = np.arange(-14, 14, STEP) + STEP / 2
POINTS = 9
"""On each axis, the ends included."""
SLACK = 1e-11
"""For rounding, and sides that touch."""
FINER: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "dwivedi-unbalanced/sharper": {"theta": ("17226/10000", "17228/10000"), "w": ("9788/10000", "9789/10000")},
    "dwivedi-balanced-upper/sharper": {"theta": ("3799/1000", "38/10")},
    "dtz-rate/weights": {"theta": ("1", "11/10")},
    "dwivedi-balanced-lower/sharper": {"theta": ("1/50", "1/20")},
    "wz-escape/smaller": {"theta": ("1/50", "1/20")},
    "xfd-single-gaussian/cubic": {"theta": ("1/50", "1/20")},
    "xfd-single-gaussian/factor": {"theta": ("1/50", "1/20")},
    "xfd-single-gaussian/descends": {"theta": ("1/1000", "6")},
}
"""Where a refutation is between the points of the grid, a part that has it; where an end is left out, the rest."""
NOT_SEEN: Mapping[str, str] = {
    "dtz-rate/sharper": "beside the point where the sides touch they differ by 10⁻¹⁵: its limit is looked at below",
    "xhm-threshold/tangency": "sums are not as accurate",
    "xhm-threshold/below": "both fixed points are between two points of the grid: they are looked for below",
}

CLAIMS = [
    (claim, claim.expect == REFUTED or (entry.expected == REFUTED and claim in entry.claims))
    for name in sources()
    if name != PAPER
    for entry in catalogue(name)
    for claim in claims_of(entry)
    if claim.id not in NOT_SEEN
]


def density(weight: float, mean: float, variance: float = 1.0) -> Any:
    first, second = (np.exp(-((X - place) ** 2) / (2 * variance)) for place in (mean, -mean))
    return (weight * first + (1 - weight) * second) / np.sqrt(2 * np.pi * variance)


class Sums:
    """The quantities at one law and one fit, from the definition."""

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        given = {name: float(value) for name, value in values.items()}
        self.theta, self.mu = given.get("theta", 0.0), given["separation"]
        self.w0, self.w, self.v = (given[name] for name in ("truth_weight", "fit_weight", "fit_variance"))
        self.mass = density(self.w0, self.mu) * STEP

    def posterior(self, theta: float) -> Any:
        odds = np.log((1 - self.w) / self.w) - 2 * theta * X / self.v
        return 1 / (1 + np.exp(np.minimum(odds, 700)))

    def em_map(self) -> float:
        return self.step(self.theta)

    def step(self, theta: float) -> float:
        return float(self.mass @ (X * (2 * self.posterior(theta) - 1)))

    def em_map_derivative(self) -> float:
        posterior = self.posterior(self.theta)
        return float(self.mass @ (4 * X**2 * posterior * (1 - posterior))) / self.v

    def kl_divergence(self) -> float:
        return float(self.mass @ np.log(density(self.w0, self.mu) / density(self.w, self.theta, self.v)))

    def weight_map(self) -> float:
        return float(self.mass @ self.posterior(self.theta))

    def variance_map(self) -> float:
        return self.fitted("v", self.theta, 1)[2]

    def fitted(self, also: str, start: float, t: float) -> tuple[float, float, float]:
        """EM's θ, weight and variance; those in `also` are fitted, too, by the posteriors of the step before."""
        other, theta = copy(self), start
        for _ in range(int(t)):
            posterior, theta = other.posterior(theta), other.step(theta)
            if "v" in also:
                other.v = float(self.mass @ (posterior * (X - theta) ** 2 + (1 - posterior) * (X + theta) ** 2))
            if "w" in also:
                other.w = float(self.mass @ posterior)
        return theta, other.w, other.v

    def em_iterate(self, start: float, t: float) -> float:
        """From infinity every point has its nearest mean, up to sign: E|X| in closed form, as |x| has a kink."""
        theta, left = start, int(t)
        if math.isinf(start):
            modulus = self.mu * math.erf(self.mu / math.sqrt(2)) + math.sqrt(2 / math.pi) * math.exp(-(self.mu**2) / 2)
            theta, left = math.copysign(modulus, start), left - 1
        for _ in range(left):
            theta = self.step(theta)
        return theta

    def fitted_boundary(self) -> float:
        low, high = -2.0, 2.0
        for _ in range(36):
            middle = (low + high) / 2
            low, high = (low, middle) if self.fitted("w", middle, 100)[0] > 0 else (middle, high)
        return (low + high) / 2

    def spurious_threshold(self) -> float:
        """By bisection on whether M − θ is negative somewhere below 0."""
        low, high = 0.5, 1.0 - 1e-9
        normal = [density(1.0, sign * self.mu) * STEP for sign in (1, -1)]
        places = -np.linspace(0.01, self.mu + 1, 100)[:, np.newaxis]
        for _ in range(20):
            w = (low + high) / 2
            mass = w * normal[0] + (1 - w) * normal[1]
            dips = (np.tanh(places * X + math.atanh(2 * w - 1)) @ (mass * X) < places[:, 0]).any()
            low, high = (w, high) if dips else (low, w)
        return (low + high) / 2

    def separation_needed(self, t: float, error: float) -> float:
        """By bisection, as the relative error falls with μ."""
        low, high = 0.01, 6.0
        for _ in range(40):
            middle = (low + high) / 2
            small = at(separation=str(middle)).em_iterate(math.inf, t) < (1 + error) * middle
            low, high = (low, middle) if small else (middle, high)
        return (low + high) / 2

    def zeros(self, low: float, high: float) -> list[float]:
        places = np.linspace(max(low, -self.mu - 1.2), min(high, self.mu + 1.3), 600)
        places[0] += 1e-9  # 0 itself, if it is one, is counted apart
        excess = np.array([self.step(place) - place for place in places])
        return [float(places[i]) for i in np.flatnonzero(np.diff(np.sign(excess)))]

    def fixed_point_count(self, low: float, high: float) -> float:
        """Sign changes; a fixed point at the lower end, which the shift hides, is 0 of a balanced fit or truth."""
        at_end = low == 0 and abs(self.step(0.0)) < SLACK
        return len(self.zeros(low, high)) + at_end

    def basin_boundary(self) -> float:
        zeros = self.zeros(-math.inf, math.inf)
        return zeros[-2] if len(zeros) > 1 else -math.inf


FITTED: Mapping[str, tuple[str, int]] = {
    "location_scale_iterate": ("v", 0),
    "location_scale_variance": ("v", 2),
    "fitted_iterate": ("w", 0),
    "fitted_weight_iterate": ("w", 1),
    "jointly_fitted_iterate": ("wv", 0),
    "jointly_fitted_weight": ("wv", 1),
    "jointly_fitted_variance": ("wv", 2),
}
"""Of quantities after steps of EM: what is fitted beside θ, and which of θ, weight and variance it is."""


class ThreeMeans:
    """The quantities of three means, from the definition."""

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self.sums = ThreeSums({name: str(value) for name, value in values.items()})

    def gradient(self, component: float) -> float:
        return self.sums.score(int(component) - 1)

    def hessian_max_eigenvalue(self) -> float:
        return float(np.linalg.eigvalsh(self.sums.hessian())[-1])

    def local_maximum(self, component: float) -> float:
        return self.sums.at_limit().em_map(int(component) - 1)

    def kl_at_local_maximum(self) -> float:
        return self.sums.at_limit().kl_divergence()


OPERATIONS: Mapping[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
    **{function.__name__: function for function in (abs, min, max, math.exp, math.log, math.sqrt)},
}


def number(expression: Expression, leaf: Any) -> float:
    match expression:
        case Number(exact):
            return float(exact)
        case Symbol("inf"):
            return math.inf
        case Operation(name, operands):
            return OPERATIONS[name](*(number(operand, leaf) for operand in operands))
    return float(leaf(expression))


def excess(family: str, comparison: Comparison, values: Mapping[str, Fraction]) -> float:
    """By how much a comparison fails at worst; negative where it holds."""
    sums = Sums(values) if family == "two-means" else ThreeMeans(values)

    def leaf(part: Any) -> float:
        if isinstance(part, Symbol):
            return float(values[part.name])
        arguments = {name: number(value, leaf) for name, value in part.arguments}
        name = part.quantity.split(".")[1]
        if name in FITTED:
            also, which = FITTED[name]
            return sums.fitted(also, **arguments)[which]  # type: ignore[union-attr]
        return float(getattr(sums, name)(**arguments))

    sides = [number(operand, leaf) for operand in comparison.operands]
    worst = -math.inf
    for relation, left, right in zip(comparison.operators, sides, sides[1:], strict=False):
        gap = {"<": left - right, "<=": left - right, ">": right - left, ">=": right - left, "==": abs(left - right)}
        strict = relation in ("<", ">") and gap[relation] == 0
        worst = max(worst, math.inf if strict else gap[relation])
    return worst


def worst_on_the_grid(claim: Claim) -> float:
    question = read_claim(claim)
    domain = {**claim.for_all, **FINER.get(claim.id, {})}
    axes = []
    for low, high in (map(Fraction, ends) for ends in domain.values()):
        axes.append([low + (high - low) * i / (POINTS - 1) for i in range(POINTS)])
    cases = [question.family.at(dict(zip(domain, place, strict=True))) for place in itertools.product(*axes)]
    return max(excess(claim.family, question.comparison, dict(case.parameters)) for case in cases)


@pytest.mark.parametrize(("claim", "refuted"), CLAIMS, ids=lambda each: getattr(each, "id", ""))
def test_statements_hold_on_a_grid_or_fail_there(claim: Claim, refuted: bool) -> None:
    worst = worst_on_the_grid(claim)
    assert worst > SLACK if refuted else worst <= SLACK


def at(**values: str) -> Sums:
    usual = {"truth_weight": "1/2", "fit_weight": "1/2", "fit_variance": "1"}
    return Sums({name: Fraction(value) for name, value in (usual | values).items()})


def test_the_sharp_factor_is_that_of_the_derivative_and_the_tangency_between_two_weights() -> None:
    """At θ = μ the factor is M′(μ); at μ = 3 it is e^{−0.795701…·9}."""
    assert 0.795701 < -math.log(at(theta="3", separation="3").em_map_derivative()) / 9 < 0.795702
    for weight, touches in (("760629/1000000", True), ("76063/100000", False)):
        sums = at(separation="1", truth_weight=weight, fit_weight=weight)
        least = min(sums.step(theta) - theta for theta in np.linspace(-0.62, -0.6, 401))
        assert (least < 0) == touches
