"""Normal mixtures in double precision, as EM moves them; and data and fits as users give them, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import KINDS, GaussianFamily
from emtheory.numerics.fit_certificates.statistics import BITS
from emtheory.numerics.samples.data_files import read_data
from emtheory.theory.inexact import shown

_BLOCK = 2**16
"""Numbers of a block of observations, about."""
_COLLAPSED = 1e-13
"""Smallest eigenvalue of a covariance relative to the variance of the data: what is left is rounding."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A normal mixture: its kind of covariances, weights (k), means (k × d), covariances (k × d × d) and reg_covar."""

    kind: str
    weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    reg_covar: float = 0.0

    def family(self) -> GaussianFamily:
        """Return the family around the fit; CannotAnswerError where a covariance is singular."""
        turns = []
        for j, covariance in enumerate(self.covariances):
            scale = np.sqrt(np.maximum(np.diagonal(covariance), 0))
            try:
                if not (scale > 0).all():
                    raise np.linalg.LinAlgError
                root = np.linalg.cholesky(covariance / np.outer(scale, scale))
            except np.linalg.LinAlgError:
                raise CannotAnswerError(f"the covariance of component {j} is singular") from None
            turns.append(np.tril(np.linalg.inv(root)) / scale)
        turned = np.stack(turns)
        if not (np.isfinite(turned).all() and (self.weights > 0).all()):
            raise CannotAnswerError("a weight is 0 or a covariance is singular in double precision")
        if self.kind in ("diag", "spherical"):
            turned = turned * np.eye(turned.shape[1])
        if self.kind == "spherical":
            turned = turned[:, :1, :1] * np.eye(turned.shape[1])
        return GaussianFamily(self.kind, self.weights, self.means, turned, self.reg_covar)

    def em_step(self, rows: FloatArray) -> "Fit":
        """Return the fit after a step of EM."""
        n, d = rows.shape
        k = len(self.weights)
        family = self.family()
        constants = np.log(self.weights) + np.log(np.diagonal(family.whitening, axis1=1, axis2=2)).sum(axis=1)
        masses, sums, squares = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
        size = max(256, _BLOCK // (k * d))
        for first in range(0, n, size):
            apart = np.asarray(rows[first : first + size], dtype=np.float64).T - self.means[:, :, None]
            logs = constants[:, None] - np.square(family.whitening @ apart).sum(axis=1) / 2
            posteriors = np.exp(logs - logs.max(axis=0))
            posteriors /= posteriors.sum(axis=0)
            masses += posteriors.sum(axis=1)
            weighted = apart * posteriors[:, None]
            sums += weighted.sum(axis=2)
            squares += weighted @ np.swapaxes(apart, 1, 2)
        if not np.isfinite(masses).all():
            raise CannotAnswerError("observations are too far from the components for double precision")
        if not (masses > 0).all():
            raise CannotAnswerError(f"component {int(np.argmin(masses))} has lost all observations")
        moved = sums / masses[:, None]
        outer = moved[:, :, None] * moved[:, None]
        covariances = squares / masses[:, None, None] - outer
        if self.kind == "tied":
            covariances = np.broadcast_to(np.tensordot(masses / n, covariances, 1), covariances.shape)
        if self.kind in ("diag", "spherical"):
            covariances = covariances * np.eye(d)
        if self.kind == "spherical":
            covariances = np.trace(covariances, axis1=1, axis2=2)[:, None, None] / d * np.eye(d)
        return replace(
            self,
            weights=masses / masses.sum(),
            means=self.means + moved,
            covariances=covariances + self.reg_covar * np.eye(d),
        )

    def moved(self, family: Family, change: FloatArray) -> "Fit":
        """Return the fit at other parameters of its family."""
        with arb_precision(BITS):
            named = family.named([x + y for x, y in zip(family.centre, change.tolist(), strict=True)])
        own = {name: np.array([float(x.mid()) for x in group]) for name, group in named.items()}
        covariances = own["covariances"].reshape(self.covariances.shape)
        return replace(
            self,
            weights=own["weights"],
            means=own["means"].reshape(self.means.shape),
            covariances=(covariances + np.swapaxes(covariances, 1, 2)) / 2,
        )

    def check(self, rows: FloatArray) -> None:
        """Raise CannotAnswerError if a component has collapsed."""
        if self.reg_covar > 0:
            return
        spread = np.std(rows, axis=0)
        if not (spread > 0).all():
            column = int(np.argmin(spread))
            raise CannotAnswerError(
                f"column {column + 1} of the data is constant: every covariance becomes singular, "
                "and the likelihood is unbounded"
            )
        for j, covariance in enumerate(self.covariances):
            lowest = float(np.linalg.eigvalsh(covariance / np.outer(spread, spread))[0])
            if not lowest > _COLLAPSED:
                mass = self.weights[j] * len(rows)
                raise CannotAnswerError(
                    f"component {j} collapses: it holds about {mass:.3g} of {len(rows)} observations, and its "
                    "covariance becomes singular, where the likelihood is unbounded and has no maximum; "
                    "fewer components, another kind of covariance or reg_covar > 0 would help"
                )

    def distance(self, other: "Fit") -> float:
        """Return how far weights, means and covariances are apart, relative to weights and covariances."""
        turns = other.family().whitening
        apart = np.einsum("jab,jb->ja", turns, self.means - other.means)
        spread = turns @ (self.covariances - other.covariances) @ np.swapaxes(turns, 1, 2)
        weights = abs(self.weights / other.weights - 1)
        return float(max(weights.max(), abs(apart).max(), abs(spread).max()))


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

    `given`: ``covariance_type``, ``weights``, ``means``, ``covariances``, and perhaps ``reg_covar``; `d`: columns of
    the data; `reg_covar`: in place of that of the fit.
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
