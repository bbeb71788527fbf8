"""An explicit radius of strong convexity, for any orthogonal maps, every number of components and every dimension."""

import sympy
from sympy import Derivative, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, inequality, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("an explicit radius of strong convexity", 0, general=True)

_I, _J, _L, _P = (component(name) for name in "ijlp")


def derive_general() -> Derivation:
    """Derive λ_min(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖², σ = σ_min(A)."""
    return Derivation(
        name="convexity-radius",
        title=STATEMENT.title,
        statement="λ_min(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖², σ = σ_min(A); so ∇²ℓ ⪰ cσ²I on the ball ‖θ‖ ≤ "
        "σ√((1 − c)/(4 + σ²)), for 0 ≤ c ≤ 1",
        source="not in the paper, which finds such a radius by continuity; open question 4",
        scope="every k, all weights, any orthogonal maps, any d, every θ",
        k=None,
        steps=(*_slope_steps(), *_stein_steps(), *_bound_steps()),
    )


def _slope_steps() -> tuple[Step, ...]:
    t = sympy.Symbol("t", real=True)
    weights, b, w = family("g", positive=True), family("b"), family("w")

    def term(index: sympy.Symbol) -> sympy.Expr:
        return weights[index] * sympy.exp(t * b[index])

    partition, mass = total(term(_P), _P), total(weights[_P], _P)
    centre = total(weights[_L] * b[_L], _L) / mass
    return (
        prose(
            "∇ℓ(θ) = B(θ)θ (statement stein-identity), so ⟨h, ∇²ℓ(θ)h⟩ = ⟨h, B(θ)h⟩ + D, where D is the slope along h "
            "of E Σ_ij γ_iγ_j w_ij, w_ij = ⟨U_ih, U_jθ⟩ kept fixed: ⟨h, GᵀGθ⟩ is that sum."
        ),
        equation(
            "At θ + th the posterior changes by e^{tb_j}, b_j = ⟨X, U_jh⟩ (g: the posterior at θ, up to a factor). "
            "The slope of the sum is Σ_ij γ_iγ_jw_ij(b_i + b_j − 2Σγb): with a third draw l of the posterior, the "
            "mean of w_ij(b_i + b_j − 2b_l).",
            Subs(Derivative(total(term(_I) * term(_J) * w[_I, _J], _I, _J) / partition**2, t), t, 0),
            total(weights[_I] * weights[_J] * w[_I, _J] * (b[_I] + b[_J] - 2 * centre), _I, _J) / mass**2,
        ),
    )


def _stein_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", real=True)
    weights, u = family("g", positive=True), family("u")
    partition = total(weights[_P] * sympy.exp(x * u[_P]), _P)
    v, e = family("v"), family("e")
    mass = total(weights[_P], _P)
    indices = [component(name) for name in ("first", "second", "third")]
    triple = sympy.Mul(*(weights[n] * sympy.exp(x * u[n]) / partition for n in indices))
    mean = total(weights[_P] * sympy.exp(x * u[_P]) * u[_P], _P) / partition

    def average(values: sympy.Expr) -> sympy.Expr:
        return total(weights[_L] * weights[_P] * values, _L, _P) / mass**2

    def single(values: sympy.Expr) -> sympy.Expr:
        return total(weights[_L] * values, _L) / mass

    a, c = sympy.symbols("a c", real=True)
    return (
        equation(
            "As a function of one coordinate x of the observation, u that of the U_nθ: γ_iγ_jγ_l has the logarithmic "
            "slope u_i + u_j + u_l − 3Σγu.",
            Derivative(triple, x) / triple,
            sympy.Add(*(u[n] for n in indices)) - 3 * mean,
        ),
        citation(
            "Stein's lemma",
            "E γ_iγ_jγ_l⟨X, v⟩ = E⟨∇(γ_iγ_jγ_l), v⟩, the γ being smooth and bounded. With v_n = U_nh, u_n = U_nθ and "
            "a fourth draw p, D is the mean of w_ij⟨v_i + v_j − 2v_l, u_i + u_j + u_l − 3u_p⟩.",
        ),
        equation(
            "Centred by their means under the posterior, v and u become v and e with Σγv = Σγe = 0; averaged over l "
            "and p, with a = v_i + v_j and c = e_i + e_j, the product is ac − 2Σγve, coordinate by coordinate (the "
            "terms with the means, which vanish, are kept in the equation).",
            average((a - 2 * v[_L]) * (c + e[_L] - 3 * e[_P])),
            a * c
            - 2 * single(v[_L] * e[_L])
            - 2 * a * single(e[_L])
            - 2 * c * single(v[_L])
            + 6 * single(v[_L]) * single(e[_L]),
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    weights, v = family("g", positive=True), family("v")
    mass = total(weights[_P], _P)
    x, sigma, fraction, rho = sympy.symbols("x sigma c rho", positive=True)
    square = (1 - fraction) * sigma**2 / (4 + sigma**2)
    return (
        equation(
            "Two independent draws: the mean of (v_i + v_j)² is 2Σγv² if Σγv = 0.",
            total(weights[_I] * weights[_J] * (v[_I] + v[_J]) ** 2, _I, _J) / mass**2,
            2 * total(weights[_I] * v[_I] ** 2, _I) / mass + 2 * (total(weights[_I] * v[_I], _I) / mass) ** 2,
        ),
        prose(
            "A variance is at most the second moment, and ‖U_nh‖ = ‖h‖, ‖U_nθ‖ = ‖θ‖: by Cauchy and Schwarz the mean "
            "of |⟨v_i + v_j, e_i + e_j⟩| is at most 2‖h‖‖θ‖, and 2|Σγ⟨v, e⟩| as well. With |w_ij| ≤ ‖h‖‖θ‖, |D| ≤ "
            "4‖h‖²‖θ‖²."
        ),
        prose("⟨h, B(θ)h⟩ ≥ e^{−‖θ‖²}‖Ah‖² (statement contraction-bound), so λ_min(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖²."),
        inequality("e^{−x} ≥ 1 − x, since e^{−x} is convex and this its tangent at 0.", 1 - x, "<", sympy.exp(-x)),
        equation(
            "At ‖θ‖² = (1 − c)σ²/(4 + σ²) the bound σ²(1 − ‖θ‖²) − 4‖θ‖² is cσ², and for smaller ‖θ‖ it is larger.",
            Subs(sigma**2 * (1 - rho**2) - 4 * rho**2, rho, sympy.sqrt(square)),
            fraction * sigma**2,
        ),
    )
