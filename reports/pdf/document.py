"""The report's document in the language of Typst, whose every text is data: a string, never markup."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from emtheory.reports.pdf.mathematics import displayed, prose, words
from emtheory.reports.render.html import overview_of
from emtheory.reports.render.number_tables import Cell, NumberTable, law_tables, number_tables
from emtheory.reports.render.prose import margin_text

__all__ = ["typst_source"]

_HEAD = """\
#set document(title: "EM on overspecified Gaussian mixtures, checked", date: none)
#set page(paper: "a4", margin: 22mm, numbering: "1")
#set text(size: 10pt, lang: "en")
#set par(justify: true)
#set heading(numbering: "1.1")
#set math.equation(numbering: "(1)")
#show raw: set text(size: 8.5pt)
#show raw.where(block: true): set block(breakable: false)
#show table: set text(size: 8.5pt)
#set table(stroke: 0.4pt + luma(160), inset: 4pt)
#show table.cell: set par(justify: false)
#let formula(equation, linear: none) = layout(size => {
  let room = size.width - 12mm
  let width = measure({ set math.equation(numbering: none); equation }).width
  if width <= room { return equation }
  // Wider than the column it is broken at relations and signs, as formulas within text are, beside its number. What
  // cannot be broken so, such as a wide fraction, fills the line to its end or more, and makes the letters smaller, or
  // is written on the line where that is not enough.
  let broken(shown, size) = {
    set text(size: size)
    par(justify: false, hanging-indent: 2em, math.equation(block: false, numbering: none, math.display(shown.body)))
  }
  let fits(shown, size) = measure(width: room, broken(shown, size)).width < room
  let made = none
  for shown in (equation, linear).filter(each => each != none) {
    let smallest = if shown == equation and linear != none { 7 } else { 4 }
    let points = range(10, smallest - 1, step: -1).find(points => fits(shown, points * 1pt))
    if made == none and points != none { made = broken(shown, points * 1pt) }
  }
  grid(
    columns: (1fr, 12mm), align: (left + horizon, right + horizon),
    if made == none { broken(if linear == none { equation } else { linear }, 4pt) } else { made },
    { counter(math.equation).step(); context counter(math.equation).display("(1)") },
  )
})
#align(center)[#text(size: 18pt)[EM on overspecified Gaussian mixtures, checked]]
"""

_PARTS = (
    ("claims", "Formally"),
    ("disproofs", "Proof of the opposite"),
    ("instances", "Instances"),
    ("hypotheses", "Its assumptions can hold"),
    ("corrected", "What is true"),
    ("controls", "Must be refuted"),
)

_NUMBERS = (
    "Factors from the theory beside those of EM in double precision from radius 1, on the population and on samples. "
    "A 99 % interval misses the contraction factor one time in a hundred."
)

_MANY = 30
"""Statements, beyond which the contents name chapters only. A choice: the contents fit on a page."""

_WIDE = 8
"""Columns, beyond which a table needs smaller letters to fit the page. A choice."""

_EXPECTED = {"ok": "as expected", "pending": "as expected so far, but not settled yet"}


_SHORT = frozenset({"claims", "disproofs", "corrected"})
"""Parts of statements that stand in the report where it is not whole."""

_REST = (
    "This is the report to be read. Instances, assumptions and controls stand beside it in index.html, and so do all "
    "derivations, which emtheory derive NAME --format latex writes for a paper."
)


def typst_source(document: Mapping[str, Any], figures: Sequence[str], *, whole: bool = True) -> str:
    """Return the report.

    `whole`: whether derivations, instances, assumptions and controls are in it, too, which are three quarters of it.
    """
    shown = document if whole else {**document, "derivations": [], "entries": list(map(_short, document["entries"]))}
    front = () if whole else _front(document)
    return "\n".join([_HEAD, *front, *_lines(shown, figures)]) + "\n"


def _short(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**entry, **{part: [] for part, _ in _PARTS if part not in _SHORT}}


def _front(document: Mapping[str, Any]) -> Iterator[str]:
    """Answer what a reader asks first, as the page does, and tell what every symbol means."""
    overview = overview_of(document)
    if overview is not None:
        yield f"{prose(overview.model)}\n"
        held = {entry["id"] for entry in document["entries"] if entry["ok"]}
        for answer in overview.answers:
            yield f"#block(sticky: true)[*{prose(answer.question)}*]"
            lines = answer.lines if held.issuperset(answer.rests_on) else ("Not settled in this run.",)
            yield from (f"{prose(line)}\n" for line in lines)
        cells = (f"  [{prose(symbol)}], [{prose(meaning)}]," for symbol, meaning in overview.symbols.items())
        yield "\n".join(["#table(columns: (auto, 1fr), stroke: none,", *cells, ")"])
    yield f"{words(_REST)}\n"


def _lines(document: Mapping[str, Any], figures: Sequence[str]) -> Iterator[str]:
    summary = document["summary"]
    counts = ", ".join(f"{count} {name}" for name, count in summary["verdicts"].items() if count)
    yield words(
        f"{summary['as_expected']} of {summary['statements']} statements came out as expected: {counts}. "
        f"{summary['claims']} formal claims were decided, among them {summary['controls']} controls, of which "
        f"{summary['controls_refuted']} were refuted, as they must be."
    )
    if document["left_out"]:
        yield words(f" Left out: {', '.join(document['left_out'])}.")
    yield ""
    yield "#outline(depth: 1)" if len(document["entries"]) > _MANY else "#outline(depth: 2)"
    for group, members in groupby(document["entries"], key=itemgetter("group")):
        yield "#pagebreak(weak: true)"
        yield _heading(1, group)
        for entry in members:
            yield from _entry(entry)
    if document["derivations"]:
        yield "#pagebreak(weak: true)"
        yield _heading(1, "Derivations")
        for derivation in document["derivations"]:
            yield from _derivation(derivation)
    absent = {*document["pending"], *document["left_out"]}
    if "numbers" not in absent:
        yield from _number_tables("Numbers", dict(enumerate(number_tables(document["numbers"]))), {0: _NUMBERS})
    if "laws" not in absent:
        yield from _number_tables("Laws in k and d", law_tables(document["laws"]), _said_of(document["laws"]))
    if figures:
        yield "#pagebreak(weak: true)"
        yield _heading(1, "Figures")
        for name in figures:
            yield f'#figure(image("{name}.svg", width: 100%), caption: [{prose(document["figures"][name])}])'


def _heading(level: int, text: str) -> str:
    return f"#heading(level: {level})[{prose(text)}]"


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    yield _heading(2, entry["title"])
    level = f", evidence {entry['level']}" if entry["level"] not in (None, entry["verdict"]) else ""
    reason = entry["reason"][:1].upper() + entry["reason"][1:]
    expected = _EXPECTED.get(entry["status"], "not as expected")
    yield f"*{words(entry['verdict'])}*{words(level + ', ' + expected + '. ')} {prose(reason)}."
    yield f"#quote(block: true, attribution: [{prose(entry['source'])}])[{prose(entry['quote'])}]"
    yield f"*Reading.* {prose(entry['reading'])}"
    yield ""
    yield from (f"- {prose(problem)}" for problem in entry["problems"])
    for part, heading in _PARTS:
        if entry[part]:
            yield f"*{heading}.* {prose(entry['correction']) if part == 'corrected' else ''}"
            yield from _claims(entry[part])


def _claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = []
    for claim in claims:
        title = f"{prose(claim['title'])} " if claim["title"] else ""
        derived = f"derivation {claim['derivation']}" if claim["derivation"] else ""
        statement = words(derived) if derived else f"#raw({_string(claim['statement'])})"
        rows.append(
            (title + statement, prose(claim["cases"]), words(claim["verdict"]), words(margin_text(claim["margin"])))
        )
    yield from _table(("claim", "cases", "verdict", "margin"), rows, "(2fr, 1.4fr, auto, auto)")
    for claim in claims:
        witness = claim["witness"]
        if witness:
            how = "proved" if witness["rigorous"] else "not rigorous"
            yield f"Witness against #raw({_string(witness['comparison'])}) ({how}): {words(witness['place'])}."
            yield ""
            for side in witness["values"]:
                interval = words(f"in [{side['lower']}, {side['upper']}]")
                yield f"- #raw({_string(side['expression'])}) {interval}"
            yield from (f"- check it: #raw({_string(command)})" for command in claim["commands"])
            yield ""


def _derivation(derivation: Mapping[str, Any]) -> Iterator[str]:
    number = "every k" if derivation["k"] is None else f"k = {derivation['k']}"
    yield f"#heading(level: 2)[{prose(derivation['title'])} {words(f' ({number})')}]"
    yield f"{prose(derivation['statement'])} ({prose(derivation['source'])}). *Scope:* {prose(derivation['scope'])}."
    yield f"*Basis:* {prose(derivation['basis'])}."
    yield ""
    for step in derivation["steps"]:
        yield f"+ {prose(step['explanation'])} #emph[{words('[' + step['how'] + ']')}]"
        if step["latex"]:
            yield f"  {displayed(step['latex'])}"
    yield ""


def _said_of(laws: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands above each table of the laws."""
    case = "$k$ = {k}, weights {weights}"
    return {
        "rows": "Worst factor, along the simplex ray, and its bound, for every direction, are over the ball of Lloyd's "
        "radius. The other radii are those up to which $λ_{min}(∇²ℓ)$ is at least half the spectral gap, or positive, "
        "and the PL ratio is at least half the gap. A dash: not computed.",
        "bands": "At each point named the value is at least the first constant times the law and at most the second: "
        "certified, and rounded outwards.",
        "samples": "The finite-sample theorem with probability 19/20 and starts with $‖θ‖ ≤ 1/100$; $d = k − 1$, and "
        "at $k = 3$ other $d$.",
        "fits": f"Least squares; the interval ({100 * laws['confidence']:.0f} %) supposes that departures from the law "
        "are random, and says nothing about the limit of large $k$.",
        "dimension": f"EM in double precision, {case.format_map(laws['dimension'])}.",
        "direction": f"The regular simplex and the worst of all directions of the same norm, "
        f"{case.format_map(laws['direction'])}.",
        "worst": "The same at norm 1. Certified: no direction is worse. Observed: the worst that a search found.",
    }


def _number_tables(title: str, tables: Mapping[Any, NumberTable], said: Mapping[Any, str]) -> Iterator[str]:
    yield "#pagebreak(weak: true)"
    yield _heading(1, title)
    for name, table in tables.items():
        yield _heading(2, table.label)
        if name in said:
            yield prose(said[name])
            yield ""
        wide = len(table.headers) > _WIDE
        yield f"#[#show table: set text(size: {'6pt' if wide else '8pt'})"
        yield from _table(table.headers, [list(map(_cell, row)) for row in table.rows], str(len(table.headers)))
        yield "]"


def _cell(cell: Cell) -> str:
    note = f" #linebreak() #text(size: 0.85em)[{prose(cell.note)}]" if cell.note else ""
    return prose(cell.text) + note


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], columns: str) -> Iterator[str]:
    yield f"#table(columns: {columns},"
    yield f"  table.header({', '.join(f'[*{prose(name)}*]' for name in header)}),"
    yield from (f"  {', '.join(f'[{cell}]' for cell in row)}," for row in rows)
    yield ")"


def _string(text: str) -> str:
    """A text as it is written, in which lines may break at underscores and blanks."""
    return words(text)[1:-1] or '""'
