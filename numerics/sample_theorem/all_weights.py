"""How far from 0 a fixed point of EM on n points may be, for any number of components, all weights and every start.

Of two theorems (derivations `sample-net` and `degenerate-sample`): with ε ≥ sup ‖M_n − M‖ on a ball that has all fixed
points, ‖θ̂‖ ≤ ε/(1 − p), p the contraction bound, and ‖θ̂‖³ ≤ ε(D + 2‖θ̂‖²); and ‖θ̂‖² ≤ KG, with K² = D + 2ρ² and
G = x + K(x + η), x ≥ ‖x̄‖, in a ball of any radius ρ where ∇M_n exceeds ∇M by η at most. The second is of the order
n^{−1/4} for singular A, the first of the order n^{−1/6}√log n.
"""

import math
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.sample_theorem.ball_constants import (
    UndecidedError,
    chi_square_tail,
    increasing_root,
    spread,
    uniform_error,
)
from emtheory.numerics.sample_theorem.choices import EVERYWHERE, OPERATOR_MESH, ROUNDS, Question
from emtheory.numerics.sample_theorem.shells import top, top_rate
from emtheory.numerics.simplex_point.contraction_bound import factor_at
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus


def anywhere(question: Question, probability: Fraction) -> tuple[flint.arb, flint.arb] | None:
    """Return bounds on ‖θ̂‖ and KL in the simplex's span that hold but with a probability, at the precision in force.

    None if there are none but what every sample has.
    """
    n, dimension = flint.arb(question.n), question.span
    shares = {event: share * probability for event, share in EVERYWHERE.items()}
    if not (-n * top_rate(dimension)).exp() < to_fmpq(shares["top"]):
        return None
    mean = (chi_square_tail(dimension, shares["mean"]) / n).sqrt()
    excess = spread(question, shares["spread"]) - 1
    whole = replace(question, radius=top(dimension))
    step = flint.arb(to_fmpq(OPERATOR_MESH)) / n.sqrt()
    error = uniform_error(whole, step, shares["net"], excess + 1)
    largest = flint.arb(to_fmpq(whole.radius))
    radius = _by_operator(question, error, largest) if error.is_finite() else largest
    root = radius
    for share in [shares["change"]] * 4 + [shares["last"]]:
        jump = _derivatives(dimension, radius) / (n * to_fmpq(share)).sqrt()
        for _ in range(ROUNDS):
            factor = (dimension + 2 * radius * radius).sqrt()
            root = mean + factor * (mean + excess + jump)
            radius = radius.min((factor * root).sqrt())
    if not radius < largest:
        if radius >= largest:
            return None
        raise UndecidedError("a radius is not known well enough to be told from the largest")
    factor = (dimension + 2 * radius * radius).sqrt()
    times = (1 + factor) ** 2 / 2 + 2 * (1 + factor) * factor / 3 + factor * factor / 4
    return radius, (times * root * root).min(radius * radius / 2)


def _by_operator(question: Question, error: flint.arb, radius: flint.arb) -> flint.arb:
    """The radius of a ball that has all fixed points with ‖M_n − M‖ ≤ error there, if one of a radius has."""
    gap = smallest_squared_modulus(question.case.weights)
    radius = radius.min(
        increasing_root(lambda r: r**3 / (question.span + 2 * r * r) - error, flint.arb(0), radius + 3 * error + 1)
    )
    for _ in range(ROUNDS if gap.sign else 0):
        radius = radius.min(error / (gap.ball() * factor_at(question.span, radius)))
    return radius


def _derivatives(dimension: int, radius: flint.arb) -> flint.arb:
    """√n times the root of the mean square of the change of ∇M_n − ∇M on a ball, from 0 on, at most."""

    def term(order: int) -> flint.arb:
        moment = flint.arb(math.prod(dimension + 2 * i for i in range(order + 2))).sqrt()
        return math.comb(dimension, order) * math.factorial(order + 1) * (4 * radius) ** order * moment

    return reduce(flint.arb.__add__, map(term, range(1, dimension + 1)))
