import re

import numpy as np
import pytest

from emtheory.reports.render.panels import Curve, Panel
from emtheory.reports.render.plots import panel_figure


@pytest.mark.parametrize("places", [[3], [2, 3, 7], list(range(12))])
def test_whole_numbers_have_a_tick_each_and_no_other(places: list[int]) -> None:
    curve = Curve("both", np.array(places, dtype=float), np.full(len(places), 0.25))
    labels = re.findall(r">(\d+(?:\.\d+)?)</text>", panel_figure([Panel("t", "k", "y", (curve,))], "s"))
    assert [label for label in labels if "." not in label] == list(map(str, places))


def test_many_whole_numbers_have_whole_ticks() -> None:
    curve = Curve("both", np.arange(100.0), np.full(100, 0.25))
    labels = re.findall(r">(\d+(?:\.\d+)?)</text>", panel_figure([Panel("t", "step", "y", (curve,))], "s"))
    ticks = [label for label in labels if not label.startswith("0.")]
    assert 3 < len(ticks) < 20
    assert not any("." in tick for tick in ticks)
