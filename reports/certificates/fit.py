"""Certificates of fits to given data (docs/certify-fit.md): what is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import ModelFamily
from emtheory.reports.certificates.certificate import Json
from emtheory.reports.certificates.data import FIT, above, certificate_about, corners, ends


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
