"""What `emtheory derive --mutants` found in full runs, beside a digest of the source; and the page on derivations."""

import ast
import hashlib
import inspect
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from emtheory.reports.render.markdown import FILTERS
from emtheory.reports.render.templating import text_template
from emtheory.theory.toml_text import words

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation

_DERIVATIONS = "emtheory.theory.derivations."

_MEASURED = Path(__file__).with_name("mutants.json")
"""For each derivation that was measured: what `emtheory derive NAME --mutants --json` printed.

With ``sample``, how many changes of a formula were made at most, if not all.
"""

_SURVIVORS = Path(__file__).with_name("survivors.json")
"""For each derivation, why changes of it cannot be noticed: by place and change, or how these begin and an ellipsis."""

NEEDED: Mapping[str, Any] = words(Path(__file__).with_name("needed.toml"))
"""For each derivation and hypothesis: which conclusion is false in which case, where it alone fails."""


def noticed(name: str, k: int | None) -> str:
    """Say how many changes of a derivation were noticed, if that was measured and is of its present source."""
    one = next((one for one in _measured() if (one["name"], one["k"]) == (name, k)), None)
    if one is None:
        return "–"
    return _part(one) if "noticed" in one and _is_present(one) else "not measured since its last change"


def survivors(name: str) -> dict[str, str]:
    """Return the reasons why changes of a derivation cannot be noticed, as `Mutant.explained` takes them."""
    return dict(json.loads(_SURVIVORS.read_text(encoding="utf-8"))["derivations"].get(name, {}))


def total() -> str:
    """Say how many changes were noticed in all, of the derivations that were measured and are as they were."""
    present = [one for one in _measured() if "noticed" in one and _is_present(one)]
    sums = {outcome: sum(one.get(outcome, 0) for one in present) for outcome in ("noticed", "survived", "undecided")}
    said = f"{_part(sums)}, in {len(present)} derivations, all changes of {sum('sample' not in one for one in present)}"
    return said if present else "not measured since the last changes"


def by_reason() -> Mapping[str, int]:
    """Return by what how many changes were noticed, of the derivations that are as they were."""
    return _sum(one.get("by", {}) for one in _measured() if _is_present(one))


def dropped() -> Mapping[str, Mapping[str, int]]:
    """Return what came of dropping what is said to be needed: hypotheses of conclusions, premises and tags of steps."""
    present = [one.get("dropped", {}) for one in _measured() if _is_present(one)]
    return {kind: _sum(one.get(kind, {}) for one in present) for kind in ("hypothesis", "premise", "tag")}


def left() -> Mapping[str, Mapping[str, str]]:
    """Return what can be dropped and is not noticed: what comes of it → derivation → of which place what, and why."""
    found: dict[str, dict[str, str]] = {}
    for one in filter(_is_present, _measured()):
        places: dict[str, dict[str, list[str]]] = {}
        for each in one.get("not_noticed", []):
            said = f"{each['what']} ({each['proof']})" if each.get("proof") else each["what"]
            places.setdefault(each["fate"], {}).setdefault(each["place"], []).append(said)
        number = "every k" if one["k"] is None else f"k = {one['k']}"
        for fate, of in places.items():
            of_place = (f"{place}: {', '.join(dict.fromkeys(names))}" for place, names in of.items())
            found.setdefault(fate, {})[f"{one['name']}, {number}"] = "; ".join(of_place)
    return found


def _sum(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    return sum((Counter(one) for one in counts), Counter())


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
    of = f"a sample of {changes}" if "sample" in one else str(changes)
    return f"{one['noticed']} of {of} ({100 * one['noticed'] / max(1, changes):.1f} %)"


@cache
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


@cache
def digest(source: str) -> str:
    """Return the SHA-256 of what a module does: its syntax without words for the reader.

    Those are docstrings, comments, titles and notes of statements, meanings of variables and explanations of steps.
    """
    parts = [_form(node) for node in ast.parse(source).body if not _is_words(node)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_WORDS = frozenset({"title", "source", "scope", "note"})
"""Arguments that are for the reader."""

_EXPLAINED = {
    **dict.fromkeys(("assumption", "cases", "combination", "condition", "definition", "equation"), 0),
    **dict.fromkeys(("induction", "inequality", "instance", "limit", "meant", "monotone"), 0),
    **dict.fromkeys(("either", "positive", "prose", "quoted"), 0),
    "citation": 1,
    "Variable": 2,
}
"""What makes a step or a variable → the place of what is said to the reader among the arguments."""


def _form(part: object) -> str:
    """Write syntax as text that is the same for every version of Python: `ast.dump` adds fields from time to time."""
    if isinstance(part, list):
        return f"[{', '.join(_form(one) for one in part if not _is_words(one))}]"
    if not isinstance(part, ast.AST):
        return repr(part)
    fields = dict(ast.iter_fields(part))
    if isinstance(part, ast.Call):
        name = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
        place = _EXPLAINED.get(name, len(part.args))
        fields["args"] = [*part.args[:place], *part.args[place + 1 :]]
    written = (f"{name}={_form(value)}" for name, value in fields.items() if value not in (None, []))
    return f"{type(part).__name__}({', '.join(written)})"


def _is_words(part: object) -> bool:
    if isinstance(part, ast.keyword):
        return part.arg in _WORDS
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


NAME = "derivations.md"
"""Of the page's file."""


def derivation_page() -> str:
    """Return the page as Markdown."""
    from emtheory.theory.derivations import names  # noqa: PLC0415

    reasons = {name: survivors(name) for name in names()}
    page = text_template(f"{NAME}.j2", FILTERS)
    counts = {"together": total(), "by": by_reason(), "dropped": dropped(), "left": left(), "needed": NEEDED}
    return page.render(**counts, derivations=list(_derivations()), survivors=reasons)


def _derivations() -> Iterator[tuple[str, "Derivation", str]]:
    """Yield name, derivation and what is noticed, for every k and for a small one."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.theory.derivations import derive, names, statement_of  # noqa: PLC0415

    for name in names():
        for k in statement_of(name).shown:
            yield name, derive(name, k), noticed(name, k)
