"""Two-valued weights: all |π̂_m| are equal, and EM keeps the simplex, exactly for perfect difference sets."""

import sympy

from emtheory.theory.derivation import Derivation, Statement, Step, citation, definition, equation, prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement("weights with equal |π̂_m|: perfect difference sets", 0, general=True)


def derive_general() -> Derivation:
    """Derive the autocorrelation of two-valued weights, and that of their posterior on the simplex."""
    return Derivation(
        name="flat-spectrum",
        title=STATEMENT.title,
        statement="weights a on D and b elsewhere, a ≠ b, n = |D|: all |π̂_m|, m ≠ 0, are equal if and only if every "
        "s ≠ 0 is equally often, λ times, a difference of two elements of D; then |π̂_m|² = (a − b)² n(k − n)/(k − "
        "1), and EM maps regular simplices to regular simplices at every radius",
        source="not in the paper, whose critical path takes it for granted that the simplex is kept",
        scope="every k, all two-valued weights (one special weight is D = {0}, λ = 0), every radius, any d",
        k=None,
        steps=(*_weight_steps(), *_posterior_steps()),
    )


def _weight_steps() -> tuple[Step, ...]:
    j = component("j")
    here, there = family("u"), family("v")
    a, b, n = sympy.symbols("a b n", positive=True)
    k = COUNT
    size, pairs = total(here[j], j), total(here[j] * there[j], j)
    return (
        definition(
            "The autocorrelation a_s = Σ_j π_jπ_{j+s}; u_j and v_j say whether j and j + s are in D, λ_s = Σ_j u_jv_j "
            "is how often s is a difference, Σu = Σv = n.",
            sympy.Symbol("lambda_s"),
            pairs,
        ),
        citation(
            "Fourier inversion",
            "|π̂_m|² = Σ_s a_s e^{2πims/k} (statement dft). It has one value f for all m ≠ 0 if and only if a_s has "
            "one value for all s ≠ 0, and then f = a_0 − a_s.",
        ),
        equation(
            "For two values a_s = kb² + 2b(a − b)n + (a − b)²λ_s: constant in s ≠ 0 if and only if λ_s is, as a ≠ b.",
            total((b + (a - b) * here[j]) * (b + (a - b) * there[j]), j),
            k * b**2 + b * (a - b) * (size + total(there[j], j)) + (a - b) ** 2 * pairs,
        ),
        equation(
            "Counting pairs, λ(k − 1) = n(n − 1). With λ_0 = n, f = (a − b)²(n − λ) = (a − b)² n(k − n)/(k − 1).",
            (a - b) ** 2 * (n - n * (n - 1) / (k - 1)),
            (a - b) ** 2 * n * (k - n) / (k - 1),
        ),
    )


def _posterior_steps() -> tuple[Step, ...]:
    j = component("j")
    here, there = family("u"), family("v")
    both, one, none = sympy.symbols("E_DD E_DO E_OO", positive=True)
    size, other, pairs = total(here[j], j), total(there[j], j), total(here[j] * there[j], j)
    return (
        prose(
            "On a regular simplex the exponents may be taken independent with one law (statement kl-expansion, step "
            "1), so E γ_iγ_j, i ≠ j, depends only on whether i and j are in D: three values."
        ),
        equation(
            "So A_s = E Σ_jγ_jγ_{j+s} = kE_OO + 2n(E_DO − E_OO) + λ_s(E_DD − 2E_DO + E_OO), the same for all s ≠ 0.",
            total(
                both * here[j] * there[j]
                + one * (here[j] * (1 - there[j]) + there[j] * (1 - here[j]))
                + none * (1 - here[j]) * (1 - there[j]),
                j,
            ),
            COUNT * none + (size + other) * (one - none) + pairs * (both - 2 * one + none),
        ),
        prose(
            "β_m = E|γ̂_m|² is the transform of A_s, hence one number β for all m ≠ 0, at every radius: M(θ) = (1 − "
            "β)θ on the simplex, a smaller simplex of the same shape."
        ),
    )
