"""From the PL inequality to the number of iterations."""

import sympy
from sympy import Interval

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, over_coordinates

STATEMENT = Statement("$O(log 1/ε)$ iterations from a PL constant", 0, general=True)

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_MU, _EPSILON = sympy.symbols("mu epsilon", positive=True)
_KL = sympy.Function("KL", positive=True)
_I = component("i")
_GRADIENT, _SHIFT = family("g"), family("h")
_HERE, _THERE, _LOWEST = sympy.symbols("ℓ(θ) ℓ(θ') ℓ(0)", real=True)


def _statement() -> Proposition:
    mu, t = _MU, _T
    count = sympy.log(_KL(0) / _EPSILON) / -sympy.log(1 - mu)
    return Proposition(
        variables=(
            Variable(t, sympy.Range(0, sympy.oo), "the number of steps"),
            Variable(mu, Interval.open(0, 1), "a PL constant on the ball of the start, $½‖∇ℓ‖² ≥ μ KL$ there"),
            Variable(_EPSILON, Interval.open(0, sympy.oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(_KL(t), "<=", (1 - mu) ** t * _KL(0)),
            sympy.Implies(related(count, "<=", t), related(_KL(t), "<=", _EPSILON)),
            related(_KL(t), "<=", sympy.exp(-mu * t) * _KL(0)),
        ),
        note="$KL(t)$ is the divergence $KL_t$ after $t$ steps of population EM",
    )


def derive_general() -> Derivation:
    """Derive KL_t ≤ (1 − μ)^t KL_0 and t ≤ 1 + log(KL_0/ε)/μ from ∇²ℓ ⪯ I and a PL constant μ."""
    return STATEMENT.derivation(
        name="descent",
        statement=_statement(),
        source="The population theorem of the paper, constants explicit",
        scope="every $k$, any weights and orthogonal maps with a PL constant $μ > 0$ on the ball of the start, any $d$",
        steps=(*_step_steps(), *_iteration_steps()),
    )


def _step_steps() -> tuple[Step, ...]:
    squares = over_coordinates(_GRADIENT[_I] ** 2, _I)
    now, following = _KL(_T), _KL(_T + 1)
    return (
        citation(
            "Taylor's theorem",
            "$∇²ℓ ⪯ I$ (statement hessian), so $ℓ(θ + h) ≤ ℓ(θ) + ⟨∇ℓ(θ), h⟩ + ‖h‖²/2$ for all $θ$ and $h$, $g$ the "
            "coordinates of $∇ℓ(θ)$.",
            related(
                _THERE,
                "<=",
                _HERE + over_coordinates(_GRADIENT[_I] * _SHIFT[_I], _I) + over_coordinates(_SHIFT[_I] ** 2 / 2, _I),
            ),
            label="smooth",
            under=("weights", "orthogonal maps", "normal data"),
        ),
        instance(
            "EM takes $h = −∇ℓ(θ)$ (statement gradient): each step lowers $ℓ$ by at least $½‖∇ℓ‖²$.",
            related(_THERE, "<=", _HERE - squares / 2),
            "smooth",
            {_SHIFT[_I]: -_GRADIENT[_I]},
            label="lower",
            under=("weights", "orthogonal maps", "normal data"),
        ),
        prose("$KL = ℓ − ℓ(0)$, before", related(now, "==", _HERE - _LOWEST), label="before"),
        prose("and after the step,", related(following, "==", _THERE - _LOWEST), label="after"),
        prose(
            "Iterates stay in the ball $‖θ‖ ≤ ‖θ_0‖$ because $‖M(θ)‖ ≤ ‖θ‖$ (statement stein-identity). There "
            "$½‖∇ℓ‖² ≥ μ KL$ (statement pl-inequality).",
            related(_MU * now, "<=", squares / 2),
            label="PL",
            under=("weights", "orthogonal maps", "normal data"),
        ),
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
    exponent = t * sympy.log(1 - mu)
    return (
        induction("By induction,", related(_KL(t), "<=", bound), t, 1 - mu, {"step": 1}, label="power"),
        assumption(
            "Let $t$ be at least $log(KL_0/ε)/(−log(1 − μ))$.",
            related(sympy.log(start / _EPSILON) / -sympy.log(1 - mu), "<=", t),
            label="enough steps",
        ),
        combination(
            "Times $−log(1 − μ) > 0$, on the scale of logarithms,",
            related(sympy.log(start) + exponent, "<=", sympy.log(_EPSILON)),
            {"enough steps": -sympy.log(1 - mu)},
            label="logarithms",
        ),
        monotone("that is", related(bound, "<=", _EPSILON), sympy.exp(PLACE), "logarithms", label="small"),
        combination("$KL_t ≤ ε$.", related(_KL(t), "<=", _EPSILON), {"power": 1, "small": 1}),
        inequality("$−log(1 − μ) > μ$,", related(mu, "<", -sympy.log(1 - mu)), label="logarithm"),
        combination("so $t log(1 − μ) ≤ −μt$", related(exponent, "<=", -mu * t), {"logarithm": t}, label="exponents"),
        monotone(
            "and",
            related(bound, "<=", sympy.exp(-mu * t) * start),
            sympy.exp(PLACE) * start,
            "exponents",
            label="exponential",
        ),
        combination(
            "$t = ⌈log(KL_0/ε)/μ⌉$ steps suffice: $O(log 1/ε)$.",
            related(_KL(t), "<=", sympy.exp(-mu * t) * start),
            {"power": 1, "exponential": 1},
        ),
    )
