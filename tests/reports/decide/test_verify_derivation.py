"""Claims that name a derivation: proved by it, or refuted by the step that is false."""

from typing import NoReturn

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import DerivationError


def test_a_derivation_with_a_false_step_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, k: int) -> NoReturn:
        raise DerivationError(f"{name}, k = {k}, step 2: the sides differ")

    monkeypatch.setattr("emtheory.reports.decide.claim.derive", fail)
    verdict = decide_claim(Claim("test", derivation="dft", k=(3,)))
    assert verdict.outcome == "refuted"
    assert "step 2: the sides differ" in verdict.reason
    assert verdict.as_json()["witness"] is None
