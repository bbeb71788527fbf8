from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from emtheory.reports.catalogue.entry import PARTS
from emtheory.reports.catalogue.pages import pages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

DOCS = Path(__file__).parents[3] / "docs"
INDEX = "statements.md"
CHAPTERS = {group: list(entries) for group, entries in groupby(catalogue(), key=lambda entry: entry.group)}
WITHOUT_CLAIMS = pages([replace(entry, **dict.fromkeys(PARTS, ())) for entry in catalogue()])
"""What is made at once: the claims bring the derivations, and they take seconds."""


def test_the_index_is_that_of_the_catalogue() -> None:
    """If this or the next one fails, run `emtheory claims --docs docs`."""
    assert (DOCS / INDEX).read_text(encoding="utf-8") == WITHOUT_CLAIMS[INDEX]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_is_that_of_its_chapter(chapter: str) -> None:
    ((name, made),) = ((name, made) for name, made in pages(CHAPTERS[chapter]).items() if name != INDEX)
    assert (DOCS / name).read_text(encoding="utf-8") == made


def test_there_is_no_page_of_a_chapter_that_is_gone() -> None:
    assert {path.name for path in DOCS.glob("statements*.md")} == {*WITHOUT_CLAIMS}


def test_a_page_says_what_an_entry_says() -> None:
    made = pages(
        [
            Entry(
                "one",
                "A <title>",
                "a place",
                "quoted",
                "read so",
                (Claim(id="one/c", statement="k < 4"),),
                group="A chapter",
                expected="refuted",
                correction="The truth.",
                disproofs=(Claim(id="one/d", derivation="descent", general=True, k=()),),
            )
        ]
    )
    text = made["statements-a-chapter.md"]
    for part in (
        r"A \<title\>",
        "> quoted",
        "read so",
        "False as written",
        "The truth.",
        "`k < 4`",
        "Derivation `descent`",
    ):
        assert part in text
    assert "[A chapter](statements-a-chapter.md)" in made["statements.md"]
