"""What a claim speaks about: its statement as a tree, and the exact cases it is stated for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.family import DOMAINS
from emtheory.numerics.names import is_model, label_of
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import INTEGERS
from emtheory.reports.decide.along_ray import along_the_ray
from emtheory.reports.decide.claim_parts import (
    check_k,
    check_variables,
    is_of_point,
    narrowed,
    no_point_wanted,
    span_of,
    spans_of,
    weights_of,
)
from emtheory.reports.decide.point import FIRST_DIGITS, check_comparison, decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import (
    AMPLITUDE,
    ZERO,
    Call,
    Comparison,
    Expression,
    Symbol,
    calls_of,
    depends_on_point,
    subexpressions,
    varies,
)
from emtheory.reports.language.family_values import FamilyValues, family_values
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Point, Span, points
from emtheory.reports.language.varying_weights import VaryingWeights, WeightExpressions
from emtheory.theory.claim import Claim

_OFF_THE_ORIGIN: Mapping[Expression, Expression] = {Call("asymptotic_rate"): Call("contraction_factor")}
"""From a point of the simplex, where no amplitude vanishes, EM's rate is that of the slowest frequency."""


@dataclass(frozen=True)
class Question:
    """A claim whose every part is read and checked, and nothing is computed yet.

    `comparison`: the statement; `cases`: one case for each k; where variables range over intervals, at a point of them;
    `spans`: the intervals that real variables range over: ``radius``, ``amplitude_1``…, a parameter of the weights;
    `assumptions`: what else restricts the domain; bounds on single variables are in `spans` already; `weights`: how the
    weights depend on variables, if they do; `family`: of a claim on another family, what its variables are;
    `quotes_theorems`: whether it may be decided as an instance of a theorem of the catalogue, which instances of that
    are to test.
    """

    comparison: Comparison
    cases: tuple[Case, ...]
    spans: Mapping[str, Span]
    assumptions: tuple[Comparison, ...] = ()
    weights: VaryingWeights | None = None
    family: FamilyValues | None = None
    quotes_theorems: bool = True

    @property
    def local_assumptions(self) -> tuple[Comparison, ...]:
        """The assumptions that may hold at one point of the intervals and fail at another."""
        return tuple(each for each in self.assumptions if self.spans and self._varies(each))

    def is_about(self, assumption: Comparison, names: Sequence[str]) -> bool:
        """Whether an assumption speaks about these variables and numbers only."""
        others = [name for name in self.spans if name not in names]
        about_point = any(map(depends_on_point, assumption.operands))
        written = any(varies(each, others) for each in assumption.operands)
        return not (written or about_point or calls_of(assumption))

    def _varies(self, assumption: Comparison) -> bool:
        is_said = any(varies(each, self.spans) or depends_on_point(each) for each in assumption.operands)
        return is_said or ((self.weights is not None or self.family is not None) and bool(calls_of(assumption)))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables that the weights depend on."""
        return () if self.weights is None else self.weights.parameters

    def in_closed_form(self, comparison: Comparison, k: int) -> Comparison:
        """Return a statement with those quantities in closed form that have one in the parameters."""
        return comparison if self.weights is None else self.weights.in_closed_form(comparison, k)

    @cached_property
    def counts(self) -> tuple[str, ...]:
        """The variables that are arguments of quantities which have to be integers: other points have no value."""
        found = (
            (value, argument.kind)
            for call in calls_of(self.comparison)
            for argument in find_quantity(call.quantity).arguments
            for name, value in call.arguments
            if name == argument.name
        )
        return tuple(value.name for value, kind in found if isinstance(value, Symbol) and kind in INTEGERS)

    def at(self, case: Case, point: Point) -> Case:
        """Return a case with its variables at a point; InputError if the weights are none there."""
        for name in self.counts:
            if name in point and point[name].denominator > 1:
                raise InputError(f"{name} = {point[name]} counts something, and is no integer")
        return _placed(case, self.weights, point) if self.family is None else self.family.at(point)

    def place(self, case: Case, point: Point) -> Case:
        """Return a case with its variables at a point, or as it is where the weights are none, or the family is not."""
        try:
            return self.at(case, point)
        except InputError:
            return case

    def decide_at(
        self, case: Case, point: Point, digits_max: int, deadline: float | None = None, first: int = FIRST_DIGITS
    ) -> Finding | None:
        """Decide the statement at a point of its domain; None where an assumption is not seen to hold."""
        try:
            place = self.at(case, point)
        except InputError:
            return None
        premises = (decide_at(each, place, digits_max, deadline, first) for each in self.local_assumptions)
        holds = all(premise.holds for premise in premises)
        return decide_at(self.comparison, place, digits_max, deadline, first) if holds else None

    def places(self, case: Case) -> Iterator[Case]:
        """Yield a case at the points that every such domain is sampled at, but where the weights are none."""
        for point in points(self.spans):
            try:
                yield self.at(case, point)
            except InputError:
                continue


def read_claim(claim: Claim) -> Question:
    """Read the statement, weights and point of a claim.

    InputError if any of them is malformed, they do not go together, or the domain is empty.
    """
    if claim.family:
        return _of_family(claim)
    variables = tuple(name for name in claim.for_all if name != "k")
    comparison, *assumptions = _statements(claim, variables)
    arguments = [value for call in calls_of(comparison) for _, value in call.arguments]
    used = [part.name for value in arguments for part in subexpressions(value) if isinstance(part, Symbol)]
    weights = weights_of(claim, variables)
    spans = spans_of(claim)
    free = check_variables(claim, variables, (*used, *(() if weights is None else weights.parameters)))
    check_k(claim)
    fixed = claim.radius is not None or claim.amplitudes is not None
    if free and fixed:
        raise InputError("for_all gives the radius or the amplitudes: leave them out elsewhere")
    if (free or fixed) and not any(map(depends_on_point, comparison.operands)):
        raise no_point_wanted(comparison)
    narrow, others = narrowed(spans, assumptions)
    cases = []
    calls = (call for each in (comparison, *assumptions) for call in calls_of(each))
    many = all(find_quantity(call.quantity).any_count for call in calls)  # whether the cost is the same for every k
    for k in claim.k:
        bare = _bare(claim, k, narrow, weights, many=many)
        cases.append(_checked(_inside(bare, narrow, weights, others), comparison, others))
    rays = along_the_ray(comparison, narrow, cases[0].k) if weights is not None and len(cases) == 1 else None
    # Of a bound that no small radius is within nothing would be left to show.
    if rays is not None and all(_allows(each, cases[0].at_radius(Fraction(1, 10**9))) for each in rays[2]):
        comparison, narrow, within = rays
        others, cases = (*others, *within), [cases[0].at_radius(narrow["radius"].middle)]
    if narrow and is_off_origin(cases[0], narrow):
        comparison = comparison.rewritten(_OFF_THE_ORIGIN.get)
    elif weights is not None and (free or fixed) and _is_origin(cases[0], narrow):
        comparison = comparison.rewritten(_at_the_origin)
    return Question(comparison, tuple(cases), narrow, others, weights)


def is_off_origin(case: Case, spans: Mapping[str, Span]) -> bool:
    """Whether the radius is not 0 anywhere in a domain, of which the case is at some point."""
    radii = spans.get("radius")
    return bool(case.radius) if radii is None else radii.lower > 0 or radii.open_lower


def _is_origin(case: Case, spans: Mapping[str, Span]) -> bool:
    """Whether θ is 0 in all of a domain, where a case of it has the lower ends of what its point ranges over."""
    return not any(case.squared_amplitudes) and all(spans[name].is_single for name in spans if is_of_point(name))


def _at_the_origin(expression: Expression) -> Expression | None:
    """Write what is asked at a point as quantities of the weights, which are the posteriors where θ is 0."""
    match expression:
        case Call("posterior_power", arguments):
            return Call("dft_modulus", arguments) ** 2
        case Call("hessian_min_eigenvalue"):
            return Call("spectral_gap")
        case Call("kl_divergence" | "log_partition"):
            return ZERO
    return None


def parsed_for(question: Question, text: str, *constants: str) -> Comparison:
    """Read another statement about the same domain."""
    if question.family is None:
        return parse_statement(text, (*question.spans, *constants))
    return parse_statement(text, (*question.family.names, *constants), question.family.name)


def describe_domain(claim: Claim) -> dict[str, object]:
    """Return the cases of a claim as JSON values, as they were written."""
    described: dict[str, object] = {"k": list(claim.k)} | ({"general": True} if claim.general else {})
    if claim.family:
        described = {"model" if is_model(claim.family) else "family": label_of(claim.family), **claim.values}
    elif claim.statement:
        described |= {
            "weights": claim.weights if isinstance(claim.weights, str) else list(claim.weights),
            "d": claim.d,
            "radius": claim.radius,
            "amplitudes": None if claim.amplitudes is None else list(claim.amplitudes),
        }
    if claim.family or claim.statement:
        described["for_all"] = {name: list(ends) for name, ends in claim.for_all.items()}
        described |= {"assume": list(claim.assume)} if claim.assume else {}
    return described


def _of_family(claim: Claim) -> Question:
    """Read a claim on another family than the tied mixtures."""
    stray = next((name for name in ("d", "radius", "amplitudes") if getattr(claim, name) is not None), None)
    if stray is not None:
        raise InputError(f"{stray} has no meaning for {label_of(claim.family)}: leave it out")
    variables = tuple(claim.for_all)
    values = family_values(claim.family, claim.values, variables)
    known = [variable.name for variable in values.family.variables]
    spans = {name: span_of(name, ends, is_known=name in known) for name, ends in claim.for_all.items()}
    comparison, *assumptions = _statements(claim, values.names)
    _check_use(values, comparison, assumptions)
    narrow, others = narrowed(spans, assumptions)
    inside = {name: _in_domain(name, span, values) for name, span in narrow.items()}
    question = Question(comparison, (), inside, others, family=values)
    return replace(question, cases=(_checked(_first_inside(question), comparison, others),))


def _statements(claim: Claim, names: tuple[str, ...]) -> Iterator[Comparison]:
    """The statement and each assumption of a claim, in variables with these names."""
    if len(set(claim.assume)) < len(claim.assume):
        raise InputError("assume states a condition twice")
    for what, text in (("statement", claim.statement), *(("assume", text) for text in claim.assume)):
        try:
            yield parse_statement(text, names, claim.family)
        except InputError as error:
            raise InputError(f"{what}: {error}") from None


def _checked(case: Case, comparison: Comparison, assumptions: Sequence[Comparison]) -> Case:
    """A case on which a statement and assumptions are found to have a meaning."""
    for what, each in (("statement", comparison), *(("assume", assumption) for assumption in assumptions)):
        try:
            check_comparison(each, case)
        except InputError as error:
            raise InputError(f"{what}: {error}") from None
    return case


def _in_domain(name: str, span: Span, values: FamilyValues) -> Span:
    """The interval of a variable without ends on the boundary of its open domain; InputError if it goes beyond."""
    kind = next((each.kind for each in values.family.variables if each.name == name), "")
    if kind == "zero":
        raise InputError(f"for_all {name}: it is 0, and stands for all coordinates that are not written")
    if not kind:
        return span
    domain = DOMAINS[kind]
    below = domain.lower is not None and span.lower < domain.lower
    if below or (domain.upper is not None and (span.upper is None or span.upper > domain.upper)):
        raise InputError(f"for_all {name} = {span}: {name} is {domain.text}")
    if not domain.is_open:
        return span
    for operator, end in ((">", domain.lower), ("<", domain.upper)):
        span = span if end is None else span.restricted(operator, end)
    return span


def _check_use(values: FamilyValues, comparison: Comparison, assumptions: Sequence[Comparison]) -> None:
    """Check that the point, and each variable of ``for_all``, has a part in a statement."""
    statements = (comparison, *assumptions)
    used = {part for each in statements for side in each.operands for part in subexpressions(side)}
    point = values.family.point
    if any(depends_on_point(side) for each in statements for side in each.operands):
        used.add(Symbol(point))
    elif point in values.expressions and Symbol(point) not in used:
        raise InputError(f"nothing in the statement depends on {point}: leave it out")
    needed = [each for name, each in values.expressions.items() if name != point or Symbol(name) in used]
    used |= {part for each in needed for part in subexpressions(each)}
    for name in values.parameters:
        if Symbol(name) not in used:
            raise InputError(f"nothing in the statement depends on {name}: leave it out of for_all")


def _first_inside(question: Question) -> Case:
    """The case at the first point of the domain at which the family has one."""
    refusal: InputError | None = None
    for point in points(question.spans):
        try:
            return question.at(Case((), 1), point)
        except InputError as error:
            refusal = refusal or error
    raise refusal or InputError("the domain of for_all has no point that could be tried")


def _bare(
    claim: Claim, k: int, spans: Mapping[str, Span], weights: VaryingWeights | None, *, many: bool = False
) -> Case:
    """The case before variables have values, but those of a parameter in the middle, after its ends are checked."""
    radius = None if claim.radius is None else parse_rational(claim.radius, "radius")
    amplitudes = None
    if claim.amplitudes is not None:
        amplitudes = tuple(parse_rational(amplitude, "amplitude") for amplitude in claim.amplitudes)
    box = [name for name in spans if name.startswith(AMPLITUDE)]
    if box and set(box) != {f"{AMPLITUDE}{m}" for m in range(1, k // 2 + 1)}:
        raise InputError(f"for_all gives {len(box)} amplitudes; k = {k} has {k // 2} frequencies (m = 1..{k // 2})")
    if weights is None:
        return make_case(k, claim.weights, claim.d, radius, amplitudes, many=many)
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

    A variable whose lower end is not in the domain is in the middle, too. A statement need not have a value outside.
    Assumptions on quantities are left aside here: they take time.
    """
    parameters = () if weights is None else weights.parameters
    quick = [assumption for assumption in assumptions if not calls_of(assumption)]
    corner = {
        name: span.middle if name in parameters or span.open_lower else span.lower for name, span in spans.items()
    }
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
    names = () if weights is None else weights.parameters
    if weights is not None and all(name in point for name in names):
        case = replace(case, weights=weights.at(case.k, point))
    # A variable that the weights do not depend on is a free constant.
    others = [name for name in point if not is_of_point(name) and name not in names]
    values = tuple((name, point[name]) for name in (*names, *others) if name in point)
    if values:
        case = replace(case, parameters=values)
    if "radius" in point:
        case = case.at_radius(point["radius"])
    box = [name for name in point if name.startswith(AMPLITUDE)]
    if box:
        amplitudes = tuple(point[f"{AMPLITUDE}{m}"] for m in range(1, len(box) + 1))
        case = replace(case, radius=None, amplitudes=amplitudes)
    return case
