"""Statements about a whole ray, for weights that vary, as statements about every radius of it.

What is the supremum of the radii up to which a curve keeps above a bound is at least c if and only if the curve keeps
above it up to c, as it is continuous; what is the infimum of a curve is at least c if and only if the curve is.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from emtheory.reports.decide.claim_parts import MIRRORED, constant
from emtheory.reports.language.expression import Call, Comparison
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span


def _powers(k: int) -> str:
    powers = [f"posterior_power(m={m})" for m in range(1, k // 2 + 1)]
    return powers[0] if len(powers) == 1 else f"min({', '.join(powers)})"


_CURVES: Mapping[str, tuple[str, Callable[[int, Fraction, Fraction], tuple[str, Fraction]]]] = {
    "strong_convexity_radius": (">=", lambda k, fraction, c: (f"hessian_min_eigenvalue >= {fraction}*spectral_gap", c)),
    "contraction_radius": (">=", lambda k, factor, c: (f"{_powers(k)} >= {1 - factor}", c)),
    "pl_radius": (">=", lambda k, ratio, c: (f"pl_ratio >= {ratio}", c)),
    "pl_constant": (">=", lambda k, radius, c: (f"pl_ratio >= {c}", radius)),
    "worst_contraction_factor": ("<=", lambda k, radius, c: (f"{_powers(k)} >= {1 - c}", radius)),
}
"""Quantity → the comparison with c that says so, and from k, its argument and c what it says, and the ray's end."""
_OPEN = ("pl_radius", "pl_constant")
"""Those whose curves have no value at radius 0."""


def along_the_ray(
    comparison: Comparison, spans: Mapping[str, Span], k: int
) -> tuple[Comparison, Mapping[str, Span]] | None:
    """Return the statement about every radius that a comparison of such a quantity with a number is, and its domain."""
    if len(comparison.operators) > 1:
        return None
    (operator,), (left, right) = comparison.operators, comparison.operands
    call, bound = (left, constant(right)) if isinstance(left, Call) else (right, constant(left))
    operator = operator if isinstance(left, Call) else MIRRORED.get(operator, "")
    if not isinstance(call, Call) or bound is None or call.quantity not in _CURVES:
        return None
    wanted, statement = _CURVES[call.quantity]
    argument = constant(call.arguments[0][1]) if call.arguments else Fraction(0)
    if operator != wanted or argument is None:
        return None
    text, end = statement(k, argument, bound)
    if end <= 0:
        return None
    radius = Span(Fraction(0), end, open_lower=call.quantity in _OPEN)
    return parse_statement(text, (*spans, "radius")), {**spans, "radius": radius}
