"""A step of EM for one parameter as E[n]/E[d], where n and d are sums of posteriors times polynomials of the data.

On a sample it is the quotient of the means over its points, so that how far it is from the population's is a matter of
d M(θ) − n, one mean for each θ, and of how fast that changes with θ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import sympy

from emtheory.theory.errors import InputError
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel

Polynomial = Mapping[tuple[int, ...], sympy.Expr]
"""Exponents of the coordinates → coefficient, in the parameters."""


@dataclass(frozen=True)
class QuotientStep:
    """E[Σ_j γ_j n_j(X)]/E[Σ_j γ_j d_j(X)].

    `numerator`, `denominator`: the n_j and the d_j; alike for all j where posteriors have no part in it; `slopes`: the
    ∂(l_i − l_j) in the estimated parameter, for all pairs.
    """

    numerator: tuple[Polynomial, ...]
    denominator: tuple[Polynomial, ...]
    slopes: tuple[Polynomial, ...]


@lru_cache(maxsize=64)
def quotient_step(model: MixtureModel) -> QuotientStep:
    """Write the step of a `model`'s one estimated parameter as a quotient; InputError if there are more, or none is."""
    if len(model.estimate) != 1:
        raise InputError(f"{len(model.estimate)} parameters are estimated; deviations are bounded for one")
    ((name, update),) = em_step(model).update.items()
    numerator, denominator = sympy.fraction(sympy.together(update))
    (parameter,) = model.estimated
    logs = [sympy.diff(log, parameter) for log in log_components(model)]
    pairs = [sympy.Poly(sympy.expand(a - b), *model.coordinates) for a, b in combinations(logs, 2)]
    slopes = tuple(dict(pair.terms()) for pair in pairs)
    return QuotientStep(_parts(numerator, model, name), _parts(denominator, model, name), slopes)


def _parts(expression: sympy.Expr, model: MixtureModel, name: str) -> tuple[Polynomial, ...]:
    means = means_in(expression)
    parts: list[dict[tuple[int, ...], sympy.Expr]] = [{} for _ in model.fit]
    terms = sympy.Poly(sympy.expand(expression), *(mean.symbol for mean in means)).terms() if means else []
    for powers, coefficient in terms or [((), expression)]:
        if sum(powers) > 1:
            raise InputError(f"the step of {name} is no quotient of sums of means, whose deviations are bounded")
        mean = next((each for each, power in zip(means, powers, strict=False) if power), None)
        x = mean.x if mean else (0,) * len(model.observed)
        for j in (mean.posteriors if mean else ()) or range(len(parts)):
            parts[j][x] = parts[j].get(x, sympy.S.Zero) + coefficient
    return tuple({x: c for x, c in part.items() if c != 0} for part in parts)


def mean_product(*factors: tuple[Polynomial, ...]) -> sympy.Expr:
    """Return E of products of sums Σ_j γ_j p_j, given by their polynomials, in symbols of means."""
    size = len(next(iter(_keys(factors[0])), ()))
    terms: list[tuple[sympy.Expr, tuple[int, ...], tuple[int, ...]]] = [(sympy.S.One, (0,) * size, ())]
    for factor in factors:
        alike = all(part == factor[0] for part in factor)
        own = [
            (c, x, () if alike else (j,))
            for j, part in enumerate(factor[:1] if alike else factor)
            for x, c in part.items()
        ]
        terms = [(a * b, tuple(map(sum, zip(x, y, strict=True))), (*i, *j)) for a, x, i in terms for b, y, j in own]
    found = (c * Mean(x, tuple(sorted(j))).symbol if any(x) or j else c for c, x, j in terms)
    return sympy.Add(*found)


def _keys(parts: tuple[Polynomial, ...]) -> set[tuple[int, ...]]:
    return {x for part in parts for x in part}


def coefficients(parts: tuple[Polynomial, ...]) -> Mapping[tuple[int, ...], tuple[sympy.Expr, ...]]:
    """Return, for each power of the coordinates, the coefficients that it has in the components' polynomials."""
    return {x: tuple(part.get(x, sympy.S.Zero) for part in parts) for x in sorted(_keys(parts))}
