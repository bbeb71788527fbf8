"""`emtheory.simulate`: floating-point EM on a sample, beside what the theory predicts."""

import os
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal
from warnings import warn

import numpy as np

from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number
from emtheory.numerics.errors import CannotAnswerError, InputError, require_packages
from emtheory.numerics.processes import processors
from emtheory.numerics.samples.data_files import turned
from emtheory.numerics.samples.distributions import parse_law
from emtheory.numerics.samples.lloyd_init import lloyd_fit
from emtheory.numerics.samples.mixture_em import Covariance, Model, em_from
from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.observed_contraction import jackknife_contraction
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.simulate.setting import check_size, loaded, predicted_factor
from emtheory.reports.simulate.simulation import Simulation, write_files
from emtheory.reports.text_file import make_folder

MAX_ITERATIONS = 1_000_000
"""A choice: each step is a row of the table and of the document, whatever the size of the sample."""
MAX_VARIANCE = 10**100
"""In double precision."""
_FACTOR_ITERATIONS = 300
"""The factor is observed over at least so many steps: the first few of a short run show another."""
_LONG = 5.0
"""Seconds of a run after which people are told what else is to come."""
_CALLER = 2
"""Levels of the stack up to the line that calls the verb: there people are warned."""


def simulate(
    k: int,
    weights: str | Sequence[Exact],
    *,
    d: int | None = None,
    n: int | None = None,
    seed: int = 0,
    law: str = "gaussian",
    variance: Exact = 1,
    data: File | FloatArray | None = None,
    save_data: File | None = None,
    float32: bool = False,
    radius: Exact | None = None,
    lloyd: bool = False,
    means: Literal["tied", "free"] = "tied",
    covariance: Covariance = "identity",
    unknown_weights: bool = False,
    iterations: int = 100,
    no_factor: bool = False,
    threads: int | None = None,
    out: File | None = None,
    progress: Callable[[str], None] | None = None,
) -> Simulation:
    """Run floating-point EM on a sample, as ``emtheory simulate`` does.

    Parameters
    ----------
    k, weights, d
        The exact mixture, as for `emtheory.evaluate`; with data, d is the number of columns.
    n, seed
        How many points to draw, and the seed of the draws.
    law, variance
        What they are drawn from: ``gaussian``, ``student:5``, ``laplace``, ``ball``, ``clusters:2`` or
        ``anisotropic:4``, with E‖X‖²/d = variance, an exact number.
    data
        The points instead: an n × d array of floats, or a .npy, .csv or .parquet file.
    save_data
        A .npy file that the points are written to.
    float32
        Whether to compute in single precision.
    radius
        Start at radius·v_0; an exact number, 1 by default.
    lloyd
        Whether to start at the simplex nearest to k-means instead.
    means
        ``tied``, an orbit of θ, or ``free``.
    covariance
        ``identity``, an unknown multiple of it (``isotropic``), or unknown (``full``).
    unknown_weights
        Whether the weights are fitted too.
    iterations
        Steps of EM, 0 to 1 000 000.
    no_factor
        Whether to do without the observed factor, which takes eleven more runs.
    threads
        Threads, by default one a core; the result does not depend on it.
    out
        Folder that table, document and plot are written to.
    progress
        Is told, in lines, what takes long or could not be observed; by default it is a warning.

    Returns
    -------
    Simulation
        The iterates, and the observed factor beside the predicted one.

    Raises
    ------
    InputError
        If the request or the data are malformed, or a number is not exact.
    OSError
        If a file cannot be read or written.

    Examples
    --------
    >>> import emtheory
    >>> run = emtheory.simulate(3, "one-heavy:3/5", n=1000, seed=1, iterations=10, no_factor=True)
    >>> run.n, len(run.trajectory.kl), run.predicted
    (1000, 11, 0.84)
    """
    folder = given.optional_file(out, "out")
    tell = partial(warn, stacklevel=_CALLER) if progress is None else given.progress(progress)
    given.flag(no_factor, "no_factor")
    if folder is not None:
        require_packages("the figure", "matplotlib")
        make_folder(folder)
    cores = processors() if threads is None else exact_integer(threads, "threads")
    if cores < 1:
        raise InputError(f"threads = {cores} is out of range: at least 1")
    steps = exact_integer(iterations, "iterations")
    if steps > MAX_ITERATIONS:
        raise InputError(f"iterations = {steps} is out of range: 0 to {MAX_ITERATIONS}")
    moment = exact_number(variance, "variance")
    if moment > MAX_VARIANCE:
        raise InputError(f"variance {variance} is out of range: at most 1e100")
    known = parse_law(given.text(law, "law"), float(moment))
    if given.flag(lloyd, "lloyd") and radius is not None:
        raise InputError("lloyd finds the radius to start from: leave the radius out")
    covariances: tuple[Covariance, ...] = ("identity", "isotropic", "full")
    model = Model(
        given.choice(means, "means", ("tied", "free")) == "tied",
        given.choice(covariance, "covariance", covariances),
        given.flag(unknown_weights, "unknown_weights"),
    )
    case, points, drawn = loaded(
        k,
        weights,
        d,
        known,
        n=n,
        seed=seed,
        data=given.file(data, "data") if isinstance(data, str | os.PathLike) else data,
        save=given.optional_file(save_data, "save_data"),
        start=1 if radius is None else radius,
        dtype="float32" if given.flag(float32, "float32") else "float64",
    )
    check_size(case, model, len(points), steps)
    checked = make_sample(points, case.d)
    start = None
    if lloyd:
        start = lloyd_fit(case, points, exact_integer(seed, "seed"))
        case = case.at_radius(Fraction(f"{start.radius:.10g}"))
        checked = make_sample(turned(points, start.turn.T), case.d)
    started = time.perf_counter()
    trajectory = em_from(case, model, checked)(steps, None, cores)
    seconds = time.perf_counter() - started
    if seconds > _LONG and not no_factor:
        tell(
            f"{steps} steps took {seconds:.0f} s; the observed factor takes eleven runs of at most "
            f"{max(steps, _FACTOR_ITERATIONS)} more, none without it (no-factor)"
        )
    observed = None
    if not no_factor:
        try:
            observed = jackknife_contraction(case, checked, max(steps, _FACTOR_ITERATIONS), cores, model)
        except (CannotAnswerError, InputError) as error:
            tell(f"no observed factor: {error}")
    fitted = None
    if isinstance(trajectory, MixtureTrajectory) and model.free_weights:
        fitted = np.exp(trajectory.last.log_weights)
    simulation = Simulation(
        case,
        model,
        checked.n,
        drawn,
        trajectory,
        observed,
        predicted_factor(case, known, model, fitted, None if start is None else start.turn),
        start,
        law,
        moment,
    )
    if folder is not None:
        write_files(simulation, folder)
    return simulation
