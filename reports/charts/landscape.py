"""Landscapes of best constants as files."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from emtheory.numerics.errors import InputError
from emtheory.reports.atomic import write_atomically
from emtheory.reports.charts.files import data_file
from emtheory.reports.landscape import HEIGHT, STEPS, DrawnLandscape, draw_landscape, landscape_data, landscape_parts
from emtheory.reports.render.plots import figure_file, stacked, style
from emtheory.reports.sharpening.sharpen import Sharpened


def drawn_landscapes(results: Sequence[Sharpened], steps: int = STEPS) -> tuple[list[DrawnLandscape], list[str]]:
    """Return the landscapes that can be drawn, and of the others why not; InputError if there is nothing to draw."""
    made = {found.claim.id: draw_landscape(found, steps) for found in results}
    drawn = [each for each in made.values() if each is not None]
    why = "not drawn: a landscape has one k and one or two variables"
    remarks = [f"{name}: {why}" for name, each in made.items() if each is None]
    if not drawn:
        raise InputError(f"there is nothing to draw: {'; '.join(remarks)}")
    return drawn, remarks


def write_landscapes(results: Sequence[Sharpened], path: Path, steps: int = STEPS) -> list[str]:
    """Write a panel for each claim in one or two variables, and the data; return what there is to tell, in lines.

    InputError if there is nothing to draw; OSError if a file cannot be written.
    """
    drawn, remarks = drawn_landscapes(results, steps)
    with mpl.rc_context(style("landscape")):
        write_atomically(path, figure_file(stacked(landscape_parts(drawn), HEIGHT), path.suffix))
    write_atomically(data_file(path), landscape_data(drawn))
    return [*remarks, f"wrote {path} and its data, {data_file(path)}"]
