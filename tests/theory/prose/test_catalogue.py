"""All prose that the program holds is in the notation, and no index is left in what readers see of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports import experiments
from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.proofs.measured import survivors
from emtheory.reports.render.prose import html_prose, markdown_prose
from emtheory.theory.claims import catalogue, sources
from emtheory.theory.derivations import names, statement_of
from emtheory.theory.proof.formula import HYPOTHESES
from emtheory.theory.prose.formula import LOWERED, RAISED, pieces
from emtheory.theory.prose.latex import latex
from emtheory.theory.prose.unicode_text import plain
from emtheory.theory.theorems import THEOREMS

INDEX = re.compile(r"[_^](?!</m)")
MATHEMATICS = re.compile("[_^\u0302\u0304Α-Ωα-ω∇∂‖≤≥²³⁴]")


def prose() -> Iterator[str]:
    for entry in catalogue():
        yield from (entry.title, entry.source, entry.quote, entry.reading, entry.correction)
        yield from (claim.title for claim in claims_of(entry))
    for source in sources().values():
        yield from (source.title, source.reference, source.scope, source.not_judged)
    yield from HYPOTHESES.values()
    yield from THEOREMS.values()
    for name in names():
        yield statement_of(name).title
        yield from survivors(name).values()
    yield from (quantity.meaning for quantity in QUANTITIES.values())


ALL = sorted(set(prose()))


def test_no_index_stands_outside_of_a_formula() -> None:
    assert len(ALL) > 400
    words = [piece for text in ALL for piece in pieces(text) if isinstance(piece, str)]
    assert [piece for piece in words if MATHEMATICS.search(piece)] == []


@pytest.mark.parametrize("render", [html_prose, markdown_prose])
def test_no_raw_index_is_rendered(render: object) -> None:
    assert callable(render)
    hats = re.compile(r"<mi>\^</mi>")
    assert [text for text in ALL if INDEX.search(hats.sub("", str(render(text))))] == []


def test_a_terminal_shows_raw_only_what_unicode_has_no_sign_for() -> None:
    known = set(LOWERED.values()) | set(RAISED.values())
    raw = [found for text in ALL for found in re.findall(r"[_^](?:\(([^()]*)\)|(\w))", plain(text))]
    assert [index for index in map("".join, raw) if set(index) <= known & set("0123456789jklmnt")] == []


def test_titles_which_labels_of_drawings_show_have_no_raw_index() -> None:
    titles = [entry.title for entry in catalogue()]
    assert len(titles) > 100
    assert [title for title in titles if re.search("[_^]", plain(title))] == []


def test_what_experiments_print_has_no_raw_index() -> None:
    prints = []
    for path in Path(experiments.__path__[0]).glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        texts = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in docstrings)
        prints += [(path.name, text.value) for text in texts if isinstance(text.value, str)]
    assert len(prints) > 200
    # A name of Python is no index: it goes on behind the underscore, or has more before it.
    raw = re.compile(r"\^|(?<![a-zA-Z])[^\W\d]\u0302?_|‖_")
    assert [found for found in prints if raw.search(found[1])] == []


def test_latex_has_formulas_in_math_mode_only() -> None:
    outside = [re.sub(r"\$[^$]*\$", "", latex(text)) for text in ALL]
    assert [text for text in outside if re.search(r"(?<!\\)[_^]", text)] == []
