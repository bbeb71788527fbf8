"""Lloyd's map near the fixed simplex: how fast it contracts what is no turn."""

import math
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import refined
from emtheory.numerics.simplex_point.far_out import expected_maximum

_ROUNDING = 1e-12
"""What a sum over the law on a wall may be off by in double precision."""


def lloyd_second_eigenvalue(case: Case, digits: int) -> Enclosure:
    """By the moments of the largest of k normal numbers, as derivation `lloyd-simplex` has it."""
    return refined(lambda accuracy: _by_moments(_several(case), accuracy), digits, 0.0)


def _several(case: Case) -> int:
    if case.k < 3:
        raise CannotAnswerError(
            "two centres on a line have no eigenvalues but 0 and those of turns; k has to be 3 or more"
        )
    return case.k


def _by_moments(k: int, accuracy: float) -> flint.arb:
    m, second, third = (expected_maximum(k, accuracy, power) for power in (1, 2, 3))
    share, ratio = k * m**2 / (k - 1) ** 2, to_fmpq(Fraction(k, k - 1))
    across = (k - 1) * share - ratio * (second - 1)
    radial = third / m - 2 * second + (k - 1) / ratio * share - to_fmpq(Fraction(1, k))
    # The roots of ⟨f, Tf⟩ = μ‖f‖², ‖f‖² = kx² + 2xy + (1 − 1/k)y².
    total = (k * radial + (k - 1) * share - 2 * across) / (k - 2)
    product = (k * share * radial - across**2) / (k - 2)
    larger = (total + (total**2 - 4 * product).sqrt()) / 2
    if k == 3:
        return larger
    return larger.max(1 / ratio - (k - 1) * (2 * third / m - 5) / ((k - 2) * (k - 3)))


def lloyd_second_eigenvalue_float(case: Case, digits: int) -> Enclosure:
    """By the law on a wall between two cells: of the height t, and of the other coordinates below it."""
    from scipy.special import log_ndtr  # noqa: PLC0415 - SciPy is slow to import and only this needs it

    k = _several(case)
    t = np.linspace(-12, 12, 24001)
    logarithm, density = log_ndtr(t), np.exp(-(t**2) / 2) / math.sqrt(2 * math.pi)
    wall = density**2 * np.exp((k - 2) * logarithm)
    largest = density * np.exp((k - 1) * logarithm)
    m = float(largest @ t / largest.sum())
    first, square = (float(wall @ t**n / wall.sum()) for n in (1, 2))
    hazard = np.exp(-(t**2) / 2 - logarithm) / math.sqrt(2 * math.pi)
    others = float(wall @ (1 - t * hazard - hazard**2) / wall.sum())
    length = k * m / (k - 1)
    form = np.array([[length**2, length * (m - first)], [length * (m - first), square - 1 / k - 2 * m * first + m**2]])
    size = np.array([[k, 1], [1, 1 - 1 / k]])
    value = float(np.max(np.linalg.eigvals(np.linalg.solve(size, form)).real))
    value = max(value, (k - 1) / k * others) if k > 3 else value
    error = Fraction(_ROUNDING)
    return Enclosure(Fraction(value) - error, Fraction(value) + error, Level.OBSERVED, "float")
