"""Lines and columns of values in TOML, against the parsed tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emtheory.theory.toml_text import parse_toml, spot_of, spots

ROOT = Path(__file__).parents[3]
TRICKY = '''\
# [models.comment]
title = """two
lines = 3"""   # a comment with "quotes" and [brackets]
"a.b" . 'c d'.e = [ 1, # one
  { x = "y", z = { u = 'v' } }, [ "w", """q""", ], ]
flag = true
when = 1979-05-27T07:32:00Z

[models . "a b"]
data = [ { weight = "1/2", x = "normal(0, 1)" },
         { weight = '1/2', x = "a \\"quoted\\" one" } ]
[[claim]]
id = "first"
  [claim.for_all]
  r = [ 0, "5" ]
[[claim]]
id = "second"
for_all = { s = [0, 1] }
[[claim.nested]]
deep = ["here"]
'''


def leaves(value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*keys, key))
    else:
        yield keys, value


FILES = [None, *sorted(ROOT.glob("tests/corpus/*.toml")), *sorted(ROOT.glob("examples/*.toml"))]


def test_an_array_of_tables_stands_where_its_first_one_does() -> None:
    found = spots(TRICKY)
    assert found["claim",] == found["claim", 0]
    assert found["claim",] != found["claim", 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: "tricky" if path is None else path.name)
def test_each_value_stands_where_it_is_said_to(path: Path | None) -> None:
    text = TRICKY if path is None else path.read_text(encoding="utf-8")
    found, lines = spots(text), text.split("\n")
    for keys, value in leaves(parse_toml(text, Path("a.toml"))):
        spot = found[keys]
        rest = lines[spot.line - 1][spot.column - 1 :]
        if isinstance(value, str) and spot.plain:
            assert rest.startswith(value), keys
        elif isinstance(value, str):
            assert lines[spot.line - 1][: spot.column - 1].endswith(('"', "'")), keys
        else:
            assert rest[:1].isalnum() or rest[:1] in "+-[{", keys


def test_what_has_no_place_of_its_own_has_that_of_what_is_around_it() -> None:
    found = spots(TRICKY)
    assert spot_of(("models", "a b", "data", 1, "missing"), found) == found[("models", "a b", "data", 1)]
    assert found[("models", "a b", "data", 1, "x")].within(5) == "11:33"
    assert found[("models", "a b", "data", 0, "x")].within(5) == "10:37"
    assert spot_of(("nowhere",), found) is None
