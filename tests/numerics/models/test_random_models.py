"""Random models against brute force in NumPy: enclosures, claims, symmetries, and routes against each other."""

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.box import Box, box_expectations
from emtheory.numerics.expectation.form import form_program
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.models.evaluation import dual_values, law_of_data, log_likelihood, point_values
from emtheory.numerics.models.family import family_of
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import information_target
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.invariances import invariances
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.models.model_by_sums import At, Written
from tests.numerics.models.random_models import KINDS, random_claims, random_model, random_place
from tests.tiers import first_every_day

L = {1: 25.0, 2: 22.0, 3: 9.0}
"""By the number of coordinates: each costs."""


def model_at(seed: int) -> tuple[Written, MixtureModel, dict[str, Fraction]]:
    written = random_model(seed)
    return written, read_model(written.name, written.table()), random_place(written, seed)


def wanted_of(model: MixtureModel) -> list[Mean]:
    size = len(model.observed)
    powers = [(0,) * size, (1, *(0,) * (size - 1)), tuple(2 if size == 1 else int(s < 2) for s in range(size))]
    return [Mean(x, posteriors) for x in powers for j in range(len(model.fit)) for posteriors in ((j,), (0, j))]


@pytest.mark.parametrize("seed", first_every_day(len(KINDS), range(22)))
def test_enclosures_at_points_and_over_boxes_contain_brute_force(seed: int) -> None:
    """Of boxes, values at a corner and quotients of differences across it are where they should be."""
    written, model, place = model_at(seed)
    brute, accuracy = At(written, {p: float(value) for p, value in place.items()}, 1.6), L[len(model.observed)]
    moving, wanted = tuple(name for name in place if not name.startswith("w"))[:2], wanted_of(model)
    radius = flint.arb(1) / 64
    with arb_precision(working_bits(accuracy)):
        centre = {name: flint.arb(to_fmpq(number)) for name, number in place.items()}
        found = expectations(model, wanted, centre, accuracy, log=True)
        assert (found.log_partition + flint.arb(0, 1e-8)).contains(brute.log_likelihood()), model.name
        constant = found.log_partition - log_likelihood(law_of_data(model, centre), centre, accuracy)
        assert (constant + flint.arb(0, 1e-8)).contains(-brute.kl_divergence()), model.name
        for mean, ball in found.means.items():
            assert (ball + flint.arb(0, 1e-8)).contains(brute.mean(mean.x, mean.posteriors)), (seed, mean)
            assert ball.rad() < {1: 1e-5, 2: 0.5, 3: 1}[len(model.observed)]
        hull = {name: ball + (flint.arb(0, 1) * radius if name in moving else 0) for name, ball in centre.items()}
        over = box_expectations(model, wanted, Box(centre, hull, moving), 9.0).means
        for index, name in enumerate(moving):
            there = expectations(model, wanted, {**centre, name: centre[name] + radius}, accuracy).means
            for mean in wanted:
                assert over[mean].value.overlaps(there[mean])
                quotient = (there[mean] - found.means[mean]) / radius
                assert over[mean].slopes[index].overlaps(quotient), (seed, name, mean)


SECONDS = 1.0
"""For a claim on a box, which may be left open."""


@pytest.mark.parametrize("seed", first_every_day(1, range(len(KINDS))))
def test_verdicts_on_random_claims_are_right(seed: int) -> None:
    _, model, _ = model_at(seed)
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


@pytest.mark.parametrize("seed", [15, 19, 30, 35, 43])
def test_the_map_follows_changes_of_parameters(seed: int) -> None:
    """Those of the first 44 models on a line that change into themselves."""
    written, model, rational = model_at(seed)
    (found,) = invariances(model)
    place = {name: float(value) for name, value in rational.items()}
    place |= _at(found.conditions, place)
    here = At(written, place)
    there = replace(here, place={**place, **_at(found.values, place)}).step
    image = _at(found.values, {**place, **here.step})
    assert all(math.isclose(there[p], image[p], rel_tol=1e-6, abs_tol=1e-7) for p in model.estimate)


def _at(values: Mapping[str, sympy.Expr], place: dict[str, float]) -> dict[str, float]:
    return {
        name: float(value.subs({each: place[each.name] for each in value.free_symbols}))
        for name, value in values.items()
    }


THIRDS = ("1/3",) * 3


@pytest.mark.parametrize(
    ("weights", "data", "count"),
    [(THIRDS, 0, 3), (THIRDS, 1, 2), (("1/2", "1/4", "1/4"), 1, 1), (("1/2", "1/3", "1/6"), 1, 0)],
)
def test_generators_of_permutations_and_signs(weights: tuple[str, ...], data: int, count: int) -> None:
    """Two transpositions make all orders of three equal weights; signs change where the data are centred."""
    fit = [{"weight": w, "x": f"normal({mean}, 1)"} for w, mean in zip(weights, "abc", strict=True)]
    table = {"data": [{"weight": 1, "x": f"normal({data}, 1)"}], "fit": fit, "estimate": [*"abc"]}
    assert len(invariances(read_model("means", table | {"parameters": dict.fromkeys("abc", "real")}))) == count


def test_routes_agree() -> None:
    """Balls, and EM in NumPy with differences for derivatives, for every quantity of a model on a line at a point."""
    _, model, place = model_at(0)
    family = family_of(model.text)
    case = family.case(place)
    compared = 0
    for quantity in family.quantities:
        if not quantity.needs_point or any(not each.optional for each in quantity.arguments):
            continue
        ball = quantity.routes["ball"]
        try:
            enclosure = ball(case, 8)
        except CannotAnswerError:
            assert quantity.name.startswith("complete_information")  # 0 has no digits.
            continue
        other = quantity.routes["float"](case, 8)
        middle = float(enclosure.midpoint)
        assert math.isclose(middle, float(other.midpoint), rel_tol=1e-5, abs_tol=1e-6), quantity.name
        compared += 1
    assert compared > 5


@pytest.mark.parametrize(("weight", "mirrored", "image"), [("1/2", True, True), ("1/3", True, False)])
def test_signs_that_change_nothing_are_used_and_others_are_not(weight: str, mirrored: bool, image: bool) -> None:
    """Regressions through 0 do not change with −x and −y, and those of opposite slopes change places with −y alone."""
    slopes = (0.7, -0.7)
    table = {
        "observed": ["x", "y"],
        "data": [{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}6/5*x, 1)"} for sign in ("", "-")],
        "fit": [
            {"weight": part, "x": "normal(0, 1)", "y": f"normal({sign}t*x, 1)"}
            for part, sign in ((weight, ""), (f"1 - {weight}", "-"))
        ],
        "estimate": ["t"],
        "parameters": {"t": "real"},
    }
    model = read_model("regressions", table)
    program = form_program(model)
    assert [each is not None for each in program.images] == [False, image]
    z, step = np.linspace(-9, 9, 301, retstep=True)
    x, e = np.meshgrid(z, z, indexing="ij")
    cell = np.exp(-(x**2 + e**2) / 2) * step**2 / (4 * np.pi)
    first = float(Fraction(weight))
    wanted = [Mean(a, b) for a in ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (2, 2)) for b in ((0,), (1,), (0, 1))]
    with arb_precision(working_bits(L[1])):
        values = {"t": flint.arb(7) / 10}
        assert all((form.mirror is not None) == mirrored for form in program.forms(values))
        point = expectations(model, wanted, values, L[2]).means
        over = box_expectations(model, wanted, Box(values, {"t": values["t"] + flint.arb(0, 0.01)}, ("t",)), 16.0).means
        for mean in wanted:
            expected = 0.0
            for slope in (1.2, -1.2):
                y = slope * x + e
                parts = [w * np.exp(-((y - b * x) ** 2) / 2) for w, b in zip((first, 1 - first), slopes, strict=True)]
                factor = np.prod([parts[j] / sum(parts) for j in mean.posteriors], axis=0)
                expected += float((cell * x ** mean.x[0] * y ** mean.x[1] * factor).sum())
            assert (point[mean] + flint.arb(0, 1e-9)).contains(expected), mean
            assert point[mean].rad() < 1e-5
            assert (over[mean].value + flint.arb(0, 1e-9)).contains(expected), mean


def test_sums_over_a_box_lose_nothing_far_from_the_origin() -> None:
    """The information of three means near 9 is a sum of terms near 80, of which the box sees next to nothing."""
    model = packaged_models()["three-means"]
    place = dict.fromkeys((each.name for each in model.parameters), Fraction(1, 3))
    place |= dict(zip(model.estimate, map(Fraction, ("-1/32", "17/2", "75/8")), strict=True))
    place |= {"truth_first_mean": Fraction(-2), "truth_second_mean": Fraction(2), "truth_third_mean": Fraction(9)}
    target, radius = information_target(model), flint.arb(1) / 100
    with arb_precision(working_bits(L[1])):
        centre = {name: flint.arb(to_fmpq(number)) for name, number in place.items()}
        hull = {**centre, **{name: centre[name] + flint.arb(0, radius) for name in model.estimate}}
        duals = dual_values(model, target, Box(centre, hull, model.estimate))
        assert all(dual.value.rad() < 0.02 for dual in duals)
        here = point_values(model, target, centre, L[1])
        for index, name in enumerate(model.estimate):
            there = point_values(model, target, {**centre, name: centre[name] + radius}, L[1])
            for dual, first, second in zip(duals, here, there, strict=True):
                assert dual.value.contains(second)
                assert dual.slopes[index].contains(((second - first) / radius).mid())
