"""The finite-sample theorem solved for the error, the rate and the number of steps, as balls."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import OutOfReachError
from emtheory.numerics.quantity import MAX_SIZE
from emtheory.numerics.sample_theorem import ball_constants as theorem
from emtheory.numerics.sample_theorem.ball_constants import UndecidedError
from emtheory.numerics.sample_theorem.choices import APPROACHED, DIVISORS, OPERATOR_MESH, OPERATOR_NET_SHARE, Question
from emtheory.numerics.sample_theorem.shell_bound import far_steps, reaches
from emtheory.numerics.simplex_point.spectrum import largest_squared_modulus, smallest_squared_modulus

SEARCH_BITS = 256
"""Precision at which it is found how many points are enough."""


@dataclass(frozen=True)
class Bound:
    """What the theorem says.

    `norm`: bound on ‖θ̂‖; σ times it bounds ‖Aθ̂‖; `steps`: from any start until ‖θ_t − θ̂‖ ≤ σ · norm, before they are
    rounded up: of the first phase and of the second, or by shells of both; None if it is only known that EM ends in the
    inner ball.
    """

    norm: flint.arb
    steps: tuple[flint.arb, ...] | None


def is_degenerate(question: Question) -> bool:
    """Whether σ = 0, exactly."""
    return smallest_squared_modulus(question.case.weights).sign == 0


def spectrum(question: Question) -> theorem.Spectrum:
    """Return σ² and s² at the precision in force; OutOfReachError if σ = 0."""
    weights = question.case.weights
    smallest = smallest_squared_modulus(weights)
    if smallest.sign == 0:
        raise OutOfReachError(
            "some π̂ₘ vanishes, so that EM has no linear rate and the theorem no bound of order n⁻¹ᐟ²; on samples "
            "‖θ̂‖ is then of order n⁻¹ᐟ⁴"
        )
    largest = largest_squared_modulus(weights).max(flint.arb(question.case.d > question.span))
    return theorem.Spectrum(smallest.ball(), largest)


def bound(question: Question, finer: int | None = None) -> Bound | None:
    """Return the best bound, or None if contraction says nothing about so few points.

    With a number of steps only if that is asked for: by how often rates of shells are narrowed where nets do not do.
    """
    known = spectrum(question)
    chi_square = theorem.chi_square_tail(question.case.d, question.share("mean"))
    return best(question, known, chi_square, finer)


def enough(question: Question, finer: int | None = None) -> int:
    """Return the least n for which contraction says something, as far as 256 bits tell."""
    with arb_precision(SEARCH_BITS):
        known = spectrum(question)
        chi_square = theorem.chi_square_tail(question.case.d, question.share("mean"))
        return least_size(lambda n: best(replace(question, n=n), known, chi_square, finer) is not None)


def operator_error(question: Question) -> flint.arb:
    """Return ε with sup ‖M_n − M‖ ≤ ε on the ball with probability 1 − δ."""
    net = OPERATOR_NET_SHARE * question.delta
    known = theorem.spread(question, question.delta - net)
    step = flint.arb(to_fmpq(OPERATOR_MESH)) / flint.arb(question.n).sqrt()
    return theorem.uniform_error(question, step, net, known)


def least_size(suffices: Callable[[int], bool]) -> int:
    """Return the least n from 1 to 10³⁰ that suffices, where all larger ones do; OutOfReachError if there is none."""
    high = 1
    while not suffices(high):
        if high >= MAX_SIZE:
            raise OutOfReachError("no number of points up to 10³⁰ is enough")
        high = min(2 * high, MAX_SIZE)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def divergence(norm: flint.arb, known: theorem.Spectrum) -> flint.arb:
    """Return the bound σ²r²/2 + 2σr³/3 + r⁴/4 on KL at θ̂, where ‖θ̂‖ ≤ r and ‖Aθ̂‖ ≤ σr."""
    image = known.smallest.sqrt() * norm
    square = norm * norm
    result: flint.arb = image * image / 2 + 2 * image * square / 3 + square * square / 4
    return result


def best(question: Question, known: theorem.Spectrum, chi_square: flint.arb, finer: int | None = None) -> Bound | None:
    """Return the smallest of the bounds with the inner balls that are tried, or None if the theorem says nothing.

    Steps that rest on shells are those of the inner ball that takes the fewest, whose norm is not told.
    """
    found = [_with_ball(question, known, chi_square, divisor) for divisor in DIVISORS]
    if finer is not None and not any(one and one.steps for one in found):
        shelled = [_with_ball(question, known, chi_square, divisor, finer) for divisor in DIVISORS]
        numbers = [sum(one.steps, start=flint.arb(0)) for one in shelled if one and one.steps]
        return Bound(flint.arb("inf"), (reduce(lambda x, y: x.min(y), numbers),)) if numbers else None
    least = None
    for one in found:
        if one and (finer is None or one.steps) and (least is None or _holds(least.norm - one.norm)):
            least = one
    return least


def _holds(difference: flint.arb) -> bool:
    """Whether a number is positive; UndecidedError if its ball does not tell."""
    if difference > 0 or difference < 0:
        return bool(difference > 0)
    raise UndecidedError("numbers of the finite-sample theorem are too near to each other to be told apart")


def _with_ball(
    question: Question, known: theorem.Spectrum, chi_square: flint.arb, divisor: int, finer: int | None = None
) -> Bound | None:
    """Return the bound with one inner ball, or None if it cannot be shown to be a ball of contraction."""
    numbers = theorem.constants(question, known, chi_square, divisor)
    rate, room = theorem.lipschitz(known, numbers, numbers.ball), theorem.margin(known, numbers, numbers.ball)
    if not (_holds(1 - rate) and _holds(room - known.largest.sqrt() * numbers.mean)):
        return None
    radius = flint.arb(to_fmpq(question.radius))
    first: flint.arb | None = flint.arb(0)
    start = radius
    # Equal, which no precision tells, they are in need of the first phase; that is as true.
    if not radius < numbers.ball:
        # On the complement of the span one step reaches the mean of the points there, which is at most that of all.
        (decrease, error), goal = theorem.approach(question, known, numbers), numbers.ball - numbers.mean
        taken = flint.arb(to_fmpq(APPROACHED))
        start = numbers.ball
        if _holds(decrease * goal * taken - error):
            first = (goal * (1 - taken) / radius).log() / (1 - decrease).log()
        elif finer is not None:
            first = far_steps(question, goal, question.share("net"), finer)
        elif reaches(question, goal, question.share("net")):
            first = None
        else:
            return None
    sigma = known.smallest.sqrt()
    norm = theorem.increasing_root(
        lambda r: theorem.margin(known, numbers, r) - sigma * numbers.mean, flint.arb(0), numbers.ball
    )
    second = (sigma * norm / (start + norm)).log() / rate.log()
    # The complement of the simplex's span takes one step, which the second phase has too.
    return Bound(norm, None if first is None else (first, second.max(flint.arb(1))))
