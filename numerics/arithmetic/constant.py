"""Real numbers that are given exactly by a formula, such as √2 or e^{−1/2}, and are no fractions."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from emtheory.numerics.arithmetic.rational import exact_number, parse_rational
from emtheory.numerics.errors import InputError

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Constant:
    """A real number as a formula; it is compared with fractions, by as many digits as that takes.

    `text`: the formula, of numbers, ``pi`` and the functions of statements.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def expression(self) -> "sympy.Expr":
        """The number in SymPy."""
        # SymPy takes a third of a second to load, and most requests are about fractions.
        from emtheory.theory.mixtures.expression import expression_of  # noqa: PLC0415

        return expression_of(self.text, {})

    def __float__(self) -> float:
        return float(self.expression)

    def __lt__(self, other: Fraction) -> bool:
        return self._sign_above(other) < 0

    def __gt__(self, other: Fraction) -> bool:
        return self._sign_above(other) > 0

    __le__, __ge__ = __lt__, __gt__

    def _sign_above(self, other: Fraction) -> int:
        from emtheory.theory.mixtures.expression import expression_of  # noqa: PLC0415
        from emtheory.theory.mixtures.laws import sign_of  # noqa: PLC0415

        sign = sign_of(self.expression - expression_of(str(Fraction(other)), {}))
        if not sign:
            raise InputError(f"{self.text} cannot be told from {other}: write it as a fraction if it is one")
        return sign


Real = Fraction | Constant
"""The value of a parameter of a model."""


def real_number(value: object, what: str) -> Real:
    """Return a real number that is given exactly: as `exact_number` takes it, or as the text of a formula.

    InputError, which names it `what`, if it is none.
    """
    if not isinstance(value, str):
        return value if isinstance(value, Constant) else exact_number(value, what)
    try:
        return parse_rational(value, what)
    except InputError:
        from emtheory.theory.mixtures.expression import expression_of  # noqa: PLC0415

        try:
            number = expression_of(value, {})
        except InputError as error:
            raise InputError(f"{what} = {value[:60]}: {error}") from None
    return Fraction(int(number.p), int(number.q)) if number.is_Rational else Constant(" ".join(value.split()))
