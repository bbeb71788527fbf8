"""`emtheory trajectory`: what it prints, and what it refuses."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
CASE = ("--k", "3", "--weights", "uniform", "--radius", "1")


def test_a_table(run: Run) -> None:
    result = run("trajectory", *CASE, "--steps", "2", "--digits", "4")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split() == ["t", "rho_1", "KL", "PL", "ratio", "off", "simplex", "1-beta_1"]
    assert [line.split()[0] for line in lines[1:4]] == ["0", "1", "2"]
    assert lines[4].startswith("certified: ")
    first = [float(cell) for cell in lines[1].split()]
    assert float(lines[2].split()[1]) == pytest.approx(first[1] * first[5], rel=1e-3)


def test_json_and_stopping(run: Run) -> None:
    result = run("trajectory", *CASE, "--steps", "50", "--until-kl", "1/100", "--json")
    document = json.loads(result.out)
    assert document["level"] == "certified"
    assert document["case"]["k"] == 3
    kl = [iterate["kl_divergence"] for iterate in document["iterates"]]
    assert all(float(value["lower"]) <= float(value["value"]) <= float(value["upper"]) for value in kl)
    assert all(float(value["upper"]) > 0.01 for value in kl[:-1])
    assert float(kl[-1]["upper"]) <= 0.01
    assert [iterate["iteration"] for iterate in document["iterates"]] == list(range(len(kl)))


def test_until_kl_goes_on_until_it_is_reached(run: Run) -> None:
    result = run("trajectory", *CASE, "--digits", "3", "--until-kl", "1/5000")
    assert result.code == 0
    assert len(result.out.splitlines()) > 22
    short = run("trajectory", *CASE, "--digits", "3", "--until-kl", "1/5000", "--steps", "20")
    assert short.code == 4
    assert "KL is still above 1/5000 after 20 steps" in short.err
    far = run("trajectory", *CASE[:-1], "1/4", "--digits", "3", "--until-kl", "1e-30", "--json")
    assert far.code == 4
    assert len(json.loads(far.out)["iterates"]) == 1
    assert re.search(r"above 1e-30 after \d{2,3}(,\d00){4} steps, .* that is proved", far.err)
