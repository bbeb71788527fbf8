"""Points of an interval, for statements that nothing encloses over a stretch of it."""

from fractions import Fraction

INNER_POINTS = 16
"""Beside the ends; an even number, for two kinds. A choice: each point costs an evaluation of the statement, and what
fails between all of them goes unseen."""


def sample_points(lower: Fraction, upper: Fraction) -> tuple[Fraction, ...]:
    """Return both ends and 16 points between, in the order in which they are worth trying.

    Half of the inner ones are spread by multiples of the golden ratio and half draw near to the lower end, where
    statements that are tight at the origin fail first.
    """
    # 610/987 is a convergent of the golden ratio's reciprocal: its multiples modulo 1 fill the interval evenly.
    spread = [Fraction(610 * i, 987) % 1 for i in range(1, INNER_POINTS // 2 + 1)]
    near = [Fraction(1, 2 ** (i + 1)) for i in range(1, INNER_POINTS // 2 + 1)]
    return (lower, upper, *sorted(lower + (upper - lower) * fraction for fraction in (*spread, *near)))
