"""EM's map, Jacobian and information of models, certified, beside quadratures of the same integrals.

One integral for each mean $E[γ^b x^a]$ that the quantities are made of; models and integrands are prepared, and tables
of nodes kept, so that it is the value at a further point that is measured. Arb's integration proves its error between
cuts at twelve standard deviations and bounds no tail; mpmath and SciPy estimate theirs. That of two means is also
written by hand as E[X tanh(θX)], the shortest integrand. On a box it is the width that
counts, in digits; claims over boxes are decided from cold caches.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.mixtures import (
    MIXTURES,
    Mixture,
    by_arb,
    by_hand,
    by_mpmath,
    by_scipy,
    digits_of,
    digits_right,
    engine,
    engine_on_box,
    exact,
    integrals_of,
    rate_at_truth,
)
from emtheory.numerics.models.targets import Target as Means
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

_ENGINE, _ARB = "the engine, certified", "acb.integral between cuts"
_LOSES = f"at most 1.5 times as long as {_ARB}"
_HAND = "acb.integral of E[X tanh(θX)]"
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
_SIX = 6
_MOST_NESTED = _SIX
"""Digits up to which quadratures nested in two coordinates are waited for."""

_DOUBLE = 15
"""Digits of double precision."""
_RADIUS = Fraction(1, 100)
"""Of the box around θ and μ."""
_CLAIMS = (
    (0, "kl_divergence <= (theta - mu)**2/2", {"theta": ("1/2", "4"), "mu": ("1", "3")}, 10.0),
    (
        0,
        "abs(em_map(theta) - mu) <= exp(-min(theta, mu)**2/2)*abs(theta - mu)",
        {"theta": ("1/10", "4"), "mu": ("1/10", "3")},
        2.0,
    ),
    (3, "abs(em_map(theta) - 1) <= 9/10*abs(theta - mu)", {"theta": ("1/4", "2")}, 10.0),
)
"""Mixture, statement, box, and the seconds promised."""


def measured(scale: Scale) -> Iterator[Comparison]:
    for mixture in MIXTURES if scale != "tiny" else MIXTURES[:1]:
        for digits in _DIGITS[mixture.size][scale]:
            yield _together(mixture, digits)
            if mixture.size == 1 or digits <= _MOST_NESTED:
                yield _map_alone(mixture, digits)
    yield Comparison(
        "EM's rate at the truth: two normals, five free parameters, 12 digits",
        (Side("derived and certified", partial(rate_at_truth, 12)),),
        (Target("EM's rate at the truth of two normals with five free parameters to 12 digits in 1 s", 1.0),),
    )
    yield _on_a_box()
    for place, statement, box, seconds in _CLAIMS if scale != "tiny" else ():
        values = {name: "1" for name in ("theta", "mu") if name not in box}
        claim = Claim("box", statement, k=(), family=MIXTURES[place].model.text, values=values, for_all=box)
        target = Target(f"{statement} for {MIXTURES[place].name} in {seconds:g} s", seconds)
        yield Comparison(
            f"a box, {MIXTURES[place].name}: {statement}", (Side("decided", partial(_decided, claim)),), (target,)
        )


def _decided(claim: Claim) -> None:
    assert decide_claim(claim).outcome == "certified"


def _on_a_box() -> Comparison:
    """EM's map of two means with θ and μ within 1/100 of their values."""
    sides = (
        Side(_ENGINE, partial(engine_on_box, MIXTURES[0], MIXTURES[0].map_alone(), _RADIUS), digits_of),
        Side("acb.integral of balls", partial(by_hand, _SIX, _RADIUS), digits_of),
    )
    return Comparison("map alone: two means, a box of radius 1/100", sides, warm=True)


def _together(mixture: Mixture, digits: int) -> Comparison:
    """Map, Jacobian and information; beside the others where that takes no minutes."""
    target = mixture.all_three()
    sides = tuple(_sides(mixture, target, digits, others=mixture.size == 1))
    seconds = _SECONDS.get((mixture.name, digits))
    says = f"map, Jacobian and information of {mixture.name} to {digits} digits in {seconds:g} s" if seconds else ""
    targets = (Target(says, seconds),) if seconds else ()
    if mixture.size == 1:
        targets = (
            *targets,
            Target(f"{mixture.name}, {digits} digits, all three: {_LOSES}", 1 / 1.5, _ARB, at_least=True),
        )
    name = f"map, Jacobian and information: {mixture.name}, {digits} digits, {_integrals(target)}"
    return Comparison(name, sides, targets, warm=True)


def _map_alone(mixture: Mixture, digits: int) -> Comparison:
    target = mixture.map_alone()
    sides = tuple(_sides(mixture, target, digits, others=True))
    targets = (
        (Target(f"{mixture.name}, {digits} digits, EM's map alone: {_LOSES}", 1 / 1.5, _ARB, at_least=True),)
        if mixture.size == 1
        else ()
    )
    if mixture is MIXTURES[0]:
        # The one mean of the map is half of it, as E X = 0.
        right = digits_right(mixture, target, digits)
        sides = (*sides, Side(_HAND, partial(by_hand, digits), lambda value: right([exact(value) / 2])))
        targets = (*targets, Target(f"the same beside {_HAND}, by hand", 1 / 1.5, _HAND, at_least=True))
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
