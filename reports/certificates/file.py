"""Certificates as files: what a proof begins with, and whether what is recorded is what was found.

Whether it is true is for `emtheory.reports.certificates.replay` to find.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError, model_validator

from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import MAX_DIGITS
from emtheory.numerics.weights import MAX_UNIFORM
from emtheory.reports.certificates.certificate import FORMAT, VERSION, Json, fingerprint, versions
from emtheory.reports.text_file import read_text
from emtheory.theory.claim import HOLDS, REFUTED, Claim

MAX_BYTES = 20_000_000
"""A choice: a cell with one comparison to few digits takes about a thousand bytes, so that this is some twenty thousand
of them; all of it is held in memory, as text and as records."""
MAX_CELLS = 20_000
"""As many as `emtheory.reports.decide.boxes.tuning`, the pieces that a search tries; also of cases, of which
a claim has one for each k."""

Decimal = Annotated[str, Field(pattern=r"^(-?[0-9]+(\.[0-9]+)?(e[+-][0-9]{2,5})?|-?inf)$", max_length=5000)]
Rational = Annotated[str, Field(pattern=r"^-?[0-9]+(/[1-9][0-9]*)?$", max_length=1000)]
Place = Annotated[str, Field(pattern=r"^(-?[0-9]+(/[1-9][0-9]*)?|the root of [A-Za-z0-9_*+. -]+)$", max_length=5000)]
"""A number, or of an irrational one what it is a root of, and between which numbers."""
Pair = Annotated[list[Rational], Field(min_length=2, max_length=2)]
Sides = dict[str, Pair | tuple[Rational, Literal["inf"]]]

_LONGEST_SHOWN = 100
"""Characters of a value in a rejection, which names two of them."""


class RejectedError(Exception):
    """A certificate that does not show what it says; the message tells where and why."""


class Recorded(BaseModel):
    """What a certificate is proved from; all that stands beside it has to be what follows, letter by letter."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class QuantityRecord(Recorded):
    """How a quantity was computed, and what a search has found."""

    route: Literal["exact", "ball", "mp", "float"]
    lower: Decimal
    upper: Decimal
    at: Rational | None


class EvidenceRecord(Recorded):
    """To how many digits what decides a statement was computed, and how."""

    digits: Annotated[int, Field(ge=1, le=MAX_DIGITS)] | None
    quantities: Annotated[list[QuantityRecord], FailFast()]


class CellRecord(EvidenceRecord):
    """A point, a stretch of one variable, a box of several or a whole domain, and how a statement is decided there."""

    method: Literal["point", "algebra", "box", "tail"]
    point: dict[str, Place] | None
    stretch: Pair | Sides | None
    window: Pair | Sides | None
    assumptions: Annotated[list[EvidenceRecord], FailFast()]

    @model_validator(mode="after")
    def _is_rational(self) -> Self:
        if self.method == "point" and any(" " in value for value in (self.point or {}).values()):
            raise ValueError("a point by itself has rational coordinates")
        return self


class CaseRecord(Recorded):
    """The cells that cover an exact case."""

    assumptions: Annotated[list[EvidenceRecord], FailFast()]
    cells: Annotated[list[CellRecord], FailFast(), Field(max_length=MAX_CELLS)]


class Certificate(Recorded):
    """A claim, the verdict on it, and the cases."""

    claim: Claim
    verdict: str
    cases: Annotated[list[CaseRecord], FailFast(), Field(max_length=MAX_CELLS)]
    versions: dict[str, str]


class DataRecord(Recorded):
    """Which data a certificate is about."""

    file: Annotated[str, Field(pattern=r"^[^\x00-\x1f/]+$", max_length=255)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class OnData(Recorded):
    """What is looked at of a certificate of given data; the rest is for the standalone verifier to read."""

    format: str
    data: DataRecord
    versions: dict[str, str]


Model = TypeVar("Model", bound=BaseModel)


def read_certificate(path: Path) -> tuple[Certificate, dict[str, Any]]:
    """Read a certificate of a verdict, as checked records and as JSON; InputError if the file is something else.

    RejectedError if it is malformed, of another version, or its fingerprint is not that of its content.
    """
    text, document = read_document(path)
    return certificate_in(text, document), document


def read_document(path: Path, formats: Collection[str] = (FORMAT,)) -> tuple[str, dict[str, Any]]:
    """Read a file that says it is a certificate of one of some formats, as text and JSON; else it is an InputError."""
    if path.exists() and not path.is_file() and not path.is_dir():
        # A pipe to which nobody writes would be waited for, and some devices have no end.
        raise InputError(f"{path}: cannot be read: it is no regular file")
    text = read_text(path, "a certificate", MAX_BYTES)
    document = _parse(text, path)
    if not isinstance(document, dict) or document.get("format") not in formats:
        raise InputError(f'{path}: is not a certificate: it has no "format": "{FORMAT}"')
    return text, document


def certificate_in(text: str, document: Mapping[str, Any]) -> Certificate:
    """Return the certificate of a verdict in a file; RejectedError if it is malformed."""
    certificate = validated(text, document, Certificate, VERSION)
    _check_claim(certificate.claim)
    require_fingerprint(document)
    return certificate


def validated(text: str, document: Mapping[str, Any], model: type[Model], version: int) -> Model:
    """Return the records in a file; RejectedError if it is malformed, or of another version than the only one known."""
    if document.get("version") != version or isinstance(document["version"], bool):
        raise RejectedError(f"version: only version {version} is known")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))[:200]
        raise RejectedError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None


def require_fingerprint(document: Mapping[str, Any]) -> None:
    """Raise RejectedError if the fingerprint of a document is not that of its content."""
    if document.get("fingerprint") != fingerprint(document):
        raise RejectedError("fingerprint: is not that of the content, which has been changed")


def _check_claim(claim: Claim) -> None:
    """Check what the type of a claim leaves open and its reading takes for granted."""
    if claim.expect not in (HOLDS, REFUTED):
        raise RejectedError(f"claim.expect: neither {HOLDS} nor {REFUTED}")
    if not all(2 <= k <= MAX_UNIFORM for k in claim.k):
        raise RejectedError(f"claim.k: not from 2 to {MAX_UNIFORM}")


def _parse(text: str, path: Path) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{path}: is not valid JSON: {str(error)[:200]}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def require_versions(recorded: Json) -> None:
    """Raise RejectedError that says what a certificate was made with, if that is not what is installed."""
    for name, installed in versions().items():
        if recorded.get(name) != installed:
            was = (
                f"it was made with {name} {recorded[name]}"
                if name in recorded
                else f"it does not say with which {name}"
            )
            raise RejectedError(f"versions.{name}: {was}, and {installed} is installed: check its claim anew")
    require_equal("versions", recorded, versions())


def require_equal(place: str, recorded: object, found: object) -> None:
    """Raise a RejectedError that names the first place where JSON values differ."""
    if isinstance(recorded, dict) and isinstance(found, dict) and recorded.keys() == found.keys():
        for name, part in recorded.items():
            require_equal(f"{place}.{name}".lstrip("."), part, found[name])
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for index, (left, right) in enumerate(zip(recorded, found, strict=True)):
            require_equal(f"{place}.{index}".lstrip("."), left, right)
    elif recorded != found or type(recorded) is not type(found):
        raise RejectedError(f"{place}: {_shown(recorded)} is recorded, and {_shown(found)} was found")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
