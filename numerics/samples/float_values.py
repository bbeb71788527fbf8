"""Quantities estimated from random samples."""

from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level

_TRIALS, _GAIN_TRIALS = 8, 200
"""Samples for a factor, and for a gain: the spread of a likelihood is as large as its mean."""
_STEPS = 200
"""Steps in which EM's factor has settled in every trial."""


def sample_contraction_factor(case: Case, digits: int, n: Fraction, seed: Fraction) -> Enclosure:
    """Contraction factor observed on samples; the enclosure is the 99 % interval over 8 trials."""
    # SciPy's statistics are slow to import and only this needs them.
    from emtheory.numerics.samples.distributions import gaussian_sample  # noqa: PLC0415
    from emtheory.numerics.samples.observed_contraction import observed_contraction  # noqa: PLC0415

    samples = (gaussian_sample(int(n), case.d, int(seed) + trial) for trial in range(_TRIALS))
    factor = observed_contraction(case, samples, _STEPS)
    note = f"99 % interval over {_TRIALS} samples of {n} points, seeds {seed}..{seed + _TRIALS - 1}"
    return Enclosure(Fraction(factor.low), Fraction(factor.high), Level.OBSERVED, "float", note=note)


def sample_likelihood_gain(case: Case, digits: int, n: Fraction, seed: Fraction) -> Enclosure:
    """2n KL(N(0, I) ‖ p_θ̂) on samples; the enclosure is the 99 % interval over 200 trials."""
    # As above.
    from emtheory.numerics.samples.distributions import gaussian_sample  # noqa: PLC0415
    from emtheory.numerics.samples.estimate import student  # noqa: PLC0415
    from emtheory.numerics.samples.finite_sample import population_divergence, stationary_point  # noqa: PLC0415
    from emtheory.numerics.samples.sample_em import make_sample  # noqa: PLC0415

    size, seeds = int(n), range(int(seed), int(seed) + _GAIN_TRIALS)
    samples = (make_sample(gaussian_sample(size, case.d, trial), case.d) for trial in seeds)
    gains = [2 * size * population_divergence(case, stationary_point(case, sample)) for sample in samples]
    mean = student(gains, seeds, 0.99)
    note = f"99 % interval over {_GAIN_TRIALS} samples of {n} points, seeds {mean.seeds}"
    return Enclosure(Fraction(mean.low), Fraction(mean.high), Level.OBSERVED, "float", note=note)
