"""`emtheory.simulate`: floating-point EM on a sample, beside what the theory predicts."""

import os
from collections.abc import Sequence
from typing import Literal
from warnings import warn

from emtheory.numerics.arithmetic.rational import Exact
from emtheory.numerics.samples.mixture_em import Covariance
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.simulate.run import Request, run
from emtheory.reports.simulate.simulation import Simulation, make_folder, write_files

_CALLER = 4
"""Levels of the stack up to the line that calls the verb, by way of the run that tells: there people are warned."""


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
    request = Request(
        k=k,
        weights=weights,
        d=d,
        n=n,
        seed=seed,
        law=given.text(law, "law"),
        variance=variance,
        data=given.file(data, "data") if isinstance(data, str | os.PathLike) else data,
        save_data=given.optional_file(save_data, "save_data"),
        float32=given.flag(float32, "float32"),
        radius=radius,
        lloyd=given.flag(lloyd, "lloyd"),
        means=given.choice(means, "means", ("tied", "free")),
        covariance=given.choice(covariance, "covariance", ("identity", "isotropic", "full")),
        unknown_weights=given.flag(unknown_weights, "unknown_weights"),
        iterations=iterations,
        no_factor=given.flag(no_factor, "no_factor"),
        threads=threads,
    )
    if folder is not None:
        make_folder(folder)
    simulation = run(request, lambda line: warn(line, stacklevel=_CALLER))
    if folder is not None:
        write_files(simulation, folder)
    return simulation
