"""Krawczyk's test: one zero of a map in a box, and no other.

The test is that of Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, chapter 8. With m the centre and
Y an approximate inverse of the Jacobian J there, m − YF(m) + (I − YJ(box))(box − m) must lie inside the box.
"""

from collections.abc import Sequence

import flint


def has_one_zero(
    centre: Sequence[flint.arb],
    box: Sequence[flint.arb],
    values: Sequence[flint.arb],
    near: flint.arb_mat,
    wide: flint.arb_mat,
) -> bool:
    """Whether the test shows that n functions have exactly one zero in a box of n balls, inside it.

    The values are enclosures of the functions at the centre; `near` and `wide` enclose their n × n Jacobian at the
    centre and over the box.
    """
    try:
        inverse = near.inv().mid()
    except ZeroDivisionError:
        return False
    size = len(centre)
    identity = flint.arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    column = flint.arb_mat(size, 1, list(values))
    around = flint.arb_mat(size, 1, [side - middle for side, middle in zip(box, centre, strict=True)])
    moved = (identity - inverse * wide) * around - inverse * column
    return all(box[i].contains_interior(centre[i] + moved[i, 0]) for i in range(size))


def newton_step(values: Sequence[flint.arb], jacobian: flint.arb_mat) -> list[flint.arb]:
    """Return J⁻¹F, whose midpoint takes a zero nearer; ZeroDivisionError if J is not seen to be regular."""
    column = jacobian.solve(flint.arb_mat(len(values), 1, list(values)))
    return [column[i, 0].mid() for i in range(len(values))]
