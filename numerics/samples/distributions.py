"""Laws to draw samples from: seeded, centred, with known covariance, in chunks that can be drawn independently.

Rows 65536c to 65536(c + 1) − 1 come from the generator ``Philox(seed).jumped(c)``, so that any worker can make any
part of a sample, and a sample is a function of the law, n, d and the seed alone.
"""

import math
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.data_files import replaced
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.theory.near_miss import near_misses

CHUNK = 65536
"""Rows from one jump of the generator. It belongs to what a seed means: another value would give other samples."""
MAX_PARAMETER = 1e100
"""Squares of parameters are far from overflow."""

Draw = Callable[[np.random.Generator, tuple[int, int], float], FloatArray]
Variances = Callable[[int, float], FloatArray]


@dataclass(frozen=True)
class Law:
    """A law on R^d with mean zero and diagonal covariance.

    `variance`: c = E‖X‖²/d; `parameter`: the family's parameter, 0 if it has none; `family`: how to draw, and the
    variances.
    """

    variance: float
    parameter: float
    family: "_Family"

    def variances(self, d: int) -> FloatArray:
        """Return the variances of the coordinates, d of them; their mean is `variance`."""
        raw = self.family.variances(d, self.parameter)
        variances: FloatArray = raw * (self.variance / raw.mean())
        return variances

    @property
    def isotropic(self) -> bool:
        """Whether the covariance is a multiple of the identity in every dimension."""
        return not np.ptp(self.family.variances(7, self.parameter))

    def draw(self, generator: np.random.Generator, n: int, d: int) -> FloatArray:
        """Return n × d draws.

        `generator`, `n`, `d`: what the draws are taken from, and moved on; numbers of rows and of coordinates.
        """
        scale = math.sqrt(self.variance / self.family.variances(d, self.parameter).mean())
        draws = self.family.draw(generator, (n, d), self.parameter)
        if scale != 1:
            draws *= scale
        return draws


@dataclass(frozen=True)
class _Family:
    meaning: str
    draw: Draw
    variances: Variances
    parameter: str = ""
    default: float = 0.0
    above: float = -math.inf


def _student(generator: np.random.Generator, shape: tuple[int, int], freedom: float) -> FloatArray:
    normals = generator.standard_normal(shape)
    normals *= np.sqrt(freedom / generator.chisquare(freedom, (shape[0], 1)))
    return normals


def _ball(generator: np.random.Generator, shape: tuple[int, int], _: float) -> FloatArray:
    normals = generator.standard_normal(shape)
    radii = generator.random((shape[0], 1)) ** (1 / shape[1])
    normals *= radii / np.linalg.norm(normals, axis=1, keepdims=True)
    return normals


def _clusters(generator: np.random.Generator, shape: tuple[int, int], offset: float) -> FloatArray:
    draws = generator.standard_normal(shape)
    draws[:, 0] += offset * (2 * generator.integers(0, 2, shape[0]) - 1)
    return draws


def _anisotropic(generator: np.random.Generator, shape: tuple[int, int], ratio: float) -> FloatArray:
    return generator.standard_normal(shape) * np.sqrt(_spread(shape[1], ratio))


def _spread(d: int, ratio: float) -> FloatArray:
    """Variances from 1 to 1/ratio in geometric progression."""
    return np.geomspace(1, 1 / ratio, d) if d > 1 else np.ones(1)


def _isotropic(variance: Callable[[int, float], float]) -> Variances:
    return lambda d, parameter: np.full(d, variance(d, parameter))


def _cluster_variances(d: int, offset: float) -> FloatArray:
    variances = np.ones(d)
    variances[0] += offset**2
    return variances


FAMILIES: Mapping[str, _Family] = MappingProxyType(
    {
        "gaussian": _Family(
            "N(0, cI)", lambda source, shape, _: source.standard_normal(shape), _isotropic(lambda d, _: 1.0)
        ),
        "student": _Family(
            "multivariate t", _student, _isotropic(lambda d, nu: nu / (nu - 2)), "degrees of freedom", 5.0, 2.0
        ),
        "laplace": _Family(
            "independent Laplace coordinates",
            lambda source, shape, _: source.laplace(size=shape),
            _isotropic(lambda d, _: 2.0),
        ),
        "ball": _Family("uniform on a ball", _ball, _isotropic(lambda d, _: 1 / (d + 2))),
        "clusters": _Family(
            "two normal clusters at ±offset on the first axis", _clusters, _cluster_variances, "offset", 2.0, 0.0
        ),
        "anisotropic": _Family(
            "normal, variances in geometric progression", _anisotropic, _spread, "ratio of the extreme ones", 4.0, 0.0
        ),
    }
)
"""Name → family; the law is scaled to E‖X‖² = c d."""


def parse_law(text: str, variance: float = 1.0) -> Law:
    """Return the law written NAME or NAME:PARAMETER, scaled to E‖X‖² = `variance` · d.

    InputError if the name is unknown, or the parameter or the variance is out of its domain.
    """
    name, colon, parameter = text.strip().partition(":")
    if name not in FAMILIES:
        hint = near_misses(name, FAMILIES, f"valid are {', '.join(FAMILIES)}")
        raise InputError(f"unknown law {name[:40]!r}{hint}")
    family = FAMILIES[name]
    if colon and not family.parameter:
        raise InputError(f"the law {name!r} takes no parameter, but {parameter[:40]!r} was given")
    exact = parse_rational(parameter, family.parameter) if colon else Fraction(family.default)
    value = float(exact) if abs(exact) <= MAX_PARAMETER else math.inf
    if family.parameter and not family.above < value <= MAX_PARAMETER:
        raise InputError(f"{name}: {family.parameter} must be above {family.above:g} and at most {MAX_PARAMETER:g}")
    if not 0 < variance < math.inf:
        raise InputError(f"variance {variance:g} is not positive")
    return Law(variance, value, family)


def sample(law: Law, n: int, d: int, seed: int, file: Path | None = None, dtype: str = "float64") -> FloatArray:
    """Return n draws, an n × d array that is a function of the arguments.

    InputError if n < 1, d < 1, the seed is negative, or the sample would fill the disk, or more than half of the
    memory.

    `law`, `n`, `d`, `seed`: what to draw. `file`: where to write the sample as ``.npy``, chunk by chunk, or nothing if
    interrupted; it is then mapped, not held in memory. `dtype`: float64 or float32; the draws are made in float64.
    """
    if n < 1 or d < 1:
        raise InputError(f"n = {n}, d = {d} is out of range: both must be at least 1")
    if seed < 0:
        raise InputError(f"seed {seed} is negative")
    size = n * d * np.dtype(dtype).itemsize
    if file is None:
        _check_memory(size)
        result: FloatArray = np.empty((n, d), dtype)
        _fill(result, law, seed)
    else:
        _check_disk(size, file)
        with replaced(file) as temporary:
            result = np.lib.format.open_memmap(temporary, "w+", np.dtype(dtype), (n, d))
            _fill(result, law, seed)
    return result


def gaussian_sample(n: int, d: int, seed: int) -> FloatArray:
    """Return n draws from N(0, I_d); InputError as for `sample`.

    `n`, `d`, `seed`: numbers of rows and of coordinates, at least 1 each; not negative, and the same gives the same
    sample.
    """
    return sample(parse_law("gaussian"), n, d, seed)


def _fill(data: FloatArray, law: Law, seed: int) -> None:
    for chunk, first in enumerate(range(0, len(data), CHUNK)):
        rows = data[first : first + CHUNK]
        rows[...] = law.draw(np.random.Generator(np.random.Philox(seed).jumped(chunk)), *rows.shape)


def _check_memory(size: int) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if size > memory / 2:
        raise InputError(
            f"the sample would take {size / 2**30:.1f} GiB and memory is {memory / 2**30:.1f} GiB: "
            "write it to a file, which is then streamed (--save-data FILE.npy)"
        )


def _check_disk(size: int, file: Path) -> None:
    """Refuse what does not fit: writing to a mapped file on a full disk ends the process."""
    free = shutil.disk_usage(file.parent).free
    if size > free:
        raise InputError(f"the sample would take {size / 2**30:.1f} GiB; {file.parent} has {free / 2**30:.1f} GiB left")
