"""What a quantity is: a named number of the theory, its arguments, and where each route computes it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from types import MappingProxyType
from typing import Any

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.names import short_name

Arguments = Mapping[str, Any]
"""Name → value of the arguments of a quantity: a fraction, or plus or minus infinity where the kind admits it."""

Reference = Any
"""Where something is, as ``module:name`` below `emtheory.numerics`: it is imported when it is needed. Or a tuple of
where a function is and what it is given to make the thing; or the thing itself, of what is made of a model."""

MAX_COUNT = 10**7
"""The most sample points that may be asked for."""
MAX_SIZE = 10**30
"""The most points that a bound may be asked for, none of which is drawn."""


@dataclass(frozen=True)
class Argument:
    """An argument of a quantity: its value when it is left out, or None if it must be given, unless it is `optional`.

    The kind is ``frequency`` (an integer 1..k−1), ``count`` (an integer 1..10⁷), ``size`` (an integer 1..10³⁰),
    ``steps`` and ``seed`` (integers from 0), ``probability`` (between 0 and 1), ``positive`` or ``nonnegative`` (exact
    rationals), ``rational`` (any of them) or one of `INFINITE`: ``extended`` (any rational, or ±inf), ``lower`` and
    ``upper`` (the ends of an interval, which are not its other end's infinity). Of integers, `most` is the largest.
    """

    name: str
    kind: str
    meaning: str
    default: Fraction | None = None
    optional: bool = False
    most: int | None = None

    def __str__(self) -> str:
        return self.name if self.default is None else f"{self.name}={self.default}"


INFINITE: Mapping[str, tuple[float, ...]] = {
    "extended": (-math.inf, math.inf),
    "lower": (-math.inf,),
    "upper": (math.inf,),
}
"""Kind of an argument that may be infinite → what it may be then."""

FREQUENCY = Argument("m", "frequency", "frequency, an integer from 1 to k−1")
FRACTION = Argument("fraction", "nonnegative", "multiple of the spectral gap", Fraction(0))
FACTOR = Argument("factor", "positive", "bound on the contraction factor")
CONSTANT = Argument("constant", "positive", "bound on the PL ratio")


@dataclass(frozen=True)
class Quantity:
    """A named number of the theory.

    Attributes
    ----------
    name, meaning
        What it is called and what it is.
    routes
        Route (`emtheory.numerics.level.ROUTES`) → reference to its function: (case, digits, arguments by name) ↦
        enclosure.
    needs_point
        Whether it depends on a point θ.
    arguments
        Its arguments.
    proof
        For what the ball route finds by a search: reference to a function (case, enclosure, arguments by name) ↦
        whether the enclosure is certainly right, which searches for nothing.
    form
        For a quantity at a point: reference to its expression in KL and moments, a function of an
        `emtheory.numerics.any_point.expressions.Point` and the arguments by name, by which it is followed over boxes;
        without one, a statement about all radii is decided at points only. Of a family, reference to a `BoxForm`.
    constant_on_ray
        Whether it is the same at every positive radius of the simplex ray.
    monotone
        Name of an argument, or ``radius`` of a point on the simplex → 1 if it never falls, −1 if it never rises as that
        grows, whatever the others are: so its values at the corners of a box bound it there.
    searched
        Whether the float route searches for it, which `auto` takes for more frequencies than can be covered.
    leaves_simplex
        Whether what it follows may leave the simplex, where the float route alone can always answer.
    any_count
        Whether its cost does not grow with k, nor does it depend on the weights.
    on_grid
        Whether it is summed over a grid in several coordinates, or integrated adaptively: digits are dear then.
    """

    name: str
    meaning: str
    routes: Mapping[str, Reference]
    needs_point: bool = False
    arguments: tuple[Argument, ...] = ()
    proof: Reference = ""
    form: Reference = ""
    constant_on_ray: bool = False
    monotone: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    searched: bool = False
    leaves_simplex: bool = False
    any_count: bool = False
    on_grid: bool = False

    @property
    def label(self) -> str:
        """Its name for people."""
        return short_name(self.name)

    @property
    def sampled(self) -> bool:
        """Whether it is estimated from random samples only."""
        return tuple(self.routes) == ("float",)

    @property
    def always_exact(self) -> bool:
        """Whether algebra gives it, so that no other level is ever needed."""
        return "exact" in self.routes and "ball" not in self.routes

    @property
    def radius_is_argument(self) -> bool:
        """Whether a radius is an argument (the end of a ray, a sphere's radius) and not the point."""
        return not self.needs_point and any(argument.name == "radius" for argument in self.arguments)


def in_room(room: str, name: str, *routes: str) -> Mapping[str, Reference]:
    """Return references to functions called `name` in the modules ``…_values`` of a room, one for each route."""
    return MappingProxyType({route: f"{room}.{route}_values:{name}" for route in routes})


def resolve(reference: Reference) -> Any:
    """Import what a reference names, or have it made; what is neither text nor a tuple is the thing itself."""
    if isinstance(reference, tuple):
        maker, *given = reference
        return resolve(maker)(*given)
    if not isinstance(reference, str):
        return reference
    module, name = reference.split(":")
    return getattr(import_module(f"emtheory.numerics.{module}"), name)


def check_arguments(quantity: Quantity, given: Arguments, k: int) -> Arguments:
    """Return the arguments with defaults filled in, each checked against its domain.

    InputError if one is unknown, missing or out of its domain.

    `quantity`: whose arguments they are; `given`: those that were given; `k`: number of components, which bounds
    frequencies.
    """
    valid = {argument.name: argument for argument in quantity.arguments}
    for name in given:
        if name not in valid:
            takes = f"takes {', '.join(valid)}" if valid else "takes no arguments"
            raise InputError(f"{quantity.label} has no argument {name[:40]!r}; it {takes}")
    checked: dict[str, Bound] = {}
    for name, argument in valid.items():
        value = given.get(name, argument.default)
        if value is None and argument.optional:
            continue
        if value is None:
            raise InputError(f"{quantity.label} needs the argument {name} ({argument.meaning})")
        _check_domain(quantity.label, argument, value, k)
        checked[name] = value
    ends = [checked[name] for name, argument in valid.items() if argument.kind in ("lower", "upper")]
    if ends != sorted(ends):
        raise InputError(f"{quantity.label}: there is nothing from low = {ends[0]} to high = {ends[1]}")
    return MappingProxyType(checked)


def check_point(quantity: Quantity, case: Case) -> None:
    """Raise InputError if a point is given where none belongs, or none where one must be."""
    if case.family:
        return  # What a family needs is checked with its variables.
    if quantity.needs_point and not case.has_point:
        raise InputError(f"{quantity.label} needs a point: give a radius or amplitudes")
    if not quantity.needs_point and case.has_point:
        hint = "; its argument is given as radius=…" if quantity.radius_is_argument else ""
        raise InputError(f"{quantity.label} does not depend on a point: leave out radius and amplitudes{hint}")


INTEGERS: Mapping[str, tuple[int, int, str]] = {
    "steps": (0, MAX_COUNT, f"{MAX_COUNT}"),
    "count": (1, MAX_COUNT, f"{MAX_COUNT}"),
    "size": (1, MAX_SIZE, "10³⁰"),
    "seed": (0, 2**63 - 1, "2⁶³ − 1"),
}
"""Kind of an argument that is an integer → the least and the greatest, and how that is written."""


def _check_domain(quantity: str, argument: Argument, value: Bound, k: int) -> None:
    if isinstance(value, float):
        if value not in (others := INFINITE.get(argument.kind, ())):
            must = " or ".join(["a finite number", *map(str, others)])
            raise InputError(f"{quantity}: {argument.name} = {value} must be {must}")
        return
    if argument.kind == "frequency" and not (value.denominator == 1 and 1 <= value <= k - 1):
        raise InputError(f"{quantity}: unknown frequency {argument.name} = {value}; for k = {k} it is 1 to {k - 1}")
    if argument.kind in INTEGERS:
        low, high, shown = INTEGERS[argument.kind]
        high, shown = (high, shown) if argument.most is None else (argument.most, f"{argument.most}")
        if value.denominator > 1 or not low <= value <= high:
            raise InputError(f"{quantity}: {argument.name} = {value} must be an integer from {low} to {shown}")
    if argument.kind == "probability" and not 0 < value < 1:
        raise InputError(f"{quantity}: {argument.name} = {value} must be between 0 and 1")
    if argument.kind == "positive" and value <= 0:
        raise InputError(f"{quantity}: {argument.name} = {value} must be positive")
    if argument.kind == "nonnegative" and value < 0:
        raise InputError(f"{quantity}: {argument.name} = {value} must not be negative")
