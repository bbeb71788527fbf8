"""Statements that hold whatever values their quantities have, as far as facts and theorems about these tell.

Every quantity at the point is a variable of its own. A proof over all of their values is one of the statement; a point
where it fails is none, for the quantities need not have such values together.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.algebra.decomposition import Range
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.domain import is_off_origin
from emtheory.reports.decide.exact.findings import Found, proof, refutation_everywhere
from emtheory.reports.decide.exact.problem import AlgebraicProblem
from emtheory.reports.decide.exact.survey import survey
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import (
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    calls_of,
    subexpressions,
)
from emtheory.reports.language.varying_weights import chart_of

_LOG_PARTITION, _KL = Call("log_partition", ()), Call("kl_divergence", ())
DAMPING = Operation("exp", (-(Symbol("radius") ** 2),))
"""e^{−r²}, as it is written."""
_CONVEX = {2: "convexity-two", 3: "convexity-three", 4: "convexity-four"}
"""k → the derivation that λ_min(∇²ℓ) is positive on the ray, for k = 2 and 3 at 0 too but for uniform weights."""

_UP_TO_ONE = Range(Fraction(0), Fraction(1), open_lower=True)
"""e^{−r²}."""
MAX_VARIABLES = 3
"""Quantities and variables together. A choice: identities have few, and each more multiplies the time."""
ALWAYS_FINITE = {
    "log_partition": Range(Fraction(0), None),
    "kl_divergence": Range(Fraction(0), None),
    "posterior_power": Range(Fraction(0), Fraction(1), open_upper=True),
    "hessian_min_eigenvalue": Range(None, Fraction(1), open_upper=True),
}
"""The quantities that are real numbers at every point, and between which; of others it may be that a statement has no
value somewhere. β_m is a mean of |γ̂_m|², which is below 1 for m ≠ 0, as no posterior probability is 0; ∇²ℓ is on the
span the identity less a mean of covariances of the posterior, which are not 0 for almost every x (at the radius 0 it is
AᵀA, |π̂_m|² < 1); Λ ≥ 0 is Jensen's inequality, KL ≥ 0 Gibbs's."""
_PL_RATIO = Range(Fraction(0), Fraction(1))
"""½‖∇ℓ‖²/KL where θ is not 0: a step of EM lowers KL by ½‖∇ℓ‖² at least (derivation descent), and none is below 0."""

_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
"""The comparison that holds where one of two sides does not."""


def instances(names: Mapping[Expression, object], problem: AlgebraicProblem) -> Iterator[tuple[str, Comparison]]:
    """Yield what derivations say of quantities, each by the name of the derivation."""
    case = problem.case
    for call in names:
        if not isinstance(call, Call):
            continue
        if call.quantity == "posterior_power" and DAMPING in names:
            modulus = Call("dft_modulus", call.arguments) ** 2
            bound = Comparison((modulus * DAMPING, call), ("<=",), ("|π̂|²e^{−r²}", "β"))
            yield "contraction-bound", problem.question.in_closed_form(bound, case.k)
        if call.quantity == "hessian_min_eigenvalue" and case.k in _CONVEX and (case.k < 4 or _on_simplex(problem)):
            operator = "<" if _is_away(problem) else "<="
            yield _CONVEX[case.k], Comparison((ZERO, call), (operator,), ("0", "λ"))


def _range_of(call: Call, problem: AlgebraicProblem) -> Range | None:
    """Between what numbers a quantity is at every point of the domain; None if it may have no value at some."""
    if call.quantity == "pl_ratio" and _on_simplex(problem) and is_off_origin(problem.case, problem.question.spans):
        return _PL_RATIO
    return ALWAYS_FINITE.get(call.quantity)


def _on_simplex(problem: AlgebraicProblem) -> bool:
    """Whether the points are given by a radius alone."""
    return "radius" in problem.question.spans or problem.case.radius is not None


def _is_away(problem: AlgebraicProblem) -> bool:
    """Whether weights are not uniform, of up to three components, or the radius is not 0, everywhere in a domain."""
    is_skew = problem.case.k < 4 and problem.question.weights is None and len(problem.case.classes) > 1
    return is_skew or is_off_origin(problem.case, problem.question.spans)


def first_alike(problem: AlgebraicProblem, m: int) -> int:
    """Return the first frequency whose β is β_m at every point that a statement is asked at.

    Posteriors are real, so that β_m = β_{k−m}. On the simplex the posterior's law is invariant under permutations of
    components that keep the weights, and β_m = const + Σ_ab t_ab Re â(m) b̂(m)* over classes a, b of equal weights,
    with the same t_ab for all m. Of two classes |â(m)| is the same for all m ≠ 0, and b̂ = −â, where each difference of
    two members of one of them is met equally often, as it is of a single member.
    """
    case, question = problem.case, problem.question
    weights: Sequence[object] = case.weights if question.weights is None else chart_of(question.weights, case.k).weights
    classes = [[j for j, weight in enumerate(weights) if weight == each] for each in dict.fromkeys(weights)]
    if _on_simplex(problem) and len(classes) <= 2:
        smallest = min(classes, key=len)
        met = Counter((i - j) % case.k for i in smallest for j in smallest if i != j)
        if len({met[difference] for difference in range(1, case.k)}) == 1:
            return 1
    return min(m, case.k - m)


def decide_by_identity(asked: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Return the finding that a statement holds by what is known of its quantities; None if that does not show it."""
    # What is known of quantities speaks of variables of which the statement does not: these vary here, too.
    problem = asked.with_all_ranges
    names: dict[Expression, Expression] = {}
    for call in calls_of(problem.comparison):
        if find_quantity(call.quantity).needs_point:
            if _range_of(call, problem) is None:
                return None
            # No variable of a statement begins with a line.
            names.setdefault(_canonical(call, problem), Symbol(f"_quantity_{len(names)}"))
    # Whether an assumption on a quantity holds anywhere is not known here, and a claim about nothing is not proved.
    if not names or any(calls_of(assumption) for assumption in problem.assumptions):
        return None
    sides = [part for operand in problem.comparison.operands for part in subexpressions(operand)]
    if "radius" in problem.ranges and DAMPING in sides:
        names[DAMPING] = Symbol("_damping")
    squared = _squared_radius(problem)
    if squared is not None and _LOG_PARTITION in names and _KL in names:
        names[_LOG_PARTITION] = squared / 2 - names[_KL]
    facts = _facts(names, problem)
    theorems = tuple(instances(names, problem)) if problem.question.quotes_theorems else ()
    cited = (*facts, *(fact for _, fact in theorems)), ", ".join(name for name, _ in theorems)
    for known, by in ((facts, ""), cited) if theorems else ((facts, ""),):
        holds, found = _found(problem, names, known, deadline)
        if found is not None and (holds or not by):  # A witness says nothing of theorems.
            return replace(proof(asked, found), reason=by) if holds else refutation_everywhere(problem, found)
    return None


def _found(
    problem: AlgebraicProblem,
    names: Mapping[Expression, Expression],
    facts: Sequence[Comparison],
    deadline: float | None,
) -> tuple[bool, Found | None]:
    """Whether a statement holds for all values in place of quantities, or its opposite does, and the signs; else None.

    Where the opposite holds for all of them it does at every point, so that there the statement fails.
    """
    comparison, *assumptions = (
        _in_symbols(each, names, problem) for each in (problem.comparison, *problem.assumptions)
    )
    known = [_in_symbols(fact, names, problem) for fact in facts]
    about = _symbols(comparison, *known)
    # What a statement does not speak of matters only in that there is a case at all.
    if any(not _symbols(each) & about for each in assumptions) and has_a_point(problem.question, problem.case):
        assumptions = [each for each in assumptions if _symbols(each) & about]
    assumptions += known
    used = _symbols(comparison, *assumptions)
    ranges = {name: each for name, each in problem.ranges.items() if Symbol(name) in used}
    for expression, named in names.items():
        between = _range_of(expression, problem) if isinstance(expression, Call) else _UP_TO_ONE
        if isinstance(named, Symbol) and between is not None:
            ranges[named.name] = between
    wider = replace(problem, assumptions=tuple(assumptions), ranges=ranges, known={}, constants={})
    asked = [comparison]
    if not (problem.assumptions or problem.question.counts or len(comparison.operators) > 1):
        asked.append(replace(comparison, operators=(_OPPOSITE[comparison.operators[0]],)))
    for each in asked if len(ranges) <= MAX_VARIABLES else ():
        try:
            seen = survey(replace(wider, comparison=each), deadline)
        except (InputError, CannotAnswerError):  # For some values of the quantities, that need not be theirs.
            continue
        if seen is not None and seen.failing is None and all(seen.found):
            return each is comparison, seen.found
    return False, None


def _symbols(*comparisons: Comparison) -> set[Expression]:
    parts = (part for each in comparisons for side in each.operands for part in subexpressions(side))
    return {part for part in parts if isinstance(part, Symbol)}


def _facts(names: Mapping[Expression, Expression], problem: AlgebraicProblem) -> tuple[Comparison, ...]:
    """What is known of quantities together.

    The Hessian of the objective has each β_m whose frequency has a plane, m ≠ k/2, as an eigenvalue: ∇ℓ(θ) = B(θ)θ does
    not change its length when θ turns in that plane. Λ and KL, neither of which is negative, have the sum ‖θ‖²/2.
    """
    case = problem.case
    calls = [call for call in names if isinstance(call, Call)]
    least = [call for call in calls if call.quantity == "hessian_min_eigenvalue"]
    planes = [Number(Fraction(m)) for m in case.frequencies if 2 * m != case.k]
    powers = [call for call in calls if call.quantity == "posterior_power" and dict(call.arguments)["m"] in planes]
    below: list[tuple[Expression, Expression]] = [(low, power) for low in least for power in powers]
    squared = _squared_radius(problem)
    below += [(call, squared / 2) for call in calls if squared is not None and call in (_LOG_PARTITION, _KL)]
    return tuple(Comparison(pair, ("<=",), ("", "")) for pair in below)


def _squared_radius(problem: AlgebraicProblem) -> Expression | None:
    """‖θ‖² where it is the square of a radius: then Λ = ‖θ‖²/2 − KL, by the definition of KL."""
    if "radius" in problem.ranges:
        return Symbol("radius") ** 2
    radius = problem.fixed.get("radius", problem.case.radius)
    return None if radius is None else Number(radius**2)


def _canonical(call: Call, problem: AlgebraicProblem) -> Call:
    """The same quantity with its arguments as numbers, of β_m that are equal the first."""
    if any(not isinstance(value, Number) for _, value in call.arguments):
        return call
    arguments = arguments_of(call, problem.case)
    if call.quantity == "posterior_power":
        arguments["m"] = first_alike(problem, int(arguments["m"]))
    return Call(call.quantity, tuple((name, Number(Fraction(value))) for name, value in sorted(arguments.items())))


def _in_symbols(
    comparison: Comparison, names: Mapping[Expression, Expression], problem: AlgebraicProblem
) -> Comparison:
    def named(expression: Expression) -> Expression | None:
        known = _canonical(expression, problem) if isinstance(expression, Call) else expression
        return names.get(known)

    return comparison.rewritten(named)
