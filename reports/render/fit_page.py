"""The page on a fit: what is certified, the figure, and the document itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from emtheory.reports.render.html import environment
from emtheory.reports.render.inline_figure import inline_figure


def fit_page(document: Mapping[str, Any], lines: Sequence[str], figure: str) -> str:
    """Return the page."""
    drawn = Markup(inline_figure("fit", figure)) if figure else None  # noqa: S704
    text = json.dumps(document, indent=2)
    page = environment().get_template("fit.html.j2")
    return page.render(document=document, lines=lines, drawn=drawn, text=text, root="")
