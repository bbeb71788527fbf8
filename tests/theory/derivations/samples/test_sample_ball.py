"""Sample EM on a ball of any radius, and the theorem that is put together, on samples."""

import numpy as np
import pytest
import sympy

from tests.theory.derivations.samples.on_samples import HEAVY, conclusions, grid, on_data, sample_numbers
from tests.theory.derivations.statement_values import Values, holds, named, symbols


@pytest.mark.long
@pytest.mark.statement("sample-net")
def test_the_sample_operator_on_a_ball() -> None:
    mixture = HEAVY
    n, s, radius, mesh, delta = 400, 0.3, 0.8, 0.2, 0.4
    sample = on_data(mixture, np.random.default_rng(8).normal(size=(n, 2)))
    ball = grid(radius, 17)
    difference = max(float(np.linalg.norm(sample.step(point) - mixture.step(point))) for point in ball)
    spread = sample_numbers(sample, 0.1)[0]
    products = np.einsum("nj,jab,na->nb", mixture.posterior(ball[3]), mixture.maps, mixture.nodes)[:, 0]
    generating = float(mixture.mass @ np.exp(s * (products - mixture.mass @ products)))
    kappa = s**2 * (1 + radius**2) / 2
    thetas = [np.array([0.5, 0.5])]
    for _ in range(60):
        thetas.append(sample.step(thetas[-1]))
    norm, t = sympy.Function("R", nonnegative=True), 60
    assert np.linalg.norm(thetas[-1] - thetas[-2]) < 1e-9
    decrease = float(np.exp(-(radius**2)) * 0.49)
    # On the nets themselves the largest product is at most the supremum, whose P is 0 or 1 on one sample.
    deviation = max(difference, (kappa + np.log((5 * 9) ** 2 / delta) / n) / s)
    values: Values = {
        **named(
            "sample-net",
            {"n": n, "D": 2, "rho": radius, "tau": mesh, "nu": 0.5, "delta": delta, "s": s, "kappa": kappa},
        ),
        **named("sample-net", {"m": generating, "P": 0.0, "lambda": spread, "W": difference, "d_0": deviation}),
        **named("sample-net", {"q": decrease, "epsilon": difference, "c": 1 - 2 * s**2}),
        symbols("sample-net")["t"]: t,
        norm(0): float(np.linalg.norm(thetas[0])),
        norm(t): float(np.linalg.norm(thetas[t])),
    }
    for conclusion in conclusions("sample-net"):
        assert holds(conclusion, values), conclusion
    # The logarithm of the moment is within a quarter of its bound, with norms within a twentieth.
    by_norms, by_radius = conclusions("sample-net")[:2]
    more = {symbols("sample-net")["m"]: generating**4.5}
    assert holds(by_norms, values | more)
    assert not holds(by_radius, values | more)
    assert not holds(by_norms.args[1], values | {symbols("sample-net")["m"]: generating**24})
    assert holds(conclusions("sample-net")[-1].args[0], values)
    # ε is what the sample has, not less than a thirtieth of it.
    assert not holds(
        conclusions("sample-net")[-1].args[1], {**values, symbols("sample-net")["epsilon"]: difference / 30}
    )


@pytest.mark.statement("covering-number")
@pytest.mark.parametrize("dimension", [1, 2])
def test_points_that_are_apart(dimension: int) -> None:
    """Largest sets found greedily on a fine grid: no more than the bound, and on the line more than half of it."""
    side = np.linspace(-1, 1, 401 if dimension == 1 else 41)
    points = np.stack(np.meshgrid(*[side] * dimension), axis=-1).reshape(-1, dimension)
    points = points[np.linalg.norm(points, axis=1) <= 1]
    for mesh in (0.4, 0.49, 0.9):
        chosen = points[:0]
        for point in points:
            if np.all(np.linalg.norm(chosen - point, axis=1) > mesh):
                chosen = np.vstack([chosen, point])
        assert np.linalg.norm(points[:, None] - chosen, axis=2).min(axis=1).max() <= mesh
        (conclusion,) = conclusions("covering-number")
        values = named("covering-number", {"D": dimension, "rho": 1.0, "tau": mesh, "N": len(chosen)})
        assert holds(conclusion, values)
        if dimension == 1:
            assert not holds(conclusion, {**values, **named("covering-number", {"rho": 0.5})})
