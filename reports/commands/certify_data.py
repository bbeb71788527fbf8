"""`emtheory certify-data`: EM on given data, proved to converge, or a fit of any mixture to them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError, require_packages
from emtheory.reports.api.certify_data import CertifiedData
from emtheory.reports.api.certify_data import certify_data as certified
from emtheory.reports.commands.evaluate import named_family, parse_places
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.render.drawing import check_files
from emtheory.reports.text_file import write_atomically

_TIED = ("k", "weights", "d", "radius")


def run(path: Path, options: Mapping[str, Any], out: Path | None, *, as_json: bool) -> ExitCode:
    """Certify and print, and return the exit status."""
    model, fit, mixing = options["models"] or options["model"], options["sklearn"], options["mixing"]
    given = [f"--{name}" for name in _TIED if options[name] is not None]
    others = [f"--{name.replace('_', '-')}" for name in ("unpickle", "reg_covar") if options[name] not in (None, False)]
    if sum(map(bool, (given, model, fit, mixing))) > 1:
        raise InputError(
            "tied means (--k, --weights, --radius), a model (--models, --model), a fit (--sklearn) or a mixing "
            "distribution (--mixing): one of them"
        )
    if bool(mixing) != bool(options["mixing_points"]):
        raise InputError("--mixing KERNEL and --mixing-points FILE belong together")
    if others and not fit:
        raise InputError(f"{others[0]} belongs to --sklearn")
    for name in ("at", "start"):
        if options["places" if name == "at" else name] and not model:
            raise InputError(f"--{name} belongs to --model")
    if options["html"] is not None:
        if not (model or fit or mixing):
            raise InputError("--html belongs to --model, --sklearn or --mixing")
        require_packages("--html", "matplotlib")
        check_files({"--html": options["html"]})
    result: Any
    if mixing:
        # NumPy and SciPy take a moment to load.
        from emtheory.reports.api.npmle import npmle  # noqa: PLC0415

        result = npmle(path, mixing, fit=options["mixing_points"], out=out)
    else:
        result = _fit(path, options, out) if model or fit else _tied(path, options, out)
    if options["html"] is not None:
        write_atomically(options["html"], result.page())
    click.echo(json.dumps(result.as_json(), indent=2) if as_json else repr(result))
    return ExitCode.OK if result.ok else ExitCode.INCONCLUSIVE


def _tied(path: Path, options: Mapping[str, Any], out: Path | None) -> CertifiedData:
    missing = [f"--{name}" for name in ("k", "weights", "radius") if options[name] is None]
    if missing:
        raise InputError(f"{missing[0]} is missing; or give --models and --model, --sklearn, or --mixing")
    own = {name: options[name] for name in _TIED}
    return certified(path, **own, out=out, progress=lambda line: click.echo(line, err=True))


def _fit(path: Path, options: Mapping[str, Any], out: Path | None) -> Any:
    # SciPy's and SymPy's parts take a second to load.
    from emtheory.reports.api.certify_fit import certify_fit  # noqa: PLC0415
    from emtheory.reports.api.model import Model  # noqa: PLC0415
    from emtheory.reports.checking.fit_files import read_fit  # noqa: PLC0415

    if options["sklearn"]:
        fit = read_fit(options["sklearn"], unpickle=options["unpickle"])
        return certify_fit(fit, path, reg_covar=options["reg_covar"], out=out)
    if not options["models"]:
        raise InputError("--model needs a file with models: --models FILE")
    model = Model.from_text(named_family("", options["model"], options["models"]))
    return certify_fit(model, path, at=parse_places(options["places"], {}), start=options["start"], out=out)
