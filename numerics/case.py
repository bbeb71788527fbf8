"""The exact case that a quantity is asked about: k, weights, dimension and, where one is needed, a point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from emtheory.numerics.errors import InputError
from emtheory.numerics.weights import Weights, parse_weights

MAX_DIMENSION = 10**6
"""A choice: what is proved does not depend on d, and simulations have limits of their own. It is at least
`emtheory.numerics.weights.MAX_COMPONENTS` − 1, the dimension that so many components need."""


@dataclass(frozen=True)
class Case:
    """A tied mixture Σ_j π_j N(R^j θ, I_d) and, optionally, the point θ.

    Attributes
    ----------
    weights
        The exact weights π_0..π_{k−1}; their number is k.
    d
        Dimension, at least k − 1.
    radius
        ‖θ‖ of a regular simplex, or None.
    amplitudes
        ρ_1..ρ_⌊k/2⌋ (one per frequency), or None.
    parameter
        Name and value of the parameter that the weights were made from, where a statement speaks of it.
    """

    weights: Weights
    d: int
    radius: Fraction | None = None
    amplitudes: tuple[Fraction, ...] | None = None
    parameter: tuple[str, Fraction] | None = None

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.weights)

    @property
    def frequencies(self) -> range:
        """The independent frequencies 1..⌊k/2⌋."""
        return range(1, self.k // 2 + 1)

    @cached_property
    def classes(self) -> Mapping[Fraction, tuple[int, ...]]:
        """Distinct weight → the components that carry it, in order of first appearance."""
        groups: dict[Fraction, list[int]] = {}
        for component, weight in enumerate(self.weights):
            groups.setdefault(weight, []).append(component)
        return {weight: tuple(components) for weight, components in groups.items()}

    @property
    def has_point(self) -> bool:
        """Whether a point θ is given."""
        return self.radius is not None or self.amplitudes is not None

    @cached_property
    def squared_amplitudes(self) -> tuple[Fraction, ...]:
        """ρ_m² for m = 1..⌊k/2⌋; on the simplex r² dim_m/(k−1) (mathematics: dim_m = 2, or 1 for m = k/2)."""
        if self.amplitudes is not None:
            return tuple(amplitude**2 for amplitude in self.amplitudes)
        if self.radius is None:
            raise ValueError("the case has no point")
        return tuple(self.radius**2 * self.multiplicity(m) / (self.k - 1) for m in self.frequencies)

    @cached_property
    def squared_radius(self) -> Fraction:
        """‖θ‖² on the simplex's span."""
        return sum(self.squared_amplitudes, Fraction(0))

    @property
    def on_simplex(self) -> bool:
        """Whether the k means R^j θ are the vertices of a regular simplex (the origin counts)."""
        if self.radius is not None:
            return True
        unit = self.squared_radius / (self.k - 1)
        return all(
            square == unit * self.multiplicity(m)
            for m, square in zip(self.frequencies, self.squared_amplitudes, strict=True)
        )

    def multiplicity(self, m: int) -> int:
        """Dimension of the real eigenspace of R at frequency m: 1 for m = k/2, else 2."""
        return 1 if 2 * m == self.k else 2

    def at_radius(self, radius: Fraction) -> "Case":
        """Return the same mixture at a regular simplex of the given radius."""
        return replace(self, radius=radius, amplitudes=None)

    def as_json(self) -> dict[str, object]:
        """Return the case with every number as exact text."""
        named = {} if self.parameter is None else {self.parameter[0]: str(self.parameter[1])}
        return {
            "k": self.k,
            "weights": [str(weight) for weight in self.weights],
            "d": self.d,
            "radius": None if self.radius is None else str(self.radius),
            "amplitudes": None if self.amplitudes is None else [str(a) for a in self.amplitudes],
            **named,
        }


def make_case(
    k: int,
    weights: str | Sequence[str],
    d: int | None = None,
    radius: Fraction | None = None,
    amplitudes: Sequence[Fraction] | None = None,
) -> Case:
    """Validate the parts of a case and put them together.

    Parameters
    ----------
    k
        Number of components, from 2 on.
    weights
        The exact weights, as for `emtheory.numerics.weights.parse_weights`.
    d
        Dimension, k − 1 by default: that of the simplex's span.
    radius, amplitudes
        The point: ‖θ‖ of a regular simplex, or ρ_1..ρ_⌊k/2⌋; none of them negative, at most one given.

    Raises
    ------
    InputError
        If weights, dimension or point are out of their domain, or both kinds of point are given.
    """
    exact = parse_weights(weights, k)
    dimension = k - 1 if d is None else d
    if not k - 1 <= dimension <= MAX_DIMENSION:
        raise InputError(
            f"d = {dimension} is out of range: a regular simplex with k = {k} vertices needs "
            f"{k - 1} ≤ d ≤ {MAX_DIMENSION}"
        )
    if radius is not None and amplitudes is not None:
        raise InputError("give the point as a radius or as amplitudes, not both")
    if radius is not None and radius < 0:
        raise InputError(f"radius {radius} is negative")
    if amplitudes is not None:
        if len(amplitudes) != k // 2:
            raise InputError(
                f"{len(amplitudes)} amplitudes were given; k = {k} has {k // 2} frequencies (m = 1..{k // 2})"
            )
        negative = next((a for a in amplitudes if a < 0), None)
        if negative is not None:
            raise InputError(f"amplitude {negative} is negative")
    return Case(exact, dimension, radius, None if amplitudes is None else tuple(amplitudes))
