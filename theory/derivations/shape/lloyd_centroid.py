"""Lloyd's fixed point by symmetry: for every rotation-invariant law, only the radius depends on the law."""

import sympy

from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, STANDARD, Across, Cell, Image, Inner, Mean, Most, Vector, Vertex
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "Lloyd's fixed point for every rotation-invariant law")

_I, _J, _N = (component(name) for name in "ijn")
_RADIUS, _NORMAL_RADIUS = sympy.symbols("R_0 R_0(Gauss)", positive=True)
_LENGTH, _NORMAL_LENGTH = sympy.symbols("‖X‖ ‖Z‖", positive=True)
_OTHER, _ASIDE = sympy.symbols("⟨c_0|v_1⟩ ⟨X|w⟩", real=True)
_PROBABILITY = sympy.Symbol("p", positive=True)
_LARGEST, _LARGEST_NORMAL = sympy.symbols("max_j⟨X|v_j⟩ max_jz_j", real=True)
_LARGEST_DIRECTION = sympy.Symbol("max_j⟨Ω|v_j⟩", positive=True)
_CELL, _PROJECTION, _Z = family("u", nonnegative=True), family("x"), family("z")
_NORM, _NORMAL_NORM = Mean(_LENGTH, (_LENGTH,)), Mean(_NORMAL_LENGTH, (_NORMAL_LENGTH,))
_INVARIANT = ("rotation-invariant data",)
_SCALE = sympy.sqrt(COUNT / (COUNT - 1))
"""By which independent coordinates, their mean taken off, are longer than projections on the vertices."""

_RANDOM = (_LARGEST_NORMAL, _Z)
_MASS = Mean(Cell(0), (DATA,))
_MEANINGS = {
    _CELL[_J]: Cell(_J),
    _PROJECTION[_I]: Inner(DATA, Vertex(_I)),
    _ASIDE: Inner(DATA, Across("w")),
    _PROBABILITY: _MASS,
    _RADIUS: Mean(Cell(0) * Inner(DATA, Vertex(0)), (DATA,)) / _MASS,
    _OTHER: Mean(Cell(0) * Inner(DATA, Vertex(1)), (DATA,)) / _MASS,
    _LARGEST: Most(Inner(DATA, Vertex(_J)), _J),
}
"""What the names stand for, the data being X, v_j the vertices, and w any vector across their span."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        hypotheses=("rotation-invariant data",),
        conclusions=(
            related(Mean(_CELL[0] * _ASIDE, (_CELL, _ASIDE)), "==", 0),
            related(_OTHER, "==", -_RADIUS / (COUNT - 1)),
            related(Mean(_LARGEST, (_LARGEST,)), "==", _RADIUS),
            related(_RADIUS, "==", _NORMAL_RADIUS * _NORM / _NORMAL_NORM),
            related(_NORMAL_RADIUS, "==", _SCALE * Mean(_LARGEST_NORMAL, _RANDOM)),
        ),
        variables=(
            Variable(
                _OTHER, REAL, "the same for any two different components, $c_j$ the centroid of the cell of $v_j$"
            ),
            Variable(_RADIUS, sympy.Interval.open(0, sympy.oo), "$⟨c_j|v_j⟩$, the same for all $j$"),
            Variable(_NORMAL_RADIUS, sympy.Interval.open(0, sympy.oo), "that for $Z ~ N(0, I)$"),
        ),
        note="with $u_0 = 1$ where $X$ is in the cell of $v_0$, else 0, and $w$ across the span of the vertices, "
        "the first two conclusions are $c_0 = R_0v_0$, as these have the same inner products with all vertices "
        "and with all such $w$; the $z_j$ are independent standard normal variables",
        source="Proposition 1 of the paper, without its assumption that the data are Gaussian",
        scope="every $k$, any $d ≥ k − 1$, every radius of the initial simplex",
        steps=(*_symmetry_steps(), *_maximum_steps(), *_law_steps(), *_normal_steps()),
    )


LARGEST_MEAN = Mean(_LARGEST_NORMAL, _RANDOM)
"""Of k independent standard normal numbers."""


def _symmetry_steps() -> tuple[Step, ...]:
    random, first = (_CELL, _PROJECTION), _CELL[0]
    apart = total(Mean(first * _PROJECTION[_J], random), _J)
    together = Mean(total(first * _PROJECTION[_J], _J), random)
    return (
        meant(
            "The cell of $v_i$ is where $⟨x, v_i⟩$ is largest; it is the same for the vertices $ϱv_i$ of any radius "
            "$ϱ > 0$. The reflection of what is across the span of the vertices leaves the law and every cell as they "
            "are, so the centroids are in that span: with $u_j = 1$ if $X$ is in the cell of $v_j$, else 0,",
            related(Mean(first * _ASIDE, (_CELL, _ASIDE)), "==", 0),
            _MEANINGS,
            under=_INVARIANT,
        ),
        meant(
            "Every permutation of the vertices is an orthogonal map that permutes the cells and leaves the law "
            "unchanged. Let $p$ be the probability of one, and $x_j = ⟨X, v_j⟩$: the inner products of $pc_0$ with all "
            "vertices have the sum",
            related(apart, "==", _PROBABILITY * (_RADIUS + (COUNT - 1) * _OTHER)),
            _MEANINGS,
            label="products",
            under=_INVARIANT,
        ),
        meant("which is 0, as $∑_jv_j = 0$.", related(together, "==", 0), _MEANINGS, label="none"),
        combination(
            "Hence $c_0$ has with $v_1$, …, as $R_0v_0$ has, the inner product $−R_0/(k − 1)$.",
            related(_OTHER, "==", -_RADIUS / (COUNT - 1)),
            {"products": -1 / (_PROBABILITY * (COUNT - 1)), "none": 1 / (_PROBABILITY * (COUNT - 1))},
        ),
    )


def _maximum_steps() -> tuple[Step, ...]:
    each, cells = total(Mean(_CELL[_J], (_CELL,)), _J), Mean(total(_CELL[_J], _J), (_CELL,))
    return (
        meant(
            "$max_jx_j = ∑_iu_ix_i$, as ties have probability 0; by permutations the terms have the same mean, $pR_0$:",
            related(Mean(_LARGEST, (_LARGEST,)), "==", COUNT * _PROBABILITY * _RADIUS),
            _MEANINGS,
            label="maximum",
            under=_INVARIANT,
        ),
        meant(
            "and cells the same probability.",
            related(each, "==", COUNT * _PROBABILITY),
            _MEANINGS,
            label="equal",
            under=_INVARIANT,
        ),
        meant("They cover all but a null set:", related(cells, "==", 1), _MEANINGS, label="cover", under=_INVARIANT),
        combination(
            "this is $R_0 = E max_j⟨X, v_j⟩$, the same whatever the radius: Lloyd's iteration is at its fixed point "
            "after one step.",
            related(Mean(_LARGEST, (_LARGEST,)), "==", _RADIUS),
            {"maximum": 1, "equal": -_RADIUS, "cover": _RADIUS},
            label="radius",
        ),
    )


def _law_steps() -> tuple[Step, ...]:
    return (
        _polar_step("X", _LENGTH, Mean(_LARGEST, (_LARGEST,))),
        _polar_step("Z", _NORMAL_LENGTH, _NORMAL_RADIUS),
        combination(
            "The mean over $Ω$ is one number, so the law enters by the factor $E‖X‖/E‖Z‖$ alone.",
            related(_RADIUS, "==", _NORMAL_RADIUS * _NORM / _NORMAL_NORM),
            {"polar X": 1, "radius": -1, "polar Z": -_NORM / _NORMAL_NORM},
        ),
    )


def _of_polar(length: sympy.Symbol) -> sympy.Expr:
    """E of the largest ‖X‖⟨Ω, v_j⟩, first over the direction Ω, then over the length."""
    return Mean(Mean(length * _LARGEST_DIRECTION, (_LARGEST_DIRECTION,)), (length,))


def _polar_step(name: str, length: sympy.Symbol, radius: sympy.Expr) -> Step:
    """Separate the length of a vector with a rotation-invariant law, and a mean of the largest, from its direction."""
    return citation(
        "rotation-invariant laws",
        f"${name} = ‖{name}‖Ω$, $Ω$ uniform on the sphere and independent of $‖{name}‖$, so the mean may be taken over "
        "$Ω$ "
        f"first; $max_j⟨{name}, v_j⟩ = ‖{name}‖ max_j⟨Ω, v_j⟩$:",
        related(radius, "==", _of_polar(length)),
        label=f"polar {name}",
        under=("rotation-invariant data",),
    )


def _normal_steps() -> tuple[Step, ...]:
    s = family("s")
    z_mean, s_mean = total(_Z[_N], _N) / COUNT, total(s[_N], _N) / COUNT
    squares = total(s[_J] ** 2, _J)
    maximum = _SCALE * (_LARGEST_NORMAL - z_mean)
    return (
        equation(
            "For any $s$, $∑_js_j⟨Z, v_j⟩$ has the variance $‖∑_js_jv_j‖² = ∑_js_j² − (∑_{i≠j} s_is_j)/(k − 1)$. "
            "With independent standard normal $z_j$ this is the sum of the squares of $√(k/(k−1))(s_j − Σs/k)$,",
            squares - (total(s[_I] * s[_J], _I, _J) - squares) / (COUNT - 1),
            total((_SCALE * (s[_J] - s_mean)) ** 2, _J),
            label="variance",
        ),
        equation(
            "the variance of $∑_js_j√(k/(k−1))(z_j − Σz/k)$.",
            total(s[_J] * _SCALE * (_Z[_J] - z_mean), _J),
            total(_SCALE * (s[_J] - s_mean) * _Z[_J], _J),
            label="centred",
        ),
        citation(
            "Gaussian laws",
            "So the $⟨Z, v_j⟩$ have the law of $√(k/(k−1))(z_j − Σz/k)$, of which $√(k/(k−1))(max_jz_j − Σz/k)$ is "
            "the largest.",
            related(_NORMAL_RADIUS, "==", Mean(maximum, _RANDOM)),
            label="same law",
            given=("variance", "centred"),
        ),
        meant(
            "$Σz/k$ has the expectation 0.",
            related(total(Mean(_Z[_N], _RANDOM), _N), "==", 0),
            {
                _Z[_J]: Inner(STANDARD, Image(_J, Vector("e"))),
                _LARGEST_NORMAL: Most(Inner(STANDARD, Image(_J, Vector("e"))), _J),
            },
            label="0",
        ),
        combination(
            "$R_0(Gauss) = √(k/(k−1)) E max_jz_j$.",
            related(_NORMAL_RADIUS, "==", _SCALE * Mean(_LARGEST_NORMAL, _RANDOM)),
            {"same law": 1, "0": -_SCALE / COUNT},
        ),
    )
