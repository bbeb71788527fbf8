"""Verdicts: what follows from enclosures, by one small function without tolerances."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import apply
from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.language.expression import AMPLITUDE, Call
from emtheory.theory.claim import HOLDS

POINT = "point"
"""A single place."""
ALGEBRA = "algebra"
"""The whole domain at once, by exact signs of polynomials in its variables."""

REFUTED = "refuted"
INCONCLUSIVE = "inconclusive"
_COMPARE: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
)
TIME_IS_UP = "the time is up"
"""Why something was left undecided."""
_MARGIN_DIGITS = 6
"""Of a margin, which is rounded down. A choice: it tells how far apart two sides are, and nothing is decided by it."""
_WITNESS_DIGITS = 40
"""Of end points as text, rounded outwards, unless others are asked for. A choice: sides that differ in a later digit
look equal in the text, though they were told apart."""
ANYTHING = Enclosure(-math.inf, math.inf, Level.CERTIFIED, "statement")
"""Of a side that has no enclosure of its own."""


@dataclass(frozen=True)
class Whole:
    """A whole domain, decided by `ALGEBRA`, and a place where it fails that algebra alone tells of, if any."""

    domain: Mapping[str, str]
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """One comparison of a chain at one case, decided or not.

    `operator`, `left`, `right`: the comparison; `holds`: True, False, or None if the enclosures do not decide it;
    `level`: the strength of the evidence; `distance`: a lower bound of the distance of the two sides, or None if they
    are not told apart; `difference`, `power`: on a cell of radii r, an enclosure of (left − right)/r^power over all of
    it.
    """

    operator: str
    left: Enclosure
    right: Enclosure
    holds: bool | None
    level: Level
    distance: Bound | None
    difference: Enclosure | None = None
    power: int = 0


def decide(operator: str, left: Enclosure, right: Enclosure) -> Link:
    """Decide a comparison from two enclosures.

    Of the signs that left − right can have, as far as the enclosures tell, either all satisfy the comparison, or none
    does, or it is undecided. Exact numbers leave one sign only, found exactly. Its level is that of the weaker side,
    and exact only if both sides are; its `holds` is None if it is undecided.
    """
    signs, level, distance = _exact_sign(left, right) or _possible_signs(left, right)
    return Link(operator, left, right, answer(operator, signs), level, distance)


def answer(operator: str, signs: Collection[int]) -> bool | None:
    """Whether left − right having one of `signs` satisfies a comparison: all of them, none, or else None."""
    answers = {_COMPARE[operator](sign, 0) for sign in signs}
    return answers.pop() if len(answers) == 1 else None


def _exact_sign(left: Enclosure, right: Enclosure) -> tuple[set[int], Level, Bound | None] | None:
    if left.exact is None or right.exact is None:
        return None
    difference = apply("-", [left.exact, right.exact])
    if isinstance(difference, Interval):
        return None
    try:
        lower, upper = difference.enclose(_MARGIN_DIGITS)
    except CannotAnswerError:
        return None  # The zero test is too expensive; disjoint enclosures still decide.
    return {difference.sign}, Level.EXACT, min(abs(lower), abs(upper))


def _possible_signs(left: Enclosure, right: Enclosure) -> tuple[set[int], Level, Bound | None]:
    possible = {
        -1: left.lower < right.upper,
        0: left.lower <= right.upper and right.lower <= left.upper,
        1: left.upper > right.lower,
    }
    apart = [(a, b) for a, b in ((right.lower, left.upper), (left.lower, right.upper)) if a > b]
    # A difference with inf is a float, which large numbers do not fit into.
    gaps = [math.inf if math.inf in (a, -b) else a - b for a, b in apart]
    touching = left.upper == right.lower or right.upper == left.lower
    distance = gaps[0] if gaps else Fraction(0) if touching else None
    return {sign for sign, can in possible.items() if can}, min(left.level, right.level, Level.CERTIFIED), distance


@dataclass(frozen=True)
class Finding:
    """A chain of comparisons confronted with one case, a box or a whole domain.

    `case`: where it was evaluated, of a box in the middle; `texts`: the operands as written; `links`: the comparisons
    between neighbours, empty if an operand could not be evaluated; `reason`: why it is undecided, if it is; `digits`,
    `values`: the digits asked for last, and what the quantities were then; `whole`: the whole domain, where it speaks
    about that; `box`: the box of several variables, where it speaks about one; `premises`: assumptions that fail
    everywhere there: then nothing is claimed about the place.
    """

    case: Case
    texts: tuple[str, ...]
    links: tuple[Link, ...]
    reason: str = ""
    digits: int = 0
    values: Mapping[Call, Enclosure] = field(default_factory=dict)
    whole: Whole | None = None
    box: BoxCell | None = None
    premises: tuple["Finding", ...] = ()

    @property
    def holds(self) -> bool | None:
        """False if a link fails, True if all hold or nothing is claimed, else None."""
        if self.premises:
            return True
        answers = [link.holds for link in self.links]
        if False in answers:
            return False
        return True if answers and None not in answers else None

    @property
    def level(self) -> Level:
        """The weakest evidence of the links that hold together, or the strongest of one that fails."""
        if self.premises:
            return max(premise.level for premise in self.premises)
        failing = [link.level for link in self.links if link.holds is False]
        return max(failing) if failing else min(link.level for link in self.links)

    @property
    def distance(self) -> Bound | None:
        """The smallest distance of neighbours that holds, or that of the failing link with the strongest evidence."""
        if self.holds is False:
            return self.failing.distance
        distances = [link.distance for link in self.links if link.distance is not None]
        return min(distances) if len(distances) == len(self.links) > 0 else None

    @property
    def failing(self) -> Link:
        """The failing link with the strongest evidence; ValueError if none fails."""
        return max((link for link in self.links if link.holds is False), key=lambda link: link.level)

    @property
    def failing_texts(self) -> tuple[str, str]:
        """The two sides of the failing link as written."""
        index = self.links.index(self.failing)
        return self.texts[index], self.texts[index + 1]

    def witness(self) -> dict[str, object]:
        """Return the case and both sides of the failing link as JSON values.

        Irrational coordinates are given as roots, and what would follow from them is left out.
        """
        link, (left, right) = self.failing, self.failing_texts
        place = {} if self.whole is None else self.whole.place
        return {
            **self.case.as_json(),
            **_in_place_of_numbers(place),
            "comparison": f"{left} {link.operator} {right}",
            "left": {"expression": left, **enclosure_text(link.left)},
            "right": {"expression": right, **enclosure_text(link.right)},
            "rigorous": link.level >= Level.CERTIFIED,
        }


def _in_place_of_numbers(place: Mapping[str, str]) -> dict[str, object]:
    """Coordinates as text, and nothing where a case would have numbers that follow from them."""
    amplitudes = any(name.startswith(AMPLITUDE) for name in place)
    weights = any(name != "radius" and not name.startswith(AMPLITUDE) for name in place)
    unknown = {"amplitudes": None} if amplitudes else {}
    return unknown | ({"weights": None} if weights else {}) | dict(place)


def points_text(count: int) -> str:
    """Return how it is told that a statement holds at points of its domain, which say nothing of the others."""
    return f"{count} {'point' if count == 1 else 'points'} of the domain only"


def enclosure_text(enclosure: Enclosure, digits: int = _WITNESS_DIGITS) -> dict[str, str]:
    """Return the end points as decimal text rounded outwards."""
    return {
        "lower": decimal_text(enclosure.lower, digits, "down"),
        "upper": decimal_text(enclosure.upper, digits, "up"),
    }


@dataclass(frozen=True)
class Coverage:
    """How far a statement was decided over the part of a domain with one k.

    `findings`: the cases or cells that were decided, or not, in order; or the one that refutes the statement;
    `complete`: whether the statement was decided for every case there; `covered`: what was covered, for the reader;
    empty if that is clear; `excluded_by`: if an assumption excludes this k, the strength of the evidence that it does;
    `beyond`: if the statement was looked at in points only, why no more is in reach, and what would be.
    """

    findings: tuple[Finding, ...]
    complete: bool
    covered: str
    excluded_by: Level | None = None
    beyond: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was found out about one claim. It has no truth value: ask for `outcome` or `ok`.

    Attributes
    ----------
    id, expected
        The claim's.
    outcome
        proved, certified, supported, observed, refuted or inconclusive.
    level
        The strength of the evidence, or None if inconclusive.
    domain
        The cases that the claim speaks about, and how much of them was covered, as JSON values.
    reason
        How it was decided, or why it was not.
    findings
        The evidence, case by case; empty for a derivation.
    seconds
        Time taken.
    line
        The claim's line in its file.
    points
        How many points of its domain it holds at, if that is all that is known.
    """

    id: str
    expected: str
    outcome: str
    level: Level | None
    domain: Mapping[str, object]
    reason: str
    findings: tuple[Finding, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    line: int | None = None
    points: int | None = None

    def __bool__(self) -> bool:
        raise TypeError("a verdict has no truth value: ask for its outcome, or whether it is ok")

    @property
    def ok(self) -> bool:
        """Whether the claim holds as expected, at whatever level, or is refuted as expected."""
        return self.outcome == REFUTED if self.expected != HOLDS else self.outcome in STRENGTH.values()

    @property
    def counterexample(self) -> Finding | None:
        """The finding that refutes the claim, with the strongest evidence."""
        against = [finding for finding in self.findings if finding.holds is False]
        return max(against, key=lambda finding: finding.level) if against else None

    @property
    def margin(self) -> str | None:
        """A lower bound of the distance of the two sides over links and cases, as a decimal.

        None if none is proved: where only points of a domain were looked at, or errors are estimated, sides may touch.
        """
        if self.level is None or self.level < Level.CERTIFIED:
            return None
        claimed = tuple(finding for finding in self.findings if not finding.premises)
        deciding = claimed if self.counterexample is None else (self.counterexample,)
        distances = [finding.distance for finding in deciding]
        known = [distance for distance in distances if distance is not None]
        return decimal_text(min(known), _MARGIN_DIGITS, "down") if len(known) == len(deciding) > 0 else None

    def as_json(self) -> dict[str, object]:
        """Return the verdict as in ``check --json``."""
        counterexample = self.counterexample
        return {
            "id": self.id,
            "verdict": self.outcome,
            "expected": self.expected,
            "ok": self.ok,
            "level": None if self.level is None else STRENGTH[self.level],
            "margin": self.margin,
            "domain": dict(self.domain),
            "witness": None if counterexample is None else counterexample.witness(),
            "reason": self.reason,
            "seconds": round(self.seconds, 6),
        }
