"""Each verb says what its command says, and takes its arguments in every form."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emtheory
from emtheory.numerics.samples.distributions import gaussian_sample
from tests.reports.conftest import Run

FORMS: tuple[Any, ...] = (
    "1/2,3/10,1/5",
    ["1/2", "3/10", "1/5"],
    ("0.5", "0.3", "0.2"),
    [Fraction(1, 2), Fraction(3, 10), "1/5"],
)


def printed(run: Run, *arguments: str | Path) -> Any:
    result = run(*arguments, "--json")
    assert result.code == 0, result
    return json.loads(result.out)


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
    assert document == found
    assert replays.ok
    (tmp_path / "wrong.json").write_text((tmp_path / "pi.json").read_text().replace("proved", "certified"))
    assert not emtheory.replay(tmp_path).ok
    assert "REJECTED" in repr(emtheory.replay(tmp_path / "wrong.json"))
    (tmp_path / "empty").mkdir()
    for nothing in ((), (tmp_path / "empty",)):
        with pytest.raises(emtheory.NothingSelectedError):
            emtheory.replay(*nothing)
