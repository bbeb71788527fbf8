"""Files that are not certificates are told from those that are."""

from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.file import MAX_BYTES, read_certificate

HOSTILE = {
    "empty": b"",
    "not JSON": b"hello",
    "another JSON": b'{"schema": 1}',
    "a list": b"[1, 2]",
    "a number": b"7",
    "too deep": b"[" * 200_000,
    "too deep inside": b'{"format": "emtheory certificate", "version": 1, "x": ' + b'{"a":' * 100_000,
    "not a number": b'{"format": "emtheory certificate", "version": NaN}',
    "a huge number": b'{"format": "emtheory certificate", "version": ' + b"1" * 10_000 + b"}",
    "twice the same key": b'{"format": "emtheory certificate", "version": 1, "version": 1}',
    "not UTF-8": b"\xff\xfe{}",
    "too large": b" " * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_other_files_are_not_certificates(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.json: "):
        read_certificate(path)


def test_a_folder_or_nothing_is_not_a_certificate(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json"):
        with pytest.raises(InputError, match="cannot be read"):
            read_certificate(path)
