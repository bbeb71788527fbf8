"""The factor of a step in the end: 1 − |π̂_m|² of the slowest frequency that the start excites, in KL its square."""

import sympy
from sympy import Integral, Interval, Limit, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import Most
from emtheory.theory.proof.step import LATER, PLACE, Step, combination, induction, inequality, limit, meant, monotone
from emtheory.theory.proof.words import assumption, citation, condition
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "the factor of a step in the limit, in $‖θ‖$ and in KL")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_SLOW, _REST = sympy.Function("S", positive=True), sympy.Function("T", nonnegative=True)
_RADIUS, _KL = sympy.Function("r", positive=True), sympy.Function("KL", positive=True)
_FORM, _BETA = sympy.Function("Q", nonnegative=True), sympy.Function("beta", nonnegative=True)
_LEAST, _LARGEST, _FASTER = sympy.symbols("a b c", positive=True)
_SIGMA, _DEVIATION = sympy.symbols("sigma delta", nonnegative=True)
_S = sympy.Symbol("s", positive=True)
_M = component("m")
_RHO, _OTHER = (sympy.Function(name, real=True) for name in ("x", "y"))
_FACTOR, _OTHER_FACTOR = (family(name, nonnegative=True) for name in ("phi", "psi"))
_ALL, _SQUARED = family("alpha"), family("p", nonnegative=True)


def derive_general() -> Derivation:
    t, a, b, c = _T, _LEAST, _LARGEST, _FASTER
    now, following = _RADIUS(t) ** 2, _RADIUS(t + 1) ** 2
    sigma, delta = _SIGMA**2, _DEVIATION
    excited, positive = related(0, "<", _SIGMA), Interval.open(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(_SIGMA, Interval(0, oo), "the least $|π̂_m|$ among the frequencies $m ≠ 0$ that $θ_0$ has"),
            Variable(a, positive, "the infimum of $1 − β_m(θ_t)$ over $t$ and those $m$ with $|π̂_m| = σ$"),
            Variable(b, positive, "the supremum of $1 − β_m(θ_t)$ over $t$ and all $m$ that $θ_0$ has"),
            Variable(
                c, positive, "the supremum of $1 − β_m(θ_t)$ over $t$ and those $m$ that $θ_0$ has with $|π̂_m| > σ$"
            ),
            Variable(
                delta,
                Interval(0, oo),
                "the supremum of $|β_m(sθ_t) − |π̂_m|²|$ over $t$, $0 < s < 1$ and the $m$ of $θ_0$",
            ),
            Variable(_M, sympy.Range(0, oo), "a frequency"),
            Variable(_FACTOR, positive, "$1 − β_m(θ_t)$ for those with $|π̂_m| = σ$"),
            Variable(_OTHER_FACTOR, positive, "that for the others that $θ_0$ has"),
            Variable(_SQUARED, Interval(0, oo), "$|π̂_m|²$"),
            Variable(_S, Interval.open(0, 1)),
        ),
        hypotheses=("weights", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys((_KL, _FORM), ("weights", "cyclic maps", "normal data")),
        conclusions=(
            related(following, "<=", b**2 * now),
            related(a**2 * now, "<=", (1 + (c / a) ** (2 * t) * _REST(0) / _SLOW(0)) * following),
            related(Limit(_RADIUS(t + 1) / _RADIUS(t), t, oo), "==", 1 - sigma),
            related((sigma - delta) * _FORM(t), "<=", sigma * _KL(t)),
            related(sigma * _KL(t), "<=", (sigma + delta) * _FORM(t)),
            sympy.Implies(excited, related(Limit(_KL(t) / _FORM(t), t, oo), "==", 1)),
            sympy.Implies(excited, related(Limit(_KL(t + 1) / _KL(t), t, oo), "==", (1 - sigma) ** 2)),
        ),
        note="$r(t) = ‖θ_t‖$, $S(t)$ is the part of $r²$ of the frequencies with $|π̂_m| = σ$, $T(t)$ the rest, and "
        "$Q = ½∑_m |π̂_m|²‖P_mθ_t‖²$; the start has a frequency $m ≠ 0$ and none on the complement of the "
        "simplex, where one step reaches 0; a frequency that $θ_0$ has no step loses, one that it has not no "
        "step excites",
        source="not in the paper, which has no constants",
        scope="every $k$, any weights, $U_j = R^j$, any $d$, every start but one that one step takes to 0",
        steps=(*_amplitude_steps(), *_ratio_steps(), *_divergence_steps(), *_factor_steps()),
    )


def _amplitude_steps() -> tuple[Step, ...]:
    t = _T
    norm = {_RADIUS(t): sympy.sqrt(_SLOW(t) + _REST(t))}
    groups = (
        ("$S$ is the sum of the squares of the components with $|π̂_m| = σ$,", _SLOW, _RHO, _FACTOR, "S"),
        ("$T$ that of the others.", _REST, _OTHER, _OTHER_FACTOR, "T"),
    )
    return (
        *(step for group in groups for step in _group_steps(*group)),
        *_bound_steps(*(total(own[_M] ** 2 * x(_M, t) ** 2, _M) for *_, x, own, _ in groups)),
        *(
            meant(why, related(_RADIUS(n) ** 2, "==", _SLOW(n) + _REST(n)), norm, label=label)
            for why, n, label in (("$r$ is the norm,", t, "norm"), ("also after the step.", t + 1, "norm next"))
        ),
    )


def _group_steps(
    why: str, name: sympy.FunctionClass, x: sympy.FunctionClass, factor: sympy.IndexedBase, label: str
) -> tuple[Step, ...]:
    """Of frequencies that do not mix: each component is multiplied by its own factor."""
    t, squares = _T, {name(_T): total(x(_M, _T) ** 2, _M)}
    beta = sympy.Function(f"beta_{label}", nonnegative=True)(_M, t)
    return (
        meant(why, related(name(t), "==", squares[name(t)]), squares, label=label),
        made(stein_identity.derive_general).quoted(
            "In a step (statement stein-identity)",
            4,
            {"⟨f_m|θ⟩": x(_M, t), "beta_m": beta, "⟨f_m|M(θ)⟩": x(_M, t + 1)},
            label=f"{label} step",
        ),
        meant(
            "so that with the factor $1 − β_m$, which is not 0 for $m ≠ 0$ as no $γ_j$ is,",
            related(name(t + 1), "==", total(factor[_M] ** 2 * x(_M, t) ** 2, _M)),
            {**squares, factor[_M]: 1 - beta},
            given=(f"{label} step",),
            label=f"{label} next",
        ),
    )


def _bound_steps(slow_next: sympy.Expr, rest_next: sympy.Expr) -> tuple[Step, ...]:
    a, b, c = _LEAST, _LARGEST, _FASTER
    return (
        meant(
            "$a$, $b$ and $c$ bound the factors:",
            related(a, "<=", _FACTOR[_M]),
            {a: -Most(-_FACTOR[component("n")], component("n"))},
            label="at least",
            under=(),
        ),
        condition("$φ_m ≤ b$,", related(_FACTOR[_M], "<=", b), over=(_M,), label="at most"),
        condition("$ψ_m ≤ b$,", related(_OTHER_FACTOR[_M], "<=", b), over=(_M,), label="others at most"),
        meant(
            "$ψ_m ≤ c$.",
            related(_OTHER_FACTOR[_M], "<=", c),
            {c: Most(_OTHER_FACTOR[component("n")], component("n"))},
            label="faster",
            under=(),
        ),
        *(
            monotone(
                why, smaller, "<=", larger, total(PLACE**2 * amplitude(_M, _T) ** 2, _M), of, label=f"{of}, summed"
            )
            for why, smaller, larger, amplitude, of in (
                ("Summed,", total(a**2 * _RHO(_M, _T) ** 2, _M), slow_next, _RHO, "at least"),
                ("from above,", slow_next, total(b**2 * _RHO(_M, _T) ** 2, _M), _RHO, "at most"),
                ("for the others,", rest_next, total(b**2 * _OTHER(_M, _T) ** 2, _M), _OTHER, "others at most"),
                ("and with $c$.", rest_next, total(c**2 * _OTHER(_M, _T) ** 2, _M), _OTHER, "faster"),
            )
        ),
    )


def _ratio_steps() -> tuple[Step, ...]:
    t, a, b, c = _T, _LEAST, _LARGEST, _FASTER
    now, following = _RADIUS(t) ** 2, _RADIUS(t + 1) ** 2
    slow_start, rest_start = a ** (2 * t) * _SLOW(0), c ** (2 * t) * _REST(0)
    others = (c / a) ** (2 * t) * _REST(0) / _SLOW(0)
    return (
        combination(
            "A step multiplies $‖θ‖$ by at most $b$,",
            related(following, "<=", b**2 * now),
            {
                "at most, summed": 1,
                "others at most, summed": 1,
                "S": b**2,
                "T": b**2,
                "S next": -1,
                "T next": -1,
                "norm": b**2,
                "norm next": -1,
            },
            label="upper",
        ),
        combination(
            "$S$ by at least $a²$,",
            related(a**2 * _SLOW(t), "<=", _SLOW(t + 1)),
            {"at least, summed": 1, "S": -(a**2), "S next": 1},
            label="slow step",
        ),
        combination(
            "and $T$ by at most $c²$.",
            related(_REST(t + 1), "<=", c**2 * _REST(t)),
            {"faster, summed": 1, "T": c**2, "T next": -1},
            label="rest step",
        ),
        induction("By induction,", related(slow_start, "<=", _SLOW(t)), t, a**2, {"slow step": 1}, label="slow"),
        induction("and", related(_REST(t), "<=", rest_start), t, c**2, {"rest step": 1}, label="rest"),
        combination(
            "The others' share is at most $(c/a)^{2t}$ times what it was,",
            related(_REST(t) * slow_start, "<=", rest_start * _SLOW(t)),
            {"rest": slow_start, "slow": rest_start},
            label="share",
        ),
        inequality("and as $T$ is not negative", related(0, "<=", _REST(t + 1)), label="sign"),
        combination(
            "$‖θ‖$ falls to at least $a$ times itself, but for the share of the others, which vanishes if $c < a$.",
            related(a**2 * now, "<=", (1 + others) * following),
            {
                "norm next": 1 + others,
                "sign": 1 + others,
                "slow step": 1 + others,
                "norm": -(a**2),
                "share": a**2 / slow_start,
            },
            label="lower",
        ),
        citation(
            "dominated convergence",
            "$θ_t → 0$ with any weights (statement gradient-em), and $β_m$, the mean of $|γ̂_m|² ≤ 1$, is "
            "continuous in $θ$: with time counted from a late step a and $b$ are as near to $1 − σ²$ as one likes, "
            "and $c$ to a smaller number.",
            related(Limit(_RADIUS(t + 1) / _RADIUS(t), t, oo), "==", 1 - _SIGMA**2),
            label="ratio",
            given=("upper",),
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    t, s, delta, sigma = _T, _S, _DEVIATION, _SIGMA**2
    path, square = _BETA(_M, s), _ALL[_M] ** 2
    above, below = _SQUARED[_M] + delta, _SQUARED[_M] - delta

    def along(value: sympy.Expr) -> sympy.Expr:
        return total(Integral(s * value, (s, 0, 1)) * square, _M)

    return (
        made(stationary_point.derive_general).quoted(
            "With $α_m$ the amplitudes of all frequencies of $θ_t$, $⟨θ, ∇ℓ(sθ)⟩ = ∑_m sβ_m(sθ)α_m²$, so that KL is "
            "(statement stationary-point)",
            6,
            {"KL(r)": _KL(t), "r": _RADIUS(t), "f(r*s)": s**2 * total(path * square, _M)},
            label="integral",
        ),
        citation(
            "Fubini's theorem",
            "where integral and sum may change places:",
            related(Integral(s * total(path * square, _M), (s, 0, 1)), "==", along(path)),
            label="exchange",
        ),
        combination("that is,", _KL(t), "==", along(path), {"integral": 1, "exchange": 1}, label="path"),
        meant(
            "Name $Q$, with $p_m = |π̂_m|²$:",
            related(_FORM(t), "==", total(_SQUARED[_M] * square / 2, _M)),
            {_FORM(t): total(_SQUARED[_M] * square / 2, _M)},
            label="Q",
        ),
        condition("$β_m(sθ)$ differs from $p_m$ by no more than $δ$:", path, "<=", above, over=(_M, s), label="above"),
        condition("nor is it lower.", related(below, "<=", path), over=(_M, s), label="below"),
        monotone("Integrated and summed,", along(path), "<=", along(above), along(PLACE), "above", label="KL above"),
        monotone("and from below.", related(along(below), "<=", along(path)), along(PLACE), "below", label="KL below"),
        meant(
            "$σ²$ is the least $p_m$:",
            related(sigma, "<=", _SQUARED[_M]),
            {_SIGMA: sympy.sqrt(-Most(-_SQUARED[component("n")], component("n")))},
            label="least",
        ),
        monotone(
            "summed,",
            related(total(sigma * square / 2, _M), "<=", total(_SQUARED[_M] * square / 2, _M)),
            total(PLACE * square / 2, _M),
            "least",
            label="Q above",
        ),
        combination(
            "KL is $Q$",
            related((sigma - delta) * _FORM(t), "<=", sigma * _KL(t)),
            {"KL below": sigma, "path": sigma, "Q": delta - sigma, "Q above": delta},
            label="KL at least",
        ),
        combination(
            "up to the factor $1 ± δ/σ²$.",
            related(sigma * _KL(t), "<=", (sigma + delta) * _FORM(t)),
            {"KL above": sigma, "path": -sigma, "Q": sigma + delta, "Q above": delta},
            label="KL at most",
        ),
    )


def _factor_steps() -> tuple[Step, ...]:
    t, sigma, (near, apart, form, ratio) = _T, _SIGMA**2, sympy.symbols("u v w z")
    square = _RADIUS(t) ** 2
    return (
        assumption("Let every frequency that $θ_0$ has be one with $π̂_m ≠ 0$.", 0, "<", _SIGMA, label="excited"),
        monotone("Squared,", related(0, "<", sigma), PLACE**2, "excited", label="positive"),
        citation(
            "dominated convergence",
            "$β_m$ is continuous, so that $β_m(sθ_t)$ tends to $p_m$, for all $s$ alike:",
            related(Limit((_KL(t) - _FORM(t)) / square, t, oo), "==", 0),
            label="apart",
            given=("path", "Q"),
        ),
        citation(
            "dominated convergence",
            "The share of the frequencies with $|π̂_m| > σ$ vanishes:",
            related(Limit(_FORM(t) / square, t, oo), "==", sigma / 2),
            label="form",
        ),
        limit(
            "So $KL_t ~ Q_t$,",
            Limit(_KL(t) / _FORM(t), t, oo),
            sympy.S.One,
            1 + apart / form,
            {"apart": apart, "form": form},
            along=("positive",),
            label="quadratic form",
        ),
        limit(
            "and KL falls by the square of the factor of $‖θ‖$.",
            Limit(_KL(t + 1) / _KL(t), t, oo),
            (1 - sigma) ** 2,
            LATER(near) / near * LATER(form) / form * ratio**2,
            {"quadratic form": near, "form": form, "ratio": ratio},
            along=("positive",),
        ),
    )
