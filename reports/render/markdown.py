"""The report as one Markdown file (CommonMark with tables)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emtheory.reports.render.formats import Format
from emtheory.reports.render.prose import margin_text, plain_prose
from emtheory.reports.render.prose import markdown_prose as prose
from emtheory.reports.render.prose import markdown_text as text

_EXPECTED = {"ok": "as expected", "pending": "as expected so far, but **not settled yet**"} | dict.fromkeys(
    ("failed", "open"), "**not as expected**"
)
_SHORT = {"ok": "yes", "pending": "**not settled yet**"} | dict.fromkeys(("failed", "open"), "**no**")

_PARTS = (
    ("claims", "What it says"),
    ("disproofs", "Proof of the opposite"),
    ("instances", "Instances, which test the proof"),
    ("corrected", "What is true instead"),
    ("hypotheses", "Its assumptions can hold"),
    ("controls", "Controls, which must be refuted"),
)


def render_markdown(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return the text for a report's document; the figures are files beside it."""
    return "\n".join(_lines(document)) + "\n"


def code(value: object) -> str:
    """Return a code span, also within a table, whatever backticks and bars the value holds."""
    content = " ".join(str(value).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=0))
    padding = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{padding}{content}{padding}{fence}".replace("|", r"\|")


def _sources(sources: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (text(each["title"]), str(each["statements"]), "this report" if each["here"] else code(each["command"]))
        for each in sources
    ]
    yield from _table(("source", "statements", "report"), rows)
    yield ""


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    summary, run = document["summary"], document["run"]
    about = document["about"]
    yield f"# {text(about['title'])}, checked" if about else "# EM on overspecified Gaussian mixtures, checked"
    yield ""
    if document["own"]:
        yield from (line for words in (about["reference"], about["scope"]) if words for line in (prose(words), ""))
    elif about:
        yield f"{prose(about['reference'])}. Judged: {prose(about['scope'])} Not judged: {prose(about['not_judged'])}"
        yield ""
    for model in about["models"] if document["own"] else ():
        yield from (f"The model {code(model['name'])}, and EM for it, derived:", "")
        yield from (*(f"    {line}".rstrip() for line in model["derivation"].splitlines()), "")
    yield f"{summary['as_expected']} of {summary['statements']} statements came out as expected."
    if document["pending"]:
        yield f"**This report is not complete:** still being computed: {', '.join(document['pending'])}."
    if summary["pending"]:
        yield f"{summary['pending']} statements came out as expected so far, but are not settled yet."
    if document["left_out"]:
        yield f"Left out: {', '.join(document['left_out'])}."
    counts = ", ".join(f"{count} {name}" for name, count in summary["verdicts"].items() if count)
    yield f"Verdicts: {counts} ({summary['refuted_as_expected']} refuted as expected)."
    yield (
        f"Of those refuted {summary['refuted_of_summary']} are statements of the paper's summary and "
        f"{summary['refuted_beyond']} conjectures of our own; {summary['refuted_in_one_reading']} hold in another fair "
        "reading of the same sentence."
    )
    yield (
        f"{summary['claims']} formal claims were decided, among them {summary['controls']} controls, of which "
        f"{summary['controls_refuted']} were refuted, as they must be."
    )
    mutation = document["mutation"]
    if mutation is not None:
        counts = (
            "{mutants} mutants: {refuted} refuted, {implied} implied by the statement, {true} true as well, {open} open"
        )
        yield counts.format(**mutation)
    yield ""
    yield from _sources(document["sources"])
    yield from _table(
        ("statement", "verdict", "as expected"),
        [(prose(entry["title"]), entry["verdict"], _SHORT[entry["status"]]) for entry in document["entries"]],
    )
    for entry in document["entries"]:
        yield from _entry(entry)
    yield from _derivations(document["derivations"])
    absent = {*document["pending"], *document["left_out"]}
    if "numbers" not in absent:
        yield from _numbers(document["numbers"], document["figures"])
    if "laws" not in absent:
        yield from _laws(document["laws"], document["figures"])
    versions = ", ".join(f"{text(name)} {text(version)}" for name, version in run["versions"].items())
    yield "<!-- run data: begin -->"
    yield "## Run data"
    yield ""
    yield f"{text(run['time'])}, {run['seconds']} s, {text(run['machine'])}; {versions}"
    yield ""
    yield "<!-- run data: end -->"


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {prose(entry['title'])}"
    yield ""
    expected = _EXPECTED[entry["status"]]
    level = f", evidence {entry['level']}" if entry["level"] not in (None, entry["verdict"]) else ""
    yield f"**{entry['verdict']}**{level}, {expected}. {prose(entry['reason'])}."
    yield ""
    yield f"> {prose(entry['quote'])}"
    yield ">"
    yield f"> {prose(entry['source'])}"
    yield ""
    yield f"Reading: {prose(entry['reading'])}"
    yield ""
    if entry["other_readings"]:
        yield f"Read otherwise in {', '.join(map(text, entry['other_readings']))}."
        yield ""
    if entry.get("theorems"):
        yield "Proved in Rocq, for every dimension and number of components:"
        yield ""
        yield from (f"* `{theorem['name']}`: {text(theorem['words'])}" for theorem in entry["theorems"])
        yield ""
    if entry.get("foundations"):
        whole = f"; weakest of all that it rests on: {entry['weakest_of_all']}" if entry["ancestors"] else ""
        yield f"To be trusted: {', '.join(entry['foundations'])}{whole}."
    if entry["depends"]:
        yield f"Rests on {', '.join(map(text, entry['depends']))}."
        yield ""
    yield from (f"* {prose(problem)}" for problem in entry["problems"])
    for part, heading in _PARTS:
        if entry[part]:
            yield f"### {heading}"
            yield ""
            if part == "corrected":
                yield prose(entry["correction"])
                yield ""
            yield from _claims(entry[part])
    if entry["constants"]:
        yield "### How sharp its constants are"
        yield ""
        yield from (f"* {prose(constant['text'])}" for constant in entry["constants"])
        yield ""


def _claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = []
    for claim in claims:
        statement = f"derivation {text(claim['derivation'])}" if claim["derivation"] else code(claim["statement"])
        title = f"{prose(claim['title'])} " if claim["title"] else ""
        rows.append((title + statement, text(claim["cases"]), claim["verdict"], text(margin_text(claim["margin"]))))
    yield from _table(("claim", "cases", "verdict", "margin"), rows)
    for claim in claims:
        if claim["witness"]:
            yield from _witness(claim)
        elif claim["verdict"] in ("refuted", "inconclusive"):
            yield f"{text(claim['id'])}: {prose(claim['reason'])}"
            yield ""
        if "rests_on" in claim["domain"]:
            yield f"{text(claim['id'])} rests on: {prose(claim['domain']['rests_on'])}."
            yield ""


def _witness(claim: Mapping[str, Any]) -> Iterator[str]:
    witness = claim["witness"]
    how = "proved" if witness["rigorous"] else "not rigorous"
    yield f"Witness against {code(witness['comparison'])} ({how}): {text(witness['place'])}."
    yield ""
    for side in witness["values"]:
        exact = side["lower"] == side["upper"]
        value = f"= {side['lower']}" if exact else f"≈ {side['value']}, in \\[{side['lower']}, {side['upper']}\\]"
        yield f"* {code(side['expression'])} {value}"
    yield from (f"* check it: {code(command)}" for command in claim["commands"])
    yield ""


def _derivations(derivations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if derivations:
        yield "## Derivations"
        yield ""
    for derivation in derivations:
        yield f"### {text(derivation['name'])}-{derivation['k'] or 'general'}: {prose(derivation['title'])}"
        yield ""
        yield f"{prose(derivation['statement'])} ({prose(derivation['source'])}). Scope: {prose(derivation['scope'])}."
        yield ""
        yield f"Rests on {prose(derivation['basis'])}."
        yield ""
        for step in derivation["steps"]:
            yield f"{step['number']}. {prose(step['explanation'])} ({prose(step['how'])})"
            yield ""
            if step["latex"]:
                yield f"   $${step['latex']}$$"
                yield ""


def _numbers(rows: Sequence[Mapping[str, Any]], figures: Mapping[str, str]) -> Iterator[str]:
    yield "## Numbers"
    yield ""
    header = ("case", *rows[0]["quantities"], "population EM", "sample EM (99 % interval)") if rows else ()
    body = []
    for row in rows:
        quantities = [
            prose(answer["reason"]) if answer["value"] is None else f"{answer['value']} ({answer['level']})"
            for answer in row["quantities"].values()
        ]
        seen = row["floating"]
        if seen["population_factor"] is None:
            floating = (prose(seen["reason"]), "–")
        else:
            floating = (seen["population_factor"], f"{seen['sample_factor']} in \\[{seen['low']}, {seen['high']}\\]")
        body.append((text(f"k = {row['k']}, {row['weights']}, d = {row['d']}"), *quantities, *floating))
    yield from _table(header, body)
    yield from _figure("decay", figures)
    yield from _figure("profile", figures)
    yield from _figure("share", figures)
    yield from _figure("samples", figures)


def _laws(laws: Mapping[str, Any], figures: Mapping[str, str]) -> Iterator[str]:
    yield "## Laws in k and d"
    yield ""
    columns = [name for name in laws["rows"][0] if name not in ("k", "weights", "bound_over_truth")]
    yield from _table(
        ("weights", "k", *columns),
        [
            (text(row["weights"]), str(row["k"]), *(row[name]["value"] if row[name] else "–" for name in columns))
            for row in laws["rows"]
        ],
    )
    yield "### Finite samples"
    yield ""
    names = [name for name in laws["samples"][0] if name not in ("weights", "k", "d")]
    yield from _table(
        ("weights", "k", "d", *names),
        [
            (text(row["weights"]), str(row["k"]), str(row["d"]), *(row[n]["value"] if row[n] else "–" for n in names))
            for row in laws["samples"]
        ],
    )
    yield "### Certified bands"
    yield ""
    yield from _records(laws["bands"])
    yield "### Fits"
    yield ""
    yield from _table(
        ("fitted law", "weights", "a", "b", "interval of b", "largest residual"),
        [
            (
                prose(fit["law"]),
                text(fit["weights"]),
                fit["intercept"],
                fit["slope"],
                f"\\[{fit['low']}, {fit['high']}\\]",
                fit["residual"],
            )
            for fit in laws["fits"]
        ],
    )
    yield from _figure("radii", figures)
    yield from _figure("bound", figures)
    yield from _figure("contraction-factor", figures)
    yield from _figure("simplex-drift", figures)
    for name, title in (("dimension", "Nothing depends on d"), ("direction", "The simplex is not the worst direction")):
        part = laws[name]
        yield f"### {title}: k = {part['k']}, {text(part['weights'])}"
        yield ""
        yield from _records(part["rows"])
    yield "### The worst direction of norm 1"
    yield ""
    yield from _records(laws["worst"])


def _records(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    header = list(rows[0])
    yield from _table(header, [[prose(str(row[key])) for key in header] for row in rows])


def _figure(name: str, captions: Mapping[str, str]) -> Iterator[str]:
    yield f"![{text(plain_prose(captions[name]))}](figures/{name}.svg) ([data](data/{name}.csv))"
    yield ""


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {' | '.join(prose(name) for name in header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


FORMAT = Format("report.md", render_markdown)
