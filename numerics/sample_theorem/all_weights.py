"""How far from 0 a fixed point of EM on n points may be where A may be singular: of order n^{−1/4}, any k.

‖θ̂‖² ≤ KG, with K² = D + 2ρ² and G = x + K(x + η), x ≥ ‖x̄‖, in a ball of any radius ρ that has all fixed points and
where ∇M_n exceeds ∇M by η at most (derivation `degenerate-sample`).
"""

import math
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.sample_theorem.ball_constants import chi_square_tail, spread
from emtheory.numerics.sample_theorem.choices import EVERYWHERE, ROUNDS, Question


def narrowed(question: Question, radius: flint.arb, probability: Fraction) -> tuple[flint.arb, flint.arb]:
    """Return bounds on ‖θ̂‖ and KL in the simplex's span, from a radius that all fixed points are within.

    They hold but with the part of a probability that `EVERYWHERE` leaves to them.
    """
    n, dimension = flint.arb(question.n), question.span
    shares = {event: share * probability for event, share in EVERYWHERE.items()}
    mean = (chi_square_tail(dimension, shares["mean"]) / n).sqrt()
    excess = spread(question, shares["spread"]) - 1
    largest = root = radius
    for share in [shares["change"]] * 4 + [shares["last"]]:
        jump = _derivatives(dimension, largest) / (n * to_fmpq(share)).sqrt()
        for _ in range(ROUNDS):
            factor = (dimension + 2 * largest * largest).sqrt()
            root = mean + factor * (mean + excess + jump)
            largest = largest.min((factor * root).sqrt())
    factor = (dimension + 2 * largest * largest).sqrt()
    times = (1 + factor) ** 2 / 2 + 2 * (1 + factor) * factor / 3 + factor * factor / 4
    return largest, (times * root * root).min(largest * largest / 2)


def _derivatives(dimension: int, radius: flint.arb) -> flint.arb:
    """√n times the root of the mean square of the change of ∇M_n − ∇M on a ball, from 0 on, at most."""
    total, square = flint.arb(0), dimension * (dimension + 2)
    for order in range(1, dimension + 1):
        square *= dimension + 2 * order + 2  # of the moment of this order
        times = math.comb(dimension, order) * math.factorial(order + 1)
        total += times * (4 * radius) ** order * flint.arb(square).sqrt()
    return total
