"""Statements on the weights of more components than algebra goes to: all equal but the first, or by enclosures."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import sympy

from emtheory.reports.kernel.files import NotExportedError, library
from emtheory.reports.kernel.fourier_case import FourierCase
from emtheory.reports.kernel.terms import number

MAX_ALGEBRA = 16
"""Components up to which values are found by algebra. A choice: there are lemmas for each n < k, and sums over them."""
MAX_COMPONENTS = 256
"""Components that are exported. A choice: the proof computes k² cosines and sines, and tells k/2 frequencies apart."""

_DIGITS = 40
"""At which values are compared to choose a proof: Rocq checks it."""
_WIDTH = Fraction(1, 10**9)
"""By how much enclosures are wider than the values that are guessed. A choice: statements have more room than that."""
_ROOM = Fraction(1, 10**7)
"""By how much sides must differ to be told apart by enclosures. A choice: a hundred times `_WIDTH`."""

Values = Mapping[str, sympy.Expr]
"""The term of a quantity → its value."""


def libraries_of(cases: Sequence[FourierCase]) -> list[str]:
    """Return the lemmas that a proof about some k begins with."""
    names = ["fourier_lemmas"]
    if any(is_one_apart(case) for case in cases):
        names += ["uniform_lemmas"]
    if any(case.k > MAX_ALGEBRA and not is_one_apart(case) for case in cases):
        names += ["interval_lemmas", "fourier_checker"]
    return list(map(library, names))


def many(case: FourierCase) -> tuple[str, Values]:
    """Return lemmas and values for a statement without variables, k > `MAX_ALGEBRA`, or raise NotExportedError."""
    if case.k > MAX_COMPONENTS:
        raise NotExportedError(f"k = {case.k}: the export goes up to {MAX_COMPONENTS} components of different weights")
    lemmas, values = _enclosures(case)
    sides = [side.evalf(_DIGITS) for side in case.sides(values)]
    if "==" in case.question.comparison.operators or any(abs(a - b) < _ROOM for a, b in pairwise(sides)):
        raise NotExportedError(
            f"k = {case.k}: beyond {MAX_ALGEBRA} components sides that are equal, or nearly, have no export"
        )
    return lemmas, values


def is_one_apart(case: FourierCase) -> bool:
    """Whether all weights but the first are equal, and none varies."""
    return not case.names and len(set(case.weight_values()[1:])) == 1


def one_apart(case: FourierCase) -> tuple[str, Values]:
    """Return lemmas with the values for weights that are equal but for the first (`is_one_apart`), for any k."""
    k, (first, second, *_) = case.k, map(_fraction, case.weight_values())
    difference = abs(first - second)
    lines = [
        f"Lemma flat_{k} : forall m, (1 <= m < {k})%nat -> dft_power {case.name} m = {number(difference**2)}.",
        "Proof.",
        f"  intros m Hm. change {case.name} with ({number(first)} :: repeat {number(second)} {k - 1}).",
        "  rewrite one_apart by lia. field.\nQed.",
        f"Lemma gap_{k} : spectral_gap {case.name} = {number(difference**2)}.",
        "Proof.\n  apply Rle_antisym.",
        f"  - rewrite <- (flat_{k} 1) by lia. apply gap_below; simpl; lia.",
        f"  - apply gap_among; [simpl; lia|]. intros m Hm. rewrite flat_{k}; [apply Rle_refl|exact Hm].",
        "Qed.",
    ]
    lines += [
        f"Lemma modulus_{k}_{m} : dft_modulus {case.name} {m} = {number(difference)}.\n"
        f"Proof. unfold dft_modulus. rewrite flat_{k} by lia. apply sqrt_lem_1; lra. Qed."
        for m in case.moduli
    ]
    modulus = sympy.Rational(difference.numerator, difference.denominator)
    found = {f"(dft_modulus {case.name} {m})": modulus for m in case.moduli}
    found |= {f"(spectral_gap {case.name})": modulus**2, f"(contraction_factor {case.name})": 1 - modulus**2}
    return "\n".join(lines) + "\n", found


def _fraction(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _enclosures(case: FourierCase) -> tuple[str, Values]:
    """Return lemmas with bounds, by enclosures of cosines, and numbers inside them."""
    k = case.k
    weights, turned = case.weight_values(), [2 * sympy.pi * sympy.Rational(n, k) for n in range(k)]
    cosines, sines = ([function(angle).evalf(_DIGITS) for angle in turned] for function in (sympy.cos, sympy.sin))
    values = {}
    for m in case.frequencies:
        real, imaginary = (sum(w * each[(j * m) % k] for j, w in enumerate(weights)) for each in (cosines, sines))
        values[m] = sympy.Float(real**2 + imaginary**2, _DIGITS)
    bounds = {m: _around(value) for m, value in values.items()}
    listed = "; ".join(f"quotient {weight.p} {weight.q}" for weight in weights)
    lines = [
        f"Definition enclosures_{k} : list I.type := [{listed}].",
        f"Lemma enclosed_{k} : Forall2 (fun w i => w lies_in i) {case.name} enclosures_{k}.",
        "Proof.",
        "  repeat (apply Forall2_cons; [apply in_quotient; [lra|apply integer_in|apply integer_in]|]).",
        "  apply Forall2_nil.",
        "Qed.",
    ]
    for m, ends in bounds.items():
        (a, b), (c, d) = (end.as_integer_ratio() for end in ends)
        lines += [
            f"Lemma bounds_{k}_{m} : IZR ({a}) / IZR {b} <= dft_power {case.name} {m} <= IZR ({c}) / IZR {d}.",
            f"Proof. by_computation enclosed_{k}. Qed.",
        ]
    found = {f"(dft_modulus {case.name} {m})": sympy.sqrt(values[min(m, k - m)]) for m in case.moduli}
    if case.has_gap:
        least = min(values, key=lambda m: values[m])
        low, high = bounds[least]
        lines += [
            f"Lemma gap_{k} : {number(low)} <= spectral_gap {case.name} <= {number(high)}.",
            "Proof.\n  split.",
            *each_frequency(case, f"generalize bounds_{k}_{{m}}; lra"),
            f"  - eapply Rle_trans; [apply (gap_below _ {least}); simpl; lia|apply bounds_{k}_{least}].",
            "Qed.",
        ]
        found |= {f"(spectral_gap {case.name})": values[least], f"(contraction_factor {case.name})": 1 - values[least]}
    return "\n".join(lines) + "\n", found


def _around(value: sympy.Expr) -> tuple[Fraction, Fraction]:
    """Return the multiples of the width next to a number, and one more."""
    middle = int(sympy.floor(value / sympy.Rational(1, _WIDTH.denominator))) * _WIDTH
    return middle - _WIDTH, middle + 2 * _WIDTH


def one_of(frequencies: Iterable[int]) -> str:
    """Return the proposition that m is one of some frequencies."""
    return " \\/ ".join(f"m = {m}" for m in frequencies)


def each_frequency(case: FourierCase, step: str) -> list[str]:
    """Return the steps that lead from every frequency up to k/2 to the gap, by a step at frequency ``{m}``."""
    k = case.k
    frequencies = range(1, k // 2 + 1)
    return [
        f"  - apply gap_among_half; [simpl; lia|]. intros m H1 H2. unfold weights_{k} in H2. cbn [length] in H2.",
        f"    assert (H : ({one_of(frequencies)})%nat) by lia. clear H1 H2.",
        "    repeat match goal with H : _ \\/ _ |- _ => destruct H as [H|H] end; subst m.",
        *(f"    + {step.format(m=m)}." for m in frequencies),
    ]
