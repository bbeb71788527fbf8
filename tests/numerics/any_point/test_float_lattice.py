"""Averages on two lattices against certified values, with nothing of the ball route in them."""

import numpy as np
import pytest

from emtheory.numerics.any_point import float_values
from emtheory.numerics.any_point.ball_values import off_simplex
from emtheory.numerics.any_point.float_values import lattice_averages
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate

CASES = [
    make_case(4, "1/2,1/4,1/8,1/8", amplitudes=["1/2", "1/3"]),
    make_case(4, "linear", amplitudes=["0", "2"]),
    make_case(5, "linear", amplitudes=["1", "1/2"]),
]


def errors(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """How far KL, the powers and the couplings are off, and the halves of the differences between the lattices."""
    with arb_precision(working_bits(32.0)):
        at = off_simplex(case, 32.0)
        pairs = [(m, n) for m in case.frequencies for n in case.frequencies]
        truth = np.array(
            [
                float(at.twice_divergence()) / 2,
                *(float(at.moments(4).power(m)) for m in case.frequencies),
                *(float(at.moments(4).coupling(m, n)) for m, n in pairs),
            ]
        )
    one, other = (
        np.array([each.divergence, *each.powers[1:], *each.couplings.ravel()]) for each in lattice_averages(case, 4)
    )
    return np.abs((one + other) / 2 - truth), np.abs(one - other) / 2


@pytest.mark.parametrize("case", CASES, ids=str)
def test_against_certified_values(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coarse lattice is seen to be coarse, and off by no more than the two differ."""
    assert np.all(errors(case)[0] < 1e-11)
    monkeypatch.setattr(float_values, "_DECAY", 8.0)
    wrong, spread = errors(case)
    assert wrong.max() > 1e-9
    assert np.all(wrong <= spread + 1e-12)


def test_what_cancels_is_not_said_to_be_known() -> None:
    """KL is 4e−82 at a point where doubles see nothing of it, and amplitudes may be beyond their squares."""
    near = make_case(4, "linear", amplitudes=["1e-40", "0"])
    found = evaluate("kl_divergence", near, {}, 4, "float")
    assert found.lower <= evaluate("kl_divergence", near, {}, 4, "ball").lower <= found.upper
    with pytest.raises(CannotAnswerError, match="too small"):
        evaluate("pl_ratio", near, {}, 4, "float")
    far = make_case(6, "linear", amplitudes=["1e200", "0", "0"])
    with pytest.raises(CannotAnswerError, match="1e100"):
        evaluate("kl_divergence", far, {}, 4, "float")
    with pytest.raises(CannotAnswerError, match="nodes"):
        evaluate("kl_divergence", far, {}, 4, "mp")
