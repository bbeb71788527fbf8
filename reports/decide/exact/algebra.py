"""A statement on its whole domain by algebra, and whether weights are positive there and it has a value."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from emtheory.numerics.algebra.point import is_rational
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.family import DOMAINS
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.exponentials import decide_by_exponentials
from emtheory.reports.decide.exact.findings import proof, refutation_at, refutation_beside
from emtheory.reports.decide.exact.identity import decide_by_identity
from emtheory.reports.decide.exact.problem import AlgebraicProblem, algebraic_problem
from emtheory.reports.decide.exact.slopes import decide_by_slopes
from emtheory.reports.decide.exact.survey import survey
from emtheory.reports.decide.verdict import TIME_IS_UP, Coverage, Finding
from emtheory.reports.language.expression import (
    ZERO,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    calls_of,
    is_constant,
    subexpressions,
)
from emtheory.reports.language.varying_weights import WeightExpressions, check_rational, rational_value


def decide_by_algebra(question: Question, case: Case, deadline: float | None = None) -> Coverage | None:
    """Decide a statement on a whole domain, or at the one case of it.

    Where statement and assumptions are algebraic in the variables it is always decided, but for degrees out of reach;
    with logarithms and exponentials often; with other quantities where identities show that it holds. One finding; None
    if this is not for algebra, or beyond it. InputError if the statement has no value somewhere in the domain, or
    assumptions leave nothing of it.
    """
    finding = decide_exactly(question, case, deadline)
    if finding is None:
        return None
    names = ", ".join(question.spans)
    if not question.spans:
        return Coverage((finding,), complete=True, covered="")
    if finding.holds is False:
        return Coverage((finding,), complete=False, covered=f"a {names} that refutes it")
    domain = " × ".join(map(str, question.spans.values()))
    assumed = ", where the assumptions hold" if question.local_assumptions else ""
    return Coverage((finding,), complete=True, covered=f"every {names} in {domain}{assumed}, exactly")


def decide_exactly(question: Question, case: Case, deadline: float | None = None) -> Finding | None:
    """Return the finding of `decide_by_algebra`; without a deadline it is the same every time."""
    problem = algebraic_problem(question, case)
    for method in (_by_signs, decide_by_slopes, decide_by_exponentials, decide_by_identity):
        try:
            finding = method(problem, deadline)
        except CannotAnswerError:  # Not algebraic throughout, or of too high a degree.
            continue
        if finding is not None:
            return finding
    return None


def _by_signs(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    seen = survey(problem, deadline) if problem.ranges else None
    if seen is None:
        return None
    if seen.failing is None:
        return proof(problem, seen.found)
    point, signs = seen.failing
    return refutation_at(problem, point) if is_rational(point) else refutation_beside(problem, point, signs)


def check_weights(question: Question, case: Case, deadline: float | None = None) -> None:
    """Check that weights that are expressions are positive wherever the assumptions hold, exactly.

    InputError if one is not, at a point that the message names, or it cannot be told; CannotAnswerError if it is not
    known when the time is up.
    """
    if not isinstance(question.weights, WeightExpressions):
        return
    weights = question.weights
    spans = {name: span for name, span in question.spans.items() if name in weights.parameters}
    local = tuple(each for each in question.local_assumptions if question.is_about(each, weights.parameters))
    for index, (expression, text) in enumerate(zip(weights.expressions, weights.texts, strict=True)):
        positive = Comparison((expression, ZERO), (">",), (text, "0"))
        problem = algebraic_problem(replace(question, comparison=positive, spans=spans, assumptions=local), case)
        if not problem.ranges:
            continue  # The one value of the variables is that of the case, whose weights are positive.
        try:
            seen = survey(problem, deadline)
        except CannotAnswerError:
            seen = None
        if seen is None and deadline is not None and time.monotonic() > deadline:
            raise CannotAnswerError(f"whether weight {text} of component {index} is positive: {TIME_IS_UP}")
        if seen is None:
            raise InputError(f"weight {text} of component {index}: it cannot be told whether it is positive everywhere")
        if seen.failing is not None:
            place = ", ".join(f"{name} = {value}" for name, value in zip(problem.ranges, seen.failing[0], strict=True))
            raise InputError(
                f"weight {text} of component {index} is not positive at {place}, which is in the domain: restrict the "
                "variables by for_all or assume"
            )


def check_values(question: Question, case: Case, deadline: float | None = None) -> None:
    """Check that what a statement divides by, or takes a root or logarithm of, is not zero or negative in the domain.

    Decided exactly, where that is possible: on what has quantities in it, nothing is found out. InputError if it is, at
    a point that the message names.
    """
    if any(map(calls_of, question.local_assumptions)):
        return
    assumptions = tuple(_in_variables(question, each) for each in question.local_assumptions)
    conditions = [
        (f"column {part.column}: {what}", _in_variables(question, Comparison((operand, ZERO), (operator,), ("", "0"))))
        for side in question.comparison.operands
        for part, operand, operator, what in _conditions(side)
    ]
    for problem, condition in (*_of_family(question), *conditions):
        asked = replace(question, comparison=condition, assumptions=assumptions)
        finding = None if calls_of(condition) else decide_exactly(asked, case, deadline)
        if finding is not None and finding.holds is False:
            points = {name: str(value) for name, value in finding.case.parameters}
            if finding.case.radius is not None:
                points["radius"] = str(finding.case.radius)
            points |= {} if finding.whole is None else finding.whole.place
            place = ", ".join(f"{name} = {points[name]}" for name in question.spans if name in points)
            raise InputError(f"{problem} at {place}, which is in the domain")


def _of_family(question: Question) -> Iterator[tuple[str, Comparison]]:
    """Yield what a family's variables that are expressions must satisfy, and what is wrong where they do not."""
    values = question.family
    for variable in () if values is None else values.family.variables:
        value = values.expressions.get(variable.name) if values else None
        if value is None or isinstance(value, Number) or value == Symbol(variable.name):
            continue
        domain = DOMAINS[variable.kind]
        for operator, end in ((">", domain.lower), ("<", domain.upper)):
            if end is not None:
                # Ends of an open domain are left out of the domain of the claim, and are no error.
                yield (
                    f"{variable.name} is not {domain.text} ({variable.meaning})",
                    Comparison((value, Number(end)), (f"{operator}=",), ("", str(end))),
                )


def _conditions(expression: Expression) -> Iterator[tuple[Operation, Expression, str, str]]:
    """Yield each operation that does not always have a value, the operand that decides it, how, and what is wrong."""
    for part in subexpressions(expression):
        match part:
            case Operation("/", (_, divisor)):
                yield part, divisor, "!=", "division by zero"
            case Operation("log", (argument,)):
                yield part, argument, ">", "log of a number that is not positive"
            case Operation("sqrt", (argument,)):
                yield part, argument, ">=", "square root of a negative number"
            case Operation("**", (base, exponent)) if is_constant(exponent):
                with suppress(InputError, ZeroDivisionError):  # One that is not rational says nothing here.
                    check_rational(exponent, (), "an exponent")
                    power = rational_value(exponent, {}, 0)
                    if power < 0:
                        yield part, base, "!=", "division by zero (a negative power of zero)"
                    if power.denominator > 1:
                        yield part, base, ">=", "fractional power of a negative number"


def _in_variables(question: Question, comparison: Comparison) -> Comparison:
    """A comparison with the variables of a family replaced by what they are in the variables of ``for_all``."""
    family = question.family
    if family is None:
        return comparison
    return comparison.rewritten(lambda part: family.expression(part.name) if isinstance(part, Symbol) else None)
