"""Tables of plain values, and what there is: `emtheory.quantities` and `emtheory.claims`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emtheory.numerics.families import find_family
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import Quantity
from emtheory.reports.api import given
from emtheory.reports.catalogue.selected import select_entries
from emtheory.reports.notebook import Listed
from emtheory.reports.render.prose import plain_prose


@dataclass(frozen=True, repr=False)
class Table(Listed[Mapping[str, Any]]):
    """Rows of plain values, as Python, pandas and notebooks have them.

    Attributes
    ----------
    rows
        Column → value, the same columns in each row.
    """

    rows: tuple[Mapping[str, Any], ...]

    @property
    def _members(self) -> Sequence[Mapping[str, Any]]:
        return self.rows

    @staticmethod
    def _key(member: Mapping[str, Any]) -> object:
        return member.get("id", member.get("name"))

    def _header(self) -> list[str]:
        return list(self.rows[0]) if self.rows else []

    def _rows(self) -> Iterator[list[str]]:
        return ([str(value) for value in row.values()] for row in self.rows)

    def _records(self) -> Sequence[Mapping[str, Any]]:
        return self.rows


def chosen_quantities(family: str) -> tuple[Quantity, ...]:
    """Return the quantities of tied mixtures, or those of a family; InputError if there is no such family."""
    if family:
        return find_family(family).quantities
    return tuple(each for name, each in QUANTITIES.items() if "." not in name)


def quantities(family: str | None = None) -> Table:
    """Return the quantities that can be asked for, as ``emtheory quantities`` lists them.

    Parameters
    ----------
    family
        The family whose quantities are listed, such as ``two-means``; by default those of tied mixtures.

    Returns
    -------
    Table
        ``name``, ``arguments`` with their defaults, ``needs_point`` and ``meaning`` of each.

    Raises
    ------
    InputError
        If there is no such family.

    Examples
    --------
    >>> import emtheory
    >>> [row["name"] for row in emtheory.quantities() if "Lloyd" in row["meaning"]][:1]
    ['lloyd_radius']
    """
    return Table(
        tuple(
            {
                "name": quantity.name,
                "arguments": ", ".join(map(str, quantity.arguments)),
                "needs_point": quantity.needs_point,
                "meaning": plain_prose(quantity.meaning),
            }
            for quantity in chosen_quantities("" if family is None else given.text(family, "family"))
        )
    )


def claims(source: str | None = None, select: str | Sequence[str] = ()) -> Table:
    """Return the statements of the catalogue, as ``emtheory claims`` lists them.

    Parameters
    ----------
    source
        The source whose statements are listed, or ``"all"``; by default the paper.
    select
        Ids, or patterns of ids such as ``lemma-*``.

    Returns
    -------
    Table
        ``id``, ``chapter``, ``title``, ``source`` and ``expected`` of each.

    Raises
    ------
    InputError
        If there is no such source.
    NothingSelectedError
        If a pattern matches no statement.

    Examples
    --------
    >>> import emtheory
    >>> [row["id"] for row in emtheory.claims(select="lemma-*")]
    ['lemma-1', 'lemma-3', 'lemma-5']
    """
    named = None if source is None else given.text(source, "source")
    return Table(
        tuple(
            {
                "id": entry.id,
                "chapter": entry.group,
                "title": plain_prose(entry.title),
                "source": plain_prose(entry.source),
                "expected": entry.expected,
            }
            for entry in select_entries(named, given.texts(select, "select"))
        )
    )
