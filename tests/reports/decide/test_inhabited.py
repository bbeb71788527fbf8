"""A domain that assumptions leave little of is decided on; one of which they leave nothing is an error."""

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError

BOX = {"W": ("3/5", "4/5"), "radius": ("1/10", "1")}
LITTLE = {
    "between curves": ("exp(W)*radius > 1.0001", "exp(W)*radius < 1.0002"),
    "a quantity": ("kl_divergence > 1/1000", "W - radius/10 > 0.788", "radius > 1/20"),
}
NOTHING = {
    "between curves": ("exp(W)*radius > 1.0002", "exp(W)*radius < 1.0001"),
    "a quantity": ("kl_divergence > 1/2", "W - radius/10 > 0.788"),
}


def claim(*assume: str) -> Claim:
    return Claim("little", "posterior_power(m=1) >= W/1000", k=(2,), weights=("W", "1 - W"), for_all=BOX, assume=assume)


@pytest.mark.parametrize("name", LITTLE)
def test_a_little_is_enough(name: str) -> None:
    assert decide_claim(claim(*LITTLE[name])).outcome == "certified"


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_is_an_error(name: str) -> None:
    with pytest.raises(InputError, match=r"assumptions hold|hold nowhere"):
        decide_claim(claim(*NOTHING[name]))


def test_a_number_of_points_is_whole() -> None:
    def sized(*assume: str) -> bool:
        given = Claim(
            "n",
            "sample_error_bound(n=N, delta=1/20, radius=1) > 0",
            k=(2,),
            weights="3/4,1/4",
            for_all={"N": ("1000", "2000")},
            assume=assume,
        )
        question = read_claim(given)
        return has_a_point(question, question.cases[0])

    assert sized("log(N) > 7.3", "log(N) < 7.301")  # 1,481
    assert not sized("log(N) > 7.3002", "log(N) < 7.3004")  # between 1,480 and 1,481
