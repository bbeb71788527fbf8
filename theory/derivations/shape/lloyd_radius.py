"""Lloyd's radius in closed form for two to five components."""

import sympy
from sympy import Derivative, Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, definition, equation, prose

STATEMENT = Statement("Lloyd's radius in closed form", 5)

X, Y, Z = sympy.symbols("x y z", real=True)
RHO = sympy.Symbol("rho", positive=True)


def density(z: sympy.Expr) -> sympy.Expr:
    """φ(z), the standard normal density."""
    return sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)


def distribution(z: sympy.Expr) -> sympy.Expr:
    """Φ(z), its distribution function."""
    return (1 + sympy.erf(z / sympy.sqrt(2))) / 2


def closed_form(k: int) -> sympy.Expr:
    """R_0 for 2 ≤ k ≤ 5."""
    angle = sympy.asin(Rational(1, 3)) / sympy.pi
    maximum = {2: 1, 3: Rational(3, 2), 4: Rational(3, 2) + 3 * angle, 5: Rational(5, 4) + Rational(15, 2) * angle}[k]
    return sympy.sqrt(Rational(k, k - 1)) * maximum / sympy.sqrt(sympy.pi)


def derive(k: int) -> Derivation:
    """Derive R_0 = √(k/(k−1)) E max(Z_1..Z_k) in closed form for 2 ≤ k ≤ 5."""
    mean = k * (k - 1) / (2 * sympy.sqrt(sympy.pi))
    moments = {2: 1, 3: Rational(1, 2), 4: _quadrant(Rational(1, 3)), 5: _third_moment(_quadrant(Rational(1, 3)))}
    steps = (
        *_reduction_steps(k),
        *(_quadrant_steps() if k > 3 else ()),
        *(_cube_steps() if k > 4 else ()),
        equation(
            "R_0 = √(k/(k−1)) E max = √(k/(k−1)) k(k−1)/(2√π) E Φ(W/√2)^{k−2}.",
            sympy.Mul(sympy.sqrt(Rational(k, k - 1)), mean, moments[k], evaluate=False),
            closed_form(k),
        ),
    )
    return Derivation(
        name="lloyd-radius",
        title=STATEMENT.title,
        statement=f"R_0 = {closed_form(k)}",
        source="Proposition 1 of the paper (existence of the scaling factor), with its value",
        scope=f"k = {k}; that R_0 = √(k/(k−1)) E max(Z_1..Z_k) is statement lloyd-centroid",
        k=k,
        steps=steps,
    )


def _quadrant(rho: sympy.Expr) -> sympy.Expr:
    return Rational(1, 4) + sympy.asin(rho) / (2 * sympy.pi)


def _third_moment(second: sympy.Expr) -> sympy.Expr:
    return Rational(1, 8) + Rational(3, 2) * (second - Rational(1, 4))


def _reduction_steps(k: int) -> tuple[Step, ...]:
    power = k - 2
    return (
        definition(
            "The maximum of k standard normals has the density kφΦ^{k−1}.",
            sympy.Function("density")(Z),
            k * density(Z) * distribution(Z) ** (k - 1),
        ),
        equation(
            "By parts: the left side has the integral 0, so E max = k(k − 1) ∫φ²Φ^{k−2}.",
            Derivative(density(Z) * distribution(Z) ** (k - 1), Z),
            (k - 1) * density(Z) ** 2 * distribution(Z) ** power - Z * density(Z) * distribution(Z) ** (k - 1),
        ),
        equation(
            "φ² is half a normal density of variance 1/2 over √π: with W = √2z, ∫φ²Φ^{k−2} = E Φ(W/√2)^{k−2}/(2√π).",
            density(Z) ** 2,
            Subs(density(X), X, sympy.sqrt(2) * Z) * sympy.sqrt(2) / (2 * sympy.sqrt(sympy.pi)),
        ),
        equation(
            "Φ(−z) = 1 − Φ(z): with h = Φ − 1/2, an odd function, E Φ(W/√2) = 1/2.",
            Subs(distribution(X), X, -Z),
            1 - distribution(Z),
        ),
    )


def _quadrant_steps() -> tuple[Step, ...]:
    form = (X**2 - 2 * RHO * X * Y + Y**2) / (2 * (1 - RHO**2))
    logarithm = -form - sympy.log(1 - RHO**2) / 2 - sympy.log(2 * sympy.pi)
    return (
        prose(
            "E Φ(W/√2)² is the probability that Z_1 − W/√2 and Z_2 − W/√2 are both negative: variances 3/2, covariance "
            "1/2, so correlation ϱ = 1/3."
        ),
        equation(
            "Bivariate normal density e^g with correlation ϱ: its derivative in ϱ is its mixed derivative in x and y "
            "(Plackett), as g_ϱ = g_xy + g_xg_y;",
            Derivative(logarithm, RHO),
            Derivative(logarithm, X, Y) + Derivative(logarithm, X) * Derivative(logarithm, Y),
        ),
        equation(
            "so the derivative of the quadrant probability is the density at the origin, that of arcsin(ϱ)/(2π); at ϱ "
            "= 0 the probability is 1/4 (Sheppard).",
            Subs(sympy.exp(logarithm), (X, Y), (0, 0)),
            Derivative(_quadrant(RHO), RHO),
        ),
        citation("dominated convergence", "Differentiation under the integral, and the limits of integration."),
    )


def _cube_steps() -> tuple[Step, ...]:
    h = sympy.Symbol("h", real=True)
    return (
        equation(
            "The third power: odd powers of h have expectation 0, so E Φ³ = 1/8 + (3/2)E h², E h² = E Φ² − 1/4.",
            ((Rational(1, 2) + h) ** 3 + (Rational(1, 2) - h) ** 3) / 2,
            Rational(1, 8) + Rational(3, 2) * h**2,
        ),
    )
