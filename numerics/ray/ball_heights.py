"""Proofs that a height keeps a bound on a stretch of the simplex ray from the origin on, and for good far out.

Near the origin an expansion with a proved remainder decides (`ball_near_zero`, `ball_hessian_origin`), elsewhere models
in log s² (`ball_positive`), and far out bounds in powers of the radius (`emtheory.numerics.simplex_point.far_out`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, ball_bounds, rational
from emtheory.numerics.arithmetic.arb import smallest, to_arb, to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.ball_hessian_origin import convex_up_to, positive_up_to, smallest_slope
from emtheory.numerics.ray.ball_positive import RayFunction, positive_on_ray
from emtheory.numerics.ray.heights import CURVATURE, POWER, shares
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, frequency_groups, hessian_blocks, on_simplex
from emtheory.numerics.simplex_point.origin_expansion import Expansion, mean_power_expansion, power_expansion
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus

_MAX_GROUPS = 40
"""Most frequencies that differ for which models are made, one each, or 820 of the whole Hessian."""
_ORDER = 4
"""Of expansions at the origin: enough where a slope or two vanish."""
_SMALL_GAP_BITS = 256
"""Bits beyond those of the digits, with which a gap, or a threshold, is told from zero down to 1e−77."""
_CLOSEST = Fraction(1, 10**6)
"""How near a height may come to a bound that it is proved never to reach: nearer would take more accurate models."""


@dataclass(frozen=True)
class Height:
    """What is proved of a height on the ray of a case.

    `sign`: of height − bound for small positive radii, not 1 where it may not be positive; `exceeds`: whether it
    certainly exceeds a bound on (0, radius], by a margin that says how accurate models must be, None for a radius far
    out from which on bounds hold there, for the reason `beyond`.
    """

    sign: Callable[[Algebraic], int]
    exceeds: Callable[[Fraction, Fraction, Fraction | None], bool]
    beyond: str


def height_of(name: str, case: Case) -> Height:
    """Return a height of `heights`; CannotAnswerError if there are more frequencies than models are made for."""
    if len(frequency_groups(case) if name == CURVATURE else shares(case)) > _MAX_GROUPS:
        raise CannotAnswerError(f"more than {_MAX_GROUPS} frequencies that differ")
    if name == CURVATURE:
        return Height(
            lambda bound: _curvature_sign(case, bound),
            lambda bound, radius, margin: _curvature_exceeds(case, bound, radius, margin),
            "the convexity of Λ and E max Zⱼ",
        )

    def expansions(bound: Algebraic) -> list[Expansion]:
        return _differences(case, bound) if name == POWER else [_gradient_expansion(case, bound)]

    return Height(
        lambda bound: min(_sign(each) for each in expansions(bound)),
        lambda bound, radius, margin: _exceeds(
            case, (_powers if name == POWER else _ratio)(case, bound), expansions(rational(bound)), radius, margin
        ),
        "dΛ/dr ≤ R₀",
    )


def _exceeds(
    case: Case, function: RayFunction, expansions: Sequence[Expansion], radius: Fraction, margin: Fraction | None
) -> bool:
    margin = _CLOSEST if margin is None else margin
    with arb_precision(working_bits(smallness(margin))):
        start = smallest([_positive_up_to(expansion) for expansion in expansions])
    return positive_on_ray(case, function, start, radius, margin)


def _powers(case: Case, bound: Fraction) -> RayFunction:
    """min_m β_m − bound."""
    frequencies, exact = [m for m, _ in shares(case)], to_fmpq(bound)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        return ball_posterior_moments(case, s, accuracy, 2).power_vector(frequencies)

    return RayFunction(values, 1.0, case.k - 1, lambda ranges: smallest(ranges) - exact)


def _ratio(case: Case, bound: Fraction) -> RayFunction:
    """Σ w_mβ_m² − cB, which has the sign of pl_ratio − c.

    With b = Σ w_mβ_m, dKL/d(r²) = b/2, so pl_ratio = Σ w_mβ_m²/B where B = 2KL/r² is the mean of b over [0, r²] and
    analytic with the bounds of b. The bound 2 needs c ≤ 1, which follows from a positive start.
    """
    exact, weighted = to_fmpq(bound), shares(case)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = ball_posterior_moments(case, s, accuracy, 2)
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        needed = accuracy + max(0.0, -float(squared_radius.log().mid()))
        mean = 2 * kl_at(case, s, needed) / squared_radius
        powers = moments.power_vector([m for m, _ in weighted])
        # A product: a power of a ball that contains zero would be nan.
        terms = (to_fmpq(share) * power * power for power, (_, share) in zip(powers, weighted, strict=True))
        return [sum(terms, start=-exact * mean)]

    return RayFunction(values, 2.0, 2 * (case.k - 1), lambda ranges: ranges[0])


def _differences(case: Case, bound: Algebraic) -> list[Expansion]:
    """Expand each β_m − bound in x = s² at the origin."""
    found = []
    for m, _ in shares(case):
        expansion = power_expansion(case, _ORDER, m)
        first, *others = expansion.coefficients
        found.append(Expansion((first - bound, *others), expansion.remainder))
    return found


def _gradient_expansion(case: Case, bound: Algebraic) -> Expansion:
    """Expand Σ w_mβ_m² − bound·B, for a rational bound, in x = s² at the origin.

    As |d^iβ/dx^i| ≤ 4^i i!², that of order n of β² is at most Σ_i C(n, i) 4^n i!² (n−i)!², n! times the bound used.
    """
    mean = mean_power_expansion(case, _ORDER)
    total = [-bound * value for value in mean.coefficients]
    for m, share in shares(case):
        power = power_expansion(case, _ORDER, m).coefficients
        for i, j in combinations_with_replacement(range(_ORDER), 2):
            if i + j < _ORDER:
                total[i + j] += rational(share * (1 if i == j else 2)) * power[i] * power[j]
    squares = 4**_ORDER * sum(math.factorial(i) * math.factorial(_ORDER - i) for i in range(_ORDER + 1))
    return Expansion(tuple(total), squares + abs(bound.enclose(1)[0]) * mean.remainder)


def _sign(expansion: Expansion) -> int:
    """The sign for small positive radii, 0 if the coefficients do not tell."""
    return next((value.sign for value in expansion.coefficients if value.sign), 0)


def _positive_up_to(expansion: Expansion) -> flint.arb:
    """An x up to which an expansion is positive but for zeros at the origin, which are cancelled if they are exact."""
    balls = [value.ball() for value in expansion.coefficients]
    zeros = 0
    while zeros < len(balls) and balls[zeros].contains(0) and expansion.coefficients[zeros].sign == 0:
        zeros += 1
    return positive_up_to(balls[zeros:], to_arb(expansion.remainder)) if zeros < len(balls) else flint.arb(0)


def _curvature_sign(case: Case, bound: Algebraic) -> int:
    """−1 where λ_min certainly starts below a bound that is a multiple of the gap, or at it and decreases; else 1."""
    gap = smallest_squared_modulus(case.weights)
    if (sign := (gap - bound).sign) != 0:
        return sign
    tied = [each for each in frequency_groups(case) if (squared_modulus(case.weights, each[0]) - gap).sign == 0]
    with arb_precision(_SMALL_GAP_BITS):
        return -1 if smallest_slope(case, tied) < 0 else 1


def _curvature_exceeds(case: Case, bound: Fraction, radius: Fraction, margin: Fraction | None) -> bool:
    """Near the origin by an expansion, up to the radius by models; a bound below the gap, or 0."""
    with arb_precision(working_bits(smallness(_CLOSEST if margin is None else margin)) + _SMALL_GAP_BITS):
        start = convex_up_to(case, bound)
    margin = min(_CLOSEST, ball_bounds(start)[0] ** 2) if margin is None else margin
    return positive_on_ray(case, hessian_above(case, bound, radius), start, radius, margin)


def hessian_above(case: Case, threshold: Fraction, radius: Fraction) -> RayFunction:
    """λ_min(∇²ℓ) − threshold on the simplex ray up to a radius: positive exactly where it exceeds the threshold.

    The entries are values of the quadratic form Σ β_mv_m² + Σ t_mnρ_mρ_nv_mv_n at unit vectors, so at most 1 + 3|r²| of
    expectations bounded as in section 8; where models are made, |e^t| is at most e^{3/2} times its largest value on the
    ray.
    """
    groups = frequency_groups(case)
    size = len(groups)
    largest = float(radius) ** 2 * case.k / (case.k - 1)
    bound = 1 + 1.01 * MOMENT_BOUND * largest * math.exp(1.5)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        moments = ball_posterior_moments(case, s, accuracy, 4)
        blocks = hessian_blocks(
            case, groups, moments, lambda m, n, c: squared_radius * to_arb(on_simplex(case, m, n, c)).sqrt()
        )
        return [*(entry for i, row in enumerate(blocks.radial) for entry in row[: i + 1]), *blocks.simple]

    def combine(ranges: Sequence[flint.arb]) -> flint.arb:
        triangle = size * (size + 1) // 2
        rows = [[ranges[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(size)] for i in range(size)]
        accuracy = flint.ctx.prec * math.log(2) / 2
        return smallest([smallest_eigenvalue(rows, accuracy), *ranges[triangle:]]) - to_fmpq(threshold)

    return RayFunction(values, bound, case.k - 1, combine)
