"""What a family is: variables with their domains, quantities of them, and how those are followed over boxes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.names import SEPARATOR, label_of
from emtheory.numerics.quantity import Quantity, Reference, resolve

_ZERO, _ONE = Fraction(0), Fraction(1)
"""Ends of domains."""


@dataclass(frozen=True)
class Domain:
    """The interval of a kind of variable, None for an end at infinity, its ends in it or not; `text` names it."""

    lower: Fraction | None
    upper: Fraction | None
    is_open: bool
    text: str

    def __contains__(self, value: Real) -> bool:
        is_above = self.lower is None or value > self.lower or (value == self.lower and not self.is_open)
        return is_above and (self.upper is None or value < self.upper or (value == self.upper and not self.is_open))


DOMAINS: Mapping[str, Domain] = {
    "real": Domain(None, None, is_open=True, text="any number"),
    "nonnegative": Domain(_ZERO, None, is_open=False, text="at least 0"),
    "positive": Domain(_ZERO, None, is_open=True, text="above 0"),
    "probability": Domain(_ZERO, _ONE, is_open=False, text="from 0 to 1"),
    "inner probability": Domain(_ZERO, _ONE, is_open=True, text="between 0 and 1"),
    "zero": Domain(_ZERO, _ZERO, is_open=False, text="0"),
}
"""Kind of a variable → its domain."""


@dataclass(frozen=True)
class Variable:
    """A variable of a family.

    `name`, `meaning`: what it is called, in letters and underscores, and what it is; `kind`: ``real``, ``nonnegative``,
    ``positive``, ``probability``, ``inner probability`` or ``zero``; `default`: its value where none is given, or None
    if one must be.
    """

    name: str
    meaning: str
    kind: str
    default: Real | None = None

    def check(self, value: Real) -> Real:
        """Return a value of the domain; InputError for any other."""
        if value not in DOMAINS[self.kind]:
            raise InputError(f"{self.name} = {value} is not {DOMAINS[self.kind].text} ({self.meaning})")
        return value


Conditions = tuple[tuple[tuple[str, str | Fraction], ...], ...]
"""Under which an identity holds: all of the conditions, each a choice of equations."""


@dataclass(frozen=True)
class Divided:
    """An identity q − v = (p − v)·D, or q = (p − v)ⁿ·D, so that statements are decided where p = v.

    `quantity`, `variable`, `target`: q, p and v, another variable, its negative (``-name``) or a number. `form`:
    reference to the `BoxForm` of D, or that itself. `conditions`: each consists of pairs of a variable and what it
    equals, another or a number, and is met where one of them is. The identity holds where all conditions are met.
    `power`: n, of an identity for q itself; None of one for q − v.
    """

    quantity: str
    variable: str
    target: str | Fraction
    form: Any
    conditions: Conditions = ()
    power: int | None = None


@dataclass(frozen=True)
class Expansion:
    """q = Σ_{i<n} c_i hⁱ + hⁿR with h = p − v near an end v, so that statements are decided where sides touch there.

    h = √p − v if that is said, v being 0 or 1.

    `quantity`, `variable`, `divisor`: q, and variables of which p is the first, or the first divided by the second
    where one is named; `coefficients`: reference to n ↦ for each c_i the polynomials, by variable, whose product it is,
    as coefficients, or its formula in the other variables; `rest`: reference to (variables as balls, accuracy, n) ↦ a
    ball with R for all of them, that of the first containing 0; `conditions`: as for `Divided`; `terms`: the numbers n
    that are tried; `at`: v, which p has to reach from one side; `root`: 2 if h is of √p, else 1.
    """

    quantity: str
    variable: str
    coefficients: Any
    rest: Any
    conditions: Conditions = ()
    divisor: str = ""
    terms: tuple[int, ...] = (4, 16)
    at: Fraction = _ZERO
    root: int = 1


@dataclass(frozen=True)
class Family:
    """A law of the data and a fit, in variables.

    `name`, `meaning`: what it is called, a model by its canonical text, and what it is. `variables`: in the order in
    which they are listed. `point`: the variable that is the point at which quantities with `needs_point` are asked for.
    `quantities`: their routes take (case, digits, arguments by name), the variables being ``case.parameters``; the
    `form` of each that is followed over boxes is a reference to a `BoxForm`. `identities`, `series`: references to
    where `divided`, of the names of quantities, and `expansions` are made. `dependent`: name → formula in the
    variables, of what statements may speak of besides these. `vectors`: name → the variables that are its coordinates
    e1, e2, e3, of what may be given as a vector.
    """

    name: str
    meaning: str
    variables: tuple[Variable, ...]
    point: str
    quantities: tuple[Quantity, ...]
    identities: Reference = ()
    series: Reference = ()
    dependent: tuple[tuple[str, str], ...] = ()
    vectors: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def divided(self, called: Collection[str]) -> tuple[Divided, ...]:
        """Return identities by which a statement on some quantities is decided where its sides touch."""
        own = tuple(each.name for each in self.quantities if self.full_name(each.name) in called)
        if own not in self._divided:
            self._divided[own] = tuple(resolve((*self.identities, own))) if self.identities else ()
        return self._divided[own]

    @cached_property
    def _divided(self) -> dict[tuple[str, ...], tuple[Divided, ...]]:
        """What was asked for."""
        return {}

    @cached_property
    def expansions(self) -> tuple[Expansion, ...]:
        """By which they are where a variable ends, as at 0."""
        return tuple(resolve(self.series)) if self.series else ()

    @property
    def label(self) -> str:
        """Its name for people."""
        return label_of(self.name)

    def full_name(self, quantity: str) -> str:
        """Return the name by which a quantity of the family is known among all."""
        return f"{self.name}{SEPARATOR}{quantity}"

    def case(self, values: Mapping[str, Real], others: Mapping[str, Fraction] | None = None) -> Case:
        """Return the case with these values of the variables; those left out have their defaults, or none.

        `others` are further variables that a statement speaks of. InputError if a value is not in its domain, or there
        is no such variable.
        """
        names = [variable.name for variable in self.variables]
        for name in values:
            if name not in names:
                raise InputError(f"{name[:40]!r} is no variable of {self.label}: it has {', '.join(names)}")
        parameters = []
        for variable in self.variables:
            value = values.get(variable.name, variable.default)
            if value is not None:
                parameters.append((variable.name, variable.check(value)))
        return Case((), 1, parameters=(*parameters, *(others or {}).items()), family=self.name)

    def used_by(self, quantity: Quantity) -> tuple[str, ...]:
        """Return the names of the variables that a quantity depends on: all, but perhaps for the point."""
        return tuple(each.name for each in self.variables if each.name != self.point or quantity.needs_point)

    def check(self, quantity: Quantity, case: Case) -> None:
        """Raise InputError if a quantity depends on a variable that a case gives no value."""
        given = dict(case.parameters)
        for variable in self.variables:
            if variable.name not in given and variable.name in self.used_by(quantity):
                short = quantity.name.removeprefix(f"{self.name}{SEPARATOR}")
                raise InputError(f"{short} needs {variable.name} ({variable.meaning})")


@dataclass(frozen=True)
class BoxForm:
    """How a quantity is followed over boxes: by its value at the centre, and its slopes all over the box.

    Both work at Arb's precision in force, and take the variables as balls by name, the accuracy L (errors of about
    e^{−L}) and the arguments of the quantity: fractions and infinite floats, but balls where they vary.

    `value`: ↦ a ball that contains the value for all variables in the balls given; infinite if there is none. `slopes`:
    ↦ variable, or argument that varies, → a ball with the derivative in it for all variables in the balls; what is left
    out does not matter. None for integers: then `value` is asked on the whole box. `tail`: (variables, the point a ball
    with its least value) ↦ a power n and pairs of balls between which c_0, c_1, … are, with the value pⁿ Σ c_i/pⁱ for
    every larger point p; None if that is not known.
    """

    value: Callable[[Mapping[str, Any], float, Mapping[str, Any]], Any]
    slopes: Callable[[Mapping[str, Any], float, Mapping[str, Any]], Mapping[str, Any]] | None
    tail: Callable[[Mapping[str, Any]], tuple[int, Sequence[tuple[Any, Any]]]] | None = None
