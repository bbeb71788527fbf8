"""One module a subject: its docstring is its paragraph on the page, its `measured` says what to run at each scale."""

from importlib import import_module
from types import ModuleType

SUBJECTS = (
    "quadrature",
    "mixtures",
    "overhead",
    "double_precision",
    "off_simplex",
    "spectrum",
    "sample_em",
    "start",
    "sharing",
    "covers",
    "growth",
    "requests",
)
"""In the order of the page."""


def find_subject(name: str) -> ModuleType:
    """Import the module of a subject."""
    return import_module(f"benchmarks.comparisons.{name}")
