"""Four components: the weights for which β_1 − β_2 is 0 to all orders said, one by one."""

from itertools import product

import pytest
import sympy

from emtheory.theory.derivations import derive


@pytest.mark.statement("simplex-classification")
def test_the_cases_are_all_there_are() -> None:
    """Every vector of four weights with the denominator 14, one by one."""
    premises, alternatives = derive("simplex-classification", 4).statement.conclusions[3].args
    names = (*sympy.symbols("u D E", real=True), *sympy.symbols("pi_:4", positive=True))
    zeros, cases = (sympy.lambdify(names, part) for part in (premises, alternatives))
    whole = 14
    compositions = [(a, b, c, whole - a - b - c) for a, b, c in product(range(1, whole), repeat=3) if a + b + c < whole]
    meeting = 0
    for parts in compositions:
        p = [sympy.Rational(part, whole) for part in parts]
        at = (p[0] + p[2], p[0] - p[2], p[1] - p[3], *p)
        three_equal = max(parts.count(part) for part in parts) >= 3
        assert bool(zeros(*at)) == three_equal == bool(cases(*at))
        meeting += three_equal
    assert meeting == 4 * len([n for n in range(1, 5) if 3 * n < whole])
