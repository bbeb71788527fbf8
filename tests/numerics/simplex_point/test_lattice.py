"""The plans: the ranges cover the tails, the steps shrink with the accuracy, extreme points are refused."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.lattice import Lattice, plan, squared_spread

SPREADS = st.floats(1e-8, 100)
ACCURACIES = st.floats(20, 2000)
DEGREES = st.sampled_from([0, 2, 4])


@given(SPREADS, ACCURACIES, st.floats(1e-4, 1), DEGREES)
def test_tails_are_below_the_accuracy(s: float, accuracy: float, largest: float, degree: int) -> None:
    lattice = plan(s, accuracy, largest, degree)
    power = 2 if degree else 1
    # Left: E min(1, e^{n(u+sZ)}) ≤ P(Z > −u/2s) + e^{nu/2}, and where the exponential moment is smaller, that.
    moment = -power * lattice.left - power**2 * s**2 / 2
    gaussian = (lattice.left / s) ** 2 / 2
    assert max(moment, gaussian) >= accuracy * (1 - 1e-12)
    assert lattice.reach == pytest.approx(s * math.sqrt(2 * accuracy))
    # Right: with the Gaussian's tail given away, what is left of exp(−e^u) beats e^{degree·u}.
    height = math.exp(lattice.right - lattice.reach) * largest
    assert height - degree * math.log(height) >= accuracy * (1 - 1e-12) - degree * math.log(2)


@given(SPREADS, ACCURACIES, DEGREES)
def test_more_accuracy_means_finer_steps_and_wider_ranges(s: float, accuracy: float, degree: int) -> None:
    coarse, fine = plan(s, accuracy, 0.5, degree), plan(s, 1.1 * accuracy, 0.5, degree)
    assert fine.step < coarse.step
    assert fine.inner_step < coarse.inner_step
    assert fine.reach > coarse.reach
    assert fine.left < coarse.left
    assert fine.right > coarse.right
    assert isinstance(coarse, Lattice)


def test_squared_spread_is_the_variance_of_the_exponents() -> None:
    case = make_case(4, "linear", radius=Fraction(3))
    assert squared_spread(case, "mp") == 12  # 9 · 4/3: differences of exponents have variance 2s² = 2·9·(1 + 1/3)
    assert squared_spread(make_case(2, "uniform", radius=Fraction(300)), "ball") == 2 * 300**2  # As messages say.


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"amplitudes": [Fraction(1), Fraction(1)]}, "not one's"),
        ({"radius": Fraction(0)}, "needs a positive radius"),
        ({"radius": Fraction(1, 10**130)}, "covers radii from about 1e-125 to 300"),
        ({"radius": Fraction(10**4)}, "covers radii from about 1e-125 to 300"),
    ],
)
def test_points_beyond_the_plans_are_refused(point: dict[str, object], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        squared_spread(make_case(4, "linear", **point), "float")  # type: ignore[arg-type]
