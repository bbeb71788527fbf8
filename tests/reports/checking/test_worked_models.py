"""The worked models of examples/models: every claim comes out as it is expected."""

from pathlib import Path

import pytest

from emtheory.reports.api.check import check

WORKED = sorted((Path(__file__).resolve().parents[3] / "examples" / "models").glob("*.toml"))
QUICK = ("orbits", "poisson", "unequal-variances")


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=() if path.stem in QUICK else pytest.mark.long, id=path.stem) for path in WORKED]
)
def test_claims_come_out_as_expected(path: Path) -> None:
    results = check(str(path))
    assert [(record.id, record.reason) for record in results if not record.ok] == []
    assert any(record.expected == "refuted" for record in results)


def test_there_are_eight() -> None:
    assert len(WORKED) == 8
