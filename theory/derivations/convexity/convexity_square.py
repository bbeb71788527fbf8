"""Four components on a simplex: a square that Stein's lemma turns into posteriors bounds the Hessian from below."""

import sympy
from sympy import Derivative, Interval, Rational, exp, sqrt

from emtheory.theory.derivations.model import hessian
from emtheory.theory.proof.at import At
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, monotone
from emtheory.theory.proof.words import assumption, citation, prose

STATEMENT = Statement(
    __name__, "four components on a simplex: strict convexity up to the radius $√63/4$", 4, general=False, smallest_k=4
)

RADIUS = sympy.Symbol("r", positive=True)
A, B = sympy.symbols("a b", real=True)
FORM, _SPREAD = sympy.symbols("⟨h|∇²ℓ(θ)h⟩ V", real=True)
EVEN = sympy.Symbol("p", positive=True)
"""The posterior of components 0 and 2 together."""
F, G = sympy.symbols("f g", real=True)
"""γ_0 − γ_2 as a part of it, and γ_1 − γ_3 as a part of the rest."""
DATA = sympy.symbols("x_1:4", real=True)
SHARE, SIGNED = Interval.open(0, 1), Interval.open(-1, 1)
"""Of p, and of f and g."""
ODD = 1 - EVEN
"""That of the others."""
_POSTERIOR = (EVEN * (1 + F) / 2, ODD * (1 + G) / 2, EVEN * (1 - F) / 2, ODD * (1 - G) / 2)
"""γ_0 to γ_3."""
_TRANSFORM = (EVEN * F, ODD * G, 2 * EVEN - 1)
"""γ_0 − γ_2, γ_1 − γ_3 and γ_0 − γ_1 + γ_2 − γ_3."""
END = Rational(63, 16)
"""Of r², from where on the proof of statement convexity-four has room: a choice."""
_KEPT, _SLOPE = Rational(101, 200), Rational(19, 40)
"""A choice: how much of ⟨X, Gh⟩² is turned into posteriors, and the multiple of ⟨θ, GᵀGh⟩ that is taken off it."""
NEAR = Rational(1, 400)
"""Of r²‖h‖²: a choice, that leaves the polynomials positive."""
PLANE, AXIS = Rational(2, 3), Rational(1, 3)
"""Of r²: the squares of the parts of θ, in the plane that R turns and in the coordinate whose sign it changes."""
SCALE = RADIUS * sqrt(PLANE), RADIUS * sqrt(PLANE), RADIUS * sqrt(AXIS)
"""θ."""
NORM = A**2 + 2 * B**2
"""‖h‖², where h is (a, 0, √2b)."""
_NAMES = sympy.symbols("x y z", real=True)
"""What stands for the transform."""
VARIABLES = (
    Variable(RADIUS, POSITIVE, "the radius of the simplex"),
    Variable(A, REAL, "the part of $h$ along that of $θ$ in the plane that $R$ turns"),
    Variable(B, REAL, "$√½$ times that along the rest of $θ$ in the span of the simplex"),
    Variable(FORM, REAL, "the form of $∇²ℓ$ at $θ$"),
)


def mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which the posterior is a function, and so is e where it occurs."""
    return Mean(value, (EVEN, F, G, *DATA, sympy.Symbol("e", real=True)))


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=VARIABLES,
        hypotheses=("weights", "cyclic maps", "simplex", "normal data"),
        exist_under={FORM: ("weights", "cyclic maps", "simplex", "normal data")},
        conclusions=(
            related(FORM, "==", NORM - variance()),
            provided(related(NEAR * RADIUS**2 * NORM, "<=", FORM), related(RADIUS**2, "<=", END)),
        ),
        note="the mean is over the data in three coordinates, $x_1$ and $x_2$ in the plane that $R$ turns and $x_3$, "
        "and the posterior, a function of them: $p = γ_0 + γ_2$, $pf = γ_0 − γ_2$ and $(1 − p)g = γ_1 − γ_3$",
        source="not in the paper, which has strong convexity near the origin only; open question 4",
        scope="$k = 4$, all weights, $θ$ on the ray of the simplex, any $d$",
        k=k,
        steps=(*_image_steps(), *_stein_steps(), *_near_steps()),
    )


def variance() -> sympy.Expr:
    """The mean of the variance of the y_j = ⟨X, U_jh⟩ under the posterior."""
    x, y, z = DATA
    along = sqrt(2) * B * z
    products = (A * x + along, A * y - along, -A * x + along, -A * y - along)
    centre = sympy.Add(*(share * value for share, value in zip(_POSTERIOR, products, strict=True)))
    second = sympy.Add(*(share * value**2 for share, value in zip(_POSTERIOR, products, strict=True)))
    return mean(second - centre**2)


def _image_steps() -> tuple[Step, ...]:
    return (
        made(hessian.derive_general).quoted(
            "With $y_j = ⟨X, U_jh⟩$, $V$ the mean of its variance under the posterior (statement hessian):",
            0,
            {"⟨h|∇²ℓ(sθ)h⟩": FORM, "‖h‖²": NORM, "V": _SPREAD},
            label="Hessian",
        ),
        prose(
            "$R$ turns a plane by a right angle and changes a sign: in coordinates $θ = r(√(2/3), 0, 1/√3)$, and $y$ "
            "is $±ax_1 + √2bx_3$ for $j = 0, 2$ and $±ax_2 − √2bx_3$ for 1, 3, as no rule knows of coordinates. With "
            "$p = γ_0 + γ_2$, $pf = γ_0 − γ_2$ and $(1 − p)g = γ_1 − γ_3$",
            related(_SPREAD, "==", variance()),
            label="variance",
            under=("cyclic maps", "simplex"),
        ),
        combination("so that", related(FORM, "==", NORM - variance()), {"Hessian": 1, "variance": -1}, label="form"),
    )


def _slopes(axis: int) -> tuple[sympy.Expr, ...]:
    """Of the transform, by a coordinate of the data: the covariances of characters under the posterior."""
    x, y, z = _NAMES
    covariances = (
        ((1 + z) / 2 - x**2, -x * y, x * (1 - z)),
        (-x * y, (1 - z) / 2 - y**2, -y * (1 + z)),
        (x * (1 - z), -y * (1 + z), 1 - z**2),
    )
    return tuple(SCALE[axis] * part for part in covariances[axis])


def _slope(value: sympy.Expr, axis: int) -> sympy.Expr:
    """By a coordinate of the data, of a function of the transform."""
    parts = zip(_NAMES, _slopes(axis), strict=True)
    return sympy.expand(sympy.Add(*(sympy.diff(value, name) * slope for name, slope in parts)))


def _turned() -> tuple[sympy.Expr, ...]:
    """Gh, of which the product with X is the posterior mean of the y_j."""
    x, y, z = _NAMES
    return A * x, A * y, sqrt(2) * B * z


def _taken() -> sympy.Expr:
    """A multiple of ⟨θ, GᵀGh⟩."""
    x, y, z = _NAMES
    return _SLOPE * SCALE[0] * (A * (x**2 + y**2) + B * z**2)


def _posteriors(value: sympy.Expr) -> sympy.Expr:
    return value.xreplace(dict(zip(_NAMES, _TRANSFORM, strict=True)))


_PRODUCT = sympy.Add(*(x * _posteriors(part) for x, part in zip(DATA, _turned(), strict=True)))
"""⟨X, Gh⟩."""


def _fields() -> dict[str, tuple[str, tuple[sympy.Expr, ...]]]:
    """Vectors F, of the data and the transform of the posterior: Stein's lemma is used for each ⟨X, F⟩."""
    x, y, z = DATA
    u, v, w = _NAMES
    turned, mixed = _turned(), 2 * sqrt(2) * A * B
    product = sympy.Add(*(x * part for x, part in zip(DATA, turned, strict=True)))
    second = (A**2 * (1 + w) / 2 * x, A**2 * (1 - w) / 2 * y, 2 * B**2 * z + mixed * (u * x - v * y))
    square = tuple(part * product for part in turned)
    return {
        "second": ("The mean of $∑γ_jy_j²$ is", second),
        "second slopes": ("and", _by_data(second)),
        "square": ("that of $⟨X, Gh⟩²$, the square of $∑γ_jy_j$,", square),
        **{f"square slope {axis}": ("with", slope) for axis, slope in enumerate(_one_by_one(_by_data(square)))},
        "product": (
            "and that of $⟨X, Gh⟩$ times a multiple $ν$ of $⟨θ, GᵀGh⟩$",
            tuple(_taken() * part for part in turned),
        ),
    }


def _by_data(field: tuple[sympy.Expr, ...]) -> tuple[sympy.Expr, ...]:
    """Return F where the posterior's part of the divergence is ⟨X, F⟩."""
    total = sympy.Add(*(_slope(part, axis) for axis, part in enumerate(field)))
    return tuple(sympy.expand(total).coeff(x) for x in DATA)


def _one_by_one(field: tuple[sympy.Expr, ...]) -> tuple[tuple[sympy.Expr, ...], ...]:
    """Fields with one coordinate each, whose sum is the field: each formula fits on a page."""
    zero = sympy.Integer(0)
    return tuple(tuple(part if at == axis else zero for at in range(len(field))) for axis, part in enumerate(field))


def _divergence(field: tuple[sympy.Expr, ...]) -> sympy.Expr:
    """By the data, of which the posterior is a function."""
    own = sympy.Add(*(sympy.diff(part, x) for part, x in zip(field, DATA, strict=True)))
    return _posteriors(own + sympy.Add(*(_slope(part, axis) for axis, part in enumerate(field))))


def _along(value: sympy.Expr, axis: int) -> sympy.Expr:
    """The derivative by a coordinate of the data, to which ξ is added: each posterior changes by its exponential."""
    shift, signs = sympy.Symbol("ξ", real=True), ((1, 0, -1, 0), (0, 1, 0, -1), (1, -1, 1, -1))[axis]
    exponents = (sign * SCALE[axis] for sign in signs)
    masses = [share * exp(shift * power) for share, power in zip(_POSTERIOR, exponents, strict=True)]
    parts = [mass / sympy.Add(*masses) for mass in masses]
    moved = (parts[0] - parts[2], parts[1] - parts[3], parts[0] - parts[1] + parts[2] - parts[3])
    changed = {**dict(zip(_NAMES, moved, strict=True)), DATA[axis]: DATA[axis] + shift}
    return At(Derivative(value.subs(changed, simultaneous=True), shift), (shift,), (0,))


def _stein_steps() -> tuple[Step, ...]:
    steps: list[Step] = []
    for label, (words, field) in _fields().items():
        variable = mean(sympy.Add(*(x * _posteriors(part) for x, part in zip(DATA, field, strict=True))))
        steps += [
            citation(
                "Stein's lemma",
                f"{words}, with $ξ$ added to a coordinate of the data, as the $γ$ are smooth and bounded,",
                related(variable, "==", mean(sympy.Add(*(_along(part, axis) for axis, part in enumerate(field))))),
                label=f"Stein {label}",
                under=("normal data",),
            ),
            equation("that is,", variable, mean(_divergence(field)), given=(f"Stein {label}",), label=label),
        ]
    return tuple(steps)


def _below() -> sympy.Expr:
    """A function of the posterior, below the form of ∇²ℓ in expectation."""
    fields = {label: field for label, (_, field) in _fields().items()}
    second, square = (
        _posteriors(sympy.Add(*(sympy.diff(part, x) for part, x in zip(fields[label], DATA, strict=True))))
        + _divergence(_by_data(fields[label]))
        for label in ("second", "square")
    )
    taken = _posteriors(_taken()) ** 2 / (4 * (1 - _KEPT))
    return NORM - second + _KEPT * square + _divergence(fields["product"]) - taken


_REST = sympy.expand(_below().xreplace({RADIUS: sqrt(END)}) / END - NEAR * NORM)
"""What is over at the end of the range of radii, by r²: a form in a and b."""


def _near_steps() -> tuple[Step, ...]:
    u, v = sympy.symbols("u v", nonnegative=True)
    form = sympy.Poly(_REST, A, B)
    first, mixed, last = (form.coeff_monomial(power) for power in (A**2, A * B, B**2))
    determinant = sympy.expand(4 * first * last - mixed**2)
    in_squares = determinant.subs({F: sqrt(u), G: sqrt(v)})
    unit = {EVEN: Interval(0, 1), u: Interval(0, 1), v: Interval(0, 1)}
    size = _posteriors(sympy.Add(*(part**2 for part in _turned())))
    difference = (1 - _KEPT) * _PRODUCT - _posteriors(_taken()) / 2
    left = _KEPT * (1 - RADIUS**2 / END)
    return (
        inequality("A square is not negative:", related(0, "<=", mean(difference**2)), label="square left"),
        combination(
            "so that by posteriors alone",
            related(mean(_below()), "<=", FORM),
            {
                "form": 1,
                "second": -1,
                "second slopes": -1,
                "square": _KEPT,
                **{f"square slope {axis}": _KEPT for axis in range(len(DATA))},
                "product": 1,
                "square left": 1 / (1 - _KEPT),
            },
            label="posteriors",
        ),
        inequality(
            "Of the form in $a$ and $b$ on the left at $r² = 63/16$, with $u = f²$ and $v = g²$,",
            related(0, "<", in_squares),
            domain=unit,
            label="determinant",
        ),
        instance(
            "that is,",
            related(0, "<", determinant),
            "determinant",
            {u: F**2, v: G**2},
            label="at f and g",
            domain=((F, SIGNED), (G, SIGNED)),
        ),
        inequality("So, by another square,", related(0, "<=", (2 * last * B + mixed * A) ** 2), label="completed"),
        combination(
            "it is at least $(a² + 2b²)r²/400$,",
            related(0, "<=", _REST),
            {"completed": 1 / (4 * last), "at f and g": A**2 / (4 * last)},
            label="at the end",
        ),
        monotone("also in expectation,", related(0, "<=", mean(_REST)), mean(PLACE), "at the end", label="mean"),
        inequality("and for less $r²$ there is a square more:", related(0, "<=", mean(size)), label="size"),
        assumption("Let $r²$ be at most $63/16$.", related(RADIUS**2, "<=", END), label="near"),
        combination(
            "Then",
            related(NEAR * RADIUS**2 * NORM, "<=", FORM),
            {"posteriors": 1, "mean": RADIUS**2, "size": left},
            within=("near",),
        ),
    )
