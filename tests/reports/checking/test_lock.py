"""The drift lock, by the command."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.checking.lock import LockedSide, _overlap
from tests.reports.conftest import Run

CLAIM = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 3\nweights = [0.5, 0.3, 0.2]\n'
LOCKED = (
    b'{"format": "emtheory lock", "version": 1, "claims": {"gap": {"fingerprint": "", "verdict": "proved", '
    b'"level": "proved", "enclosures": [{"case": "", "expression": "", "lower": "0.07", "upper": "1"}]}}}'
)
CLAIMS = {"gap": "spectral_gap == 7/100", "pi": "3 < exp(log(pi)) < 22/7", "bound": "contraction_bound(radius=1) < 1"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def claims(**statements: str) -> None:
        text = "".join(CLAIM.format(name, statement) for name, statement in statements.items())
        (tmp_path / "a.toml").write_text("schema = 1\n" + text)

    return claims


@pytest.fixture
def locked(run: Run, tmp_path: Path, write: Callable[..., None]) -> Callable[..., Any]:
    """Lock three claims; then check with --frozen."""
    write(**CLAIMS)
    assert run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock").code == 0

    def frozen(*arguments: str) -> Any:
        before = (tmp_path / "claims.lock").read_bytes()
        result = run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--frozen", *arguments)
        assert (tmp_path / "claims.lock").read_bytes() == before
        return result

    return frozen


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(path.read_text())
    change(document["claims"])
    path.write_text(json.dumps(document))


def test_numbers_of_every_size_are_locked(run: Run, tmp_path: Path) -> None:
    statements = ("strong_convexity_radius > 1", "exp(-1000) > 0", "exp(1000) > -1e-30", "exp(exp(exp(9))) > 1")
    claims = (CLAIM.format(f"c{n}", statement) for n, statement in enumerate(statements))
    text = "schema = 1\n" + "".join(claims).replace("k = 3", "k = 2").replace("[0.5, 0.3, 0.2]", "[0.75, 0.25]")
    (tmp_path / "a.toml").write_text(text)
    options = (tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--allow-inconclusive")
    assert run("check", *options).code == 0
    assert run("check", *options, "--frozen").code == 0


def test_nothing_has_drifted_at_once(locked: Callable[..., Any], tmp_path: Path) -> None:
    assert locked().code == 0
    assert locked("--no-cache").code == 0
    entries = json.loads((tmp_path / "claims.lock").read_text())["claims"]
    assert {name: entry["verdict"] for name, entry in entries.items()} == {
        "gap": "proved",
        "bound": "certified",
        "pi": "certified",
    }
    side = {"case": "k = 3, d = 2", "expression": "spectral_gap", "lower": "0.07", "upper": "0.07"}
    assert entries["gap"]["enclosures"][0] == side


def test_changed_vanished_and_new_claims(
    run: Run, tmp_path: Path, locked: Callable[..., Any], write: Callable[..., None]
) -> None:
    write(gap=CLAIMS["gap"], pi="3 < pi < 4", new="1 < 2")
    result = locked()
    assert result.code == 1
    said = {line.split(": ", 1)[1] for line in result.out.splitlines() if "claims.lock: " in line}
    changed = "claim 'pi': says something else than it did, under the same id"
    assert said == {changed, "claim 'bound' has vanished", "claim 'new' is new"}
    assert locked("--select", "gap").code == 0
    # A partial check keeps the other entries.
    write(**CLAIMS | {"gap": "spectral_gap < 1"})
    assert run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--select", "gap").code == 0
    assert locked().code == 0


def _judge(claims: dict[str, Any], **judged: str) -> None:
    claims["pi"].update(judged)


def _move(claims: dict[str, Any], **ends: str) -> None:
    next(side for side in claims["pi"]["enclosures"] if side["expression"] == "exp(log(pi))").update(ends)


def test_a_verdict_that_weakens_or_turns_and_an_enclosure_that_no_longer_overlaps(
    locked: Callable[..., Any], tmp_path: Path
) -> None:
    was = "exp(log(pi)) at k = 3, d = 2 was in"
    for change, said, drifts in (
        (partial(_judge, verdict="proved", level="proved"), "claim 'pi': the verdict was proved", True),
        (partial(_judge, verdict="supported", level="supported"), "claim 'pi': the verdict was", False),
        (partial(_move, lower="3.2", upper="3.3"), was, True),
        (partial(_move, lower="-inf", upper="3"), was, True),
        (partial(_move, lower="3", upper="inf"), was, False),
    ):
        edit(tmp_path / "claims.lock", change)
        result = locked()
        assert (result.code, said in result.out) == (int(drifts), drifts)


def test_what_is_not_a_lock(run: Run, tmp_path: Path, write: Callable[..., None]) -> None:
    write(**CLAIMS)
    for content, message in (
        (b"{}", "is not a lock file of this version"),
        (b'{"format": "emtheory lock", "version": 2, "claims": {}}', "version"),
        (b'{"format": "emtheory lock", "version": 1, "claims": {"a": {}}}', "is not a lock file"),
        (b"\xff" * 100, "is not UTF-8 text"),
        (LOCKED.replace(b"0.07", b"1..2"), "claims.gap.enclosures.0.lower"),
        (LOCKED.replace(b"0.07", b"1e9999999"), "claims.gap.enclosures.0.lower"),
        (LOCKED.replace(b'"proved"', b'"true"'), "claims.gap.level"),
        (b"[" * 100_000, "is not a lock file"),
    ):
        (tmp_path / "claims.lock").write_bytes(content)
        for options in ((), ("--frozen",)):
            result = run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", *options)
            result.assert_one_line_error(2, message)
        assert (tmp_path / "claims.lock").read_bytes() == content


numbers = st.integers(-5, 5)


@given(numbers, numbers, numbers, numbers)
def test_overlap(a: int, b: int, c: int, d: int) -> None:
    first, second = sorted((a, b)), sorted((c, d))
    common = set(range(first[0], first[1] + 1)) & set(range(second[0], second[1] + 1))
    sides = [LockedSide(case="", expression="", lower=str(lower), upper=str(upper)) for lower, upper in (first, second)]
    assert _overlap(*sides) == bool(common)
