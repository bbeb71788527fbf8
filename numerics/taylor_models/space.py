"""Polynomials of bounded total degree in a few variables: their terms, and how terms multiply."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

IntegerArray = NDArray[np.intp]


@dataclass(frozen=True)
class Space:
    """Polynomials in n variables of total degree up to d, by the coefficients of their terms.

    Attributes
    ----------
    variables, order
        n and d.
    exponents
        Of each term, sorted by total degree: the constant term first, then the n linear ones.
    """

    variables: int
    order: int
    exponents: tuple[tuple[int, ...], ...]

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        """The total degree of each term."""
        return tuple(map(sum, self.exponents))

    @cached_property
    def products(self) -> tuple[IntegerArray, ...]:
        """For each term t, the terms that t makes of the first terms, as many as do not leave the space."""
        index = {exponent: i for i, exponent in enumerate(self.exponents)}
        return tuple(
            np.array(
                [
                    index[tuple(a + b for a, b in zip(term, other, strict=True))]
                    for other, degree in zip(self.exponents, self.degrees, strict=True)
                    if degree + sum(term) <= self.order
                ],
                dtype=np.intp,
            )
            for term in self.exponents
        )

    def term(self, *variables: int) -> int:
        """Return the index of a product of variables."""
        return self.exponents.index(tuple(variables.count(i) for i in range(self.variables)))


@cache
def space(variables: int, order: int) -> Space:
    """Return the space of polynomials in so many variables of total degree up to `order`, at least 2."""
    exponents = (each for each in product(range(order + 1), repeat=variables) if sum(each) <= order)
    return Space(variables, order, tuple(sorted(exponents, key=lambda each: (sum(each), [-e for e in each]))))
