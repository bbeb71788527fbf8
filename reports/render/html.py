"""The report as HTML pages without network: one for all, and one for each statement; script is not needed."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from emtheory.reports.render.formats import Format
from emtheory.reports.render.graph import dependency_figure, neighbour_figure
from emtheory.reports.render.inline_figure import inline_figure
from emtheory.reports.render.number_tables import tables_of
from emtheory.reports.render.prose import derivation_id, html_prose, margin_text, plain_prose, trusted_text
from emtheory.reports.render.templating import templates
from emtheory.theory.claim import BEYOND, PROPER, REFUTED
from emtheory.theory.claims import PAPER, sources
from emtheory.theory.mathml import mathml
from emtheory.theory.source import Overview

_MOST_LATEX = 440
"""Signs of LaTeX of the longest formula that is set on the page: longer ones, which no line nor sheet holds, are set on
their statement's page only, as they would be an eighth of all bytes."""

_SENTENCE_END = re.compile(r"[.!?](?= [A-Z$])")

_BLOCKS = (
    "article|blockquote|dd|details|div|dl|dt|figure|h[1-6]|li|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul"
)
_UNSAID = re.compile(
    rf"\s*</(?:li|td|th|tr|thead|tbody|dt|dd)>|\s*</p>(?=\s*(?:</|<(?:details|div|dl|h4|li|ol|p|pre|table|ul)\b))|\n(?=</?(?:{_BLOCKS})\b)"
)
"""Ends of elements, and of lines, that HTML lets out, as what follows tells them: a thirtieth of all bytes."""

_TAG, _QUOTED = re.compile("<[a-z][^<>]*>"), re.compile(r'(?<==)"([\w#-]+)"(?=[ >])')
"""A tag, and values in it that HTML lets stand without quotes: a hundredth of all bytes."""

_PLAIN = {"&gt;": ">", "&#39;": "'", "&#x27;": "'"}
"""Signs that HTML takes as they are, in text and in values between double quotes; what is between others is JSON."""

_PARTS = ("claims", "disproofs", "instances", "corrected", "hypotheses", "controls")

_anchor, _file = "#{}".format, "{}.html".format
"""Where a statement stands on the page, and the file with a page of its own."""

Entry = Mapping[str, Any]


def render_html(document: Mapping[str, Any], figures: Mapping[str, str], *, files: bool = True) -> str:
    """Return the page; a derivation for one k beside that for every k stands on its statement's page only."""
    entries, derivations = document["entries"], document["derivations"]
    general = {each["name"] for each in derivations if each["general"]}
    shown = [each for each in derivations if each["general"] or each["name"] not in general]
    chapters = [(group, list(members)) for group, members in groupby(entries, key=itemgetter("group"))]
    page = environment().get_template("report.html.j2")
    text = page.render(
        document,
        drawn={name: Markup(inline_figure(name, svg)) for name, svg in figures.items()},  # noqa: S704
        chapters=chapters,
        summarised=next((n for n, (group, _) in enumerate(chapters, 1) if group not in (*PROPER, BEYOND)), 1),
        present=[source for source in document["sources"] if source["here"]],
        source_of={name: source["name"] for source in document["sources"] for name in source["entries"]},
        corrections=_corrections(entries),
        explored=_explored(document["explorer"]),
        overview=overview_of(document),
        graphs=_graphs(entries),
        places=_places(derivations, shown),
        derivations_named={derivation_id(each): each for each in derivations},
        derivations_of=lambda entry: [each for each in shown if each["entry"] == entry["id"]],
        theorems=_theorems(shown),
        **tables_of(document),
        href=_anchor,
        root="",
        files=files,
    )
    body, script, rest = text.rpartition("<script>")
    body = _TAG.sub(lambda tag: _QUOTED.sub(r"\1", tag[0]), _UNSAID.sub("", body))
    for said, sign in _PLAIN.items():
        body = body.replace(said, sign)
    return body + script + rest


def statement_pages(document: Mapping[str, Any]) -> Mapping[str, str]:
    """Return name of a file → page, one for each statement, to be shared by itself."""
    entries, derivations = document["entries"], document["derivations"]
    template = environment().get_template("statement.html.j2")
    neighbours = {each["id"]: Markup(neighbour_figure(each, entries, _file)) for each in entries}  # noqa: S704
    overview = overview_of(document)

    def derivations_of(entry: Entry) -> list[Entry]:
        named = {claim["derivation"] for part in _PARTS for claim in entry[part]}
        return [each for each in derivations if derivation_id(each) in named]

    return {
        _file(entry["id"]): template.render(
            entry=entry,
            before=before,
            after=after,
            overview=overview,
            entries=entries,
            neighbours=neighbours,
            places=_places((), derivations_of(entry)),
            derivations_named={derivation_id(each): each for each in derivations_of(entry)},
            drawn={},
            files=True,
            derivations_of=derivations_of,
            theorems=_theorems(derivations_of(entry)),
            href=_file,
            root="../",
        )
        for before, entry, after in zip([None, *entries], entries, [*entries[1:], None], strict=False)
    }


def data_page(name: str, document: Mapping[str, Any], lines: Sequence[str], figure: str | None, **more: Any) -> str:
    """Return the page on a fit or on a mixing distribution: what is certified, the figure, and the document itself."""
    drawn = Markup(inline_figure(name, figure)) if figure else None  # noqa: S704
    page, text = environment().get_template(f"{name}.html.j2"), json.dumps(document, indent=2)
    return page.render(document=document, lines=lines, drawn=drawn, text=text, root="", **more)


def overview_of(document: Mapping[str, Any]) -> Overview | None:
    """Return the paper on one screen, if the report has all that it says."""
    overview = sources()[PAPER].overview
    if document["own"] or document["about"] or overview is None:
        return None
    ids = {entry["id"] for entry in document["entries"]}
    return overview if all(ids.issuperset(answer.rests_on) for answer in overview.answers) else None


def _graphs(entries: Sequence[Entry]) -> Mapping[str, Markup]:
    """Draw, chapter by chapter, the entries that rest on others, with all that they rest on."""
    known = {entry["id"]: entry for entry in entries}
    graphs = {}
    for group in dict.fromkeys(entry["group"] for entry in entries):
        wanted = [entry["id"] for entry in entries if entry["group"] == group and entry["depends"]]
        for name in wanted:
            wanted += [below for below in known[name]["depends"] if below in known and below not in wanted]
        if wanted:
            chosen = [entry for entry in entries if entry["id"] in wanted]
            graphs[group] = Markup(dependency_figure(chosen, _anchor))  # noqa: S704
    return graphs


def _places(derivations: Sequence[Entry], here: Sequence[Entry]) -> dict[str, str]:
    """Return where the steps of each derivation are: those that are here, and others on their statements' pages."""
    named = {derivation_id(each): f"#derivation-{derivation_id(each)}" for each in here}
    return {
        name: f"statements/{_file(each['entry'])}#derivation-{name}"
        for each in derivations
        for name in [derivation_id(each)]
    } | named


def _theorems(derivations: Sequence[Entry]) -> dict[str, str]:
    """Return what each theorem says that a step cites, by its name, which how the step is checked begins with."""
    cited = [step for each in derivations for step in each["steps"] if step["theorem"]]
    said = {_cited(step["how"]): step["theorem"] for step in cited}
    return dict(sorted(said.items(), key=lambda each: each[0].lower()))


def _cited(how: str) -> str:
    return how.removeprefix("cites ").partition(";")[0]


def _explored(rows: Sequence[Entry]) -> Mapping[str, Any]:
    """Return the table of the interactive figure in few bytes: names once, and rows of values."""
    names = [name for name in (rows[0] if rows else ()) if name != "starts"]
    of_starts = list(rows[0]["starts"][0]) if rows else []
    told = ({**row, "weights": _weights_text(row["weights"])} for row in rows)
    values = [[[row[name] for name in names], [list(start.values()) for start in row["starts"]]] for row in told]
    return {"names": names, "of_starts": of_starts, "rows": values}


def _weights_text(weights: str) -> str:
    """Return how the weights of the interactive figure are called beside its slider."""
    return "all equal" if weights == "uniform" else f"{weights.partition(':')[2]} on one, the rest equal"


def _told_before(claims: Sequence[Entry]) -> set[str]:
    """Return the ids of claims on a derivation for one k whose conclusion stands above, with another k or every one."""
    told: set[str] = set()
    again = set()
    for claim in claims:
        name, _, k = (claim["derivation"] or "").rpartition("-")
        if name and name in told and k != "general":
            again.add(claim["id"])
        told.add(name)
    return again


def environment() -> Environment:
    """Return what renders the pages: every text escaped, no script but the page's own."""
    made = templates()
    script = made.get_template("script.js").render()
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    digest = b64encode(sha256(script.encode()).digest()).decode()
    made.globals |= {
        "derivation_id": derivation_id,
        "most_latex": _MOST_LATEX,
        "script": Markup(script),  # noqa: S704
        "script_digest": f"sha256-{digest}",
    }
    made.filters |= {
        "anchor": lambda name: quote(name, safe="").replace("%", "-"),  # for an address, of any text
        "checks": _checks,
        "cited": _cited,
        "content": lambda text: Markup(escape(text, quote=False)),  # noqa: S704 (of an element, never an attribute)
        "entry_of": lambda name, entries: next((entry for entry in entries if entry["id"] == name), None),
        "first_sentence": _first_sentence,
        "margin": margin_text,
        "mathml": lambda latex: Markup(mathml(latex)),  # noqa: S704
        "notation": html_prose,
        "plain": plain_prose,
        "told_before": _told_before,
        "trusted": trusted_text,
        "weights": _weights_text,
        "witness": _witness_place,
    }
    return made


def _corrections(entries: Sequence[Entry]) -> list[Entry]:
    """Return what is false or incomplete, the false statements of the paper first and conjectures of our own last."""
    found = [
        entry
        for entry in entries
        if entry["verdict"] == REFUTED or (entry["correction"] and entry["verdict"] != "pending")
    ]
    return sorted(found, key=lambda entry: (entry["group"] == BEYOND, entry["verdict"] != REFUTED))


def _checks(entry: Entry) -> list[str]:
    """Return commands that show that a statement fails, or what is true where it is only incomplete."""
    failing = [claim for claim in entry["claims"] if claim["verdict"] == REFUTED]
    shown = [*failing[:1], *entry["disproofs"][:1]] or entry["corrected"][:1]
    return [command for claim in shown for command in claim["commands"]]


def _witness_place(entry: Entry) -> str:
    """Return the first case at which a statement fails, if it is refuted by one."""
    places = (claim["witness"]["place"] for claim in entry["claims"] if claim["witness"])
    return next(places, "") if entry["verdict"] == REFUTED else ""


def _first_sentence(prose: str) -> str:
    """Return the first sentence; a stop within a formula, or before a small letter, ends none."""
    for end in _SENTENCE_END.finditer(prose):
        if prose.count("$", 0, end.start()) % 2 == 0:
            return prose[: end.end()]
    return prose


FORMAT = Format("index.html", render_html)
