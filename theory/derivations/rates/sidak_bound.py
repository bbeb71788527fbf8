"""A second bound on the contraction factor: total variation of the posterior, and Šidák's inequality."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import COUNT, component, family

STATEMENT = Statement(__name__, "a bound on the contraction factor by total variation")

_J = component("j")
_VARIATION = sympy.Symbol("TV(γ|π)", nonnegative=True)
_OSCILLATION = sympy.Symbol("Omega", nonnegative=True)
_SIGMA, _RADIUS = sympy.symbols("sigma r", positive=True)
_TRANSFORM, _BETA, _PROBABILITY = sympy.symbols("|γ̂_m| β_m P", nonnegative=True)


def derive_general() -> Derivation:
    nonnegative, positive = Interval(0, oo), Interval.open(0, oo)
    bound = sympy.tanh(_OSCILLATION / 4)
    return STATEMENT.derivation(
        variables=(
            Variable(_OSCILLATION, nonnegative, "the oscillation of the exponents $y_j$"),
            Variable(_VARIATION, nonnegative, "the total variation between posterior and weights"),
            Variable(_SIGMA, positive, "$|π̂_m|$"),
            Variable(_TRANSFORM, nonnegative),
            Variable(_RADIUS, positive, "$‖θ‖$"),
            Variable(_BETA, nonnegative, "$β_m(θ)$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_TRANSFORM, _BETA, _VARIATION), ("weights",)),
        conclusions=(
            related(_VARIATION, "<=", bound),
            related(_SIGMA - 2 * bound, "<=", _TRANSFORM),
            related(_SIGMA**2 / 4 * sympy.erf(_SIGMA / (2 * sympy.sqrt(2) * _RADIUS)) ** COUNT, "<=", _BETA),
        ),
        source="not in the paper; weaker than statement contraction-bound, by a different way",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $θ ≠ 0$",
        steps=(*_variation_steps(), *_probability_steps()),
    )


def _variation_steps() -> tuple[Step, ...]:
    p, growth, mass = sympy.symbols("p E γ(S)", positive=True)
    largest = p * growth**2 / (p * growth**2 + 1 - p)
    growth_bound = (growth - 1) / (growth + 1)
    at_oscillation = growth_bound.xreplace({growth: sympy.exp(_OSCILLATION / 2)})
    gain = largest - p
    x = sympy.Symbol("x", nonnegative=True)
    bound = sympy.tanh(_OSCILLATION / 4)
    return (
        prose(
            "$TV(γ, π) = γ(S) − p$, $S$ the components with $γ_j > π_j$ and $p = π(S)$.",
            related(_VARIATION, "==", mass - p),
            label="variation",
        ),
        prose(
            "As $γ_j ∝ π_je^{y_j}$ and the $y_j$ differ by at most $Ω$, the odds $γ(S)/(1 − γ(S))$ are at most $e^Ω "
            "p/(1 − p)$: with $E = e^{Ω/2}$,",
            related(mass, "<=", largest.xreplace({growth: sympy.exp(_OSCILLATION / 2)})),
            label="odds",
        ),
        inequality(
            "$(E − 1)/(E + 1)$ exceeds this bound on $γ(S) − p$ by a square over a positive number.",
            related(gain, "<=", growth_bound),
            domain={p: Interval.open(0, 1), growth: Interval(1, oo)},
            label="square",
        ),
        instance(
            "For this $E$, which is at least 1,",
            related(gain.xreplace({growth: sympy.exp(_OSCILLATION / 2)}), "<=", at_oscillation),
            "square",
            {growth: sympy.exp(_OSCILLATION / 2)},
            label="gain",
        ),
        combination(
            "it is a hyperbolic tangent: $TV(γ, π) ≤ tanh(Ω/4)$.",
            related(_VARIATION, "<=", sympy.tanh(_OSCILLATION / 4)),
            {"variation": -1, "odds": 1, "gain": 1},
            label="TV",
        ),
        prose(
            "As $|e^{2πijm/k}| = 1$, $|γ̂_m − π̂_m| ≤ ∑_j|γ_j − π_j| = 2 TV(γ, π)$:",
            related(_SIGMA - 2 * _VARIATION, "<=", _TRANSFORM),
            label="difference",
        ),
        combination("So", related(_SIGMA - 2 * bound, "<=", _TRANSFORM), {"difference": 1, "TV": 2}, label="transform"),
        inequality(
            "$tanh x ≤ x$ for $x ≥ 0$: both are 0 at 0, and the slope $1 − tanh² x$ is at most 1.",
            related(sympy.tanh(x), "<=", x),
            label="slope",
        ),
        instance("Here $x = Ω/4$.", bound, "<=", _OSCILLATION / 4, "slope", {x: _OSCILLATION / 4}, label="linear"),
        assumption("If all $|y_j| ≤ σ/2$, then $Ω ≤ σ$,", related(_OSCILLATION, "<=", _SIGMA), label="event"),
        combination(
            "$|γ̂_m|$ is at least $σ/2$,",
            related(_SIGMA / 2, "<=", _TRANSFORM),
            {"transform": 1, "linear": 2, "event": sympy.Rational(1, 2)},
            label="half",
        ),
        monotone("and", related(_SIGMA**2 / 4, "<=", _TRANSFORM**2), PLACE**2, "half", label="quarter"),
    )


def _probability_steps() -> tuple[Step, ...]:
    y, exponents = sympy.Symbol("y", real=True), family("y")
    variance = Mean(exponents[_J] ** 2, (exponents,))
    normal = sympy.exp(-(y**2) / (2 * variance)) / sympy.sqrt(2 * sympy.pi * variance)
    each = Integral(normal, (y, -_SIGMA / 2, _SIGMA / 2))
    single = sympy.erf(_SIGMA / (2 * sympy.sqrt(2) * _RADIUS))
    theta = Vector("θ")
    return (
        citation(
            "Markov's inequality",
            "$β_m = E|γ̂_m|²$ is at least $σ²/4$ times the probability $P$ of the event that all $|y_j| ≤ σ/2$.",
            related(_SIGMA**2 / 4 * _PROBABILITY, "<=", _BETA),
            label="event's part",
            given=("quarter",),
            discharging=("event",),
        ),
        meant(
            "The $y_j = ⟨X, U_jθ⟩$ have the same variance,",
            related(variance, "==", _RADIUS**2),
            {exponents[_J]: Inner(DATA, Image(_J, theta)), _RADIUS: sympy.sqrt(Inner(theta, theta))},
            label="variance",
            under=("normal data", "orthogonal maps"),
        ),
        citation(
            "Šidák's inequality",
            "and are jointly normal and centred: $P$ is at least the product over the $k$ components,",
            related(each**COUNT, "<=", _PROBABILITY),
            label="Šidák",
            under=("normal data",),
        ),
        equation("which is", each**COUNT, single**COUNT, label="product", given=("variance",)),
        combination(
            "$β_m ≥ (σ²/4) erf(σ/(2√2 r))^k$. It decreases in $r$, so it holds on the ball.",
            related(_SIGMA**2 / 4 * single**COUNT, "<=", _BETA),
            {"event's part": 1, "Šidák": _SIGMA**2 / 4, "product": _SIGMA**2 / 4},
        ),
    )
