"""Steps that follow from what names stand for: norms, shares, and vectors of a plane."""

import pytest
import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.meant.vectors import Image, Inner, Planar, Reach, Stretch, Vector
from emtheory.theory.proof.step import meant
from emtheory.theory.sums import COUNT, component, family, total

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
