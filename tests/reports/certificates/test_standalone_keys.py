"""Keys of polynomials, by which the standalone verifier keeps what is made of them."""

from pathlib import Path

import pytest
from flint import fmpq_mpoly
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.certificates.verify.forms import POLYNOMIALS, Key

DRAWN = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(0, 2)), max_size=4).map(
    lambda terms: sum((POLYNOMIALS.gen(i) ** n * c for c, i, n in terms), POLYNOMIALS.constant(0))
)


@given(DRAWN, DRAWN)
def test_keys_are_equal_where_polynomials_are(one: fmpq_mpoly, other: fmpq_mpoly) -> None:
    assert (Key(one) == Key(other)) is (one == other)
    assert Key(one + other) == Key(other + one)
    assert hash(Key(one + other)) == hash(Key(other + one))
    assert Key(one) != str(one)


def test_keys_take_no_memory_that_is_never_given_back() -> None:
    """As FLINT's texts do, of which ten thousand take twenty megabytes."""
    size, polynomial = Path("/proc/self/statm"), POLYNOMIALS.gen(3) ** 2 + 1
    if not size.exists():
        pytest.skip("only Linux tells how much memory is taken")
    before = int(size.read_text().split()[1])
    for _ in range(10_000):
        Key(polynomial)
    assert int(size.read_text().split()[1]) - before < 1000, "pages of four kilobytes"
