"""What `emtheory derive --mutants` found in full runs, kept beside a digest of the source that it was found of."""

import ast
import hashlib
import inspect
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["digest", "noticed", "source_of", "total"]

_DERIVATIONS = "emtheory.theory.derivations."

_MEASURED = Path(__file__).with_name("mutants.json")
"""For each derivation that was measured: what `emtheory derive NAME --mutants --json` printed, and the digest."""


def noticed(name: str, k: int | None) -> str:
    """Say how many changes of a derivation were noticed, if that was measured and is of its present source.

    Parameters
    ----------
    name, k
        Which one; None for the one for every k.
    """
    found = {(one["name"], one["k"]): one for one in _measured()}
    if (name, k) not in found:
        return "–"
    one = found[name, k]
    return _part(one) if _is_present(one) else "not measured since its last change"


def total() -> str:
    """Say how many changes were noticed in all, of the derivations that were measured and are as they were."""
    present = [one for one in _measured() if _is_present(one)]
    sums = {outcome: sum(one.get(outcome, 0) for one in present) for outcome in ("noticed", "survived", "undecided")}
    return f"{_part(sums)}, in {len(present)} derivations"


def _measured() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_MEASURED.read_text(encoding="utf-8"))["derivations"]
    return found


def _is_present(one: Mapping[str, Any]) -> bool:
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.theory.derivations import module_of  # noqa: PLC0415

    return bool(one["digest"] == digest(source_of(module_of(one["name"]))))


def _part(one: Mapping[str, Any]) -> str:
    # What is not decided in time is not noticed.
    changes = one["noticed"] + one["survived"] + one.get("undecided", 0)
    return f"{one['noticed']} of {changes} ({100 * one['noticed'] / changes:.1f} %)"


def source_of(module: ModuleType) -> str:
    """Return the source of a derivation's module, followed by that of those of other derivations it imports from."""
    found, open_ends = {module.__name__: module}, [module]
    while open_ends:
        for node in ast.walk(ast.parse(inspect.getsource(open_ends.pop()))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_DERIVATIONS):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                new = {name: sys.modules[name] for name in (*names, str(node.module)) if name in sys.modules}
                open_ends += [other for name, other in new.items() if name not in found]
                found |= new
    own, *others = found
    return "\n".join(inspect.getsource(found[name]) for name in (own, *sorted(others)))


def digest(source: str) -> str:
    """Return the SHA-256 of the top-level statements of a module, without its words and its ``SURVIVORS``."""
    parts = [node for node in ast.parse(source).body if not _is_words(node)]
    text = "\n".join(ast.get_source_segment(source, node) or "" for node in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_words(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "SURVIVORS" for target in node.targets)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
