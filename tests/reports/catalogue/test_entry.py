import gc
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.catalogue.entry import (
    PARTS,
    EntryVerdict,
    claims_of,
    dependency_order,
    entry_verdicts,
    with_ancestors,
)
from emtheory.reports.catalogue.examination import PENDING, Examined, examine_derivation, examine_statement, examined
from emtheory.reports.certificates.certificate import derived
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.certificates.verify.place import Place
from emtheory.reports.certificates.verify.posterior import posterior
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report.layout import entry_document
from emtheory.theory.claim import Claim, Entry


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


def test_side_conditions() -> None:
    for part, found, code in (
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
    ):
        (result,) = judged(entry(**{part: ("x",)}), x=found)
        assert (result.outcome, result.exit_code) == ("proved", code), (part, found)
        assert result.ok == (code == ExitCode.OK) == (not result.problems)


def test_a_certificate_that_the_standalone_verifier_rejects_is_a_failure() -> None:
    for part, (outcome, code) in product(
        ("claims", "controls"), (("rejected", ExitCode.REFUTED), ("not covered", ExitCode.OK))
    ):
        found = {"claims": verdict("c", Level.EXACT), "controls": verdict("b", REFUTED)}
        found[part] = replace(found[part], document={"standalone": {"outcome": outcome, "reason": "a cell is missing"}})
        (result,) = entry_verdicts([entry(controls=("b",))], found.values())
        assert result.exit_code == code
        assert any("a cell is missing" in problem for problem in result.problems) == (code != ExitCode.OK)


def test_an_entry_is_no_stronger_than_what_it_rests_on() -> None:
    middle = entry("middle", claims=("m",), depends=("base",))
    top = entry("top", claims=("t",), depends=("middle",))
    base = entry("base", claims=("b",))
    results = judged(top, middle, base, b=Level.SUPPORTED)
    assert [result.outcome for result in results] == ["supported"] * 3
    assert "middle" in results[0].reason


def test_what_rests_on_what_does_not_hold_is_open_and_marked_but_its_own_refutation_stands() -> None:
    for found in (REFUTED, INCONCLUSIVE):
        two = entry("base", claims=("b",)), entry("top", depends=("base",))
        assert judged(*two, b=found)[1].outcome == INCONCLUSIVE
        assert judged(*two, b=found, c=REFUTED)[1].outcome == REFUTED
    base, middle = entry("base", claims=("b",)), entry("middle", claims=("m",), depends=("base",))
    top, beside = entry("top", claims=("t",), depends=("middle",)), entry("beside")
    results = judged(top, middle, base, beside, b=REFUTED)
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
            dependency_order(entries)


def test_an_instance_that_is_still_to_be_decided_leaves_the_statement_unsettled() -> None:
    (result,) = judged(entry(instances=("i",)), i=PENDING)
    assert (result.outcome, result.ok, result.status) == ("proved", False, PENDING)
    assert result.exit_code == ExitCode.INCONCLUSIVE
    assert result.pending == ("i",)
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
    assert stein["foundations"] == ["SymPy", "cited theorem"]
    assert stein["weakest_of_all"] == "cited theorem"
    assert off["foundations"] == ["Arb"]
    assert off["claims"][0]["standalone"] == {
        "outcome": "not covered",
        "reason": "trajectories that leave the regular simplex",
    }
    assert off["ancestors"] == {"stein": ["SymPy", "cited theorem"], "exact": ["standalone verifier"]}
    assert (off["weakest"], off["weakest_of_all"]) == ("Arb", "cited theorem")
