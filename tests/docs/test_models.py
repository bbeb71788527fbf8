"""The page on models: its file is read, its Python runs, and it names every quantity."""

import doctest
import re
from pathlib import Path

from emtheory.reports.checking.claims_file import load_claims
from emtheory.theory.mixtures.model import ARGUMENTS
from emtheory.theory.mixtures.names import QUANTITIES

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_file_of_the_page_is_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "scales.toml"
    path.write_text(block, encoding="utf-8")
    assert [claim.id for claim in load_claims(path)] == ["contracts"]


def test_the_python_of_the_page_runs() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 3) == (0, True)


def test_the_page_names_what_there_is() -> None:
    assert [name for name in QUANTITIES if f"`{name}" not in TEXT] == []
    assert [name for name, arguments in ARGUMENTS.items() if f"`{name}({', '.join(arguments)})`" not in TEXT] == []
