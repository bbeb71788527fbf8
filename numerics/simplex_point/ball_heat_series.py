"""D_n(u) = E f_n(u + sZ) for small s by its expansion in s², with a proved remainder.

E f(u + sZ) = Σ_{i<J} (s²/2)^i/i! f^{(2i)}(u) + R. In the strip |Im| ≤ v < π/2 |f_n| ≤ (n/(e cos v))^n; by Cauchy's
estimate |f_n^{(2J)}| ≤ (2J)! v^{−2J} times that on the line, and E Z^{2J} = (2J)!/(2^J J!), so that
|R| ≤ (2J)!/(2^J J!) (s/v)^{2J} (n/(e cos v))^n (docs/error-bounds.md, section 2).
"""

import math

import flint

from emtheory.numerics.simplex_point.ball_inner import supremum

STRIP = 1.4
"""v: a wider strip gains little and costs powers of cos v."""

REACH = 0.5
"""The expansion is used where Gaussians reach so far: it has some A/5 terms there, and beyond v none would do."""


def number_of_terms(deviation: float, accuracy: float, degree: int) -> int:
    """Return J for which the remainders are about e^{−accuracy}: only a choice, they are bounded for whatever it is.

    The deviation s has to be small enough for there to be one, and the degree is the highest n.
    """
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
