import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from emtheory.reports.catalogue.pages import NAME, pages, quantity_page
from emtheory.reports.catalogue.selected import other_readings
from emtheory.reports.checking.claim_document import commands
from emtheory.reports.cli import program
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

DOCS = Path(__file__).parents[3] / "docs"
STORED = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("statements*.md")}


@pytest.fixture
def without_derivations(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """What is made at once: derivations take half a minute, and `test_contributing` looks at them."""
    monkeypatch.setattr("emtheory.reports.catalogue.pages._derivations", lambda _: [])
    monkeypatch.setattr("emtheory.reports.catalogue.pages._conclusion", lambda _: "…")
    return pages(catalogue())


def test_the_statements_on_the_pages_are_those_of_the_catalogue(without_derivations: Mapping[str, str]) -> None:
    """If this or the next one fails, run `emtheory claims --docs docs`."""
    stored = {name: text.split("\n## Derivation ")[0] for name, text in STORED.items()}
    said = re.compile(r"(\]\(#derivation-[\w-]+\): ).+(?= \(every k)")
    assert {name: said.sub(r"\1…", text) for name, text in stored.items()} == without_derivations


def test_the_page_on_the_quantities_is_theirs() -> None:
    """If this fails, run `emtheory quantities --docs docs`."""
    assert (DOCS / NAME).read_text(encoding="utf-8") == quantity_page()


def entry(name: str, of: str = "", group: str = "Mechanisms") -> Entry:
    claims = (Claim(id=f"{name}/c", statement="k == 3"),)
    return Entry(name, f"Title of {name}", "", "", "", claims, group, other_reading_of=of)


def test_readings_of_one_sentence_name_each_other_and_no_more() -> None:
    entries = [entry("one"), entry("two", "one"), entry("three", "one"), entry("four")]
    readings = {"one": ("two", "three"), "two": ("one", "three"), "three": ("one", "two"), "four": ()}
    assert other_readings(entries) == readings
    assert other_readings([entry("two", "one"), entry("four")]) == {"two": (), "four": ()}


def test_the_other_reading_is_an_entry_of_its_chapter_and_itself_the_first() -> None:
    named = {each.id: each for each in catalogue()}
    for given in (each for each in named.values() if each.other_reading_of):
        other = named[given.other_reading_of]
        assert (other.group, other.other_reading_of) == (given.group, "")
        assert other.reading != given.reading


def commands_at_first_case(claim: Claim) -> tuple[str, ...]:
    return commands(claim, read_claim(claim).cases[0])


def test_every_quantity_once_with_its_point_and_arguments() -> None:
    statement = "posterior_power(m=1+1) < spectral_gap + posterior_power(m=2) ** 2"
    claim = Claim("c", statement, k=(4,), weights=("1/2", "1/4", "1/8", "1/8"), d=5, radius="2.5")
    case = "--k 4 --weights 1/2,1/4,1/8,1/8 --d 5"
    assert commands_at_first_case(claim) == (
        f"emtheory evaluate posterior_power {case} --radius 5/2 --set m=2",
        f"emtheory evaluate spectral_gap {case}",
    )


def test_a_shell_reads_hostile_weights_as_one_word_and_the_commands_run() -> None:
    claim = Claim(id="c", statement="spectral_gap > 0", k=(2,), weights="one-heavy: 3/5")
    (command,) = commands_at_first_case(claim)
    assert shlex.split(command)[-1] == "one-heavy: 3/5"
    claim = Claim(id="c", statement="kl_divergence == dft_modulus(m=1)", weights="linear", radius="1/3")
    for command in commands_at_first_case(claim):
        result = CliRunner().invoke(program, shlex.split(command)[1:], standalone_mode=False)
        assert result.exception is None, command
        assert result.output
