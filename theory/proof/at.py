"""The value of an expression at a point in several variables."""

from typing import Any

import sympy

from emtheory.theory.errors import DerivationError


class At(sympy.Subs):  # type: ignore[misc]  # SymPy is untyped
    """`sympy.Subs` that is equal to another one only if it is of the same expression, variables and point.

    SymPy takes the derivatives of f(x, y) by x and by y at (0, 0) for equal: it gives all variables that have the same
    value one name, and so what is differentiated by. That would prove 1 = 3 of x + 3y.
    """

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.expr, self.variables, self.point)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, At) and self._hashable_content() == other._hashable_content()

    def __hash__(self) -> int:
        return int(super().__hash__())


def refuse_mistakable(side: sympy.Basic) -> None:
    """Raise DerivationError if SymPy may take a value of a derivative in a formula for that of another."""
    for part in side.atoms(sympy.Subs):
        nested = any(not isinstance(inner, At) for inner in part.expr.atoms(sympy.Subs))
        if (
            not isinstance(part, At)
            and part.expr.has(sympy.Derivative)
            and (nested or len({*part.point}) < len(part.point))
        ):
            raise DerivationError(
                f"SymPy takes values of derivatives at equal values of two variables for equal: {part}"
            )
