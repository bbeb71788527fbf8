"""The least singular value of A when the maps change: random orthogonal maps near the rotation's powers."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array
from tests.theory.derivations.statement_values import Values, holds
from tests.theory.mixtures import cyclic_mixture, transform


def near(maps: Array, size: float, generator: np.random.Generator) -> Array:
    """Orthogonal maps at a distance of about a size, by Cayley's transform of a skew matrix."""
    skew = generator.normal(size=maps.shape)
    skew = size * (skew - np.swapaxes(skew, 1, 2)) / 2
    identity = np.eye(maps.shape[1])
    return np.linalg.solve(identity - skew / 2, identity + skew / 2) @ maps


def least(weights: Array, maps: Array) -> float:
    return float(np.linalg.svd(np.einsum("j,jab->ab", weights, maps))[1][-1])


def case(k: int, size: float, seed: int) -> tuple[Values, Array]:
    generator = np.random.default_rng(seed)
    mixture = cyclic_mixture(generator.dirichlet(np.ones(k)), count=2)
    maps = near(mixture.maps, size, generator)
    distances = np.array([np.linalg.norm(U - V, 2) for U, V in zip(maps, mixture.maps, strict=True)])
    named = {str(variable.symbol): variable.symbol for variable in derive("approximate-maps", None).statement.variables}
    values = {
        named["Delta"]: float(distances.max()),
        named["sigma"]: least(mixture.weights, maps),
        named["rho"]: least(mixture.weights, mixture.maps),
        **{named["pi"][j]: float(mixture.weights[j]) for j in range(k)},
        **{named["delta"][j]: float(distances[j]) for j in range(k)},
    }
    assert values[named["rho"]] == pytest.approx(min(abs(transform(mixture.weights, m)) for m in range(1, k)))
    return values, maps


@pytest.mark.statement("approximate-maps")
@pytest.mark.parametrize("k", [3, 4, 6])
def test_every_conclusion_holds_near_and_far(k: int) -> None:
    for conclusion in derive("approximate-maps", None).statement.conclusions:
        for seed, size in enumerate((1e-3, 0.03, 0.3, 2.0)):
            values, maps = case(k, size, seed)
            assert np.einsum("jba,jbc->jac", maps, maps) == pytest.approx(np.broadcast_to(np.eye(k - 1), maps.shape))
            assert holds(conclusion, values, 1e-9, k), conclusion


@pytest.mark.statement("approximate-maps")
def test_the_bound_is_attained_and_half_of_it_does_not_hold() -> None:
    """U_0 = 1 and U_1 a rotation of the plane by π − 2t, against V_1 = −1, with weights a and 1 − a on them."""
    upper, lower, *_ = derive("approximate-maps", None).statement.conclusions
    named = {str(symbol): symbol for symbol in upper.free_symbols | lower.free_symbols}
    found = []
    for angle in (0.0, 1.0, 2.0, np.pi):
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        for weights in (np.array([0.9, 0.1]), np.array([0.5, 0.5])):
            sigma = least(weights, np.array([np.eye(2), turned]))
            rho = least(weights, np.array([np.eye(2), -np.eye(2)]))
            moved = weights[1] * np.linalg.norm(turned + np.eye(2), 2)
            values = {
                named["sigma"]: sigma,
                named["rho"]: rho,
                **{named["pi"][j]: float(weights[j]) for j in range(2)},
                **{named["delta"][j]: float([0.0, moved / weights[1]][j]) for j in range(2)},
            }
            assert holds(upper, values, 1e-9, 2)
            assert holds(lower, values, 1e-9, 2)
            found.append(abs(sigma - rho) / moved if moved > 1e-9 else 0.0)
    assert max(found) == pytest.approx(1)
