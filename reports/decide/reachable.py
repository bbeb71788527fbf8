"""The strongest verdict that a claim can reach, told from what it speaks about before anything is computed."""

from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.language.expression import calls_of
from emtheory.theory.claim import Claim


def reachable_level(claim: Claim) -> str:
    """Return proved, certified, supported or observed.

    InputError if the claim is malformed.
    """
    question = read_claim(claim)
    quantities = [find_quantity(call.quantity) for call in calls_of(question.comparison)]
    if any(quantity.sampled for quantity in quantities):
        return STRENGTH[Level.OBSERVED]
    if all(quantity.always_exact for quantity in quantities):
        return STRENGTH[Level.EXACT]
    if len(question.spans) > 1 or (question.assumptions and question.spans):
        # Imported here and not above: what has no box is told without NumPy.
        from emtheory.reports.decide.boxes.reach import is_followed  # noqa: PLC0415

        followed = all(is_followed(question, case) for case in question.cases)
        return STRENGTH[Level.CERTIFIED if followed else Level.SUPPORTED]
    return STRENGTH[Level.CERTIFIED]
