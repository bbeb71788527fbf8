"""From a fit in double precision to a stationary point: EM's steps, steps between EM's and Newton's, and Newton's.

Where EM on given data may begin is the best of places drawn at random.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, Self, TypeVar

import numpy as np

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import UNIT, FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.model import ModelFamily, model_fit, require_fits
from emtheory.numerics.fit_certificates.stationary import eigenvectors, floats
from emtheory.numerics.fit_certificates.statistics import BITS, shifted, statistics
from emtheory.theory.mixtures.model import MixtureModel

_NEAR = 0.05
"""Newton's step, in units of complete information, from which a stationary point is near, of whatever kind."""
_NEWTON_STEPS = 30
"""Of Newton's method, which squares its error in each."""
_ARRIVED = 1e-5
"""Steps so short that do not become shorter are rounding, of parameters that are large too."""
_FEWEST_STEPS = 32
"""Of EM, before the ascent."""
_CLIMBS = 400
"""Steps of the ascent, at most."""
_TRUST = 0.25
"""Length of such a step, at most, in units of complete information."""
_FLAT = 1e-10
"""Of the score, and of what EM changes: what is less is rounding, more of it where data are far from 0."""
_WORK = 4e7
"""Posteriors that EM's steps may compute where their number is counted: some seconds."""
_MOST_STEPS = 5000
"""That are counted."""
_STAYS = 1e-6
"""Relative to the spread of components: nearer than this, EM has arrived."""


class Candidate(Protocol):
    """A mixture in double precision."""

    def family(self) -> Family:
        """Return the family around it; CannotAnswerError where it has none."""

    def em_step(self, rows: FloatArray) -> Self:
        """Return what EM makes of it."""

    def moved(self, family: Family, change: FloatArray) -> Self:
        """Return it with other parameters: those of the centre of its family and a change."""

    def check(self, rows: FloatArray) -> None:
        """Raise CannotAnswerError if it leads nowhere, such as to a component on a point."""

    def distance(self, other: Self) -> float:
        """Return how far apart two are, relative to the spread of components."""


Fitted = TypeVar("Fitted", bound=Candidate)


@dataclass(frozen=True, eq=False)
class _View:
    """A fit seen in coordinates y of its information: the score, the eigenvalues λ, and the mean log-likelihood."""

    family: Family
    score: FloatArray
    values: FloatArray
    basis: FloatArray
    newton: FloatArray
    log_likelihood: float


def _view(fit: Candidate, rows: FloatArray) -> _View:
    family = fit.family()
    with arb_precision(BITS):
        means = statistics(family, rows, family.coefficients(family.centre))
        first, covariance = shifted(means, family)
        slopes, complete = floats(family.slopes(family.centre)), -floats(family.curvature(family.centre, first))
        score: FloatArray = slopes.T @ np.array([float(each.mid()) for each in first])
        observed = complete - slopes.T @ floats(covariance) @ slopes
        try:
            values, basis = eigenvectors(observed, complete)
            newton = np.linalg.solve(basis, np.linalg.solve(observed, score))
        except np.linalg.LinAlgError:
            raise CannotAnswerError(
                "the information is singular: components coincide, or one has too few observations for its parameters"
            ) from None
        return _View(family, basis.T @ score, values, basis, newton, float(means.log_likelihood.mid()))


def polished(fit: Candidate, rows: FloatArray) -> Candidate:
    """Return a stationary point as near as doubles come to it.

    Where one is near, of whatever kind, Newton's method goes to it. Otherwise EM goes on for as many steps as take
    seconds; where it is slower, steps between EM's and Newton's that are short and never lower the likelihood.
    """
    found = by_newton(fit, rows)
    if found is not None:
        return found
    spread = np.std(rows, axis=0)
    flat = _FLAT + 64 * UNIT * float((abs(rows).max(axis=0) / np.where(spread > 0, spread, np.inf)).max())
    k, _ = fit.family().shape
    most, done, count = min(_MOST_STEPS, max(_FEWEST_STEPS, int(_WORK / (k * len(rows))))), 0, 8
    while done < most:
        before = fit
        for _ in range(count):
            try:
                before, fit = fit, fit.em_step(rows)
            except CannotAnswerError:
                fit.check(rows)  # It tells which component has collapsed.
                raise
            if fit.distance(before) < flat:  # Further steps would follow rounding, which leaves a saddle in the end.
                done = most
                break
        fit.check(rows)
        view = _view(fit, rows)
        if done == most or (view.values[0] > 0 and float(abs(view.newton).max()) < _NEAR):
            found = by_newton(fit, rows)
            if found is not None:
                return found
        done, count = done + count, min(2 * count, 512)
    found = _climbed(fit, view, rows, flat)
    if found is not None:
        return found
    nearest = view.values[np.argmin(abs(view.values))]
    added, least = getattr(fit, "reg_covar", 0.0), float(spread.min()) ** 2
    more = f"; reg_covar = {added:.2g} is above the data's variance, {least:.2g}: scale the data" * (added > least)
    raise CannotAnswerError(
        "no isolated stationary point was reached from the fit: the eigenvalue of the information nearest 0, relative "
        f"to complete data, is about {nearest:.2g} where EM came to; components that coincide make it 0{more}"
    )


def _climbed(fit: Candidate, view: _View, rows: FloatArray, flat: float) -> Candidate | None:
    """A stationary point that steps between EM's and Newton's lead to, none of which lowers the likelihood, or None."""
    trust = _TRUST
    for _ in range(_CLIMBS):
        if view.values[0] > 0 and float(abs(view.newton).max()) < _NEAR:
            found = by_newton(fit, rows)
            if found is not None:
                return found
        if float(abs(view.score).max()) < flat:
            return by_newton(fit, rows)
        step = view.score / np.maximum(abs(view.values), 1e-12)
        step *= min(1.0, trust / max(float(np.sqrt(step @ step)), 1e-300))
        try:
            after = fit.moved(view.family, view.basis @ step)
            after.check(rows)
            next_view = _view(after, rows)
        except CannotAnswerError:
            next_view = None
        if next_view is None or not next_view.log_likelihood >= view.log_likelihood - 1e-13 * abs(view.log_likelihood):
            trust /= 4
            if trust < 1e-10:
                return None
            continue
        fit, view, trust = after, next_view, min(2 * trust, _TRUST)
    return None


def by_newton(fit: Fitted, rows: FloatArray, near: float = _NEAR) -> Fitted | None:
    """Return where Newton's method leads, whose steps, in units of complete information, are to be no longer."""
    last = np.inf
    for _ in range(_NEWTON_STEPS):
        try:
            view = _view(fit, rows)
        except CannotAnswerError:
            return None
        size = float(abs(view.newton).max())
        if size < _ARRIVED and size >= last / 2:
            return fit
        if not (size < near and size < 2 * last):
            return None
        try:
            fit, last = fit.moved(view.family, view.basis @ view.newton), size
            fit.family()
        except CannotAnswerError:
            return None
    return fit if last < _ARRIVED else None


def steps_between(fit: Candidate, goal: Candidate, rows: FloatArray, rate: float) -> int | None:
    """Return how many steps EM takes from a fit to a point, up to a millionth; None if it does not come there.

    They are counted as long as that takes seconds; the rest of a long way follows from the rate.

    `fit`, `goal`, `rows`: from where and whereto, and the observations; `rate`: EM's, near the goal.
    """
    k, _ = goal.family().shape
    distance, last = fit.distance(goal), np.inf
    for step in range(min(_MOST_STEPS, max(20, int(_WORK / (k * len(rows)))))):
        if distance < _STAYS:
            return step
        try:
            before, fit = fit, fit.em_step(rows)
        except CannotAnswerError:
            return None
        last, distance = distance, fit.distance(goal)
        if fit.distance(before) < _FLAT:  # It has arrived elsewhere.
            return None
    if not (distance < 0.1 and distance < last and 0 < rate < 1):
        return None
    return step + 1 + int(np.ceil(np.log(_STAYS / distance) / np.log(rate)))


_STARTS, _STEPS = 40, 60
"""Of EM, and its steps from each. A choice: some seconds."""
_ROWS = 2000
"""Rows of the data that these see, at most."""


def best_start(model: MixtureModel, given: Mapping[str, Real], rows: FloatArray) -> ModelFamily:
    """Return where EM in double precision is after some steps from the best of random starts.

    InputError if the data cannot come from the fit; CannotAnswerError if EM leads nowhere from all of the starts.

    `model`, `given`: the model, and values of parameters that are to be kept where EM begins; `rows`: n × d
    observations.
    """
    require_fits(model, rows)
    rng = np.random.default_rng(0)
    few = rows[rng.permutation(len(rows))[:_ROWS]]
    domains = {each.name: each.domain for each in model.parameters}
    best, highest, problem = None, -math.inf, ""
    for _ in range(_STARTS):
        drawn = {name: _drawn(domains[name], few, rng) for name in model.estimate if name not in given}
        try:
            fit = model_fit(model, {**given, **drawn}, few)
            for _ in range(_STEPS):
                fit = fit.em_step(few)
            family = fit.family()
            reached = float(statistics(family, few, family.coefficients(family.centre)).log_likelihood.mid())
        except (CannotAnswerError, InputError) as error:
            problem = str(error)
            continue
        if reached > highest:
            best, highest = fit, reached
    if best is None:
        raise CannotAnswerError(
            f"EM leads nowhere from {_STARTS} random starts, the last time as {problem}; fewer components, or "
            "parameters that are known, would help"
        )
    return model_fit(model, {**given, **dict(zip(model.estimate, map(Fraction, best.values), strict=True))}, rows)


def _drawn(domain: str, rows: FloatArray, rng: np.random.Generator) -> Fraction:
    """Return a value of a parameter: a number of the data, or of the size of such a number, a variance or a rate."""
    column = rows[:, rng.integers(rows.shape[1])]
    value, spread = float(rng.choice(column)), float(column.std()) or 1.0
    if domain == "unit":
        return Fraction(float(rng.uniform(0.1, 0.9)))
    sizes = (abs(value), spread, spread**2, 1 / max(abs(value), 0.01 * spread))
    if domain == "positive":
        return Fraction(float(rng.choice(sizes)) * float(rng.uniform(0.3, 1.5)) or 1.0)
    return Fraction(float(rng.choice([value, value, float(rng.normal())])))
