"""Lemmas on the cosines and sines of parts of a turn: polynomials in cos(2π/k), by its minimal polynomial over ℚ."""

from dataclasses import dataclass
from functools import cache

import sympy

from emtheory.reports.kernel.fourier_case import polynomial_term

COSINE = sympy.Symbol("c")
"""cos(2π/k)."""

_DIGITS = 50
"""At which a number is told from zero to choose among factors: Rocq proves what is chosen, or rejects it."""


@dataclass(frozen=True)
class Turns:
    """The parts of a turn for one k: cos(2πn/k) = `cosines`[n], sin(2πn/k) = sin(2π/k) · `sines`[n], in cos(2π/k).

    They are reduced by the minimal polynomial of c = cos(2π/k), with leading coefficient 1; times the cofactor that is
    T_a − T_b, a + b = k, of which c is a root.
    """

    k: int
    minimal: sympy.Expr
    cofactor: sympy.Expr
    cosines: tuple[sympy.Expr, ...]
    sines: tuple[sympy.Expr, ...]

    @property
    def names(self) -> dict[sympy.Symbol, str]:
        """What c is called in Rocq."""
        return {COSINE: f"c_{self.k}"}

    def reduced(self, polynomial: sympy.Expr) -> sympy.Expr:
        """Return the remainder of a polynomial in c, whose coefficients may be polynomials, by the minimal one."""
        return sympy.expand(sympy.rem(sympy.expand(polynomial), self.minimal, COSINE))

    def term(self, polynomial: sympy.Expr) -> str:
        """Return a polynomial in c as a term of Rocq."""
        return polynomial_term(polynomial, self.names)


@cache
def turns(k: int) -> Turns:
    """Return the parts of a turn for k ≥ 2."""
    high, low = _reflected(k)
    difference = sympy.expand(sympy.chebyshevt(high, COSINE) - sympy.chebyshevt(low, COSINE))
    value = sympy.cos(2 * sympy.pi / k).evalf(_DIGITS)
    factors = [factor for factor, _ in sympy.factor_list(difference, COSINE)[1]]
    minimal = min(factors, key=lambda factor: abs(factor.subs(COSINE, value).evalf(_DIGITS)))
    minimal = sympy.Poly(minimal, COSINE).monic().as_expr()
    found = Turns(k, minimal, sympy.expand(sympy.quo(difference, minimal, COSINE)), (), ())
    cosines, sines = [sympy.Integer(1)], [sympy.Integer(0)]
    for _ in range(1, k):
        cosine, sine = cosines[-1], sines[-1]
        cosines.append(found.reduced(COSINE * cosine - (1 - COSINE**2) * sine))
        sines.append(found.reduced(COSINE * sine + cosine))
    return Turns(k, minimal, found.cofactor, tuple(cosines), tuple(sines))


def turn_lemmas(parts: Turns) -> str:
    """Return the lemmas ``cosine_k``, ``circle_k``, ``root_k`` and ``part_k_n``, with their proofs."""
    k = parts.k
    c, s = f"c_{k}", f"s_{k}"
    high, low = _reflected(k)
    lines = [
        f"Definition {c} : R := cos (turn {k} 1).",
        f"Definition {s} : R := sin (turn {k} 1).",
        f"Lemma cosine_{k} : {c} = cos (2 * PI / {k}).",
        f"Proof. unfold {c}, turn. rewrite !INR_IZR_INZ. simpl Z.of_nat. f_equal. field. Qed.",
        f"Lemma circle_{k} : {s} * {s} + {c} * {c} - 1 = 0.",
        "Proof. apply turn_circle. Qed.",
        *_chain(parts, "multiple", high + 1),
        f"Lemma root_{k} : {parts.term(parts.minimal)} = 0.",
        "Proof.",
        f"  assert (H := turn_reflected {k} {high} {low} ltac:(lia) ltac:(lia)).",
        f"  rewrite (proj1 multiple_{k}_{high}), (proj1 multiple_{k}_{low}) in H.",
        f"  assert (Hp : {parts.term(parts.cofactor)} * {parts.term(parts.minimal)} = 0).",
        f"  {{ apply (by_multiples _ _ 1 0 _ _ (Rminus_diag_eq _ _ H) circle_{k}). field. }}",
        "  apply Rmult_integral in Hp. destruct Hp as [Hp|Hp]; [|exact Hp].",
        f"  exfalso. revert Hp. rewrite cosine_{k}.",
        "  first [apply Rgt_not_eq; interval with (i_prec 120) | apply Rlt_not_eq; interval with (i_prec 120)].",
        "Qed.",
        *_chain(parts, "part", k),
    ]
    return "\n".join(lines) + "\n"


def _chain(parts: Turns, name: str, count: int) -> list[str]:
    """Return lemmas on the first parts of a turn, each from the one before; as they are if the name is ``multiple``."""
    k, reduced = parts.k, name == "part"
    c, s = f"c_{k}", f"s_{k}"
    root = f"root_{k}" if reduced else f"circle_{k}"
    lines = [
        f"Lemma {name}_{k}_0 : cos (turn {k} 0) = 1 /\\ sin (turn {k} 0) = {s} * 0.",
        f"Proof. replace (turn {k} 0) with 0 by (unfold turn; change (INR 0) with 0; unfold Rdiv; ring).",
        "  rewrite cos_0, sin_0. split; ring. Qed.",
    ]
    cosine, sine = sympy.Integer(1), sympy.Integer(0)
    for n in range(1, count):
        if n == 2:  # the part before is the one that c and s stand for
            cosine, sine = COSINE, sympy.Integer(1)
        exact = (COSINE * cosine - (1 - COSINE**2) * sine, COSINE * sine + cosine)
        multiples = [
            sympy.quo(sympy.expand(each), parts.minimal, COSINE) if reduced else sympy.Integer(0) for each in exact
        ]
        opposite, (first, second) = parts.term(-sine), map(parts.term, multiples)
        cosine, sine = (parts.reduced(each) if reduced else sympy.expand(each) for each in exact)
        lines += [
            f"Lemma {name}_{k}_{n} : cos (turn {k} {n}) = {parts.term(cosine)} /\\",
            f"  sin (turn {k} {n}) = {s} * {parts.term(sine)}.",
            f"Proof. destruct {name}_{k}_{n - 1} as [C S].",
            f"  rewrite (turn_cos_next {k} {n - 1}), (turn_sin_next {k} {n - 1}). fold {c} {s}.",
            f"  {'split' if n == 2 else 'rewrite C, S. split'}.",
            f"  - apply (by_multiples _ _ {opposite} {first} _ _ circle_{k} {root}). field.",
            f"  - apply (by_multiples _ _ 0 ({s} * {second}) _ _ circle_{k} {root}). field.",
            "Qed.",
        ]
    return lines


def _reflected(k: int) -> tuple[int, int]:
    """Return a > b, as close as can be, with a + b = k and so cos(2πa/k) = cos(2πb/k)."""
    return ((k + 1) // 2, (k - 1) // 2) if k % 2 else (k // 2 + 1, k // 2 - 1)
