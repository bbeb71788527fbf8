"""Λ as a function of the amplitudes ρ_m = ‖P_mθ‖, with first and second derivatives, in the cyclic case."""

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, MatMul, oo

from emtheory.theory.cumulants import directional_derivative, fourth_cumulant
from emtheory.theory.fourier import eigenvalue, root_of_unity
from emtheory.theory.mixture import free_weights, posterior
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, combination, definition, equation, prose

STATEMENT = Statement("Λ and the Hessian as functions of the amplitudes", 5)


def derive(k: int) -> Derivation:
    """Derive the Hessian of ℓ in the amplitudes from posterior cumulants, for a given k ≥ 2."""
    return Derivation(
        name="amplitudes",
        title=STATEMENT.title,
        statement=_statement(k),
        source="not in the paper; Gaussian interpolation (heat equation) in the Gram matrix of the exponents",
        scope=f"k = {k}, U_j = R^j, any weights and amplitudes, all frequencies; the chain rules are checked on "
        "F = e^{ap + bq}, whose combinations have every second-order Taylor polynomial",
        k=k,
        steps=(
            *_gram_steps(k),
            *_heat_steps(k),
            *_cumulant_steps(k),
            *_chain_rule_steps(),
            *_expectation_steps(k),
            *_hessian_steps(k),
        ),
    )


def _frequencies(k: int) -> range:
    return range(1, k // 2 + 1)


def _pairs(k: int) -> tuple[tuple[int, int], ...]:
    return tuple((m, n) for m in _frequencies(k) for n in range(1, m + 1))


def _beta(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"beta_{m}", real=True)


def _first(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"∂Λ/∂p_{m}", real=True)


def _second(m: int, n: int) -> sympy.Symbol:
    return sympy.Symbol(f"∂²Λ/∂p_{m}∂p_{n}", real=True)


def _radial(m: int, n: int) -> sympy.Symbol:
    return sympy.Symbol(f"H_{m}_{n}", real=True)


def _tangential(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"T_{m}", real=True)


def _amplitude(m: int) -> sympy.Symbol:
    return sympy.Symbol(f"rho_{m}", positive=True)


def _transform(k: int) -> tuple[sympy.Expr, ...]:
    """γ̂_0 = 1 and names of the other values."""
    return (sympy.S.One, *sympy.symbols(f"γ̂_1:{k}"))


def _statement(k: int) -> Proposition:
    transform = _transform(k)
    symbols = [
        *(symbol for m in _frequencies(k) for symbol in (_beta(m), _first(m), _tangential(m))),
        *(symbol for pair in _pairs(k) for symbol in (_second(*pair), _radial(*pair))),
    ]
    return Proposition(
        variables=(
            *(Variable(symbol, Interval(-oo, oo)) for symbol in symbols),
            *(Variable(_amplitude(m), Interval.open(0, oo)) for m in _frequencies(k)),
        ),
        hypotheses=("cyclic maps", "normal data"),
        conclusions=(
            *(related(2 * _first(m), "==", 1 - _beta(m)) for m in _frequencies(k)),
            *(
                related(_second(m, n), "==", Mean(fourth_cumulant(transform, m, n), transform[1:]) / 4)
                for m, n in _pairs(k)
            ),
            *(
                related(
                    _radial(m, n),
                    "==",
                    (_beta(m) if m == n else 0) - 4 * _amplitude(m) * _amplitude(n) * _second(m, n),
                )
                for m, n in _pairs(k)
            ),
            *(related(_tangential(m), "==", _beta(m)) for m in _frequencies(k)),
        ),
        note="p_m = ρ_m², ρ_m = ‖P_mθ‖, β_m = E|γ̂_m|²; the mean is of the joint cumulant κ₄(χ_m, χ̄_m, χ_n, χ̄_n) "
        "of the "
        "posterior; H and T are the radial entries and the tangential eigenvalues of ∇²ℓ",
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
            label="Gram",
        ),
        equation(
            "The regular simplex of radius r has ρ_m² = r² dim_m/(k−1), dim_m = 2, or 1 for m = k/2: "
            "the inner products of r v_0 with all r v_s.",
            MatMul(cosines, ImmutableMatrix([radius**2 * n / (k - 1) for n in dimensions])),
            ImmutableMatrix([radius**2, *[-(radius**2) / (k - 1)] * (k - 1)]),
            label="simplex",
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
                label=f"form {m}",
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
            label="heat",
        ),
    )


def _cumulant_steps(k: int) -> tuple[Step, ...]:
    weights, y = free_weights(k), sympy.symbols(f"y_:{k}", real=True)
    responsibilities = posterior(weights, y)
    free, gamma = sympy.symbols(f"gamma_:{k}", positive=True), free_weights(k, "gamma")
    constraint = {free[-1]: gamma[-1]}
    transform = _transform(k)
    characters = [[root_of_unity(m * j, k) for j in range(k)] for m in range(k)]
    frequencies = range(1, k // 2 + 1)
    second = {
        m: directional_derivative(
            sympy.Add(*(g * v for g, v in zip(free, characters[-m], strict=True))), characters[m], free
        )
        for m in frequencies
    }
    fourth = {
        (m, n): directional_derivative(
            directional_derivative(second[m], characters[n], free), characters[-n], free
        ).xreplace(constraint)
        for m in frequencies
        for n in range(1, m + 1)
    }
    return (
        *(definition(f"γ̂_{m} = Σ_j γ_j e^(2πijm/k).", transform[m], eigenvalue(gamma, m)) for m in range(1, k)),
        equation(
            "f = log Σ_j π_j e^{y_j} has the gradient γ, and ∂_lγ_j = γ_j(δ_jl − γ_l): along v, "
            "γ_j changes by γ_j(v_j − Σ_l γ_lv_l).",
            ImmutableMatrix(k, k, lambda i, j: Derivative(responsibilities[i], y[j])),
            ImmutableMatrix(k, k, lambda i, j: responsibilities[i] * (int(i == j) - responsibilities[j])),
            label="posterior",
        ),
        *(
            equation(
                f"Twice: D D̄f = 1 − |γ̂_m|² for m = {m}; with f = Λ's integrand, 2 ∂Λ/∂(ρ_m²) = 1 − β_m.",
                second[m].xreplace(constraint),
                1 - transform[m] * transform[-m],
                label=f"twice {m}",
            )
            for m in frequencies
        ),
        *(
            equation(
                f"Four times, m = {m}, n = {n}: the joint cumulant κ₄(χ_m, χ̄_m, χ_n, χ̄_n) of the posterior is "
                "−|γ̂_(m+n)|² − |γ̂_(m−n)|² + 4Re(γ̂_(m+n)γ̂_m*γ̂_n*) + 4Re(γ̂_(m−n)γ̂_m*γ̂_n) − 6|γ̂_m|²|γ̂_n|².",
                value,
                fourth_cumulant(transform, m, n),
                label=f"four times {m} {n}",
            )
            for (m, n), value in fourth.items()
        ),
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
            label="mixed",
        ),
        equation(
            "Diagonal ones ∂²Λ/∂ρ_m² = 2F_p + 4ρ_m² F_pp, so 1 − ∂²Λ/∂ρ_m² = β_m − 4ρ_m² F_pp by 2F_p = 1 − β_m.",
            Derivative(both, (rho, 2)),
            2 * a * both + 4 * rho**2 * a**2 * both,
            label="diagonal",
        ),
        equation(
            "In the plane of frequency m, with coordinates (u, v), the Hessian of F is 2F_p I + 4F_pp (u, v)ᵀ(u, v): "
            "across the radius the eigenvalue of ∇²ℓ is 1 − 2F_p = β_m.",
            ImmutableMatrix(2, 2, lambda i, j: Derivative(plane, (u, v)[i], (u, v)[j])),
            plane * (2 * a * ImmutableMatrix.eye(2) + 4 * a**2 * ImmutableMatrix([[u * u, u * v], [v * u, v * v]])),
            label="plane",
        ),
    )


def _expectation_steps(k: int) -> tuple[Step, ...]:
    transform = _transform(k)
    random, powers = transform[1:], {m: transform[m] * transform[-m] for m in _frequencies(k)}
    return (
        *(
            prose(
                f"m = {m}: Λ = E f depends on p_m = ρ_m² as the heat equation says,",
                related(_first(m), "==", Mean(1 - powers[m], random) / 2),
                label=f"first {m}",
                given=("Gram", "simplex", "heat", f"form {m}", "posterior", f"twice {m}"),
                under=("cyclic maps", "normal data"),
            )
            for m in _frequencies(k)
        ),
        *(
            prose(f"β_{m} = E|γ̂_{m}|².", related(_beta(m), "==", Mean(powers[m], random)), label=f"β_{m}")
            for m in _frequencies(k)
        ),
        *(
            combination(
                f"So 2 ∂Λ/∂p_{m} = 1 − β_{m}.",
                2 * _first(m),
                "==",
                1 - _beta(m),
                {f"first {m}": 2, f"β_{m}": 1},
                label=f"slope {m}",
            )
            for m in _frequencies(k)
        ),
        *(
            prose(
                f"m = {m}, n = {n}: the second derivative is a quarter of the mean of the cumulant.",
                related(_second(m, n), "==", Mean(fourth_cumulant(transform, m, n), random) / 4),
                given=("heat", f"four times {m} {n}"),
            )
            for m, n in _pairs(k)
        ),
    )


def _hessian_steps(k: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for m, n in _pairs(k):
        products = 4 * _amplitude(m) * _amplitude(n) * _second(m, n)
        chain = (1 - 2 * _first(m) if m == n else 0) - products
        steps += [
            prose(
                f"Radial entry {m}, {n} of ∇²ℓ, ℓ = ‖θ‖²/2 − Λ, by the chain rules:",
                related(_radial(m, n), "==", chain),
                label=f"radial {m} {n}",
                given=("mixed", "diagonal"),
            ),
            combination(
                "that is",
                _radial(m, n),
                "==",
                (_beta(m) if m == n else 0) - products,
                {f"radial {m} {n}": 1, **({f"slope {m}": -1} if m == n else {})},
            ),
        ]
    for m in _frequencies(k):
        steps += [
            prose(
                f"Across the radius, frequency {m}:",
                related(_tangential(m), "==", 1 - 2 * _first(m)),
                label=f"tangential {m}",
                given=("plane",),
            ),
            combination("that is", _tangential(m), "==", _beta(m), {f"tangential {m}": 1, f"slope {m}": -1}),
        ]
    return tuple(steps)
