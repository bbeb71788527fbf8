"""Every numeric constant of a module is explained under it, and every longer list of parameters in the docstring."""

import ast
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.house.import_graph import modules

FLOORS = ("theory", "numerics", "reports")
"""Whose documentation is complete."""

STANDALONE = "reports.certificates.verify"
"""A program of its own, which is to be short: its docstrings tell what parameters are, mostly without lists."""

MANY = 3
"""Parameters from which on a public function describes each: two are mostly told by their names and the summary."""

MAKERS = ("Fraction", "Rational", "range", "tuple", "sqrt", "linspace")
"""Calls that make numbers of numbers; what other calls make are objects, with a meaning of their own."""

KINDS = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.List, ast.Dict, ast.Call),
    *(ast.GeneratorExp, ast.comprehension, ast.operator, ast.unaryop, ast.expr_context),
)
"""What a number, or a collection of numbers, is written with."""


def trees(floor: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of a floor, by name, as syntax trees."""
    for name, path in modules().items():
        if name.partition(".")[0] == floor:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def unexplained(tree: ast.Module) -> Iterator[str]:
    """Yield the assignments of numbers, in the body of a module, that no string literal follows."""
    for statement, following in pairwise([*tree.body, ast.Pass()]):
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        if is_numeric(statement.value) and not _is_text(following):
            yield ast.unparse(statement)


def is_numeric(value: ast.expr) -> bool:
    """Whether an expression is made of numbers, and perhaps of other constants, and is a number or several."""
    nodes = list(ast.walk(value))
    keys = [key for node in nodes if isinstance(node, ast.Dict) for key in node.keys]
    constants = [node for node in nodes if isinstance(node, ast.Constant) and node not in keys]
    called = [ast.unparse(node.func).rpartition(".")[-1] for node in nodes if isinstance(node, ast.Call)]
    return (
        bool(constants)
        and all(type(constant.value) in (int, float) for constant in constants)
        and all(isinstance(node, KINDS) for node in nodes)
        and all(name in MAKERS for name in called)
    )


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Yield the public functions and methods with many parameters not all of which are named in their docstring."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for node in (*tree.body, *(member for owner in classes for member in owner.body)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not _is_command(node):
            names = _parameters(node)
            missing = names - _documented(ast.get_docstring(node) or "")
            if len(names) >= MANY and missing:
                yield f"{node.name}: {', '.join(sorted(missing))}"


def _is_command(function: ast.FunctionDef) -> bool:
    """Whether a function is a command of the program: its docstring is help, and its options describe themselves."""
    return any(ast.unparse(decorator).startswith("program.command(") for decorator in function.decorator_list)


def _parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return {argument.arg for argument in every} - {"self", "cls"}


def _documented(docstring: str) -> set[str]:
    """Return the names that the section on parameters describes; several may share a line."""
    lines = iter(docstring.splitlines())
    if not any(line == "Parameters" and next(lines, "") == "----------" for line in lines):
        return set()
    names: set[str] = set()
    for line, following in pairwise([*lines, ""]):
        if following and not following.strip("-"):
            break
        if line and following.startswith("    ") and not line.startswith(" "):
            names.update(line.split(", "))
    return names


@pytest.mark.parametrize("floor", FLOORS)
def test_constants_are_explained(floor: str) -> None:
    assert [(name, line) for name, tree in trees(floor) for line in unexplained(tree)] == []


@pytest.mark.parametrize("floor", FLOORS)
def test_parameters_are_described(floor: str) -> None:
    described = ((name, tree) for name, tree in trees(floor) if not name.startswith(STANDALONE))
    assert [(name, function) for name, tree in described for function in undocumented(tree)] == []


@pytest.mark.parametrize(
    "assignment",
    [
        "LIMIT = 5",
        "LIMIT: float = -2.0**-53",
        "FEW, MANY = 2, 10",
        "LIMITS = {2: 8, 3: 16}",
        "LIMITS = {'d': 300.0}",
        "SHARE = Fraction(1, 3)",
        "ANGLES = np.linspace(0, 1.5, 60)",
        "HALF = LIMIT / 2",
        "PROBES = tuple(Fraction(i, 4) for i in range(16))",
    ],
)
def test_a_constant_without_a_sentence_is_seen(assignment: str) -> None:
    tree = ast.parse(f"{assignment}\nOTHER = 'text'\n")
    assert list(unexplained(tree)) == [ast.unparse(tree.body[0])]
    assert not list(unexplained(ast.parse(f'{assignment}\n"""What it is, and why."""\n')))


@pytest.mark.parametrize("assignment", ["NAME = 'text'", "ON = True", "Pair = tuple[int, int]", "ZERO = algebraic(0)"])
def test_what_is_no_number_needs_none(assignment: str) -> None:
    assert not list(unexplained(ast.parse(assignment)))


def test_a_parameter_without_a_description_is_seen() -> None:
    source = '''
def area(width, height, unit):
    """Return an area.

    Parameters
    ----------
    width, height
        Of the rectangle.{}

    Returns
    -------
    unit
        A number.
    """
'''
    assert list(undocumented(ast.parse(source.format("")))) == ["area: unit"]
    assert not list(undocumented(ast.parse(source.format("\n    unit\n        Metres or feet."))))
    method = ast.parse(
        "class Shape:\n    def scale(self, x, y, z):\n        'Scale.'\n    def move(self, x, y):\n        'Move.'\n"
    )
    assert list(undocumented(method)) == ["scale: x, y, z"]


def test_a_command_describes_its_options_by_their_help() -> None:
    source = "{}\ndef sweep(csv, parquet, plot):\n    'Compute.'\n"
    assert not list(undocumented(ast.parse(source.format("@program.command()"))))
    assert list(undocumented(ast.parse(source.format("@cache")))) == ["sweep: csv, parquet, plot"]
