"""The command line. Only options are here; a command's module is imported when it runs, so that help is instant."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.level import LEVELS
from emtheory.reports import completion
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.experiments import experiment_names
from emtheory.reports.failure import told
from emtheory.reports.options import (
    case_options,
    derive_options,
    file_path,
    json_option,
    route_option,
    source_option,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status (`ExitCode`); every failure is told in one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(program.main(arguments, prog_name="emtheory", standalone_mode=False) or ExitCode.OK)
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except Exception as error:
        return told(error)


class _QuietPipe(click.Group):
    """A group of commands that ends quietly when the reader of its output has gone."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still buffered has no reader; the interpreter would complain about it on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(ExitCode.BROKEN_PIPE) from None


@click.group(cls=_QuietPipe, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emtheory", message="%(prog)s %(version)s")
def program() -> None:
    """Check the theory of EM on overspecified Gaussian mixtures, from exact algebra to a verdict."""


@program.command()
@click.option("--out", type=file_path, default=Path("report"), show_default=True, help="Folder to write to.")
@click.option("--quick", is_flag=True, help="Leave out instances of proved statements, mutants, numbers and figures.")
@source_option
@click.option(
    "--select",
    multiple=True,
    metavar="ID",
    shell_complete=completion.statement,
    help="Only statements with this id, or like ab*, and what they rest on; without numbers and laws. Repeatable.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to use; one a processor if left out.")
@click.option("--cache", type=file_path, metavar="DIR", help="Folder for results of earlier runs.")
@click.option("--no-cache", is_flag=True, help="Compute everything anew, and keep nothing.")
@json_option
def report(no_cache: bool, **options: Any) -> int:
    """Check the catalogue and write the report: first the verdicts, then, in the same place, everything.

    Exit status: 0 all as expected; 1 something refuted against expectation; 2 bad input; 4 something inconclusive;
    5 no statement selected. With --json the report's document is printed as well.
    """
    from emtheory.reports.commands.report import run

    return run(use_cache=not no_cache, **options)


@program.command()
@click.argument("quantity", shell_complete=completion.quantity)
@case_options
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="An argument of the quantity.")
@click.option("--digits", type=int, default=30, show_default=True, help="Correct significant digits.")
@route_option
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds after which it is given up.")
@json_option
def evaluate(quantity: str, as_json: bool, **options: Any) -> int:
    """Evaluate a quantity (see `emtheory quantities`) on an exact case.

    Exit status: 0 an answer; 2 bad input; 4 no answer to so many digits, or in so much time.
    """
    from emtheory.reports.commands.evaluate import run

    settings, digits, route, timeout = (options.pop(name) for name in ("settings", "digits", "route", "timeout"))
    return run(quantity, options, settings, digits, route, timeout, as_json=as_json)


@program.command()
@case_options
@click.option("--steps", type=int, help="Iterations: 20, or with --until-kl as many as it takes, up to 20000.")
@click.option("--until-kl", metavar="EPS", help="Stop when KL is at most this.")
@click.option("--digits", type=int, default=6, show_default=True, help="Significant digits, 1 to 30.")
@json_option
def trajectory(steps: int | None, until_kl: str | None, digits: int, as_json: bool, **options: Any) -> int:
    """Iterate population EM: amplitudes, KL, PL ratio, distance from the simplex, factors.

    Exit status: 0 an answer; 2 bad input; 4 KL is not reached, or the error cannot be followed from this point.
    """
    from emtheory.reports.commands.trajectory import run

    return run(options, steps, until_kl, digits, as_json=as_json)


@program.command()
@click.argument("paths", nargs=-1, required=True, type=file_path, metavar="FILES…")
@click.option("--select", multiple=True, metavar="ID", help="Check only claims with this id, or like ab*, repeatable.")
@click.option("--deselect", multiple=True, metavar="ID", help="Leave out claims with this id, or like ab*, repeatable.")
@click.option("--explain", metavar="ID", help="Check one claim and tell how the verdict came about.")
@click.option("--require", type=click.Choice(LEVELS), help="The weakest evidence that counts.")
@click.option("--allow-inconclusive", is_flag=True, help="Do not fail because of a claim that could not be decided.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds after which a claim is given up.")
@click.option("--digits-max", type=click.IntRange(1, 2000), help="Digits up to which a quantity is refined  [120].")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to use.")
@click.option("--junit", type=file_path, help="Write a JUnit XML file too.")
@click.option(
    "--certificates", type=file_path, metavar="DIR", help="Write a certificate of each verdict to this folder."
)
@click.option("--lock", type=file_path, help="Record verdicts and enclosures in this file.")
@click.option("--frozen", is_flag=True, help="Fail if anything has drifted from the --lock file; do not write it.")
@click.option("--cache", type=file_path, metavar="DIR", help="Folder for verdicts of earlier runs.")
@click.option("--no-cache", is_flag=True, help="Decide every claim anew, and keep nothing.")
@json_option
def check(no_cache: bool, **options: Any) -> int:
    """Check the claims of TOML files, and of the *claims.toml in folders.

    Exit status: 0 all as expected; 1 something refuted, or drifted; 2 bad input; 4 inconclusive, or weaker than
    --require; 5 no claim selected.
    """
    from emtheory.reports.commands.check import Request, run

    return run(Request(use_cache=not no_cache, **options))


@program.command()
@click.argument("path", type=file_path, metavar="FILE")
@click.option(
    "--select", multiple=True, metavar="ID", help="Sharpen only claims with this id, or like ab*, repeatable."
)
@click.option("--digits", type=click.IntRange(1, 12), default=6, show_default=True, help="Digits of the constant.")
@click.option("--out", type=file_path, metavar="DIR", help="Write certificates of both sides to this folder.")
@json_option
def sharpen(path: Path, select: tuple[str, ...], digits: int, out: Path | None, as_json: bool) -> int:
    """Find the best constant with which claims hold: those with sharpen = { constant, side, between }.

    Exit status: 0 all found; 1 one fails with every constant; 2 bad input; 4 not decided; 5 no claim with a constant.
    """
    from emtheory.reports.commands.sharpen import run

    return run(path, select, digits, out, as_json=as_json)


@program.command()
@click.argument("folder", default=".", type=file_path)
@click.option("--ci", type=click.Choice(("github", "gitlab")), default="github", show_default=True, help="CI system.")
def init(folder: Path, ci: str) -> int:
    """Write a starter claims file and a CI job into a folder; files that exist are not touched."""
    from emtheory.reports.commands.init import run

    return run(folder, ci)


@program.command()
@click.argument("statement", required=False, shell_complete=completion.derivation)
@derive_options
@json_option
def derive(
    statement: str | None,
    k: int | None,
    general: bool,
    form: str,
    mutants: bool,
    sample: int | None,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Print the symbolic derivation of a statement, each step checked.

    STATEMENT is the name of a derivation, or the id of a statement of the catalogue that rests on one; without it the
    derivations are listed.

    With --mutants the exit status is 1 if too few changes are noticed or one that is not has no explanation.
    """
    if mutants:
        from emtheory.reports.commands.derivation_mutants import run as run_mutants

        return run_mutants(statement, sample, sample and 5 * sample, jobs, as_json)
    from emtheory.reports.commands.derive import list_statements, run

    if statement is None:
        return list_statements(as_json)
    return run(statement, k, general, "json" if as_json else form)


@program.command()
@click.option("--k", required=True, metavar="K,…", help="Numbers of components: 2,3,5:64:log, 2:10 or 2:20:3.")
@click.option(
    "--weights",
    required=True,
    multiple=True,
    metavar="FAMILY,…",
    help="Families such as uniform,one-heavy:3/5, or a list of weights, 1/2,3/10,1/5 or 1/2;3/10;1/5. Repeatable.",
)
@click.option(
    "--quantity",
    "quantities",
    required=True,
    multiple=True,
    metavar="Q",
    shell_complete=completion.quantity,
    help="posterior_power(m=1), …",
)
@click.option("--radius", metavar="R,…", help="Radii of the simplex: 1/2,1,2 or 0:5:1/2.")
@click.option("--d", metavar="D,…", help="Dimensions, each at least k−1 (the default) for every k.")
@click.option("--digits", type=int, default=15, show_default=True, help="Correct significant digits.")
@route_option
@click.option("--store", type=file_path, help="Keep results in this SQLite file, and resume from it.")
@click.option("--csv", type=file_path, help="Write the table as CSV.")
@click.option("--parquet", type=file_path, help="Write the table as Parquet.")
@click.option("--plot", type=file_path, help="Draw the table as SVG.")
@click.option("--jobs", type=int, help="Processes; all processors if left out.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Give a cell up after this time.")
@click.option("--retry", is_flag=True, help="Compute cells again that the store has as failed.")
@click.option("--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster of this scheduler instead.")
@json_option
def sweep(csv: Path | None, parquet: Path | None, plot: Path | None, **options: Any) -> int:
    """Compute quantities over a grid of cases.

    Exit status: 0 all cells have an answer; 2 bad input; 4 some have none.
    """
    from emtheory.reports.commands.sweep import run

    return run(files={"csv": csv, "parquet": parquet, "plot": plot}, **options)


@program.command()
@click.option("--k", type=int, help="Number of components.")
@click.option("--weights", metavar="W", help="Exact weights 1/2,3/10,1/5 or a family such as linear.")
@click.option("--d", type=int, help="Dimension, at least k−1 (the default; with --data the number of columns).")
@click.option("--n", type=int, help="Draw this many points.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws.")
@click.option(
    "--law",
    default="gaussian",
    show_default=True,
    help="gaussian, student:5, laplace, ball, clusters:2 or anisotropic:4.",
)
@click.option("--variance", default="1", show_default=True, help="E‖X‖²/d of the law.")
@click.option("--data", type=file_path, help="Read the points from a .npy, .csv or .parquet file.")
@click.option("--save-data", type=file_path, help="Write the points to this .npy file.")
@click.option("--float32", is_flag=True, help="Compute in single precision.")
@click.option("--radius", default="1", show_default=True, metavar="R", help="Start at R·v_0.")
@click.option("--lloyd", is_flag=True, help="Start at the simplex nearest to k-means instead.")
@click.option(
    "--means",
    type=click.Choice(("tied", "free")),
    default="tied",
    show_default=True,
    help="An orbit of θ, or one by one.",
)
@click.option(
    "--covariance",
    type=click.Choice(("identity", "isotropic", "full")),
    default="identity",
    show_default=True,
    help="Common covariance: known, an unknown multiple of I, or unknown.",
)
@click.option("--unknown-weights", is_flag=True, help="Fit the weights too, from W on.")
@click.option("--iterations", type=int, default=100, show_default=True, help="Steps of EM.")
@click.option("--no-factor", is_flag=True, help="Do without the observed factor, which takes eleven more runs.")
@click.option("--threads", type=int, help="Threads, by default one a core; the result does not depend on it.")
@click.option("--experiment", type=click.Choice(experiment_names()), help="Run an experiment instead.")
@click.option("--out", type=file_path, help="Folder to write table and plot to.")
@json_option
def simulate(experiment: str | None, out: Path | None, as_json: bool, **options: Any) -> int:
    """Run floating-point EM on a sample, or an experiment, beside what the theory predicts."""
    if experiment:
        from emtheory.reports.commands.experiment import run_experiment

        source = click.get_current_context().get_parameter_source
        given = [name for name in options if source(name) is click.core.ParameterSource.COMMANDLINE]
        if given:
            raise InputError(f"an experiment takes no --{given[0].replace('_', '-')}: only --out and --json")
        return run_experiment(experiment, out, as_json=as_json)
    from emtheory.reports.commands.simulate import run

    return run(options, out, as_json=as_json)


@program.command()
@click.option("--docs", type=file_path, help="Write the page on the quantities to this folder.")
@json_option
def quantities(docs: Path | None, as_json: bool) -> None:
    """List the quantities and their arguments."""
    from emtheory.reports.commands.catalogue import list_quantities, write_quantity_page

    if docs is not None:
        write_quantity_page(docs)
    else:
        list_quantities(as_json=as_json)


@program.command()
@source_option
@click.option(
    "--select",
    multiple=True,
    metavar="ID",
    shell_complete=completion.statement,
    help="Only statements with this id, or like ab*, repeatable.",
)
@click.option("--mutants", is_flag=True, help="Change every statement mechanically; say how many mutants are refuted.")
@click.option("--docs", type=file_path, help="Write the pages on the statements, one a chapter, to this folder.")
@json_option
def claims(**options: Any) -> int:
    """List the catalogue of statements.

    Exit status: 0; 2 bad input; 5 no statement selected.
    """
    from emtheory.reports.commands.catalogue import run_claims

    return run_claims(**options)


@program.command()
@click.argument("paths", nargs=-1, required=True, type=file_path, metavar="CERTIFICATES…")
@click.option(
    "--claim", "claims_file", type=file_path, metavar="FILE.toml", help="Each must be for a claim of this file."
)
@json_option
def replay(paths: tuple[Path, ...], claims_file: Path | None, as_json: bool) -> int:
    """Verify certificates, or all those in a folder, without searching for anything.

    Exit status: 0 all accepted; 1 one is rejected; 2 a file is not a certificate; 5 a folder has none.
    """
    from emtheory.reports.commands.replay import run

    return run(paths, claims_file, as_json=as_json)
