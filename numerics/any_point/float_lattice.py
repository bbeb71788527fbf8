"""Averages by the trapezoidal rule in all dimensions in which the exponents vary, in double precision (NumPy).

The definition is summed as it stands: exponents at the nodes, posteriors, their transforms. Of two lattices each lies
in the holes of the other, so that their leading errors are the same with opposite sign.
"""

import numpy as np

from emtheory.numerics.any_point.sampled import Averages, averages, couplings, dimensions, exponents_at
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.population_em import gaussian_lattice, spacing


def lattice_averages(case: Case, degree: int) -> list[Averages]:
    """Return the averages on two lattices, with couplings for degree 4; nothing where they would be too large."""
    places, h = dimensions(case), spacing(float(case.squared_radius) ** 0.5)
    prior, found = np.array([float(weight) for weight in case.weights]), []
    for offset in (0.0, h / 2):
        try:
            blocks = gaussian_lattice(len(places), h, offset)
        except InputError:
            return []
        rows = []
        for points, mass in blocks:
            y = exponents_at(case, places, points)
            largest = y.max(axis=1, keepdims=True)
            joint = prior * np.exp(y - largest)
            total = joint.sum(axis=1, keepdims=True)
            transforms = np.fft.rfft(joint / total, axis=1)
            divergences = float(case.squared_radius) / 2 - np.log(total) - largest
            row = mass @ np.concatenate([divergences, np.abs(transforms[:, 1:]) ** 2], axis=1)
            rows.append(
                np.concatenate([row, couplings(case.k, transforms, np.asarray(mass)).ravel()]) if degree > 2 else row
            )
        found.append(averages(case, np.sum(rows, axis=0)))
    return found
