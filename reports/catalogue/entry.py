"""The verdict on a statement of the paper, from the verdicts on the claims that it consists of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED, Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.claim import HOLDS, Claim, Entry

PARTS = ("claims", "disproofs", "instances", "hypotheses", "controls", "corrected")
"""The fields of an entry, and of its verdict, that hold claims and the verdicts on them."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class EntryVerdict:
    """What was found out about one entry. It has no truth value: ask for `outcome` or `ok`.

    Attributes
    ----------
    entry
        The statement.
    outcome
        proved, certified, supported, observed, refuted or inconclusive, as for a claim.
    level
        The strength of the evidence, or None if inconclusive.
    reason
        What the outcome rests on.
    claims, disproofs, instances, hypotheses, controls, corrected
        The verdicts on the entry's fields of the same names.
    broken
        Ids of the entries it rests on, directly or not, that do not hold.
    """

    entry: Entry
    outcome: str
    level: Level | None
    reason: str
    claims: tuple[Verdict, ...]
    disproofs: tuple[Verdict, ...]
    instances: tuple[Verdict, ...]
    hypotheses: tuple[Verdict, ...]
    controls: tuple[Verdict, ...]
    corrected: tuple[Verdict, ...]
    broken: tuple[str, ...] = field(default=(), kw_only=True)

    def __bool__(self) -> bool:
        raise TypeError("a verdict has no truth value: ask for its outcome, or whether it is ok")

    @property
    def holds(self) -> bool:
        """Whether the statement holds, at whatever level."""
        return self.outcome in STRENGTH.values()

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not as it should be."""
        return tuple(text for text, _ in self._problems())

    @property
    def exit_code(self) -> ExitCode:
        """OK, REFUTED if something is decided the wrong way round, else INCONCLUSIVE."""
        codes = {code for _, code in self._problems()}
        return next((code for code in (ExitCode.REFUTED, ExitCode.INCONCLUSIVE) if code in codes), ExitCode.OK)

    @property
    def ok(self) -> bool:
        """Whether the statement came out as expected, its assumptions can hold and its controls are refuted."""
        return self.exit_code == ExitCode.OK

    def _problems(self) -> Iterator[tuple[str, ExitCode]]:
        expected = "to hold" if self.entry.expected == HOLDS else "to be refuted"
        if self.outcome == INCONCLUSIVE:
            yield f"the statement was expected {expected} and is inconclusive", ExitCode.INCONCLUSIVE
        elif self.holds != (self.entry.expected == HOLDS):
            yield f"the statement was expected {expected} and is {self.outcome}", ExitCode.REFUTED
        for part in PARTS[1:]:
            must_hold = part != "controls"
            for verdict in getattr(self, part):
                if verdict.outcome == INCONCLUSIVE:
                    yield f"{part}: {verdict.id} is inconclusive", ExitCode.INCONCLUSIVE
                elif (verdict.outcome == REFUTED) == must_hold:
                    wanted = "hold" if must_hold else "be refuted"
                    yield f"{part}: {verdict.id} must {wanted} and is {verdict.outcome}", ExitCode.REFUTED


def claims_of(entry: Entry) -> tuple[Claim, ...]:
    """Return every claim of an entry, part by part."""
    return tuple(claim for part in PARTS for claim in getattr(entry, part))


def judge(entries: Sequence[Entry], verdicts: Iterable[Verdict]) -> tuple[EntryVerdict, ...]:
    """Judge entries from the verdicts on their claims.

    An entry holds if and only if all its claims do. It is no stronger than the weakest of them, nor than the weakest
    entry it rests on, nor than ``supported`` if it is about more cases than its claims list, unless each of them is a
    derivation for every k. A counterexample, also among the instances, refutes on its own, and so does a disproof that
    holds.

    Parameters
    ----------
    entries
        The catalogue.
    verdicts
        Those on `claims_of` the first entry, then of the second, and so on.

    Raises
    ------
    ValueError
        If ids are malformed or repeated, an entry has no claim, or one rests on an unknown entry or on itself.
    """
    order = dependency_order(entries)
    stream = iter(verdicts)
    alone = {entry.id: _judge_alone(entry, stream) for entry in entries}
    judged: dict[str, EntryVerdict] = {}
    for identifier in order:
        judged[identifier] = _cap(alone[identifier], judged)
    return tuple(judged[entry.id] for entry in entries)


def dependency_order(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the ids so that each comes after those it rests on; ValueError as for `judge`."""
    graph: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if not _ID.fullmatch(entry.id):
            raise ValueError(f"entry id {entry.id!r}: only words of a-z and 0-9 joined by hyphens are allowed")
        if entry.id in graph:
            raise ValueError(f"entry id {entry.id!r} is used twice")
        if not entry.claims and not entry.disproofs:
            raise ValueError(f"entry {entry.id!r} has no claim: it would hold vacuously")
        graph[entry.id] = entry.depends
    for identifier, depends in graph.items():
        unknown = [name for name in depends if name not in graph]
        if unknown:
            raise ValueError(f"entry {identifier!r} rests on {unknown[0]!r}, which does not exist")
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(f"entries rest on each other in a circle: {' → '.join(error.args[1])}") from None


def _judge_alone(entry: Entry, stream: Iterator[Verdict]) -> EntryVerdict:
    parts = [tuple(next(stream) for _ in getattr(entry, part)) for part in PARTS]
    return EntryVerdict(entry, *_conclude(entry, *parts[:3]), *parts)


def _conclude(
    entry: Entry, claims: Sequence[Verdict], disproofs: Sequence[Verdict], instances: Sequence[Verdict]
) -> tuple[str, Level | None, str]:
    refuted = [verdict for verdict in (*claims, *instances) if verdict.outcome == REFUTED]
    refuted += [verdict for verdict in disproofs if verdict.outcome in STRENGTH.values()]
    if refuted:
        strongest = max(refuted, key=lambda verdict: -1 if verdict.level is None else verdict.level)
        return REFUTED, strongest.level, f"{strongest.id}: {strongest.reason}"
    if not claims:
        return INCONCLUSIVE, None, f"{disproofs[0].id}, which would disprove it, does not hold"
    levels = [verdict.level for verdict in claims if verdict.level is not None]
    if len(levels) < len(claims):
        open_claim = next(verdict for verdict in claims if verdict.level is None)
        return INCONCLUSIVE, None, f"{open_claim.id}: {open_claim.reason}"
    level = min(levels)
    count = "its claim holds" if len(claims) == 1 else f"all {len(claims)} claims hold"
    reason = f"{count}, {'the weakest ' if len(set(levels)) > 1 else ''}{STRENGTH[level]}"
    if entry.universal and level > Level.SUPPORTED and not all(claim.general for claim in entry.claims):
        level = Level.SUPPORTED
        reason += "; the statement is about more cases than these, so as a whole it is supported"
    return STRENGTH[level], level, reason


def _cap(verdict: EntryVerdict, judged: Mapping[str, EntryVerdict]) -> EntryVerdict:
    """Weaken a positive verdict to what the entries it rests on allow, and mark what does not hold among them."""
    supports = [judged[identifier] for identifier in verdict.entry.depends]
    broken = dict.fromkeys(name for support in supports for name in _broken_by(support))
    verdict = replace(verdict, broken=tuple(broken))
    for support in supports:
        level, name = verdict.level, support.entry.id
        if not verdict.holds or level is None:
            return verdict
        if not support.holds or support.level is None:
            what = "is open" if support.outcome == INCONCLUSIVE else "is refuted"
            reason = f"{verdict.reason}; but it rests on {name}, which {what}"
            verdict = replace(verdict, outcome=INCONCLUSIVE, level=None, reason=reason)
        elif support.level < level:
            reason = f"{verdict.reason}; no stronger than {name}, which it rests on"
            verdict = replace(verdict, outcome=STRENGTH[support.level], level=support.level, reason=reason)
    return verdict


def _broken_by(support: EntryVerdict) -> tuple[str, ...]:
    return support.broken if support.holds else (*support.broken, support.entry.id)
