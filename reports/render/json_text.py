"""The report as JSON: the document itself."""

import json
from collections.abc import Mapping
from typing import Any

from emtheory.reports.render.formats import Format


def render_json(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return the document as text."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMAT = Format("report.json", render_json)
