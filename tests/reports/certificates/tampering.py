"""Every small change to a certificate: each leaf, each element of a list, each key of an object."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Json = dict[str, Any]
Change = tuple[str, Json]


def changes(document: Json) -> Iterator[Change]:
    """Yield (what was changed, the changed document), the original untouched."""
    for path, value in _nodes(document):
        for label, replacement in _replacements(value):
            changed = deepcopy(document)
            if path:
                parent = changed
                for part in path[:-1]:
                    parent = parent[part]
                parent[path[-1]] = replacement
            else:
                changed = replacement
            yield f"{'.'.join(map(str, path)) or 'document'}: {label}", changed


def _nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _nodes(child, (*path, name))


def _replacements(value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case bool():
            yield "negated", not value
        case int():
            yield "one more", value + 1
            yield "as text", str(value)
        case None:
            yield "given", "1"
        case str():
            yield from _texts(value)
        case list():
            for index in range(len(value)):
                yield f"without {index}", value[:index] + value[index + 1 :]
                yield f"{index} twice", [*value[: index + 1], *value[index:]]
                if index and json.dumps(value[index]) != json.dumps(value[index - 1]):
                    yield (
                        f"{index - 1} and {index} swapped",
                        [*value[: index - 1], value[index], value[index - 1], *value[index + 1 :]],
                    )
        case dict():
            for name in value:
                yield f"without {name}", {key: part for key, part in value.items() if key != name}
            yield "with an unknown key", value | {"comment": "none"}


def _texts(text: str) -> Iterator[tuple[str, str]]:
    yield "longer", f"{text}1"
    yield "empty", ""
    for match in list(re.finditer("[0-9]", text))[:: max(1, len(text) // 4)]:
        digit = (int(match[0]) + 1) % 10
        yield f"digit {match.start()} changed", f"{text[: match.start()]}{digit}{text[match.end() :]}"
    for old, new in (
        ("certified", "proved"),
        ("proved", "certified"),
        ("certified", "exact"),
        ("supported", "certified"),
    ):
        if text == old:
            yield f"{new} for {old}", new
    for old, new in (
        (">", "<"),
        ("<=", "<"),
        ("<", "<="),
        (">", ">="),
        ("==", "<="),
        ("holds", "refuted"),
        ("ball", "mp"),
    ):
        if old in text:
            yield f"{new} for {old}", text.replace(old, new, 1)
