"""One run of EM on a sample: the request checked, the data drawn or read, the iterates, what the theory predicts."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np

from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.processes import processors
from emtheory.numerics.samples.data_files import checked_columns, read_data, replaced, require_rows, turned
from emtheory.numerics.samples.distributions import Law, parse_law, sample
from emtheory.numerics.samples.finite_sample import origin_jacobian_given
from emtheory.numerics.samples.lloyd_init import lloyd_fit
from emtheory.numerics.samples.mixture_em import TIED, Covariance, Model, em_from
from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.observed_contraction import jackknife_contraction
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights
from emtheory.reports.simulate.simulation import Simulation
from emtheory.theory.inexact import shown

_ROUNDING = 1e-12
"""A factor in double precision that is this close to 1 is 1."""

MAX_ITERATIONS = 1_000_000
"""A choice: each step is a row of the table and of the document, whatever the size of the sample."""
MAX_NUMBERS = 50_000_000
"""Of a trajectory, which is kept whole: 400 MB in double precision. A choice."""
MAX_VARIANCE = 10**100
"""In double precision."""
_FACTOR_ITERATIONS = 300
"""The factor is observed over at least so many steps: the first few of a short run show another."""
_LONG = 5.0
"""Seconds of a run after which people are told what else is to come."""
Tell = Callable[[str], None]


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


@dataclass(frozen=True, eq=False)
class Request:
    """What is simulated; the fields are the parameters of `emtheory.simulate`, not checked yet."""

    k: int
    weights: str | Sequence[Exact]
    d: int | None = None
    n: int | None = None
    seed: int = 0
    law: str = "gaussian"
    variance: Exact = 1
    data: Path | FloatArray | None = None
    save_data: Path | None = None
    float32: bool = False
    radius: Exact | None = None
    lloyd: bool = False
    means: Literal["tied", "free"] = "tied"
    covariance: Covariance = "identity"
    unknown_weights: bool = False
    iterations: int = 100
    no_factor: bool = False
    threads: int | None = None


def run(request: Request, tell: Tell) -> Simulation:
    """Simulate, and tell what takes long or could not be observed; InputError if request or data are malformed."""
    threads = processors() if request.threads is None else exact_integer(request.threads, "threads")
    if threads < 1:
        raise InputError(f"threads = {threads} is out of range: at least 1")
    iterations = exact_integer(request.iterations, "iterations")
    if iterations > MAX_ITERATIONS:
        raise InputError(f"iterations = {iterations} is out of range: 0 to {MAX_ITERATIONS}")
    variance = exact_number(request.variance, "variance")
    if variance > MAX_VARIANCE:
        raise InputError(f"variance {request.variance} is out of range: at most 1e100")
    law = parse_law(request.law, float(variance))
    if request.lloyd and request.radius is not None:
        raise InputError("lloyd finds the radius to start from: leave the radius out")
    model = Model(request.means == "tied", request.covariance, request.unknown_weights)
    case, data, seed = _load(request, law)
    _check_size(case, model, len(data), iterations)
    checked = make_sample(data, case.d)
    start = None
    if request.lloyd:
        start = lloyd_fit(case, data, exact_integer(request.seed, "seed"))
        case = case.at_radius(Fraction(f"{start.radius:.10g}"))
        checked = make_sample(turned(data, start.turn.T), case.d)
    started = time.perf_counter()
    trajectory = em_from(case, model, checked)(iterations, None, threads)
    seconds = time.perf_counter() - started
    if seconds > _LONG and not request.no_factor:
        tell(
            f"{iterations} steps took {seconds:.0f} s; the observed factor takes eleven runs of at most "
            f"{max(iterations, _FACTOR_ITERATIONS)} more, none without it (no-factor)"
        )
    observed = None
    if not request.no_factor:
        try:
            observed = jackknife_contraction(case, checked, max(iterations, _FACTOR_ITERATIONS), threads, model)
        except (CannotAnswerError, InputError) as error:
            tell(f"no observed factor: {error}")
    weights = None
    if isinstance(trajectory, MixtureTrajectory) and model.free_weights:
        weights = np.exp(trajectory.last.log_weights)
    return Simulation(
        case,
        model,
        checked.n,
        seed,
        trajectory,
        observed,
        predicted_factor(case, law, model, weights, None if start is None else start.turn),
        start,
        request.law,
        variance,
    )


def _check_size(case: Case, model: Model, n: int, iterations: int) -> None:
    """Refuse too few rows, and more numbers in a trajectory than can be kept."""
    k, d = case.k, case.d
    rows = d + 1 if model.tied else d + k
    require_rows(n, d, rows)
    numbers = (iterations + 1) * (d if model == TIED else k * d + d * d + k)
    if numbers > MAX_NUMBERS:
        raise InputError(f"iterations = {iterations} is out of range: the trajectory would have {numbers:.1e} numbers")


def _load(request: Request, law: Law) -> tuple[Case, FloatArray, int | None]:
    """Return the case, the data, and the seed if they were drawn."""
    k, weights, d, data, save = request.k, request.weights, request.d, request.data, request.save_data
    if (request.n is None) == (data is None):
        raise InputError("give either n (with a seed) or data: a number of points to draw, or the points")
    if save is not None and save.suffix != ".npy":
        raise InputError(f"save_data {save}: points are written as .npy")
    start, dtype = 1 if request.radius is None else request.radius, "float32" if request.float32 else "float64"
    if data is None:
        case, seed = make_case(k, weights, d, start), exact_integer(request.seed, "seed")
        return case, sample(law, exact_integer(request.n, "n"), case.d, seed, save, dtype), seed
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
