import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(("ci", "job"), [("github", ".github/workflows/claims.yml"), ("gitlab", ".gitlab-ci.yml")])
def test_what_it_writes_passes_the_check_and_is_not_overwritten(run: Run, tmp_path: Path, ci: str, job: str) -> None:
    assert run("init", tmp_path / "new", "--ci", ci).code == 0
    claims = tmp_path / "new" / "claims.toml"
    checked = run("check", tmp_path / "new")
    assert checked.code == 0, checked
    assert f"{len(tomllib.loads(claims.read_text())['claim'])} claims checked" in checked.out
    assert "emtheory check claims.toml" in (tmp_path / "new" / job).read_text()
    claims.write_text("mine")
    run("init", tmp_path / "new", "--ci", ci).assert_one_line_error(2, "exists already; nothing was written")
    assert claims.read_text() == "mine"


@pytest.mark.parametrize("existing", ["claims.toml", ".github/workflows/claims.yml"])
def test_nothing_is_written_where_one_of_the_files_exists(run: Run, tmp_path: Path, existing: str) -> None:
    path = tmp_path / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(tmp_path / "nowhere")
    run("init", tmp_path).assert_one_line_error(2, existing)
    assert [file for file in tmp_path.rglob("*") if not file.is_dir()] == [path]
