"""Verdicts, certificates, reports and the command line; `check` and `evaluate` for Python and notebooks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.reports.api import check, evaluate

__all__ = ["check", "evaluate"]


def __getattr__(name: str) -> Any:
    # Imported on first use: the pytest plugin and the command line stay light.
    if name in __all__:
        return getattr(import_module("emtheory.reports.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
