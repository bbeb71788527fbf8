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
from emtheory.theory.inexact import exact_text

Call = Callable[[Any], object]


EXACT: dict[str, Call] = {
    "evaluate radius": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", radius=x),
    "evaluate amplitudes": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", amplitudes=[x]),
    "evaluate weights": lambda x: emtheory.evaluate("spectral_gap", 2, [x, "1/2"]),
    "evaluate argument": lambda x: emtheory.evaluate("iterations_to_kl", 3, "uniform", radius=1, eps=x),
    "trajectory until_kl": lambda x: emtheory.trajectory(3, "uniform", radius=1, until_kl=x),
    "sweep radii": lambda x: emtheory.sweep(3, "uniform", "kl_divergence", radius=["1/2", x]),
    "sweep weights": lambda x: emtheory.sweep(2, [["1/2", x]], "spectral_gap"),
    "simulate variance": lambda x: emtheory.simulate(3, "uniform", n=50, variance=x),
    "claim radius": lambda x: emtheory.Claim("a", "kl_divergence > 0", radius=x),
    "claim weights": lambda x: emtheory.Claim("a", "spectral_gap > 0", weights=(x, "1/2")),
    "claim for_all": lambda x: emtheory.Claim("a", "kl_divergence > 0", for_all={"radius": ("0", x)}),
    "case weights": lambda x: emtheory.Case((x, x), 1),
}
INTEGER: dict[str, Call] = {
    "evaluate k": lambda x: emtheory.evaluate("spectral_gap", x, "uniform"),
    "evaluate digits": lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", digits=x),
    "check jobs": lambda x: emtheory.check("examples/claims.toml", jobs=x),
    "derive k": lambda x: emtheory.derive("dft", x),
    "trajectory steps": lambda x: emtheory.trajectory(3, "uniform", radius=1, steps=x),
    "sweep k": lambda x: emtheory.sweep([2, x], "uniform", "spectral_gap"),
    "simulate n": lambda x: emtheory.simulate(3, "uniform", n=x),
    "claim k": lambda x: emtheory.Claim("a", "pi > 3", k=(x,)),
}
OTHER: dict[str, Call] = {
    "evaluate quantity": lambda x: emtheory.evaluate(x, 3, "uniform"),
    "evaluate amplitudes": lambda x: emtheory.evaluate("kl_divergence", 3, "uniform", amplitudes=x),
    "evaluate route": lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", route=x),
    "check source": emtheory.check,
    "check select": lambda x: emtheory.check("examples/claims.toml", select=x),
    "check require": lambda x: emtheory.check(emtheory.Claim("a", "pi > 3"), require=x),
    "check member": lambda x: emtheory.check([x]),
    "sweep weights": lambda x: emtheory.sweep(3, x, "spectral_gap"),
    "sweep store": lambda x: emtheory.sweep(3, "uniform", "spectral_gap", store=x),
    "simulate law": lambda x: emtheory.simulate(3, "uniform", n=50, law=x),
    "simulate lloyd": lambda x: emtheory.simulate(3, "uniform", n=50, lloyd=x),
    "report out": emtheory.report,
    "report progress": lambda x: emtheory.report("nowhere", progress=x),
    "replay file": emtheory.replay,
    "claim id": lambda x: emtheory.Claim(x, "pi > 3"),
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


def test_a_number_that_is_too_long_is_refused() -> None:
    for value in (Fraction(1, 10**5000), "1" * 5000):
        with pytest.raises(emtheory.InputError, match="1000"):
            emtheory.evaluate("kl_divergence", 3, "uniform", radius=value)
    for call in (EXACT | INTEGER).values():
        with pytest.raises(emtheory.InputError):
            call(10**5000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: emtheory.sweep(3, [], "spectral_gap"), "a sweep over no"),
        (lambda: emtheory.sweep(3, "uniform", []), "a sweep over no"),
        (lambda: emtheory.sweep(quantity="em_map"), "k and weights are needed"),
        (lambda: emtheory.sweep(quantity="em_map", model="one"), "'one' is no emtheory.Model"),
        (lambda: emtheory.sharpen(emtheory.Claim("a", "k > 1")), "none of the claims has a free constant"),
        (emtheory.verify, "there is no certificate"),
        (lambda: emtheory.simulate(3, "uniform", data=[[1.0, 2.0], [3.0]]), "rows × columns of real numbers"),
        (lambda: emtheory.Claim("a", "pi > 3", expect="proved"), "neither holds nor refuted"),
        (lambda: emtheory.Claim("a", "pi > 3", for_all={3: ("0", "1")}), "for_all"),  # type: ignore[dict-item]
    ],
)
def test_what_is_missing_or_something_else_is_told(call: Callable[[], object], message: str) -> None:
    with pytest.raises((emtheory.InputError, emtheory.NothingSelectedError), match=message):
        call()


@pytest.mark.parametrize("name", INTEGER)
def test_what_is_no_integer_is_refused(name: str) -> None:
    told = refusals(INTEGER[name], [3.0, 2.5, float("nan"), True, "x", Fraction(5, 2), [3], object()])
    assert [value for value, said in told.items() if name.split()[1] not in said or "\n" in said] == []


@pytest.mark.parametrize("name", OTHER)
def test_other_types_are_refused(name: str) -> None:
    told = refusals(OTHER[name], [3, 0.5, object(), b"uniform"])
    assert [value for value, said in told.items() if not said] == []


def test_a_timeout_is_a_positive_number_of_seconds() -> None:
    told = refusals(lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", timeout=x), [0, -1, True, "1", object()])
    assert [value for value, said in told.items() if "timeout" not in said] == []


def test_exact_numbers_of_other_libraries_are_accepted() -> None:
    half = emtheory.evaluate("kl_divergence", 3, "uniform", radius="1/2", digits=10)
    gmpy2 = pytest.importorskip("gmpy2")
    sympy = pytest.importorskip("sympy")
    for value in (gmpy2.mpq(1, 2), sympy.Rational(1, 2), Fraction(1, 2)):
        assert emtheory.evaluate("kl_divergence", np.int64(3), "uniform", radius=value, digits=10) == half  # type: ignore[arg-type]
