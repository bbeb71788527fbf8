"""The numbers on the page of the finite-sample theorem are those that the program computes."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.evaluate import evaluate

PAGE = (Path(__file__).parents[2] / "docs" / "finite-samples.md").read_text(encoding="utf-8")
HEAVY = make_case(3, "one-heavy:4/5")
AT = {"delta": Fraction(1, 20), "radius": Fraction(1, 10)}


def rows(head: str) -> list[list[str]]:
    lines = PAGE.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]


def test_the_commands_give_what_the_page_says() -> None:
    commands = re.findall(r"^emtheory evaluate (\w+) +--k 3 --weights one-heavy:4/5 (.*)$", PAGE, flags=re.MULTILINE)
    found = {}
    for name, options in commands:
        given = dict(re.findall(r"--set (\w+)=(\S+)", options)) | dict(re.findall(r"--(radius) (\S+)", options))
        answer = evaluate(name, HEAVY, {key: Fraction(value) for key, value in given.items()}, 6)
        found[name] = float(answer.midpoint)
    said = re.search(
        r"The first is ([\d.]+), the second ([\d.]+) nats; (\d+) points are enough for 1/1000 nats; (\d+) steps", PAGE
    )
    assert said
    names = ("sample_error_bound", "sample_kl_bound", "samples_needed", "steps_needed")
    error, factor = found["sample_operator_error"], found["contraction_bound"]
    ball = re.search(r"give ε = ([\d.]+) and p = ([\d.]+): .* ‖θ_t‖ ≤ [\d.]+\^t \+ ([\d.]+) for all t", PAGE)
    assert ball
    assert [float(part) for part in ball.groups()] == pytest.approx([error, factor, error / (1 - factor)], rel=2e-3)
    assert [float(part) for part in said.groups()] == pytest.approx([found[name] for name in names], rel=2e-3)


def test_the_bounds_of_the_tables() -> None:
    """For a heavy weight in some dimensions, and for few points in a larger ball."""
    of_d = rows("| n | d | proved bound | 95 % quantile of ‖θ̂‖ on 400 samples | ratio |")
    of_weights = rows("| weights | n | proved bound | 95 % quantile of ‖θ̂‖ on 400 samples | ratio |")
    settings = [(n, make_case(3, "one-heavy:4/5", int(d)), Fraction(1, 20), rest) for n, d, *rest in of_d]
    settings += [(n, make_case(3, weights), Fraction(5), rest) for weights, n, *rest in of_weights]
    for n, case, radius, (bound, seen, ratio) in settings:
        arguments = {"delta": Fraction(1, 20), "radius": radius, "n": Fraction(n.replace(",", ""))}
        answer = float(evaluate("sample_error_bound", case, arguments, 6).upper)
        assert float(bound) == pytest.approx(answer, abs=1.1e-3 if radius == 5 else 6e-5)
        assert float(ratio) == pytest.approx(answer / float(seen), abs=0.01)


def test_in_the_limit_the_bound_on_the_norm_is_that_of_normal_theory_only_where_all_singular_values_are_one() -> None:
    """√n Aθ̂ is N(0, I) in the limit, and the bound leaves 3/4 of δ to the law of its norm."""
    random = np.random.default_rng(0)
    for weights, dimension, ratio in rows("| weights | d | bound, times the quantile |"):
        moduli = np.abs(np.fft.fft([float(Fraction(part)) for part in weights.split(", ")]))[1:]
        free = int(dimension) - len(moduli)
        norm = (random.standard_normal((400_000, len(moduli))) ** 2) @ moduli**-2
        norm += random.chisquare(free, 400_000) if free else 0
        tail = np.quantile(random.chisquare(int(dimension), 400_000), 1 - 3 / 80)
        assert float(ratio) == pytest.approx(np.sqrt(tail / np.quantile(norm, 0.95)) / moduli.min(), rel=0.01)


def test_the_thresholds() -> None:
    """Of contraction, from near and far; with the shells far starts need hardly more than near ones."""
    even = make_case(3, ["1/2", "3/10", "1/5"])
    for case, radius, said in (
        (HEAVY, "1/25", r"it takes over: ([\d,]+) points"),
        (even, "1/25", r"([\d,]+) for the weights 1/2, 3/10, 1/5 \(σ² = 7/100\)"),
        (HEAVY, "1", r"contraction: ([\d,]+) points are enough for 80 % on one of three means from radius 1"),
    ):
        number = re.search(said, PAGE)
        assert number
        with pytest.raises(OutOfReachError, match=f"n = {number[1].replace(',', '')} are enough"):
            evaluate("steps_needed", case, {**AT, "radius": Fraction(radius), "n": Fraction(1)})
    far = re.search(r"the shells now need ([\d,]+) for", PAGE)
    assert far
    least = evaluate("samples_needed", HEAVY, {**AT, "radius": Fraction(1), "eps": Fraction(1, 1000)})
    assert int(far[1].replace(",", "")) == least.midpoint
