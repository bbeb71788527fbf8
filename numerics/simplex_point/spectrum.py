"""The exact spectrum |π̂_m|² of AᵀA, and its minimum decided exactly."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, cosine_sum
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.weights import Weights
from emtheory.theory.cyclotomic import lowest_conductor, real_coordinates
from emtheory.theory.fourier import fold, integer_autocorrelation


def squared_modulus(weights: Weights, m: int) -> Algebraic:
    """|π̂_m|² = Σ_s a_s cos(2πms/k) as an exact number, rational whenever it is one."""
    return _real(_canonical(_centred_autocorrelation(weights), m))


def real_number(coefficients: Sequence[Fraction]) -> Algebraic:
    """Return the real part of Σ c_j e^{2πi j/k} as an exact number, rational whenever it is one."""
    count = len(coefficients)
    return _real(lowest_conductor([(coefficients[j] + coefficients[-j % count]) / 2 for j in range(count)]))


def _real(canonical: Sequence[Fraction]) -> Algebraic:
    constant, *others = real_coordinates(canonical)
    cosines = [constant, *(2 * coordinate for coordinate in others)]
    return cosine_sum(cosines + [Fraction(0)] * (len(canonical) - len(cosines)))


def smallest_squared_modulus(weights: Weights) -> Algebraic:
    """Min over m ≠ 0 of |π̂_m|², exactly."""
    sequence = _centred_autocorrelation(weights)
    return _real(_canonical(sequence, smallest_frequency(weights, sequence)))


def largest_squared_modulus(weights: Weights) -> flint.arb:
    """Max over m ≠ 0 of |π̂_m|², which is ‖A‖² on the simplex's span, at the precision in force."""
    return reduce(flint.arb.max, _power_spectrum(weights)[1:])


def smallest_frequency(weights: Weights, sequence: Sequence[Fraction]) -> int:
    """Return the first m ≥ 1 with the smallest |π̂_m|², Σ_s a_s cos(2πms/k) of a sequence a; 1 if all are alike.

    What balls do not tell apart the cyclotomic field does.
    """
    if not any(sequence[1:]):
        return 1
    candidates = list(range(1, len(weights) // 2 + 1))
    bits = 64
    while True:
        with arb_precision(bits):
            powers = _power_spectrum(weights)
            lowest = min(powers[m].upper() for m in candidates)
            candidates = [m for m in candidates if powers[m].lower() <= lowest]
        if len(candidates) == 1 or _all_equal(sequence, candidates):
            return candidates[0]
        bits *= 2


def _power_spectrum(weights: Weights) -> list[flint.arb]:
    transform = flint.acb.dft([flint.fmpq(w.numerator, w.denominator) for w in weights])
    # A product: python-flint's x**2 is nan for a ball that contains zero.
    return [value.real * value.real + value.imag * value.imag for value in transform]


def _all_equal(sequence: Sequence[Fraction], frequencies: Sequence[int]) -> bool:
    first = _canonical(sequence, frequencies[0])
    return all(_canonical(sequence, m) == first for m in frequencies[1:])


def _canonical(sequence: Sequence[Fraction], m: int) -> tuple[Fraction, ...]:
    return lowest_conductor(fold(sequence, m))


def _centred_autocorrelation(weights: Weights) -> list[Fraction]:
    """Autocorrelation less its commonest value: for m ≠ 0 the transform is the same, as all roots sum to zero."""
    values, denominator = integer_autocorrelation(weights)
    ((commonest, _),) = Counter(values).most_common(1)
    zero = Fraction(0)
    return [Fraction(value - commonest, denominator) if value != commonest else zero for value in values]
