"""Models of the basic functions on cells of a tile against values from the definitions."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.taylor_models import tile_models
from emtheory.reports.decide.boxes.cell import BoxCell, Sides
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.boxes.model_decision import Modelled, model_boxes
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import BruteForce, brute_force

ON_THE_SIMPLEX = {
    "posterior_power(m=1)": lambda found, square: found.posterior_power[1],
    "hessian_min_eigenvalue": lambda found, square: min(found.hessian_eigenvalues),
    "kl_divergence": lambda found, square: found.kl,
    "pl_ratio": lambda found, square: found.gradient_square / 2 / found.kl,
}
FAR_OFF = 1000


def difference(
    statement: str, k: int, window: Sides, cells: list[Sides], weights: str = "one-heavy:W"
) -> list[Modelled]:
    """What is found for a comparison with a number that is far off, so that the sides' difference is known."""
    ends = {name: (str(low), str(high)) for name, (low, high) in window.items()}
    question = read_claim(Claim("cell", f"{statement} < {FAR_OFF}", k=(k,), weights=weights, for_all=ends))
    problem = make_problem(question, question.cases[0])
    return model_boxes(problem, [BoxCell(cell, 6, window, taylor=True) for cell in cells], {})


def cells_of(window: Sides, generator: np.random.Generator) -> list[Sides]:
    """The window, and cells of very different widths in it."""
    cells = [window]
    for width in (0.3, 0.03, 0.0003):
        cell = {}
        for name, (low, high) in window.items():
            start = low + (high - low) * Fraction(float(generator.uniform(0, 1 - width)))
            cell[name] = (start, start + (high - low) * Fraction(width))
        cells.append(cell)
    return cells


def value_at(name: str, k: int, point: dict[str, Fraction], weights: str) -> float:
    short = {each: value.limit_denominator(10**9) for each, value in point.items()}
    if "radius" in short:
        found: BruteForce = brute_force(make_case(k, f"one-heavy:{short['W']}", radius=short["radius"]))
        return float(ON_THE_SIMPLEX[name](found, short["radius"] ** 2))
    case = make_case(k, weights, amplitudes=[short["amplitude_1"], short["amplitude_2"]])
    return float(ON_THE_SIMPLEX[name](brute_force(case), 0))


def misses(name: str, k: int, window: Sides, weights: str = "one-heavy:W", *, scale: float = 1.0) -> int:
    """At how many points the value is outside the bounds of the cell that they are in."""
    generator = np.random.default_rng(k)
    cells = cells_of(window, generator)
    count = 0
    for cell, outcome in zip(cells, difference(name, k, window, cells, weights), strict=True):
        assert outcome.finding is not None, (cell, outcome)
        left = outcome.finding.links[0].left
        middle, half = (left.lower + left.upper) / 2, (left.upper - left.lower) / 2
        for parts in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), *generator.uniform(0, 1, (3, 2))):
            point = {
                each: low + (high - low) * Fraction(float(part))
                for (each, (low, high)), part in zip(cell.items(), parts, strict=True)
            }
            value = value_at(name, k, point, weights)
            # Brute force has about nine digits.
            count += not abs(value - float(middle)) <= scale * float(half) + 1e-8
    return count


WINDOW = {"W": (Fraction(1, 2), Fraction(3, 5)), "radius": (Fraction(1, 2), Fraction(4, 5))}
AT_ZERO = WINDOW | {"radius": (Fraction(0), Fraction(1, 8))}
AMPLITUDES = {"amplitude_1": (Fraction(1, 2), Fraction(3, 4)), "amplitude_2": (Fraction(1, 2), Fraction(3, 5))}


@pytest.mark.parametrize(
    ("name", "k", "window", "weights"),
    [
        ("hessian_min_eigenvalue", 3, WINDOW, "one-heavy:W"),
        ("pl_ratio", 3, WINDOW, "one-heavy:W"),
        ("posterior_power(m=1)", 2, AT_ZERO | {"W": (Fraction(3, 5), Fraction(7, 10))}, "one-heavy:W"),
        pytest.param("kl_divergence", 3, AT_ZERO | {"radius": (Fraction(1, 99), Fraction(1, 8))}, "one-heavy:W"),
        pytest.param("hessian_min_eigenvalue", 4, AMPLITUDES, "1/2,1/4,1/8,1/8", marks=pytest.mark.long),
        pytest.param("hessian_min_eigenvalue", 4, WINDOW, "one-heavy:W", marks=pytest.mark.long),
    ],
)
def test_models_contain_the_quantities(name: str, k: int, window: Sides, weights: str) -> None:
    assert misses(name, k, window, weights) == 0


def test_bounds_of_half_the_width_miss_values() -> None:
    assert misses("hessian_min_eigenvalue", 3, WINDOW, scale=0.3) > 0


def test_what_is_beyond_the_degree_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the terms that are left out a wide cell, and so its bounds, would be wrong."""
    wide = WINDOW | {"radius": (Fraction(1, 2), Fraction(4, 5)), "W": (Fraction(2, 5), Fraction(3, 5))}
    original = tile_models.cleaned
    (found,) = difference("posterior_power(m=1)", 3, wide, [wide])
    without = lambda coefficients, error, space: original(coefficients, 0 * error, space)  # noqa: E731
    monkeypatch.setattr(tile_models, "cleaned", without)
    (less,) = difference("posterior_power(m=1)", 3, wide, [wide])
    assert found.error > 3 * less.error
