"""Steps on limits, on norms and shares, and on what is not 0: what they prove, and what is a little wrong."""

from collections.abc import Mapping

import numpy as np
import pytest
import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.derivation import Derivation, check
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, STANDARD, Image, Inner, Planar, Reach, Stretch, Unit, Vector
from emtheory.theory.proof.step import LATER, limit, meant, positive
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import assumption, prose
from emtheory.theory.sums import COUNT, component, family, total

RADIUS = sympy.Symbol("r", nonnegative=True)
SIGNED = sympy.Function("S", real=True)
FIRST, SECOND, T = sympy.symbols("y_1 y_2 t", positive=True)
F, ITERATE = sympy.Function("f", real=True), sympy.Function("r", positive=True)
FACTS = (
    prose("", related(sympy.Limit(F(RADIUS) / RADIUS**4, RADIUS, 0), "==", 3), label="order"),
    prose("", related(sympy.Limit(T * ITERATE(T) ** 2, T, sympy.oo), "==", 2), label="rate"),
    prose("", related(sympy.Limit(ITERATE(T), T, sympy.oo), "==", 0), label="to 0"),
    prose("", related(sympy.Limit(SIGNED(T), T, sympy.oo), "==", 0), label="of any sign"),
)


def _limit(of: sympy.Expr, value: int, shape: sympy.Expr, along: str = "to 0") -> Step:
    places = {"order": FIRST, "rate": SECOND}
    return limit("", sympy.Limit(of, T, sympy.oo), sympy.Integer(value), shape, places, along=(along,))


def test_limits_by_continuity() -> None:
    assert check(_limit(T**2 * F(ITERATE(T)), 12, FIRST * SECOND**2), FACTS) is not None
    for of, value, shape, along in (
        (T**2 * F(ITERATE(T)), 6, FIRST * SECOND**2, "to 0"),
        (T * F(ITERATE(T)), 12, FIRST * SECOND**2, "to 0"),
        (T**2 * F(ITERATE(T)), 12, FIRST * SECOND**2, "of any sign"),
        (T**3 * F(ITERATE(T)), 12, T * FIRST * SECOND**2, "to 0"),
        (T**2 * F(ITERATE(T)) / T, 12, FIRST / SECOND, "to 0"),
    ):
        with pytest.raises(DerivationError):
            check(_limit(of, value, shape, along), FACTS)


def test_limits_of_powers_and_one_step_later() -> None:
    rate, small = T * ITERATE(T) ** 2, {"to 0": FIRST}
    later = rate.xreplace({T: T + 1})
    known = (*FACTS, prose("", related(F(RADIUS), "==", 2 * RADIUS**4 + RADIUS**5), label="size"))
    fact = prose("", related(sympy.Limit(RADIUS, RADIUS, 0), "==", 0), label="radius")
    for of, value, shape, places in (
        (later / rate, 1, LATER(SECOND) / SECOND, {"rate": SECOND}),
        (sympy.sqrt(rate), sympy.sqrt(2), sympy.sqrt(SECOND), {"rate": SECOND}),
    ):
        assert check(limit("", sympy.Limit(of, T, sympy.oo), value, shape, places), known) is not None
        with pytest.raises(DerivationError):
            check(limit("", sympy.Limit(of, T, sympy.oo), 2 * value, shape, places), known)
    grows = prose("", related(sympy.Limit(SIGNED(T), T, sympy.oo), "==", sympy.oo), label="grows")
    for of, value in ((SIGNED(T) - SIGNED(T) + 1, sympy.oo), (SIGNED(T), sympy.oo), (SIGNED(T) ** 2, 4)):
        infinite = limit("", sympy.Limit(of, T, sympy.oo), value, of.xreplace({SIGNED(T): FIRST}), {"grows": FIRST})
        with pytest.raises(DerivationError, match="no finite limit"):
            check(infinite, (grows,))
    for power in (-1, sympy.S.Half):
        with pytest.raises(DerivationError, match="made of powers"):
            check(limit("", sympy.Limit(ITERATE(T) ** power, T, sympy.oo), 0, FIRST**power, small), known)
    of, places = sympy.Limit(F(RADIUS) / RADIUS**4, RADIUS, 0), {"radius": FIRST}
    assert check(limit("", of, 2, 2 + FIRST, places, given=("size",)), (*known, fact)) is not None
    for value, given in ((3, ("size",)), (2, ())):
        with pytest.raises(DerivationError):
            check(limit("", of, value, value + FIRST, places, given=given), (*known, fact))


R, A, X = sympy.symbols("r a x", real=True)
HALF = sympy.Symbol("y", positive=True)
SIZE = R**2 + A**2
PREMISES = (
    assumption("", related(SIZE, "!=", 0), label="not 0"),
    assumption("", related(0, "<=", SIZE), label="any"),
    assumption("", related(0, "<", R**2), label="r"),
)
TANGENT = sympy.tanh(R * X + A)
E, NORMAL = Inner(DATA, Unit("e")), ("normal data",)


def said(
    value: sympy.Expr,
    *points: sympy.Expr | int,
    unless: str = "not 0",
    name: sympy.Symbol = X,
    meaning: sympy.Expr = E,
    under: tuple[str, ...] = NORMAL,
) -> Step:
    formula = related(0, "<", Mean(value, (name,)) if points else value)
    if not points:
        return positive("", formula, unless)
    return positive("", formula, unless, points=points, meanings={name: meaning}, under=under)


def test_what_is_so() -> None:
    for step in (
        said(X**2 * TANGENT**2, 1, -1),
        said(X**2 * TANGENT**2 / (1 + X**2), 1, -1),
        said(sympy.Abs(TANGENT), 2, 3, meaning=Inner(STANDARD, Unit("e")), under=()),
        said(TANGENT.subs(X, 1) ** 2 + TANGENT.subs(X, -1) ** 2),
        said(sympy.exp(A) * sympy.tanh(R) ** 2, unless="r"),
    ):
        assert check(step, PREMISES) is not None


NODES, MASS = np.polynomial.hermite_e.hermegauss(60)

FALSE: Mapping[str, tuple[Step, dict[sympy.Symbol, int], np.ndarray]] = {
    "0 where r is": (said(X**2 * sympy.tanh(R * X) ** 2, 1, -1), {R: 0, A: 1}, NODES),
    "of both signs": (said(X**2 * TANGENT, 1, -1), {R: 0, A: -1}, NODES),
    "with nothing premised": (said(X**2 * TANGENT**2, 1, -1, unless="any"), {R: 0, A: 0}, NODES),
    "of another parameter": (said(TANGENT.subs(R, 0) ** 2, 1, unless="r"), {R: 1, A: 0}, NODES),
    "positive at 0 alone": (said((1 - sympy.sign(X) ** 2) * SIZE, 0), {R: 1, A: 1}, NODES),
    "positive on half of the line": (said(HALF * SIZE, 1, name=HALF), {R: 1, A: 1}, NODES),
    "looked at off the line": (
        said(sympy.Abs(sympy.tanh(sympy.Abs(X)) - sympy.Abs(sympy.tanh(X))) * SIZE, sympy.I),
        {R: 1, A: 1},
        NODES,
    ),
    "of a vector that may be 0": (said(X**2 * SIZE, 1, meaning=Inner(DATA, Vector("h"))), {R: 1, A: 1}, 0 * NODES),
    "of a law that has gaps": (
        said(((X + 1) ** 2 - 1) ** 2 * SIZE, 1, under=("rotation-invariant data",)),
        {R: 1, A: 1},
        -2 * np.isin(np.arange(60), range(0, 60, 2)),
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_not_so_is_refused(name: str) -> None:
    step, values, sample = FALSE[name]
    with pytest.raises(DerivationError):
        check(step, PREMISES)
    value, (random,) = step.formula.rhs.args
    numbers = sympy.lambdify(random, value.subs(values), "numpy")(sample) * np.ones(len(NODES))
    assert float(MASS @ numbers) <= 1e-12


def test_a_point_too_many_and_a_product_that_vanishes_are_refused() -> None:
    for step in (said(X**2 * TANGENT**2, 1, -1, 2), said(R**2 * sympy.tanh(A) ** 2), said(X**2 * TANGENT**2, 1)):
        with pytest.raises(DerivationError):
            check(step, PREMISES)


def test_what_stands_for_a_function_of_the_data_is_no_constant() -> None:
    """E X² = 1, and yet 0 < E[(x − z)²] is false for z that stands for X, too."""
    other = sympy.Symbol("z", real=True)
    steps = (
        meant("", related(Mean(other**2, (other,)), "==", 1), {other: E}, label="z", under=NORMAL),
        assumption("", related(other, "!=", 0), label="z is not 0"),
        positive(
            "", related(0, "<", Mean((X - other) ** 2, (X,))), "z is not 0", points=(0,), meanings={X: E}, under=NORMAL
        ),
    )
    conclusions = (steps[0].formula, sympy.Implies(steps[1].formula, steps[2].formula, evaluate=False))
    statement = Proposition(conclusions, (Variable(other, sympy.S.Reals),), NORMAL)
    with pytest.raises(DerivationError, match="takes what a name stands for as constant"):
        Derivation("other", "", statement, "", "", None, steps)


L, J, N, M = (component(name) for name in "ijnm")
PI, B = family("pi", positive=True), family("b")
G, D, U, V = family("g", positive=True), family("d", nonnegative=True), Vector("u"), Vector("v")
SHARE = G[J] / total(G[N], N)
CENTRED = Image(J, U) - total(PI[N] * Image(N, U), N)
NORMS = {
    name: sympy.sqrt(Inner(vector, vector))
    for name, vector in zip(
        sympy.symbols("n_u n_v n_+ n_c", nonnegative=True), (U, V, 2 * U - 3 * V, CENTRED), strict=True
    )
}
NORM_U, NORM_V, NORM_SUM, NORM_CENTRED = NORMS
ONE, TWO = sympy.symbols("σ ρ", nonnegative=True)
MAPS_APART = {
    ONE: Stretch(total(PI[J] * Image(J, U), J), U),
    TWO: Stretch(total(PI[J] * Image(COUNT + J, U), J), U),
    D[J]: Reach(Image(J, U) - Image(COUNT + J, U), U),
}
BOTH_LAWS = ("weights", "orthogonal maps")


@pytest.mark.parametrize(
    ("right", "names", "under", "wrong"),
    [
        (
            related(SHARE, "<=", 1),
            {},
            (),
            (
                related(2 * SHARE, "<=", 1),
                related(B[J] / total(B[N], N), "<=", 1),
                related(G[J] / total(G[N], N) ** 2, "<=", 1),
                related(SHARE, "<=", sympy.S.Half),
                related(G[J] / sympy.Sum(G[N], (N, 0, L)), "<=", 1),
            ),
        ),
        (
            related(NORM_SUM, "<=", 2 * NORM_U + 3 * NORM_V),
            NORMS,
            (),
            (
                related(NORM_SUM, "<=", 2 * NORM_U + 2 * NORM_V),
                related(NORM_SUM, "<=", 2 * NORM_U - 3 * NORM_V),
                related(NORM_SUM**2, "<=", 2 * NORM_U + 3 * NORM_V),
                related(2 * NORM_U + 3 * NORM_V, "<=", NORM_SUM),
                related(-NORM_U, "<=", -2 * NORM_U),
            ),
        ),
        (
            related(NORM_CENTRED, "<=", 2 * NORM_U),
            NORMS,
            BOTH_LAWS,
            (related(NORM_CENTRED, "<=", NORM_U), related(NORM_CENTRED, "<=", 2 * NORM_V)),
        ),
        (
            related(ONE - TWO, "<=", total(PI[J] * D[J], J)),
            MAPS_APART,
            (),
            (
                related(ONE + TWO, "<=", total(PI[J] * D[J], J)),
                related(2 * ONE - TWO, "<=", total(PI[J] * D[J], J)),
                related(ONE - TWO, "<=", total(PI[J] ** 2 * D[J], J)),
                related(ONE - TWO, "<=", total(PI[J] * D[J], J) / 2),
                related(ONE - TWO, "<=", -total(PI[J] * D[J], J)),
                related(total(PI[J] * D[J], J), "<=", ONE - TWO),
                related(ONE, "<=", total(PI[J] * D[J], J)),
            ),
        ),
    ],
)
def test_norms_and_shares(
    right: sympy.Rel, names: dict[sympy.Basic, sympy.Expr], under: tuple[str, ...], wrong: tuple[sympy.Rel, ...]
) -> None:
    assert check(meant("", right, names, under=under)) is not None
    for formula in wrong:
        with pytest.raises(DerivationError):
            check(meant("", formula, names, under=under))
    for fewer in (tuple(law for law in under if law != left) for left in under):
        with pytest.raises(DerivationError):
            check(meant("", right, names, under=fewer))


def test_least_and_largest_norms_are_of_linear_maps() -> None:
    crooked = {**MAPS_APART, ONE: Stretch(total(PI[J] * Image(J, U) + V, J), U)}
    with pytest.raises(DerivationError):
        check(meant("", related(ONE - TWO, "<=", total(PI[J] * D[J], J)), crooked))


def test_a_vector_of_a_plane_is_turned_by_the_angle_of_its_frequency() -> None:
    turned, one = family("c"), sympy.Symbol("‖c‖²", nonnegative=True)
    names = {turned[L, J]: Inner(Image(L, Planar(M)), Image(J, Planar(M))), one: Inner(Planar(M), Planar(M))}
    cosine = (generic_root((J - L) * M) + generic_root((L - J) * M)) / 2
    assert check(meant("", related(turned[L, J], "==", cosine), names, under=("cyclic maps",))) is not None
    assert check(meant("", related(one, "==", 1), names)) is not None
    for value, under in (
        (generic_root((J - L) * M), "cyclic maps"),
        (cosine.xreplace({M: M + 1}), "cyclic maps"),
        (cosine, "orthogonal maps"),
    ):
        with pytest.raises(DerivationError):
            check(meant("", related(turned[L, J], "==", value), names, under=(under,)))
