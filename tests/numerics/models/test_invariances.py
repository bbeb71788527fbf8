"""Changes of parameters that EM's map follows, against brute force, and models that have none or all of a group."""

from collections.abc import Mapping
from dataclasses import replace
from math import isclose

import pytest
import sympy

from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.invariances import invariances
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.models.model_by_sums import At
from tests.numerics.models.random_models import random_model, random_place
from tests.tiers import first_every_day


@pytest.mark.parametrize("seed", first_every_day(22, range(44)))
def test_map_follows(seed: int) -> None:
    written = random_model(seed)
    model = read_model(written.name, written.table())
    try:
        found = invariances(model) if len(model.observed) == 1 else ()
    except InputError:  # There is no M-step in closed form.
        return
    for each in found:
        place = {name: float(value) for name, value in random_place(written, seed).items()}
        place |= _at(each.conditions, place)
        here = At(written, place)
        moved = replace(here, place={**place, **_at(each.values, place)})
        try:
            image, there = _at(each.values, {**place, **here.step}), moved.step
        except ArithmeticError:
            continue
        assert all(isclose(there[name], image[name], rel_tol=1e-6, abs_tol=1e-7) for name in model.estimate)


def _at(values: Mapping[str, sympy.Expr], place: dict[str, float]) -> dict[str, float]:
    return {
        name: float(value.subs({each: place[each.name] for each in value.free_symbols}))
        for name, value in values.items()
    }


MEANS = ("a", "b", "c")
CENTRED, BESIDE = [{"weight": 1, "x": "normal(0, 1)"}], [{"weight": 1, "x": "normal(1, 1)"}]


@pytest.mark.parametrize(
    ("weights", "data", "count"),
    [(("1/3",) * 3, CENTRED, 3), (("1/3",) * 3, BESIDE, 2), (("1/2", "1/4", "1/4"), BESIDE, 1),
     (("1/2", "1/3", "1/6"), BESIDE, 0), (("1/2", "1/3", "1/6"), CENTRED, 1)],
)  # fmt: skip
def test_generators_of_permutations_and_signs(weights: tuple[str, ...], data: list[object], count: int) -> None:
    """Two transpositions make all orders of three equal weights; signs change where the data are centred."""
    fit = [{"weight": w, "x": f"normal({mean}, 1)"} for w, mean in zip(weights, MEANS, strict=True)]
    table = {"data": data, "fit": fit, "estimate": [*MEANS], "parameters": dict.fromkeys(MEANS, "real")}
    assert len(invariances(read_model("means", table))) == count
