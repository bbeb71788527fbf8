"""The verdict on a statement of the paper, from the verdicts on the claims that it consists of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import Any

from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.catalogue.examination import PENDING, REJECTED, Examined
from emtheory.reports.checking.claim_document import derivation_name, shown_k
from emtheory.reports.decide.verdict import INCONCLUSIVE, REFUTED
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.proved_entries import theorems_of
from emtheory.reports.render.prose import FOUNDATIONS
from emtheory.theory.claim import HOLDS, Claim, Entry

PARTS = ("claims", "disproofs", "instances", "hypotheses", "controls", "corrected")
"""The fields of an entry, and of its verdict, that hold claims and the verdicts on them."""

PASSED, FAILED, OPEN = "ok", "failed", "open"

EXIT_CODES: Mapping[str, ExitCode] = MappingProxyType(
    {FAILED: ExitCode.REFUTED, OPEN: ExitCode.INCONCLUSIVE, PENDING: ExitCode.INCONCLUSIVE, PASSED: ExitCode.OK}
)
"""Status of a statement → the exit status that it deserves, the worst first."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_ORDER = {name: place for place, name in enumerate(FOUNDATIONS)}
_WEAK = {STRENGTH[Level.SUPPORTED]: "estimate", STRENGTH[Level.OBSERVED]: "sample"}


@dataclass(frozen=True)
class EntryVerdict:
    """What was found out about one entry. It has no truth value: ask for `outcome` or `ok`.

    The level is None if it is inconclusive; `broken` are the ids of entries it rests on, directly or not, that do not
    hold, `unsettled` of those with claims still to be decided. `in_kernel`: a proof kernel has checked all that the
    verdict follows from (every claim of it and of what it rests on, or what refutes it), or `theorems` in Rocq say what
    it does.
    """

    entry: Entry
    outcome: str
    level: Level | None
    reason: str
    claims: tuple[Examined, ...]
    disproofs: tuple[Examined, ...]
    instances: tuple[Examined, ...]
    hypotheses: tuple[Examined, ...]
    controls: tuple[Examined, ...]
    corrected: tuple[Examined, ...]
    broken: tuple[str, ...] = field(default=(), kw_only=True)
    unsettled: tuple[str, ...] = field(default=(), kw_only=True)
    in_kernel: bool = field(default=False, kw_only=True)
    theorems: tuple[str, ...] = field(default=(), kw_only=True)

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
    def pending(self) -> tuple[str, ...]:
        """Ids of its claims that are still to be decided."""
        return tuple(found.id for part in PARTS for found in getattr(self, part) if found.outcome == PENDING)

    @property
    def status(self) -> str:
        """`PASSED`, `FAILED` if something is decided the wrong way round, `OPEN`, or else `PENDING`."""
        found = {status for _, status in self._problems()}
        return next((status for status in (FAILED, OPEN, PENDING) if status in found), PASSED)

    @property
    def exit_code(self) -> ExitCode:
        """OK, REFUTED if something is decided the wrong way round, else INCONCLUSIVE."""
        return EXIT_CODES[self.status]

    @property
    def ok(self) -> bool:
        """Whether the statement came out as expected, its assumptions can hold and its controls are refuted."""
        return self.status == PASSED

    def _problems(self) -> Iterator[tuple[str, str]]:
        expected = "to hold" if self.entry.expected == HOLDS else "to be refuted"
        if self.outcome == INCONCLUSIVE:
            yield f"the statement was expected {expected} and is inconclusive", OPEN
        elif self.outcome != PENDING and self.holds != (self.entry.expected == HOLDS):
            yield f"the statement was expected {expected} and is {self.outcome}", FAILED
        elif self.entry.certified and self.level is not None and self.level < Level.CERTIFIED:
            yield f"the statement is {self.outcome} only, which is no proof", OPEN
        for part in PARTS:
            must_hold = part != "controls"
            for found in getattr(self, part):
                checked = found.document.get("standalone", {})
                if checked.get("outcome") == REJECTED:
                    yield f"{part}: {found.id}: the standalone verifier rejects it: {checked['reason']}", FAILED
                if found.outcome == PENDING:
                    yield f"{part}: {found.id} is still to be decided", PENDING
                elif part == "claims":
                    continue  # The statement itself says what becomes of them.
                elif found.outcome == INCONCLUSIVE:
                    yield f"{part}: {found.id} is inconclusive", OPEN
                elif (found.outcome == REFUTED) == must_hold:
                    wanted = "hold" if must_hold else "be refuted"
                    yield f"{part}: {found.id} must {wanted} and is {found.outcome}", FAILED
        yield from ((f"it rests on {name}, which is not settled yet", PENDING) for name in self.unsettled)


def claims_of(entry: Entry) -> tuple[Claim, ...]:
    """Return every claim of an entry, part by part."""
    return tuple(claim for part in PARTS for claim in getattr(entry, part))


def derivations_of(entries: Sequence[Entry]) -> tuple[tuple[str, int | None, str], ...]:
    """Return the derivations of all entries as (name, k, id of the first entry with it), each once and in order."""
    first: dict[str, tuple[str, int | None, str]] = {}
    for entry in entries:
        for claim in claims_of(entry):
            if claim.derivation:
                first.setdefault(derivation_name(claim), (claim.derivation, shown_k(claim), entry.id))
    return tuple(first.values())


def entry_verdicts(entries: Sequence[Entry], verdicts: Iterable[Examined]) -> tuple[EntryVerdict, ...]:
    """Judge entries from the verdicts on their claims: on `claims_of` the first entry, then of the second, and so on.

    An entry holds if and only if all its claims do. It is no stronger than the weakest of them, nor than the weakest
    entry it rests on, nor than ``supported`` if it is about more cases than its claims list, unless each of them is a
    derivation for every k. A counterexample, also among the instances, refutes on its own, and so does a disproof that
    holds. ValueError if ids are malformed or repeated, an entry has no claim, or one rests on an unknown entry or
    itself.
    """
    order = dependency_order(entries)
    stream = iter(verdicts)
    alone = {entry.id: _verdict_alone(entry, stream) for entry in entries}
    judged: dict[str, EntryVerdict] = {}
    for identifier in order:
        judged[identifier] = _in_general(_cap(alone[identifier], judged))
    return tuple(judged[entry.id] for entry in entries)


def dependency_order(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the ids so that each comes after those it rests on; ValueError as for `entry_verdicts`."""
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


def _verdict_alone(entry: Entry, stream: Iterator[Examined]) -> EntryVerdict:
    parts = [tuple(next(stream) for _ in getattr(entry, part)) for part in PARTS]
    verdict = EntryVerdict(entry, *_conclude(entry, *parts[:3]), *parts)
    return replace(verdict, in_kernel=_in_kernel(verdict))


def _in_kernel(verdict: EntryVerdict) -> bool:
    """Whether a proof kernel has checked what an entry's own verdict follows from."""
    if verdict.level is None or verdict.level < Level.CERTIFIED:
        return False
    if verdict.outcome != REFUTED:
        return all(found.in_kernel for found in verdict.claims)
    refuted = [found for found in (*verdict.claims, *verdict.instances) if found.outcome == REFUTED]
    refuted += [found for found in verdict.disproofs if found.outcome in STRENGTH.values()]
    return any(found.in_kernel for found in refuted)


def _conclude(
    entry: Entry, claims: Sequence[Examined], disproofs: Sequence[Examined], instances: Sequence[Examined]
) -> tuple[str, Level | None, str]:
    refuted = [verdict for verdict in (*claims, *instances) if verdict.outcome == REFUTED]
    refuted += [verdict for verdict in disproofs if verdict.outcome in STRENGTH.values()]
    if refuted:
        strongest = max(refuted, key=lambda verdict: -1 if verdict.level is None else verdict.level)
        several = len(claims) + len(disproofs) + len(instances) > 1
        if strongest.outcome == REFUTED:
            alone = "it " if strongest.reason.startswith("fails") else ""
            reason = f"{f'its claim {strongest.id} ' if several else alone}{strongest.reason}"
        else:
            named = f", {strongest.id}," if several else ""
            reason = f"its opposite{named} is {strongest.outcome}: {strongest.reason}"
        return REFUTED, strongest.level, reason
    waiting = [found for found in (*claims, *disproofs) if found.outcome == PENDING]
    if waiting:
        return PENDING, None, f"{waiting[0].id} is still to be decided"
    if not claims:
        return INCONCLUSIVE, None, f"{disproofs[0].id}, which would disprove it, does not hold"
    levels = [verdict.level for verdict in claims if verdict.level is not None]
    if len(levels) < len(claims):
        open_claim = next(verdict for verdict in claims if verdict.level is None)
        return INCONCLUSIVE, None, open_claim.reason if len(claims) == 1 else f"{open_claim.id}: {open_claim.reason}"
    level = min(levels)
    every = {1: "its claim", 2: "both claims"}.get(len(claims), f"all {len(claims)} claims")
    verb = "is" if len(claims) == 1 else "hold, the weakest" if len(set(levels)) > 1 else "are"
    by = f", {claims[0].reason}" if len(claims) == 1 and claims[0].reason.startswith("by ") else ""
    reason = f"{every} {verb} {STRENGTH[level]}{by}"
    if entry.universal and level > Level.SUPPORTED and not all(claim.general for claim in entry.claims):
        level = Level.SUPPORTED
        reason += "; the statement is about more cases than these, so as a whole it is supported"
    return STRENGTH[level], level, reason


def _cap(verdict: EntryVerdict, judged: Mapping[str, EntryVerdict]) -> EntryVerdict:
    """Weaken a positive verdict to what the entries it rests on allow, and mark what does not hold among them."""
    supports = [judged[identifier] for identifier in verdict.entry.depends]
    broken: dict[str, None] = {}
    unsettled: dict[str, None] = {}
    for support in supports:
        fails = not support.holds and support.outcome != PENDING
        broken |= dict.fromkeys((*support.broken, support.entry.id) if fails else support.broken)
        unsettled |= dict.fromkeys((*support.unsettled, support.entry.id) if support.pending else support.unsettled)
    in_kernel = verdict.in_kernel and (verdict.outcome == REFUTED or all(support.in_kernel for support in supports))
    verdict = replace(verdict, broken=tuple(broken), unsettled=tuple(unsettled), in_kernel=in_kernel)
    for support in supports:
        level, name = verdict.level, support.entry.id
        if not verdict.holds or level is None:
            return verdict
        if not support.holds or support.level is None:
            what = {INCONCLUSIVE: "is open", PENDING: "is still to be decided"}.get(support.outcome, "is refuted")
            outcome = PENDING if support.outcome == PENDING else INCONCLUSIVE
            reason = f"{verdict.reason}; but it rests on {name}, which {what}"
            verdict = replace(verdict, outcome=outcome, level=None, reason=reason)
        elif support.level < level:
            reason = f"{verdict.reason}; no stronger than {name}, which it rests on"
            verdict = replace(verdict, outcome=STRENGTH[support.level], level=support.level, reason=reason)
    return verdict


def _in_general(verdict: EntryVerdict) -> EntryVerdict:
    """Add the theorems in Rocq, for every d and k, that say a proved statement, or the contrary of a refuted one."""
    outcome = REFUTED if verdict.entry.expected == "refuted" else STRENGTH[Level.EXACT]
    theorems = theorems_of(verdict.entry) if verdict.outcome == outcome else ()
    return replace(verdict, theorems=theorems, in_kernel=verdict.in_kernel or bool(theorems))


def foundations(verdict: EntryVerdict) -> list[str]:
    """Return what a verdict rests on by itself, strongest first: theorems in Rocq alone, if they say the statement."""
    if verdict.theorems:
        return ["kernel"]
    decided = [found for found in (*verdict.claims, *verdict.disproofs) if found.outcome not in (PENDING, INCONCLUSIVE)]
    return _sorted(name for found in decided for name in _of_claim(found))


def with_ancestors(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of a report, which may be a selection, each with the weakest of all that it rests on.

    It is None under ``weakest`` (of its own foundations) and ``weakest_of_all`` where nothing is known; ``ancestors``
    are id → own foundations, nearest first. Theorems in Rocq rest on no other entry.
    """
    known = {entry["id"]: entry for entry in entries}
    result = []
    for entry in entries:
        ancestors: dict[str, list[str]] = {}
        waiting = [] if entry.get("theorems") else list(entry["depends"])
        while waiting:
            name = waiting.pop(0)
            if name in known and name not in ancestors:
                ancestors[name] = list(known[name]["foundations"])
                waiting += known[name]["depends"]
        whole = _sorted(each for names in (entry["foundations"], *ancestors.values()) for each in names)
        own = entry["foundations"]
        weakest = {"weakest": own[-1] if own else None, "weakest_of_all": whole[-1] if whole else None}
        result.append({**entry, "ancestors": ancestors, **weakest})
    return result


def trusted(entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Count the entries by the weakest of all that they rest on, in words, the strongest first."""
    counts = Counter(entry["weakest_of_all"] for entry in entries)
    return {FOUNDATIONS[name]: counts[name] for name in FOUNDATIONS if counts[name]}


def _of_claim(found: Examined) -> Iterator[str]:
    certificate = found.certificate or {}
    for derivation in certificate.get("derivations", ()):
        counts = derivation.get("rests_on", {})
        yield "SymPy"
        yield from (name for key, name in (("theorems", "cited theorem"), ("prose", "prose")) if counts.get(key))
    if not certificate.get("derivations"):
        if found.in_kernel:
            yield "kernel"
            return
        level = certificate.get("level")
        accepted = found.document.get("standalone", {}).get("outcome") == "accepted"
        yield _WEAK.get(level or "", "standalone verifier" if accepted else "Arb")


def _sorted(names: Iterator[str]) -> list[str]:
    return sorted(set(names), key=_ORDER.__getitem__)
