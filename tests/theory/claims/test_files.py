"""The catalogue is complete, and a file of it says all that it has to, and nothing that is not understood."""

from itertools import chain
from pathlib import Path

import pytest

from emtheory.theory.claim import HOLDS, REFUTED, Claim, Entry
from emtheory.theory.claims import catalogue, chapters
from emtheory.theory.claims.files import load
from emtheory.theory.derivations import names, statement_of
from emtheory.theory.errors import InputError
from emtheory.theory.source import Source

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


TEXT = """\
# A statement.
id = "e"
title = "T"
source = "S"
quote = "Q"
reading = "R"

[[claim]]
id = "e/all"
derivation = "descent"

[[claim]]
id = "e/three"
derivation = "lloyd-square"
k = 3

[[instance]]
id = "e/point"
statement = "spectral_gap > 0.10"
k = [2, 3]
weights = ["1/2", 0.3, "1/5"]
for_all = { radius = [0, inf] }

[[control]]
id = "e/map"
statement = "em_map <= 1"
family = "two-means"
theta = 1
truth_weight = "1-W"
for_all = { W = [0.5, 1] }
"""


def loaded(tmp_path: Path, text: str) -> Entry:
    path = tmp_path / "e.toml"
    path.write_text(text, encoding="utf-8")
    return load(Entry, path)


def test_a_file_says_what_python_says(tmp_path: Path) -> None:
    radii, weights = {"radius": ("0", "inf")}, ("1/2", "0.3", "1/5")
    values = {"theta": "1", "truth_weight": "1-W"}
    family = Claim("e/map", "em_map <= 1", k=(), family="two-means", values=values, for_all={"W": ("0.5", "1")})
    assert loaded(tmp_path, TEXT) == Entry(
        *("e", "T", "S", "Q", "R"),
        (Claim("e/all", derivation="descent", general=True, k=()), Claim("e/three", derivation="lloyd-square")),
        instances=(Claim("e/point", "spectral_gap > 0.10", k=(2, 3), weights=weights, for_all=radii),),
        controls=(family,),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('title = "T"\n', "", 1, "title is missing"),
        ('title = "T"', "title = 3", 3, "title: 3: text is wanted"),
        ('title = "T"', 'titel = "T"', 3, "unknown key: did you mean title?"),
        ('title = "T"', 'certified = "yes"', 3, "certified: unknown key"),
        ('title = "T"', 'title = "T"\nexpect = "false"', 1, "'false' is expected, not holds or refuted"),
        ('title = "T"', 'title = "T"\ndepends = ["a", 2]', 4, "depends[1]: 2: text is wanted"),
        ('title = "T"', 'title = "T"\nuniversal = "no"', 4, "universal: 'no': true or false is wanted"),
        ('title = "T"', 'title = "T"\ndisproof = 3', 4, "disproof: 3: a list is wanted"),
        ("k = [2, 3]\n", "", 17, "instance[0]: k is missing"),
        ('weights = ["1/2", 0.3, "1/5"]\n', "", 17, "instance[0]: weights is missing"),
        ("k = [2, 3]", "kk = [2, 3]", 20, "instance[0].kk: unknown key: did you mean k?"),
        ("k = [2, 3]", "k = [2, 3.5]", 17, "k = Decimal('3.5'): an integer below 10¹⁸ is wanted"),
        ("k = [2, 3]", 'k = 3\nexpect = "refuted"', 21, "instance[0].expect: unknown key"),
        ("[0, inf]", "[0, 1, 2]", 17, "a pair of ends such as ('0', '5') is wanted"),
        ('statement = "spectral_gap > 0.10"\n', "", 17, "needs either a statement or a derivation"),
        ("theta = 1", "theta = [1]", 24, "theta = ('1',): numbers are text here"),
        ('id = "e/map"\n', "", 24, "control[0]: id is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, TEXT.replace(old, new, 1))
    assert str(caught.value).startswith(f"{tmp_path / 'e.toml'}:{line}: ")
    assert said in str(caught.value)


def test_a_source_is_read_with_its_overview(tmp_path: Path) -> None:
    path = tmp_path / "source.toml"
    text = (
        'title = "T"\nreference = "R"\nscope = "S"\nnot_judged = "N"\n[overview]\nmodel = "M"\nsymbols = { a = "b" }\n'
    )
    path.write_text(f'{text}[[overview.answers]]\nquestion = "Q"\nlines = ["L"]\nrests_on = {{ e = "E" }}\n')
    overview = load(Source, path).overview
    assert overview is not None
    assert (overview.answers[0].lines, overview.symbols) == (("L",), {"a": "b"})
    path.write_text(f'{text}[[overview.answers]]\nquestion = "Q"\nlines = "L"\nrests_on = {{ e = "E" }}\n')
    with pytest.raises(InputError, match=r":10: overview\.answers\[0\]\.lines: 'L': a list is wanted"):
        load(Source, path)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "e.toml"
    with pytest.raises(InputError, match=r"e\.toml: cannot be read: .*No such file"):
        load(Entry, path)
    path.write_bytes(b'id = "\xff"')
    with pytest.raises(InputError, match=r"e\.toml: cannot be read: .*utf-8"):
        load(Entry, path)
