"""Population EM in the amplitudes, ρ_m ← (1 − β_m)ρ_m, enclosed: the number of steps until KL ≤ eps from any point.

The state is a ball of amplitude vectors: a centre and a radius e in the Euclidean norm. EM is θ ↦ ∇Λ(θ) and Λ is convex
with ∇²ℓ = I − ∇²Λ, so in the amplitudes its Jacobian is I − H with 0 ⪯ I − H, H = (δ_mn β_m + ρ_mρ_n t_mn), and a step
multiplies e by at most 1 − λ_min(H), evaluated over the whole ball. Where ℓ is strongly convex errors shrink.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
from emtheory.numerics.any_point.ball_values import exact_amplitudes
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.dynamics import first_below
from emtheory.numerics.weights import Weights

_SPARE = (10.0, 25.0, 50.0)
"""Accuracies tried beyond that of √eps, about the size of the amplitudes where KL is eps."""
_ROUGH = 15.0
"""Enough to tell most KL from eps."""
_JACOBIAN_ACCURACY = 10.0
"""Its value is only a factor."""


@dataclass(frozen=True, eq=False)
class AmplitudeBall:
    """All amplitude vectors within `radius` of `centre`; components that are exactly zero are zero in all of them."""

    centre: tuple[flint.arb, ...]
    radius: flint.arb

    @property
    def excited(self) -> list[int]:
        """Indices of the amplitudes that are not zero; EM keeps the others zero."""
        return [index for index, amplitude in enumerate(self.centre) if not amplitude.is_zero()]

    def box(self) -> list[flint.arb]:
        """A ball for each amplitude."""
        return [c if c.is_zero() else c + flint.arb(0, self.radius) for c in self.centre]


def steps_to_kl(case: Case, eps: Fraction) -> int:
    """Return the first t with KL(θ_t) ≤ eps, proved as KL decreases at every step; CannotAnswerError if that fails."""
    if case.squared_radius == 0:
        raise CannotAnswerError("at the origin the exact route answers")
    for spare in _SPARE:
        accuracy = smallness(eps) / 2 + spare
        with arb_precision(working_bits(accuracy + smallness(eps))):
            start = ball_of(exact_amplitudes(case))
            steps = first_below(_excess(case.weights, start, eps, accuracy))
        if steps is not None:
            return steps
    raise CannotAnswerError("KL after some step cannot be told from eps")


def ball_of(amplitudes: Sequence[flint.arb]) -> AmplitudeBall:
    """Return the smallest ball here that contains all vectors with these components."""
    return AmplitudeBall(tuple(a.mid() for a in amplitudes), norm([flint.arb(a.rad()) for a in amplitudes]).upper())


def em_step(weights: Weights, state: AmplitudeBall, accuracy: float) -> tuple[AmplitudeBall, list[flint.arb]]:
    """Return a ball around the images of a ball under EM, and the powers β_m at its centre, to about e^{−accuracy}.

    CannotAnswerError if the lattice would be too large.
    """
    moments = tensor_posterior_moments(weights, state.centre, accuracy, 2)
    powers = [moments.power(m) for m in range(1, len(state.centre) + 1)]
    image = ball_of([(1 - power) * c for power, c in zip(powers, state.centre, strict=True)])
    stretch = (1 - _least_curvature(weights, state)).upper()
    return AmplitudeBall(image.centre, (image.radius + stretch * state.radius).upper()), powers


def divergence(weights: Weights, state: AmplitudeBall, accuracy: float) -> flint.arb:
    """KL over a ball: at the centre, to about e^{−accuracy}, and ‖∇ℓ‖ = ‖B(θ)θ‖ ≤ ‖θ‖ times the radius."""
    size = norm(state.centre)
    at_centre = size * size / 2 - log_partition(weights, state.centre, accuracy)
    return at_centre + flint.arb(0, ((size + state.radius) * state.radius).upper())


def norm(vector: Sequence[flint.arb]) -> flint.arb:
    """Euclidean norm."""
    return sum((entry * entry for entry in vector), start=flint.arb(0)).sqrt()


def _least_curvature(weights: Weights, state: AmplitudeBall) -> flint.arb:
    """λ_min(H) over the ball, in the excited amplitudes."""
    box = state.box()
    moments = tensor_posterior_moments(weights, box, _JACOBIAN_ACCURACY, 4)
    rows = [
        [
            (moments.power(m + 1) if m == n else 0) + box[m] * box[n] * moments.coupling(m + 1, n + 1)
            for n in state.excited
        ]
        for m in state.excited
    ]
    return smallest_eigenvalue(rows, _JACOBIAN_ACCURACY)


def _excess(
    weights: Weights, start: AmplitudeBall, eps: Fraction, accuracy: float
) -> Callable[[int], tuple[flint.arb, flint.arb]]:
    """Return step ↦ balls around log(KL/eps) and its decrease in a step; the trajectory is extended as needed."""
    states = [start]
    powers: list[list[flint.arb]] = []

    def logarithm(state: AmplitudeBall) -> flint.arb:
        for level in (_ROUGH, smallness(eps) + accuracy / 2):
            result = (divergence(weights, state, level) / to_fmpq(eps)).log()
            if result > 0 or result < 0:
                break
        return result

    def excess(step: int) -> tuple[flint.arb, flint.arb]:
        while len(powers) <= step:
            image, at_centre = em_step(weights, states[-1], accuracy)
            states.append(image)
            powers.append(at_centre)
        # KL is about ½ Σ β_m ρ_m², so these are the shares of the frequencies.
        shares = [power * c * c for power, c in zip(powers[step], states[step].centre, strict=True)]
        weighted = sum((p * share for p, share in zip(powers[step], shares, strict=True)), start=flint.arb(0))
        pace = weighted / sum(shares, start=flint.arb(0))
        return logarithm(states[step]), -2 * (1 - pace).log()

    return excess
