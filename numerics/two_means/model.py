"""The EM map of two means, its derivative and the divergence, and how they depend on every variable, in balls.

The data are W₀ N(μ, 1) + (1 − W₀) N(−μ, 1), fitted by W N(θ, v) + (1 − W) N(−θ, v). With tanh a = 2W − 1 and s = θ/v
the posterior odds make M(θ) = E[X tanh(sX + a)] and M′(θ) = E[X² sech²(sX + a)]/v. A derivative in μ is the mean of a
derivative in x.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.two_means.expectation import (
    LOG_COSH,
    X2S,
    X2TS,
    X3TS,
    XS,
    XT,
    Integrand,
    T,
    expectations,
)

Slopes = Mapping[str, flint.arb]
"""Variable → an enclosure of the derivative in it."""


@dataclass(frozen=True)
class Parameters:
    """A law of the data, a fit, and a point, as balls; of wide balls everything is enclosed over all of them.

    Attributes
    ----------
    theta, separation
        θ, any real number, and μ ≥ 0.
    truth_weight, fit_weight
        W₀ from 0 to 1, and W between 0 and 1.
    fit_variance
        v > 0.
    """

    theta: flint.arb
    separation: flint.arb
    truth_weight: flint.arb
    fit_weight: flint.arb
    fit_variance: flint.arb = field(default_factory=lambda: flint.arb(1))

    @property
    def slope(self) -> flint.arb:
        """s = θ/v; CannotAnswerError if v is not seen to be positive."""
        if not self.fit_variance > 0:
            raise CannotAnswerError("the variance of the fit is not told from 0")
        return self.theta / self.fit_variance

    @property
    def second_moment(self) -> flint.arb:
        """E X² = 1 + μ²."""
        return 1 + self.separation * self.separation

    @property
    def offset(self) -> flint.arb:
        """a = ½ log(W/(1 − W)), which increases in W."""
        return offset_of(self.fit_weight)

    @property
    def offset_slope(self) -> flint.arb:
        """da/dW = 1/(2W(1 − W))."""
        return 1 / (2 * _variance(self.fit_weight))

    def at(self, theta: flint.arb) -> "Parameters":
        """Return the same with another θ."""
        return replace(self, theta=theta)


@dataclass(frozen=True)
class Sides:
    """E g(X) for X ~ N(μ, 1) and for X ~ N(−μ, 1), and the weight W₀ of the first."""

    right: Mapping[Integrand, flint.arb]
    left: Mapping[Integrand, flint.arb]
    weight: flint.arb

    def mean(self, integrand: Integrand) -> flint.arb:
        """E g over the data; of an even function of a balanced fit it does not depend on W₀."""
        if self.left[integrand] is self.right[integrand]:
            return self.right[integrand]
        return self.weight * self.right[integrand] + (1 - self.weight) * self.left[integrand]

    def contrast(self, integrand: Integrand) -> flint.arb:
        """Its derivative in W₀."""
        if self.left[integrand] is self.right[integrand]:
            return flint.arb(0)
        return self.right[integrand] - self.left[integrand]

    def shifted(self, *terms: tuple[flint.arb, Integrand]) -> flint.arb:
        """The derivative in μ of E g over the data, from g′ as a sum of factors times integrands."""
        right = sum((factor * self.right[each] for factor, each in terms), start=flint.arb(0))
        left = sum((factor * self.left[each] for factor, each in terms), start=flint.arb(0))
        return self.weight * right - (1 - self.weight) * left


def offset_of(weight: flint.arb) -> flint.arb:
    """½ log(W/(1 − W)), exactly 0 for 1/2; CannotAnswerError if W is not seen to be inside (0, 1)."""
    if not (weight > 0 and weight < 1):
        raise CannotAnswerError("a weight of the fit is not told from 0 or 1")
    if weight == flint.arb(1) / 2:
        return flint.arb(0)
    ends = [(end / (1 - end)).log() / 2 for end in (weight.lower(), weight.upper())]
    return ends[0].union(ends[1])


def sides(p: Parameters, integrands: Sequence[Integrand], accuracy: float) -> Sides:
    """Enclose integrands of sx + a on both sides; where a = 0 one follows from the other by x → −x.

    Parameters
    ----------
    p, integrands
        The law and the fit, and what is integrated.
    accuracy
        L.
    """
    offset, slope = p.offset, p.slope
    right = expectations(slope, offset, p.separation, integrands, accuracy)
    if offset.is_zero():
        pairs = zip(right, integrands, strict=True)
        left = [value if _is_even(integrand) else -value for value, integrand in pairs]
    else:
        left = expectations(slope, offset, -p.separation, integrands, accuracy)
    return Sides(dict(zip(integrands, right, strict=True)), dict(zip(integrands, left, strict=True)), p.truth_weight)


def em_map(p: Parameters, accuracy: float) -> flint.arb:
    """M(θ) = E[X tanh(sX + a)]."""
    return sides(p, (XT,), accuracy).mean(XT)


def em_map_slopes(p: Parameters, accuracy: float) -> Slopes:
    """The derivatives of M in every variable."""
    found = sides(p, (XT, X2S, XS, T), accuracy)
    return {
        "theta": found.mean(X2S) / p.fit_variance,
        "separation": found.shifted((flint.arb(1), T), (p.slope, XS)),
        "truth_weight": found.contrast(XT),
        "fit_weight": p.offset_slope * found.mean(XS),
        "fit_variance": -p.slope * found.mean(X2S) / p.fit_variance,
    }


def em_map_derivative(p: Parameters, accuracy: float) -> flint.arb:
    """M′(θ) = E[X² sech²(sX + a)]/v, which is positive."""
    return sides(p, (X2S,), accuracy).mean(X2S) / p.fit_variance


def em_map_derivative_slopes(p: Parameters, accuracy: float) -> Slopes:
    """The derivatives of M′ in every variable."""
    found = sides(p, (X2S, XS, X2TS, X3TS), accuracy)
    v = p.fit_variance
    return {
        "theta": -2 * found.mean(X3TS) / (v * v),
        "separation": found.shifted((flint.arb(2), XS), (-2 * p.slope, X2TS)) / v,
        "truth_weight": found.contrast(X2S) / v,
        "fit_weight": -2 * p.offset_slope * found.mean(X2TS) / v,
        "fit_variance": (2 * p.slope * found.mean(X3TS) - found.mean(X2S)) / (v * v),
    }


def kl_divergence(p: Parameters, accuracy: float) -> flint.arb:
    """KL(truth ‖ fit) in nats."""
    half_square = p.separation * p.separation / 2
    if _is_certain(p.truth_weight):
        entropy = half_square
    else:
        truth = _truth(p)
        entropy = sides(truth, (LOG_COSH,), accuracy).mean(LOG_COSH) + _log_scale(p.truth_weight) - half_square
    likelihood = sides(p, (LOG_COSH,), accuracy).mean(LOG_COSH) + _log_scale(p.fit_weight) - p.slope * p.theta / 2
    # −½ E X² of the truth and −½ E X²/v − ½ log v of the fit, which cancel where v = 1.
    return entropy - likelihood + (p.second_moment * (1 / p.fit_variance - 1) + p.fit_variance.log()) / 2


def kl_divergence_slopes(p: Parameters, accuracy: float) -> Slopes:
    """The derivatives of the divergence in every variable; in W₀ only where it is inside (0, 1)."""
    fit = sides(p, (XT, T, LOG_COSH), accuracy)
    v = p.fit_variance
    slopes = {
        "theta": (p.theta - fit.mean(XT)) / v,
        "fit_weight": p.offset_slope * (2 * p.fit_weight - 1 - fit.mean(T)),
        "fit_variance": (v - p.second_moment - p.theta * p.theta + 2 * p.theta * fit.mean(XT)) / (2 * v * v),
    }
    wider = p.separation * (1 / v - 1)
    if _is_certain(p.truth_weight):
        return slopes | {"separation": p.separation + wider - fit.shifted((p.slope, T))}
    truth = sides(_truth(p), (T, LOG_COSH), accuracy)
    return slopes | {
        "separation": truth.shifted((p.separation, T)) + wider - fit.shifted((p.slope, T)),
        "truth_weight": truth.contrast(LOG_COSH) - fit.contrast(LOG_COSH),
    }


def first_step(separation: flint.arb) -> flint.arb:
    """M(∞) = E|X| = μ erf(μ/√2) + √(2/π) e^{−μ²/2}, which increases in μ."""

    def mean(mu: flint.arb) -> flint.arb:
        return mu * (mu / flint.arb(2).sqrt()).erf() + (2 / flint.arb.pi()).sqrt() * (-mu * mu / 2).exp()

    return mean(separation.lower()).union(mean(separation.upper()))


def first_step_slope(separation: flint.arb) -> flint.arb:
    """dE|X|/dμ = erf(μ/√2)."""
    return (separation / flint.arb(2).sqrt()).erf()


def _truth(p: Parameters) -> Parameters:
    """The truth in the place of the fit."""
    return replace(p, theta=p.separation, fit_weight=p.truth_weight, fit_variance=flint.arb(1))


def _is_even(integrand: Integrand) -> bool:
    """Whether it is an even function of x where a = 0."""
    return integrand.log_cosh or (integrand.x + integrand.tanh) % 2 == 0


def _variance(weight: flint.arb) -> flint.arb:
    """W(1 − W), from the ends, as it has its only maximum at 1/2."""
    ends = [end * (1 - end) for end in (weight.lower(), weight.upper())]
    hull = ends[0].union(ends[1])
    return hull.union(flint.arb(1) / 4) if weight.contains(flint.arb(1) / 2) else hull


def _log_scale(weight: flint.arb) -> flint.arb:
    """log 2√(W(1 − W))."""
    return (4 * _variance(weight)).log() / 2


def _is_certain(weight: flint.arb) -> bool:
    """Whether a weight is exactly 0 or 1."""
    return bool(weight.is_zero() or (1 - weight).is_zero())
