"""Data and fits as users give them, checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import InputError
from emtheory.numerics.fit_certificates.fit import Fit
from emtheory.numerics.fit_certificates.gaussian import KINDS
from emtheory.numerics.samples.data_files import read_data
from emtheory.theory.inexact import shown

LARGEST, SMALLEST = 1e150, 1e-150
"""Moduli of data: squares of others are beyond double precision."""
MAX_PARAMETERS = 600
"""Of a fit. A choice: their informations are matrices, which Arb multiplies in a minute."""
_SUM_ERROR = 1e-6
"""By which weights may miss the sum 1: those of fits are rounded."""


def read_rows(path: Path) -> FloatArray:
    """Return the checked n × d numbers of a file, as doubles; InputError if they are none."""
    return checked_rows(read_data(path, exact=True), str(path))


def checked_rows(data: Any, source: str) -> FloatArray:
    """Return n × d numbers, or n as one column; InputError that names one that is not finite, or too large."""
    try:
        data = np.asarray(data)  # A table of pandas, or lists, too.
    except (TypeError, ValueError):
        raise InputError(f"{source} = {shown(data)}: rows of numbers, all of one length, are wanted") from None
    if data.ndim == 1:
        data = data[:, None]
    if data.dtype.kind not in "fiu" or data.ndim != 2 or 0 in data.shape:
        what = f"of shape {data.shape}, type {data.dtype}"
        raise InputError(f"{source}: {what}: rows × columns of real numbers are needed, at least one of each")
    rows = np.asarray(data, dtype=np.float64)
    if data.dtype.kind in "iu" or data.dtype.itemsize > rows.dtype.itemsize:
        different = np.argwhere(rows.astype(data.dtype) != data)
        if len(different):
            row, column = different[0]
            raise InputError(f"{source}: {data[row, column]} in row {row + 1}, column {column + 1} is no double")
    bad = np.argwhere(~(abs(rows) <= LARGEST))
    if len(bad):
        row, column = bad[0]
        raise InputError(
            f"{source}: {float(rows[row, column])!r} in row {row + 1}, column {column + 1}: "
            f"finite numbers up to {LARGEST:g} are needed"
        )
    if not abs(rows).max() >= SMALLEST and abs(rows).max() > 0:
        raise InputError(f"{source}: all numbers are below {SMALLEST:g}: they are too small for double precision")
    return rows


def normal_fit(given: Mapping[str, Any], d: int, reg_covar: float | None = None) -> Fit:
    """Return a normal mixture from its attributes, as scikit-learn has them.

    InputError if they are no fit of such data.

    Parameters
    ----------
    given
        ``covariance_type``, ``weights``, ``means``, ``covariances``, and perhaps ``reg_covar``.
    d
        Columns of the data.
    reg_covar
        In place of that of the fit.
    """
    kind = given.get("covariance_type")
    if kind not in KINDS:
        raise InputError(f"covariance_type = {shown(kind)} is not one of {', '.join(KINDS)}")
    weights = array_of(given.get("weights"), "weights", (None,))
    k = len(weights)
    parameters = (
        k - 1 + k * d + {"full": k * d * (d + 1) // 2, "tied": d * (d + 1) // 2, "diag": k * d, "spherical": k}[kind]
    )
    if parameters > MAX_PARAMETERS:
        raise InputError(f"the fit has {parameters} free parameters: certificates are for up to {MAX_PARAMETERS}")
    means = array_of(given.get("means"), "means", (k, d))
    shape = {"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}[kind]
    covariances = array_of(given.get("covariances"), "covariances", shape)
    added = given.get("reg_covar", 0.0) if reg_covar is None else reg_covar
    if isinstance(added, bool) or not isinstance(added, int | float) or not 0 <= added <= LARGEST**2:
        raise InputError(f"reg_covar = {shown(added)} is not a number from 0 to {LARGEST**2:g}")
    total = float(weights.sum())
    if not (weights > 0).all() or abs(total - 1) > _SUM_ERROR:
        raise InputError(
            f"weights: positive numbers that sum to 1 are needed; they sum to {total!r}, "
            f"the least is {float(weights.min())!r}"
        )
    full = {
        "full": lambda: covariances,
        "tied": lambda: np.broadcast_to(covariances, (k, d, d)),
        "diag": lambda: covariances[:, :, None] * np.eye(d),
        "spherical": lambda: covariances[:, None, None] * np.eye(d),
    }[kind]()
    if abs(full - np.swapaxes(full, 1, 2)).max() > 1e-9 * abs(full).max():
        raise InputError("covariances: a matrix is not symmetric")
    fit = Fit(str(kind), weights / total, means, (full + np.swapaxes(full, 1, 2)) / 2, float(added))
    for j, covariance in enumerate(fit.covariances):
        scale = np.sqrt(abs(np.diagonal(covariance)))
        if not ((np.diagonal(covariance) > 0).all() and np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] > 0):
            raise InputError(f"covariances: that of component {j} is not positive definite")
    return fit


def array_of(value: Any, name: str, shape: Sequence[int | None]) -> FloatArray:
    """Return numbers, or their decimals, in nested lists as an array of doubles of a shape, or raise InputError.

    Where the last size is 1, its lists may be left out.
    """
    try:
        array = np.array(value)
        if array.dtype.kind not in "fiuU" or not array.size:
            raise TypeError
        array = array.astype(np.float64)
        if array.ndim == len(shape) - 1 and shape[-1] == 1:
            array = array[..., None]
    except (TypeError, ValueError):
        raise InputError(f"{name} = {shown(value)} is no array of numbers") from None
    if array.ndim != len(shape) or any(want not in (None, have) for want, have in zip(shape, array.shape, strict=True)):
        wanted = " × ".join("k" if each is None else str(each) for each in shape)
        raise InputError(f"{name}: shape {array.shape} where {wanted} is needed")
    if not np.isfinite(array).all():
        raise InputError(f"{name}: {array[~np.isfinite(array)][0]} is among them: finite numbers are needed")
    return array
