"""Lloyd's fixed point by symmetry: for every rotation-invariant law, only the radius depends on the law."""

import sympy

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, combination, equation
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement("Lloyd's fixed point for every rotation-invariant law", 0, general=True)

_I, _J, _N = (component(name) for name in "ijn")
_RADIUS, _NORMAL_RADIUS = sympy.symbols("R_0 R_0(Gauss)", positive=True)
_LENGTH, _NORMAL_LENGTH = sympy.symbols("‖X‖ ‖Z‖", positive=True)
_OTHER = sympy.Symbol("⟨c_0|v_1⟩", real=True)
_PROBABILITY = sympy.Symbol("p", positive=True)
_LARGEST, _LARGEST_NORMAL = sympy.symbols("max_j⟨X|v_j⟩ max_jz_j", real=True)
_LARGEST_DIRECTION = sympy.Symbol("max_j⟨Ω|v_j⟩", positive=True)
_CELL, _PROJECTION, _Z = family("u", nonnegative=True), family("x"), family("z")
_NORM, _NORMAL_NORM = Mean(_LENGTH, (_LENGTH,)), Mean(_NORMAL_LENGTH, (_NORMAL_LENGTH,))
_SCALE = sympy.sqrt(COUNT / (COUNT - 1))
"""By which independent coordinates, their mean taken off, are longer than projections on the vertices."""


def _statement() -> Proposition:
    return Proposition(
        hypotheses=("rotation-invariant data",),
        conclusions=(
            related(_OTHER, "==", -_RADIUS / (COUNT - 1)),
            related(Mean(_LARGEST, (_LARGEST,)), "==", _RADIUS),
            related(_RADIUS, "==", _NORMAL_RADIUS * _NORM / _NORMAL_NORM),
            related(_NORMAL_RADIUS, "==", _SCALE * _normal_mean(_LARGEST_NORMAL)),
        ),
        variables=(
            Variable(
                _OTHER, REAL, "the same for any two different components, $c_j$ the centroid of the cell of $v_j$"
            ),
            Variable(_RADIUS, sympy.Interval.open(0, sympy.oo), "$⟨c_j|v_j⟩$, the same for all $j$"),
            Variable(_NORMAL_RADIUS, sympy.Interval.open(0, sympy.oo), "that for $Z ~ N(0, I)$"),
        ),
        note="the first conclusion is $c_j = R_0v_j$, as these have the same inner products with all vertices, "
        "whose span they are in; the $z_j$ are independent standard normal variables",
    )


def derive_general() -> Derivation:
    """Derive that the centroid of the cell of v_i is R_0 v_i with R_0 = E max_j ⟨X, v_j⟩."""
    return STATEMENT.derivation(
        name="lloyd-centroid",
        statement=_statement(),
        source="Proposition 1 of the paper, without its assumption that the data are Gaussian",
        scope="every $k$, any $d ≥ k − 1$, every radius of the initial simplex",
        steps=(*_symmetry_steps(), *_maximum_steps(), *_law_steps(), *_normal_steps()),
    )


def _normal_mean(value: sympy.Expr) -> sympy.Expr:
    return Mean(value, (_LARGEST_NORMAL, _Z))


def _symmetry_steps() -> tuple[Step, ...]:
    first = family("delta", nonnegative=True)
    products = total(_OTHER + (_RADIUS - _OTHER) * first[_J], _J)
    return (
        prose(
            "The cell of $v_i$ is where $⟨x, v_i⟩$ is largest; it is the same for the vertices $ϱv_i$ of any radius "
            "$ϱ > 0$. Every permutation of the vertices is an orthogonal map $Q$ of $R^d$ that fixes the complement "
            "of their span. It leaves the law unchanged and permutes the cells, hence the centroids: cells have "
            "equal probability, and $Qc_i = c_σ(i)$. The reflection of the complement maps each cell to itself, so "
            "the $c_i$ lie in the span.",
            under=("rotation-invariant data",),
        ),
        prose(
            "So $⟨c_0, v_0⟩ = R_0$ is the same for all components, and the other $⟨c_0, v_j⟩$ are equal to each "
            "other: $⟨c_0, v_j⟩ = ⟨c_0, v_1⟩ + (R_0 − ⟨c_0, v_1⟩)δ_j$, where $δ_j$ is 1 for $j = 0$ and else 0. "
            "Their sum is 0, as $∑_jv_j = 0$.",
            related(products, "==", 0),
            label="products",
        ),
        prose("One component is the first.", related(total(first[_J], _J), "==", 1), label="one"),
        combination(
            "Hence $c_0$ has with $v_1$, …, as $R_0v_0$ has, the inner product $−R_0/(k − 1)$.",
            _OTHER,
            "==",
            -_RADIUS / (COUNT - 1),
            {"products": 1 / (COUNT - 1), "one": -(_RADIUS - _OTHER) / (COUNT - 1)},
        ),
    )


def _maximum_steps() -> tuple[Step, ...]:
    random = (_CELL, _PROJECTION)
    shares, cells = total(_CELL[_I] * _PROJECTION[_I], _I), total(_CELL[_J], _J)
    return (
        prose(
            "With $x_i = ⟨X, v_i⟩$, and $u_i = 1$ if $X$ is in the cell of $v_i$, else 0: $max_jx_j = ∑_iu_ix_i$, "
            "as ties have probability 0.",
            related(Mean(_LARGEST, (_LARGEST,)), "==", Mean(shares, random)),
            label="maximum",
        ),
        prose("The cells cover all but a null set", related(cells, "==", 1), label="cover"),
        equation("so that their probabilities add up to 1", Mean(cells, random), 1, given=("cover",), label="sum"),
        prose(
            "and are equal,",
            related(Mean(_CELL[_J], random), "==", _PROBABILITY),
            label="probability",
            under=("rotation-invariant data",),
        ),
        equation(
            "which makes each of them $1/k$.",
            total(Mean(_CELL[_J], random), _J),
            COUNT * _PROBABILITY,
            given=("probability",),
            label="equal",
        ),
        prose(
            "The centroid of a cell is the mean of $u_iX$ over its probability:",
            related(Mean(_CELL[_I] * _PROJECTION[_I], random), "==", _PROBABILITY * _RADIUS),
            label="centroid",
        ),
        equation(
            "summed over the $k$ cells",
            total(Mean(_CELL[_I] * _PROJECTION[_I], random), _I),
            COUNT * _PROBABILITY * _RADIUS,
            given=("centroid",),
            label="shares",
        ),
        combination(
            "this is $R_0 = E max_j⟨X, v_j⟩$, the same whatever the radius: Lloyd's iteration is at its fixed point "
            "after one step.",
            Mean(_LARGEST, (_LARGEST,)),
            "==",
            _RADIUS,
            {"maximum": 1, "shares": 1, "sum": _RADIUS, "equal": -_RADIUS},
            label="radius",
        ),
    )


def _law_steps() -> tuple[Step, ...]:
    return (
        _polar_step("X", _LENGTH, _RADIUS, ("radius",)),
        _polar_step("Z", _NORMAL_LENGTH, _NORMAL_RADIUS),
        combination(
            "The mean over $Ω$ is one number, so the law enters by the factor $E‖X‖/E‖Z‖$ alone.",
            _RADIUS,
            "==",
            _NORMAL_RADIUS * _NORM / _NORMAL_NORM,
            {"polar X": 1, "polar Z": -_NORM / _NORMAL_NORM},
        ),
    )


def _of_polar(length: sympy.Symbol) -> sympy.Expr:
    """E of the largest ‖X‖⟨Ω, v_j⟩, first over the direction Ω, then over the length."""
    return Mean(Mean(length * _LARGEST_DIRECTION, (_LARGEST_DIRECTION,)), (length,))


def _polar_step(name: str, length: sympy.Symbol, radius: sympy.Symbol, given: tuple[str, ...] = ()) -> Step:
    """Separate the length of a vector with a rotation-invariant law, of a given R_0, from its direction."""
    return prose(
        f"${name} = ‖{name}‖Ω$, $Ω$ uniform on the sphere and independent of $‖{name}‖$, so the mean may be taken over "
        "$Ω$ "
        f"first; $max_j⟨{name}, v_j⟩ = ‖{name}‖ max_j⟨Ω, v_j⟩$:",
        related(radius, "==", _of_polar(length)),
        label=f"polar {name}",
        given=given,
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
            related(_NORMAL_RADIUS, "==", _normal_mean(maximum)),
            label="same law",
            given=("variance", "centred"),
        ),
        prose("$E z_n = 0$.", related(_normal_mean(_Z[_N]), "==", 0), label="standard"),
        equation(
            "$Σz/k$ has the expectation 0.",
            total(_normal_mean(_Z[_N]), _N),
            sympy.S.Zero,
            given=("standard",),
            label="0",
        ),
        combination(
            "$R_0(Gauss) = √(k/(k−1)) E max_jz_j$.",
            _NORMAL_RADIUS,
            "==",
            _SCALE * _normal_mean(_LARGEST_NORMAL),
            {"same law": 1, "0": -_SCALE / COUNT},
        ),
    )
