"""Lloyd's radius in closed form for two to five components."""

import sympy
from sympy import Derivative, Integral, Rational, Subs

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import Derivation, Statement, related
from emtheory.theory.proof.meant.vectors import STANDARD, Inner, Mean, Unit
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation, definition

STATEMENT = Statement(__name__, "Lloyd's radius in closed form", 5, general=False)

_W, _X, _Y, _Z = sympy.symbols("w x y z", real=True)
_RHO = sympy.Symbol("rho", real=True)
_CORRELATION = sympy.Symbol("c", real=True)
_QUADRANT = sympy.Function("Q", positive=True)
_ARGUMENT = _W / sympy.sqrt(2)
"""Of the error function in the normal law's distribution function."""


def density(z: sympy.Expr) -> sympy.Expr:
    """φ(z), the standard normal density."""
    return sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)


def distribution(z: sympy.Expr) -> sympy.Expr:
    """Φ(z), its distribution function."""
    return (1 + sympy.erf(z / sympy.sqrt(2))) / 2


def _power_mean(n: int) -> sympy.Expr:
    """E Φ(W/√2)^n."""
    return Mean(distribution(_ARGUMENT) ** n, (_W,))


def _radius(k: int) -> sympy.Expr:
    components = sympy.symbols(f"z_:{k}", real=True)
    return sympy.sqrt(Rational(k, k - 1)) * Mean(sympy.Max(*components), components)


def closed_form(k: int) -> sympy.Expr:
    """R_0 for 2 ≤ k ≤ 5."""
    angle = sympy.asin(Rational(1, 3)) / sympy.pi
    maximum = {2: 1, 3: Rational(3, 2), 4: Rational(3, 2) + 3 * angle, 5: Rational(5, 4) + Rational(15, 2) * angle}[k]
    return sympy.sqrt(Rational(k, k - 1)) * maximum / sympy.sqrt(sympy.pi)


def derive(k: int) -> Derivation:
    steps = (
        *_reduction_steps(k),
        *(_symmetry_steps(k) if k % 2 else ()),
        *(_quadrant_steps() if k > 3 else ()),
        _conclusion(k),
    )
    return STATEMENT.derivation(
        hypotheses=("normal data",),
        conclusions=(related(_radius(k), "==", closed_form(k)),),
        note="the $z_j$ are $k$ independent standard normal variables, the coordinates of $X$ for $d = k$; the "
        "left side is $R_0$, statement lloyd-centroid",
        source="Proposition 1 of the paper (existence of the scaling factor), with its value",
        scope=f"$k = {k}$; that $R_0 = √(k/(k−1)) E max(Z_1…Z_k)$ is statement lloyd-centroid",
        k=k,
        steps=steps,
    )


def _reduction_steps(k: int) -> tuple[Step, ...]:
    scale = sympy.sqrt(Rational(k, k - 1))
    below, product = distribution(_Z) ** (k - 1), density(_Z) * distribution(_Z) ** (k - 2)
    changed = density(_ARGUMENT) ** 2 * distribution(_ARGUMENT) ** (k - 2) * Derivative(_ARGUMENT, _W) / density(_W)
    return (
        citation(
            "Fubini's theorem",
            "Each of the $k$ variables is the largest with probability $Φ^{k−1}$ if its value is $z$: $R_0$ is the "
            "mean of $√(k/(k−1)) k zΦ(z)^{k−1}$.",
            related(_radius(k), "==", scale * k * Mean(_Z * below, (_Z,))),
            label="maximum",
            under=("normal data",),
        ),
        citation(
            "Stein's lemma",
            "$E zf(z) = E f'(z)$ for $f = Φ^{k−1}$, which is bounded.",
            related(Mean(_Z * below, (_Z,)), "==", Mean(Derivative(below, _Z), (_Z,))),
            label="Stein",
            under=("normal data",),
        ),
        citation(
            "change of variables",
            "With $w = √2z$, $E φ(z)Φ(z)^{k−2} = ∫φ(z)²Φ(z)^{k−2} dz$ is",
            related(Mean(product, (_Z,)), "==", Mean(changed, (_W,))),
            label="changed",
        ),
        equation(
            "the mean of $Φ(w/√2)^{k−2}$ over $2√π$.",
            Mean(product, (_Z,)),
            _power_mean(k - 2) / (2 * sympy.sqrt(sympy.pi)),
            label="substitution",
            given=("changed",),
        ),
    )


def _symmetry_steps(k: int) -> tuple[Step, ...]:
    excess = 2 * distribution(_ARGUMENT) - 1
    first = meant(
        "$2Φ(w/√2) − 1$ is an odd function of $w$, so its mean vanishes",
        related(Mean(excess, (_W,)), "==", 0),
        {_W: Inner(STANDARD, Unit("w"))},
        label="first",
    )
    third = meant(
        "and that of its third power.",
        related(Mean(excess**3, (_W,)), "==", 0),
        {_W: Inner(STANDARD, Unit("w"))},
        label="third",
    )
    return (first, third) if k == 5 else (first,)


def _quadrant_steps() -> tuple[Step, ...]:
    form = (_X**2 - 2 * _RHO * _X * _Y + _Y**2) / (2 * (1 - _RHO**2))
    variables = (_X, _Y, _W)
    covariance = Expectation((_X - _ARGUMENT) * (_Y - _ARGUMENT), variables)
    variance = Expectation((_X - _ARGUMENT) ** 2, variables)
    logarithm = sympy.Function("g", real=True)(_X, _Y, _RHO)
    origin = Subs(sympy.exp(logarithm), (_X, _Y), (0, 0))
    return (
        definition("The correlation of $x − w/√2$ and $y − w/√2$.", _CORRELATION, covariance / variance),
        citation(
            "Fubini's theorem",
            "$E Φ(w/√2)²$ is the probability $Q(c)$ that these two normal variables are both negative.",
            related(_power_mean(2), "==", _QUADRANT(_CORRELATION)),
            label="quadrant",
        ),
        definition(
            "Let $e^g$ be the bivariate normal density with correlation $ϱ$:",
            logarithm,
            -form - sympy.log(1 - _RHO**2) / 2 - sympy.log(2 * sympy.pi),
        ),
        equation(
            "its derivative in $ϱ$ is its mixed derivative in $x$ and $y$ (Plackett), as $g_ϱ = g_xy + g_xg_y$,",
            Derivative(logarithm, _RHO),
            Derivative(logarithm, _X, _Y) + Derivative(logarithm, _X) * Derivative(logarithm, _Y),
            label="Plackett",
        ),
        citation(
            "dominated convergence",
            "so $Q'(ϱ)$ is the density at the origin (differentiation under the integral), and $Q(0) = 1/4$:",
            related(_QUADRANT(_CORRELATION), "==", Rational(1, 4) + Integral(origin, (_RHO, 0, _CORRELATION))),
            label="Sheppard",
            given=("Plackett",),
            under=("normal data",),
        ),
        equation(
            "$c$ is 1/3, and the integral an angle.",
            _QUADRANT(_CORRELATION),
            Rational(1, 4) + sympy.asin(Rational(1, 3)) / (2 * sympy.pi),
            label="probability",
            given=("Sheppard",),
        ),
    )


def _conclusion(k: int) -> Step:
    scale = sympy.sqrt(Rational(k, k - 1))
    factor = scale * k * (k - 1) / (2 * sympy.sqrt(sympy.pi))
    # Φ = 1/2 + h: the powers of h in Φ^{k−2}, of which the odd ones have mean 0 and the second is that of Φ².
    powers: dict[int, dict[str, sympy.Expr]] = {
        2: {},
        3: {"first": factor / 2},
        4: {"quadrant": factor, "probability": factor},
        5: {
            "first": -factor * Rational(3, 8),
            "third": factor / 8,
            "quadrant": factor * Rational(3, 2),
            "probability": factor * Rational(3, 2),
        },
    }
    return combination(
        "$R_0 = √(k/(k−1)) k(k−1)/(2√π) E Φ(w/√2)^{k−2}$.",
        related(_radius(k), "==", closed_form(k)),
        {"maximum": 1, "Stein": scale * k, "substitution": scale * k * (k - 1), **powers[k]},
    )
