"""A shell completes what there is, whatever file it was added in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.cli import program

PROGRAM = [sys.executable, "-c", "import sys; from emtheory.reports.cli import main; sys.exit(main())"]


def completions(*words: str) -> set[str]:
    """What is proposed for a command line whose last word is not complete."""
    complete = BashComplete(program, {}, "emtheory", "_EMTHEORY_COMPLETE")
    return {item.value for item in complete.get_completions(list(words[:-1]), words[-1])}


def test_bash_is_told() -> None:
    words = ("evaluate", "--model", "three-means", "em_r")
    variables = {
        "_EMTHEORY_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("emtheory", *words)),
        "COMP_CWORD": str(len(words)),
    }
    result = subprocess.run(
        PROGRAM, env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert {line.partition(",")[2] for line in result.stdout.splitlines()} == completions(*words) == {"em_rate"}


def test_names_models_and_their_parameters_are_completed() -> None:
    assert completions("evaluate", "pl_") == {name for name in QUANTITIES if name.startswith("pl_")}
    for words, expected in (
        ("derive uniform-d", {"uniform-dft"}),
        ("claims --source w", {"weinberger_bresler", "wu_zhou"}),
        ("evaluate pl_ratio --route b", {"ball"}),
        ("evaluate em_map --family two-means --sep", {"--separation"}),
        ("evaluate em_map --family two-means --at sep", {"separation="}),
        ("evaluate strong_convexity_radius --set ", {"fraction="}),
        ("sweep --weights one", {"one-heavy:"}),
    ):
        assert completions(*words.split(" ")) == expected
    file = str(Path(__file__).parents[2] / "examples" / "models" / "unequal-variances.toml")
    (name,) = completions("evaluate", "em_map", "--models", file, "--model", "u")
    assert "theta=" in completions("evaluate", "em_map", "--models", file, "--model", name, "--at", "t")
    assert completions("evaluate", "em_map", "--models", "missing.toml", "--at", "t") == set()


def test_ids_of_claims_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claim = '[[claim]]\nid = "{}"\nstatement = "spectral_gap > 0"\nk = 3\nweights = "linear"\n'
    (tmp_path / "claims.toml").write_text("schema = 1\n" + claim.format("rate-1") + claim.format("gap"))
    (tmp_path / "other.toml").write_text("schema = 1\n" + claim.format("rate-2"))
    (tmp_path / "broken.toml").write_text("schema = ")
    assert completions("check", "--explain", "rate") == {"rate-1"}  # of the folder
    assert completions("check", "other.toml", "--select", "") == {"rate-2"}
    assert completions("sharpen", "other.toml", "--select", "r") == {"rate-2"}
    assert completions("check", "broken.toml", "--select", "r") == set()
