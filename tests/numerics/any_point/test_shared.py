"""What quantities of one case share: made once, the same as without, and not more than is bounded."""

import pickle
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction

import flint
import pytest

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate

THREE = make_case(3, "1/2,3/10,1/5", radius="1")
FIVE = make_case(5, "linear", radius="3/2")
OFF = make_case(4, "2/5,3/10,1/5,1/10", amplitudes="3/5,2/5")
NAMES = ("kl_divergence", "posterior_power", "hessian_min_eigenvalue", "pl_ratio", "log_partition")


def asked(case: Case, name: str, digits: int) -> Enclosure:
    return evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, digits, "ball")


@pytest.mark.parametrize(("case", "digits"), [(THREE, (8, 15)), (FIVE, (8,)), (OFF, (4,))], ids=["k=3", "k=5", "off"])
def test_answers_do_not_depend_on_what_was_asked_before(case: Case, digits: tuple[int, ...]) -> None:
    """Of other digits, too: a key without the accuracy would give the first ones again."""
    alone = {(name, count): asked(replace(case), name, count) for count in digits for name in NAMES}
    for order in (list(alone), list(alone)[::-1]):
        together = replace(case)
        assert {key: asked(together, *key) for key in order} == alone


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(THREE)
    for key in range(3 * ball_values.MOST):
        ball_values.shared(case, key, lambda: flint.arb(1))
    assert len(case.kept) == ball_values.MOST
    large = replace(THREE)
    monkeypatch.setattr(ball_values, "LARGEST", 20)
    asked(large, "posterior_power", 15)
    assert not large.kept


def test_a_number_of_one_precision_is_not_one_of_another() -> None:
    case = replace(THREE)
    for bits in (60, 200):
        with arb_precision(bits):
            third = ball_values.shared(case, "third", lambda: flint.arb(1) / 3)
            assert third.rel_accuracy_bits() >= bits - 3


def test_copies_take_nothing_along() -> None:
    asked(THREE, "kl_divergence", 5)
    assert THREE.kept
    for copy in (pickle.loads(pickle.dumps(THREE)), deepcopy(THREE), replace(THREE)):  # noqa: S301 - our own
        assert copy == THREE
        assert not copy.kept
