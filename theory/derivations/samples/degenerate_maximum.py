"""Maxima of the sample likelihood where A is singular: of order n^{−1/4} at least, half of the time."""

import sympy
from sympy import Derivative, Interval, Limit, Subs, oo

from emtheory.theory.derivations.rates.degenerate_directions import QUARTIC
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Unit, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import DIMENSION, component, family, total

STATEMENT = Statement(__name__, "maxima of the sample likelihood where $A$ is singular")

_R, _THIRD, _FOURTH, _SCALE = sympy.symbols("r tau m_4 s", nonnegative=True)
_EXCESS, _CURVATURE, _SLOPE, _BEND = sympy.symbols("Z f κ κ_4", real=True)
_SPREAD, _KURTOSIS, _SIXTH = sympy.symbols("V E‖X‖⁴ E‖X‖⁶", real=True)
_END, _NORM = sympy.symbols("c ‖x‖", nonnegative=True)
_COUNT = sympy.Symbol("n", integer=True, positive=True)
_CHANCE, _BELOW = (sympy.Function(name, nonnegative=True) for name in "PF")
_I, _J, _N = (component(name) for name in "ijn")
_G, _PI, _Y, _Z = family("g", positive=True), family("pi", positive=True), family("y"), family("z")
_MEANS = {one: sympy.Symbol(f"{one}̄", real=True) for one in (_Y, _Z)}
_SPREADS = {one: sympy.Symbol(f"v_{one}", nonnegative=True) for one in (_Y, _Z)}
_MIXED = sympy.Symbol("b", real=True)
_LIKELY = (1 + sympy.erf(DIMENSION * (DIMENSION + 2) * _SCALE / (2 * sympy.sqrt(QUARTIC)))) / 2
"""Φ(x), where √(2q)x = d(d + 2)s."""

_NAMES = {
    _Y[_I]: Inner(Image(_I, Unit("u")), DATA),
    _Z[_I]: Inner(Image(_I, Unit("e")), DATA),
    _NORM: sympy.sqrt(Inner(DATA, DATA)),
}
_OVERLAP = total(_PI[_I] * _PI[_J] * Inner(Image(_I, Unit("u")), Image(_J, Unit("u"))) ** 2, _I, _J)


def _average(value: sympy.Expr) -> sympy.Expr:
    """Mean over the index i under the posterior."""
    return total(_G[_I] * value, _I) / total(_G[_N], _N)


def _covariance(*families: sympy.IndexedBase) -> sympy.Expr:
    """Mean of the product of members less their means."""
    return _average(sympy.Mul(*(one[_I] - _MEANS[one] for one in families)))


def derive_general() -> Derivation:
    d = DIMENSION
    return STATEMENT.derivation(
        variables=(
            Variable(_R, Interval(0, oo), "$‖θ̂‖$, $θ̂$ any point"),
            Variable(_CURVATURE, REAL, "the second derivative of $ℓ_n$ along $u$ at $θ̂$, $‖u‖ = 1$"),
            Variable(_EXCESS, REAL, "$n^{−1}∑_i∑_jπ_j⟨U_ju, X_i⟩² − 1$"),
            Variable(_THIRD, Interval(0, oo), "the norm of $n^{−1}∑_i∑_jπ_j⟨U_ju, X_i⟩²(U_j − A)ᵀX_i$"),
            Variable(_FOURTH, Interval(0, oo), "the mean of the $‖X_i‖⁴$"),
            Variable(_COUNT, sympy.Range(1, oo), "the number of points"),
            Variable(d, sympy.Range(1, oo)),
            Variable(QUARTIC, Interval.open(0, oo), "$∑_{ij}π_iπ_j⟨U_iu, U_ju⟩²$"),
            Variable(_SCALE, Interval(0, oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "annihilated direction"),
        exist_under=dict.fromkeys((_CURVATURE, _THIRD), ("weights", "orthogonal maps"))
        | dict.fromkeys((_EXCESS, _CHANCE), ("weights", "orthogonal maps", "annihilated direction")),
        conclusions=(
            provided(related(_EXCESS, "<=", _THIRD * _R + _FOURTH * _R**2), related(0, "<=", _CURVATURE)),
            related(_COUNT * Mean(_EXCESS**2, (_EXCESS,)), "==", 2 * QUARTIC),
            related(_COUNT * Mean(_THIRD**2, (_THIRD,)), "<=", d * (d + 2) * (d + 4)),
            related(_CHANCE(_SCALE), "<=", _LIKELY),
        ),
        note="the first on any data; $f ≥ 0$ at each local maximum of the likelihood. $P(s)$ is the limit superior "
        "for $n → ∞$ of the probability that one of them has $√n‖θ̂‖² ≤ s$, which falls to ½ at most as $s → 0$: "
        "$n^{−1/4}$, the order in statement degenerate-sample, is attained",
        source="not in the paper, whose weights are not degenerate",
        scope="every $k$, all weights with singular $A$, any orthogonal maps, any $d$",
        steps=(*_cumulant_steps(), *_bound_steps(), *_sample_steps(), *_law_steps()),
    )


def _spread(t: sympy.Symbol) -> sympy.Expr:
    """The variance of the y_j under the posterior at θ + te."""

    def mean(value: sympy.Expr, index: sympy.Symbol, power: sympy.Expr) -> sympy.Expr:
        return total(_G[index] * sympy.exp(power) * value, index) / total(_G[_N] * sympy.exp(power.subs(index, _N)), _N)

    return mean(_Y[_I] ** 2, _I, t * _Z[_I]) - mean(_Y[_I], _I, t * _Z[_I]) ** 2


def _cumulant_steps() -> tuple[Step, ...]:
    return (
        definition(
            "Let $y_j = ⟨U_ju, x⟩$ and $z_j = ⟨U_je, x⟩$, $e = θ̂/r$. With posteriors $g_j$, up to a factor, "
            "these have the means",
            _MEANS[_Y],
            _average(_Y[_I]),
        ),
        definition("and", _MEANS[_Z], _average(_Z[_I])),
        definition("and the variances", _SPREADS[_Y], _covariance(_Y, _Y)),
        definition("and", _SPREADS[_Z], _covariance(_Z, _Z)),
        definition("as well as the covariance", _MIXED, _covariance(_Y, _Z)),
        definition(
            "and the fourth cumulant", _BEND, _covariance(_Y, _Y, _Z, _Z) - _SPREADS[_Y] * _SPREADS[_Z] - 2 * _MIXED**2
        ),
        inequality("Variances are not negative, not that of $yz$, centred,", 0, "<=", _JENSEN, label="product"),
        inequality("nor the sum of squares in Lagrange's identity,", related(0, "<=", _pairs()), label="pairs"),
        combination(
            "so that", -2 * _SPREADS[_Y] * _SPREADS[_Z], "<=", _BEND, {"product": 1, "pairs": 1}, label="by variances"
        ),
    )


_JENSEN = _average((sympy.Mul(*(one[_I] - mean for one, mean in _MEANS.items())) - _MIXED) ** 2)


def _pairs() -> sympy.Expr:
    """Half the mean over two draws of (y₁z₂ − y₂z₁)², centred."""
    (y_i, z_i), (y_j, z_j) = ([one[i] - mean for one, mean in _MEANS.items()] for i in (_I, _J))
    weight = _G[_I] * _G[_J] / total(_G[_N], _N) ** 2
    return total(weight * (y_i * z_j - y_j * z_i) ** 2, _I, _J) / 2


def _variance_steps(one: sympy.IndexedBase, name: str, words: tuple[str, str, str, str]) -> tuple[Step, ...]:
    """At most ‖x‖²."""
    mean = _MEANS[one]
    return (
        meant(words[0], one[_I] ** 2, "<=", _NORM**2, _NAMES, label=f"{name} apart", under=("orthogonal maps",)),
        monotone(
            words[1],
            related(_average(one[_I] ** 2), "<=", _average(_NORM**2)),
            _average(PLACE),
            f"{name} apart",
            label=f"mean of {name}",
        ),
        inequality(words[2], related(0, "<=", mean**2), label=f"square of {name}"),
        combination(
            words[3], _SPREADS[one], "<=", _NORM**2, {f"mean of {name}": 1, f"square of {name}": 1}, label=name
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    first = ("By Cauchy and Schwarz", "on the average", "and as", "the variance is at most")
    return (
        *_variance_steps(_Y, "y", first),
        *_variance_steps(_Z, "z", ("Likewise", "on the average", "and as", "that of $z$ is")),
        combination(
            "Together",
            related(-2 * _NORM**4, "<=", _BEND),
            {"by variances": 1, "y": 2 * _SPREADS[_Z], "z": 2 * _NORM**2},
            label="bend",
        ),
    )


def _sample_steps() -> tuple[Step, ...]:
    v, t, sample = Vector("v"), sympy.Symbol("t", real=True), (_END, _NORM, _G, _Y, _Z)
    square = total(_PI[_I] * _Y[_I] ** 2, _I)
    drift = total(_PI[_I] * _Y[_I], _I)
    start, fourth, bent = Mean(square - drift**2, sample), Mean(_NORM**4, sample), Mean(_BEND, sample)
    second = Subs(Derivative(_spread(t), t, t), t, 0)
    return (
        citation(
            "Taylor's theorem",
            "Of the variances $c_0$ at 0 and $c$ at $θ̂$ the means over the sample are, with that of the $κ_3 = "
            "∑_jπ_jy_j²⟨(U_j − A)e, x⟩$, which is $κ = ⟨v, e⟩$ for some vector $v$ of norm $τ$,",
            related(Mean(_END, sample), "==", start + _SLOPE * _R + Mean(second, sample) * _R**2 / 2),
            label="second order",
        ),
        equation(
            "that is,",
            Mean(_END, sample),
            start + _SLOPE * _R + bent * _R**2 / 2,
            label="Taylor",
            given=("second order",),
        ),
        monotone(
            "where on average", Mean(-2 * _NORM**4, sample), "<=", bent, Mean(PLACE, sample), "bend", label="bent"
        ),
        meant(
            "where",
            related(-_THIRD, "<=", _SLOPE),
            {_SLOPE: Inner(v, Unit("e")), _THIRD: sympy.sqrt(Inner(v, v))},
            label="linear",
        ),
        definition(
            "As $ℓ_n(θ)$ is $‖θ‖²/2$ less the mean of the $log ∑_jπ_je^{⟨U_jθ, X_i⟩}$, its second derivative along $u$ "
            "at $θ̂$ is",
            _CURVATURE,
            1 - Mean(_END, sample),
        ),
        assumption(
            "Let it not be negative, as at every maximum of the likelihood.", 0, "<=", _CURVATURE, label="maximum"
        ),
        meant(
            "At 0 the posterior is $π$, and as $Au = 0$",
            related(drift, "==", 0),
            _NAMES,
            label="start",
            under=("annihilated direction",),
        ),
        definition("whose mean is $1 + Z$,", _EXCESS, Mean(square, sample) - 1),
        equation("that is,", start, 1 + _EXCESS, label="at 0", given=("start",)),
        definition("and that of $‖x‖⁴$ is", _FOURTH, fourth),
        combination(
            "So no maximum is near 0 where $Z > 0$.",
            related(_EXCESS, "<=", _THIRD * _R + _FOURTH * _R**2),
            {"Taylor": 1, "bent": _R**2 / 2, "maximum": 1, "linear": _R, "at 0": 1},
            label="bound",
        ),
    )


def _law_steps() -> tuple[Step, ...]:
    d, likely = DIMENSION, _LIKELY
    below = Limit(_BELOW(_COUNT, d * (d + 2) * _SCALE), _COUNT, oo)
    terms = total(_PI[_I] * Inner(DATA, Image(_I, Unit("u"))) ** 2, _I) - 1
    model = ("weights", "orthogonal maps", "normal data")
    return (
        prose(
            "$Z$ is the mean of $n$ independent numbers of mean 0 and variance $V = E(∑_jπ_jy_j² − 1)²$,",
            related(_COUNT * Mean(_EXCESS**2, (_EXCESS,)), "==", _SPREAD),
            label="independent",
        ),
        meant(
            "where",
            related(_SPREAD, "==", 2 * QUARTIC),
            {QUARTIC: _OVERLAP, _SPREAD: Mean(terms**2, (DATA,))},
            label="spread",
            under=model,
        ),
        combination(
            "that is",
            related(_COUNT * Mean(_EXCESS**2, (_EXCESS,)), "==", 2 * QUARTIC),
            {"independent": 1, "spread": 1},
            label="variance of Z",
        ),
        prose(
            "$τ$ is the norm of the mean of $n$ independent vectors, odd functions of the $X_i$ and so of mean 0. "
            "Each is a mean of the $(U_j − A)ᵀx$ with factors $y_j²$, and its square, by Cauchy and Schwarz, at "
            "most $∑_jπ_jy_j⁴ ≤ ‖x‖⁴$ times $∑_jπ_j‖(U_j − A)ᵀx‖² ≤ ‖x‖²$.",
            related(_COUNT * Mean(_THIRD**2, (_THIRD,)), "<=", _SIXTH),
            label="third moment",
        ),
        meant(
            "The mean of $‖x‖⁶$ is",
            related(_SIXTH, "==", d * (d + 2) * (d + 4)),
            {_SIXTH: Mean(Inner(DATA, DATA) ** 3, (DATA,))},
            label="sixth",
            under=("normal data",),
        ),
        combination(
            "So $τ$ is of order $n^{−1/2}$.",
            related(_COUNT * Mean(_THIRD**2, (_THIRD,)), "<=", d * (d + 2) * (d + 4)),
            {"third moment": 1, "sixth": -1},
            label="tau",
        ),
        meant(
            "That of $‖x‖⁴$ is",
            related(_KURTOSIS, "==", d * (d + 2)),
            {_KURTOSIS: Mean(Inner(DATA, DATA) ** 2, (DATA,))},
            label="fourth moment",
            under=("normal data",),
        ),
        citation(
            "central limit theorem",
            "$√nZ → N(0, 2q)$ in law: with $F$ for the distribution of $√nZ$",
            related(below, "==", likely),
            label="limit",
            given=("variance of Z",),
        ),
        citation(
            "Slutsky's theorem",
            "Where $√nr² ≤ s$ the bound is $√nZ ≤ √nτr + m_4s$. $√nτr → 0$ in probability, and $m_4 → d(d + 2)$.",
            related(_CHANCE(_SCALE), "<=", below),
            given=("fourth moment",),
            label="below",
        ),
        combination("Hence", related(_CHANCE(_SCALE), "<=", likely), {"below": 1, "limit": -1}),
    )
