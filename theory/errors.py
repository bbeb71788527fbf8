"""What is wrong with a request, whichever part of the program finds it, or with a derivation."""

Path = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the outside in."""


class InputError(ValueError):
    """The request is malformed: the message names the value and says what would be valid."""


class TextError(InputError):
    """A text is malformed at a column.

    Attributes
    ----------
    column
        Where, counted from 1.
    problem
        What is wrong, without the place.
    """

    def __init__(self, column: int, problem: str) -> None:
        super().__init__(f"column {column}: {problem}")
        self.column, self.problem = column, problem

    def __reduce__(self) -> tuple[type["TextError"], tuple[int, str]]:
        return TextError, (self.column, self.problem)


class ModelError(InputError):
    """A definition of a model, or another table of a file, is malformed.

    Attributes
    ----------
    path
        The keys and indices that lead to what is wrong.
    column
        Where in a formula, counted from 1; None if it is not in one.
    problem
        What is wrong, without the place.
    """

    def __init__(self, path: Path, problem: str, column: int | None = None) -> None:
        place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path).removeprefix(".")
        super().__init__(": ".join(filter(None, (place, f"column {column}" if column else "", problem))))
        self.path, self.column, self.problem = path, column, problem

    def __reduce__(self) -> tuple[type["ModelError"], tuple[Path, str, int | None]]:
        return ModelError, (self.path, self.problem, self.column)


class DerivationError(ValueError):
    """A step of a derivation is not true, or says nothing, or does not lead to the statement."""
