"""The least singular value of A when the maps change: random orthogonal maps near the rotation's powers."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from emtheory.theory.proof.formula import related
from tests.theory.cubature_em import Array
from tests.theory.derivations.statement_values import Values, holds
from tests.theory.tied_mixtures import cyclic_mixture, transform


def near(maps: Array, size: float, generator: np.random.Generator) -> Array:
    """Orthogonal maps at a distance of about a size, by Cayley's transform of a skew matrix."""
    skew = generator.normal(size=maps.shape)
    skew = size * (skew - np.swapaxes(skew, 1, 2)) / 2
    identity = np.eye(maps.shape[1])
    return np.linalg.solve(identity - skew / 2, identity + skew / 2) @ maps


def least(weights: Array, maps: Array) -> float:
    return float(np.linalg.svd(np.einsum("j,jab->ab", weights, maps))[1][-1])


def values(weights: Array, maps: Array, reference: Array) -> Values:
    """What the names of the statement stand for."""
    distances = [float(np.linalg.norm(U - V, 2)) for U, V in zip(maps, reference, strict=True)]
    named = {str(variable.symbol): variable.symbol for variable in derive("approximate-maps", None).statement.variables}
    return {
        named["Delta"]: max(distances),
        named["sigma"]: least(weights, maps),
        named["rho"]: least(weights, reference),
        **{named["pi"][j]: float(weight) for j, weight in enumerate(weights)},
        **{named["delta"][j]: distance for j, distance in enumerate(distances)},
    }


@pytest.mark.statement("approximate-maps")
@pytest.mark.parametrize("k", [3, 4, 6])
def test_every_conclusion_holds_near_and_far(k: int) -> None:
    for seed, size in enumerate((1e-3, 0.03, 0.3, 2.0)):
        generator = np.random.default_rng(seed)
        mixture = cyclic_mixture(generator.dirichlet(np.ones(k)), count=2)
        maps = near(mixture.maps, size, generator)
        assert np.einsum("jba,jbc->jac", maps, maps) == pytest.approx(np.broadcast_to(np.eye(k - 1), maps.shape))
        moduli = [abs(transform(mixture.weights, m)) for m in range(1, k)]
        assert least(mixture.weights, mixture.maps) == pytest.approx(min(moduli))
        case = values(mixture.weights, maps, mixture.maps)
        assert all(holds(said, case, 1e-9, k) for said in derive("approximate-maps", None).statement.conclusions)


@pytest.mark.statement("approximate-maps")
@pytest.mark.parametrize("angle", [0.0, 1.0, 2.0, 3.0])
def test_the_bound_is_attained_and_half_of_it_does_not_hold(angle: float) -> None:
    """In the plane: 1 and a rotation against 1 and −1, which A of equal weights annihilates."""
    upper, lower, *_ = derive("approximate-maps", None).statement.conclusions
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    reference = np.array([np.eye(2), -np.eye(2)])
    case = values(np.array([0.5, 0.5]), np.array([np.eye(2), turned]), reference)
    assert holds(upper, case, 1e-9, 2)
    assert holds(lower, case, 1e-9, 2)
    assert not holds(related(upper.lhs, "<=", 0.99 * upper.rhs), case, 1e-9, 2)
    other = values(np.array([0.5, 0.5]), reference, np.array([np.eye(2), turned]))
    assert not holds(related(lower.lhs, "<=", 0.99 * lower.rhs), other, 1e-9, 2)
