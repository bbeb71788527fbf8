"""What a shell completes: names of quantities, derivations and statements, found when they are asked for."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _among(names: Callable[[], Iterable[str]]) -> Complete:
    """Return a completer from a function that finds the names."""

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def _quantities() -> Iterable[str]:
    from emtheory.numerics.quantities import QUANTITIES

    return QUANTITIES


def _derivations() -> Iterable[str]:
    from emtheory.theory.derivations import names

    return names()


def _statements() -> Iterable[str]:
    from emtheory.theory.claims import catalogue

    return (entry.id for entry in catalogue())


quantity, derivation, statement = map(_among, (_quantities, _derivations, _statements))
"""Completers of arguments and options that take such a name."""
