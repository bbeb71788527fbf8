"""The commands with which a reader repeats, number by number, what a verdict rests on."""

import shlex
from collections.abc import Iterator
from dataclasses import replace

from emtheory.numerics.case import Case
from emtheory.numerics.families import find_family
from emtheory.numerics.names import SEPARATOR, is_model, label_of, short_name
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.evaluation import arguments_of
from emtheory.reports.language.expression import Call, subexpressions
from emtheory.theory.claim import HOLDS, Claim, written


def evaluate_command(quantity: str, case: Case, weights: str, arguments: dict[str, str], model_file: str = "") -> str:
    """Return the ``emtheory evaluate`` command for a quantity on a case, as typed, weights as they are written."""
    if is_model(case.family):
        words = ["emtheory", "evaluate", short_name(quantity), "--models", model_file, "--model", case.subject]
        used = find_family(case.family).used_by(find_quantity(quantity))
        for name, value in case.parameters:
            words += ["--at", f"{name}={value}"] if name in used else []
        return shlex.join([*words, *_settings(arguments)])
    if case.family:
        words = ["emtheory", "evaluate", quantity.rpartition(SEPARATOR)[2], "--family", case.family]
        for name in find_family(case.family).used_by(find_quantity(quantity)):
            words += [f"--{name.replace('_', '-')}={dict(case.parameters)[name]}"]
        return shlex.join([*words, *_settings(arguments)])
    words = ["emtheory", "evaluate", quantity, "--k", str(case.k), "--weights", weights]
    if case.d != case.k - 1:
        words += ["--d", str(case.d)]
    if find_quantity(quantity).needs_point and case.radius is not None:
        words += ["--radius", str(case.radius)]
    elif find_quantity(quantity).needs_point and case.amplitudes is not None:
        words += ["--amplitudes", ",".join(map(str, case.amplitudes))]
    return shlex.join([*words, *_settings(arguments)])


def _settings(arguments: dict[str, str]) -> Iterator[str]:
    for name, value in arguments.items():
        yield from ("--set", f"{name}={value}")


def commands(claim: Claim, case: Case | None) -> tuple[str, ...]:
    """Return what to run to see every quantity of a claim at a case, or every step of its derivation."""
    if claim.derivation:
        options = [["--general"]] if claim.general else []
        options += [["--k", str(k)] for k in claim.k]
        return tuple(shlex.join(["emtheory", "derive", claim.derivation, *option]) for option in options)
    return () if case is None else tuple(dict.fromkeys(_evaluations(claim, case)))


def python_line(claim: Claim) -> str:
    """Return the line of Python that decides a claim, whole, as the report did."""
    if claim.derivation:
        k = "" if claim.general or not claim.k else f", k={claim.k[0]}"
        return f"emtheory.derive({claim.derivation!r}{k}{', general=True' if claim.general else ''})"
    return f"emtheory.check(emtheory.Claim({written(replace(claim, expect=HOLDS), _model(claim))}))"


def _model(claim: Claim) -> str:
    """The family of a claim as Python writes it: the text of a model is that of its file."""
    if not is_model(claim.family) or not claim.model_file:
        return repr(claim.family)
    return f"emtheory.models({claim.model_file!r})[{label_of(claim.family)!r}].text"


def _evaluations(claim: Claim, case: Case) -> Iterator[str]:
    weights = claim.weights if isinstance(claim.weights, str) else ",".join(claim.weights)
    if case.parameters and not case.family:
        weights = ",".join(map(str, case.weights))
        if isinstance(claim.weights, str):
            ((name, value),) = case.parameters
            weights = claim.weights.replace(f":{name}", f":{value}")
    for operand in read_claim(claim).comparison.operands:
        for part in subexpressions(operand):
            if isinstance(part, Call):
                arguments = {name: str(value) for name, value in arguments_of(part, case).items()}
                yield evaluate_command(part.quantity, case, weights, arguments, claim.model_file)
