"""Any model of `emtheory.theory.mixtures` as a family: SymPy writes coefficients and derivatives, balls compute them.

Features are the monomials of u = (x − c)/s, with centre c and a power of two s for each component and coordinate, so
that large numbers do not cancel.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

import flint
import numpy as np
import sympy

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import TINY, UNIT, FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.expectation.program import Program, compiled, numbers_of
from emtheory.numerics.fit_certificates.family import Family, Point
from emtheory.numerics.fit_certificates.statistics import BITS
from emtheory.numerics.models.evaluation import check_domain
from emtheory.numerics.models.float_values import NUMPY
from emtheory.numerics.models.targets import em_map_target
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.model import BINOMIAL, EXPONENTIAL, NORMAL, POISSON, ZERO, Distribution, MixtureModel

Scales = tuple[tuple[tuple[Fraction, Fraction], ...], ...]
"""Of each component centre and unit of each coordinate."""
_MOMENTS: Mapping[str, Callable[..., tuple[float, float]]] = {
    NORMAL: lambda mean, variance: (mean, variance),
    POISSON: lambda rate: (rate, rate),
    EXPONENTIAL: lambda rate: (1 / rate, 1 / rate**2),
    BINOMIAL: lambda n, p: (n * p, n * p * (1 - p)),
}
"""Mean and variance of a law."""


@dataclass(frozen=True)
class _Algebra:
    """What SymPy derives of a model: exponents of the monomials, and programs of coefficients and their derivatives.

    The second derivatives are those of Σ m_a c_a, with a symbol m_a for each coefficient.
    """

    exponents: tuple[tuple[int, ...], ...]
    coefficients: Program
    slopes: Program
    curvature: Program


@lru_cache(maxsize=16)
def _algebra(model: MixtureModel, scales: Scales) -> _Algebra:
    units = [sympy.Symbol(f"u_{s}", real=True) for s in range(len(model.observed))]
    logs = []
    for log, own in zip(log_components(model), scales, strict=True):
        moved = {
            x: sympy.Rational(c.numerator, c.denominator) + sympy.Rational(s.numerator, s.denominator) * u
            for x, u, (c, s) in zip(model.coordinates, units, own, strict=True)
        }
        logs.append(log.subs(moved))
    zero = (0,) * len(units)
    found = {monomial for log in logs for monomial in sympy.Poly(sympy.expand(log), *units).monoms()}
    exponents = (zero, *sorted(found - {zero}))
    # By Taylor's formula, so that a mean less its centre stays a difference: expanded it would be wide on boxes.
    coefficients = [
        sympy.diff(log, *zip(units, monomial, strict=True)).subs(dict.fromkeys(units, 0))
        / math.prod(map(math.factorial, monomial))
        for log in logs
        for monomial in exponents
    ]
    names = model.estimated
    marks = [sympy.Symbol(f"m_{i}", real=True) for i in range(len(coefficients))]
    whole = sympy.Add(*(mark * each for mark, each in zip(marks, coefficients, strict=True)))
    return _Algebra(
        exponents,
        compiled(coefficients),
        compiled([sympy.diff(each, name) for each in coefficients for name in names]),
        compiled([sympy.diff(whole, left, right) for left in names for right in names]),
    )


@dataclass(frozen=True, eq=False)
class ModelFamily(Family):
    """A model near values of its estimated parameters, described about its components."""

    model: MixtureModel
    known: tuple[tuple[str, Real], ...]
    values: tuple[float, ...]
    scales: Scales

    @cached_property
    def algebra(self) -> _Algebra:
        """What SymPy derives."""
        return _algebra(self.model, self.scales)

    @property
    def shape(self) -> tuple[int, int]:
        """Components and monomials."""
        return len(self.model.fit), len(self.algebra.exponents)

    @property
    def centre(self) -> list[flint.arb]:
        """The estimated parameters."""
        return [flint.arb(value) for value in self.values]

    def features(self, rows: FloatArray) -> BallArray:
        """Return the monomials for every component."""
        made = []
        for scales in self.scales:
            units = []
            for column, (centre, unit) in zip(rows.T, scales, strict=True):
                mid = (column - float(centre)) / float(unit)
                units.append(BallArray(mid, 2 * UNIT * abs(mid) + TINY))
            for exponents in self.algebra.exponents:
                whole = BallArray(np.ones(len(rows)), np.zeros(len(rows)))
                for power, each in zip(exponents, units, strict=True):
                    for _ in range(power):
                        whole = whole * each
                made.append(whole)
        shape = (*self.shape, len(rows))
        mid, rad = np.stack([each.mid for each in made]), np.stack([each.rad for each in made])
        return BallArray(mid.reshape(shape), rad.reshape(shape))

    def _placed(self, at: Point) -> dict[str, flint.arb]:
        values: dict[str, flint.arb] = numbers_of(dict(self.known))
        return values | dict(zip(self.model.estimate, at, strict=True))

    def coefficients(self, at: Point) -> list[flint.arb]:
        """Return the coefficients of the monomials."""
        return self.algebra.coefficients(self._placed(at))

    def slopes(self, at: Point) -> flint.arb_mat:
        """Return ∂c/∂η."""
        k, q = self.shape
        return flint.arb_mat(k * q, len(at), [flint.arb(x) for x in self.algebra.slopes(self._placed(at))])

    def curvature(self, at: Point, means: Sequence[flint.arb]) -> flint.arb_mat:
        """Return Σ means ∂²c/∂η∂η."""
        values = self._placed(at) | {f"m_{i}": mean for i, mean in enumerate(means)}
        return flint.arb_mat(len(at), len(at), [flint.arb(x) for x in self.algebra.curvature(values)])

    def named(self, at: Point) -> dict[str, list[flint.arb]]:
        """Return each parameter by its name."""
        return {name: [value] for name, value in zip(self.model.estimate, at, strict=True)}

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return that each is one number."""
        return dict.fromkeys(self.model.estimate, ())

    def base(self, rows: FloatArray) -> flint.arb:
        """Return the mean of −log x! and of log binomial coefficients, which are those of every component."""
        total = flint.arb(0)
        for law, column in zip(self.model.fit[0].laws, rows.T, strict=True):
            if law.kind not in (POISSON, BINOMIAL):
                continue
            for value, count in zip(*(each.tolist() for each in np.unique(column, return_counts=True)), strict=True):
                x = flint.arb(value)
                term = -(x + 1).lgamma()
                if law.kind == BINOMIAL:
                    trials = flint.arb(int(law.arguments[0]))
                    term += (trials + 1).lgamma() - (trials - x + 1).lgamma()
                total += count * term
        return total / len(rows)

    def family(self) -> "ModelFamily":
        """Return itself; CannotAnswerError outside the parameters' domains."""
        domains = {each.name: each.domain for each in self.model.parameters}
        for name, value in zip(self.model.estimate, self.values, strict=True):
            inside = {"positive": value > 0, "unit": 0 < value < 1}.get(domains[name], True)
            if not (np.isfinite(value) and inside):
                raise CannotAnswerError(f"{name} = {value:.6g} has left its domain, {domains[name]}")
        return self

    def em_step(self, rows: FloatArray) -> "ModelFamily":
        """Return the model after a step of EM: what SymPy solves the M-step to be, with means over the data."""
        family, target = self.family(), em_map_target(self.model)
        k, q = family.shape
        with arb_precision(BITS):
            own = np.array([float(x.mid()) for x in family.coefficients(family.centre)]).reshape(k, q)
        logs = np.einsum("kq,kqn->kn", own, family.features(rows).mid)
        posteriors = np.exp(logs - logs.max(axis=0))
        posteriors /= posteriors.sum(axis=0)
        values = numbers_of(dict(self.known), NUMPY) | dict(zip(self.model.estimate, self.values, strict=True))
        for mean in target.means:
            monomial = np.prod(rows ** np.array(mean.x), axis=1)
            weight = np.prod([posteriors[j] for j in mean.posteriors], axis=0) if mean.posteriors else 1.0
            values[mean.symbol.name] = float(np.mean(monomial * weight))
        try:
            with np.errstate(all="ignore"):
                found = tuple(float(value) for value in target.program(values, NUMPY))
        except (ZeroDivisionError, OverflowError):
            raise CannotAnswerError("a component has lost all observations") from None
        return replace(self, values=found)

    def centred(self) -> "ModelFamily":
        """Return the same, described about its components."""
        values = numbers_of(dict(self.known), NUMPY) | dict(zip(self.model.estimate, self.values, strict=True))
        places = zip(self.model.coordinates, self.scales[0], strict=True)
        values |= {x.name: float(centre) for x, (centre, _) in places}

        def scale(law: Distribution) -> tuple[Fraction, Fraction]:
            own = (float(each.subs({x: values[x.name] for x in each.free_symbols})) for each in law.arguments)
            mean, variance = _MOMENTS[law.kind](*own)
            if not 0 < variance < math.inf:
                raise CannotAnswerError("the variance of a component is not positive")
            return _scale(mean, variance**0.5)

        return replace(self, scales=tuple(tuple(map(scale, component.laws)) for component in self.model.fit))

    def moved(self, family: Family, change: FloatArray) -> "ModelFamily":
        """Return the model with other parameters."""
        centre = [float(value) for value in family.centre]
        return replace(self, values=tuple((np.array(centre) + change).tolist()))

    def check(self, rows: FloatArray) -> None:
        """Raise CannotAnswerError outside the parameters' domains."""
        self.family()

    def distance(self, other: "ModelFamily") -> float:
        """Return the largest change of a parameter, relative to 1 and its modulus."""
        values = np.array(other.values)
        return float((abs(np.array(self.values) - values) / (1 + abs(values))).max())


def model_fit(model: MixtureModel, values: Mapping[str, Real], rows: FloatArray) -> ModelFamily:
    """Return a model with parameters, near data.

    InputError if the data cannot come from the fit, or a parameter is outside its domain or makes a weight
    negative.

    `model`, `values`: the model, and all its parameters that occur in the fit; `rows`: n × d observations, finite, one
    column a coordinate.
    """
    require_fits(model, rows)
    for each in model.parameters:
        number = float(numbers_of({each.name: values[each.name]}, NUMPY)[each.name]) if each.name in values else 0.5
        if not {"positive": number > 0, "unit": 0 < number < 1}.get(each.domain, True):
            wanted = "a positive number" if each.domain == "positive" else "a number between 0 and 1"
            raise InputError(f"{each.name} = {number:.6g}: {wanted} is wanted")
    check_domain(replace(model, data=model.fit, text=f"{model.text} as data"), values)
    scales = tuple(_scale(float(column.mean()), float(column.std()) or 1.0) for column in rows.T)
    estimated = dict(
        zip(model.estimate, numbers_of({name: values[name] for name in model.estimate}, NUMPY).values(), strict=True)
    )
    known = tuple((name, value) for name, value in values.items() if name not in estimated)
    return ModelFamily(
        model, known, tuple(float(estimated[name]) for name in model.estimate), (scales,) * len(model.fit)
    )


def _scale(mean: float, spread: float) -> tuple[Fraction, Fraction]:
    """A centre, which is a double, and a power of two, near these."""
    unit = Fraction(2) ** int(np.floor(np.log2(spread)))
    return Fraction(float(round(Fraction(mean) / unit * 16) * unit / 16)), unit


def require_fits(model: MixtureModel, rows: FloatArray) -> None:
    """Refuse data that cannot come from a fit: InputError that names a value, or the columns."""
    if rows.shape[1] != len(model.observed) or any(each.domain == ZERO for each in model.parameters):
        observes = ", ".join(model.observed) if model.space is None else f"x in {model.space.text}"
        raise InputError(f"the data have {rows.shape[1]} columns, but {model.name} observes {observes}")
    for name, law, column in zip(model.observed, model.fit[0].laws, rows.T, strict=True):
        bad = column[(column < 0) & (law.kind != NORMAL)]
        wanted = "a number that is not negative is wanted, as of waiting times"
        if law.kind in (POISSON, BINOMIAL):
            most = int(law.arguments[0]) if law.kind == BINOMIAL else math.inf
            bad = column[(column < 0) | (column != np.floor(column)) | (column > most)]
            wanted = "a whole number, not negative, is wanted"
        if bad.size:
            kind = f"{'an' if law.kind == EXPONENTIAL else 'a'} {law.kind}"
            raise InputError(f"{name} = {float(bad[0])!r} in the data is no value of {kind} law: {wanted}")
