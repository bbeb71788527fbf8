from pathlib import Path

import pytest

from emtheory.reports.catalogue.pages import pages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

DOCS = Path(__file__).parents[3] / "docs"
PAGES = pages(catalogue())


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_those_of_the_catalogue(name: str) -> None:
    """If this fails, run `emtheory claims --docs docs`."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]


def test_there_is_no_page_of_a_chapter_that_is_gone() -> None:
    assert {path.name for path in DOCS.glob("statements*.md")} == {*PAGES}


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
