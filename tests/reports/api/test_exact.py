"""Arguments of each verb in every form; exact numbers only, and of each the type that it should have."""

import json
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emtheory
from emtheory.numerics.arithmetic.rational import exact_number
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.theory.inexact import exact_text
from tests.reports.conftest import Run

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
TIMEOUT: Call = lambda x: emtheory.evaluate("spectral_gap", 3, "uniform", timeout=x)  # noqa: E731
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
        "is a binary float; write '1/2'" in each and "0.5" in each and "\n" not in each for each in told.values()
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


@pytest.mark.parametrize("name", [*INTEGER, "evaluate timeout"])
def test_what_is_no_integer_or_no_number_of_seconds_is_refused(name: str) -> None:
    wrong = [3.0, 2.5, float("nan"), True, "x", Fraction(5, 2), [3], object()]
    told = refusals(INTEGER[name], wrong) if name in INTEGER else refusals(TIMEOUT, [0, -1, True, "1", object()])
    assert [value for value, said in told.items() if name.split()[1] not in said or "\n" in said] == []


@pytest.mark.parametrize("name", OTHER)
def test_other_types_are_refused(name: str) -> None:
    told = refusals(OTHER[name], [3, 0.5, object(), b"uniform"])
    assert [value for value, said in told.items() if not said] == []


def test_exact_numbers_of_other_libraries_are_accepted() -> None:
    half = emtheory.evaluate("kl_divergence", 3, "uniform", radius="1/2", digits=10)
    gmpy2 = pytest.importorskip("gmpy2")
    sympy = pytest.importorskip("sympy")
    for value in (gmpy2.mpq(1, 2), sympy.Rational(1, 2), Fraction(1, 2)):
        assert emtheory.evaluate("kl_divergence", np.int64(3), "uniform", radius=value, digits=10) == half  # type: ignore[arg-type]


FORMS: tuple[Any, ...] = ("1/2,3/10,1/5", ["1/2", "3/10", "1/5"], ("0.5", "0.3", "0.2"), [Fraction(1, 2), "0.3", "1/5"])


def printed(run: Run, *arguments: str | Path) -> Any:
    return run(*arguments, "--json").document()


def said(result: Any) -> Any:
    return json.loads(json.dumps(result.as_json()))


def test_evaluate(run: Run) -> None:
    found = printed(run, "evaluate", "kl_divergence", "--k", "3", "--weights", FORMS[0], "--radius", "1/2", "--d", "5")
    for weights, radius in zip(FORMS, ("1/2", "0.5", Fraction(1, 2), "1/2"), strict=True):
        answer = said(emtheory.evaluate("kl_divergence", 3, weights, radius=radius, d=5))
        assert answer | {"seconds": 0} == found | {"seconds": 0}


def test_derive(run: Run) -> None:
    assert said(emtheory.derive("dft", 3)) == printed(run, "derive", "dft", "--k", "3")
    assert said(emtheory.derive("descent")) == printed(run, "derive", "descent")
    for name, k, message in (
        ("theorem-population", None, r"rests on \d derivations: name one of descent, "),
        ("experiment-1", None, "no derivation"),
        ("dftt", None, "did you mean dft"),
        ("dft", 99, "not for k = 99"),
    ):
        with pytest.raises(emtheory.InputError, match=message):
            emtheory.derive(name, k)
    with pytest.raises(emtheory.InputError, match="give one of them"):
        emtheory.derive("gradient", 3, general=True)


def test_simulate_on_an_array_and_on_a_file(run: Run, tmp_path: Path) -> None:
    data = gaussian_sample(100, 3, 1)
    np.save(tmp_path / "data.npy", data)
    found = printed(run, "simulate", "--k", "3", "--weights", "linear", "--data", tmp_path / "data.npy")
    for source in (data.tolist(), str(tmp_path / "data.npy")):
        assert said(emtheory.simulate(3, "linear", data=source)) == found
    before = data.copy()
    emtheory.simulate(3, "linear", data=data, lloyd=True, no_factor=True, iterations=2)
    np.testing.assert_array_equal(data, before)
    with pytest.raises(emtheory.InputError, match="the array has 3 columns, but d = 2"):
        emtheory.simulate(3, "linear", data=data, d=2)


def test_a_factor_that_cannot_be_observed_is_told() -> None:
    with pytest.warns(UserWarning, match="no observed factor"):
        assert emtheory.simulate(3, "one-heavy:0.999999999999", n=2000).observed is None


def test_replay(run: Run, tmp_path: Path) -> None:
    claims = [emtheory.Claim("pi", "pi > 3"), emtheory.Claim("gap", "spectral_gap > 0", weights="linear")]
    emtheory.check(claims, certificates=tmp_path)
    found = printed(run, "replay", tmp_path)
    replays = emtheory.replay(tmp_path)
    document = said(replays)
    for certificate in (*found["certificates"], *document["certificates"]):
        del certificate["seconds"]
    assert (document, replays.ok) == (found, True)
    (tmp_path / "wrong.json").write_text((tmp_path / "pi.json").read_text().replace("proved", "certified"))
    assert not emtheory.replay(tmp_path).ok
    assert "REJECTED" in repr(emtheory.replay(tmp_path / "wrong.json"))
    (tmp_path / "empty").mkdir()
    for nothing in ((), (tmp_path / "empty",)):
        with pytest.raises(emtheory.NothingSelectedError):
            emtheory.replay(*nothing)
