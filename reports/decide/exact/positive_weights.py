"""Whether weights that are expressions are positive on the whole domain of a claim."""

import time
from dataclasses import replace

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.coverage import TIME_IS_UP
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.problem import algebraic_problem
from emtheory.reports.decide.exact.survey import survey
from emtheory.reports.language.expression import ZERO, Comparison
from emtheory.reports.language.varying_weights import WeightExpressions


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
