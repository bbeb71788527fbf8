"""Whether a statement has a value on its whole domain, where what it divides by has no quantity in it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.family import DOMAINS
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.decision import decide_exactly
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
from emtheory.reports.language.varying_weights import check_rational, rational_value


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
