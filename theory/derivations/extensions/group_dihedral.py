"""Dihedral groups acting on the plane, among them Klein's four group and S_3: when A is invertible."""

import sympy
from sympy import ImmutableMatrix, MatAdd, MatMul, MatrixSymbol

from emtheory.theory.groups import CONJUGATION, cosine, plane_rotation, sine
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.step import Step, citation, definition, equation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("A for the dihedral group D_k of the plane (k = 2: Klein's four group, 3: S_3)", 8)

_PARTS = sympy.symbols("x y u v", real=True)
_MODULI = sympy.symbols("|P| |Q|", nonnegative=True)
_VALUE = sympy.Symbol("lambda", real=True)
_QUARTIC, _SUM, _REAL, _IMAGINARY = sympy.symbols("q s c_2 s_2", real=True)
_A, _EQUAL = MatrixSymbol("A", 2, 2), MatrixSymbol("A_p", 2, 2)


def _map() -> sympy.ImmutableMatrix:
    """z ↦ Pz + Qz̄ with P = x + iy and Q = u + iv."""
    x, y, u, v = _PARTS
    return ImmutableMatrix([[x + u, v - y], [y + v, x - u]])


def _doubled() -> sympy.ImmutableMatrix:
    """z ↦ P(z + z̄)."""
    x, y, *_ = _PARTS
    return ImmutableMatrix([[2 * x, 0], [2 * y, 0]])


def _spectrum() -> tuple[sympy.Expr, sympy.Expr]:
    """The characteristic polynomial of the square of that map, and its factors."""
    larger, smaller = _MODULI
    square = _map().T * _map()
    return (
        sympy.Determinant(_VALUE * ImmutableMatrix.eye(2) - square),
        (_VALUE - (larger + smaller) ** 2) * (_VALUE - (larger - smaller) ** 2),
    )


def derive(k: int) -> Derivation:
    """Derive the singular values |P| ± |Q| of A for D_k, weights p_a on rotations and q_a on reflections, k ≥ 2."""
    return Derivation(
        name="group-dihedral",
        title=STATEMENT.title,
        statement=Proposition(
            variables=(Variable(_VALUE, REAL),),
            conclusions=(
                related(_A, "==", _map()),
                related(*_equals(*_spectrum())),
                related(sympy.Determinant(_map()), "==", _MODULI[0] ** 2 - _MODULI[1] ** 2),
                related(_EQUAL, "==", _doubled()),
                related(_QUARTIC, "==", (4 * _SUM**2 + _REAL**2 + _IMAGINARY**2) / 2),
            ),
            note="A = Σ_a p_aω^a + q_aω^as, ω the rotation by 2π/k and s the conjugation; P = x + iy = Σ p_aω^a and "
            "Q = u + iv = Σ q_aω^a: the singular values of A are |P| + |Q| and ||P| − |Q||, and it is singular if and "
            "only if |P| = |Q|. A_p is A for p = q, singular with A_pi = 0 also if p is not uniform. There q is "
            "the constant of statement degenerate-directions, s = Σp_a (1/2 for weights) and c_2 + is_2 = Σ2p_aω^{2a}",
        ),
        source="not in the paper, whose maps are the powers of one rotation; open question 1",
        scope=f"the dihedral group D_{k} with its 2·{k} maps of the plane (D_2 is Klein's four group, D_3 is S_3), all "
        "weights; for the contraction factor 1 − σ_min(A)² it needs the statements stein-identity and jacobian",
        k=k,
        steps=(*_group_steps(k), *_spectrum_steps(), *_matrix_steps(k), *_singular_steps(k), *_axis_steps()),
    )


def _equals(lhs: sympy.Expr, rhs: sympy.Expr) -> tuple[sympy.Expr, str, sympy.Expr]:
    return lhs, "==", rhs


def _group_steps(k: int) -> tuple[Step, ...]:
    rotations = [plane_rotation(a, k) for a in range(k)]
    generator, s = rotations[1], CONJUGATION
    identity = ImmutableMatrix.eye(2)
    return (
        equation(
            "Rotations: ω^a times ω is ω^{a+1}, and the last one closes the circle.",
            MatMul(ImmutableMatrix.vstack(*rotations), generator),
            ImmutableMatrix.vstack(*rotations[1:], identity),
            label="circle",
        ),
        equation("The conjugation s: z ↦ z̄ is an involution,", MatMul(s, s), identity, label="involution"),
        equation("and turns rotations round: s ω s = ω^{−1}.", MatMul(s, generator, s), rotations[-1], label="turn"),
        equation("Both are orthogonal.", MatMul(generator.T, generator), identity, label="orthogonal"),
        prose(
            "So the ω^a and ω^as are the elements of the dihedral group, as orthogonal maps.",
            given=("circle", "involution", "turn", "orthogonal"),
        ),
    )


def _spectrum_steps() -> tuple[Step, ...]:
    x, y, u, v = _PARTS
    return (
        definition("Consider z ↦ Pz + Qz̄ for any P = x + iy", _MODULI[0], sympy.sqrt(x**2 + y**2)),
        definition("and Q = u + iv.", _MODULI[1], sympy.sqrt(u**2 + v**2)),
        equation(
            "Times its transpose it has the eigenvalues (|P| + |Q|)² and (|P| − |Q|)², the second being the spectral "
            "gap.",
            *_spectrum(),
        ),
        equation("Its determinant is |P|² − |Q|².", sympy.Determinant(_map()), _MODULI[0] ** 2 - _MODULI[1] ** 2),
    )


def _matrix_steps(k: int) -> tuple[Step, ...]:
    p, q = sympy.symbols(f"p_:{k}", real=True), sympy.symbols(f"q_:{k}", real=True)
    mean = MatAdd(
        *(p[a] * plane_rotation(a, k) for a in range(k)),
        *(q[a] * plane_rotation(a, k) * CONJUGATION for a in range(k)),
    )
    values = [sum(w[a] * part(a, k) for a in range(k)) for w in (p, q) for part in (cosine, sine)]
    names = ("P = Σ_a p_aω^a has the real part", "and the imaginary part", "Q = Σ_a q_aω^a", "likewise.")
    return (
        *(definition(name, part, value) for name, part, value in zip(names, _PARTS, values, strict=True)),
        definition("Let A = Σ_a p_aω^a + q_aω^as.", _A, mean.as_explicit()),
        equation("A is z ↦ Pz + Qz̄.", _A, _map()),
    )


def _singular_steps(k: int) -> tuple[Step, ...]:
    p = sympy.symbols(f"p_:{k}", real=True)
    axis = ImmutableMatrix([0, 1])
    images = [plane_rotation(a, k) * axis for a in range(k)]
    pairs = [(a, b) for a in range(k) for b in range(k)]
    doubled = [sum(2 * p[a] * part(2 * a, k) for a in range(k)) for part in (cosine, sine)]
    equal = MatAdd(*(p[a] * (plane_rotation(a, k) + plane_rotation(a, k) * CONJUGATION) for a in range(k)))
    return (
        definition("For p = q, A is", _EQUAL, equal.as_explicit()),
        equation("z ↦ P(z + z̄), which annihilates the imaginary axis, whatever p.", _EQUAL, _doubled()),
        definition(
            "For u = i there, q = Σ π_gπ_h⟨gu, hu⟩² is, with both weights p_a on ω^a and ω^as,",
            _QUARTIC,
            sympy.Add(*(4 * p[a] * p[b] * (images[a].T * images[b])[0] ** 2 for a, b in pairs)),
        ),
        definition("With s = Σ_a p_a,", _SUM, sympy.Add(*p)),
        definition("the real part c_2", _REAL, doubled[0]),
        definition("and the imaginary part s_2 of Σ_a 2p_aω^{2a}", _IMAGINARY, doubled[1]),
        equation("it is (1 + |Σ_a 2p_aω^{2a}|²)/2 for 2s = 1.", _QUARTIC, (4 * _SUM**2 + _REAL**2 + _IMAGINARY**2) / 2),
    )


def _axis_steps() -> tuple[Step, ...]:
    j, n = component("j"), component("n")
    p, b, c = family("p", positive=True), family("b"), family("c")

    def real_part(sign: int) -> sympy.Expr:
        """Σ (γ + γ')⟨X, ω^a⟩ at ±X."""

        def both(index: sympy.Symbol) -> sympy.Expr:
            return p[index] * (sympy.exp(sign * b[index]) + sympy.exp(-sign * b[index]))

        return total(both(j) * sign * c[j], j) / total(both(n), n)

    return (
        equation(
            "That axis is invariant under EM: with θ = iy the exponents of ω^a and ω^as are ±b_a, b_a = ⟨X, iyω^a⟩, so "
            "the component along the real axis is, with c_a = ⟨X, ω^a⟩, the mean of Σ_a (γ_a + γ'_a)c_a, an odd "
            "function of X.",
            real_part(-1),
            -real_part(1),
            label="odd",
        ),
        prose(
            "So EM from θ = iy is sublinear, r_t² ~ 1/(2qt), by statement degenerate-directions.",
            given=("odd",),
        ),
        citation(
            "group Fourier transform",
            "A is the transform of the weights at the representation; where the space is a sum of irreducible ones, "
            "A is block diagonal, invertible if and only if each block is. Here the representation is irreducible for "
            "k ≥ 3, and for k = 2 it is the sum of two characters, with the blocks P + Q and P − Q.",
        ),
    )
