"""Coefficients at the origin, as expressions in the weights, against derivatives of the definition by mpmath."""

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial

import mpmath
import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.intervals.operations import PI, as_interval
from emtheory.reports.decide.edges.limits import groups_of, origin_terms
from emtheory.reports.decide.point import combine
from emtheory.reports.language.expression import Expression, Number
from emtheory.reports.language.parser import parse_expression

PLACES = {
    2: (("W", "1-W"), {"W": Fraction(7, 10)}),
    3: (("U", "V", "1-U-V"), {"U": Fraction(1, 2), "V": Fraction(3, 10)}),
}


def transform(weights: list[mpmath.mpf], m: int, *x: mpmath.mpf) -> mpmath.mpc:
    """γ̂_m at x in the span of the simplex of radius 1, k = 2 or 3."""
    k = len(weights)
    angles = [mpmath.mpf(2 * j) / k for j in range(k)]
    vertices = [(mpmath.cospi(angle), mpmath.sinpi(angle))[: k - 1] for angle in angles]
    terms = [w * mpmath.exp(mpmath.fdot(v, x)) for w, v in zip(weights, vertices, strict=True)]
    turns = [mpmath.expjpi(mpmath.mpf(2 * j * m) / k) for j in range(k)]
    return mpmath.fdot(terms, turns) / mpmath.fsum(terms)


def heat_coefficient(function: Callable[..., mpmath.mpf], dimension: int, i: int) -> mpmath.mpf:
    """Δⁱf(0)/(2ⁱ i!): the coefficient of vⁱ of E f(√v X)."""
    if dimension == 1:
        return mpmath.diff(function, 0, 2 * i) / (2**i * factorial(i))
    parts = [comb(i, j) * mpmath.diff(function, (0, 0), (2 * j, 2 * i - 2 * j)) for j in range(i + 1)]
    return mpmath.fsum(parts) / (2**i * factorial(i))


def at(expression: Expression, place: dict[str, Fraction]) -> mpmath.mpf:
    with arb_precision(200):
        value = as_interval(combine(expression, lambda leaf: rational(place[leaf.name]) if leaf.name in place else PI))
        return mpmath.mpf(value.lower.mid().str(40, radius=False))


@pytest.mark.parametrize("k", [2, 3])
def test_terms_are_derivatives_of_the_definition(k: int) -> None:
    texts, place = PLACES[k]
    weights = [parse_expression(text, tuple(place)) for text in texts]
    terms, means, couplings = (origin_terms(weights, each, 3) for each in ((1,), (), (1, 1)))
    with mpmath.workdps(60):
        numbers = [at(weight, place) for weight in weights]

        def square(*x: mpmath.mpf) -> mpmath.mpf:
            return abs(transform(numbers, 1, *x)) ** 2

        for i in range(3):
            expected = heat_coefficient(square, k - 1, i)
            assert abs(at(terms[i], place) - expected) < 1e-15 * (1 + abs(expected))
            # 2KL/r² is the mean of β over [0, r²], and t_11 = 2∂β/∂(ρ²) along the one frequency.
            assert abs(at(means[i], place) - expected / (i + 1)) < 1e-15 * (1 + abs(expected))
            if i:
                assert abs(at(couplings[i - 1], place) - 2 * i * expected) < 1e-14 * (1 + abs(expected))
    # At other weights they are others.
    elsewhere = {name: value / 2 for name, value in place.items()}
    assert all(abs(at(term, elsewhere) - at(term, place)) > 1e-3 for term in terms)


def test_where_cosines_are_irrational_terms_hold_them_and_weights_that_are_alike_are_one_group() -> None:
    weights = [Number(Fraction(part, 15)) for part in (1, 2, 3, 4, 5)]
    limit, slope = origin_terms(weights, (2,), 2)
    pi = [mpmath.mpf(part) / 15 for part in (1, 2, 3, 4, 5)]
    turns = [mpmath.expjpi(mpmath.mpf(4 * j) / 5) for j in range(5)]
    first, second = (mpmath.fdot([w**a for w in pi], turns) for a in (1, 2))
    collision = mpmath.fsum(w**2 for w in pi)
    assert float(at(limit, {})) == pytest.approx(float(abs(first) ** 2), abs=1e-14)
    # ½Δ|γ̂|² by hand, as in the test of expansions, in r² = s²(k − 1)/k.
    by_hand = collision * (1 + 3 * abs(first) ** 2) - 4 * mpmath.re(second * mpmath.conj(first))
    assert float(at(slope, {})) == pytest.approx(float(by_hand * 5 / 4), abs=1e-13)
    weights = [parse_expression(text, ("W",)) for text in ("W", "(1-W)/2", "(1-W)/2")]
    assert list(groups_of(weights).values()) == [[0], [1, 2]]
    # At uniform weights β begins with r²(…), and vanishes.
    limit, slope, _ = origin_terms(weights, (1,), 3)
    uniform = {"W": Fraction(1, 3)}
    assert at(limit, uniform) == 0
    assert at(slope, uniform) > 0
