"""Claims that make no sense are errors that name what is wrong, not verdicts."""

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.test_verify import INTERVAL, claim


@pytest.mark.parametrize(
    ("malformed", "message"),
    [
        (claim("spectral_gap > 0", k=()), "list of k is empty"),
        (claim("spectral_gap > 0", k=(3, 3)), "names a number twice"),
        (claim("spectral_gap > 0", k=(1,)), "out of range"),
        (claim("spectral_gap > 0", k=tuple(range(60000, 60010)), weights="uniform"), "add up to"),
        (claim("spectral_gap > 0", k=(4,)), "3 weights were given for k = 4"),
        (claim("spectral_gap > 0", weights=("1/2", "3/10", "1/10")), "sum to 9/10"),
        (claim("spectral_gap > 0", weights=("1/2", "3/5", "-1/10")), "not positive"),
        (claim("spectral_gap > 0", weights=("nan", "1/2", "1/2")), "not an exact number"),
        (claim("spectral_gap > 0", weights="one-hevy:1/2"), "unknown weight family"),
        (claim("spectral_gap > 0", d=1), "d = 1 is out of range"),
        (claim("spectral_gap > 0", radius="1"), "nothing in the statement depends on a point"),
        (claim("spectral_gap > 0", for_all=INTERVAL), "or did you mean hessian_min_eigenvalue"),
        (claim("pl_constant(radius=1) > 0", radius="1"), "the radius of pl_constant is its argument"),
        (claim("spectral_gap > 0", amplitudes=("1",)), "nothing in the statement depends on a point"),
        (claim("kl_divergence > 0"), "needs a point"),
        (claim("radius > 0", amplitudes=("1",)), "gives none"),
        (claim("kl_divergence > 0", radius="-1"), "negative"),
        (claim("kl_divergence > 0", radius="1", amplitudes=("1",)), "not both"),
        (claim("kl_divergence > 0", amplitudes=("1", "1")), "2 amplitudes were given"),
        (claim("kl_divergence > 0", radius="inf"), "not an exact number"),
        (claim("kl_divergence > 0", for_all={"radius": ("2", "1")}), "is empty"),
        (claim("kl_divergence > 0", for_all={"radius": ("-1", "1")}), "negative"),
        (claim("kl_divergence > 0", for_all={"radius": ("0", "nan")}), "not an exact number"),
        (claim("kl_divergence > 0", for_all={"weight": ("0", "1")}), "not over 'weight'"),
        (claim("kl_divergence > 0", for_all=INTERVAL, radius="1"), "for_all gives the radius"),
        (claim("spectral_gapp > 0"), "did you mean spectral_gap"),
        (claim("sublinear_constant > 0"), "uniform"),
        (Claim("test", derivation="no-such-derivation"), "no-such-derivation"),
        (Claim("test", derivation="dft", k=()), "list of k is empty"),
        (Claim("test", derivation="dft", k=(1,)), "k"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malformed_claims_are_errors_not_verdicts(malformed: Claim, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide_claim(malformed)
