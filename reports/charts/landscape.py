"""The landscape of a best constant: with which one a claim holds at each place of a domain in one or two variables."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from emtheory.reports.language.span import Point
from emtheory.reports.render.chart import Chart
from emtheory.reports.render.panels import Curve, Panel, curves_of, heat_of
from emtheory.reports.sharpening.sharpen import Sharpened, landscape_of

STEPS = 16
"""Between the ends of a variable. A choice: the square of one more are evaluated."""

_ENDLESS = 8
"""Length of an interval without an upper end, as far as it is drawn."""
_MOST_VARIABLES = 2
"""What a sheet of paper has room for."""


def landscape_chart(results: Sequence[Sharpened], steps: int = STEPS) -> Chart:
    """Return a panel for each claim with one k and one or two variables, on a grid of so many steps of each."""
    panels: list[Panel] = []
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    for found in results:
        landscape, place = landscape_of(found.claim), found.minimiser
        spans, case = landscape.question.spans, landscape.question.cases[0]
        names = [name for name, span in spans.items() if not span.is_single]
        if len(landscape.question.cases) > 1 or not 0 < len(names) <= _MOST_VARIABLES:
            remarks.append(f"{found.claim.id}: not drawn: a landscape has one k and one or two variables")
            continue
        columns = []
        for name in names:
            lower, upper = spans[name].lower, spans[name].upper
            length = Fraction(_ENDLESS) if upper is None else upper - lower
            columns.append([lower + length * Fraction(i, steps) for i in range(steps + 1)])
        fixed = {name: span.lower for name, span in spans.items() if name not in names}
        values = {at: landscape.at_point(case, fixed | dict(zip(names, at, strict=True))) for at in product(*columns)}
        for at, value in values.items():
            there = {name: str(x) for name, x in zip(names, at, strict=True)}
            rows.append({"claim": found.claim.id, **there, landscape.constant: "" if value is None else value})
        least = None if place is None else landscape.at_point(case, place)
        meaning = f"{landscape.side} {landscape.constant} that holds there"
        panels.append(_panel(found, meaning, names, values, None if place is None else (place, least or 0.0)))
    columns_of_all = list(dict.fromkeys(name for row in rows for name in row))
    return Chart(panels, [{name: row.get(name, "") for name in columns_of_all} for row in rows], remarks)


def _panel(
    found: Sharpened,
    meaning: str,
    names: Sequence[str],
    values: Mapping[tuple[Fraction, ...], float | None],
    worst: tuple[Point, float] | None,
) -> Panel:
    bounds = found.bounds_text().replace("<=", "≤")
    title = f"{found.claim.id}: {bounds}" if bounds else found.claim.id
    marked: tuple[Curve, ...] = ()
    if worst is not None:
        where = [*(float(worst[0][name]) for name in names), worst[1]]
        marked = (Curve("it fails just beyond", np.array(where[:1]), np.array(where[1:2]), colour=1),)
    known = {at: np.nan if value is None else value for at, value in values.items()}
    if len(names) == 1:
        drawn = curves_of({meaning: [(float(x), value) for (x,), value in known.items()]})
        return Panel(title, names[0], meaning, (*drawn, *marked))
    heat = heat_of({(x, y): value for (x, y), value in known.items()}, meaning)
    return Panel(title, names[0], names[1], marked, heat=heat)
