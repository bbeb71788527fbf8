"""The program as users and scripts meet it: exit status, standard output, standard error."""

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.checking import checking
from emtheory.reports.checking.effort import Effort, Outcome
from emtheory.reports.cli import program
from emtheory.theory.claim import Claim
from emtheory.theory.derivations import derive, names
from tests.reports.conftest import Run

PROGRAM = [sys.executable, "-c", "import sys; from emtheory.reports.cli import main; sys.exit(main())"]


def test_help_names_the_commands(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    for command in ("report", "evaluate", "check", "derive", "quantities", "claims"):
        assert command in result.out
    assert "..." not in result.out.partition("Claims of your own:")[2], "a summary is cut"

    assert re.fullmatch(r"emtheory \d+\.\d+\.\d+\n", run("--version").out)


def test_quantities(run: Run) -> None:
    text = run("quantities")
    assert "strong_convexity_radius(fraction=0)" in text.out
    document = json.loads(run("quantities", "--json").out)
    quantities = {quantity["name"]: quantity for quantity in document["quantities"]}
    assert document["schema"] == 1
    assert set(quantities) == {name for name in QUANTITIES if "." not in name}
    assert "em_map" in run("quantities", "--family", "two-means").out
    assert "More: --family" in text.out
    assert quantities["posterior_power"]["needs_point"] is True
    assert quantities["pl_constant"]["arguments"][0]["name"] == "radius"
    assert quantities["strong_convexity_radius"]["arguments"][0]["default"] == "0"


def test_derive(run: Run) -> None:
    document = json.loads(run("derive", "descent", "--format", "json").out)
    assert document["name"] == "descent"
    assert [step["number"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
    assert document["statement"]
    assert document["formal"]["conclusions"]
    assert all(step["checked"]["method"] for step in document["steps"] if step["kind"] == "equation")
    latex = run("derive", "descent", "--format", "latex").out
    assert latex.count(r"\[") == sum(step.formula is not None for step in derive("descent", None).steps)
    text = run("derive", "descent", "--format", "text").out
    assert "\n1. " in text
    assert "checked by" in text
    every_k = run("derive", "descent", "--general").out
    assert "(every k)" in every_k
    assert "cites Taylor's theorem" in every_k
    run("derive", "lloyd-radius", "--general").assert_one_line_error(2, "one k at a time")


def test_a_failing_derivation_exits_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from emtheory.theory.errors import DerivationError

    failure = DerivationError("step 2: the sides differ")
    monkeypatch.setattr("emtheory.reports.api.derive.derive", lambda *_, **__: _fail(failure))
    run("derive", "dft").assert_one_line_error(1, "step 2: the sides differ")


EVALUATE = ("evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,3/10,1/5")


def test_the_installed_program_separates_output_from_errors() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*PROGRAM, "evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,½", "--json"]
    bad = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert bad.returncode == 2
    assert bad.stderr.count("\n") == 1
    assert json.loads(bad.stdout)["error"]["code"] == 2


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


@pytest.mark.long
def test_colour_on_a_terminal_and_none_if_it_is_not_wanted(tmp_path: Path) -> None:
    assert "\x1b[32m" in on_terminal("stdout", "check", claims_file(tmp_path))[0]
    assert "\x1b" not in on_terminal("stdout", "quantities", NO_COLOR="1")[0]


def test_progress_goes_to_standard_error_on_a_terminal_only(tmp_path: Path) -> None:
    progress, output = on_terminal("stderr", "check", claims_file(tmp_path), "--json")
    assert "checking" in progress
    assert json.loads(output)["ok"] is True


def test_a_reader_that_goes_away_is_no_error() -> None:
    writer = subprocess.Popen([*PROGRAM, "quantities"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(timeout=60) == 141
    with Path("/dev/full").open("w") as full:
        command = [*PROGRAM, "quantities", "--json"]
        told = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (told.returncode, told.stderr) == (2, "emtheory: error: file: No space left on device\n")


def test_ctrl_c_ends_the_process_promptly_and_says_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    claims = (
        f'[[claim]]\nid = "{n}"\nstatement = "kl_divergence > {n}"\nk = 3\nweights = "linear"\nradius = "1"\n'
        for n in range(300)
    )
    path.write_text("schema = 1\n" + "".join(claims))
    # A shell that runs the tests in the background has SIGINT ignored, and children inherit that.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [*PROGRAM, "check", str(path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heeding)  # noqa: PLW1509
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.readline().startswith(b"ok")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    said = errors.decode().strip()
    assert re.fullmatch(
        r"emtheory: error: interrupted: \d+ of 300 claims were decided; verdicts are kept in .*", said
    ), said


def test_only_what_a_command_needs_is_imported(tmp_path: Path) -> None:
    """That makes help fast; the time itself depends on the machine."""
    code = (
        "import sys; from emtheory.reports.cli import main; main(sys.argv[1:]); "
        "print(sorted({'sympy', 'numpy', 'scipy', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    check = ("check", claims_file(tmp_path), "--cache", str(tmp_path / "cache"))
    last = []
    for arguments in (check, check):
        result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        last.append(result.stdout.splitlines()[-1])
    assert last == ["['sympy']", "[]"]


def test_errors_of_commands_with_json_are_json(run: Run) -> None:
    # A usage error, before the command begins: no command has this option.
    for name, command in program.commands.items():
        if any("--json" in parameter.opts for parameter in command.params):
            result = run(name, "--json", "--frobnicate")
            result.assert_one_line_error(2, "--frobnicate")
            assert json.loads(result.out)["error"]["kind"] == "bad input"


def test_an_internal_error_and_an_interruption_are_json_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, code, kind in ((ZeroDivisionError("x"), 3, "internal error"), (KeyboardInterrupt(), 130, "interrupted")):
        monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", partial(_fail, error))
        result = run(*EVALUATE, "--json")
        assert result.code == code
        assert json.loads(result.out)["error"]["kind"] == kind
        assert "Traceback" not in result.out
    assert result.err.strip() == "emtheory: error: interrupted: nothing is kept"


def test_an_interruption_says_what_is_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = '[[claim]]\nid = "{}"\nstatement = "spectral_gap > 0"\nk = {}\nweights = "linear"\n'
    (tmp_path / "claims.toml").write_text("schema = 1\n" + table.format("a", 2) + table.format("b", 3))
    kept = tmp_path / "kept"
    check_claim = checking.check_claim

    def interrupted_at_b(claim: Claim, effort: Effort) -> Outcome:
        return _fail(KeyboardInterrupt()) if claim.id == "b" else check_claim(claim, effort)

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check_claim", interrupted_at_b)
        stopped = run("check", tmp_path / "claims.toml", "--cache", kept)
        assert stopped.code == 130
        assert f"1 of 2 claims were decided; verdicts are kept in {kept}: the same command goes on" in stopped.err
        assert "; none of them is kept" in run("check", tmp_path / "claims.toml", "--no-cache").err
    first, second, _ = run("check", tmp_path / "claims.toml", "--cache", kept).out.splitlines()
    assert first.split()[:4] == ["ok", "a", "proved", "cached"]
    assert "cached" not in second
    monkeypatch.setattr("emtheory.numerics.sweep.run.sweep", _interrupted)
    sweep = ("sweep", "--k", "2", "--weights", "linear", "--quantity", "spectral_gap", "--jobs", "1")
    assert "nothing is kept: --store FILE keeps cells" in run(*sweep).err
    monkeypatch.setattr("emtheory.reports.api.show.decided_statements", _interrupted)
    assert "what is decided is kept in" in run("show", "uniform-dft").err


def test_what_stands_behind_two_dashes_is_no_option(run: Run) -> None:
    result = run("check", "--", "--json")
    assert (result.code, result.out) == (2, "")
    assert "--json: cannot be read" in result.err


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _fail(error: BaseException, *_: object) -> Any:
    raise error


def test_derive_alone_lists_what_there_is(run: Run) -> None:
    lines = run("derive").out.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    assert any(line.startswith("lloyd-radius ") and "k = 2 to 5" in line for line in lines)
    run("derive", "--k", "3").assert_one_line_error(2, "say what is to be derived")
