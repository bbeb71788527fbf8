"""Vectors of R^k with sum zero, given by amplitude and phase in each frequency of the cyclic shift."""

from collections.abc import Sequence

import sympy

from emtheory.theory.fourier import root_of_unity


def amplitude_vector(amplitudes: Sequence[sympy.Expr], phases: Sequence[sympy.Expr], k: int) -> tuple[sympy.Expr, ...]:
    """Coordinates of the vector with amplitudes ‖P_mθ‖ and phases w_m, |w_m| = 1, for m = 1, …, ⌊k/2⌋.

    Phases may be symbols; that of m = k/2 is not used.
    """
    # In the plane of frequency m the unit vectors are (w ζ^{jm} + w^{−1} ζ^{−jm})/√(2k) with |w| = 1; for m = k/2
    # there is only the line of (−1)^j/√k.
    return tuple(
        sympy.Add(
            *(
                rho * root_of_unity(j * m, k) / sympy.sqrt(k)
                if 2 * m == k
                else rho * (w * root_of_unity(j * m, k) + root_of_unity(-j * m, k) / w) / sympy.sqrt(2 * k)
                for m, (rho, w) in enumerate(zip(amplitudes, phases, strict=True), start=1)
            )
        )
        for j in range(k)
    )


def cosines(m: int, k: int) -> list[sympy.Expr]:
    """cos(2πms/k) for s = 0, …, k−1, as half sums of roots of unity."""
    return [(root_of_unity(m * s, k) + root_of_unity(-m * s, k)) / 2 for s in range(k)]
