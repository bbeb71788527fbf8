from fractions import Fraction
from itertools import pairwise

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.points.cells import Cell, Split, Tree, cells_of, plan
from emtheory.reports.kernel.points.line_texts import RANGES, divergence_range, line_problem, power_range
from emtheory.reports.language.expression import Number
from emtheory.theory.claim import Claim


def tree_of(statement: str, radius: tuple[str, str] = ("0", "8")) -> Tree:
    question = read_claim(Claim("power", statement, k=(2,), weights=("4/5", "1/5"), for_all={"radius": radius}))
    problem = line_problem(question.comparison, ("posterior_power",), Number(Fraction(4, 5)), {})
    return plan(problem, {"radius": (Fraction(radius[0]), Fraction(radius[1]))})


def test_cells_cover_the_interval_without_a_gap() -> None:
    cells = cells_of(tree_of("posterior_power(m=1) > 4/25"))
    ends = [cell.box["radius"] for cell in cells]
    assert (ends[0][0], ends[-1][1]) == (0, 8)
    assert all(left[1] == right[0] for left, right in pairwise(ends))


def test_a_split_leads_to_the_cells_on_its_sides() -> None:
    def check(tree: Tree) -> None:
        if isinstance(tree, Split):
            assert cells_of(tree.below)[-1].box[tree.name][1] == tree.at == cells_of(tree.above)[0].box[tree.name][0]
            check(tree.below)
            check(tree.above)

    check(tree_of("posterior_power(m=1) > 1/4"))


@pytest.mark.parametrize("radius", ["0", "1/2", "3"])
def test_the_guess_at_a_point_is_what_the_ball_route_encloses(radius: str) -> None:
    case = make_case(2, ("4/5", "1/5"), radius=radius)
    point = (float(Fraction(radius)),) * 2
    power = evaluate("posterior_power", case, {"m": Fraction(1)}, 12)
    assert power_range((4.0, 4.0), point) == pytest.approx([float(power.lower)] * 2, abs=1e-9)
    divergence = evaluate("kl_divergence", case, {}, 12)
    assert divergence_range((4.0, 4.0), point) == pytest.approx([float(divergence.lower)] * 2, abs=1e-9)


@pytest.mark.parametrize("name", RANGES)
def test_the_guess_over_a_box_holds_its_points(name: str) -> None:
    low, high = RANGES[name]((1.5, 4.0), (0.25, 0.75))
    for odds in (1.5, 2.0, 4.0):
        for radius in (0.25, 0.5, 0.75):
            least, most = RANGES[name]((odds, odds), (radius, radius))
            assert low <= least <= most <= high
    assert high - low < 2


def test_bounds_decide_and_are_below_the_truth() -> None:
    for cell in cells_of(tree_of("posterior_power(m=1) > 4/25", ("0", "1"))):
        low, high = cell.bounds["posterior_power"]
        middle = sum(cell.box["radius"]) / 2
        value = evaluate("posterior_power", make_case(2, ("4/5", "1/5"), radius=str(middle)), {"m": Fraction(1)}, 12)
        assert Fraction(4, 25) < low < value.lower <= value.upper < high


@pytest.mark.parametrize("statement", ["posterior_power(m=1) > 37/100", "posterior_power(m=1) == 1/2"])
def test_what_is_false_or_has_no_room_gets_no_cells(statement: str) -> None:
    with pytest.raises(NotExportedError, match="room to spare"):
        tree_of(statement, ("0", "1/8"))


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.reports.kernel.points.cells.MAX_CELLS", 2)
    with pytest.raises(NotExportedError, match="pieces of the domain"):
        tree_of("posterior_power(m=1) > 4/25")


def test_without_variables_there_is_one_cell() -> None:
    question = read_claim(Claim("power", "posterior_power(m=1) > 9/25", k=(2,), weights=("4/5", "1/5"), radius="1"))
    problem = line_problem(question.comparison, ("posterior_power",), Number(Fraction(4, 5)), {"radius": Fraction(1)})
    assert isinstance(plan(problem, {}), Cell)
