import json
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.report.layout import check_replaceable, replaced_directory

KNOWN = ("report.json", "index.html")


def earlier_report(folder: Path) -> Path:
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps({"schema": 1, "program": "emtheory"}))
    return folder


def test_free_empty_and_earlier_reports_may_be_replaced(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "free" / "deep", KNOWN)
    (tmp_path / "empty").mkdir()
    check_replaceable(tmp_path / "empty", KNOWN)
    check_replaceable(earlier_report(tmp_path / "report"), KNOWN)


def test_other_folders_are_refused_and_a_file_of_the_users_in_a_report_is_not_lost(tmp_path: Path) -> None:
    for content in ("", "{", "[]", "{}", '{"schema": 1}', '{"schema": 1, "program": "other"}'):
        (tmp_path / "report.json").write_text(content)
        with pytest.raises(InputError, match="not an earlier report"):
            check_replaceable(tmp_path, KNOWN)
    mine = earlier_report(tmp_path / "report") / "notes.txt"
    mine.write_text("mine")
    for folder, message in ((tmp_path / "report", r"notes\.txt"), (mine, "not a folder")):
        with pytest.raises(InputError, match=message):
            check_replaceable(folder, KNOWN)


def test_a_place_that_cannot_be_written_is_found_at_once_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"x cannot be written: no folder can be made in .*file"):
        check_replaceable(tmp_path / "file" / "x", KNOWN)
    check_replaceable(tmp_path / "free" / "deep", KNOWN)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def interrupted(target: Path) -> None:
    with replaced_directory(target) as folder:
        (folder / "report.json").write_text("half")
        raise KeyboardInterrupt


def test_replaced_whole_and_an_interruption_leaves_the_earlier_one_whole(tmp_path: Path) -> None:
    target = earlier_report(tmp_path / "report")
    before = (target / "report.json").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        interrupted(target)
    assert (target / "report.json").read_bytes() == before
    with replaced_directory(target) as folder:
        (folder / "index.html").write_text("new")
        assert (target / "report.json").exists()
    assert [path.name for path in target.iterdir()] == ["index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_error_names_the_folder_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", lambda path, **options: None if options else full(path))
    with pytest.raises(OSError, match="Permission denied") as raised, replaced_directory(tmp_path / "report"):
        pass
    assert raised.value.filename == str(tmp_path / "report")
    monkeypatch.undo()
    with pytest.raises(OSError, match="Permission denied") as raised, replaced_directory(tmp_path / "report") as folder:
        full(folder / "index.html")
    assert raised.value.filename == str(tmp_path / "report")
