"""EM's map, Jacobian and information of models, certified, beside quadratures of the same integrals.

One integral for each mean $E[γ^b x^a]$ that the quantities are made of; models and integrands are prepared, and tables
of nodes kept, so that it is the value at a further point that is measured. Arb's integration proves its error between
cuts at twelve standard deviations and bounds no tail; mpmath and SciPy estimate theirs.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.mixtures import MIXTURES, Mixture, by_arb, by_mpmath, by_scipy, digits_right, engine, integrals_of
from emtheory.numerics.models.targets import Target as Means

_ENGINE, _ARB = "the engine, certified", "acb.integral between cuts"
_SECONDS = {
    ("two means", 15): 0.002,
    ("two means", 30): 0.004,
    ("unequal variances, two free means", 15): 0.002,
    ("unequal variances, two free means", 30): 0.005,
    ("three means in the plane", 15): 0.04,
    ("three means in the plane", 30): 0.2,
    ("two regressions", 6): 0.3,
    ("two regressions", 15): 1.5,
    ("two regressions", 30): 20.0,
}
"""Promised for map, Jacobian and information together."""
_DIGITS = {
    1: {"tiny": (15,), "quick": (15, 30), "full": (15, 30)},
    2: {"tiny": (6,), "quick": (6, 15), "full": (6, 15, 30)},
}
_MOST_NESTED = 6
"""Digits up to which quadratures nested in two coordinates are waited for."""

_DOUBLE = 15
"""Digits of double precision."""


def measured(scale: Scale) -> Iterator[Comparison]:
    for mixture in MIXTURES if scale != "tiny" else MIXTURES[:1]:
        for digits in _DIGITS[mixture.size][scale]:
            yield _together(mixture, digits)
            if mixture.size == 1 or digits <= _MOST_NESTED:
                yield _map_alone(mixture, digits)


def _together(mixture: Mixture, digits: int) -> Comparison:
    """Map, Jacobian and information; beside the others where that takes no minutes."""
    target = mixture.all_three()
    sides = tuple(_sides(mixture, target, digits, others=mixture.size == 1))
    seconds = _SECONDS.get((mixture.name, digits))
    says = f"map, Jacobian and information of {mixture.name} to {digits} digits in {seconds:g} s" if seconds else ""
    targets = (Target(says, seconds),) if seconds else ()
    name = f"map, Jacobian and information: {mixture.name}, {digits} digits, {_integrals(target)}"
    return Comparison(name, sides, targets, warm=True)


def _map_alone(mixture: Mixture, digits: int) -> Comparison:
    target = mixture.map_alone()
    sides = tuple(_sides(mixture, target, digits, others=True))
    says = f"EM's map alone, {mixture.name}, {digits} digits: at most 1.5 times as long as {_ARB}"
    targets = (Target(says, 1 / 1.5, _ARB, at_least=True),) if mixture.size == 1 else ()
    return Comparison(f"map alone: {mixture.name}, {digits} digits, {_integrals(target)}", sides, targets, warm=True)


def _sides(mixture: Mixture, target: Means, digits: int, *, others: bool) -> Iterator[Side]:
    right = digits_right(mixture, target, digits)
    yield Side(_ENGINE, partial(engine, mixture, target, digits), right)
    if mixture.size == 1:
        yield Side(_ARB, partial(by_arb, mixture, target, digits), right)
    if others:
        yield Side("mpmath.quad", partial(by_mpmath, mixture, target, digits), right)
    if others and digits <= _DOUBLE:
        yield Side("scipy.integrate", partial(by_scipy, mixture, target, digits), right)


def _integrals(target: Means) -> str:
    count = len(integrals_of(target))
    return "1 integral" if count == 1 else f"{count} integrals"
