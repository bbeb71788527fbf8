"""Forms on parts of a box against values at points of the parts."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.boxes.part_form import PARTS, PartForm, apply, number, to_power, variables
from emtheory.numerics.case import make_case
from emtheory.numerics.intervals.form_functions import smallest_eigenvalue
from emtheory.numerics.intervals.operations import PI
from emtheory.reports.decide.boxes.cell import BoxCell, Sides
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.boxes.part_forms import PartForms
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force

SIDES = [(Fraction(1, 3), Fraction(5, 4)), (Fraction(1, 2), Fraction(2))]
TINY = 1e-12
"""By how much NumPy's values may be off."""

OPERATIONS: dict[str, tuple[Callable[..., PartForm], Callable[..., float]]] = {
    "sum": (lambda x, y: x + y - 2 * x * y, lambda x, y: x + y - 2 * x * y),
    "quotient": (lambda x, y: apply("/", [x, y * y + x]), lambda x, y: x / (y * y + x)),
    "powers": (
        lambda x, y: to_power(x - y, Fraction(4)) + to_power(y, Fraction(-3)),
        lambda x, y: (x - y) ** 4 + y**-3,
    ),
    "root": (
        lambda x, y: apply("sqrt", [x * y]) * to_power(x, Fraction(-2, 3)),
        lambda x, y: (x * y) ** 0.5 * x ** (-2 / 3),
    ),
    "exp": (
        lambda x, y: apply("exp", [-x * y]) + apply("log", [x + y]),
        lambda x, y: math.exp(-x * y) + math.log(x + y),
    ),
    "cos": (lambda x, y: apply("cos", [3 * x]) * apply("sin", [y]), lambda x, y: math.cos(3 * x) * math.sin(y)),
    "min": (lambda x, y: apply("min", [x, y, 1 - x * y]), lambda x, y: min(x, y, 1 - x * y)),
    "abs": (lambda x, y: apply("abs", [x - y]) - apply("max", [x, y]), lambda x, y: abs(x - y) - max(x, y)),
    "eigenvalue": (
        lambda x, y: smallest_eigenvalue([[x, x - y], [x - y, y]]),
        lambda x, y: float(np.linalg.eigvalsh([[x, x - y], [x - y, y]])[0]),
    ),
    "pi": (lambda x, y: number(PI, 2) * x / 3, lambda x, y: math.pi * x / 3),
}


def on_grid(balls: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.broadcast_to(balls, (PARTS[2], PARTS[2]))


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_contain_values_and_slopes(name: str) -> None:
    """At random points of random parts, by the mean value theorem alone, too; with a tenth of the slopes not."""
    operation, value = OPERATIONS[name]
    with arb_precision(64), np.errstate(all="ignore"):
        form = operation(*variables(SIDES))
    generator = np.random.default_rng(1)
    short = []
    for _ in range(200):
        part, inside = generator.integers(0, PARTS[2], 2), generator.uniform(-1, 1, 2)
        middle = [
            float(low + (high - low) * Fraction(2 * int(i) + 1, 2 * PARTS[2]))
            for (low, high), i in zip(SIDES, part, strict=True)
        ]
        point = [
            m + h * float(high - low) / (2 * PARTS[2]) for m, h, (low, high) in zip(middle, inside, SIDES, strict=True)
        ]
        here = tuple(part)
        true = value(*point)
        assert on_grid(form.whole.lower)[here] - TINY <= true <= on_grid(form.whole.upper)[here] + TINY
        start = on_grid(form.value.mid)[here]
        assert abs(start - value(*middle)) <= on_grid(form.value.rad)[here] + TINY
        reach = sum(on_grid(each)[here] * abs(h) for each, h in zip(form.slopes.magnitude, inside, strict=True))
        assert not abs(true - start) > reach + TINY  # Where nothing is known of slopes it is not a number.
        short.append(abs(true - start) > reach / 10 + TINY)
    assert any(short)


def test_what_has_no_value_is_unknown() -> None:
    with arb_precision(64), np.errstate(all="ignore"):
        x, _ = variables([(Fraction(-1), Fraction(1)), (Fraction(0), Fraction(1))])
        for form in (apply("log", [x]), apply("sqrt", [x]), apply("/", [x * 0 + 1, x])):
            for beyond in (form, apply("min", [form, x]), apply("exp", [form]), form * 0):
                middle = beyond.whole.lower[PARTS[2] // 2 - 1, 0]
                assert not middle > -math.inf


ON_THE_SIMPLEX = {
    "posterior_power(m=1)": lambda found: found.posterior_power[1],
    "hessian_min_eigenvalue": lambda found: min(found.hessian_eigenvalues),
    "kl_divergence": lambda found: found.kl,
    "pl_ratio": lambda found: found.gradient_square / 2 / found.kl,
}
WINDOW = {"W": (Fraction(1, 2), Fraction(3, 5)), "radius": (Fraction(1, 2), Fraction(4, 5))}
AT_ZERO = WINDOW | {"radius": (Fraction(0), Fraction(1, 8))}
AMPLITUDES = {"amplitude_1": (Fraction(1, 2), Fraction(3, 4)), "amplitude_2": (Fraction(1, 2), Fraction(3, 5))}


def misses(name: str, k: int, cell: Sides, weights: str = "one-heavy:W", scale: float = 1.0) -> int:
    """At how many points the value is outside the bounds of the part that they are in."""
    ends = {each: (str(low), str(high)) for each, (low, high) in cell.items()}
    question = read_claim(Claim("cell", f"{name} < 1000", k=(k,), weights=weights, for_all=ends))
    problem = make_problem(question, question.cases[0])
    with arb_precision(128), np.errstate(all="ignore"):
        form = PartForms(BoxCell(cell, 6, cell), problem, {}).form(question.comparison.operands[0])
    generator = np.random.default_rng(k)
    count = 0
    for _ in range(6):
        part, inside = generator.integers(0, PARTS[2], 2), generator.uniform(0, 1, 2)
        point = {
            each: (low + (high - low) * (int(i) + Fraction(float(h))) / PARTS[2]).limit_denominator(10**9)
            for (each, (low, high)), i, h in zip(cell.items(), part, inside, strict=True)
        }
        if "radius" in point:
            found = brute_force(make_case(k, f"one-heavy:{point['W']}", radius=point["radius"]))
        else:
            found = brute_force(make_case(k, weights, amplitudes=list(point.values())))
        lower, upper = (on_grid(each)[tuple(part)] for each in (form.whole.lower, form.whole.upper))
        # Brute force has about nine digits.
        count += not abs(ON_THE_SIMPLEX[name](found) - (lower + upper) / 2) <= scale * (upper - lower) / 2 + 1e-8
    return count


@pytest.mark.parametrize(
    ("name", "k", "cell", "weights"),
    [
        ("hessian_min_eigenvalue", 3, WINDOW, "one-heavy:W"),
        ("pl_ratio", 3, WINDOW, "one-heavy:W"),
        ("posterior_power(m=1)", 2, AT_ZERO | {"W": (Fraction(3, 5), Fraction(7, 10))}, "one-heavy:W"),
        ("kl_divergence", 3, AT_ZERO | {"radius": (Fraction(1, 99), Fraction(1, 8))}, "one-heavy:W"),
        pytest.param("hessian_min_eigenvalue", 4, AMPLITUDES, "1/2,1/4,1/8,1/8", marks=pytest.mark.long),
    ],
)
def test_forms_on_parts_contain_the_quantities(name: str, k: int, cell: Sides, weights: str) -> None:
    assert misses(name, k, cell, weights) == 0


def test_bounds_of_half_the_width_miss_values() -> None:
    assert misses("hessian_min_eigenvalue", 3, WINDOW, scale=0.3) > 0
