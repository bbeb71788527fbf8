"""The verifier of certificates of mixing distributions: it covers space again, and searches for no mixture."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.npmle.evidence import Evidence, prove
from emtheory.numerics.npmle.problem import MOST_DIMENSIONS, Mixing, Problem, make_mixing, make_problem
from emtheory.numerics.samples.data_files import read_data
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data_replay import EndsRecord, Number, certified, data_file, opened
from emtheory.reports.certificates.file import Decimal, OnData, Rational, RejectedError, Strict
from emtheory.reports.certificates.mixing_document import MIXING_VERSION, atom_boxes
from emtheory.reports.decide.verdict import Verdict

MOST_ATOMS = 20_000
"""Of a mixing distribution in a certificate."""
_TOLERANCES = 1e-13, 1.0
"""From and up to which largest values are looked for: with less the search would not end for rounding."""

Coordinates = Annotated[list[Number], Field(min_length=1, max_length=MOST_DIMENSIONS)]
Ends = Annotated[list[Decimal], Field(min_length=1, max_length=MOST_DIMENSIONS)]


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
