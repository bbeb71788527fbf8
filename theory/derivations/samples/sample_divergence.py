"""KL at θ in terms of ‖Aθ‖ and ‖θ‖, for every θ: Aθ decides to leading order."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.step import PLACE, Step, combination, instance, meant, monotone
from emtheory.theory.proof.words import citation, prose

STATEMENT = Statement(__name__, "$KL$ in terms of $‖Aθ‖$ and $‖θ‖$")

_R, _IMAGE = sympy.symbols("r z", nonnegative=True)
_V = sympy.Symbol("s", positive=True)
_S = sympy.Symbol("s", nonnegative=True)
_KL, _PARTITION, _TOTAL, _DIVERGENCE = sympy.symbols("KL Λ E‖γ−π‖² E[KL(π|γ)]", nonnegative=True)
_ROOT, _CHANGE = sympy.Function("g", nonnegative=True), sympy.Function("e", nonnegative=True)


def derive_general() -> Derivation:
    r, z = _R, _IMAGE
    return STATEMENT.derivation(
        variables=(
            Variable(r, Interval(0, oo), "$‖θ‖$"),
            Variable(z, Interval(0, oo), "$‖Aθ‖$"),
            Variable(_KL, Interval(0, oo), "$KL(N(0, I) ‖ p_θ)$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_CHANGE, _KL), ("weights", "orthogonal maps", "normal data")),
        conclusions=(related(_CHANGE(1), "<=", r**4), related(_KL, "<=", z**2 / 2 + 2 * z * r**2 / 3 + r**4 / 4)),
        note="$e(s) = E‖(G(X; sθ) − A)θ‖²$, $G$ the posterior-averaged map; for any $θ$, at any weights",
        source="not in the paper; from $‖Aθ̂‖ ≈ ‖x̄‖$ it gives the constant of Wilks' limit",
        scope="every $k$, any weights, any orthogonal maps, any $d$ and every $θ$",
        steps=(*_change_steps(), *_divergence_steps()),
    )


def _change_steps() -> tuple[Step, ...]:
    r, s = _R, _S
    return (
        prose(
            "$(G(X; sθ) − A)θ = ∑_j(γ_j − π_j)U_jθ$ has at most the norm $∑|γ_j − π_j| ‖θ‖$:",
            related(_CHANGE(s), "<=", _TOTAL * r**2),
            label="change",
        ),
        citation(
            "Pinsker's inequality",
            "and $∑|γ_j − π_j|$ is at most the root of twice $KL(π | γ)$.",
            related(_TOTAL, "<=", 2 * _DIVERGENCE),
            label="Pinsker",
        ),
        prose(
            "$log(π_j/γ_j) = log S − ⟨X, U_jsθ⟩$, $S = ∑π_je^{⟨X, U_jsθ⟩}$: as $E X = 0$, the mean of the divergence "
            "is $E log S = Λ(sθ)$,",
            related(_DIVERGENCE, "==", _PARTITION),
            label="partition",
        ),
        meant(
            "which is $s²‖θ‖²/2$ less $KL(N(0, I) ‖ p_{sθ})$, and that is not negative.",
            related(_PARTITION, "<=", s**2 * r**2 / 2),
            {_PARTITION: s**2 * r**2 / 2 - sympy.Symbol("KL_s", nonnegative=True)},
            label="at most",
        ),
        combination(
            "So $E‖(G(X; sθ) − A)θ‖² ≤ s²‖θ‖⁴$,",
            related(_CHANGE(s), "<=", s**2 * r**4),
            {"change": 1, "Pinsker": r**2, "partition": -2 * r**2, "at most": 2 * r**2},
            label="square",
        ),
        instance("at $s = 1$ too.", related(_CHANGE(1), "<=", r**4), "square", {s: sympy.S.One}),
    )


def _divergence_steps() -> tuple[Step, ...]:
    r, z, v = _R, _IMAGE, _V
    bound = z + v * r**2
    return (
        citation(
            "Minkowski's inequality",
            "The root $g(s)$ of $⟨θ, B(sθ)θ⟩ = E‖G(X; sθ)θ‖²$ is at most $‖Aθ‖$ and that of $e(s)$:",
            related(_ROOT(v), "<=", bound),
            label="root",
        ),
        monotone("squared,", related(_ROOT(v) ** 2, "<=", bound**2), PLACE**2, "root", label="form"),
        monotone(
            "times $s$, and integrated,",
            related(Integral(v * _ROOT(v) ** 2, (v, 0, 1)), "<=", Integral(v * bound**2, (v, 0, 1))),
            Integral(v * PLACE, (v, 0, 1)),
            "form",
            label="integrated",
        ),
        made(stationary_point.derive_general).quoted(
            "it is $KL$, as $∇ℓ(sθ) = B(sθ)sθ$ (statement stationary-point).",
            6,
            {"KL(r)": _KL, "f(r*s)": v**2 * _ROOT(v) ** 2},
            label="KL",
        ),
        combination(
            "$KL ≤ ‖Aθ‖²/2 + 2‖Aθ‖‖θ‖²/3 + ‖θ‖⁴/4$.",
            related(_KL, "<=", z**2 / 2 + 2 * z * r**2 / 3 + r**4 / 4),
            {"integrated": 1, "KL": -1},
        ),
    )
