"""What a shell completes: names of all kinds, found when they are asked for."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from emtheory.numerics.errors import InputError, NothingSelectedError

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completer(names: Callable[[click.Context], Iterable[str]]) -> Complete:
    """Return a completer from a function that finds the names by what is typed so far."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            found = list(names(context))
        except (InputError, NothingSelectedError, OSError):  # a shell that completes has no place to say what is wrong
            return []
        return [CompletionItem(name) for name in found if name.startswith(incomplete)]

    return complete


def _in(module: str, name: str) -> Any:
    return getattr(import_module(f"emtheory.{module}"), name)


def _family(context: click.Context) -> Any:
    """The model or the family that is named so far, or None."""
    given = context.params
    named = given.get("family") or "", given.get("model") or "", given.get("models") or ()
    name = _in("reports.commands.evaluate", "named_family")(*named)
    return _in("numerics.families", "find_family")(name) if name else None


def _claims(context: click.Context) -> Iterable[str]:
    """Ids of claims: of the files named so far, or those in the folder one is in."""
    from emtheory.reports.checking.selection import find_files, load_all

    # After an option that has no value yet, arguments are left unread.
    given = [Path(text) for text in context.args] or context.params.get("paths")
    return (claim.id for _, claim in load_all(find_files(given or [context.params.get("path") or Path()])))


def _quantities(context: click.Context) -> Iterable[str]:
    """Names of quantities: of the model or the family that is named so far, or the common ones."""
    try:
        family = _family(context)
    except (InputError, OSError):
        family = None
    return (each.name for each in family.quantities) if family else _in("numerics.quantities", "QUANTITIES")


def _settings(context: click.Context) -> Iterable[str]:
    """The arguments of the quantity named so far."""
    asked = context.params.get("quantity") or next(iter(context.args), "")
    family = _family(context)
    known = family.quantities if family else _in("numerics.quantities", "QUANTITIES").values()
    named = (each for each in known if each.name.partition("(")[0] == asked.partition("(")[0])
    return dict.fromkeys(f"{each.name}=" for quantity in named for each in quantity.arguments if not each.optional)


def _parameters(context: click.Context) -> Iterable[str]:
    family = _family(context)
    return (f"{each.name}=" for each in family.variables) if family else ()


def _models(context: click.Context) -> Iterable[str]:
    given = context.params.get("models") or ()
    return [*_in("reports.checking.model_files", "load_models")(given), *_in("numerics.families", "FAMILIES")]


def _derivations(_: click.Context) -> Iterable[str]:
    """What `emtheory derive` takes: derivations, and statements that rest on just one."""
    from emtheory.reports.catalogue.entry import claims_of
    from emtheory.theory.claims import catalogue
    from emtheory.theory.derivations import names

    resting = ((entry.id, {claim.derivation for claim in claims_of(entry)} - {""}) for entry in catalogue())
    return dict.fromkeys([*names(), *(identifier for identifier, derived in resting if len(derived) == 1)])


def _weights(_: click.Context) -> Iterable[str]:
    families = _in("numerics.weights", "FAMILIES")
    return (name if parameter is None else f"{name}:" for name, (_, parameter) in families.items())


derivation, weights, claim, model = map(_completer, (_derivations, _weights, _claims, _models))
parameter, quantity, setting = map(_completer, (_parameters, _quantities, _settings))
statement = _completer(lambda _: (entry.id for entry in _in("theory.claims", "catalogue")()))
source = _completer(lambda _: _in("theory.claims", "sources")())
family = _completer(lambda _: _in("numerics.families", "FAMILIES"))
"""Completers of arguments and options that take such a name."""
