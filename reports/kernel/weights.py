"""The weights of a claim as expressions, whether they are numbers, a family with a parameter, or written out."""

from emtheory.numerics.case import Case
from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.language.expression import Expression, Number
from emtheory.reports.language.varying_weights import FamilyWeights

_ONE_HEAVY = "one-heavy"


def weight_expressions_of(question: Question, case: Case) -> tuple[Expression, ...]:
    """Return an expression for each weight in the claim's variables; of families with a parameter of ``one-heavy``.

    Other families with a parameter are a NotExportedError.
    """
    weights = question.weights
    if weights is None:
        return tuple(map(Number, case.weights))
    if isinstance(weights, FamilyWeights) and weights.family != _ONE_HEAVY:
        raise NotExportedError(f"weights {weights.family}:{weights.parameter} have no export, only {_ONE_HEAVY}:W has")
    return weights.written(case.k)
