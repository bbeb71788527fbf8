"""How the quantities of three means depend on every variable, in balls.

∂γ_j/∂θ_l = γ_j(δ_{jl} − γ_l)(x − θ_l) and ∂γ_j/∂log v_l = γ_j(δ_{jl} − γ_l), so that derivatives of products of
posteriors and deviations are sums of such products. With the last weight as what the others leave, ∂/∂v_l is
v_l⁻¹∂/∂log v_l less the same of the last.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import flint

from emtheory.numerics.collinear.case import COMPONENTS, PLACES
from emtheory.numerics.collinear.expectation import Integrand
from emtheory.numerics.collinear.model import Law, Means, mass_of, means_of, step_of

Slopes = Mapping[str, flint.arb]
"""Variable → an enclosure of the derivative in it."""
Terms = list[tuple[int, Integrand]]

_ALL = range(COMPONENTS)


def gradient_slopes(law: Law, accuracy: float, j: int) -> Slopes:
    """The derivatives of E[γ_j(X − θ_j)].

    Parameters
    ----------
    law, accuracy
        The data and the fit, and L.
    j
        The component, from 0.
    """
    return _slopes(law, _table(law, [step_of(j)], accuracy), step_of(j))


def em_map_slopes(law: Law, accuracy: float, j: int) -> Slopes:
    """The derivatives of M_j = θ_j + E[γ_j(X − θ_j)]/E[γ_j].

    Parameters
    ----------
    law, accuracy
        The data and the fit, and L.
    j
        The component, from 0.
    """
    found = _table(law, [step_of(j), mass_of(j)], accuracy)
    step, mass = found.mean(step_of(j)), found.mean(mass_of(j))
    steps, masses = (_slopes(law, found, each) for each in (step_of(j), mass_of(j)))
    slopes = {name: (steps[name] - step / mass * masses[name]) / mass for name in steps}
    own = f"{PLACES[j]}_mean"
    return slopes | {own: slopes[own] + 1}


def kl_divergence_slopes(law: Law, accuracy: float) -> Slopes:
    """The derivatives of the divergence: those of E log p as it is in the truth's own variables vanish in the mean."""
    log = Integrand(log=True)
    fit = _slopes(law, _table(law, [log], accuracy), log)
    own = means_of(law, law.truth, (log, replace(log, z=1)), accuracy)
    truth = dict(_truth_slopes(own, log))
    return {name: truth.get(name, flint.arb(0)) - slope for name, slope in fit.items()}


def _table(law: Law, integrands: list[Integrand], accuracy: float) -> Means:
    needed = list(integrands)
    for each in integrands:
        needed.append(replace(each, z=each.z + 1))
        for m in _ALL:
            needed += [term for _, term in (*_in_mean(each, m), *_in_log_weight(each, m))]
    return means_of(law, law.fit, needed, accuracy)


def _slopes(law: Law, found: Means, integrand: Integrand) -> dict[str, flint.arb]:
    logs = [_sum(found, _in_log_weight(integrand, m)) / law.fit.weights[m] for m in _ALL]
    slopes = {f"{PLACES[m]}_mean": _sum(found, _in_mean(integrand, m)) for m in _ALL}
    slopes |= {f"{PLACES[m]}_weight": logs[m] - logs[-1] for m in _ALL[:-1]}
    return slopes | dict(_truth_slopes(found, integrand))


def _truth_slopes(found: Means, integrand: Integrand) -> Iterator[tuple[str, flint.arb]]:
    """By Stein's lemma dE g(m + Z)/dm = E[Z g]; a weight takes from the last what it gives."""
    moved = replace(integrand, z=integrand.z + 1)
    for name, weight, table in zip(PLACES, found.weights, found.tables, strict=True):
        yield f"truth_{name}_mean", weight * table[moved]
    for name, table in zip(PLACES[:-1], found.tables, strict=False):
        yield f"truth_{name}_weight", table[integrand] - found.tables[-1][integrand]


def _in_mean(integrand: Integrand, m: int) -> Terms:
    """∂/∂θ_l as a sum of integrands."""
    if integrand.log:
        return [(1, replace(integrand, posteriors=(m,), deviations=(m,), log=False))]
    further = replace(integrand, deviations=(*integrand.deviations, m))
    terms = [(factor, replace(further, posteriors=each.posteriors)) for factor, each in _in_log_weight(integrand, m)]
    if m in integrand.deviations:
        rest = list(integrand.deviations)
        rest.remove(m)
        terms.append((-integrand.deviations.count(m), replace(integrand, deviations=tuple(rest))))
    return terms


def _in_log_weight(integrand: Integrand, m: int) -> Terms:
    """∂/∂log v_l as a sum of integrands."""
    if integrand.log:
        return [(1, replace(integrand, posteriors=(m,), log=False))]
    own, number = integrand.posteriors.count(m), len(integrand.posteriors)
    return [(own, integrand), (-number, replace(integrand, posteriors=(*integrand.posteriors, m)))]


def _sum(found: Means, terms: Terms) -> flint.arb:
    return sum((factor * found.mean(each) for factor, each in terms), start=flint.arb(0))
