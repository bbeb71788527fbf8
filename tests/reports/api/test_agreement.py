"""Each verb says what its command says, and takes its arguments in every form."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emtheory
from emtheory.numerics.samples.distributions import gaussian_sample
from tests.reports.conftest import Result

Run = Callable[..., Result]
THREE = ("1/2", "3/10", "1/5")
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


@pytest.mark.parametrize("weights", FORMS, ids=lambda weights: type(weights).__name__)
def test_evaluate(run: Run, weights: Any) -> None:
    found = printed(run, "evaluate", "kl_divergence", "--k", "3", "--weights", FORMS[0], "--radius", "1/2", "--d", "5")
    for radius in ("1/2", "0.5", Fraction(1, 2)):
        answer = said(emtheory.evaluate("kl_divergence", 3, weights, radius=radius, d=5))
        assert answer | {"seconds": 0} == found | {"seconds": 0}


def test_what_cannot_be_answered() -> None:
    with pytest.raises(emtheory.CannotAnswerError):
        emtheory.evaluate("lloyd_radius", 6, "linear", route="exact")
    with pytest.raises(emtheory.InputError, match="did you mean spectral_gap"):
        emtheory.evaluate("spectral_gapp", 3, "linear")


def test_derive(run: Run) -> None:
    assert said(emtheory.derive("dft", 3)) == printed(run, "derive", "dft", "--k", "3")
    assert said(emtheory.derive("descent")) == printed(run, "derive", "descent")
    assert repr(emtheory.derive("lloyd-radius")) + "\n" == run("derive", "lloyd-radius").out
    assert said(emtheory.derive("lloyd-radius", 3)) == printed(run, "derive", "lloyd-radius", "--k", "3")
    with pytest.raises(emtheory.InputError, match=r"rests on \d derivations: name one of descent, "):
        emtheory.derive("theorem-population")
    with pytest.raises(emtheory.InputError, match="no derivation"):
        emtheory.derive("experiment-1")
    with pytest.raises(emtheory.InputError, match="give one of them"):
        emtheory.derive("gradient", 3, general=True)
    with pytest.raises(emtheory.InputError, match="did you mean dft"):
        emtheory.derive("dftt")
    with pytest.raises(emtheory.InputError, match="not for k = 99"):
        emtheory.derive("dft", 99)


def test_trajectory(run: Run) -> None:
    case = ("--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1/2")
    found = emtheory.trajectory(3, THREE, radius="1/2", steps=30, until_kl="1/100", digits=8)
    command = ("trajectory", *case, "--steps", "30", "--until-kl", "1/100", "--digits", "8")
    assert said(found) == printed(run, *command)
    assert repr(found) + "\n" == run(*command).out
    assert len(found) == len(list(found)) < 31
    assert found[-1].divergence.upper <= Fraction(1, 100) < found[-2].divergence.upper


def test_sweep(run: Run, tmp_path: Path) -> None:
    grid = ("--k", "2,3", "--weights", "uniform,linear", "--weights", "1/2;1/2", "--radius", "1/2,1", "--digits", "8")
    quantities = ("--quantity", "spectral_gap", "--quantity", "posterior_power(m=k-1)")
    result = run("sweep", "--k", "2", *grid[2:], *quantities, "--jobs", "1", "--json")
    found = json.loads(result.out)
    for cell in found["cells"]:
        del cell["seconds"]
    for weights, radius, k in (
        (["uniform", "linear", ["1/2", Fraction(1, 2)]], ["1/2", 1], 2),
        (("uniform,linear", "1/2;1/2"), "1/2,1", "2"),
    ):
        table = emtheory.sweep(
            k, weights, ["spectral_gap", "posterior_power(m=k-1)"], radius=radius, digits=8, csv=tmp_path / "a.csv"
        )
        document = said(table)
        for cell in document["cells"]:
            del cell["seconds"]
            cell["weights"] = cell["weights"].replace(";", ",")
        assert document == found
        assert (tmp_path / "a.csv").read_text().count("\n") == len(table) + 1
        assert [cell["value"] for cell in table] == [cell["value"] for cell in found["cells"]]


def test_simulate(run: Run, tmp_path: Path) -> None:
    case = ("simulate", "--k", "3", "--weights", "1/2,3/10,1/5")
    options = ("--n", "500", "--seed", "4", "--iterations", "7", "--radius", "3/2", "--law", "student:5")
    found = printed(run, *case, *options, "--variance", "1/2")
    simulation = emtheory.simulate(
        3, THREE, n=500, seed=4, iterations=7, radius="3/2", law="student:5", variance="1/2", out=tmp_path / "out"
    )
    assert said(simulation) == found
    assert json.loads((tmp_path / "out" / "trajectory.json").read_text()) == found
    assert repr(simulation) + "\n" == run(*case, *options, "--variance", "1/2").out


def test_simulate_on_an_array_and_on_a_file(run: Run, tmp_path: Path) -> None:
    data = gaussian_sample(300, 3, 1)
    np.save(tmp_path / "data.npy", data)
    found = printed(run, "simulate", "--k", "3", "--weights", "linear", "--data", tmp_path / "data.npy")
    for source in (data, data.tolist(), tmp_path / "data.npy", str(tmp_path / "data.npy")):
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
    assert {replayed.verdict.id for replayed in replays if replayed.ok} == {"pi", "gap"}
    (tmp_path / "wrong.json").write_text((tmp_path / "pi.json").read_text().replace("proved", "certified"))
    assert not emtheory.replay(tmp_path).ok
    assert "REJECTED" in repr(emtheory.replay(tmp_path / "wrong.json"))
    (tmp_path / "others.toml").write_text(
        'schema = 1\n[[claim]]\nid = "pi"\nk = 3\nstatement = "pi > 2"\nweights = "uniform"\n'
    )
    assert not emtheory.replay(tmp_path / "pi.json", claim=tmp_path / "others.toml").ok
    (tmp_path / "empty").mkdir()
    for nothing in ((), (tmp_path / "empty",)):
        with pytest.raises(emtheory.NothingSelectedError):
            emtheory.replay(*nothing)


def test_what_no_report_is_written_on(tmp_path: Path) -> None:
    with pytest.raises(emtheory.InputError):
        emtheory.report(Path(__file__).parent, quick=True)
    with pytest.raises(emtheory.InputError, match="no-source"):
        emtheory.report(tmp_path / "r", source="no-source")
    with pytest.raises(emtheory.NothingSelectedError):
        emtheory.report(tmp_path / "r", select="no-such-*")
    assert not (tmp_path / "r").exists()
