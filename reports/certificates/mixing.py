"""Certificates of mixing distributions (docs/npmle.md): what is recorded, and proved again without a search."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from emtheory.numerics.errors import InputError
from emtheory.numerics.npmle.atoms import Atoms
from emtheory.numerics.npmle.evidence import Evidence, Interval, prove
from emtheory.numerics.npmle.problem import MOST_DIMENSIONS, Mixing, Problem, make_mixing, make_problem
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data import Kind, Number, around, corners, recorded_rows
from emtheory.reports.certificates.file import Decimal, Ends, OnData, Rational, RejectedError, Strict

_DIGITS = 10
"""Of gaps, rounded outwards."""
_MARGIN = Fraction(1, 10**12)
"""What sums in another order may make of a gap, absolutely and relatively: a hundred times as much as they do."""

MOST_ATOMS = 20_000
"""Of a mixing distribution in a certificate."""
_TOLERANCES = 1e-13, 1.0
"""From and up to which largest values are looked for: with less the search would not end for rounding."""
Coordinates = Annotated[list[Number], Field(min_length=1, max_length=MOST_DIMENSIONS)]
Corner = Annotated[list[Decimal], Field(min_length=1, max_length=MOST_DIMENSIONS)]


def mixing_certificate(problem: Problem, file: str, sha256: str, evidence: Evidence) -> Json:
    """Return the certificate of what was proved about data: a file's name, and the SHA-256 of its bytes."""
    content = {
        "kernel": {"normal": str(problem.variance)},
        "mixing": mixing_json(evidence.mixing),
        "better": None if evidence.better is None else mixing_json(evidence.better),
        "tolerance": repr(evidence.tolerance),
        **_statements(problem, evidence),
    }
    return MIXING.certificate({"file": file, "sha256": sha256, "n": problem.n, "d": problem.m}, content)


def _statements(problem: Problem, evidence: Evidence, margin: Fraction = _MARGIN) -> Json:
    """What is certified."""
    return {
        "gap": gap_json(evidence.gap, margin),
        "log_likelihood": ends_json(evidence.log_likelihood, margin),
        "atoms": None if evidence.atoms is None else located_json(problem, evidence.atoms),
    }


def mixing_json(mixing: Mixing) -> Json:
    """Return atoms and weights as text: the shortest that is these doubles. The weights are divided by their sum."""
    return {
        "atoms": [[repr(float(x)) for x in atom] for atom in mixing.atoms],
        "weights": [repr(float(w)) for w in mixing.weights],
    }


def gap_json(gap: Interval, margin: Fraction = _MARGIN) -> dict[str, str]:
    """Return how far it is to the maximum, as decimal text with a margin, rounded outwards."""
    lower, upper = max(gap[0] - margin * (1 + gap[0]), Fraction(0)), gap[1] + margin * (1 + gap[1])
    return around((lower + upper) / 2, (upper - lower) / 2, _DIGITS)


def ends_json(interval: Interval, margin: Fraction = _MARGIN) -> dict[str, str]:
    """Return an interval as decimal text with a margin, rounded outwards."""
    lower, upper = interval
    return around((lower + upper) / 2, (upper - lower) / 2 + margin * (1 + abs(upper)))


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


class KernelRecord(Strict):
    """The kernel."""

    normal: Rational


class MixingRecord(Strict):
    """A mixing distribution."""

    atoms: Annotated[list[Coordinates], Field(min_length=1, max_length=MOST_ATOMS)]
    weights: Annotated[list[Number], Field(min_length=1, max_length=MOST_ATOMS)]


class AtomRecord(Strict):
    """An atom of the best one, and the cube around it in which the gradient function is concave."""

    lower: Corner
    upper: Corner
    weight: Ends
    around: Number


class MixingCertificate(OnData):
    """The whole file."""

    kernel: KernelRecord
    mixing: MixingRecord
    better: MixingRecord | None
    tolerance: Number
    gap: Ends
    log_likelihood: Ends
    atoms: Annotated[list[AtomRecord], Field(min_length=1, max_length=MOST_ATOMS)] | None


def _proved(certificate: MixingCertificate, file: Path) -> tuple[Json, str]:
    tolerance = float(certificate.tolerance)
    if not _TOLERANCES[0] <= tolerance <= _TOLERANCES[1]:
        raise RejectedError("tolerance: is out of range: 1e-13 to 1")
    problem = make_problem(recorded_rows(certificate.data, file), Fraction(certificate.kernel.normal))
    mixing = _mixing(problem, certificate.mixing)
    better = None if certificate.better is None else _mixing(problem, certificate.better)
    cubes = None if certificate.atoms is None else np.array([float(each.around) for each in certificate.atoms])
    if cubes is not None and len(cubes) != (better or mixing).k:
        raise RejectedError(f"atoms: {len(cubes)} are recorded, and the mixing distribution has {(better or mixing).k}")
    evidence = prove(problem, mixing, better, cubes, tolerance)
    said = f"within {certificate.gap.upper} of the maximum over all mixing distributions"
    return _statements(problem, evidence, Fraction(0)), f"{mixing.k} atoms on {certificate.data.file}, {said}"


MIXING = Kind("emtheory mixing certificate", 1, MixingCertificate, _proved)


def _mixing(problem: Problem, record: MixingRecord) -> Mixing:
    if any(len(atom) != problem.m for atom in record.atoms):
        raise InputError(f"an atom has not {problem.m} coordinates")
    atoms = np.array([[float(x) for x in atom] for atom in record.atoms])
    return make_mixing(problem, atoms, np.array([float(w) for w in record.weights]))
