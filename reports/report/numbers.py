"""The section "Numbers": what the theory says exactly beside what EM does in floating point."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.samples.observed_contraction import CONFIDENCE, compare_contraction
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.trajectories.ball_radius import followed
from emtheory.reports.decide.verdict import enclosure_text
from emtheory.reports.render.panels import Curve, Panel
from emtheory.theory.prose.unicode_text import plain

QUANTITIES_SHOWN = ("spectral_gap", "contraction_factor", "asymptotic_rate", "lloyd_radius", "strong_convexity_radius")
SAMPLE_SIZE = 20_000
"""Points of a sample. A choice: intervals shrink like 1/√n, and time grows like n."""
SEEDS = tuple(range(100, 108))
"""Of the samples. A choice: of fewer than eight Student's interval is much wider, and EM runs once for each."""
ITERATIONS = 400
"""At most: EM stops where its steps tell nothing more about the factor. A choice."""
RADIUS = Fraction(1)
"""From which EM starts: not far from Lloyd's radius for the small k of the table."""

_DIGITS = 10
"""Of exact and certified numbers. A choice; their enclosures have five more."""
_FLOAT_DIGITS = 6
"""Of what EM shows in floating point: its intervals are wider than the last of them."""

_EIGENVALUE = plain("$λ_{min}$ of the Hessian")
_MAX_FREQUENCIES = 16
"""Beyond this k only profiles of weights with a flat spectrum are drawn, for which every frequency is the same."""

_KS = (2, 3, 4, 8, 32, 500)
"""A choice: at the last one convexity ends, and it takes a few seconds."""
_WEIGHTS = ("uniform", *(f"one-heavy:{text}" for text in ("3/5", "7/10", "4/5", "9/10", "99/100")))
"""EM keeps the simplex with all of them, so that its radius tells all."""
EXPLORED: Sequence[tuple[int, str]] = tuple(product(_KS, _WEIGHTS))
"""Places of the sliders for k and weights."""
QUICKLY_EXPLORED = 32
"""The largest of them in a quick report: the last takes as long as all others together."""
RADII = tuple(map(Fraction, ("1/4", "1/2", "1", "3/2", "2", "3", "4")))
"""Places of the slider for the start."""
_STEPS = 20
"""Followed, at most."""
_LEAST = Fraction(1, 10**9)
"""Below this KL no more steps are shown."""
_EXPLORED_DIGITS = 4
"""Of the numbers shown, all of them right to a unit of the last."""


@dataclass(frozen=True)
class Setting:
    """A row of the table: k, weights as written, and the dimension."""

    k: int
    weights: str
    d: int

    @property
    def case(self) -> Case:
        """The exact case, from whose point EM starts."""
        return make_case(self.k, self.weights, self.d, RADIUS)

    def __str__(self) -> str:
        return f"k = {self.k}, {self.weights}, d = {self.d}"


SETTINGS = (
    Setting(2, "7/10,3/10", 1),
    Setting(3, "1/2,3/10,1/5", 2),
    Setting(3, "1/2,3/10,1/5", 6),
    Setting(4, "one-heavy:1/2", 3),
    Setting(4, "1/2,1/4,1/8,1/8", 3),
    Setting(7, "difference-set:3/5", 6),
    Setting(1000, "one-heavy:99/100", 999),
)
"""The paper's first experiment (k = 4, d = 3) among them; the last two are beyond quadrature in k − 1 dimensions."""


def compare(setting: Setting) -> dict[str, object]:
    """Return one row as JSON values: each quantity with its evidence, and the factors EM shows from radius 1."""
    exact = {name: _quantity(name, setting.case) for name in QUANTITIES_SHOWN}
    return {
        "k": setting.k,
        "weights": setting.weights,
        "d": setting.d,
        "radius": str(RADIUS),
        "quantities": exact,
        "floating": _floating(setting.case),
    }


def _quantity(name: str, case: Case) -> dict[str, object]:
    at = case if find_quantity(name).needs_point else replace(case, radius=None)
    try:
        answer = evaluate(name, at, digits=_DIGITS)
    except CannotAnswerError as error:
        return {"value": None, "reason": str(error), "note": ""}
    ends = enclosure_text(answer, _DIGITS + 5) if answer.rigorous else {"lower": None, "upper": None}
    value = decimal_text(answer.midpoint, _DIGITS)
    return {"value": value, **ends, "level": str(answer.level), "route": answer.route, "note": answer.note}


def _floating(case: Case) -> dict[str, object]:
    try:
        population, observed = compare_contraction(case, SAMPLE_SIZE, SEEDS, ITERATIONS)
    except (InputError, CannotAnswerError) as error:
        return {"population_factor": None, "reason": str(error)}
    factor = float(evaluate("contraction_factor", replace(case, radius=None)).midpoint)
    return {
        "population_factor": _rounded(population),
        "sample_factor": _rounded(observed.value),
        "low": _rounded(observed.low),
        "high": _rounded(observed.high),
        "confidence": CONFIDENCE,
        "contains_exact": observed.low <= factor <= observed.high,
        "n": SAMPLE_SIZE,
        "seeds": list(SEEDS),
    }


def _rounded(value: float) -> str:
    return f"{value:.{_FLOAT_DIGITS}g}"


def decays(k: int, weights: str, iterations: int) -> Panel:
    """Run population EM (the raw operator, by quadrature) from radius 1 with valid and with uniform weights.

    Each curve of KL(N(0, I) ‖ p_{θ_t}) is followed by its prediction. The valid one is predicted to decay like
    factor^{2t}, drawn through its last value above rounding; the uniform one like (limit of t² KL_t)/t², without any
    fitted constant. InputError if the quadrature does not reach so many components.
    """
    valid, uniform = (make_case(k, text, k - 1, RADIUS) for text in (weights, "uniform"))
    factor, limit = (
        float(evaluate(name, replace(case, radius=None)).midpoint)
        for name, case in (("contraction_factor", valid), ("sublinear_constant", uniform))
    )
    linear = population_em(valid, iterations, tolerance=1e-7).kl
    t = np.arange(len(linear), dtype=float)
    slow = population_em(uniform, iterations).kl
    u = np.arange(1, len(slow), dtype=float)
    curves = (
        Curve(f"{weights}: population EM", t, linear),
        Curve(f"{weights}: predicted", t, linear[-1] * factor ** (2 * (t - t[-1])), predicted=True),
        Curve("uniform: population EM", np.arange(len(slow), dtype=float), slow, colour=1),
        Curve("uniform: predicted", u, limit / u**2, predicted=True, colour=1),
    )
    return Panel("", "iteration t", "KL divergence in nats", curves, ("linear", "log"))


def profile(setting: Setting, radius: float, count: int = 60) -> Panel:
    """Evaluate min_m β_m, λ_min(∇²ℓ) and the contraction factor max_m (1 − β_m) at `count` radii in (0, radius]."""
    radii = [Fraction(radius) * i / count for i in range(1, count + 1)]
    frequencies = range(1, setting.k // 2 + 1) if setting.k <= _MAX_FREQUENCIES else (1,)
    powers, eigenvalues = [], []
    for point in radii:
        case = setting.case.at_radius(point)
        powers.append(min(_double("posterior_power", case, m=Fraction(m)) for m in frequencies))
        eigenvalues.append(_double("hessian_min_eigenvalue", case))
    beta = np.array(powers)
    values = {"β = E|γ̂|²": beta, _EIGENVALUE: np.array(eigenvalues), "contraction factor 1 − β": 1 - beta}
    x = np.array([float(point) for point in radii])
    curves = tuple(Curve(name, x, each, colour=number) for number, (name, each) in enumerate(values.items()))
    return Panel(str(setting), "radius ‖θ‖ of the simplex", "", curves)


def _double(name: str, case: Case, **arguments: Fraction) -> float:
    return float(evaluate(name, case, arguments, digits=10, route="float").midpoint)


def explore(k: int, weights: str) -> dict[str, object]:
    """Return what holds for one k and weights as JSON values: numbers are decimal text, rounded from enclosures.

    ``gap`` is σ² = min |π̂_m|², ``gamma`` a radius within which the likelihood is proved to be strongly convex,
    ``convexity`` the radius up to which it is convex, and for each of ``starts`` the ``bound`` on the factor within
    that radius, ``beta`` (alike for every m), the ``factor`` 1 − β of the first step, and ``kl`` after each step;
    ``limit`` is the factor near 0. CannotAnswerError if something cannot be certified to the digits shown.
    """
    case = make_case(k, weights)
    gap = evaluate("spectral_gap", case, digits=_EXPLORED_DIGITS)
    with arb_precision(64):
        gamma = Enclosure(*ball_bounds((to_arb(Fraction(gap.midpoint)) / 10).sqrt()), gap.level, "ball")
    starts = []
    for radius in RADII:
        steps = followed(case.at_radius(radius), _STEPS, _LEAST, _EXPLORED_DIGITS)
        factor = steps[0][1]
        bound = evaluate("contraction_bound", case, {"radius": radius}, digits=_EXPLORED_DIGITS)
        starts.append(
            {
                "radius": str(radius),
                "bound": _text(bound),
                "factor": _text(factor),
                "beta": _text(replace(factor, lower=1 - factor.upper, upper=1 - factor.lower)),
                "kl": [_text(kl) for kl, _ in steps],
            }
        )
    return {
        "k": k,
        "weights": weights,
        "gap": _text(gap),
        "limit": _text(evaluate("contraction_factor", case, digits=_EXPLORED_DIGITS)),
        "gamma": _text(gamma),
        "convexity": _text(evaluate("strong_convexity_radius", case, digits=_EXPLORED_DIGITS)),
        "starts": starts,
    }


def _text(value: Enclosure) -> str:
    if value.level < Level.CERTIFIED:
        raise RuntimeError(f"{value} is not certified")
    return decimal_text(value.midpoint, _EXPLORED_DIGITS)
