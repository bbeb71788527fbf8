"""Pages name what there is, what they show works, and the notebooks in examples/ show what their cells give today."""

import doctest
import re
from pathlib import Path

import nbformat
import pytest

from emtheory.numerics.samples.distributions import FAMILIES
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.experiments import experiment_names
from emtheory.reports.proofs.layers import LAYERS, TRUST_PAGE, code_lines, lines_of, trust_page
from emtheory.theory.mixtures.model import ARGUMENTS
from emtheory.theory.mixtures.names import QUANTITIES
from tests.docs.notebooks import NOTEBOOKS, executed, texts

DOCS = Path(__file__).parents[2] / "docs"
EXPERIMENTS, MODELS, TRUST = ((DOCS / name).read_text("utf-8") for name in ("experiments.md", "models.md", TRUST_PAGE))


def first_column(head: str) -> list[str]:
    """What stands in the first cells of the table with this head, without the signs for code."""
    lines = EXPERIMENTS.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()
    return [line.split(" | ")[0].removeprefix("| ").strip("`") for line in lines[1:]]


def test_every_experiment_and_law_has_a_line() -> None:
    assert sorted(first_column("| name | asks | finds |")) == sorted(experiment_names())
    assert {law.partition(":")[0] for law in first_column("| law | is |")} == set(FAMILIES)


def test_the_page_on_models_names_what_there_is_and_its_examples_work(tmp_path: Path) -> None:
    assert [name for name in QUANTITIES if f"`{name}" not in MODELS] == []
    assert [name for name, arguments in ARGUMENTS.items() if f"`{name}({', '.join(arguments)})`" not in MODELS] == []
    whole = [block for block in re.findall(r"```toml\n(.*?)```", MODELS, re.DOTALL) if "[[claim]]" in block]
    path = tmp_path / "scales.toml"
    for block, claim in zip(whole, ("contracts", "rate"), strict=True):
        path.write_text(block if block.startswith("schema") else f"schema = 1\n{block}", encoding="utf-8")
        assert [each.id for each in load_claims(path)] == [claim]
    failed, tried = doctest.testfile(str(DOCS / "models.md"), module_relative=False)
    assert (failed, tried > 3) == (0, True)


def test_the_page_on_trust_has_the_lines_of_each_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a tenth, so that a change elsewhere need not change the page at once; but for that it is generated."""
    text = (
        '"""Module."""\n\n# comment\nx = 1\n\n\ndef f():\n    """Doc\n\n    more."""\n    return """a\n\nb"""  # end\n'
    )
    assert code_lines(text) == 5
    for layer in LAYERS:
        counted = lines_of(layer)
        (stated,) = re.findall(rf"\| {re.escape(layer.name)} \| ([0-9,]+) \|", TRUST)
        assert counted > 50
        assert abs(int(stated.replace(",", "")) - counted) <= 0.1 * counted + 10, layer.name
    monkeypatch.setattr("emtheory.reports.proofs.layers.lines_of", lambda _: 1)
    without = re.compile(r"\| [0-9,]+ \|")
    assert without.sub("", TRUST) == without.sub("", trust_page())


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
