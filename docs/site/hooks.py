"""Formulas of the site as MathML, which browsers show without scripts or network."""

import re
from typing import Any

from emtheory.theory.mathml import mathml

_DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return a page's Markdown with its displayed formulas as MathML."""
    return _DISPLAYED.sub(lambda found: mathml(" ".join(found[1].split())), markdown)
