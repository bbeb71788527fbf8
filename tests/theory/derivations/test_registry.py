"""Every derivation has a test of its statement by numbers that share nothing with it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from emtheory.theory.derivations import names


def test_every_statement_has_an_independent_test() -> None:
    marked = {name for path in Path(__file__).parent.rglob("test_*.py") for name in marks(path)}
    assert set(names()) <= marked
    assert marked <= set(names())


def marks(path: Path) -> Iterator[str]:
    """Yield the names in the marks ``statement`` of a file; ``*CASES`` stands for the keys or names of that table."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.statement":
            for argument in node.args:
                if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
                    yield from named(tables[argument.value.id])
                else:
                    yield ast.literal_eval(argument)


def named(table: ast.Dict | ast.Tuple) -> Iterator[str]:
    """Yield the keys of a dictionary, or the names in a tuple of names and tuples of them."""
    for part in table.keys if isinstance(table, ast.Dict) else table.elts:
        each = part.value if isinstance(part, ast.Starred) else part
        if isinstance(each, ast.Tuple):
            yield from named(each)
        elif each is not None:
            yield ast.literal_eval(each)
