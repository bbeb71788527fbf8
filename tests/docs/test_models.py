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
    blocks = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    whole = [block for block in blocks if "[[claim]]" in block]
    path = tmp_path / "scales.toml"
    for block, claim in zip(whole, ("contracts", "rate"), strict=True):
        path.write_text(block if block.startswith("schema") else f"schema = 1\n{block}", encoding="utf-8")
        assert [each.id for each in load_claims(path)] == [claim]


def test_the_python_of_the_page_runs() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 3) == (0, True)


def test_the_page_names_what_there_is() -> None:
    assert [name for name in QUANTITIES if f"`{name}" not in TEXT] == []
    assert [name for name, arguments in ARGUMENTS.items() if f"`{name}({', '.join(arguments)})`" not in TEXT] == []
