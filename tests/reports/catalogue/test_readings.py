import pytest

from emtheory.reports.catalogue.pages import pages
from emtheory.reports.catalogue.selected import other_readings
from emtheory.theory.claim import BEYOND, Claim, Entry
from emtheory.theory.claims import catalogue


def entry(name: str, of: str = "", group: str = "Mechanisms") -> Entry:
    claims = (Claim(id=f"{name}/c", statement="k == 3"),)
    return Entry(name, f"Title of {name}", "", "", "", claims, group, other_reading_of=of)


def test_readings_of_one_sentence_name_each_other_and_no_more() -> None:
    entries = [entry("one"), entry("two", "one"), entry("three", "one"), entry("four")]
    assert other_readings(entries) == {
        "one": ("two", "three"),
        "two": ("one", "three"),
        "three": ("one", "two"),
        "four": (),
    }


def test_a_reading_whose_other_is_not_selected_stands_alone() -> None:
    assert other_readings([entry("two", "one"), entry("four")]) == {"two": (), "four": ()}


def test_pages_link_to_the_other_reading_also_in_another_chapter() -> None:
    made = pages([entry("one"), entry("two", "one", BEYOND)])
    assert "Read otherwise: [Title of two](statements-beyond-the-paper.md#two)." in made["statements-mechanisms.md"]
    assert "Read otherwise: [Title of one](statements-mechanisms.md#one)." in made["statements-beyond-the-paper.md"]


@pytest.mark.parametrize("given", [each for each in catalogue() if each.other_reading_of], ids=lambda each: each.id)
def test_the_other_reading_is_an_entry_of_its_chapter_and_itself_the_first(given: Entry) -> None:
    (other,) = [each for each in catalogue() if each.id == given.other_reading_of]
    assert other.group == given.group
    assert not other.other_reading_of
    assert other.reading != given.reading
