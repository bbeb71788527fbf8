"""EM that fits the weights along with θ: the weights settle, and θ contracts at the factor of where they settle."""

import sympy
from sympy import Interval, Limit, Rational, oo

from emtheory.theory.derivations.extensions import weight_change
from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound, stationary_point
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation
from emtheory.theory.sums import COUNT, component

STATEMENT = Statement(__name__, "EM for $θ$ and the weights converges")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_RADIUS, _LEAST = (sympy.Function(name, nonnegative=True) for name in ("r", "sigma"))
_MOVED, _CHANGE, _BETA, _FORM = (sympy.Function(name, nonnegative=True) for name in ("D", "C", "beta", "f"))
_SPAN = sympy.Symbol("d", positive=True)
_LIMIT, _ALL = sympy.symbols("σ_∞ b", nonnegative=True)
_START, _FIRST = _RADIUS(0), _LEAST(0)
_N = component("n")
_PART, _LOST, _KEPT = sympy.symbols("⟨h|θ⟩ ⟨h|Bθ⟩ ⟨h|(I−B)θ⟩", real=True)
_SCALE = sympy.exp(-(_START**2))
SMALL = related(8 * COUNT * _START**2 * sympy.exp(_START**2), "<=", _FIRST**3)
"""The start is near enough for the rate to be kept."""
REGULAR = related(0, "<", _FIRST)
"""$A$ is invertible at the first weights."""
_SLOW = _SPAN + 2 * _START**2
"""By which a step with the worst weights divides ‖θ‖⁴, in what it takes of ‖θ‖²."""
_POTENTIAL = 4 * COUNT * sympy.exp(_START**2) / _FIRST**2
"""What a unit of ‖θ‖² can still move the weights."""

_SUM = sympy.Sum(_RADIUS(_N) ** 2, (_N, 0, oo))
_BOUNDED = related(sympy.Sum(COUNT * _RADIUS(_T) ** 2, (_T, 0, oo)), "<=", _ALL)
_BOUND = 1 - _SCALE * _FIRST**2 / 4
"""The factor of a step, at most."""


def _factor(t: sympy.Expr) -> sympy.Expr:
    return 1 - sympy.exp(-(_RADIUS(t) ** 2)) * _LEAST(t) ** 2


def derive_general() -> Derivation:
    t = _T

    def near(conclusion: sympy.Rel) -> sympy.Basic:
        return provided(conclusion, REGULAR, SMALL)

    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(_LIMIT, Interval(0, oo), "$σ_{min}(A)$ at the limit of the weights"),
            Variable(_SPAN, POSITIVE, "the dimension"),
            Variable(_ALL, Interval(0, oo), "any"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "unknown weights"),
        conclusions=(
            related(_RADIUS(t + 1), "<=", _factor(t) * _RADIUS(t)),
            related((1 + _START**2 / _SLOW * t) * _RADIUS(t) ** 2, "<=", _START**2),
            provided(related(Limit(_factor(t), t, oo), "==", 1 - _LIMIT**2), _BOUNDED),
            near(related(_MOVED(t), "<=", _POTENTIAL * _START**2)),
            near(related(_MOVED(t), "<=", _FIRST / 2)),
            near(related(_RADIUS(t), "<=", _BOUND**t * _START)),
            near(related(_SUM, "<", oo)),
        ),
        note="EM from $(θ_0, π_0)$, every $π_j$ positive: $r(t) = ‖θ_t‖$, $σ(t) = σ_{min}(A)$ at the weights "
        "$π_t$, $D(t) = ∑_{s<t} ‖π_{s+1} − π_s‖₁$, at least $‖π_t − π_0‖₁$; $θ_t → 0$ from every start, and if "
        "$∑‖θ_t‖²$ is finite the weights converge",
        source="not in the paper, whose weights are known; open question 2",
        scope="every $k$, any orthogonal maps, any $d$; the covariance is known",
        steps=(*_contraction_steps(), *_near_steps(), *_rate_steps(), *_every_start_steps()),
    )


def _bound_step(why: str, ball: sympy.Expr, label: str, premises: tuple[str, ...] = ()) -> Step:
    names = {"r": _RADIUS(_T), "rho": ball, "sigma": _LEAST(_T), "‖w‖²": sympy.S.One, "E‖Gw‖²": _BETA(_T)}
    return made(contraction_bound.derive_general).quoted(why, 3, names, premises, label=label)


def _contraction_steps() -> tuple[Step, ...]:
    t, r, beta = _T, _RADIUS(_T), _BETA(_T)
    return (
        made(stein_identity.derive_general).quoted(
            "At the weights $π_t$ $θ_{t+1} = (I − B)θ_t$, for $h$ of norm 1 (statement stein-identity):",
            0,
            {"⟨h|θ⟩": _PART, "⟨h|B(θ)θ⟩": _LOST, "⟨h|M(θ)⟩": _KEPT},
            label="identity",
        ),
        made(stein_identity.derive_general).quoted(
            "The eigenvalues of $B$, the least of which is $β$, are at most 1,",
            2,
            {"⟨h|B(sθ)h⟩": beta, "‖h‖²": sympy.S.One},
            label="one",
        ),
        citation(
            "spectral theorem",
            "so that $‖I − B‖ = 1 − β$:",
            related(_RADIUS(t + 1), "<=", (1 - beta) * r),
            label="step",
            given=("identity",),
        ),
        _bound_step("Statement contraction-bound is for all positive weights:", r, "bound"),
        combination("Hence", _RADIUS(t + 1), "<=", _factor(t) * r, {"step": 1, "bound": r}, label="contraction"),
        made(weight_change.derive_general).quoted(
            "Statement weight-change: $‖π_{t+1} − π_t‖₁ ≤ k‖θ_t‖²$.",
            0,
            {"C": _CHANGE(_T), "r": _RADIUS(_T), "k": COUNT},
            label="change",
        ),
        assumption("Let $k∑‖θ_t‖²$ be at most a number $b$.", _BOUNDED, label="finite"),
        monotone(
            "Summed,",
            related(sympy.Sum(_CHANGE(_T), (_T, 0, oo)), "<=", _BOUNDED.lhs),
            sympy.Sum(PLACE, (_T, 0, oo)),
            "change",
            label="all changes",
        ),
        combination(
            "the changes of the weights are at most $b$:",
            related(sympy.Sum(_CHANGE(_T), (_T, 0, oo)), "<=", _ALL),
            {"all changes": 1, "finite": 1},
            label="settled",
        ),
        citation(
            "absolutely convergent series",
            "The weights converge, and $A$ and its least singular value with them, "
            "as $A$ is linear in the weights; and $θ_t → 0$. The factor tends to that of the limiting weights.",
            related(Limit(_factor(_T), _T, oo), "==", 1 - _LIMIT**2),
            given=("settled",),
        ),
    )


def _near_steps() -> tuple[Step, ...]:
    t, r, beta, sigma, moved = _T, _RADIUS(_T), _BETA(_T), _LEAST(_T), _MOVED(_T)
    path = {moved: sympy.Sum(_CHANGE(_N), (_N, 0, _T - 1))}
    return (
        inequality("$β$ is not negative, so", related(0, "<=", beta), label="beta"),
        combination("$‖θ‖$ never grows:", related(_RADIUS(t + 1), "<=", r), {"step": 1, "beta": r}, label="no growth"),
        induction("by induction", related(r, "<=", _START), t, sympy.S.One, {"no growth": 1}, label="ball"),
        monotone("squared,", related(r**2, "<=", _START**2), PLACE**2, "ball", label="squares"),
        _bound_step("With $c = e^{−r_0²}$, $cσ² ≤ β$.", _START, "lower", ("ball",)),
        monotone("The step squared", _RADIUS(t + 1) ** 2, "<=", ((1 - beta) * r) ** 2, PLACE**2, "step", label="two"),
        combination(
            "and $(1 − β)² ≤ 1 − β$: $‖θ‖²$ contracts by at least $1 − cσ²$.",
            related(_RADIUS(t + 1) ** 2, "<=", (1 - _SCALE * sigma**2) * r**2),
            {"two": 1, "one": beta * r**2, "lower": r**2},
            label="square step",
        ),
        citation(
            "Weyl's inequality",
            "$A$ at $π_t$ differs from $A$ at $π_0$ by at most $D$ in norm, as all maps have norm 1:",
            related(_FIRST, "<=", sigma + moved),
            label="distance",
        ),
        inequality("A tangent of $σ²$", related(_FIRST * sigma - _FIRST**2 / 4, "<=", sigma**2), label="tangent"),
        combination(
            "shows it to be at least linear in $D$.",
            related(Rational(3, 4) * _FIRST**2 - _FIRST * moved, "<=", sigma**2),
            {"tangent": 1, "distance": _FIRST},
            label="linear",
        ),
        meant(
            "The weights move by $C = ‖π_{t+1} − π_t‖₁$ in a step,",
            related(_MOVED(t + 1), "==", moved + _CHANGE(t)),
            path,
            label="next",
        ),
        assumption("Let $σ_0$ be positive and", REGULAR, label="regular"),
        assumption("$8kr_0²e^{r_0²} ≤ σ_0³$,", SMALL, label="small"),
        combination(
            "that is, $Kr_0² ≤ σ_0/2$ with $K = 4k/(cσ_0²)$.",
            related(_POTENTIAL * _START**2, "<=", _FIRST / 2),
            {"small": 1 / (2 * _FIRST**2)},
            within=("regular",),
            label="potential",
        ),
        meant("At first $D = 0$.", related(_MOVED(0), "==", 0), path, label="start"),
        inequality("As a square is not negative,", related(0, "<=", r**4), label="fourth"),
        induction(
            "$D + K‖θ‖²$ does not exceed its first value.",
            related(moved + _POTENTIAL * r**2, "<=", _MOVED(0) + _POTENTIAL * _START**2),
            t,
            1 + 4 * COUNT * r**2 / _FIRST,
            {
                "next": -1,
                "change": 1,
                "square step": _POTENTIAL,
                "linear": 4 * COUNT * r**2 / _FIRST**2,
                "start": -4 * COUNT * r**2 / _FIRST,
                "potential": 4 * COUNT * r**2 / _FIRST,
                "fourth": 16 * COUNT**2 * sympy.exp(_START**2) / _FIRST**3,
            },
            within=("regular",),
            label="Lyapunov",
        ),
        inequality("$‖θ‖²$ is not negative,", related(0, "<=", r**2), label="rest"),
        combination(
            "so the weights move by at most a multiple of $‖θ_0‖²$,",
            related(moved, "<=", _POTENTIAL * _START**2),
            {"Lyapunov": 1, "start": -1, "rest": _POTENTIAL},
            within=("regular",),
            label="drift",
        ),
        combination(
            "and stay within $σ_0/2$ of the first ones.",
            related(moved, "<=", _FIRST / 2),
            {"drift": 1, "potential": 1},
            label="near",
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    t, r, sigma = _T, _RADIUS(_T), _LEAST(_T)
    return (
        combination(
            "There $σ$ is at least $σ_0/2$,",
            related(_FIRST**2 / 4, "<=", sigma**2),
            {"linear": 1, "near": _FIRST},
            label="half",
        ),
        instance("and at first", related(_SCALE * _FIRST**2, "<=", _BETA(0)), "lower", {t: 0}, label="at first"),
        instance("at most 1,", related(_BETA(0), "<=", 1), "one", {t: 0}, label="one at first"),
        inequality("a quarter of that less than 1,", related(Rational(1, 4), "<", 1), label="quarter"),
        combination(
            "the factor is positive.",
            related(0, "<", _BOUND),
            {"at first": Rational(1, 4), "one at first": Rational(1, 4), "quarter": 1},
            label="factor",
        ),
        induction(
            "$θ$ contracts geometrically,",
            related(r, "<=", _BOUND**t * _START),
            t,
            _BOUND,
            {"step": 1, "lower": r, "half": _SCALE * r},
            within=("factor",),
            label="rate",
        ),
        citation(
            "comparison test",
            "So $∑‖θ_t‖²$ is finite, below a geometric series.",
            related(_SUM, "<", oo),
            given=("rate",),
        ),
    )


def _every_start_steps() -> tuple[Step, ...]:
    t, r, form = _T, _RADIUS(_T), _FORM(_T)
    grown = 1 + _START**2 / _SLOW * (t + 1)
    return (
        *stationary_point.growth_steps(r, form, _SPAN),
        citation(
            "spectral theorem",
            "With $f = ⟨θ, Bθ⟩$, $(I − B)²$ is at most $I − B$, as for the eigenvalues:",
            related(_RADIUS(t + 1) ** 2, "<=", r**2 - form),
            label="less",
        ),
        combination(
            "$‖θ‖$ falls by at least as much as with the least favourable weights,",
            related(_RADIUS(t + 1) ** 2, "<=", r**2 - r**4 / _SLOW),
            {"growth": 1 / _SLOW, "less": 1, "squares": 2 * form / _SLOW},
            label="fall",
        ),
        inequality("and as", related(0, "<", _SPAN + _START**2), label="room"),
        combination(
            "it stays positive:", 0, "<", 1 - r**2 / _SLOW, {"squares": 1 / _SLOW, "room": 1 / _SLOW}, label="left"
        ),
        inequality("as a square is not negative,", related(0, "<=", _START**2 * r**4 / _SLOW**2), label="small square"),
        induction(
            "by induction $‖θ_t‖²$ is of order $1/t$, or less, from every start.",
            related((1 + _START**2 / _SLOW * t) * r**2, "<=", _START**2),
            t,
            1 - r**2 / _SLOW,
            {"fall": grown, "small square": 1},
            within=("left",),
        ),
    )
