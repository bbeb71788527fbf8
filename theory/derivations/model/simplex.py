"""The regular simplex and its rotation."""

import sympy
from sympy import ImmutableMatrix, MatAdd, MatMul, MatPow, Rational

from emtheory.theory.derivation import Derivation, Statement, definition, equation, prose
from emtheory.theory.simplex import basis, rotation, shift, vertices
from emtheory.theory.sums import COUNT, component, total

STATEMENT = Statement("the rotation R of the regular simplex", 16, general=True)


def derive(k: int) -> Derivation:
    """Derive the properties of R that the paper's Section 2 uses, for a given k ≥ 2."""
    H, P, V, R = basis(k), shift(k), vertices(k), rotation(k)
    identity, ones = ImmutableMatrix.eye(k - 1), ImmutableMatrix.ones(k, k)
    gram = ImmutableMatrix(k, k, lambda i, j: 1 if i == j else Rational(-1, k - 1))
    turned = ImmutableMatrix.hstack(*(V[:, (j + 1) % k] for j in range(k)))
    padded = rotation(k, k + 1)
    complement = ImmutableMatrix.vstack(ImmutableMatrix.zeros(k - 1, 2), ImmutableMatrix.eye(2))
    vertex = ImmutableMatrix.vstack(V[:, 0], ImmutableMatrix.zeros(2, 1))
    next_vertex = ImmutableMatrix.vstack(V[:, 1], ImmutableMatrix.zeros(2, 1))
    steps = (
        definition("Rows of H: an orthonormal basis of the sum-zero hyperplane of R^k.", _named("H", H), H),
        equation("The rows of H are orthonormal.", MatMul(H, H.T), identity),
        equation("HᵀH projects R^k onto the hyperplane.", MatMul(H.T, H), MatAdd(ImmutableMatrix.eye(k), -ones / k)),
        definition("Vertices: the columns of V, the projected unit vectors, scaled.", _named("V", V), V),
        equation("The v_j are unit vectors with inner products −1/(k−1).", MatMul(V.T, V), gram),
        equation("The vertices sum to zero.", MatMul(V, ones[:, 0]), ImmutableMatrix.zeros(k - 1, 1)),
        definition("P: the cyclic shift of the coordinates, P e_j = e_{j+1}.", _named("P", P), P),
        equation("R: the shift, written in the basis H.", MatMul(H, P, H.T), R),
        equation("R is orthogonal.", MatMul(R.T, R), identity),
        equation("R takes every v_j to v_{j+1}.", MatMul(R, V), turned),
        equation("R^k = I.", MatPow(R, k), identity),
        equation(
            "R has determinant (−1)^{k−1}, that of a k-cycle.", sympy.Determinant(R), sympy.Integer((-1) ** (k - 1))
        ),
        equation(
            "In dimension d = k + 1, R is the identity on the complement,", MatMul(padded, complement), complement
        ),
        equation("still permutes the vertices,", MatMul(padded, vertex), next_vertex),
        equation("and is still orthogonal.", MatMul(padded.T, padded), ImmutableMatrix.eye(k + 1)),
    )
    return Derivation(
        name="simplex",
        title=STATEMENT.title,
        statement="RᵀR = I, R^k = I, R v_j = v_{j+1}, ⟨v_i, v_j⟩ = −1/(k−1), R = I on the complement",
        source="Section 2 of the paper (construction of R); Helmert's basis",
        scope=f"k = {k}, d = k − 1 and d = k + 1, all entries exact",
        k=k,
        steps=steps,
    )


def _named(name: str, matrix: sympy.ImmutableMatrix) -> sympy.MatrixSymbol:
    return sympy.MatrixSymbol(name, *matrix.shape)


def derive_general() -> Derivation:
    """Derive the regular simplex and its rotation for every k ≥ 2, in the sum-zero hyperplane of R^k."""
    n = component("n")
    scale = COUNT / (COUNT - 1)
    steps = (
        prose(
            "v_j = √(k/(k−1)) (e_j − (e_0 + … + e_{k−1})/k): the unit vectors of R^k projected onto the hyperplane "
            "of sum zero, a copy of R^{k−1}, and scaled. ⟨e_i, e_j⟩ = 1 if i = j, else 0."
        ),
        equation(
            "The v_j are unit vectors: one coordinate of e_j − 1/k is 1 − 1/k, the other k − 1 are −1/k.",
            scale * ((1 - 1 / COUNT) ** 2 + (COUNT - 1) / COUNT**2),
            sympy.S.One,
        ),
        equation(
            "For i ≠ j two coordinates contribute (1 − 1/k)(−1/k), the other k − 2 contribute 1/k².",
            scale * (-2 * (1 - 1 / COUNT) / COUNT + (COUNT - 2) / COUNT**2),
            -1 / (COUNT - 1),
        ),
        equation("A coordinate of Σ_j v_j: one e_j has it, all k subtract 1/k.", 1 - total(1 / COUNT, n), sympy.S.Zero),
        prose(
            "The cyclic shift P e_j = e_{j+1} permutes the coordinates: it is orthogonal, P^k = I, it maps the "
            "hyperplane to itself and v_j to v_{j+1}. R is P on the hyperplane and the identity on any orthogonal "
            "complement, which adds no condition: RᵀR = I, R^k = I in every dimension d ≥ k − 1."
        ),
    )
    return Derivation(
        name="simplex",
        title=STATEMENT.title,
        statement="RᵀR = I, R^k = I, R v_j = v_{j+1}, ⟨v_i, v_j⟩ = −1/(k−1), R = I on the complement",
        source="Section 2 of the paper (construction of R)",
        scope="every k ≥ 2 and d ≥ k − 1",
        k=None,
        steps=steps,
    )
