"""Certified digits of KL beside quadratures in the plane.

Three components at radius 1. Only the first side proves its error; nested quadrature estimates one, the trapezoidal
rule in two dimensions has none.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks import peers
from benchmarks.caches import evaluated
from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.truth import digits_right
from emtheory.numerics.case import make_case

OURS = "The certified route's own time; see what proved error bounds cost."


def measured(scale: Scale) -> Iterator[Comparison]:
    case = make_case(3, "1/2,3/10,1/5", radius="1")
    for digits in {"tiny": (5,), "quick": (10, 30), "full": (10, 15, 30)}[scale]:
        right = digits_right("kl_divergence", case, digits)
        sides = [
            Side("ball route, certified", partial(evaluated, "kl_divergence", case, {}, digits, "ball"), right),
            Side("trapezoidal rule in the plane", partial(peers.plane_rule, case, digits), right),
        ]
        targets: tuple[Target, ...] = ()
        if scale == "full" or digits <= 10:
            sides.append(Side("nested mpmath.quad", partial(peers.nested_quadrature, case, digits), right))
            if digits == 30:
                says = "30 certified digits at k = 3 at least 3,000 times faster than nested mpmath.quad"
                targets = (Target(says, 3000, "nested mpmath.quad", at_least=True, otherwise=OURS),)
        yield Comparison(f"KL, k = 3, radius 1, {digits} digits", tuple(sides), targets)
