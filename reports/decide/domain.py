"""What a claim speaks about: its statement as a tree, and the exact cases it is stated for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.weights import MAX_COMPONENTS
from emtheory.reports.decide.assumption import mentions, narrowed
from emtheory.reports.decide.evaluation import calls_of, check_comparison
from emtheory.reports.decide.point import decide_at
from emtheory.reports.language.expression import AMPLITUDE, SYMBOLS, UNARY, VARIADIC, Comparison, depends_on_point
from emtheory.reports.language.family import FAMILIES, in_parameter
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Point, Span, points
from emtheory.theory.claim import Claim

MAX_TOTAL_COMPONENTS = 1 << 18
"""Of all k of a claim together, for each of which a case is made when the claim is read. A choice: that takes less than
a second, and admits a range in ``for_all`` from 2 to 723, or four times the largest single k."""

Radii = tuple[Fraction, Fraction]

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
    family
        Name of the weight family and of its parameter, if that is one of the variables.
    """

    comparison: Comparison
    cases: tuple[Case, ...]
    spans: Mapping[str, Span]
    assumptions: tuple[Comparison, ...] = ()
    family: tuple[str, str] | None = None

    @property
    def radii(self) -> Radii | None:
        """The closed interval of radii, if that is the only variable and both ends belong to it."""
        span = self.spans.get("radius")
        return (span.lower, span.upper) if span is not None and span.closed and len(self.spans) == 1 else None

    @property
    def local_assumptions(self) -> tuple[Comparison, ...]:
        """The assumptions that may hold at one point of the intervals and fail at another."""
        return tuple(each for each in self.assumptions if self.spans and self._varies(each))

    def _varies(self, assumption: Comparison) -> bool:
        if mentions(assumption, tuple(self.spans)) or any(map(depends_on_point, assumption.operands)):
            return True
        return self.family is not None and bool(calls_of(assumption))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables that the weights depend on."""
        return () if self.family is None else self.family[1:]

    def in_closed_form(self, comparison: Comparison, k: int) -> Comparison:
        """Return a statement with those quantities in closed form that have one in the parameters."""
        return comparison if self.family is None else in_parameter(comparison, *self.family, k)

    def at(self, case: Case, point: Point) -> Case:
        """Return a case with its variables at a point."""
        return _placed(case, self.family, point)


def read_claim(claim: Claim) -> Question:
    """Read the statement, weights and point of a claim.

    Raises
    ------
    InputError
        If any of them is malformed, they do not go together, or the domain is empty.
    """
    family = _family(claim)
    spans = _spans(claim, family)
    variables = tuple(spans)
    comparison = _parsed("statement", claim.statement, variables)
    if len(set(claim.assume)) < len(claim.assume):
        raise InputError("assume states a condition twice")
    assumptions = tuple(_parsed("assume", text, variables) for text in claim.assume)
    free = bool(spans.keys() - (family or ()))
    fixed = claim.radius is not None or claim.amplitudes is not None
    if free and fixed:
        raise InputError("for_all gives the radius or the amplitudes: leave them out elsewhere")
    if (free or fixed) and not any(map(depends_on_point, comparison.operands)):
        raise InputError("nothing in the statement depends on a point: leave out radius, amplitudes and for_all")
    _check_k(claim)
    narrow, others = narrowed(spans, assumptions)
    cases = []
    for k in claim.k:
        case = _inside(_corner(claim, k, narrow, family), narrow, family, others)
        for what, each in (("statement", comparison), *(("assume", assumption) for assumption in others)):
            try:
                check_comparison(each, case)
            except InputError as error:
                raise InputError(f"{what}: {error}") from None
        cases.append(case)
    return Question(comparison, tuple(cases), narrow, others, family)


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


def _family(claim: Claim) -> tuple[str, str] | None:
    """The weight family and the name of its parameter, if the weights are such as one-heavy:W."""
    match = _PARAMETER.fullmatch(claim.weights.strip()) if isinstance(claim.weights, str) else None
    if match is None:
        return None
    if match[2] in (*SYMBOLS, *UNARY, *VARIADIC) or match[2].startswith(AMPLITUDE):
        raise InputError(f"weights: {match[2]!r} has another meaning: call the parameter W")
    if match[2] not in claim.for_all:
        raise InputError(f"weights: {match[2]!r} is neither a number nor a variable that for_all ranges over")
    return match[1], match[2]


def _spans(claim: Claim, family: tuple[str, str] | None) -> dict[str, Span]:
    amplitudes = [f"{AMPLITUDE}{m}" for m in range(1, max(claim.k, default=2) // 2 + 1)]
    known = ["radius", "k", *amplitudes, *(family or ())[1:]]
    spans = {}
    for name, ends in claim.for_all.items():
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f": did you mean {close[0]}?" if close else ""
            raise InputError(
                f"for_all ranges over radius, amplitudes, k or a parameter of the weights, not over {name[:40]!r}{hint}"
            )
        lower, upper = (parse_rational(end, f"for_all {name}") for end in ends)
        if lower < 0:
            raise InputError(f"for_all {name} starts at {lower}, which is negative")
        if lower > upper:
            raise InputError(
                f"for_all {name} = [{lower}, {upper}] is empty: a claim about no case is an error, not a pass"
            )
        if name == "k":
            _check_range(claim, lower, upper)
        else:
            spans[name] = Span(lower, upper)
    given = sum(name in spans for name in amplitudes)
    if given and "radius" in spans:
        raise InputError("for_all gives the point as a radius or as amplitudes, not both")
    return spans


def _check_k(claim: Claim) -> None:
    if not claim.k:
        raise InputError("the list of k is empty: a claim about no case is an error, not a pass")
    if len(set(claim.k)) < len(claim.k):
        raise InputError("the list of k names a number twice")
    if sum(claim.k) > MAX_TOTAL_COMPONENTS:
        raise InputError(f"the k of one claim add up to {sum(claim.k)}; at most {MAX_TOTAL_COMPONENTS} are accepted")


def _check_range(claim: Claim, lower: Fraction, upper: Fraction) -> None:
    if lower.denominator > 1 or upper.denominator > 1 or not 2 <= lower <= upper <= MAX_COMPONENTS:
        raise InputError(f"for_all k = [{lower}, {upper}]: the ends are integers from 2 to {MAX_COMPONENTS}")
    if claim.k != tuple(range(int(lower), int(upper) + 1)):
        raise InputError("give k as a number, as a list, or in for_all, not twice")


def _parsed(what: str, text: str, variables: tuple[str, ...]) -> Comparison:
    try:
        return parse_statement(text, variables)
    except InputError as error:
        raise InputError(f"{what}: {error}") from None


def _corner(claim: Claim, k: int, spans: Mapping[str, Span], family: tuple[str, str] | None) -> Case:
    """The case at the lower ends; a parameter of the weights in the middle, after its ends are checked."""
    radius = None if claim.radius is None else parse_rational(claim.radius, "radius")
    amplitudes = None
    if claim.amplitudes is not None:
        amplitudes = tuple(parse_rational(amplitude, "amplitude") for amplitude in claim.amplitudes)
    box = [name for name in spans if name.startswith(AMPLITUDE)]
    if box and set(box) != {f"{AMPLITUDE}{m}" for m in range(1, k // 2 + 1)}:
        raise InputError(f"for_all gives {len(box)} amplitudes; k = {k} has {k // 2} frequencies (m = 1..{k // 2})")
    if family is None:
        case = make_case(k, claim.weights, claim.d, radius, amplitudes)
        return _placed(case, None, {name: span.lower for name, span in spans.items()})
    span = spans[family[1]]
    ends = [end for end, is_open in ((span.lower, span.open_lower), (span.upper, span.open_upper)) if not is_open]
    middle = span.lower if span.lower == span.upper else (span.lower + span.upper) / 2
    for value in (*ends, middle):
        case = make_case(k, f"{family[0]}:{value}", claim.d, radius, amplitudes)
    return _placed(case, family, {name: each.lower for name, each in spans.items()} | {family[1]: middle})


def _inside(
    corner: Case, spans: Mapping[str, Span], family: tuple[str, str] | None, assumptions: Sequence[Comparison]
) -> Case:
    """The case at the corner, or where that is outside the domain at the first point tried that is not.

    A statement need not have a value outside. Assumptions on quantities are left aside here: they take time.
    """
    quick = [assumption for assumption in assumptions if not calls_of(assumption)]
    box = {name: span for name, span in spans.items() if family is None or name != family[1]}
    corners = () if any(span.open_lower for span in box.values()) else (corner,)
    places = (_placed(corner, family, point) for point in points(spans))
    return next(
        (place for place in chain(corners, places) if all(_allows(assumption, place) for assumption in quick)), corner
    )


def _allows(assumption: Comparison, case: Case) -> bool:
    try:
        return decide_at(assumption, case).holds is not False
    except InputError:
        return False


def _placed(case: Case, family: tuple[str, str] | None, point: Point) -> Case:
    if family is not None and family[1] in point:
        value = point[family[1]]
        weights = make_case(case.k, f"{family[0]}:{value}", case.d).weights
        case = replace(case, weights=weights, parameter=(family[1], value))
    if "radius" in point:
        case = case.at_radius(point["radius"])
    box = [name for name in point if name.startswith(AMPLITUDE)]
    if box:
        amplitudes = tuple(point[f"{AMPLITUDE}{m}"] for m in range(1, len(box) + 1))
        case = replace(case, radius=None, amplitudes=amplitudes)
    return case
