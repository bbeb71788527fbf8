"""Vectors, as far as proofs need them: scalar products of sums of multiples of a few that are named.

A vector is a `Vector`, its image under a map, a vertex of a simplex, or a sum of multiples of such; `products` writes
every scalar product out by its bilinearity.
"""

from collections.abc import Iterator

import sympy

from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.mean import Mean
from emtheory.theory.sums import COUNT, DIMENSION, Limits, renamed

__all__ = ["DATA", "METRIC", "STANDARD", "Across", "Adjoint", "Applied", "Axis", "Cell", "Chance"]
__all__ += ["Frequency", "Image", "Inner", "Mean", "Most", "Planar", "Power", "Reach", "Some"]
__all__ += ["Stretch", "Unit", "Vector", "Vertex", "ordered", "products", "second_moments", "terms"]


class Vector(sympy.Symbol):  # type: ignore[misc]  # SymPy is untyped
    """A vector of R^d; it commutes with numbers."""


class Unit(Vector):
    """A vector of norm 1."""


class Across(Vector):
    """A vector orthogonal to the vertices of the simplex."""


DATA = Vector("X")
"""The observation, of the law that hypotheses name."""

STANDARD = Vector("Z")
"""A vector of the law N(0, I_d), whatever the data are."""


METRIC = Vector("I")
"""The identity as a tensor of order 2, whose product with v ⊗ v is ⟨v, v⟩."""


class _Named(sympy.Expr):  # type: ignore[misc]
    is_commutative = True
    is_extended_real = True

    def __new__(cls, *parts: sympy.Expr | int) -> "_Named":
        """Make it, unevaluated."""
        made: _Named = sympy.Expr.__new__(cls, *map(sympy.sympify, parts))
        return made


class Image(_Named):
    """U_j v of an index j and a vector v."""


class Adjoint(_Named):
    """U_jᵀ v of an index j and a vector v."""


class Applied(_Named):
    """Σ v of a symmetric matrix Σ and a vector v."""


class Vertex(_Named):
    """v_j, one of the k unit vectors of sum 0 with equal angles."""


class Power(_Named):
    """v ⊗ … ⊗ v, n times, of n and a vector v."""


class Frequency(_Named):
    """f_m, a complex vector with Rf_m = e^{−2πim/k}f_m for the rotation R, in products that are linear in both."""


class Planar(_Named):
    """A unit vector in the plane that the rotation R turns by 2πm/k, of m; one that it keeps or turns round for k/2."""


class Axis(_Named):
    """e_n, one of orthonormal vectors."""


class Cell(_Named):
    """1 if ⟨X, v_j⟩ is the largest (the first of them), else 0."""

    is_nonnegative = True

    def __new__(cls, index: sympy.Expr | int, _data: Vector = DATA) -> "Cell":
        """Make it: it depends on the data."""
        made: Cell = sympy.Expr.__new__(cls, sympy.sympify(index), DATA)
        return made


class Inner(_Named):
    """⟨u, v⟩."""


class Chance(_Named):
    """The probability of an event, or of one of several: of symbols."""

    is_nonnegative = True


class Some(_Named):
    """One of a number of events: an event, its index, and how many there are."""

    @property
    def free_symbols(self) -> set[sympy.Basic]:
        """Symbols that it depends on: not the index."""
        event, index, number = self.args
        return set(event.free_symbols) - {index} | set(number.free_symbols)


class Most(_Named):
    """The largest of finitely many numbers: an expression and its index."""

    @property
    def free_symbols(self) -> set[sympy.Basic]:
        """Symbols that it depends on: not the index."""
        return set(self.args[0].free_symbols) - {self.args[1]}


class _OfUnits(_Named):
    """A number of the images of unit vectors: what is made of a vector, linearly, and that vector, bound here."""

    is_nonnegative = True

    @property
    def free_symbols(self) -> set[sympy.Basic]:
        """Symbols that it depends on: not the vector."""
        return set(self.args[0].free_symbols) - {self.args[1]}

    def of(self, vector: sympy.Expr) -> sympy.Expr:
        """Return the image of a vector; 0 if what is made of it is not seen to be linear."""
        image, bound = self.args
        parts = [(factor, _inmost(part)) for factor, part, _ in terms(image)]
        linear = all(part == bound and not factor.has(bound) for factor, part in parts)
        return image.xreplace({bound: vector}) if linear else sympy.S.Zero


class Stretch(_OfUnits):
    """The least norm of the images of unit vectors."""


class Reach(_OfUnits):
    """The largest one."""


def _inmost(vector: sympy.Expr) -> sympy.Expr:
    return _inmost(vector.args[1]) if isinstance(vector, Image | Adjoint | Applied) else vector


def second_moments(dimension: int) -> sympy.ImmutableMatrix:
    """Return E XXᵀ in orthonormal coordinates, not evaluated."""

    def entry(a: int, b: int) -> sympy.Expr:
        return Mean(Inner(DATA, Axis(a)) * Inner(DATA, Axis(b)), (DATA,))

    return sympy.ImmutableMatrix(dimension, dimension, entry)


def products(expression: sympy.Basic, *, orthogonal: bool, cyclic: bool) -> sympy.Basic:
    """Write scalar products out by bilinearity; images under the same map have that of the originals if orthogonal."""
    if expression.is_Atom or not expression.has(Inner):
        return expression
    parts = [products(part, orthogonal=orthogonal, cyclic=cyclic) for part in expression.args]
    if not isinstance(expression, Inner):
        return expression.func(*parts)
    result = sympy.S.Zero
    for left, u, over_left in terms(parts[0]):
        for right, v, over_right in terms(parts[1]):
            value, limits = left * right * _product(u, v, orthogonal, cyclic), (*over_left, *over_right)
            result += sympy.Sum(value, *limits) if limits else value
    return result


def terms(vector: sympy.Expr) -> Iterator[tuple[sympy.Expr, sympy.Expr, Limits]]:
    """Yield coefficient, vector and limits of the sums that it is in."""
    if isinstance(vector, sympy.Sum):
        summand, limits = renamed(vector)
        yield from ((factor, part, (*limits, *inner)) for factor, part, inner in terms(summand))
    elif vector.is_Add:
        for term in vector.args:
            yield from terms(term)
    elif vector.is_Mul:
        (own,) = (part for part in vector.args if _is_vector(part))
        rest = sympy.Mul(*(part for part in vector.args if part is not own))
        yield from ((rest * factor, part, limits) for factor, part, limits in terms(own))
    elif isinstance(vector, Image | Adjoint | Applied):
        by, argument = vector.args
        yield from ((factor, vector.func(by, part), limits) for factor, part, limits in terms(argument))
    else:
        yield sympy.S.One, vector, ()


def _is_vector(part: sympy.Expr) -> bool:
    if isinstance(part, Vector | Image | Adjoint | Applied | Vertex | Frequency | Planar | Axis | Power):
        return True
    inner = (part.function,) if isinstance(part, sympy.Sum) else part.args if part.is_Add or part.is_Mul else ()
    return any(map(_is_vector, inner))


def _product(u: sympy.Expr, v: sympy.Expr, orthogonal: bool, cyclic: bool) -> sympy.Expr:
    if isinstance(u, Applied) or isinstance(v, Adjoint):
        u, v = v, u
    if isinstance(u, Adjoint):
        return _product(u.args[1], Image(u.args[0], v), orthogonal, cyclic)
    if isinstance(u, Image) and isinstance(v, Image):
        return _of_images(u, v, orthogonal, cyclic)
    if METRIC in (u, v):
        return _trace(v if u == METRIC else u, orthogonal, cyclic)
    if type(u) is type(v) and isinstance(u, Power | Planar | Axis | Vertex | Unit):
        return _of_a_kind(u, v, orthogonal, cyclic)
    return sympy.S.Zero if {type(u), type(v)} == {Across, Vertex} else ordered(u, v)


def _of_images(u: sympy.Expr, v: sympy.Expr, orthogonal: bool, cyclic: bool) -> sympy.Expr:
    (i, before), (j, other) = u.args, v.args
    if (orthogonal or cyclic) and i == j:
        return _product(before, other, orthogonal, cyclic)
    if cyclic and isinstance(other, Frequency):
        i, before, j, other = j, other, i, before
    if cyclic and isinstance(before, Frequency):
        return generic_root((j - i) * before.args[0]) * _product(before, other, orthogonal, cyclic)
    if cyclic and isinstance(before, Planar) and before == other:
        return sympy.Add(*(generic_root(n * before.args[0]) for n in (i - j, j - i))) / 2
    return ordered(u, v)


def _trace(tensor: sympy.Expr, orthogonal: bool, cyclic: bool) -> sympy.Expr:
    if isinstance(tensor, Power) and tensor.args[0] == 2:
        return _product(tensor.args[1], tensor.args[1], orthogonal, cyclic)
    return DIMENSION if tensor == METRIC else ordered(tensor, METRIC)


def _of_a_kind(u: sympy.Expr, v: sympy.Expr, orthogonal: bool, cyclic: bool) -> sympy.Expr:
    if isinstance(u, Power) and u.args[0] == v.args[0]:
        return _product(u.args[1], v.args[1], orthogonal, cyclic) ** u.args[0]
    if isinstance(u, Unit | Planar | Power):
        return sympy.S.One if u == v and not isinstance(u, Power) else ordered(u, v)
    same = sympy.KroneckerDelta(u.args[0], v.args[0])
    return same if isinstance(u, Axis) else same - (1 - same) / (COUNT - 1)


def ordered(u: sympy.Expr, v: sympy.Expr) -> Inner:
    """Return ⟨u, v⟩ in one of both orders, by the vectors first and then by indices."""

    def key(part: sympy.Expr) -> tuple[object, ...]:
        indices = dict.fromkeys((s for s in part.free_symbols if not isinstance(s, Vector)), sympy.S.Zero)
        return (sympy.default_sort_key(part.xreplace(indices)), sympy.default_sort_key(part))

    return Inner(*sorted((u, v), key=key))
