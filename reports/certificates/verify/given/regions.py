"""The gradient function of a mixing distribution on boxes, which are halved until what is to be shown of them is.

In units of σ, e^{−(v − s)²/2} = Σ_k e^{−v²/2} He_k(v) s^k/k!, so that near a centre D is a polynomial
but for the end of the series (T26).
"""

from flint import arb, arb_mat, arb_poly

from ..balls import UNIT, is_positive_definite
from ..reading import UNDECIDED, require

ORDERS = {1: 24, 2: 20, 3: 20}
"""Terms of a series in each coordinate, by the number of these: a choice."""
CELL, REACH = arb(1) / 2, arb(33) / 64
"""Half-width of a box with one polynomial, at most, and how far its parts reach, rounded as they are: a choice."""
LEAST = arb(2) ** -75
"""What a point has to add to D somewhere in a box to be looked at there: a choice."""
SMALLEST = arb(2) ** -40
MOST = 10_000_000
"""Boxes: a choice."""


def covered(first, settled):
    """Halve a box until all are settled; return how many were looked at."""
    waiting, seen = [first], 0
    while waiting:
        region = waiting.pop()
        seen += 1
        if not settled(region):
            small = seen > MOST or max(half for _, half in region.box) < SMALLEST
            require(not small, "boxes would be too small, or too many", UNDECIDED)
            waiting += map(region.part, halves(region.box))
    return seen


def halves(box):
    """Return the halves of a box along its longest side, with what rounding makes of their centres."""
    wide = max(range(len(box)), key=lambda a: box[a][1])
    half = box[wide][1] / 2
    for middle in (box[wide][0] - half, box[wide][0] + half):
        yield [*box[:wide], (middle.mid(), (half + middle.rad()).upper()), *box[wide + 1 :]]


class Wide:
    """A box wider than a cell: points are as near as they can be, and those that count for nothing are left out."""

    value = arb(-1)

    def __init__(self, points, left, box):
        self.box, self.near, self.left, self.total = box, [], left, left
        for x, a in points:
            away = sum(((abs(u - c) - h).max(arb(0)) ** 2 for u, (c, h) in zip(x, box, strict=True)), arb(0))
            # Of second derivatives, too: (u² + 1)e^{−u²/2} is at most 4e^{−3u²/8}.
            most = 4 * a * (away * arb(-0.375)).exp()
            if most < LEAST:
                self.left += most
            else:
                self.near.append((x, a))
                self.total += a * (away / -2).exp()

    def upper(self):
        """Return an upper bound of D on the box."""
        return self.total + self.left - 1

    def is_concave(self):
        """Return that this is not known."""
        return False

    def part(self, box):
        """Return what is known of a part."""
        narrow = all(half <= CELL for _, half in box)
        found = Wide(self.near, self.left, box)
        return InCell(Cell(found.near, found.left, box), box) if narrow else found


class Cell:
    """The polynomial of a box about its centre, and a bound of what it leaves out of D and its derivatives."""

    def __init__(self, points, left, box):
        self.centre, m = [c for c, _ in box], len(box)
        self.order = ORDERS[m]
        steps = [[u - c for u, c in zip(x, self.centre, strict=True)] for x, _ in points]
        squares = [sum((v * v for v in step), arb(0)) for step in steps]
        rows = [[a * (square / -2).exp() for square, (_, a) in zip(squares, points, strict=True)]]
        for axis in range(m):
            powers = hermite([step[axis] for step in steps], self.order)
            if axis < m - 1:
                rows = [[x * y for x, y in zip(row, power, strict=True)] for row in rows for power in powers]
        table = (arb_mat(rows) * arb_mat(powers).transpose()).tolist() if points else [[arb(0)]]
        self.lines = [[derived(arb_poly(row), n) for n in range(3)] for row in table]
        # The k-th coefficient is at most e^{−v²/4}(e/k)^{k/2}; from the order on each term is half the last, or less.
        sizes = [(1 + k * k) * (arb(1).exp() / k).sqrt() ** k * REACH ** (k - 2) for k in range(1, self.order + 1)]
        rest = 2 * m * sizes[-1] * (1 / REACH**2 + sum(sizes) + sizes[-1]) ** (m - 1)
        self.rest = left + rest * sum(
            (a * (square / -4).exp() for square, (_, a) in zip(squares, points, strict=True)), arb(0)
        )

    def derivative(self, orders, s):
        """Return a derivative of D + 1 at s from the centre."""
        numbers = [line[orders[-1]](s[-1]) for line in self.lines]
        for n, x in list(zip(orders, s, strict=True))[-2::-1]:
            parts = [numbers[i : i + self.order] for i in range(0, len(numbers), self.order)]
            numbers = [derived(arb_poly(part), n)(x) for part in parts]
        return numbers[0] + UNIT * self.rest


class InCell:
    """A box in a cell: D at its centre, its slopes there, and its second derivatives on all of it."""

    def __init__(self, cell, box):
        self.cell, self.box = cell, box
        s = [c - middle for (c, _), middle in zip(box, cell.centre, strict=True)]
        around = [x + UNIT * half for x, (_, half) in zip(s, box, strict=True)]
        unit = [[int(a == b) for b in range(len(s))] for a in range(len(s))]
        self.value = cell.derivative([0] * len(s), s) - 1
        self.slopes = [cell.derivative(each, s) for each in unit]
        self.curved = [
            [cell.derivative([x + y for x, y in zip(one, two, strict=True)], around) for two in unit] for one in unit
        ]

    def upper(self):
        """Return an upper bound of D on the box, by Taylor's formula (T1)."""
        result = self.value
        for i, (_, half) in enumerate(self.box):
            slope, second = abs(self.slopes[i]).upper(), self.curved[i][i].upper()
            inside = second < 0 and slope < -second * half
            result += slope * slope / (-2 * second) if inside else slope * half + second * half * half / 2
            for j in range(i):
                result += abs(self.curved[i][j]).upper() * half * self.box[j][1]
        return result.upper()

    def is_concave(self):
        """Whether D is concave on the box: second derivatives are at most −M, in the order of matrices."""
        whole, sides = arb_mat(self.curved), range(len(self.box))
        spread = max((sum((x.rad() for x in row), arb(0)).upper() for row in self.curved), key=float)
        bend = [[(-whole[a, b].mid() - (2 * spread).mid() * (a == b)).mid() for b in sides] for a in sides]
        return is_positive_definite(arb_mat(bend))

    def part(self, box):
        """Return what is known of a part."""
        return InCell(self.cell, box)


def hermite(steps, order):
    """Return He_k(v)/k! for k below the order: F_{k+1} = (vF_k − F_{k−1})/(k + 1)."""
    found = [[arb(1)] * len(steps), steps]
    for k in range(1, order - 1):
        found.append([(v * x - y) / (k + 1) for v, x, y in zip(steps, found[-1], found[-2], strict=True)])
    return found


def derived(polynomial, n):
    """Return the n-th derivative."""
    for _ in range(n):
        polynomial = polynomial.derivative()
    return polynomial
