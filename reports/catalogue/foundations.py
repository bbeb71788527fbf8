"""What has to be trusted for each verdict of a report: checkers by name, the weakest, and those of its ancestors.

A statement that a checker accepts rests on that checker. Nothing here makes a verdict stronger or weaker.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.catalogue.entry import EntryVerdict
from emtheory.reports.catalogue.examined import PENDING, Examined
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.render.prose import FOUNDATIONS

_ORDER = {name: place for place, name in enumerate(FOUNDATIONS)}
_WEAK = {STRENGTH[Level.SUPPORTED]: "estimate", STRENGTH[Level.OBSERVED]: "sample"}


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
