"""Dihedral groups acting on the plane, among them Klein's four group and S_3: when A is invertible."""

from itertools import product

import sympy
from sympy import ImmutableMatrix, MatMul, MatrixSymbol

from emtheory.theory.groups import CONJUGATION, Order, around, cosine, plane_rotation, sine
from emtheory.theory.proof.derivation import REAL, Derivation, Proposition, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Axis, Inner, Mean
from emtheory.theory.proof.step import Step, equation, meant
from emtheory.theory.proof.words import definition
from emtheory.theory.sums import COUNT, component, family

STATEMENT = Statement(
    __name__, "$A$ for the dihedral group $D_k$ of the plane ($k = 2$: Klein's four group, 3: $S_3$)", 8
)

_I, _J = component("i"), component("j")
_P, _Q = family("p", positive=True), family("q", positive=True)
_PARTS = sympy.symbols("x y u v", real=True)
_MODULI = sympy.symbols("|P| |Q|", nonnegative=True)
_VALUE, _RADIUS = sympy.symbols("lambda r", real=True)
_QUARTIC, _SUM, _REAL, _IMAGINARY = sympy.symbols("q s c_2 s_2", real=True)
_A, _EQUAL = MatrixSymbol("A", 2, 2), MatrixSymbol("A_p", 2, 2)
_X = sympy.symbols("X_1 X_2", real=True)
_AXIS = ImmutableMatrix([0, 1])
_FORWARDS, _BACKWARDS = (sympy.Function(name, real=True)(*_X) for name in "fh")
"""The component along the real axis of Σ γ_g gᵀX for q = p and θ = ri, and that at −X."""

_CONSTANT = (4 * _SUM**2 + _REAL**2 + _IMAGINARY**2) / 2
"""∑ π_gπ_h⟨gu, hu⟩² over the group, for u = i."""

_MEAN = Mean(_FORWARDS, _X)


def derive(k: int) -> Derivation:
    return _derivation(k, k)


def derive_general() -> Derivation:
    return _derivation(COUNT, None)


def _derivation(order: Order, k: int | None) -> Derivation:
    return STATEMENT.derivation(
        statement=_statement(order),
        source="not in the paper, whose maps are the powers of one rotation; open question 1",
        scope=f"{'every $k ≥ 2$' if k is None else f'$k = {k}$'}: the dihedral group $D_k$ with its $2k$ maps of "
        "the plane ($D_2$ is Klein's four group, $D_3$ is "
        "$S_3$), all weights; for the contraction factor $1 − σ_{min}(A)²$ it needs the statements "
        "stein-identity and jacobian",
        k=k,
        steps=(
            *_group_steps(order),
            *_spectrum_steps(),
            *_matrix_steps(order),
            *_singular_steps(order),
            *_axis_steps(order),
        ),
    )


def _statement(order: Order) -> Proposition:
    return Proposition(
        variables=(Variable(_VALUE, REAL), *(Variable(index, sympy.S.Naturals0, "a power") for index in (_I, _J))),
        hypotheses=("normal data",),
        conclusions=(
            related(_A, "==", _map()),
            related(*_spectrum()),
            related(*_DETERMINANT),
            related(_EQUAL, "==", _doubled()),
            related(_QUARTIC, "==", _CONSTANT),
            related(_MEAN, "==", 0),
            *(step.formula for step in _group_steps(order)),
        ),
        note="$A = ∑_a p_aω^a + q_aω^as$, $ω$ the rotation by $2π/k$ and $s$ the conjugation; $P = x + iy = ∑ "
        "p_aω^a$ and $Q = u + iv = ∑ q_aω^a$: the singular values of $A$ are $|P| + |Q|$ and $||P| − |Q||$, "
        "and it is singular if and only if $|P| = |Q|$. $A_p$ is $A$ for $q = p$, uniform or not: it "
        "annihilates $i$, as the second column is 0. There $q$ is the constant of statement "
        "degenerate-directions for $u = i$, $s = ∑p_a$ (1/2 for weights) and $c_2 + is_2 = ∑2p_aω^{2a}$; $f$ "
        "is the component of $∑_g γ_g gᵀX$ along the real axis at $θ = ri$, so that the last conclusion says that a "
        "step of EM from there is on the line of $i$ again",
    )


def _map() -> sympy.ImmutableMatrix:
    """z ↦ Pz + Qz̄ with P = x + iy and Q = u + iv."""
    x, y, u, v = _PARTS
    return ImmutableMatrix([[x + u, v - y], [y + v, x - u]])


def _doubled() -> sympy.ImmutableMatrix:
    """z ↦ P(z + z̄)."""
    x, y, *_ = _PARTS
    return ImmutableMatrix([[2 * x, 0], [2 * y, 0]])


def _spectrum() -> tuple[sympy.Expr, str, sympy.Expr]:
    """The characteristic polynomial of that map times its transpose, and its factors."""
    larger, smaller = _MODULI
    square = _map().T * _map()
    return (
        sympy.Determinant(_VALUE * ImmutableMatrix.eye(2) - square),
        "==",
        (_VALUE - (larger + smaller) ** 2) * (_VALUE - (larger - smaller) ** 2),
    )


_DETERMINANT = sympy.Determinant(_map()), "==", _MODULI[0] ** 2 - _MODULI[1] ** 2


def _group_steps(order: Order) -> tuple[Step, ...]:
    first, second, s = plane_rotation(_I, order), plane_rotation(_J, order), CONJUGATION
    return (
        equation("Rotations: $ω^i ω^j = ω^{i+j}$.", MatMul(first, second), plane_rotation(_I + _J, order)),
        equation("After $k$ of them the circle is closed.", plane_rotation(_I + order, order), first),
        equation("The conjugation $s$: $z ↦ z̄$ is an involution,", MatMul(s, s), ImmutableMatrix.eye(2)),
        equation("and reverses rotations: $s ω^i s = ω^{−i}$.", MatMul(s, first, s), plane_rotation(-_I, order)),
        equation(
            "They are orthogonal: the $ω^a$ and $ω^as$, $0 ≤ a < k$, are the elements of the dihedral group, as "
            "orthogonal maps.",
            MatMul(first.T, first),
            ImmutableMatrix.eye(2),
        ),
    )


def _spectrum_steps() -> tuple[Step, ...]:
    x, y, u, v = _PARTS
    lhs, _, rhs = _spectrum()
    determinant, _, difference = _DETERMINANT
    return (
        definition("Consider $z ↦ Pz + Qz̄$ for any $P = x + iy$", _MODULI[0], sympy.sqrt(x**2 + y**2)),
        definition("and $Q = u + iv$.", _MODULI[1], sympy.sqrt(u**2 + v**2)),
        equation(
            "Times its transpose it has the eigenvalues $(|P| + |Q|)²$ and $(|P| − |Q|)²$, the second being the "
            "spectral gap.",
            lhs,
            rhs,
        ),
        equation("Its determinant is $|P|² − |Q|²$.", determinant, difference),
    )


def _entries(order: Order, reflected: sympy.IndexedBase) -> sympy.ImmutableMatrix:
    """Σ_a p_aω^a + q_aω^as."""

    def entry(row: int, column: int) -> sympy.Expr:
        return around(lambda a: _P[a] * _element(a, order, 0)[row, column], order, (_J,)) + around(
            lambda a: reflected[a] * _element(a, order, 1)[row, column], order, (_J,)
        )

    return ImmutableMatrix(2, 2, entry)


def _element(a: Order, order: Order, reflections: int) -> sympy.ImmutableMatrix:
    """ω^a, or ω^as."""
    return plane_rotation(a, order) * CONJUGATION**reflections


def _matrix_steps(order: Order) -> tuple[Step, ...]:
    values = [
        around(lambda a, w=w, part=part: w[a] * part(a, order), order, (_J,))
        for w in (_P, _Q)
        for part in (cosine, sine)
    ]
    names = ("$P = ∑_a p_aω^a$ has the real part", "and the imaginary part", "$Q = ∑_a q_aω^a$", "likewise.")
    return (
        *(definition(name, part, value) for name, part, value in zip(names, _PARTS, values, strict=True)),
        definition("Let $A = ∑_a p_aω^a + q_aω^as$.", _A, _entries(order, _Q)),
        equation("$A$ is $z ↦ Pz + Qz̄$.", _A, _map()),
    )


def _singular_steps(order: Order) -> tuple[Step, ...]:
    doubled = [around(lambda a, part=part: 2 * _P[a] * part(2 * a, order), order, (_J,)) for part in (cosine, sine)]

    def overlap(a: Order, b: Order) -> sympy.Expr:
        images = [[_element(index, order, flag) * _AXIS for flag in (0, 1)] for index in (a, b)]
        return sympy.Add(*(_P[a] * _P[b] * sympy.expand(first.dot(second)) ** 2 for first, second in product(*images)))

    return (
        definition("For $q = p$, $A$ is", _EQUAL, _entries(order, _P)),
        equation("$z ↦ P(z + z̄)$, which annihilates the imaginary axis, whatever $p$.", _EQUAL, _doubled()),
        definition(
            "For $u = i$ there, $∑ π_gπ_h⟨gu, hu⟩²$ over all $g$ and $h$ is", _QUARTIC, around(overlap, order, (_I, _J))
        ),
        definition("With $s = ∑_a p_a$,", _SUM, around(lambda a: _P[a], order, (_J,))),
        definition("the real part $c_2$", _REAL, doubled[0]),
        definition("and the imaginary part $s_2$ of $∑_a 2p_aω^{2a}$", _IMAGINARY, doubled[1]),
        equation("it is $(1 + |∑_a 2p_aω^{2a}|²)/2$ for $2s = 1$.", _QUARTIC, _CONSTANT),
    )


def _real_part(order: Order, sign: int) -> sympy.Expr:
    """Σ γ_g (gᵀX)_1 at ±X, the posterior of the means gθ for θ = ri and q = p."""
    point = sign * ImmutableMatrix(_X)

    def likelihood(a: Order, flag: int) -> sympy.Expr:
        return _P[a] * sympy.exp(point.dot(_element(a, order, flag) * _RADIUS * _AXIS))

    def weighted(a: Order) -> sympy.Expr:
        return sympy.Add(
            *(likelihood(a, flag) * (_element(a, order, flag).T * point)[0] for flag in (0, 1)), evaluate=False
        )

    return around(weighted, order, (_J,)) / around(
        lambda a: sympy.Add(*(likelihood(a, flag) for flag in (0, 1))), order, (_I,)
    )


def _axis_steps(order: Order) -> tuple[Step, ...]:
    return (
        definition(
            "For $q = p$ EM keeps that axis: from $θ = ri$, the component along the real axis of $∑_g γ_g gᵀX$,",
            _FORWARDS,
            _real_part(order, 1),
        ),
        definition("and that at $−X$.", _BACKWARDS, _real_part(order, -1)),
        meant(
            "$X$ and $−X$ have the same law:",
            related(_MEAN, "==", Mean(_FORWARDS + _BACKWARDS, _X) / 2),
            {name: Inner(DATA, Axis(n)) for n, name in enumerate(_X)},
            label="symmetry",
            under=("normal data",),
        ),
        equation(
            "these are opposite, as the exponents of $ω^a$ and $ω^as$ are, and the expectation, which is that of "
            "$M(θ)$, vanishes.",
            _MEAN,
            sympy.S.Zero,
            given=("symmetry",),
        ),
    )
