"""Results draw themselves on axes of Matplotlib, with the numbers they have, and floats are exact where asked for."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

import emtheory

CLAIM = emtheory.Claim("near", "posterior_power(m=1) > 1/5", weights="one-heavy:3/5", for_all={"radius": (1, 2)})


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    from matplotlib import pyplot

    mpl.use("agg")
    yield
    pyplot.close("all")


def drawn(axes: Any) -> list[tuple[float, float]]:
    return [tuple(point) for line in axes.lines for point in np.column_stack(line.get_data()).tolist()]


def test_an_answer_is_a_curve_through_its_value() -> None:
    answer = emtheory.evaluate("kl_divergence", 2, "uniform", radius=1, digits=6)
    points = drawn(answer.plot())
    assert (1.0, pytest.approx(float(answer))) in points
    with pytest.raises(emtheory.InputError, match="axes: 1 axes"):
        answer.plot(3)  # type: ignore[arg-type]
    with pytest.raises(emtheory.InputError, match="name a family"):
        emtheory.evaluate("spectral_gap", 2, ["1/4", "3/4"]).plot()


def test_every_table_is_a_data_frame_of_numbers(tmp_path: Path) -> None:
    emtheory.check(CLAIM, certificates=tmp_path)
    frames = {
        "margin": emtheory.check(CLAIM),
        "lower": emtheory.sweep([2, 4], "linear", "spectral_gap"),
        "pl_ratio": emtheory.trajectory(2, "linear", radius=1, steps=1),
        "radius": emtheory.simulate(2, "linear", n=50, iterations=2, no_factor=True),
        "seconds": emtheory.replay(tmp_path),
        "value": emtheory.atlas("separation-needed", points=2)["separation-needed"],
    }
    for column, table in frames.items():
        frame = table.to_dataframe()
        assert frame[column].dtype == float, column
        assert len(frame) >= 1


def test_floats_are_exact_where_somebody_says_which_are_meant() -> None:
    assert emtheory.exact([0.1, [np.float32(0.3), "1/3", 2]]) == [
        Fraction(1, 10),
        [Fraction(3, 10), Fraction(1, 3), Fraction(2)],
    ]
    assert emtheory.exact(0.1, binary=True) == Fraction(0.1) != Fraction(1, 10)
    claim = emtheory.Claim("gap", "spectral_gap == 7/100", k=3, weights=emtheory.exact(np.array([0.5, 0.3, 0.2])))
    assert emtheory.check(claim)["gap"].verdict == "proved"
    for wrong in (float("nan"), float("inf"), None, True, "x"):
        with pytest.raises(emtheory.InputError):
            emtheory.exact(wrong)


def test_a_claim_is_short_and_says_no_more_than_was_said() -> None:
    assert repr(CLAIM) == (
        "Claim('near', 'posterior_power(m=1) > 1/5', weights='one-heavy:3/5', for_all={'radius': ('1', '2')})"
    )
    assert eval(repr(CLAIM), {"Claim": emtheory.Claim}) == CLAIM  # noqa: S307 (our own text)
    hostile = emtheory.Claim("<b>", "pi > 3", title="</p><script>")
    assert "<script>" not in hostile._repr_html_()
    assert "<b>" not in hostile._repr_html_()
