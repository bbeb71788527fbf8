"""Expressions, weights and the domain of a claim in Rocq: terms of real numbers, and hypotheses."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from emtheory.numerics.case import Case
from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.language.expression import Call, Comparison, Expression, Number, Operation, Symbol
from emtheory.reports.language.varying_weights import FamilyWeights

_FUNCTIONS = {"abs": "Rabs", "sqrt": "sqrt", "log": "ln", "exp": "exp", "cos": "cos", "sin": "sin"}
_CHOICES = {"min": "Rmin", "max": "Rmax"}
_RELATIONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}
_TAKEN = "R"
"""The one capital letter that means something in Rocq already: the type of the real numbers."""

Leaf = Callable[[Symbol | Call], str]
"""Gives the term of a symbol or quantity."""


def number(value: Fraction | int) -> str:
    """Return an exact number as a term: ``(3 / 10)``."""
    value = Fraction(value)
    above = str(value.numerator) if value >= 0 else f"- {-value.numerator}"
    if value.denominator == 1:
        return above if value >= 0 else f"({above})"
    return f"({above} / {value.denominator})"


def variable(name: str) -> str:
    """Return the name of a variable: one capital letter stays as it is, others must not meet a name of Rocq's."""
    plain = name == "radius" or (len(name) == 1 and name.isupper() and name != _TAKEN)
    return name if plain else f"var_{name}"


def term(expression: Expression, leaf: Leaf) -> str:
    """Return an expression as a term, where `leaf` gives those of symbols other than pi, and of quantities.

    NotExportedError if it has a power that is neither an integer nor one half.
    """
    match expression:
        case Number(value):
            return number(value)
        case Operation("**", (base, exponent)):
            return _power(term(base, leaf), exponent)
        case Operation(name, operands):
            return _applied(name, [term(operand, leaf) for operand in operands])
        case Symbol("pi"):
            return "PI"
    return leaf(expression)


def _applied(name: str, terms: Sequence[str]) -> str:
    if name in _FUNCTIONS:
        return f"({_FUNCTIONS[name]} {terms[0]})"
    if name in _CHOICES:
        return reduce(lambda left, right: f"({_CHOICES[name]} {left} {right})", terms)
    return f"(- {terms[0]})" if name == "neg" else f"({terms[0]} {name} {terms[1]})"


def relations(comparison: Comparison, leaf: Leaf) -> tuple[str, ...]:
    """Return the links of a chain as propositions."""
    terms = [term(operand, leaf) for operand in comparison.operands]
    links = zip(terms, comparison.operators, terms[1:], strict=False)
    return tuple(f"{left} {_RELATIONS[operator]} {right}" for left, operator, right in links)


def conjunction(propositions: Sequence[str]) -> str:
    r"""Return propositions joined by /\ ."""
    return " /\\ ".join(propositions)


def _power(base: str, exponent: Expression) -> str:
    match exponent:
        case Operation("neg", (Number(value),)):
            value = -value
        case Number(value):
            pass
        case Operation("/", (Number(above), Number(below))):
            value = above / below
        case _:
            raise NotExportedError("a power whose exponent is no number has no export")
    if value.denominator == 1:
        return f"({base} ^ {value})" if value >= 0 else f"(/ ({base} ^ {-value}))"
    if value == Fraction(1, 2):
        return f"(sqrt {base})"
    raise NotExportedError(f"a power with exponent {value} has no export: only integers and 1/2 have")


def enclosed(options: str = "i_prec 80") -> str:
    """Return alternatives that prove by CoqInterval, with these options, how an expression compares with a number.

    Sides that both vary are subtracted.
    """
    subtracted = " | ".join(f"apply Rminus_{name}" for name in ("gt", "lt", "ge", "le", "not_eq"))
    return f"interval with ({options}) | first [{subtracted}]; interval with ({options})"


Domain = Sequence[tuple[str, str]]
"""The name of each variable in Rocq, and the hypothesis that it lies in its interval."""


def domain_of(question: Question) -> Domain:
    """Return the variables of a claim with their hypotheses; NotExportedError if an interval has no end."""
    domain = []
    for name, span in question.spans.items():
        if span.upper is None:
            raise NotExportedError(f"{name} in {span}: intervals without an end have no export")
        low, high = ("<" if is_open else "<=" for is_open in (span.open_lower, span.open_upper))
        written = variable(name)
        domain.append((written, f"{number(span.lower)} {low} {written} {high} {number(span.upper)}"))
    return domain


def quantified(domain: Domain, proposition: str) -> str:
    """Return a proposition for all values of the variables."""
    if not domain:
        return proposition
    names = " ".join(name for name, _ in domain)
    return f"forall {names} : R, {''.join(f'{hypothesis} -> ' for _, hypothesis in domain)}{proposition}"


def introduced(domain: Domain) -> str:
    """Return the step that introduces the variables, and the hypothesis on W as HW."""
    return f"intros {' '.join([*(name for name, _ in domain), *(f'H{name}' for name, _ in domain)])}." if domain else ""


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
