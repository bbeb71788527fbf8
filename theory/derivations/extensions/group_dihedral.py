"""Dihedral groups acting on the plane, among them Klein's four group and S_3: when A is invertible."""

import sympy
from sympy import ImmutableMatrix, MatAdd, MatMul

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.groups import CONJUGATION, cosine, plane_rotation, sine

STATEMENT = Statement("A for the dihedral group D_k of the plane (k = 2: Klein's four group, 3: S_3)", 8)


def derive(k: int) -> Derivation:
    """Derive the singular values |P| ± |Q| of A for D_k, weights p_a on rotations and q_a on reflections, k ≥ 2."""
    return Derivation(
        name="group-dihedral",
        title=STATEMENT.title,
        statement="with P = Σ p_aω^a and Q = Σ q_aω^a, ω = e^{2πi/k}, A has the singular values |P| + |Q| and "
        "||P| − |Q||: it is singular if and only if |P| = |Q|, e.g. for p = q, which need not be uniform",
        source="not in the paper, whose maps are the powers of one rotation; open question 1",
        scope=f"the dihedral group D_{k} with its 2·{k} maps of the plane (D_2 is Klein's four group, D_3 is S_3), all "
        "weights; for the contraction factor 1 − σ_min(A)² it needs the statements stein-identity and jacobian",
        k=k,
        steps=(*_group_steps(k), *_matrix_steps(k), *_singular_steps(k)),
    )


def _group_steps(k: int) -> tuple[Step, ...]:
    rotations = [plane_rotation(a, k) for a in range(k)]
    generator, s = rotations[1], CONJUGATION
    identity = ImmutableMatrix.eye(2)
    return (
        equation(
            "Rotations: ω^a times ω is ω^{a+1}, and the last one closes the circle.",
            MatMul(ImmutableMatrix.vstack(*rotations), generator),
            ImmutableMatrix.vstack(*rotations[1:], identity),
        ),
        equation("The conjugation s: z ↦ z̄ is an involution,", MatMul(s, s), identity),
        equation("and turns rotations round: s ω s = ω^{−1}.", MatMul(s, generator, s), rotations[-1]),
        equation("Both are orthogonal.", MatMul(generator.T, generator), identity),
    )


def _matrix_steps(k: int) -> tuple[Step, ...]:
    p, q = sympy.symbols(f"p_:{k}", real=True), sympy.symbols(f"q_:{k}", real=True)
    mean = MatAdd(
        *(p[a] * plane_rotation(a, k) for a in range(k)),
        *(q[a] * plane_rotation(a, k) * CONJUGATION for a in range(k)),
    )
    parts = [sum(w[a] * part(a, k) for a in range(k)) for w in (p, q) for part in (cosine, sine)]
    x, y, u, v = sympy.symbols("x y u v", real=True)
    A = ImmutableMatrix([[x + u, v - y], [y + v, x - u]])
    larger, smaller, value = sympy.symbols("P Q lambda", positive=True)
    return (
        equation(
            "A = Σ_a p_aω^a + q_aω^a s is z ↦ Pz + Qz̄, with P = x + iy and Q = u + iv.",
            mean,
            A.subs(dict(zip((x, y, u, v), parts, strict=True))),
        ),
        equation("Its determinant is |P|² − |Q|²,", sympy.Determinant(A), x**2 + y**2 - u**2 - v**2),
        equation("and AᵀA has the trace 2(|P|² + |Q|²).", sympy.Trace(MatMul(A.T, A)), 2 * (x**2 + y**2 + u**2 + v**2)),
        equation(
            "So the eigenvalues of AᵀA are (|P| + |Q|)² and (|P| − |Q|)², the second being the spectral gap.",
            value**2 - 2 * (larger**2 + smaller**2) * value + (larger**2 - smaller**2) ** 2,
            (value - (larger + smaller) ** 2) * (value - (larger - smaller) ** 2),
        ),
    )


def _singular_steps(k: int) -> tuple[Step, ...]:
    p = sympy.symbols(f"p_:{k}", real=True)
    direction = ImmutableMatrix([0, 1])
    images = [plane_rotation(a, k) * direction for a in range(k)]
    pairs = [(a, b) for a in range(k) for b in range(k)]
    doubled = [2 * sum(p[a] * part(2 * a, k) for a in range(k)) for part in (cosine, sine)]
    return (
        equation(
            "p = q makes A singular, whatever p: ω^a(I + s) annihilates the imaginary axis u = i.",
            MatMul(
                MatAdd(*(p[a] * MatMul(plane_rotation(a, k), ImmutableMatrix.eye(2) + CONJUGATION) for a in range(k))),
                direction,
            ),
            ImmutableMatrix([0, 0]),
        ),
        prose(
            "That axis is invariant under EM: with θ = iy the exponents of ω^a and ω^as are ±⟨X, iyω^a⟩, so the "
            "component along the real axis is E Σ_a (γ_a + γ'_a)⟨X, ω^a⟩, the mean of an odd function of X."
        ),
        equation(
            "There q = Σ π_gπ_h⟨gu, hu⟩² is, with both weights p_a on ω^a and ω^as, (1 + |Σ_a 2p_aω^{2a}|²)/2 "
            "if Σ_a 2p_a = 1 (left out of the equation: the square of that sum in place of 1).",
            sympy.Add(*(4 * p[a] * p[b] * (images[a].T * images[b])[0] ** 2 for a, b in pairs)),
            (4 * sympy.Add(*p) ** 2 + doubled[0] ** 2 + doubled[1] ** 2) / 2,
        ),
        prose("So EM from θ = iy is sublinear, r_t² ~ 1/(2qt), by statement degenerate-directions."),
        citation(
            "group Fourier transform",
            "A is the transform of the weights at the representation; where the space is a sum of irreducible ones, "
            "A is block diagonal, invertible if and only if each block is. Here the representation is irreducible for "
            "k ≥ 3, and for k = 2 it is the sum of two characters, with the blocks P + Q and P − Q.",
        ),
    )
