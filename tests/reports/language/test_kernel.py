"""Kernels as text: what may be written, and that nothing of it is run."""

from fractions import Fraction

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.language.kernel import kernel_variance


@pytest.mark.parametrize(
    ("text", "variance"),
    [
        ("normal(t, 1)", 1),
        (" normal( mu , 0.3 )", Fraction(3, 10)),
        ("normal(t, 1e-6)", Fraction(1, 10**6)),
    ],
)
def test_variances_are_exact(text: str, variance: Fraction) -> None:
    assert kernel_variance(text) == variance


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the kernel is empty"),
        ("poisson(t)", "'poisson' is no kernel that is certified"),
        ("normal(t)", "2 arguments|1 are given"),
        ("normal(t, 0)", "is not positive"),
        ("normal(0, 1)", "the mean '0' is no name"),
        ("normal(t, s)", "'s' is not an exact number"),
        ("normal(t, variance=1)", "is no kernel"),
        ("normal(t, __import__('os').getpid())", "character"),
        ("(lambda: 1)()", "character"),
        ("normal(*t, 1)", "is no name"),
        ("normal(t, 9**9**9**9)", "is not an exact number"),
        ("normal(t, 1" + "0" * 3000, "characters"),
    ],
)
def test_anything_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        kernel_variance(text)
