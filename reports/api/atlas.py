"""`emtheory.atlas`: phase diagrams of EM for two means."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from emtheory.reports.api import given
from emtheory.reports.charts.atlas import CHARTS
from emtheory.reports.render.chart import Chart

MOST_POINTS = 200
"""Of each curve. A choice: each takes a moment, and a figure shows no more."""


def atlas(select: str | Sequence[str] = (), *, points: int = 21) -> Mapping[str, Chart]:
    """Compute phase diagrams of EM for two means, each point certified, as ``emtheory atlas`` draws them.

    Parameters
    ----------
    select
        Names, by default all: ``spurious-weight``, ``spurious-weight-band``, ``separation-needed``, ``fitted-basin``.
    points
        Of each curve, 2 to 200.

    Returns
    -------
    Mapping
        Name → chart, which ``plot()`` draws with Matplotlib, and whose ``rows`` have the enclosures.

    Raises
    ------
    InputError
        If there is no such diagram.
    CannotAnswerError
        If a point is not certified.

    Examples
    --------
    >>> import emtheory
    >>> drawn = emtheory.atlas("separation-needed", points=2)
    >>> [(row["t"], row["value"][:6]) for row in drawn["separation-needed"].rows]
    [(1, '1.9483'), (2, '1.2730')]
    """
    count = given.count(points, "points", 2, MOST_POINTS)
    return MappingProxyType({name: CHARTS[name](count) for name in chosen(select)})


def chosen(select: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of diagrams that are selected, all if none is; InputError if there is no such diagram."""
    names = [given.choice(name, "select", tuple(CHARTS)) for name in given.texts(select, "select")]
    return tuple(dict.fromkeys(names or CHARTS))
