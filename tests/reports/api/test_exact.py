"""Exact numbers only, and of each argument the type that it should have: else an error that names it."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emtheory
from emtheory.numerics.arithmetic.rational import exact_number
from emtheory.numerics.case import make_case
from emtheory.theory.inexact import exact_text

Call = Callable[[Any], object]


def kind(value: object) -> str:
    """A value for the name of a test, the same in every process."""
    return repr(value) if isinstance(value, int | float | str | bytes) else type(value).__name__


EXACT: dict[str, Call] = {
    "evaluate radius": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", radius=x),
    "evaluate own radius": lambda x: emtheory.evaluate("pl_constant", 3, "linear", radius=x),
    "evaluate amplitudes": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", amplitudes=[x]),
    "evaluate weights": lambda x: emtheory.evaluate("spectral_gap", 2, [x, "1/2"]),
    "evaluate argument": lambda x: emtheory.evaluate("iterations_to_kl", 3, "uniform", radius=1, eps=x),
    "trajectory radius": lambda x: emtheory.trajectory(3, "uniform", radius=x),
    "trajectory amplitudes": lambda x: emtheory.trajectory(3, "uniform", amplitudes=(x,)),
    "trajectory weights": lambda x: emtheory.trajectory(2, ["1/2", x], radius=1),
    "trajectory until_kl": lambda x: emtheory.trajectory(3, "uniform", radius=1, until_kl=x),
    "sweep radius": lambda x: emtheory.sweep(3, "uniform", "kl_divergence", radius=x),
    "sweep radii": lambda x: emtheory.sweep(3, "uniform", "kl_divergence", radius=["1/2", x]),
    "sweep weights": lambda x: emtheory.sweep(2, [["1/2", x]], "spectral_gap"),
    "sweep flat weights": lambda x: emtheory.sweep(2, [x, x], "spectral_gap"),
    "simulate radius": lambda x: emtheory.simulate(3, "uniform", n=50, radius=x),
    "simulate variance": lambda x: emtheory.simulate(3, "uniform", n=50, variance=x),
    "simulate weights": lambda x: emtheory.simulate(2, [x, x], n=50),
    "claim radius": lambda x: emtheory.Claim("a", "kl_divergence > 0", radius=x),
    "claim amplitudes": lambda x: emtheory.Claim("a", "kl_divergence > 0", amplitudes=(x,)),
    "claim weights": lambda x: emtheory.Claim("a", "spectral_gap > 0", weights=(x, "1/2")),
    "claim for_all": lambda x: emtheory.Claim("a", "kl_divergence > 0", for_all={"radius": ("0", x)}),
    "make_case radius": lambda x: make_case(3, "uniform", radius=x),
    "make_case weights": lambda x: make_case(2, [x, x]),
    "case radius": lambda x: emtheory.Case((Fraction(1, 2),) * 2, 1, radius=x),
    "case amplitudes": lambda x: emtheory.Case((Fraction(1, 2),) * 2, 1, amplitudes=(x,)),
    "case weights": lambda x: emtheory.Case((x, x), 1),
}
INTEGER: dict[str, Call] = {
    "evaluate k": lambda x: emtheory.evaluate("spectral_gap", x, "uniform"),
    "evaluate d": lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", d=x),
    "evaluate digits": lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", digits=x),
    "check jobs": lambda x: emtheory.check("examples/claims.toml", jobs=x),
    "check digits_max": lambda x: emtheory.check("examples/claims.toml", digits_max=x),
    "derive k": lambda x: emtheory.derive("dft", x),
    "trajectory k": lambda x: emtheory.trajectory(x, "uniform", radius=1),
    "trajectory steps": lambda x: emtheory.trajectory(3, "uniform", radius=1, steps=x),
    "trajectory digits": lambda x: emtheory.trajectory(3, "uniform", radius=1, digits=x),
    "sweep k": lambda x: emtheory.sweep([2, x], "uniform", "spectral_gap"),
    "sweep d": lambda x: emtheory.sweep(2, "uniform", "spectral_gap", d=[x]),
    "sweep digits": lambda x: emtheory.sweep(2, "uniform", "spectral_gap", digits=x),
    "sweep jobs": lambda x: emtheory.sweep(2, "uniform", "spectral_gap", jobs=x),
    "simulate k": lambda x: emtheory.simulate(x, "uniform", n=50),
    "simulate n": lambda x: emtheory.simulate(3, "uniform", n=x),
    "simulate seed": lambda x: emtheory.simulate(3, "uniform", n=50, seed=x),
    "simulate iterations": lambda x: emtheory.simulate(3, "uniform", n=50, iterations=x),
    "simulate threads": lambda x: emtheory.simulate(3, "uniform", n=50, threads=x),
    "claim k": lambda x: emtheory.Claim("a", "pi > 3", k=(x,)),
    "claim d": lambda x: emtheory.Claim("a", "pi > 3", d=x),
}
OTHER: dict[str, Call] = {
    "evaluate quantity": lambda x: emtheory.evaluate(x, 3, "uniform"),
    "evaluate weights": lambda x: emtheory.evaluate("spectral_gap", 3, x),
    "evaluate amplitudes": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", amplitudes=x),
    "evaluate route": lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", route=x),
    "check source": emtheory.check,
    "check select": lambda x: emtheory.check("examples/claims.toml", select=x),
    "check require": lambda x: emtheory.check(emtheory.Claim("a", "pi > 3"), require=x),
    "check cache": lambda x: emtheory.check(emtheory.Claim("a", "pi > 3"), cache=x),
    "check member": lambda x: emtheory.check([x]),
    "derive statement": emtheory.derive,
    "sweep weights": lambda x: emtheory.sweep(3, x, "spectral_gap"),
    "sweep quantity": lambda x: emtheory.sweep(3, "uniform", x),
    "sweep store": lambda x: emtheory.sweep(3, "uniform", "spectral_gap", store=x),
    "sweep retry": lambda x: emtheory.sweep(3, "uniform", "spectral_gap", retry=x),
    "simulate law": lambda x: emtheory.simulate(3, "uniform", n=50, law=x),
    "simulate data": lambda x: emtheory.simulate(3, "uniform", data=x),
    "simulate means": lambda x: emtheory.simulate(3, "uniform", n=50, means=x),
    "simulate lloyd": lambda x: emtheory.simulate(3, "uniform", n=50, lloyd=x),
    "report out": emtheory.report,
    "report quick": lambda x: emtheory.report("nowhere", quick=x),
    "trajectory progress": lambda x: emtheory.trajectory(3, "uniform", radius=1, progress=x),
    "report progress": lambda x: emtheory.report("nowhere", progress=x),
    "replay file": emtheory.replay,
    "claim id": lambda x: emtheory.Claim(x, "pi > 3"),
    "claim statement": lambda x: emtheory.Claim("a", x),
    "claim weights": lambda x: emtheory.Claim("a", "pi > 3", weights=x),
    "claim assume": lambda x: emtheory.Claim("a", "pi > 3", assume=x),
    "claim for_all": lambda x: emtheory.Claim("a", "pi > 3", for_all=x),
}


def refusals(call: Call, values: Iterable[object]) -> dict[str, str]:
    """What is said of each value, by how it is written; of one that is accepted nothing."""
    said = {}
    for value in values:
        try:
            call(value)
        except emtheory.InputError as error:
            said[repr(value)] = str(error)
        else:
            said[repr(value)] = ""
    return said


@pytest.mark.parametrize("name", EXACT)
def test_what_is_no_exact_number_is_refused_and_binary_floats_are_told_exactly(name: str) -> None:
    told = refusals(EXACT[name], [0.5, np.float64(0.5), np.float32(0.5)])
    assert all(
        "is a binary float; write '1/2'" in said and "0.5" in said and "\n" not in said for said in told.values()
    )
    others = refusals(EXACT[name], [float("nan"), float("inf"), True, b"1", object(), 1j, {1: 2}])
    assert [value for value, said in others.items() if not said] == []


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_refused_and_its_text_is_the_number_printed(value: float) -> None:
    with pytest.raises(emtheory.InputError):
        exact_number(value, "x")
    with pytest.raises(emtheory.InputError):
        emtheory.evaluate("kl_divergence", 3, "uniform", radius=value)  # type: ignore[arg-type]
    assert exact_number(exact_text(value), "x") == Fraction(repr(value))


@given(value=st.fractions())
def test_every_form_of_an_exact_number_is_the_same(value: Fraction) -> None:
    assert exact_number(value, "x") == exact_number(str(value), "x") == value
    assert exact_number(value.numerator, "x") == value.numerator


def test_a_number_that_is_too_long_is_refused() -> None:
    for value in (10**5000, Fraction(1, 10**5000), "1" * 5000):
        with pytest.raises(emtheory.InputError, match="1000"):
            emtheory.evaluate("kl_divergence", 3, "uniform", radius=value)


@pytest.mark.parametrize("name", [*EXACT, *INTEGER])
def test_an_integer_that_cannot_even_be_printed_is_refused(name: str) -> None:
    with pytest.raises(emtheory.InputError):
        (EXACT | INTEGER)[name](10**5000)


@pytest.mark.parametrize(("weights", "quantity"), [([], "spectral_gap"), ("uniform", []), ((), ())], ids=str)
def test_a_sweep_over_nothing_is_an_error(weights: Any, quantity: Any) -> None:
    with pytest.raises(emtheory.InputError, match="a sweep over no"):
        emtheory.sweep(3, weights, quantity)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: emtheory.sweep(quantity="em_map"), "k and weights are needed"),
        (lambda: emtheory.sweep(quantity="em_map", model="one"), "'one' is no emtheory.Model"),
        (lambda: emtheory.sharpen(emtheory.Claim("a", "k > 1")), "none of the claims has a free constant"),
        (emtheory.verify, "there is no certificate"),
        (lambda: emtheory.simulate(3, "uniform", data=[[1.0, 2.0], [3.0]]), "rows × columns of real numbers"),
    ],
)
def test_what_is_missing_or_something_else_is_told(call: Callable[[], object], message: str) -> None:
    with pytest.raises((emtheory.InputError, emtheory.NothingSelectedError), match=message):
        call()


@pytest.mark.parametrize("expect", ["maybe", "proved", ""])
def test_a_claim_expects_one_of_two_outcomes(expect: str) -> None:
    with pytest.raises(emtheory.InputError, match="neither holds nor refuted"):
        emtheory.Claim("a", "pi > 3", expect=expect)


def test_variables_of_a_claim_are_text() -> None:
    with pytest.raises(emtheory.InputError, match="for_all"):
        emtheory.Claim("a", "pi > 3", for_all={3: ("0", "1")})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", INTEGER)
def test_what_is_no_integer_is_refused(name: str) -> None:
    told = refusals(INTEGER[name], [3.0, 2.5, float("nan"), True, "x", Fraction(5, 2), [3], object()])
    assert [value for value, said in told.items() if name.split()[1] not in said or "\n" in said] == []


@pytest.mark.parametrize("name", OTHER)
def test_other_types_are_refused(name: str) -> None:
    told = refusals(OTHER[name], [3, 0.5, object(), b"uniform"])
    assert [value for value, said in told.items() if not said] == []


@pytest.mark.parametrize("value", [0, -1, float("nan"), True, "1", object()], ids=kind)
@pytest.mark.parametrize("verb", ["evaluate", "check", "sweep"])
def test_a_timeout_is_a_positive_number_of_seconds(verb: str, value: Any) -> None:
    calls: dict[str, Callable[[], object]] = {
        "evaluate": lambda: emtheory.evaluate("spectral_gap", 3, "uniform", timeout=value),
        "check": lambda: emtheory.check(emtheory.Claim("a", "pi > 3"), timeout=value),
        "sweep": lambda: emtheory.sweep(3, "uniform", "spectral_gap", timeout=value),
    }
    with pytest.raises(emtheory.InputError, match="timeout"):
        calls[verb]()


def test_exact_numbers_of_other_libraries_are_accepted() -> None:
    half = emtheory.evaluate("kl_divergence", 3, "uniform", radius="1/2", digits=10)
    gmpy2 = pytest.importorskip("gmpy2")
    sympy = pytest.importorskip("sympy")
    for value in (gmpy2.mpq(1, 2), sympy.Rational(1, 2), Fraction(1, 2)):
        assert emtheory.evaluate("kl_divergence", np.int64(3), "uniform", radius=value, digits=10) == half  # type: ignore[arg-type]
