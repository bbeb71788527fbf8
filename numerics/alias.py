"""Quantities of models that come with the package, under the names that a family has for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emtheory.numerics.quantity import Argument, Quantity, Reference

BOX_FORM, LIFTED = "models.aliases:box_form", "models.aliases:lifted"
"""References to how an alias is followed over boxes, and to what is known of several where sides touch."""


@dataclass(frozen=True)
class Alias:
    """What a quantity of a family is in a model.

    `quantities`: full names there, one, or one for each value, from 1 on, of the argument ``component``; `sign`: −1 of
    what is the negative of it; `start`: the parameter that the argument ``start`` gives in place of a variable;
    `whole`: whether it is followed over boxes as a whole, for want of derivatives; `tail`: reference to how it is
    followed to infinity, as `emtheory.numerics.family.BoxForm` says.
    """

    model: str
    quantities: tuple[str, ...]
    sign: int = 1
    start: str = ""
    whole: bool = False
    tail: str = ""


def aliased(
    name: str,
    meaning: str,
    alias: Alias,
    *arguments: Argument,
    routes: Sequence[str] = ("exact", "ball", "mp", "float"),
    others: Mapping[str, Reference] | None = None,
    needs_point: bool = True,
    followed: bool = True,
) -> Quantity:
    """Return the quantity of a family.

    `routes`, `others`, `needs_point`: its routes that are those of the model, further ones, and whether it depends on
    the point; `followed`: whether it is followed over boxes.
    """
    return Quantity(
        name,
        meaning,
        {route: ("models.aliases:route", alias, route) for route in routes} | dict(others or {}),
        needs_point=needs_point,
        arguments=arguments,
        form=(BOX_FORM, alias) if followed else "",
    )
