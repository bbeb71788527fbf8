"""The import graph of the package: static imports, wherever they stand, and dynamic ones.

Dynamic imports are literal names given to `import_module`, the references of quantities, and folders whose modules are
found by being there (``import_module(f"{__name__}.…")`` and names from `pkgutil`): they lead to every module below.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from emtheory.numerics.quantities import QUANTITIES

ROOT = Path(__file__).parents[2]
FLOORS = ("theory", "numerics", "reports")
PACKAGE = "emtheory"


@cache
def modules() -> Mapping[str, Path]:
    """Dotted name without the package's → file."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Module → modules that it imports, now or later."""
    result = {name: set(_imports(name, path)) - {name} for name, path in modules().items()}
    for quantity in QUANTITIES.values():
        for reference in (*quantity.routes.values(), quantity.proof, quantity.form):
            if reference:
                text = reference[0] if isinstance(reference, tuple) else reference
                result["numerics.evaluate"].add(f"numerics.{text.partition(':')[0]}")
    return {name: frozenset(targets) for name, targets in result.items()}


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements in a tree, wherever they stand; expressions, most of it, are not entered."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from statements(child)


def _imports(name: str, path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    for node in ast.walk(tree) if "import_module" in text else statements(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield from _ours(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _ours(alias.name)
        elif isinstance(node, ast.Call) and _called(node) == "import_module":
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield from _ours(str(argument.value))
            elif path.name == "__init__.py":
                yield from (module for module in modules() if module.startswith(f"{name}."))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _ours(dotted: str) -> Iterator[str]:
    """Yield the module of ours that a dotted name is, or is in."""
    name = dotted.removeprefix(f"{PACKAGE}.")
    if name != dotted:
        while name and name not in modules():
            name = name.rpartition(".")[0]
        if name:
            yield name
