"""The quantities of a statement at a point, and on a box of points."""

from .balls import UNIT
from .forms import constant
from .functions import apply, least, smallest_eigenvalue
from .outcomes import NOT_COVERED, OutcomeError, require

MAX_FREE = 5
"""Components up to which λ_min for any weights is the least eigenvalue of a matrix of at most two rows."""


def no_value(name):
    """Return the error of a quantity without a value."""
    return OutcomeError("rejected", f"claim: {name} has no value here")


def pl_ratio(place):
    """Return ½‖∇ℓ‖²/KL, which has no value at radius 0."""
    if not place.is_away():
        require(not place.amplitudes() or not place.free, "pl_ratio at the origin off the simplex", NOT_COVERED)
        raise no_value("pl_ratio")
    return place.pl_ratio()


def hessian_min_eigenvalue(place):
    """Return λ_min(∇²ℓ): the least tangential β_m, 2m < k, and eigenvalue of δ_mn β_m + ρ_m ρ_n t_mn (T6).

    On the simplex the squares are ρ_m² = v dim_m/(k − 1).
    """
    k, shares, count, off = place.k, place.case.shares, (place.k - 1) // 2, place.amplitudes()
    if not off and constant(place.v) == 0:
        return place.gap()
    if place.edge < 0 or place.case.ranged:
        return place.mean("h")
    alike = place.is_flat() and count > 1 and not off
    require(k <= MAX_FREE or alike, "Hessians of such weights of more than five components", NOT_COVERED)

    def entry(m, n, coupling=None, factor=1):
        if off:
            both = off[m - 1] * off[n - 1]
        else:
            both = place.v * apply(place, "sqrt", place.form(shares[m] * shares[n] * factor))
        coupled = both * (coupling or place.mean("t", m, n))
        return place.power(m) + coupled if m == n else coupled

    if alike:
        # Frequencies below k/2 are alike: one eigenvalue across their sum, and along it a smaller matrix.
        same, other = place.mean("t", 1, 1), place.mean("t", 1, 2)
        tangential = [place.power(1), entry(1, 1, same - other)]
        matrix = [entry(1, 1, same + other * (count - 1))]
        matrix += [entry(1, k // 2, other, count), entry(k // 2, k // 2)] if k % 2 == 0 else []
    else:
        tangential = [place.power(m) for m in shares if 2 * m < k]
        matrix = [entry(m, n) for n in shares for m in shares if m <= n]
    if place.edge and len(matrix) > 1:  # It is within 9v/2 of what it is at the origin (T11).
        return place.gap() + place.generator(("eigenvalue",), UNIT * 9 / 2) * place.v
    return least(place, [*tangential, matrix[0] if len(matrix) == 1 else smallest_eigenvalue(place, *matrix)])
