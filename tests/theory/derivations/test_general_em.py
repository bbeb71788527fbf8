"""EM for a mixture with weight, means and a variance free, by quadrature of its definition, against the statement."""

from collections.abc import Callable

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array
from tests.theory.derivations.statement_values import Values, assert_sharp, holds

X = np.linspace(-14, 14, 701)
STEP = 1e-4
FIT = np.array([0.35, -0.8, 1.3, 0.7])
"""Weight of the first component, the two means, and the variance that both share."""


def density(x: Array, eta: Array) -> Array:
    """Weight times density, a column a component."""
    w, first, second, v = eta
    each = [np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v) for m in (first, second)]
    return np.stack([w * each[0], (1 - w) * each[1]], axis=1)


def law(well_specified: bool) -> Array:
    """Masses of the data at the nodes: the fit's own, or a mixture of other widths."""
    values = density(X, FIT).sum(axis=1) if well_specified else density(X, np.array([0.5, -2.0, 0.5, 1.6])).sum(axis=1)
    return np.asarray(values * (X[1] - X[0]))


def likelihood(eta: Array, mass: Array) -> float:
    return float(mass @ np.log(density(X, eta).sum(axis=1)))


def surrogate(new: Array, eta: Array, mass: Array) -> float:
    terms = density(X, eta)
    gamma = terms / terms.sum(axis=1, keepdims=True)
    return float(mass @ np.sum(gamma * np.log(density(X, new)), axis=1))


def em(eta: Array, mass: Array) -> Array:
    terms = density(X, eta)
    gamma = mass[:, None] * terms / terms.sum(axis=1, keepdims=True)
    weights = gamma.sum(axis=0)
    means = (X @ gamma) / weights
    variance = sum(float(gamma[:, j] @ (X - means[j]) ** 2) for j in range(2))
    return np.array([weights[0], *means, variance])


def slope(function: Callable[[Array], float], at: Array, direction: Array) -> float:
    return float((function(at + STEP * direction) - function(at - STEP * direction)) / (2 * STEP))


def stopped(mass: Array) -> Array:
    eta = FIT
    for _ in range(2000):
        eta = em(eta, mass)
    return eta


def values(eta: Array, mass: Array, e: Array, h: Array) -> Values:
    """Everything in the statement, by differences; the Jacobian is multiplied by I_c as it stands."""
    symbol = {
        name: sympy.Symbol(name, real=True) for name in ("Q", "ℓ", "∂ℓ", "∂Q", "∂ℓ(η*)", "I_o", "I_c", "I_m", "K")
    }
    new = eta + 0.3 * e
    complete = np.array(
        [
            [-slope(lambda a, v=v: slope(lambda b: surrogate(b, eta, mass), a, v), eta, u) for v in np.eye(4)]
            for u in np.eye(4)
        ]
    )
    jacobian = np.stack([(em(eta + STEP * u, mass) - em(eta - STEP * u, mass)) / (2 * STEP) for u in np.eye(4)], axis=1)
    terms = density(X, eta)
    gamma = terms / terms.sum(axis=1, keepdims=True)
    along, across = (
        (np.log(density(X, eta + STEP * d)) - np.log(density(X, eta - STEP * d))) / (2 * STEP) for d in (e, h)
    )
    spread = np.sum(gamma * along * across, axis=1) - np.sum(gamma * along, axis=1) * np.sum(gamma * across, axis=1)
    numbers = {
        "Q": surrogate(new, eta, mass) - surrogate(eta, eta, mass),
        "ℓ": likelihood(new, mass) - likelihood(eta, mass),
        "∂ℓ": slope(lambda a: likelihood(a, mass), eta, e),
        "∂Q": slope(lambda a: surrogate(a, eta, mass), eta, e),
        "∂ℓ(η*)": slope(lambda a: likelihood(a, mass), eta, e),
        "I_o": -slope(lambda a: slope(lambda b: likelihood(b, mass), a, h), eta, e),
        "I_c": float(e @ complete @ h),
        "I_m": float(mass @ spread),
        "K": float(e @ complete @ jacobian @ h),
    }
    return {symbol[name]: number for name, number in numbers.items()}


DIRECTIONS = [np.array([0.2, -0.5, 0.4, 0.3]), np.array([-0.1, 0.7, 0.2, -0.4])]


@pytest.mark.statement("general-em")
def test_every_conclusion_holds_where_its_hypotheses_do_and_its_opposite_does_not() -> None:
    ascent, score, louis, rate, truth = derive("general-em", None).statement.conclusions
    misfit, own = law(well_specified=False), law(well_specified=True)
    places = [(FIT, misfit), (stopped(misfit), misfit), (FIT, own)]
    found = {
        i: [values(*place, e, h) for e, h in zip(DIRECTIONS, DIRECTIONS[::-1], strict=True)]
        for i, place in enumerate(places)
    }
    for conclusion, where in (
        (ascent, (0, 1, 2)),
        (score, (0, 1, 2)),
        (louis, (0, 1, 2)),
        (rate, (1, 2)),
        (truth, (2,)),
    ):
        assert_sharp([conclusion], [case for i in where for case in found[i]], 1e-5)
    # Away from fixed points the Jacobian is another, and on other data the score is not 0.
    assert not all(holds(rate, case, 1e-2) for case in found[0])
    assert not all(holds(truth, case, 1e-2) for case in found[0])
