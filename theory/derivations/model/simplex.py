"""The regular simplex and its rotation."""

import sympy
from sympy import Identity, ImmutableMatrix, KroneckerDelta, MatMul, MatPow, MatrixSymbol, Rational, ZeroMatrix, oo
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import definition, prose
from emtheory.theory.simplex import basis, rotation, shift, vertices
from emtheory.theory.sums import COUNT, component, total

STATEMENT = Statement(__name__, "the rotation $R$ of the regular simplex", 16)

_SAME, _OTHER = sympy.symbols("⟨v_i|v_i⟩ ⟨v_i|v_j⟩", real=True)


def derive(k: int) -> Derivation:
    H, V, P, R, padded, complement, high = _names(k)
    gram = ImmutableMatrix(k, k, lambda i, j: 1 if i == j else Rational(-1, k - 1))
    return STATEMENT.derivation(
        conclusions=(
            related(MatMul(R.T, R), "==", Identity(k - 1)),
            related(MatPow(R, k), "==", Identity(k - 1)),
            related(MatMul(R, V), "==", MatMul(V, P)),
            related(MatMul(V.T, V), "==", gram),
            related(MatMul(complement.T, complement), "==", Identity(2)),
            related(MatMul(complement.T, high), "==", ZeroMatrix(2, k)),
            related(MatMul(padded, complement), "==", complement),
            related(MatMul(padded, high), "==", MatMul(high, P)),
            related(MatMul(padded.T, padded), "==", Identity(k + 1)),
            related(MatMul(H, H.T), "==", Identity(k - 1)),
            related(MatMul(H.T, H), "==", ImmutableMatrix.eye(k) - ImmutableMatrix.ones(k, k) / k),
            related(MatMul(H, P, H.T), "==", R),
        ),
        note="the rows of $H$ are a basis of the hyperplane of sum 0 in $R^k$, the columns of $V$ are the vertices "
        "$v_j$ and $P$ is the cyclic shift of coordinates, so $RV = VP$ is $R v_j = v_{j+1}$; $R_d$, $V_d$ and $C$ are "
        "$R$, the vertices and the complement of their span in dimension $d = k + 1$",
        source="Section 2 of the paper (construction of $R$); Helmert's basis",
        scope=f"$k = {k}$, $d = k − 1$ and $d = k + 1$, all entries exact",
        k=k,
        steps=(*_rotation_steps(k), *_complement_steps(k)),
    )


def _names(k: int) -> tuple[sympy.MatrixSymbol, ...]:
    """H, V, P and R, R in dimension d = k + 1, the complement of the simplex and the vertices there."""
    d = k + 1
    return (
        MatrixSymbol("H", k - 1, k),
        MatrixSymbol("V", k - 1, k),
        MatrixSymbol("P", k, k),
        MatrixSymbol("R", k - 1, k - 1),
        MatrixSymbol("R_d", d, d),
        MatrixSymbol("C", d, 2),
        MatrixSymbol("V_d", d, k),
    )


def _rotation_steps(k: int) -> tuple[Step, ...]:
    H, V, P, R, *_ = _names(k)
    ones = ImmutableMatrix.ones(k, k)
    gram = ImmutableMatrix(k, k, lambda i, j: 1 if i == j else Rational(-1, k - 1))
    return (
        definition("Rows of $H$: an orthonormal basis of the sum-zero hyperplane of $R^k$.", H, basis(k)),
        equation("The rows of $H$ are orthonormal.", MatMul(H, H.T), Identity(k - 1)),
        equation("$HᵀH$ projects $R^k$ onto the hyperplane.", MatMul(H.T, H), ImmutableMatrix.eye(k) - ones / k),
        definition("Vertices: the columns of $V$, the projected unit vectors, scaled.", V, vertices(k)),
        equation("The $v_j$ are unit vectors with inner products $−1/(k−1)$.", MatMul(V.T, V), gram),
        definition("$P$: the cyclic shift of the coordinates, $P e_j = e_{j+1}$.", P, shift(k)),
        definition("R.", R, rotation(k)),
        equation("It is the shift, written in the basis of the rows of $H$.", MatMul(H, P, H.T), R),
        equation("$R$ is orthogonal.", MatMul(R.T, R), Identity(k - 1)),
        equation("$R$ takes every $v_j$ to $v_{j+1}$.", MatMul(R, V), MatMul(V, P)),
        equation("$R^k = I$.", MatPow(R, k), Identity(k - 1)),
    )


def _complement_steps(k: int) -> tuple[Step, ...]:
    _, _, P, _, padded, complement, high = _names(k)
    below = ImmutableMatrix.zeros(2, k)
    return (
        definition("$R$ in dimension $d = k + 1$,", padded, rotation(k, k + 1)),
        definition(
            "the complement of the simplex there,",
            complement,
            ImmutableMatrix.vstack(ImmutableMatrix.zeros(k - 1, 2), ImmutableMatrix.eye(2)),
        ),
        definition("and its vertices.", high, ImmutableMatrix.vstack(vertices(k), below)),
        equation("The columns of $C$ are orthonormal", MatMul(complement.T, complement), Identity(2)),
        equation("and orthogonal to the vertices.", MatMul(complement.T, high), ZeroMatrix(2, k)),
        equation("$R$ is the identity on the complement,", MatMul(padded, complement), complement),
        equation("still permutes the vertices,", MatMul(padded, high), MatMul(high, P)),
        equation("and is still orthogonal.", MatMul(padded.T, padded), Identity(k + 1)),
    )


def derive_general() -> Derivation:
    k, n, i, s = COUNT, *(component(name) for name in "nis")
    scale = k / (k - 1)
    d = sympy.Symbol("d", integer=True, positive=True)
    R, V, P = MatrixSymbol("R", d, d), MatrixSymbol("V", d, k), MatrixSymbol("P", k, k)
    steps = (
        meant(
            "$v_j = √(k/(k−1)) (e_j − (e_0 + … + e_{k−1})/k)$: the unit vectors of $R^k$ projected onto the "
            "hyperplane of sum zero, a copy of $R^{k−1}$, and scaled. One coordinate of $e_j − 1/k$ is $1 − 1/k$, "
            "the other $k − 1$ are $−1/k$:",
            related(_SAME, "==", scale * ((1 - 1 / k) ** 2 + (k - 1) / k**2)),
            {_SAME: scale * total((KroneckerDelta(n, i) - 1 / k) ** 2, n)},
            label="same",
        ),
        combination("the $v_j$ are unit vectors.", related(_SAME, "==", sympy.S.One), {"same": 1}),
        meant(
            "For $i ≠ j$, the larger of which is $i + s + 1$, two coordinates contribute $(1 − 1/k)(−1/k)$, the other "
            "$k − 2$ contribute $1/k²$:",
            related(_OTHER, "==", scale * (-2 * (1 - 1 / k) / k + (k - 2) / k**2)),
            {_OTHER: scale * total((KroneckerDelta(n, i) - 1 / k) * (KroneckerDelta(n, i + s + 1) - 1 / k), n)},
            label="other",
        ),
        combination("inner products $−1/(k−1)$.", related(_OTHER, "==", -1 / (k - 1)), {"other": 1}),
        prose(
            "The cyclic shift $P e_j = e_{j+1}$ permutes the coordinates: it is orthogonal, $P^k = I$, it maps the "
            "hyperplane, where the $v_j$ are, to itself and $v_j$ to $v_{j+1}$. $R$ is $P$ on the hyperplane and "
            "the identity on any orthogonal complement: in every dimension $d ≥ k − 1$ it is orthogonal,",
            related(MatMul(R.T, R), "==", Identity(d)),
        ),
        prose("$R$ has the order $k$ as $P$ has.", related(MatPow(R, k), "==", Identity(d))),
        prose("$R$ permutes the vertices as $P$ does.", related(MatMul(R, V), "==", MatMul(V, P))),
    )
    return STATEMENT.derivation(
        variables=(
            Variable(_SAME, sympy.Interval(-oo, oo)),
            Variable(_OTHER, sympy.Interval(-oo, oo), "for different components"),
            Variable(d, sympy.Range(1, oo), "the dimension, at least $k − 1$"),
            Variable(R, MatrixSet(d, d, sympy.S.Reals)),
            Variable(V, MatrixSet(d, k, sympy.S.Reals)),
            Variable(P, MatrixSet(k, k, sympy.S.Reals)),
        ),
        hypotheses=("rotation",),
        exist_under={R: ("rotation",), V: ("rotation",)},
        conclusions=(
            related(_SAME, "==", 1),
            related(_OTHER, "==", -1 / (k - 1)),
            related(MatMul(R.T, R), "==", Identity(d)),
            related(MatPow(R, k), "==", Identity(d)),
            related(MatMul(R, V), "==", MatMul(V, P)),
        ),
        source="Section 2 of the paper (construction of $R$)",
        scope="every $k ≥ 2$ and $d ≥ k − 1$",
        steps=steps,
    )
