"""EM that fits weights and a common covariance along with θ: its Jacobian at θ = 0, covariance I."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.fourier import matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, free_weights, posterior
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("EM for θ, a common covariance and the weights: its Jacobian", 4, general=True)

_FORMULA = (
    "the Jacobian of EM for (θ, covariance, weights) at (0, I, π) is blockdiag(I − AᵀA, 0, I), for an isotropic and "
    "for a full covariance: θ contracts at the same factor, the covariance is found in one step to first order, and "
    "all weights are fixed points"
)
SOURCE = "not in the paper, whose covariance is known; open question 2"
EPSILON = sympy.Symbol("epsilon", real=True)


def derive_general() -> Derivation:
    """Derive the block structure for every k, any orthogonal maps and any d."""
    return Derivation(
        name="covariance-blocks",
        title=STATEMENT.title,
        statement=_FORMULA,
        source=SOURCE,
        scope="every k, all weights, any orthogonal maps, any d; the direction is θ = εh, covariance I + εW, weights "
        "π + εω",
        k=None,
        steps=(*_expectation_steps(), *_maximisation_steps()),
    )


def derive(k: int) -> Derivation:
    """Derive the same with U_j = R^j and d = k − 1, all in coordinates."""
    return Derivation(
        name="covariance-blocks",
        title=STATEMENT.title,
        statement=_FORMULA,
        source=SOURCE,
        scope=f"k = {k}, d = {k - 1}, U_j = R^j, all weights and directions; every symmetric W",
        k=k,
        steps=_coordinate_steps(k),
    )


def _expectation_steps() -> tuple[Step, ...]:
    x, u, w, common = sympy.symbols("x u w c", real=True)
    j, n = component("j"), component("n")
    weights, change, b = family("pi", positive=True), family("omega"), family("b")

    def term(index: sympy.Symbol) -> sympy.Expr:
        return (weights[index] + EPSILON * change[index]) * sympy.exp(EPSILON * (b[index] + common))

    mass, drift = total(weights[n], n), total(change[n], n)
    centre = total(weights[n] * b[n], n) / mass
    slope = weights[j] * (b[j] - centre) / mass + change[j] / mass - weights[j] * drift / mass**2
    return (
        equation(
            "The exponent of component j at x is −(x − εU_jh)ᵀ(I + εW)^{−1}(x − εU_jh)/2. In an orthonormal basis of "
            "eigenvectors of W it is a sum over coordinates, u that of U_jh and w the eigenvalue: its slope in ε at 0 "
            "is b_j = ⟨x, U_jh⟩ plus a part that is the same for all components.",
            Subs(Derivative(-((x - EPSILON * u) ** 2) / (2 * (1 + EPSILON * w)), EPSILON), EPSILON, 0),
            x * u + w * x**2 / 2,
        ),
        equation(
            "So the posterior's slope is γ'_j = π_j(b_j − Σπb) + ω_j, since Σπ = 1 and Σω = 0 (here not used): W "
            "drops out.",
            Subs(Derivative(term(j) / total(term(n), n), EPSILON), EPSILON, 0),
            slope,
        ),
        equation("The slopes sum to 0.", total(slope, j), sympy.S.Zero),
    )


def _maximisation_steps() -> tuple[Step, ...]:
    v, q, d, p, norm, s = sympy.symbols("v q d p n s", positive=True)
    entries = sympy.symbols("P_11 P_12 P_22 E_11 E_12 E_22", real=True)
    precision = ImmutableMatrix([[entries[0], entries[1]], [entries[1], entries[2]]])
    direction = ImmutableMatrix([[entries[3], entries[4]], [entries[4], entries[5]]])
    return (
        equation(
            "M-step. The surrogate E Σγ_j log(π'_j φ(x − U_jθ'; V')) is stationary in π' (with a multiplier for Σπ' = "
            "1) where π'_j = E γ_j: along p the slope of E γ log p − p vanishes at p = E γ.",
            Subs(Derivative(q * sympy.log(p) - p, p), p, q),
            sympy.S.Zero,
        ),
        equation(
            "In V', with P the precision: log det P has the slope tr(P^{−1}E) along E (Jacobi; here d = 2), so "
            "V' = E Σγ_j(x − U_jθ')(x − U_jθ')ᵀ; in θ', E Σγ_jU_jᵀV'^{−1}(x − U_jθ') = 0.",
            Subs(Derivative(sympy.log((precision + EPSILON * direction).det()), EPSILON), EPSILON, 0),
            (precision.adjugate() * direction).trace() / precision.det(),
        ),
        equation(
            "In an isotropic V' = vI: −(d/2) log v − q/(2v) is stationary at v = q/d, q = E Σγ_j‖x − U_jθ'‖²,",
            Subs(Derivative(-d * sympy.log(v) / 2 - q / (2 * v), v), v, q / d),
            sympy.S.Zero,
        ),
        equation(
            "and there θ' = E Σγ_jU_jᵀx; with n = E‖X‖² = d and s = ‖θ'‖², q is n − 2s + s: v' = 1 − ‖θ'‖²/d for every "
            "θ and v, so its slope at θ = 0 is 0.",
            Subs(Derivative((norm - 2 * EPSILON**2 * s + EPSILON**2 * s) / d, EPSILON), EPSILON, 0),
            sympy.S.Zero,
        ),
        citation(
            "dominated convergence",
            "Expectations of slopes are slopes of expectations. In what follows θ' = εt, V' = I + εS, π' = π + ετ.",
        ),
        prose(
            "θ': E Σγ'_jU_jᵀx − E Σπ_jU_jᵀSx − t = 0. The second term vanishes as E X = 0; so do ω's parts of the "
            "first, and E Σπ_jU_jᵀx(b_j − Σπb) = (I − AᵀA)h by statement jacobian: t = (I − AᵀA)h, whatever W and ω."
        ),
        prose(
            "V': S = E (Σγ'_j) xxᵀ − E Σπ_j(U_jt xᵀ + x(U_jt)ᵀ) = 0, as the slopes sum to 0 and E X = 0. "
            "Weights: τ_j = E γ'_j = ω_j, as E b_j = 0."
        ),
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    d = k - 1
    weights, maps, A = free_weights(k), rotations(k), matrix_a(free_weights(k))
    x, h, t = columns(d, "x", "h", "t")
    omega = sympy.symbols(f"omega_:{k - 1}", real=True)
    change = (*omega, -sympy.Add(*omega))
    W, S = _symmetric("W", d), _symmetric("S", d)
    identity, standard = ImmutableMatrix.eye(d), tuple(x)
    b = [sympy.expand((x.T * U * h)[0]) for U in maps]
    exponents = [_exponent(x - EPSILON * U * h, identity - EPSILON * W) for U in maps]
    common = sympy.expand((x.T * W * x)[0] / 2)
    y = sympy.symbols(f"y_:{k}", real=True)
    moved = [p + EPSILON * o for p, o in zip(weights, change, strict=True)]
    mean = sympy.Add(*(p * value for p, value in zip(weights, y, strict=True)))
    slopes = [p * (value - mean) + o for p, value, o in zip(weights, y, change, strict=True)]
    at_b = dict(zip(y, b, strict=True))
    gamma = [sympy.expand(slope.xreplace(at_b)) for slope in slopes]
    zero = ImmutableMatrix.zeros(d, 1)
    stationary_mean = sum((g * U.T * x for g, U in zip(gamma, maps, strict=True)), zero) - sum(
        (p * U.T * S * x for p, U in zip(weights, maps, strict=True)), t
    )
    outer = sum((g * x * x.T for g in gamma), ImmutableMatrix.zeros(d)) - sum(
        (p * (U * t * x.T + x * (U * t).T) for p, U in zip(weights, maps, strict=True)), ImmutableMatrix.zeros(d)
    )
    return (
        equation(
            "(I + εW)^{−1} = I − εW + O(ε²).",
            MatMul(identity + EPSILON * W, identity - EPSILON * W),
            identity - EPSILON**2 * W * W,
        ),
        equation(
            "Slopes of the exponents −(x − εU_jh)ᵀ(I − εW)(x − εU_jh)/2 at ε = 0: b_j = ⟨x, U_jh⟩ plus a common part.",
            ImmutableMatrix([Subs(Derivative(exponent, EPSILON), EPSILON, 0) for exponent in exponents]),
            ImmutableMatrix([value + common for value in b]),
        ),
        equation(
            "Slopes of the posterior, with weights π + εω and y_j in place of b_j: γ'_j = π_j(y_j − Σπy) + ω_j.",
            ImmutableMatrix(
                [Subs(Derivative(g, EPSILON), EPSILON, 0) for g in posterior(moved, [EPSILON * value for value in y])]
            ),
            ImmutableMatrix(slopes),
        ),
        equation(
            "Slope of E Σγ_jU_jᵀV'^{−1}(x − U_jθ') for θ' = εt, V' = I + εS: it vanishes for t = (I − AᵀA)h.",
            stationary_mean.applyfunc(lambda entry: Expectation(sympy.expand(entry), standard)),
            (identity - A.T * A) * h - t,
        ),
        equation(
            "Slope of E Σγ_j(x − U_jθ')(x − U_jθ')ᵀ, which is S: none.",
            outer.applyfunc(lambda entry: Expectation(sympy.expand(entry), standard)),
            ImmutableMatrix.zeros(d),
        ),
        equation(
            "Slopes of E γ_j, the new weights: those of the old ones.",
            ImmutableMatrix([Expectation(g, standard) for g in gamma]),
            ImmutableMatrix(change),
        ),
    )


def _symmetric(name: str, d: int) -> sympy.ImmutableMatrix:
    return ImmutableMatrix(d, d, lambda i, j: sympy.Symbol(f"{name}_{min(i, j)}{max(i, j)}", real=True))


def _exponent(deviation: sympy.ImmutableMatrix, precision: sympy.ImmutableMatrix) -> sympy.Expr:
    return sympy.expand(-(deviation.T * precision * deviation)[0] / 2)
