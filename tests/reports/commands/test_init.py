import json
import tomllib
from pathlib import Path

import pytest
import yaml

from emtheory.reports.commands.init import requirement
from tests.reports.conftest import Run

SOURCE = "git+https://example.org/owner/emtheory@v1.2.3"


@pytest.mark.usefixtures("no_workers")
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
    assert "emtheory check claims.toml" in steps
    assert f'python -m pip install "{SOURCE}"' in steps
    assert yaml.safe_load(steps)
    claims.write_text("mine")
    run("init", tmp_path / "new", "--ci", ci, "--from", SOURCE).assert_one_line_error(
        2, "exists already; nothing was written"
    )
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


def test_without_a_source_it_is_where_this_program_came_from(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed:
        record: str | None = None

        def read_text(self, _: str) -> str | None:
            return self.record

    monkeypatch.setattr("emtheory.reports.commands.init.distribution", lambda _: Installed())
    for folder, record in (("first", None), ("second", '{"url": "file:///srv/emtheory", "dir_info": {}}')):
        monkeypatch.setattr(Installed, "record", record)
        written = run("init", tmp_path / folder)
        assert written.code == 0
        assert "no CI job was written: name the place" in written.out
        assert {path.name for path in (tmp_path / folder).iterdir()} == {"claims.toml", "claims-file.schema.json"}
    commit = "0123456789" * 4
    record = f'{{"url": "https://example.org/e", "vcs_info": {{"vcs": "git", "commit_id": "{commit}"}}}}'
    monkeypatch.setattr(Installed, "record", record)
    assert run("init", tmp_path).code == 0
    job = (tmp_path / ".github" / "workflows" / "claims.yml").read_text()
    assert f'pip install "git+https://example.org/e@{commit}"' in job
