"""The strongest verdict that a claim can reach, told from what it speaks about before anything is computed."""

from emtheory.numerics.enclosure import Level
from emtheory.numerics.quantity import QUANTITIES
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.evaluation import calls_of
from emtheory.reports.decide.verdict import STRENGTH
from emtheory.reports.language.family import CLOSED_FORMS
from emtheory.theory.claim import Claim

EXACT = (*CLOSED_FORMS, "sublinear_constant", "asymptotic_rate")
"""The quantities that are always known exactly."""


def reachable_level(claim: Claim) -> str:
    """Return proved, certified, supported or observed.

    Raises
    ------
    InputError
        If the claim is malformed.
    """
    question = read_claim(claim)
    quantities = {call.quantity for call in calls_of(question.comparison)}
    if any(QUANTITIES[name].sampled for name in quantities):
        return STRENGTH[Level.OBSERVED]
    if len(question.spans) > 1 or (question.assumptions and question.spans):
        return STRENGTH[Level.SUPPORTED]
    return STRENGTH[Level.EXACT if quantities <= set(EXACT) else Level.CERTIFIED]
