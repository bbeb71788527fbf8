"""Where EM on given data may begin: values of a model's parameters drawn at random, of which EM tells the best."""

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.model import ModelFit, model_fit, require_fits
from emtheory.numerics.fit_certificates.statistics import statistics
from emtheory.theory.mixtures.model import MixtureModel

_STARTS, _STEPS = 40, 60
"""Of EM, and its steps from each. A choice: some seconds."""
_ROWS = 2000
"""Rows of the data that these see, at most."""


def best_start(model: MixtureModel, given: Mapping[str, Real], rows: FloatArray) -> ModelFit:
    """Return where EM in double precision is after some steps from the best of random starts.

    InputError if the data cannot come from the fit, or EM leads nowhere from all of the starts.

    Parameters
    ----------
    model, given
        The model, and values of parameters that are to be kept where EM begins.
    rows
        n × d observations.
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
        raise InputError(f"EM leads nowhere from {_STARTS} random starts, the last time as {problem}")
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
