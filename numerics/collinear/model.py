"""EM with free means and given weights, its gradient, the Hessian of the expected log-likelihood and the divergence.

The data are Σ w_i N(m_i, 1), fitted by Σ v_j N(θ_j, 1) with posteriors γ_j. M_j = E[γ_j X]/E[γ_j]; the expected
log-likelihood has the gradient E[γ_j(X − θ_j)]. Derivatives of posteriors are ∂γ_j/∂θ_l = γ_j(δ_{jl} − γ_l)(X − θ_l)
and ∂γ_j/∂log v_l = γ_j(δ_{jl} − γ_l); a derivative in m_i is a mean with X − m_i (Stein's lemma).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import flint

from emtheory.numerics.collinear.expectation import Integrand, Mixture, posterior_means

Table = Mapping[Integrand, flint.arb]


@dataclass(frozen=True)
class Law:
    """The law of the data and the fit, as balls.

    Attributes
    ----------
    truth, fit
        The weights of the truth may be 0.
    """

    truth: Mixture
    fit: Mixture


@dataclass(frozen=True)
class Means:
    """E g for X ~ N(m_i, 1), by component of the data, and its weights."""

    tables: Sequence[Table]
    weights: Sequence[flint.arb]

    def mean(self, integrand: Integrand) -> flint.arb:
        """E g over the data."""
        terms = zip(self.weights, self.tables, strict=True)
        return sum((weight * table[integrand] for weight, table in terms), start=flint.arb(0))


def means_of(law: Law, mixture: Mixture, integrands: Sequence[Integrand], accuracy: float) -> Means:
    """Enclose means of the posteriors of a mixture over the data.

    Parameters
    ----------
    law, mixture
        The data, and whose posteriors: the fit's, or the truth's own.
    integrands, accuracy
        What is integrated, and L.
    """
    tables: list[Table] = []
    for index, mean in enumerate(law.truth.means):
        same = [before for before in range(index) if mean.is_exact() and law.truth.means[before] == mean]
        tables.append(tables[same[0]] if same else posterior_means(mixture, mean, integrands, accuracy))
    return Means(tables, law.truth.weights)


def em_map(law: Law, accuracy: float, j: int) -> flint.arb:
    """M_j = E[γ_j X]/E[γ_j] = θ_j + E[γ_j(X − θ_j)]/E[γ_j].

    Parameters
    ----------
    law, accuracy
        The data and the fit, and L.
    j
        The component, from 0.
    """
    mass, first = mass_of(j), step_of(j)
    found = means_of(law, law.fit, (mass, first), accuracy)
    return law.fit.means[j] + found.mean(first) / found.mean(mass)


def gradient(law: Law, accuracy: float) -> list[flint.arb]:
    """E[γ_j(X − θ_j)] for every j: what a step of gradient EM adds, as part of its rate."""
    firsts = [step_of(j) for j in range(len(law.fit.means))]
    found = means_of(law, law.fit, firsts, accuracy)
    return [found.mean(first) for first in firsts]


def hessian(law: Law, accuracy: float) -> list[list[flint.arb]]:
    """The second derivatives of the expected log-likelihood in the means.

    H_{ij} = δ_{ij}(E[γ_i(X − θ_i)²] − E γ_i) − E[γ_iγ_j(X − θ_i)(X − θ_j)].
    """
    size = range(len(law.fit.means))
    squares = [Integrand((j,), (j, j)) for j in size]
    masses = [mass_of(j) for j in size]
    products = [[Integrand((j, i), (j, i)) for i in range(j + 1)] for j in size]
    found = means_of(law, law.fit, (*squares, *masses, *(each for row in products for each in row)), accuracy)
    rows = [[-found.mean(products[max(i, j)][min(i, j)]) for i in size] for j in size]
    for j in size:
        rows[j][j] += found.mean(squares[j]) - found.mean(masses[j])
    return rows


def kl_divergence(law: Law, accuracy: float) -> flint.arb:
    """KL(truth ‖ fit) in nats; −x²/2 cancels between the two log-densities."""
    log = Integrand(log=True)
    truth, fit = (means_of(law, mixture, (log,), accuracy).mean(log) for mixture in (law.truth, law.fit))
    return truth - fit


def mass_of(j: int) -> Integrand:
    """γ_j, whose mean is the fitted weight."""
    return Integrand((j,))


def step_of(j: int) -> Integrand:
    """γ_j(X − θ_j), whose mean is the gradient in θ_j."""
    return Integrand((j,), (j,))
