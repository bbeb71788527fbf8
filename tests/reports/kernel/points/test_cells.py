from fractions import Fraction
from itertools import pairwise, product
from math import erf, sqrt

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.exact.findings import over
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.points.cells import Tree, cells_of, plan
from emtheory.reports.kernel.points.line_texts import RANGES, line_problem
from emtheory.reports.kernel.points.plane_texts import GRIDS, SCALE, Grid, entry_ranges, masses, value_range
from emtheory.reports.kernel.points.texts import QUANTITIES, written_out
from emtheory.reports.language.expression import Number
from emtheory.theory.claim import Claim


def tree_of(statement: str, radius: tuple[str, str] = ("0", "8")) -> Tree:
    question = read_claim(Claim("power", statement, k=(2,), weights=("4/5", "1/5"), for_all={"radius": radius}))
    problem = line_problem(question.comparison, ("posterior_power",), Number(Fraction(4, 5)), {})
    return plan(problem, {"radius": (Fraction(radius[0]), Fraction(radius[1]))})


def test_cells_cover_the_interval_without_a_gap_and_their_bounds_decide() -> None:
    cells = cells_of(tree_of("posterior_power(m=1) > 4/25"))
    ends = [cell.box["radius"] for cell in cells]
    assert (ends[0][0], ends[-1][1]) == (0, 8)
    assert all(left[1] == right[0] for left, right in pairwise(ends))
    for cell in cells[::4]:
        low, high = cell.bounds["posterior_power"]
        middle = sum(cell.box["radius"]) / 2
        value = evaluate("posterior_power", make_case(2, ("4/5", "1/5"), radius=str(middle)), {"m": Fraction(1)}, 12)
        assert Fraction(4, 25) < low < value.lower <= value.upper < high


def test_guesses_are_what_the_ball_route_encloses_and_over_a_box_hold_its_points() -> None:
    for name, quantity in RANGES.items():
        for radius in ("0", "1/2", "3"):
            case, point = make_case(2, ("4/5", "1/5"), radius=radius), (float(Fraction(radius)),) * 2
            known = evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, 12)
            assert quantity.range((4.0, 4.0), point) == pytest.approx([float(known.lower)] * 2, abs=1e-9)
        low, high = quantity.range((1.5, 4.0), (0.25, 0.75))
        for odds, place in product((1.5, 2.0, 4.0), (0.25, 0.5, 0.75)):
            least, most = quantity.range((odds, odds), (place, place))
            assert low <= least <= most <= high
        assert high - low < 2


def test_what_is_false_has_no_room_or_needs_too_many_cells_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for statement in ("posterior_power(m=1) > 37/100", "posterior_power(m=1) == 1/2"):
        with pytest.raises(NotExportedError, match="room to spare"):
            tree_of(statement, ("0", "1/8"))
    monkeypatch.setattr("emtheory.reports.kernel.points.cells.MAX_CELLS", 2)
    with pytest.raises(NotExportedError, match="pieces of the domain"):
        tree_of("posterior_power(m=1) > 4/25")


@pytest.mark.parametrize("name", sorted(QUANTITIES))
@pytest.mark.parametrize("weights", [("4/5", "1/5"), ("1/2", "3/10", "1/5")])
def test_what_is_written_out_has_the_same_value(name: str, weights: tuple[str, ...]) -> None:
    k, call = len(weights), f"{name}(m=1)" if name == "dft_modulus" else name
    question = read_claim(Claim("some", f"{call} > 0", k=(k,), weights=weights))
    side = written_out(question.comparison, [Number(Fraction(weight)) for weight in weights]).operands[0]
    found = over(side, {}, lambda part: pytest.fail(f"{part} is left"))
    exact = evaluate(name, make_case(k, weights), {"m": Fraction(1)} if name == "dft_modulus" else {}, 20)
    assert float(found.lower) == pytest.approx(float(exact.lower), abs=1e-15)
    assert found.lower <= exact.upper
    assert exact.lower <= found.upper


WEIGHTS = ((0.5, 0.5), (0.3, 0.3), (0.2, 0.2))


@pytest.mark.parametrize("radius", ["0", "1", "4"])
@pytest.mark.parametrize("name", ["posterior_power", "hessian_min_eigenvalue"])
def test_sums_come_near_to_a_quantity_from_both_sides(name: str, radius: str) -> None:
    case = make_case(3, ("1/2", "3/10", "1/5"), radius=radius)
    value = float(evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, 12).lower)
    found = [value_range(entry_ranges(name, grid, WEIGHTS, (float(radius),) * 2)) for grid in GRIDS]
    assert all(coarse[0] < fine[0] + 1e-4 and fine[1] < coarse[1] + 1e-4 for coarse, fine in pairwise(found))
    assert value - 0.02 < found[-1][0] < value < found[-1][1] < value + 0.02


def test_a_sum_is_what_brute_force_finds_in_each_cell() -> None:
    """On a coarse grid: |γ̂_1|² from the posterior itself, at many points of each cell."""
    grid, weights, radii = Grid(1, 2), ((0.5, 0.6), (0.2, 0.25), (0.2, 0.25)), (0.5, 0.75)
    spread = np.linspace(0, 1, 9)
    vertices = np.exp(2j * np.pi * np.arange(3) / 3)
    least, most = np.ones((4, 4)), np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            x, y = np.meshgrid(i - 2 + spread, j - 2 + spread)
            for ends in np.ndindex(2, 2, 2, 2):
                weight = np.array([pair[end] for pair, end in zip(weights, ends[:3], strict=True)])
                means = radii[ends[3]] * vertices
                odds = weight * np.exp(x[..., None] * means.real + y[..., None] * means.imag)
                squares = np.abs(odds @ vertices / odds.sum(-1)) ** 2
                least[i, j], most[i, j] = min(least[i, j], squares.min()), max(most[i, j], squares.max())
    share = np.array([erf(2 / sqrt(2)) - erf(1 / sqrt(2)), erf(1 / sqrt(2))]) / 2
    mass = np.array([*share, *share[::-1]])
    ((lower, upper),) = entry_ranges("posterior_power", grid, weights, radii)
    assert lower <= mass @ least @ mass
    assert 1 - mass @ (1 - most) @ mass <= upper


def test_masses_are_below_those_of_the_normal_law() -> None:
    for grid in GRIDS:
        exact = np.diff([erf(end / grid.step / sqrt(2)) / 2 for end in range(grid.half + 1)])
        assert all(mass / SCALE < share for share, mass in zip(exact, masses(grid), strict=True))
        assert all(0 <= 1e-8 + share - mass / SCALE < 2e-8 for share, mass in zip(exact, masses(grid), strict=True))
