"""The mixture that a claim is about, at one k, and where: its variables, less what assumptions take away."""

import re

from flint import fmpq

from .expressions import ARGUMENTS, RESERVED, VARIABLE, names_in, names_in_arguments
from .outcomes import MAX_COMPONENTS, NOT_COVERED, UNDECIDED, require
from .place import Place
from .reading import INFINITY, number

DIFFERENCE_SETS = {7: {1, 2, 4}, 11: {1, 3, 4, 5, 9}, 13: {0, 1, 3, 9}}
BOUND = re.compile(r"([A-Za-z]\w*) *(<=?|>=?) *([0-9./]+)")
"""An assumption on one variable."""
MAX_DIMENSION = 10**6
"""Of the data."""
MAX_GEOMETRIC = 64
"""Components whose weights are written out as powers."""


class Case:
    """One k of a claim.

    Attributes
    ----------
    k, d, radius, amplitudes
        Of the claim; None and [] where it gives no point.
    shares
        Frequency → its share of r² on the simplex, dim_m/(k − 1).
    groups
        Text of a weight → the components that have it.
    variables
        Names that the weights are written in.
    couplings
        Whether the statement asks for the Hessian, which needs more of the means.
    recorded
        Quantity with its arguments → the ends and the place that a cell records.
    open
        Variables with sides, 0 or 1, of which the end does not belong to their intervals.
    whole
        The domain, for the tiles on it.
    ranged
        Whether no more is to be known of means than the range of all their values.
    """

    small, prefix, family, ranged = "radius", "", None, False
    terms, tried_once = (0,), "radius"
    """The variable near 0 of which parts that do not reach there are looked at with expansions only once."""

    def __init__(self, claim, k):
        self.quantities = ARGUMENTS
        self.k, self.d = k, claim.get("d", k - 1)
        self.recorded, self.whole, self.open = {}, {}, set()
        statement = claim.get("statement", "hessian")
        self.couplings = "hessian" in statement or "convexity" in statement
        self.radius = number(claim["radius"]) if "radius" in claim else None
        self.amplitudes = [number(each) for each in claim.get("amplitudes", ())]
        require(k <= MAX_COMPONENTS, "more than 100,000 components", UNDECIDED)
        is_point = min([self.radius or 0, *self.amplitudes]) >= 0 and len(self.amplitudes) in (0, k // 2)
        is_case = 2 <= k <= self.d + 1 <= MAX_DIMENSION + 1
        require(is_point and is_case, "claim: its dimension or point is not one")
        self.shares = {m: fmpq(2 - (2 * m == k), k - 1) for m in range(1, k // 2 + 1)}
        self.groups = {}
        for j, text in enumerate(weights_of(claim.get("weights", "uniform"), k)):
            self.groups.setdefault(text, []).append(j)
        self.variables = set().union(*map(names_in, self.groups)) - RESERVED
        known = self.variables <= {*claim.get("for_all", ())} - {"radius"}
        require(known, "weights in other variables", NOT_COVERED)
        named = all(VARIABLE.fullmatch(name) for name in self.variables)
        require(named, "claim: a variable has the name of something else, or none")
        self.key = k, self.d, self.radius, str(self.groups)

    def at(self, box, goal, *, near=False, terms=0):
        """Return a box of this case."""
        return Place(self, box, goal, near=near)


def weights_of(given, k):
    """Return the weights of a claim as the texts of expressions."""
    if isinstance(given, list) or "," in given:
        return given if isinstance(given, list) else given.split(",")
    name, _, p = given.strip().partition(":")
    if name == "uniform":
        return [f"1/{k}"] * k
    if name == "linear":
        return [f"{2 * j}/{k * (k + 1)}" for j in range(1, k + 1)]
    if name == "geometric" and k <= MAX_GEOMETRIC:
        total = "+".join(f"({p})**{i}" for i in range(k))
        return [f"({p})**{j}/({total})" for j in range(k)]
    special = {"one-heavy": {0}, "difference-set": DIFFERENCE_SETS.get(k)}.get(name)
    require(special, "these weights", NOT_COVERED)
    return [f"({p})/{len(special)}" if j in special else f"(1-({p}))/{k - len(special)}" for j in range(k)]


def domain_of(claim, case):
    """Return the intervals of variables: of the radius and of what the weights are written in, and of nothing else."""
    spans = {name: (number(low), number(high)) for name, (low, high) in claim.get("for_all", {}).items()}
    if "k" in spans:
        ends, listed = spans.pop("k"), claim["k"]
        consecutive = all(isinstance(k, int) and k == listed[0] + i for i, k in enumerate(listed))
        require(consecutive and ends == (listed[0], listed[-1]), "claim: its k are not those of the range")
    require(all(not name.startswith("amplitude_") for name in spans), "boxes of amplitudes", NOT_COVERED)
    is_model = "family" in claim
    left = (spans.keys() if is_model else spans.keys() - {"radius"}) - case.variables
    require(
        is_model or not left or not left <= names_in_arguments(claim["statement"]), "arguments that vary", NOT_COVERED
    )
    known = not left and case.variables <= spans.keys()
    require(known, "claim: a variable is neither the radius nor one that the weights have")
    bounded = all(high < INFINITY for name, (_, high) in spans.items() if is_model or name != "radius")
    require(bounded, "variables on intervals without ends", NOT_COVERED)
    if not is_model:
        spans = narrowed(claim, case, spans)
    right = all(low < high or not {(name, 0), (name, 1)} & case.open for name, (low, high) in spans.items())
    right = right and all((is_model or low >= 0) and low <= high and low < INFINITY for low, high in spans.values())
    points = ("radius" in spans) + ("radius" in claim) + ("amplitudes" in claim)
    require(right and points <= 1, "claim: an interval is none, or the point is given twice")
    return spans


def narrowed(claim, case, spans):
    """Return the intervals within the bounds that are assumed, and tell the case which ends do not belong to them."""
    found = {name: list(ends) for name, ends in spans.items()}
    for text in claim.get("assume", ()):
        match = BOUND.fullmatch(text.strip())
        require(match and match[1] in found, "assumptions other than bounds on a variable", NOT_COVERED)
        name, sign, side = match[1], match[2], int(match[2][0] == "<")
        bound, end = number(match[3]), found[name][side]
        if bound == end or (bound < end) == bool(side):
            found[name][side] = bound
            case.open = case.open - {(name, side)} if bound != end else case.open
            case.open |= {(name, side)} if sign in "<>" else set()
    return {name: tuple(ends) for name, ends in found.items()}
