"""The program as users and scripts meet it: exit status, standard output, standard error."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from numerics.errors import CannotAnswerError
from reports.cli import main

PROGRAM = [sys.executable, "-c", "import sys; from reports.cli import main; sys.exit(main())"]


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def invoke(*arguments: str | Path) -> Result:
        code = main([str(argument) for argument in arguments])
        return Result(code, *capsys.readouterr())

    return invoke


def assert_one_line_error(result: Result, code: int, message: str) -> None:
    assert result.code == code, result
    assert result.out == ""
    assert re.fullmatch(r"emtheory: error: [^\n]+\n", result.err), result.err
    assert message in result.err
    assert "Traceback" not in result.err


def test_help_names_the_commands(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    for command in ("report", "evaluate", "check", "derive", "quantities", "claims"):
        assert command in result.out


@pytest.mark.parametrize("command", ["report", "evaluate", "check", "derive", "quantities", "claims"])
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert "Usage: emtheory" in result.out


def test_version(run: Run) -> None:
    assert re.fullmatch(r"emtheory \d+\.\d+\.\d+\n", run("--version").out)


def test_without_arguments_it_explains_itself(run: Run) -> None:
    result = run()
    assert result.code == 2
    assert "Usage: emtheory" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("evalute",), "Did you mean 'evaluate'?"),
        (("--frobnicate",), "--frobnicate"),
        (("check",), "FILES"),
        (("check", "missing.toml"), "missing.toml: cannot be read"),
        (("check", "x.toml", "--require", "likely"), "likely"),
        (("derive", "no-such"), "no-such"),
        (("derive", "dft", "--k", "1"), "k"),
        (("derive", "dft", "--k", "99"), "k"),
    ],
)
def test_usage_errors_are_one_line(run: Run, arguments: tuple[str, ...], message: str) -> None:
    assert_one_line_error(run(*arguments), 2, message)


EVALUATE = ("evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,3/10,1/5")
AT_POINT = ("evaluate", "kl_divergence", "--k", "3", "--weights", "1/2,3/10,1/5")


def test_evaluate_exactly(run: Run) -> None:
    result = run(*EVALUATE)
    assert result.code == 0
    assert result.err == ""
    assert result.out.splitlines()[0] == "0.07"
    assert "7/100" in result.out


def test_evaluate_json(run: Run) -> None:
    result = run(*EVALUATE, "--json")
    document = json.loads(result.out)
    assert list(document) == [
        "schema",
        "quantity",
        "arguments",
        "case",
        "value",
        "lower",
        "upper",
        "level",
        "route",
        "digits",
        "seconds",
    ]
    assert document["value"] == document["lower"] == document["upper"] == "0.07"
    assert (document["schema"], document["level"], document["route"], document["digits"]) == (1, "exact", "exact", 30)
    assert document["case"] == {
        "k": 3,
        "weights": ["1/2", "3/10", "1/5"],
        "d": 2,
        "radius": None,
        "amplitudes": None,
    }


def test_evaluate_an_irrational_number_with_an_enclosure(run: Run) -> None:
    document = json.loads(
        run("evaluate", "dft_modulus", "--k", "3", "--weights", "1/2,3/10,1/5", "--set", "m=1", "--json").out
    )
    # √7/10 by long multiplication of integers.
    scale = 10**32
    assert int(document["lower"].replace("0.", "")) ** 2 <= 7 * scale**2 * 10**2
    value = int(document["value"].removeprefix("0.").ljust(33, "0"))
    assert value**2 <= 7 * 10**64 <= (value + 1) ** 2 or (value - 1) ** 2 <= 7 * 10**64 <= value**2
    assert document["arguments"] == {"m": "1"}


def test_a_route_without_proof_has_no_enclosure(run: Run) -> None:
    document = json.loads(run(*AT_POINT, "--radius", "1", "--route", "mp", "--digits", "20", "--json").out)
    assert document["level"] == "supported"
    assert document["lower"] is None
    assert document["upper"] is None
    floating = json.loads(run(*AT_POINT, "--radius", "1", "--route", "float", "--json").out)
    assert floating["level"] == "observed"
    assert floating["lower"] is None
    assert float(floating["value"]) == pytest.approx(float(document["value"]), rel=1e-9)


def test_a_certified_route_has_an_enclosure_that_contains_the_estimate(run: Run) -> None:
    document = json.loads(run(*AT_POINT, "--radius", "1", "--digits", "40", "--json").out)
    assert document["level"] == "certified"
    estimate = json.loads(run(*AT_POINT, "--radius", "1", "--route", "mp", "--digits", "50", "--json").out)["value"]
    width = len("0.") + 40
    assert document["lower"][:width] <= estimate[:width] <= document["upper"][:width]
    assert document["lower"] <= document["value"] <= document["upper"]


def test_human_output_tells_what_the_evidence_means(run: Run) -> None:
    assert "error estimated, not proved" in run(*AT_POINT, "--radius", "1", "--route", "mp").out
    assert "rigorous enclosure" in run(*AT_POINT, "--radius", "1").out
    assert "double precision" in run(*AT_POINT, "--radius", "1", "--route", "float").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("spectral_gapp", "--k", "3", "--weights", "uniform"), "did you mean spectral_gap?"),
        (("spectral_gap", "--k", "3"), "--weights"),
        (("spectral_gap", "--weights", "uniform"), "--k"),
        (("spectral_gap", "--k", "three", "--weights", "uniform"), "three"),
        (("spectral_gap", "--k", "3.0", "--weights", "uniform"), "3.0"),
        (("spectral_gap", "--k", "1", "--weights", "1"), "k = 1 is out of range"),
        (("spectral_gap", "--k", "-3", "--weights", "uniform"), "out of range"),
        (("spectral_gap", "--k", "9" * 30, "--weights", "uniform"), "out of range"),
        (("spectral_gap", "--k", "3", "--weights", "1/2,1/3,1/4"), "sum to 13/12"),
        (("spectral_gap", "--k", "3", "--weights", "1/2,1/2"), "2 weights were given"),
        (("spectral_gap", "--k", "3", "--weights", "1,1/2,-1/2"), "not positive"),
        (("spectral_gap", "--k", "3", "--weights", "1/2,1/2,0"), "not positive"),
        (("spectral_gap", "--k", "3", "--weights", "nan,1/2,1/2"), "nan"),
        (("spectral_gap", "--k", "3", "--weights", "1/0,1/2,1/2"), "divides by zero"),
        (("spectral_gap", "--k", "3", "--weights", ""), "not an exact number"),
        (("spectral_gap", "--k", "3", "--weights", "1" * 10_000), "has 10000 characters"),
        (("spectral_gap", "--k", "3", "--weights", "heavy:1/2"), "unknown weight family"),
        (("spectral_gap", "--k", "3", "--weights", "one-heavy"), "needs"),
        (("spectral_gap", "--k", "3", "--weights", "one-heavy:2"), "not strictly between"),
        (("spectral_gap", "--k", "5", "--weights", "difference-set:1/2"), "no perfect difference set"),
        (("spectral_gap", "--k", "3", "--weights", "uniform", "--d", "1"), "d = 1 is out of range"),
        (("spectral_gap", "--k", "3", "--weights", "uniform", "--radius", "1"), "does not depend on a point"),
        (("kl_divergence", "--k", "3", "--weights", "uniform"), "needs a point"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--radius", "-1"), "negative"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--radius", "nan"), "nan"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--radius", "inf"), "inf"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--radius", "1e99999999"), "1e99999999"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--radius", "__import__('os')"), "not an exact number"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--amplitudes", "1,1"), "2 amplitudes"),
        (("kl_divergence", "--k", "3", "--weights", "uniform", "--amplitudes", "1", "--radius", "1"), "not both"),
        (("dft_modulus", "--k", "3", "--weights", "uniform"), "needs the argument m"),
        (("dft_modulus", "--k", "3", "--weights", "uniform", "--set", "m=3"), "unknown frequency m = 3"),
        (("dft_modulus", "--k", "3", "--weights", "uniform", "--set", "m=0"), "unknown frequency m = 0"),
        (("dft_modulus", "--k", "3", "--weights", "uniform", "--set", "m"), "write NAME=VALUE"),
        (("dft_modulus", "--k", "3", "--weights", "uniform", "--set", "m=1", "--set", "m=2"), "twice"),
        (("dft_modulus", "--k", "3", "--weights", "uniform", "--set", "q=1"), "no argument 'q'"),
        (("spectral_gap", "--k", "3", "--weights", "uniform", "--digits", "0"), "digits = 0 is out of range"),
        (("spectral_gap", "--k", "3", "--weights", "uniform", "--digits", "100000"), "out of range"),
        (("spectral_gap", "--k", "3", "--weights", "uniform", "--route", "magic"), "magic"),
        (("sublinear_constant", "--k", "3", "--weights", "linear"), "uniform weights only"),
    ],
    ids=lambda value: " ".join(value)[:80] if isinstance(value, tuple) else "",
)
def test_bad_input_to_evaluate(run: Run, arguments: tuple[str, ...], message: str) -> None:
    assert_one_line_error(run("evaluate", *arguments), 2, message)
    assert_one_line_error(run("evaluate", *arguments, "--json"), 2, message)


def test_a_request_that_cannot_be_met_exits_4(run: Run) -> None:
    assert_one_line_error(run(*AT_POINT, "--radius", "1", "--route", "exact"), 4, "")


def test_too_few_digits_are_never_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from numerics.evaluate import evaluate

    def coarse(*arguments: object) -> object:
        *request, _digits, route = arguments
        return evaluate(*request, 15, route)  # type: ignore[arg-type]

    monkeypatch.setattr("reports.commands.evaluate.evaluate", coarse)
    assert_one_line_error(run(*AT_POINT, "--radius", "1", "--digits", "60"), 4, "is not 60 significant digits")


def test_an_internal_error_is_one_line_and_a_trace_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a bug\nover two lines")

    monkeypatch.setattr("reports.commands.evaluate.evaluate", fail)
    assert_one_line_error(run(*EVALUATE), 3, "ZeroDivisionError: a bug over two lines")
    monkeypatch.setenv("EMTHEORY_TRACEBACK", "1")
    result = run(*EVALUATE)
    assert result.code == 3
    assert "Traceback" in result.err


def test_an_interruption_exits_130_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.commands.evaluate.evaluate", interrupt)
    result = run(*EVALUATE)
    assert result.code == 130
    assert result.out == ""
    assert result.err.strip() == ""


def test_an_answer_that_no_route_gives_is_not_a_crash(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise CannotAnswerError("no route")

    monkeypatch.setattr("reports.commands.evaluate.evaluate", refuse)
    assert_one_line_error(run(*EVALUATE), 4, "no route")


def test_quantities(run: Run) -> None:
    text = run("quantities")
    assert text.code == 0
    assert "strong_convexity_radius(fraction=0)" in text.out
    document = json.loads(run("quantities", "--json").out)
    quantities = {quantity["name"]: quantity for quantity in document["quantities"]}
    assert document["schema"] == 1
    assert len(quantities) >= 15
    assert quantities["posterior_power"]["needs_point"] is True
    assert quantities["pl_constant"]["arguments"][0]["name"] == "radius"
    assert quantities["strong_convexity_radius"]["arguments"][0]["default"] == "0"


def test_claims(run: Run) -> None:
    document = json.loads(run("claims", "--json").out)
    assert document["schema"] == 1
    assert document["claims"]
    for claim in document["claims"]:
        assert set(claim) == {"id", "title", "source", "expected"}
        assert claim["expected"] in ("holds", "refuted")
        assert claim["id"] in run("claims").out


@pytest.mark.parametrize("form", ["text", "latex", "json"])
def test_derive(run: Run, form: str) -> None:
    result = run("derive", "dft", "--k", "3", "--format", form)
    assert result.code == 0
    assert result.err == ""
    if form == "json":
        document = json.loads(result.out)
        assert document["name"] == "dft"
        assert document["k"] == 3
        assert [step["number"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
        equations = [step for step in document["steps"] if step["kind"] == "equation"]
        assert equations
        assert all(step["checked"]["points"] >= 1 for step in equations)
        assert json.loads(run("derive", "dft", "--json").out) == document
    elif form == "latex":
        assert result.out.count(r"\item") >= 3
        assert result.out.count(r"\[") == result.out.count(r"\item")
    else:
        assert "\n1. " in result.out
        assert "checked by" in result.out


def test_a_failing_derivation_exits_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from theory.derivation import DerivationError

    def fail(*_: object) -> None:
        raise DerivationError("step 2: the sides differ")

    monkeypatch.setattr("reports.commands.derive.derive", fail)
    assert_one_line_error(run("derive", "dft"), 1, "step 2: the sides differ")


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
        encoding="utf-8",
    )


def test_the_installed_program_separates_output_from_errors() -> None:
    good = process(*EVALUATE, "--json")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["value"] == "0.07"
    bad = process("evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,1/2", "--json")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1


def test_a_terminal_without_unicode_is_no_obstacle() -> None:
    result = process("quantities", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "spectral_gap" in result.stdout


def on_terminal(stream: str, *arguments: str, **environment: str) -> tuple[str, str]:
    """Run with one of the two output streams on a pseudo-terminal; return what it and the other stream got."""
    terminal, end = os.openpty()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: end}
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    running = subprocess.Popen([*PROGRAM, *arguments], env={**clean, "TERM": "xterm", **environment}, **streams)
    os.close(end)
    other = b"".join(part for part in running.communicate(timeout=60) if part is not None)
    with os.fdopen(terminal, "rb", buffering=0) as reader:
        return reader.read(65536).decode(), other.decode()


def claims_file(folder: Path) -> str:
    path = folder / "a.toml"
    path.write_text(
        'schema = 1\n[[claim]]\nid = "a"\nstatement = "spectral_gap > 0"\nk = 3\nweights = "linear"\n', encoding="utf-8"
    )
    return str(path)


def test_colour_on_a_terminal_and_none_if_it_is_not_wanted(tmp_path: Path) -> None:
    assert "\x1b[32m" in on_terminal("stdout", "check", claims_file(tmp_path))[0]
    assert "\x1b" not in on_terminal("stdout", "check", claims_file(tmp_path), NO_COLOR="1")[0]


def test_progress_goes_to_standard_error_on_a_terminal_only(tmp_path: Path) -> None:
    progress, output = on_terminal("stderr", "check", claims_file(tmp_path), "--json")
    assert "checking" in progress
    assert json.loads(output)["ok"] is True
    assert process("check", claims_file(tmp_path), "--json").stderr == ""


def test_a_reader_that_goes_away_is_no_error() -> None:
    writer = subprocess.Popen([*PROGRAM, "derive", "dft"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(timeout=60) == 141


def test_ctrl_c_ends_the_process_promptly_and_quietly(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    claims = (
        f'[[claim]]\nid = "{n}"\nstatement = "kl_divergence > {n}"\nk = 3\nweights = "linear"\nradius = "1"\n'
        for n in range(3000)
    )
    path.write_text("schema = 1\n" + "".join(claims))
    running = subprocess.Popen([*PROGRAM, "check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.readline().startswith(b"ok")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert errors.strip() == b""


def test_help_is_fast() -> None:
    # Importing nothing heavy is what makes it so; the time itself depends on the machine.
    code = "import sys; from reports.cli import main; main(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(result.stderr.split())
    assert not loaded & {"sympy", "numpy", "scipy", "mpmath", "flint", "pydantic", "jinja2", "matplotlib"}
