"""How the quantities of three means are followed over boxes of the variables."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import flint

from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.collinear import model
from emtheory.numerics.collinear.case import PLACES, checked_component
from emtheory.numerics.collinear.expectation import Mixture
from emtheory.numerics.collinear.model import Law
from emtheory.numerics.collinear.slopes import em_map_slopes, gradient_slopes, kl_divergence_slopes
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm

Balls = Mapping[str, Any]

_MOST_ACCURATE = 60.0
"""What is added to L at most."""


def law_of(balls: Balls) -> Law:
    """Return the data and the fit; CannotAnswerError if a weight is not told from none."""
    mixtures = []
    for prefix in ("truth_", ""):
        weights = [balls[f"{prefix}{name}_weight"] for name in PLACES[:-1]]
        weights.append(1 - sum(weights, start=flint.arb(0)))
        means = tuple(balls.get(f"{prefix}{name}_mean", flint.arb(0)) for name in PLACES)
        mixtures.append(Mixture(tuple(weights), means))
    truth, fit = mixtures
    if not (all(weight > 0 for weight in fit.weights) and all(weight >= 0 for weight in truth.weights)):
        raise CannotAnswerError("a weight is not told from 0")
    return Law(truth, fit)


def largest_eigenvalue(law: Law, accuracy: float) -> flint.arb:
    """λ_max of the Hessian of the expected log-likelihood in the means."""
    negative = [[-entry for entry in row] for row in model.hessian(law, accuracy)]
    return -smallest_eigenvalue(negative, accuracy)


def _component(arguments: Balls) -> int:
    component = arguments["component"]
    if not isinstance(component, Fraction):
        raise CannotAnswerError("the component varies")
    return checked_component(component)


def _smallness(law: Law) -> float:
    """About −log of the gradient where few data are between means that are far apart: it only chooses an accuracy."""
    return min(float(law.fit.half_range.upper()) ** 2 / 8, _MOST_ACCURATE)


def _of_component(value: Callable[[Law, float, int], Any], slopes: Callable[[Law, float, int], Any]) -> BoxForm:
    return BoxForm(
        lambda balls, accuracy, arguments: value(law_of(balls), accuracy, _component(arguments)),
        lambda balls, accuracy, arguments: slopes(law_of(balls), accuracy, _component(arguments)),
    )


EM_MAP = _of_component(model.em_map, em_map_slopes)
GRADIENT = _of_component(
    lambda law, accuracy, j: model.gradient(law, accuracy + _smallness(law))[j],
    lambda law, accuracy, j: gradient_slopes(law, accuracy + _smallness(law), j),
)
KL_DIVERGENCE = BoxForm(
    lambda balls, accuracy, _: model.kl_divergence(law_of(balls), accuracy),
    lambda balls, accuracy, _: kl_divergence_slopes(law_of(balls), accuracy),
)
HESSIAN = BoxForm(lambda balls, accuracy, _: largest_eigenvalue(law_of(balls), accuracy), None)
