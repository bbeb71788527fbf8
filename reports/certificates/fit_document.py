"""Certificates of fits to given data, as JSON values (docs/certify-fit.md)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import ModelFamily
from emtheory.reports.certificates.certificate import Json, signed
from emtheory.reports.certificates.data_document import above, ends

FIT_FORMAT = "emtheory fit certificate"
FIT_VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes."""


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
            "scales": [[str(centre), str(unit)] for centre, unit in family.scales],
        }
    raise TypeError(f"{type(family).__name__} has no record")


def bounds(values: Sequence[flint.arb], shape: tuple[int, ...], margins: int) -> Json:
    """Return lower and upper ends of balls as decimal text, in lists of a shape, rounded outwards with margins."""
    pairs = [ends(ball_bounds(value), margins) for value in values]
    return {name: _shaped([pair[name] for pair in pairs], shape) for name in ("lower", "upper")}


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
    """Return the certificate; `data` has ``file`` (a name only), ``sha256``, ``n`` and ``d``."""
    content = {
        "format": FIT_FORMAT,
        "version": FIT_VERSION,
        "mixture": mixture_record(evidence.point.family),
        "data": dict(data),
        **statements(evidence, 1),
    }
    return signed(content)


def require_follows(place: str, recorded: Any, proved: Any) -> str | None:
    """Return where something recorded does not follow from what was proved, or None.

    Enclosures that are recorded must contain what was proved, factors be at least as large; the rest must be equal.
    """
    if isinstance(proved, dict) and set(proved) == {"lower", "upper"}:
        if not isinstance(recorded, dict) or set(recorded) != set(proved):
            return place
        lower = _all(recorded["lower"], proved["lower"], lambda outer, inner: outer <= inner)
        upper = _all(recorded["upper"], proved["upper"], lambda outer, inner: outer >= inner)
        return None if lower and upper else place
    if isinstance(proved, dict) and isinstance(recorded, dict) and set(proved) == set(recorded):
        found = (require_follows(f"{place}.{name}".lstrip("."), recorded[name], proved[name]) for name in proved)
        return next((each for each in found if each is not None), None)
    if place == "ball.factor" and isinstance(recorded, str):
        return None if Fraction(proved) <= Fraction(recorded) < 1 else place
    return None if recorded == proved and type(recorded) is type(proved) else place


def _all(recorded: Any, proved: Any, holds: Any) -> bool:
    if isinstance(proved, list):
        return (
            isinstance(recorded, list)
            and len(recorded) == len(proved)
            and all(_all(left, right, holds) for left, right in zip(recorded, proved, strict=True))
        )
    return isinstance(recorded, str) and bool(holds(Fraction(recorded), Fraction(proved)))


def _texts(value: Any) -> Any:
    return [_texts(each) for each in value] if isinstance(value, list) else repr(value)


def _shaped(flat: Sequence[str], shape: tuple[int, ...]) -> Any:
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [_shaped(flat[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]
