"""Certificates of mixing distributions on given data, as JSON values (docs/npmle.md)."""

from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.npmle.atoms import Atoms
from emtheory.numerics.npmle.evidence import Evidence, Interval
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.reports.certificates.certificate import Json, signed

MIXING_FORMAT = "emtheory mixing certificate"
MIXING_VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes."""

_DIGITS = 10
"""Of gaps, rounded outwards."""
_PLACES = 20
"""Of ends of boxes and likelihoods, rounded outwards: more than doubles have."""
_MARGIN = Fraction(1, 10**12)
"""What sums in another order may make of a gap, absolutely and relatively: a hundred times as much as they do."""


def mixing_certificate(problem: Problem, file: str, sha256: str, evidence: Evidence) -> Json:
    """Return the certificate of what was proved about data: a file's name, and the SHA-256 of its bytes."""
    content = {
        "format": MIXING_FORMAT,
        "version": MIXING_VERSION,
        "kernel": {"normal": str(problem.variance)},
        "data": {"file": file, "sha256": sha256, "n": problem.n, "d": problem.m},
        "mixing": mixing_json(evidence.mixing),
        "better": None if evidence.better is None else mixing_json(evidence.better),
        "tolerance": repr(evidence.tolerance),
        "gap": gap_json(evidence.gap),
        "log_likelihood": ends_json(evidence.log_likelihood),
        "atoms": None if evidence.atoms is None else located_json(problem, evidence.atoms),
    }
    return signed(content)


def mixing_json(mixing: Mixing) -> Json:
    """Return atoms and weights as text: the shortest that is these doubles. The weights are divided by their sum."""
    return {
        "atoms": [[repr(float(x)) for x in atom] for atom in mixing.atoms],
        "weights": [repr(float(w)) for w in mixing.weights],
    }


def gap_json(gap: Interval) -> dict[str, str]:
    """Return how far it is to the maximum, as decimal text with a margin, rounded outwards."""
    lower, upper = gap
    less, more = lower - _MARGIN * (1 + lower), upper + _MARGIN * (1 + upper)
    return {"lower": decimal_text(max(less, Fraction(0)), _DIGITS, "down"), "upper": decimal_text(more, _DIGITS, "up")}


def ends_json(interval: Interval) -> dict[str, str]:
    """Return an interval as decimal text with a margin, rounded outwards."""
    lower, upper = interval
    more = _MARGIN * (1 + abs(upper))
    return {"lower": decimal_text(lower - more, _PLACES, "down"), "upper": decimal_text(upper + more, _PLACES, "up")}


def located_json(problem: Problem, atoms: Atoms) -> list[Json]:
    """Return boxes of the atoms of the best mixing distribution and of their weights, and the cubes with concavity."""
    documents = []
    boxes = atom_boxes(problem, atoms)
    for (sides, weight), around in zip(boxes, atoms.around.tolist(), strict=True):
        ends = [(decimal_text(low, _PLACES, "down"), decimal_text(high, _PLACES, "up")) for low, high in sides]
        documents.append(
            {
                "lower": [low for low, _ in ends],
                "upper": [high for _, high in ends],
                "weight": {
                    "lower": decimal_text(weight[0], _PLACES, "down"),
                    "upper": decimal_text(weight[1], _PLACES, "up"),
                },
                "around": repr(around),
            }
        )
    return documents


def atom_boxes(problem: Problem, atoms: Atoms) -> list[tuple[list[Interval], Interval]]:
    """Return for each atom the ends of its coordinates, and of its weight, twice as far as they have to be."""
    # 1/σ is off by a unit roundoff at most, which the factor takes in.
    reach = 2 * Fraction(atoms.moved) / Fraction(problem.scale)
    total = sum(map(Fraction, atoms.mixing.weights.tolist()))
    boxes = []
    for atom, mass in zip(atoms.mixing.atoms.tolist(), atoms.mixing.weights.tolist(), strict=True):
        weight = Fraction(mass) / total
        off = 2 * Fraction(atoms.moved) * weight
        boxes.append(([(Fraction(x) - reach, Fraction(x) + reach) for x in atom], (weight - off, weight + off)))
    return boxes
