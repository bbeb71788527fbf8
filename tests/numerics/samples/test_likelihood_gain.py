from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.tiers import first_every_day

ARGUMENTS = {"n": Fraction(2000), "seed": Fraction(11)}


def gain(k: int, weights: str, d: int) -> Enclosure:
    return evaluate("sample_likelihood_gain", make_case(k, weights, d, radius=Fraction(1, 2)), ARGUMENTS)


@pytest.mark.parametrize(
    ("k", "weights", "d"), first_every_day(2, [(2, "3/4,1/4", 1), (3, "one-heavy:3/5", 2), (3, "one-heavy:3/5", 5)])
)
def test_wilks_limit_is_the_dimension(k: int, weights: str, d: int) -> None:
    """The mean of χ²_d over 200 trials has the standard error √(2d/200): six of them, and a bias of order 1/n."""
    found = gain(k, weights, d)
    assert found.level == Level.OBSERVED
    assert abs(float(found.midpoint) - d) < 6 * (2 * d / 200) ** 0.5 + 0.05


@pytest.mark.long
def test_uniform_weights_have_another_limit() -> None:
    """k = 2: 2n KL ≈ max(0, Z)², of mean 1/2 and variance 5/4."""
    found = gain(2, "uniform", 1)
    assert abs(float(found.midpoint) - 0.5) < 6 * (1.25 / 200) ** 0.5
    assert found.upper < 1


def test_it_is_reproducible_and_depends_on_the_seed() -> None:
    first, again = (gain(2, "3/4,1/4", 1) for _ in range(2))
    case = make_case(2, "3/4,1/4", 1, radius=Fraction(1, 2))
    other = evaluate("sample_likelihood_gain", case, ARGUMENTS | {"seed": Fraction(12)})
    assert (first.lower, first.upper) == (again.lower, again.upper)
    assert first.midpoint != other.midpoint
