"""Exact statements on the Fourier transform of the weights, for each k: by algebra in cos(2π/k), or by enclosures."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import sympy

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import NotExportedError, RocqFiles, comment, library
from emtheory.reports.kernel.fourier_case import FourierCase, polynomial_term
from emtheory.reports.kernel.fourier_many import (
    MAX_ALGEBRA,
    Values,
    each_frequency,
    is_one_apart,
    libraries_of,
    many,
    one_apart,
    one_of,
)
from emtheory.reports.kernel.terms import Domain, conjunction, domain_of, enclosed, introduced, quantified
from emtheory.reports.kernel.turns import COSINE, Turns, turn_lemmas, turns

_DIGITS = 40
"""At which values are compared to choose a proof: Rocq checks it."""
_SOLVED = (
    "first [reflexivity | lra | solve [field] | solve [rewrite ?pow2_sqrt by (first [lra | {value}interval]); "
    "first [lra | field]] | {value}first [{enclosed}] | nra]"
)


def proof(cases: Sequence[FourierCase], domain: Domain) -> str:
    """Return the proof of a statement for each k."""
    lemmas: list[str] = []
    for case in cases:
        if case.is_identity():
            values, steps = "", "  unfold contraction_factor. repeat split; ring."
        else:
            values, steps = _lemmas(case, domain)[0], "\n".join(_steps(case, domain))
        lemmas += [
            values,
            f"Lemma proved_{case.k} : {quantified(domain, case.applied)}.",
            f"Proof.\n  {introduced(domain)} unfold holds_{case.k}.",
            steps,
            "Qed.\n",
        ]
    whole = reduce(lambda later, name: f"(conj {name} {later})", [f"proved_{case.k}" for case in reversed(cases)])
    ending = [f"Theorem checked : claim.\nProof. exact {whole}. Qed.\n"]
    return "\n".join([*libraries_of(cases), *lemmas, *ending])


def refutation(cases: Sequence[FourierCase]) -> str:
    """Return the proof that a statement without variables is false, at the first k and link that fail."""
    for case in cases:
        lemmas, values = _lemmas(case, ())
        sides = [side.evalf(_DIGITS) for side in case.sides(values)]
        for index, operator in enumerate(case.question.comparison.operators):
            step = _contradiction(operator, sides[index], sides[index + 1])
            if step is not None:
                names = [f"H{number}" for number in range(len(sides) - 1)]
                joined = " & ".join(names)
                return "\n".join(
                    [
                        *libraries_of([case]),
                        lemmas,
                        f"Lemma fails_{case.k} : ~ holds_{case.k}.",
                        f"Proof.\n  unfold holds_{case.k}. intros {names[0] if len(names) == 1 else f'({joined})'}.",
                        f"  revert H{index}. {_rewritten(case)}",
                        f"  intros H{index}. {step.format(f'H{index}')} {_solved(case)}.",
                        "Qed.\n",
                        "Theorem checked : claim.",
                        f"Proof. unfold claim. intros H. apply fails_{case.k}. tauto. Qed.\n",
                    ]
                )
    raise NotExportedError("the statement is not false at the values that were computed")


def _contradiction(operator: str, left: sympy.Expr, right: sympy.Expr) -> str | None:
    """Return the step that turns a link that fails into what holds instead; None for one that does not fail."""
    below, above = left < right, left > right
    if abs(left - right) < sympy.Float(10) ** (8 - _DIGITS):
        below = above = False
    instead = {
        "<": None if below else "apply (Rlt_not_le _ _ {0}).",
        "<=": "apply (Rle_not_lt _ _ {0})." if above else None,
        ">": None if above else "apply (Rgt_not_le _ _ {0}).",
        ">=": "apply (Rge_not_lt _ _ {0})." if below else None,
        "!=": None if below or above else "apply {0}.",
        "==": f"revert {{0}}. apply {'Rlt_not_eq' if below else 'Rgt_not_eq'}." if below or above else None,
    }
    return instead[operator]


def _lemmas(case: FourierCase, domain: Domain) -> tuple[str, Values]:
    """Return lemmas on the quantities of a statement, and their values."""
    if is_one_apart(case):
        return one_apart(case)
    if case.k <= MAX_ALGEBRA:
        return _algebra(case, domain)
    if domain:
        raise NotExportedError(f"k = {case.k}: with variables the export goes up to {MAX_ALGEBRA} components")
    return many(case)


def _steps(case: FourierCase, domain: Domain) -> Iterator[str]:
    """Yield the steps from the values to the statement."""
    yield f"  {_rewritten(case)}"
    if domain and case.has_gap:
        yield f"  destruct (gap_{case.k} {' '.join(name for name, _ in domain)}) as [G L]. revert G L."
        yield f"  generalize (spectral_gap {case.name}). intros gap G L."
        yield "  repeat match goal with H : _ \\/ _ |- _ => destruct H as [H|H] end; try rewrite G in *; clear G;"
    bisected = " ".join(f"| {enclosed(f'i_prec 60, i_bisect {name}, i_depth 20')}" for name, _ in domain)
    yield f"  repeat split; first [{_solved(case)} {bisected}]."


def _solved(case: FourierCase) -> str:
    value = f"rewrite ?cosine_{case.k}; " if case.k <= MAX_ALGEBRA and not is_one_apart(case) else ""
    return _SOLVED.format(value=value, enclosed=enclosed())


def _rewritten(case: FourierCase) -> str:
    """Return the step that puts values, or bounds, in the place of quantities."""
    names = " ".join(case.names.values())
    if case.k <= MAX_ALGEBRA or is_one_apart(case):
        rules = [f"modulus_{case.k}_{m}" for m in case.moduli]
        rules += [f"gap_{case.k}"] if case.has_gap and not names else []
        rewriting = f" rewrite {', '.join(f'?{rule}' for rule in rules)}." if rules else ""
        return f"unfold contraction_factor.{rewriting}"
    found = [f"generalize bounds_{case.k}_{min(m, case.k - m)}." for m in case.moduli]
    reflect = [
        f"rewrite ?(power_reflected {case.name} {m} {case.k - m}) by (simpl; lia)."
        for m in case.moduli
        if 2 * m > case.k
    ]
    powers = [f"generalize (dft_power {case.name} {min(m, case.k - m)}). intros p{m} P{m}." for m in case.moduli]
    gap = [f"generalize gap_{case.k}. generalize (spectral_gap {case.name}). intros gap G."] if case.has_gap else []
    return " ".join(["unfold contraction_factor, dft_modulus.", *reflect, *found, *powers, *gap])


def _algebra(case: FourierCase, domain: Domain) -> tuple[str, Values]:
    """Return lemmas with values in c and the variables."""
    parts, k = turns(case.k), case.k
    powers = {m: _power(case, parts, m) for m in case.frequencies}
    names = parts.names | case.names
    terms = {m: polynomial_term(power, names) for m, (power, _, _) in powers.items()}
    everywhere = f"forall {' '.join(case.names.values())} : R, " if case.names else ""
    lines = [turn_lemmas(parts)]
    for m, (_, circle, root) in powers.items():
        turns_of = [(j, (j * m) % k, (j * m) // k) for j in range(k)]
        rewriting = [f"(cos_angle {k} {j} {m} {n} {q} ltac:(lia) eq_refl)" for j, n, q in turns_of]
        rewriting += [f"(sin_angle {k} {j} {m} {n} {q} ltac:(lia) eq_refl)" for j, n, q in turns_of]
        values = [f"?(proj{i} part_{k}_{n})" for n in sorted({n for _, n, _ in turns_of}) for i in (1, 2)]
        lines += [
            f"Lemma power_{k}_{m} : {everywhere}dft_power {case.name} {m} = {terms[m]}.",
            f"Proof.\n  intros. unfold dft_power, real_part, imaginary_part, weights_{k}. cbn [length weighted_sum].",
            *(f"  rewrite {rule}." for rule in (*rewriting, *values)),
            f"  apply (by_multiples _ _ {polynomial_term(circle, names)} {polynomial_term(root, names)}",
            f"    _ _ circle_{k} root_{k}). field.\nQed.",
        ]
    found: dict[str, sympy.Expr] = {}
    for m in case.moduli:
        power = powers[min(m, k - m)][0]
        root = sympy.sqrt(power)
        reflected = f"rewrite (power_reflected _ {m} {k - m}) by (simpl; lia). " if 2 * m > k else ""
        rational = bool(root.is_rational)
        value = polynomial_term(root, {}) if rational else f"sqrt {terms[min(m, k - m)]}"
        ending = "apply sqrt_lem_1; lra" if rational else "reflexivity"
        lines += [
            f"Lemma modulus_{k}_{m} : {everywhere}dft_modulus {case.name} {m} = {value}.",
            f"Proof. intros. unfold dft_modulus. {reflected}rewrite power_{k}_{min(m, k - m)}. {ending}. Qed.",
        ]
        found[f"(dft_modulus {case.name} {m})"] = _in_numbers(root, k)
    if case.has_gap:
        least = min(powers, key=lambda m: _in_numbers(powers[m][0], k).evalf(_DIGITS)) if not domain else 0
        lines += _gap_of(case, terms) if domain else _gap(case, terms, least)
        gap = sympy.Symbol("gap") if domain else _in_numbers(powers[least][0], k)
        found |= {f"(spectral_gap {case.name})": gap, f"(contraction_factor {case.name})": 1 - gap}
    return "\n".join(lines) + "\n", found


def _in_numbers(value: sympy.Expr, k: int) -> sympy.Expr:
    return value.subs(COSINE, sympy.cos(2 * sympy.pi / k))


def _power(case: FourierCase, parts: Turns, m: int) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """Return |π̂_m|², reduced, and what the equations of the circle and of c are multiplied with to get there."""
    weights = case.weight_values()
    indices = [(j * m) % parts.k for j in range(parts.k)]
    real = sympy.expand(sum(weight * parts.cosines[n] for weight, n in zip(weights, indices, strict=True)))
    imaginary = sympy.expand(sum(weight * parts.sines[n] for weight, n in zip(weights, indices, strict=True)))
    exact = sympy.expand(real**2 + (1 - COSINE**2) * imaginary**2)
    quotient = sympy.expand(sympy.quo(exact, parts.minimal, COSINE))
    return parts.reduced(exact), sympy.expand(imaginary**2), quotient


def _gap(case: FourierCase, terms: Mapping[int, str], least: int) -> list[str]:
    """Return the lemma on the value of the gap."""
    k = case.k
    return [
        f"Lemma gap_{k} : spectral_gap {case.name} = {terms[least]}.",
        "Proof.\n  apply Rle_antisym.",
        f"  - rewrite <- power_{k}_{least}. apply gap_below; simpl; lia.",
        *each_frequency(
            case,
            f"rewrite power_{k}_{{m}}; first [apply Rle_refl | lra | rewrite ?cosine_{k}; interval with (i_prec 80)]",
        ),
        "Qed.\n",
    ]


def _gap_of(case: FourierCase, terms: Mapping[int, str]) -> list[str]:
    """Return the lemma that the gap is one of several values, and none is below it."""
    k = case.k
    gap = f"spectral_gap {case.name}"
    names = " ".join(case.names.values())
    distinct = {value: m for m, value in reversed(list(terms.items()))}
    every = " \\/ ".join(f"{gap} = {value}" for value in distinct)
    below = " /\\ ".join(f"{gap} <= {value}" for value in distinct)
    lines = [
        f"Lemma gap_{k} : forall {names} : R, ({every}) /\\ ({below}).",
        f"Proof.\n  intros {names}. split.",
        f"  - destruct (gap_case {case.name} ltac:(simpl; lia)) as [m [Hm ->]].",
        f"    unfold weights_{k} in Hm. cbn [length] in Hm.",
        f"    assert (H : ({one_of(range(1, k))})%nat) by lia. clear Hm.",
        "    repeat match goal with H : _ \\/ _ |- _ => destruct H as [H|H] end; subst m.",
    ]
    for m in range(1, k):
        reflected = f"rewrite (power_reflected _ {m} {k - m}) by (simpl; lia). " if 2 * m > k else ""
        lines.append(f"    + {reflected}rewrite power_{k}_{min(m, k - m)}. tauto.")
    bounds = [f"rewrite <- (power_{k}_{m} {names}); apply gap_below; simpl; lia" for m in distinct.values()]
    return [*lines, f"  - repeat apply conj; [{' | '.join(bounds)}].", "Qed.\n"]


QUANTITIES = frozenset({"dft_modulus", "spectral_gap", "contraction_factor"})
"""What can be exported of the weights alone."""


def fourier_files(question: Question, title: str, *, refuted: bool = False) -> RocqFiles:
    """Return the export of a statement on the weights, or, without variables, that it is false."""
    if question.assumptions:
        raise NotExportedError("assumptions that tie variables together have no export")
    if refuted and question.spans:
        raise NotExportedError("that a statement with variables is false has no export")
    cases = [FourierCase(question, case) for case in question.cases]
    domain = domain_of(question)
    whole = conjunction([f"({quantified(domain, case.applied)})" for case in cases])
    claim = f"~ ({whole})" if refuted else whole
    statement = "\n".join(
        [
            comment(title),
            library("fourier_definitions"),
            *(case.definitions() for case in cases),
            f"Definition claim : Prop :=\n  {claim}.\n",
        ]
    )
    return RocqFiles(statement, refutation(cases) if refuted else proof(cases, domain))
