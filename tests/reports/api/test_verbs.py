"""Verbs that list, sharpen and verify, claims of plain values, and answers that are compared and written."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import emtheory
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level

KL = "0.1048390556365612446824142356571657933370514"
"""Of k = 3, weights 1/2, 3/10, 1/5 and radius 1, as README.md has it."""


def enclosed(lower: str, upper: str, level: Level = Level.CERTIFIED) -> Enclosure:
    return Enclosure(Fraction(lower), Fraction(upper), level, "ball")


def test_an_answer_is_written_to_digits_that_are_right_and_published_numbers_are_checked() -> None:
    answer = emtheory.evaluate("kl_divergence", 3, "1/2,3/10,1/5", radius=1, digits=40)
    assert (f"{answer:.6f}", f"{answer:.5g}", round(answer, 4)) == ("0.104839", "0.10484", Decimal("0.1048"))
    assert (f"{answer:.0e}", f"{enclosed('99995/10', '99996/10'):.3e}") == ("1e-1", "1.000e+4")
    assert answer.matches(KL[:20] + "…")
    with pytest.raises(emtheory.CannotAnswerError, match="more digits"):
        emtheory.evaluate("kl_divergence", 3, "1/2,3/10,1/5", radius=1, digits=5).matches(KL[:20] + "…")
    for wrong in ("", "1/10", "nan"):
        with pytest.raises(emtheory.InputError, match="no decimal"):
            answer.matches(wrong)


def test_comparisons_are_decided_or_said_to_be_open() -> None:
    low, high, wide = enclosed("1", "2"), enclosed("3", "4"), enclosed("3/2", "7/2")
    assert low < high
    assert not low > high
    assert high >= 3
    assert low <= Fraction(2)
    for left, right in ((low, wide), (wide, high), (low, Fraction(2)), (wide, 2)):
        with pytest.raises(emtheory.CannotAnswerError, match="overlap"):
            assert left < right
    with pytest.raises(emtheory.CannotAnswerError, match="estimate"):
        assert enclosed("1", "2", Level.SUPPORTED) < 3
    with pytest.raises(emtheory.InputError, match="binary float"):
        assert low < 2.5
    assert (f"{enclosed('-1/3', '-1/3'):.3f}", f"{enclosed('-1/300', '-1/300'):.1f}") == ("-0.333", "0.0")
    with pytest.raises(emtheory.CannotAnswerError, match="rounds"):
        round(wide)
    with pytest.raises(ValueError, match="write"):
        format(low, "x")


def test_claims_take_plain_values_and_floats_as_fractions_only() -> None:
    plain = emtheory.Claim("a", "k > 1", k=2, weights=[Fraction(1, 2), "1/2"], for_all={"radius": [1, 2]})
    written = emtheory.Claim("a", "k > 1", k=(2,), weights=("1/2", "1/2"), for_all={"radius": ("1", "2")})
    assert plain == written
    assert emtheory.Claim("a", "k > 1", k=range(2, 5)).k == (2, 3, 4)
    assert emtheory.Claim("a", "k > 1", k=np.int64(3)).k == emtheory.Claim("a", "k > 1", k=[np.int64(3)]).k == (3,)
    assert emtheory.Claim("a", "kl_divergence > 0", radius=Fraction(0.5)).radius == "1/2"
    for wrong in (0.5, True, None):
        with pytest.raises(emtheory.InputError, match="weights"):
            emtheory.Claim("a", "k > 1", weights=[wrong, "1/2"])


def test_what_there_is_is_listed(run: Any) -> None:
    listed = json.loads(run("quantities", "--json").out)["quantities"]
    assert [row["name"] for row in emtheory.quantities()] == [each["name"] for each in listed]
    assert emtheory.quantities()["kl_divergence"]["needs_point"]
    assert emtheory.quantities(family="two-means")["em_map"]["meaning"].startswith("M(θ) = E[X tanh")
    with pytest.raises(emtheory.InputError, match="two-meanz"):
        emtheory.quantities("two-meanz")
    assert {"id", "title", "chapter"} <= set(emtheory.claims(select="lemma-1")[0])
    assert "<td" in emtheory.claims(select="lemma-*")._repr_html_()
    with pytest.raises(emtheory.NothingSelectedError):
        emtheory.claims(select="nothing-*")
    with pytest.raises(emtheory.InputError, match="source"):
        emtheory.claims(source="nobody")
