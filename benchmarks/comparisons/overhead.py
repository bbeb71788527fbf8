"""What proved error bounds cost: certified KL beside an Arb program of the same method without a single bound.

That program (`benchmarks/prototype.py`) gives about as many digits as it is asked for. The certified route gives a few
more, since its bounds have to be true in the worst case.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks.caches import evaluated
from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.prototype import divergence
from benchmarks.truth import digits_right
from emtheory.numerics.case import make_case

CASES = {
    "tiny": [(3, "1/2,3/10,1/5", 15)],
    "quick": [(3, "1/2,3/10,1/5", 15), (3, "1/2,3/10,1/5", 30), (10, "linear", 30), (4096, "one-heavy:1/2", 22)],
    "full": [
        *((3, "1/2,3/10,1/5", digits) for digits in (15, 30, 50, 100)),
        *((10, "linear", digits) for digits in (15, 30)),
        (64, "linear", 30),
        (4096, "one-heavy:1/2", 22),
    ],
}
OTHERWISE = (
    "A fifth of the time goes into rounding balls to integers, a fifth into their products, a tenth into exponentials, "
    "and the rest into planning, bounds and conversions, of which none takes more than a twentieth."
)
"""By timing the parts at 15 digits."""


def measured(scale: Scale) -> Iterator[Comparison]:
    for k, weights, digits in CASES[scale]:
        case = make_case(k, weights, radius="1")
        right = digits_right("kl_divergence", case, digits)
        sides = (
            Side("prototype without bounds", partial(divergence, case, digits), right),
            Side("ball route, certified", partial(evaluated, "kl_divergence", case, {}, digits, "ball"), right),
        )
        says = f"{digits} digits at k = {k}, {weights}, at most twice the prototype's time"
        targets = (Target(says, 2, sides[1].name, otherwise=OTHERWISE),) if digits == 15 else ()
        yield Comparison(f"KL, k = {k}, {weights}, radius 1, {digits} digits", sides, targets)
