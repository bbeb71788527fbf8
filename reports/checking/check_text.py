"""What `emtheory check` tells people: a line for each claim, the details of a failure, and how a verdict came about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.claims_file import place_of
from emtheory.reports.checking.record import Record
from emtheory.reports.decide.verdict import INCONCLUSIVE, points_text
from emtheory.reports.text_file import without_controls
from emtheory.theory.claim import HOLDS, Claim
from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.unicode_text import plain

_SHOWN = 100
"""Longest piece of a claim's text in the output for people."""

_VERDICT_WIDTH = len(INCONCLUSIVE)
"""Of the column of verdicts: no word for one is longer."""

_LONGEST_ID = 40
"""That a column makes room for. A choice: half a terminal's width."""

_SCREEN = 10
"""Claims whose lines stand on one screen with what failed among them. A choice."""

PASSED, FAILED, OPEN, WEAK, ERROR = "ok", "FAIL", "OPEN", "WEAK", "ERR"


def word(record: Record) -> str:
    """Return in a word how a claim came out: one of those above."""
    if record.ok:
        return PASSED
    if record.error is not None:
        return ERROR
    if record.level is None:
        return OPEN
    return WEAK if record.as_expected else FAILED


def headline(record: Record, width: int = 0, *, cached: bool = False, title: str = "") -> str:
    """Return the one line of a claim, less its first word, ids in a column of a width (`id_width`).

    In place of the time it takes it says whether the verdict is known from an earlier run.
    """
    parts = []
    if record.level is not None and record.level != record.verdict:
        parts.append(f"level {record.level}")
    if record.expected != HOLDS:
        parts.append(f"expected {record.expected}")
    if record.points is not None:
        parts.append(points_text(record.points))
    if record.is_weak:
        parts.append(f"required {record.required}")
    if record.margin is not None:
        parts.append(f"margin {record.margin}")
    verdict = record.verdict if record.error is None else "no verdict"
    time = "cached" if cached else f"{record.seconds:.2f} s"
    row = f"{record.id:<{width}}  {verdict:<{_VERDICT_WIDTH if width else 0}}  {time:>8}"
    return "  ".join(filter(None, (row, ", ".join(parts), _title(title))))


def claim_line(checked: Checked, width: int) -> str:
    """Return the one line of a claim that was checked; the title of one that failed stands in its details."""
    title = checked.claim.title if checked.record.ok else ""
    return headline(checked.record, width, cached=checked.verdict is None, title=title)


def id_width(ids: Iterable[str]) -> int:
    """Return the width of a column for ids; a few that are very long stick out."""
    return min(max(map(len, ids), default=0), _LONGEST_ID)


def details(checked: Checked) -> Iterator[str]:
    """Yield the lines that say where a claim stands, what its sides were, and what would decide it."""
    claim, record = checked.claim, checked.record
    yield f"{place_of(checked.path, claim.line)}: {shorten(claim.statement)}"
    if claim.title:
        yield f"title    {_title(claim.title)}"
    witness = record.witness
    if witness is not None:
        how = "rigorous" if witness["rigorous"] else "not rigorous"
        yield f"witness  {_place(claim, witness)} ({how})"
        yield from _sides(witness)
    undecided = (finding for finding in record.findings if witness is None and finding["holds"] is None)
    for finding in islice(undecided, 1):
        yield f"at       {_place(claim, finding['case'])}"
        yield from chain.from_iterable(_sides(link) for link in finding["comparisons"] if link["holds"] is None)
    yield f"reason   {record.reason}"
    if record.advice:
        yield f"decide   it takes {record.advice}"


def explanation(checked: Checked) -> Iterator[str]:
    """Yield the lines that tell how a verdict came about."""
    claim, record = checked.claim, checked.record
    yield f"statement {shorten(claim.statement)}"
    for name in ("title", "source"):
        if getattr(claim, name):
            yield f"{name:<9} {shorten(getattr(claim, name))}"
    yield f"stands at {place_of(checked.path, claim.line)}"
    for name, value in record.domain.items():
        if value not in (None, {}, []):
            yield f"{name:<9} {shorten(_plain(value))}"
    for finding in record.findings:
        yield f"case      {_place(claim, finding['case'])}"
        for comparison in finding["comparisons"]:
            answer = {True: "holds", False: "fails", None: "is not decided"}[comparison["holds"]]
            yield f"  {shorten(comparison['comparison'])}: {answer} ({comparison['level']})"
            lines = _sides(comparison)
            if comparison["distance"] not in (None, "0") and not _disjoint(comparison):
                lines = iter([f"its sides are at least {comparison['distance']} apart on each of its parts"])
            yield from (f"    {line}" for line in lines)
        if finding["reason"]:
            yield f"  {finding['reason']}"
    yield f"verdict   {record.verdict}, {record.reason}"
    if record.margin is not None:
        yield f"margin    {record.margin}, a lower bound of the distance of two sides"
    if record.advice:
        yield f"decide    it takes {record.advice}"


def summary(records: Sequence[Record]) -> str:
    """Return the last line, with the number of claims checked."""
    words = Counter(map(word, records))
    parts = [f"{words[PASSED]} as expected", f"{words[FAILED]} failed", f"{words[OPEN]} inconclusive"]
    if words[WEAK]:
        parts.append(f"{words[WEAK]} below {records[0].required}")
    if words[ERROR]:
        parts.append(f"{words[ERROR]} {'error' if words[ERROR] == 1 else 'errors'}")
    return f"{len(records)} {'claim' if len(records) == 1 else 'claims'} checked: {', '.join(parts)}"


def failures(results: Sequence[Checked]) -> Iterator[str]:
    """Yield a line for each claim that did not come out as expected, if there were so many that it is far above."""
    failed = [each for each in results if not each.record.ok]
    if failed and len(results) > _SCREEN:
        yield "not as expected:"
        for each in failed:
            place = place_of(each.path, each.claim.line)
            yield f"  {word(each.record):<4} {each.record.id} ({place}): {shorten(each.record.reason)}"


def shorten(text: str) -> str:
    """Return a text in one line without controls, or the beginning of it if it is long."""
    text = without_controls(" ".join(text.split()))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _title(text: str) -> str:
    """Return a title with its formulas in plain signs, or as it stands."""
    try:
        return shorten(plain(text))
    except NotationError:
        return shorten(text)


def _sides(comparison: Mapping[str, Any]) -> Iterator[str]:
    for name in ("left", "right"):
        side = comparison[name]
        ends = side["lower"], side["upper"]
        told = "is not enclosed by itself here" if ends == ("-inf", "inf") else f"in [{', '.join(ends)}]"
        yield f"{name:<8} {shorten(side['expression'])} {told}"


def _disjoint(comparison: Mapping[str, Any]) -> bool:
    """Whether the enclosures of both sides, over all of a case, tell them apart."""
    left, right = (tuple(Decimal(comparison[side][end]) for end in ("lower", "upper")) for side in ("left", "right"))
    return left[1] < right[0] or right[1] < left[0]


def _place(claim: Claim, case: Mapping[str, Any]) -> str:
    weights = claim.weights if isinstance(claim.weights, str) else ",".join(claim.weights)
    if claim.family:
        return ", ".join(f"{name} = {value}" for name, value in case.items() if name in {*claim.values, *claim.for_all})
    parts = [f"k = {case['k']}", f"weights {shorten(weights)}"]
    parts += [f"{name} = {case[name]}" for name in case if name in claim.for_all and name not in ("k", "radius")]
    if case.get("radius") is not None:
        parts.append(f"radius {case['radius']}")
    if case.get("amplitudes") is not None:
        parts.append(f"amplitudes {shorten(','.join(case['amplitudes']))}")
    return ", ".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} in {_plain(ends)}" for name, ends in value.items())
    return f"[{', '.join(map(_plain, value))}]" if isinstance(value, list | tuple) else str(value)
