"""Averages by the trapezoidal rule in all dimensions in which the exponents vary, in double precision (NumPy).

The definition is summed as it stands: exponents at the nodes, posteriors, their transforms. Of two lattices each lies
in the holes of the other, so that their leading errors are the same with opposite sign.
"""

import math

import numpy as np

from emtheory.numerics.any_point.sampled import Averages, Floats, averages, couplings, dimensions, exponents_at
from emtheory.numerics.any_point.tensor_rule import Axis, ball_nodes, ball_size
from emtheory.numerics.case import Case
from emtheory.numerics.samples.population_em import spacing

_DECAY = 28.0
"""−log of the error that spacings aim at, 7e−13."""
_REACH = 8.5
"""Nodes further out carry less than 1e−14 of the mass in at most five dimensions."""
_LARGEST = 8.3
"""Decimal logarithm of the nodes of the largest lattice: half a minute."""
_LARGEST_EXPONENT = 600.0
"""What |y_j| may reach, so that doubles do not overflow."""


def lattice_averages(case: Case, degree: int) -> list[Averages]:
    """Return the averages on two lattices, with couplings for degree 4; nothing where they would be too large."""
    places, square = dimensions(case), float(case.squared_radius)
    waves, fourier = exponents_at(case, places, np.eye(len(places))), np.fft.rfft(np.eye(case.k)).T[1:]
    cosines, sines = fourier.real.copy(), fourier.imag.copy()
    steps = [spacing(math.sqrt(case.squared_amplitudes[place]), _DECAY) for place in places]
    if ball_size(steps, _REACH) > _LARGEST or _REACH * np.abs(waves).max(axis=1).sum() > _LARGEST_EXPONENT:
        return []
    prior, found = np.array([float(weight) for weight in case.weights]), []
    for offset in (0.0, 0.5):
        axes = [_axis(wave, step, offset) for wave, step in zip(waves, steps, strict=True)]
        total = np.zeros(1 + case.k // 2 + (case.k // 2) ** 2 * (degree > 2))
        for mass, exponentials in ball_nodes(axes, _REACH):
            joint = prior[:, np.newaxis] * exponentials
            sums = joint.sum(axis=0)
            posterior = joint / sums
            x, y = cosines @ posterior, sines @ posterior
            total[0] += (square / 2 - np.log(sums)) @ mass
            total[1 : len(x) + 1] += (x * x + y * y) @ mass
            if degree > 2:
                transforms = np.concatenate([np.ones((1, len(mass))), x + 1j * y])
                total[len(x) + 1 :] += couplings(case.k, transforms.T, mass).ravel()
        found.append(averages(case, total))
    return found


def _axis(wave: Floats, step: float, offset: float) -> Axis:
    reach = math.ceil(_REACH / step)
    nodes = np.array(sorted((step * (i + offset) for i in range(-reach - 1, reach + 1)), key=abs))
    mass = step / math.sqrt(2 * math.pi) * np.exp(-(nodes**2) / 2)
    return Axis(nodes**2, mass, np.exp(np.outer(wave, nodes)))
