"""Certificates of EM on given data, as JSON values (docs/certify-data.md)."""

from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.evidence import Evidence, Interval, Located
from emtheory.reports.certificates.certificate import Json, fingerprint, plain, versions

DATA_FORMAT = "emtheory data certificate"
DATA_VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes."""

FACTOR_DIGITS = 8
"""Of factors and the like, rounded upwards."""
_ERROR_DIGITS = 3
"""Of distances that say how far something is known, rounded outwards."""
_END_DIGITS = 20
"""Of the ends of intervals, rounded outwards: more than doubles have."""


def data_certificate(case: Case, file: str, sha256: str, n: int, evidence: Evidence) -> Json:
    """Return the certificate of what was proved about data.

    Parameters
    ----------
    case
        The mixture, without a point.
    file, sha256, n
        The name of the data file, the digest of its bytes, and the number of rows.
    evidence
        What was proved.
    """
    contraction = evidence.contraction
    content = {
        "format": DATA_FORMAT,
        "version": DATA_VERSION,
        "case": {"k": case.k, "weights": [str(weight) for weight in case.weights], "d": case.d},
        "data": {"file": file, "sha256": sha256, "n": n, "d": case.d},
        "ball": None
        if contraction is None
        else {
            "radius": str(contraction.radius),
            "contraction_factor": above(contraction.factor),
            "origin_image": above(contraction.origin_image),
            "cells": list(contraction.cells),
        },
        "fixed_points": [_fixed_point(point) for point in evidence.fixed_points],
        "versions": versions(),
    }
    certificate: Json = plain(content | {"fingerprint": fingerprint(content)})
    return certificate


def above(value: float, digits: int = FACTOR_DIGITS) -> str:
    """Return a double as decimal text, rounded upwards."""
    return decimal_text(Fraction(value), digits, "up")


def ends(interval: Interval) -> dict[str, str]:
    """Return an interval as decimal text, rounded outwards."""
    lower, upper = interval
    return {"lower": decimal_text(lower, _END_DIGITS, "down"), "upper": decimal_text(upper, _END_DIGITS, "up")}


def box(point: Located) -> dict[str, list[str]]:
    """Return the corners of a fixed point's box as decimal text, rounded outwards."""
    sides = [ends(side) for side in point.box]
    return {name: [side[name] for side in sides] for name in ("lower", "upper")}


def _fixed_point(located: Located) -> Json:
    point, basin = located.point, located.basin
    return {
        "near": [repr(float(x)) for x in point.near],
        **box(located),
        "alone_within": decimal_text(Fraction(point.alone_within), _ERROR_DIGITS, "down"),
        "slope": {
            "lower": decimal_text(Fraction(point.slope_below), FACTOR_DIGITS, "down"),
            "upper": above(point.slope),
        },
        "basin": None if basin is None else {"radius": str(basin.radius), "factor": above(basin.factor)},
        "log_likelihood": ends(located.log_likelihood),
    }
