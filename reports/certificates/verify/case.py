"""The mixture that a claim is about, at one k, and where: its variables, less what assumptions take away."""

import ast
from contextlib import suppress
from itertools import pairwise, product

from flint import fmpq

from .boxes import Box
from .expressions import RESERVED, VARIABLE, comparison, evaluate, names_in, names_in_arguments, sides_of
from .forms import constant
from .place import Place
from .quantities import QUANTITIES
from .reading import INFINITY, MAX_COMPONENTS, NOT_COVERED, UNDECIDED, OutcomeError, number, require

DIFFERENCE_SETS = {7: {1, 2, 4}, 11: {1, 3, 4, 5, 9}, 13: {0, 1, 3, 9}}
MIRROR = str.maketrans("<>", "><")
"""Of the sign of a comparison."""
MAX_DIMENSION = 10**6
"""Of the data."""
MAX_GEOMETRIC = 64
"""Components whose weights are written out as powers."""


class Case:
    """One k of a claim.

    `k`, `d`: of the claim; `directions`, `fixed`: names of amplitudes, where points are off the simplex, and values of
    what the claim fixes of a point; `shares`: frequency → its share of r² on the simplex, dim_m/(k − 1); `groups`: text
    of a weight → the components that have it; `variables`: names that the weights are written in; `couplings`: whether
    the statement asks for the Hessian, which needs more of the means; `recorded`: quantity with its arguments → the
    ends and the place that a cell records; `open`: variables with sides, 0 or 1, of which the end does not belong to
    their intervals; `assumed`: sides and signs of comparisons that are assumed besides; `whole`: the domain, for the
    tiles on it; `refuted`: whether a witness is looked at; `ranged`: in which of two ways no more is to be known of
    means than the range of all their values, or 0.
    """

    small, prefix, family, ranged, refuted = "radius", "", None, 0, False
    terms, tried_once = (0,), "radius"
    """The variable near 0 of which parts that do not reach there are looked at with expansions only once."""

    def __init__(self, claim, k):
        self.quantities = QUANTITIES
        self.k, self.d = k, claim.get("d", k - 1)
        self.recorded, self.whole, self.open, self.assumed = {}, {}, set(), []
        statement = claim.get("statement", "hessian")
        self.couplings = "hessian" in statement or "convexity" in statement
        require(k <= MAX_COMPONENTS, "more than 100,000 components", UNDECIDED)
        varying = {name for name in claim.get("for_all", ()) if name.startswith("amplitude_")}
        directions = [f"amplitude_{m}" for m in range(1, k // 2 + 1)]
        amplitudes = claim.get("amplitudes", ())
        self.directions = directions if varying or amplitudes else []
        self.fixed = dict(zip(directions, map(number, amplitudes), strict=False))
        self.fixed |= {"radius": number(claim["radius"])} if "radius" in claim else {}
        is_point = min([0, *self.fixed.values()]) >= 0 and len(amplitudes) in (0, k // 2)
        is_point = is_point and varying in (set(), set(directions))
        is_case = 2 <= k <= self.d + 1 <= MAX_DIMENSION + 1
        require(is_point and is_case, "claim: its dimension or point is not one")
        self.shares = {m: fmpq(2 - (2 * m == k), k - 1) for m in range(1, k // 2 + 1)}
        self.groups: dict[str, list[int]] = {}
        for j, text in enumerate(weights_of(claim.get("weights", "uniform"), k)):
            self.groups.setdefault(text, []).append(j)
        self.variables = set().union(*map(names_in, self.groups)) - RESERVED
        others = {*claim.get("for_all", ())} - {"radius", "k", *varying}
        require(self.variables <= others, "weights in other variables", NOT_COVERED)
        named = all(VARIABLE.fullmatch(name) for name in others) and not others & RESERVED
        require(named, "claim: a variable has the name of something else, or none")
        self.key = k, self.d, str(self.fixed), str(self.groups)

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
    special = {"one-heavy": {0}, "difference-set": DIFFERENCE_SETS.get(k, set())}.get(name, set())
    require(special, "these weights", NOT_COVERED)
    return [f"({p})/{len(special)}" if j in special else f"(1-({p}))/{k - len(special)}" for j in range(k)]


def domain_of(claim, case):
    """Return the intervals of variables: of the radius and of what the weights are written in, and of nothing else."""
    spans = {name: (number(low), number(high)) for name, (low, high) in claim.get("for_all", {}).items()}
    if "k" in spans:
        ends, listed = spans.pop("k"), claim["k"]
        consecutive = all(isinstance(k, int) and k == listed[0] + i for i, k in enumerate(listed))
        require(consecutive and ends == (listed[0], listed[-1]), "claim: its k are not those of the range")
    is_model = "family" in claim
    left = spans.keys() - case.variables - (set() if is_model else {"radius", *case.directions})
    argued = set() if is_model else names_in_arguments(claim["statement"])
    require(left <= argued, "claim: a variable is none of the point, of weights, of arguments or of the model")
    every = (end for name, pair in spans.items() if is_model or name != "radius" for end in pair)
    bounded = (is_model and case.refuted) or all(-INFINITY < end < INFINITY for end in every)
    require(bounded, "variables on intervals without ends", NOT_COVERED)
    spans = narrowed(claim, case, spans)
    right = all(low < high or not {(name, 0), (name, 1)} & case.open for name, (low, high) in spans.items())
    right = right and all((is_model or low >= 0) and low <= high and low < INFINITY for low, high in spans.values())
    given = "radius" in spans, "radius" in claim, "amplitudes" in claim, "amplitude_1" in spans
    require(right and sum(given) <= 1, "claim: an interval is none, or the point is given twice")
    return spans


def narrowed(claim, case, spans):
    """Return the intervals within the bounds that are assumed, and tell the case which ends do not belong to them."""
    found = {name: list(ends) for name, ends in spans.items()}
    for text in sorted(claim.get("assume", ()), key=lambda text: "!=" in text):
        line, nodes, signs = comparison(text)
        bounds = [*bounds_of(line, nodes, signs, spans)]
        inside = any(sign == "!=" and found[name][0] < bound < found[name][1] for name, sign, bound in bounds)
        if inside or len(bounds) < len(signs):
            case.assumed.append((sides_of(line, nodes), signs))
            continue
        for (name, sign, bound), side in product(bounds, (0, 1)):
            end = found[name][side]
            if sign[0] != "<>"[side] and sign != "!=" and (bound == end or (bound < end) == bool(side)):
                found[name][side] = bound
                case.open = case.open - {(name, side)} if bound != end else case.open
            if sign in ("<>"[1 - side], "!=") and bound == found[name][side]:
                case.open |= {(name, side)}
    return {name: tuple(ends) for name, ends in found.items()}


def bounds_of(line, nodes, signs, spans):
    """Yield variable, sign and bound for each comparison of a variable with a rational number."""
    at = Box({}, False, "")
    for pair, sign in zip(pairwise(nodes), signs, strict=True):
        for (side, other), direction in ((pair, sign), (pair[::-1], sign.translate(MIRROR))):
            with suppress(OutcomeError):
                bound = constant(evaluate(at, line, other))
                if bound is not None and isinstance(side, ast.Name) and side.id in spans:
                    yield side.id, direction, bound
