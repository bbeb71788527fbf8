"""The report as one Markdown file (CommonMark with tables)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from emtheory.reports.render.formats import Format
from emtheory.reports.render.number_tables import tables_of
from emtheory.reports.render.prose import (
    derived_prose,
    margin_text,
    markdown_prose,
    markdown_text,
    plain_prose,
    trusted_text,
    typeset_prose,
)
from emtheory.reports.render.templating import text_template


def render_markdown(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return the text for a report's document; the figures are files beside it."""
    text = text_template("report.md.j2", FILTERS).render(
        document, derived=derived_prose(document["derivations"]), **tables_of(document)
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def code(value: object) -> str:
    """Return a code span, also within a table, whatever backticks and bars the value holds."""
    content = " ".join(str(value).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=0))
    padding = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{padding}{content}{padding}{fence}".replace("|", r"\|")


FILTERS: Mapping[str, Callable[..., str]] = {
    "code": code,
    "margin": margin_text,
    "plain": plain_prose,
    "prose": markdown_prose,
    "text": markdown_text,
    "trusted": trusted_text,
    "typeset": typeset_prose,
}
"""Of templates of Markdown."""

FORMAT = Format("report.md", render_markdown)
