"""The statements of the catalogue as LaTeX, a fragment that needs amsmath and amssymb."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from emtheory.reports.catalogue.claim_document import cases_text
from emtheory.reports.render.latex import prose_latex
from emtheory.theory.claim import HOLDS, Claim, Entry
from emtheory.theory.prose.latex import escaped

_PARTS = (
    ("claims", "Formally"),
    ("disproofs", "Proof of the opposite"),
    ("instances", "Instances"),
    ("corrected", "What is true"),
    ("hypotheses", "Its assumptions can hold"),
    ("controls", "Must be refuted"),
)


def entries_latex(entries: Sequence[Entry]) -> str:
    """Return statements as a fragment, a section for each chapter."""
    return "\n".join(_lines(entries))


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield rf"\section*{{{prose_latex(group)}}}"
        for entry in members:
            yield ""
            yield rf"\subsection*{{{prose_latex(entry.title)}}}"
            yield rf"\begin{{quote}}{prose_latex(entry.quote)}\\ \emph{{{prose_latex(entry.source)}}}\end{{quote}}"
            expected = "" if entry.expected == HOLDS else r" \emph{Expected to be refuted.}"
            yield f"{prose_latex(entry.reading)}{expected}"
            for part, heading in _PARTS:
                claims = getattr(entry, part)
                if claims:
                    yield rf"\paragraph{{{heading}.}}"
                    yield prose_latex(entry.correction) if part == "corrected" else ""
                    yield r"\begin{itemize}"
                    yield from map(_item, claims)
                    yield r"\end{itemize}"


def _item(claim: Claim) -> str:
    title = f"{prose_latex(claim.title.rstrip('.'))}: " if claim.title else ""
    what = f"derivation {escaped(claim.derivation)}" if claim.derivation else _code(claim.statement)
    return rf"\item {title}{what} ({escaped(cases_text(claim))})"


def _code(text: str) -> str:
    """A statement as it is written, which breaks between its parts."""
    return rf"\texttt{{{escaped(' '.join(text.split()))}}}"
