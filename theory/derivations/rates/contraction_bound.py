"""An explicit bound on the contraction factor, for every number of components, dimension and radius."""

import sympy
from sympy import Derivative, Integral, Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, definition, equation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("an explicit bound on the contraction factor", 0, general=True)

ALPHA, RADIUS, DIMENSION = sympy.symbols("alpha r D", positive=True)
CORRELATION = sympy.Symbol("c", real=True)


def log_gaussian_mean(square: sympy.Expr, alpha: sympy.Expr) -> sympy.Expr:
    """Log of E exp(⟨a, X⟩ − α‖X‖²/2) for X ~ N(0, I_D) and ‖a‖² = square."""
    return square / (2 * (1 + alpha)) - DIMENSION / 2 * sympy.log(1 + alpha)


def log_factor(alpha: sympy.Expr) -> sympy.Expr:
    """Log of the factor by which B(θ) is at least AᵀA, at ‖θ‖ = r."""
    shape = DIMENSION / 2 * (sympy.log(1 + 2 * alpha) - 2 * sympy.log(1 + alpha))
    return shape - RADIUS**2 / ((1 + alpha) * (1 + 2 * alpha))


def derive_general() -> Derivation:
    """Derive B(θ) ⪰ b AᵀA with b explicit in ‖θ‖ and the dimension D of the span of the means."""
    return Derivation(
        name="contraction-bound",
        title=STATEMENT.title,
        statement="B(θ) ⪰ ((1+2α)/(1+α)²)^{D/2} e^{−r²/((1+α)(1+2α))} AᵀA for every α ≥ 0, r = ‖θ‖; hence "
        "β_m(θ) ≥ |π̂_m|² e^{−r²} and β_m(θ) ≥ |π̂_m|² (√e(1 + r√(2/D)))^{−D/2}",
        source="not in the paper, which calls the size of the neighbourhood an open question (4)",
        scope="every k, all weights, any orthogonal maps, any d and every θ; D is the dimension of the span of the "
        "means U_jθ, at most d, and at most k − 1 on the span of the simplex",
        k=None,
        steps=(*_variational_steps(), *_gaussian_steps(), *_bound_steps(), *_consequence_steps()),
    )


def _variational_steps() -> tuple[Step, ...]:
    j, n = component("j"), component("n")
    weights, entry, y = family("pi"), family("u"), family("y")
    terms = weights[j] * sympy.exp(y[j])
    partition = total(weights[n] * sympy.exp(y[n]), n)
    power, mean, square, coefficient = sympy.symbols("b v e lambda", positive=True)
    return (
        definition(
            "S = Σ_j π_j e^{y_j}, so γ_j = π_j e^{y_j}/S; h = S e^{−α‖X_W‖²/2} with α ≥ 0, where X_W is the projection "
            "of X on the span W of the means U_jθ.",
            sympy.Symbol("S"),
            total(terms, j),
        ),
        equation(
            "S G = Σ_j π_j e^{y_j} U_j, here for an entry u_j of U_j: h G is free of the quotient.",
            partition * total(terms / partition * entry[j], j),
            total(terms * entry[j], j),
        ),
        equation(
            "A component F of Gw with b = E F², v = E hF, e = E h²: E(F − λh)² ≥ 0, and with λ = v/e it is b − v²/e. "
            "So E‖Gw‖² ≥ ‖E[hG]w‖²/E h² for every vector w (Cauchy and Schwarz).",
            power - 2 * coefficient * mean + coefficient**2 * square,
            power - mean**2 / square + square * (coefficient - mean / square) ** 2,
        ),
    )


def _gaussian_steps() -> tuple[Step, ...]:
    a, z = sympy.symbols("a z", real=True)
    left, right = sympy.symbols("p q", real=True)
    centred = z - a / (1 + ALPHA)
    return (
        equation(
            "One coordinate z of X_W, along a: the exponent of e^{az − αz²/2} φ(z) is a complete square,",
            a * z - ALPHA * z**2 / 2 - z**2 / 2,
            a**2 / (2 * (1 + ALPHA)) - (1 + ALPHA) * centred**2 / 2,
        ),
        equation(
            "and its Gaussian integral is (1+α)^{−1/2}. With D coordinates, "
            "E e^{⟨a,X⟩ − α‖X_W‖²/2} = (1+α)^{−D/2} e^{‖a‖²/(2(1+α))} for a in W.",
            Integral(sympy.exp(-(1 + ALPHA) * z**2 / 2), (z, -sympy.oo, sympy.oo)) / sympy.sqrt(2 * sympy.pi),
            1 / sympy.sqrt(1 + ALPHA),
        ),
        equation(
            "All means have the norm r, so E[hG] = (1+α)^{−D/2} e^{r²/(2(1+α))} A. For h², ‖U_iθ + U_jθ‖² = "
            "2r² + 2c with c = ⟨U_iθ, U_jθ⟩: the logarithm of E e^{y_i + y_j − α‖X_W‖²} is",
            log_gaussian_mean(2 * RADIUS**2 + 2 * CORRELATION, 2 * ALPHA),
            (RADIUS**2 + CORRELATION) / (1 + 2 * ALPHA) - DIMENSION / 2 * sympy.log(1 + 2 * ALPHA),
        ),
        equation(
            "c ≤ r², because r² − c = ‖U_iθ − U_jθ‖²/2: coordinate by coordinate, with p and q those of the two means.",
            (left**2 + right**2) / 2 - left * right,
            (left - right) ** 2 / 2,
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    j, n = component("j"), component("n")
    weights = family("pi")
    far, near = sympy.symbols("E_off E_on", positive=True)
    return (
        equation(
            "So ‖E[hG]w‖²/E h² ≥ b‖Aw‖², where log b is twice the logarithm of E e^{y_j − α‖X_W‖²/2} "
            "minus that of E h² at c = r²:",
            2 * log_gaussian_mean(RADIUS**2, ALPHA) - log_gaussian_mean(4 * RADIUS**2, 2 * ALPHA),
            log_factor(ALPHA),
        ),
        equation(
            "At α = 0 the bound is B(θ) ⪰ e^{−r²} AᵀA.",
            Subs(log_factor(ALPHA), ALPHA, 0),
            -(RADIUS**2),
        ),
        equation(
            "At α = r√(2/D), that is r² = Dα²/2, the exponent is above −D/4,",
            Rational(1, 4) * DIMENSION - (DIMENSION * ALPHA**2 / 2) / ((1 + ALPHA) * (1 + 2 * ALPHA)),
            DIMENSION * (1 + 3 * ALPHA) / (4 * (1 + ALPHA) * (1 + 2 * ALPHA)),
        ),
        equation(
            "and (1+2α)/(1+α)² exceeds 1/(1+α): so b ≥ (√e (1 + r√(2/D)))^{−D/2}, a power of r.",
            (1 + 2 * ALPHA) / (1 + ALPHA) ** 2 - 1 / (1 + ALPHA),
            ALPHA / (1 + ALPHA) ** 2,
        ),
        equation(
            "b decreases in r for every α, so the bound at ρ holds on the ball ‖θ‖ ≤ ρ.",
            Derivative(log_factor(ALPHA), RADIUS),
            -2 * RADIUS / ((1 + ALPHA) * (1 + 2 * ALPHA)),
        ),
        equation(
            "Sharper on the regular simplex, α = 0, where c = −r²/(k−1) between different components: with E_on = "
            "e^{r²}, E_off = e^{−r²/(k−1)} and Σπ_j = 1, E h²/e^{r²} = E_off + p(E_on − E_off), p = Σ π_j².",
            total(weights[j] * weights[n] * far, j, n) + total(weights[j] ** 2 * (near - far), j),
            far * total(weights[j], j) ** 2 + (near - far) * total(weights[j] ** 2, j),
        ),
    )


def _consequence_steps() -> tuple[Step, ...]:
    beta, t = sympy.symbols("beta t", positive=True)
    return (
        citation(
            "spectral theorem",
            "B(θ) is symmetric with λI ⪯ B(θ) ⪯ I, λ = b σ_min(A)²; so M(θ) = (I − B(θ))θ (statement stein-identity) "
            "gives ‖M(θ)‖ ≤ (1 − λ)‖θ‖: linear convergence from every start, with an explicit factor.",
        ),
        equation(
            "PL on the ball: ‖∇ℓ‖² = ‖Bθ‖² ≥ λ²‖θ‖², and KL = ∫_0^1 t⟨θ, B(tθ)θ⟩dt ≤ ∫_0^1 t dt ‖θ‖², which is "
            "‖θ‖²/2; so ½‖∇ℓ‖² ≥ λ² KL.",
            Integral(t, (t, 0, 1)),
            Rational(1, 2),
        ),
        equation(
            "In the cyclic case Aᵀ A and B are diagonal in frequency: β_m(θ) ≥ b|π̂_m|². At θ = 0 this is an equality.",
            Subs(sympy.exp(log_factor(sympy.S.Zero)) * beta, RADIUS, 0),
            beta,
        ),
        prose(
            "The bound depends on d only through D ≤ min(d, k − 1), and for α = 0 not even through k: the "
            "neighbourhood of open question 4 is the whole space, the price is the factor b."
        ),
    )
