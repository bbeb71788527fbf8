"""Formulas to SymPy: what is exact stays so, what is hostile is refused at once, and nothing is run."""

import random
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.errors import InputError, TextError
from emtheory.theory.mixtures.expression import FUNCTIONS, expression_of

X = sympy.Symbol("x", real=True)
V = sympy.Symbol("v", positive=True)
NAMES: Mapping[str, sympy.Expr] = {"x": X, "v": V}
SECONDS = 2
"""Of the processor, for one formula: a hundred times what any takes."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", sympy.Rational(1, 10)),
        ("1e-6 + 1/3", sympy.Rational(1000003, 3000000)),
        ("cos(2*pi/3)", sympy.Rational(-1, 2)),
        ("sqrt(8)/2 - sqrt(2)", 0),
        ("2**(1/2) * 2**(3/2)", 4),
        ("-x**2 + 3*x - +v", -(X**2) + 3 * X - V),
        ("exp(-v/2)*sin(x)/abs(x)", sympy.exp(-V / 2) * sympy.sin(X) / sympy.Abs(X)),
        (" \tlog( v )\n", sympy.log(V)),
    ],
)
def test_formulas_are_exact(text: str, value: sympy.Expr) -> None:
    assert expression_of(text, NAMES) == value


NO_FORMULA = tomllib.loads(Path(__file__).with_name("no_formula.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "place"), NO_FORMULA.items())
def test_what_is_no_formula_says_where(text: str, place: tuple[int, str]) -> None:
    column, problem = place
    with pytest.raises(TextError, match=problem.replace("*", r"\*")) as caught:
        expression_of(text, NAMES)
    assert caught.value.column == column


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "1" * 5000, "(" * 60 + ")" * 60, "-" * 500 + "x", "9" * 1001])
def test_what_is_empty_or_long_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        expression_of(text, NAMES)


_ATOMS = ("x", "v", "pi", "0", "1", "2", "3/7", "0.3", "1e30", "1e-30", "99999999999999999999", "(-1)", "q")
_EXPONENTS = ("2", "12", "(-1)", "(1/2)", "(-11/2)", "100", "x")


def _formula(source: random.Random, depth: int) -> str:
    if depth == 0 or source.random() < 0.15:
        return source.choice(_ATOMS)
    match source.choice(("binary", "binary", "binary", "power", "call")):
        case "power":
            return f"({_formula(source, depth - 1)})**{source.choice(_EXPONENTS)}"
        case "call":
            return f"{source.choice(tuple(FUNCTIONS))}({_formula(source, depth - 1)})"
    return f"({_formula(source, depth - 1)}{source.choice('+-*/')}{_formula(source, depth - 1)})"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        assert expression_of(text, NAMES).free_symbols <= {X, V}


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_random_formulas_have_their_values_or_are_refused_at_once(seed: int, depth: int) -> None:
    source = random.Random(seed)  # noqa: S311
    text = _formula(source, depth)
    point = {"x": source.uniform(0.1, 2), "v": source.uniform(0.1, 2)}
    start = time.process_time()
    try:
        value: sympy.Expr | None = expression_of(text, NAMES)
    except InputError:
        value = None
    assert time.process_time() - start < SECONDS, text
    if value is None:
        return
    assert value.free_symbols <= {X, V}
    got = value.subs({NAMES[name]: sympy.Rational(number) for name, number in point.items()}).evalf()
    expected = _by_mpmath(text, point)
    if expected is not None and got.is_Float:
        assert abs(complex(got) - expected) <= 1e-6 * (1 + abs(expected))


def _by_mpmath(text: str, point: Mapping[str, float]) -> complex | None:
    """The same by mpmath's functions on Python's own reading of the text; None where it is out of their reach."""
    import mpmath

    found = []
    for digits in (60, 90):  # They differ where the cosine of a number of sixty digits is asked for.
        with mpmath.workdps(digits):
            functions = {name: getattr(mpmath, name) for name in ("sqrt", "exp", "log", "cos", "sin")}
            # The text is ours, from the generator above.
            numbers = {name: mpmath.mpf(number) for name, number in point.items()}
            names = {**functions, "abs": abs, "pi": mpmath.pi, "mpf": mpmath.mpf, **numbers}
            exact = "".join(f"mpf('{part}')" if part[:1].isdigit() else part for part in _tokens(text))
            try:
                value = eval(exact, {"__builtins__": {}}, names)  # noqa: S307
            except (ArithmeticError, ValueError):
                return None
            found.append(complex(value) if abs(value) < 1e15 else None)
    one, other = found
    return None if one is None or other is None or abs(one - other) > 1e-9 * (1 + abs(one)) else other


def _tokens(text: str) -> list[str]:
    import re

    return re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?|[a-z]+|\*\*|.", text)
