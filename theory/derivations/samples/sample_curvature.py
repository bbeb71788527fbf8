"""The derivative of the sample operator on a ball, on any data, by three numbers of the sample."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.derivations.samples import posterior_curvature
from emtheory.theory.proof.derivation import UNIT, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.laws import average
from emtheory.theory.proof.meant.vectors import Image, Inner, Mean, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, meant, monotone
from emtheory.theory.proof.words import prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "the derivative of the sample operator on a ball")

_R, _OVER, _V = sympy.symbols("r t v", nonnegative=True)
_BALL, _WEIGHT = sympy.symbols("R b", positive=True)
_SPREAD, _GROWTH, _THIRD = sympy.symbols("lambda omega T", nonnegative=True)
_IMAGE = sympy.Symbol("‖Au‖²", nonnegative=True)
_FORM, _AVERAGE = sympy.Function("q", nonnegative=True), sympy.Function("h", nonnegative=True)
_START, _END = sympy.symbols("c_0 c_1", nonnegative=True)
_CUBE = sympy.Symbol("κ", real=True)
_J, _PI = component("j"), family("pi", positive=True)
_RANDOM = (_WEIGHT, _START, _END, _CUBE)


def form_bound(radius: sympy.Expr) -> sympy.Expr:
    """Bound on ⟨u, ∇M_n(θ)u⟩ for ‖θ‖ = `radius` and ‖u‖ = 1."""
    return (_SPREAD + _GROWTH * radius**2) * (1 - _IMAGE) + _THIRD * radius


def derive_general() -> Derivation:
    r = _R
    return STATEMENT.derivation(
        variables=(
            Variable(r, Interval(0, oo), "$‖θ‖$, at most $R$"),
            Variable(_SPREAD, Interval(0, oo), "the largest eigenvalue of the mean $S$ of the $xxᵀ$"),
            Variable(
                _GROWTH,
                Interval(0, oo),
                "$R^{−2}$ times the largest eigenvalue of the mean of $(e^{8R²‖x‖²/3} − 1) xxᵀ$",
            ),
            Variable(_THIRD, Interval(0, oo), "the norm of the mean of the third cumulants at 0"),
            Variable(_IMAGE, Interval(0, oo), "$u$ any unit vector"),
        ),
        hypotheses=("weights", "orthogonal maps"),
        conclusions=(
            related(_FORM(r), "<=", form_bound(r)),
            related(_AVERAGE(r), "<=", (_SPREAD + _GROWTH * r**2 / 3) * (1 - _IMAGE) + _THIRD * r / 2),
        ),
        note="on any data; $q(r) = ⟨u, ∇M_n(θ)u⟩$ at the point $θ$ of norm $r ≤ R$ on any one ray from 0, and "
        "$h(r)$ the same form of the matrix $H$, symmetric and not negative, with $M_n(θ) = Aᵀx̄ + Hθ$. Where all "
        "the $U_j$ are the same on the complement of a subspace that they keep, both vanish there, and $x$, $S$ "
        "and $D$ may be those of the subspace",
        source="not in the paper; the first step of the finite-sample theorem",
        scope="every $k$, any weights, any orthogonal maps, any $d$, any data",
        steps=(*_growth_steps(), *_sample_steps(), *_average_steps()),
    )


def _growth_steps() -> tuple[Step, ...]:
    t, b, v = _OVER, _WEIGHT, _V
    return (
        made(posterior_curvature.derive_general).quoted(
            "Let $t = (‖θ‖/R)²$ and $b = 8R²‖x‖²/3$, so that $2w²/3$ in statement posterior-curvature is $bt$: of the "
            "posterior variance $c_1$ at $θ$, $c_0$ at 0 and the third cumulant $κ$ at 0, with one $θ$,",
            2,
            {"w": sympy.sqrt(3 * b * t / 2), "c(1)": _END, "c(0)": _START, "c_3(0)": _CUBE},
            label="one",
        ),
        inequality("For $t ≤ 1$,", related(b * t * v, "<=", b * v), label="exponents", domain={t: UNIT}),
        monotone("and", sympy.exp(b * t * v), "<=", sympy.exp(b * v), sympy.exp(PLACE), "exponents", label="powers"),
        monotone(
            "integrated over $v$,",
            related(
                Integral(b * t * sympy.exp(b * t * v), (v, 0, 1)), "<=", Integral(b * t * sympy.exp(b * v), (v, 0, 1))
            ),
            Integral(b * t * PLACE, (v, 0, 1)),
            "powers",
            label="convex",
        ),
        combination(
            "$e^{bt} − 1 ≤ t(e^b − 1)$.",
            related(_END, "<=", (1 + t * (sympy.exp(b) - 1)) * _START + _CUBE),
            {"one": 1, "convex": _START},
            label="observation",
        ),
    )


def _sample_steps() -> tuple[Step, ...]:
    r, t = _R, _OVER
    start, grown = Mean(_START, _RANDOM), Mean((sympy.exp(_WEIGHT) - 1) * _START, _RANDOM)
    whole = Mean((1 + t * (sympy.exp(_WEIGHT) - 1)) * _START + _CUBE, _RANDOM)
    unit = Unit("u")
    apart, deviation = family("v"), Image(_J, unit) - average(unit)
    return (
        monotone(
            "Averaged over the sample,",
            related(Mean(_END, _RANDOM), "<=", whole),
            Mean(PLACE, _RANDOM),
            "observation",
            label="mean",
        ),
        prose("The form of $∇M_n(θ)$ is this mean.", related(_FORM(r), "==", Mean(_END, _RANDOM)), label="form"),
        meant(
            "The posterior at 0 is $π$. With $V_j = U_j − A$ the mean of the $‖V_ju‖²$ is",
            related(total(_PI[_J] * apart[_J], _J), "==", 1 - _IMAGE),
            {_IMAGE: Inner(average(unit), average(unit)), apart[_J]: Inner(deviation, deviation)},
            label="variance",
            under=("weights", "orthogonal maps"),
        ),
        prose(
            "The mean of $c_0$ is $∑π_j⟨V_ju, SV_ju⟩$:",
            related(start, "<=", _SPREAD * total(_PI[_J] * apart[_J], _J)),
            label="start",
        ),
        prose(
            "With the weights $e^b − 1$ of the points it is likewise.",
            related(grown, "<=", _GROWTH * _BALL**2 * total(_PI[_J] * apart[_J], _J)),
            label="grown",
        ),
        prose(
            "The mean of $κ$ is a form of degree 3 at $u$, $u$, $θ$.",
            related(Mean(_CUBE, _RANDOM), "<=", _THIRD * r),
            label="third",
        ),
        meant("As $t = (r/R)²$,", related(_BALL**2 * t, "==", r**2), {t: r**2 / _BALL**2}, label="ratio"),
        combination(
            "together",
            related(_FORM(r), "<=", form_bound(r)),
            {"form": -1, "mean": 1, "start": 1, "grown": t, "third": 1, "ratio": -_GROWTH * (1 - _IMAGE)}
            | {"variance": -_SPREAD - _GROWTH * _BALL**2 * t},
            label="bound",
        ),
    )


def _average_steps() -> tuple[Step, ...]:
    r, v = _R, _V
    return (
        instance("At $vθ$,", related(_FORM(v * r), "<=", form_bound(v * r)), "bound", {r: v * r}, label="along"),
        monotone(
            "and integrated over $v$ from 0 to 1",
            related(Integral(_FORM(v * r), (v, 0, 1)), "<=", Integral(form_bound(v * r), (v, 0, 1))),
            Integral(PLACE, (v, 0, 1)),
            "along",
            label="integrated",
        ),
        prose(
            "it is the form of $H$: $M_n(θ) − M_n(0)$ is the integral of $∇M_n(vθ)θ$, and $M_n(0) = Aᵀx̄$.",
            related(_AVERAGE(r), "==", Integral(_FORM(v * r), (v, 0, 1))),
            label="average",
        ),
        combination(
            "So",
            related(_AVERAGE(r), "<=", (_SPREAD + _GROWTH * r**2 / 3) * (1 - _IMAGE) + _THIRD * r / 2),
            {"integrated": 1, "average": -1},
        ),
    )
