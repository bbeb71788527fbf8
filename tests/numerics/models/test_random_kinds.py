"""Enclosures of random models of every kind of data against brute force in NumPy."""

import flint
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.expectation.point import expectations
from emtheory.theory.mixtures.means import Mean
from tests.numerics.models.random_kinds import KINDS, brute_force, random_kind
from tests.tiers import first_every_day

L = 22.0


@pytest.mark.parametrize("seed", first_every_day(len(KINDS), range(100)))
def test_every_kind_contains_brute_force(seed: int) -> None:
    model, place = random_kind(seed)
    expected = brute_force(model, place)
    wanted = {
        f"{name}_{j}": Mean((power,), (j,))
        for j in range(len(model.fit))
        for name, power in (("mass", 0), ("first", 1), ("square", 2))
    }
    with arb_precision(working_bits(L)):
        values = {name: flint.arb(to_fmpq(number)) for name, number in place.items()}
        found = expectations(model, tuple(wanted.values()), values, L, log=True)
        assert (found.log_partition + flint.arb(0, 1e-8)).contains(expected["log_likelihood"]), model.name
        of_data = expectations(model, (), values, L, log=True, of_data=True)
        assert (of_data.log_partition + flint.arb(0, 1e-8)).contains(expected["negentropy"]), model.name
        for name, mean in wanted.items():
            assert (found.means[mean] + flint.arb(0, 1e-8)).contains(expected[name]), (model.name, name)
            assert found.means[mean].rad() < 1e-6
