"""Lloyd's radius grows like √(2 log k) at most, for every k."""

import sympy

from emtheory.theory.derivations.shape import lloyd_centroid
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Most, Vertex
from emtheory.theory.proof.step import PLACE, Step, combination, instance, meant, monotone
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "Lloyd's radius is at most $√(2 log(k))$")

_RADIUS, _RATE = sympy.Symbol("R_0", positive=True), sympy.Symbol("t", positive=True)
_LARGEST, _X, _J = sympy.Symbol("max_j⟨X|v_j⟩", real=True), family("x"), component("j")


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(COUNT, sympy.Range(2, sympy.oo), "the number of components"),
            Variable(_RADIUS, POSITIVE, "Lloyd's radius for $N(0, I_d)$, as in statement lloyd-centroid"),
            Variable(_RATE, POSITIVE),
        ),
        hypotheses=("normal data",),
        conclusions=(
            related(_RATE * _RADIUS, "<=", sympy.log(COUNT) + _RATE**2 / 2),
            related(_RADIUS, "<=", sympy.sqrt(2 * sympy.log(COUNT))),
        ),
        note="for every $k ≥ 2$ and every $d ≥ k − 1$",
        source="beside Proposition 1 of the paper, which does not say how the radius grows",
        scope="every $k$, any $d ≥ k − 1$",
        steps=(*_moment_steps(), *_rate_steps()),
    )


def _moment_steps() -> tuple[Step, ...]:
    t, random = _RATE, (_LARGEST, _X)
    names = {_X[_J]: Inner(DATA, Vertex(_J)), _LARGEST: Most(Inner(DATA, Vertex(_J)), _J)}
    largest, all_of_them = sympy.exp(t * _LARGEST), total(sympy.exp(t * _X[_J]), _J)
    return (
        made(lloyd_centroid.derive_general).quoted(
            "The radius is the mean of the largest $x_j = ⟨X, v_j⟩$ (statement lloyd-centroid).",
            2,
            {"R_0": _RADIUS},
            label="radius",
        ),
        meant("The exponential of that is one of them,", largest, "<=", all_of_them, names, label="one of them"),
        monotone(
            "in expectation at most",
            related(Mean(largest, random), "<=", Mean(all_of_them, random)),
            Mean(PLACE, random),
            "one of them",
            label="all",
        ),
        meant(
            "which is, as $x_j$ has the variance 1,",
            related(Mean(all_of_them, random), "==", COUNT * sympy.exp(t**2 / 2)),
            names,
            label="exponential",
            under=("normal data",),
        ),
        citation(
            "Jensen's inequality",
            "and at least the exponential of the mean:",
            related(sympy.exp(t * Mean(_LARGEST, (_LARGEST,))), "<=", Mean(largest, random)),
            label="Jensen",
        ),
        combination(
            "so that",
            related(sympy.exp(t * Mean(_LARGEST, (_LARGEST,))), "<=", COUNT * sympy.exp(t**2 / 2)),
            {"Jensen": 1, "all": 1, "exponential": -1},
            label="moment",
        ),
        monotone(
            "and, with logarithms,",
            related(t * Mean(_LARGEST, (_LARGEST,)), "<=", sympy.log(COUNT) + t**2 / 2),
            sympy.log(PLACE),
            "moment",
            label="logarithm",
        ),
        combination(
            "that is,", t * _RADIUS, "<=", sympy.log(COUNT) + t**2 / 2, {"logarithm": 1, "radius": t}, label="rate"
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    best = sympy.sqrt(2) * sympy.sqrt(sympy.log(COUNT))
    return (
        instance("At the best $t$", related(best * _RADIUS, "<=", best**2), "rate", {_RATE: best}, label="best"),
        combination("Divided by it this is", related(_RADIUS, "<=", best), {"best": 1 / best}),
    )
