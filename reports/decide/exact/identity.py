"""Statements that hold whatever values their quantities have, as far as a few facts about these tell.

Every quantity at the point is a variable of its own. A proof over all of their values is one of the statement; a point
where it fails is none, for the quantities need not have such values together.
"""

from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.algebra.decomposition import Range
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.evaluation import arguments_of, calls_of
from emtheory.reports.decide.exact.findings import proof
from emtheory.reports.decide.exact.problem import AlgebraicProblem
from emtheory.reports.decide.exact.survey import survey
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation, Symbol

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


def decide_by_identity(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Return the finding that a statement holds by what is known of its quantities; None if that does not show it.

    Parameters
    ----------
    problem
        The statement and its domain.
    deadline
        A reading of `time.monotonic` after which nothing more is tried.
    """
    case = problem.case
    names: dict[Call, str] = {}
    for call in calls_of(problem.comparison):
        if find_quantity(call.quantity).needs_point:
            if call.quantity not in ALWAYS_FINITE:
                return None
            # No variable of a statement begins with a line.
            names.setdefault(_canonical(call, case), f"_quantity_{len(names)}")
    # Whether an assumption on a quantity holds anywhere is not known here, and a claim about nothing is not proved.
    if any(calls_of(assumption) for assumption in problem.assumptions):
        return None
    if not names or len(names) + len(problem.ranges) > MAX_VARIABLES:
        return None
    ranges = {**problem.ranges, **{name: ALWAYS_FINITE[call.quantity] for call, name in names.items()}}
    comparison = _in_symbols(problem.comparison, names, case)
    facts = _facts(names, case)
    assumptions = (*(_in_symbols(each, names, case) for each in problem.assumptions), *facts)
    wider = replace(problem, comparison=comparison, assumptions=assumptions, ranges=ranges, known={})
    try:
        seen = survey(wider, deadline)
    except (InputError, CannotAnswerError):  # For some values of the quantities, that need not be theirs.
        return None
    if seen is None or seen.failing is not None or not all(seen.found):
        return None
    return proof(problem, seen.found)


def _facts(names: dict[Call, str], case: Case) -> tuple[Comparison, ...]:
    """What is known of quantities together.

    The Hessian of the objective has each β_m whose frequency has a plane, m ≠ k/2, as an eigenvalue: ∇ℓ(θ) = B(θ)θ does
    not change its length when θ turns in that plane.
    """
    least = [name for call, name in names.items() if call.quantity == "hessian_min_eigenvalue"]
    powers = [
        name
        for call, name in names.items()
        if call.quantity == "posterior_power" and dict(call.arguments)["m"] in _planes(case)
    ]
    return tuple(Comparison((Symbol(low), Symbol(power)), ("<=",), (low, power)) for low in least for power in powers)


def _planes(case: Case) -> list[Expression]:
    """The frequencies with a plane, as arguments."""
    return [Number(Fraction(m)) for m in case.frequencies if 2 * m != case.k]


def _canonical(call: Call, case: Case) -> Call:
    """The same quantity with its arguments as numbers; β_m = β_{k−m}, as the posterior is real."""
    if any(not isinstance(value, Number) for _, value in call.arguments):
        return call
    arguments = arguments_of(call, case)
    if call.quantity == "posterior_power":
        arguments["m"] = min(arguments["m"], case.k - arguments["m"])
    return Call(call.quantity, tuple((name, Number(value)) for name, value in sorted(arguments.items())))


def _in_symbols(comparison: Comparison, names: dict[Call, str], case: Case) -> Comparison:
    def replaced(expression: Expression) -> Expression:
        if isinstance(expression, Operation):
            return replace(expression, operands=tuple(map(replaced, expression.operands)))
        if isinstance(expression, Call) and _canonical(expression, case) in names:
            return Symbol(names[_canonical(expression, case)])
        return expression

    return replace(comparison, operands=tuple(map(replaced, comparison.operands)))
