"""Nodes of product rules in a ball: none missing, none twice, for any number of axes and size of the blocks."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import tensor_rule
from emtheory.numerics.any_point.tensor_rule import Axis, ball_nodes, ball_size


def axis(step: float, reach: float, base: int) -> Axis:
    """Nodes i·step with mass base^i (so that a node shows in the product) and one factor 2^i."""
    indices = np.array(sorted(range(-math.ceil(reach / step), math.ceil(reach / step) + 1), key=abs))
    return Axis((step * indices) ** 2, float(base) ** indices, 2.0 ** indices[np.newaxis])


@given(
    steps=st.lists(st.sampled_from([0.5, 0.75, 1.25]), min_size=1, max_size=4), block=st.sampled_from([1, 16, 10**6])
)
def test_every_node_of_the_ball_once(steps: list[float], block: int) -> None:
    reach, bases = 2.0, [3, 5, 7, 11]
    expected = {}
    for index in itertools.product(range(-4, 5), repeat=len(steps)):
        if sum((step * i) ** 2 for step, i in zip(steps, index, strict=True)) <= reach**2:
            expected[round(sum(math.log(base) * i for base, i in zip(bases, index, strict=False)), 9)] = 2.0 ** sum(
                index
            )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tensor_rule, "_BLOCK", block)
        axes = [axis(step, reach, base) for step, base in zip(steps, bases, strict=False)]
        blocks = list(ball_nodes(axes, reach))
    found = {}
    for mass, factors in blocks:
        assert factors.shape == (1, len(mass))
        for weight, factor in zip(mass, factors[0], strict=True):
            key = round(math.log(weight), 9)
            assert key not in found
            found[key] = factor
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_size_is_about_the_number_of_nodes(dimension: int) -> None:
    axes = [axis(0.1, 3.0, 1)] * dimension
    count = sum(len(mass) for mass, _ in ball_nodes(axes, 3.0))
    assert 10 ** ball_size([0.1] * dimension, 3.0) == pytest.approx(count, rel=0.05)
