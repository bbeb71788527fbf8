"""The page on the derivations in `docs/`: what each rests on, and which changes of it cannot be noticed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from emtheory.reports.render.markdown import code, text

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Statement

_COLUMNS = (
    ("equations", "equations"),
    ("inequalities", "inequalities"),
    ("theorems", "theorems cited"),
    ("prose", "in words"),
)


def derivation_page(head: str) -> str:
    """Return the page as Markdown, with a first line."""
    return "\n".join([head, "", "# The derivations", "", *_table(), *_survivors()]) + "\n"


def _table() -> Iterator[str]:
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.theory.derivations import derive, names, statement_of  # noqa: PLC0415

    yield (
        "What each derivation rests on: equations and inequalities that the program proves when the derivation is "
        "made, theorems that are cited, and arguments in words. Each is tested besides by numbers that share nothing "
        "with it, and by changes that have to be noticed (`emtheory derive --mutants`)."
    )
    yield ""
    yield f"| derivation | for | {' | '.join(title for _, title in _COLUMNS)} |"
    yield f"| --- | --- |{' --- |' * len(_COLUMNS)}"
    for name in names():
        statement = statement_of(name)
        for k in ([None] if statement.general else []) + ([_shown_k(statement)] if statement.largest_k else []):
            derivation = derive(name, k)
            counts = [str(derivation.rests_on[kind]) for kind, _ in _COLUMNS]
            yield f"| {code(name)}: {text(statement.title)} | {derivation.number} | {' | '.join(counts)} |"


def _shown_k(statement: "Statement") -> int:
    return min(max(3, statement.smallest_k), statement.largest_k)


def _survivors() -> Iterator[str]:
    from emtheory.theory.derivations import module_of, names  # noqa: PLC0415

    yield ""
    yield "## Changes that are not noticed"
    yield ""
    yield "They leave what is said true, or the same, for the reason given."
    for name in names():
        reasons = getattr(module_of(name), "SURVIVORS", {})
        if reasons:
            yield ""
            yield f"{code(name)}:"
            yield ""
            yield from (f"* {code(change)}: {text(reason)}" for change, reason in reasons.items())
