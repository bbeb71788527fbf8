"""The mixture that a claim is about, at one k, and where."""

from flint import fmpq

from .expressions import ARGUMENTS, RESERVED, VARIABLE, names_in
from .outcomes import MAX_COMPONENTS, NOT_COVERED, UNDECIDED, require
from .place import Place
from .reading import number

DIFFERENCE_SETS = {7: {1, 2, 4}, 11: {1, 3, 4, 5, 9}, 13: {0, 1, 3, 9}}
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
    whole
        The domain, for the tiles on it.
    """

    small, prefix, family, open = "radius", "", None, frozenset()
    terms, tried_once = (0,), "radius"
    """The variable near 0 of which parts that do not reach there are looked at with expansions only once."""

    def __init__(self, claim, k):
        self.quantities = ARGUMENTS
        self.k, self.d = k, claim.get("d", k - 1)
        self.recorded, self.whole = {}, {}
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
