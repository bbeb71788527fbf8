"""Certificates of EM on given data, as JSON values (docs/certify-data.md)."""

from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.evidence import Evidence, Interval, Located
from emtheory.reports.certificates.certificate import Json, signed

DATA_FORMAT = "emtheory data certificate"
DATA_VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes."""

_FACTOR_DIGITS = 8
"""Of factors and the like, rounded outwards."""
_END_DIGITS = 20
"""Of the ends of intervals, rounded outwards: more than doubles have."""
_FACTOR_MARGIN = Fraction(1, 10**9)
"""Relative, of factors and the like: far more than sums in another order make of them."""
_WIDTH_MARGIN = Fraction(1, 10)
"""Relative, of the widths of intervals, which are rounding errors for a good part."""


def data_certificate(case: Case, file: str, sha256: str, n: int, evidence: Evidence, margins: int = 1) -> Json:
    """Return the certificate of what was proved about data: a file's name, the SHA-256 of its bytes, n rows.

    Bounds are recorded with so many margins, since on another processor sums may be rounded otherwise; a verifier that
    finds bounds between none and two margins confirms them.
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
            "contraction_factor": above(contraction.factor, margins),
            "origin_image": above(contraction.origin_image, margins),
            "cells": list(contraction.cells),
        },
        "fixed_points": [_fixed_point(point, margins) for point in evidence.fixed_points],
    }
    return signed(content)


def above(value: float, margins: int = 1) -> str:
    """Return a bound as decimal text, with margins, rounded upwards."""
    exact = Fraction(value)
    return decimal_text(exact + margins * _FACTOR_MARGIN * abs(exact), _FACTOR_DIGITS, "up")


def ends(interval: Interval, margins: int = 1) -> dict[str, str]:
    """Return an interval as decimal text, with margins, rounded outwards."""
    lower, upper = interval
    more = margins * _WIDTH_MARGIN * (upper - lower) / 2
    return {
        "lower": decimal_text(lower - more, _END_DIGITS, "down"),
        "upper": decimal_text(upper + more, _END_DIGITS, "up"),
    }


def box(point: Located, margins: int = 1) -> dict[str, list[str]]:
    """Return the corners of a fixed point's box as decimal text, with margins, rounded outwards."""
    sides = [ends(side, margins) for side in point.box]
    return {name: [side[name] for side in sides] for name in ("lower", "upper")}


def _fixed_point(located: Located, margins: int) -> Json:
    point, basin = located.point, located.basin
    return {
        "near": [repr(float(x)) for x in point.near],
        **box(located, margins),
        "alone_within": decimal_text(Fraction(point.alone_within), _FACTOR_DIGITS, "down"),
        "slope": {
            "lower": decimal_text(-Fraction(above(-point.slope_below, margins)), _FACTOR_DIGITS, "down"),
            "upper": above(point.slope, margins),
        },
        "basin": None if basin is None else {"radius": str(basin.radius), "factor": above(basin.factor, margins)},
        "log_likelihood": ends(located.log_likelihood, margins),
    }
