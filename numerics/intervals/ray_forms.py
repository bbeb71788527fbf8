"""The quantities on the simplex ray as Taylor forms of the radius.

All are made of β_m, the couplings t_mn and 2KL/r² (`emtheory.numerics.intervals.basic_functions`): Λ = r²/2 − KL, the
Hessian's blocks from β_m and t_mn, and pl_ratio = Σ w_mβ_m²/(2KL/r²) with w_m the share of frequency m in ‖θ‖², in
which nothing is 0/0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Level
from emtheory.numerics.intervals.basic_functions import MEAN_POWER, RayFunction, Window, coupling, power
from emtheory.numerics.intervals.eigenvalue_form import smallest_eigenvalue
from emtheory.numerics.intervals.form_functions import divide, smallest, to_power
from emtheory.numerics.intervals.interval import from_ball
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.taylor_form import ZERO, Domain, TaylorForm
from emtheory.numerics.simplex_point.moments import HessianMoments, frequency_groups, hessian_blocks
from emtheory.numerics.simplex_point.origin_expansion import Expansion

Source = Callable[[RayFunction], TaylorForm]
"""What gives the basic functions their forms on a cell."""

QUANTITIES = ("posterior_power", "kl_divergence", "log_partition", "hessian_min_eigenvalue", "pl_ratio")
MAX_GROUPS = 12
"""Largest radial Hessian matrix that is followed over an interval."""


def has_form(quantity: str, case: Case) -> bool:
    """Whether a quantity can be followed over an interval of radii."""
    if quantity == "hessian_min_eigenvalue":
        return len(frequency_groups(case)) <= MAX_GROUPS
    return quantity in QUANTITIES


def functions_of(quantity: str, case: Case, arguments: Mapping[str, Fraction]) -> list[RayFunction]:
    """Return the basic functions that a quantity is made of."""
    groups = frequency_groups(case)
    powers = [power(case, group[0]) for group in groups]
    if quantity == "posterior_power":
        return [power(case, int(arguments["m"]))]
    if quantity == "pl_ratio":
        return [*powers, MEAN_POWER]
    if quantity != "hessian_min_eigenvalue":
        return [MEAN_POWER]
    between = [coupling(case, group[0], other[0]) for group in groups for other in groups]
    within = [coupling(case, *group[:2]) for group in groups if len(group) > 1]
    return [*powers, *between, *within]


def quantity_form(
    quantity: str, case: Case, arguments: Mapping[str, Fraction], radius: TaylorForm, source: Source
) -> TaylorForm:
    """Return the form of one of `QUANTITIES`; raises as `form_functions.apply_to_forms` does."""
    square = radius * radius
    moments = _Moments(case, source)
    match quantity:
        case "posterior_power":
            return moments.power(int(arguments["m"]))
        case "kl_divergence":
            return square * source(MEAN_POWER) * Fraction(1, 2)
        case "log_partition":
            return square * (1 - source(MEAN_POWER)) * Fraction(1, 2)
        case "pl_ratio":
            groups = frequency_groups(case)
            shares = [Fraction(sum(map(case.multiplicity, group)), case.k - 1) for group in groups]
            terms = [moments.power(group[0]) ** 2 * share for group, share in zip(groups, shares, strict=True)]
            return divide(sum(terms[1:], start=terms[0]), source(MEAN_POWER))
    blocks = hessian_blocks(
        case.at_radius(Fraction(1)),
        moments,
        lambda amplitude: square * amplitude,
        lambda product: to_power(product * square, rational(Fraction(1, 2))),
    )
    return smallest([smallest_eigenvalue(blocks.radial), *blocks.simple])


@dataclass(frozen=True)
class _Moments(HessianMoments):
    """What `hessian_blocks` asks of moments of the posterior, as forms."""

    case: Case
    source: Source

    def power(self, m: int) -> TaylorForm:
        return self.source(power(self.case, m))

    def coupling(self, m: int, n: int) -> TaylorForm:
        return self.source(coupling(self.case, m, n))


def expansion_form(expansion: Expansion, case: Case, domain: Domain) -> TaylorForm:
    """Return an expansion in s² = r²k/(k − 1) about the origin as a form in r."""
    ratio = Fraction(case.k, case.k - 1)
    order = len(expansion.coefficients)
    coefficients: list[Value] = []
    for i, value in enumerate(expansion.coefficients):
        coefficients += [rational(ratio**i) * value, ZERO]
    bound = flint.arb(to_fmpq(expansion.remainder * ratio**order)).upper()
    return TaylorForm((*coefficients, from_ball(flint.arb(0, bound), Level.CERTIFIED)), domain)


def model_form(window: Window, function: RayFunction, domain: Domain) -> TaylorForm:
    """Return a model as the form of the mean value theorem: its value at the centre, its slopes over the domain."""
    lower, upper = (flint.arb(to_fmpq(domain.centre + end)) for end in (domain.lower, domain.upper))
    value = from_ball(window.value(function, domain.centre), Level.CERTIFIED)
    return TaylorForm((value, from_ball(window.slopes(function, lower.union(upper)), Level.CERTIFIED)), domain)
