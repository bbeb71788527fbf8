"""Points off the simplex for any k: scrambled Sobol sequences, repeated so that the error can be estimated.

Nothing here is shared with the product rules of the ball route. What is averaged, and the control variates with mean
0, come from `emtheory.numerics.any_point.sobol_pairs`. Coefficients of the controls come from a scramble that is used
for nothing else, so that the means stay unbiased. Each further scramble gives a value; the mean of the values has a
Student interval.

KL comes from the β_m on a path (`emtheory.numerics.any_point.divergence_path`), with a rule for each node.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from emtheory.numerics.any_point.divergence_path import DivergencePath, divergence_path
from emtheory.numerics.any_point.sobol_pairs import Setting, good_shares, observe
from emtheory.numerics.any_point.sobol_points import Floats, amplitudes, noise
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.processes import processors

CONFIDENCE = 0.999
"""Of the intervals stated: about one in a thousand misses the truth. 99 % would be three quarters as wide, and miss it
ten times as often."""
MAX_COMPONENTS = 4096
"""A single point of so many has 2²³ pairs of components, all that a scramble is meant to have."""

FEWEST = 16
"""Scrambles at least. Student's quantile at 99.9 % is then 4.1; with eight it would be 5.4, with any number 3.3."""
_SCRAMBLE = 1 << 23
"""Pairs of components at all points of a scramble: longer ones are more uniform, with more of them the error is better
known."""
_PILOT = 4
"""How many times as many pairs the scramble for the coefficients has: noise in these is noise in every value."""
_LONGEST, _SHORTEST, _SHORTEST_PILOT = 13, 2, 7
"""Binary logarithms of the points of a scramble: at most, at least, and at least in the one for the coefficients, so
that the controls of four frequencies can be fitted whatever k is."""
_WORK = 3 << 33
"""Pairs of components at all points of all scrambles: some minutes."""
_POINTS_A_CONTROL = 16
"""In the scramble for the coefficients, for each control at least: with fewer the fit would follow the noise."""
_CONTROLLED = 64
"""Frequencies, those of the largest amplitudes, whose squares are controls, two for each: more cost time in the fit,
and need longer scrambles for the coefficients."""
_ROWS = 1 << 18
"""Pairs of components for the points that are handled together."""
_HOPELESS = 4.0
"""Where the work for the digits wanted is more than so many times what is allowed, a sixteenth of it is done."""


@dataclass(frozen=True)
class Estimate:
    """A mean over scrambles, half the width of its interval at `CONFIDENCE`, and how much went into it."""

    value: float
    half_width: float
    scrambles: int
    points: int

    def excess(self, digits: int) -> float:
        """Half-width in units of what that many significant digits allow: half a unit of the last."""
        if not self.value:
            return math.inf
        return self.half_width / (0.5 * 10.0 ** (math.floor(math.log10(abs(self.value))) + 1 - digits))


@dataclass(frozen=True, eq=False)
class Averages:
    """Averages over one scramble, or more.

    Attributes
    ----------
    k, divergence
        Number of components and KL; nan unless asked for.
    powers
        E|γ̂_m|² = β_m for m = 0..⌊k/2⌋.
    """

    k: int
    divergence: float
    powers: Floats

    def power(self, m: int) -> float:
        """β_m, for any m."""
        return float(self.powers[min(m % self.k, -m % self.k)])


@dataclass(frozen=True, eq=False)
class Rule:
    """A setting with the coefficients of its control variates.

    Attributes
    ----------
    setting
        The point and what is observed.
    seed
        What the seeds of its scrambles begin with.
    exponent
        Binary logarithm of the points of a scramble.
    coefficients
        Shape (controls, outputs).
    """

    setting: Setting
    seed: tuple[int, ...]
    exponent: int
    coefficients: Floats


@dataclass(frozen=True, eq=False)
class Plan:
    """Rules for what is wanted at a point.

    Attributes
    ----------
    case
        With its point.
    path
        Where KL comes from, if it is wanted.
    rules
        One for each node of the path but the first, the last for the point itself.
    """

    case: Case
    path: DivergencePath | None
    rules: tuple[Rule, ...]

    @property
    def points(self) -> int:
        """Points of a scramble of each rule and their mirror images."""
        return sum(2 << rule.exponent for rule in self.rules)

    def averages(self, found: Sequence[Floats], *, coarse: bool = False) -> Averages:
        """Put together averages of the rules' outputs; with `coarse` by the coarser rule on the path."""
        powers = np.array(found)
        divergence = math.nan if self.path is None else self.path.divergence(powers, coarse=coarse)
        return Averages(self.case.k, divergence, np.concatenate([[1.0], powers[-1]]))


def make_plan(case: Case, *, divergence: bool, seed: int = 0, pairs: int | None = None) -> Plan:
    """Find the rules for β_m at the case's point, and KL if it is wanted.

    Parameters
    ----------
    case
        The mixture with its point.
    divergence
        Whether KL is wanted, which takes a rule for each node of a path.
    seed
        Of the scrambles.
    pairs
        Of components, at all points of a scramble, shared by the rules; millions by default.

    Raises
    ------
    CannotAnswerError
        If there are too many components.
    """
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(f"Sobol points off the simplex are used up to {MAX_COMPONENTS} components")
    path = divergence_path(case) if divergence else None
    points = [amplitudes(case)] if path is None else [*path.amplitudes, amplitudes(case)]
    share = (pairs or _SCRAMBLE) // len(points)
    return Plan(case, path, tuple(make_rule(case, rho, share, seed=(seed, i)) for i, rho in enumerate(points)))


def sample(plan: Plan, scrambles: Sequence[int]) -> list[list[Floats]]:
    """Return for each of the given scrambles the averages of the rules' outputs."""
    return [list(found) for found in zip(*(averages(rule, scrambles) for rule in plan.rules), strict=True)]


def estimate(
    case: Case, quantity: Callable[[Averages], float], digits: int, *, divergence: bool, seed: int = 0
) -> Estimate:
    """Take more scrambles until the interval has the digits wanted, or as many as are allowed.

    Parameters
    ----------
    case
        With a point.
    quantity
        What to estimate from the averages over one scramble.
    digits
        Significant digits wanted.
    divergence
        Whether it needs KL.
    seed
        Of the scrambles: the same seed gives the same estimate.

    Raises
    ------
    CannotAnswerError
        If there are too many components.
    """
    plan = make_plan(case, divergence=divergence, seed=seed)
    sampled: list[list[Floats]] = []
    count = FEWEST
    while True:
        sampled += sample(plan, range(len(sampled), count))
        result = summary([quantity(plan.averages(found)) for found in sampled], plan.points)
        if divergence:
            mean = np.mean(sampled, axis=0)
            fine, coarse = (quantity(plan.averages(mean, coarse=coarse)) for coarse in (False, True))
            result = replace(result, half_width=result.half_width + abs(fine - coarse))
        following = next_count(plan.rules, result.excess(digits), count)
        if following == count:
            return result
        count = following


def next_count(rules: Sequence[Rule], excess: float, count: int) -> int:
    """How many scrambles to take in all when `count` leave an error of `excess` times what is wanted.

    Parameters
    ----------
    rules
        What each scramble evaluates.
    excess
        The half-width reached in units of the one wanted.
    count
        Scrambles taken so far.

    Returns
    -------
    int
        At least `count`; `count` itself if that is enough, or all that is allowed.
    """
    most = max(FEWEST, _WORK // sum(rule.setting.pairs << rule.exponent for rule in rules))
    wanted = count * max(1.2, 1.1 * excess**2) if excess > 1 else count
    if wanted > _HOPELESS * most:
        most = max(FEWEST, most // 16)
    return max(count, math.ceil(min(most, wanted)))


def summary(values: Sequence[float], points: int) -> Estimate:
    """Return the mean of one value for each scramble of so many points, with its Student interval."""
    from scipy.stats import t  # noqa: PLC0415 - SciPy is slow to import

    quantile = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1))
    half_width = quantile * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Estimate(float(np.mean(values)), half_width, len(values), points)


def make_rule(
    case: Case, rho: Floats, pairs: int | None = None, *, direction: Floats | None = None, seed: tuple[int, ...]
) -> Rule:
    """Find the coefficients of the control variates at amplitudes ρ_m from a scramble of its own.

    Parameters
    ----------
    case
        The weights.
    rho
        The point.
    pairs
        Of components, at all points of a scramble; millions by default.
    direction
        For products with the Hessian.
    seed
        What the seeds of its scrambles begin with.
    """
    prior = np.array([float(weight) for weight in case.weights])
    setting = Setting(prior, rho, good_shares(rho), 0, direction)
    points = (pairs or _SCRAMBLE) / setting.pairs
    pilot, exponent = (
        min(_LONGEST, max(least, int(math.log2(count))))
        for least, count in ((_SHORTEST_PILOT, _PILOT * points), (_SHORTEST, points))
    )
    setting = replace(setting, controlled=min(_CONTROLLED, (1 << pilot) // (2 * _POINTS_A_CONTROL)))
    parts = list(_observations(setting, pilot, [*seed, 0]))
    outputs, controls = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    scale = np.std(controls, axis=0)
    scale[scale == 0] = 1
    centred = (controls - controls.mean(axis=0)) / scale
    fitted = np.linalg.lstsq(centred, outputs - outputs.mean(axis=0), rcond=1e-10)[0]
    return Rule(setting, seed, exponent, fitted / scale[:, np.newaxis])


def averages(rule: Rule, scrambles: Sequence[int]) -> list[Floats]:
    """Return the averages of the outputs over the given scrambles, in their order; threads share the work."""
    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(lambda scramble: _average(rule, scramble), scrambles))


def _average(rule: Rule, scramble: int) -> Floats:
    parts = [
        (outputs - controls @ rule.coefficients).mean(axis=0)
        for outputs, controls in _observations(rule.setting, rule.exponent, [*rule.seed, 1 + scramble])
    ]
    average: Floats = np.mean(parts, axis=0)
    return average


def _observations(setting: Setting, exponent: int, seed: Sequence[int]) -> Iterator[tuple[Floats, Floats]]:
    """Observe the 2^exponent points of a scramble, in blocks."""
    rows = max(1, 1 << int(math.log2(max(1, _ROWS / setting.pairs))))
    return (observe(setting, block) for block in noise(setting.rho, setting.k, exponent, seed, rows))
