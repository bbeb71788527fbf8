"""The program as users and scripts meet it."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event, active_count
from typing import Any

import pytest
from click.shell_completion import BashComplete

from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.checking import checking
from emtheory.reports.checking.effort import Effort, Outcome
from emtheory.reports.cli import program
from emtheory.reports.progress import progress, waiting
from emtheory.reports.text_file import write_atomically
from emtheory.theory.claim import Claim
from emtheory.theory.derivations import derive, names
from tests.reports.conftest import Run

PROGRAM = [sys.executable, "-c", "import sys; from emtheory.reports.cli import main; sys.exit(main())"]


def test_help_names_the_commands(run: Run) -> None:
    result = run("--help")
    assert [name for name in program.commands if name not in result.out] == []
    assert "..." not in result.out.partition("Claims of your own:")[2], "a summary is cut"
    assert re.fullmatch(r"emtheory \d+\.\d+\.\d+\n", run("--version").out)


def test_quantities(run: Run) -> None:
    text = run("quantities")
    assert "strong_convexity_radius(fraction=0)" in text.out
    quantities = {each["name"]: each for each in run("quantities", "--json").document()["quantities"]}
    assert set(quantities) == {name for name in QUANTITIES if "." not in name}
    assert "em_map" in run("quantities", "--family", "two-means").out
    assert "More: --family" in text.out
    arguments = [quantities[name]["arguments"][0] for name in ("pl_constant", "strong_convexity_radius")]
    assert (arguments[0]["name"], arguments[1]["default"]) == ("radius", "0")
    assert quantities["posterior_power"]["needs_point"] is True


def test_derive(run: Run) -> None:
    document = run("derive", "descent", "--format", "json").document()
    assert document["statement"]
    assert document["formal"]["conclusions"]
    assert [step["number"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
    assert all(step["checked"]["method"] for step in document["steps"] if step["kind"] == "equation")
    latex = run("derive", "descent", "--format", "latex").out
    assert latex.count(r"\[") == sum(step.formula is not None for step in derive("descent", None).steps)
    text = run("derive", "descent", "--format", "text").out
    every_k = run("derive", "descent", "--general").out
    assert "\n1. " in text
    assert "checked by" in text
    assert "(every k)" in every_k
    assert "cites Taylor's theorem" in every_k


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
    assert (bad.returncode, bad.stderr.count("\n"), json.loads(bad.stdout)["error"]["code"]) == (2, 1, 2)


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


CLAIM = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 3\nweights = "linear"\n'


def claims_file(path: Path, *ids: str, statement: str = "spectral_gap > 0") -> str:
    claims = (CLAIM.format(name, statement.format(name)) for name in ids)
    path.write_text("schema = 1\n" + "".join(claims), encoding="utf-8")
    return str(path)


@pytest.mark.long
def test_colour_on_a_terminal_and_none_if_it_is_not_wanted(tmp_path: Path) -> None:
    assert "\x1b[32m" in on_terminal("stdout", "check", claims_file(tmp_path / "a.toml", "a"))[0]
    assert "\x1b" not in on_terminal("stdout", "quantities", NO_COLOR="1")[0]


def test_progress_goes_to_standard_error_on_a_terminal_only(tmp_path: Path) -> None:
    progress, output = on_terminal("stderr", "check", claims_file(tmp_path / "a.toml", "a"), "--json")
    assert "checking" in progress
    assert json.loads(output)["ok"] is True


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    told = subprocess.run([*PROGRAM, "quantities"], stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(write)
    assert (told.returncode, told.stderr) == (141, b"")
    with Path("/dev/full").open("w") as full:
        command = [*PROGRAM, "quantities", "--json"]
        told = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (told.returncode, told.stderr) == (2, "emtheory: error: file: No space left on device\n")


def test_ctrl_c_ends_the_process_promptly_and_says_what_is_kept(tmp_path: Path) -> None:
    path = claims_file(tmp_path / "slow.toml", *map(str, range(300)), statement="pl_constant(radius=1) > {}")
    # A shell that runs the tests in the background has SIGINT ignored, and children inherit that.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [*PROGRAM, "check", path]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heeding)  # noqa: PLW1509
    assert running.stdout.readline().startswith(b"ok")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    told = errors.decode().strip()
    said = r"emtheory: error: interrupted: \d+ of 300 claims were decided; verdicts are kept in .*"
    assert re.fullmatch(said, told), told


def test_only_what_a_command_needs_is_imported(tmp_path: Path) -> None:
    """That makes help fast; the time itself depends on the machine."""
    code = (
        "import sys; from emtheory.reports.cli import main; main(sys.argv[1:]); "
        "print(sorted({'sympy', 'numpy', 'scipy', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    check = ("check", claims_file(tmp_path / "a.toml", "a"), "--cache", str(tmp_path / "cache"))
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
        assert result.document(code)["error"]["kind"] == kind
        assert "Traceback" not in result.out
    assert result.err.strip() == "emtheory: error: interrupted: nothing is kept"


def test_an_interruption_says_what_is_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept, check_claim = (
        claims_file(tmp_path / "a.toml", "1", "2", statement="spectral_gap > -{}"),
        tmp_path / "kept",
        checking.check_claim,
    )

    def interrupted_at_2(claim: Claim, effort: Effort) -> Outcome:
        return _fail(KeyboardInterrupt()) if claim.id == "2" else check_claim(claim, effort)

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check_claim", interrupted_at_2)
        stopped = run("check", file, "--cache", kept)
        assert stopped.code == 130
        assert f"1 of 2 claims were decided; verdicts are kept in {kept}: the same command goes on" in stopped.err
        assert "; none of them is kept" in run("check", file, "--no-cache").err
    first, second, _ = run("check", file, "--cache", kept).out.splitlines()
    assert first.split()[:4] == ["ok", "1", "proved", "cached"]
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


def completions(*words: str) -> set[str]:
    """What is proposed for a command line whose last word is not complete."""
    complete = BashComplete(program, {}, "emtheory", "_EMTHEORY_COMPLETE")
    return {item.value for item in complete.get_completions(list(words[:-1]), words[-1])}


def test_bash_is_told() -> None:
    words = ("evaluate", "--model", "three-means", "em_r")
    told = {"_EMTHEORY_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("emtheory", *words)), "COMP_CWORD": "4"}
    result = subprocess.run(PROGRAM, env=os.environ | told, capture_output=True, text=True, timeout=60, check=False)
    assert {line.partition(",")[2] for line in result.stdout.splitlines()} == completions(*words) == {"em_rate"}


def test_names_models_and_their_parameters_are_completed() -> None:
    assert completions("evaluate", "pl_") == {name for name in QUANTITIES if name.startswith("pl_")}
    for words, expected in (
        ("derive uniform-d", {"uniform-dft"}),
        ("claims --source w", {"weinberger_bresler", "wu_zhou"}),
        ("evaluate pl_ratio --route b", {"ball"}),
        ("evaluate em_map --family two-means --sep", {"--separation"}),
        ("evaluate em_map --family two-means --at sep", {"separation="}),
        ("evaluate strong_convexity_radius --set ", {"fraction="}),
        ("sweep --weights one", {"one-heavy:"}),
    ):
        assert completions(*words.split(" ")) == expected
    file = str(Path(__file__).parents[2] / "examples" / "models" / "unequal-variances.toml")
    (name,) = completions("evaluate", "em_map", "--models", file, "--model", "u")
    assert "theta=" in completions("evaluate", "em_map", "--models", file, "--model", name, "--at", "t")
    assert completions("evaluate", "em_map", "--models", "missing.toml", "--at", "t") == set()


def test_ids_of_claims_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claims_file(tmp_path / "claims.toml", "rate-1", "gap")
    claims_file(tmp_path / "other.toml", "rate-2")
    (tmp_path / "broken.toml").write_text("schema = ")
    assert completions("check", "--explain", "rate") == {"rate-1"}  # of the folder
    assert completions("check", "other.toml", "--select", "") == {"rate-2"}
    assert completions("sharpen", "other.toml", "--select", "r") == {"rate-2"}
    assert completions("check", "broken.toml", "--select", "r") == set()


def _clock(monkeypatch: pytest.MonkeyPatch, times: list[float]) -> None:
    ticks: Iterator[float] = iter(times)
    monkeypatch.setattr("emtheory.reports.progress.monotonic", lambda: next(ticks))


def test_a_line_now_and_then_with_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The start; then at each thing the time.
    _clock(monkeypatch, [100, 101, 110, 131, 140, 191, 200])
    with progress(9, "cells") as advance:
        for _ in range(6):
            advance()
    captured = capsys.readouterr()
    assert captured.out == ""
    # 3 in 31 s leave 6 for 62 s; then 2 in 60 s leave 4 for 120 s.
    assert captured.err == (
        "cells: 3 of 9 after 0:00:31, about 0:01:02 left\ncells: 5 of 9 after 0:01:31, about 0:02:00 left\n"
    )

    _clock(monkeypatch, [0, 29, 100])
    with progress(2, "cells") as advance:
        advance()
        advance()
    assert capsys.readouterr().err == ""


def test_what_takes_long_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.reports.progress.INTERVAL_SECONDS", 0.001)
    before, said = active_count(), Event()

    def what() -> str:
        said.set()
        return "0 of 1 claims decided"

    def interrupted() -> None:
        with waiting(what):
            assert said.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("0 of 1 claims decided after 0:00:00\n")
    assert active_count() == before


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content, written in (("text with ü", "text with ü".encode()), (b"\x00bytes", b"\x00bytes")):
        write_atomically(path, content)
        assert path.read_bytes() == written
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_and_a_full_disk_leave_the_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    for error in (KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")):

        def fail(_descriptor: int, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr("emtheory.reports.text_file.os.fsync", fail)
        with pytest.raises((KeyboardInterrupt, OSError)) as raised:
            write_atomically(path, "after")
        assert path.read_text() == "before"
        assert list(tmp_path.iterdir()) == [path]
    assert raised.value.filename == str(path)


def test_a_missing_folder_and_one_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "file", "text")
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, "text")
    assert tmp_path.is_dir()
