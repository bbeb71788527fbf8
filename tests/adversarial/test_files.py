"""Damaged claims files: exit status 2 with one line for each error, the same as JSON, nothing written, no traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from emtheory.reports.cli import main
from tests.tiers import examples

VALID = Path(__file__).with_name("valid.toml").read_text(encoding="utf-8")
PIECES = (*'[]"=\n-{}#0,.é\x00', "true", "nan", "1/0", "9" * 400, "'''", "W", "k = ", "radius", "amplitudes", "assume")
Run = Callable[[bytes], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Check a file of this content; nothing is written but a report."""

    def invoke(content: bytes) -> tuple[int, str, str]:
        path = tmp_path / "damaged.toml"
        path.write_bytes(content)
        code = main(["check", str(path), "--json", "--no-cache", "--junit", str(tmp_path / "junit.xml")])
        captured = capsys.readouterr()
        report = (tmp_path / "junit.xml").read_text() if (tmp_path / "junit.xml").exists() else ""
        (tmp_path / "junit.xml").unlink(missing_ok=True)
        assert path.read_bytes() == content
        # Of a file that can be read there is a report, which has the errors of claims that cannot be decided.
        assert bool(report) == (code in (0, 1, 4)) or (code == 2 and "<error" in report)
        assert [entry.name for entry in tmp_path.iterdir()] == ["damaged.toml"]
        return code, captured.out, captured.err

    return invoke


def assert_refused_or_checked(result: tuple[int, str, str]) -> None:
    code, output, errors = result
    assert code in (0, 1, 2, 4, 5), errors
    assert "Traceback" not in errors
    if code in (2, 5):
        error = json.loads(output)["error"]
        assert error["code"] == code
        assert error["message"].splitlines() == [line.removeprefix("emtheory: error: ") for line in errors.splitlines()]
        assert errors
        assert all(line.startswith("emtheory: error: ") for line in errors.splitlines())
        assert all(len(line) < 1000 for line in errors.splitlines())
    else:
        assert errors == ""


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
fuzz = examples(200, suppress_health_check=SLOW)


def test_the_undamaged_file_passes(run: Run) -> None:
    assert run(VALID.encode())[0] == 0


@given(data=st.data())
@examples(400, suppress_health_check=SLOW)
def test_mutations(run: Run, data: st.DataObject) -> None:
    text = VALID
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    assert_refused_or_checked(run(text.encode()))


@given(content=st.binary(max_size=300))
@fuzz
def test_any_bytes(run: Run, content: bytes) -> None:
    code, *_ = result = run(content)
    assert code == 2
    assert_refused_or_checked(result)


@pytest.mark.parametrize(
    "content",
    [
        b"a." * 2_000_000,
        b"a = " + b"[" * 4_000_000,
        b"a = '''" + b"x" * 4_900_000,
        b"[a]\n" * 300_000,
        b"schema = 1\n" + b"[[claim]]\n" * 10_000,
        pytest.param(
            b"schema = 1\n" + b'[[claim]]\nid = "a"\nstatement = "1 < 2"\nk = 3\nweights = "linear"\n' * 20_000,
            marks=pytest.mark.long,
        ),
        b"x" * 10_000_000,
        b"schema = " + b"1" * 10_000,
        b'schema = 1\n[[claim]]\nid = "a"\nk = 3\nweights = "linear"\nstatement = "' + b"(" * 1_000_000 + b'1 < 2"',
        b'schema = 1\n[[claim]]\nid = "a"\nk = 65536\nweights = "geometric:3/2"\nstatement = "spectral_gap > 0"',
        b'schema = 1\n[[claim]]\nid = "a"\nk = [' + b"65536," * 1000 + b']\nweights = "linear"\nstatement = "k > 0"',
    ],
    ids=lambda content: repr(content[:30]),
)
def test_large_files(run: Run, content: bytes) -> None:
    code, output, errors = run(content)
    assert (code, json.loads(output)["error"]["code"]) == (2, 2)
    assert "Traceback" not in errors
