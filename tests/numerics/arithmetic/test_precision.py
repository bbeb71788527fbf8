"""Precision is scoped: no global changes, and threads at different digits do not see each other."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import flint
import mpmath
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision, mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate

CASE = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))


def divergence(digits: int, route: str = "mp") -> Enclosure:
    return evaluate("kl_divergence", CASE, digits=digits, route=route)


def test_contexts_restore_what_they_found() -> None:
    before = (mpmath.mp.prec, flint.ctx.prec)
    with arb_precision(333):
        assert flint.ctx.prec == 333
        with arb_precision(77):
            assert flint.ctx.prec == 77
        assert flint.ctx.prec == 333
    with mp_context(555) as context:
        assert context.prec == 555
        assert mpmath.mp.prec == before[0]
        assert context.mpf(1) / 3 != mpmath.mpf(1) / 3
    with pytest.raises(RuntimeError, match="inside"), arb_precision(99):
        raise RuntimeError("inside")
    assert (mpmath.mp.prec, flint.ctx.prec) == before


@pytest.mark.parametrize("route", ["exact", "mp", "float"])
def test_evaluation_leaves_global_precision_alone(route: str) -> None:
    before = (mpmath.mp.prec, flint.ctx.prec)
    evaluate("spectral_gap", make_case(5, "linear"), digits=60, route=route)
    if route != "exact":
        divergence(40, route)
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_threads_at_different_digits_get_the_same_as_alone() -> None:
    digits = [12, 20] * 2
    alone = {n: divergence(n) for n in set(digits)}
    sequential = {n: evaluate("spectral_gap", make_case(7, "linear"), digits=n) for n in set(digits)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(divergence, digits))
        gaps = list(pool.map(lambda n: evaluate("spectral_gap", make_case(7, "linear"), digits=n), digits))
    for n, value, gap in zip(digits, together, gaps, strict=True):
        assert (value.lower, value.upper) == (alone[n].lower, alone[n].upper)
        assert (gap.lower, gap.upper) == (sequential[n].lower, sequential[n].upper)
