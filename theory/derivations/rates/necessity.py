"""The DFT condition is necessary: no exponential rate, of θ or KL, from a start that excites a vanishing π̂_m."""

import sympy
from sympy import Derivative, Interval, Rational, Subs, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import gradient_em, stationary_point
from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Most, Unit, Vector
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    all_of,
    combination,
    equation,
    induction,
    inequality,
    instance,
    meant,
    monotone,
)
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "the DFT condition is necessary for an exponential rate")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_BETA = sympy.Function("beta", nonnegative=True)
_RADIUS, _AMPLITUDE = sympy.Function("r", positive=True), sympy.Function("rho", positive=True)
_SUM, _KL = sympy.Function("S", nonnegative=True), sympy.Function("KL", positive=True)
_LARGEST, _DIMENSION = sympy.symbols("Y D", positive=True)
_MODULUS = sympy.Symbol("|γ̂_m|", nonnegative=True)
_J, _N = component("j"), component("n")
_G, _Y, _CHI, _PI = family("g", positive=True), family("y"), family("chi"), family("pi", positive=True)

_KAPPA = sympy.Symbol("kappa", real=True)
_NEAR = related(COUNT * _RADIUS(0) ** 2, "<=", Rational(1, 2))
_NAMES = {
    _Y[_J]: Inner(DATA, Image(_J, Vector("θ"))),
    _RADIUS(_T): sympy.sqrt(Inner(Vector("θ"), Vector("θ"))),
    _LARGEST: sympy.sqrt(Most(_Y[_N] ** 2, _N)),
    _BETA(_T): Mean(_MODULUS**2, (_Y, _MODULUS, _LARGEST)),
}


def derive_general() -> Derivation:
    t = _T
    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(
                _DIMENSION, Interval.open(0, oo), "at least the dimension of the span of the $U_iθ − U_jθ$, any $θ$"
            ),
        ),
        hypotheses=("weights", "cyclic maps", "normal data", "vanishing transform"),
        exist_under={_BETA: ("weights",)},
        conclusions=(
            related(_BETA(t), "<=", COUNT * _RADIUS(t) ** 2),
            sympy.Implies(_NEAR, related(_AMPLITUDE(0), "<=", _AMPLITUDE(t) * sympy.exp(2 * COUNT * _SUM(t)))),
            related(sympy.Sum(_RADIUS(t) ** 2, (t, 0, oo)), "==", oo),
            related(_RADIUS(t) ** 2, "<", 2 * sympy.sqrt((_DIMENSION + 2 * _RADIUS(0) ** 2) * _KL(t))),
            related(sympy.Sum(sympy.sqrt(_KL(t)), (t, 0, oo)), "==", oo),
        ),
        note="population EM from $θ_0$ with $P_mθ_0 ≠ 0$: $r(t) = ‖θ_t‖$, $ρ(t) = ‖P_mθ_t‖$, $β(t) = β_m(θ_t)$, "
        "$S(t) = r(0)² + … + r(t−1)²$, $KL(t)$ the divergence; so there is no exponential rate of $‖θ_t‖$ or "
        "KL, nor any power of $t$ better than $t^{−1/2}$ for $‖θ_t‖$ or $t^{−2}$ for KL",
        source="not in the paper, which leaves open whether its condition on the weights is necessary (question 3)",
        scope="every $k$, all weights with $π̂_m = 0$, $U_j = R^j$, any $d$; every start with a component of "
        "frequency $m$",
        steps=(*_slope_steps(), *_transform_steps(), *_product_steps(), *_divergence_steps()),
    )


def _mean(values: sympy.Expr) -> sympy.Expr:
    """Mean under the posterior g_j/Σg."""
    return total(_G[_J] * values, _J) / total(_G[_N], _N)


def _slope_steps() -> tuple[Step, ...]:
    s = sympy.Symbol("s", real=True)
    factor, centre = sympy.symbols("lambda c", real=True)
    moved = _G[_J] * sympy.exp(s * _Y[_J])
    transform = total(moved * _CHI[_J], _J) / total(_G[_N] * sympy.exp(s * _Y[_N]), _N)
    deviation = _CHI[_J] - factor * (_Y[_J] - centre)
    multiplied = (
        _mean(_CHI[_J] ** 2)
        - 2 * factor * (_mean(_CHI[_J] * _Y[_J]) - centre * _mean(_CHI[_J]))
        + factor**2 * (_mean(_Y[_J] ** 2) - 2 * centre * _mean(_Y[_J]) + centre**2)
    )
    return (
        inequality(
            "Let $χ_j$ be the real part of $e^{iφ}e^{2πimj/k}$. A mean of squares is not negative,",
            related(0, "<=", _mean(deviation**2)),
            label="squares",
        ),
        combination("multiplied out", related(0, "<=", multiplied), {"squares": 1}, label="multiplied out"),
        instance(
            "and taken at $c = ∑γy$.",
            related(0, "<=", multiplied.xreplace({centre: _mean(_Y[_J])})),
            "multiplied out",
            {centre: _mean(_Y[_J])},
            label="centred",
        ),
        meant(
            "$|χ_j| ≤ 1$,",
            related(_CHI[_J] ** 2, "<=", 1),
            {_CHI[_J]: Inner(Image(_J, Unit("f")), Unit("e"))},
            label="modulus",
            under=("cyclic maps",),
        ),
        monotone("so", related(_mean(_CHI[_J] ** 2), "<=", _mean(1)), _mean(PLACE), "modulus", label="mean modulus"),
        meant("$Y = max_j |y_j|$:", related(_Y[_J] ** 2, "<=", _LARGEST**2), _NAMES, label="largest"),
        monotone("so", _mean(_Y[_J] ** 2), "<=", _mean(_LARGEST**2), _mean(PLACE), "largest", label="mean square"),
        inequality("A variance is at most the second moment.", related(0, "<=", _mean(_Y[_J]) ** 2), label="centre"),
        definition(
            "Along $θ + sθ$, with $y_j = ⟨X, U_jθ⟩$ and $g$ the posterior at $θ$ up to a factor, $∑_j γ_jχ_j$ has "
            "at $s = 0$ a slope, the covariance $∑γχy − ∑γχ∑γy$ under the posterior:",
            _KAPPA,
            Subs(Derivative(transform, s), s, 0),
        ),
        combination(
            "For every $λ$,",
            related(2 * factor * _KAPPA, "<=", 1 + factor**2 * _LARGEST**2),
            {"centred": 1, "mean modulus": 1, "mean square": factor**2, "centre": factor**2},
            label="every factor",
        ),
        instance(
            "with $λ = 1/Y$ the slope is at most $Y$,",
            related(2 * _KAPPA / _LARGEST, "<=", 2),
            "every factor",
            {factor: 1 / _LARGEST},
            label="from above",
        ),
    )


def _transform_steps() -> tuple[Step, ...]:
    random = (_Y, _MODULUS, _LARGEST)
    squares = total(_Y[_J] ** 2, _J)
    separate = total(Mean(_Y[_J] ** 2, random), _J)
    phase, m = sympy.Symbol("φ", real=True), sympy.Symbol("m", integer=True)
    turned = sympy.re(total(_PI[_J] * sympy.exp(sympy.I * phase) * generic_root(m * _J), _J))
    return (
        meant(
            "At $θ = 0$ the posterior is $π$, of which the transform is 0, turned by any phase, too.",
            turned,
            "==",
            0,
            {},
            label="at 0",
            under=("vanishing transform",),
        ),
        prose(
            "The same holds along $sθ$ for $0 ≤ s ≤ 1$, with the posterior there, and at $s = 0$ the transform is "
            "that of $π$. For the phase $φ$ at which $e^{iφ}γ̂_m$ is $|γ̂_m|$ its real part grows by the mean value "
            "theorem by at most the slope at some $s$:",
            related(_MODULUS - turned, "<=", _KAPPA),
            label="mean value",
        ),
        combination(
            "So",
            related(_MODULUS, "<=", _LARGEST),
            {"mean value": 1, "from above": _LARGEST / 2, "at 0": -1},
            label="transform",
        ),
        monotone("Squared,", related(_MODULUS**2, "<=", _LARGEST**2), PLACE**2, "transform", label="square"),
        meant("and a largest square is at most the sum of all.", _LARGEST**2, "<=", squares, _NAMES, label="sum"),
        combination("Hence", related(_MODULUS**2, "<=", squares), {"square": 1, "sum": 1}, label="pointwise"),
        monotone(
            "and in expectation",
            related(Mean(_MODULUS**2, random), "<=", Mean(squares, random)),
            Mean(PLACE, random),
            "pointwise",
            label="mean",
        ),
        meant(
            "$E y_j² = ‖U_jθ‖²$.",
            related(Mean(_Y[_J] ** 2, random), "==", _RADIUS(_T) ** 2),
            _NAMES,
            label="variance",
            under=("normal data", "cyclic maps"),
        ),
        equation(
            "Summed over the components,", separate, COUNT * _RADIUS(_T) ** 2, given=("variance",), label="variances"
        ),
        meant("$β_m = E|γ̂_m|²$.", _BETA(_T), "==", Mean(_MODULUS**2, random), _NAMES, label="beta", under=()),
        combination(
            "$β_m(θ) ≤ k‖θ‖²$.",
            related(_BETA(_T), "<=", COUNT * _RADIUS(_T) ** 2),
            {"beta": -1, "mean": 1, "variances": -1},
            label="bound",
        ),
    )


def _product_steps() -> tuple[Step, ...]:
    t, beta = _T, _BETA(_T)
    x, y = sympy.Function("x", real=True), sympy.Symbol("x", nonnegative=True)
    return (
        made(stein_identity.derive_general).quoted(
            "The component $x$ of frequency $m$ becomes (statement stein-identity)",
            4,
            {"⟨f_m|θ⟩": x(t), "beta_m": sympy.Function("b", real=True)(t), "⟨f_m|M(θ)⟩": x(t + 1)},
            label="P_m",
        ),
        prose(
            "where $b = β_m < 1$, since $γ$ has no zeros, so that $ρ_m = |x|$ stays positive. No rule finds a mean to "
            "be less than 1 because it is of what is nowhere 1:",
            related(sympy.log(_AMPLITUDE(t + 1)), "==", sympy.log(_AMPLITUDE(t)) + sympy.log(1 - beta)),
            label="step",
            given=("P_m",),
        ),
        meant(
            "$S$ adds up the squares.",
            related(_SUM(t + 1), "==", _SUM(t) + _RADIUS(t) ** 2),
            {_SUM(_T): sympy.Sum(_RADIUS(component("n")) ** 2, (component("n"), 0, _T - 1))},
            label="next",
        ),
        made(gradient_em.derive_general).quoted(
            "No step goes away from 0.", 3, {"t": _T, "R(t)": _RADIUS(t) ** 2, "R(0)": _RADIUS(0) ** 2}, label="ball"
        ),
        assumption("Let $k‖θ_0‖²$ be at most 1/2.", _NEAR, label="near"),
        combination(
            "Then $β_m ≤ 1/2$.", beta, "<=", Rational(1, 2), {"bound": 1, "ball": COUNT, "near": 1}, label="half"
        ),
        inequality(
            "$−log(1 − x/2) ≤ x$ on [0, 1]: both are 0 at $x = 0$, and the slope $1/(2 − x)$ of the left side is at "
            "most 1.",
            related(-sympy.log(1 - y / 2), "<=", y),
            domain={y: Interval(0, 1)},
            label="logarithm",
        ),
        instance(
            "With $x = 2β_m$,",
            related(-sympy.log(1 - beta), "<=", 2 * beta),
            "logarithm",
            {y: 2 * beta},
            within=("half",),
            label="logarithm of the factor",
        ),
        induction(
            "$ρ_m$ falls by no more than $e^{−2kS}$:",
            related(sympy.log(_AMPLITUDE(0)), "<=", sympy.log(_AMPLITUDE(t)) + 2 * COUNT * _SUM(t)),
            t,
            sympy.S.One,
            {"step": 1, "logarithm of the factor": 1, "bound": 2, "next": 2 * COUNT},
            label="logarithms",
        ),
        monotone(
            "that is,",
            related(_AMPLITUDE(0), "<=", _AMPLITUDE(t) * sympy.exp(2 * COUNT * _SUM(t))),
            sympy.exp(PLACE),
            "logarithms",
            label="amplitude",
        ),
        prose(
            "Were $∑_t ‖θ_t‖²$ finite, this would hold of the iterates from some step $t_0$ on, and $ρ_m(t)$ "
            "would stay above a positive number, although $ρ_m(t) ≤ ‖θ_t‖ → 0$. So the sum is infinite. An "
            "exponential rate $‖θ_t‖ ≤ C f^t$, or $‖θ_t‖ ≤ C t^{−a}$ with $a > 1/2$, would make it finite.",
            related(sympy.Sum(_RADIUS(t) ** 2, (t, 0, oo)), "==", oo),
            label="diverges",
            given=("amplitude",),
            discharging=("near",),
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    here, start, kl = _RADIUS(_T), _RADIUS(0), _KL(_T)
    bound = _DIMENSION + 2 * start**2
    root = related(here**2, "<", 2 * sympy.sqrt(bound * kl))
    diverges = related(sympy.Sum(here**2, (_T, 0, oo)), "==", oo)
    return (
        made(stationary_point.derive_general).quoted(
            "Statement stationary-point, with any weights:",
            2,
            {"KL(r)": kl, "r": here, "D": _DIMENSION},
            label="growth",
        ),
        combination(
            "So KL is at least of fourth order, with one constant for all steps,",
            related(here**4, "<", 4 * bound * kl),
            {"growth": 4 * (_DIMENSION + 2 * here**2), "ball": 8 * kl},
            label="fourth order",
        ),
        monotone("its root of second order,", root, sympy.sqrt(PLACE), "fourth order", label="root"),
        all_of("and", {"diverges": diverges, "root": root}, label="both"),
        citation(
            "comparison test",
            "The sum of the roots diverges with that of $‖θ_t‖²$. $KL_t ≤ C f^t$ with $f < 1$, or $KL_t ≤ C "
            "t^{−a}$ with $a > 2$, would make it finite.",
            related(sympy.Sum(sympy.sqrt(_KL(_T)), (_T, 0, oo)), "==", oo),
            given=("both",),
        ),
    )
