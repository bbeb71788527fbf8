"""The page on experiments names every experiment and every law, and nothing else."""

import re
from pathlib import Path

from emtheory.numerics.samples.distributions import FAMILIES
from emtheory.reports.experiments import experiment_names

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")


def test_every_experiment_has_a_line() -> None:
    assert sorted(re.findall(r"^\| `([a-z-]+)` \| [^|]*(?:first|second|third|next|how|does|open)", PAGE, re.M)) == list(
        experiment_names()
    )


def test_every_law_is_described() -> None:
    laws = PAGE.split("**Laws.**")[1].split("each scaled")[0]
    assert set(re.findall(r"`([a-z]+)(?::.)?`", laws)) == set(FAMILIES)
