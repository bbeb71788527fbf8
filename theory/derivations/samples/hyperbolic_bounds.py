"""Bounds on tanh and log cosh by their Taylor polynomials."""

import sympy
from sympy import Derivative, Integral, Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import citation

STATEMENT = Statement(__name__, "tanh and log cosh between Taylor polynomials")

_U = sympy.Symbol("u", nonnegative=True)
_S = sympy.Symbol("s", nonnegative=True)
_TANH, _COSH = sympy.Function("τ", nonnegative=True), sympy.Function("c", nonnegative=True)


def derive_general() -> Derivation:
    u = _U
    tanh, cosh = sympy.tanh(u), sympy.log(sympy.cosh(u))
    return STATEMENT.derivation(
        variables=(Variable(u, Interval(0, oo)),),
        conclusions=(
            related(tanh, "<=", u),
            related(u - u**3 / 3, "<=", tanh),
            related(tanh, "<=", u - u**3 / 3 + 2 * u**5 / 15),
            related(cosh, "<=", u**2 / 2),
            related(u**2 / 2 - u**4 / 12, "<=", cosh),
            related(cosh, "<=", u**2 / 2 - u**4 / 12 + u**6 / 45),
        ),
        note="tanh is odd and log cosh even, so that these say what holds for $u < 0$ too",
        source="not in the paper; for samples fitted by equal weights on $±θ$",
        scope="every real $u ≥ 0$",
        steps=(*_tangent_steps(), *_cosine_steps()),
    )


def _tangent_steps() -> tuple[Step, ...]:
    u, s = _U, _S
    square = _TANH(s * u) ** 2
    cubic = u - u**3 / 3
    return (
        meant("With $τ$ for tanh,", related(_TANH(u), "==", sympy.tanh(u)), {_TANH(u): sympy.tanh(u)}, label="tanh"),
        inequality("as $tanh u ≤ u$,", related(sympy.tanh(u), "<=", u), label="tangent of tanh"),
        combination("$τ(u) ≤ u$.", related(_TANH(u), "<=", u), {"tangent of tanh": 1, "tanh": -1}, label="tangent"),
        monotone("$τ(u)² ≤ u²$,", related(_TANH(u) ** 2, "<=", u**2), PLACE**2, "tangent", label="square"),
        instance("and likewise for $su$.", related(square, "<=", (s * u) ** 2), "square", {u: s * u}, label="scaled"),
        monotone(
            "So under the integral",
            related(Integral(u * (1 - (s * u) ** 2), (s, 0, 1)), "<=", Integral(u * (1 - square), (s, 0, 1))),
            Integral(u * (1 - PLACE), (s, 0, 1)),
            "scaled",
            label="integral",
        ),
        citation(
            "fundamental theorem of calculus",
            "As $tanh$ is 0 at 0,",
            related(_TANH(u), "==", Integral(Derivative(sympy.tanh(s * u), s), (s, 0, 1))),
            label="along",
        ),
        instance("and", related(_TANH(s * u), "==", sympy.tanh(s * u)), "tanh", {u: s * u}, label="tanh along"),
        equation(
            "the right side is $τ(u)$:",
            Integral(u * (1 - square), (s, 0, 1)),
            _TANH(u),
            label="fundamental",
            given=("along", "tanh along"),
        ),
        combination("$u − u³/3 ≤ τ(u)$.", cubic, "<=", _TANH(u), {"integral": 1, "fundamental": -1}, label="cubic"),
        combination(
            "From both bounds $u² − 2u⁴/3 ≤ τ(u)²$,",
            related(u**2 - 2 * u**4 / 3, "<=", _TANH(u) ** 2),
            {"cubic": _TANH(u) + u, "tangent": u**3 / 3},
            label="square below",
        ),
        instance(
            "and likewise for $su$,",
            related((s * u) ** 2 - 2 * (s * u) ** 4 / 3, "<=", square),
            "square below",
            {u: s * u},
            label="scaled below",
        ),
        monotone(
            "and integrated",
            related(
                Integral(u * (1 - square), (s, 0, 1)),
                "<=",
                Integral(u * (1 - (s * u) ** 2 + 2 * (s * u) ** 4 / 3), (s, 0, 1)),
            ),
            Integral(u * (1 - PLACE), (s, 0, 1)),
            "scaled below",
            label="integral above",
        ),
        combination(
            "$τ(u) ≤ u − u³/3 + 2u⁵/15$.",
            related(_TANH(u), "<=", cubic + 2 * u**5 / 15),
            {"integral above": 1, "fundamental": 1},
            label="quintic",
        ),
        combination("So for tanh", related(cubic, "<=", sympy.tanh(u)), {"cubic": 1, "tanh": -1}),
        combination("and", related(sympy.tanh(u), "<=", cubic + 2 * u**5 / 15), {"quintic": 1, "tanh": 1}),
    )


def _cosine_steps() -> tuple[Step, ...]:
    u, s = _U, _S
    path = Integral(u * _TANH(s * u), (s, 0, 1))
    return (
        inequality(
            "$log cosh u ≤ u²/2$, as 0 is equal and the slopes are in order.", sympy.log(sympy.cosh(u)), "<=", u**2 / 2
        ),
        meant(
            "With $c$ for log cosh,",
            related(_COSH(u), "==", sympy.log(sympy.cosh(u))),
            {_COSH(u): sympy.log(sympy.cosh(u))},
            label="log cosh",
        ),
        citation(
            "fundamental theorem of calculus",
            "which is 0 at 0 and so",
            related(_COSH(u), "==", Integral(Derivative(sympy.log(sympy.cosh(s * u)), s), (s, 0, 1))),
            label="along log cosh",
        ),
        equation(
            "As the slope is",
            Derivative(sympy.log(sympy.cosh(s * u)), s),
            u * sympy.tanh(s * u),
            label="slope of log cosh",
        ),
        equation("it is", _COSH(u), path, label="path", given=("along log cosh", "slope of log cosh", "tanh along")),
        *(
            step
            for side, sign, tangent, of, bound in (
                ("below", "<=", u - u**3 / 3, "cubic", u**2 / 2 - u**4 / 12),
                ("above", ">=", u - u**3 / 3 + 2 * u**5 / 15, "quintic", u**2 / 2 - u**4 / 12 + u**6 / 45),
            )
            for step in (
                instance(
                    f"From {side} $τ$ has a bound",
                    related(tangent.xreplace({u: s * u}), sign, _TANH(s * u)),
                    of,
                    {u: s * u},
                    label=side,
                ),
                monotone(
                    "integrated",
                    related(Integral(u * tangent.xreplace({u: s * u}), (s, 0, 1)), sign, path),
                    Integral(u * PLACE, (s, 0, 1)),
                    side,
                    label=f"path {side}",
                ),
                combination(
                    "one of $c(u)$,",
                    related(bound, sign, _COSH(u)),
                    {"path": 1 if sign == "<=" else -1, f"path {side}": 1},
                    label=f"cosh {side}",
                ),
                combination(
                    "of log cosh.",
                    related(bound, sign, sympy.log(sympy.cosh(u))),
                    {f"cosh {side}": 1, "log cosh": -1 if sign == "<=" else 1},
                ),
            )
        ),
    )
