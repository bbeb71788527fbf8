"""The pages on a fit and on a mixing distribution: what is certified, the figure, and the document itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from emtheory.reports.render.html import environment
from emtheory.reports.render.inline_figure import inline_figure


def data_page(name: str, document: Mapping[str, Any], lines: Sequence[str], figure: str | None, **more: Any) -> str:
    """Return a page; its template has the name that is given, and what else it needs comes by name."""
    drawn = Markup(inline_figure(name, figure)) if figure else None  # noqa: S704
    text = json.dumps(document, indent=2)
    page = environment().get_template(f"{name}.html.j2")
    return page.render(document=document, lines=lines, drawn=drawn, text=text, root="", **more)
