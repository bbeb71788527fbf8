"""The worked example of docs/families.md, followed to the letter in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.decide.claim import decide_claim

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.long
def test_claims_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    _, counted = load_claims(path)
    assert decide_claim(counted).outcome == "certified"


@pytest.mark.long
def test_a_family_in_one_file(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
    (example,) = blocks("python")
    (copy / "numerics" / "families" / "scaled.py").write_text(example, encoding="utf-8")
    (copy / "numerics" / "families" / "scaled.toml").write_text(blocks("toml")[-2], encoding="utf-8")
    (copy / "claims.toml").write_text(blocks("toml")[-1], encoding="utf-8")

    def run(*arguments: str) -> str:
        command = [
            sys.executable,
            "-c",
            "import sys; from emtheory.reports.cli import main; sys.exit(main())",
            *arguments,
        ]
        environment = os.environ | {"PYTHONPATH": str(copy)}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    place = ("--family", "scaled", "--theta", "1", "--scale", "2", "--digits", "15", "--json")
    ball, other = (json.loads(run("evaluate", "em_map", *place, "--route", route)) for route in ("ball", "mp"))
    assert ball["level"] == "certified"
    assert ball["value"][:15] == other["value"][:15]
    checked = json.loads(run("check", "claims.toml", "--json", "--certificates", "certificates", "--no-cache"))
    assert [claim["verdict"] for claim in checked["claims"]] == ["certified", "refuted"]
    assert "accepted" in run("replay", "certificates")
    assert "scaled" in run("quantities")
