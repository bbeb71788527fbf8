from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest

from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.numerics.sweep.cell import Cell, cell_key

Grid = Callable[..., Mapping[str, Cell]]


@pytest.fixture
def grid() -> Grid:
    """k = 2..n+1 → keyed cells of KL at radius 1."""

    def make(count: int, digits: int = 15, quantity: str = "kl_divergence") -> Mapping[str, Cell]:
        cells = [
            Cell(k, "one-heavy:3/5", k - 1, Fraction(1), quantity, (), digits, "auto") for k in range(2, count + 2)
        ]
        return {cell_key(cell, cell.case(), code_fingerprint()): cell for cell in cells}

    return make
