"""What the laws of coordinates may be, and where they live: what a fit can be a fit of."""

from collections.abc import Sequence

import sympy

from emtheory.theory.errors import ModelError
from emtheory.theory.mixtures.model import (
    ARGUMENTS,
    BINOMIAL,
    EXPONENTIAL,
    FITTED,
    NORMAL,
    POISSON,
    UNIFORM,
    Distribution,
    MixtureModel,
)

MAX_TRIALS = 10_000
"""Of a binomial law. A choice: sums over all of them stay fast."""

_DIGITS = 20
"""To which signs of constants are looked at, with an error that SymPy follows; routes with proved errors come later."""
_POSITIVE = ("variance", "rate", "scale")

_Problem = tuple[int | None, str]
"""Which argument of a law is wrong, or None for all of it, and what is wrong with it."""


def sign_of(value: sympy.Expr) -> int | None:
    """Return the sign of a constant; None if it is too small to tell, and not seen to be 0."""
    if value.is_Rational:
        return int(sympy.sign(value))
    number = value.evalf(_DIGITS, maxn=200)
    if not number.is_Float or getattr(number, "_prec", 1) == 1:
        return None
    return 1 if number > 0 else -1


def check_laws(
    law: Distribution, earlier: Sequence[Distribution], coordinates: Sequence[sympy.Symbol], *, fitted: bool
) -> _Problem | None:
    """Return what is wrong with the law of a coordinate."""
    if fitted and law.kind not in FITTED:
        return None, f"{law.kind} is for data alone: a component of the fit is {', '.join(FITTED[:-1])} or {FITTED[-1]}"
    if law.kind not in FITTED and len(coordinates) > 1:
        return None, f"{law.kind} is for data with one coordinate"
    here = coordinates[len(earlier)]
    for index, (name, value) in enumerate(zip(ARGUMENTS[law.kind], law.arguments, strict=True)):
        problem = _dependence(law.kind, name, value, earlier, coordinates) or _domain(name, value)
        if problem is not None:
            return index, f"the {name} of {here}, {value}, {problem}"
    if law.kind == UNIFORM and is_not_positive(law.arguments[1] - law.arguments[0]):
        return 1, f"high = {law.arguments[1]} is not above low = {law.arguments[0]}"
    return None


def _dependence(
    kind: str, name: str, value: sympy.Expr, earlier: Sequence[Distribution], coordinates: Sequence[sympy.Symbol]
) -> str | None:
    """What is wrong with how an argument depends on the coordinates."""
    used = [each for each in coordinates if each in value.free_symbols]
    if not used:
        return None
    if kind != NORMAL or name != "mean":
        return f"depends on {used[0]}: only the mean of a normal law may depend on a coordinate"
    late = [each for each in used if each not in coordinates[: len(earlier)]]
    if late:
        return f"depends on {late[0]}, which is not an earlier coordinate"
    other = [each for each in used if earlier[coordinates.index(each)].kind != NORMAL]
    if other:
        return f"depends on {other[0]}, which is not normal: such coordinates are independent given the component"
    slopes = [sympy.expand(sympy.diff(value, each)) for each in used]
    if any(slope.free_symbols & set(coordinates) for slope in slopes):
        return f"is not linear in {' and '.join(map(str, used))}"
    return None


def _domain(name: str, value: sympy.Expr) -> str | None:
    """What is wrong with the value of an argument, where that is known whatever the parameters are."""
    if name == "n":
        if not (value.is_Integer and 1 <= value <= MAX_TRIALS):
            return f"is not an integer from 1 to {MAX_TRIALS}"
        return None
    if name in _POSITIVE and is_not_positive(value):
        return "is not positive"
    if name == "p" and (is_not_positive(value) or is_not_positive(1 - value)):
        return "is not between 0 and 1"
    return None


def is_not_positive(value: sympy.Expr) -> bool:
    """Return whether it is not, whatever the parameters are; or for a constant, whether that it is cannot be seen."""
    return bool(value.is_nonpositive) if value.free_symbols else sign_of(value) != 1


def check_supports(model: MixtureModel) -> None:
    """Raise ModelError if the data have values that the fit cannot have, or components of the fit differ in kind."""
    first = model.fit[0].laws
    for index, component in enumerate(model.fit):
        for name, law, other in zip(model.observed, component.laws, first, strict=True):
            if law.kind != other.kind or (law.kind == BINOMIAL and law.arguments[0] != other.arguments[0]):
                problem = f"{name} is {_described(law)} here and {_described(other)} in the first component"
                raise ModelError(("fit", index, name), f"{problem}: a coordinate has laws of one kind in the fit")
    for index, component in enumerate(model.data):
        for name, law, other in zip(model.observed, component.laws, first, strict=True):
            if not _within(law, other):
                problem = f"{_described(law)} data have values that a fit by {_described(other)} laws cannot have"
                raise ModelError(("data", index, name), f"{problem}: the divergence from it is infinite")


def _within(data: Distribution, fit: Distribution) -> bool:
    if fit.kind == NORMAL:
        return data.kind not in (POISSON, BINOMIAL)
    if fit.kind == EXPONENTIAL:
        if data.kind != UNIFORM:
            return data.kind == EXPONENTIAL
        low = data.arguments[0]
        return bool(low.is_nonnegative) if low.free_symbols else low == 0 or sign_of(low) == 1
    if fit.kind == POISSON:
        return data.kind in (POISSON, BINOMIAL)
    return data.kind == BINOMIAL and data.arguments[0] <= fit.arguments[0]


def _described(law: Distribution) -> str:
    return f"{law.kind}({law.arguments[0]}, …)" if law.kind == BINOMIAL else law.kind
