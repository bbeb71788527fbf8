"""Statements about a whole ray, for weights that vary, as statements about every radius of it.

What is the supremum of the radii up to which a curve keeps above a bound is at least c if and only if the curve keeps
above it up to c, as it is continuous; what is the infimum of a curve is at least c if and only if the curve is. A c
that depends on the weights is a bound of the radius that is assumed: where it is not positive there is nothing to show.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from emtheory.reports.decide.claim_parts import MIRRORED, constant
from emtheory.reports.language.expression import Call, Comparison, depends_on_point
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span


def _powers(k: int) -> str:
    powers = [f"posterior_power(m={m})" for m in range(1, k // 2 + 1)]
    return powers[0] if len(powers) == 1 else f"min({', '.join(powers)})"


_CURVES: Mapping[str, tuple[str, Callable[[int, Fraction, str], str]]] = {
    "strong_convexity_radius": (">=", lambda _, fraction, __: f"hessian_min_eigenvalue >= {fraction}*spectral_gap"),
    "contraction_radius": (">=", lambda k, factor, _: f"{_powers(k)} >= {1 - factor}"),
    "pl_radius": (">=", lambda _, ratio, __: f"pl_ratio >= {ratio}"),
    "pl_constant": (">=", lambda _, __, bound: f"pl_ratio >= {bound}"),
    "worst_contraction_factor": ("<=", lambda k, _, bound: f"{_powers(k)} >= 1 - ({bound})"),
}
"""Quantity → the comparison with a bound that says so, and from k, its argument and the bound's text what it says."""
_VALUES = ("pl_constant", "worst_contraction_factor")
"""Those whose argument is the end of the ray, and which are bounded by a number for each of the weights."""
_OPEN = ("pl_radius", "pl_constant")
"""Those whose curves have no value at radius 0."""


def along_the_ray(
    comparison: Comparison, spans: Mapping[str, Span], k: int
) -> tuple[Comparison, Mapping[str, Span], tuple[Comparison, ...]] | None:
    """Return what a comparison of such a quantity with a bound, free of the point, says about every radius; or None."""
    if len(comparison.operators) > 1:
        return None
    (operator,), (call, bound), (_, text) = comparison.operators, comparison.operands, comparison.texts
    if not isinstance(call, Call) or call.quantity not in _CURVES:
        operator, call, bound, text = MIRRORED.get(operator, ""), bound, call, comparison.texts[0]
    if not isinstance(call, Call) or call.quantity not in _CURVES:
        return None
    wanted, statement = _CURVES[call.quantity]
    argument = constant(call.arguments[0][1]) if call.arguments else Fraction(0)
    end, names = argument if call.quantity in _VALUES else constant(bound), (*spans, "radius")
    if operator != wanted or argument is None or depends_on_point(bound) or (end is not None and end <= 0):
        return None
    radius = Span(Fraction(0), end, open_lower=end is None or call.quantity in _OPEN)
    within = () if end is not None else (parse_statement(f"radius <= {text}", names),)
    return parse_statement(statement(k, argument, text), names), {**spans, "radius": radius}, within
