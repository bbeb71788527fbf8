"""Fits as they come from files: a model with values of its parameters, or what scikit-learn has fitted."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.arithmetic.rational import Exact
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import InputError, require_packages
from emtheory.numerics.fit_certificates.model import model_fit
from emtheory.numerics.fit_certificates.polish import Candidate, best_start
from emtheory.reports.text_file import read_json
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.reading import model_of

_MAX_BYTES = 50_000_000
"""Of a fit as JSON."""


def model_candidate(text: str, places: Mapping[str, Exact], rows: FloatArray, *, search: bool) -> Candidate:
    """Return a model with the values of its parameters that are given, and the defaults of the others.

    Where EM begins may be searched for: of what is estimated, nothing has to be given then.
    """
    model, known = model_of(text, rows.shape[1]), {name: real_number(x, name[:60]) for name, x in places.items()}
    em_step(model)
    wanted = set(model.estimate) | {
        symbol.name
        for component in model.fit
        for expression in (component.weight, *(argument for law in component.laws for argument in law.arguments))
        for symbol in expression.free_symbols
    } & {each.name for each in model.parameters}
    defaults = {
        each.name: real_number(each.default, each.name) for each in model.parameters if each.default is not None
    }
    unknown = sorted(set(known) - {each.name for each in model.parameters})
    if unknown:
        raise InputError(
            f"--at {unknown[0][:60]}: {model.name} has no such parameter; it has {', '.join(sorted(wanted))}"
        )
    values = {each: value for each, value in (defaults | known).items() if each in wanted}
    missing = sorted(wanted - set(values) - (set(model.estimate) if search else set()))
    if missing:
        raise InputError(f"--at {missing[0]}=VALUE is missing: where EM starts, or what is known")
    ordered = {each: values[each] for each in sorted(values)}
    return best_start(model, ordered, rows) if search else model_fit(model, ordered, rows)


def read_fit(path: Path, *, unpickle: bool) -> Any:
    """Return a fit from a file: JSON, or what joblib wrote if the user trusts it, as reading that runs code in it."""
    if path.suffix.lower() in (".joblib", ".pkl", ".pickle"):
        if not unpickle:
            raise InputError(
                f"{path}: reading such a file runs whatever code stands in it: give --unpickle if you trust it, "
                "or save weights, means, covariances and covariance_type as JSON"
            )
        require_packages("a fit that joblib wrote", "sklearn")
        try:
            return import_module("joblib").load(path)
        except Exception as error:  # It may be anything.
            raise InputError(f"{path}: joblib cannot read it: {type(error).__name__}: {str(error)[:120]}") from None
    return read_json(path, "a fit", _MAX_BYTES)
