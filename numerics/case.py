"""The exact case that a quantity is asked about: k, weights, dimension and, where one is needed, a point."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from emtheory.numerics.arithmetic.constant import Constant, Real
from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number, exact_numbers
from emtheory.numerics.errors import InputError
from emtheory.numerics.names import is_model, label_of
from emtheory.numerics.weights import Weights, parse_weights
from emtheory.theory.inexact import is_binary_float, refusal, shown

MAX_DIMENSION = 10**6
"""A choice: what is proved does not depend on d, and simulations have limits of their own. It is at least
`emtheory.numerics.weights.MAX_UNIFORM` − 1, the dimension that so many components need."""

_RECENT, _FEW = 4, 64
"""Cases of at most so many components that are remembered: with them, what quantities have in common is."""


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
    parameters
        Names and values of the variables that the weights were made from, where a statement speaks of them; of a
        family its variables.
    family
        Name of another family than the tied mixtures, such as ``two-means``, or the canonical text of a model: it has
        neither weights nor k.
    """

    weights: Weights
    d: int
    radius: Fraction | None = None
    amplitudes: tuple[Fraction, ...] | None = None
    parameters: tuple[tuple[str, Real], ...] = ()
    family: str = ""

    def __post_init__(self) -> None:
        for what, numbers in (
            ("weight", self.weights),
            ("radius", () if self.radius is None else (self.radius,)),
            ("amplitude", self.amplitudes or ()),
        ):
            if not set(map(type, numbers)) <= {Fraction}:
                stray = next(number for number in numbers if type(number) is not Fraction)
                problem = refusal(stray, what) if is_binary_float(stray) else f"{what} = {shown(stray)}"
                raise InputError(f"{problem}; a Case holds Fractions, and make_case makes it from text and integers")

    def __getstate__(self) -> dict[str, Any]:
        # Another process, or a copy, makes anew what follows from these.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What quantities of this case have in common, once it is made (`emtheory.numerics.any_point.ball_values`)."""
        return {}

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.weights)

    @property
    def subject(self) -> str:
        """What a message says that it is about: k, or the family."""
        return label_of(self.family) or f"k = {self.k}"

    @property
    def rationals(self) -> Mapping[str, Fraction]:
        """The parameters; InputError if one is no fraction."""
        for name, value in self.parameters:
            if isinstance(value, Constant):
                raise InputError(f"{name} = {value}: here a fraction such as 3/10 is wanted")
        return {name: value for name, value in self.parameters if isinstance(value, Fraction)}

    @property
    def frequencies(self) -> range:
        """The independent frequencies 1..⌊k/2⌋."""
        return range(1, self.k // 2 + 1)

    @cached_property
    def classes(self) -> Mapping[Fraction, tuple[int, ...]]:
        """Distinct weight → the components that carry it, in order of first appearance."""
        # Of thousands of weights most are one object, and fractions are slow to hash.
        objects: dict[int, list[int]] = {}
        for component, weight in enumerate(self.weights):
            objects.setdefault(id(weight), []).append(component)
        groups: dict[Fraction, list[int]] = {}
        for components in objects.values():
            groups.setdefault(self.weights[components[0]], []).extend(components)
        return {weight: tuple(sorted(components)) for weight, components in groups.items()}

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
        # There are but two values, and as many frequencies as half the components.
        shares = {dimension: self.radius**2 * dimension / (self.k - 1) for dimension in (1, 2)}
        return tuple(shares[self.multiplicity(m)] for m in self.frequencies)

    @cached_property
    def squared_radius(self) -> Fraction:
        """‖θ‖² on the simplex's span."""
        return sum(self.squared_amplitudes, Fraction(0)) if self.radius is None else self.radius**2

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
        named = {name: str(value) for name, value in self.parameters}
        if self.family:
            return {"model" if is_model(self.family) else "family": label_of(self.family), **named}
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
    weights: str | Sequence[Exact],
    d: int | None = None,
    radius: Exact | None = None,
    amplitudes: str | Sequence[Exact] | None = None,
    *,
    many: bool = False,
) -> Case:
    """Validate the parts of a case and put them together.

    InputError if weights, dimension or point are not exact or out of their domain, or both kinds of point are given.

    `k`: number of components. `weights`: a family, a comma-separated list, or a sequence of exact numbers
    (`emtheory.numerics.weights.parse_weights`). `d`: dimension, by default k − 1. `radius`, `amplitudes`: the point:
    the radius of a regular simplex, or the amplitudes of the frequencies 1..⌊k/2⌋, comma-separated or as a sequence;
    exact numbers. `many`: whether there may be up to a million components, of uniform weights.
    """
    exact = parse_weights(weights, k, many=many)
    k = len(exact)
    dimension = k - 1 if d is None else exact_integer(d, "d")
    if not k - 1 <= dimension <= MAX_DIMENSION:
        raise InputError(
            f"d = {dimension} is out of range: a regular simplex with k = {k} vertices needs "
            f"{k - 1} ≤ d ≤ {MAX_DIMENSION}"
        )
    if radius is not None and amplitudes is not None:
        raise InputError("give the point as a radius or as amplitudes, not both")
    case = Case(
        exact,
        dimension,
        None if radius is None else _not_negative(radius, "radius"),
        None if amplitudes is None else _amplitudes(amplitudes, k),
    )
    return _first_of_equals(case) if k <= _FEW else case


@lru_cache(maxsize=_RECENT)
def _first_of_equals(case: Case) -> Case:
    """Return the case, or an equal one made lately: what was kept with that need not be computed again."""
    return case


def _amplitudes(amplitudes: str | Sequence[Exact], k: int) -> tuple[Fraction, ...]:
    numbers = tuple(_not_negative(part, "amplitude") for part in exact_numbers(amplitudes, "amplitude"))
    if len(numbers) != k // 2:
        raise InputError(f"{len(numbers)} amplitudes were given, and k = {k} has frequencies m = 1..{k // 2}")
    return numbers


def _not_negative(value: Exact, what: str) -> Fraction:
    number = exact_number(value, what)
    if number < 0:
        raise InputError(f"{what} {number} is negative")
    return number
