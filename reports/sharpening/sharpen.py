"""The best constant of a claim, enclosed: a cover shows that one holds, a case that one beyond it does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic, perf_counter

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosed, Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.side_by_side import Calls, one_by_one, seconds_until
from emtheory.reports.certificates.certificate import value_of
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.claim_parts import at_ends, between, with_constant
from emtheory.reports.decide.cover import cover
from emtheory.reports.decide.domain import Question, describe_domain, parsed_for, read_claim
from emtheory.reports.decide.point import DIGITS_MAX, decide_at
from emtheory.reports.decide.verdict import REFUTED, TIME_IS_UP, Finding, Verdict
from emtheory.reports.language.expression import Comparison, varies
from emtheory.reports.language.span import Point, Span
from emtheory.reports.notebook import html_line
from emtheory.reports.sharpening.critical import Landscape, Proposal, monotonicity
from emtheory.theory.claim import LARGEST, Claim

MAX_ROUNDS = 12
"""Constants that are tried: each that fails on the domain gives a place that is worse than any before."""
_FINER = 10
"""Parts of the last digit to which the two constants are rounded."""
_SHOWN_DIGITS = 20
"""Of the bounds as text, rounded outwards: more than they have, but for ends of the interval that was asked for."""
_SHOWN_IN_TEXT = 8
"""Of the bounds in a line, unless others are asked for."""
_PART = Fraction(2, 5)
"""Of the last digit, by which the two constants differ from what is proposed."""


@dataclass(frozen=True, repr=False)
class Sharpened(Enclosed):
    """What was found out about the best constant of a claim. It is compared, rounded and written as its `enclosure`.

    `claim`: with its free constant; `lower`, `upper`: the truth is decided for every constant between the ends asked
    for, but for those between these two; None where nothing was found; `holding`, `failing`: the claims with the one
    constant with which it holds, and the one with which it does not, and their verdicts; `reason`: why there are no
    bounds, if there are none, or what else is to be said; `seconds`: time taken.
    """

    claim: Claim
    lower: Fraction | None = None
    upper: Fraction | None = None
    holding: tuple[Claim, Verdict] | None = None
    failing: tuple[Claim, Verdict] | None = None
    reason: str = ""
    seconds: float = 0.0

    def __repr__(self) -> str:
        return f"{self.claim.id}: {self.bounds_text() or self.reason}"

    def __bool__(self) -> bool:
        raise TypeError("a constant has no truth value: ask for its lower and upper bound")

    def _repr_html_(self) -> str:
        return html_line(repr(self))

    @property
    def id(self) -> str:
        """That of the claim."""
        return self.claim.id

    @property
    def enclosure(self) -> Enclosure:  # type: ignore[override]  # It follows from the bounds.
        """The constant between its bounds; CannotAnswerError without any."""
        if self.lower is None or self.upper is None or self.level is None:
            raise CannotAnswerError(f"no bounds for the constant of {self.claim.id}: {self.reason}")
        return Enclosure(self.lower, self.upper, self.level, "cover")

    @property
    def level(self) -> Level | None:
        """The weaker evidence of the two sides."""
        levels = [side[1].level for side in (self.holding, self.failing) if side is not None]
        known = [level for level in levels if level is not None]
        return min(known) if known and self.lower is not None else None

    @property
    def minimiser(self) -> Point | None:
        """The place where the claim fails with the constant just beyond, if there is one."""
        counterexample = None if self.failing is None else self.failing[1].counterexample
        if counterexample is None or self.lower is None:
            return None
        return _point_of(read_claim(self.failing[0]), counterexample) if self.failing else None

    def bounds_text(self, digits: int = _SHOWN_IN_TEXT) -> str:
        """Return the bounds as a chain, such as ``0.8 <= c <= 0.9``; empty if there are none."""
        if self.lower is None or self.upper is None or self.claim.sharpen is None:
            return ""
        lower, upper = decimal_text(self.lower, digits, "down"), decimal_text(self.upper, digits, "up")
        constant = self.claim.sharpen.constant
        return f"{constant} = {lower}" if self.lower == self.upper else f"{lower} <= {constant} <= {upper}"

    def as_json(self, certificate: str | None = None) -> dict[str, object]:
        """Return the result as in ``sharpen --json``."""
        counterexample = None if self.failing is None else self.failing[1].counterexample
        return {
            "id": self.claim.id,
            "constant": "" if self.claim.sharpen is None else self.claim.sharpen.constant,
            "lower": None if self.lower is None else decimal_text(self.lower, _SHOWN_DIGITS, "down"),
            "upper": None if self.upper is None else decimal_text(self.upper, _SHOWN_DIGITS, "up"),
            "level": None if self.level is None else STRENGTH[self.level],
            "witness": None if counterexample is None else counterexample.witness(),
            "domain": describe_domain(self.claim),
            "certificate": certificate,
            "reason": self.reason,
            "seconds": round(self.seconds, 6),
        }


def sharpen(claim: Claim, digits: int, timeout: float | None = None, calls: Calls = one_by_one) -> Sharpened:
    """Find the best constant of a claim to a number of digits.

    InputError if the claim is malformed, has no free constant, or its truth is not monotone in it as far as can be
    shown; LostProcessError if one of the other processes was lost.
    """
    start = perf_counter()
    found = _sharpened(claim, digits, None if timeout is None else monotonic() + timeout, calls)
    seconds = perf_counter() - start
    if timeout is not None and found.lower is None and found.failing is None and seconds >= timeout:
        found = replace(found, reason=f"not found within {timeout:g} s (--timeout): {found.reason}")
    return replace(found, seconds=seconds)


def landscape_of(claim: Claim, deadline: float | None = None) -> Landscape:
    """Return the critical constants of a claim over its domain.

    InputError if the claim is malformed or has no free constant.
    """
    free = claim.sharpen
    if free is None:
        raise InputError("the claim has no free constant: give it sharpen = { constant = …, side = …, between = … }")
    question = read_claim(at_ends(claim)[0])
    comparison = parsed_for(question, claim.statement, free.constant)
    return Landscape(question, comparison, free.constant, free.side, between(free), deadline)


def _sharpened(claim: Claim, digits: int, deadline: float | None, calls: Calls) -> Sharpened:
    landscape = landscape_of(claim, deadline)
    constant = landscape.constant
    slopes = monotonicity(landscape.comparison, constant, landscape.side)
    open_reason = _not_monotone(landscape, slopes, calls)
    if open_reason and deadline is not None and monotonic() >= deadline:
        return Sharpened(claim, reason=f"it is not known whether the truth is monotone in {constant}")
    if open_reason:
        raise InputError(f"sharpen: the statement is not shown to be monotone in {constant!r}: {open_reason}")
    return _narrowed(claim, landscape, digits, calls)


def _narrowed(claim: Claim, landscape: Landscape, digits: int, calls: Calls) -> Sharpened:
    """Propose the constant that is best at the worst place, until one holds on all of the domain."""
    best: Proposal | None = None
    failed: Fraction | None = None
    for _ in range(MAX_ROUNDS):
        best = _worst(landscape, best)
        if best is None:
            why = TIME_IS_UP if landscape.is_late else "the statement has no value at the cases that were tried"
            return Sharpened(claim, reason=why)
        inner, outer = _beside(best.constant, digits, landscape, failed)
        holding = with_constant(claim, inner, "-holds")
        verdict = decide_claim(holding, timeout=seconds_until(landscape.deadline), calls=calls)
        counterexample = verdict.counterexample
        if verdict.ok and verdict.level is not None and verdict.level >= Level.CERTIFIED:
            return _with_both(claim, landscape, best, inner, (holding, verdict), outer)
        if counterexample is None:
            return Sharpened(claim, reason=f"with {inner}: {verdict.outcome}, {verdict.reason}")
        if inner == landscape.between[0 if landscape.side == LARGEST else 1]:
            return Sharpened(claim, failing=(holding, verdict), reason=f"it fails with {inner} already")
        value = landscape.at(counterexample.case)
        if value is None:
            return Sharpened(claim, reason=TIME_IS_UP if landscape.is_late else f"with {inner}: {verdict.reason}")
        point = _point_of(landscape.question, counterexample)
        best, failed = Proposal(point, counterexample.case, value), inner
    return Sharpened(claim, reason=f"{MAX_ROUNDS} constants did not suffice")


def _worst(landscape: Landscape, known: Proposal | None) -> Proposal | None:
    found = [
        landscape.worst(case, () if known is None or known.case.k != case.k else (known.point,))
        for case in landscape.question.cases
    ]
    proposals = [each for each in (*found, known) if each is not None]
    return min(proposals, key=lambda each: landscape.sign * each.constant) if proposals else None


def _with_both(
    claim: Claim,
    landscape: Landscape,
    best: Proposal,
    inner: Fraction,
    holding: tuple[Claim, Verdict],
    outer: Fraction | None,
) -> Sharpened:
    if outer is None:
        return Sharpened(claim, inner, inner, holding, reason="it holds with every constant that was asked for")
    case = next(case for case in landscape.question.cases if case.k == best.case.k)
    failing = with_constant(claim, outer, "-fails")
    comparison = read_claim(failing).comparison
    for place in landscape.witness(case, best, outer):
        finding = decide_at(comparison, place.case, DIGITS_MAX)
        if finding.holds is False and finding.level >= Level.CERTIFIED:
            verdict = _refuted(failing, finding)
            lower, upper = sorted((inner, outer))
            return Sharpened(claim, lower, upper, holding, (failing, verdict))
    return Sharpened(claim, reason=f"no case refutes it with {outer}")


def _refuted(claim: Claim, finding: Finding) -> Verdict:
    domain = describe_domain(claim)
    return Verdict(claim.id, claim.expect, REFUTED, finding.level, domain, "by a witness", (finding,))


def _not_monotone(landscape: Landscape, slopes: Sequence[Comparison], calls: Calls) -> str:
    """Why it is not shown that a statement that fails with one constant fails with every one beyond; empty if it is."""
    question, constant = landscape.question, landscape.constant
    for slope in slopes:
        # Between the ends, where the statement is continuous, the slope need not have a value at them.
        beside = {constant: Span(*landscape.between, open_lower=True, open_upper=True)}
        beside = beside if varies(slope.operands[0], (constant,)) else {}
        asked = replace(question, comparison=slope, spans={**question.spans, **beside})
        for case in question.cases:
            coverage = cover(asked, case, DIGITS_MAX, landscape.deadline, calls)
            open_or_failing = [finding for finding in coverage.findings if finding.holds is not True]
            if open_or_failing or not coverage.complete:
                return (open_or_failing[0].reason if open_or_failing else coverage.covered) or "it is not"
    return ""


def _beside(
    constant: float, digits: int, landscape: Landscape, failed: Fraction | None
) -> tuple[Fraction, Fraction | None]:
    """A constant with which the statement should hold, and one with which it should not; None if all are fine.

    Where it fails with the end that all others point to, as what is strict does, that end is the other one.
    """
    inner_end, outer_end = landscape.between if landscape.side == LARGEST else landscape.between[::-1]
    is_end = landscape.sign * constant >= landscape.sign * float(outer_end)
    if is_end and failed != outer_end:
        return outer_end, None
    size = math.floor(math.log10(abs(constant))) + 1 if constant else 0
    unit = Fraction(10) ** (size - digits)
    nearest = Fraction(constant) / unit
    inner, outer = (
        Fraction(round((nearest + side * landscape.sign * _PART) * _FINER), _FINER) * unit for side in (-1, 1)
    )
    beyond = landscape.sign * inner < landscape.sign * inner_end
    return (inner_end if beyond else inner), (outer_end if is_end else outer)


def _point_of(question: Question, finding: Finding) -> Point:
    return {name: value_of(name, finding.case) for name in question.spans}
