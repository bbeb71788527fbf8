"""From the PL inequality to the number of iterations."""

import sympy
from sympy import Interval

from emtheory.theory.derivations.model import gradient, hessian
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, condition

STATEMENT = Statement(__name__, "$O(log 1/ε)$ iterations from a PL constant")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_MU, _EPSILON = sympy.symbols("mu epsilon", positive=True)
_KL = sympy.Function("KL", positive=True)
_GRADIENT, _LOSS = sympy.Function("g", nonnegative=True), sympy.Function("ℓ", real=True)
_LOWEST = sympy.Symbol("ℓ(0)", real=True)


def derive_general() -> Derivation:
    mu, t = _MU, _T
    count = sympy.log(_KL(0) / _EPSILON) / -sympy.log(1 - mu)
    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, sympy.oo), "the number of steps"),
            Variable(mu, Interval.open(0, 1), "a PL constant at the iterates, as one of the ball of the start is"),
            Variable(_EPSILON, Interval.open(0, sympy.oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(_KL(t), "<=", (1 - mu) ** t * _KL(0)),
            sympy.Implies(related(count, "<=", t), related(_KL(t), "<=", _EPSILON)),
            related(_KL(t), "<=", sympy.exp(-mu * t) * _KL(0)),
        ),
        note="$KL(t)$ is the divergence $KL_t$ after $t$ steps of population EM, $g(t) = ‖∇ℓ(θ_t)‖²$",
        source="The population theorem of the paper, constants explicit",
        scope="every $k$, any weights and orthogonal maps with a PL constant $μ > 0$ on the ball of the start, any $d$",
        steps=(*_step_steps(), *_iteration_steps()),
    )


def _step_steps() -> tuple[Step, ...]:
    now, following = _KL(_T), _KL(_T + 1)
    form, moved, inner = (sympy.Function(name, real=True)(_T) for name in ("⟨h|∇²ℓh⟩", "⟨M(θ)|h⟩", "⟨θ|h⟩"))
    return (
        made(hessian.derive_general).quoted(
            "With $h = ∇ℓ(θ)$ and $g = ‖h‖²$ at $θ_t$ $∇²ℓ ⪯ I$ (statement hessian),",
            1,
            {"⟨h|∇²ℓ(sθ)h⟩": form, "‖h‖²": _GRADIENT(_T)},
            label="below I",
        ),
        made(gradient.derive_general).quoted(
            "and EM takes the step $−∇ℓ(θ)$ (statement gradient):",
            2,
            {"⟨M(θ)|h⟩": moved, "⟨θ|h⟩": inner, "⟨∇ℓ(θ)|h⟩": _GRADIENT(_T)},
            label="step of EM",
        ),
        citation(
            "Taylor's theorem",
            "Along it, with $∇²ℓ$ at a point between $θ_t$ and $θ_{t+1}$,",
            related(_LOSS(_T + 1), "==", _LOSS(_T) + moved - inner + form / 2),
            label="Taylor",
        ),
        combination(
            "so that",
            related(_LOSS(_T + 1), "<=", _LOSS(_T) - _GRADIENT(_T) / 2),
            {"Taylor": -1, "below I": sympy.S.Half, "step of EM": -1},
            label="lower",
        ),
        *(
            meant(why, related(_KL(n), "==", _LOSS(n) - _LOWEST), {_KL(_T): _LOSS(_T) - _LOWEST}, label=label)
            for why, n, label in (("$KL = ℓ − ℓ(0)$, before", _T, "before"), ("and after it.", _T + 1, "after"))
        ),
        condition("$μ$ is a PL constant at the iterates:", _MU * now, "<=", _GRADIENT(_T) / 2, over=(_T,), label="PL"),
        combination(
            "So a step lowers KL by the factor $1 − μ$.",
            related(following, "<=", (1 - _MU) * now),
            {"lower": 1, "before": 1, "after": -1, "PL": 1},
            label="step",
        ),
    )


def _iteration_steps() -> tuple[Step, ...]:
    mu, t, start = _MU, _T, _KL(0)
    bound = (1 - mu) ** t * start
    return (
        induction("By induction,", related(_KL(t), "<=", bound), t, 1 - mu, {"step": 1}, label="power"),
        assumption(
            "Let $t$ be at least $log(KL_0/ε)/(−log(1 − μ))$.",
            related(sympy.log(start / _EPSILON) / -sympy.log(1 - mu), "<=", t),
            label="enough steps",
        ),
        monotone(
            "The power falls with $t$:",
            related(bound, "<=", _EPSILON),
            sympy.exp(PLACE * sympy.log(1 - mu)) * start,
            "enough steps",
            label="small",
        ),
        combination("$KL_t ≤ ε$.", related(_KL(t), "<=", _EPSILON), {"power": 1, "small": 1}),
        inequality("$−log(1 − μ) > μ$,", related(mu, "<", -sympy.log(1 - mu)), label="logarithm"),
        monotone(
            "so that",
            related(bound, "<=", sympy.exp(-mu * t) * start),
            sympy.exp(-t * PLACE) * start,
            "logarithm",
            label="exponential",
        ),
        combination(
            "$t = ⌈log(KL_0/ε)/μ⌉$ steps suffice: $O(log 1/ε)$.",
            related(_KL(t), "<=", sympy.exp(-mu * t) * start),
            {"power": 1, "exponential": 1},
        ),
    )
