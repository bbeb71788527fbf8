"""The strongest verdict that a claim can reach, told from what it speaks about before anything is computed."""

from numerics.enclosure import Level
from numerics.quantity import QUANTITIES
from reports.domain import read_claim
from reports.evaluation import calls_of
from reports.family import CLOSED_FORMS
from reports.verdict import STRENGTH
from theory.claim import Claim

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
