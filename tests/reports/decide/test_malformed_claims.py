"""Claims that make no sense are errors that name what is wrong, not verdicts: most are in the corpus of such claims."""

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.test_verify import INTERVAL, claim


@pytest.mark.parametrize(
    ("malformed", "message"),
    [
        (claim("spectral_gap > 0", k=()), "list of k is empty"),
        (claim("spectral_gap > 0", k=(1,)), "out of range"),
        (claim("spectral_gap > 0", for_all=INTERVAL), "or did you mean hessian_min_eigenvalue"),
        (claim("kl_divergence > 0"), "needs a point"),
        (claim("kl_divergence > 0", radius="-1"), "negative"),
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
