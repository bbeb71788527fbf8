"""The weights in frequency: A = Σ π_j R^j has the eigenvalues π̂_m = Σ π_j e^{2πi jm/k}, and the rate is in |π̂_m|².

With rational weights every |π̂_m|² = Σ_s a_s cos(2π ms/k), a the cyclic autocorrelation of the weights, is a real
number of the k-th cyclotomic field, and `emtheory.theory.cyclotomic` decides all questions about it exactly.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from numbers import Rational

import sympy

from emtheory.theory import cyclotomic
from emtheory.theory.simplex import basis
from emtheory.theory.sums import COUNT


def autocorrelation(weights: Sequence[Rational]) -> tuple[Fraction, ...]:
    """Cyclic autocorrelation a_s = Σ_j π_j π_{j+s} = a_{k−s}, indices modulo k; ValueError without weights ≥ 0."""
    integers, denominator = integer_autocorrelation(weights)
    return tuple(Fraction(integer, denominator) for integer in integers)


def integer_autocorrelation(weights: Sequence[Rational]) -> tuple[list[int], int]:
    """Return the same as integers over one denominator."""
    if not weights or min(weights) < 0:
        raise ValueError("weights must be a non-empty sequence of non-negative rationals")
    k, denominator = len(weights), lcm(*(int(weight.denominator) for weight in weights))
    integers = [int(weight.numerator) * (denominator // int(weight.denominator)) for weight in weights]
    # Kronecker substitution: the product of the weights' polynomial and its reversal modulo x^k − 1, with x a power of
    # two so large that the coefficients do not overlap, is one product of integers modulo x^k − 1.
    width = (2 * sum(integers).bit_length()) // 8 + 1
    reversed_integers = [integers[0], *reversed(integers[1:])]
    modulus = (sympy.ZZ(1) << (8 * width * k)) - 1
    product = int(_pack(integers, width) * _pack(reversed_integers, width) % modulus)
    digits = product.to_bytes(width * k, "little")
    return [int.from_bytes(digits[width * s : width * (s + 1)], "little") for s in range(k)], denominator**2


def _pack(integers: Sequence[int], width: int) -> sympy.Integer:
    # SymPy's integers multiply in almost linear time (GMP or FLINT), Python's do not.
    return sympy.ZZ(int.from_bytes(b"".join(i.to_bytes(width, "little") for i in integers), "little"))


def fold(sequence: Sequence[Fraction], m: int) -> tuple[Fraction, ...]:
    """Coefficients in powers of ζ_n, n = k / gcd(k, m), of Σ_s a_s ζ_k^{ms}, which is π̂_m of the weights."""
    k = len(sequence)
    n = k // gcd(k, m)
    multiplier = m * n // k
    folded = [Fraction(0)] * n
    for s, value in enumerate(sequence):
        folded[multiplier * s % n] += value
    return tuple(folded)


def squared_modulus(weights: Sequence[Rational], m: int) -> sympy.Expr:
    """Give |π̂_m|² uniquely: rational, or Σ b_s cos(2πs/f) over a basis of the smallest real cyclotomic subfield."""
    return cosine_sum(fold(autocorrelation(weights), m))


def cosine_sum(coefficients: Sequence[Fraction]) -> sympy.Expr:
    """Write the real number Σ c_t ζ_n^t in the form described in `squared_modulus`."""
    lowest = cyclotomic.lowest_conductor(coefficients)
    constant, *others = cyclotomic.real_coordinates(lowest)
    angle = 2 * sympy.pi / len(lowest)
    terms = [2 * sympy.Rational(b) * sympy.cos(s * angle) for s, b in enumerate(others, start=1) if b]
    return sympy.factor_terms(sympy.Add(sympy.Rational(constant), *terms))


def eigenvalue(weights: Sequence[sympy.Expr], m: int) -> sympy.Expr:
    """π̂_m = Σ_j π_j e^{2πi jm/k}, for weights that may be symbols."""
    k = len(weights)
    return sympy.Add(*(p * root_of_unity(j * m, k) for j, p in enumerate(weights)))


def eigenvectors(k: int, conjugate: bool = False) -> sympy.ImmutableMatrix:
    """Columns f_m = (e^{−2πi jm/k})_j, m from 1 to k − 1, or their conjugates: eigenvectors of every circulant."""
    sign = 1 if conjugate else -1
    return sympy.ImmutableMatrix(k, k - 1, lambda j, column: root_of_unity(sign * j * (column + 1), k))


def circulant(weights: Sequence[sympy.Expr]) -> sympy.ImmutableMatrix:
    """C = Σ_j π_j P^j, P the cyclic shift of the coordinates."""
    k = len(weights)
    return sympy.ImmutableMatrix(k, k, lambda i, j: weights[(i - j) % k])


def matrix_a(weights: Sequence[sympy.Expr]) -> sympy.ImmutableMatrix:
    """A = Σ_j π_j R^j on the span of the simplex, (k−1) × (k−1); on its complement A is 1, as Σ_j π_j = 1."""
    H = basis(len(weights))
    return (H * circulant(weights) * H.T).applyfunc(sympy.expand)


def root_of_unity(j: int, k: int) -> sympy.Expr:
    """e^{2πi j/k}."""
    return sympy.exp(2 * sympy.pi * sympy.I * sympy.Rational(j % k, k))


def generic_root(exponent: sympy.Expr) -> sympy.Expr:
    """e^{2πi·exponent/k} with k a symbol; periodic in integer exponents."""
    return sympy.exp(2 * sympy.pi * sympy.I * exponent / COUNT)
