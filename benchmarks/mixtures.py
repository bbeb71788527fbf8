"""Mixtures whose EM quantities are compared: models for the engine, and the same integrands written by hand."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import flint
import mpmath
from scipy import integrate

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.models.ball_values import ball
from emtheory.numerics.models.evaluation import enclosures
from emtheory.numerics.models.family import family_of
from emtheory.numerics.models.targets import Target, target_of
from emtheory.theory.mixtures.derivatives import derived
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model

REACH = 12
"""Standard deviations, rounded up, at which the line is cut by those who bound no tail."""
_BOX_ACCURACY = 16.0
"""L on boxes, whose width hides smaller errors."""
THETA, MU = Fraction(7, 10), Fraction(6, 5)

Written = tuple[Callable[..., Any], Callable[..., list[Any]]]
"""The data's density, and e^{l_i − l_0} for all i, functions of the coordinates."""


@dataclass(frozen=True)
class Mixture:
    """A model at a point.

    Attributes
    ----------
    name, model, place, reach
        What it is, where, and at which x and y integrals are cut by those who bound no tail.
    written
        An arithmetic ↦ its density and the ratios of the fit's components, by hand.
    """

    name: str
    model: MixtureModel
    place: dict[str, Fraction]
    reach: int
    written: Callable[[Any], Written]

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return len(self.model.observed)

    def map_alone(self) -> Target:
        """Return EM's map."""
        update = em_step(self.model).update
        return target_of(self.model, *(update[name] for name in self.model.estimate))

    def all_three(self) -> Target:
        """Return EM's map, its Jacobian and the observed information."""
        names = self.model.estimate
        pairs = [(p, q) for p in names for q in names]
        jacobian = (derived(self.model, "em_jacobian", *pair) for pair in pairs)
        information = (derived(self.model, "observed_information", *pair) for pair in pairs)
        update = em_step(self.model).update
        return target_of(self.model, *(update[name] for name in names), *jacobian, *information)


def integrals_of(target: Target) -> list[Mean]:
    """Return the means that are no mere moments of the data."""
    return [mean for mean in target.means if mean.posteriors]


def _normal(at: Any, x: Any, mean: Any, variance: Any = 1) -> Any:
    return at.exp(-((x - mean) ** 2) / (2 * variance)) / at.sqrt(2 * at.pi * variance)


def _two_means(at: Any) -> Written:
    theta, mu = at.number(THETA), at.number(MU)
    return (lambda x: (_normal(at, x, mu) + _normal(at, x, -mu)) / 2, lambda x: [1, at.exp(-2 * theta * x)])


def _unequal(at: Any) -> Written:
    theta, mu = at.number(THETA), at.number(MU)
    return (
        lambda x: (_normal(at, x, mu) + _normal(at, x, -mu, at.number(Fraction(3, 2)))) / 2,
        lambda x: [1, at.exp((x - theta) ** 2 / 2 - (x + theta) ** 2 / 3) / at.sqrt(at.number(Fraction(3, 2)))],
    )


def _plane(at: Any) -> Written:
    half = at.number(THETA) * at.sqrt(at.number(Fraction(3))) / 2
    theta = at.number(THETA)
    return (
        lambda x, y: _normal(at, x, 0) * _normal(at, y, 0),
        lambda x, y: [
            1,
            at.number(Fraction(3, 5)) * at.exp(-3 * theta / 2 * x + half * y),
            at.number(Fraction(2, 5)) * at.exp(-3 * theta / 2 * x - half * y),
        ],
    )


def _regressions(at: Any) -> Written:
    theta, mu = at.number(THETA), at.number(MU)
    return (
        lambda x, y: _normal(at, x, 0) * (_normal(at, y, mu * x) + _normal(at, y, -mu * x)) / 2,
        lambda x, y: [at.exp(theta * x * y), at.exp(-theta * x * y)],
    )


def _mixture(
    name: str, written: Callable[[Any], Written], place: dict[str, Fraction], reach: int = REACH, **table: Any
) -> Mixture:
    return Mixture(name, read_model("benchmark", table), place, reach, written)


_HALVES = {"theta": THETA, "mu": MU}
_REAL = {"theta": "real", "mu": "real"}
_ROOT = "sqrt(3)/2"

MIXTURES = (
    _mixture(
        "two means",
        _two_means,
        _HALVES,
        data=[{"weight": "1/2", "x": f"normal({sign}mu, 1)"} for sign in ("", "-")],
        fit=[{"weight": "1/2", "x": f"normal({sign}theta, 1)"} for sign in ("", "-")],
        estimate=["theta"],
        parameters=_REAL,
    ),
    _mixture(
        "unequal variances, two free means",
        _unequal,
        {"theta": THETA, "eta": -THETA, "mu": MU},
        reach=REACH + 4,
        data=[{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 3/2)"}],
        fit=[{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(eta, 3/2)"}],
        estimate=["theta", "eta"],
        parameters={**_REAL, "eta": "real"},
    ),
    _mixture(
        "three means in the plane",
        _plane,
        {"a": THETA, "b": Fraction(0)},
        observed=["x", "y"],
        data=[{"weight": "1", "x": "normal(0, 1)", "y": "normal(0, 1)"}],
        fit=[
            {"weight": "1/2", "x": "normal(a, 1)", "y": "normal(b, 1)"},
            {"weight": "3/10", "x": f"normal(-a/2 - {_ROOT}*b, 1)", "y": f"normal({_ROOT}*a - b/2, 1)"},
            {"weight": "1/5", "x": f"normal(-a/2 + {_ROOT}*b, 1)", "y": f"normal(-{_ROOT}*a - b/2, 1)"},
        ],
        estimate=["a", "b"],
        parameters={"a": "real", "b": "real"},
    ),
    _mixture(
        "two regressions",
        _regressions,
        _HALVES,
        reach=2 * REACH,
        observed=["x", "y"],
        data=[{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}mu*x, 1)"} for sign in ("", "-")],
        fit=[{"weight": "1/2", "x": "normal(0, 1)", "y": f"normal({sign}theta*x, 1)"} for sign in ("", "-")],
        estimate=["theta"],
        parameters=_REAL,
    ),
)

FULL = (
    read_model(
        "benchmark",
        {
            "data": [{"weight": "2/5", "x": "normal(-1, 1)"}, {"weight": "3/5", "x": "normal(2, 3/2)"}],
            "fit": [{"weight": "w", "x": "normal(a, u)"}, {"weight": "1 - w", "x": "normal(b, v)"}],
            "estimate": ["a", "b", "u", "v", "w"],
            "parameters": {"a": "real", "b": "real", "u": "positive", "v": "positive", "w": "unit"},
        },
    ),
    {"a": Fraction(-1), "b": Fraction(2), "u": Fraction(1), "v": Fraction(3, 2), "w": Fraction(2, 5)},
)
"""Two normals with all five parameters free, and their truth."""


def rate_at_truth(digits: int) -> Enclosure:
    """Return EM's rate at the truth of `FULL`, certified."""
    model, place = FULL
    return ball("em_rate", (), family_of(model.text).case(place), digits)


def engine(mixture: Mixture, target: Target, digits: int) -> list[Fraction]:
    """Return the means that a target is made of, certified, and put it together from them."""
    accuracy = digits * math.log(10) + 2
    with arb_precision(working_bits(accuracy)):
        values = {name: flint.arb(to_fmpq(value)) for name, value in mixture.place.items()}
        means = expectations(mixture.model, target.means, values, accuracy).means
        target.program({**values, **{mean.symbol.name: value for mean, value in means.items()}})
        return [exact(means[mean]) for mean in integrals_of(target)]


def by_arb(mixture: Mixture, target: Target, digits: int) -> list[Fraction]:
    """Return means on a line by Arb's integration between cuts, with no bound of the tails."""
    at = SimpleNamespace(
        number=lambda value: flint.arb(to_fmpq(value)), exp=lambda z: z.exp(), sqrt=lambda z: flint.arb(z).sqrt()
    )
    with arb_precision(working_bits(digits * math.log(10) + 2)):
        at.pi = flint.arb.pi()
        tolerance = flint.arb(10) ** -digits
        found = []
        for mean in integrals_of(target):
            integrand = _integrand(mixture.written(at), mean)
            value = flint.acb.integral(
                lambda x, _, f=integrand: f(x), -mixture.reach, mixture.reach, abs_tol=tolerance, rel_tol=0
            )
            found.append(exact(value.real))
        return found


def by_mpmath(mixture: Mixture, target: Target, digits: int) -> list[Fraction]:
    """Return means by mpmath's quadrature, nested in two coordinates."""
    pieces = [mixture.reach * part / 4 for part in (-4, -1, 0, 1, 4)]
    at = SimpleNamespace(
        number=lambda value: mpmath.mpf(value.numerator) / value.denominator, exp=mpmath.exp, sqrt=mpmath.sqrt
    )
    with mpmath.workdps(digits + 3):
        at.pi = +mpmath.pi
        found = []
        for mean in integrals_of(target):
            integrand = _integrand(mixture.written(at), mean)
            value = mpmath.quad(integrand, *([pieces] * mixture.size))
            found.append(Fraction(mpmath.nstr(value, digits + 3)))
        return found


def by_scipy(mixture: Mixture, target: Target, digits: int) -> list[Fraction]:
    """Return means by SciPy's adaptive quadrature in double precision, nested in two coordinates."""
    at = SimpleNamespace(number=float, exp=math.exp, sqrt=math.sqrt, pi=math.pi)
    options = {"epsabs": 10.0**-digits, "epsrel": 10.0**-digits, "limit": 200}
    ends = [(-mixture.reach, mixture.reach)] * mixture.size
    return [
        Fraction(integrate.nquad(_integrand(mixture.written(at), mean), ends, opts=options)[0])
        for mean in integrals_of(target)
    ]


def _integrand(written: Written, mean: Mean) -> Callable[..., Any]:
    density, ratios = written

    def integrand(*place: Any) -> Any:
        value = density(*place)
        for x, power in zip(place, mean.x, strict=True):
            value = value * x**power if power else value
        if mean.posteriors:
            terms = ratios(*place)
            total = sum(terms[1:], terms[0])
            for j in mean.posteriors:
                value = value * terms[j] / total
        return value

    return integrand


def exact(ball: flint.arb) -> Fraction:
    middle = ball.mid().man_exp()
    return Fraction(int(middle[0])) * Fraction(2) ** int(middle[1])


def engine_on_box(mixture: Mixture, target: Target, radius: Fraction) -> flint.arb:
    """Return the first of a target's expressions with every parameter within a distance of the point."""
    with arb_precision(working_bits(_BOX_ACCURACY)):
        return enclosures(mixture.model, target, _box(mixture, radius), _BOX_ACCURACY)[0]


def by_hand(digits: int, radius: Fraction = Fraction(0)) -> flint.arb:
    """Return E[X tanh(θX)], EM's map of two means, by Arb's integration of the shortest integrand, with no tail.

    Parameters
    ----------
    digits, radius
        The accuracy, and that of the balls around θ and μ, which are taken as they are.
    """
    model = MIXTURES[0]
    with arb_precision(working_bits(digits * math.log(10) + 2)):
        theta, mu = (_box(model, radius)[name] for name in ("theta", "mu"))
        root = (2 * flint.arb.pi()).sqrt()

        def integrand(x: flint.acb, _: bool) -> flint.acb:
            return (-((x - mu) ** 2) / 2).exp() / root * x * (theta * x).tanh()

        tolerance = flint.arb(10) ** -digits
        return flint.acb.integral(integrand, -model.reach, model.reach, abs_tol=tolerance, rel_tol=0).real


def _box(mixture: Mixture, radius: Fraction) -> dict[str, flint.arb]:
    return {name: flint.arb(to_fmpq(value), to_fmpq(radius)) for name, value in mixture.place.items()}


def digits_of(ball: flint.arb) -> float:
    """Return how many digits after the point an enclosure tells."""
    return round(-math.log10(float(ball.rad())), 2) if ball.is_finite() and ball.rad() > 0 else 0.0


def digits_right(mixture: Mixture, target: Target, digits: int) -> Callable[[Sequence[Fraction]], float]:
    """Return values ↦ digits after the point that are right in all of them, by the engine with ten more."""

    def reached(values: Sequence[Fraction]) -> float:
        truth = engine(mixture, target, digits + 10)
        error = max(abs(value - exact) for value, exact in zip(values, truth, strict=True))
        return round(min(-math.log10(error), digits + 10.0), 1) if error else digits + 10.0

    return reached
