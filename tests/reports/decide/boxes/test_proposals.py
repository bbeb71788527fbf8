from collections.abc import Mapping

import pytest

from emtheory.reports.decide.boxes.family_forms import problem_of
from emtheory.reports.decide.boxes.proposals import refuted_somewhere
from emtheory.reports.decide.boxes.search import Search
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim

RADIUS = {"W": ("3/5", "19/20"), "radius": ("0", "2")}
THETA = {"theta": ("0", "2"), "separation": ("1/10", "1")}


def refuted(statement: str, ranges: Mapping[str, tuple[str, str]], *assume: str) -> bool:
    if "theta" in ranges:
        values = {"truth_weight": "1/2", "fit_weight": "1/2"}
        claim = Claim("edge", statement, k=(), family="two-means", values=values, for_all=ranges, assume=assume)
    else:
        claim = Claim("edge", statement, k=(2,), weights="one-heavy:W", for_all=ranges, assume=assume)
    question = read_claim(claim)
    search = Search(problem_of(question, question.cases[0]), 120, None)
    found = refuted_somewhere(question.comparison, question.spans, search.at_point)
    assert found is None or all(
        value in question.spans[name] for name, value in found.case.parameters if name in ranges
    )
    return found is not None


@pytest.mark.parametrize(
    ("true", "false", "ranges", "assume"),
    [
        # M(θ)/θ → 1 + μ² as θ → 0, from below.
        ("em_map/theta <= 1 + separation**2", "em_map/theta <= 99999/100000*(1 + separation**2)", THETA, "theta > 0"),
        # KL ~ ½(2W − 1)²r²: with r³ besides, it fails below a radius of some millionths only.
        (
            "kl_divergence <= spectral_gap*radius**2/2 + radius**3",
            "kl_divergence <= spectral_gap*radius**2*49999/100000 + radius**3",
            RADIUS,
            "radius >= 0",
        ),
        # The best exponent is 4 − 2√3 = 0.5358… at r = 0 and W = 0.8799, where the middle of the weights is far away.
        (
            "posterior_power(m=1) >= spectral_gap*exp(-536/1000*radius**2)",
            "posterior_power(m=1) >= spectral_gap*exp(-535/1000*radius**2)",
            RADIUS,
            "radius >= 0",
        ),
        # At the other end of an interval.
        (
            "(19/20 - W)*posterior_power(m=1) >= 0",
            "(19/20 - W)*(W - 9499/10000)*posterior_power(m=1) <= 0",
            RADIUS,
            "radius >= 0",
        ),
    ],
)
def test_a_constant_that_is_slightly_off_is_refuted_near_the_edge(
    true: str, false: str, ranges: Mapping[str, tuple[str, str]], assume: str
) -> None:
    assert refuted(false, ranges, assume)
    assert not refuted(true, ranges, assume)


def test_a_descent_leaves_the_corner_where_it_begins() -> None:
    """The statement fails around equal weights only: of the points looked at first the corner (2/5, 2/5) is nearest."""
    ranges = {"U": ("1/10", "2/5"), "V": ("1/10", "2/5"), "radius": ("1/10", "1")}

    def fails(statement: str) -> bool:
        claim = Claim("corner", statement, k=(3,), weights=("U", "V", "1 - U - V"), for_all=ranges)
        question = read_claim(claim)
        search = Search(problem_of(question, question.cases[0]), 120, None)
        return refuted_somewhere(question.comparison, question.spans, search.at_point) is not None

    assert fails("posterior_power(m=1) >= 1/30")
    assert fails("hessian_min_eigenvalue >= 1/30")
    assert not fails("posterior_power(m=1) >= 49/10000")
