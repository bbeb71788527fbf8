"""Two families of finite groups of orthogonal maps, exactly: dihedral groups of the plane and dicyclic ones of R⁴.

The dihedral group D_n has the 2n maps z ↦ ω^a z and z ↦ ω^a z̄ of the complex plane, ω = e^{2πi/n}: D_2 is Klein's four
group, D_3 the symmetric group S_3 in its two-dimensional irreducible representation. The dicyclic group of order 4n
has the unit quaternions ζ^a and ζ^a j, ζ = e^{πi/n}, which act on R⁴ from the left; n = 2 is the quaternion group.
The order n and the exponents a are numbers or symbols, n then `emtheory.theory.sums.COUNT` or twice it.
"""

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

import sympy
from sympy import ImmutableMatrix

from emtheory.theory.fourier import root_of_unity
from emtheory.theory.sums import COUNT, total

Order: TypeAlias = sympy.Expr | int
"""n or an exponent, as a number or a symbol."""

Quaternion = tuple[sympy.Expr, sympy.Expr, sympy.Expr, sympy.Expr]
"""w + xi + yj + zk."""

CONJUGATION = ImmutableMatrix([[1, 0], [0, -1]])
"""z ↦ z̄."""


def around(function: Callable[..., sympy.Expr], order: Order, indices: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    """Sum over a = 0, …, order − 1: written out for a number, over the symbols for `emtheory.theory.sums.COUNT`."""
    if order == COUNT:
        return total(function(*indices), *indices)
    return sympy.Add(*(function(*values) for values in product(range(order), repeat=len(indices))))


def cosine(a: Order, n: Order) -> sympy.Expr:
    """cos(2πa/n) as a half sum of roots of unity."""
    return (_root(a, n) + _root(-a, n)) / 2


def sine(a: Order, n: Order) -> sympy.Expr:
    """sin(2πa/n) likewise."""
    return (_root(a, n) - _root(-a, n)) / (2 * sympy.I)


def _root(a: Order, n: Order) -> sympy.Expr:
    if isinstance(a, int) and isinstance(n, int):
        return root_of_unity(a, n)
    return sympy.exp(2 * sympy.pi * sympy.I * a / n)


def plane_rotation(a: Order, n: Order) -> sympy.ImmutableMatrix:
    """z ↦ e^{2πi a/n} z."""
    return ImmutableMatrix([[cosine(a, n), -sine(a, n)], [sine(a, n), cosine(a, n)]])


def left_multiplication(q: Quaternion) -> sympy.ImmutableMatrix:
    """The 4 × 4 matrix of v ↦ qv on quaternions."""
    w, x, y, z = q
    return ImmutableMatrix([[w, -x, -y, -z], [x, w, -z, y], [y, z, w, -x], [z, -y, x, w]])


def quaternion_product(p: Quaternion, q: Quaternion) -> Quaternion:
    """The product pq, from i² = j² = k² = ijk = −1."""
    a, b, c, d = p
    w, x, y, z = q
    return (
        a * w - b * x - c * y - d * z,
        a * x + b * w + c * z - d * y,
        a * y - b * z + c * w + d * x,
        a * z + b * y - c * x + d * w,
    )


def dicyclic_element(a: Order, n: Order, *, times_j: bool = False) -> Quaternion:
    """ζ^a, or ζ^a j, for ζ = e^{πi/n}, n ≥ 2, in the group of 4n elements; a, a symbol perhaps, counts modulo 2n."""
    c, s = cosine(a, 2 * n), sine(a, 2 * n)
    zero = sympy.S.Zero
    return (zero, zero, c, s) if times_j else (c, s, zero, zero)
