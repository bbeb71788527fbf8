"""Threads that share work: the same results in the same order, each item once, errors told."""

import threading
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.samples.posterior_sums import alone, workers


def squares(items: Iterable[int]) -> list[int]:
    return [item**2 for item in items]


@given(st.integers(0, 40), st.integers(1, 9))
def test_results_are_in_order(count: int, threads: int) -> None:
    with workers(threads) as share:
        assert share(squares, range(count)) == alone(squares, range(count)) == squares(range(count))
        assert share(squares, iter(range(count))) == squares(range(count))


def test_there_are_no_more_threads_than_items() -> None:
    before = threading.active_count()
    with workers(100_000) as share:
        assert share(squares, range(20)) == squares(range(20))
        assert threading.active_count() <= before + 20


@pytest.mark.parametrize("bad", [0, 19])
def test_errors_reach_the_caller(bad: int) -> None:
    def reciprocals(items: Iterable[int]) -> list[float]:
        return [1 / (item - bad) for item in items]

    with workers(2) as share, pytest.raises(ZeroDivisionError):
        share(reciprocals, range(20))
