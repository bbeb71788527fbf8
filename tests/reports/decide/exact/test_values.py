"""What a statement divides by, or takes a root or logarithm of, is looked at on the whole domain of its variables."""

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

TWO_WEIGHTS = {"k": (2,), "weights": ("W", "1-W")}
BOX = {"W": ("3/5", "9/10"), "radius": ("1", "2")}
RADII = {"radius": ("1", "3")}


def claim(statement: str, for_all: dict[str, tuple[str, str]], **more: object) -> Claim:
    return Claim("x", statement, for_all=for_all, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (claim("kl_divergence/(radius-5/3)**2 >= 0", RADII), "column 1: division by zero at radius = 5/3, which is in"),
        (claim("kl_divergence*(radius-5/3)**-2 >= 0", RADII), "a negative power of zero. at radius = 5/3"),
        (
            claim("kl_divergence/(radius**2-2) != 9", {"radius": ("1", "inf")}),
            "at radius = the root of radius..2 - 2 between 1.41"
        ),
        (claim("kl_divergence*log(3-radius) <= 9", RADII), "column 15: log of a number that is not positive at radius"),
        (claim("kl_divergence*sqrt(5-2*radius) <= 9", RADII), "square root of a negative number at radius = "),
        (claim("kl_divergence*(5-2*radius)**(1/3) <= 9", RADII), "fractional power of a negative number at radius = "),
        (claim("kl_divergence/(exp(radius)-4) != 9", RADII), "division by zero at radius = .* between 1.386294"),
        (claim("posterior_power(m=1)/(W-2/3) != 9", BOX, **TWO_WEIGHTS), "division by zero at W = 2/3, radius = "),
        (claim("9 != posterior_power(m=1)/(W*radius-1)", BOX, **TWO_WEIGHTS), "column 6: division by zero at W = "),
        (
            claim("em_map/(theta-separation) <= 9", {"s": ("1/5", "4/5")}, family="two-means", k=(),
                  values={"theta": "2*s", "separation": "1"}),
            "division by zero at s = 1/2, which is in the domain"
        )
    ],
    ids=lambda value: value.statement if isinstance(value, Claim) else ""
)  # fmt: skip
def test_a_statement_without_value_somewhere_is_an_error(wrong: Claim, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide_claim(wrong)


@pytest.mark.parametrize(
    "right",
    [
        claim("kl_divergence/(radius-1/3)**2 >= 0", RADII),
        claim("kl_divergence/(radius-1) >= 0", RADII, assume=("radius > 1", "radius < 2")),
        claim("kl_divergence*log(4-radius) >= -9", RADII),
        claim("kl_divergence*sqrt(3-radius) >= -1", RADII),
        claim("posterior_power(m=1)/(W-1/2) >= 0", BOX, **TWO_WEIGHTS),
        claim(
            "em_map/(theta-separation) >= 0", {"theta": ("2", "3"), "separation": ("0", "1")}, family="two-means", k=()
        ),
    ],
    ids=lambda right: right.statement,
)
def test_one_with_a_value_everywhere_is_decided(right: Claim) -> None:
    assert decide_claim(right).outcome in ("certified", "proved")
