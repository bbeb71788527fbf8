"""Numbers that depend on parameters, with their first and second derivatives: forward differentiation in balls."""

from flint import arb


class Jet:
    """A value, and what is not 0 of its derivatives: by variable, and by pairs of variables in order."""

    def __init__(self, value, first=None, second=None):
        self.value, self.first, self.second = arb(value), first or {}, second or {}

    def __add__(self, other):
        other = jet(other)
        return Jet(self.value + other.value, sums(self.first, other.first), sums(self.second, other.second))

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return self.through(self.value * other, arb(other), arb(0))
        first = sums(times(self.first, other.value), times(other.first, self.value))
        second = sums(times(self.second, other.value), times(other.second, self.value))
        return Jet(self.value * other.value, first, sums(second, products(self.first, other.first)))

    def through(self, value, first, second):
        """Return a function of it, whose value and derivatives are given."""
        own = {} if second == 0 else times(products(self.first, self.first), second / 2)
        return Jet(value, times(self.first, first), sums(times(self.second, first), own))

    def exp(self):
        """Return e to its power."""
        value = self.value.exp()
        return self.through(value, value, value)

    def log(self):
        """Return its logarithm."""
        inverse = 1 / self.value
        return self.through(self.value.log(), inverse, -inverse * inverse)

    def __pow__(self, n):
        return self.through(self.value**n, n * self.value ** (n - 1), n * (n - 1) * self.value ** (n - 2))

    def __truediv__(self, other):
        return self * jet(other) ** -1

    def __sub__(self, other):
        return self + jet(other) * -1

    def __neg__(self):
        return self * -1

    __radd__, __rmul__ = __add__, __mul__


def jet(value):
    """Return a number as one that depends on nothing."""
    return value if isinstance(value, Jet) else Jet(value)


def variables(box):
    """Return parameters as jets."""
    return [Jet(value, {i: arb(1)}) for i, value in enumerate(box)]


def sums(left, right):
    """Return the sum of derivatives."""
    return {**left, **{key: left[key] + value if key in left else value for key, value in right.items()}}


def times(left, factor):
    """Return derivatives times a number."""
    return {key: value * factor for key, value in left.items()}


def products(left, right):
    """Return the second derivatives of a product that come of first ones."""
    result = {}
    for i, x in left.items():
        for j, y in right.items():
            key, term = (i, j) if i <= j else (j, i), x * y * (2 if i == j else 1)
            result[key] = result[key] + term if key in result else term
    return result


def solved(matrix, columns):
    """Return M⁻¹ times columns, and the pivots of M, by Gauss and Jordan's elimination."""
    rows = [[*row, *(column[i] for column in columns)] for i, row in enumerate(matrix)]
    size, pivots = len(rows), []
    for i, row in enumerate(rows):
        pivots.append(row[i])
        inverse = row[i] ** -1
        row[:] = [each * inverse for each in row]
        for other in rows:
            factor = other[i]
            if other is not row and (factor.first or factor.value != 0):
                other[:] = [x - y * factor for x, y in zip(other, row, strict=True)]
    return [[row[size + c] for row in rows] for c in range(len(columns))], pivots
