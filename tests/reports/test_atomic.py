import errno
from pathlib import Path

import pytest

from emtheory.reports.text_file import write_atomically


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content, written in (("text with ü", "text with ü".encode()), (b"\x00bytes", b"\x00bytes")):
        write_atomically(path, content)
        assert path.read_bytes() == written
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_and_a_full_disk_leave_the_previous_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
