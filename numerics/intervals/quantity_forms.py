"""The quantities at a point as Taylor forms of the radius.

All are made of β_m, the couplings t_mn and 2KL/r² (`emtheory.numerics.intervals.basic_functions`): Λ = r²/2 − KL, the
Hessian's blocks from β_m and t_mn, and pl_ratio = Σ w_mβ_m²/(2KL/r²) with w_m the share of frequency m in ‖θ‖², in
which nothing is 0/0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.intervals.basic_functions import MEAN_POWER, BasicFunction, coupling, power
from emtheory.numerics.intervals.eigenvalue_form import smallest_eigenvalue
from emtheory.numerics.intervals.form_functions import divide, smallest
from emtheory.numerics.intervals.ray_form import RayForm, Source
from emtheory.numerics.intervals.taylor_form import TaylorForm
from emtheory.numerics.simplex_point.moments import HessianMoments, frequency_groups, hessian_blocks

Arguments = Mapping[str, Fraction]

MAX_GROUPS = 12
"""Largest radial Hessian matrix that is followed over an interval."""


@dataclass(frozen=True)
class _Moments(HessianMoments):
    """What `hessian_blocks` asks of moments of the posterior, as forms."""

    case: Case
    source: Source

    def power(self, m: int) -> TaylorForm:
        return self.source(power(self.case, m))

    def coupling(self, m: int, n: int) -> TaylorForm:
        return self.source(coupling(self.case, m, n))


def _powers(case: Case) -> list[BasicFunction]:
    return [power(case, group[0]) for group in frequency_groups(case)]


def _divergence(case: Case, arguments: Arguments, radius: TaylorForm, source: Source) -> TaylorForm:
    return radius * radius * source(MEAN_POWER) * Fraction(1, 2)


def _log_partition(case: Case, arguments: Arguments, radius: TaylorForm, source: Source) -> TaylorForm:
    return radius * radius * (1 - source(MEAN_POWER)) * Fraction(1, 2)


def _pl_ratio(case: Case, arguments: Arguments, radius: TaylorForm, source: Source) -> TaylorForm:
    groups = frequency_groups(case)
    shares = [Fraction(sum(map(case.multiplicity, group)), case.k - 1) for group in groups]
    terms = [source(power(case, group[0])) ** 2 * share for group, share in zip(groups, shares, strict=True)]
    return divide(sum(terms[1:], start=terms[0]), source(MEAN_POWER))


def _hessian_functions(case: Case, arguments: Arguments) -> list[BasicFunction]:
    groups = frequency_groups(case)
    between = [coupling(case, group[0], other[0]) for group in groups for other in groups]
    within = [coupling(case, *group[:2]) for group in groups if len(group) > 1]
    return [*_powers(case), *between, *within]


def _smallest_eigenvalue(case: Case, arguments: Arguments, radius: TaylorForm, source: Source) -> TaylorForm:
    square = radius * radius
    blocks = hessian_blocks(
        case.at_radius(Fraction(1)),
        _Moments(case, source),
        lambda amplitude: square * amplitude,
        lambda product: square * rational(product).sqrt(),
    )
    form: TaylorForm = smallest([smallest_eigenvalue(blocks.radial), *blocks.simple])
    return form


KL_DIVERGENCE = RayForm(lambda case, arguments: [MEAN_POWER], _divergence)
LOG_PARTITION = RayForm(lambda case, arguments: [MEAN_POWER], _log_partition)
POSTERIOR_POWER = RayForm(
    lambda case, arguments: [power(case, int(arguments["m"]))],
    lambda case, arguments, radius, source: source(power(case, int(arguments["m"]))),
)
PL_RATIO = RayForm(lambda case, arguments: [*_powers(case), MEAN_POWER], _pl_ratio)
HESSIAN_MIN_EIGENVALUE = RayForm(
    _hessian_functions, _smallest_eigenvalue, lambda case: len(frequency_groups(case)) <= MAX_GROUPS
)
