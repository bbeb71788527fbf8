"""The variables of the family ``two-means`` in a case, and what of its model is asked for here."""

from dataclasses import dataclass, replace
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.models.packaged import packaged_models
from emtheory.theory.mixtures.model import MixtureModel

_HALF = Fraction(1, 2)
"""The weight of balanced components."""


@dataclass(frozen=True)
class TwoMeans:
    """θ (0 where the quantity does not depend on it), μ, W₀, W and v."""

    theta: Fraction
    separation: Fraction
    truth_weight: Fraction
    fit_weight: Fraction
    fit_variance: Fraction = Fraction(1)

    def balls(self, **others: flint.arb) -> dict[str, flint.arb]:
        """Return the narrowest balls around them at Arb's precision in force, with others in place of some."""
        names = ("theta", "separation", "truth_weight", "fit_weight", "fit_variance")
        return {name: flint.arb(to_fmpq(getattr(self, name))) for name in names} | others

    @property
    def fixed(self) -> frozenset[Fraction]:
        """The fixed points that are known exactly.

        They are 0 where M(0) = (2W − 1)(2W₀ − 1)μ vanishes, and ±μ where the fit is the truth.
        With W = 1/2 the map depends on |X| only, whose law is the same for every W₀.
        """
        mu, result = self.separation, set()
        if _HALF in (self.fit_weight, self.truth_weight) or mu == 0:
            result.add(Fraction(0))
        if self.fit_variance == 1 and self.fit_weight in (_HALF, self.truth_weight):
            result.add(mu)
        if self.fit_variance == 1 and self.fit_weight in (_HALF, 1 - self.truth_weight):
            result.add(-mu)
        return frozenset(result)


def known_weight() -> MixtureModel:
    """Return the model in which θ alone is fitted."""
    return packaged_models()["two-means"]


def fitted_weight() -> MixtureModel:
    """Return the model in which the weight is fitted, too."""
    return packaged_models()["two-means-weight"]


def two_means(case: Case) -> TwoMeans:
    """Read the variables of a case."""
    values = case.rationals
    names = ("separation", "truth_weight", "fit_weight", "fit_variance")
    return TwoMeans(values.get("theta", Fraction(0)), *(values[name] for name in names))


def with_unit_variance(case: Case) -> TwoMeans:
    """Read the variables of a case; CannotAnswerError if the variance of the fit is not that of the data."""
    p = two_means(case)
    if p.fit_variance != 1:
        raise CannotAnswerError("that is asked of fits with the variance 1 only")
    return p


def moved(case: Case, **values: Fraction) -> Case:
    """Return a case with other values of some variables."""
    return replace(case, parameters=tuple({**dict(case.parameters), **values}.items()))


def checked_interval(low: object, high: object) -> tuple[Fraction | float, Fraction | float]:
    """Return the ends of an interval; InputError if it is empty, CannotAnswerError if one is no number but a range."""
    if not (isinstance(low, Fraction | float) and isinstance(high, Fraction | float)):
        raise CannotAnswerError("an end of the interval of fixed points varies")
    if low > high:
        raise InputError(f"fixed_point_count: from low = {low} to high = {high} there is nothing")
    return low, high


def checked_start(start: Fraction | float, steps: Fraction) -> int:
    """Return the number of steps; InputError for none from infinity, which is no number itself."""
    if steps == 0 and not isinstance(start, Fraction):
        raise InputError("em_iterate: t = 0 from infinity is no number: E|X| is the first step, t = 1")
    return int(steps)
