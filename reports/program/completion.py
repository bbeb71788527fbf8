"""What a shell completes: names of all kinds, found when they are asked for."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

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


def _quantities(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete names of quantities: of the model or the family that is named so far, or the common ones."""
    from emtheory.numerics.families import find_family
    from emtheory.numerics.quantities import QUANTITIES
    from emtheory.reports.commands.evaluate import named_family

    given = context.params
    try:
        family = named_family(given.get("family") or "", given.get("model") or "", given.get("models") or ())
        named = find_family(family).quantities if family else ()
    except (InputError, OSError):  # a shell that completes has no place to say what is wrong
        named = ()
    names = [each.name for each in named] or list(QUANTITIES)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _derivations() -> Iterable[str]:
    """Return what `emtheory derive` takes: derivations, and statements that rest on just one."""
    from emtheory.reports.catalogue.entry import claims_of
    from emtheory.theory.claims import catalogue
    from emtheory.theory.derivations import names

    resting = ((entry.id, {claim.derivation for claim in claims_of(entry)} - {""}) for entry in catalogue())
    return dict.fromkeys([*names(), *(identifier for identifier, derived in resting if len(derived) == 1)])


def _in(module: str, name: str) -> Any:
    return getattr(import_module(f"emtheory.{module}"), name)


def _weights() -> Iterable[str]:
    families = _in("numerics.weights", "FAMILIES")
    return (name if parameter is None else f"{name}:" for name, (_, parameter) in families.items())


def _of_models(names: Callable[[str], Iterable[str]]) -> Complete:
    """Return a completer from a function that finds names for what is asked about: the text of a model, or a family."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from emtheory.reports.commands.evaluate import named_family

        given = context.params
        try:
            known = named_family(given.get("family") or "", given.get("model") or "", given.get("models") or ())
            found = list(names(known))
        except InputError:  # a shell that completes has no place to say what is wrong
            return []
        return [CompletionItem(f"{name}=") for name in found if name.startswith(incomplete)]

    return complete


def _models(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from emtheory.reports.checking.model_files import load_models

    try:
        found = [*load_models(context.params.get("models") or ()), *_in("numerics.families", "FAMILIES")]
    except InputError:
        return []
    return [CompletionItem(name) for name in found if name.startswith(incomplete)]


def _parameters(family: str) -> Iterable[str]:
    from emtheory.numerics.families import find_family

    return (each.name for each in find_family(family).variables) if family else ()


def _settings(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the arguments of the quantity named so far."""
    from emtheory.numerics.families import find_family
    from emtheory.numerics.quantities import QUANTITIES

    asked = context.params.get("quantity") or next(iter(context.args), "")

    def arguments(family: str) -> Iterable[str]:
        known = find_family(family).quantities if family else QUANTITIES.values()
        named = (each for each in known if each.name.partition("(")[0] == asked.partition("(")[0])
        return dict.fromkeys(each.name for quantity in named for each in quantity.arguments if not each.optional)

    return _of_models(arguments)(context, parameter, incomplete)


derivation, weights = _among(_derivations), _among(_weights)
statement = _among(lambda: (entry.id for entry in _in("theory.claims", "catalogue")()))
source = _among(lambda: list(_in("theory.claims", "sources")()))
family = _among(lambda: _in("numerics.families", "FAMILIES"))
claim, model, parameter, quantity, setting = _claims, _models, _of_models(_parameters), _quantities, _settings
"""Completers of arguments and options that take such a name."""
