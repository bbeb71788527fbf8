"""Statements as LaTeX, an environment for each: those of the catalogue, and a report, with verdicts in the proofs."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from emtheory.reports.render.formats import Format
from emtheory.reports.render.latex import prose_latex, standalone
from emtheory.reports.render.prose import derived_prose
from emtheory.reports.render.templating import text_template
from emtheory.theory.prose.latex import escaped


def statements_latex(
    entries: Sequence[Any], cases: Callable[[Any], str], derived: Callable[[str], str], *, verdicts: bool
) -> str:
    """Return statements as a fragment, a section for each chapter: entries, or those of a report's document.

    `derived`: what a derivation says, by what claims call it, as prose.
    """
    filters = {"cases": cases, "derived": derived, "prose": prose_latex, "words": escaped}

    def chapter(entry: Any) -> str:
        return str(entry["group"] if isinstance(entry, Mapping) else entry.group)

    chapters = [(name, list(members)) for name, members in groupby(entries, key=chapter)]
    return text_template("report.tex.j2", filters, braces=("<", ">")).render(chapters=chapters, verdicts=verdicts)


def render_latex(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return the document's statements and verdicts as a document of LaTeX, the title and setup of a user's first."""
    about = document["about"] or {}
    head = [rf"\title{{{prose_latex(about.get('title') or 'EM on overspecified Gaussian mixtures')}, checked}}"]
    head += [rf"\author{{{' and '.join(map(prose_latex, about.get('authors', ())))}}}", r"\date{}", r"\maketitle"]
    if document["own"]:
        head += ["\n\n".join(map(prose_latex, (about["reference"], *about["scope"].split("\n\n")))), ""]
    said = derived_prose(document["derivations"])
    body = statements_latex(document["entries"], itemgetter("cases"), said, verdicts=True)
    return standalone("\n".join([*head, body])) + "\n"


FORMAT = Format("report.tex", render_latex)
