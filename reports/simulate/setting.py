"""What a run of EM on a sample begins with, drawn or read, and what the theory predicts of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.rational import Exact, exact_integer
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.data_files import checked_columns, read_data, replaced, require_rows
from emtheory.numerics.samples.distributions import Law, sample
from emtheory.numerics.samples.finite_sample import origin_jacobian_given
from emtheory.numerics.samples.mixture_em import TIED, Model
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights
from emtheory.theory.inexact import shown

_ROUNDING = 1e-12
"""A factor in double precision that is this close to 1 is 1."""
MAX_NUMBERS = 50_000_000
"""Of a trajectory, which is kept whole: 400 MB in double precision. A choice."""


def predicted_factor(
    case: Case, law: Law, model: Model = TIED, weights: FloatArray | None = None, turn: FloatArray | None = None
) -> float | None:
    """Return the contraction factor of population EM at the origin under a law; None if the origin repels.

    It is 1 where EM is slower than geometric, as with a vanishing π̂_m. For a covariance cI it is c (1 − σ_min(A)²)
    from the exact `contraction_factor`, and that without c where the mixture's covariance is fitted; else the spectral
    radius of the Jacobian in double precision. Free means have the eigenvalue 1 at the origin, μ_j ↦ μ_j − Σ_l π_l μ_l
    to first order, and no factor. Of fitted weights every value is a fixed point, and the factor is that of where EM
    ends. With a turn, orthogonal, the law is that of xQ for data x.
    """
    if not model.tied:
        return None
    if law.isotropic and weights is None:
        scale = law.variance if model.covariance == "identity" else 1.0
        factor = scale * float(evaluate("contraction_factor", replace(case, radius=None, amplitudes=None)).midpoint)
        return factor if factor <= 1 else None
    Q = np.eye(case.d) if turn is None else turn
    covariance = (Q * law.variances(case.d)) @ Q.T
    fitted = {"identity": np.eye(case.d), "isotropic": law.variance * np.eye(case.d), "full": covariance}
    weights = np.exp(log_weights(case)) if weights is None else weights
    jacobian = origin_jacobian_given(weights, rotation(case.k, case.d), covariance, fitted[model.covariance])
    factor = float(np.abs(np.linalg.eigvals(jacobian)).max())
    if abs(factor - 1) <= _ROUNDING:
        return 1.0
    return factor if factor < 1 else None


def check_size(case: Case, model: Model, n: int, iterations: int) -> None:
    """Refuse too few rows, and more numbers in a trajectory than can be kept."""
    k, d = case.k, case.d
    rows = d + 1 if model.tied else d + k
    require_rows(n, d, rows)
    numbers = (iterations + 1) * (d if model == TIED else k * d + d * d + k)
    if numbers > MAX_NUMBERS:
        raise InputError(f"iterations = {iterations} is out of range: the trajectory would have {numbers:.1e} numbers")


def loaded(
    k: int,
    weights: str | Sequence[Exact],
    d: int | None,
    law: Law,
    *,
    n: int | None,
    seed: int,
    data: object,
    save: Path | None,
    start: Exact,
    dtype: str,
) -> tuple[Case, FloatArray, int | None]:
    """Return the case from whose point EM starts, the data, and the seed if they were drawn from the law.

    Data are a path, or an array; they are written to a file given. InputError if they are malformed, or do not fit.
    """
    if (n is None) == (data is None):
        raise InputError("give either n (with a seed) or data: a number of points to draw, or the points")
    if save is not None and save.suffix != ".npy":
        raise InputError(f"save_data {save}: points are written as .npy")
    if data is None:
        case, drawn = make_case(k, weights, d, start), exact_integer(seed, "seed")
        return case, sample(law, exact_integer(n, "n"), case.d, drawn, save, dtype), drawn
    if isinstance(data, Path) and save is not None and save.exists() and save.samefile(data):
        raise InputError(f"save_data {save} would overwrite the data that it is written from")
    points = read_data(data, dtype) if isinstance(data, Path) else _numbers(data, dtype)
    source = str(data) if isinstance(data, Path) else "the array"
    case = make_case(k, weights, checked_columns(source, points, exact_integer(k, "k"), d), start)
    if save is not None:
        with replaced(save) as temporary, temporary.open("wb") as file:
            np.save(file, points)
    return case, points, None


def _numbers(data: Any, dtype: str) -> FloatArray:
    """Return a read-only copy of an array of real numbers."""
    try:
        array = np.asarray(data)
    except ValueError:  # rows of different lengths
        raise InputError(f"data = {shown(data)}: rows × columns of real numbers are needed") from None
    if array.dtype.kind not in "fiu" or array.ndim != 2 or not array.size:
        raise InputError(
            f"data of shape {array.shape} and type {array.dtype}: rows × columns of real numbers are needed"
        )
    points: FloatArray = array.astype(dtype)
    points.setflags(write=False)
    return points
