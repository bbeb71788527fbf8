"""Certificates of mixing distributions (docs/npmle.md): what is recorded, and proved again without a search."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.npmle.atoms import Atoms
from emtheory.numerics.npmle.evidence import Evidence, Interval, prove
from emtheory.numerics.npmle.problem import MOST_DIMENSIONS, Mixing, Problem, make_mixing, make_problem
from emtheory.numerics.samples.data_files import read_data
from emtheory.reports.certificates.certificate import Json, signed
from emtheory.reports.certificates.data import EndsRecord, Number, certified, data_file, opened
from emtheory.reports.certificates.file import Decimal, OnData, Rational, RejectedError, Strict
from emtheory.reports.decide.verdict import Verdict

MIXING_FORMAT = "emtheory mixing certificate"
MIXING_VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes."""

_DIGITS = 10
"""Of gaps, rounded outwards."""
_PLACES = 20
"""Of ends of boxes and likelihoods, rounded outwards: more than doubles have."""
_MARGIN = Fraction(1, 10**12)
"""What sums in another order may make of a gap, absolutely and relatively: a hundred times as much as they do."""

MOST_ATOMS = 20_000
"""Of a mixing distribution in a certificate."""
_TOLERANCES = 1e-13, 1.0
"""From and up to which largest values are looked for: with less the search would not end for rounding."""
Coordinates = Annotated[list[Number], Field(min_length=1, max_length=MOST_DIMENSIONS)]
Ends = Annotated[list[Decimal], Field(min_length=1, max_length=MOST_DIMENSIONS)]


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


class KernelRecord(Strict):
    """The kernel."""

    normal: Rational


class MixingRecord(Strict):
    """A mixing distribution."""

    atoms: Annotated[list[Coordinates], Field(min_length=1, max_length=MOST_ATOMS)]
    weights: Annotated[list[Number], Field(min_length=1, max_length=MOST_ATOMS)]


class AtomRecord(Strict):
    """An atom of the best one, and the cube around it in which the gradient function is concave."""

    lower: Ends
    upper: Ends
    weight: EndsRecord
    around: Number


class MixingCertificate(OnData):
    """The whole file."""

    kernel: KernelRecord
    mixing: MixingRecord
    better: MixingRecord | None
    tolerance: Number
    gap: EndsRecord
    log_likelihood: EndsRecord
    atoms: Annotated[list[AtomRecord], Field(min_length=1, max_length=MOST_ATOMS)] | None


def replay_mixing(text: str, document: Json, path: Path, data: Path | None) -> Verdict:
    """Verify a certificate of a mixing distribution, with the data beside it if not given, or raise RejectedError."""
    certificate = opened(text, document, MixingCertificate, MIXING_VERSION)
    file = data_file(certificate.data, path, data)
    tolerance = float(certificate.tolerance)
    if not _TOLERANCES[0] <= tolerance <= _TOLERANCES[1]:
        raise RejectedError("tolerance: is out of range: 1e-13 to 1")
    try:
        problem = make_problem(np.array(read_data(file, exact=True)), Fraction(certificate.kernel.normal))
        mixing = _mixing(problem, certificate.mixing)
        better = None if certificate.better is None else _mixing(problem, certificate.better)
        around = None if certificate.atoms is None else np.array([float(each.around) for each in certificate.atoms])
        if around is not None and len(around) != (better or mixing).k:
            raise RejectedError(
                f"atoms: {len(around)} are recorded, and the mixing distribution has {(better or mixing).k}"
            )
        evidence = prove(problem, mixing, better, around, tolerance)
    except (CannotAnswerError, InputError) as error:
        raise RejectedError(f"mixing: {error}") from None
    if (problem.n, problem.m) != (certificate.data.n, certificate.data.d):
        raise RejectedError(f"data: they have {problem.n} rows and {problem.m} columns")
    _require_follows(certificate, problem, evidence)
    said = f"within {certificate.gap.upper} of the maximum over all mixing distributions"
    name = f"{mixing.k} atoms on {certificate.data.file}, {said}"
    return certified(name)


def _mixing(problem: Problem, record: MixingRecord) -> Mixing:
    if any(len(atom) != problem.m for atom in record.atoms):
        raise InputError(f"an atom has not {problem.m} coordinates")
    atoms = np.array([[float(x) for x in atom] for atom in record.atoms])
    return make_mixing(problem, atoms, np.array([float(w) for w in record.weights]))


def _require_follows(certificate: MixingCertificate, problem: Problem, evidence: Evidence) -> None:
    """Raise RejectedError unless all that is recorded follows: intervals contain those that were found."""
    _require_within("gap", certificate.gap, evidence.gap)
    _require_within("log_likelihood", certificate.log_likelihood, evidence.log_likelihood)
    if certificate.atoms is None or evidence.atoms is None:
        return
    for index, (record, found) in enumerate(zip(certificate.atoms, atom_boxes(problem, evidence.atoms), strict=True)):
        sides, weight = found
        if len(record.lower) != problem.m or len(record.upper) != problem.m:
            raise RejectedError(f"atoms.{index}: it has not {problem.m} coordinates")
        for lower, upper, side in zip(record.lower, record.upper, sides, strict=True):
            _require_within(f"atoms.{index}", EndsRecord(lower=lower, upper=upper), side)
        _require_within(f"atoms.{index}.weight", record.weight, weight)


def _require_within(place: str, recorded: EndsRecord, found: tuple[Fraction, Fraction]) -> None:
    if "inf" in recorded.lower + recorded.upper:
        raise RejectedError(f"{place}: an end is infinite")
    if not Fraction(recorded.lower) <= found[0] <= found[1] <= Fraction(recorded.upper):
        low, high = (float(each) for each in found)
        raise RejectedError(
            f"{place}: {recorded.lower[:40]} to {recorded.upper[:40]} is recorded, "
            f"and {low:.17g} to {high:.17g} was found"
        )
