"""Directions that A annihilates: KL is of fourth order there and EM sublinear, with an exact constant."""

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, Limit, Rational, Subs, oo

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import Step, combination, equation, inequality
from emtheory.theory.proof.words import citation, definition, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("KL and EM along directions that $A$ annihilates", 0, general=True)

RADIUS, QUARTIC = sympy.symbols("r q", positive=True)
_KL, _REST = sympy.Function("KL", real=True), sympy.Function("e", real=True)
_ITERATE = sympy.Function("r", positive=True)
_NORM, _SECOND, _FOURTH = sympy.symbols("‖T‖_F E(m_2) E(m_4−3m_2²)", real=True)
_DIMENSION = sympy.Symbol("d", positive=True)
_T = sympy.Symbol("t", positive=True)
_I, _J = component("i"), component("j")
_WEIGHTS, _INNER = family("pi", positive=True), family("c")


def _statement() -> Proposition:
    return Proposition(
        variables=(
            Variable(RADIUS, Interval.open(0, oo), "the distance from 0 along $u$"),
            Variable(_DIMENSION, Interval(1, oo)),
            Variable(_NORM, Interval(-oo, oo), "the Frobenius norm of $T = ∑_j π_j (U_ju)(U_ju)ᵀ$"),
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_INNER, Interval(-oo, oo), "the inner products $⟨U_iu, U_ju⟩$"),
            Variable(QUARTIC, Interval.open(0, oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "annihilated direction", "invariant line"),
        conclusions=(
            related(QUARTIC, "==", total(_WEIGHTS[_I] * _WEIGHTS[_J] * _INNER[_I, _J] ** 2, _I, _J)),
            related(_KL(RADIUS), "==", QUARTIC * RADIUS**4 / 4 + _REST(RADIUS) * RADIUS**6),
            related(QUARTIC, "==", _NORM**2),
            related(1 / _DIMENSION, "<=", QUARTIC),
            related(QUARTIC, "<=", 1),
            related(Limit(_T * _ITERATE(_T) ** 2, _T, oo), "==", 1 / (2 * QUARTIC)),
            related(Limit(_T**2 * _KL(_ITERATE(_T)), _T, oo), "==", 1 / (16 * QUARTIC)),
        ),
        note="$KL(r)$ is the divergence at $ru$, $e$ a function bounded near 0, and $r(t) = ‖θ_t‖$ where EM stays "
        "on the line of $u$; the limits are $r_t² ~ 1/(2qt)$ and $KL_t ~ 1/(16qt²)$",
    )


def derive_general() -> Derivation:
    """Derive KL(ru) = q r⁴/4 + O(r⁶) for Au = 0, and r_t² ~ 1/(2qt), KL_t ~ 1/(16 q t²)."""
    return STATEMENT.derivation(
        name="degenerate-directions",
        statement=_statement(),
        source="not in the paper, whose weights are not degenerate; open question 3",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $u$ with $Au = 0$",
        steps=(*_moment_steps(), *_divergence_steps(), *_constant_steps(), *_rate_steps()),
    )


def _moment_steps() -> tuple[Step, ...]:
    t, c, z, w = sympy.symbols("t c z w", real=True)
    m = sympy.symbols("m_1:5", real=True)
    first, second = sympy.symbols("y_i y_j", real=True)
    mass = total(_WEIGHTS[_I], _I)
    pairs = total(_WEIGHTS[_I] * _WEIGHTS[_J] * (1 + 2 * _INNER[_I, _J] ** 2), _I, _J)
    overlap = total(_WEIGHTS[_I] * _WEIGHTS[_J] * _INNER[_I, _J] ** 2, _I, _J)

    def cumulant(n: int) -> sympy.Expr:
        mean = 1 + sympy.Add(*(t**i * value / sympy.factorial(i) for i, value in enumerate(m[:n], start=1)))
        return Subs(Derivative(sympy.log(mean), (t, n)), t, 0)

    return (
        equation(
            "$m_n = ∑_j π_j y_j^n$ with $y_j = ⟨X, U_ju⟩$, so that $∑_j π_j e^{ty_j} = 1 + t m_1 + t² m_2/2 + …$: "
            "second derivative of its logarithm at $t = 0$",
            cumulant(2),
            m[1] - m[0] ** 2,
            label="second cumulant",
        ),
        equation(
            "and fourth.",
            cumulant(4),
            m[3] - 4 * m[0] * m[2] - 3 * m[1] ** 2 + 12 * m[0] ** 2 * m[1] - 6 * m[0] ** 4,
            label="fourth cumulant",
        ),
        prose("Here $m_1 = ⟨X, Au⟩$ is 0.", related(m[0], "==", 0), label="mean", under=("annihilated direction",)),
        equation(
            "So the fourth derivative is $m_4 − 3m_2²$.",
            cumulant(4),
            m[3] - 3 * m[1] ** 2,
            given=("fourth cumulant", "mean"),
            label="cumulants",
        ),
        definition("$y_i$ is standard normal,", first, z),
        definition(
            "and a pair $y_i$, $y_j$ has the covariance $c = ⟨U_iu, U_ju⟩$: it is distributed as $z$, cz $+ √(1−c²)w$.",
            second,
            c * z + sympy.sqrt(1 - c**2) * w,
        ),
        equation(
            "Indeed; and $E y_j⁴ = 3$, $E y_i²y_j² = 1 + 2c²$.",
            ImmutableMatrix(
                [Expectation(p, (z, w)) for p in (first * second, second**2, second**4, (first * second) ** 2)]
            ),
            ImmutableMatrix([c, 1, 3, 1 + 2 * c**2]),
            label="moments",
            under=("normal data", "orthogonal maps"),
        ),
        prose(
            "Averaged over the components, $E m_2 = 1$", related(_SECOND, "==", 1), label="second", given=("moments",)
        ),
        prose(
            "and $E(m_4 − 3m_2²)$ is",
            related(_FOURTH, "==", total(3 * _WEIGHTS[_J], _J) - 3 * pairs),
            label="fourth",
            given=("moments",),
        ),
        prose("The weights sum to 1.", related(mass, "==", 1), label="mass", under=("weights",)),
        prose("Name $q$:", related(QUARTIC, "==", overlap), label="q"),
        combination(
            "so $E(m_4 − 3m_2²) = −6q$.",
            _FOURTH,
            "==",
            -6 * QUARTIC,
            {"fourth": 1, "mass": -3 * mass, "q": 6},
            label="cumulant",
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    r = RADIUS
    return (
        citation(
            "Taylor's theorem",
            "$KL(ru) = r²/2 − Λ$. The n-th derivative of $Λ's$ integrand is a cumulant of $y$ under the posterior, "
            "at most $C max|y_j|^n$, which is integrable; odd ones have expectation 0 at $t = 0$ as $X$ and $−X$ "
            "have the same law: what is left out of $Λ$ is of order $r⁶$.",
            related(_KL(r), "==", r**2 / 2 - (r**2 * _SECOND / 2 + r**4 * _FOURTH / 24) + _REST(r) * r**6),
            label="expansion",
            given=("second cumulant", "cumulants"),
        ),
        combination(
            "The second order cancels.",
            _KL(r),
            "==",
            QUARTIC * r**4 / 4 + _REST(r) * r**6,
            {"expansion": 1, "second": -(r**2) / 2, "cumulant": -(r**4) / 24},
            label="KL",
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    a, b = family("a"), family("b")
    eigenvalue = sympy.Symbol("lambda", nonnegative=True)
    return (
        equation(
            "For each pair of coordinates, $a_j$ and $b_j$ those of $U_ju$, the square of the entry $∑_j π_ja_jb_j$ "
            "of $T$ is $∑_{ij} π_iπ_j (a_ia_j)(b_ib_j)$;",
            total(_WEIGHTS[_J] * a[_J] * b[_J], _J) ** 2,
            total(_WEIGHTS[_I] * _WEIGHTS[_J] * a[_I] * a[_J] * b[_I] * b[_J], _I, _J),
            label="entry",
        ),
        prose(
            "summed over all pairs, $⟨U_iu, U_ju⟩²$ appears: $q = ‖T‖_F²$.",
            related(QUARTIC, "==", _NORM**2),
            given=("entry",),
        ),
        inequality(
            "$T$ is positive semidefinite with trace $∑_j π_j‖U_ju‖² = 1$, and $q$ the sum of the squares of its "
            "$d$ eigenvalues. For each of them",
            2 * eigenvalue / _DIMENSION - 1 / _DIMENSION**2,
            "<=",
            eigenvalue**2,
            label="tangent",
        ),
        prose(
            "which add up to",
            related(1 / _DIMENSION, "<=", QUARTIC),
            given=("tangent",),
            under=("weights", "orthogonal maps", "annihilated direction"),
        ),
        inequality(
            "and, as they lie in [0, 1],",
            eigenvalue**2,
            "<=",
            eigenvalue,
            domain={eigenvalue: Interval(0, 1)},
            label="chord",
        ),
        prose(
            "which add up to",
            related(QUARTIC, "<=", 1),
            given=("chord",),
            under=("weights", "orthogonal maps", "annihilated direction"),
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    rest = sympy.Symbol("e", positive=True)
    leading = QUARTIC * RADIUS**4 / 4
    next_radius = RADIUS * (1 - QUARTIC * RADIUS**2 - rest * RADIUS**4)
    return (
        equation(
            "Along the line of $u$ the gradient of $ℓ$ is $q r³ + O(r⁵)$.",
            Derivative(leading, RADIUS),
            QUARTIC * RADIUS**3,
            label="gradient",
        ),
        equation(
            "So a step of EM is $r → r(1 − q r² − e r⁴)$, bounded $e$, where the line is invariant: $1/r²$ grows by "
            "$2q$ up to $(3q² + 2e)r²$ in the limit $r → 0$.",
            Limit((1 / next_radius**2 - 1 / RADIUS**2 - 2 * QUARTIC) / RADIUS**2, RADIUS, 0),
            3 * QUARTIC**2 + 2 * rest,
            label="growth",
        ),
        citation(
            "Stolz–Cesàro theorem",
            "$a_t = 1/r_t²$ has $a_{t+1} − a_t → 2q$, so $r_t² ~ 1/(2qt)$.",
            related(Limit(_T * _ITERATE(_T) ** 2, _T, oo), "==", 1 / (2 * QUARTIC)),
            label="rate",
            given=("KL", "gradient", "growth"),
            under=("invariant line",),
        ),
        equation(
            "At $r_t² = 1/(2qt)$ the leading term of the divergence is $1/(16qt²)$.",
            Subs(leading, RADIUS, sympy.sqrt(1 / (2 * QUARTIC * _T))),
            Rational(1, 16) / (QUARTIC * _T**2),
            label="at the rate",
        ),
        prose(
            "So $KL_t ~ 1/(16qt²)$.",
            related(Limit(_T**2 * _KL(_ITERATE(_T)), _T, oo), "==", 1 / (16 * QUARTIC)),
            given=("rate", "at the rate"),
        ),
        prose(
            "Whether or not the line is invariant, no factor holds near the origin: $J_M(0)u = (I − AᵀA)u = u$, so "
            "$‖M^t(θ)‖ ≤ C f^t‖θ‖$ with $f < 1$ for all small $θ$ would give, differentiated at 0, $1 = ‖J^tu‖ ≤ C "
            "f^t$."
        ),
    )
