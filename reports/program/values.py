"""Commands that compute: a quantity, the iterates of EM, a grid of cases, EM on samples."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.experiments import experiment_names
from emtheory.reports.program import completion
from emtheory.reports.program.group import program
from emtheory.reports.program.options import (
    FamilyCommand,
    at_option,
    case_options,
    family_option,
    file_path,
    json_option,
    k_option,
    model_option,
    models_option,
    plot_option,
    route_option,
    scheduler_option,
    seconds_option,
    weights_option,
)


@program.command(cls=FamilyCommand, short_help="Evaluate a quantity on an exact case.")
@click.argument("quantity", shell_complete=completion.quantity)
@partial(case_options, required=False)
@family_option
@models_option
@model_option
@at_option(metavar="NAME=VALUE", help="A parameter of the model: 7/10, 0.7 or sqrt(2)/2. Repeatable.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=completion.setting,
    help="An argument of the quantity, m=1 of posterior_power(m=1). Repeatable.",
)
@click.option("--digits", type=int, default=30, show_default=True, help="Correct significant digits.")
@route_option
@seconds_option(help="Seconds after which the answer is given up.")
@plot_option
@click.option("--latex", metavar="NAME", help=r"Print \newcommand{\NAME}{value}, rounded to the digits asked for.")
@json_option
def evaluate(quantity: str, as_json: bool, **options: Any) -> int:
    """Evaluate a quantity (see `emtheory quantities`) on an exact case, or of a model at a point of its parameters.

    Exit status: 0 an answer; 2 bad input; 4 no answer to so many digits, or in so much time.
    """
    from emtheory.reports.commands.evaluate import named_family, parse_places, run

    names = ("settings", "digits", "route", "timeout", "plot", "latex", "models", "model", "places")
    settings, digits, route, timeout, plot, latex, models, model, places = (options.pop(name) for name in names)
    known = ("k", "weights", "d", "radius", "amplitudes", "family")
    given = {name: value for name, value in options.items() if name not in known and value is not None}
    options = {name: options[name] for name in known} | {"values": parse_places(places, given)}
    options["family"] = named_family(options["family"], model, models)
    return run(quantity, options, settings, digits, route, timeout, plot=plot, latex=latex, as_json=as_json)


@program.command(short_help="Iterate population EM and print each step.")
@case_options
@click.option("--steps", type=int, help="Iterations: 20, or with --until-kl as many as it takes, up to 20000.")
@click.option("--until-kl", metavar="EPS", help="Stop when KL is at most this.")
@click.option("--digits", type=int, default=6, show_default=True, help="Significant digits, 1 to 30.")
@plot_option
@json_option
def trajectory(until_kl: str | None, plot: Path | None, as_json: bool, **options: Any) -> int:
    """Iterate population EM: amplitudes, KL, PL ratio, distance from the simplex, factors.

    Exit status: 0 an answer; 2 bad input; 4 KL is not reached, or the error cannot be followed from this point.
    """
    from emtheory.reports.api.trajectory import trajectory as iterated
    from emtheory.reports.render.drawing import check_plot, draw

    check_plot(plot)
    found = iterated(**options, until_kl=until_kl, progress=lambda line: click.echo(line, err=True))
    draw(found.chart, plot)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else found.as_text())
    if found.reached:
        return ExitCode.OK
    click.echo(f"emtheory: {found.missed(until_kl)}", err=True)
    return ExitCode.INCONCLUSIVE


@program.command()
@click.option("--k", metavar="K,…", help="Numbers of components: 2,3,5:64:log, 2:10 or 2:20:3.")
@click.option(
    "--weights",
    multiple=True,
    metavar="FAMILY,…",
    shell_complete=completion.weights,
    help="Families such as uniform,one-heavy:3/5, or a list of weights, 1/2,3/10,1/5 or 1/2;3/10;1/5. Repeatable.",
)
@click.option(
    "--quantity",
    "quantities",
    required=True,
    multiple=True,
    metavar="Q",
    shell_complete=completion.quantity,
    help="A quantity, such as posterior_power(m=1). Repeatable.",
)
@models_option
@model_option
@at_option(metavar="NAME=VALUE,…", help="Values of a parameter: 1/2,1,sqrt(2) or 0:5:1/2. Repeatable.")
@click.option("--radius", metavar="R,…", help="Radii of the simplex: 1/2,1,2 or 0:5:1/2.")
@click.option("--d", metavar="D,…", help="Dimensions, each at least k−1 (the default) for every k.")
@click.option("--digits", type=int, default=15, show_default=True, help="Correct significant digits.")
@route_option
@click.option("--store", type=file_path, help="Keep results in this SQLite file, and resume from it.")
@click.option("--csv", type=file_path, help="Write the table as CSV.")
@click.option("--parquet", type=file_path, help="Write the table as Parquet.")
@click.option("--plot", type=file_path, metavar="FILE", help="Draw the table as .svg, .pdf or .png.")
@click.option("--jobs", type=int, help="Processes; all processors if left out.")
@seconds_option(help="Give a cell up after this time.")
@click.option("--retry", is_flag=True, help="Compute cells again that the store has as failed.")
@scheduler_option
@json_option
def sweep(
    csv: Path | None,
    parquet: Path | None,
    plot: Path | None,
    models: tuple[Path, ...],
    model: str,
    places: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> int:
    """Compute quantities over a grid of cases, or of parameters of a model.

    Exit status: 0 all cells have an answer; 2 bad input; 4 some have none.
    """
    from emtheory.numerics.processes import processors
    from emtheory.reports.api.sweep import check_request, computed, planned
    from emtheory.reports.commands.evaluate import named_family, parse_places
    from emtheory.reports.failure import error_document, told
    from emtheory.reports.progress import keeping, progress

    files = {"csv": csv, "parquet": parquet, "plot": plot}
    how = {name: options.pop(name) for name in ("store", "jobs", "timeout", "retry", "scheduler")}
    check_request({**files, "store": how["store"]}, how["jobs"], how["timeout"], how["scheduler"])
    cells = planned(named_family("", model, models), parse_places(places, {}), **options)
    store, how["jobs"] = how["store"], how["jobs"] or processors()
    kept = f"the same command goes on from {store}" if store else "nothing is kept: --store FILE keeps cells"
    with keeping(lambda: kept), progress(len(cells), "cells") as advance:
        table = computed(cells, told=lambda row: advance(), **how)
    document, code = table.as_json(), ExitCode.INCONCLUSIVE if table.failed else ExitCode.OK
    try:
        table.write(files)
    except (InputError, OSError) as error:  # What was computed is shown even if a file cannot be written.
        code = told(error)
        document |= {"error": error_document(error)}
    click.echo(json.dumps(document, indent=2) if as_json else table.as_text())
    return code


@program.command(short_help="Run EM on a sample, or an experiment.")
@k_option()
@weights_option()
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
    help="Whether the means are made from one θ, or each is free.",
)
@click.option(
    "--covariance",
    type=click.Choice(("identity", "isotropic", "full")),
    default="identity",
    show_default=True,
    help="The common covariance: known, an unknown multiple of I, or unknown.",
)
@click.option("--unknown-weights", is_flag=True, help="Fit the weights, too, starting from W.")
@click.option("--iterations", type=int, default=100, show_default=True, help="Steps of EM.")
@click.option("--no-factor", is_flag=True, help="Leave out the observed factor, which takes eleven more runs.")
@click.option("--threads", type=int, help="Threads, by default one for each core; the result does not depend on it.")
@click.option("--experiment", type=click.Choice(experiment_names()), help="Run an experiment instead.")
@click.option("--out", type=file_path, help="Folder to write table and plot to.")
@json_option
def simulate(experiment: str | None, out: Path | None, as_json: bool, **options: Any) -> int:
    """Run floating-point EM on a sample, or an experiment, beside what the theory predicts."""
    source = click.get_current_context().get_parameter_source
    if experiment:
        from emtheory.reports.commands.experiment import run_experiment

        given = [name for name in options if source(name) is click.core.ParameterSource.COMMANDLINE]
        if given:
            raise InputError(f"an experiment takes no --{given[0].replace('_', '-')}: only --out and --json")
        return run_experiment(experiment, out, as_json=as_json)
    from emtheory.reports.api.simulate import simulate as simulated

    if options["k"] is None or options["weights"] is None:
        raise InputError("give --k and --weights, or --experiment NAME")
    if source("radius") is not click.core.ParameterSource.COMMANDLINE:
        options["radius"] = None
    simulation = simulated(**options, out=out, progress=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(simulation.as_json(), indent=2, allow_nan=False) if as_json else repr(simulation))
    return ExitCode.OK


@program.command("certify-data", short_help="Prove that EM on these data converges, or what a fit is.")
@click.argument("path", type=file_path, metavar="FILE")
@k_option(help="Number of components, 2 to 9.")
@weights_option()
@click.option("--d", type=int, help="Dimension: the number of columns.")
@click.option("--radius", metavar="R", help="Radius of the ball of starts, around the origin.")
@models_option
@click.option("--model", default="", metavar="NAME", help="Which of --models, in place of --k, --weights and --radius.")
@click.option("--at", "places", multiple=True, metavar="NAME=VALUE", help="A parameter of the model. Repeatable.")
@click.option(
    "--start", type=click.Choice(["auto"]), help="Search for a start of EM: estimated parameters need no --at."
)
@click.option("--sklearn", type=file_path, metavar="FIT", help="A fitted normal mixture, JSON or written by joblib.")
@click.option("--unpickle", is_flag=True, help="Read a FIT that joblib wrote. This runs code that stands in it.")
@click.option("--reg-covar", type=float, metavar="E", help="What is added to variances, in place of what FIT says.")
@click.option("--mixing", metavar="KERNEL", help="The kernel of a mixing distribution, normal(t, VARIANCE).")
@click.option("--mixing-points", type=file_path, metavar="FILE", help="Its atoms and weights: JSON, or rows of both.")
@click.option("--html", type=file_path, metavar="FILE", help="Write a page on the model or fit, with EM's path.")
@click.option("--out", type=file_path, metavar="DIR", help="Write the certificate to this folder.")
@json_option
def certify_data(path: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """Prove that EM on these data converges from every start in a ball, at which rate, and to which point.

    With a model or a fit it is proved that there is one stationary point of the likelihood near it, whether that is a
    strict local maximum, EM's rate there, and from where EM converges to it; with a mixing distribution, how far its
    likelihood is from the maximum over all of them. FILE is .npy, .csv or .parquet.

    Exit status: 0 certified; 2 bad input; 4 not certified, and why.
    """
    from emtheory.reports.commands.certify_data import run

    return run(path, options, out, as_json=as_json)


@program.command(short_help="Certify how near a mixing distribution is to the best.")
@click.argument("path", type=file_path, metavar="FILE")
@click.option("--kernel", default="normal(t, 1)", show_default=True, metavar="KERNEL", help="normal(t, VARIANCE).")
@click.option("--fit", type=file_path, metavar="FILE", help="Certify this fit: JSON with atoms and weights.")
@click.option("--gap", metavar="G", help="How near the maximum is near enough. By dimension: 1e-8, 1e-6, 1e-3.")
@click.option("--locate/--no-locate", default=True, help="Count and locate the atoms of the best mixing distribution.")
@click.option("--html", type=file_path, metavar="FILE", help="Write a page with the gradient function.")
@click.option("--out", type=file_path, metavar="DIR", help="Write the certificate to this folder.")
@json_option
def npmle(path: Path, html: Path | None, as_json: bool, **options: Any) -> int:
    """Find the mixing distribution of maximal likelihood, and certify how far it is from the best of all at most.

    FILE is .npy, .csv or .parquet, with up to three columns. Exit status: 0 certified; 1 the fit is farther from the
    maximum than the gap asked for; 2 bad input; 4 the gap is not certified, and why.
    """
    from emtheory.reports.api.npmle import npmle as certified
    from emtheory.reports.render.drawing import check_files
    from emtheory.reports.text_file import write_atomically

    check_files({"--html": html})
    found = certified(path, **options)
    if html is not None:
        write_atomically(html, found.page())
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    if found.refuted:
        return ExitCode.REFUTED
    return ExitCode.OK if found.ok else ExitCode.INCONCLUSIVE
