"""`emtheory simulate`: floating-point EM on a sample, beside what the theory predicts."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from numerics.case import Case, make_case
from numerics.contraction import CONFIDENCE, ObservedFactor, jackknife_contraction
from numerics.data_files import read_data
from numerics.errors import CannotAnswerError, InputError
from numerics.laws import Law, parse_law, sample
from numerics.origin_jacobian import predicted_factor
from numerics.rational import parse_rational
from numerics.sample_em import make_sample, sample_em
from numerics.simplex import FloatArray, distance_from_simplex, vertices
from numerics.tied_em import Trajectory
from reports.atomic import write_atomically
from reports.panels import Curve, Panel, panel_figure

_SHOWN_ROWS = 21
MAX_ITERATIONS = 1_000_000
"""The whole trajectory is kept."""

MAX_VARIANCE = 10**100
"""In double precision."""

_FACTOR_ITERATIONS = 300
"""The factor is observed over at least so many steps: the first few of a short run show another."""


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
    case, data, seed = _load(options, law)
    if len(data) <= case.d:
        raise InputError(f"the data have {len(data)} rows; EM in d = {case.d} dimensions needs at least {case.d + 1}")
    checked = make_sample(data, case.d)
    trajectory = sample_em(case, checked, iterations, tolerance=None, threads=threads)
    try:
        observed = jackknife_contraction(case, checked, max(iterations, _FACTOR_ITERATIONS), threads)
    except (CannotAnswerError, InputError) as error:
        click.echo(f"no observed factor: {error}", err=True)
        observed = None
    document = _document(case, checked.n, seed, trajectory, observed, predicted_factor(case, law))
    if out is not None:
        _write(out, case, trajectory, document)
    click.echo(json.dumps(document, indent=2) if as_json else _text(case, trajectory, document))
    return 0


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
        np.save(save, data)
    return case, data, None


def _columns(path: Path, data: FloatArray, k: int, d: int | None) -> int:
    """Return the dimension of data from a file, checked against k and d."""
    columns: int = data.shape[1]
    if d is not None and d != columns:
        raise InputError(f"{path} has {columns} columns, but d = {d}")
    if columns < k - 1:
        raise InputError(f"{path} has {columns} columns: a regular simplex with k = {k} vertices needs d ≥ {k - 1}")
    return columns


def _document(
    case: Case,
    n: int,
    seed: int | None,
    trajectory: Trajectory,
    observed: ObservedFactor | None,
    predicted: float | None,
) -> dict[str, object]:
    steps = zip(
        trajectory.thetas,
        trajectory.radii,
        trajectory.amplitudes,
        trajectory.mean_log_likelihood,
        trajectory.kl,
        strict=True,
    )
    return {
        "schema": 1,
        "case": case.as_json(),
        "n": n,
        "d": case.d,
        "seed": seed,
        "vertices": vertices(case.k, case.d).tolist(),
        "trajectory": [
            {
                "iteration": iteration,
                "theta": theta.tolist(),
                "radius": float(radius),
                "amplitudes": amplitudes.tolist(),
                "log_likelihood": float(log_likelihood),
                "kl_estimate": float(kl),
            }
            for iteration, (theta, radius, amplitudes, log_likelihood, kl) in enumerate(steps)
        ],
        "observed_factor": {
            "value": observed.value if observed else None,
            "low": observed.low if observed else None,
            "high": observed.high if observed else None,
        },
        "predicted_factor": predicted,
    }


def _table(case: Case, trajectory: Trajectory) -> Iterator[list[float]]:
    """Yield a row for each iterate: t, ‖θ‖, factor, gradient norm, distance from the simplex, KL, ℓ, ρ_1.."""
    distances = distance_from_simplex(trajectory.amplitudes, case.k)
    likelihoods, radii = trajectory.mean_log_likelihood, trajectory.radii
    # The gradient at θ_t is θ_t − θ_{t+1}, not known at the last iterate. The factor is that of the gradient's norm,
    # for EM tends to a point θ̂ ≠ 0 on a sample, and ‖θ_{t+1}‖/‖θ_t‖ to 1.
    gradients = np.append(trajectory.increments, np.nan)
    factors = np.append(gradients[1:] / gradients[:-1], np.nan)
    for t in range(len(radii)):
        numbers = (radii[t], factors[t], gradients[t], distances[t], trajectory.kl[t], likelihoods[t])
        yield [t, *map(float, numbers), *map(float, trajectory.amplitudes[t])]


_COLUMNS = ("iteration", "radius", "factor", "gradient_norm", "simplex_distance", "kl_estimate", "log_likelihood")


def _write(out: Path, case: Case, trajectory: Trajectory, document: Mapping[str, object]) -> None:
    """Write the trajectory as table, plot and document into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    header = [*_COLUMNS, *(f"amplitude_{m}" for m in case.frequencies)]
    rows = [[f"{value:.17g}" for value in row] for row in _table(case, trajectory)]
    write_atomically(out / "trajectory.csv", "".join(",".join(row) + "\n" for row in [header, *rows]))
    write_atomically(out / "trajectory.json", json.dumps(document, indent=2) + "\n")
    write_atomically(out / "trajectory.svg", panel_figure([_panel(trajectory, document)], "trajectory"))


def _panel(trajectory: Trajectory, document: Mapping[str, object]) -> Panel:
    increments = trajectory.increments
    steps, moving = np.arange(len(increments), dtype=float), increments > 0
    curves = [Curve("observed", steps[moving], increments[moving])]
    predicted = document["predicted_factor"]
    if isinstance(predicted, float) and moving.any():
        last = steps[moving][-1]
        curves.append(
            Curve(
                "predicted slope", steps, increments[moving][-1] * predicted ** (steps - last), predicted=True, colour=1
            )
        )
    return Panel("EM on the sample", "iteration t", "length of the step", tuple(curves), ("linear", "log"))


def _text(case: Case, trajectory: Trajectory, document: Mapping[str, object]) -> str:
    rows = list(_table(case, trajectory))
    chosen = sorted({round(t) for t in np.linspace(0, len(rows) - 1, min(len(rows), _SHOWN_ROWS))})
    lines = [f"{'t':>5} {'radius':>10} {'factor':>9} {'gradient':>10} {'off simplex':>11} {'KL estimate':>12}"]
    for t in chosen:
        _, radius, factor, gradient, distance, kl, *_ = rows[t]
        lines.append(f"{t:>5} {radius:>10.4g} {factor:>9.5f} {gradient:>10.3g} {distance:>11.3g} {kl:>12.4g}")
    observed, predicted = document["observed_factor"], document["predicted_factor"]
    if isinstance(observed, dict) and observed["value"] is not None:
        low, high = (f"{observed[end]:.6g}" for end in ("low", "high"))
        lines.append(f"observed factor   {observed['value']:.6g}  [{low}, {high}] ({CONFIDENCE:.0%}, jackknife)")
    else:
        lines.append("observed factor   none: too few steps or rows")
    lines.append(
        f"predicted factor  {predicted:.6g}"
        if isinstance(predicted, float)
        else "predicted factor  none: the origin does not attract under this law"
    )
    return "\n".join(lines)
