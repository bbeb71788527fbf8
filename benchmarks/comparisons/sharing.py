"""Several quantities of one case: each beside KL at the same digits, and all of them together.

All are KL, every β_m, λ_min, the PL ratio and Λ of one case, one after the other. "Of one case" makes what they have in
common once; "each by itself" asks for the same of a case that nobody has asked before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.truth import digits_right
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

Request = tuple[str, dict[str, Fraction]]

DEGREES = (
    "KL, β_m and λ_min need different tables: the integrands have degree 0, 2 and 4, and so other nodes. Shared are "
    "KL, with the PL ratio and Λ, and the table of every β_m, with the PL ratio."
)
"""What is not shared."""


def of_one_case(case: Case, digits: int, requests: Sequence[Request]) -> object:
    """Evaluate quantities of one case, for which nothing is computed yet, and return the last."""
    fresh, value = replace(case), None
    for quantity, arguments in requests:
        value = evaluate(quantity, fresh, arguments, digits, "ball")
    return value


def each_by_itself(case: Case, digits: int, requests: Sequence[Request]) -> None:
    """Evaluate each quantity of a case of its own."""
    for request in requests:
        of_one_case(case, digits, [request])


def measured(scale: Scale) -> Iterator[Comparison]:
    for k, weights, digits in {
        "tiny": [(3, "1/2,3/10,1/5", 5)],
        "quick": [(3, "1/2,3/10,1/5", 30)],
        "full": [(3, "1/2,3/10,1/5", 15), (3, "1/2,3/10,1/5", 30), (8, "linear", 30), (64, "linear", 15)],
    }[scale]:
        case = make_case(k, weights, radius="1")
        powers: list[Request] = [("posterior_power", {"m": Fraction(m)}) for m in case.frequencies]
        alone: list[Request] = [(name, {}) for name in ("hessian_min_eigenvalue", "pl_ratio", "log_partition")]
        kl: Request = ("kl_divergence", {})
        everything = [kl, *powers, *alone]
        sides = [
            Side(
                quantity,
                partial(of_one_case, case, digits, [(quantity, arguments)]),
                digits_right(quantity, case, digits, **{name: int(value) for name, value in arguments.items()}),
            )
            for quantity, arguments in (kl, powers[0], *alone)
        ]
        sides.append(Side("every β_m", partial(of_one_case, case, digits, powers)))
        sides.append(Side("all, of one case", partial(of_one_case, case, digits, everything)))
        where = f"k = {k}, {weights}, radius 1, {digits} digits"
        yield Comparison(where, tuple(sides))
        together = (
            Side("each by itself", partial(each_by_itself, case, digits, everything)),
            Side("all, of one case", partial(of_one_case, case, digits, everything)),
        )
        says = f"{len(everything)} quantities of one case ({where}) in three quarters of the time of each by itself"
        target = Target(says, 0.75, together[1].name, otherwise=DEGREES)
        yield Comparison(f"{len(everything)} quantities, {where}", together, () if scale == "tiny" else (target,))
