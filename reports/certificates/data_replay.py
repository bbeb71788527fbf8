"""The verifier of certificates of EM on given data: it searches for nothing, and needs the data."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import FailFast, Field

from emtheory.numerics.data_certificates.cover import LARGEST_RADIUS, SMALLEST_RADIUS
from emtheory.numerics.data_certificates.evidence import Seed, prepare, prove
from emtheory.numerics.data_certificates.load import digest, load
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.processes import processors
from emtheory.numerics.samples.block_threads import workers
from emtheory.reports.certificates.agreement import require_between, require_versions
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data_document import DATA_VERSION, data_certificate
from emtheory.reports.certificates.file import (
    MAX_CELLS,
    DataRecord,
    Decimal,
    Model,
    OnData,
    Rational,
    RejectedError,
    Strict,
    require_fingerprint,
    validated,
)
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import HOLDS

DATA_SUFFIXES = (".npy", ".csv", ".parquet")
_MOST_POINTS = 64
"""Fixed points in a certificate: more than a search starts for."""

MAX_COORDINATES = 10_000
"""Of a point in a certificate."""

Number = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?(e[+-][0-9]{2,3})?$", max_length=40)]
Cell = Annotated[str, Field(pattern=r"^[01]*$", max_length=200)]
Coordinates = Annotated[list[Decimal], Field(max_length=MAX_COORDINATES)]


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


class EndsRecord(Strict):
    """An interval."""

    lower: Decimal
    upper: Decimal


class BasinRecord(Strict):
    """A ball around a fixed point."""

    radius: Rational
    factor: Decimal


class FixedPointRecord(Strict):
    """A fixed point."""

    near: Annotated[list[Number], Field(min_length=1, max_length=8)]
    lower: Coordinates
    upper: Coordinates
    alone_within: Decimal
    slope: EndsRecord
    basin: BasinRecord | None
    log_likelihood: EndsRecord


class DataCertificate(OnData):
    """The whole file."""

    case: MixtureRecord
    ball: BallRecord | None
    fixed_points: Annotated[list[FixedPointRecord], Field(max_length=_MOST_POINTS)]


def opened(text: str, document: Json, model: type[Model], version: int) -> Model:
    """Return the records of a certificate of data; RejectedError if it is malformed, or made with other versions."""
    certificate = validated(text, document, model, version)
    require_fingerprint(document)
    require_versions(document["versions"])
    return certificate


def certified(name: str) -> Verdict:
    """Return the verdict on a certificate of data that was proved again."""
    return Verdict(name, HOLDS, STRENGTH[Level.CERTIFIED], Level.CERTIFIED, {}, "")


def replay_data(text: str, document: Json, path: Path, data: Path | None) -> Verdict:
    """Verify a certificate of EM on data, looked for beside it if not given; RejectedError where it does not follow."""
    certificate = opened(text, document, DataCertificate, DATA_VERSION)
    file = data_file(certificate.data, path, data)
    try:
        case, sample = load(file, certificate.case.k, certificate.case.weights, certificate.case.d)
    except InputError as error:
        raise RejectedError(f"case: {error}") from None
    ball = certificate.ball
    seeds = [_seed(point, case.k - 1) for point in certificate.fixed_points]
    radius = None if ball is None else _radius("ball", ball.radius)
    try:
        with workers(processors()) as share:
            evidence = prove(prepare(case, sample), radius, () if ball is None else ball.cells, seeds, share)
    except CannotAnswerError as error:
        raise RejectedError(f"ball: {error}" if ball else f"fixed_points: {error}") from None
    name, sha256 = certificate.data.file, certificate.data.sha256
    tight, loose = (data_certificate(case, name, sha256, sample.n, evidence, margins) for margins in (0, 2))
    require_between("", document, *(found | {"fingerprint": certificate.fingerprint} for found in (tight, loose)))
    shown = f"fixed points: {len(seeds)}" if ball is None else f"ball of radius {ball.radius}"
    return certified(f"EM on {certificate.data.file}, {shown}")


def _seed(point: FixedPointRecord, span: int) -> Seed:
    if len(point.near) != span:
        raise RejectedError(f"fixed_points: a point has {len(point.near)} coordinates instead of {span}")
    near = np.array([float(x) for x in point.near])
    if not np.isfinite(near).all():
        raise RejectedError("fixed_points: a coordinate is out of range")
    return near, None if point.basin is None else _radius("fixed_points", point.basin.radius)


def _radius(place: str, text: str) -> Fraction:
    radius = Fraction(text)
    if not SMALLEST_RADIUS <= radius <= LARGEST_RADIUS:
        raise RejectedError(f"{place}.radius: out of range")
    return radius


def data_file(record: DataRecord, path: Path, given: Path | None) -> Path:
    """Return the data file: the one given, or one beside the certificate with the digest recorded."""
    if given is not None:
        if given.exists() and not given.is_file():
            raise InputError(f"{given}: cannot be read: it is no regular file")
        if digest(given) != record.sha256:
            raise RejectedError(f"data.sha256: {given} is not the file that the certificate is about")
        return given
    for file in _beside(path.parent):
        if digest(file) == record.sha256:
            return file
    raise RejectedError(
        f"data.sha256: no file beside the certificate has this digest; give it with --data {record.file[:60]}"
    )


def _beside(folder: Path) -> Iterator[Path]:
    """Yield the data files of a folder."""
    return (file for file in sorted(folder.iterdir()) if file.suffix.lower() in DATA_SUFFIXES and file.is_file())
