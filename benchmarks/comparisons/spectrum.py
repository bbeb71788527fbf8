"""The spectral gap: exact beside SymPy's eigenvalues of AᵀA and NumPy's singular values.

The exact route compares sums of cosines in a cyclotomic field. SymPy finds the eigenvalues of the matrix as algebraic
numbers, and its digits are taken from them.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
import sympy

from benchmarks.comparison import Comparison, Scale, Side
from benchmarks.truth import agreement
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate

DIGITS = 30


def sympy_gap(case: Case) -> Fraction:
    """Smallest eigenvalue of AᵀA orthogonal to the ones, with A the circulant of the weights."""
    weights = [sympy.Rational(w.numerator, w.denominator) for w in case.weights]
    matrix = sympy.Matrix(case.k, case.k, lambda i, j: weights[(i - j) % case.k])
    eigenvalues = (matrix.T * matrix).eigenvals()
    smallest = min(sympy.re(value.evalf(DIGITS)) for value in eigenvalues)
    return Fraction(str(smallest))


def numpy_gap(case: Case) -> float:
    return float((np.abs(np.fft.fft([float(w) for w in case.weights]))[1:] ** 2).min())


def measured(scale: Scale) -> Iterator[Comparison]:
    for k, weights in {
        "tiny": [(3, "1/2,3/10,1/5")],
        "quick": [(4, "2/5,3/10,1/5,1/10"), (6, "linear")],
        "full": [(4, "2/5,3/10,1/5,1/10"), (6, "linear"), (8, "linear")],
    }[scale]:
        case = make_case(k, weights)

        def right(value: object, case: Case = case) -> float:
            truth = Fraction(evaluate("spectral_gap", case, {}, DIGITS + 15).midpoint)
            return agreement(Fraction(getattr(value, "midpoint", value)), truth, DIGITS)

        sides = (
            Side("exact route", partial(evaluate, "spectral_gap", case, {}, DIGITS, "exact"), right),
            Side("SymPy eigenvals", partial(sympy_gap, case), right),
            Side("NumPy fft", partial(numpy_gap, case), right),
        )
        yield Comparison(f"spectral gap, k = {k}, {weights}", sides)
