"""Bad requests to every command: one line that names what is wrong, also as JSON, and nothing computed or written."""

import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest

from emtheory.reports.cli import program
from tests.reports.checking.test_model_files import MODELS
from tests.reports.commands.test_certify_fit import FIT
from tests.reports.commands.test_certify_fit import MODELS as FITS
from tests.reports.commands.test_check import FALSE, TRUE, write
from tests.reports.conftest import Run

REFUSED = tomllib.loads(Path(__file__).with_name("refused.toml").read_text(encoding="utf-8"))
COMMANDS = [(f"{start} {rest}".strip(), said) for start, more in REFUSED.items() for rest, said in more.items()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that these commands name."""
    folder = tmp_path_factory.mktemp("files")
    points = np.random.default_rng(0).normal(size=(40, 3))
    np.save(folder / "three.npy", points)
    np.savetxt(folder / "x.csv", points[:, :2], delimiter=",")
    (folder / "line.csv").write_text("".join(f"{x},{2 * x + 1}\n" for x in range(-9, 10)), encoding="utf-8")
    (folder / "counts.csv").write_text("1\n2\n5\n", encoding="utf-8")
    (folder / "half.csv").write_text("0.5\n1.5\n", encoding="utf-8")
    (folder / "fit.json").write_text(str(FIT).replace("'", '"'), encoding="utf-8")
    (folder / "models.toml").write_text(MODELS, encoding="utf-8")
    (folder / "fits.toml").write_text(FITS, encoding="utf-8")
    write(folder / "claims.toml", TRUE, FALSE)
    return folder


@pytest.mark.parametrize(("command", "said"), COMMANDS, ids=[command[:80] for command, _ in COMMANDS])
def test_it_is_refused(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("emtheory.numerics.sweep.run.sweep", None)
    code, message = (int(said[0]), said[3:]) if said[1:3] == ": " else (2, said)
    before = sorted(folder.rglob("*"))
    name, *arguments = shlex.split(command)
    run(name, *arguments).assert_one_line_error(code, message)
    if name in program.commands and any("--json" in each.opts for each in program.commands[name].params):
        run(name, *arguments, "--json").assert_one_line_error(code, message)
    assert sorted(folder.rglob("*")) == before


def test_of_what_is_too_long_the_length_is_told(run: Run) -> None:
    options = ("--k", "3", "--weights", "1" * 10_000)
    run("evaluate", "spectral_gap", *options).assert_one_line_error(2, "has 10000 characters")
