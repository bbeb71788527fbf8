"""Certificates of EM on given data (docs/certify-data.md): what is recorded, and proved again without a search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import numpy as np
from pydantic import FailFast, Field

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.contraction import LARGEST_RADIUS, SMALLEST_RADIUS
from emtheory.numerics.data_certificates.evidence import Evidence, Interval, Seed, prove
from emtheory.numerics.data_certificates.points import load, make_points
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.fit import read_rows
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.processes import processors
from emtheory.numerics.samples.data_files import digest
from emtheory.numerics.samples.posterior_sums import workers
from emtheory.reports.certificates.certificate import Json, signed
from emtheory.reports.certificates.file import (
    MAX_CELLS,
    DataRecord,
    Decimal,
    Ends,
    OnData,
    Rational,
    RejectedError,
    Strict,
    require_fingerprint,
    require_follows,
    require_versions,
    validated,
)
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import HOLDS

_FACTOR_DIGITS = 8
"""Of factors and the like, rounded outwards."""
_END_DIGITS = 20
"""Of the ends of intervals, rounded outwards: more than doubles have."""
_FACTOR_MARGIN = Fraction(1, 10**9)
"""Relative, of factors and the like: far more than sums in another order make of them."""
_WIDTH_MARGIN = Fraction(1, 10)
"""Relative, of the widths of intervals, which are rounding errors for a good part."""

DATA_SUFFIXES = (".npy", ".csv", ".parquet")
_MOST_POINTS = 64
"""Fixed points in a certificate: more than a search starts for."""
MAX_COORDINATES = 10_000
"""Of a point in a certificate."""
Number = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?(e[+-][0-9]{2,3})?$", max_length=40)]
Cell = Annotated[str, Field(pattern=r"^[01]*$", max_length=200)]
Coordinates = Annotated[list[Decimal], Field(max_length=MAX_COORDINATES)]
Record = TypeVar("Record", bound=OnData)


@dataclass(frozen=True)
class Kind(Generic[Record]):
    """A kind of certificate about data.

    `version` is to be raised when what stands in a certificate, or its meaning, changes; `prove` returns what follows
    anew for records and the file with the data, and what it is about.
    """

    format: str
    version: int
    record: type[Record]
    prove: Callable[[Record, Path], tuple[Json, str]]

    def certificate(self, data: Mapping[str, Any], content: Json) -> Json:
        """Return the certificate of what was proved about data: ``file`` (a name only), ``sha256``, ``n`` and ``d``."""
        return signed({"format": self.format, "version": self.version, "data": dict(data), **content})

    def replayed(self, text: str, document: Json, path: Path, data: Path | None) -> Verdict:
        """Verify a certificate at a path, with the data beside it if not given.

        RejectedError where it is malformed, was made with other versions, or does not follow.
        """
        certificate = validated(text, document, self.record, self.version)
        require_fingerprint(document)
        require_versions(document["versions"])
        file = data_file(certificate.data, path, data)
        try:
            with np.errstate(all="ignore"):  # What overflows is not finite, and nothing follows of it.
                proved, said = self.prove(certificate, file)
        except (InputError, CannotAnswerError) as error:
            raise RejectedError(f"it does not follow from the data: {error}") from None
        except (ValueError, ArithmeticError) as error:
            raise RejectedError(f"it is not made of numbers that a proof accepts: {str(error)[:100]}") from None
        require_follows("", {name: document[name] for name in proved}, proved)
        return Verdict(said, HOLDS, STRENGTH[Level.CERTIFIED], Level.CERTIFIED, {}, "")


def recorded_rows(record: DataRecord, file: Path) -> FloatArray:
    """Return the data, of as many rows and columns as are recorded; else it is a RejectedError."""
    rows = read_rows(file)
    if rows.shape != (record.n, record.d):
        raise RejectedError(f"data: the file has {len(rows)} rows of {rows.shape[1]} columns")
    return rows


def tied_statements(case: Case, evidence: Evidence, margins: int = 1) -> Json:
    """Return what is certified of EM with tied means.

    Bounds are recorded with a margin, since on another processor sums may be rounded otherwise.
    """
    contraction = evidence.contraction
    return {
        "case": {"k": case.k, "weights": [str(weight) for weight in case.weights], "d": case.d},
        "ball": None
        if contraction is None
        else {
            "radius": str(contraction.radius),
            "contraction_factor": above(contraction.factor, margins),
            "origin_image": above(contraction.origin_image, margins),
            "cells": list(contraction.cells),
        },
        "fixed_points": [_fixed_point(evidence, point, margins) for point in evidence.fixed_points],
    }


def above(value: float, margins: int = 1) -> str:
    """Return a bound as decimal text, with margins, rounded upwards."""
    exact = Fraction(value)
    return decimal_text(exact + margins * _FACTOR_MARGIN * abs(exact), _FACTOR_DIGITS, "up")


def around(middle: Fraction, half: Fraction, digits: int = _END_DIGITS) -> dict[str, str]:
    """Return the ends of an interval as decimal text, rounded outwards."""
    return {"lower": decimal_text(middle - half, digits, "down"), "upper": decimal_text(middle + half, digits, "up")}


def ends(interval: Interval, margins: int = 1) -> dict[str, str]:
    """Return an interval as decimal text, with margins, rounded outwards."""
    lower, upper = interval
    return around((lower + upper) / 2, (1 + margins * _WIDTH_MARGIN) * (upper - lower) / 2)


def corners(sides: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the corners of a box from its sides."""
    return {name: [side[name] for side in sides] for name in ("lower", "upper")}


def box(evidence: Evidence, point: FitEvidence, margins: int = 1) -> dict[str, list[str]]:
    """Return the corners of a fixed point's box as decimal text, with margins, rounded outwards."""
    return corners([ends(side, margins) for side in evidence.box(point)])


def _fixed_point(evidence: Evidence, located: FitEvidence, margins: int) -> Json:
    point, basin = located.point, located.basin
    return {
        "near": [repr(float(x)) for x in point.family.centre],
        **box(evidence, located, margins),
        "alone_within": repr(point.alone_within),
        "slope": ends(ball_bounds(point.em_rate), margins),
        "basin": None if basin is None else {"radius": repr(basin.radius), "factor": above(basin.factor, margins)},
        "log_likelihood": ends(ball_bounds(located.log_likelihood), margins),
    }


class MixtureRecord(Strict):
    """The mixture."""

    k: int
    weights: list[Rational]
    d: int


class BallRecord(Strict):
    """A ball that EM contracts, and the cells that show it."""

    radius: Rational
    contraction_factor: Decimal
    origin_image: Decimal
    cells: Annotated[list[Cell], FailFast(), Field(min_length=1, max_length=MAX_CELLS)]


class BasinRecord(Strict):
    """A ball around a fixed point."""

    radius: Number
    factor: Decimal


class FixedPointRecord(Strict):
    """A fixed point."""

    near: Annotated[list[Number], Field(min_length=1, max_length=8)]
    lower: Coordinates
    upper: Coordinates
    alone_within: Number
    slope: Ends
    basin: BasinRecord | None
    log_likelihood: Ends


class DataCertificate(OnData):
    """The whole file."""

    case: MixtureRecord
    ball: BallRecord | None
    fixed_points: Annotated[list[FixedPointRecord], Field(max_length=_MOST_POINTS)]


def _proved(certificate: DataCertificate, file: Path) -> tuple[Json, str]:
    case, sample = load(file, certificate.case.k, certificate.case.weights, certificate.case.d)
    ball, seeds = certificate.ball, [_seed(point, case.k - 1) for point in certificate.fixed_points]
    radius = None if ball is None else Fraction(ball.radius)
    if radius is not None and not SMALLEST_RADIUS <= radius <= LARGEST_RADIUS:
        raise RejectedError("ball.radius: out of range")
    with workers(processors()) as share:
        evidence = prove(
            replace(make_points(case, sample), share=share), radius, () if ball is None else ball.cells, seeds
        )
    shown = f"fixed points: {len(seeds)}" if ball is None else f"ball of radius {ball.radius}"
    data = certificate.data.model_dump() | {"n": sample.n, "d": case.d}
    return {"data": data, **tied_statements(case, evidence, margins=0)}, f"EM on {certificate.data.file}, {shown}"


TIED = Kind("emtheory data certificate", 1, DataCertificate, _proved)


def _seed(point: FixedPointRecord, span: int) -> Seed:
    if len(point.near) != span:
        raise RejectedError(f"fixed_points: a point has {len(point.near)} coordinates instead of {span}")
    near = np.array([float(x) for x in point.near])
    basin = None if point.basin is None else float(point.basin.radius)
    sizes = [float(point.alone_within), 1.0 if basin is None else basin]
    if not (np.isfinite(near).all() and all(0 < size <= LARGEST_RADIUS for size in sizes)):
        raise RejectedError("fixed_points: a coordinate, or a radius, is out of range")
    return near, sizes[0], basin


def data_file(record: DataRecord, path: Path, given: Path | None) -> Path:
    """Return the data file: the one given, or one beside the certificate with the digest recorded."""
    if given is not None:
        if given.exists() and not given.is_file():
            raise InputError(f"{given}: cannot be read: it is no regular file")
        if digest(given) != record.sha256:
            raise RejectedError(f"data.sha256: {given} is not the file that the certificate is about")
        return given
    for file in sorted(path.parent.iterdir()):
        if file.suffix.lower() in DATA_SUFFIXES and file.is_file() and digest(file) == record.sha256:
            return file
    raise RejectedError(
        f"data.sha256: no file beside the certificate has this digest; give it with --data {record.file[:60]}"
    )
