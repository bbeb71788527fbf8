"""Every derivation has a test of its statement by numbers that share nothing with it."""

import ast
from pathlib import Path

from emtheory.theory.derivations import names
from tests.theory.derivations.outside import extensions, others, population, samples, shapes
from tests.theory.derivations.outside.reading import READINGS

assert all((extensions, others, population, samples, shapes))


def test_every_statement_has_an_independent_test() -> None:
    """In the table of models, or of its own: then its name is in a mark."""
    marked = {
        ast.literal_eval(name)
        for path in Path(__file__).parent.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.statement"
        for name in node.args
    }
    assert {*names()} == marked | {*READINGS}
