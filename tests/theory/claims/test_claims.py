from itertools import chain

import pytest

from emtheory.theory.claim import HOLDS, REFUTED, Claim, Entry
from emtheory.theory.claims import catalogue, chapters
from emtheory.theory.derivations import names, statement_of

ENTRIES = catalogue()

# Every part of the paper's summary that makes a statement, by a word of the place that an entry gives as its source.
PLACES = (
    "Mechanism 1",
    "Mechanism 1, core assumption",
    "Mechanism 1, break condition",
    "Mechanism 2",
    "Mechanism 2, core assumption",
    "Mechanism 2, break condition",
    "Mechanism 3",
    "Mechanism 3, core assumption and break condition",
    "Lemma 1",
    "Lemma 3",
    "Lemma 5",
    "Proposition 1",
    "Executive Summary",
    "Method Summary",
    "Key Results",
    "Foundational Learning, Strong Convexity",
    "Foundational Learning, Overspecification",
    "Foundational Learning, Discrete Fourier Transform",
    "critical path",
    "esign tradeoffs",
    "failure signature 1",
    "failure signature 2",
    "failure signature 3",
    *(f"Open Question {number}" for number in (1, 2, 3, 4)),
    "3 experiments, 1",
    "3 experiments, 2",
    "first experiment 3",
    *(f"Next Checks, {number}" for number in (1, 2, 3)),
)


def parts(entry: Entry) -> list[Claim]:
    return [*chain(entry.claims, entry.disproofs, entry.instances, entry.hypotheses, entry.controls, entry.corrected)]


@pytest.mark.parametrize("place", PLACES)
def test_every_statement_of_the_summary_has_an_entry(place: str) -> None:
    assert any(place in entry.source for entry in ENTRIES)


def test_every_chapter_has_an_entry() -> None:
    assert [*dict.fromkeys(entry.group for entry in ENTRIES)] == [*chapters()]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
def test_each_entry_is_complete(entry: Entry) -> None:
    assert entry.source
    assert entry.quote
    assert entry.reading
    assert entry.claims or entry.disproofs
    assert entry.controls, "a statement without a control tests nothing"
    assert all(control.expect == REFUTED for control in entry.controls)
    assert all(claim.expect == HOLDS for claim in parts(entry) if claim not in entry.controls)
    assert (entry.expected == HOLDS) or entry.correction
    assert not entry.disproofs or entry.expected == REFUTED
    for claim in parts(entry):
        assert claim.id.startswith(f"{entry.id}/")
        assert not claim.derivation or claim.derivation in names()
        assert not claim.general or statement_of(claim.derivation).general


def test_ids_of_claims_are_unique() -> None:
    ids = [claim.id for entry in ENTRIES for claim in parts(entry)]
    assert len(ids) == len(set(ids))


def test_every_derivation_serves_an_entry() -> None:
    assert {claim.derivation for entry in ENTRIES for claim in parts(entry)} - {""} == {*names()}
