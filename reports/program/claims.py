"""Commands on claims of users and on certificates: check, sharpen, replay, and how to begin."""

import json
import os
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.level import REQUIRABLE, REQUIRED
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.program import completion
from emtheory.reports.program.group import program
from emtheory.reports.program.options import (
    file_path,
    jobs_option,
    json_option,
    models_option,
    plot_option,
    scheduler_option,
    seconds_option,
    select_option,
    timeout_option,
)


@program.command(short_help="Check the claims of TOML files.")
@click.argument("paths", nargs=-1, required=True, type=file_path, metavar="FILES…")
@models_option
@select_option("--select", "Check only claims")
@select_option("--deselect", "Leave out claims")
@click.option(
    "--explain",
    metavar="ID",
    shell_complete=completion.claim,
    help="Check one claim, and tell how its verdict came about.",
)
@click.option(
    "--require",
    type=click.Choice(REQUIRABLE),
    default=REQUIRED,
    show_default=True,
    help="The weakest evidence that counts. With kernel, Rocq checks each claim.",
)
@click.option("--allow-inconclusive", is_flag=True, help="Do not fail because of a claim that could not be decided.")
@timeout_option
@click.option("--digits-max", type=click.IntRange(1, 2000), help="Digits up to which a quantity is refined  [120].")
@jobs_option
@scheduler_option
@click.option("--lf", "last", is_flag=True, help="Only claims that failed last time; all if none did.")
@click.option("--junit", type=file_path, help="Write a JUnit XML file too.")
@click.option("--html", type=file_path, metavar="FILE", help="Write the report on these claims as one page too.")
@click.option("--badge", type=file_path, metavar="FILE", help="Write a badge's JSON (shields.io endpoint).")
@click.option("--github", is_flag=True, help="In a job on GitHub: mark failing claims, and write the job's summary.")
@click.option(
    "--certificates", type=file_path, metavar="DIR", help="Write a certificate of each verdict to this folder."
)
@click.option("--lock", type=file_path, help="Record verdicts and enclosures in this file.")
@click.option("--frozen", is_flag=True, help="Fail if anything has drifted from the --lock file; do not write it.")
@click.option("--cache", type=file_path, metavar="DIR", help="Folder for verdicts of earlier runs.")
@click.option("--no-cache", is_flag=True, help="Decide every claim anew, and keep nothing.")
@plot_option
@json_option
def check(no_cache: bool, **options: Any) -> int:
    """Check the claims of TOML files, and of the *claims.toml in folders.

    Exit status: 0 all as expected; 1 something refuted, or drifted; 2 bad input; 4 inconclusive, or weaker than
    --require; 5 no claim selected.
    """
    from emtheory.reports.checking.effort import Effort
    from emtheory.reports.commands.check import Request, run

    names = ("digits_max", "jobs", "timeout", "cache", "certificates", "scheduler", "require")
    effort = Effort(**{name: options.pop(name) for name in names})
    return run(Request(effort=effort, use_cache=not no_cache, **options))


@program.command(short_help="Find the best constant with which claims hold.")
@click.argument("path", type=file_path, metavar="FILE")
@models_option
@select_option("--select", "Sharpen only claims")
@click.option("--digits", type=click.IntRange(1, 15), default=6, show_default=True, help="Digits of the constant.")
@click.option("--out", type=file_path, metavar="DIR", help="Write certificates of both sides to this folder.")
@timeout_option
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to use; one per processor if left out.")
@scheduler_option
@plot_option
@json_option
def sharpen(**options: Any) -> int:
    """Find the best constant with which claims hold: those that have sharpen = { constant, side, between }.

    Exit status: 0 all found; 1 one fails with every constant; 2 bad input; 4 not decided; 5 no claim with a constant.
    """
    from emtheory.reports.commands.sharpen import run

    return run(**options)


@program.command(short_help="Verify certificates without searching for anything.")
@click.argument("paths", nargs=-1, required=True, type=file_path, metavar="CERTIFICATES…")
@click.option("--claim", "claims", type=file_path, metavar="FILE.toml", help="Only claims of this file are accepted.")
@click.option("--data", type=file_path, metavar="FILE", help="The data that a certificate of certify-data is about.")
@click.option("--kernel", is_flag=True, help="Have Rocq check each claim too.")
@click.option(
    "--rocq", "exported", type=file_path, metavar="DIR", help="With --kernel: what export wrote here must be unchanged."
)
@json_option
def replay(
    paths: tuple[Path, ...], claims: Path | None, data: Path | None, kernel: bool, exported: Path | None, as_json: bool
) -> int:
    """Verify certificates, or all those in a folder, without searching for anything.

    Exit status: 0 all accepted; 1 one is rejected; 2 a file is not a certificate; 4 with --kernel: Rocq is not
    installed, or a claim has no export; 5 a folder has none.
    """
    from emtheory.reports.api.replay import Replayed
    from emtheory.reports.api.replay import replay as replayed

    if exported is not None and not kernel:
        raise InputError("--rocq is for --kernel: without it nothing is done with exported files")

    def told(result: Replayed) -> None:
        if not as_json:
            word, colour = ("REJECTED", "red") if not result.ok else ("ok", "yellow" if result.code else "green")
            line = f"{click.style(word, fg=colour, bold=True)}{' ' * (10 - len(word))}{result.describe()}"
            click.echo(line, color=False if os.environ.get("NO_COLOR") else None)

    found = replayed(*paths, claim=claims, data=data, kernel=kernel, exported=exported, progress=told)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else found.summary())
    codes = {result.code for result in found}
    worst_first = (ExitCode.REFUTED, ExitCode.BAD_INPUT, ExitCode.INCONCLUSIVE)
    return next((code for code in worst_first if code in codes), ExitCode.OK)


@program.command(short_help="Write a claim and its proof for a proof kernel.")
@click.argument("name", metavar="CERTIFICATE|ENTRY", shell_complete=completion.statement)
@click.option("--rocq", is_flag=True, required=True, help="For Rocq 8.20 with CoqInterval: the one kernel there is.")
@click.option("--out", type=file_path, default=Path("rocq"), show_default=True, help="Folder to write to.")
@click.option("--mutants", is_flag=True, help="Write nothing: have Rocq look at changed statements that are false.")
@click.option("--sample", type=int, metavar="N", help="With --mutants: the first N of each claim.")
@json_option
def export(name: str, rocq: bool, out: Path, mutants: bool, sample: int | None, as_json: bool) -> int:
    """Write what a claim says, to be read, and its proof, to be checked by a proof kernel.

    Exit status: 0 all written, or no false mutant accepted; 1 one accepted; 2 bad input; 4 a claim has no export.
    """
    if mutants:
        from emtheory.reports.commands.export_mutants import run as run_mutants

        return run_mutants(name, sample, as_json=as_json)
    from emtheory.reports.api.verify import exports

    documents, missing = [], False
    for each in exports(name, out):
        documents.append(each.as_json())
        missing |= bool(each.problem)
        if each.problem:
            click.echo(f"emtheory: error: {each.id}: {each.problem}", err=True)
        elif not as_json:
            click.echo(f"{each.folder}: {each.says}")
    if as_json:
        click.echo(json.dumps({"schema": 1, "claims": documents, "ok": not missing}, indent=2))
    return ExitCode.INCONCLUSIVE if missing else ExitCode.OK


@program.command(short_help="Verify certificates by a program that shares no code.")
@click.argument("paths", nargs=-1, required=True, type=file_path, metavar="CERTIFICATES…")
@seconds_option(help="Seconds for each certificate  [300].")
@click.option("--memory", type=int, metavar="MB", help="Megabytes for each certificate  [2048].")
@click.option("--data", type=file_path, metavar="FILE", help="Of certificates about data  [the file beside each].")
@json_option
def verify(paths: tuple[Path, ...], timeout: float | None, memory: int | None, data: Path | None, as_json: bool) -> int:
    """Verify certificates, or all those in a folder, by a program that shares no code with this one.

    It is the folder verify, which lies beside the certificates and needs Python and python-flint only.
    Exit status: 0 all accepted; 1 one rejected; 2 a file is not a certificate; 4 one is not covered; 5 there is none;
    6 one is not decided within the limits.
    """
    from emtheory.reports.api.given import count
    from emtheory.reports.certificates.verify.command import MEMORY, MOST, TIMEOUT, report

    megabytes = MEMORY if memory is None else count(memory, "--memory", 1, MOST)
    return report(paths, timeout or TIMEOUT, megabytes, data, as_json=as_json)


@program.command(short_help="Write a starter claims file and a CI job.")
@click.argument("folder", default=".", type=file_path)
@click.option("--ci", type=click.Choice(("github", "gitlab")), default="github", show_default=True, help="CI system.")
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="Where CI installs emtheory from, pinned: git+https://HOST/OWNER/emtheory@v0.2.0, the URL of an archive with "
    "#sha256=…, or a path in the repository. If left out, the Git URL and commit that this one was installed from.",
)
def init(folder: Path, ci: str, source: str | None) -> int:
    """Write a starter claims file and a CI job into a folder, the root of a repository; files that exist stay."""
    from emtheory.reports.commands.init import run

    return run(folder, ci, source)
