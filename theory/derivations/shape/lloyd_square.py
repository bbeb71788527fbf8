"""A fixed point of Lloyd's algorithm with four centres that is not the simplex: the square."""

import sympy
from sympy import Integral, oo

from emtheory.theory.derivation import Derivation, Statement, equation, prose

STATEMENT = Statement("Lloyd's algorithm has other fixed points: the square", 4, smallest_k=4)


def derive(k: int) -> Derivation:
    """Derive that ±c e_1, ±c e_2 with c = 2/√π are the centroids of their own cells; only for k = 4."""
    x, y = sympy.symbols("x y", positive=True)

    def density(value: sympy.Symbol) -> sympy.Expr:
        return sympy.exp(-(value**2) / 2) / sympy.sqrt(2 * sympy.pi)

    steps = (
        prose(
            "The cell of c e_1 is |x_2| < x_1, with the other coordinates free. These have mean zero in it, as the "
            "law does not change under their reflection."
        ),
        equation(
            "So has x_2: its integral between −x_1 and x_1 vanishes.",
            Integral(y * density(y), (y, -x, x)),
            sympy.S.Zero,
        ),
        equation(
            "The cell has probability 1/4, like its images under the quarter turn.",
            Integral(density(x) * sympy.erf(x / sympy.sqrt(2)), (x, 0, oo)),
            sympy.Rational(1, 4),
        ),
        equation(
            "The mean of x_1 in it is four times the integral of x_1 over it: 2/√π, whatever c.",
            4 * Integral(x * density(x) * sympy.erf(x / sympy.sqrt(2)), (x, 0, oo)),
            2 / sympy.sqrt(sympy.pi),
        ),
    )
    return Derivation(
        name="lloyd-square",
        title=STATEMENT.title,
        statement="the centroids of the cells of ±c e_1, ±c e_2 are ±(2/√π)e_1, ±(2/√π)e_2",
        source="not in the paper, which names the simplex as the configuration that Lloyd's algorithm converges to",
        scope="k = 4, every d ≥ 2, N(0, I_d)",
        k=k,
        steps=steps,
    )
