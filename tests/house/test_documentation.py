"""Every numeric constant is explained under it, and longer lists of parameters where others call: floors, and users."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

import pytest

from tests.house.import_graph import PACKAGE, ROOT, modules, statements

REFERENCE = ROOT / "docs" / "reference" / "python.md"
"""What users call, as the documentation renders it."""

MANY = 3
"""Parameters from which on a function for others describes each: two are mostly told by their names and the summary."""

MAKERS = ("Fraction", "Rational", "range", "tuple", "sqrt", "linspace")
"""Calls that make numbers of numbers; what other calls make are objects, with a meaning of their own."""

KINDS = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.List, ast.Dict, ast.Call),
    *(ast.GeneratorExp, ast.comprehension, ast.operator, ast.unaryop, ast.expr_context),
)
"""What a number, or a collection of numbers, is written with."""


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


def offered(trees: Mapping[str, ast.Module]) -> set[str]:
    """Return the dotted names that the reference renders, or that a module of another floor imports or looks up."""
    names = set(re.findall(rf"^::: {PACKAGE}\.([\w.]+)$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    for module, tree in trees.items():
        names |= {name for name in _imported(tree) if name.partition(".")[0] != module.partition(".")[0]}
    return names


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports of ours, and what it looks up in modules that it imports."""
    homes = {}
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
            for alias in node.names:
                name = f"{node.module}.{alias.name}".removeprefix(f"{PACKAGE}.")
                homes[alias.asname or alias.name] = name
                yield name
    for node in ast.walk(tree) if modules().keys() & set(homes.values()) else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in homes:
            yield f"{homes[node.value.id]}.{node.attr}"


def undocumented(tree: ast.Module, names: Collection[str], *, rendered: bool = True) -> Iterator[str]:
    """Yield the functions and methods for others with many parameters not all of which their docstring describes.

    Those of ``names`` are for others, and the public methods of its classes; what is rendered has a section for them.
    """
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in names]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    methods = [member for owner in classes for member in owner.body if isinstance(member, ast.FunctionDef)]
    for node in (*functions, *(method for method in methods if not method.name.startswith("_"))):
        parameters = _parameters(node)
        docstring = ast.get_docstring(node) or ""
        told = () if rendered else re.findall(r"`(\w+)`(?=(?:,\s`\w+`)*:\s)", docstring)
        missing = parameters - _documented(docstring).union(told)
        if len(parameters) >= MANY and missing:
            yield f"{node.name}: {', '.join(sorted(missing))}"


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


def test_constants_are_explained_and_parameters_described_to_others() -> None:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules().items()}
    assert [(name, line) for name, tree in trees.items() for line in unexplained(tree)] == []
    others = offered(trees)
    looked_up = "from emtheory.numerics import case as cases\ncases.parse(1)\n"
    assert "numerics.case.parse" in _imported(ast.parse(looked_up))
    assert {"reports.api.sweep.sweep", "numerics.case.Case", "theory.errors.InputError"} <= others
    assert "numerics.any_point.tensor_rule.ball_nodes" not in others
    names = defaultdict(set)
    for module, _, name in (other.rpartition(".") for other in others):
        names[module].add(name)
    for name, tree in trees.items():
        assert not list(undocumented(tree, names[name], rendered=name.startswith("reports.api"))), name


@pytest.mark.parametrize(
    ("assignment", "numeric"),
    [
        ("LIMIT: float = -2.0**-53", True),
        ("FEW, MANY = 2, 10", True),
        ("LIMITS = {'d': 300.0}", True),
        ("HALF = Fraction(LIMIT, 2)", True),
        ("PROBES = tuple(Fraction(i, 4) for i in range(16))", True),
        ("NAME = 'text'", False),
        ("ON = True", False),
        ("Pair = tuple[int, int]", False),
        ("ZERO = algebraic(0)", False),
    ],
)
def test_a_constant_without_a_sentence_is_seen(assignment: str, numeric: bool) -> None:
    assert len(list(unexplained(ast.parse(f"{assignment}\nOTHER = 'text'\n")))) == numeric
    assert not list(unexplained(ast.parse(f'{assignment}\n"""What it is, and why."""\n')))


def test_a_parameter_without_a_description_is_seen() -> None:
    source = '''
class Shape:
    def area(self, width, height, unit):
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
    def move(self, x, y):
        "Move."
'''
    assert list(undocumented(ast.parse(source.format("")), {"Shape"})) == ["area: unit"]
    assert not list(undocumented(ast.parse(source.format("")), {"area"}))
    assert not list(undocumented(ast.parse(source.format("\n        unit\n            Metres.")), {"Shape"}))
    assert not list(undocumented(ast.parse(source.format(" `unit`: metres.")), {"Shape"}, rendered=False))


def test_pages_name_tests_that_there_are() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.py"))}
    there = {path.stem for path in texts} | set(re.findall(r"def (test_\w+)", "".join(texts.values())))
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
    named = set(re.findall(r"`(test_\w+)`", "".join(path.read_text(encoding="utf-8") for path in pages)))
    assert len(named) > 100
    assert named - there == set()
