"""Evaluate, trajectory, sweep, init, report, claims and show."""

import json
import re
import tomllib
from dataclasses import replace
from math import log
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import emtheory
from emtheory.reports.catalogue.selected import select_entries, with_supports
from emtheory.reports.checking.claim_document import python_line
from emtheory.reports.commands.init import requirement
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue, sources
from tests.reports.conftest import Run

pytestmark = pytest.mark.usefixtures("no_workers")
EVALUATE = ("evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,3/10,1/5")
AT_POINT = ("evaluate", "kl_divergence", "--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1")


def test_evaluate_json(run: Run) -> None:
    document = run(*EVALUATE, "--json").document()
    keys = "schema quantity arguments case value lower upper level route digits seconds"
    assert list(document) == keys.split()
    assert document["value"] == document["lower"] == document["upper"] == "0.07"
    assert (document["schema"], document["level"], document["route"], document["digits"]) == (1, "exact", "exact", 30)
    assert document["case"] == {"k": 3, "weights": ["1/2", "3/10", "1/5"], "d": 2, "radius": None, "amplitudes": None}


def test_arguments_may_be_written_as_in_a_statement(run: Run) -> None:
    power = ("--k", 5, "--weights", "linear", "--radius", 1, "--digits", 5, "--json")
    separate, written = (
        run("evaluate", *each, *power).document()
        for each in (("posterior_power", "--set", "m=4"), ("posterior_power(m=k - 1)",))
    )
    assert {**written, "seconds": 0} == {**separate, "seconds": 0}


def test_a_certified_route_has_an_enclosure_that_contains_the_estimates_of_the_others(run: Run) -> None:
    routes = (("--digits", "20"), ("--route", "mp", "--digits", "25"), ("--route", "float"))
    document, estimate, floating = (run(*AT_POINT, *route, "--json").document() for route in routes)
    assert [each["level"] for each in (document, estimate, floating)] == ["certified", "supported", "observed"]
    width = len("0.") + 20
    assert document["lower"][:width] <= estimate["value"][:width] <= document["upper"][:width]
    assert [each[end] for each in (estimate, floating) for end in ("lower", "upper")] == [None] * 4
    assert float(floating["value"]) == pytest.approx(float(document["value"]), rel=1e-9)


def test_too_few_digits_are_never_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from emtheory.numerics.evaluate import evaluate

    def coarse(*arguments: object) -> object:
        *request, _digits, route = arguments
        return evaluate(*request, 15, route)  # type: ignore[arg-type]

    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", coarse)
    run(*AT_POINT, "--digits", "60").assert_one_line_error(4, "is not 60 significant digits")


def test_an_internal_error_is_one_line_and_a_trace_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a bug\nover two lines")

    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", fail)
    run(*EVALUATE).assert_one_line_error(3, "ZeroDivisionError: a bug over two lines")
    monkeypatch.setenv("EMTHEORY_TRACEBACK", "1")
    result = run(*EVALUATE)
    assert result.code == 3
    assert "Traceback" in result.err


def test_a_request_that_takes_too_long_has_no_answer(run: Run) -> None:
    arguments = "evaluate kl_divergence --k 64 --weights linear --radius 1 --digits 1000 --timeout 0.5 --json"
    run(*arguments.split()).assert_one_line_error(4, "no answer within 0.5 s")


def test_a_million_components_where_the_cost_does_not_grow_with_them(run: Run) -> None:
    """E max of k normal variables is below √(2 log k)."""
    found = run("evaluate", "lloyd_radius", "--k", 1_000_000, "--weights", "uniform", "--digits", 6, "--json")
    assert 4.8 < float(found.document()["value"]) < (2 * log(1_000_000)) ** 0.5


UNIFORM = ("--k", "3", "--weights", "uniform", "--radius", "1")


def test_a_table_of_a_trajectory(run: Run) -> None:
    lines = run("trajectory", *UNIFORM, "--steps", "2", "--digits", "4").out.splitlines()
    assert lines[0].split() == ["t", "rho_1", "KL", "PL", "ratio", "off", "simplex", "1-beta_1"]
    assert [line.split()[0] for line in lines[1:4]] == ["0", "1", "2"]
    assert lines[4].startswith("certified: ")
    first = [float(cell) for cell in lines[1].split()]
    assert float(lines[2].split()[1]) == pytest.approx(first[1] * first[5], rel=1e-3)


def test_a_trajectory_as_json_and_where_it_stops(run: Run) -> None:
    document = run("trajectory", *UNIFORM, "--steps", "50", "--until-kl", "1/100", "--json").document()
    assert (document["level"], document["case"]["k"]) == ("certified", 3)
    kl = [iterate["kl_divergence"] for iterate in document["iterates"]]
    assert all(float(value["lower"]) <= float(value["value"]) <= float(value["upper"]) for value in kl)
    assert all(float(value["upper"]) > 0.01 for value in kl[:-1])
    assert float(kl[-1]["upper"]) <= 0.01
    assert [iterate["iteration"] for iterate in document["iterates"]] == list(range(len(kl)))


def test_until_kl_goes_on_until_it_is_reached(run: Run) -> None:
    until = ("trajectory", *UNIFORM, "--digits", "3", "--until-kl")
    result, short = run(*until, "1/5000"), run(*until, "1/5000", "--steps", "20")
    assert (result.code, short.code) == (0, 4)
    assert len(result.out.splitlines()) > 22
    assert "KL is still above 1/5000 after 20 steps" in short.err
    far = run(*until, "1e-30", "--radius", "1/4", "--json")
    assert len(far.document(4)["iterates"]) == 1
    assert re.search(r"above 1e-30 after \d{2,3}(,\d00){4} steps, .* that is proved", far.err)


SOURCE = "git+https://example.org/owner/emtheory@v1.2.3"


@pytest.mark.parametrize(("ci", "job"), [("github", ".github/workflows/claims.yml"), ("gitlab", ".gitlab-ci.yml")])
def test_what_it_writes_passes_the_check_and_is_not_overwritten(run: Run, tmp_path: Path, ci: str, job: str) -> None:
    assert run("init", tmp_path / "new", "--ci", ci, "--from", SOURCE).code == 0
    claims = tmp_path / "new" / "claims.toml"
    checked = run("check", tmp_path / "new")
    assert checked.code == 0, checked
    assert f"{len(tomllib.loads(claims.read_text())['claim'])} claims checked" in checked.out
    if ci == "github":
        assert run("report", claims, "--out", tmp_path / "page", "--no-cache", "--jobs", "1", "--quick").code == 0
        page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
        assert all(text in page for text in ("Your name", "Away from the origin", "the error shrinks by 7 % a step"))
    assert claims.read_text().startswith("#:schema ./claims-file.schema.json\n")
    assert json.loads((tmp_path / "new" / "claims-file.schema.json").read_text())["properties"]["claim"]
    steps = (tmp_path / "new" / job).read_text()
    assert yaml.safe_load(steps)
    assert "emtheory check claims.toml" in steps
    assert f'python -m pip install "{SOURCE}"' in steps
    claims.write_text("mine")
    again = run("init", tmp_path / "new", "--ci", ci, "--from", SOURCE)
    again.assert_one_line_error(2, "exists already; nothing was written")
    assert claims.read_text() == "mine"


def test_nothing_is_written_where_one_of_the_files_exists(run: Run, tmp_path: Path) -> None:
    path = tmp_path / ".github" / "workflows" / "claims.yml"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "nowhere")
    run("init", tmp_path, "--from", SOURCE).assert_one_line_error(2, "claims.yml")
    assert [file for file in tmp_path.rglob("*") if not file.is_dir()] == [path]
    for source in (SOURCE, f"https://example.org/e.whl#sha256={'0a' * 32}"):
        assert requirement(source) == source
    assert requirement("vendor/emtheory-1.2.3-py3-none-any.whl") == "./vendor/emtheory-1.2.3-py3-none-any.whl"


def test_without_a_source_it_is_that_of_this_program(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = "0123456789" * 4
    local = '{"url": "file:///srv/emtheory", "dir_info": {}}'
    remote = f'{{"url": "https://example.org/e", "vcs_info": {{"vcs": "git", "commit_id": "{commit}"}}}}'
    for folder, record in (("first", None), ("second", local), (".", remote)):
        installed = SimpleNamespace(read_text=lambda _, record=record: record)
        monkeypatch.setattr("emtheory.reports.commands.init.distribution", lambda _, found=installed: found)
        written = run("init", tmp_path / folder)
        assert (written.code, "no CI job was written: name the place" in written.out) == (0, record != remote)
        if record != remote:
            assert {path.name for path in (tmp_path / folder).iterdir()} == {"claims.toml", "claims-file.schema.json"}
    job = (tmp_path / ".github" / "workflows" / "claims.yml").read_text()
    assert f'pip install "git+https://example.org/e@{commit}"' in job


QUICK = ("report", "--quick", "--select", "uniform-dft")


def test_json_is_the_document_of_the_report_and_nothing_else(run: Run, tmp_path: Path) -> None:
    out, cache = tmp_path / "report", tmp_path / "cache"
    result = run(*QUICK, "--json", "--jobs", "1", "--out", out, "--cache", cache)
    assert [entry["id"] for entry in result.document()["entries"]] == ["uniform-dft"]
    assert result.out == (out / "report.json").read_text(encoding="utf-8")
    assert list(cache.rglob("*.json"))


def test_a_selection_brings_what_it_rests_on() -> None:
    chosen = select_entries(None, ["theorem-*"])
    assert {entry.id for entry in chosen} == {entry.id for entry in catalogue() if entry.id.startswith("theorem-")}
    closed = with_supports(chosen)
    ids = {entry.id for entry in closed}
    assert {name for entry in closed for name in entry.depends} < ids
    assert ids > {entry.id for entry in chosen}
    assert [entry.id for entry in closed] == [entry.id for entry in catalogue() if entry.id in ids]


def test_claims_of_a_source_and_a_pattern(run: Run) -> None:
    def ids(*options: str) -> list[str]:
        return [claim["id"] for claim in run("claims", *options, "--json").document()["claims"]]

    listed = run("claims").out
    for claim in run("claims", "--json").document()["claims"]:
        assert set(claim) == {"id", "group", "title", "source", "expected", "depends"}
        assert claim["id"] in listed
    assert sorted(name for source in sources() for name in ids("--source", source)) == sorted(ids())
    assert ids("--select", "lemma-*") == [name for name in ids() if name.startswith("lemma-")]


def test_mutants_of_a_selection(run: Run) -> None:
    score = run("claims", "--select", "quick-check-uniform", "--mutants", "--json").document()
    assert score["mutants"] == score["refuted"] + len(score["survivors"]) > 0


def test_as_json_it_is_what_the_report_has(run: Run) -> None:
    document = run("show", "uniform-two-components", "--json").document()
    statement = document["statement"]
    assert (statement["id"], statement["verdict"]) == ("uniform-two-components", "refuted")
    assert statement["command"] == "emtheory show uniform-two-components"
    in_python = emtheory.show("uniform-two-components", jobs=1)
    assert in_python.ok
    assert str(in_python).startswith(statement["title"].split("$")[0])
    assert {**in_python.as_json(), "seconds": 0}.keys() == {*document, "seconds"}
    assert in_python.statement["claims"][0]["witness"] == statement["claims"][0]["witness"]
    with pytest.raises(emtheory.NothingSelectedError):
        emtheory.show("no-such")


def test_the_line_of_python_makes_the_claim_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for claim in (
        Claim("a 'b'", "contraction_factor <= 17/20", k=(2,), weights="one-heavy:4/5"),
        Claim("range", "spectral_gap == 0", k=(2, 3, 4, 5)),
        Claim("list", "spectral_gap > 0", k=(3, 5, 8, 9), weights="linear"),
        Claim("box", "spectral_gap >= 0", k=(3,), weights=("W", "1/2", "1/2-W"), for_all={"W": ("1/8", "1/4")}),
        Claim("two", "em_map > theta", k=(), family="two-means", values={"theta": "1/2", "separation": "1"}),
    ):
        made: list[Claim] = []
        monkeypatch.setattr(emtheory, "check", made.append)
        exec(python_line(replace(claim, title="t")), {"emtheory": emtheory})  # noqa: S102 (what is tested)
        assert made == [claim]
