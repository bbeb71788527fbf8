"""What tests of verdicts share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import certificate_text, certify
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import BruteForce

Replayed = Callable[[Claim, Verdict], str]
QUANTITIES: dict[str, Callable[[BruteForce], float]] = {
    "posterior_power(m=1)": lambda found: found.posterior_power[1],
    "kl_divergence": lambda found: found.kl,
    "hessian_min_eigenvalue": lambda found: found.hessian_eigenvalues[0],
    "pl_ratio": lambda found: found.gradient_square / 2 / found.kl,
}


def claim(statement: str, weights: Any, *assume: str, k: int = 0, **for_all: tuple[str, str]) -> Claim:
    """A claim on a domain; of listed weights there are k."""
    return Claim("test", statement, k=(k or len(weights),), weights=weights, for_all=for_all, assume=assume)


@pytest.fixture
def replayed(tmp_path: Path) -> Replayed:
    """What writes the certificate of a verdict and returns the outcome that follows from it alone."""

    def outcome(claim: Claim, verdict: Verdict) -> str:
        path = tmp_path / "certificate.json"
        path.write_text(certificate_text(certify(claim, verdict)), encoding="utf-8")
        return replay(*read_certificate(path)).outcome

    return outcome
