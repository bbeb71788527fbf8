"""What a claim speaks about: its statement as a tree, and the exact cases it is stated for."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from numerics.case import Case, make_case
from numerics.errors import InputError
from numerics.rational import parse_rational
from reports.evaluation import check_comparison
from reports.expression import Comparison
from reports.parser import parse_statement
from theory.claim import Claim

MAX_TOTAL_COMPONENTS = 1 << 18

Radii = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Question:
    """A claim whose every part is read and checked, and nothing is computed yet.

    Attributes
    ----------
    comparison
        The statement.
    cases
        One case for each k; where `radii` is given, at its lower end.
    radii
        The closed interval of radii that the claim is for, or None.
    """

    comparison: Comparison
    cases: tuple[Case, ...]
    radii: Radii | None


def read_claim(claim: Claim) -> Question:
    """Read the statement, weights and point of a claim.

    Raises
    ------
    InputError
        If any of them is malformed, they do not go together, or the domain is empty.
    """
    try:
        comparison = parse_statement(claim.statement)
    except InputError as error:
        raise InputError(f"statement: {error}") from None
    radii = _radii(claim.for_all)
    if radii is not None and (claim.radius is not None or claim.amplitudes is not None):
        raise InputError("for_all gives the radius: leave out radius and amplitudes")
    radius = None if claim.radius is None else parse_rational(claim.radius, "radius")
    amplitudes = None
    if claim.amplitudes is not None:
        amplitudes = tuple(parse_rational(amplitude, "amplitude") for amplitude in claim.amplitudes)
    if not claim.k:
        raise InputError("the list of k is empty: a claim about no case is an error, not a pass")
    if len(set(claim.k)) < len(claim.k):
        raise InputError("the list of k names a number twice")
    if sum(claim.k) > MAX_TOTAL_COMPONENTS:
        raise InputError(f"the k of one claim add up to {sum(claim.k)}; at most {MAX_TOTAL_COMPONENTS} are accepted")
    cases = []
    for k in claim.k:
        case = make_case(k, claim.weights, claim.d, radius if radii is None else radii[0], amplitudes)
        try:
            check_comparison(comparison, case)
        except InputError as error:
            raise InputError(f"statement: {error}") from None
        cases.append(case)
    return Question(comparison, tuple(cases), radii)


def describe_domain(claim: Claim) -> dict[str, object]:
    """Return the cases of a claim as JSON values, as they were written."""
    described: dict[str, object] = {"k": list(claim.k)} | ({"general": True} if claim.general else {})
    if claim.statement:
        described |= {
            "weights": claim.weights if isinstance(claim.weights, str) else list(claim.weights),
            "d": claim.d,
            "radius": claim.radius,
            "amplitudes": None if claim.amplitudes is None else list(claim.amplitudes),
            "for_all": {name: list(ends) for name, ends in claim.for_all.items()},
        }
    return described


def _radii(for_all: Mapping[str, tuple[str, str]]) -> Radii | None:
    for name in for_all:
        if name != "radius":
            raise InputError(f"for_all ranges over radius, not over {name[:40]!r}")
    if not for_all:
        return None
    lower, upper = (parse_rational(end, "for_all radius") for end in for_all["radius"])
    if lower < 0:
        raise InputError(f"for_all radius starts at {lower}, which is negative")
    if lower > upper:
        raise InputError(f"for_all radius = [{lower}, {upper}] is empty: a claim about no case is an error, not a pass")
    return lower, upper
