"""Verbs that check, list, sharpen and verify; claims of plain values; answers compared, written and drawn."""

import re
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

import emtheory
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.reports.cli import main

ROOT = Path(__file__).parents[3]
THREE = ("1/2", "3/10", "1/5")
RATE = emtheory.Claim("rate", "contraction_factor == 93/100", weights=THREE)


def test_the_documented_options_and_variables_exist(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    main(["check", "--help"])
    helped = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    written = set(re.findall(r"^\| `(--.*?)\|", page, flags=re.MULTILINE))
    documented = {option for cell in written for option in re.findall(r"--[a-z][a-z-]+", cell)}
    assert documented == helped - {"--help"}


@pytest.mark.long
def test_the_documented_claims_hold(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    files = [text if text.startswith("schema") else f"schema = 1\n{text}" for text in examples]
    decided = [text for text in files if "sharpen = " not in text]
    assert len(decided) > 1
    for number, text in enumerate(decided):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert emtheory.check(path).ok


def test_a_damaged_cache_is_told_where_the_verb_is_called(tmp_path: Path) -> None:
    emtheory.check(RATE, cache=tmp_path)
    for entry in tmp_path.rglob("*.json"):
        entry.write_text("{")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert emtheory.check(RATE, cache=tmp_path).ok
    assert [warning.filename for warning in told] == [__file__]


def test_what_is_no_claim_or_none_is_told() -> None:
    for claims, more, message in (
        ((RATE, RATE), {}, "the id is used twice"),
        ((RATE,), {"require": "prooved"}, r"require = 'prooved' is not one of kernel, proved, certified"),
        (("no-such.toml",), {}, "cannot be read"),
    ):
        with pytest.raises(emtheory.InputError, match=message):
            emtheory.check(*claims, **more)
    for nothing in (emtheory.check, lambda: emtheory.check(RATE, select=["other"]), lambda: emtheory.check([])):
        with pytest.raises(emtheory.NothingSelectedError):
            nothing()


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
    listed = run("quantities", "--json").document()["quantities"]
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


CLAIM = emtheory.Claim("near", "posterior_power(m=1) > 1/5", weights="one-heavy:3/5", for_all={"radius": (1, 2)})


def test_an_answer_is_a_curve_through_its_value() -> None:
    from matplotlib import pyplot

    mpl.use("agg")
    answer = emtheory.evaluate("kl_divergence", 2, "uniform", radius=1, digits=6)
    points = [tuple(each) for line in answer.plot().lines for each in np.column_stack(line.get_data()).tolist()]
    pyplot.close("all")
    assert (1.0, pytest.approx(float(answer))) in points
    with pytest.raises(emtheory.InputError, match="axes: 1 axes"):
        answer.plot(3)  # type: ignore[arg-type]
    with pytest.raises(emtheory.InputError, match="name a family"):
        emtheory.evaluate("spectral_gap", 2, ["1/4", "3/4"]).plot()


def test_every_table_is_a_data_frame_of_numbers(tmp_path: Path) -> None:
    emtheory.check(CLAIM, certificates=tmp_path)
    frames = {
        "margin": emtheory.check(CLAIM),
        "lower": emtheory.sweep([2, 4], "linear", "spectral_gap"),
        "pl_ratio": emtheory.trajectory(2, "linear", radius=1, steps=1),
        "radius": emtheory.simulate(2, "linear", n=50, iterations=2, no_factor=True),
        "seconds": emtheory.replay(tmp_path),
        "value": emtheory.atlas("separation-needed", points=2)["separation-needed"],
    }
    for column, table in frames.items():
        frame = table.to_dataframe()
        assert frame[column].dtype == float, column
        assert len(frame) >= 1, column


def test_floats_are_exact_where_somebody_says_which_are_meant() -> None:
    assert emtheory.exact([0.1, [np.float32(0.3), "1/3", 2]]) == [
        Fraction(1, 10),
        [Fraction(3, 10), Fraction(1, 3), Fraction(2)],
    ]
    assert emtheory.exact(0.1, binary=True) == Fraction(0.1) != Fraction(1, 10)
    claim = emtheory.Claim("gap", "spectral_gap == 7/100", k=3, weights=emtheory.exact(np.array([0.5, 0.3, 0.2])))
    assert emtheory.check(claim)["gap"].verdict == "proved"
    for wrong in (float("nan"), float("inf"), None, True, "x"):
        with pytest.raises(emtheory.InputError):
            emtheory.exact(wrong)


def test_a_claim_is_short_and_says_no_more_than_was_said() -> None:
    assert repr(CLAIM) == (
        "Claim('near', 'posterior_power(m=1) > 1/5', weights='one-heavy:3/5', for_all={'radius': ('1', '2')})"
    )
    assert eval(repr(CLAIM), {"Claim": emtheory.Claim}) == CLAIM  # noqa: S307 (our own text)
    hostile = emtheory.Claim("<b>", "pi > 3", title="</p><script>")
    assert not re.search("<script>|<b>", hostile._repr_html_())
