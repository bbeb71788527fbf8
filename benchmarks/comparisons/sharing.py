"""Several quantities of one case: each beside KL at the same digits, and all of them together.

"All five" asks for KL, β_1, λ_min, the PL ratio and Λ of one case, one after the other: tables that they have in common
are made once.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from benchmarks.comparison import Comparison, Scale, Side
from benchmarks.truth import digits_right
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

QUANTITIES = ("kl_divergence", "posterior_power", "hessian_min_eigenvalue", "pl_ratio", "log_partition")


def ask(case: Case, digits: int, *quantities: str) -> object:
    """Evaluate quantities of one case, one after the other, and return the last."""
    value: object = None
    for quantity in quantities:
        arguments = {"m": Fraction(1)} if quantity == "posterior_power" else {}
        value = evaluate(quantity, case, arguments, digits, "ball")
    return value


def measured(scale: Scale) -> Iterator[Comparison]:
    for k, weights, digits in {
        "tiny": [(3, "1/2,3/10,1/5", 5)],
        "quick": [(3, "1/2,3/10,1/5", 30)],
        "full": [(3, "1/2,3/10,1/5", 15), (3, "1/2,3/10,1/5", 30), (10, "linear", 30), (64, "linear", 15)],
    }[scale]:
        case = make_case(k, weights, radius="1")
        sides = [
            Side(
                quantity,
                partial(ask, case, digits, quantity),
                digits_right(quantity, case, digits, **({"m": 1} if quantity == "posterior_power" else {})),
            )
            for quantity in QUANTITIES
        ]
        sides.append(Side("all five", partial(ask, case, digits, *QUANTITIES)))
        yield Comparison(f"k = {k}, {weights}, radius 1, {digits} digits", tuple(sides))
