"""`emtheory evaluate`: one quantity on one case."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from time import perf_counter
from typing import Any

import click

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.printed import printed
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import check_arguments
from emtheory.reports.decide.readable import readable_form

_MEANING = {
    Level.EXACT: "exact: decided by algebra or proof",
    Level.CERTIFIED: "certified: a rigorous enclosure",
    Level.SUPPORTED: "supported: high precision, error estimated, not proved",
    Level.OBSERVED: "observed: double precision",
}


def run(
    quantity: str,
    case: Mapping[str, Any],
    settings: Sequence[str],
    digits: int,
    route: str,
    timeout: float | None,
    *,
    as_json: bool,
) -> int:
    """Evaluate and print; InputError or CannotAnswerError if the request is malformed or cannot be met in time."""
    arguments = parse_settings(settings)
    if case["radius"] is not None and "radius" not in arguments and find_quantity(quantity).radius_is_argument:
        arguments["radius"] = parse_rational(case["radius"], "radius")
        case = {**case, "radius": None}
    exact_case = parse_case(**case)
    filled = check_arguments(find_quantity(quantity), arguments, exact_case.k)
    start = perf_counter()
    request = quantity, exact_case, arguments, digits, route
    answer = evaluate(*request) if timeout is None else _evaluate_within(timeout, request)
    seconds = perf_counter() - start
    text = printed(quantity, answer, digits)
    document = {
        "schema": 1,
        "quantity": quantity,
        "arguments": {name: str(value) for name, value in filled.items()},
        "case": exact_case.as_json(),
        **text,
        "digits": digits,
        "seconds": round(seconds, 6),
    }
    click.echo(json.dumps(document, indent=2) if as_json else _text(document, answer))
    return 0


def _evaluate_within(timeout: float, request: tuple[Any, ...]) -> Enclosure:
    """Evaluate in a process that is stopped after `timeout` seconds."""
    # Processes are seldom asked for, and what starts them takes a moment to load.
    from emtheory.numerics.processes import LostProcessError, answer_of, processes  # noqa: PLC0415

    with processes(1) as submit:
        try:
            answer: Enclosure = answer_of(submit(evaluate, *request, timeout=timeout))
        except TimeoutError:
            reason = f"no answer within {timeout:g} s: allow more time, or ask for fewer digits"
            raise CannotAnswerError(reason) from None
        except LostProcessError as error:
            raise CannotAnswerError(str(error)) from None
    return answer


def parse_case(k: int, weights: str, d: int | None, radius: str | None, amplitudes: str | None) -> Case:
    """Return the exact case described by the text of the options."""
    point = None if radius is None else parse_rational(radius, "radius")
    parts = None if amplitudes is None else [parse_rational(part, "amplitude") for part in amplitudes.split(",")]
    return make_case(k, weights, d, point, parts)


def parse_settings(settings: Sequence[str]) -> dict[str, Fraction]:
    """Return the arguments given as NAME=VALUE."""
    arguments: dict[str, Fraction] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--set {setting[:60]!r}: write NAME=VALUE, such as --set m=1")
        if name.strip() in arguments:
            raise InputError(f"--set gives the argument {name.strip()!r} twice")
        arguments[name.strip()] = parse_rational(value, name.strip())
    return arguments


def _text(document: Mapping[str, Any], answer: Enclosure) -> str:
    lines = [str(document["value"])]
    exact = None if answer.exact is None else readable_form(answer.exact)
    if exact is not None:
        lines.append(f"  exactly    {exact}")
    if answer.rigorous and answer.lower != answer.upper:
        lines.append(f"  enclosure  [{document['lower']}, {document['upper']}]")
    lines.append(f"  evidence   {_MEANING[answer.level]} (route {answer.route}, {document['seconds']:.3g} s)")
    if answer.note:
        lines.append(f"  note       {answer.note}")
    return "\n".join(lines)
