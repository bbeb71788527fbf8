"""The experiments: one module each, with an `EXPERIMENT`. A new file here is a new experiment."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emtheory.reports.simulate.experiment import Experiment


def experiment_names() -> tuple[str, ...]:
    """Return the names, without importing what the experiments need."""
    return tuple(sorted(module.name.replace("_", "-") for module in iter_modules(__path__)))


def find_experiment(name: str) -> "Experiment":
    """Return the experiment with a name of `experiment_names`."""
    experiment: Experiment = import_module(f"{__name__}.{name.replace('-', '_')}").EXPERIMENT
    return experiment
