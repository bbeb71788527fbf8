"""What named hypotheses say of formal vectors, weights and expectations, as rules by which expressions are rewritten.

Of the laws that a step names in `under` those here are applied, and no others: an expectation over data of which
nothing is assumed stays as it stands.
"""

import sympy

from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import (
    DATA,
    STANDARD,
    Across,
    Applied,
    Axis,
    Cell,
    Image,
    Inner,
    Most,
    Stretch,
    Unit,
    Vector,
    Vertex,
    ordered,
    products,
)
from emtheory.theory.sums import COUNT, DIMENSION, WHOLE, canonical, component, family, monomials

LAWS = frozenset(
    {
        "annihilated direction",
        "centred data",
        "cyclic maps",
        "Laplace data",
        "normal data",
        "orthogonal maps",
        "residues",
        "rotation-invariant data",
        "simplex",
        "uniform weights",
        "vanishing transform",
        "weights",
    }
)
"""Hypotheses of which rules are known here."""

_WEIGHTS = family("pi", positive=True)


def average(vector: sympy.Expr) -> sympy.Expr:
    """Return Av = ∑_j π_jU_jv."""
    index = component("j")
    return sympy.Sum(_WEIGHTS[index] * Image(index, vector), (index, 0, COUNT - 1))


LEAST = Stretch(average(Vector("w")), Vector("w"))
"""The least singular value of A."""


def simplified(expression: sympy.Basic, laws: frozenset[str], isotropic: dict[sympy.Basic, sympy.Expr]) -> sympy.Expr:
    """Rewrite an expression by the laws of these hypotheses, and of matrices that are multiples c of I, by matrix."""

    def scaled(vector: sympy.Expr) -> sympy.Expr:
        return isotropic[vector.args[0]] * vector.args[1] if vector.args[0] in isotropic else vector

    def written(value: sympy.Basic) -> sympy.Expr:
        if "simplex" in laws:
            value = value.replace(_is_turned_vertex, lambda part: Vertex(part.args[0]))
        for name in isotropic:
            value = value.replace(lambda part, name=name: isinstance(part, Applied) and part.args[0] == name, scaled)
        return products(value, orthogonal="orthogonal maps" in laws, cyclic="cyclic maps" in laws)

    if "rotation-invariant data" in laws:
        expression = expression.replace(lambda part: isinstance(part, Most), _by_cells)
    expression = _averaged(written(expression), laws)
    return _summed(written(expression), laws)


def _is_turned_vertex(part: sympy.Basic) -> bool:
    """Whether it is U_jv_0, which is v_j if θ is on the ray of v_0."""
    return isinstance(part, Image) and part.args[1] == Vertex(0)


def _by_cells(largest: Most) -> sympy.Expr:
    """The largest ⟨X, v_j⟩ is the one in whose cell X is."""
    value, index = largest.args
    if value != Inner(DATA, Vertex(index)):
        return largest
    return sympy.Sum(Cell(index) * value, (index, 0, COUNT - 1))


def _averaged(expression: sympy.Basic, laws: frozenset[str]) -> sympy.Basic:
    """Put in place of expectations what the laws say that they are."""
    if expression.is_Atom or not expression.has(Mean):
        return expression
    if not isinstance(expression, Mean):
        return expression.func(*(_averaged(part, laws) for part in expression.args))
    value, random = _averaged(expression.args[0], laws), expression.args[1]
    if not {DATA, STANDARD} & {*random}:
        return Mean(value, random)
    names = {symbol for name in random for symbol in name.free_symbols | {name}}
    result = sympy.S.Zero
    for term, limits in monomials(_summed(value, laws)):
        outside, inside = term.as_independent(*names, as_Add=False)
        mean = outside * (inside if inside == 1 else _mean(inside, random, laws))
        result += sympy.Sum(mean, *limits) if limits else mean
    return result


def _mean(term: sympy.Expr, random: sympy.Tuple, laws: frozenset[str]) -> sympy.Expr:
    """The expectation of a product, all of whose factors are random."""
    vector = next(name for name in (DATA, STANDARD) if name in random)
    alone = len(random) == 1
    symmetric = vector is STANDARD or bool(laws & {"normal data", "rotation-invariant data"})
    # What else is random may depend on the data.
    if alone and symmetric and _is_odd(term, vector):
        return sympy.S.Zero
    if alone and term.has(Vertex, Cell) and "rotation-invariant data" in laws and vector is DATA:
        return _exchanged(term)
    along: list[sympy.Expr] = []
    exponent = sympy.S.Zero
    for factor in sympy.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(base, Inner) and vector in base.args and power.is_Integer and power > 0:
            other = base.args[1] if base.args[0] == vector else base.args[0]
            if other != vector and other.has(DATA, STANDARD):
                return Mean(term, random)  # It is random itself, as in ⟨X, U_jX⟩ and ⟨X, Z⟩.
            along += [other] * int(power)
        elif isinstance(factor, sympy.exp):
            exponent += factor.args[0]
        else:
            return Mean(term, random)
    tilt, damping = _tilt(exponent, vector)
    known = tilt is not None and (vector not in along or (tilt == 0 and {*along} == {vector}))
    if known and (vector is STANDARD or "normal data" in laws):
        return _normal_mean(along, tilt, damping, vector)
    found = _centred_mean(along, laws) if known and exponent == 0 and vector is DATA and vector not in along else None
    return Mean(term, random) if found is None else found


def _centred_mean(along: list[sympy.Expr], laws: frozenset[str]) -> sympy.Expr | None:
    """E ∏⟨X, v_i⟩ for up to two vectors and data that are not said to be normal, if that is known."""
    if len(along) == 1 and laws & {"centred data", "Laplace data"}:
        return sympy.S.Zero
    covariance = sympy.MatrixSymbol("Σ", DIMENSION, DIMENSION)
    two = len(along) == 2 and "centred data" in laws
    return Inner(along[0], Applied(covariance, along[1])) if two else None


def mirror_images(left: sympy.Basic, right: sympy.Basic, laws: frozenset[str]) -> bool:
    """Whether an expectation is said to be that of the mean of a function at X and at −X, which have the same law."""
    if not laws & {"normal data", "rotation-invariant data"} or not isinstance(left, Mean) or left.args[1] != (DATA,):
        return False
    along = [each for each in left.atoms(Inner) if DATA in each.args and each.args[0] != each.args[1]]
    if any(part != DATA and part.has(DATA, STANDARD) for each in along for part in each.args):
        return False
    turned = left.args[0].xreplace({each: -each for each in along})
    squares = dict.fromkeys((*along, Inner(DATA, DATA)), sympy.S.One)
    if left.args[0].xreplace(squares).has(DATA):
        return False  # It depends on X by more than products with vectors and its norm.
    return bool(right == Mean(left.args[0] + turned, (DATA,)) / 2)


def _normal_mean(along: list[sympy.Expr], tilt: sympy.Expr, damping: sympy.Expr, vector: Vector) -> sympy.Expr:
    """E e^{⟨X, u⟩ − c‖X‖²} ∏⟨X, v_i⟩ under N(0, I_d), or of ‖X‖^{2n}: a normal law with variance 1/(1 + 2c) is left."""
    width = 1 + 2 * damping
    if vector in along:
        norm = sympy.Mul(*((DIMENSION + 2 * n) / width for n in range(len(along))))
        return width ** (-DIMENSION / 2) * norm
    lifted = Inner(tilt, tilt) if tilt != 0 else sympy.S.Zero
    moved = [Inner(tilt, v) / width if tilt != 0 else sympy.S.Zero for v in along]
    return width ** (-DIMENSION / 2) * sympy.exp(lifted / (2 * width)) * _moments(along, moved, width)


def _tilt(exponent: sympy.Expr, vector: Vector) -> tuple[sympy.Expr | None, sympy.Expr]:
    """Return u and c > −1/2 of which an exponent is ⟨X, u⟩ − c‖X‖²; None and 0 if there are none."""
    tilt, damping = sympy.S.Zero, sympy.S.Zero
    for term in sympy.Add.make_args(sympy.expand(exponent)):
        inner = [factor for factor in sympy.Mul.make_args(term) if factor.has(vector)]
        if term == 0:
            continue
        if len(inner) != 1 or not isinstance(inner[0], Inner):
            return None, sympy.S.Zero
        others = [part for part in inner[0].args if part != vector]
        if any(part.has(DATA, STANDARD) for part in others):
            return None, sympy.S.Zero
        if others:
            tilt += term / inner[0] * others[0]
        else:
            damping -= term / inner[0]
    return (tilt, damping) if (1 + 2 * damping).is_positive else (None, sympy.S.Zero)


def _moments(along: list[sympy.Expr], means: list[sympy.Expr], width: sympy.Expr) -> sympy.Expr:
    """E ∏(⟨X, v_i⟩ + m_i), X of variance 1/width, by Isserlis: the first is paired with another, or is its mean."""
    if not along:
        return sympy.S.One
    first, *others = along
    mean, *rest = means
    result = mean * _moments(others, rest, width)
    for place, other in enumerate(others):
        left = _moments(others[:place] + others[place + 1 :], rest[:place] + rest[place + 1 :], width)
        result += Inner(first, other) / width * left
    return result


def _is_odd(term: sympy.Expr, vector: Vector) -> bool:
    """Whether a product is odd in ⟨X, w⟩, and depends on X else by its products with what is orthogonal to w."""
    for base in term.atoms(Inner):
        w = next((part for part in base.args if part != vector), None) if vector in base.args else None
        if w is None or w.has(DATA, STANDARD) or sympy.expand(term.xreplace({base: -base}) + term) != 0:
            continue
        others = {each: sympy.S.One for each in term.atoms(Inner) if each == base or _across(each, w, vector)}
        rest = term.xreplace(others)
        if isinstance(w, Across):
            rest = rest.replace(lambda part: isinstance(part, Cell), lambda _: sympy.S.One)
        if not rest.has(vector):
            return True
    return False


def _across(product_with: Inner, w: sympy.Expr, vector: Vector) -> bool:
    others = [part for part in product_with.args if part != vector]
    return len(others) == 1 and products(Inner(others[0], w), orthogonal=False, cyclic=False) == 0


def _exchanged(term: sympy.Expr) -> sympy.Expr:
    """Number vertices in the order in which they occur, as their permutations leave the law as it is."""
    factors = [factor.as_base_exp() for factor in sympy.Mul.make_args(term)]
    ordered = sorted((b for b, _ in factors), key=lambda b: (not isinstance(b, Cell), sympy.default_sort_key(b)))
    indices = list(dict.fromkeys(part.args[0] for b in ordered for part in _vertices(b)))
    # Products with other vectors are not as they were once vertices are permuted.
    allowed = all(
        isinstance(b, Cell) or (isinstance(b, Inner) and all(v == DATA or isinstance(v, Vertex) for v in b.args))
        for b, _ in factors
    )
    if not allowed or len(indices) > 2:
        return Mean(term, (DATA,))

    def numbered(*numbers: int) -> sympy.Expr:
        return Mean(term.xreplace(dict(zip(indices, map(sympy.Integer, numbers), strict=True))), (DATA,))

    if len(indices) < 2:
        return numbered(*range(len(indices)))
    same = sympy.KroneckerDelta(*indices)
    return same * numbered(0, 0) + (1 - same) * numbered(0, 1)


def _vertices(base: sympy.Expr) -> list[sympy.Expr]:
    return [base] if isinstance(base, Cell) else [part for part in base.args if isinstance(part, Vertex)]


def _summed(expression: sympy.Basic, laws: frozenset[str]) -> sympy.Basic:
    """Put in place of sums over components what the laws say that they are."""
    if "uniform weights" in laws:
        expression = expression.replace(
            lambda part: isinstance(part, sympy.Indexed) and part.base == _WEIGHTS, lambda _: 1 / COUNT
        )
    if not expression.has(sympy.Sum):
        return expression
    return sympy.expand(canonical(expression), power_exp=False).replace(
        lambda part: isinstance(part, sympy.Sum), lambda total: _total(total, laws)
    )


def _total(total: sympy.Sum, laws: frozenset[str]) -> sympy.Expr:
    if len(total.limits) > 1 and total.has(sympy.Mod):
        return _turned_round(total, laws) or total
    if len(total.limits) > 1 or total.limits[0][1] != 0:
        return total
    if total.limits[0][2] not in WHOLE:
        return _counted(total)
    if total.limits[0][2] == DIMENSION - 1 and total.has(Axis):
        return _along_axes(total)
    ways = (
        (_known, _by_parseval, _of_one)
        if total.limits[0][2] != COUNT - 1 or not total.has(sympy.Mod)
        else (_turned_round,)
    )
    return next((found for way in ways if (found := way(total, laws)) is not None), total)


def _known(total: sympy.Sum, laws: frozenset[str]) -> sympy.Expr | None:
    """A sum that a hypothesis gives, or that of all vertices."""
    summand, ((index, _, high),) = total.function, total.limits
    if high != COUNT - 1:
        return None
    root = generic_root(index * sympy.Symbol("m", integer=True))
    if (summand == _WEIGHTS[index] and "weights" in laws) or (
        summand == Cell(index) and laws & {"Laplace data", "rotation-invariant data"}
    ):
        return sympy.S.One
    vanishes = isinstance(summand, Inner) and [part for part in summand.args if part.has(index)] == [Vertex(index)]
    if "annihilated direction" in laws and isinstance(summand / _WEIGHTS[index], Inner):
        image = [part for part in (summand / _WEIGHTS[index]).args if part.has(index)]
        vanishes = vanishes or image == [Image(index, Unit("u"))]
    if "residues" in laws:
        vanishes = vanishes or summand in (root, sympy.re(root), sympy.cos(-sympy.I * root.args[0]))
    if "vanishing transform" in laws:
        vanishes = vanishes or summand == _WEIGHTS[index] * root
    return sympy.S.Zero if vanishes else None


def _by_parseval(total: sympy.Sum, _laws: frozenset[str]) -> sympy.Expr | None:
    """A sum over frequencies of a transform times a conjugate one: roots of unity sum to 0, unless they are all 1."""
    summand, ((index, low, high),) = total.function, total.limits
    transforms = sympy.Mul.make_args(summand)
    sums = all(isinstance(part, sympy.Sum) and part.limits[0][1:] == (low, high) for part in transforms)
    if len(transforms) != 2 or not sums or high != COUNT - 1:
        return None
    (one, first), (other, second) = ((part.function, part.limits[0][0]) for part in transforms)
    for sign in (1, -1):
        values = one / generic_root(sign * first * index), other / generic_root(-sign * second * index)
        if not any(value.has(index) for value in values):
            return COUNT * sympy.Sum(values[0] * values[1].xreplace({second: first}), (first, low, high))
    return None


def _of_one(total: sympy.Sum, laws: frozenset[str]) -> sympy.Expr | None:
    """A sum of which one term is left."""
    index = total.limits[0][0]
    for factor in sympy.Mul.make_args(total.function):
        if isinstance(factor, sympy.KroneckerDelta) and index in factor.args:
            (other,) = (part for part in factor.args if part != index)
            return _summed((total.function / factor).xreplace({index: other}), laws)
    return None


def _along_axes(total: sympy.Sum) -> sympy.Expr:
    """∑_n ⟨u, e_n⟩⟨v, e_n⟩ = ⟨u, v⟩ over all of d orthonormal vectors, also inside of expectations and other sums."""
    result = sympy.S.Zero
    for term, limits in monomials(total.function):
        value = _axes_gone(term, total.limits[0])
        result += sympy.Sum(value, *limits) if limits else value
    return result


def _axes_gone(term: sympy.Expr, limits: sympy.Tuple) -> sympy.Expr:
    rest, holding = term.as_independent(limits[0], as_Add=False)
    vectors = []
    for base, power in (part.as_base_exp() for part in sympy.Mul.make_args(holding)):
        if power == 1 and isinstance(base, Mean) and not (holding / base).has(Mean, *base.args[1]):
            return rest * Mean(_along_axes(sympy.Sum(base.args[0] * holding / base, limits)), base.args[1])
        others = [part for part in base.args if part != Axis(limits[0])] if isinstance(base, Inner) else []
        if len(others) != 1 or others[0].has(limits[0]) or power not in (1, 2):
            return sympy.Sum(term, limits)
        vectors += others * int(power)
    return rest * ordered(*vectors) if len(vectors) == 2 else sympy.Sum(term, limits)


def _counted(total: sympy.Sum) -> sympy.Expr:
    """A sum up to t + n by the one up to t; empty up to −1."""
    index, high = component("n"), total.limits[0][2]
    summand = total.function.xreplace({total.limits[0][0]: index})
    count, rest = high.as_coeff_Add()
    if not count.is_Integer or not (rest == 0 or (rest.is_integer and rest.is_nonnegative)):
        return sympy.Sum(summand, (index, 0, high))
    start = sympy.Sum(summand, (index, 0, rest)) if rest != 0 else summand.xreplace({index: sympy.S.Zero})
    further = [summand.xreplace({index: rest + n}) for n in range(min(0, count) + 1, max(0, count) + 1)]
    return start + sympy.sign(count) * sympy.Add(*further) if count else start


def _turned_round(total: sympy.Sum, _laws: frozenset[str]) -> sympy.Expr | None:
    """Put i for j + s modulo k in a sum over s of what else has the period k in s, perhaps with a sum over j, too."""
    inner = [part for part in sympy.Mul.make_args(total.function) if isinstance(part, sympy.Sum)]
    limits = (*total.limits, *(inner[0].limits if len(inner) == 1 else ()))
    whole = total.function / inner[0] * inner[0].function if len(inner) == 1 else total.function
    if any(tuple(ends) != (0, COUNT - 1) for _, *ends in limits):
        return None
    for index, *_ in total.limits:
        shifts = [part for part in whole.atoms(sympy.Mod) if part.args[1] == COUNT and (part.args[0] - index).is_Symbol]
        if len(shifts) != 1:
            continue
        own = sympy.Dummy(integer=True, nonnegative=True)
        start, rest = shifts[0].args[0] - index, whole.xreplace({shifts[0]: own})
        periods = [
            sympy.expand(part.args[0].xreplace({index: index + COUNT}) - part.args[0]) for part in rest.atoms(sympy.exp)
        ]
        whole_turns = all((period / (2 * sympy.pi * sympy.I)).is_integer for period in periods)
        if whole_turns and not rest.replace(sympy.exp, lambda _: sympy.S.One).has(index):
            changed = [(own if name == index else name, *ends) for name, *ends in limits]
            return canonical(sympy.Sum(rest.xreplace({index: own - start}), *changed))
    return None
