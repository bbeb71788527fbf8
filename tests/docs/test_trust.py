"""The page on what has to be trusted counts the lines that there are."""

import re
from pathlib import Path

import pytest

from emtheory.reports.proofs.layers import LAYERS, TRUST_PAGE, code_lines, lines_of, trust_page

PAGE = (Path(__file__).parents[2] / "docs" / TRUST_PAGE).read_text(encoding="utf-8")


def test_code_is_told_from_words() -> None:
    text = (
        '"""Module."""\n\n# comment\nx = 1\n\n\ndef f():\n    """Doc\n\n    more."""\n    return """a\n\nb"""  # end\n'
    )
    assert code_lines(text) == 5


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_the_page_has_the_lines_of_each_layer(layer: object) -> None:
    """Within a tenth, so that a change elsewhere need not change the page at once."""
    name, counted = layer.name, lines_of(layer)  # type: ignore[attr-defined]
    (stated,) = re.findall(rf"\| {re.escape(name)} \| ([0-9,]+) \|", PAGE)
    assert counted > 50
    assert abs(int(stated.replace(",", "")) - counted) <= 0.1 * counted + 10


def test_but_for_the_counts_the_page_is_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.reports.proofs.layers.lines_of", lambda _: 1)
    without = re.compile(r"\| [0-9,]+ \|")
    assert without.sub("", PAGE) == without.sub("", trust_page())
