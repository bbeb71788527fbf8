"""Whatever a statement's text or a claims file is, there is a verdict or an error in lines of its own, and soon."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.reports.cli import main
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


VALID_FILE = Path(__file__).with_name("valid.toml").read_text(encoding="utf-8")
PIECES = (*'[]"=\n-{}#0,.é\x00', "true", "nan", "1/0", "9" * 400, "'''", "W", "k = ", "radius", "amplitudes", "assume")
Run = Callable[[bytes], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Check a file of this content; nothing is written but a report."""

    def invoke(content: bytes) -> tuple[int, str, str]:
        path = tmp_path / "damaged.toml"
        path.write_bytes(content)
        code = main(["check", str(path), "--json", "--no-cache", "--junit", str(tmp_path / "junit.xml")])
        captured = capsys.readouterr()
        report = (tmp_path / "junit.xml").read_text() if (tmp_path / "junit.xml").exists() else ""
        (tmp_path / "junit.xml").unlink(missing_ok=True)
        assert path.read_bytes() == content
        # Of a file that can be read there is a report, which has the errors of claims that cannot be decided.
        assert bool(report) == (code in (0, 1, 4)) or (code == 2 and "<error" in report)
        assert [entry.name for entry in tmp_path.iterdir()] == ["damaged.toml"]
        return code, captured.out, captured.err

    return invoke


def assert_refused_or_checked(result: tuple[int, str, str]) -> None:
    code, output, errors = result
    assert code in (0, 1, 2, 4, 5), errors
    assert "Traceback" not in errors
    if code in (2, 5):
        error = json.loads(output)["error"]
        assert error["code"] == code
        assert error["message"].splitlines() == [line.removeprefix("emtheory: error: ") for line in errors.splitlines()]
        assert errors
        assert all(line.startswith("emtheory: error: ") for line in errors.splitlines())
        assert all(len(line) < 1000 for line in errors.splitlines())
    else:
        assert errors == ""


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
fuzz = examples(200, suppress_health_check=SLOW)


def test_the_undamaged_file_passes(run: Run) -> None:
    assert run(VALID_FILE.encode())[0] == 0


@given(data=st.data())
@examples(400, suppress_health_check=SLOW)
def test_mutations(run: Run, data: st.DataObject) -> None:
    text = VALID_FILE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    assert_refused_or_checked(run(text.encode()))


@given(content=st.binary(max_size=300))
@fuzz
def test_any_bytes(run: Run, content: bytes) -> None:
    code, *_ = result = run(content)
    assert code == 2
    assert_refused_or_checked(result)


@pytest.mark.parametrize(
    "content",
    [
        b"a." * 2_000_000,
        b"a = " + b"[" * 4_000_000,
        b"a = '''" + b"x" * 4_900_000,
        b"[a]\n" * 300_000,
        b"schema = 1\n" + b"[[claim]]\n" * 10_000,
        pytest.param(
            b"schema = 1\n" + b'[[claim]]\nid = "a"\nstatement = "1 < 2"\nk = 3\nweights = "linear"\n' * 20_000,
            marks=pytest.mark.long,
        ),
        b"x" * 10_000_000,
        b"schema = " + b"1" * 10_000,
        b'schema = 1\n[[claim]]\nid = "a"\nk = 3\nweights = "linear"\nstatement = "' + b"(" * 1_000_000 + b'1 < 2"',
        b'schema = 1\n[[claim]]\nid = "a"\nk = 65536\nweights = "geometric:3/2"\nstatement = "spectral_gap > 0"',
        b'schema = 1\n[[claim]]\nid = "a"\nk = [' + b"65536," * 1000 + b']\nweights = "linear"\nstatement = "k > 0"',
    ],
    ids=lambda content: repr(content[:30]),
)
def test_large_files(run: Run, content: bytes) -> None:
    code, output, errors = run(content)
    assert (code, json.loads(output)["error"]["code"]) == (2, 2)
    assert "Traceback" not in errors
