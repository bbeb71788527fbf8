"""The files of a run of EM: table, document and figure."""

import json
from pathlib import Path

from emtheory.numerics.errors import require_packages
from emtheory.reports.atomic import write_atomically
from emtheory.reports.simulate.simulation import Simulation, csv_text, panel, table


def make_folder(folder: Path) -> None:
    """Make the folder for files before anything is computed; InputError if what draws is not installed."""
    require_packages("the figure", "matplotlib")
    folder.mkdir(parents=True, exist_ok=True)


def write_files(simulation: Simulation, folder: Path) -> None:
    """Write a run to a folder that exists; OSError if that cannot be done."""
    found = json.dumps(simulation.as_json(), indent=2, allow_nan=False)
    write_atomically(folder / "trajectory.csv", csv_text(table(simulation)))
    write_atomically(folder / "trajectory.json", found + "\n")
    from emtheory.reports.render.plots import panel_figure  # noqa: PLC0415 (what draws is an extra)

    write_atomically(folder / "trajectory.svg", panel_figure([panel(simulation)], "trajectory"))
