"""Certificates that have been made false, most with a fingerprint that fits, and every small change to one."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from emtheory.reports.certificates.certificate import Json, fingerprint
from emtheory.reports.certificates.verify.command import outcome_of

Forgery = Callable[[Json, Random], str | None]
"""From a certificate, to be changed, and chance to the text of its file; None where it does not apply."""

_FALSE = {">": "<", ">=": "<", "<": ">", "<=": ">", "==": "!=", "!=": "=="}


def sealed(document: Json) -> str:
    """Return the text with a fingerprint that fits."""
    return json.dumps(document | {"fingerprint": fingerprint(document)})


def _cells(document: Json) -> list[Json]:
    return [cell for case in document["cases"] for cell in case["cells"]]


def false_statement(document: Json, chance: Random) -> str | None:
    """Turn the first comparison round, consistently."""
    claim = document["claim"]
    operator = next(text for text in (">=", "<=", "==", "!=", ">", "<") if f" {text} " in claim["statement"])
    if document["verdict"] == "refuted":
        return None
    claim["statement"] = claim["statement"].replace(f" {operator} ", f" {_FALSE[operator]} ", 1)
    for cell in _cells(document):
        first = cell["comparisons"][0]
        first["comparison"] = first["comparison"].replace(f" {operator} ", f" {_FALSE[operator]} ", 1)
    return sealed(document)


def widened_domain(document: Json, chance: Random) -> str | None:
    """Let the domain reach further than the cells."""
    for_all = document["claim"].get("for_all")
    if not for_all or document["verdict"] == "refuted":
        return None
    name = chance.choice(sorted(for_all))
    low, high = for_all[name]
    wider = str(Fraction(high) * (1 + Fraction(1, chance.randint(2, 10**6))))
    for_all[name] = [low, wider]
    for case in document["cases"]:
        case["for_all"][name] = case["for_all"][name].replace(f" {high}", f" {wider}")
    return sealed(document)


def weights_beyond_one(document: Json, chance: Random) -> str | None:
    """Let a parameter of the weights range over values with which they are none."""
    for_all = document["claim"].get("for_all", {})
    if "W" not in for_all or document["verdict"] == "refuted":
        return None
    high = for_all["W"][1]
    for_all["W"] = [for_all["W"][0], str(chance.randint(2, 9))]
    for case in document["cases"]:
        case["for_all"]["W"] = case["for_all"]["W"].replace(f" {high}", f" {for_all['W'][1]}")
        middle = (Fraction(for_all["W"][0]) + Fraction(for_all["W"][1])) / 2
        weights = [middle, *[(1 - middle) / (case["k"] - 1)] * (case["k"] - 1)]
        case["weights_sha256"] = sha256(",".join(map(str, weights)).encode()).hexdigest()
    return sealed(document)


def dropped_cell(document: Json, chance: Random) -> str | None:
    """Leave a cell out."""
    case = chance.choice(document["cases"])
    if not case["cells"]:
        return None
    del case["cells"][chance.randrange(len(case["cells"]))]
    return sealed(document)


def shrunken_cell(document: Json, chance: Random) -> str | None:
    """Let a cell end before its neighbour begins, have no width, or end before it begins."""
    cells = [cell for cell in _cells(document) if cell["stretch"] is not None]
    if not cells:
        return None
    cell = chance.choice(cells)
    name = chance.choice(list(cell["stretch"]))
    low, high = map(Fraction, cell["stretch"][name])
    shrunken = [low, high - (high - low) / chance.randint(2, 10**6)]
    cell["stretch"][name] = list(map(str, chance.choice((shrunken, shrunken, [high, low], [low, low], [high, high]))))
    return sealed(document)


def other_case(document: Json, chance: Random) -> str | None:
    """Say that the claim, or the evidence, is about another mixture, dimension, number of components or point."""
    claim = document["claim"]
    key = chance.choice(("weights", "d", "k", "radius", "weights_sha256"))
    if key == "weights_sha256":
        document["cases"][0][key] = f"{chance.getrandbits(256):064x}"
        return sealed(document)
    if key == "radius" and "radius" not in claim:
        return None
    changed = {"weights": "one-heavy:1/3", "d": 40, "k": [chance.randint(70, 99)], "radius": "3/7"}
    claim[key] = changed[key]
    return sealed(document)


def stronger_level(document: Json, chance: Random) -> str | None:
    """Say that everything is proved."""
    if document["level"] == "proved":
        return None
    document |= {"level": "proved"} | ({} if document["verdict"] == "refuted" else {"verdict": "proved"})
    for cell in _cells(document):
        for comparison in cell["comparisons"]:
            comparison["level"] = "proved"
    return sealed(document)


def other_verdict(document: Json, chance: Random) -> str | None:
    """Turn the verdict round, consistently."""
    refuted = document["verdict"] == "refuted"
    document["verdict"] = document["level"] if refuted else "refuted"
    document["as_expected"] = not document["as_expected"]
    for cell in _cells(document)[:1]:
        for comparison in cell["comparisons"]:
            comparison["holds"] = refuted
    return sealed(document)


def twice_a_key(document: Json, chance: Random) -> str | None:
    """Give a key twice in one object, perhaps once in other letters that mean the same."""
    text = sealed(document)
    key = chance.choice(("verdict", "level", "claim", "cases"))
    again = chance.choice((key, f"\\u{ord(key[0]):04x}{key[1:]}"))
    return text.replace(f'"{key}":', f'"{again}": null, "{key}":', 1)


def no_number(document: Json, chance: Random) -> str | None:
    """Put something that is no number, or a huge one, for a number."""
    cell = chance.choice(_cells(document))
    value = chance.choice(("nan", "NaN", "1e999999999", "-1e99999999999", "1/0", "9" * 10**5, "1e+9999999", ""))
    place = chance.choice(("margin", "left", "right"))
    comparison = chance.choice(cell["comparisons"])
    comparison[place] = value if place == "margin" else {"lower": value, "upper": value}
    return sealed(document)


def no_json(document: Json, chance: Random) -> str | None:
    """Put for a number of JSON what is none of the format."""
    text = sealed(document | {"version": 10**17 + 3})
    return text.replace(str(10**17 + 3), chance.choice(("NaN", "1e9999", "Infinity", "1.0", "9" * 5000, "[" * 5000)))


def huge_statement(document: Json, chance: Random) -> str | None:
    """Let the statement have a huge power or depth."""
    extra = ("9**9**9**9", "1e999999999", "(" * 500 + "1" + ")" * 500, "-" * 1900 + "1", "2**2**2**2**99")
    document["claim"]["statement"] += f" < {chance.choice(extra)}"
    return sealed(document)


def false_margin(document: Json, chance: Random) -> str | None:
    """Say that the sides are further from each other than they are."""
    if document["margin"] in (None, "0", "inf"):
        return None
    document["margin"] = f"{chance.randint(10, 10**6)}"
    return sealed(document)


def wrong_value(document: Json, chance: Random) -> str | None:
    """Record a value that is wrong by one part in a hundred thousand, and has no width."""
    texts = list(wrong_values(document))
    return chance.choice(texts) if texts else None


def values(document: Json) -> Iterator[Json]:
    """Yield every enclosure in a certificate that has ends that are no zeros."""
    for cell in _cells(document):
        sides = (each[side] for each in cell["comparisons"] for side in ("left", "right"))
        for ends in (*cell["quantities"], *sides):
            if Fraction(ends["upper"].replace("inf", "0")):
                yield ends


def wrong_values(document: Json) -> Iterator[str]:
    """Yield the texts of a certificate with each value in turn wrong by one part in a hundred thousand."""
    for index, _ in enumerate(values(document)):
        changed = deepcopy(document)
        ends = list(values(changed))[index]
        ends |= dict.fromkeys(("lower", "upper"), beyond(ends["upper"]))
        yield sealed(changed)


def beyond(end: str) -> str:
    """A number that is larger than another by one part in a hundred thousand."""
    changed = Fraction(end) + abs(Fraction(end)) / 10**5
    return format(Decimal(changed.numerator) / Decimal(changed.denominator), "f")


def near_constant(document: Json, chance: Random) -> str | None:
    """Compare a side with a number that it misses by one part in a thousand million, and record that it does not."""
    claim, cells = document["claim"], _cells(document)
    if len(cells) != 1 or cells[0]["method"] != "point" or document["verdict"] == "refuted":
        return None
    comparison = cells[0]["comparisons"][-1]
    match, value = re.match("(.*?) ([<>]=?) ", comparison["comparison"]), comparison["left"]["lower"]
    if match is None or "inf" in value or not Fraction(value):
        return None
    number = Fraction(value) - (1 if "<" in match[2] else -1) * abs(Fraction(value)) / 10**9
    claim["statement"] = f"{match[0]}{number}"
    anything = {"lower": "-inf", "upper": "inf"}
    comparison |= {"comparison": claim["statement"], "margin": None, "left": anything, "right": anything}
    cells[0]["comparisons"] = [comparison]
    document["margin"] = None
    return sealed(document)


def other_digits(document: Json, chance: Random) -> str | None:
    """Write a number in digits of another script, or a statement in letters that look the same."""
    cell = chance.choice(_cells(document))
    comparison = chance.choice(cell["comparisons"])
    comparison["left"] |= {"lower": "\uff10", "upper": "\u0663"}
    if chance.random() < 0.5:
        document["claim"]["statement"] = document["claim"]["statement"].replace("a", "\u0430")
    return sealed(document)


def free_variable(document: Json, chance: Random) -> str | None:
    """Let a variable that nothing depends on have the name of something else, and say something about it."""
    claim = document["claim"]
    if document["verdict"] == "refuted":
        return None
    name = chance.choice(("sample_contraction_factor", "em_map", "fixed_point_count", "min", "e", "x", "k", "pi"))
    claim["for_all"] = claim.get("for_all", {}) | {name: ["101", "102"]}
    claim["statement"] = f"{name} > 100"
    for case in document["cases"]:
        case["for_all"][name] = "[101, 102]"
        for cell in case["cells"]:
            comparison = cell["comparisons"][0] | {"comparison": claim["statement"], "margin": None}
            sides = {"left": {"lower": "101", "upper": "102"}, "right": {"lower": "100", "upper": "100"}}
            cell |= {"quantities": [], "comparisons": [comparison | sides]}
            if cell["method"] == "point":
                cell |= {"method": "box", "point": None, "stretch": {name: ["101", "102"]}}
            elif cell["stretch"] is not None:
                cell["stretch"] = cell["stretch"] | {name: ["101", "102"]}
    document["margin"] = None
    return sealed(document)


def unsealed(document: Json, chance: Random) -> str | None:
    """Change one character of a file, and not its fingerprint."""
    text = json.dumps(document)
    place = chance.randrange(len(text))
    changed = chr(33 + (ord(text[place]) - 33 + chance.randint(1, 93)) % 94)
    return f"{text[:place]}{changed}{text[place + 1 :]}"


FORGERIES: tuple[Forgery, ...] = (
    *(false_statement, widened_domain, weights_beyond_one, dropped_cell, shrunken_cell, other_case, stronger_level),
    *(other_verdict, twice_a_key, no_number, no_json, huge_statement, false_margin, wrong_value, near_constant),
    *(other_digits, free_variable, unsealed),
)


def forged(document: Json, forgery: Forgery, chance: Random) -> str | None:
    """Return the text of a forged certificate, or None where the forgery does not apply."""
    return forgery(deepcopy(document), chance)


def outcome(folder: Path, text: str) -> str:
    """What the verifier says of a file with this text."""
    path = folder / "certificate.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return " ".join(outcome_of(path))


def is_refused(folder: Path, text: str) -> bool:
    """Whether the verifier rejects a file with this text, or sees that it says itself that it proves nothing."""
    said = outcome(folder, text)
    weak = any(f'"level": "{level}"' in text for level in ("supported", "observed"))
    return said.startswith(("rejected", "bad")) or (weak and said.endswith("which proves nothing"))


def twin(document: Json, old: str, new: str, ends: dict[str, str]) -> Json:
    """Return a certificate of another statement, with records that fit it."""
    document = deepcopy(document)
    assert old in document["claim"]["statement"]
    document["claim"]["statement"] = document["claim"]["statement"].replace(old, new)
    for cell in (cell for case in document["cases"] for cell in case["cells"]):
        for quantity in cell["quantities"]:
            quantity.update(ends)
        for each in cell["comparisons"]:
            each.update({side: {"lower": "-inf", "upper": "inf"} for side in ("left", "right")})
            each.update(comparison=each["comparison"].replace(old, new), margin=None, difference=None)
    return document | {"margin": None}


Change = tuple[str, Json]
_LEVELS = ("certified", "proved"), ("proved", "certified"), ("certified", "exact"), ("supported", "certified")
_PARTS = ((">", "<"), ("<=", "<"), ("<", "<="), (">", ">="), ("==", "<="), ("holds", "refuted"), ("ball", "mp"))


def changed(document: Json, parts: Json) -> Json:
    """Return the document with other parts, by the way to them; an object keeps what it has besides."""
    document = deepcopy(document)
    for path, value in parts.items():
        *way, last = (int(part) if part.lstrip("-").isdigit() else part for part in path.split("."))
        place: Any = document
        for part in way:
            place = place[part]
        place[last] = place[last] | value if isinstance(value, dict) else value
    return document


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
                swapped = [*value[: index - 1], value[index], value[index - 1], *value[index + 1 :]] if index else value
                if json.dumps(swapped) != json.dumps(value):
                    yield f"{index - 1} and {index} swapped", swapped
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
    yield from ((f"{new} for {old}", new) for old, new in _LEVELS if text == old)
    yield from ((f"{new} for {old}", text.replace(old, new, 1)) for old, new in _PARTS if old in text)
