"""The `ball` route: rigorous enclosures for three means, level `certified` (docs/error-bounds.md)."""

from collections.abc import Callable
from fractions import Fraction

import flint

from emtheory.numerics.case import Case
from emtheory.numerics.collinear import local_maximum as maximum
from emtheory.numerics.collinear import model
from emtheory.numerics.collinear.box_forms import largest_eigenvalue
from emtheory.numerics.collinear.case import checked_component, three_means
from emtheory.numerics.collinear.model import Law
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.refined import refined


def em_map(case: Case, digits: int, component: Fraction) -> Enclosure:
    """M_j = E[γ_j X]/E[γ_j].

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    component
        j, from 1.
    """
    j = checked_component(component)
    return _at(case, digits, lambda law, accuracy: model.em_map(law, accuracy, j))


def gradient(case: Case, digits: int, component: Fraction) -> Enclosure:
    """E[γ_j(X − θ_j)].

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    component
        j, from 1.
    """
    j = checked_component(component)
    return _at(case, digits, lambda law, accuracy: model.gradient(law, accuracy)[j])


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """KL(truth ‖ fit)."""
    return _at(case, digits, model.kl_divergence)


def hessian_max_eigenvalue(case: Case, digits: int) -> Enclosure:
    """λ_max of the Hessian of the expected log-likelihood in the means."""
    return _at(case, digits, largest_eigenvalue)


def local_maximum(case: Case, digits: int, component: Fraction) -> Enclosure:
    """θ_j at the strict local maximum near the means of the fit.

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    component
        j, from 1.

    Raises
    ------
    CannotAnswerError
        If it is not shown to be there.
    """
    j = checked_component(component)
    return _at(case, digits, lambda law, accuracy: maximum.local_maximum(law, accuracy)[j])


def kl_at_local_maximum(case: Case, digits: int) -> Enclosure:
    """KL(truth ‖ fit) there: by how much the likelihood falls short of its supremum, where the fit can be the truth."""
    return _at(case, digits, maximum.kl_at_local_maximum)


def _at(case: Case, digits: int, value: Callable[[Law, float], flint.arb]) -> Enclosure:
    exact = three_means(case)
    return refined(lambda accuracy: value(Law(exact.truth.balls(), exact.fit.balls()), accuracy), digits, 0.0)
