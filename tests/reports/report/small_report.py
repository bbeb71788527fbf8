"""A small catalogue with hostile text, the report on it, and what its page is made of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.exit_code import ExitCode
from emtheory.reports.laws.plan import Family, LawGrid
from emtheory.reports.report.numbers import SETTINGS
from emtheory.reports.report.run import write_report
from emtheory.reports.report.stages import Scope
from emtheory.theory.claim import Claim, Entry
from tests.conftest import here

HOSTILE = "<script>alert(1)</script> ]]> `|` & \x00\x1b[31m \ud800 </style>\u202e"
HOSTILE_ID = f"false {HOSTILE}".replace("\ud800", "")

WEIGHTS = ("1/2", "3/10", "1/5")
TRUE = Entry(
    *("true-one", "$|π̂_m|²$ of (1/2, 3/10, 1/5)", "a test", "A sentence.", "As it stands."),
    claims=(Claim("gap", "spectral_gap == 7/100", weights=WEIGHTS), Claim("gradient", derivation="gradient", k=(2, 3))),
    universal=False,
    hypotheses=(Claim("positive", "spectral_gap > 0", weights="linear"),),
    controls=(Claim("wrong", "spectral_gap == 8/100", weights=WEIGHTS, expect="refuted", title="[0, 5) is"),),
)
UNEQUAL = Claim(
    *(HOSTILE_ID, "posterior_power(m=1) == posterior_power(m=2)"),
    title=HOSTILE,
    k=(4,),
    weights=("1/2", "1/4", "1/8", "1/8"),
    radius="0",
)
FALSE = Entry(
    *("false-one", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    claims=(UNEQUAL, Claim("also true", "k == 3")),
    expected="refuted",
    correction=HOSTILE,
    corrected=(Claim("right", "k < 4"),),
    controls=(Claim("control", "k > 3"),),
    depends=("true-one",),
    other_reading_of="true-one",
)
EXPLORED = tuple((k, f"one-heavy:{weight}") for k in (2, 3) for weight in ("9/10", "99/100"))
LAWS = LawGrid(
    families=(Family("one-heavy:99/100", (8, 16, 32, 64), (8, 16)),),
    factor_ks="2,8",
    factor_radii="1,2",
    drift_ratios=(Fraction(1, 2), Fraction(1)),
    drift_radii="1,2",
    direction_radii=(Fraction(1),),
    worst_cases=((3, "linear"), (6, "linear")),
    sample_ks="2,3",
    sample_ds="2,4",
)


def silent(_: str) -> None:
    pass


@dataclass
class Report:
    folder: Path
    code: ExitCode
    lines: list[str]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def content(self) -> Any:
        return json.loads(self.text("report.json"))


def write(folder: Path, entries: Sequence[Entry], **options: Any) -> Report:
    """Write a report on entries: a quick one in this process, others by two workers."""
    lines: list[str] = []
    scope = Scope(SETTINGS[:1], LAWS, jobs=2, **{"explored": EXPLORED} | options)
    with pytest.MonkeyPatch.context() as patch:
        if scope.quick:
            patch.setattr("emtheory.reports.checking.tasks.crew", here)
        return Report(folder, write_report(folder, entries, scope, lines.append), lines)


class Page(HTMLParser):
    """The tags, links, ids and text of a page; an unclosed tag is an error, but for ends that HTML implies."""

    VOID = frozenset({"meta", "br", "input"})
    IMPLIED = frozenset({"li", "td", "th", "tr", "thead", "tbody", "dt", "dd", "p"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.left_open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src", "xlink:href") and value:
                self.links.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open[-1] != tag and self.open[-1] in self.IMPLIED:
            self.left_open.append(self.open.pop())
        assert self.open.pop() == tag
