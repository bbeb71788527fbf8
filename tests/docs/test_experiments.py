"""The page on experiments names every experiment and every law, and nothing else."""

from pathlib import Path

from emtheory.numerics.samples.distributions import FAMILIES
from emtheory.reports.experiments import experiment_names

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")


def first_column(head: str) -> list[str]:
    """What stands in the first cells of the table with this head, without the signs for code."""
    lines = PAGE.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()
    return [line.split(" | ")[0].removeprefix("| ").strip("`") for line in lines[1:]]


def test_every_experiment_has_a_line() -> None:
    assert sorted(first_column("| name | asks | finds |")) == sorted(experiment_names())


def test_every_law_is_described() -> None:
    assert {law.partition(":")[0] for law in first_column("| law | is |")} == set(FAMILIES)
