"""Exponential moments of a step of EM: normal ones, whose variance is free of the number of components and of d."""

import sympy
from sympy import Interval, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.vectors import Image, Inner, Mean, Unit, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "exponential moments of a step of EM")

_I, _J, _L = (component(name) for name in "ijl")
_G, _PRODUCTS = family("w", positive=True), family("a")
_SIZE, _NORM, _ROOT = sympy.symbols("s r zeta", positive=True)
_MOST = sympy.Symbol("p", positive=True)
_ACROSS, _ALONG = sympy.symbols("b q", nonnegative=True)
_MEAN, _RADIAL, _PART, _SIDE, _COMMON = sympy.symbols("m a x z c", real=True)
_MOMENT, _TILTED = sympy.symbols("G T", nonnegative=True)
_NORMAL = sympy.exp(_MEAN + _SIZE**2 * (1 + _NORM**2) / 2)
_WITHIN_ANGLE = related(_ACROSS * (2 * _ALONG - _MOST), "<=", 2 * _RADIAL * _ROOT)
_FAR = _MOST * _NORM * (_SIZE + _RADIAL) / 2
"""A bound on the mean for any h."""

_NEAR = _NORM * (_RADIAL * _ALONG + _ACROSS * _ROOT)
_NAMES = {
    _PRODUCTS[_I, _J]: Inner(Image(_I, Vector("g")), Image(_J, Vector("h"))),
    _SIZE: sympy.sqrt(Inner(Vector("h"), Vector("h"))),
    _NORM: sympy.sqrt(Inner(Vector("g"), Vector("g"))),
}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_SIZE, POSITIVE, "$‖h‖$, $h$ any vector"),
            Variable(_NORM, POSITIVE, "$‖g‖$, $g$ any point"),
            Variable(_MEAN, REAL, "$⟨M(g), h⟩$"),
            Variable(_MOMENT, Interval(0, oo), "$E e^{⟨m_g(X), h⟩}$, $m_g(x) = ∑_jγ_j(x; g)U_jᵀx$"),
            Variable(_MOST, POSITIVE, "a number with $M(g) = Cg$, $0 ⪯ C ⪯ pI$; 1 is one"),
            Variable(_ALONG, Interval(0, oo), "at least $⟨g, M(g)⟩/‖g‖²$"),
            Variable(_ROOT, POSITIVE, "the root of $q(p − q)$, if that is positive"),
            Variable(_RADIAL, REAL, "the part of $h$ along $g$"),
            Variable(_ACROSS, Interval(0, oo), "the norm of the rest of $h$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under={_MOMENT: ("weights",), _MEAN: ("weights", "normal data")},
        conclusions=(
            related(_MOMENT, "<=", _NORMAL),
            related(_MEAN, "<=", _FAR),
            provided(related(_MEAN, "<=", _NEAR), _WITHIN_ANGLE),
        ),
        note="so $⟨m_g(X), h⟩$ has the moments of a normal variable of variance $(1 + ‖g‖²)‖h‖²$ at most, whatever "
        "$k$, $d$ and the weights are. With $l = ‖g − v‖$ and $H = ⟨v, g − v⟩$ above a bound $μ$ on $⟨M(g), g − v⟩$ "
        "the best $τ$ makes $a − κ$ of statement sample-shells $(H − μ)²/(2l²(1 + ‖g‖²))$",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights, any orthogonal maps, any $d$, every $g$ and $h$",
        steps=(*_moment_steps(), *_image_steps()),
    )


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _G[index] / total(_G[_L], _L)


def _moment_steps() -> tuple[Step, ...]:
    tilted = total(_share(_I) * sympy.exp(_PRODUCTS[_I, _J]), _I)
    inverse = total(_share(_I) * sympy.exp(-_PRODUCTS[_I, _J]), _I)
    pairs = total(_share(_I) * _share(_J) * sympy.exp(_COMMON - _PRODUCTS[_I, _J]), _I)
    moved = _G[_J] * sympy.exp(_COMMON) / total(_G[_I] * sympy.exp(_PRODUCTS[_I, _J]), _I)
    random, growth, apart = (_G, _PRODUCTS), sympy.exp(_SIZE**2 / 2), 2 * _SIZE * _NORM
    shifted, drawn = (Mean(total(part, _J), random) for part in (moved, pairs))
    return (
        citation(
            "Jensen's inequality",
            "Under the posterior at $x$ the mean of the $⟨x, U_jh⟩$ is $⟨m_g(x), h⟩$: with $T = E ∑_jγ_j(X) e^{⟨X, "
            "U_jh⟩}$",
            related(_MOMENT, "<=", _TILTED),
            label="Jensen",
        ),
        citation(
            "Cameron–Martin formula",
            "All $U_jh$ have the norm $s$, so that $T$ is $e^{s²/2} ∑_jE γ_j(X + U_jh)$. At $x$ the posterior has the "
            "weights $w_i = π_ie^{⟨x, U_ig⟩}$, and at $x + U_jh$ the $w_ie^{a_{ij}}$, $a_{ij} = ⟨U_ig, U_jh⟩$, where "
            "$a_{jj} = c = ⟨g, h⟩$ for all $j$:",
            related(_TILTED, "==", growth * shifted),
            label="shift",
            under=("normal data",),
        ),
        citation(
            "Jensen's inequality", "One over a number is convex,", related(1 / tilted, "<=", inverse), label="inverse"
        ),
        combination(
            "so that $γ_j(x + U_jh)$ is at most",
            related(moved, "<=", pairs),
            {"inverse": sympy.exp(_COMMON) * _share(_J)},
            label="pairs of means",
        ),
        monotone(
            "added up over $j$, and in expectation,",
            related(shifted, "<=", drawn),
            Mean(total(PLACE, _J), random),
            "pairs of means",
            label="pairs",
        ),
        meant(
            "By Cauchy and Schwarz $a_{ij}$ is at most",
            related(_PRODUCTS[_I, _J], "<=", _SIZE * _NORM),
            _NAMES,
            label="above",
            under=("orthogonal maps",),
        ),
        meant(
            "and at least", -_SIZE * _NORM, "<=", _PRODUCTS[_I, _J], _NAMES, label="below", under=("orthogonal maps",)
        ),
        citation(
            "Hoeffding's lemma",
            "That is the mean of $e^Δ$, $Δ = c − a_{ij}$, for $i$ and $j$ drawn independently from the posterior. The "
            "mean of $Δ$ is $⟨g, h⟩ − E⟨Gg, Gh⟩ = ⟨(I − B(g))g, h⟩ = m$ (statement stein-identity):",
            related(drawn, "<=", sympy.exp(_MEAN + apart**2 / 8)),
            label="Hoeffding",
            given=("above", "below"),
        ),
        combination(
            "Together", _MOMENT, "<=", _NORMAL, {"Jensen": 1, "shift": -1, "pairs": growth, "Hoeffding": growth}
        ),
    )


def _image_steps() -> tuple[Step, ...]:
    a, b, p, q, r, s, x, z = _RADIAL, _ACROSS, _MOST, _ALONG, _NORM, _SIZE, _PART, _SIDE
    h, e = Vector("h"), Unit("e")
    part, lost = sympy.symbols("⟨g|h⟩ ⟨B(g)g|h⟩", real=True)
    along = Inner(h, e)
    across = sympy.sqrt(Inner(h - along * e, h - along * e))
    turned = (a - 2 * s * (x - p / 2) / p) ** 2 + (b - 2 * s * z / p) ** 2
    return (
        made(stein_identity.derive_general).quoted(
            "With $C = I − B(g)$ $m$ is $⟨Cg, h⟩$ (statement stein-identity).",
            0,
            {"⟨h|M(θ)⟩": _MEAN, "⟨h|θ⟩": part, "⟨h|B(θ)θ⟩": lost},
            label="identity",
        ),
        prose(
            "Let $rx$ be the part of $Cg$ along $g$, and $rz$ that along the rest of $h$:",
            related(part - lost, "==", r * (a * x + b * z)),
            label="parts",
        ),
        meant("where by Pythagoras", a**2 + b**2, "==", s**2, {**_NAMES, a: along, b: across}, label="Pythagoras"),
        made(stein_identity.derive_general).quoted(
            "$C = I − B(g)$, $B ⪯ I$ (statement stein-identity).",
            2,
            {"⟨h|B(sθ)h⟩": sympy.Symbol("⟨v|Bv⟩", real=True), "‖h‖²": sympy.Symbol("‖v‖²", nonnegative=True)},
            label="below I",
        ),
        prose(
            "As $C² ⪯ pC$, $r²(x² + z²) ≤ ‖Cg‖² ≤ pr²x$.", z**2, "<=", x * (p - x), label="circle", given=("below I",)
        ),
        inequality("Squares are not negative:", related(0, "<=", turned), label="turned"),
        combination(
            "so that, with $2s/p$ times the circle's radius for $s$,",
            related(_MEAN, "<=", _FAR),
            {
                "identity": -1,
                "parts": -1,
                "turned": r * p / (4 * s),
                "Pythagoras": -r * p / (4 * s),
                "circle": r * s / p,
            },
        ),
        prose("Let $x$, which is $⟨g, M(g)⟩/‖g‖²$, be at most $q$.", related(x, "<=", q), label="along"),
        meant("with $ζ$ the root,", _ROOT**2, "==", q * (p - q), {_ROOT: sympy.sqrt(q * (p - q))}, label="root"),
        inequality("squares", related(0, "<=", (z - _ROOT) ** 2 + (x - q) ** 2), label="squares"),
        assumption("and not too large an angle of $h$ to $g$", _WITHIN_ANGLE, label="angle"),
        combination(
            "give less.",
            related(_MEAN, "<=", _NEAR),
            {
                "identity": -1,
                "parts": -1,
                "squares": r * b / (2 * _ROOT),
                "circle": r * b / (2 * _ROOT),
                "root": r * b / (2 * _ROOT),
                "angle": r * (q - x) / (2 * _ROOT),
            },
            within=("along",),
        ),
    )
