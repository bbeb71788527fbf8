"""Points off the simplex for any k: scrambled Sobol sequences, repeated so that the error can be estimated.

Nothing here is shared with the product rules of the ball route. Control variates (`numerics.sobol_observables`) are
subtracted with coefficients from a scramble that is used for nothing else, so that the means stay unbiased. Each
further scramble gives a value; the mean of the values has a Student interval.
"""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from numerics.case import Case
from numerics.errors import CannotAnswerError
from numerics.nearest_simplex import nearest_simplex
from numerics.sobol_observables import Observed, Setting, expectations, highest_power, observe
from numerics.sobol_points import Complexes, Floats, noise

CONFIDENCE = 0.999
MAX_COMPONENTS = 4096

FEWEST = 16
"""Scrambles."""
_PILOT, _LARGEST = 13, 13
"""Binary logarithms of the points of the scramble for the coefficients, and of the others: in many dimensions more
scrambles are worth more than longer ones."""
_LARGEST_TABLE = 1 << 21
"""Points times components of a scramble."""
_WORK = 3 << 29
"""The same times scrambles: some minutes."""
_LARGEST_PILOT = 1 << 22
_BLOCK, _FEWEST_ROWS = 1 << 15, 64
"""Exponents held at once, so that they stay in cache, but so many points at least."""
_HOPELESS = 4.0
"""Where the work for the digits wanted is more than so many times what is allowed, a sixteenth of it is done."""


@dataclass(frozen=True)
class Estimate:
    """A mean over scrambles, half the width of its Student interval at `CONFIDENCE`, and how much went into it."""

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
    """Averages over one scramble.

    Attributes
    ----------
    k, divergence
        Number of components and KL.
    powers
        E|γ̂_m|² = β_m for m = 0..⌊k/2⌋.
    hessian_product
        Hv for the radial block H of the Hessian, shape (⌊k/2⌋,), if a direction v was given; else empty.
    """

    k: int
    divergence: float
    powers: Floats
    hessian_product: Floats

    def power(self, m: int) -> float:
        """β_m, for any m."""
        return float(self.powers[min(m % self.k, -m % self.k)])


@dataclass(frozen=True, eq=False)
class Rule:
    """A setting with the expectations of its control variates and their coefficients.

    Attributes
    ----------
    setting
        The point and what is observed.
    exponent
        Binary logarithm of the points of a scramble.
    expected
        Expectations of `Observed.common` and `Observed.own`.
    coefficients
        Shapes (outputs, controls) for the common controls, (outputs − 1, controls) for an output's own.
    """

    setting: Setting
    exponent: int
    expected: tuple[Floats, Floats]
    coefficients: tuple[Floats, Floats]


def estimate(case: Case, quantity: Callable[[Averages], float], digits: int, *, seed: int = 0) -> Estimate:
    """Take more scrambles until the interval has the digits wanted, or as many as are allowed.

    Parameters
    ----------
    case
        With a point.
    quantity
        What to estimate from the averages over one scramble.
    digits
        Significant digits wanted.
    seed
        Of the scrambles: the same seed gives the same estimate.

    Raises
    ------
    CannotAnswerError
        If there are too many components.
    """
    rule = make_rule(case, seed=seed)
    values: list[float] = []
    count = FEWEST
    while True:
        values += [quantity(found) for found in averages(rule, range(seed + 1 + len(values), seed + 1 + count))]
        result = summary(values, 2 << rule.exponent)
        following = next_count(rule, result.excess(digits), count)
        if following == count:
            return result
        count = following


def next_count(rule: Rule, excess: float, count: int) -> int:
    """How many scrambles to take in all when `count` leave an error of `excess` times what is wanted."""
    most = max(FEWEST, (_WORK // rule.setting.case.k) >> rule.exponent)
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


def make_rule(case: Case, *, direction: Floats | None = None, seed: int = 0) -> Rule:
    """Find the coefficients of the control variates from a scramble of its own; errors as for `estimate`."""
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(f"Sobol points off the simplex are used up to {MAX_COMPONENTS} components")
    exponent = min(_LARGEST, int(math.log2(_LARGEST_TABLE / case.k)))
    setting = Setting(case, nearest_simplex(case), direction=direction)
    first = next(_blocks(setting, exponent, seed))
    setting = replace(setting, highest=highest_power(setting, first))
    pilot = min(_PILOT, int(math.log2(_LARGEST_PILOT / case.k)))
    return Rule(setting, exponent, expectations(setting), _coefficients(list(_observations(setting, pilot, seed))))


def averages(rule: Rule, seeds: Sequence[int]) -> list[Averages]:
    """Return the averages over the scrambles with the given seeds, in their order; threads share the work."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda seed: _average(rule, seed), seeds))


def _average(rule: Rule, seed: int) -> Averages:
    case = rule.setting.case
    means = [
        (observed.outputs.mean(axis=0), observed.common.mean(axis=0), observed.own.mean(axis=0))
        for observed in _observations(rule.setting, rule.exponent, seed)
    ]
    outputs, common, own = (np.mean(parts, axis=0) for parts in zip(*means, strict=True))
    outputs -= rule.coefficients[0] @ (common - rule.expected[0])
    outputs[1:] -= np.sum(rule.coefficients[1] * (own - rule.expected[1]), axis=1)
    end = 2 + case.k // 2
    return Averages(case.k, float(outputs[0]), outputs[1:end], outputs[end:])


def _observations(setting: Setting, exponent: int, seed: int) -> Iterator[Observed]:
    """Observe the 2^exponent points of a scramble, in blocks."""
    return (observe(setting, block) for block in _blocks(setting, exponent, seed))


def _blocks(setting: Setting, exponent: int, seed: int) -> Iterator[Complexes]:
    rows = max(_FEWEST_ROWS, 1 << int(math.log2(_BLOCK / setting.case.k)))
    return noise(setting.case, exponent, seed, rows, used=setting.used)


def _coefficients(parts: Sequence[Observed]) -> tuple[Floats, Floats]:
    """Regress each output on the common controls and its own, by least squares: the common ones are projected out."""
    outputs = _centred(np.concatenate([part.outputs for part in parts]))
    common = _centred(np.concatenate([part.common for part in parts]))
    own = _centred(np.concatenate([part.own for part in parts]))
    scale, own_scale = _scale(common), _scale(own)
    common, own = common / scale, own / own_scale
    right = np.column_stack([outputs, own.reshape(len(own), -1)])
    fitted = np.linalg.lstsq(common, right, rcond=1e-10)[0]
    left = right - common @ fitted
    total = fitted[:, : outputs.shape[1]].T.copy()
    of_own = fitted[:, outputs.shape[1] :].T.reshape(*own.shape[1:], common.shape[1])
    rest = left[:, outputs.shape[1] :].reshape(own.shape)
    chosen = np.zeros(own.shape[1:])
    for i in range(own.shape[1] if own.shape[2] else 0):
        chosen[i] = np.linalg.lstsq(rest[:, i], left[:, 1 + i], rcond=1e-8)[0]
        total[1 + i] -= chosen[i] @ of_own[i]
    return total / scale, chosen / own_scale


def _centred(values: Floats) -> Floats:
    centred: Floats = values - values.mean(axis=0)
    return centred


def _scale(centred: Floats) -> Floats:
    """Standard deviations, or 1 where nothing varies."""
    deviations = np.sqrt(np.mean(centred**2, axis=0))
    scale: Floats = np.where(deviations > 0, deviations, 1.0)
    return scale
