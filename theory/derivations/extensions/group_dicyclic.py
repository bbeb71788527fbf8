"""Dicyclic groups acting on R⁴ as unit quaternions, among them the quaternion group: AᵀA is a multiple of I."""

import sympy
from sympy import ImmutableMatrix, MatAdd, MatMul

from emtheory.theory.derivation import Derivation, Statement, Step, equation, prose
from emtheory.theory.groups import Quaternion, cosine, dicyclic_element, left_multiplication, quaternion_product, sine

STATEMENT = Statement("A for the dicyclic group of order 4k on R⁴ (k = 2: the quaternion group)", 6)


def derive(k: int) -> Derivation:
    """Derive AᵀA = (|P|² + |Q|²) I for weights p_a on ζ^a and q_a on ζ^a j, a = 0..2k−1, k ≥ 2."""
    return Derivation(
        name="group-dicyclic",
        title=STATEMENT.title,
        statement="AᵀA = (|P|² + |Q|²) I with P = Σ p_aζ^a, Q = Σ q_aζ^a, ζ = e^{πi/k}; M(θ) = (1 − β(θ))θ for every "
        "θ; A vanishes if and only if P = Q = 0, e.g. if g and −g have equal weights, which need not be uniform",
        source="not in the paper, whose maps are the powers of one rotation; open question 1",
        scope=f"the dicyclic group of order 4·{k} (k = 2: the quaternion group) on R⁴, all weights, every θ",
        k=k,
        steps=(*_quaternion_steps(k), *_matrix_steps(k), *_degenerate_steps(k)),
    )


def _quaternion_steps(k: int) -> tuple[Step, ...]:
    p, q = sympy.symbols("w x y z", real=True), sympy.symbols("a b c d", real=True)
    norm = sympy.Add(*(value**2 for value in q))
    powers = [left_multiplication(dicyclic_element(a, k)) for a in range(2 * k)]
    zeta, j = powers[1], left_multiplication(dicyclic_element(0, k, times_j=True))
    return (
        equation(
            "Left multiplications L(q) represent the quaternions,",
            MatMul(left_multiplication(p), left_multiplication(q)),
            left_multiplication(quaternion_product(p, q)),
        ),
        equation(
            "and L(q)ᵀL(q) = |q|² I: unit quaternions act orthogonally, and every real combination of them is a "
            "multiple of an orthogonal map.",
            MatMul(left_multiplication(q).T, left_multiplication(q)),
            norm * ImmutableMatrix.eye(4),
        ),
        equation(
            "The group: ζ^a ζ = ζ^{a+1} round the circle of 2k elements,",
            MatMul(ImmutableMatrix.vstack(*powers), zeta),
            ImmutableMatrix.vstack(*powers[1:], ImmutableMatrix.eye(4)),
        ),
        equation("j² = ζ^k = −1,", MatMul(j, j), powers[k]),
        equation("and jζ = ζ^{−1}j.", MatMul(j, zeta), MatMul(powers[-1], j)),
    )


def _matrix_steps(k: int) -> tuple[Step, ...]:
    p, q = sympy.symbols(f"p_:{2 * k}", real=True), sympy.symbols(f"q_:{2 * k}", real=True)
    mean = MatAdd(
        *(p[a] * left_multiplication(dicyclic_element(a, k)) for a in range(2 * k)),
        *(q[a] * left_multiplication(dicyclic_element(a, k, times_j=True)) for a in range(2 * k)),
    )
    parts = [sum(w[a] * part(a, 2 * k) for a in range(2 * k)) for w in (p, q) for part in (cosine, sine)]
    return (
        equation(
            "A = Σ π_g L(g) = L(P + Qj), so AᵀA = (|P|² + |Q|²) I by the second step.",
            mean,
            left_multiplication((parts[0], parts[1], parts[2], parts[3])),
        ),
        prose(
            "The same with the posterior in place of the weights: GᵀG = |ĝ|² I, so M(θ) = (I − E GᵀG)θ = (1 − β(θ))θ. "
            "EM keeps the direction of every start, and all directions contract alike."
        ),
    )


def _degenerate_steps(k: int) -> tuple[Step, ...]:
    p, q = sympy.symbols(f"p_:{k}", real=True), sympy.symbols(f"q_:{k}", real=True)
    u, first, second = (sympy.symbols(f"{name}_:4", real=True) for name in "ugh")
    column = ImmutableMatrix(u)
    elements = [dicyclic_element(a, k, times_j=flag) for flag in (False, True) for a in range(k)]
    weights = (*p, *q)
    pairs = [(g, h) for g in range(2 * k) for h in range(2 * k)]

    def inner(g: Quaternion, h: Quaternion) -> sympy.Expr:
        return sympy.Add(*(a * b for a, b in zip(g, h, strict=True)))

    doubled = [2 * sum(w[a] * part(a, k) for a in range(k)) for w in (p, q) for part in (cosine, sine)]
    return (
        equation(
            "ζ^{a+k} = −ζ^a: equal weights on g and −g, uniform or not, make A = 0.",
            MatAdd(
                *(
                    weights[g] * (left_multiplication(dicyclic_element(g % k + shift, k, times_j=g >= k)))
                    for g in range(2 * k)
                    for shift in (0, k)
                )
            ),
            ImmutableMatrix.zeros(4),
        ),
        equation(
            "⟨gu, hu⟩ = ⟨g, h⟩‖u‖² for all quaternions g and h.",
            MatMul(column.T, left_multiplication(first).T, left_multiplication(second), column),
            ImmutableMatrix([[inner(first, second) * inner(u, u)]]),
        ),
        equation(
            "Hence q = Σ π_gπ_h⟨gu, hu⟩² (statement degenerate-directions) is the same in all directions. With "
            "weights p_a on ±ζ^a and q_a on ±ζ^aj together, Σp = s and Σq = s', q = (s² + s'² + |Σp_aζ^{2a}|² + "
            "|Σq_aζ^{2a}|²)/2.",
            sympy.Add(*(weights[g] * weights[h] * inner(elements[g], elements[h]) ** 2 for g, h in pairs)),
            (sympy.Add(*p) ** 2 + sympy.Add(*q) ** 2 + sympy.Add(*(part**2 / 4 for part in doubled))) / 2,
        ),
    )
