"""What is wrong with a request, whichever part of the program finds it, or with a derivation."""

Path = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the outside in."""


class InputError(ValueError):
    """The request is malformed: the message names the value and says what would be valid."""


class TextError(InputError):
    """A text is malformed at a column, counted from 1."""

    def __init__(self, column: int, problem: str) -> None:
        super().__init__(f"column {column}: {problem}")
        self.column, self.problem = column, problem


class ModelError(InputError):
    """A definition of a model is malformed at a key, and in its text perhaps at a column."""

    def __init__(self, path: Path, problem: str, column: int | None = None) -> None:
        place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path).removeprefix(".")
        super().__init__(": ".join(filter(None, (place, f"column {column}" if column else "", problem))))
        self.path, self.column, self.problem = path, column, problem

    def __reduce__(self) -> tuple[type["ModelError"], tuple[Path, str, int | None]]:
        return ModelError, (self.path, self.problem, self.column)


class DerivationError(ValueError):
    """A step of a derivation is not true, or says nothing, or does not lead to the statement."""
