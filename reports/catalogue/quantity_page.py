"""The page on the quantities in `docs/`, generated from them."""

from collections.abc import Iterator
from dataclasses import replace

from emtheory.numerics.families import FAMILIES, find_family
from emtheory.numerics.level import ROUTES
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.names import ELSEWHERE, SEPARATOR
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import Quantity
from emtheory.reports.render.markdown import FILTERS, code
from emtheory.reports.render.prose import markdown_prose as prose
from emtheory.reports.render.templating import text_template

NAME = "quantities.md"
"""Of the page's file."""


def quantity_page() -> str:
    """Return the page as Markdown."""
    return text_template(f"{NAME}.j2", {**FILTERS, "cells": _cells}).render(
        tied=[quantity for name, quantity in QUANTITIES.items() if SEPARATOR not in name],
        every_model=list(_of_every_model()),
        families=list(FAMILIES.values()),
    )


def _of_every_model() -> Iterator[Quantity]:
    """Yield what every model has, of which one with one parameter is an example."""
    family = find_family(next(each for each in packaged_models().values() if len(each.estimate) == 1).text)
    for quantity in family.quantities:
        kind, _, parameters = quantity.name.partition("(")
        names = ", ".join(("p", "q")[: len(parameters.split(", "))]) if parameters else ""
        yield replace(quantity, name=f"{kind}({names})" if names else kind)


def _cells(quantity: Quantity) -> tuple[str, ...]:
    arguments = ", ".join(
        argument.name if argument.default is None else f"{argument.name}={argument.default}"
        for argument in quantity.arguments
        if not argument.name.startswith(ELSEWHERE)
    )
    kind, _, parameters = quantity.name.partition("(")
    inside = ", ".join(filter(None, (parameters.removesuffix(")"), arguments)))
    name = f"{kind}({inside})" if inside else kind
    routes = ", ".join(route for route in ROUTES if route in quantity.routes)
    return code(name), prose(quantity.meaning), "yes" if quantity.needs_point else "", routes
