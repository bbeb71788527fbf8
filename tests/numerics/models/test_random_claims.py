"""Random claims about random models at points and on boxes: brute force in NumPy tells whether they are true."""

import random
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.model import MixtureModel
from tests.numerics.models.random_models import brute_force, random_model
from tests.tiers import first_every_day

STEP = Fraction(1, 1000)
SECONDS = 6.0


def value(model: MixtureModel, place: Mapping[str, Fraction], name: str | None) -> float:
    """E log p, or its derivative by a quotient of differences."""
    if name is None:
        return brute_force(model, place)["log_likelihood"]
    ends = (brute_force(model, {**place, name: place[name] + sign * STEP})["log_likelihood"] for sign in (1, -1))
    above, below = ends
    return (above - below) / float(2 * STEP)


def is_family(model: MixtureModel) -> bool:
    """Whether a model on the line has an M-step in closed form."""
    with suppress(InputError):
        return len(model.observed) == 1 and bool(em_step(model).update)
    return False


def claims(seed: int) -> tuple[Claim, Claim]:
    """A true claim and a false one: about one number in the middle of a small box, or on all of it."""
    rng = random.Random(1000 + seed)  # noqa: S311  # Claims, not keys.
    model, place = next(found for found in map(random_model, range(seed * 7, 10**6)) if is_family(found[0]))
    real = [name for name in place if not name.startswith("w")]
    moving = real[: rng.choice([0, 1, 2])]
    name = rng.choice([None, real[0]])
    radius = Fraction(1, 25)
    corners = product(*([place[each] - radius, place[each], place[each] + radius] for each in moving))
    seen = [value(model, {**place, **dict(zip(moving, corner, strict=True))}, name) for corner in corners]
    room = (max(seen) - min(seen)) * 0.4 + 0.01
    below, above = Fraction(min(seen) - room).limit_denominator(10**6), Fraction(max(seen)).limit_denominator(10**6)
    quantity = "log_likelihood" if name is None else f"score({name})"
    for_all = {each: (str(place[each] - radius), str(place[each] + radius)) for each in moving}
    fixed = {each: str(number) for each, number in place.items() if each not in moving}

    def claim(bound: Fraction) -> Claim:
        return Claim("c", f"{quantity} >= {bound}", k=(), family=model.text, for_all=for_all, values=fixed)

    return claim(below), claim(above + Fraction(1, 100))


@pytest.mark.parametrize("seed", first_every_day(3, range(50)))
def test_verdicts_are_right(seed: int) -> None:
    true, false = claims(seed)
    assert decide_claim(true, timeout=SECONDS).outcome == "certified", true.statement
    assert decide_claim(false, timeout=SECONDS).outcome == "refuted", false.statement
