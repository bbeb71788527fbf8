"""`emtheory trajectory`: the iterates of population EM, with proved errors where that is possible."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import click

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.trajectories.iterates import Iterate, iterates
from emtheory.reports.commands.evaluate import parse_case

MAX_STEPS = 20_000
_SHOWN_FACTORS = 4
_MEANING = {
    "certified": "each value provably agrees with the iterate to within a unit of the last digit shown",
    "supported": "the radius is carried along to more digits than are shown; its error is not enclosed",
    "observed": "digits on which the 99.9 % interval over independent trajectories on Sobol points agrees",
}


def run(options: Mapping[str, Any], steps: int, until_kl: str | None, digits: int, *, as_json: bool) -> int:
    """Iterate and print; InputError or CannotAnswerError if the request is malformed or cannot be met."""
    if not 0 <= steps <= MAX_STEPS:
        raise InputError(f"steps = {steps} is out of range: 0 to {MAX_STEPS}")
    target = None if until_kl is None else parse_rational(until_kl, "until-kl")
    if target is not None and target <= 0:
        raise InputError(f"until-kl {until_kl} must be positive")
    case = parse_case(**options)
    found = []
    for iterate in islice(iterates(case, digits), steps + 1):
        found.append(iterate)
        if target is not None and iterate.divergence.upper <= target:
            break
    click.echo(json.dumps(_document(case, digits, found), indent=2) if as_json else _text(case, found, digits))
    return 0


def _document(case: Case, digits: int, found: list[Iterate]) -> dict[str, object]:
    return {
        "schema": 1,
        "case": case.as_json(),
        "digits": digits,
        "level": str(found[0].divergence.level),
        "iterates": [
            {
                "iteration": step,
                "amplitudes": [_interval(rho, digits) for rho in iterate.amplitudes],
                "kl_divergence": _interval(iterate.divergence, digits),
                "factors": [_interval(factor, digits) for factor in iterate.factors],
                "pl_ratio": _interval(iterate.pl_ratio, digits),
                "simplex_distance": _interval(iterate.simplex_distance, digits),
            }
            for step, iterate in enumerate(found)
        ],
    }


def _interval(value: Enclosure, digits: int) -> dict[str, str]:
    shown = digits + 3
    return {
        "value": decimal_text(value.midpoint, shown),
        "lower": decimal_text(value.lower, shown, "down"),
        "upper": decimal_text(value.upper, shown, "up"),
    }


def _text(case: Case, found: list[Iterate], digits: int) -> str:
    frequencies = list(case.frequencies)[:_SHOWN_FACTORS]
    amplitudes, factors = ([f"{name}_{m}" for m in frequencies] for name in ("rho", "1-beta"))
    header = ["t", *amplitudes, "KL", "PL ratio", "off simplex", *factors]
    rows = [header, *_rows(found, digits)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    if len(case.frequencies) > _SHOWN_FACTORS:
        lines.append(f"frequencies 1 to {_SHOWN_FACTORS} of {len(case.frequencies)}; --json has all")
    level = str(found[0].divergence.level)
    return "\n".join([*lines, f"{level}: {_MEANING[level]}"])


def _rows(found: list[Iterate], digits: int) -> Iterator[list[str]]:
    for step, iterate in enumerate(found):
        values = (
            *iterate.amplitudes[:_SHOWN_FACTORS],
            iterate.divergence,
            iterate.pl_ratio,
            iterate.simplex_distance,
            *iterate.factors[:_SHOWN_FACTORS],
        )
        yield [str(step), *(_shown(value, digits) for value in values)]


def _shown(value: Enclosure, digits: int) -> str:
    """As many digits, up to those wanted, as both ends of the interval agree on to within a unit of the last."""
    if value.lower == value.upper:
        return decimal_text(value.midpoint, digits)
    for count in range(digits, 0, -1):
        if value.has_digits(count):
            return decimal_text(value.midpoint, count)
    return f"<{decimal_text(value.upper, 1, 'up')}"
