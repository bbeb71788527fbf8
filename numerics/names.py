"""Names of families and of their quantities, inside the program and for people.

The name of a model inside the program is its canonical text, so that a claim, a case or a certificate that names it
carries it, and an edited model is another one. People are shown the name that it has in its definition.
"""

import json
from functools import lru_cache

SEPARATOR = "."
"""Between the name of a family and that of a quantity in the full name of the quantity."""

ELSEWHERE = "at "
"""Before the name of a parameter, as an argument by which a quantity is asked for at another value of it."""


def is_model(family: str) -> bool:
    """Whether the name of a family is the text of a model."""
    return family.startswith("{")


@lru_cache
def label_of(family: str) -> str:
    """Return the name of a family for people."""
    if not is_model(family):
        return family
    try:
        return str(json.loads(family)["name"])
    except (ValueError, KeyError, RecursionError):
        return "a model"


def short_name(quantity: str) -> str:
    """Return the name of a quantity for people: of a model's without the text of the model."""
    return quantity.rpartition(SEPARATOR)[2] if is_model(quantity) else quantity


def called(quantity: str, arguments: str) -> str:
    """Return a quantity, which may have parameters in parentheses, with its arguments, if there are any."""
    if not arguments:
        return quantity
    return f"{quantity.removesuffix(')')}{', ' if quantity.endswith(')') else '('}{arguments})"
