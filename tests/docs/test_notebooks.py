"""The notebooks in examples/ show what their cells give today; their assertions are part of them."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.docs.notebooks import NOTEBOOKS, executed, texts

SECONDS = re.compile(r"[0-9.]+ s\b")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_short_and_show_what_they_say(path: Path) -> None:
    """If this fails, run `make notebooks`."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert 3 <= len(code) <= 6
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell.outputs) for cell in code) >= len(code) - 1
    assert {output.output_type for cell in code for output in cell.outputs} <= {"execute_result", "display_data"}
    assert "image" in texts(nbformat.read(path, as_version=4))
    assert any("assert " in cell.source for cell in code)
    assert path.stat().st_size < 150_000


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_stored_is_what_they_give(path: Path) -> None:
    """If this fails, run `make notebooks`."""
    stored = nbformat.read(path, as_version=4)
    shown = [SECONDS.sub("# s", text) for text in texts(stored)]
    assert [SECONDS.sub("# s", text) for text in texts(executed(stored))] == shown
