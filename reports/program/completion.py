"""What a shell completes: names of quantities, derivations, statements, sources and claims, found when asked for."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from emtheory.numerics.errors import InputError, NothingSelectedError

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _among(names: Callable[[], Iterable[str]]) -> Complete:
    """Return a completer from a function that finds the names."""

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def _claims(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete ids of claims: of the files named so far, or those in the folder one is in."""
    from emtheory.reports.checking.selection import find_files, load_all

    # After an option that has no value yet, arguments are left unread.
    given = [Path(text) for text in context.args] or context.params.get("paths")
    named = given or [context.params.get("path") or Path()]
    try:
        found = load_all(find_files(named))
    except (InputError, NothingSelectedError):  # a shell that completes has no place to say what is wrong
        return []
    return [CompletionItem(each.id) for _, each in found if each.id.startswith(incomplete)]


def _quantities() -> Iterable[str]:
    from emtheory.numerics.quantities import QUANTITIES

    return QUANTITIES


def _derivations() -> Iterable[str]:
    """Return what `emtheory derive` takes: derivations, and statements that rest on just one."""
    from emtheory.reports.catalogue.entry import claims_of
    from emtheory.theory.claims import catalogue
    from emtheory.theory.derivations import names

    resting = ((entry.id, {claim.derivation for claim in claims_of(entry)} - {""}) for entry in catalogue())
    return dict.fromkeys([*names(), *(identifier for identifier, derived in resting if len(derived) == 1)])


def _sources() -> Iterable[str]:
    from emtheory.theory.claims import sources

    return sources()


def _statements() -> Iterable[str]:
    from emtheory.theory.claims import catalogue

    return (entry.id for entry in catalogue())


quantity, derivation, statement, source = map(_among, (_quantities, _derivations, _statements, _sources))
claim = _claims
"""Completers of arguments and options that take such a name."""
