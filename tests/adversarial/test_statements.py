"""Whatever the text, the parser gives a tree or an InputError, and the checker a verdict or one of its two errors."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.language.expression import Operation, subexpressions
from emtheory.reports.language.parser import parse_statement
from emtheory.theory.claim import Claim
from tests.tiers import examples

Result = TypeVar("Result")

VALID = (
    "contraction_factor <= 17/20",
    "0 < spectral_gap <= dft_modulus(m=1)**2 < 1e0",
    "posterior_power(m=k-1) > 1/10",
    "min(abs(-2), sqrt(3), log(d)) != cos(2*pi/5) + sin(pi)",
    "pl_constant(radius=1/2) >= exp(-radius) * strong_convexity_radius(fraction=0.5)",
)
LANGUAGE = (*"()<>=!+-*/.,0123456789ekd ", "**", "==", "!=", "pi", "sqrt(", "spectral_gap", "m=", "\n")
TOKENS = (*LANGUAGE, "lambda", ":", "'")


def result_within(seconds: float, function: Callable[[], Result]) -> Result | None:
    """What the function returns, or None if it refuses in one short line; in either case soon."""
    start = time.process_time()
    result, refusal = None, ""
    try:
        result = function()
    except InputError as error:
        refusal = str(error)
    assert time.process_time() - start < seconds
    assert "\n" not in refusal
    assert len(refusal) < 500
    return result


@st.composite
def mutations(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + draw(st.one_of(st.sampled_from(TOKENS), st.characters())) + text[end:]
    return text


@given(st.one_of(st.text(max_size=3000), st.lists(st.sampled_from(TOKENS), max_size=60).map("".join), mutations()))
@examples(600, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_tokens_and_mutations_of_valid_statements(text: str) -> None:
    comparison = result_within(5, lambda: parse_statement(text))
    if comparison is not None:
        assert len(comparison.operators) == len(comparison.operands) - 1 >= 1
        for operand in comparison.operands:
            for part in subexpressions(operand):
                assert not isinstance(part, Operation) or part.operands


@given(st.lists(st.sampled_from(LANGUAGE), max_size=25).map("".join))
@examples(300, suppress_health_check=[HealthCheck.too_slow])
def test_what_parses_is_checked_without_a_crash(text: str) -> None:
    verdict = result_within(10, lambda: decide_claim(Claim("fuzz", text.strip() or "1 < 2", weights="linear")))
    assert verdict is None or isinstance(verdict, Verdict)


PRIMES = [p for p in range(1000, 3000) if all(p % q for q in range(2, 60))][:120]
COSINES = [f"cos(pi/{p})" for p in PRIMES]


@pytest.mark.parametrize(
    "statement",
    [
        "9**9**9 > 1",
        "2**10000**10000 > 1",
        "(((2**9999)**9999)**9999)**9999 > 1",
        "1/(2**9999)**9999 > 0",
        "*".join(["7**9999"] * 140) + " > 1",
        "1e1000**1000 > 1e-1000**1000",
        "exp(" * 50 + "9" + ")" * 50 + " > 1",
        "exp(-exp(exp(exp(9)))) > 0",
        "sin(exp(exp(9))) > 0",
        "log(" * 40 + "1e1000" + ")" * 40 + " > 0",
        "sqrt(" * 50 + "2" + ")" * 50 + " > 1",
        "sqrt(" * 45 + "2" + ")**2" * 45 + " == 2",
        "+".join(f"sqrt({n})" for n in range(2, 80)) + " == " + "+".join(f"sqrt({n})" for n in range(79, 1, -1)),
        "+".join(COSINES) + " == 1",
        "+".join(COSINES[:60]) + " == " + "+".join(reversed(COSINES[:60])),
        "cos(2*pi/8191)**2 + sin(2*pi/8191)**2 == 1",
        "cos(pi/10**300) < 1",
        "max(" * 50 + "sqrt(2)" + ", sqrt(3) - sqrt(2))" * 50 + " > 1",
        "1/(" * 40 + "sqrt(2) - 1" + ")" * 40 + " > 1",
        "(1/3)**9999 + (1/7)**9999 > 0",
        "+".join(f"1/{p}**30" for p in PRIMES) + " > 0",
    ],
    ids=lambda text: text[:40],
)
def test_no_statement_is_expensive(statement: str) -> None:
    verdict = result_within(10, lambda: decide_claim(Claim("costly", statement)))
    assert verdict is None or isinstance(verdict, Verdict)
