"""What a claim speaks about: its statement as a tree, and the exact cases it is stated for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.weights import MAX_COMPONENTS
from emtheory.reports.decide.assumption import mentions, narrowed
from emtheory.reports.decide.evaluation import calls_of, check_comparison
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.without_point import no_point_wanted
from emtheory.reports.language.expression import AMPLITUDE, SYMBOLS, UNARY, VARIADIC, Comparison, depends_on_point
from emtheory.reports.language.family import FAMILIES
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Point, Span, points
from emtheory.reports.language.varying_weights import (
    FamilyWeights,
    VaryingWeights,
    WeightExpressions,
    weight_expressions,
)
from emtheory.theory.claim import Claim

MAX_TOTAL_COMPONENTS = 1 << 18
"""Of all k of a claim together, for each of which a case is made when the claim is read. A choice: that takes less than
a second, and admits a range in ``for_all`` from 2 to 723, or four times the largest single k."""

INFINITE = "inf"
"""The upper end of an interval without one."""

Radii = tuple[Fraction, Fraction]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_PARAMETER = re.compile(rf"({'|'.join(FAMILIES)}):([A-Za-z][A-Za-z0-9_]{{0,30}})")


@dataclass(frozen=True)
class Question:
    """A claim whose every part is read and checked, and nothing is computed yet.

    Attributes
    ----------
    comparison
        The statement.
    cases
        One case for each k; where variables range over intervals, at a point of them.
    spans
        The intervals that real variables range over: ``radius``, ``amplitude_1``…, a parameter of the weights.
    assumptions
        What else restricts the domain; bounds on single variables are in `spans` already.
    weights
        How the weights depend on variables, if they do.
    """

    comparison: Comparison
    cases: tuple[Case, ...]
    spans: Mapping[str, Span]
    assumptions: tuple[Comparison, ...] = ()
    weights: VaryingWeights | None = None

    @property
    def radii(self) -> Radii | None:
        """The closed interval of radii, if that is the only variable and both ends belong to it."""
        span = self.spans.get("radius")
        return (span.lower, span.top) if span is not None and span.closed and len(self.spans) == 1 else None

    @property
    def local_assumptions(self) -> tuple[Comparison, ...]:
        """The assumptions that may hold at one point of the intervals and fail at another."""
        return tuple(each for each in self.assumptions if self.spans and self._varies(each))

    def is_about(self, assumption: Comparison, names: Sequence[str]) -> bool:
        """Whether an assumption speaks about these variables and numbers only."""
        others = [name for name in self.spans if name not in names]
        about_point = any(map(depends_on_point, assumption.operands))
        return not (mentions(assumption, others) or about_point or calls_of(assumption))

    def _varies(self, assumption: Comparison) -> bool:
        if mentions(assumption, tuple(self.spans)) or any(map(depends_on_point, assumption.operands)):
            return True
        return self.weights is not None and bool(calls_of(assumption))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables that the weights depend on."""
        return () if self.weights is None else self.weights.parameters

    def in_closed_form(self, comparison: Comparison, k: int) -> Comparison:
        """Return a statement with those quantities in closed form that have one in the parameters."""
        return comparison if self.weights is None else self.weights.in_closed_form(comparison, k)

    def at(self, case: Case, point: Point) -> Case:
        """Return a case with its variables at a point; InputError if the weights are none there."""
        return _placed(case, self.weights, point)

    def places(self, case: Case) -> Iterator[Case]:
        """Yield a case at the points that every such domain is sampled at, but where the weights are none."""
        for point in points(self.spans):
            try:
                yield self.at(case, point)
            except InputError:
                continue


def read_claim(claim: Claim) -> Question:
    """Read the statement, weights and point of a claim.

    Raises
    ------
    InputError
        If any of them is malformed, they do not go together, or the domain is empty.
    """
    variables = tuple(name for name in claim.for_all if name != "k")
    weights = _weights(claim, variables)
    spans = _spans(claim)
    free = _check_variables(claim, variables, () if weights is None else weights.parameters)
    comparison = _parsed("statement", claim.statement, variables)
    if len(set(claim.assume)) < len(claim.assume):
        raise InputError("assume states a condition twice")
    assumptions = tuple(_parsed("assume", text, variables) for text in claim.assume)
    fixed = claim.radius is not None or claim.amplitudes is not None
    if free and fixed:
        raise InputError("for_all gives the radius or the amplitudes: leave them out elsewhere")
    if (free or fixed) and not any(map(depends_on_point, comparison.operands)):
        raise no_point_wanted(comparison)
    _check_k(claim)
    narrow, others = narrowed(spans, assumptions)
    cases = []
    for k in claim.k:
        case = _inside(_bare(claim, k, narrow, weights), narrow, weights, others)
        for what, each in (("statement", comparison), *(("assume", assumption) for assumption in others)):
            try:
                check_comparison(each, case)
            except InputError as error:
                raise InputError(f"{what}: {error}") from None
        cases.append(case)
    return Question(comparison, tuple(cases), narrow, others, weights)


def describe_domain(claim: Claim) -> dict[str, object]:
    """Return the cases of a claim as JSON values, as they were written."""
    described: dict[str, object] = {"k": list(claim.k)} | ({"general": True} if claim.general else {})
    if claim.statement:
        described |= {
            "weights": claim.weights if isinstance(claim.weights, str) else list(claim.weights),
            "d": claim.d,
            "radius": claim.radius,
            "amplitudes": None if claim.amplitudes is None else list(claim.amplitudes),
            "for_all": {name: list(ends) for name, ends in claim.for_all.items()},
        }
        described |= {"assume": list(claim.assume)} if claim.assume else {}
    return described


def _weights(claim: Claim, variables: Sequence[str]) -> VaryingWeights | None:
    """How the weights depend on variables: a family such as one-heavy:W, or a list with an expression in it."""
    if isinstance(claim.weights, str):
        match = _PARAMETER.fullmatch(claim.weights.strip())
        if match is None:
            return None
        _check_name(match[2])
        if match[2] not in variables:
            raise InputError(f"weights: {match[2]!r} is neither a number nor a variable that for_all ranges over")
        return FamilyWeights(match[1], match[2])
    parameters = [name for name in variables if not _is_of_point(name)]
    if not parameters:
        return None
    lengths = [k for k in claim.k if k != len(claim.weights)]
    if lengths:
        raise InputError(f"{len(claim.weights)} weights were given for k = {lengths[0]} components")
    return weight_expressions(claim.weights, parameters, len(claim.weights))


def _check_variables(claim: Claim, variables: Sequence[str], parameters: Sequence[str]) -> bool:
    """Check that each variable means something for each k; return whether the point is among them."""
    amplitudes = [f"{AMPLITUDE}{m}" for m in range(1, max(claim.k, default=2) // 2 + 1)]
    known = ["radius", "k", *amplitudes, *parameters]
    for name in variables:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f": did you mean {close[0]}?" if close else ""
            raise InputError(
                "for_all ranges over radius, amplitudes, k or variables that the weights are written in, such as W in "
                f'one-heavy:W or in ["W", "1-W"], not over {name[:40]!r}{hint}'
            )
    if "radius" in variables and any(name in variables for name in amplitudes):
        raise InputError("for_all gives the point as a radius or as amplitudes, not both")
    return any(map(_is_of_point, variables))


def _is_of_point(name: str) -> bool:
    return name == "radius" or name.startswith(AMPLITUDE)


def _spans(claim: Claim) -> dict[str, Span]:
    spans = {}
    for name, (first, last) in claim.for_all.items():
        lower = parse_rational(first, f"for_all {name}")
        upper = None if last.strip() == INFINITE else parse_rational(last, f"for_all {name}")
        if lower < 0:
            raise InputError(f"for_all {name} starts at {lower}, which is negative")
        if upper is not None and lower > upper:
            raise InputError(
                f"for_all {name} = [{lower}, {upper}] is empty: a claim about no case is an error, not a pass"
            )
        if name == "k":
            _check_range(claim, lower, upper)
        elif not _is_of_point(name):
            _check_name(name)
            spans[name] = Span(lower, upper)
        else:
            spans[name] = Span(lower, upper)
    return spans


def _check_name(name: str) -> None:
    taken = (*SYMBOLS, *UNARY, *VARIADIC, *QUANTITIES)
    if name in taken or name.startswith(AMPLITUDE):
        raise InputError(f"weights: {name!r} has another meaning: call the parameter W")
    if not _NAME.fullmatch(name):
        raise InputError(f"for_all: {name[:40]!r} is no name of a variable: write letters and digits, such as W")


def _check_k(claim: Claim) -> None:
    if not claim.k:
        raise InputError("the list of k is empty: a claim about no case is an error, not a pass")
    if len(set(claim.k)) < len(claim.k):
        raise InputError("the list of k names a number twice")
    if sum(claim.k) > MAX_TOTAL_COMPONENTS:
        raise InputError(f"the k of one claim add up to {sum(claim.k)}; at most {MAX_TOTAL_COMPONENTS} are accepted")


def _check_range(claim: Claim, lower: Fraction, upper: Fraction | None) -> None:
    if upper is None:
        raise InputError(f"for_all k = [{lower}, inf]: the ends are integers from 2 to {MAX_COMPONENTS}")
    if lower.denominator > 1 or upper.denominator > 1 or not 2 <= lower <= upper <= MAX_COMPONENTS:
        raise InputError(f"for_all k = [{lower}, {upper}]: the ends are integers from 2 to {MAX_COMPONENTS}")
    if claim.k != tuple(range(int(lower), int(upper) + 1)):
        raise InputError("give k as a number, as a list, or in for_all, not twice")


def _parsed(what: str, text: str, variables: tuple[str, ...]) -> Comparison:
    try:
        return parse_statement(text, variables)
    except InputError as error:
        raise InputError(f"{what}: {error}") from None


def _bare(claim: Claim, k: int, spans: Mapping[str, Span], weights: VaryingWeights | None) -> Case:
    """The case before variables have values, but those of a parameter in the middle, after its ends are checked."""
    radius = None if claim.radius is None else parse_rational(claim.radius, "radius")
    amplitudes = None
    if claim.amplitudes is not None:
        amplitudes = tuple(parse_rational(amplitude, "amplitude") for amplitude in claim.amplitudes)
    box = [name for name in spans if name.startswith(AMPLITUDE)]
    if box and set(box) != {f"{AMPLITUDE}{m}" for m in range(1, k // 2 + 1)}:
        raise InputError(f"for_all gives {len(box)} amplitudes; k = {k} has {k // 2} frequencies (m = 1..{k // 2})")
    if weights is None:
        return make_case(k, claim.weights, claim.d, radius, amplitudes)
    if isinstance(weights, WeightExpressions):
        return make_case(k, "uniform", claim.d, radius, amplitudes)
    span = spans[weights.parameter]
    ends = [end for end, is_open in ((span.lower, span.open_lower), (span.upper, span.open_upper)) if not is_open]
    for value in (*(end for end in ends if end is not None), span.middle):
        case = make_case(k, f"{weights.family}:{value}", claim.d, radius, amplitudes)
    return case


def _inside(
    bare: Case, spans: Mapping[str, Span], weights: VaryingWeights | None, assumptions: Sequence[Comparison]
) -> Case:
    """The case with parameters in the middle and the point at the lower ends, or at the first point in the domain.

    A statement need not have a value outside. Assumptions on quantities are left aside here: they take time.
    """
    parameters = () if weights is None else weights.parameters
    quick = [assumption for assumption in assumptions if not calls_of(assumption)]
    corner = {name: span.middle if name in parameters else span.lower for name, span in spans.items()}
    refusal: InputError | None = None
    for point in chain((corner,), points(spans)):
        try:
            place = _placed(bare, weights, point)
        except InputError as error:
            refusal = refusal or error
            continue
        in_spans = all(point[name] in span for name, span in spans.items())
        if in_spans and all(_allows(assumption, place) for assumption in quick):
            return place
    if refusal is not None and isinstance(weights, WeightExpressions):
        raise InputError(f"{refusal}: restrict the variables by for_all or assume to where all weights are positive")
    return _placed(bare, weights, corner)


def _allows(assumption: Comparison, case: Case) -> bool:
    try:
        return decide_at(assumption, case).holds is not False
    except InputError:
        return False


def _placed(case: Case, weights: VaryingWeights | None, point: Point) -> Case:
    if weights is not None and all(name in point for name in weights.parameters):
        values = tuple((name, point[name]) for name in weights.parameters)
        case = replace(case, weights=weights.at(case.k, point), parameters=values)
    if "radius" in point:
        case = case.at_radius(point["radius"])
    box = [name for name in point if name.startswith(AMPLITUDE)]
    if box:
        amplitudes = tuple(point[f"{AMPLITUDE}{m}"] for m in range(1, len(box) + 1))
        case = replace(case, radius=None, amplitudes=amplitudes)
    return case
