"""`emtheory.trajectory`: the iterates of population EM, with proved errors where that is possible."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.numerics.trajectories.iterates import Iterate, iterates
from emtheory.numerics.trajectories.out_of_reach import steps_above
from emtheory.reports.api import given
from emtheory.reports.notebook import Drawn, Listed
from emtheory.reports.progress import INTERVAL_SECONDS

if TYPE_CHECKING:
    from emtheory.reports.render.chart import Chart

MAX_STEPS = 20_000
"""All iterates are kept."""

DEFAULT_STEPS = 20
"""Where no KL is given to stop at. A choice: as many lines as a screen shows."""

_SHOWN_FACTORS = 4
"""Frequencies in a table; there are k/2."""

_GUARD_DIGITS = 3
"""Beyond those asked for, so that the ends of an interval differ from its middle."""

_MEANING = {
    "certified": "each value provably agrees with the iterate to within a unit of the last digit shown",
    "supported": "the radius is carried along to more digits than are shown; its error is not enclosed",
    "observed": "digits on which the 99.9 % interval over independent trajectories on Sobol points agrees",
}


@dataclass(frozen=True, repr=False)
class Trajectory(Drawn, Listed[Iterate]):
    """The iterates of population EM from a point, the start first.

    Attributes
    ----------
    case
        The mixture, with the point to start from.
    digits
        Significant digits that were asked for.
    iterates
        The iterates; each value is an `emtheory.Enclosure`.
    until_kl
        The KL to stop at, if one was given.
    too_few
        Steps after which KL is still above it, where that is known without taking them, else 0; at the level of the
        trajectory.
    """

    _align = ">"

    case: Case
    digits: int
    iterates: tuple[Iterate, ...]
    until_kl: Fraction | None = None
    too_few: int = 0

    @property
    def _members(self) -> Sequence[Iterate]:
        return self.iterates

    @property
    def level(self) -> str:
        """The strength of the evidence."""
        return str(self.iterates[0].divergence.level)

    @property
    def reached(self) -> bool:
        """Whether KL is at most `until_kl` at the last iterate, or there was none to reach."""
        return self.until_kl is None or self.iterates[-1].divergence.upper <= self.until_kl

    def as_json(self) -> dict[str, object]:
        """Return the trajectory as in ``trajectory --json``."""
        return {
            "schema": 1,
            "case": self.case.as_json(),
            "digits": self.digits,
            "level": self.level,
            "iterates": [
                {
                    "iteration": step,
                    "amplitudes": [_interval(rho, self.digits) for rho in iterate.amplitudes],
                    "kl_divergence": _interval(iterate.divergence, self.digits),
                    "factors": [_interval(factor, self.digits) for factor in iterate.factors],
                    "pl_ratio": _interval(iterate.pl_ratio, self.digits),
                    "simplex_distance": _interval(iterate.simplex_distance, self.digits),
                }
                for step, iterate in enumerate(self.iterates)
            ],
        }

    def chart(self) -> "Chart":
        """Return KL, amplitudes and factors, a panel each."""
        from emtheory.reports.charts.trajectory import trajectory_chart  # noqa: PLC0415 (what draws is an extra)

        return trajectory_chart(self.case, self.iterates, self.level)

    def missed(self, target: str | None) -> str:
        """Return what is known where KL is not reached; `target` is that KL, as it was written."""
        if not self.too_few:
            return f"KL is still above {target} after {len(self) - 1} steps"
        known = "that is proved" if self.level == str(Level.CERTIFIED) else f"that is {self.level}, not proved"
        steps = int(decimal_text(Fraction(self.too_few), 2, "down"))
        return (
            f"KL is still above {target} after {steps:,} steps, more than the {MAX_STEPS:,} that are followed; "
            f"{known}, by bounds of the factors from step {len(self) - 1} on; --steps N shows N of them"
        )

    def _records(self) -> Iterator[dict[str, object]]:
        names = self.case.frequencies
        for step, iterate in enumerate(self.iterates):
            values = {"kl_divergence": iterate.divergence, "pl_ratio": iterate.pl_ratio}
            values |= {"simplex_distance": iterate.simplex_distance}
            values |= {f"rho_{m}": rho for m, rho in zip(names, iterate.amplitudes, strict=True)}
            values |= {f"factor_{m}": factor for m, factor in zip(names, iterate.factors, strict=True)}
            yield {"iteration": step} | {name: float(value) for name, value in values.items()}

    def _header(self) -> list[str]:
        frequencies = list(self.case.frequencies)[:_SHOWN_FACTORS]
        amplitudes, factors = ([f"{name}_{m}" for m in frequencies] for name in ("rho", "1-beta"))
        return ["t", *amplitudes, "KL", "PL ratio", "off simplex", *factors]

    def _rows(self) -> Iterator[list[str]]:
        for step, iterate in enumerate(self.iterates):
            values = (
                *iterate.amplitudes[:_SHOWN_FACTORS],
                iterate.divergence,
                iterate.pl_ratio,
                iterate.simplex_distance,
                *iterate.factors[:_SHOWN_FACTORS],
            )
            yield [str(step), *(_shown(value, self.digits) for value in values)]

    def _remarks(self) -> Iterator[str]:
        if len(self.case.frequencies) > _SHOWN_FACTORS:
            yield f"frequencies 1 to {_SHOWN_FACTORS} of {len(self.case.frequencies)}; the JSON document has all"
        yield f"{self.level}: {_MEANING[self.level]}"


def trajectory(
    k: int,
    weights: str | Sequence[Exact],
    *,
    d: int | None = None,
    radius: Exact | None = None,
    amplitudes: str | Sequence[Exact] | None = None,
    steps: int | None = None,
    until_kl: Exact | None = None,
    digits: int = 6,
    progress: Callable[[str], None] | None = None,
) -> Trajectory:
    """Iterate population EM from an exact point, as ``emtheory trajectory`` does.

    Parameters
    ----------
    k, weights, d, radius, amplitudes
        The exact case with its point, as for `emtheory.evaluate`.
    steps
        Steps of EM, 0 to 20 000; if left out 20, or with `until_kl` as many as it takes, up to 20 000.
    until_kl
        Stop when KL is at most this, or as soon as bounds of the factors show that no number of steps allowed is
        enough; `Trajectory.reached` tells which.
    digits
        Significant digits wanted at the start, 1 to 30; small values later have fewer, as their intervals show.
    progress
        Is told, in a line twice a minute, how far a long run is.

    Returns
    -------
    Trajectory
        The iterates with amplitudes, KL, PL ratio, distance from the simplex and factors.

    Raises
    ------
    InputError
        If anything is malformed, not exact, or out of its domain.
    CannotAnswerError
        If the error cannot be followed from this point.

    Examples
    --------
    >>> import emtheory
    >>> run = emtheory.trajectory(3, "one-heavy:3/5", radius=1, steps=2, digits=4)
    >>> run.level, [round(float(iterate.divergence.midpoint), 4) for iterate in run]
    ('certified', [0.1287, 0.045, 0.0229])
    """
    most = DEFAULT_STEPS if until_kl is None else MAX_STEPS
    last = most if steps is None else given.count(steps, "steps", 0, MAX_STEPS)
    target = None if until_kl is None else exact_number(until_kl, "until_kl")
    if target is not None and target <= 0:
        raise InputError(f"until_kl {target} must be positive")
    case, wanted = make_case(k, weights, d, radius, amplitudes), exact_integer(digits, "digits")
    tell, found, told = given.progress(progress), [], monotonic()
    for iterate in islice(iterates(case, wanted), last + 1):
        found.append(iterate)
        if monotonic() - told >= INTERVAL_SECONDS:
            tell(f"step {len(found) - 1} of at most {last}: KL is {_shown(iterate.divergence, 3)}")
            told = monotonic()
        if target is not None and iterate.divergence.upper <= target:
            break
        taken = len(found) - 1
        # At powers of two: each try costs about as much as a few steps.
        if target is not None and steps is None and taken & (taken - 1) == 0:
            too_few = taken + steps_above(case, iterate, target)
            if too_few >= last:
                return Trajectory(case, wanted, tuple(found), target, too_few)
    return Trajectory(case, wanted, tuple(found), target)


def _interval(value: Enclosure, digits: int) -> dict[str, str]:
    shown = digits + _GUARD_DIGITS
    return {
        "value": decimal_text(value.midpoint, shown),
        "lower": decimal_text(value.lower, shown, "down"),
        "upper": decimal_text(value.upper, shown, "up"),
    }


def _shown(value: Enclosure, digits: int) -> str:
    """As many digits, up to those wanted, as both ends of the interval agree on to within a unit of the last."""
    if value.lower == value.upper:
        return decimal_text(value.midpoint, digits)
    for count in range(digits, 0, -1):
        if value.has_digits(count):
            return decimal_text(value.midpoint, count)
    return f"<{decimal_text(value.upper, 1, 'up')}"
