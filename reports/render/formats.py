"""The formats of the report: each is a file here with a `FORMAT`, found by being there.

A new file with a `FORMAT` is a new format: it is written, and a folder that holds it is known as a report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import emtheory.reports.render as package

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """A format of the report.

    `file`: name of the file in the report's folder; `render`: its text, from the document of
    `emtheory.reports.report.layout.report_document`, whose every text is data and must be escaped, and the figures:
    name → SVG of `emtheory.reports.render.plots`, trusted.
    """

    file: str
    render: Callable[[Document, Mapping[str, str]], str]


@cache
def formats() -> tuple[Format, ...]:
    """Return all formats, in order of their modules' names; ValueError if two write the same file."""
    modules = (_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__))
    found = [module.FORMAT for module in modules if module is not None and hasattr(module, "FORMAT")]
    files = [each.file for each in found]
    repeated = sorted({file for file in files if files.count(file) > 1})
    if repeated:
        raise ValueError(f"two formats of the report write {repeated[0]}")
    return tuple(found)


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        return None  # It draws, with a package that is an extra, and is no format.
