"""Λ as a function of the amplitudes ρ_m = ‖P_mθ‖, with first and second derivatives, in the cyclic case."""

from collections.abc import Sequence

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul

from emtheory.theory.derivation import Derivation, Statement, Step, equation
from emtheory.theory.fourier import eigenvalue, root_of_unity
from emtheory.theory.mixture import free_weights, posterior

STATEMENT = Statement("Λ and the Hessian as functions of the amplitudes", 5)


def derive(k: int) -> Derivation:
    """Derive the Hessian of ℓ in the amplitudes from posterior cumulants, for a given k ≥ 2."""
    return Derivation(
        name="amplitudes",
        title=STATEMENT.title,
        statement="2 ∂Λ/∂(ρ_m²) = 1 − β_m; ∂²Λ/∂(ρ_m²)∂(ρ_n²) = ¼E κ₄(χ_m, χ̄_m, χ_n, χ̄_n); "
        "∇²ℓ: radial δ_mn β_m − 4ρ_mρ_n ∂²Λ/∂(ρ_m²)∂(ρ_n²), tangential β_m",
        source="not in the paper; Gaussian interpolation (heat equation) in the Gram matrix of the exponents",
        scope=f"k = {k}, U_j = R^j, any weights and amplitudes, all frequencies; the chain rules are checked on "
        "F = e^{ap + bq}, whose combinations have every second-order Taylor polynomial",
        k=k,
        steps=(*_gram_steps(k), *_heat_steps(k), *_cumulant_steps(k), *_chain_rule_steps()),
    )


def _cosines(m: int, k: int) -> list[sympy.Expr]:
    """cos(2πms/k) for s = 0, …, k−1, as half sums of roots of unity."""
    return [(root_of_unity(m * s, k) + root_of_unity(-m * s, k)) / 2 for s in range(k)]


def _gram_steps(k: int) -> tuple[Step, ...]:
    frequencies = range(1, k // 2 + 1)
    amplitudes = sympy.symbols(f"rho_1:{k // 2 + 1}", positive=True)
    phases = sympy.symbols(f"w_1:{k // 2 + 1}", positive=True)
    # In the plane of frequency m the unit vectors are (w ζ^{jm} + w^{−1} ζ^{−jm})/√(2k) with |w| = 1; for m = k/2
    # there is only the line of (−1)^j/√k.
    coordinates = [
        sympy.Add(
            *(
                rho * root_of_unity(j * m, k) / sympy.sqrt(k)
                if 2 * m == k
                else rho * (w * root_of_unity(j * m, k) + root_of_unity(-j * m, k) / w) / sympy.sqrt(2 * k)
                for m, rho, w in zip(frequencies, amplitudes, phases, strict=True)
            )
        )
        for j in range(k)
    ]
    shifted = ImmutableMatrix(k, k, lambda s, j: coordinates[j - s])
    cosines = ImmutableMatrix([_cosines(m, k) for m in frequencies]).T
    radius = sympy.Symbol("r", positive=True)
    dimensions = [1 if 2 * m == k else 2 for m in frequencies]
    return (
        equation(
            "θ with amplitudes ρ_m, as a vector of R^k with sum zero (w_m is its phase in the plane m): "
            "⟨R^sθ, θ⟩ = Σ_m ρ_m² cos(2πms/k), for s = 0, …, k−1. The Gram matrix of the exponents, "
            "hence Λ, depends on the ρ_m² only.",
            MatMul(shifted, ImmutableMatrix(coordinates)),
            MatMul(cosines, ImmutableMatrix([rho**2 for rho in amplitudes])),
        ),
        equation(
            "The regular simplex of radius r has ρ_m² = r² dim_m/(k−1), dim_m = 2, or 1 for m = k/2: "
            "the inner products of r v_0 with all r v_s.",
            MatMul(cosines, ImmutableMatrix([radius**2 * n / (k - 1) for n in dimensions])),
            ImmutableMatrix([radius**2, *[-(radius**2) / (k - 1)] * (k - 1)]),
        ),
    )


def _heat_steps(k: int) -> tuple[Step, ...]:
    omega = sympy.symbols(f"omega_:{k}", real=True)
    p, q, rest, sigma, tau = sympy.symbols("p q c sigma tau", positive=True)
    characteristic = sympy.exp(-(p * sigma + q * tau + rest) / 2)
    pairs = [(i, j) for i in range(k) for j in range(k)]
    return (
        *(
            equation(
                f"m = {m}: the form σ = Σ_jl cos(2πm(j−l)/k) ω_jω_l is the squared modulus of Σ_j ω_j χ_m(j), "
                "χ_m(j) = e^(2πimj/k). As differential operators, Σ_jl cos(2πm(j−l)/k) ∂_j∂_l = D D̄ with "
                "D = Σ_j χ_m(j) ∂_j.",
                sympy.Add(*(_cosines(m, k)[(i - j) % k] * omega[i] * omega[j] for i, j in pairs)),
                sympy.Mul(eigenvalue(omega, m), eigenvalue(omega, -m), evaluate=False),
            )
            for m in range(1, k // 2 + 1)
        ),
        equation(
            "The exponents y are Gaussian with E e^{i⟨ω,y⟩} = exp(−(pσ + qτ + c)/2), where p = ρ_m², q = ρ_n², "
            "σ and τ are the forms of m and n and c collects the others. Each derivative multiplies by −σ/2 "
            "or −τ/2, and −σ is the symbol of D D̄: for smooth f of moderate growth, "
            "∂E f/∂p = ½E D_mD̄_m f and ∂²E f/∂p∂q = ¼E D_mD̄_mD_nD̄_n f.",
            Derivative(characteristic, p, q),
            (-sigma / 2) * (-tau / 2) * characteristic,
        ),
    )


def _cumulant_steps(k: int) -> tuple[Step, ...]:
    weights, y = free_weights(k), sympy.symbols(f"y_:{k}", real=True)
    responsibilities = posterior(weights, y)
    free, gamma = sympy.symbols(f"gamma_:{k}", positive=True), free_weights(k, "gamma")
    constraint = {free[-1]: gamma[-1]}
    transform = [eigenvalue(gamma, m) for m in range(k)]
    characters = [[root_of_unity(m * j, k) for j in range(k)] for m in range(k)]
    frequencies = range(1, k // 2 + 1)
    second = {m: _directional_derivative(_pairing(free, characters[-m]), characters[m], free) for m in frequencies}
    fourth = {
        (m, n): _directional_derivative(
            _directional_derivative(second[m], characters[n], free), characters[-n], free
        ).xreplace(constraint)
        for m in frequencies
        for n in range(1, m + 1)
    }
    return (
        equation(
            "f = log Σ_j π_j e^{y_j} has the gradient γ, and ∂_lγ_j = γ_j(δ_jl − γ_l): along v, "
            "γ_j changes by γ_j(v_j − Σ_l γ_lv_l).",
            ImmutableMatrix(k, k, lambda i, j: Derivative(responsibilities[i], y[j])),
            ImmutableMatrix(k, k, lambda i, j: responsibilities[i] * (int(i == j) - responsibilities[j])),
        ),
        *(
            equation(
                f"Twice: D D̄f = 1 − |γ̂_m|² for m = {m}; with f = Λ's integrand, 2 ∂Λ/∂(ρ_m²) = 1 − β_m.",
                second[m].xreplace(constraint),
                1 - transform[m] * transform[-m],
            )
            for m in frequencies
        ),
        *(
            equation(
                f"Four times, m = {m}, n = {n}: the joint cumulant κ₄(χ_m, χ̄_m, χ_n, χ̄_n) of the posterior is "
                "−|γ̂_(m+n)|² − |γ̂_(m−n)|² + 4Re(γ̂_(m+n)γ̂_m*γ̂_n*) + 4Re(γ̂_(m−n)γ̂_m*γ̂_n) − 6|γ̂_m|²|γ̂_n|².",
                value,
                fourth_cumulant(transform, m, n),
            )
            for (m, n), value in fourth.items()
        ),
    )


def _pairing(gamma: Sequence[sympy.Expr], vector: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Add(*(g * v for g, v in zip(gamma, vector, strict=True)))


def _directional_derivative(
    polynomial: sympy.Expr, direction: Sequence[sympy.Expr], gamma: Sequence[sympy.Symbol]
) -> sympy.Expr:
    """Derivative of a polynomial in the posterior along a direction of the exponents."""
    mean = _pairing(gamma, direction)
    return sympy.expand(
        sympy.Add(*(sympy.diff(polynomial, g) * g * (v - mean) for g, v in zip(gamma, direction, strict=True)))
    )


def fourth_cumulant(transform: Sequence[sympy.Expr], m: int, n: int) -> sympy.Expr:
    """κ₄(χ_m, χ̄_m, χ_n, χ̄_n) of a law on Z/k, given its transform γ̂_0 = 1, …, γ̂_{k−1} (conjugate: index −m)."""
    k = len(transform)

    def g(index: int) -> sympy.Expr:
        return transform[index % k]

    return (
        -g(m + n) * g(-m - n)
        - g(m - n) * g(n - m)
        + 2 * (g(m + n) * g(-m) * g(-n) + g(-m - n) * g(m) * g(n))
        + 2 * (g(m - n) * g(-m) * g(n) + g(n - m) * g(m) * g(-n))
        - 6 * g(m) * g(-m) * g(n) * g(-n)
    )


def _chain_rule_steps() -> tuple[Step, ...]:
    rho, sigma, a, b, u, v = sympy.symbols("rho_m rho_n a b u v", positive=True)
    both = sympy.exp(a * rho**2 + b * sigma**2)
    plane = sympy.exp(a * (u**2 + v**2))
    return (
        equation(
            "Λ = F(ρ_m², ρ_n², …), F_p = aF, F_pq = abF: mixed radial entries ∂²Λ/∂ρ_m∂ρ_n = 4ρ_mρ_n F_pq; "
            "ℓ = ‖θ‖²/2 − Λ.",
            Derivative(both, rho, sigma),
            4 * rho * sigma * a * b * both,
        ),
        equation(
            "Diagonal ones ∂²Λ/∂ρ_m² = 2F_p + 4ρ_m² F_pp, so 1 − ∂²Λ/∂ρ_m² = β_m − 4ρ_m² F_pp by 2F_p = 1 − β_m.",
            Derivative(both, (rho, 2)),
            2 * a * both + 4 * rho**2 * a**2 * both,
        ),
        equation(
            "In the plane of frequency m, with coordinates (u, v), the Hessian of F is 2F_p I + 4F_pp (u, v)ᵀ(u, v): "
            "across the radius the eigenvalue of ∇²ℓ is 1 − 2F_p = β_m.",
            ImmutableMatrix(2, 2, lambda i, j: Derivative(plane, (u, v)[i], (u, v)[j])),
            plane * (2 * a * ImmutableMatrix.eye(2) + 4 * a**2 * ImmutableMatrix([[u * u, u * v], [v * u, v * v]])),
        ),
    )
