"""What theorems of the catalogue say of the quantities of a statement."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from emtheory.reports.decide.boxes.weight_chart import chart_of
from emtheory.reports.decide.exact.problem import AlgebraicProblem
from emtheory.reports.language.expression import ZERO, Call, Comparison, Expression, Operation, Symbol

DAMPING = Operation("exp", (-(Symbol("radius") ** 2),))
"""e^{−r²}, as it is written."""
_CONVEX = {2: "convexity-two", 3: "convexity-three"}
"""k → the derivation that λ_min(∇²ℓ) is positive, but for uniform weights at the radius 0."""


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
        if call.quantity == "hessian_min_eigenvalue" and case.k in _CONVEX:
            operator = "<" if _is_away(problem) else "<="
            yield _CONVEX[case.k], Comparison((ZERO, call), (operator,), ("0", "λ"))


def _is_away(problem: AlgebraicProblem) -> bool:
    """Whether weights are not uniform, or the radius is not 0, everywhere in a domain."""
    if problem.question.weights is None and len(problem.case.classes) > 1:
        return True
    radii = problem.question.spans.get("radius")
    if radii is None:
        return bool(problem.case.radius)
    return radii.lower > 0 or radii.open_lower


def first_alike(problem: AlgebraicProblem, m: int) -> int:
    """Return the first frequency whose β is β_m at every point that a statement is asked at.

    Posteriors are real, so that β_m = β_{k−m}. On the simplex the posterior's law is invariant under permutations of
    components that keep the weights, and β_m = const + Σ_ab t_ab Re â(m) b̂(m)* over classes a, b of equal weights,
    with the same t_ab for all m. Of two classes |â(m)| is the same for all m ≠ 0, and b̂ = −â, where each difference of
    two members of one of them is met equally often, as it is of a single member.
    """
    case, question = problem.case, problem.question
    on_simplex = "radius" in question.spans or case.radius is not None
    weights: Sequence[object] = case.weights if question.weights is None else chart_of(question.weights, case.k).weights
    classes = [[j for j, weight in enumerate(weights) if weight == each] for each in dict.fromkeys(weights)]
    if on_simplex and len(classes) <= 2:
        smallest = min(classes, key=len)
        met = Counter((i - j) % case.k for i in smallest for j in smallest if i != j)
        if len({met[difference] for difference in range(1, case.k)}) == 1:
            return 1
    return min(m, case.k - m)
