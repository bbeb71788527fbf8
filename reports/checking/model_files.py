"""Models in TOML files: tables ``[models.NAME]``, read and solved for the M-step where one is asked for.

Claims and commands that name one model are not held up by a malformed one beside it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.numerics.families import FAMILIES
from emtheory.reports.text_file import read_text
from emtheory.theory.errors import ModelError
from emtheory.theory.errors import Path as Keys
from emtheory.theory.near_miss import near_misses
from emtheory.theory.toml_text import Spot, parse_toml, spot_of, spots

MAX_BYTES = 5_000_000
"""A choice: with a hundred bytes or more a claim this is tens of thousands, read and checked in some seconds; the whole
file is parsed in memory."""
MAX_MODELS = 200
"""In a file. A choice: the M-step of each is solved by SymPy, which takes a tenth of a second."""


@dataclass(frozen=True)
class DefinedModel:
    """A model of a file: its name and table, the file, and where the values of the file stand."""

    name: str
    table: Any
    path: Path
    places: Mapping[Keys, Spot] = field(repr=False, compare=False)

    @cached_property
    def text(self) -> str:
        """Its canonical text; InputError, with its place, if it is no model for which EM has a step in closed form."""
        try:
            return _solved(self.name, self.table)
        except InputError as error:
            where = error if isinstance(error, ModelError) else ModelError((), str(error))
        spot = spot_of(("models", self.name, *where.path), self.places)
        inner = ModelError(where.path, where.problem, None if spot is not None and spot.plain else where.column)
        place = f"{self.path}:{spot.within(where.column)}" if spot is not None else str(self.path)
        raise InputError(f"{place}: model {self.name[:100]!r}: {inner}") from None


Models = Mapping[str, DefinedModel]
"""Name → model."""


def load_models(paths: Iterable[Path], *, listed: bool = False) -> Models:
    """Return the models of claims files or files of models; if those are listed by another file, they may list none.

    InputError if a file has no model, or a name stands for two; no model is read yet.
    """
    found: dict[str, DefinedModel] = {}
    for path in paths:
        text = read_text(path, "a file with models", MAX_BYTES)
        document = parse_toml(text, path)
        if document.get("schema") != 1 or isinstance(document["schema"], bool):
            raise InputError(f"{path}: schema = 1 is missing at its top, the only one that is known")
        # What else may stand in a claims file is looked at where its claims are read.
        valid = ("schema", "models") if listed else ("schema", "models", "model_files")
        beyond = [key for key in document if key not in valid and (listed or "claim" not in document)]
        if beyond:
            hint = near_misses(beyond[0], ("models",), "a file with models has schema = 1 and tables [models.NAME]")
            raise InputError(f"{path}: unknown key {beyond[0][:60]!r}{hint}")
        own = models_in(document, text, path)
        if not own:
            raise InputError(f"{path}: the file has no [models.NAME]")
        found = dict(joined(found, own))
    return found


def models_in(document: Mapping[str, Any], text: str, path: Path) -> Models:
    """Return the models of a file (its tables and its text), and of those that it lists as ``model_files``."""
    tables, files = document.get("models", {}), document.get("model_files", [])
    if not isinstance(files, list) or not all(isinstance(each, str) and each and "\0" not in each for each in files):
        raise InputError(f'{path}: model_files: a list of paths beside this file is wanted, such as ["scales.toml"]')
    if not isinstance(tables, dict) or len(tables) > MAX_MODELS:
        raise InputError(f"{path}: models: tables [models.NAME] are wanted, at most {MAX_MODELS}")
    known = spots(text) if tables else {}
    own = {name: DefinedModel(name, table, path, known) for name, table in tables.items()}
    listed = load_models((path.parent / each for each in dict.fromkeys(files)), listed=True) if files else {}
    return joined(listed, own)


def joined(first: Models, second: Models) -> Models:
    """Return all models; InputError if a name stands for two different ones."""
    for name in first.keys() & second.keys():
        if first[name].table != second[name].table:
            raise InputError(f"{second[name].path}: model {name!r} is another one in {first[name].path}")
    return {**first, **second}


def check_models(models: Models, names: Collection[str] | None = None) -> None:
    """Read models, those with the names given or all; InputError with one line for each that is malformed."""
    errors = []
    for name in models if names is None else sorted({*models} & {*names}):
        try:
            _ = models[name].text
        except InputError as error:
            errors.append(str(error))
    if errors:
        raise InputError("\n".join(errors))


def text_of_model(name: str, models: Models) -> str:
    """Return the canonical text of a model; InputError if it is malformed, or there is none of that name."""
    if name in models:
        return models[name].text
    valid = f"valid are {', '.join(models)}" if models else "there are none: write a table [models.NAME]"
    raise InputError(f"unknown model {name[:60]!r}{near_misses(name, models, valid)}")


def _solved(name: str, table: Any) -> str:
    """The canonical text of a model for which EM has a step in closed form."""
    # SymPy takes a third of a second to load, and most files have no models.
    from emtheory.theory.mixtures.em_step import em_step  # noqa: PLC0415
    from emtheory.theory.mixtures.reading import read_model  # noqa: PLC0415

    if name in FAMILIES:
        raise ModelError((), "this name is that of a family that comes with the package")
    model = read_model(name, table)
    em_step(model)
    return model.text
