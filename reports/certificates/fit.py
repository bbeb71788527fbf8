"""Certificates of fits to given data (docs/certify-fit.md): what is recorded, and proved again without a search."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import flint
import numpy as np
from pydantic import Field

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.fit_certificates.evidence import FitEvidence, prove
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.fit import LARGEST, MAX_PARAMETERS
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import ModelFamily, require_fits
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data import Kind, Number, above, corners, ends, recorded_rows
from emtheory.reports.certificates.file import Decimal, OnData, Rational, RejectedError, Strict
from emtheory.theory.mixtures.reading import model_of

Doubles = list[Number]
Matrix = list[Doubles]

Nested = Decimal | list[Decimal] | list[list[Decimal]] | list[list[list[Decimal]]]


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


def bounds(values: Sequence[flint.arb], shape: tuple[int, ...], margins: int) -> Json:
    """Return lower and upper ends of balls as decimal text, in lists of a shape, rounded outwards with margins."""
    sides = corners([ends(ball_bounds(value), margins) for value in values])
    return {name: _shaped(side, shape) for name, side in sides.items()}


STATEMENTS = (
    "parameters", "log_likelihood", "strict_local_maximum", "attracts", "eigenvalues", "em_rate", "ball",
    "alone_within", "standard_errors",
)  # fmt: skip


def statements(evidence: FitEvidence, margins: int) -> Json:
    """Return what is certified: enclosures with so many margins."""
    family, values, basin = evidence.point.family, evidence.eigenvalues, evidence.basin
    errors, sizes = evidence.standard_errors, family.sizes()
    return {
        "parameters": {name: bounds(group, sizes[name], margins) for name, group in evidence.named.items()},
        "log_likelihood": bounds([evidence.log_likelihood], (), margins),
        "strict_local_maximum": evidence.strict_local_maximum,
        "attracts": evidence.attracts,
        "eigenvalues": None if values is None else bounds(values, (len(values),), margins),
        "em_rate": bounds([evidence.point.em_rate], (), margins),
        "ball": None
        if basin is None or evidence.start is None
        else {"radius": repr(basin.radius), "starts": repr(evidence.start), "factor": above(basin.factor, margins)},
        "alone_within": repr(evidence.point.alone_within),
        "standard_errors": None
        if errors is None
        else {name: bounds(group, sizes[name], margins) for name, group in errors.items()},
    }


def fit_certificate(evidence: FitEvidence, data: Mapping[str, Any]) -> Json:
    """Return the certificate; `data` as in any about data."""
    return FIT.certificate(data, {"mixture": mixture_record(evidence.point.family), **statements(evidence, 1)})


def _texts(value: Any) -> Any:
    return [_texts(each) for each in value] if isinstance(value, list) else repr(value)


def _shaped(flat: Sequence[str], shape: tuple[int, ...]) -> Any:
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [_shaped(flat[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


class NormalRecord(Strict):
    """A normal mixture, and the coordinates of its components."""

    kind: Literal["normal"]
    covariance_type: Literal["full", "tied", "diag", "spherical"]
    reg_covar: Number
    weights: Annotated[Doubles, Field(min_length=1)]
    means: Annotated[Matrix, Field(min_length=1)]
    whitening: Annotated[list[Matrix], Field(min_length=1)]


class ModelRecord(Strict):
    """A model, its parameters, and centre and unit of each coordinate."""

    kind: Literal["model"]
    definition: Annotated[str, Field(max_length=100_000)]
    known: dict[str, Annotated[str, Field(max_length=1000)]]
    estimated: dict[str, Number]
    scales: list[list[Annotated[list[Rational], Field(min_length=2, max_length=2)]]]


class Ends(Strict):
    """Enclosures."""

    lower: Nested
    upper: Nested


class BallRecord(Strict):
    """A ball from which EM converges."""

    radius: Number
    starts: Number
    factor: Decimal


class FitCertificate(OnData):
    """The whole file."""

    mixture: Annotated[NormalRecord | ModelRecord, Field(discriminator="kind")]
    parameters: dict[str, Ends]
    log_likelihood: Ends
    strict_local_maximum: bool | None
    attracts: bool | None
    eigenvalues: Ends | None
    em_rate: Ends
    ball: BallRecord | None
    alone_within: Number
    standard_errors: dict[str, Ends] | None


def _proved(certificate: FitCertificate, file: Path) -> tuple[Json, str]:
    rows, ball = recorded_rows(certificate.data, file), certificate.ball
    radius, start = (0.0, None) if ball is None else (_size("radius", ball.radius), _size("starts", ball.starts))
    alone = _size("alone_within", certificate.alone_within)
    evidence = prove(_family(certificate.mixture, rows), rows, alone, radius, start)
    return statements(evidence, 0), f"{certificate.mixture.kind} mixture fitted to {certificate.data.file}"


FIT = Kind("emtheory fit certificate", 1, FitCertificate, _proved)


def _size(place: str, text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise RejectedError(f"{place}: not between 0 and 1")
    return value


def _family(record: NormalRecord | ModelRecord, rows: Any) -> Family:
    if isinstance(record, ModelRecord):
        model = model_of(record.definition, rows.shape[1])
        if set(record.estimated) != set(model.estimate) or [len(each) for each in record.scales] != [
            len(model.observed)
        ] * len(model.fit):
            raise RejectedError("mixture: its parameters or coordinates are not those of the definition")
        require_fits(model, rows)
        known = tuple((name, real_number(value, name)) for name, value in record.known.items())
        scales = tuple(tuple((Fraction(c), Fraction(unit)) for c, unit in each) for each in record.scales)
        pairs = [pair for each in scales for pair in each]
        doubles = all(Fraction(float(each)) == each for pair in pairs for each in pair)
        if not (doubles and all(unit > 0 and math.frexp(unit)[0] == 0.5 for _, unit in pairs)):
            raise RejectedError("mixture.scales: a centre is to be a double, a unit a power of two")
        return ModelFamily(model, known, tuple(float(record.estimated[name]) for name in model.estimate), scales)
    weights, means, whitening = (
        np.array(each, dtype=np.float64) for each in (record.weights, record.means, record.whitening)
    )
    k, d = len(weights), rows.shape[1]
    reg_covar = float(record.reg_covar)
    if means.shape != (k, d) or whitening.shape != (k, d, d) or not 0 <= reg_covar <= LARGEST**2:
        raise RejectedError("mixture: weights, means and whitening do not fit each other or the data")
    diagonal = np.diagonal(whitening, axis1=1, axis2=2)
    kind = record.covariance_type
    like = {
        "full": np.tril(whitening),
        "tied": np.broadcast_to(np.tril(whitening[0]), whitening.shape),
        "diag": whitening * np.eye(d),
        "spherical": diagonal[:, :1, None] * np.eye(d),
    }[kind]
    sizes = np.concatenate([abs(weights), abs(means).ravel(), abs(whitening).ravel()])
    if not ((whitening == like).all() and (diagonal > 0).all() and (weights > 0).all() and np.isfinite(sizes).all()):
        raise RejectedError("mixture: weights or whitening matrices are none of this kind")
    family = GaussianFamily(kind, weights, means, whitening, reg_covar)
    if family.p > MAX_PARAMETERS:
        raise RejectedError(f"mixture: more than {MAX_PARAMETERS} parameters")
    return family
