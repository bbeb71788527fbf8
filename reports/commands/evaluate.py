"""`emtheory evaluate`: one quantity on one case."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.arithmetic.closed_form import Exact as Known
from emtheory.numerics.arithmetic.rational import Exact, parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.families import FAMILIES
from emtheory.numerics.level import Level
from emtheory.reports.api.evaluate import Answer, Given, answered
from emtheory.reports.checking.model_files import load_models, text_of_model
from emtheory.reports.render.drawing import check_plot, draw
from emtheory.reports.render.latex import check_command_name, latex_command

_MEANING = {
    Level.EXACT: "exact: decided by algebra or proof",
    Level.CERTIFIED: "certified: a rigorous enclosure",
    Level.SUPPORTED: "supported: high precision, error estimated, not proved",
    Level.OBSERVED: "observed: double precision",
}

_LONGEST = 160
"""Characters beyond which an exact form is no longer readable, and left out."""


def run(
    quantity: str,
    case: Mapping[str, Any],
    settings: Sequence[str],
    digits: int,
    route: str,
    timeout: float | None,
    *,
    plot: Path | None,
    latex: str | None,
    as_json: bool,
) -> int:
    """Evaluate and print, as text, JSON, or a LaTeX command of a name; CannotAnswerError if not in time.

    `case` has the options that describe the case, or ``family`` with its variables as ``values``.
    """
    check_plot(plot)
    command = None if latex is None else check_command_name(latex)
    if command is not None and as_json:
        raise InputError("--latex and --json print different things: choose one")
    arguments = parse_settings(settings)
    place = Given(**case)
    answer = answered(quantity, place, arguments, digits, route, timeout)
    draw(lambda: answer.chart(route), plot)
    if command is not None:
        click.echo(latex_command(command, answer.enclosure, digits, _described(answer)))
    else:
        click.echo(json.dumps(answer.as_json(), indent=2) if as_json else _text(answer))
    return 0


def _described(answer: Answer) -> str:
    """Say in a line what was evaluated, and how strong the evidence is."""
    case = answer.case.as_json()
    point = {name: case[name] for name in ("radius", "amplitudes") if case.get(name) is not None}
    place = case if answer.case.family else {"k": answer.case.k, "weights": answer.weights}
    given = {**place, **dict(answer.arguments), **point}
    texts = {name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()}
    shown = ", ".join(f"{name} = {value}" for name, value in texts.items())
    return " ".join(f"{answer.quantity}, {shown}: {answer.level}".split())


def named_family(family: str, model: str, files: Sequence[Path]) -> str:
    """Return the family that is asked about, a model by its text; InputError if it is named in two ways or in none.

    Where the files have one model, it need not be named.
    """
    if family and (model or files):
        raise InputError("--family and --model name the same thing: give one of them")
    if model in FAMILIES and not files:
        return model
    if not model and not files:
        return family
    models = load_models(files)
    if not model and len(models) > 1:
        raise InputError(f"--models: name one of {', '.join(models)} with --model")
    return text_of_model(model or next(iter(models)), models)


def parse_places(places: Sequence[str], others: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters given as NAME=VALUE, and those given by options of their own, each once."""
    return _named("--at", places, "--at theta=7/10", others)


def parse_settings(settings: Sequence[str]) -> dict[str, Exact]:
    """Return the arguments given as NAME=VALUE, infinite ones as text."""
    given = _named("--set", settings, "--set m=1", {})
    return {
        name: value if value.strip() in ("inf", "-inf") else parse_rational(value, name)
        for name, value in given.items()
    }


def _named(option: str, words: Sequence[str], example: str, others: Mapping[str, str]) -> dict[str, str]:
    values = dict(others)
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise InputError(f"{option} {word[:60]!r}: write NAME=VALUE, such as {example}")
        if name.strip() in values:
            raise InputError(f"{option} gives {name.strip()[:40]!r} twice")
        values[name.strip()] = value
    return values


def _text(answer: Answer) -> str:
    enclosure = answer.enclosure
    lines = [answer.value]
    exact = None if enclosure.exact is None else readable_form(enclosure.exact)
    if exact is not None:
        lines.append(f"  exactly    {exact}")
    if enclosure.rigorous and enclosure.lower != enclosure.upper:
        lines.append(f"  enclosure  [{answer.lower}, {answer.upper}]")
    lines.append(f"  evidence   {_MEANING[enclosure.level]} (route {answer.route}, {answer.seconds:.3g} s)")
    if enclosure.note:
        lines.append(f"  note       {enclosure.note}")
    return "\n".join(lines)


def readable_form(number: Known) -> str | None:
    """Return the number in surds and cosines, e.g. ``(3 - sqrt(5))/40``, or None where that would be too long."""
    if number.value is not None:
        text = str(number.value)
        return text if len(text) <= _LONGEST else None
    if _terms(number.key) > _LONGEST // 4:
        return None
    text = str(_expression(number.key))
    return text if len(text) <= _LONGEST else None


def _terms(key: Any) -> int:
    """Count the leaves of an expression."""
    if isinstance(key, Fraction):
        return 1
    return len(key[2]) if key[0] == "cos" else sum(_terms(part) for part in key[1:] if not isinstance(part, int))


def _expression(key: Any) -> Any:
    """Build the SymPy expression of an `Algebraic.key`."""
    # SymPy takes a third of a second to load, and only irrational numbers need it.
    import sympy  # noqa: PLC0415

    if isinstance(key, Fraction):
        return sympy.Rational(key.numerator, key.denominator)
    operation, *parts = key
    if operation == "cos":
        order, terms = parts
        return sympy.Add(
            *(_expression(value) * sympy.cos(2 * sympy.pi * sympy.Rational(shift, order)) for shift, value in terms)
        )
    if operation == "**":
        return _expression(parts[0]) ** parts[1]
    functions = {
        "+": sympy.Add,
        "*": sympy.Mul,
        "/": lambda numerator, denominator: numerator / denominator,
        "sqrt": sympy.sqrt,
        "asin": sympy.asin,
        "pi": lambda: sympy.pi,
    }
    return functions[operation](*map(_expression, parts))
