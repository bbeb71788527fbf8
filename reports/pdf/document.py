"""The report's document in the language of Typst, whose every text is data: a string, never markup."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from emtheory.reports.pdf.mathematics import displayed, prose, words
from emtheory.reports.render.html import overview_of
from emtheory.reports.render.number_tables import tables_of
from emtheory.reports.render.prose import margin_text, plain_prose
from emtheory.reports.render.templating import text_template


def typst_source(document: Mapping[str, Any], figures: Sequence[str], *, whole: bool = True) -> str:
    """Return the report.

    `whole`: whether derivations, instances, assumptions and controls are in it, too, which are three quarters of it.
    """
    filters = {
        "code": lambda text: f"#raw({_literal(' '.join(str(text).split()))})",
        "displayed": displayed,
        "literal": _literal,
        "margin": margin_text,
        "plain": plain_prose,
        "prose": prose,
        "words": words,
    }
    return text_template("report.typ.j2", filters).render(
        document,
        whole=whole,
        images=figures,
        overview=None if whole else overview_of(document),
        held=set() if whole else {entry["id"] for entry in document["entries"] if entry["ok"]},
        chapters=[(group, list(members)) for group, members in groupby(document["entries"], key=itemgetter("group"))],
        **tables_of(document),
    )


def _literal(text: str) -> str:
    """A text as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)
