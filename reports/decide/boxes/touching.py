"""A statement on a box in which its sides touch."""

from dataclasses import dataclass

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.language.expression import Expression


@dataclass(frozen=True)
class TouchingForms:
    """x."""

    forms: FamilyForms

    @property
    def applies(self) -> bool:
        return False

    def distance(self, operator: str, left: Expression, right: Expression) -> Bound | None:
        return None
