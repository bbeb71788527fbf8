"""`emtheory show`: one statement, with its verdict, its evidence and how to check it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import emtheory
from emtheory.reports.checking.claim_document import python_line
from emtheory.theory.claim import Claim

Run = Callable[..., Any]


def test_as_json_it_is_what_the_report_has(run: Run) -> None:
    document = json.loads(run("show", "uniform-two-components", "--json").out)
    statement = document["statement"]
    assert (statement["id"], statement["verdict"]) == ("uniform-two-components", "refuted")
    assert statement["command"] == "emtheory show uniform-two-components"
    in_python = emtheory.show("uniform-two-components", jobs=1)
    assert in_python.ok
    assert str(in_python).startswith(statement["title"].split("$")[0])
    assert {**in_python.as_json(), "seconds": 0}.keys() == {*document, "seconds"}
    assert in_python.statement["claims"][0]["witness"] == statement["claims"][0]["witness"]
    with pytest.raises(emtheory.NothingSelectedError):
        emtheory.show("no-such")


@pytest.mark.parametrize(
    "claim",
    [
        Claim("a 'b'", "contraction_factor <= 17/20", k=(2,), weights="one-heavy:4/5"),
        Claim("range", "spectral_gap == 0", k=(2, 3, 4, 5), title="left out"),
        Claim("list", "spectral_gap > 0", k=(3, 5, 8, 9), weights="linear", expect="refuted"),
        Claim("box", "spectral_gap >= 0", k=(3,), weights=("W", "1/2", "1/2-W"), for_all={"W": ("1/8", "1/4")}),
        Claim("two", "em_map > theta", k=(), family="two-means", values={"theta": "1/2", "separation": "1"}),
    ],
)
def test_the_line_of_python_makes_the_claim_again(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Claim] = []
    monkeypatch.setattr(emtheory, "check", made.append)
    exec(python_line(claim), {"emtheory": emtheory})  # noqa: S102 (the line is what is tested)
    assert [(each.id, each.statement, each.k, each.weights, each.for_all, each.values) for each in made] == [
        (claim.id, claim.statement, claim.k, claim.weights, claim.for_all, claim.values)
    ]
