"""What tests of verdicts share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emtheory.reports.certificates.certificate import certificate_text, certify
from emtheory.reports.certificates.file import read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim

Replayed = Callable[[Claim, Verdict], str]


@pytest.fixture
def replayed(tmp_path: Path) -> Replayed:
    """What writes the certificate of a verdict and returns the outcome that follows from it alone."""

    def outcome(claim: Claim, verdict: Verdict) -> str:
        path = tmp_path / "certificate.json"
        path.write_text(certificate_text(certify(claim, verdict)), encoding="utf-8")
        return replay(*read_certificate(path)).outcome

    return outcome
