"""The sources of the catalogue, as the report lists them."""

import shlex
from collections.abc import Sequence

from emtheory.theory.claim import Entry
from emtheory.theory.claims import PAPER, catalogue, sources


def sources_document(entries: Sequence[Entry]) -> dict[str, object]:
    """Return every source with what of it is judged, and the one that the entries are from if it is not the paper.

    Under ``about`` is None for the paper, or for entries of several sources.
    """
    ids = {entry.id for entry in entries}
    described: list[dict[str, object]] = []
    for name, source in sources().items():
        own = [entry.id for entry in catalogue(name)]
        described.append(
            {
                "name": name,
                "title": source.title,
                "reference": source.reference,
                "scope": source.scope,
                "not_judged": source.not_judged,
                "statements": len(own),
                "here": sum(identifier in ids for identifier in own),
                "command": shlex.join(["emtheory", "report", "--source", name, "--out", f"report-{name}"]),
            }
        )
    present = [source for source in described if source["here"]]
    about = present[0] if len(present) == 1 and present[0]["name"] != PAPER else None
    return {"sources": described, "about": about}
