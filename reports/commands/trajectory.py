"""`emtheory trajectory`: the iterates of population EM."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.level import Level
from emtheory.reports.api.trajectory import MAX_STEPS, Trajectory, trajectory
from emtheory.reports.charts.draw import draw
from emtheory.reports.charts.files import check_plot
from emtheory.reports.exit_code import ExitCode

if TYPE_CHECKING:
    from emtheory.reports.charts.chart import Chart


def run(
    case: Mapping[str, Any], steps: int | None, until_kl: str | None, digits: int, *, plot: Path | None, as_json: bool
) -> ExitCode:
    """Iterate, print, and return the exit status: INCONCLUSIVE, with a message, if KL is not reached."""
    check_plot(plot)
    found = trajectory(
        **case, steps=steps, until_kl=until_kl, digits=digits, progress=lambda line: click.echo(line, err=True)
    )
    draw(lambda: _chart(found), plot)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    if found.reached:
        return ExitCode.OK
    click.echo(f"emtheory: {_missed(found, until_kl)}", err=True)
    return ExitCode.INCONCLUSIVE


def _missed(found: Trajectory, until_kl: str | None) -> str:
    if not found.too_few:
        return f"KL is still above {until_kl} after {len(found) - 1} steps"
    known = "that is proved" if found.level == str(Level.CERTIFIED) else f"that is {found.level}, not proved"
    return (
        f"KL is still above {until_kl} after {_rounded(found.too_few)} steps, more than the {MAX_STEPS:,} that are "
        f"followed; {known}, by bounds of the factors from step {len(found) - 1} on; --steps N shows N of them"
    )


def _rounded(steps: int) -> str:
    """A lower bound in few digits."""
    return f"{int(decimal_text(Fraction(steps), 2, 'down')):,}"


def _chart(found: Trajectory) -> "Chart":
    from emtheory.reports.charts.trajectory import trajectory_chart  # noqa: PLC0415 (what draws takes a while to load)

    return trajectory_chart(found.case, found.iterates, found.level)
