"""A file of the catalogue says all that it has to, and nothing that is not understood."""

from pathlib import Path

import pytest

from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims.files import load
from emtheory.theory.errors import InputError
from emtheory.theory.source import Source

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
