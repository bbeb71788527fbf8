from dataclasses import replace

import pytest

from emtheory.reports.catalogue.mutants import _changed, claims_to_mutate, mutants_of_claim
from emtheory.theory.claim import Claim, Entry

WEIGHTS = ("1/2", "3/10", "1/5")
SHARP = Claim(id="e/sharp", statement="spectral_gap == 7/100", weights=WEIGHTS)
TOUCHING = Claim(id="e/touching", statement="spectral_gap <= 7/100", weights=WEIGHTS)
LOOSE = Claim(id="e/loose", statement="posterior_power(m=1) < 9", weights=WEIGHTS, for_all={"radius": ("0", "1")})
CONTROL = Claim(id="e/control", statement="spectral_gap == 8/100", weights=WEIGHTS, expect="refuted")
ENTRY = Entry("e", "", "", "", "", (SHARP, TOUCHING), instances=(LOOSE,), controls=(CONTROL,))


def made(claim: Claim) -> dict[tuple[str, str], str]:
    return {(mutant.change, mutant.mutant): mutant.outcome for mutant in mutants_of_claim(ENTRY.id, claim)}


def test_sharp_and_touching_statements_and_parameters_of_weights() -> None:
    assert made(SHARP) == {
        ("comparison", "spectral_gap != 7/100"): "refuted",
        ("constant", "spectral_gap == (7*5/4)/100"): "refuted",
        ("constant", "spectral_gap == (7*3/4)/100"): "refuted",
        ("constant", "spectral_gap == 7/(100*5/4)"): "refuted",
        ("constant", "spectral_gap == 7/(100*3/4)"): "refuted",
        ("hypothesis", "spectral_gap == 7/100, with uniform weights"): "refuted",
    }

    found = made(TOUCHING)
    assert found["strictness", "spectral_gap < 7/100"] == "refuted"
    assert found["constant", "spectral_gap <= (7*5/4)/100"] == "implied"
    assert found["constant", "spectral_gap <= (7*3/4)/100"] == "refuted"

    # A parameter of the weights is part of the statement, and no hypothesis.
    ends = {"W": ("1/2", "3/4")}
    found = made(Claim("e/law", "spectral_gap == (3*W - 1)**2 / 4", weights="one-heavy:W", for_all=ends))
    assert set(found.values()) == {"refuted"}
    assert {change for change, _ in found} == {"comparison", "constant", "exponent", "sign"}


def test_a_loose_statement_shows_as_loose() -> None:
    found = made(LOOSE)
    assert found["comparison", "posterior_power(m=1) > 9"] == "refuted"
    assert found["constant", "posterior_power(m=1) < (9*3/4)"] == "true"
    assert all(text.count("m=1") == 1 for _, text in found)


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("k**2 < 5", "exponent", ["k**3 < 5"]),
        ("k < 0", "constant", ["k < (1/8)", "k < (-1/8)"]),
        ("abs(k - 3) + 1 < 1e-4", "sign", ["abs(k + 3) + 1 < 1e-4", "abs(k - 3) - 1 < 1e-4"]),
        ("k < -1e-4", "constant", ["k < -(1e-4*5/4)", "k < -(1e-4*3/4)"]),
        ("iterations_to_kl(eps=1e-4) > k", "constant", []),
        ("0 <= k != 1", "comparison", ["0 >= k != 1", "0 <= k == 1"]),
    ],
)
def test_where_a_statement_is_changed(text: str, change: str, expected: list[str]) -> None:
    assert [changed for name, changed in _changed(text) if name == change] == expected


def test_what_states_nothing_is_not_counted() -> None:
    claim = Claim(id="e/root", statement="sqrt(1 - spectral_gap) > 9/10", weights=WEIGHTS)
    found = made(claim)
    assert found["sign", "sqrt(1 + spectral_gap) > 9/10"] == "implied"
    assert found["constant", "sqrt(1 - spectral_gap) > (9*3/4)/10"] == "implied"
    twin = made(replace(claim, statement="sqrt(1/5 - spectral_gap) > 3/10"))
    assert twin["constant", "sqrt((1*5/4)/5 - spectral_gap) > 3/10"] == "implied"
    assert made(replace(claim, statement="log(spectral_gap) < 0"))[
        "hypothesis", "log(spectral_gap) < 0, with uniform weights"
    ] == ("invalid")


def test_what_is_mutated() -> None:
    false = Entry("f", "", "", "", "", (SHARP,), expected="refuted", corrected=(TOUCHING,))
    assert claims_to_mutate([ENTRY, false]) == ((ENTRY, SHARP), (ENTRY, TOUCHING), (ENTRY, LOOSE), (false, TOUCHING))
