"""A published number is right to its last digit, or it is not: by claims and by enclosures, at the edges as well."""

from fractions import Fraction
from pathlib import Path

import pytest

import emtheory
from emtheory.numerics.enclosure import Enclosure, Level
from emtheory.theory.published import as_chain, published_interval
from tests.reports.conftest import Run

THREE = {"k": 3, "weights": ["1/2", "3/10", "1/5"]}


def test_an_enclosure_and_a_claim_agree() -> None:
    for truth, printed, right in (
        ("2/3", "0.667", True),
        ("2/3", "0.666", False),
        ("2/3", "0.666…", True),
        ("2/3", "0.667...", False),
        ("-2/3", "-0.666…", True),
        ("-2/3", "-0.667…", False),
        ("1/5", "0.1…", False),
        ("1/5", "0.2…", True),
        ("1/8", "0.12", True),
        ("1/8", "0.13", True),
        ("-1/1000", "-0.00…", True),
        ("1/1000", "-0.00…", False),
        ("123451", "1.234e5", False),
    ):
        assert Enclosure(Fraction(truth), Fraction(truth), Level.EXACT, "exact").matches(printed) == right
        record = emtheory.check(emtheory.Claim("a", f"matches({truth}, '{printed}')"))["a"]
        assert record.verdict == ("proved" if right else "refuted"), (truth, printed)


def test_a_claim_says_which_interval_it_is() -> None:
    claim = emtheory.Claim("kl", 'matches(kl_divergence, "0.10483905…")', radius=1, **THREE)  # type: ignore[arg-type]
    assert claim.statement == "0.10483905 <= kl_divergence < 0.10483906"
    wrong = emtheory.Claim("off", 'matches(kl_divergence, "0.10483906…")', radius=1, **THREE)  # type: ignore[arg-type]
    found = emtheory.check(claim, wrong)
    assert [record.verdict for record in found] == ["certified", "refuted"]
    assert as_chain("matches(1 - pi/4, '-1.5e-3')") == "-0.00155 <= 1 - pi/4 <= -0.00145"
    assert as_chain("matches(-pi, '-3.1…')") == "-3.2 < (-pi) <= -3.1"


def test_in_a_file_it_is_verified_like_any_other(run: Run, tmp_path: Path) -> None:
    table = (
        "[[claim]]\nid = '{}'\nstatement = 'matches(spectral_gap, \"{}\")'\nk = 3\nweights = ['1/2', '3/10', '1/5']\n"
    )
    path = tmp_path / "claims.toml"
    path.write_text("schema = 1\n" + table.format("right", "0.07"), encoding="utf-8")
    assert run("check", path, "--certificates", tmp_path / "made").code == 0
    assert run("replay", tmp_path / "made", "--claim", path).code == 0
    assert run("verify", tmp_path / "made").code == 0
    path.write_text("schema = 1\n" + table.format("none", "about 0.07"), encoding="utf-8")
    run("check", path).assert_one_line_error(2, "'about 0.07' is no decimal such as '0.1048'")


def test_what_matches_nothing_is_an_error_and_many_digits_are_exact() -> None:
    for statement in (
        *(
            "matches(pi)",
            "matches(pi, 3.14)",
            "matches(pi, '3.14', 2)",
            "matches(pi, '3,14')",
            "matches(pi, '1e99999')",
        ),
        *("matches(3 < pi, '3.14')", "matches(pi, '3.14') and 1 < 2", "matches(pi) < 4) < (5"),
        "matches(matches(pi, '3'), '3')",
    ):
        with pytest.raises(emtheory.InputError):
            emtheory.check(emtheory.Claim("a", statement))
    digits = "1" * 900
    printed = published_interval(f"0.{digits}…")
    assert Fraction(printed.high) - Fraction(printed.low) == Fraction(1, 10**900)
    with pytest.raises(emtheory.InputError):
        published_interval("1" * 2000)
