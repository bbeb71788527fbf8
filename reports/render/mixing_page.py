"""The page on a mixing distribution: what is certified, the figure, atoms and boxes, and the document itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from emtheory.reports.render.html import environment
from emtheory.reports.render.inline_figure import inline_figure


def mixing_page(
    document: Mapping[str, Any], lines: Sequence[str], atoms: Sequence[tuple[str, str]], figure: str | None
) -> str:
    """Return the page."""
    drawn = None if figure is None else Markup(inline_figure("mixing", figure))  # noqa: S704
    return (
        environment()
        .get_template("mixing.html.j2")
        .render(document=document, lines=lines, atoms=atoms, drawn=drawn, text=json.dumps(document, indent=2), root="")
    )
