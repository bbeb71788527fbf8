"""A point given where nothing depends on one: what was probably meant."""

from collections.abc import Mapping

from emtheory.numerics.errors import InputError
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.language.expression import Comparison, calls_of

_AT_A_POINT: Mapping[str, str] = {
    "dft_modulus": "posterior_power(m=…), which is |π̂ₘ|² at the origin",
    "spectral_gap": "hessian_min_eigenvalue, which is the spectral gap at the origin",
    "contraction_factor": "worst_contraction_factor(radius=…), which is the contraction factor at the radius 0",
}
"""Quantity of the weights → the one that it becomes away from the origin."""


def no_point_wanted(comparison: Comparison) -> InputError:
    """Return the error of a statement that has a point and depends on none, with a suggestion where there is one."""
    names = [call.quantity for call in calls_of(comparison)]
    taking = [name for name in names if find_quantity(name).radius_is_argument]
    meant = [_AT_A_POINT[name] for name in names if name in _AT_A_POINT]
    message = "nothing in the statement depends on a point: leave out radius, amplitudes and for_all"
    if taking:
        return InputError(f"{message}; the radius of {taking[0]} is its argument, {taking[0]}(radius=…)")
    return InputError(f"{message}, or did you mean {meant[0]}?" if meant else message)
