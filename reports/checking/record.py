"""The verdict on a claim as plain data: what is printed, stored and compared, with no function in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import KERNEL, LEVELS, REQUIRABLE, STRENGTH, Level
from emtheory.reports.decide.verdict import INCONCLUSIVE, Finding, Link, Verdict, enclosure_text
from emtheory.reports.language.expression import AMPLITUDE
from emtheory.reports.notebook import html_table
from emtheory.theory.claim import HOLDS, REFUTED, Claim

MAX_FINDINGS = 40
"""Cases and cells whose enclosures are kept; an interval may have thousands."""

_DIGITS = 6
"""Of a distance. A choice: those of a margin."""

Located = tuple[Path, Claim]
"""A claim and the file that it stands in."""

Json = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Record:
    """What was found out about one claim. It has no truth value: ask for `verdict` or `ok`.

    Attributes
    ----------
    id, verdict, expected, level, margin, domain, witness, reason, seconds, points
        As in ``check --json``, and how many points of its domain a claim holds at, if that is all that is known.
    line
        The claim's line in its file.
    advice
        For a claim that is not decided, or not rigorously: what would decide it.
    findings
        The evidence: for the first cases or cells, both sides of each comparison.
    error
        The exit status that a claim calls for to which there is no verdict: it is malformed, or the program fails.
    required
        The weakest level that counts, or None.
    """

    id: str
    verdict: str
    expected: str
    level: str | None
    margin: str | None
    domain: Json
    witness: Json | None
    reason: str
    seconds: float
    line: int | None
    advice: str = ""
    findings: tuple[Json, ...] = ()
    points: int | None = None
    error: int | None = None
    required: str | None = None

    def __repr__(self) -> str:
        return f"<Record {self.id}: {self.verdict}, level {self.level}, margin {self.margin}>"

    def __bool__(self) -> bool:
        raise TypeError("a verdict has no truth value: ask for its verdict, or whether it is ok")

    @property
    def as_expected(self) -> bool:
        """Whether the claim holds as expected, on whatever evidence, or is refuted as expected."""
        return self.verdict == REFUTED if self.expected != HOLDS else self.verdict in LEVELS

    @property
    def is_weak(self) -> bool:
        """Whether the evidence for a decided claim is weaker than what is required."""
        if self.required is None or self.level is None:
            return False
        return REQUIRABLE.index(self.level) > REQUIRABLE.index(self.required)

    @property
    def ok(self) -> bool:
        """Whether the claim came out as expected, on evidence that is strong enough."""
        return self.as_expected and not self.is_weak

    def _repr_html_(self) -> str:
        names = ("verdict", "expected", "level", "margin", "reason", "advice")
        described = [(name, getattr(self, name)) for name in names if getattr(self, name)]
        sides = () if self.witness is None else (self.witness["left"], self.witness["right"])
        values = [(side["expression"], f"in [{side['lower']}, {side['upper']}]") for side in sides]
        return html_table(("claim", self.id), [*described, *values])

    def seen_by(self, kernel: Json) -> "Record":
        """Return the record of a claim that a proof kernel has looked at, which says ``outcome`` and ``reason``."""
        if kernel["outcome"] == "accepted":
            return replace(self, level=KERNEL)
        return replace(self, reason=f"{self.reason}; not seen by the kernel: {kernel['reason']}")

    def of(self, claim: Claim, required: str | None) -> "Record":
        """Return the same verdict for a claim that says the same under another name or at another line."""
        return replace(self, id=claim.id, line=claim.line, required=required)

    def as_json(self) -> dict[str, object]:
        """Return the record as in ``check --json``."""
        document = self.as_document() | {"ok": self.ok}
        names = ("id", "verdict", "expected", "ok", "level", "margin", "domain", "witness", "reason", "seconds")
        return {name: document[name] for name in names}

    def as_document(self) -> dict[str, Any]:
        """Return everything as JSON values, from which ``Record(**document)`` makes the record again."""
        return asdict(self)


def record_of(verdict: Verdict, required: str | None = None) -> Record:
    """Return the record of a verdict, where no weaker level than `required` counts."""
    document = verdict.as_json()
    del document["ok"]
    findings = tuple(map(_finding, islice(verdict.findings, MAX_FINDINGS)))
    beside = {"line": verdict.line, "points": verdict.points, "required": required}
    advice = _advice(verdict, document["domain"])
    return Record(**document, **beside, advice=advice, findings=findings)  # type: ignore[arg-type]


def _finding(finding: Finding) -> Json:
    case = finding.case.as_json()
    case.pop("weights", None)  # They are the claim's, and a thousand of them at every point would drown the rest.
    if finding.whole is not None:
        varying = finding.whole.place or finding.whole.domain
        case |= {"amplitudes": None} if any(name.startswith(AMPLITUDE) for name in varying) else {}
        case |= varying
    if finding.box is not None:
        case |= {"amplitudes": None} | {
            name: f"[{lower}, {upper}]" for name, (lower, upper) in finding.box.sides.items()
        }
    texts = zip(finding.texts, finding.texts[1:], strict=False)
    return {
        "case": {name: value for name, value in case.items() if value is not None},
        "holds": finding.holds,
        "reason": finding.reason,
        "comparisons": [_link(pair, link) for pair, link in zip(texts, finding.links, strict=False)],
    }


def _link(texts: tuple[str, str], link: Link) -> Json:
    return {
        "comparison": f"{texts[0]} {link.operator} {texts[1]}",
        "holds": link.holds,
        "level": STRENGTH[link.level],
        "distance": None if link.distance is None else decimal_text(link.distance, _DIGITS, "down"),
        "left": _side(texts[0], link.left),
        "right": _side(texts[1], link.right),
    }


def _side(text: str, side: Enclosure) -> Json:
    return {"expression": text, **enclosure_text(side), "route": side.route, "level": str(side.level)}


def _advice(verdict: Verdict, domain: Any) -> str:
    if verdict.outcome == INCONCLUSIVE:
        return _what_would_decide(verdict.findings)
    if verdict.level is not None and verdict.level < Level.CERTIFIED:
        weak = [side for finding in verdict.findings for link in finding.links for side in (link.left, link.right)]
        if any(side.level < Level.CERTIFIED for side in weak):
            return "a rigorous route for the quantities in the statement at this point"
        names = " and ".join(domain.get("for_all") or ["its variables"])
        return (
            f"quantities that are enclosed on a whole range of {names}, which not all are, or fixed values of {names}"
        )
    return ""


def _what_would_decide(findings: Sequence[Finding]) -> str:
    undecided = next((finding for finding in findings if finding.holds is None), None)
    links = () if undecided is None else undecided.links
    link = next((link for link in links if link.holds is None), None)
    if link is None:
        return "more time, or a route that can compute what is missing"
    if link.operator in ("==", "!="):
        return "exact quantities on both sides, or an inequality with a margin in place of the equality"
    return "more digits (--digits-max), or a statement whose two sides do not touch"
