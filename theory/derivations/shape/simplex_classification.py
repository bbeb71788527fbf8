"""Four components: EM keeps the regular simplex if and only if three weights are equal."""

from collections.abc import Sequence
from functools import cache

import sympy
from sympy import Derivative, Subs

from emtheory.theory.fourier import eigenvalue
from emtheory.theory.proof.cases import cases
from emtheory.theory.proof.common import exponents
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import assumption, citation, definition

STATEMENT = Statement(__name__, "four components: which weights keep the simplex", 4, general=False, smallest_k=4)

_K = 4
"""Components: the derivation is about four."""
_U, _D, _E = sympy.symbols("u D E", real=True)
_S = sympy.Symbol("s", positive=True)
_WEIGHTS = sympy.symbols(f"pi_:{_K}", real=True)
_POWERS = sympy.symbols("|π̂_1|² |π̂_2|²", real=True)
_GAP, _MEAN, _REST = (sympy.Function(name, real=True) for name in ("beta", "F", "e"))
_CONE = _D**2 + _E**2 - (2 * _U - 1) ** 2
"""Vanishes where |π̂_1|² = |π̂_2|²."""
_CHART = ((_U + _D) / 2, (1 - _U + _E) / 2, (_U - _D) / 2, (1 - _U - _E) / 2)
"""The weights in the coordinates u = π_0 + π_2, D = π_0 − π_2, E = π_1 − π_3."""


def _form(weights: Sequence[sympy.Expr]) -> sympy.Expr:
    """f = Σ γ_jγ_{j+1} − Σ γ_jγ_{j+2}, a polynomial."""
    return sympy.Add(*(weights[j] * (weights[(j + 1) % _K] - weights[(j + 2) % _K]) for j in range(_K)))


def _three_equal(p: Sequence[sympy.Expr]) -> sympy.Basic:
    triples = ([p[i] for i in range(_K) if i != special] for special in range(_K))
    return sympy.Or(
        *(sympy.And(related(a, "==", b), related(b, "==", c), evaluate=False) for a, b, c in triples), evaluate=False
    )


def _only_if() -> sympy.Basic:
    premises = sympy.And(*(related(_vanishing(name), "==", 0) for name in ("cone", "product")), evaluate=False)
    return provided(_three_equal(_WEIGHTS), premises)


def _vanishing(name: str) -> sympy.Expr:
    return _CONE if name == "cone" else _D * _E


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_U, REAL, "$π_0 + π_2$"),
            Variable(_D, REAL, "$π_0 − π_2$"),
            Variable(_E, REAL, "$π_1 − π_3$"),
            Variable(_S, POSITIVE, "the size of the simplex, $s² = 4r²/3$"),
        ),
        hypotheses=("weights", "cyclic maps", "normal data", "simplex"),
        exist_under={_GAP: ("weights", "cyclic maps", "simplex", "normal data")},
        conclusions=(
            related(_POWERS[0] - _POWERS[1], "==", _CONE),
            related(_GAP(_S), "==", _expanded()),
            provided(
                related(_GAP(_S), "==", -3 * _D**2 * _E**2 * _S**4 + 2 * _REST(_S) * _S**6), related(_CONE, "==", 0)
            ),
            _only_if(),
        ),
        note="$β(s) = β_1 − β_2$ on the simplex and $e$ is bounded near 0: EM keeps the simplex at all small "
        "radii only if $β(s)$ vanishes for all small $s$, hence only if three weights are equal; these "
        "suffice by statement flat-spectrum",
        source="not in the paper, whose critical path takes it for granted that the simplex is kept",
        scope="$k = 4$, all weights, $s² = 4r²/3$; that three equal weights suffice is statement flat-spectrum",
        k=k,
        steps=(*_form_steps(), *_expansion_steps()),
    )


def _at_weights(polynomial: sympy.Expr, gamma: Sequence[sympy.Symbol]) -> sympy.Expr:
    return polynomial.xreplace(dict(zip(gamma, _CHART, strict=True)))


def _slope(polynomial: sympy.Expr, gamma: Sequence[sympy.Symbol], index: int) -> sympy.Expr:
    """∂/∂y_l of a polynomial in the posterior, by ∂γ_j/∂y_l = γ_j(δ_jl − γ_l), again as a polynomial."""
    changes = [_change(g, gamma[index], same=j == index) for j, g in enumerate(gamma)]
    return sympy.Add(*(sympy.diff(polynomial, g) * change for g, change in zip(gamma, changes, strict=True)))


def _change(own: sympy.Expr, other: sympy.Expr, *, same: bool) -> sympy.Expr:
    return own * (int(same) - other)


def _half_curvature(polynomial: sympy.Expr, gamma: Sequence[sympy.Symbol], index: int) -> sympy.Expr:
    return sympy.expand(_slope(_slope(polynomial, gamma, index), gamma, index) / 2)


@cache
def _half_laplacian(polynomial: sympy.Expr, gamma: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    return sympy.expand(sympy.Add(*(_half_curvature(polynomial, gamma, index) for index in range(_K))))


def _quotient(polynomial: sympy.Expr) -> sympy.Expr:
    return sympy.div(sympy.Poly(sympy.expand(polynomial), _E, _D, _U), sympy.Poly(_CONE, _E, _D, _U))[0].as_expr()


@cache
def _expanded() -> sympy.Expr:
    """β_1 − β_2 at s, by the expansion of E f."""
    gamma = sympy.symbols(f"gamma_:{_K}", real=True)
    first = _half_laplacian(_form(gamma), gamma)
    second = _half_laplacian(first, gamma)
    quotients = [_quotient(_at_weights(first, gamma)), _quotient(_at_weights(second, gamma) + 3 * _D**2 * _E**2)]
    leading = (1 + 2 * _S**2 * quotients[0] + _S**4 * quotients[1]) * _CONE
    return leading - 3 * _D**2 * _E**2 * _S**4 + 2 * _REST(_S) * _S**6


def _form_steps() -> tuple[Step, ...]:
    return (
        *(
            definition(f"The weight $π_{j}$; the four have the sum 1 whatever $u$, $D$ and $E$ are.", weight, value)
            for j, (weight, value) in enumerate(zip(_WEIGHTS, _CHART, strict=True))
        ),
        *(
            definition(f"The power of frequency {m}.", power, eigenvalue(_WEIGHTS, m) * eigenvalue(_WEIGHTS, -m))
            for m, power in enumerate(_POWERS, start=1)
        ),
        equation("At the weights the two powers differ by", _POWERS[0] - _POWERS[1], _CONE),
    )


def _expansion_steps() -> tuple[Step, ...]:
    gamma = sympy.symbols(f"gamma_:{_K}", real=True)
    first = _half_laplacian(_form(gamma), gamma)
    second = _half_laplacian(first, gamma)
    remainder = -3 * _D**2 * _E**2
    form = eigenvalue(gamma, 1) * eigenvalue(gamma, -1) - eigenvalue(gamma, 2) * eigenvalue(gamma, -2)
    values = [sympy.expand(_at_weights(value, gamma)) for value in (_form(gamma), first, second)]
    t = sympy.Symbol("t", real=True)
    partition = 1 + (sympy.exp(t) - 1) * gamma[0]
    moved = [g * (sympy.exp(t) if j == 0 else 1) / partition for j, g in enumerate(gamma)]
    curve = _form(gamma).xreplace(dict(zip(gamma, moved, strict=True)))
    return (
        equation(
            "If $y_0$ grows by $t$, a posterior $γ$ becomes $γ_0e^t$ and $γ_j$, $j ≠ 0$, over $1 + (e^t − 1)γ_0$, so "
            "that $∂γ_j/∂y_l = γ_j(δ_{jl} − γ_l)$. Derivatives of polynomials in $γ$ are polynomials in $γ$, as "
            "$½∂²f/∂y_0²$.",
            Subs(Derivative(curve, (t, 2)), t, 0) / 2,
            _half_curvature(_form(gamma), gamma, 0),
            label="curvature",
        ),
        exponents(_S),
        citation(
            "Taylor's theorem",
            "With independent exponents $y_j = sZ_j$, $d/d(s²) E f = ½E Δf$, $Δ = ∑_l∂²/∂y_l²$ (heat equation). At "
            "$s = 0$ the posterior is $π$: $F(s) = E f = f(π) + s²(½Δf)(π) + ½s⁴((½Δ)²f)(π) + O(s⁶)$.",
            related(_MEAN(_S), "==", values[0] + _S**2 * values[1] + _S**4 * values[2] / 2 + _REST(_S) * _S**6),
            label="expansion",
            given=("curvature", "exponents"),
        ),
        meant(
            "For any posterior $|γ̂_1|² − |γ̂_2|² = 2f$, $f = ∑γ_jγ_{j+1} − ∑γ_jγ_{j+2}$: $β_1 − β_2 = 2E f$.",
            related(_GAP(_S), "==", 2 * _MEAN(_S)),
            {_GAP(_S): Mean(form, gamma), _MEAN(_S): Mean(_form(gamma), gamma)},
            label="gap",
        ),
        combination(
            "$½Δf$ is a multiple of $f$, and $(½Δ)²f$ is $−3D²E²$ up to a multiple of $f$.",
            related(_GAP(_S), "==", _expanded()),
            {"gap": 1, "expansion": 2},
            label="gap expansion",
        ),
        assumption("Let it vanish.", related(_vanishing("cone"), "==", 0), label="cone"),
        combination(
            "Then the term of fourth order leads,",
            related(_GAP(_S), "==", remainder * _S**4 + 2 * _REST(_S) * _S**6),
            {"gap expansion": 1, "cone": (_expanded() - remainder * _S**4 - 2 * _REST(_S) * _S**6) / _CONE},
        ),
        assumption("Let $DE$ vanish as well.", related(_vanishing("product"), "==", 0), label="product"),
        cases("Then three weights are equal.", _three_equal(_WEIGHTS), ("cone", "product")),
    )
