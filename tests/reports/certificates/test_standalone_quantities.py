"""Quantities and forms of the standalone verifier: beside the project's, near radius 0, far out, on boxes."""

from contextlib import nullcontext, suppress
from fractions import Fraction
from itertools import islice, product
from typing import Any

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics import evaluate as project_values
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.sample_theorem import shells as project_shells
from emtheory.reports.certificates.verify.balls import HALF, ONE, QUARTER
from emtheory.reports.certificates.verify.case import Case
from emtheory.reports.certificates.verify.expressions import COMPARE, evaluate, parse
from emtheory.reports.certificates.verify.forms import POLYNOMIALS, Key
from emtheory.reports.certificates.verify.place import Place
from emtheory.reports.certificates.verify.posterior import mean_named, on_ray
from emtheory.reports.certificates.verify.proof import prove
from emtheory.reports.certificates.verify.quantities import quantity
from emtheory.reports.certificates.verify.reading import OutcomeError, number
from emtheory.reports.certificates.verify.samples import THEOREM
from emtheory.reports.certificates.verify.shells import below, radii, rates, shell

POINTS: list[tuple[str, int, str, dict[str, Any]]] = [
    ("posterior_power(m=1)", 3, "1/2,3/10,1/5", {"radius": "1"}),
    ("kl_divergence", 4, "1/2,1/4,1/8,1/8", {"radius": "3/2"}),
    ("hessian_min_eigenvalue", 4, "1/2,1/4,1/8,1/8", {"radius": "1"}),
    ("hessian_min_eigenvalue", 6, "one-heavy:9/10", {"radius": "2"}),
    ("pl_ratio", 2, "4/5,1/5", {"radius": "7"}),
    ("log_partition", 5, "linear", {"radius": "1/20"}),
    ("lloyd_radius", 7, "uniform", {}),
    # Off the simplex.
    *((name, 4, "linear", {"amplitudes": "1/20,0"}) for name in ("log_partition", "kl_divergence")),
    *((name, 4, "linear", {"amplitudes": "0,2"}) for name in ("posterior_power(m=1)", "pl_ratio")),
    ("hessian_min_eigenvalue", 3, "linear", {"amplitudes": "3/2"}),
    ("kl_divergence", 5, "linear", {"amplitudes": "0,1"}),
]


@pytest.mark.parametrize(("text", "k", "weights", "point"), POINTS)
def test_enclosures_agree_with_those_of_the_project(text: str, k: int, weights: str, point: dict[str, Any]) -> None:
    name, powers = text.partition("(")[0], {"m": Fraction(1)} if "(" in text else {}
    found = project_values.evaluate(name, make_case(k, weights, **point), powers, 12)
    amplitudes = {"amplitudes": point["amplitudes"].split(",")} if "amplitudes" in point else {}
    with arb_precision(160):
        place = Place(Case({"weights": weights} | point | amplitudes, k), {}, 30)
        mine = place.range(quantity(place, name, (), {"m": place.form(flint.fmpq(1))} if powers else {}))
        theirs = [flint.arb(number(str(end))) for end in (found.lower, found.upper)]
        assert mine.overlaps(theirs[0].union(theirs[1]))
        assert mine.rad() < 1e-8


@pytest.mark.parametrize("weights", ["4/5,1/5", "1/2,3/10,1/5", "1/2" + 15 * ",1/30"])
def test_means_to_few_digits_contain_those_to_many(weights: str) -> None:
    """Errors are as large as what they bound: without the missing mass, tails or the error of a rule some do not."""
    parts = weights.split(",")
    classes = tuple(
        (number(weight), tuple(j for j, part in enumerate(parts) if part == weight)) for weight in dict.fromkeys(parts)
    )
    for v in map(number, ("1/10", "1", "6", "40")):
        exact = on_ray(len(parts), classes, v, 40)
        for goal, name in product((-5, -3, -1, 2), (("b", 1), ("t", 1, 1), ("B",))):
            rough = mean_named(on_ray(len(parts), classes, v, goal), *name)
            assert rough.contains(mean_named(exact, *name).mid())


def test_moments_are_numbers_where_a_node_has_a_transform_around_zero() -> None:
    """A ball around zero to an integer power is not a number for the library; with like weights γ̂_1 is 0 at 0."""
    with arb_precision(120):
        found = mean_named(on_ray(2, [(HALF, (0, 1))], flint.arb(1) / 3, 14), "b", 1)
        assert found.is_finite()
        assert found.rad() < 1e-5


@pytest.mark.parametrize(
    ("k", "box"),
    [(3, {"W": ("3/5", "13/20"), "radius": ("0", "1/20")}), (5, {"W": ("3/5", "3/5"), "radius": ("1", "11/10")})],
)
def test_functions_on_boxes_contain_their_values(k: int, box: dict[str, tuple[str, str]]) -> None:
    case = Case({"weights": "one-heavy:W", "for_all": box}, k)
    ends = {variable: tuple(map(number, each)) for variable, each in box.items()}
    for name, part in product((("b", 1), ("B",), ("t", 1, 1)), (flint.fmpq(1, 7), flint.fmpq(5, 6))):
        with arb_precision(150):
            place = Place(case, ends, 4)
            ball = place.range(place.mean(*name))
            point = {variable: low + (high - low) * part for variable, (low, high) in ends.items()}
            there = Place(case, {at: (x, x) for at, x in point.items()}, 30)
            assert ball.contains(there.range(there.mean(*name)).mid())
            assert ball.rad() < 1


NEAR_AND_FAR = [
    ("posterior_power(m=1) >= 4/5 * spectral_gap", 2, {"W": ("1/2", "11/20"), "radius": ("0", "1/8")}, True),
    ("kl_divergence <= 3/8 * radius**4", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, True),
    ("kl_divergence >= 3/8 * radius**4", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, False),
    ("posterior_power(m=1) <= 9/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, True),
    ("posterior_power(m=1) <= 7/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, False),
    ("hessian_min_eigenvalue >= 23/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/40")}, True),
    ("hessian_min_eigenvalue >= 25/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/40")}, False),
    ("exp(radius) - radius <= exp(558/1000 * radius**2)", 3, {"radius": ("0", "1/8")}, True),
    ("exp(radius) - radius <= exp(499/1000 * radius**2)", 3, {"radius": ("0", "1/8")}, False),
    ("posterior_power(m=1) == posterior_power(m=2)", 3, {"radius": ("0", "1/8")}, True),
    ("posterior_power(m=1) == posterior_power(m=2)", 5, {"radius": ("0", "1/8")}, False),
    ("radius <= 2 * radius**2", 3, {"radius": ("0", "1/8")}, False),
    ("radius >= 2 * radius**2", 3, {"radius": ("0", "1/8")}, True),
    ("kl_divergence <= radius**2/2 - 1/8*radius", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, True),
    ("kl_divergence <= radius**2/2 - 4/5*radius", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, False),
    ("posterior_power(m=1) >= 1 - 1/radius", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, True),
    ("posterior_power(m=1) >= 1 - 1/radius**2", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, False),
    ("hessian_min_eigenvalue >= exp(-radius**2)", 3, {"radius": ("8", "inf")}, True),
    ("2 * exp(-radius) < exp(-radius)", 3, {"radius": ("8", "inf")}, False),
    ("posterior_power(m=1) == posterior_power(m=2)", 5, {"radius": ("40", "inf")}, False),
    ("posterior_power(m=1) == hessian_min_eigenvalue", 3, {"radius": ("8", "inf")}, False),
    # True, and not decided.
    ("exp(log(1 + radius)) >= 1 + radius", 3, {"radius": ("0", "1/8")}, False),
]


@pytest.mark.parametrize(("statement", "k", "box", "holds"), NEAR_AND_FAR)
def test_statements_near_0_and_far_out(statement: str, k: int, box: dict[str, tuple[str, str]], holds: bool) -> None:
    """Sides that touch at radius 0, or for large radii: true statements are shown, and near misses are not."""
    case = Case({"weights": "one-heavy:W" if "W" in box else "linear", "for_all": box}, k)
    ends = {variable: tuple(map(number, each)) for variable, each in box.items()}
    text, tree = parse(statement)
    operator = COMPARE[type(tree.ops[0]).__name__]

    def sides(place: Any) -> list[Any]:
        return [evaluate(place, text, tree.left, quantity), evaluate(place, text, tree.comparators[0], quantity)]

    with nullcontext() if holds else pytest.raises(OutcomeError):
        prove(case, [operator], ends, sides, goals=(7,))


NO_SIGN = ("1/(1 - 1)", "0 * (1/(1 - 1))", "(1/(1 - 1))**0", "0 * log(0)", "min(0, 1/(1 - 1))", "0 * sqrt(-1)")


def test_what_has_no_value_has_no_sign() -> None:
    signs = {"exp(0) - 1": {0}, "exp(0) - 2": {-1}, "exp(1/10**9) - 1": {1}}
    for text, expected in [*((each, {-1, 0, 1}) for each in NO_SIGN), *signs.items()]:
        place = Place(Case({}, 2), {}, 30)
        assert place.signs(evaluate(place, *parse(text), quantity)) == expected, text


ROOT = "c**4 + c**3 + c**2 + c + 1"
"""It vanishes for c = e^{2πi/5} and for no real c."""


@pytest.mark.parametrize(
    ("k", "name", "ends", "text"),
    [
        (5, "c", ("0", "1/8"), f"dft_modulus(m=1)**2 * ({ROOT})"),
        (5, "c", ("1/8", "1/8"), f"(dft_modulus(m=1)**2 - dft_modulus(m=1)**2 + 1) * ({ROOT})"),
        (4, "B", ("1", "1"), "2 * kl_divergence - B * radius**2"),
        (4, "h", ("8", "inf"), "1 - h/radius - hessian_min_eigenvalue"),
        (4, "eigenvalue", ("0", "1/8"), "hessian_min_eigenvalue - spectral_gap - eigenvalue * radius**2"),
    ],
)
def test_a_variable_is_no_part_of_a_quantity(k: int, name: str, ends: tuple[str, str], text: str) -> None:
    """Each may be positive for so small a variable, and would not if the variable were that part."""
    case = Case({"weights": "linear" if k == 5 else "one-heavy:1/2"}, k)
    numbers = tuple(map(number, ends))
    box = {name: numbers} if k == 5 else {"radius": numbers, name: (ONE / 2000, ONE / 1000)}
    with arb_precision(100):
        place = Place(case, box, 7)
        signs = place.signs(evaluate(place, *parse(text), quantity))
        assert signs == {1} if k == 5 else 1 in signs


def test_what_is_no_quantity_has_no_value() -> None:
    """At amplitudes that are all 0, from where EM does not move; and ratios on a box with radius 0."""
    place = Place(Case({"weights": "linear", "amplitudes": ["0", "0"]}, 4), {}, 7)
    for text in (
        *(
            "sample_kl_bound(n=3/2, delta=1/20, radius=1)",
            "sample_kl_bound(n=10, delta=2, radius=1)",
            "asymptotic_rate",
        ),
        *("sample_error_bound(n=0, delta=1/20, radius=1)", "iterations_to_kl(eps=0)", "posterior_power(m=3/2)"),
        *("dft_modulus(m=4)", "contraction_bound(radius=-1)", "pl_constant(radius=0)", "contraction_bound(radius=pi)"),
        *("sample_kl_bound(n=10, delta=1/20, radius=1)", "spectral_gap(m=1)", "posterior_power(m=W)", "radius"),
        "().__class__",
    ):
        with pytest.raises((OutcomeError, TypeError)):
            evaluate(place, *parse(text), quantity)
    for name, (low, there) in product(("pl_ratio", "asymptotic_rate"), ((ONE / 8, True), (ONE * 0, False))):
        place = Place(Case({"weights": "linear"}, 3), {"radius": (low, QUARTER)}, 7, near=True)
        with nullcontext() if there else pytest.raises(OutcomeError, match="has no value here"):
            assert 1 in place.signs(quantity(place, name, (), {}))


def test_weights_are_numbers_in_parameters() -> None:
    """With the radius they would change along a trajectory."""
    for weight in ("radius", "spectral_gap", "W"):
        claim = {"weights": [weight, f"1 - {weight}"], "radius": "9/10"}
        with pytest.raises(OutcomeError, match="weights in other variables"):
            Case(claim, 2)
    assert len(Case(claim | {"for_all": {"W": ["1/2", "3/4"]}}, 2).groups) == 2
    for amplitudes in (["1"], ["1", "1", "1"], ["1", "-1"]):
        with pytest.raises(OutcomeError, match="dimension or point"):
            Case({"amplitudes": amplitudes}, 4)


def test_forms_are_bounded_in_size() -> None:
    ends = dict.fromkeys("abcdef", (HALF, ONE))
    place = Place(Case({}, 2), ends, 7)
    for text in ("(a + b + c + d + e + f)**300", "*".join(["(a + b + c + d + e + f)"] * 60), "2**10**6"):
        with pytest.raises(OutcomeError) as caught:
            evaluate(place, *parse(text), quantity)
        assert caught.value.args[0] == "not decided"
    assert place.signs(evaluate(place, *parse("(a + b)**40"), quantity)) == {1}


SHELLS = [("4/5,1/5", "1/2"), ("1/2,3/10,1/5", "1"), ("9/10,1/30,1/30,1/30", "1/2"), ("1/2,1/4,1/8,1/16,1/16", "1/8")]


@pytest.mark.parametrize(("weights", "outer"), SHELLS)
def test_shells_are_those_of_the_program(weights: str, outer: str) -> None:
    """Their radii to the last bit; the rates by another program, with other nodes and another arithmetic."""
    exact = tuple(Fraction(weight) for weight in weights.split(","))
    with arb_precision(80):
        wide = len(exact) > 4
        ours = project_shells.shell(exact, Fraction(outer), wide, 1)
        own = tuple(map(number, weights.split(",")))
        theirs = shell(own, number(outer), wide)
    assert str(below(own, number(outer), wide)[0]) == str(ours.inner)
    assert [int(count) for count, *_ in theirs] == [count for count, *_ in ours.rates]
    walls = [list(map(str, islice(each, 200))) for each in (project_shells.walls(exact, wide), radii(own, wide))]
    assert walls[0] == walls[1]
    for (_, low, high, size), (_, rate, other) in zip(ours.rates, theirs, strict=True):
        assert float(rate.lower()) <= high * (1 + 1e-3)
        assert float(rate.upper()) >= low * (1 - 1e-3)
        # In three dimensions rates are known to one part in a hundred at first.
        near = 0.02 if len(exact) == 4 else 1e-3
        assert (float(rate), float(other)) == (pytest.approx(low, rel=near), pytest.approx(size, rel=0.02))


@pytest.mark.parametrize(("weights", "outer"), [("1/2,1/4,1/8,1/8", "1/4"), ("9/10,1/30,1/30,1/30", "1/2")])
def test_bounds_of_rates_are_below_them_and_near(weights: str, outer: str) -> None:
    """Of cells near the equator, between, and at the pole: e^y up to its square in place of e^y at each node."""
    exact = tuple(map(number, weights.split(",")))
    with arb_precision(100):
        _, _, thickness = below(exact, number(outer), wide=False)
        bands = int(11 / (14 * 3 / 10 * float(thickness)))
        for band in (0, bands // 2, bands - 1):
            fine, coarse = (rates(exact, number(outer), band, bits) for bits in (100, 0))
            for (count, rate, _), (own, bound, _) in zip(fine, coarse, strict=True):
                assert count == own
                assert 0.6 * float(rate.mid()) < float(bound.lower()) < float(rate.upper())


@pytest.mark.parametrize(
    ("k", "weights", "d", "n", "delta", "radius"),
    [(5, "uniform", 6, 10**5, "1/20", "40"), (2, "9/10,1/10", 3, 10**8, "1/1000", "1")],
)
def test_bounds_of_the_finite_sample_theorem(k: int, weights: str, d: int, n: int, delta: str, radius: str) -> None:
    """Between numbers that are a little less and a little more than what the program has found by itself."""
    arguments = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(radius)}
    parts = weights.split(",") if "," in weights else weights
    case, covered = Case({"weights": parts, "d": d}, k), 0
    for name in THEOREM[:5]:
        with arb_precision(150), suppress(OutOfReachError, OutcomeError):
            place = Place(case, {}, 14)
            if k > 3:  # What the verifier does not cover is told before the program computes it, which may take long.
                text = f"{name}(n={n}, delta={delta}, radius={radius})"
                assert -1 not in place.signs(evaluate(place, *parse(text), quantity))
            found = project_values.evaluate(name, make_case(k, parts, d), arguments, 10).midpoint
            # Numbers of steps may rest on rates, of which both have their own.
            counts = name in ("steps_needed", "far_iterates")
            by = found * Fraction(1, 1000) + Fraction(1, 2) if counts else found * Fraction(1, 10**7)
            for sign in (1, -1):
                text = f"{name}(n={n}, delta={delta}, radius={radius}) - {found - sign * by}"
                assert place.signs(evaluate(place, *parse(text), quantity)) == {sign}
            covered += 1
    assert covered >= (4 if weights == "uniform" else 5)


DRAWN = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(0, 2)), max_size=4).map(
    lambda terms: sum((POLYNOMIALS.gen(i) ** n * c for c, i, n in terms), POLYNOMIALS.constant(0))
)


@given(DRAWN, DRAWN)
def test_keys_are_equal_where_polynomials_are(one: Any, other: Any) -> None:
    assert (Key(one) == Key(other)) is (one == other)
    assert Key(one + other) == Key(other + one)
    assert hash(Key(one + other)) == hash(Key(other + one))
    assert Key(one) != str(one)
