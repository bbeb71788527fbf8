"""The page on the derivations in `docs/`: what each rests on, and which changes of it cannot be noticed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from emtheory.reports.proofs.measured import noticed, survivors, total
from emtheory.reports.render.markdown import FILTERS
from emtheory.reports.render.templating import text_template

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation

NAME = "derivations.md"
"""Of the page's file."""


def derivation_page() -> str:
    """Return the page as Markdown."""
    from emtheory.theory.derivations import names  # noqa: PLC0415

    reasons = {name: survivors(name) for name in names()}
    page = text_template(f"{NAME}.j2", FILTERS)
    return page.render(together=total(), derivations=list(_derivations()), survivors=reasons)


def _derivations() -> Iterator[tuple[str, "Derivation", str]]:
    """Yield name, derivation and what is noticed, for every k and for a small one."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.theory.derivations import derive, names, statement_of  # noqa: PLC0415

    for name in names():
        statement = statement_of(name)
        small = min(max(3, statement.smallest_k), statement.largest_k)
        for k in ([None] if statement.general else []) + ([small] if statement.largest_k else []):
            yield name, derive(name, k), noticed(name, k)
