"""What comes of entries, their mutants, and the pages of the catalogue."""

import gc
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.catalogue import entry as catalogue_entry
from emtheory.reports.catalogue.entry import PARTS, EntryVerdict, claims_of, entry_verdicts, with_ancestors
from emtheory.reports.catalogue.examination import PENDING, Examined, examine_derivation, examine_statement, examined
from emtheory.reports.catalogue.mutants import _changed, claims_to_mutate, mutants_of_claim
from emtheory.reports.catalogue.pages import NAME, pages, quantity_page
from emtheory.reports.catalogue.selected import other_readings
from emtheory.reports.certificates.certificate import derived
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.certificates.verify.place import Place
from emtheory.reports.certificates.verify.posterior import posterior
from emtheory.reports.checking.claim_document import commands
from emtheory.reports.cli import program
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report.layout import entry_document
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue


def claim(name: str) -> Claim:
    return Claim(id=name, statement="k == 3")


def entry(identifier: str = "e", **fields: Any) -> Entry:
    fields = {"claims": ("c",), "universal": False} | fields
    made = {part: tuple(map(claim, fields.pop(part, ()))) for part in PARTS}
    return Entry(id=identifier, title="", source="", quote="", reading="", **made, **fields)


def verdict(identifier: str, found: Level | str) -> Examined:
    if found in (INCONCLUSIVE, PENDING):
        return Examined(identifier, str(found), None, "open", {})
    level = found if isinstance(found, Level) else Level.EXACT
    return Examined(identifier, REFUTED if found == REFUTED else STRENGTH[level], level, "why", {})


def judged(*entries: Entry, **found: Level | str) -> tuple[EntryVerdict, ...]:
    stream = [verdict(c.id, found.get(c.id, Level.EXACT)) for e in entries for c in claims_of(e)]
    return entry_verdicts(entries, stream)


ANY, ALL = {"universal": False}, {"universal": True}
FALSE = {"expected": "refuted"}
DISPROVED = {"claims": (), "disproofs": ("d",), "expected": "refuted"}
SIDE_CONDITIONS = (
    ("controls", REFUTED, ExitCode.OK),
    ("controls", Level.OBSERVED, ExitCode.REFUTED),
    ("controls", INCONCLUSIVE, ExitCode.INCONCLUSIVE),
    ("hypotheses", Level.EXACT, ExitCode.OK),
    ("hypotheses", REFUTED, ExitCode.REFUTED),
    ("hypotheses", INCONCLUSIVE, ExitCode.INCONCLUSIVE),
    ("instances", Level.SUPPORTED, ExitCode.OK),
    ("instances", INCONCLUSIVE, ExitCode.INCONCLUSIVE),
    ("corrected", Level.SUPPORTED, ExitCode.OK),
    ("corrected", REFUTED, ExitCode.REFUTED),
)


def test_what_comes_of_an_entry() -> None:
    for fields, found, outcome, code in (
        ({"claims": ("c", "b")}, {"c": Level.CERTIFIED, "b": Level.OBSERVED}, "observed", ExitCode.OK),
        ({"claims": ("a", "b", "c")}, {"a": INCONCLUSIVE, "b": REFUTED}, REFUTED, ExitCode.REFUTED),
        (ANY, {}, "proved", ExitCode.OK),
        (ALL, {}, "supported", ExitCode.OK),
        (ALL, {"c": Level.OBSERVED}, "observed", ExitCode.OK),
        (ALL, {"c": REFUTED}, REFUTED, ExitCode.REFUTED),
        ({"instances": ("i",)}, {"i": REFUTED}, REFUTED, ExitCode.REFUTED),
        (DISPROVED, {}, REFUTED, ExitCode.OK),
        (DISPROVED, {"d": Level.SUPPORTED}, REFUTED, ExitCode.OK),
        (DISPROVED, {"d": REFUTED}, INCONCLUSIVE, ExitCode.REFUTED),
        (DISPROVED | {"claims": ("c",)}, {"d": REFUTED}, "proved", ExitCode.REFUTED),
        (FALSE, {"c": REFUTED}, REFUTED, ExitCode.OK),
        (FALSE, {}, "proved", ExitCode.REFUTED),
        *(({part: ("x",)}, {"x": given}, "proved", code) for part, given, code in SIDE_CONDITIONS),
    ):
        (result,) = judged(entry(**fields), **found)
        assert (result.outcome, result.exit_code) == (outcome, code), (fields, found)
        assert result.ok == (code == ExitCode.OK) == (not result.problems)


def test_only_derivations_for_every_k_prove_a_universal_statement() -> None:
    assert judged(entry(universal=True), c=REFUTED)[0].level == Level.EXACT
    assert judged(entry(**DISPROVED), d=Level.SUPPORTED)[0].level == Level.SUPPORTED
    general = Claim(id="g", derivation="gradient", general=True)
    one = Claim(id="c", derivation="gradient")

    def outcome(*claims: Claim, instances: tuple[Claim, ...] = (), **found: Level) -> str:
        made = Entry("e", "", "", "", "", claims, instances=instances)
        stream = [verdict(c.id, found.get(c.id, Level.EXACT)) for c in (*claims, *instances)]
        return entry_verdicts((made,), stream)[0].outcome

    assert outcome(general) == "proved"
    assert outcome(one) == outcome(general, one) == outcome(general, claim("c")) == "supported"
    assert outcome(general, instances=(claim("i"),), i=Level.OBSERVED) == "proved"


def test_a_certificate_that_the_standalone_verifier_rejects_is_a_failure() -> None:
    said = {"rejected": ExitCode.REFUTED, "not covered": ExitCode.OK}
    for part, (outcome, code) in product(("claims", "controls"), said.items()):
        found = {"claims": verdict("c", Level.EXACT), "controls": verdict("b", REFUTED)}
        found[part] = replace(found[part], document={"standalone": {"outcome": outcome, "reason": "a cell is missing"}})
        (result,) = entry_verdicts([entry(controls=("b",))], found.values())
        assert result.exit_code == code
        assert any("a cell is missing" in problem for problem in result.problems) == (code != ExitCode.OK)


BASE, MIDDLE = entry("base", claims=("b",)), entry("middle", claims=("m",), depends=("base",))
TOP = entry("top", claims=("t",), depends=("middle",))


def test_an_entry_is_no_stronger_than_what_it_rests_on() -> None:
    results = judged(TOP, MIDDLE, BASE, b=Level.SUPPORTED)
    assert [result.outcome for result in results] == ["supported"] * 3
    assert "middle" in results[0].reason


def test_what_rests_on_what_does_not_hold_is_open_and_marked_but_its_own_refutation_stands() -> None:
    for found in (REFUTED, INCONCLUSIVE):
        assert judged(BASE, MIDDLE, b=found)[1].outcome == INCONCLUSIVE
        assert judged(BASE, MIDDLE, b=found, m=REFUTED)[1].outcome == REFUTED
    results = judged(TOP, MIDDLE, BASE, entry("beside"), b=REFUTED)
    assert [result.broken for result in results] == [("base", "middle"), ("base",), (), ()]
    assert "rests on base, which is refuted" in results[1].reason


def test_malformed_catalogues() -> None:
    for entries, message in (
        ([entry("a", depends=("b",)), entry("b", depends=("a",))], "circle"),
        ([entry("a", depends=("a",))], "circle"),
        ([entry("a", depends=("nowhere",))], "nowhere"),
        ([entry("a"), entry("a")], "twice"),
        ([entry("a", claims=())], "vacuously"),
        ([entry("../a")], "hyphens"),
    ):
        with pytest.raises(ValueError, match=message):
            catalogue_entry.dependency_order(entries)


def test_an_instance_that_is_still_to_be_decided_leaves_the_statement_unsettled() -> None:
    (result,) = judged(entry(instances=("i",)), i=PENDING)
    assert (result.outcome, result.ok, result.status) == ("proved", False, PENDING)
    assert (result.exit_code, result.pending) == (ExitCode.INCONCLUSIVE, ("i",))
    assert "i is still to be decided" in result.problems[0]


def test_the_tables_of_one_claim_are_not_kept_for_the_next() -> None:
    """They take up to half a gigabyte, and workers have a limit."""
    claim = Claim("kl", "kl_divergence > 1/100", k=(3,), weights=("1/2", "3/10", "1/5"), radius="1")
    found = examine_statement(claim)
    assert found["document"]["standalone"]["outcome"] == "accepted"
    assert outcome_of(found["certificate"])[0] == "accepted"
    assert posterior.cache_info().currsize > 0
    gc.collect()
    gc.disable()
    try:
        examine_statement(claim)
        assert posterior.cache_info().currsize == 0
        assert not any(type(each) is Place for each in gc.get_objects())
    finally:
        gc.enable()


WEIGHTS = ("1/2", "3/10", "1/5")
EXACT = Claim("exact", "spectral_gap == 7/100", weights=WEIGHTS)
STEIN = Claim("stein", derivation="stein-identity", k=(2,))
OFF = Claim("off", "iterations_to_kl(eps=1/100) < 100", k=(4,), weights="linear", radius="1/2")


def _entry(of: Claim, *depends: str) -> Entry:
    return Entry(of.id, "title", "source", "quote", "reading", (of,), universal=False, depends=depends)


def _found(of: Claim) -> Examined:
    if of.derivation:
        return examined(of, examine_derivation(of, [derived(of.derivation, k) for k in of.k]), 0)
    return examined(of, examine_statement(of), 0)


def test_each_checker_is_named_and_ancestors_are_walked() -> None:
    entries = (_entry(EXACT), _entry(STEIN, "exact"), _entry(OFF, "stein"))
    verdicts = entry_verdicts(entries, [_found(EXACT), _found(STEIN), _found(OFF)])
    exact, stein, off = with_ancestors([entry_document(verdict) for verdict in verdicts])
    assert exact["foundations"] == ["standalone verifier"] == [exact["weakest"]]
    assert exact["claims"][0]["standalone"]["outcome"] == "accepted"
    assert (stein["foundations"], stein["weakest_of_all"]) == (["SymPy", "cited theorem"], "cited theorem")
    assert off["foundations"] == ["Arb"]
    said = {"outcome": "not covered", "reason": "trajectories that leave the regular simplex"}
    assert off["claims"][0]["standalone"] == said
    assert off["ancestors"] == {"stein": ["SymPy", "cited theorem"], "exact": ["standalone verifier"]}
    assert (off["weakest"], off["weakest_of_all"]) == ("Arb", "cited theorem")


SHARP = Claim(id="e/sharp", statement="spectral_gap == 7/100", weights=WEIGHTS)
TOUCHING = Claim(id="e/touching", statement="spectral_gap <= 7/100", weights=WEIGHTS)
LOOSE = Claim(id="e/loose", statement="posterior_power(m=1) < 9", weights=WEIGHTS, for_all={"radius": ("0", "1")})
CONTROL = Claim(id="e/control", statement="spectral_gap == 8/100", weights=WEIGHTS, expect="refuted")
ENTRY = Entry("e", "", "", "", "", (SHARP, TOUCHING), instances=(LOOSE,), controls=(CONTROL,))


def made(claim: Claim) -> dict[tuple[str, str], str]:
    return {(mutant.change, mutant.mutant): mutant.outcome for mutant in mutants_of_claim(ENTRY.id, claim)}


def test_sharp_and_touching_statements_and_parameters_of_weights() -> None:
    assert made(SHARP) == {
        ("comparison", "spectral_gap != 7/100"): "refuted",
        ("hypothesis", "spectral_gap == 7/100, with uniform weights"): "refuted",
        ("constant", "spectral_gap == (7*5/4)/100"): "refuted",
        ("constant", "spectral_gap == (7*3/4)/100"): "refuted",
        ("constant", "spectral_gap == 7/(100*5/4)"): "refuted",
        ("constant", "spectral_gap == 7/(100*3/4)"): "refuted",
    }
    found = made(TOUCHING)
    assert found["strictness", "spectral_gap < 7/100"] == "refuted"
    assert found["constant", "spectral_gap <= (7*5/4)/100"] == "implied"
    assert found["constant", "spectral_gap <= (7*3/4)/100"] == "refuted"
    # A parameter of the weights is part of the statement, and no hypothesis.
    ends = {"W": ("1/2", "3/4")}
    found = made(Claim("e/law", "spectral_gap == (3*W - 1)**2 / 4", weights="one-heavy:W", for_all=ends))
    assert set(found.values()) == {"refuted"}
    assert {change for change, _ in found} == {"comparison", "constant", "exponent", "sign"}


def test_a_loose_statement_shows_as_loose() -> None:
    found = made(LOOSE)
    assert found["comparison", "posterior_power(m=1) > 9"] == "refuted"
    assert found["constant", "posterior_power(m=1) < (9*3/4)"] == "true"
    assert all(text.count("m=1") == 1 for _, text in found)


CHANGES = [
    ("k**2 < 5", "exponent", ["k**3 < 5"]),
    ("k < 0", "constant", ["k < (1/8)", "k < (-1/8)"]),
    ("abs(k - 3) + 1 < 1e-4", "sign", ["abs(k + 3) + 1 < 1e-4", "abs(k - 3) - 1 < 1e-4"]),
    ("k < -1e-4", "constant", ["k < -(1e-4*5/4)", "k < -(1e-4*3/4)"]),
    ("iterations_to_kl(eps=1e-4) > k", "constant", []),
    ("0 <= k != 1", "comparison", ["0 >= k != 1", "0 <= k == 1"]),
]


@pytest.mark.parametrize(("text", "change", "expected"), CHANGES)
def test_where_a_statement_is_changed(text: str, change: str, expected: list[str]) -> None:
    assert [changed for name, changed in _changed(text) if name == change] == expected


def test_what_states_nothing_is_not_counted() -> None:
    claim = Claim(id="e/root", statement="sqrt(1 - spectral_gap) > 9/10", weights=WEIGHTS)
    found = made(claim)
    assert found["sign", "sqrt(1 + spectral_gap) > 9/10"] == "implied"
    assert found["constant", "sqrt(1 - spectral_gap) > (9*3/4)/10"] == "implied"
    twin = made(replace(claim, statement="sqrt(1/5 - spectral_gap) > 3/10"))
    assert twin["constant", "sqrt((1*5/4)/5 - spectral_gap) > 3/10"] == "implied"
    uniform = made(replace(claim, statement="log(spectral_gap) < 0"))
    assert uniform["hypothesis", "log(spectral_gap) < 0, with uniform weights"] == "invalid"


def test_what_is_mutated() -> None:
    false = Entry("f", "", "", "", "", (SHARP,), expected="refuted", corrected=(TOUCHING,))
    assert claims_to_mutate([ENTRY, false]) == ((ENTRY, SHARP), (ENTRY, TOUCHING), (ENTRY, LOOSE), (false, TOUCHING))


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


def reading_entry(name: str, of: str = "", group: str = "Mechanisms") -> Entry:
    claims = (Claim(id=f"{name}/c", statement="k == 3"),)
    return Entry(name, f"Title of {name}", "", "", "", claims, group, other_reading_of=of)


def test_readings_of_one_sentence_name_each_other_and_no_more() -> None:
    entries = [reading_entry("one"), reading_entry("two", "one"), reading_entry("three", "one"), reading_entry("four")]
    readings = {"one": ("two", "three"), "two": ("one", "three"), "three": ("one", "two"), "four": ()}
    assert other_readings(entries) == readings
    assert other_readings([reading_entry("two", "one"), reading_entry("four")]) == {"two": (), "four": ()}


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
