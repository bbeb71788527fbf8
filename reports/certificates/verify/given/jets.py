"""Numbers that depend on parameters, with their first and second derivatives: forward differentiation in balls."""

from functools import reduce

from flint import acb, acb_mat, arb, arb_mat, ctx

from ..balls import UNIT
from ..reading import NOT_COVERED, UNDECIDED, require


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

    def sqrt(self):
        """Return its square root."""
        return (self.log() * arb(0.5)).exp()

    def __pow__(self, n):
        if isinstance(n, Jet):
            require(not n.first and n.value.is_integer(), "powers that are no integers in a model", NOT_COVERED)
            n = n.value
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
    result: dict[tuple[int, int], arb] = {}
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
            if other is not row and (factor.first or not factor.value.is_zero()):
                other[:] = [x - y * factor for x, y in zip(other, row, strict=True)]
    return [[row[size + c] for row in rows] for c in range(len(columns))], pivots


def eigenvalues(matrix):
    """Return the eigenvalues of a matrix, by their real parts from below.

    Eigenvectors of a matrix near by, whose eigenvalues are different, make it nearly diagonal (T25).
    """
    p = matrix.nrows()
    apart = arb_mat([[arb(2) ** (-ctx.prec // 4) * (i + 1) * (i == j) for j in range(p)] for i in range(p)])
    try:
        _, vectors = acb_mat((matrix.mid() + apart).mid()).eig(right=True)
        turned = (vectors.mid().inv() * acb_mat(matrix) * vectors.mid()).tolist()
    except (ValueError, ZeroDivisionError):
        require(False, "eigenvalues are not told apart", UNDECIDED)
    radius = reduce(
        arb.max,
        (
            sum((abs(x) for j, x in enumerate(row) if j != i), abs(row[i] - row[i].mid()))
            for i, row in enumerate(turned)
        ),
    )
    # Where discs meet, all of them together hold as many eigenvalues.
    return sorted(
        (row[i].mid() + acb(UNIT, UNIT) * radius * 2 * p for i, row in enumerate(turned)),
        key=lambda x: float(x.real.mid()),
    )


def ends(matrix):
    """Return a lower bound of the least eigenvalue of a symmetric matrix, and an upper one of the largest."""
    near = ((matrix + matrix.transpose()).mid() / 2).mid()
    found, away = eigenvalues(near), norm(matrix - near)
    return (found[0].real - away).lower(), (found[-1].real + away).upper()


def largest(slopes, covariance):
    """Return an upper bound of ‖SᵀVS‖."""
    low, high = ends(slopes.transpose() * covariance * slopes)
    return high.max(-low)


def orthonormal(form):
    """Return exact X with XᵀCX nearly I, by Gram and Schmidt's steps."""
    p, columns = form.nrows(), list[arb_mat]()
    for i in range(p):
        vector = column([arb(int(i == j)) for j in range(p)])
        for each in columns:
            vector -= each * (each.transpose() * form * vector)[0, 0]
        length = (vector.transpose() * form * vector)[0, 0]
        require(length > 0, "the complete information is singular", UNDECIDED)
        columns.append((vector / length.sqrt()).mid())
    return arb_mat([each.entries() for each in columns]).transpose()


def identity(p):
    """Return I."""
    return arb_mat([[int(i == j) for j in range(p)] for i in range(p)])


def column(entries):
    """Return a vector."""
    return arb_mat([[x] for x in entries])


def norm(matrix):
    """Return an upper bound of the norm: the root of the sum of squares, or of the largest sums in rows and columns."""
    sizes = arb_mat([[abs(x).upper() for x in row] for row in matrix.tolist()])
    rows, columns = (reduce(arb.max, [sum(x, arb(0)) for x in each.tolist()]) for each in (sizes, sizes.transpose()))
    return sum((x**2 for x in sizes.entries()), arb(0)).sqrt().min((rows * columns).sqrt()).upper()


def scaled(rows, factors):
    """Return a matrix with each column times a number."""
    return arb_mat([[x * y for x, y in zip(row, factors, strict=True)] for row in rows])


def size_of(vector):
    """Return an upper bound of Euclid's norm."""
    return sum((abs(x).upper() ** 2 for x in vector), arb(0)).sqrt().upper()
