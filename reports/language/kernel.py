"""Kernels of mixtures, as people write them: ``normal(t, 1)``. Text is parsed by an allow-list, never evaluated."""

import ast
from fractions import Fraction

from emtheory.theory.errors import TextError
from emtheory.theory.syntax import parse_rational, syntax_tree, written

_EXAMPLE = "one such as normal(t, 1)"


def kernel_variance(text: str) -> Fraction:
    """Return the variance of a normal kernel, the mean of which is a name: ``normal(t, 1/4)``.

    InputError if it is anything else, or the variance is not a positive exact number.
    """
    body, source = syntax_tree(text, "kernel", "a kernel", _EXAMPLE)
    if not (isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and not body.keywords):
        raise TextError(body.col_offset, f"{written(body, source)!r} is no kernel: write {_EXAMPLE}")
    if body.func.id != "normal":
        raise TextError(body.col_offset, f"{body.func.id!r} is no kernel that is certified: write {_EXAMPLE}")
    if len(body.args) != 2:
        raise TextError(
            body.col_offset, f"normal has a mean and a variance, and {len(body.args)} are given: {_EXAMPLE}"
        )
    mean, variance = body.args
    if not isinstance(mean, ast.Name):
        raise TextError(
            mean.col_offset, f"the mean {written(mean, source)!r} is no name of the mixed parameter: write {_EXAMPLE}"
        )
    value = parse_rational(source[variance.col_offset : variance.end_col_offset], "the variance")
    if value <= 0:
        raise TextError(variance.col_offset, f"the variance {written(variance, source)} is not positive")
    return value
