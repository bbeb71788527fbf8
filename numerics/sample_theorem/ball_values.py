"""The `ball` route of the finite-sample theorem: its bounds, level `certified`.

What is certified is the number: the bound that the theorem gives. That the theorem is true is what the derivations
say (`sample-contraction`, `sample-tails`, `sample-divergence`, `sample-net`).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import GUARD_DIGITS, refined
from emtheory.numerics.sample_theorem import ball_bound as theorem
from emtheory.numerics.sample_theorem import shell_bound as shells
from emtheory.numerics.sample_theorem.ball_constants import UndecidedError
from emtheory.numerics.sample_theorem.choices import Question
from emtheory.numerics.sample_theorem.shells import MAX_SPAN

_ATTEMPTS = 6
"""Precisions that are tried, each twice the last."""
_FEW = 10
"""Digits of a bound on KL that is compared with another number."""
_LONG = 40
"""Characters of a number from which on a message has it in few digits."""


def sample_error_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on ‖θ̂‖ with probability 1 − δ, θ̂ any limit point of EM from ‖θ_0‖ ≤ radius: the less of two theorems'."""
    question = Question(case, int(n), delta, radius)
    return _refine(lambda: _said(question), digits)


def sample_kl_bound(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on KL(N(0, I) ‖ p_θ̂) in nats with probability 1 − δ, θ̂ as for `sample_error_bound`."""
    question = Question(case, int(n), delta, radius)
    return _refine(lambda: _said(question, digits + GUARD_DIGITS), digits)


def sample_operator_error(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Bound on sup ‖M_n(θ) − M(θ)‖ over ‖θ‖ ≤ radius in the simplex's span, with probability 1 − δ, all weights."""
    question = Question(case, int(n), delta, radius)
    return _refine(lambda: theorem.operator_error(question), digits)


def steps_needed(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """EM steps from any start until ‖θ_t − θ̂‖ is at most σ times the bound of contraction on ‖θ̂‖; an integer."""
    question, narrowed = Question(case, int(n), delta, radius), 0 if case.k == MAX_SPAN + 1 else 2

    def count(finer: int) -> tuple[flint.arb, ...]:
        found = theorem.bound(question, finer)
        if found is None or found.steps is None:
            raise _too_few(question, lambda: theorem.enough(question, narrowed), " about the number of steps")
        return found.steps

    return _rounded_up(case, count)


def far_iterates(case: Case, digits: int, n: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """At most so many iterates from any start before one within twice the bound of shells on ‖θ̂‖; an integer."""
    question = Question(case, int(n), delta, radius)

    def count(finer: int) -> tuple[flint.arb, ...]:
        found = shells.far_iterates(question, finer)
        if found is None and shells.says_something(question):
            raise OutOfReachError(
                f"on n = {question.n} points short steps from beyond twice the radius are not excluded"
            )
        if found is None:
            raise _too_few(question, lambda: _least(question), " of shells")
        return (found,)

    return _rounded_up(case, count)


def _rounded_up(case: Case, count: Callable[[int], tuple[flint.arb, ...]]) -> Enclosure:
    """The sum of numbers, each rounded up, with as many bits and rates narrowed as often as that takes.

    Of four components, where narrower rates take minutes, and at last integers around it.
    """
    for attempt in range(_ATTEMPTS):
        with arb_precision(64 << attempt), suppress(UndecidedError):
            found = count(attempt)
            low, high = (
                sum(int(end.ceil().unique_fmpz()) for end in ends)
                for ends in zip(*((part.lower(), part.upper()) for part in found), strict=True)
            )
            if low == high or case.k == MAX_SPAN + 1 or attempt == _ATTEMPTS - 1:
                return Enclosure(Fraction(low), Fraction(high), Level.CERTIFIED, "ball")
    raise CannotAnswerError("the number of steps is too near to an integer to be rounded up")


def samples_needed(case: Case, digits: int, eps: Fraction, delta: Fraction, radius: Fraction) -> Enclosure:
    """Least n for which `sample_kl_bound` is at most eps; an integer."""
    with arb_precision(working_bits(100)):
        question, wanted = Question(case, 1, delta, radius), flint.arb(to_fmpq(eps))

        def suffices(n: int) -> bool:
            bound = _less(replace(question, n=n), _FEW)
            if bound is None:
                return False
            value = bound - wanted
            if not (value < 0 or value > 0):
                raise CannotAnswerError(f"the bound at n = {n} cannot be told from eps")
            return bool(value < 0)

        size = Fraction(theorem.least_size(suffices))
    return Enclosure(size, size, Level.CERTIFIED, "ball")


def _said(question: Question, digits: int | None = None) -> flint.arb:
    """Return what `_less` does, or raise OutOfReachError."""
    found = _less(question, digits)
    if found is None:
        raise _too_few(question, lambda: _least(question))
    return found


def _less(question: Question, digits: int | None) -> flint.arb | None:
    """Return the less of the theorems' bounds on ‖θ̂‖, or on KL to so many digits, at the precision in force."""
    known: theorem.Bound | None = None
    found: list[flint.arb] = []
    if not theorem.is_degenerate(question) and (known := theorem.bound(question)):
        found = [known.norm if digits is None else theorem.divergence(known.norm, theorem.spectrum(question))]
    if other := shells.exclusion(question, known.norm if known else None):
        found.append(other.norm() if digits is None else other.divergence(digits))
    return reduce(flint.arb.min, found) if found else None


def _least(question: Question) -> int:
    """The least n for which one of them says something: of fixed points anywhere, or of those in the inner ball."""
    with arb_precision(theorem.SEARCH_BITS):
        anywhere = theorem.least_size(lambda n: shells.says_something(replace(question, n=n)))
    if question.span <= MAX_SPAN or theorem.is_degenerate(question):
        return anywhere
    with suppress(OutOfReachError):
        return min(anywhere, theorem.enough(question))
    return anywhere


def _too_few(question: Question, least: Callable[[], int], what: str = "") -> OutOfReachError:
    try:
        enough = f"n = {least()} are enough"
    except CannotAnswerError as error:
        enough = str(error)
    return OutOfReachError(
        f"n = {question.n} points are too few for the theorem{what} at radius {_short(question.radius)}, "
        f"δ = {_short(question.delta)}; {enough}"
    )


def _short(value: Fraction) -> str:
    """Return a number as it is, or nearly if it has many digits."""
    text = str(value)
    return text if len(text) < _LONG else decimal_text(value, 6)


def _refine(compute: Callable[[], flint.arb], digits: int) -> Enclosure:
    def attempt(_: float) -> flint.arb:
        try:
            return compute()
        except UndecidedError:
            return flint.arb.nan()

    return refined(attempt, digits, 0.0)
