"""`emtheory evaluate` and `emtheory trajectory`."""

import json
import re
from math import log

import pytest

from tests.reports.conftest import Run

EVALUATE = ("evaluate", "spectral_gap", "--k", "3", "--weights", "1/2,3/10,1/5")
AT_POINT = ("evaluate", "kl_divergence", "--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1")


def test_evaluate_json(run: Run) -> None:
    result = run(*EVALUATE, "--json")
    document = json.loads(result.out)
    keys = "schema quantity arguments case value lower upper level route digits seconds"
    assert list(document) == keys.split()
    assert document["value"] == document["lower"] == document["upper"] == "0.07"
    assert (document["schema"], document["level"], document["route"], document["digits"]) == (1, "exact", "exact", 30)
    assert document["case"] == {"k": 3, "weights": ["1/2", "3/10", "1/5"], "d": 2, "radius": None, "amplitudes": None}


def test_arguments_may_be_written_as_in_a_statement(run: Run) -> None:
    power = ("--k", 5, "--weights", "linear", "--radius", 1, "--digits", 5, "--json")
    separate, written = (
        json.loads(run("evaluate", *each, *power).out)
        for each in (("posterior_power", "--set", "m=4"), ("posterior_power(m=k - 1)",))
    )
    assert {**written, "seconds": 0} == {**separate, "seconds": 0}
    ray = ("--k", 3, "--weights", "linear")
    run("evaluate", "pl_constant(radius=1)", *ray, "--radius", 1).assert_one_line_error(2, "does not depend on a point")
    run("evaluate", "dft_modulus(m=1)", *ray, "--set", "m=1").assert_one_line_error(2, "argument m is given twice")


def test_a_certified_route_has_an_enclosure_that_contains_the_estimates_of_the_others(run: Run) -> None:
    document = json.loads(run(*AT_POINT, "--digits", "20", "--json").out)
    estimate = json.loads(run(*AT_POINT, "--route", "mp", "--digits", "25", "--json").out)
    floating = json.loads(run(*AT_POINT, "--route", "float", "--json").out)
    assert [each["level"] for each in (document, estimate, floating)] == ["certified", "supported", "observed"]
    width = len("0.") + 20
    assert document["lower"][:width] <= estimate["value"][:width] <= document["upper"][:width]
    assert [each[end] for each in (estimate, floating) for end in ("lower", "upper")] == [None] * 4
    assert float(floating["value"]) == pytest.approx(float(document["value"]), rel=1e-9)
    run(*AT_POINT, "--route", "exact").assert_one_line_error(4, "")


def test_too_few_digits_are_never_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from emtheory.numerics.evaluate import evaluate

    def coarse(*arguments: object) -> object:
        *request, _digits, route = arguments
        return evaluate(*request, 15, route)  # type: ignore[arg-type]

    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", coarse)
    run(*AT_POINT, "--digits", "60").assert_one_line_error(4, "is not 60 significant digits")


def test_an_internal_error_is_one_line_and_a_trace_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a bug\nover two lines")

    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", fail)
    run(*EVALUATE).assert_one_line_error(3, "ZeroDivisionError: a bug over two lines")
    monkeypatch.setenv("EMTHEORY_TRACEBACK", "1")
    result = run(*EVALUATE)
    assert result.code == 3
    assert "Traceback" in result.err


def test_a_request_that_takes_too_long_has_no_answer(run: Run) -> None:
    arguments = "evaluate kl_divergence --k 64 --weights linear --radius 1 --digits 1000 --timeout 0.5 --json"
    run(*arguments.split()).assert_one_line_error(4, "no answer within 0.5 s")


def test_a_million_components_where_the_cost_does_not_grow_with_them(run: Run) -> None:
    """E max of k normal variables is below √(2 log k)."""
    result = run("evaluate", "lloyd_radius", "--k", 1_000_000, "--weights", "uniform", "--digits", 6, "--json")
    assert 4.8 < float(json.loads(result.out)["value"]) < (2 * log(1_000_000)) ** 0.5
    run("evaluate", "spectral_gap", "--k", 65537, "--weights", "uniform").assert_one_line_error(2, "2 to 65536")
    run("evaluate", "lloyd_radius", "--k", 65537, "--weights", "linear").assert_one_line_error(2, "'uniform'")
    run("evaluate", "lloyd_radius", "--k", 1_000_001, "--weights", "uniform").assert_one_line_error(2, "2 to 1000000")


UNIFORM = ("--k", "3", "--weights", "uniform", "--radius", "1")


def test_a_table_of_a_trajectory(run: Run) -> None:
    result = run("trajectory", *UNIFORM, "--steps", "2", "--digits", "4")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split() == ["t", "rho_1", "KL", "PL", "ratio", "off", "simplex", "1-beta_1"]
    assert [line.split()[0] for line in lines[1:4]] == ["0", "1", "2"]
    assert lines[4].startswith("certified: ")
    first = [float(cell) for cell in lines[1].split()]
    assert float(lines[2].split()[1]) == pytest.approx(first[1] * first[5], rel=1e-3)


def test_a_trajectory_as_json_and_where_it_stops(run: Run) -> None:
    result = run("trajectory", *UNIFORM, "--steps", "50", "--until-kl", "1/100", "--json")
    document = json.loads(result.out)
    assert document["level"] == "certified"
    assert document["case"]["k"] == 3
    kl = [iterate["kl_divergence"] for iterate in document["iterates"]]
    assert all(float(value["lower"]) <= float(value["value"]) <= float(value["upper"]) for value in kl)
    assert all(float(value["upper"]) > 0.01 for value in kl[:-1])
    assert float(kl[-1]["upper"]) <= 0.01
    assert [iterate["iteration"] for iterate in document["iterates"]] == list(range(len(kl)))


def test_until_kl_goes_on_until_it_is_reached(run: Run) -> None:
    result = run("trajectory", *UNIFORM, "--digits", "3", "--until-kl", "1/5000")
    assert result.code == 0
    assert len(result.out.splitlines()) > 22
    short = run("trajectory", *UNIFORM, "--digits", "3", "--until-kl", "1/5000", "--steps", "20")
    assert short.code == 4
    assert "KL is still above 1/5000 after 20 steps" in short.err
    far = run("trajectory", *UNIFORM[:-1], "1/4", "--digits", "3", "--until-kl", "1e-30", "--json")
    assert far.code == 4
    assert len(json.loads(far.out)["iterates"]) == 1
    assert re.search(r"above 1e-30 after \d{2,3}(,\d00){4} steps, .* that is proved", far.err)
