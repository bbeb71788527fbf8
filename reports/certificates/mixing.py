"""Certificates of mixing distributions (docs/npmle.md): what is recorded."""

from fractions import Fraction

from emtheory.numerics.npmle.atoms import Atoms
from emtheory.numerics.npmle.evidence import Evidence, Interval
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data import MIXING, around, certificate_about, corners

_DIGITS = 10
"""Of gaps, rounded outwards."""
_MARGIN = Fraction(1, 10**12)
"""What sums in another order may make of a gap, absolutely and relatively: a hundred times as much as they do."""


def mixing_certificate(problem: Problem, file: str, sha256: str, evidence: Evidence) -> Json:
    """Return the certificate of what was proved about data: a file's name, and the SHA-256 of its bytes."""
    content = {
        "kernel": {"normal": str(problem.variance)},
        "mixing": mixing_json(evidence.mixing),
        "better": None if evidence.better is None else mixing_json(evidence.better),
        "tolerance": repr(evidence.tolerance),
        "gap": gap_json(evidence.gap),
        "log_likelihood": ends_json(evidence.log_likelihood),
        "atoms": None if evidence.atoms is None else located_json(problem, evidence.atoms),
    }
    return certificate_about(MIXING, {"file": file, "sha256": sha256, "n": problem.n, "d": problem.m}, content)


def mixing_json(mixing: Mixing) -> Json:
    """Return atoms and weights as text: the shortest that is these doubles. The weights are divided by their sum."""
    return {
        "atoms": [[repr(float(x)) for x in atom] for atom in mixing.atoms],
        "weights": [repr(float(w)) for w in mixing.weights],
    }


def gap_json(gap: Interval) -> dict[str, str]:
    """Return how far it is to the maximum, as decimal text with a margin, rounded outwards."""
    lower, upper = max(gap[0] - _MARGIN * (1 + gap[0]), Fraction(0)), gap[1] + _MARGIN * (1 + gap[1])
    return around((lower + upper) / 2, (upper - lower) / 2, _DIGITS)


def ends_json(interval: Interval) -> dict[str, str]:
    """Return an interval as decimal text with a margin, rounded outwards."""
    lower, upper = interval
    return around((lower + upper) / 2, (upper - lower) / 2 + _MARGIN * (1 + abs(upper)))


def located_json(problem: Problem, atoms: Atoms) -> list[Json]:
    """Return boxes of the atoms of the best one and of weights, twice as large as they have to be, and its cubes."""
    # 1/σ is off by a unit roundoff at most, which the factor takes in.
    reach = 2 * Fraction(atoms.moved) / Fraction(problem.scale)
    total = sum(map(Fraction, atoms.mixing.weights.tolist()))
    documents = []
    for atom, mass, cube in zip(atoms.mixing.atoms.tolist(), atoms.mixing.weights.tolist(), atoms.around, strict=True):
        weight = around(Fraction(mass) / total, 2 * Fraction(atoms.moved) * Fraction(mass) / total)
        sides = corners([around(Fraction(x), reach) for x in atom])
        documents.append({**sides, "weight": weight, "around": repr(float(cube))})
    return documents
