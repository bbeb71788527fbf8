"""The iterates of population EM: KL, amplitudes and factors against the step."""

from collections.abc import Iterator, Sequence

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.trajectories.iterates import Iterate
from emtheory.reports.render.chart import Chart, Placed, curve_of, row_of
from emtheory.reports.render.panels import Panel

_SHOWN_FREQUENCIES = 5
"""Of the amplitudes and factors, as many as the palette has colours; the data have all."""

_STEP = "step t"
_LOGARITHMIC = ("linear", "log")


def trajectory_chart(case: Case, trajectory: Sequence[Iterate], level: str) -> Chart:
    """Return the chart of a trajectory; on the logarithmic scales zeros are left out."""
    frequencies = range(min(len(case.frequencies), _SHOWN_FREQUENCIES))
    steps = list(enumerate(trajectory))
    divergence = [(t, iterate.divergence) for t, iterate in steps]
    amplitudes = [[(t, iterate.amplitudes[i]) for t, iterate in steps] for i in frequencies]
    factors = [[(t, iterate.factors[i]) for t, iterate in steps] for i in frequencies]
    panels = [
        Panel(
            f"EM from k = {case.k}: KL divergence ({level})",
            _STEP,
            "KL in nats",
            (curve_of("KL", _positive(divergence)),),
            _LOGARITHMIC,
        ),
        Panel(
            "Amplitudes",
            _STEP,
            "ρ",
            tuple(curve_of(f"m = {i + 1}", _positive(each), i) for i, each in enumerate(amplitudes)),
            _LOGARITHMIC,
        ),
        Panel(
            "Factors of the next step",
            _STEP,
            "1 − β",
            tuple(curve_of(f"m = {i + 1}", each, i) for i, each in enumerate(factors)),
        ),
    ]
    return Chart(panels, [row for t, iterate in steps for row in _rows(t, iterate)])


def _positive(points: Sequence[Placed]) -> list[Placed]:
    return [(place, value) for place, value in points if value.lower > 0]


def _rows(t: int, iterate: Iterate) -> Iterator[dict[str, object]]:
    single = {"kl": iterate.divergence, "pl_ratio": iterate.pl_ratio}
    values: list[tuple[str, int | str, Enclosure]] = [(name, "", value) for name, value in single.items()]
    values += [("amplitude", m, value) for m, value in enumerate(iterate.amplitudes, start=1)]
    values += [("factor", m, value) for m, value in enumerate(iterate.factors, start=1)]
    for name, m, value in values:
        yield row_of(value, step=t, quantity=name, m=m)
