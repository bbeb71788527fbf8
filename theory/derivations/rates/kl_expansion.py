"""Uniform weights: the divergence is of fourth order in the radius, and EM sublinear with an exact constant."""

import sympy
from sympy import Integral, Interval, Limit, oo

from emtheory.theory.derivations.extensions import simplex_step
from emtheory.theory.derivations.rates.degenerate_directions import ITERATE, KL, RADIUS, T, rate_steps
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.step import equation
from emtheory.theory.proof.words import citation

STATEMENT = Statement(__name__, "uniform weights: $KL = r⁴/(4(k−1)) + O(r⁶)$ and its sublinear rate")

_K = sympy.Symbol("k", positive=True)
_STEP, _KNOWN, _REST = (sympy.Function(name, real=True) for name in ("N", "n", "e"))


def derive_general() -> Derivation:
    r, u = RADIUS, sympy.Symbol("u", nonnegative=True)
    leading = r**4 / (4 * (_K - 1))
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(2, oo), "the number of components"),
            Variable(r, Interval.open(0, oo), "the radius of the simplex"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data"),
        exist_under=dict.fromkeys((KL, ITERATE), ("uniform weights", "simplex", "normal data")),
        conclusions=(
            related(KL(r), "==", leading + _REST(r) * r**6),
            related(Limit(T * ITERATE(T) ** 2, T, oo), "==", (_K - 1) / 2),
            related(Limit(T**2 * KL(ITERATE(T)), T, oo), "==", (_K - 1) / 16),
        ),
        note="$e$ is a function bounded near 0, $r(t) = ‖θ_t‖$; the limits are $r_t² ~ (k−1)/(2t)$, $KL_t ~ "
        "(k−1)/(16t²)$",
        source="not in the paper, which excludes uniform weights (break condition of mechanism 1)",
        scope="every $k ≥ 2$, uniform weights, starts on the simplex",
        steps=(
            made(simplex_step.derive_general).quoted(
                "Statement simplex-step, $n$ bounded near 0:",
                0,
                {"k": _K, "s": r, "N(s)": _STEP(r), "e(s)": _KNOWN(r)},
                label="step",
            ),
            citation(
                "Taylor's theorem",
                "By symmetry $∇ℓ(θ) = θ − M(θ)$ is radial, the slope of KL $r − N$, whose other terms are odd and of "
                "order $r⁵$: integrated from 0, where $KL = 0$,",
                related(KL(r), "==", Integral(u**3 / (_K - 1), (u, 0, r)) + _REST(r) * r**6),
                label="integrated",
                given=("step",),
            ),
            equation("that is,", KL(r), leading + _REST(r) * r**6, label="KL", given=("integrated",)),
            *rate_steps(1 / (_K - 1), "Along the ray"),
        ),
    )
