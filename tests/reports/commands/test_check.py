"""`emtheory check`: what it prints and writes, and its exit status, which follows from all verdicts together."""

import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import exact_enclosure
from emtheory.numerics.level import REQUIRABLE, STRENGTH, Level
from emtheory.reports.checking.check_text import headline, summary, word
from emtheory.reports.checking.record import Record, record_of
from emtheory.reports.commands.check import exit_code
from emtheory.reports.decide.verdict import Finding, Verdict, decide
from emtheory.reports.exit_code import ExitCode
from tests.reports.conftest import Run

TRUE = ("true", "spectral_gap == 7/100", "holds")
FALSE = ("false", "spectral_gap == 8/100", "holds")
CONTROL = ("control", "spectral_gap == 8/100", "refuted")
USELESS = ("useless", "spectral_gap == 7/100", "refuted")
OPEN = ("open", "log(exp(1)) == 1", "holds")
OPEN_CONTROL = ("open-control", "log(exp(1)) == 1", "refuted")
CERTIFIED = ("certified", "3 < exp(log(pi))", "holds")


def write(path: Path, *claims: tuple[str, str, str]) -> Path:
    tables = (
        f'[[claim]]\nid = "{identifier}"\nstatement = "{statement}"\nk = 3\nweights = [0.5, 0.3, 0.2]\n'
        f'expect = "{expect}"\n'
        for identifier, statement, expect in claims
    )
    path.write_text("schema = 1\n" + "\n".join(tables))
    return path


@pytest.fixture
def check(run: Run) -> Run:
    return lambda *arguments: run("check", "--no-cache", *arguments)[:3]


@pytest.mark.parametrize(
    ("claims", "options", "code"),
    [
        ((TRUE,), (), 0),
        ((TRUE, FALSE), (), 1),
        ((FALSE, OPEN), (), 1),
        ((USELESS, OPEN), ("--allow-inconclusive",), 1),
        ((TRUE, OPEN), (), 4),
        ((TRUE, OPEN_CONTROL), (), 4),
        ((TRUE, OPEN), ("--allow-inconclusive",), 0),
        ((TRUE, CERTIFIED), ("--require", "proved"), 4),
        ((CERTIFIED, OPEN), ("--require", "proved", "--allow-inconclusive"), 4),
        ((), (), 5),
    ],
)
def test_exit_status(
    check: Run, tmp_path: Path, claims: tuple[tuple[str, str, str], ...], options: tuple[str, ...], code: int
) -> None:
    path = write(tmp_path / "a.toml", *claims)
    assert check(path, *options)[0] == code
    exit_status, output, errors = check(path, "--json", *options)
    assert exit_status == code
    if claims:
        assert (json.loads(output)["ok"], errors) == (code == 0, "")
    else:
        assert json.loads(output)["error"]["kind"] == "nothing selected"
        assert "nothing selected" in errors


def test_json(check: Run, tmp_path: Path) -> None:
    true, false, undecided = json.loads(check(write(tmp_path / "a.toml", TRUE, FALSE, OPEN), "--json")[1])["claims"]
    told = [true[key] for key in ("id", "verdict", "ok", "level", "witness")]
    assert told == ["true", "proved", True, "proved", None]
    assert (false["verdict"], false["ok"], false["margin"]) == ("refuted", False, "0.01")
    assert false["witness"]["weights"] == ["1/2", "3/10", "1/5"]
    assert false["witness"]["left"] == {"expression": "spectral_gap", "lower": "0.07", "upper": "0.07"}
    assert false["witness"]["right"]["lower"] == "0.08"
    assert (undecided["verdict"], undecided["level"], undecided["margin"]) == ("inconclusive", None, None)


def test_text_names_the_place_and_the_witness_of_a_failure(check: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", TRUE, FALSE, OPEN, CONTROL)
    lines = check(path)[1].splitlines()
    assert re.fullmatch(r"ok   true     proved          [0-9.]+ s  margin 0", lines[0])
    assert re.fullmatch(r"FAIL false    refuted         [0-9.]+ s  level proved, margin 0.01", lines[1])
    assert lines[2].strip() == f"{path}:9: spectral_gap == 8/100"
    assert lines[3].split() == ["witness", "k", "=", "3,", "weights", "0.5,0.3,0.2", "(rigorous)"]
    assert "spectral_gap in [0.07, 0.07]" in lines[4]
    assert "8/100 in [0.08, 0.08]" in lines[5]
    assert any(line.startswith("OPEN open     inconclusive  ") for line in lines)
    assert any(re.match(r"ok   control  refuted  .* s  level proved, expected refuted", line) for line in lines)
    assert lines[-1] == "4 claims checked: 2 as expected, 1 failed, 1 inconclusive"


POINTS = """[[claim]]
id = "points"
statement = "lloyd_radius > radius - 9"
k = 2
weights = "one-heavy:W"
for_all = { W = ["11/20", "3/5"], radius = [0, 1] }
"""


def test_points_of_a_domain_are_not_the_domain(check: Run, tmp_path: Path) -> None:
    path, badge, junit = tmp_path / "a.toml", tmp_path / "badge.json", tmp_path / "junit.xml"
    path.write_text("schema = 1\n" + POINTS)
    code, output, errors = check(path, "--badge", badge, "--junit", junit)
    assert (code, errors) == (4, "")
    lines = output.splitlines()
    assert re.fullmatch(r"WEAK points  supported  .* s  (\d+) points of the domain only, required certified", lines[0])
    assert lines[-1] == "1 claim checked: 0 as expected, 0 failed, 0 inconclusive, 1 below certified"
    assert json.loads(badge.read_text())["message"] == "0 of 1 as expected"
    assert json.loads(badge.read_text())["color"] == "yellow"
    failure = ElementTree.parse(junit).find(".//failure").get("message")
    assert failure.startswith("supported (below the required certified): holds at ")
    code, output, _ = check(path, "--json", "--require", "supported")
    (claim,) = json.loads(output)["claims"]
    assert (code, claim["verdict"], claim["level"], claim["margin"]) == (0, "supported", "supported", None)
    assert claim["domain"]["covered"].endswith("points of the domain only")


def test_errors_of_all_files_come_before_any_verdict(check: Run, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.toml", TRUE), write(tmp_path / "bad.toml", ("x", "spectral_gapp > 0", "holds"))
    junit, again = tmp_path / "junit.xml", write(tmp_path / "b.toml", TRUE)
    code, output, errors = check(good, bad, tmp_path / "missing.toml", "--junit", junit)
    assert (code, output, errors.count("\n")) == (2, "", 2)
    assert "did you mean spectral_gap?" in errors
    assert not junit.exists()
    code, output, errors = check(good, again)
    assert (code, output) == (2, "")
    assert errors == f"emtheory: error: {again}:2: claim 'true': the id is used before, at {good}:2\n"


def test_an_error_during_the_computation_names_its_claim(check: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", ("constant", "sublinear_constant > 0", "holds"))
    code, output, errors = check(path)
    assert output.startswith("ERR  constant  no verdict")
    assert output.splitlines()[-1] == "1 claim checked: 0 as expected, 0 failed, 0 inconclusive, 1 error"
    assert errors.startswith(f"emtheory: error: {path}:2: claim 'constant': column 1: sublinear_constant")
    assert (code, errors.count("\n")) == (2, 1)


def test_junit(check: Run, tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    path = write(tmp_path / "a.toml", TRUE, FALSE, OPEN, CERTIFIED)
    assert check(path, "--junit", report, "--require", "proved", "--allow-inconclusive")[0] == 1
    suite = ElementTree.parse(report).getroot().find("testsuite")
    kinds = {case.get("name"): [child.tag for child in case if child.tag != "properties"] for case in suite}
    assert kinds == {"true": [], "false": ["failure"], "open": ["skipped"], "certified": ["failure"]}
    false = suite.find("testcase[@name='false']")
    assert (false.get("file"), false.get("line")) == (str(path), "9")
    told = false.find("failure")
    assert "fails at" in told.get("message")
    assert "witness  k = 3, weights 0.5,0.3,0.2 (rigorous)" in told.text


def test_an_explanation_tells_how_a_verdict_came_about(check: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", TRUE, CERTIFIED)
    code, output, _ = check(path, "--explain", "certified")
    told = (
        *("statement 3 < exp(log(pi))", f"stands at {path}:9", "weights   [0.5, 0.3, 0.2]"),
        *("case      k = 3, weights 0.5,0.3,0.2", "3 < exp(log(pi)): holds (certified)"),
        *("right    exp(log(pi)) in [3.14159", "verdict   certified, by rigorous enclosures"),
    )
    assert (code, [part for part in told if part not in output]) == (0, [])
    assert output.endswith("1 claim checked: 1 as expected, 0 failed, 0 inconclusive\n")


def test_only_what_failed_last_is_checked_again_and_many_failures_are_summed_up(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    claim = '[[claim]]\nid = "c{0}"\ntitle = "C{0}\\u001b]\\n0"\nstatement = "k {1} 3"\nk = 3\nweights = "uniform"\n'
    file.write_text("schema = 1\n" + "".join(claim.format(n, "<" if n in {4, 7} else "==") for n in range(12)))
    cache = ("--cache", tmp_path / "cache")
    first = run("check", file, *cache)
    assert (first.code, first.out.splitlines()[-4]) == (1, "not as expected:")
    assert "title    C4�] 0\n" in first.out
    assert f"c4 ({file}:26): fails at" in first.out.splitlines()[-3]
    assert "2 claims checked: 0 as expected, 2 failed" in run("check", file, "--lf", *cache).out
    file.write_text(file.read_text().replace("k < 3", "k == 3", 1))
    assert "2 claims checked: 1 as expected, 1 failed" in run("check", file, "--lf", *cache).out
    assert "1 claim checked: 0 as expected, 1 failed" in run("check", file, "--lf", *cache).out
    file.write_text(file.read_text().replace("k < 3", "k == 3"))
    assert run("check", file, "--lf", *cache).code == 0
    assert "12 claims checked: 12 as expected" in run("check", file, "--lf", *cache).out


def verdict(outcome: str, level: Level | None, require: str | None = None, expected: str = "holds") -> Record:
    return record_of(Verdict("x", expected, outcome, level, {}, ""), require)


def test_an_error_outweighs_a_refutation_and_what_is_below_the_level_required_is_not_ok() -> None:
    refuted, undecided = verdict("refuted", Level.EXACT), verdict("inconclusive", None)
    wrong, failed = (replace(undecided, error=int(code)) for code in (ExitCode.BAD_INPUT, ExitCode.INTERNAL_ERROR))
    assert exit_code([wrong, refuted], allow_inconclusive=True) == ExitCode.BAD_INPUT
    assert exit_code([wrong, failed, refuted], allow_inconclusive=True) == ExitCode.INTERNAL_ERROR
    for level, require, expected in product(Level, REQUIRABLE, ("holds", "refuted")):
        outcome = STRENGTH[level] if expected == "holds" else "refuted"
        record = verdict(outcome, level, require, expected)
        strong = REQUIRABLE.index(STRENGTH[level]) <= REQUIRABLE.index(require)
        assert record.ok is record.as_json()["ok"] is strong
        assert exit_code([record], allow_inconclusive=True) == (ExitCode.OK if strong else ExitCode.INCONCLUSIVE)
        assert word(record) == ("ok" if strong else "WEAK")
        assert summary([record]).startswith(f"1 claim checked: {int(strong)} as expected, 0 failed, 0 inconclusive")


def test_what_holds_at_points_is_not_said_to_hold_and_has_no_margin() -> None:
    apart = decide("<", exact_enclosure(rational(1), 9), exact_enclosure(rational(2), 9))
    finding = Finding(make_case(2, "uniform"), ("1", "2"), (apart,))
    verdicts = [
        Verdict("x", "holds", STRENGTH[level], level, {}, "", (finding,), points=points)
        for level, points in ((Level.SUPPORTED, 17), (Level.CERTIFIED, None), (Level.OBSERVED, 1))
    ]
    points, whole, one = (record_of(verdict, "observed") for verdict in verdicts)
    assert (points.margin, whole.margin, one.margin) == (None, "1", None)
    assert headline(points).endswith(" s  17 points of the domain only")
    assert headline(one).endswith(" s  1 point of the domain only")
    assert headline(whole).endswith(" s  margin 1")
