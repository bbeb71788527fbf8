import re
from collections.abc import Callable
from inspect import signature
from itertools import chain

import pytest
import sympy

from emtheory.theory.claim import REFUTED, Claim, Entry
from emtheory.theory.claims import PAPER, catalogue
from emtheory.theory.constant import ENCLOSED, KINDS, OPEN, Constant
from emtheory.theory.derivations import derive, module_of, statement_of
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.notation import line
from emtheory.theory.sums import COUNT


def parts(identifier: str) -> list[Claim]:
    entry = next(entry for entry in catalogue(PAPER) if entry.id == identifier)
    return [*chain(entry.claims, entry.disproofs, entry.instances, entry.hypotheses, entry.controls, entry.corrected)]


CONSTANTS = [(entry, constant) for entry in catalogue() for constant in entry.constants]
CLAIMS = {claim.id: claim for entry in catalogue(PAPER) for claim in parts(entry.id)}
DERIVATIONS = sorted({claim.derivation for claim in CLAIMS.values() if claim.derivation})


def said_by_itself(name: str) -> Callable[[], Proposition] | None:
    """What makes the statement without its proof, if it needs no k."""
    found: Callable[[], Proposition] | None = vars(module_of(name)).get("_statement")
    return found if found is not None and not signature(found).parameters else None


def conclusions(name: str) -> tuple[sympy.Basic, ...]:
    made = said_by_itself(name)
    if made is not None:
        return made().conclusions
    statement = statement_of(name)
    return derive(name, None if statement.general else statement.smallest_k).statement.conclusions


def inequality(conclusion: sympy.Basic) -> bool:
    claimed = conclusion.args[1] if isinstance(conclusion, sympy.Implies) else conclusion
    return isinstance(claimed, sympy.StrictLessThan | sympy.LessThan | sympy.GreaterThan | sympy.StrictGreaterThan)


def explicit(formula: sympy.Basic) -> bool:
    """Whether a number other than 0, 1 and −1, or k, stands in a formula, not as an exponent or a limit of a sum."""
    if isinstance(formula, sympy.exp | sympy.erf | sympy.tanh) or formula == COUNT:
        return True
    if isinstance(formula, sympy.Pow):
        return explicit(formula.base)
    if isinstance(formula, sympy.Number):
        return formula not in (0, 1, -1)
    return any(explicit(part) for part in formula.args if not isinstance(part, sympy.Tuple))


@pytest.mark.parametrize(
    "name", [name if said_by_itself(name) else pytest.param(name, marks=pytest.mark.long) for name in DERIVATIONS]
)
def test_every_explicit_constant_has_its_sharp_value_or_a_reason(name: str) -> None:
    said = [constant.bound for _, constant in CONSTANTS if constant.derivation == name]
    proved = {line(each): explicit(each) for each in conclusions(name) if inequality(each)}
    assert len(said) == len(set(said))
    assert {bound for bound, has_numbers in proved.items() if has_numbers} - set(said) == set()
    assert set(said) - set(proved) == set()


def test_constants_are_of_derivations_that_the_catalogue_rests_on() -> None:
    assert {constant.derivation for _, constant in CONSTANTS} - set(DERIVATIONS) == set()


@pytest.mark.parametrize(("entry", "constant"), CONSTANTS, ids=[f"{it.derivation}: {it.bound}" for _, it in CONSTANTS])
def test_a_constant_stands_with_an_entry_and_claims_that_show_it(entry: Entry, constant: Constant) -> None:
    shown = [CLAIMS[identifier] for identifier in constant.shown]
    refuted = [claim for claim in shown if claim.expect == REFUTED]
    between = [claim for claim in shown if len(re.findall("[<>]", claim.statement)) > 1]
    assert constant.kind in KINDS
    assert constant.derivation in {claim.derivation for claim in parts(entry.id)}
    assert constant.said.endswith((".", "$"))
    if constant.kind == ENCLOSED:
        assert between or (refuted and len(refuted) < len(shown)), "a number from both sides is wanted"
    elif constant.kind != OPEN:
        assert "attained" in constant.said or "limit" in constant.said or constant.shown or "given" in constant.said
