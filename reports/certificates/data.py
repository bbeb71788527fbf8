"""Certificates about given data (docs/certify-data.md): what is recorded, and what the standalone verifier says."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.evidence import Evidence, Interval
from emtheory.numerics.errors import InputError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import ModelFamily
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.npmle import evidence as npmle
from emtheory.numerics.npmle.atoms import Atoms
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.numerics.samples.data_files import digest
from emtheory.reports.certificates.certificate import Json, signed
from emtheory.reports.certificates.file import (
    DataRecord,
    OnData,
    RejectedError,
    require_fingerprint,
    require_versions,
    validated,
)
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.certificates.verify.reading import ACCEPTED
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import HOLDS

_VERSION = 1
"""Of the formats: to be raised when what stands in a certificate, or its meaning, changes."""
_FACTOR_DIGITS = 8
"""Of factors and the like, rounded outwards."""
_END_DIGITS = 20
"""Of the ends of intervals, rounded outwards: more than doubles have."""
_FACTOR_MARGIN = Fraction(1, 10**9)
"""Relative, of factors and the like: far more than sums in another order, as on another processor, make of them."""
_WIDTH_MARGIN = Fraction(1, 10)
"""Relative, of the widths of intervals, which are rounding errors for a good part."""
_GAP_DIGITS = 10
"""Of gaps, rounded outwards."""
_GAP_MARGIN = Fraction(1, 10**12)
"""What sums in another order may make of a gap, absolutely and relatively: a hundred times as much as they do."""
_SUFFIXES = (".npy", ".csv", ".parquet")

TIED, FIT, MIXING = "emtheory data certificate", "emtheory fit certificate", "emtheory mixing certificate"
ABOUT_DATA: Mapping[str, Callable[[Json], str]] = MappingProxyType(
    {
        TIED: lambda found: "EM on {}, {}".format(
            found["data"]["file"],
            f"ball of radius {found['ball']['radius']}"
            if found["ball"]
            else f"fixed points: {len(found['fixed_points'])}",
        ),
        FIT: lambda found: f"{found['mixture']['kind']} mixture fitted to {found['data']['file']}",
        MIXING: lambda found: (
            f"{len(found['mixing']['atoms'])} atoms on {found['data']['file']}, within "
            f"{found['gap']['upper']} of the maximum over all mixing distributions"
        ),
    }
)
"""Format → what a certificate is about."""


def certificate_about(form: str, data: Mapping[str, Any], content: Json) -> Json:
    """Return the certificate, of a format, of what was proved about data: ``file``, ``sha256``, ``n`` and ``d``."""
    return signed({"format": form, "version": _VERSION, "data": dict(data), **content})


def replay_about_data(text: str, document: Json, path: Path, data: Path | None) -> Verdict:
    """Have the standalone verifier look at a certificate at a path, with the data beside it if not given.

    RejectedError where it is malformed, was made with other versions, or does not follow.
    """
    certificate = validated(text, document, OnData, _VERSION)
    require_fingerprint(document)
    require_versions(document["versions"])
    outcome, reason = outcome_of(document, _data_file(certificate.data, path, data))
    if outcome != ACCEPTED:
        raise RejectedError(reason if outcome == "rejected" else f"{outcome}: {reason}")
    return Verdict(ABOUT_DATA[certificate.format](document), HOLDS, STRENGTH[Level.CERTIFIED], Level.CERTIFIED, {}, "")


def tied_statements(case: Case, evidence: Evidence) -> Json:
    """Return what is certified of EM with tied means, and where it is proved from."""
    contraction = evidence.contraction
    return {
        "case": {"k": case.k, "weights": [str(weight) for weight in case.weights], "d": case.d},
        "ball": None
        if contraction is None
        else {
            "radius": str(contraction.radius),
            "contraction_factor": above(contraction.factor),
            "origin_image": above(contraction.origin_image),
            "cells": list(contraction.cells),
        },
        "fixed_points": [_fixed_point(evidence, point) for point in evidence.fixed_points],
    }


def above(value: float) -> str:
    """Return a bound as decimal text, with a margin, rounded upwards."""
    exact = Fraction(value)
    return decimal_text(exact + _FACTOR_MARGIN * abs(exact), _FACTOR_DIGITS, "up")


def around(middle: Fraction, half: Fraction, digits: int = _END_DIGITS) -> dict[str, str]:
    """Return the ends of an interval as decimal text, rounded outwards."""
    return {"lower": decimal_text(middle - half, digits, "down"), "upper": decimal_text(middle + half, digits, "up")}


def ends(interval: Interval) -> dict[str, str]:
    """Return an interval as decimal text, with a margin, rounded outwards."""
    lower, upper = interval
    return around((lower + upper) / 2, (1 + _WIDTH_MARGIN) * (upper - lower) / 2)


def corners(sides: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the corners of a box from its sides."""
    return {name: [side[name] for side in sides] for name in ("lower", "upper")}


def box(evidence: Evidence, point: FitEvidence) -> dict[str, list[str]]:
    """Return the corners of a fixed point's box as decimal text, with a margin, rounded outwards."""
    return corners([ends(side) for side in evidence.box(point)])


def _fixed_point(evidence: Evidence, located: FitEvidence) -> Json:
    point, basin = located.point, located.basin
    return {
        "near": [repr(float(x)) for x in point.family.centre],
        **box(evidence, located),
        "alone_within": repr(point.alone_within),
        "slope": ends(ball_bounds(point.em_rate)),
        "basin": None if basin is None else {"radius": repr(basin.radius), "factor": above(basin.factor)},
        "log_likelihood": ends(ball_bounds(located.log_likelihood)),
    }


def mixture_record(family: Family) -> Json:
    """Return which mixture it is, and the exact numbers that it is described about."""
    if isinstance(family, GaussianFamily):
        return {
            "kind": "normal",
            "covariance_type": family.kind,
            "reg_covar": repr(family.reg_covar),
            "weights": _texts(family.weights.tolist()),
            "means": _texts(family.means.tolist()),
            "whitening": _texts(family.whitening.tolist()),
        }
    if isinstance(family, ModelFamily):
        return {
            "kind": "model",
            "definition": family.model.text,
            "known": {name: str(value) for name, value in family.known},
            "estimated": dict(zip(family.model.estimate, _texts(list(family.values)), strict=True)),
            "scales": [[[str(centre), str(unit)] for centre, unit in scales] for scales in family.scales],
        }
    raise TypeError(f"{type(family).__name__} has no record")


def bounds(values: Sequence[flint.arb], shape: tuple[int, ...]) -> Json:
    """Return lower and upper ends of balls as decimal text, in lists of a shape, rounded outwards with a margin."""
    sides = corners([ends(ball_bounds(value)) for value in values])
    return {name: _shaped(side, shape) for name, side in sides.items()}


STATEMENTS = (
    "parameters", "log_likelihood", "strict_local_maximum", "attracts", "eigenvalues", "em_rate", "ball",
    "alone_within", "standard_errors",
)  # fmt: skip


def statements(evidence: FitEvidence) -> Json:
    """Return what is certified: enclosures with a margin."""
    family, values, basin = evidence.point.family, evidence.eigenvalues, evidence.basin
    errors, sizes = evidence.standard_errors, family.sizes()
    return {
        "parameters": {name: bounds(group, sizes[name]) for name, group in evidence.named.items()},
        "log_likelihood": bounds([evidence.log_likelihood], ()),
        "strict_local_maximum": evidence.strict_local_maximum,
        "attracts": evidence.attracts,
        "eigenvalues": None if values is None else bounds(values, (len(values),)),
        "em_rate": bounds([evidence.point.em_rate], ()),
        "ball": None
        if basin is None or evidence.start is None
        else {"radius": repr(basin.radius), "starts": repr(evidence.start), "factor": above(basin.factor)},
        "alone_within": repr(evidence.point.alone_within),
        "standard_errors": None
        if errors is None
        else {name: bounds(group, sizes[name]) for name, group in errors.items()},
    }


def fit_certificate(evidence: FitEvidence, data: Mapping[str, Any]) -> Json:
    """Return the certificate; `data` as in any about data."""
    return certificate_about(FIT, data, {"mixture": mixture_record(evidence.point.family), **statements(evidence)})


def _texts(value: Any) -> Any:
    return [_texts(each) for each in value] if isinstance(value, list) else repr(value)


def _shaped(flat: Sequence[str], shape: tuple[int, ...]) -> Any:
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [_shaped(flat[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


def mixing_certificate(problem: Problem, file: str, sha256: str, evidence: npmle.Evidence) -> Json:
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
    lower, upper = max(gap[0] - _GAP_MARGIN * (1 + gap[0]), Fraction(0)), gap[1] + _GAP_MARGIN * (1 + gap[1])
    return around((lower + upper) / 2, (upper - lower) / 2, _GAP_DIGITS)


def ends_json(interval: Interval) -> dict[str, str]:
    """Return an interval as decimal text with a margin, rounded outwards."""
    lower, upper = interval
    return around((lower + upper) / 2, (upper - lower) / 2 + _GAP_MARGIN * (1 + abs(upper)))


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


def _data_file(record: DataRecord, path: Path, given: Path | None) -> Path:
    """Return the data file: the one given, or one beside the certificate with the digest recorded."""
    if given is not None:
        if given.exists() and not given.is_file():
            raise InputError(f"{given}: cannot be read: it is no regular file")
        if digest(given) != record.sha256:
            raise RejectedError(f"data.sha256: {given} is not the file that the certificate is about")
        return given
    for file in sorted(path.parent.iterdir()):
        if file.suffix.lower() in _SUFFIXES and file.is_file() and digest(file) == record.sha256:
            return file
    raise RejectedError(
        f"data.sha256: no file beside the certificate has this digest; give it with --data {record.file[:60]}"
    )
