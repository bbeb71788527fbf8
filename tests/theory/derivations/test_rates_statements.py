"""The statements on rates at random cases: population EM by cubature of its definition, and what is said of it."""

from collections.abc import Iterator

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, assert_sharp, named, symbols
from tests.theory.tied_mixtures import (
    cyclic_mixture,
    dihedral_mixture,
    trajectory,
)
from tests.tiers import first_every_day

TRIANGLE = np.tile([0.25, 0.15, 0.1], 2)
"""Equal weights on rotations and reflections of a triangle: A annihilates the second axis."""


def secant_bound() -> Iterator[Values]:
    """Also near 5, where both sides differ least."""
    for z in (0.0, 0.1, 1.0, 2.5, 4.0, 4.9, 5.0, 5.2, 6.0, 9.5, 30.0):
        yield named("secant-bound", {"z": z})


def quartic(name: str, mixture: Mixture, u: Array, quartic_constant: float, values: Values) -> Values:
    """Values that the expansion of KL and its rates speak about, on the line of u."""
    r = sympy.Symbol("r", positive=True)
    divergence, rest = sympy.Function("KL", real=True), sympy.Function("e", real=True)
    at = 0.2
    # The bounded remainder, from twice the distance.
    remainder = (mixture.divergence(2 * at * u) - quartic_constant * (2 * at) ** 4 / 4) / (2 * at) ** 6
    points = trajectory(mixture, 0.3 * u, 4000)
    rates = [conclusion for conclusion in derive(name, None).statement.conclusions if conclusion.has(sympy.Limit)]
    growth = (np.linalg.norm(points[4000]) ** -2 - np.linalg.norm(points[2000]) ** -2) / 2000
    return {
        r: at,
        divergence(r): mixture.divergence(at * u),
        rest(r): remainder,
        rates[0].lhs: float(1 / growth),
        rates[1].lhs: float(mixture.divergence(points[4000]) * np.linalg.norm(points[4000]) ** -4 / growth**2),
        **values,
    }


def kl_expansion() -> Iterator[Values]:
    names = symbols("kl-expansion")
    for k in (2, 3):
        mixture = cyclic_mixture(np.array([1 / k] * k), 20)
        u = np.eye(k - 1)[0]
        yield quartic("kl-expansion", mixture, u, 1 / (k - 1), {names["k"]: k})


def degenerate_directions() -> Iterator[Values]:
    """Along the axis that A annihilates."""
    names = symbols("degenerate-directions")
    mixture, u = dihedral_mixture(TRIANGLE, 20), np.array([0.0, 1.0])
    images = mixture.maps @ u
    inner = images @ images.T
    constant = mixture.quartic(u)
    matrix = np.einsum("j,ja,jb->ab", mixture.weights, images, images)
    yield quartic(
        "degenerate-directions",
        mixture,
        u,
        constant,
        {
            names["q"]: constant,
            names["d"]: 2,
            names["‖T‖_F"]: float(np.linalg.norm(matrix)),
            **{names["pi"][i]: mixture.weights[i] for i in range(6)},
            **{names["c"][i, j]: inner[i, j] for i in range(6) for j in range(6)},
        },
    )


CASES = {
    "kl-expansion": (kl_expansion, 2e-2),
    "secant-bound": (secant_bound, 0),
    "degenerate-directions": (degenerate_directions, 2e-2),
}


@pytest.mark.statement(*CASES)
@pytest.mark.parametrize("name", first_every_day(2, list(CASES)))
def test_every_conclusion_holds_and_its_opposite_does_not(name: str) -> None:
    cases, tolerance = CASES[name]
    k = 6 if name == "degenerate-directions" else None
    assert_sharp(derive(name, None).statement.conclusions, list(cases()), tolerance, k)
