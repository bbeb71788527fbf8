"""∇²ℓ on the simplex ray near the origin: to first order in x = s², with a proved remainder.

Each block of `hessian_blocks` is H(x) = H(0) + xD + R(x), where H(0) is diagonal, made of the |π̂_m|², and D holds the
dβ_m/dx at the origin and the couplings t_mn there, times ρ_mρ_n/x. The blocks are restrictions of
(δ_mn β_m + ρ_mρ_n t_mn) to subspaces that it maps into themselves. The bounds on cumulants of the posterior
(docs/error-bounds.md, sections 8 and 12) give ‖D‖ ≤ 9/2 and ‖R(x)‖ ≤ 185x²/4: |dβ_m/dx| ≤ 3/2 and |t_mn| ≤ 3;
|d²β_m/dx²| ≤ 37/2 and |dt_mn/dx| ≤ 37; and Σρ_m² = r² < x.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import smallest, to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_near_origin import expansion_value
from emtheory.numerics.simplex_point.moments import HessianMoments, frequency_groups, hessian_blocks
from emtheory.numerics.simplex_point.origin_expansion import Expansion, coupling_expansion, power_expansion

SLOPE = 4.5
"""Bound on ‖D‖ and on ‖H(x) − H(0)‖/x."""
REMAINDER = 46.25
"""Bound on ‖H(x) − H(0) − xD‖/x²."""

_ACCURACY = 60.0
"""L of the eigenvalues of D, e^{−60} = 1e−26: only those nearer to zero are left without a sign."""


_ORDER = 4
"""Of expansions for uniform weights: the next one reaches hardly further, as its remainder has grown."""
_MOST_HALVINGS = 40
"""Of x, from 1 on; down to 1e−12."""


@dataclass(frozen=True)
class Block:
    """One block of H to first order: powers on the diagonal of H(0), where row m has |π̂_m|², and slopes D."""

    frequencies: Sequence[int]
    powers: Sequence[flint.arb]
    slopes: Sequence[Sequence[flint.arb]]

    def exceeds_up_to(self, threshold: flint.arb) -> flint.arb:
        """Return an x up to which H ⪰ threshold for every threshold that is at most all |π̂_m|²; 0 if none is found.

        Let E be the rows on which H(0) is near the threshold, g the least excess on the others, F, and
        δ = λ_min(D_EE). With d = ‖D‖ and C the bound of the remainder, the quadratic form is at least
        (δ − Cx)x|v_E|² − 2dx|v_E||v_F| + (g − dx − Cx²)|v_F|², which is not negative if both squares have non-negative
        coefficients and d²x ≤ (δ − Cx)(g − dx − Cx²): for x ≤ min(δ/4C, g/4d, √(g/4C), 3δg/8d²). With E empty
        H ⪰ H(0) − dx serves.
        """
        bounds = [ball_bounds(power - threshold)[0] for power in self.powers]
        order = sorted(range(len(bounds)), key=lambda i: bounds[i])
        excess = [flint.arb(to_fmpq(bounds[i])) for i in order]
        best = (excess[0] / SLOPE).lower()
        for count in range(1, len(order) + 1):
            slope = self.smallest_slope(order[:count]).lower()
            limits = [slope / (4 * REMAINDER)]
            if count < len(order):
                gap = excess[count]
                limits += [gap / (4 * SLOPE), 3 * slope * gap / (8 * SLOPE**2)]
                limits.append((gap / (4 * REMAINDER)).sqrt() if gap > 0 else flint.arb(0))
            if slope > 0:
                best = best.max(smallest(limits).lower())
        return best.max(flint.arb(0)).lower()

    def smallest_slope(self, rows: Sequence[int]) -> flint.arb:
        """Return a ball around the smallest eigenvalue of D on some of the rows."""
        return smallest_eigenvalue([[self.slopes[i][j] for j in rows] for i in rows], _ACCURACY)


def convex_up_to(case: Case) -> flint.arb:
    """Return an x up to which λ_min(∇²ℓ) > 0 for uniform weights, the origin left out; 0 if none is found.

    H(0) = 0, so that H(x)/x is made of β_m/x and t_mn; expansions enclose it for all x up to the one that is tried.
    """
    there, scale = case.at_radius(Fraction(1)), flint.arb(flint.fmpq(case.k - 1, case.k))
    quotients = _Quotients(case)
    for halvings in range(_MOST_HALVINGS):
        end = flint.arb((1, -halvings))
        blocks = hessian_blocks(
            there,
            replace(quotients, x=flint.arb(0).union(end)),
            lambda square: scale * to_fmpq(square),
            lambda square: scale * flint.arb(to_fmpq(square)).sqrt(),
        )
        if smallest([smallest_eigenvalue(blocks.radial, _ACCURACY), *blocks.simple]) > 0:
            return end
    return flint.arb(0)


def origin_blocks(case: Case) -> list[Block]:
    """Return the blocks of ∇²ℓ near the origin of a case's simplex ray, at the precision in force."""
    there = case.at_radius(Fraction(1))
    scale = flint.arb(flint.fmpq(case.k - 1, case.k))  # r²/x
    at_origin, slopes = (
        hessian_blocks(
            there,
            _Moments(case, derivative),
            lambda square: scale * to_fmpq(square),
            lambda square: scale * flint.arb(to_fmpq(square)).sqrt(),
        )
        for derivative in (0, 1)
    )
    groups = frequency_groups(case)
    # As `hessian_blocks` orders them: tangential directions, then differences within the group.
    repeated = [m for m, *others in groups for _ in range((case.multiplicity(m) == 2) + bool(others))]
    simple = zip(repeated, at_origin.simple, slopes.simple, strict=True)
    return [
        Block([m for m, *_ in groups], [row[i] for i, row in enumerate(at_origin.radial)], slopes.radial),
        *(Block([m], [value], [[slope]]) for m, value, slope in simple),
    ]


@dataclass(frozen=True)
class _Quotients(HessianMoments):
    """β_m/x where |π̂_m|² = 0, and t_mn, for all x ≥ 0 of a ball."""

    case: Case
    x: flint.arb = field(default_factory=flint.arb)
    known: dict[tuple[int, ...], Expansion] = field(default_factory=dict)

    def power(self, m: int) -> flint.arb:
        if (m,) not in self.known:
            whole = power_expansion(self.case, _ORDER + 1, m)
            self.known[m,] = Expansion(whole.coefficients[1:], whole.remainder)
        return expansion_value(self.known[m,], self.x)

    def coupling(self, m: int, n: int) -> flint.arb:
        if (m, n) not in self.known:
            self.known[m, n] = coupling_expansion(self.case, _ORDER, m, n)
        return expansion_value(self.known[m, n], self.x)


@dataclass(frozen=True)
class _Moments(HessianMoments):
    """Coefficients of x^0 or x^1 of what ∇²ℓ is made of; ρ_mρ_n gives the couplings a factor x."""

    case: Case
    order: int

    def power(self, m: int) -> flint.arb:
        return power_expansion(self.case, 2, m).coefficients[self.order].ball()

    def coupling(self, m: int, n: int) -> flint.arb:
        return coupling_expansion(self.case, 1, m, n).coefficients[0].ball() if self.order else flint.arb(0)
