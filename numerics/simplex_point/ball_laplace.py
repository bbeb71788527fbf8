"""The functions D_n(u) = E f_n(u + sZ), f_n(y) = e^{ny} exp(−e^y), on a lattice in ball arithmetic.

With S = Σ π_j e^{sZ_j} every expectation on a regular simplex is an integral over u of products of D_n(u + log π_j).
The values here are balls that contain D_n: all errors are proved (docs/error-bounds.md) and added. All bounds hold for
every s in the ball that is given, so an interval of radii may be passed. For small s

E f(u + sZ) = Σ_{i<J} (s²/2)^i/i! f^{(2i)}(u) + R. In the strip |Im| ≤ v < π/2 |f_n| ≤ (n/(e cos v))^n; by Cauchy's
estimate |f_n^{(2J)}| ≤ (2J)! v^{−2J} times that on the line, and E Z^{2J} = (2J)!/(2^J J!), so that
|R| ≤ (2J)!/(2^J J!) (s/v)^{2J} (n/(e cos v))^n (docs/error-bounds.md, section 2).
"""

import math
from dataclasses import dataclass

import flint
import numpy as np

from emtheory.numerics.simplex_point.ball_inner import Array, InnerRule, OuterRule, spread, supremum, widest_inner_step
from emtheory.numerics.simplex_point.ball_lattice import lattice_tables

_GUARD = 4.0
"""What the values are more accurate than the integrals: sums over a range of some ten or hundred add up errors."""


@dataclass(frozen=True)
class Normals:
    """Gaussians δ + sZ of one deviation s > 0, a ball that is narrow beside the errors wanted.

    The δ are logarithms of weights, or the mean of a log-normal's logarithm; `factors` is how many values will be
    multiplied with each other: they are made so much more accurate.
    """

    means: tuple[flint.arb, ...]
    s: flint.arb
    factors: int = 1


def laplace_tables(family: Normals, outer: OuterRule, degree: int) -> list[Array]:
    """Return balls around D_n(u_i + δ), of shape (degree + 1, nodes), for all means; CannotAnswerError if too many."""
    accuracy = outer.accuracy + math.log(family.factors) + _GUARD
    if spread(float(family.s.mid()), accuracy) <= REACH:
        return _series_tables(family, outer, degree, accuracy)
    return lattice_tables(family.means, *_inner_rule(family, outer, degree, accuracy), outer, degree, accuracy)


def _inner_rule(family: Normals, outer: OuterRule, degree: int, accuracy: float) -> tuple[InnerRule, int]:
    """Return the rule, and how many of its steps an outer one takes."""
    deviation = float(family.s.mid())
    step, strip = widest_inner_step(deviation, accuracy, degree)
    stride = math.ceil(outer.step / step)
    reach = math.ceil(spread(deviation, accuracy) * stride / outer.step) + 1
    return InnerRule(family.s, flint.arb(outer.step) / stride, reach, strip), stride


def _series_tables(family: Normals, outer: OuterRule, degree: int, accuracy: float) -> list[Array]:
    terms = number_of_terms(float(family.s.mid()), accuracy, degree)
    growth, tables = flint.arb(outer.step).exp(), []
    for mean in family.means:
        points = [(mean + outer.node(0)).exp()]
        for _ in range(outer.count - 1):
            points.append(points[-1] * growth)
        tables.append(np.array(series_table(points, family.s, terms, degree), dtype=object))
    return tables


def raised(values: Array, exponent: int) -> Array:
    """Return powers of non-negative numbers in balls, also of a ball that contains zero, where ``**`` gives nan."""
    if exponent == 1:
        return values

    def power(value: flint.arb) -> flint.arb:
        return value**exponent if value > 0 else flint.arb(0, value.abs_upper() ** exponent)

    return np.array([power(value) for value in values], dtype=object)


STRIP = 1.4
"""v: a wider strip gains little and costs powers of cos v."""

REACH = 0.5
"""The expansion is used where Gaussians reach so far: it has some A/5 terms there, and beyond v none would do."""


def number_of_terms(deviation: float, accuracy: float, degree: int) -> int:
    """Return J for which remainders, bounded whatever it is, are about e^{−accuracy} for n up to the degree."""
    loss = degree * math.log(max(degree, 1) / (math.e * math.cos(STRIP)))
    bound, terms = loss, 0
    while bound > -accuracy:
        terms += 1
        bound += 2 * math.log(deviation / STRIP) + math.log(2 * terms - 1)
    return max(terms, 1)


def remainder(s: flint.arb, terms: int, n: int) -> flint.arb:
    """Bound what follows the first terms (J) of D_n, at every u; s may be a wide ball."""
    strip = flint.arb(STRIP)
    odd = flint.fmpz(math.prod(range(1, 2 * terms, 2)))  # (2J)!/(2^J J!)
    return odd * (s / strip) ** (2 * terms) * supremum(n) / strip.cos() ** n


def series_table(points: list[flint.arb], s: flint.arb, terms: int, degree: int) -> list[list[flint.arb]]:
    """Return balls around D_0..D_degree at u = log x for points x > 0.

    d/du takes x^p e^{−x} to (p x^p − x^{p+1}) e^{−x}: every term is a polynomial in x times e^{−x}.
    """
    decay = [(-x).exp() for x in points]
    table = []
    for n in range(degree + 1):
        derivative = [0] * n + [1]
        factor, total = flint.arb(1), flint.arb_poly([])
        for index in range(terms):
            total += factor * flint.arb_poly(derivative)
            for _ in range(2):
                raised = zip([*derivative, 0], [0, *derivative], strict=True)
                derivative = [p * a - b for p, (a, b) in enumerate(raised)]
            factor *= s * s / (2 * (index + 1))
        error = flint.arb(0, remainder(s, terms, n).upper())
        values = total.evaluate(points, algorithm="iter")
        table.append([value * e + error for value, e in zip(values, decay, strict=True)])
    return table
