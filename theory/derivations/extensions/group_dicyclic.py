"""Dicyclic groups acting on R⁴ as unit quaternions, among them the quaternion group: AᵀA is a multiple of I."""

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

import sympy
from sympy import ImmutableMatrix, MatMul, MatrixSymbol, ZeroMatrix
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.groups import (
    Order,
    Quaternion,
    around,
    cosine,
    dicyclic_element,
    left_multiplication,
    quaternion_product,
    sine,
)
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, equation
from emtheory.theory.proof.words import definition
from emtheory.theory.sums import COUNT, component, family

STATEMENT = Statement(__name__, "$A$ for the dicyclic group of order $4k$ on $R⁴$ ($k = 2$: the quaternion group)", 6)

Weight: TypeAlias = Callable[[sympy.IndexedBase, sympy.Expr, sympy.Expr], sympy.Expr]
"""Of ζ^{a+h} or ζ^{a+h}j, by the family, a < k, and h = 0 or k."""

_I, _J = component("i"), component("j")
_P, _Q = family("p", positive=True), family("q", positive=True)
_PARTS = sympy.symbols("x y u v", real=True)
_U, _G, _H, _START, _MEAN = (sympy.symbols(f"{name}_:4", real=True) for name in ("u", "g", "h", "theta", "ĝ"))
_POWER = sympy.Symbol("beta", real=True)
_QUARTIC, _SUM, _OTHER_SUM = sympy.symbols("q s s'", real=True)
_DOUBLED = sympy.symbols("c_1 s_1 c_2 s_2", real=True)
_A, _BALANCED, _IMAGE = MatrixSymbol("A", 4, 4), MatrixSymbol("A_±", 4, 4), MatrixSymbol("M", 4, 1)


def derive(k: int) -> Derivation:
    return _derivation(k, k)


def derive_general() -> Derivation:
    return _derivation(COUNT, None)


def _derivation(order: Order, k: int | None) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            *(Variable(symbol, REAL) for symbol in (*_U, *_G, *_H)),
            *(Variable(symbol, REAL, "a coordinate of $θ$") for symbol in _START),
            Variable(
                _IMAGE,
                MatrixSet(4, 1, sympy.Reals),
                "$(I − B(θ))θ$, $B = E GᵀG$: what $M(θ)$ is for data $N(0, I)$ and all weights (statement "
                "stein-identity)",
            ),
            *(Variable(index, sympy.S.Naturals0, "a power") for index in (_I, _J)),
        ),
        conclusions=(
            related(_A, "==", left_multiplication(_PARTS)),
            related(*_square(_PARTS)),
            related(_IMAGE, "==", (1 - _POWER) * ImmutableMatrix(_START)),
            related(_BALANCED, "==", ZeroMatrix(4, 4)),
            related(*_PRODUCTS),
            related(_QUARTIC, "==", _CONSTANT),
            *(step.formula for step in (_quaternion_steps()[0], *_group_steps(order))),
        ),
        note="$A = ∑_a p_aL(ζ^a) + q_aL(ζ^aj)$, $0 ≤ a < 2k$, $ζ = e^{πi/k}$, $P = x + iy = ∑ p_aζ^a$ and $Q = u + "
        "iv = ∑ q_aζ^a$: $A$ is $L(P + Qj)$, and $AᵀA = (|P|² + |Q|²) I$, so that $A$ vanishes if and only if "
        "$P = Q = 0$; $β$ is $E|ĝ|²$ for the posterior in place of the weights. $A_±$ is $A$ where $g$ and "
        "$−g$ have equal weights, uniform or not: $p_a/2$ for $±ζ^a$ and $q_a/2$ for $±ζ^aj$, $0 ≤ a < k$. "
        "Then $q$ is the constant of statement degenerate-directions, the same for every $u$ by the fifth "
        "conclusion, $⟨gu, hu⟩ = ⟨g, h⟩‖u‖²$; $s = ∑p_a$, $s' = ∑q_a$, $c_1 + is_1 = ∑p_aζ^{2a}$ and $c_2 + "
        "is_2 = ∑q_aζ^{2a}$",
        source="not in the paper, whose maps are the powers of one rotation; open question 1",
        scope=f"{'every $k ≥ 2$' if k is None else f'$k = {k}$'}: the dicyclic group of order $4k$ ($k = 2$: the "
        "quaternion group) on $R⁴$, all weights, every $θ$",
        k=k,
        steps=(
            *_quaternion_steps(),
            *_group_steps(order),
            *_matrix_steps(order),
            *_operator_steps(),
            *_balanced_steps(order),
            *_constant_steps(order),
        ),
    )


def _inner(g: Quaternion, h: Quaternion) -> sympy.Expr:
    return sympy.Add(*(a * b for a, b in zip(g, h, strict=True)))


def _square(q: Quaternion) -> tuple[sympy.Basic, str, sympy.Basic]:
    """L(q)ᵀL(q) = |q|² I."""
    L = left_multiplication(q)
    return MatMul(L.T, L), "==", _inner(q, q) * ImmutableMatrix.eye(4)


_PRODUCTS = _inner(quaternion_product(_G, _U), quaternion_product(_H, _U)), "==", _inner(_G, _H) * _inner(_U, _U)
"""⟨gu, hu⟩ = ⟨g, h⟩‖u‖²."""


_CONSTANT = (_SUM**2 + _OTHER_SUM**2 + _inner(_DOUBLED, _DOUBLED)) / 2


def _sides(relation: tuple[sympy.Basic, str, sympy.Basic]) -> tuple[sympy.Basic, sympy.Basic]:
    return relation[0], relation[2]


def _quaternion_steps() -> tuple[Step, ...]:
    return (
        equation(
            "Left multiplications $L(q)$ represent the quaternions.",
            MatMul(left_multiplication(_G), left_multiplication(_H)),
            left_multiplication(quaternion_product(_G, _H)),
        ),
        equation(
            "$L(q)ᵀL(q) = |q|² I$: unit quaternions act orthogonally, and every real combination of them is a "
            "multiple of an orthogonal map.",
            *_sides(_square(_PARTS)),
        ),
    )


def _group_steps(order: Order) -> tuple[Step, ...]:
    def power(a: Order, times_j: bool = False) -> sympy.ImmutableMatrix:
        return left_multiplication(dicyclic_element(a, order, times_j=times_j))

    j, first = power(0, times_j=True), power(_I)
    return (
        equation("The group: $ζ^a ζ^b = ζ^{a+b}$,", MatMul(first, power(_J)), power(_I + _J)),
        equation("$ζ^a j$ is the element of that name,", MatMul(first, j), power(_I, times_j=True)),
        equation("$j² = ζ^k$", MatMul(j, j), power(order)),
        equation("which is −1,", power(_I + order), -first),
        equation("and $jζ^a = ζ^{−a}j$.", MatMul(j, first), MatMul(power(-_I), j)),
    )


def _matrix(order: Order, weight: Weight) -> sympy.ImmutableMatrix:
    """Σ_g π_g L(g) over the whole group, weighted."""

    def mean(row: int, column: int) -> sympy.Expr:
        return sympy.Add(
            *(
                around(
                    lambda a, w=w, flag=flag, half=half: (
                        weight(w, a, half)
                        * left_multiplication(dicyclic_element(a + half, order, times_j=flag))[row, column]
                    ),
                    order,
                    (_J,),
                )
                for w, flag in ((_P, False), (_Q, True))
                for half in (0, order)
            )
        )

    return ImmutableMatrix(4, 4, mean)


def _matrix_steps(order: Order) -> tuple[Step, ...]:
    values = [
        sympy.Add(
            *(
                around(lambda a, w=w, part=part, half=half: w[a + half] * part(a + half, 2 * order), order, (_J,))
                for half in (0, order)
            )
        )
        for w in (_P, _Q)
        for part in (cosine, sine)
    ]
    names = ("$P = ∑_a p_aζ^a$ has the real part", "and the imaginary part", "$Q = ∑_a q_aζ^a$", "likewise.")
    return (
        *(definition(name, part, value) for name, part, value in zip(names, _PARTS, values, strict=True)),
        definition("Let $A = ∑ π_g L(g)$.", _A, _matrix(order, lambda w, a, half: w[a + half])),
        equation("It is $L(P + Qj)$, so $AᵀA = (|P|² + |Q|²) I$.", _A, left_multiplication(_PARTS)),
    )


def _operator_steps() -> tuple[Step, ...]:
    start, G = ImmutableMatrix(_START), left_multiplication(_MEAN)
    averaged = (start - G.T * G * start).applyfunc(lambda entry: Mean(entry, _MEAN))
    return (
        definition(
            "With the posterior in place of the weights it is $G = L(ĝ)$, with a random quaternion $ĝ$: $(I − E GᵀG)θ$ "
            "is",
            _IMAGE,
            averaged,
        ),
        definition("With $β(θ) = E|ĝ|²$", _POWER, Mean(_inner(_MEAN, _MEAN), _MEAN)),
        equation(
            "it is $(1 − β(θ))θ$: EM keeps the direction of every start, and all directions contract alike.",
            _IMAGE,
            (1 - _POWER) * start,
        ),
    )


def _balanced_steps(order: Order) -> tuple[Step, ...]:
    return (
        definition(
            "With the same weights on $g$ and $−g$, uniform or not, $A$ is",
            _BALANCED,
            _matrix(order, lambda w, a, _half: w[a] / 2),
        ),
        equation("zero, as $ζ^{a+k} = −ζ^a$.", _BALANCED, ZeroMatrix(4, 4)),
        equation("$⟨gu, hu⟩ = ⟨g, h⟩‖u‖²$ for all quaternions $g$ and $h$.", *_sides(_PRODUCTS)),
    )


def _constant_steps(order: Order) -> tuple[Step, ...]:
    parts = ("real", "imaginary")
    doubled = [
        around(lambda a, w=w, part=part: w[a] * part(a, order), order, (_J,))
        for w in (_P, _Q)
        for part in (cosine, sine)
    ]

    def overlap(a: Order, b: Order) -> sympy.Expr:
        elements = [
            [
                (w[index] / 2, dicyclic_element(index + half, order, times_j=flag))
                for w, flag in ((_P, False), (_Q, True))
                for half in (0, order)
            ]
            for index in (a, b)
        ]
        return sympy.Add(*(v * w * sympy.expand(_inner(g, h)) ** 2 for (v, g), (w, h) in product(*elements)))

    return (
        definition(
            "For $‖u‖ = 1$, $∑ π_gπ_h⟨gu, hu⟩²$ over all $g$ and $h$ is, by these products, $∑ π_gπ_h⟨g, h⟩²$:",
            _QUARTIC,
            around(overlap, order, (_I, _J)),
        ),
        definition("With $s = ∑p_a$", _SUM, around(lambda a: _P[a], order, (_J,))),
        definition("and $s' = ∑q_a$,", _OTHER_SUM, around(lambda a: _Q[a], order, (_J,))),
        *(
            definition(f"the {part} part of $∑_a {name}_aζ^{{2a}}$", symbol, value)
            for (name, part), symbol, value in zip(product("pq", parts), _DOUBLED, doubled, strict=True)
        ),
        equation("it is $(s² + s'² + |∑p_aζ^{2a}|² + |∑q_aζ^{2a}|²)/2$.", _QUARTIC, _CONSTANT),
    )
