"""`emtheory simulate`: floating-point EM on a sample, beside what the theory predicts."""

import json
import os
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import numpy as np

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.samples.data_files import read_data, replaced, turned
from emtheory.numerics.samples.distributions import Law, parse_law, sample
from emtheory.numerics.samples.lloyd_init import lloyd_fit
from emtheory.numerics.samples.mixture_em import TIED, Model, em_from
from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.observed_contraction import ObservedFactor, jackknife_contraction
from emtheory.numerics.samples.sample_em import Sample, make_sample
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.atomic import write_atomically
from emtheory.reports.render.panels import panel_figure
from emtheory.reports.simulate.prediction import predicted_factor
from emtheory.reports.simulate.simulation import Simulation, csv_text, document, panel, table, text

MAX_ITERATIONS = 1_000_000
MAX_NUMBERS = 50_000_000
"""The whole trajectory is kept."""

MAX_VARIANCE = 10**100
"""In double precision."""

_FACTOR_ITERATIONS = 300
"""The factor is observed over at least so many steps: the first few of a short run show another."""


_LONG = 5.0
"""Seconds of a run after which people are told what else is to come."""


def run(options: Mapping[str, Any], out: Path | None, *, as_json: bool) -> int:
    """Simulate and print; InputError if the request or the data are malformed.

    Parameters
    ----------
    options
        The values of the command's options by name.
    out
        Folder for table, document and plot, or None.
    as_json
        Whether to print the document rather than a table.
    """
    if options["k"] is None or options["weights"] is None:
        raise InputError("give --k and --weights, or --experiment NAME")
    threads = (os.cpu_count() or 1) if options["threads"] is None else options["threads"]
    if threads < 1:
        raise InputError(f"threads = {threads} is out of range: at least 1")
    iterations, variance = options["iterations"], parse_rational(options["variance"], "variance")
    if iterations > MAX_ITERATIONS:
        raise InputError(f"iterations = {iterations} is out of range: 0 to {MAX_ITERATIONS}")
    if variance > MAX_VARIANCE:
        raise InputError(f"variance {options['variance']} is out of range: at most 1e100")
    law = parse_law(options["law"], float(variance))
    start_given = click.get_current_context().get_parameter_source("radius") is click.core.ParameterSource.COMMANDLINE
    if options["lloyd"] and start_given:
        raise InputError("--lloyd finds the radius to start from: leave --radius out")
    model = Model(options["means"] == "tied", options["covariance"], options["unknown_weights"])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    case, data, seed = _load(options, law)
    _check_size(case, model, len(data), iterations)
    checked = make_sample(data, case.d)
    start = None
    if options["lloyd"]:
        start = lloyd_fit(case, data, options["seed"])
        case = case.at_radius(Fraction(f"{start.radius:.10g}"))
        checked = make_sample(turned(data, start.turn.T), case.d)
    started = time.perf_counter()
    trajectory = em_from(case, model, checked)(iterations, None, threads)
    seconds = time.perf_counter() - started
    if seconds > _LONG and not options["no_factor"]:
        click.echo(
            f"{iterations} steps took {seconds:.0f} s; the observed factor takes eleven runs of at most "
            f"{max(iterations, _FACTOR_ITERATIONS)} more, --no-factor none",
            err=True,
        )
    weights = None
    if isinstance(trajectory, MixtureTrajectory) and model.free_weights:
        weights = np.exp(trajectory.last.log_weights)
    simulation = Simulation(
        case,
        model,
        checked.n,
        seed,
        trajectory,
        None if options["no_factor"] else _observed(case, model, checked, iterations, threads),
        predicted_factor(case, law, model, weights, None if start is None else start.turn),
        start,
        options["law"],
        variance,
    )
    found = json.dumps(document(simulation), indent=2, allow_nan=False)
    if out is not None:
        write_atomically(out / "trajectory.csv", csv_text(table(simulation)))
        write_atomically(out / "trajectory.json", found + "\n")
        write_atomically(out / "trajectory.svg", panel_figure([panel(simulation)], "trajectory"))
    click.echo(found if as_json else text(simulation))
    return 0


def _observed(case: Case, model: Model, checked: Sample, iterations: int, threads: int) -> ObservedFactor | None:
    try:
        return jackknife_contraction(case, checked, max(iterations, _FACTOR_ITERATIONS), threads, model)
    except (CannotAnswerError, InputError) as error:
        click.echo(f"no observed factor: {error}", err=True)
        return None


def _check_size(case: Case, model: Model, n: int, iterations: int) -> None:
    """Refuse too few rows, and more numbers in a trajectory than can be kept."""
    k, d = case.k, case.d
    rows = d + 1 if model.tied else d + k
    if n < rows:
        raise InputError(f"the data have {n} rows; EM in d = {d} dimensions needs at least {rows}")
    numbers = (iterations + 1) * (d if model == TIED else k * d + d * d + k)
    if numbers > MAX_NUMBERS:
        raise InputError(f"iterations = {iterations} is out of range: the trajectory would have {numbers:.1e} numbers")


def _load(options: Mapping[str, Any], law: Law) -> tuple[Case, FloatArray, int | None]:
    """Return the case, the data, and the seed if they were drawn."""
    k, weights, d, n, path, save = (options[name] for name in ("k", "weights", "d", "n", "data", "save_data"))
    if (n is None) == (path is None):
        raise InputError("give either --n N (with --seed S) or --data FILE")
    if save is not None and save.suffix != ".npy":
        raise InputError(f"--save-data {save}: points are written as .npy")
    start, dtype = parse_rational(options["radius"], "radius"), "float32" if options["float32"] else "float64"
    if path is None:
        case = make_case(k, weights, d, start)
        return case, sample(law, n, case.d, options["seed"], save, dtype), options["seed"]
    if save is not None and save.exists() and save.samefile(path):
        raise InputError(f"--save-data {save} would overwrite the data that it is written from")
    data = read_data(path, dtype)
    case = make_case(k, weights, _columns(path, data, k, d), start)
    if save is not None:
        with replaced(save) as temporary, temporary.open("wb") as file:
            np.save(file, data)
    return case, data, None


def _columns(path: Path, data: FloatArray, k: int, d: int | None) -> int:
    """Return the dimension of data from a file, checked against k and d."""
    columns: int = data.shape[1]
    if d is not None and d != columns:
        raise InputError(f"{path} has {columns} columns, but d = {d}")
    if columns < k - 1:
        raise InputError(f"{path} has {columns} columns: a regular simplex with k = {k} vertices needs d ≥ {k - 1}")
    return columns
