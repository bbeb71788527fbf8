"""The constants of the finite-sample theorem as balls, at Arb's precision in force.

Notation of the derivations: σ = σ_min(A) = min|π̂_m|, s = ‖A‖, D = k − 1; on the sample's good event
‖x̄‖ ≤ x, λ_max(S) ≤ λ, the third cumulants at 0 have norm at most T, and the curvature grows by at most ωr² up to the
radius of the inner ball.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.sample_theorem.choices import LARGEST_RATE, NET_FRACTION, SPHERE_MESH, Question
from emtheory.numerics.simplex_point.contraction_bound import factor_ball


class UndecidedError(CannotAnswerError):
    """The precision in force does not tell which numbers are larger: a higher one may."""


@dataclass(frozen=True)
class Spectrum:
    """σ² = min |π̂_m|² over m = 1..k−1, and ‖A‖² = s²: max |π̂_m|², or 1 if d > k − 1; as balls."""

    smallest: flint.arb
    largest: flint.arb


@dataclass(frozen=True)
class Constants:
    """The constants on the good event of one sample size.

    `mean`, `spread`, `third`, `growth`: x ≥ ‖x̄‖, λ ≥ λ_max(S), S the second moments on the span, T and ω; `ball`: the
    radius of the inner ball.
    """

    mean: flint.arb
    spread: flint.arb
    third: flint.arb
    growth: flint.arb
    ball: flint.arb


def chi_square_tail(degrees: int, probability: Fraction) -> flint.arb:
    """Return the q with P(χ² > q) = `probability`, by bisection of the incomplete gamma function."""
    shape, wanted = flint.arb(degrees) / 2, to_arb(probability)

    def missing(q: flint.arb) -> flint.arb:
        tail: flint.arb = wanted - (q / 2).gamma_upper(shape, regularized=1)
        return tail

    high = flint.arb(degrees)
    while not missing(high) > 0:
        high = 2 * high
    return increasing_root(missing, flint.arb(0), high)


def increasing_root(function: Callable[[flint.arb], flint.arb], low: flint.arb, high: flint.arb) -> flint.arb:
    """Return a ball around the root of an increasing function, to the precision in force.

    `function`, `low`, `high`: it is not evaluated at the ends, where it is not positive and not negative; its values
    enclose the true ones.
    """
    low, high = low.lower(), high.upper()
    for _ in range(2 * flint.ctx.prec):
        middle = ((low + high) / 2).mid()
        value = function(middle)
        if not low < middle < high or not (value < 0 or value > 0):
            break
        low, high = (middle, high) if value < 0 else (low, middle)
    return low.union(high)


def constants(question: Question, spectrum: Spectrum, chi_square: flint.arb, divisor: int) -> Constants:
    """Return what holds with probability 1 − δ.

    `question`, `spectrum`, `chi_square`, `divisor`: n, δ, D; σ² and s²; the tail of n‖x̄‖², for the mean's part of δ; c
    of the inner ball σ/√(c(D + 2)).
    """
    n, dimension = flint.arb(question.n), question.span
    sixth = dimension * (dimension + 2) * (dimension + 4)
    third = 2 * (1 - spectrum.smallest) * (sixth / (n * to_arb(question.share("third")))).sqrt()
    square = spectrum.smallest / (divisor * (dimension + 2))
    single, double = 1 - 16 * square / 3, 1 - 32 * square / 3
    half = flint.arb(dimension) / 2
    mean_growth = single ** (-half - 1) - 1
    variance = dimension * (dimension + 2) * (double ** (-half - 2) - 2 * single ** (-half - 2) + 1)
    growth = mean_growth + (variance / (n * to_arb(question.share("growth")))).sqrt()
    return Constants(
        (chi_square / n).sqrt(), spread(question, question.share("spread")), third, growth / square, square.sqrt()
    )


def spread(question: Question, probability: Fraction) -> flint.arb:
    """Return (1 + √(D/n) + √(2 log(1/δ')/n))², which λ_max(S) exceeds with probability δ' at most."""
    n, dimension = flint.arb(question.n), question.span
    root = 1 + (dimension / n).sqrt() + (-2 * to_arb(probability).log() / n).sqrt()
    return root * root


def lipschitz(spectrum: Spectrum, known: Constants, radius: flint.arb) -> flint.arb:
    """Return the Lipschitz constant (1 − σ²)(λ + ωr²) + Tr of the sample map on a ball.

    `spectrum`, `known`, `radius`: σ²; λ, ω and T; r of the ball.
    """
    loss: flint.arb = (1 - spectrum.smallest) * (known.spread + known.growth * radius * radius)
    return loss + known.third * radius


def margin(spectrum: Spectrum, known: Constants, radius: flint.arb) -> flint.arb:
    """Return g(r) = r(1 − (1 − σ²)(λ + ωr²/3) − Tr/2), which is at most σ‖x̄‖ at r = ‖θ̂‖.

    `spectrum`, `known`, `radius`: σ²; λ, ω and T; r.
    """
    loss = (1 - spectrum.smallest) * (known.spread + known.growth * radius * radius / 3) + known.third * radius / 2
    return radius * (1 - loss)


def approach(question: Question, spectrum: Spectrum, known: Constants) -> tuple[flint.arb, flint.arb]:
    """Return l of ‖M(θ)‖ ≤ (1 − l)‖θ‖ on ‖θ‖ ≤ ρ and ε ≥ ‖M_n − M‖ there: of starts beyond the inner ball."""
    decrease = factor_ball(question.span, question.radius) * spectrum.smallest
    step = decrease * known.ball * to_arb(NET_FRACTION) / question.span
    return decrease, uniform_error(question, step, question.share("net"), known.spread)


def uniform_error(question: Question, step: flint.arb, probability: Fraction, known_spread: flint.arb) -> flint.arb:
    """Return ε, which ‖M_n(θ) − M(θ)‖ exceeds on ‖θ‖ ≤ ρ with a small probability at most.

    With N pairs of points of the two nets the best number s of normal moments solves (1 + ρ²)ns² = 2 log(N/δ'); for
    the others, which are better on large balls, it is one with 2Dns² = log(N/δ').
    """
    n, dimension, radius = flint.arb(question.n), question.span, to_arb(question.radius)
    log_count = dimension * (to_arb(1 + 2 / SPHERE_MESH).log() + (1 + 2 * radius / step).log())
    log_count -= to_arb(probability).log()
    deviation = (2 * (1 + radius * radius) * log_count / n).sqrt()
    square = log_count / (2 * dimension * n)
    if square < to_arb(LARGEST_RATE**2):
        deviation = deviation.min((log_count / n - dimension * (1 - 2 * square).log()) / square.sqrt())
    result: flint.arb = deviation / to_arb(1 - SPHERE_MESH) + step * dimension * (known_spread + 1)
    return result
