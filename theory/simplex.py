"""The regular simplex and the rotation of its vertices, exactly, for every number of vertices.

All of R^k with zero coordinate sum is a copy of R^{k−1}; the projections of the k unit vectors onto it are the vertices
of a regular simplex, and the cyclic shift of the coordinates permutes them. Written in an orthonormal basis of
that hyperplane (Helmert's, whose entries are square roots of rationals) this is the paper's R.
"""

import sympy


def basis(k: int) -> sympy.ImmutableMatrix:
    """Helmert's orthonormal basis of the sum-zero hyperplane, as the rows of a (k−1) × k matrix.

    Row i (from 1) is (1, …, 1, −i, 0, …, 0)/√(i(i+1)) with i ones.
    """
    if k < 2:
        raise ValueError(f"a simplex needs k >= 2 vertices, not {k}")

    def entry(row: int, column: int) -> sympy.Expr:
        i = row + 1
        return (1 if column < i else -i if column == i else 0) / sympy.sqrt(i * (i + 1))

    return sympy.ImmutableMatrix(k - 1, k, entry)


def shift(k: int) -> sympy.ImmutableMatrix:
    """Permutation matrix P of the cyclic shift, P e_j = e_{j+1}, indices modulo k."""
    return sympy.ImmutableMatrix(k, k, lambda i, j: int(i == (j + 1) % k))


def vertices(k: int) -> sympy.ImmutableMatrix:
    """Unit vectors v_0, …, v_{k−1} with ⟨v_i, v_j⟩ = −1/(k−1), as the columns of a (k−1) × k matrix."""
    return sympy.sqrt(sympy.Rational(k, k - 1)) * basis(k)


def rotation(k: int, dimension: int | None = None) -> sympy.ImmutableMatrix:
    """Orthogonal R with R v_j = v_{j+1}, the identity on the orthogonal complement of the simplex of k ≥ 2 vertices.

    The simplex lies in the first k − 1 of d ≥ k − 1 coordinates.
    """
    matrix = (basis(k) * shift(k) * basis(k).T).applyfunc(sympy.expand)
    complement = 0 if dimension is None else dimension - (k - 1)
    if complement < 0:
        raise ValueError(f"a simplex with {k} vertices needs dimension >= {k - 1}, not {dimension}")
    return sympy.ImmutableMatrix(sympy.diag(matrix, sympy.eye(complement)))


def rotations(k: int) -> tuple[sympy.ImmutableMatrix, ...]:
    """I, R, R², …, R^{k−1} in dimension k − 1."""
    H = basis(k)
    return tuple((H * shift(k) ** j * H.T).applyfunc(sympy.expand) for j in range(k))
