"""Random claims about random models at points and on boxes: brute force in NumPy tells whether they are true."""

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.models.random_models import KINDS, random_claims, random_model
from tests.tiers import first_every_day

SECONDS = 2.0
"""For a box, on which a claim may be left open."""

DEAR = 20
"""The seed of which brute force takes twenty seconds to say what is true."""
SEEDS = [seed for seed in range(2 * len(KINDS)) if seed != DEAR]


@pytest.mark.parametrize("seed", first_every_day(1, SEEDS))
def test_verdicts_are_right(seed: int) -> None:
    written = random_model(seed)
    model = read_model(written.name, written.table())
    try:
        em_step(model)
    except InputError:
        return
    for each in random_claims(seed):
        claim = Claim("c", each.statement, k=(), family=model.text, for_all=each.for_all, values=each.values)
        verdict = decide_claim(claim, timeout=SECONDS if each.for_all else None)
        wrong = ("refuted",) if each.is_true else ("proved", "certified")
        assert verdict.outcome not in wrong, (each, verdict.reason)
        # At a point nothing may be left open but an equality that holds.
        assert each.for_all or verdict.outcome != "inconclusive", (each, verdict.reason)
