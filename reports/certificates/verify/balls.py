"""Balls, signs, and jets: a function near the centre of a box by its value there, its range, and its slopes."""

from flint import acb, arb, arb_mat, ctx, fmpq

ONE, HALF, QUARTER = fmpq(1), fmpq(1, 2), fmpq(1, 4)
UNIT = arb(0, 1)
"""The ball from −1 to 1."""

ANY, RISING, FALLING = {-1, 0, 1}, {0, 1}, {-1, 0}
"""Signs that a number may have."""


def up_to(x):
    """Return a ball from 0, exactly, to the largest modulus in another."""
    half = arb(0, abs(x).upper() / 2)
    return half + half.rad()


def power(x, n):
    """Return xⁿ, n > 0, for a ball, also around zero, where the library gives no number."""
    if n == 1:
        return x
    if n % 2 == 0 and x.contains(0):
        return up_to(abs(x).upper() ** n)
    return x * x if n == 2 else (acb(x) ** n).real + 0 * x


def signs_of(x):
    """Return the signs of the numbers in a ball."""
    excluded = {-1: x >= 0, 0: x > 0 or x < 0, 1: x <= 0}
    return {sign for sign, is_excluded in excluded.items() if not is_excluded}


def product_of(signs, others, n=1):
    """Return the signs of xyⁿ."""
    return {a * b**n for a in signs for b in others}


def jet(centre, natural, slopes):
    """Return centre, range and slopes of a function centre + Σ slopes_i h_i, |h_i| ≤ 1 (T1).

    Its values are in the ball `natural` as well.
    """
    linear = sum((slope * UNIT for slope in slopes), centre)
    if natural.is_finite() and linear.is_finite() and linear.overlaps(natural) and not linear.contains(natural):
        natural = natural.intersection(linear)
    return centre, natural if natural.is_finite() else linear, slopes


def increasing_root(function, high):
    """Return a ball around the root of an increasing function between 0 and what is no less than the root."""
    low, high = arb(0), arb(high)
    for _ in range(2 * ctx.prec):
        middle = ((low + high) / 2).mid()
        value = function(middle)
        low, high = middle if value < 0 else low, middle if value > 0 else high
    return low.union(high)


def remembered(method):
    """Keep in an object what a method returns, computed with the bits of the object."""

    def wrapper(self, *given):
        key = method.__name__, *given
        if key not in self.known:
            with ctx.workprec(self.bits):
                self.known[key] = method(self, *given)
        return self.known[key]

    return wrapper


def is_positive_definite(matrix):
    """Whether all leading minors of a symmetric matrix are positive (Sylvester)."""
    rows = matrix.tolist()
    return all(arb_mat([row[:n] for row in rows[:n]]).det() > 0 for n in range(1, len(rows) + 1))
