"""Steps that hold by what names stand for: these put in, and what named hypotheses say of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.laws import LAWS, mirror_images, simplified
from emtheory.theory.proof.meant.vectors import (
    DATA,
    STANDARD,
    Cell,
    Chance,
    Frequency,
    Inner,
    Most,
    Reach,
    Some,
    Stretch,
    Unit,
    Vector,
    ordered,
    terms,
)
from emtheory.theory.proof.rules import Evidence, decided, equal
from emtheory.theory.proof.sign import NONNEGATIVE, POSITIVE_ONLY, Domain, possible_signs
from emtheory.theory.sums import COUNT, WHOLE, canonical, in_one_order, renamed

Meanings = Mapping[sympy.Basic, sympy.Expr]


def head(name: sympy.Basic) -> sympy.Basic:
    """Return what is named: a symbol, or the function or family of which the name is a member at plain symbols."""
    if isinstance(name, sympy.Symbol | sympy.MatrixSymbol):
        return name
    arguments = name.indices if isinstance(name, sympy.Indexed) else name.args
    if len({*arguments}) < len(arguments) or not all(part.is_Symbol for part in arguments):
        raise DerivationError(f"{name} does not name a family at different symbols")
    if isinstance(name, sympy.Indexed):
        return name.base
    if isinstance(name, AppliedUndef):
        return name.func
    raise DerivationError(f"{name} is no name")


def by_meaning(
    relation: sympy.Rel, meanings: Meanings, facts: tuple[sympy.Rel, ...], under: tuple[str, ...], domain: Domain
) -> Evidence:
    """Prove a relation by what its names stand for, by equations, and by laws, each of which has to be needed."""
    idle = [name for name in under if name not in LAWS]
    if idle:
        raise DerivationError(f"the hypothesis {idle[0]} is not needed")
    heads = [head(name) for name in meanings]
    if len({*heads}) < len(heads):
        raise DerivationError("a name has two meanings")
    isotropic, sides = {}, [_put(side, meanings) for side in relation.args]
    for fact in facts:
        if isinstance(fact.lhs, sympy.MatrixSymbol):
            scale, matrix = fact.rhs.as_coeff_mmul()
            if not isinstance(matrix.doit(), sympy.Identity):
                raise DerivationError(f"{fact.rhs} is no multiple of the identity")
            isotropic[fact.lhs] = scale
            continue
        changes = {_put(fact.lhs, meanings): _put(fact.rhs, meanings)}
        after = [side.xreplace(changes) for side in sides]
        if after == sides:
            raise DerivationError(f"there is nothing to rewrite by {fact}")
        sides = after
    laws = LAWS.intersection(under)
    shown = related(sides[0], relation.rel_op, sides[1])
    if len(laws) == 1 and mirror_images(sides[0], sides[1], laws):
        return Evidence("the same law of X and −X", 0)
    evidence = _proved(shown, laws, isotropic, domain)
    for name in sorted(laws):
        try:
            _proved(shown, laws - {name}, isotropic, domain)
        except DerivationError:
            continue
        raise DerivationError(f"the hypothesis {name} is not needed")
    return evidence


def _put(expression: sympy.Basic, meanings: Meanings) -> sympy.Basic:
    """Put in what names stand for, also in the meanings of others."""
    for name, value in meanings.items():
        if isinstance(expression, type(name)) and _is_of(expression, name):
            at = dict(zip(_arguments(name), _arguments(expression), strict=True))
            own = value
            bound = (index for total in value.atoms(sympy.Sum) for index in total.variables)
            if set().union(*(each.free_symbols for each in at.values())).intersection(bound):
                # Indices of sums within the meaning are not those that it is taken at.
                own = value.replace(lambda part: isinstance(part, sympy.Sum), lambda part: sympy.Sum(*_flat(part)))
            return _put(own.xreplace(at), {other: said for other, said in meanings.items() if other != name})
    if isinstance(expression, Mean):
        value, random = expression.args
        for name, said in meanings.items():
            if not any(_is_of(part, name) for part in value.atoms(type(name))):
                continue
            listed = any(_is_named(part, name) for part in random)
            others = {other: value for other, value in meanings.items() if other != name}
            loose = not listed and _put(said, others).free_symbols & {DATA, STANDARD}
            if loose:
                raise DerivationError(f"{name} depends on the data, and is none of what the expectation is over")
        return Mean(_put(value, meanings), tuple(dict.fromkeys(_sources(random, meanings))))
    if expression.is_Atom or isinstance(expression, sympy.IndexedBase):
        return expression
    parts = [_put(part, meanings) for part in expression.args]
    return expression if list(expression.args) == parts else expression.func(*parts)


def _flat(total: sympy.Sum) -> tuple[object, ...]:
    summand, limits = renamed(total)
    return (summand, *limits)


def _arguments(name: sympy.Basic) -> tuple[sympy.Basic, ...]:
    return tuple(
        name.indices if isinstance(name, sympy.Indexed) else name.args if isinstance(name, AppliedUndef) else ()
    )


def _is_of(expression: sympy.Basic, name: sympy.Basic) -> bool:
    if isinstance(name, sympy.Indexed):
        return bool(expression.base == name.base and len(expression.indices) == len(name.indices))
    if isinstance(name, AppliedUndef):
        return bool(expression.func == name.func and len(expression.args) == len(name.args))
    return bool(expression == name)


def _sources(random: sympy.Tuple, meanings: Meanings) -> Iterator[sympy.Basic]:
    """Yield what an expectation over names is over: the data, where they stand for functions of them."""
    for name in random:
        known = next((known for known in meanings if _is_named(name, known)), None)
        if known is None:
            yield name
        else:
            others = {other: value for other, value in meanings.items() if other != known}
            free = _put(meanings[known], others).free_symbols
            yield from (vector for vector in (DATA, STANDARD) if vector in free)


def _is_named(part: sympy.Basic, name: sympy.Basic) -> bool:
    """Whether what an expectation is over is a name, or the family that it is a member of."""
    return bool(part == head(name)) or (isinstance(part, type(name)) and _is_of(part, name))


def _proved(
    relation: sympy.Rel, laws: frozenset[str], isotropic: dict[sympy.Basic, sympy.Expr], domain: Domain
) -> Evidence:
    if not isinstance(relation, sympy.Eq):
        by_kind = _by_kind(relation, laws, domain)
        if by_kind is not None:
            return by_kind
    sides = _plain([simplified(side, laws, isotropic) for side in relation.args], turned=isinstance(relation, sympy.Eq))
    plain = related(in_one_order(sides[0]), relation.rel_op, in_one_order(sides[1]))
    found = equal(plain) if isinstance(relation, sympy.Eq) else decided(plain, domain)
    return Evidence(f"meanings, by {found.method}", found.points)


def _by_kind(relation: sympy.Rel, laws: frozenset[str], domain: Domain) -> Evidence | None:
    """Prove an inequality with a square, a largest number, a term of a sum, by Cauchy and Schwarz, or with norms."""
    if relation.rel_op not in ("<=", ">="):
        return None
    low, high = relation.lts, relation.gts
    reasons: Mapping[str, Callable[[], bool]] = {
        "a square": lambda: low == 0 and _is_square(high),
        "the sum of the probabilities of events": lambda: (
            isinstance(low, Chance) and high == sympy.Add(*(Chance(event) for event in low.args))
        ),
        "as many times the largest of the probabilities": lambda: (
            isinstance(low, Chance) and len(low.args) == 1 and high == _as_many(low.args[0])
        ),
        "one of the numbers of which it is the largest": lambda: isinstance(high, Most) and _is_member(low, *high.args),
        "one of the numbers of which it is the least": lambda: (
            isinstance(-low, Most) and _is_member(-high, *(-low).args)
        ),
        "a term of a sum of numbers that are not negative": lambda: _is_term(low, high, domain),
        "a share of a sum of numbers that are not negative": lambda: high == 1 and _is_share(low, domain),
        "the triangle inequality": lambda: _is_triangle(low, high, laws, domain),
        "the least norms of the images of unit vectors under maps that are near each other": lambda: _is_moved(
            high - low, domain
        ),
        "Cauchy and Schwarz": lambda: _is_schwarz(low, high, laws, domain),
        "the least norm of the images of unit vectors": lambda: _is_stretched(low, high, laws),
    }
    return next((Evidence(reason, 0) for reason, holds in reasons.items() if holds()), None)


def _as_many(some: sympy.Expr) -> sympy.Expr | None:
    """A number times the largest of the probabilities of as many events."""
    if not isinstance(some, Some):
        return None
    event, index, number = some.args
    return number * Most(Chance(event), index)


def _is_square(value: sympy.Expr) -> bool:
    """Whether a number is the square of a norm; products of complex vectors are linear in both, and are none."""
    return isinstance(value, Inner) and value.args[0] == value.args[1] and not value.has(Frequency)


def _is_term(low: sympy.Expr, high: sympy.Expr, domain: Domain) -> bool:
    """Whether one side is a term of the other, or what it would be at the largest of some numbers."""
    if not isinstance(high, sympy.Sum) or len(high.limits) > 1:
        return False
    summand, (index, start, end) = high.function, high.limits[0]
    # The numbers of which there is a largest are those of the components, and they are largest at one index each.
    largest = low.atoms(Most)
    if start != 0 or end not in (COUNT - 1, *(() if largest else WHOLE)):
        return False
    at = [low.xreplace({most: most.args[0].xreplace({most.args[1]: index})}) for most in largest]
    said = _is_member(low, summand, index) or at == [summand]
    return bool(said and possible_signs(_plain([summand])[0], domain) <= NONNEGATIVE)


def _is_share(low: sympy.Expr, domain: Domain) -> bool:
    """Whether it is a term of a sum, which is positive, over that sum."""
    wholes = [factor.base for factor in sympy.Mul.make_args(low) if factor.is_Pow and factor.exp == -1]
    return any(
        _is_term(low * whole, whole, domain) and possible_signs(_plain([whole])[0], domain) == POSITIVE_ONLY
        for whole in wholes
    )


def _is_triangle(low: sympy.Expr, high: sympy.Expr, laws: frozenset[str], domain: Domain) -> bool:
    """Whether ‖∑c_iv_i‖ ≤ ∑|c_i|‖v_i‖, by the laws."""
    if not (low.is_Pow and low.exp == sympy.S.Half and _is_square(low.base)):
        return False
    bound = sympy.S.Zero
    for factor, vector, limits in terms(low.base.args[0]):
        size = factor if possible_signs(factor, domain) <= NONNEGATIVE else sympy.Abs(factor)
        norm = size * sympy.sqrt(Inner(vector, vector))
        bound += sympy.Sum(norm, *limits) if limits else norm
    with suppress(DerivationError):
        one, other = _plain([simplified(each, laws, {}) for each in (high, bound)])
        equal(related(in_one_order(one), "==", in_one_order(other)))
        return True
    return False


def _is_moved(difference: sympy.Expr, domain: Domain) -> bool:
    """Whether it is c(M) − c(L) + ∑_j a_jr(T_j), c the least and r the largest norm, L − M = ±∑_j a_jT_j, a_j ≥ 0."""
    parts = sympy.Add.make_args(difference)
    maps = [part for sign in (1, -1) for part in (sign * each for each in parts) if isinstance(part, Stretch)]
    rest = [part for part in parts if isinstance(part, sympy.Sum) and part.has(Reach)]
    if (len(parts), len(maps), len(rest)) != (3, 2, 1) or difference.coeff(maps[0]) != 1:
        return False
    ((summand, *limits),) = (each.args for each in rest)
    reach = next(iter(summand.atoms(Reach)))
    factor, unit = summand / reach, Unit("moved")
    images = [each.of(unit) for each in (*maps, reach)]
    if 0 in images or factor.has(Reach) or not possible_signs(_plain([factor])[0], domain) <= NONNEGATIVE:
        return False
    gap, moved = images[1] - images[0], sympy.Sum(factor * images[2], *limits)
    return any(canonical(sympy.expand(gap + sign * moved)) == 0 for sign in (1, -1))


def _is_schwarz(low: sympy.Expr, high: sympy.Expr, laws: frozenset[str], domain: Domain) -> bool:
    """Whether (∑⟨u, v⟩)² ≤ ∑‖u‖² ∑‖v‖², or ∑⟨u, v⟩ or its negative is at most the product of these norms."""
    base, power = low.as_base_exp()
    whole, bound = (base, high) if _are_products(base) else (high, -low)
    if not _are_products(whole) or (whole == base and power not in (1, 2)):
        return False
    pairs = [part.args for part in sympy.Add.make_args(whole)]
    one, other = (sympy.Add(*(Inner(vector, vector) for vector in side)) for side in zip(*pairs, strict=True))
    squared = whole == base and power == 2
    norm, square = _plain([simplified(each, laws, {}) for each in (bound, one * other)])
    with suppress(DerivationError):
        equal(related(norm if squared else norm**2, "==", square))
        return bool(squared or possible_signs(norm, domain) <= NONNEGATIVE)
    return False


def _is_stretched(low: sympy.Expr, high: sympy.Expr, laws: frozenset[str]) -> bool:
    """Whether c²‖v‖² ≤ ‖Lv‖², or c‖v‖ ≤ ‖Lv‖, c the least norm of the images of unit vectors under a linear map L."""
    squared = (low**2, high.base) if high.is_Pow and high.exp == sympy.S.Half else (low, high)
    least = [
        part.as_base_exp()[0] for part in sympy.Mul.make_args(squared[0]) if isinstance(part.as_base_exp()[0], Stretch)
    ]
    if len(least) != 1:
        return False
    for vector in squared[1].atoms(Vector):
        image = least[0].of(vector)
        said = least[0] ** 2 * Inner(vector, vector), Inner(image, image)
        pairs = [_plain([simplified(each, laws, {}) for each in pair]) for pair in zip(squared, said, strict=True)]
        with suppress(DerivationError):
            if image != 0 and all(equal(related(one, "==", other)) for one, other in pairs):
                return True
    return False


def _are_products(value: sympy.Expr) -> bool:
    return all(isinstance(part, Inner) for part in sympy.Add.make_args(value))


def _is_member(value: sympy.Expr, member: sympy.Expr, index: sympy.Symbol) -> bool:
    return any(
        value == member.xreplace({index: other})
        for other in (*value.free_symbols, sympy.S.Zero)
        if other.is_integer and other.is_nonnegative
    )


def _plain(sides: list[sympy.Basic], *, turned: bool = False) -> list[sympy.Basic]:
    """Put names, of families by their indices, for scalar products and what else is no number of its own here.

    If `turned`, a product that is the same for i and j as for j and i is (s_ij + s_ji)/2, as any such numbers are.
    """
    known: dict[sympy.Basic, sympy.Basic] = {}
    kinds = (Mean, Inner, Cell, Most, Chance, Stretch, Reach)

    def named(part: sympy.Basic) -> sympy.Basic:
        if isinstance(part, Inner):
            part = ordered(*part.args)
        if isinstance(part, kinds) and (not isinstance(part, Mean) or part.has(Vector, Cell)):
            indices = [symbol for symbol in _in_order(part) if symbol.is_integer and not isinstance(symbol, Vector)]
            places = {index: sympy.Symbol(f"#{n}", integer=True, nonnegative=True) for n, index in enumerate(indices)}
            form = part.xreplace(places)
            name = f"⟨{len(known)}⟩"
            if form not in known:
                of = {"complex" if part.has(Frequency) else "nonnegative" if _is_square(part) else "real": True}
                known[form] = sympy.IndexedBase(name, **of) if indices else sympy.Symbol(name, **of)
            if turned and len(indices) == 2 and isinstance(part, Inner) and _other_way_round(part, *indices) == part:
                return (known[form][tuple(indices)] + known[form][tuple(indices[::-1])]) / 2
            return known[form][tuple(indices)] if indices else known[form]
        if part.is_Atom or isinstance(part, sympy.Indexed):
            return part
        parts = [named(each) for each in part.args]
        return part if list(part.args) == parts else part.func(*parts)

    return [named(side) for side in sides]


def _other_way_round(part: Inner, i: sympy.Symbol, j: sympy.Symbol) -> Inner:
    return ordered(*part.xreplace({i: j, j: i}).args)


def _in_order(part: sympy.Basic) -> list[sympy.Symbol]:
    free = part.free_symbols
    return [s for s in dict.fromkeys(each for each in sympy.preorder_traversal(part) if each.is_Symbol) if s in free]
