"""What a finding speaks about: a point, a whole domain, or a box (`emtheory.reports.decide.boxes.cell`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

POINT = "point"
"""A single place."""
ALGEBRA = "algebra"
"""The whole domain at once, by exact signs of polynomials in its variables."""


@dataclass(frozen=True)
class Whole:
    """A whole domain, decided by `ALGEBRA`, and the place with irrational coordinates where it fails, if any."""

    domain: Mapping[str, str]
    place: Mapping[str, str] = field(default_factory=dict)
