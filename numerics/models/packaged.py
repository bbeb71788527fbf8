"""The models that come with the package: TOML files beside the families."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from emtheory.numerics import families
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model


@cache
def packaged_models() -> Mapping[str, MixtureModel]:
    """Return name → model."""
    files = sorted(Path(families.__file__).parent.glob("*.toml"))
    tables = (tomllib.loads(file.read_text(encoding="utf-8"))["models"] for file in files)
    return MappingProxyType({name: read_model(name, table) for own in tables for name, table in own.items()})
