"""Claims files: TOML, validated whole before anything is computed."""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.families import FAMILIES, find_family
from emtheory.numerics.weights import MAX_COMPONENTS, MAX_UNIFORM
from emtheory.reports.checking.model_files import MAX_BYTES, Models, check_models, joined, models_in, text_of_model
from emtheory.reports.decide.claim_parts import INFINITE, at_ends
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.language.expression import AMPLITUDE
from emtheory.reports.text_file import read_text
from emtheory.theory.claim import Claim, FreeConstant
from emtheory.theory.near_miss import near_misses
from emtheory.theory.toml_text import parse_toml, spots

SCHEMA_FILE = "claims-file.schema.json"
"""What the JSON schema is called."""

MAX_ERRORS_SHOWN = 100
"""A choice: what goes wrong in every claim fills screens; how many more there are is told."""

_CONSTANT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_INTERVAL = re.compile(r"[\[(][^,()]*,[^,()]*[\])]")
_RANGE = "; a range is written for_all = { radius = [0, 5] }"


def _exact_text(value: object) -> str:
    """Numbers as the text they were written in, so that 2.64 means 264/100; TOML's inf as such."""
    if value == math.inf:
        return INFINITE
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        hint = _RANGE if isinstance(value, list) else ""
        raise ValueError(f"an exact number is wanted: 3, 0.3, or text such as '3/10'{hint}")
    if isinstance(value, str) and _INTERVAL.fullmatch(value):
        raise ValueError(f"an exact number is wanted, not {value[:100]!r}{_RANGE}")
    return str(value)


def _weights(value: object) -> str | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(_exact_text, value))
    if isinstance(value, str):
        return value
    raise ValueError("a list of exact numbers or the name of a family is wanted")


def _known_schema(value: object) -> object:
    if value != 1 or isinstance(value, bool):
        raise ValueError("only schema = 1 is known")
    return value


def _by_name(value: object) -> object:
    """Write ``amplitudes = [[0, 1], [0, 2]]`` as the intervals of amplitude_1 and amplitude_2."""
    if not isinstance(value, dict) or not isinstance(value.get("amplitudes"), list):
        return value
    box = {f"{AMPLITUDE}{m}": ends for m, ends in enumerate(value["amplitudes"], start=1)}
    if not box or box.keys() & value.keys():
        raise ValueError("amplitudes needs an interval for each frequency, given once")
    return {name: ends for name, ends in value.items() if name != "amplitudes"} | box


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


_Number = int | float | str
"""What an exact number is written as."""
_Exact = Annotated[str, BeforeValidator(_exact_text, json_schema_input_type=_Number)]
_Line = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


_Count = Annotated[int, Field(ge=2, le=MAX_UNIFORM)]


def _counts(value: object) -> object:
    if isinstance(value, str | dict):
        written = "a range is written for_all = { k = [2, 30] }"
        raise ValueError(f"a number or a list of numbers is wanted, not {str(value)[:100]!r}; {written}")
    return _as_list(value)


_Several = Annotated[list[_Count], Field(min_length=1)]
_Counts = Annotated[_Several, BeforeValidator(_counts, json_schema_input_type=_Count | _Several)]
_Pair = Annotated[list[_Exact], Field(min_length=2, max_length=2)]
_Variable = Annotated[str, Field(max_length=40)]
_Intervals = Annotated[
    dict[_Variable, _Pair],
    BeforeValidator(_by_name, json_schema_input_type=dict[_Variable, _Pair | list[_Pair]]),
    Field(min_length=1, max_length=100),
]
_Name = Annotated[str, Field(pattern=f"^{_CONSTANT.pattern}$")]


def _name(value: object) -> object:
    if not isinstance(value, str) or not _CONSTANT.fullmatch(value):
        raise ValueError("a name of at most 31 letters, digits and underscores is wanted, a letter first, such as c")
    return value


def _named(named: Mapping[str, str], models: Models) -> tuple[str, str]:
    """The family that a claim names, a model by its text, and the file of the model."""
    if "family" in named:
        if named["family"] in models:
            raise InputError(f"family = {named['family']!r} is a model: write model = {named['family']!r}")
        return find_family(named["family"]).name, ""
    name = named["model"]
    if name in FAMILIES:
        return name, ""
    return text_of_model(name, models), str(models[name].path)


def _with_variables(schema: dict[str, Any]) -> None:
    """Let a claim on a family or a model have the variables as keys, and no other claim any key that is not known."""
    for name, each in _ClaimTable.model_fields.items():
        if each.exclude:
            del schema["properties"][name]
    named = [{"required": [name]} for name in ("family", "model")]
    schema["additionalProperties"] = {"type": ["string", "number", "array"]}
    schema["if"] = {"not": {"anyOf": named}}
    schema["then"] = {"propertyNames": {"enum": list(schema["properties"])}, "required": ["weights"]}


class _SharpenTable(_Strict):
    constant: Annotated[str, BeforeValidator(_name, json_schema_input_type=_Name)]
    side: Literal["largest", "smallest"]
    between: _Pair


class _ClaimTable(_Strict):
    model_config = ConfigDict(json_schema_extra=_with_variables)

    id: _Line = Field(description="a name of its own")
    statement: Annotated[str, Field(min_length=1, description="a comparison, such as contraction_factor <= 17/20")]
    k: _Counts | None = Field(None, description="the number of components, or a list: then it is about each of them")
    weights: Annotated[
        str | tuple[str, ...] | None, PlainValidator(_weights, json_schema_input_type=str | list[_Number])
    ] = Field(None, description="exact weights, or a family such as one-heavy:3/5")
    family: str = Field("", description="in place of k and weights, such as two-means; its variables are keys")
    model: str = Field("", description="in place of k and weights, a table [models.NAME]; its parameters are keys")
    model_file: str = Field(default="", exclude=True)
    values: dict[str, _Exact] = Field(default_factory=dict, exclude=True)
    d: int | None = Field(None, description="the dimension; k - 1 if left out")
    radius: _Exact | None = Field(None, description="the point: a regular simplex of this radius")
    amplitudes: list[_Exact] | None = Field(None, description="the point: amplitudes of the frequencies 1 to k/2")
    for_all: _Intervals = Field(default_factory=dict, description="variable = [low, high]: every value of the interval")
    assume: list[_Line] = Field(default_factory=list, description="comparisons that restrict the domain")
    expect: Literal["holds", "refuted"] = Field("holds", description="refuted for a control, which must be false")
    sharpen: _SharpenTable | None = Field(None, description="the constant whose best value is sought")
    title: str = Field("", description="what it says, for the reader of a report")
    source: str = Field("", description="where it stands in the paper")
    quote: str = Field("", description="its sentence there")
    reading: str = Field("", description="how that is read formally")
    chapter: str = Field("", description="the chapter of the report")

    @model_validator(mode="before")
    @classmethod
    def _with_values(cls, table: object, info: ValidationInfo) -> object:
        """Gather the keys that are variables of the family or model named, and put the model's text for its name."""
        if not isinstance(table, dict):
            return table
        given = {key: table[key] for key in ("values", "model_file") if key in table}
        if given:
            raise ValueError(f"{next(iter(given))}: unknown key: a family's variables are keys of their own")
        named = {key: table[key] for key in ("family", "model") if isinstance(table.get(key), str)}
        if not named:
            return table
        if len(named) > 1:
            raise ValueError("family and model: give one of them")
        family, model_file = _named(named, (info.context or {}).get("models", {}))
        known = find_family(family)
        names = {*(variable.name for variable in known.variables), *dict(known.vectors)} & table.keys()
        return {key: value for key, value in table.items() if key not in names} | {
            "values": {name: value for name, value in table.items() if name in names},
            "family": family,
            "model_file": model_file,
        }

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        if not self.family and self.weights is None:
            raise ValueError("weights: field required: a list of exact numbers or the name of a family of weights")
        return self

    def as_claim(self, line: int | None) -> Claim:
        free = self.sharpen and FreeConstant(
            self.sharpen.constant, self.sharpen.side, (self.sharpen.between[0], self.sharpen.between[1])
        )
        given = dict(self) | {
            "k": self._components(),
            "weights": "uniform" if self.weights is None else self.weights,
            "sharpen": free,
        }
        return Claim(**{name: value for name, value in given.items() if name != "model"}, line=line)

    def _components(self) -> tuple[int, ...]:
        """The list of k, or every k of the range in ``for_all``."""
        if self.family and (self.k is not None or self.weights is not None):
            kind = "model" if self.model else "family"
            raise InputError(f"a claim on a {kind} has neither k nor weights: leave them out")
        if self.family:
            return ()
        if self.k is not None:
            return tuple(self.k)
        if "k" not in self.for_all:
            raise InputError("k: field required: a number, a list, or an interval in for_all")
        ends = [parse_rational(end, "for_all k") for end in self.for_all["k"]]
        if any(end.denominator > 1 or not 2 <= end <= MAX_COMPONENTS for end in ends):
            raise InputError(f"for_all k = [{ends[0]}, {ends[1]}]: the ends are integers from 2 to {MAX_COMPONENTS}")
        return tuple(range(int(ends[0]), int(ends[1]) + 1))


class _File(_Strict):
    version: Annotated[
        Literal[1], BeforeValidator(_known_schema, json_schema_input_type=Literal[1]), Field(alias="schema")
    ]
    title: str = ""
    authors: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])] = []
    paper: str = ""
    setup: str = ""
    claim: list[_ClaimTable] = []
    models: dict[str, Any] = Field(default_factory=dict)
    model_files: list[str] = Field(default_factory=list)


def claims_schema() -> str:
    """Return the JSON schema of claims files, by which editors complete and check what is typed."""
    # SymPy, which reads models, takes a third of a second to load.
    from emtheory.theory.mixtures.reading import OPTIONAL, TAKES  # noqa: PLC0415

    schema = _File.model_json_schema()
    schema["properties"]["models"]["additionalProperties"] = {
        "type": "object",
        "required": [key for key in TAKES if key not in OPTIONAL],
        "properties": {key: {} for key in TAKES},
        "additionalProperties": False,
    }
    return (
        json.dumps(
            {"$schema": GenerateJsonSchema.schema_dialect} | schema | {"title": "A claims file of emtheory"}, indent=2
        )
        + "\n"
    )


@dataclass(frozen=True)
class Heading:
    """What a claims file says at its top for the reader of a report; the setup is prose on model and notation."""

    title: str = ""
    authors: tuple[str, ...] = ()
    paper: str = ""
    setup: str = ""


def load_heading(path: Path) -> Heading:
    """Read what a claims file says at its top; InputError as for `load_claims`, whose claims are not read."""
    table = _validated(*_read(path, lambda _: False), path, {})
    return Heading(table.title, tuple(table.authors), table.paper, table.setup)


def load_claims(
    path: Path, wanted: Callable[[str], bool] | None = None, models: Models | None = None
) -> tuple[Claim, ...]:
    """Read a claims file, or those claims whose ids are wanted; they may name also models given.

    Then other claims may be malformed, and so may models that only they name.
    InputError with one line for each error and its place.
    """
    document, lines = _read(path, wanted)
    known = joined(models or {}, models_in(document, read_text(path, "a claims file", MAX_BYTES), path))
    check_models(known, _named_models(document, wanted))
    tables = _validated(document, lines, path, known).claim
    claims: dict[str, Claim] = {}
    errors = []
    for table, line in zip(tables, lines, strict=True):
        try:
            claim = table.as_claim(line)
        except InputError as error:
            errors.append(f"{claim_place(path, table.id, line)}: {error}")
            continue
        place = claim_place(path, claim.id, claim.line)
        if claim.id in claims:
            errors.append(f"{place}: the id is used before, at {place_of(path, claims[claim.id].line)}")
        try:
            for each in at_ends(claim):
                read_claim(each)
        except Exception as error:
            if isinstance(error, InputError):
                errors.append(f"{place}: {error}")
            # What else the program fails on is told when the claim is decided.
        claims.setdefault(claim.id, claim)
    if errors:
        raise _all_of(errors)
    return tuple(claims.values())


def _named_models(document: Mapping[str, Any], wanted: Callable[[str], bool] | None) -> Collection[str] | None:
    """The models that the claims of a document name; None, for all, if the whole file is read."""
    if wanted is None:
        return None
    tables = document.get("claim")
    named = (table.get("model") for table in (tables if isinstance(tables, list) else ()) if isinstance(table, dict))
    return {name for name in named if isinstance(name, str)}


def _read(path: Path, wanted: Callable[[str], bool] | None) -> tuple[dict[str, Any], Sequence[int]]:
    text = read_text(path, "a claims file", MAX_BYTES)
    document = parse_toml(text, path)
    tables, known = document.get("claim"), spots(text)
    count = len(tables) if isinstance(tables, list) else 0
    lines = [known["claim", number].line for number in range(count)]
    if wanted is not None and count:
        kept = [n for n, table in enumerate(document["claim"]) if _is_wanted(table, wanted)]
        document["claim"], lines = [document["claim"][n] for n in kept], [lines[n] for n in kept]
    return document, lines


def _validated(document: dict[str, Any], lines: Sequence[int], path: Path, models: Models) -> _File:
    try:
        return _File.model_validate(document, context={"models": models})
    except ValidationError as error:
        raise _all_of([_explain(part, document, lines, path) for part in error.errors()]) from None


def claim_place(path: Path, identifier: str, line: int | None) -> str:
    """Return how messages name a claim: its path, its line if that is known, and its id."""
    return f"{place_of(path, line)}: claim {identifier!r}"


def place_of(path: Path, line: int | None) -> str:
    """Return where a claim stands, as file:line if the line is known."""
    return str(path) if line is None else f"{path}:{line}"


def _all_of(errors: Sequence[str]) -> InputError:
    more = [f"and {len(errors) - MAX_ERRORS_SHOWN} errors more"] if len(errors) > MAX_ERRORS_SHOWN else []
    return InputError("\n".join([*errors[:MAX_ERRORS_SHOWN], *more]))


def _is_wanted(table: object, wanted: Callable[[str], bool]) -> bool:
    """Whether a claim is read, as is each that has no id."""
    name = table.get("id") if isinstance(table, dict) else None
    return not isinstance(name, str) or wanted(name)


def _explain(error: ErrorDetails, document: Mapping[str, Any], lines: Sequence[int], path: Path) -> str:
    place, location = str(path), error["loc"]
    valid: Mapping[str, object] = {"schema": None} | {name: None for name in _File.model_fields if name != "version"}
    if location[0] == "claim" and len(location) > 1:
        index = int(location[1])
        table = document["claim"][index]
        name = table.get("id") if isinstance(table, dict) else None
        label = repr(name[:100]) if isinstance(name, str) else f"number {index + 1}"
        place = f"{place_of(path, lines[index])}: claim {label}"
        location = location[3 if location[2:3] == ("values",) else 2 :]  # a family's variables are keys of their own
        valid = dict.fromkeys([name for name, each in _ClaimTable.model_fields.items() if not each.exclude])
    key = ".".join(map(str, location))[:100]
    if error["type"] == "extra_forbidden":
        hint = near_misses(key, valid, f"valid are {', '.join(valid)}")
        return f"{place}: unknown key {key!r}{hint}"
    if location == ("schema",) and error["type"] == "missing":
        return f"{place}: schema: field required: add the line schema = 1 at its top"
    message = error["msg"].removeprefix("Value error, ")
    many = {"dict": "a table", "list": "a list"}.get(type(error["input"]).__name__)
    if message == error["msg"] and (not many or error["type"].endswith("_type")):
        message += f", not {many or repr(str(error['input'])[:100])}"
    # What is wrong with a claim as a whole names its keys itself.
    return ": ".join(filter(None, (place, key, f"{message[:1].lower()}{message[1:]}")))
