"""What a run of EM on a sample shows: document, table, figure and text of `emtheory simulate`, and its files."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.lloyd_init import LloydFit
from emtheory.numerics.samples.mixture_em import Model
from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.observed_contraction import CONFIDENCE, ObservedFactor
from emtheory.numerics.samples.simplex import FloatArray, distance_from_simplex, vertices
from emtheory.numerics.samples.tied_em import Trajectory
from emtheory.reports.notebook import dataframe, html_line, html_table
from emtheory.reports.render.panels import Curve, Panel
from emtheory.reports.text_file import write_atomically

_SHOWN_ROWS = 21
"""Iterates in the text, evenly spaced with the first and the last: a row every five steps of the usual hundred. The
document has all."""
_SHOWN_WEIGHTS = 8
"""In the heading, which is one line; the document has all."""
_DISTANCES = frozenset({"orbit_distance", "simplex_distance"})
_ROUNDING = 1e-12
"""Distances below are shown as 0."""


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """One run of EM; it shows itself as text, and in a notebook as a table.

    `case`, `model`: the mixture with its starting point, and what of it is fitted; `n`, `seed`: number of points; the
    seed if they were drawn, else None; `trajectory`: the iterates: a `Trajectory` if θ alone is fitted; `observed`,
    `predicted`: the contraction factors, None where there is none; `lloyd`: where the run started, if at the simplex
    nearest to k-means; `law`, `variance`: of the data, for which the factor is predicted.
    """

    case: Case
    model: Model
    n: int
    seed: int | None
    trajectory: Trajectory | MixtureTrajectory
    observed: ObservedFactor | None
    predicted: float | None
    lloyd: LloydFit | None = None
    law: str = "gaussian"
    variance: Fraction = Fraction(1)

    @property
    def standard_normal(self) -> bool:
        """Whether the law of the data is N(0, I)."""
        return self.law == "gaussian" and self.variance == 1

    def as_json(self) -> dict[str, object]:
        """Return the run as in ``simulate --json``, in the coordinates of the data.

        Models with more than θ unknown, and other laws than N(0, I), have more keys, not others.
        """
        case, model, observed = self.case, self.model, self.observed
        more: dict[str, object] = {}
        if not self.standard_normal:
            more = {"law": self.law, "variance": str(self.variance)}
        if isinstance(self.trajectory, MixtureTrajectory):
            means, weights = ("tied" if model.tied else "free"), ("unknown" if model.free_weights else "known")
            more |= {"model": {"means": means, "covariance": model.covariance, "weights": weights}}
        return {
            "schema": 1,
            "case": case.as_json(),
            **more,
            "n": self.n,
            "d": case.d,
            "seed": self.seed,
            "vertices": (vertices(case.k, case.d) @ _turn(self)).tolist(),
            "trajectory": list(_steps(self.trajectory, _turn(self))),
            "observed_factor": {name: getattr(observed, name, None) for name in ("value", "low", "high")},
            "predicted_factor": self.predicted,
            **_lloyd(self),
        }

    def __repr__(self) -> str:
        return "\n".join([_heading(self), *map(" ".join, _table(self)), *_remarks(self)])

    def plot(self, axes: Any = None) -> Any:
        """Draw the lengths of the steps beside the predicted slope on axes of Matplotlib, and return these."""
        from emtheory.reports.render.plots import on_axes  # noqa: PLC0415 (an extra)

        return on_axes([panel(self)], axes)

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with a row for each iterate, in numbers; it needs pandas."""
        columns = table(self)
        return dataframe(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))

    def _repr_html_(self) -> str:
        header, *rows = ([cell.strip() for cell in row] for row in _table(self))
        remarks = "".join(map(html_line, _remarks(self)))
        return html_line(_heading(self)) + html_table(header, rows) + remarks


def _lloyd(simulation: Simulation) -> dict[str, dict[str, float]]:
    """Return how the centroids of k-means compare with Proposition 1, where a run started there."""
    fit = simulation.lloyd
    if fit is None:
        return {}
    expected = evaluate("lloyd_radius", replace(simulation.case, radius=None), {}, 12)
    return {
        "lloyd": {"radius": fit.radius, "gaussian_radius": float(expected.midpoint), "relative_distance": fit.distance}
    }


def _turn(simulation: Simulation) -> FloatArray:
    """Return the orthogonal matrix that takes rows in the coordinates of EM to those of the data."""
    return np.eye(simulation.case.d) if simulation.lloyd is None else simulation.lloyd.turn


def _steps(trajectory: Trajectory | MixtureTrajectory, turn: FloatArray) -> Iterator[dict[str, object]]:
    columns = {
        "theta": trajectory.thetas @ turn,
        "radius": trajectory.radii,
        "amplitudes": trajectory.amplitudes,
        "log_likelihood": trajectory.mean_log_likelihood,
        "kl_estimate": trajectory.kl,
    }
    if isinstance(trajectory, MixtureTrajectory):
        columns |= {
            "means": trajectory.means @ turn,
            "covariance": turn.T @ trajectory.covariances @ turn,
            "weights": np.exp(trajectory.log_weights),
            "orbit_distance": trajectory.orbit_distances,
            "simplex_distance": trajectory.simplex_distances,
        }
    for iteration in range(len(trajectory.kl)):
        yield {"iteration": iteration, **{name: values[iteration].tolist() for name, values in columns.items()}}


def table(simulation: Simulation) -> dict[str, FloatArray]:
    """Return the columns of the table, one number for each iterate.

    The gradient at θ_t is θ_t − θ_{t+1}, not known at the last iterate. The factor is that of the steps, for EM tends
    to a point θ̂ ≠ 0 on a sample, and ‖θ_{t+1}‖/‖θ_t‖ to 1.
    """
    trajectory, k = simulation.trajectory, simulation.case.k
    steps = np.append(trajectory.increments, np.nan)
    columns = {
        "iteration": np.arange(len(steps), dtype=float),
        "radius": trajectory.radii,
        "factor": np.append(_ratios(steps), np.nan),
    }
    if isinstance(trajectory, MixtureTrajectory):
        spread = np.linalg.eigvalsh(trajectory.covariances)
        columns |= {
            "step": steps,
            "orbit_distance": trajectory.orbit_distances,
            "simplex_distance": trajectory.simplex_distances,
            "smallest_variance": spread[:, 0],
            "largest_variance": spread[:, -1],
            **{f"weight_{j}": np.exp(column) for j, column in enumerate(trajectory.log_weights.T)},
        }
    else:
        columns |= {"gradient_norm": steps, "simplex_distance": distance_from_simplex(trajectory.amplitudes, k)}
    return columns | {
        "kl_estimate": trajectory.kl,
        "log_likelihood": trajectory.mean_log_likelihood,
        **{f"amplitude_{m}": column for m, column in enumerate(trajectory.amplitudes.T, start=1)},
    }


def _ratios(steps: FloatArray) -> FloatArray:
    """Return s_{t+1}/s_t, nan after a step of length zero."""
    ratios = np.full(len(steps) - 1, np.nan)
    np.divide(steps[1:], steps[:-1], out=ratios, where=steps[:-1] > 0)
    return ratios


def csv_text(columns: Mapping[str, FloatArray]) -> str:
    """Return a table as comma-separated text, 17 digits a number; what is not known is left empty."""
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    lines = (",".join("" if math.isnan(value) else f"{value:.17g}" for value in row) for row in rows)
    return "\n".join([",".join(columns), *lines]) + "\n"


def panel(simulation: Simulation) -> Panel:
    """Return the figure: lengths of the steps beside the predicted slope."""
    increments = simulation.trajectory.increments
    steps, moving = np.arange(len(increments), dtype=float), increments > 0
    curves = [Curve("observed", steps[moving], increments[moving])]
    if simulation.predicted is not None and moving.any():
        line = increments[moving][-1] * simulation.predicted ** (steps - steps[moving][-1])
        curves.append(Curve("predicted slope", steps, line, predicted=True, colour=1))
    return Panel("EM on the sample", "iteration t", "length of the step", tuple(curves), ("linear", "log"))


def _table(simulation: Simulation) -> Iterator[list[str]]:
    """Yield the header and some rows, in columns of equal width."""
    columns = table(simulation)
    for name in _DISTANCES & columns.keys():
        columns[name] = np.where(columns[name] < _ROUNDING, 0, columns[name])
    shown = {
        "iteration": ("t", 5, ".0f"),
        "radius": ("radius", 10, ".4g"),
        "factor": ("factor", 9, ".5f"),
        "gradient_norm": ("gradient", 10, ".3g"),
        "step": ("step", 10, ".3g"),
        "orbit_distance": ("off orbit", 11, ".3g"),
        "simplex_distance": ("off simplex", 11, ".3g"),
        "kl_estimate": ("KL estimate", 12, ".4g"),
    }
    present = {name: form for name, form in shown.items() if name in columns}
    rows = len(columns["iteration"])
    yield [f"{title:>{width}}" for title, width, _ in present.values()]
    for t in sorted({round(t) for t in np.linspace(0, rows - 1, min(rows, _SHOWN_ROWS))}):
        values = ((columns[name][t], width, form) for name, (_, width, form) in present.items())
        yield [f"{'–':>{width}}" if np.isnan(value) else f"{value:>{width}{form}}" for value, width, form in values]


def _remarks(simulation: Simulation) -> Iterator[str]:
    """Yield what is said below the table."""
    yield from _started(simulation)
    yield from _fitted(simulation)
    yield from _factors(simulation)


def _heading(simulation: Simulation) -> str:
    case, seed = simulation.case, simulation.seed
    shown = [f"{float(weight):.4g}" for weight in case.weights[:_SHOWN_WEIGHTS]]
    weights = ", ".join([*shown, "…"] if case.k > _SHOWN_WEIGHTS else shown)
    source = "from a file" if seed is None else f"drawn with seed {seed}"
    law = "" if simulation.standard_normal else f", law {simulation.law} with E‖X‖²/d = {simulation.variance}"
    return f"k = {case.k}, d = {case.d}, weights {weights}; {simulation.n} points {source}{law}"


def _started(simulation: Simulation) -> Iterator[str]:
    for start in _lloyd(simulation).values():
        yield (
            f"Lloyd's start     radius {start['radius']:.6g} (R₀ = {start['gaussian_radius']:.6g} for N(0, I)), "
            f"centroids off a simplex by {100 * start['relative_distance']:.3g} %"
        )


def _fitted(simulation: Simulation) -> Iterator[str]:
    """Yield the last values of what is fitted besides the means."""
    model, trajectory = simulation.model, simulation.trajectory
    if isinstance(trajectory, MixtureTrajectory):
        if model.free_weights:
            yield f"weights           {', '.join(f'{weight:.4g}' for weight in np.exp(trajectory.last.log_weights))}"
        if model.covariance != "identity":
            spread = np.linalg.eigvalsh(trajectory.last.covariance)
            yield f"covariance        eigenvalues {spread[0]:.6g} to {spread[-1]:.6g}"


def _factors(simulation: Simulation) -> Iterator[str]:
    observed, predicted = simulation.observed, simulation.predicted
    if observed is None:
        yield "observed factor   none"
    else:
        parts = f"jackknife over {len(observed.estimates)} parts of the data"
        interval = f"[{observed.low:.6g}, {observed.high:.6g}] ({CONFIDENCE:.0%}, {parts})"
        yield f"observed factor   {observed.value:.6g}  {interval}"
    if predicted is not None:
        yield f"predicted factor  {predicted:.6g}{': slower than geometric' if predicted == 1 else ''}"
    elif simulation.model.tied:
        yield "predicted factor  none: the origin repels under this law"
    else:
        yield "predicted factor  none: free means have the factor 1 at the origin, where EM is slower than geometric"


def write_files(simulation: Simulation, folder: Path) -> None:
    """Write a run to a folder that exists; OSError if that cannot be done."""
    found = json.dumps(simulation.as_json(), indent=2, allow_nan=False)
    write_atomically(folder / "trajectory.csv", csv_text(table(simulation)))
    write_atomically(folder / "trajectory.json", found + "\n")
    from emtheory.reports.render.plots import panel_figure  # noqa: PLC0415 (what draws is an extra)

    write_atomically(folder / "trajectory.svg", panel_figure([panel(simulation)], "trajectory"))
