"""The mean of 2n KL(θ̂) over samples tends to d: √n θ̂ has bounded moments, so that the limit in law carries over."""

import sympy
from sympy import Derivative, Integral, Interval, Limit, oo

from emtheory.theory.derivations.extensions import fisher_information
from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound, pl_inequality
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import PLACE, Step, combination, equation, monotone
from emtheory.theory.proof.words import assumption, citation, prose

STATEMENT = Statement(__name__, "the mean of $2n KL$ at the estimate tends to $d$")

_R, _NORM, _SUPREMUM, _KL = sympy.symbols("r S W KL", nonnegative=True)
_RHO, _SIGMA, _SIZE = sympy.symbols("rho sigma n", positive=True)
_IMAGE, _FORM = sympy.symbols("‖M_n(θ̂)‖ ⟨u|B(θ̂)u⟩", nonnegative=True)
_MOVED, _LOST = sympy.symbols("⟨u|M(θ̂)⟩ ⟨u|B(θ̂)θ̂⟩", real=True)
_DIMENSION = sympy.Symbol("d", integer=True, positive=True)
_AVERAGE = sympy.Function("E", nonnegative=True)
_BOUND = sympy.exp(_RHO**2) * _SUPREMUM / _SIGMA**2


def derive_general() -> Derivation:
    inside = related(_NORM, "<=", _RHO)
    return STATEMENT.derivation(
        variables=(
            Variable(_R, Interval(0, oo), "$‖θ̂‖$, $θ̂$ a maximum of the likelihood of $n$ points"),
            Variable(_NORM, Interval(0, oo), "the mean of the $‖X_i‖$"),
            Variable(_RHO, POSITIVE),
            Variable(_SUPREMUM, Interval(0, oo), "the supremum of $‖M_n(θ) − M(θ)‖$ for $‖θ‖ ≤ ρ$"),
            Variable(_SIGMA, POSITIVE, "$σ_{min}(A)$"),
            Variable(_SIZE, POSITIVE, "the number of points"),
            Variable(_KL, Interval(0, oo), "the divergence at $θ̂$"),
            Variable(_DIMENSION, sympy.Range(1, oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "invertible A"),
        exist_under={_R: ("weights", "orthogonal maps")},
        conclusions=(
            related(_R, "<=", _NORM),
            provided(related(_R, "<=", _BOUND), inside),
            provided(related(2 * _SIZE * _KL, "<=", _SIZE * _BOUND**2), inside),
            related(Limit(_AVERAGE(_SIZE), _SIZE, oo), "==", _DIMENSION),
        ),
        note="the first three hold for every sample; $E(n)$ is the mean of $2n KL(θ̂)$ over samples of $n$ points",
        source="not in the paper, whose finite-sample theorem bounds the error of EM's iterates",
        scope="every $k$, all weights and orthogonal maps with invertible $A$, any $d$. The bounds are derived; "
        "from them the limit follows by theorems on sums of independent variables, which are cited",
        steps=(*_crude_steps(), *_limit_steps()),
    )


def _crude_steps() -> tuple[Step, ...]:
    here, scale = sympy.exp(-(_R**2)), sympy.exp(-(_RHO**2))
    return (
        prose(
            "$ℓ_n(θ) − ℓ_n(0) ≥ ‖θ‖²/2 − S‖θ‖$, as $log ∑π_je^{y_j} ≤ ‖x‖‖θ‖$: there is a minimum $θ̂$ of $ℓ_n$, "
            "and $∇ℓ_n = 0$ there says $θ̂ = M_n(θ̂)$.",
            related(_R, "==", _IMAGE),
            label="fixed",
        ),
        prose(
            "$M_n(θ)$ is the mean of the $∑_jγ_jU_jᵀX_i$, and $‖∑_jγ_jU_jᵀx‖ ≤ ‖x‖$.",
            related(_IMAGE, "<=", _NORM),
            label="operator",
        ),
        combination("So $‖θ̂‖ ≤ S$.", related(_R, "<=", _NORM), {"fixed": -1, "operator": 1}, label="crude"),
        assumption("Let $S ≤ ρ$.", related(_NORM, "<=", _RHO), label="inside"),
        combination("Then $‖θ̂‖ ≤ ρ$,", related(_R, "<=", _RHO), {"crude": 1, "inside": 1}, label="ball"),
        monotone("$e^{−ρ²} ≤ e^{−‖θ̂‖²}$.", scale, "<=", here, sympy.exp(-(PLACE**2)), "ball", label="exponentials"),
        made(contraction_bound.derive_general).quoted(
            "By statement contraction-bound, at $u$, the direction of $θ̂$,",
            3,
            {"r": _R, "rho": _R, "sigma": _SIGMA, "‖w‖²": sympy.S.One, "E‖Gw‖²": _FORM},
            label="bound",
        ),
        made(stein_identity.derive_general).quoted(
            "With $h = u$, $⟨u, B(θ̂)θ̂⟩$ is $⟨u, θ̂ − M(θ̂)⟩$ (statement stein-identity):",
            0,
            {"⟨h|M(θ)⟩": _MOVED, "⟨h|θ⟩": _R, "⟨h|B(θ)θ⟩": _LOST},
            label="identity",
        ),
        prose("As $θ̂ = ‖θ̂‖u$", _LOST, "==", _R * _FORM, label="form"),
        prose(
            "$θ̂ = M_n(θ̂)$ is in the ball, where $‖M_n − M‖ ≤ W$; there is no rule for a supremum over a ball:",
            related(_R - _MOVED, "<=", _SUPREMUM),
            label="difference",
        ),
        combination(
            "$‖θ̂‖$ is at most a multiple of the largest difference of the two maps.",
            related(_R, "<=", _BOUND),
            {
                "exponentials": sympy.exp(_RHO**2) * _R,
                "bound": sympy.exp(_RHO**2) * _R / _SIGMA**2,
                "difference": sympy.exp(_RHO**2) / _SIGMA**2,
                "identity": -sympy.exp(_RHO**2) / _SIGMA**2,
                "form": sympy.exp(_RHO**2) / _SIGMA**2,
            },
            label="fine",
        ),
        made(pl_inequality.derive_general).quoted(
            "$KL(θ) ≤ ‖θ‖²/2$ (statement pl-inequality).", 4, {"KL": _KL, "‖θ‖²": _R**2}, label="KL"
        ),
        monotone("With the bound squared", related(_R**2, "<=", _BOUND**2), PLACE**2, "fine", label="fine squared"),
        combination(
            "$2n KL$ is at most $n$ times its square,",
            related(2 * _SIZE * _KL, "<=", _SIZE * _BOUND**2),
            {"KL": 2 * _SIZE, "fine squared": _SIZE},
            label="likelihood ratio",
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    y, ratio = sympy.Symbol("y", nonnegative=True), sympy.Function("G", nonnegative=True)
    average, law = Limit(_AVERAGE(_SIZE), _SIZE, oo), Limit(ratio(_SIZE, y), _SIZE, oo)
    return (
        citation(
            "uniform integrability",
            "For each $p$ and each $θ$ the mean of $‖M_n(θ) − M(θ)‖^p$, and that of its derivatives in $θ$, is at "
            "most $C n^{−p/2}$ (Marcinkiewicz and Zygmund), with one $C$ on the ball, as $‖m_θ(x)‖ ≤ ‖x‖$ and "
            "$‖∂m_θ(x)‖ ≤ ‖x‖²$ have all moments. Also $P(S > ρ) ≤ C n^{−p/2}$ for $ρ > √d ≥ E‖X‖$. For $p > d$ the "
            "supremum $W$ has $E W^p ≤ C n^{−p/2}$, too (Morrey). So $(2n KL)²$, at most $n²S⁴$ on all samples, has a "
            "bounded mean: $n²W⁴$ where $S ≤ ρ$, and $E[n²S⁴; S > ρ] ≤ n²(E S⁸)^½ P(S > ρ)^½$. The means tend to that "
            "of the limit in law, $G(n, y)$ being the probability of $2n KL ≤ y$:",
            related(average, "==", Integral(y * Derivative(law, y), (y, 0, oo))),
            label="mean of the limit",
        ),
        made(fisher_information.derive_general).quoted(
            "The limit in law is $χ²_d$ (statement fisher-information),",
            2,
            {"G(n, y)": ratio(_SIZE, y), "d": _DIMENSION, "y": y},
            label="chi square",
        ),
        equation("of which the mean is", average, _DIMENSION, given=("mean of the limit", "chi square")),
    )
