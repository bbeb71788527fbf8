from collections.abc import Mapping
from pathlib import Path

import pytest

from emtheory.reports.catalogue.pages import NAME, pages, quantity_page
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

DOCS = Path(__file__).parents[3] / "docs"
STORED = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("statements*.md")}


@pytest.fixture
def without_derivations(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """What is made at once: derivations take half a minute, and `test_contributing` looks at them."""
    monkeypatch.setattr("emtheory.reports.catalogue.pages._derivations", lambda _: [])
    return pages(catalogue())


def test_the_statements_on_the_pages_are_those_of_the_catalogue(without_derivations: Mapping[str, str]) -> None:
    """If this or the next one fails, run `emtheory claims --docs docs`."""
    assert {name: text.split("\n## Derivation ")[0] for name, text in STORED.items()} == without_derivations


def test_the_page_on_the_quantities_is_theirs() -> None:
    """If this fails, run `emtheory quantities --docs docs`."""
    assert (DOCS / NAME).read_text(encoding="utf-8") == quantity_page()


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
