"""The functions of the radius that all quantities on the simplex ray are made of, enclosed over whole intervals.

They are β_m, the couplings t_mn of the Hessian, and 2KL/r², the mean of Σ_m w_mβ_m over [0, r²]. Near the origin they
are expanded exactly in x = s² = r²k/(k − 1) (`origin_expansion`), elsewhere modelled in t = log s² on a window of radii
(`chebyshev`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ray_rule import ray_divergence, ray_moments
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model, interpolate
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.lattice import squared_spread
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, frequency_groups
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    coupling_expansion,
    mean_power_expansion,
    power_expansion,
)

_MODEL_BITS = 128
"""What turning Chebyshev sums into powers may cost."""


@dataclass(frozen=True)
class BasicFunction:
    """β_m for the frequencies (m,), t_mn for (m, n), 2KL/r² for ().

    Divided n times, it is the function less its first n terms at the origin, divided by r^{2n}; multiplied, it is the
    function times r².
    """

    frequencies: tuple[int, ...]
    divided: int = 0
    multiplied: bool = False


def power(case: Case, m: int) -> BasicFunction:
    """β_m, under the one name that all frequencies share which the weights do not tell apart."""
    folded = min(m % case.k, -m % case.k)
    for group in frequency_groups(case):
        if folded in group:
            return BasicFunction((group[0],))
    return BasicFunction((folded,))


def coupling(case: Case, m: int, n: int) -> BasicFunction:
    """t_mn, which is symmetric.

    Parameters
    ----------
    case
        The mixture.
    m, n
        Independent frequencies, 1..⌊k/2⌋, in any order.
    """
    return BasicFunction((min(m, n), max(m, n)))


MEAN_POWER = BasicFunction(())
TWICE_DIVERGENCE = BasicFunction((), multiplied=True)
"""2KL, also off the simplex, where 2KL/r² has no limit at the origin."""


def expand(case: Case, function: BasicFunction, order: int) -> Expansion:
    """Expand at the origin, up to x^order.

    Parameters
    ----------
    case
        The mixture; its point is not used.
    function
        Which one.
    order
        Number of exact coefficients; the remainder is that of x^order.
    """
    match function.frequencies:
        case (m, n):
            return coupling_expansion(case, order, m, n)
        case (m,):
            return power_expansion(case, order, m)
    return mean_power_expansion(case, order)


@dataclass(frozen=True)
class Window:
    """Models of functions on an interval of radii.

    Attributes
    ----------
    lower, upper
        Positive radii.
    models
        Each function's model in t = log s², whose position −1 is at `lower` and 1 at `upper`.
    """

    lower: Fraction
    upper: Fraction
    models: Mapping[BasicFunction, Model]

    def value(self, function: BasicFunction, radius: Fraction) -> flint.arb:
        """Return a ball around the function at a radius of the window."""
        return self.models[function].at(self._position(flint.arb(to_fmpq(radius))))

    def slopes(self, function: BasicFunction, radii: flint.arb) -> flint.arb:
        """Return a ball around the derivative in the radius at all radii of a ball: dx/dr = 2/(r log(upper/lower))."""
        scale = 2 / (radii * self._width())
        return self.models[function].slopes(self._position(radii)) * scale

    def _width(self) -> flint.arb:
        return flint.arb(to_fmpq(self.upper / self.lower)).log()

    def _position(self, radii: flint.arb) -> flint.arb:
        return 2 * (radii / to_fmpq(self.lower)).log() / self._width() - 1


def make_window(
    case: Case, functions: Sequence[BasicFunction], lower: Fraction, upper: Fraction, accuracy: float
) -> Window:
    """Model functions on [lower, upper] with errors of about e^{−accuracy}.

    Parameters
    ----------
    case
        The mixture; its point is not used.
    functions
        What is modelled, from the same quadrature at each node.
    lower, upper
        Positive radii, lower < upper.
    accuracy
        L.

    Raises
    ------
    CannotAnswerError
        If a radius is beyond what quadrature is planned for, or its tables would be too large.
    """
    start, end = (squared_spread(case.at_radius(radius), "ball") for radius in (lower, upper))
    degree = 4 if any(len(function.frequencies) == 2 for function in functions) else 2
    single = [function.frequencies[0] for function in functions if len(function.frequencies) == 1]
    paired = sorted({m for function in functions if len(function.frequencies) == 2 for m in function.frequencies})
    bound = MOMENT_BOUND if degree == 4 else 1.0
    finer = accuracy + math.log(bound) + 6  # so that the interpolation error is the larger one

    def values(t: flint.arb) -> list[flint.arb]:
        square = t.exp() * flint.fmpq(case.k - 1, case.k)
        known = {MEAN_POWER: mean_power(case, square, finer)} if MEAN_POWER in functions else {}
        if single or paired:
            moments = ray_moments(case, square, finer, degree)
            known |= {BasicFunction((m,)): moments.power(m) for m in single}
        if paired:
            for m, row in zip(paired, moments.coupling_matrix(paired), strict=True):
                known |= {BasicFunction((m, n)): value for n, value in zip(paired, row, strict=True)}
        return [known[function] for function in functions]

    with arb_precision(working_bits(finer) + _MODEL_BITS):
        span = flint.arb(to_fmpq(start)).log(), flint.arb(to_fmpq(end)).log()
        whole = Fraction(0), Fraction(1)
        models = interpolate(values, bound, case.k - 1, span, whole, accuracy)
    return Window(lower, upper, dict(zip(functions, models, strict=True)))


def window_ratio(case: Case) -> Fraction:
    """Return upper/lower of windows on which models are short: log s² varies by min(1, 4/√(k − 1))."""
    return 1 + Fraction(round(512 * math.expm1(min(1.0, 4 / math.sqrt(case.k - 1)) / 2)), 512)


def mean_power(case: Case, square: flint.arb, accuracy: float) -> flint.arb:
    """Return a ball around 2KL/r².

    Parameters
    ----------
    case
        The mixture; its point is not used.
    square, accuracy
        r² > 0, and L: the error is about e^{−L}.
    """
    return 2 * ray_divergence(case, square, accuracy + max(0.0, -float(square.log().mid()))) / square
