"""The theory's quantities from their definitions, sharing nothing with the package but the exact `Case`.

For small k and radii by a tensor trapezoidal rule in the span, with a simplex, explicit maps U_j = R^j and a grid of
its own: ``brute_force(case)``; k ≤ 4 is fast, radius up to about 3. For k = 2, to any precision, by one Gaussian
integral: with components at ±θ and r = ‖θ‖ everything depends on X along θ alone, Λ = E log(π_0 e^{rX} + π_1 e^{−rX})
and γ_0 − γ_1 = tanh(rX + a), tanh a = π_0 − π_1.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BruteForce:
    """Values at one point, all on the simplex's span.

    Λ(θ), ‖θ‖²/2 − Λ(θ), M(θ) = E Σ_j γ_j U_jᵀX, ‖θ − M(θ)‖² = ‖∇ℓ(θ)‖², β_m = E|Σ_j γ_j e^{2πijm/k}|² for m = 0..k−1,
    ∇²ℓ(θ) = I − E[Σ_j γ_j U_jᵀXXᵀU_j − M̂M̂ᵀ] with M̂ = Σ_j γ_j U_jᵀX, and its eigenvalues, ascending.
    """

    log_partition: float
    kl: float
    update: FloatArray
    gradient_square: float
    posterior_power: FloatArray
    hessian: FloatArray
    hessian_eigenvalues: FloatArray


def span_basis(k: int) -> tuple[FloatArray, FloatArray]:
    """The vertices v_j (k × (k−1)) and the maps R^j (k × (k−1) × (k−1)), from the Fourier basis, entry by entry."""
    vertices, maps = np.zeros((k, k - 1)), np.zeros((k, k - 1, k - 1))
    for j in range(k):
        for m in range(1, k // 2 + 1):
            c, s, at = np.cos(2 * np.pi * j * m / k), np.sin(2 * np.pi * j * m / k), 2 * m - 2
            if 2 * m == k:
                vertices[j, at] = (-1) ** j / np.sqrt(k - 1)
                maps[j, at, at] = (-1) ** j
            else:
                vertices[j, at : at + 2] = np.sqrt(2 / (k - 1)) * np.array([c, s])
                maps[j, at : at + 2, at : at + 2] = [[c, -s], [s, c]]
    return vertices, maps


def start(case: Case) -> FloatArray:
    """θ in the span: radius · v_0, or the amplitudes along the cosine axis of each frequency."""
    if case.radius is not None:
        return float(case.radius) * span_basis(case.k)[0][0]
    theta = np.zeros(case.k - 1)
    for m, amplitude in enumerate(case.amplitudes or (), start=1):
        theta[2 * m - 2] = float(amplitude)
    return theta


def brute_force(case: Case, theta: FloatArray | None = None, h: float | None = None) -> BruteForce:
    """Evaluate everything at the case's point, or at another θ of the span; `h` is the grid's spacing."""
    return _evaluated(case, tuple((start(case) if theta is None else theta).tolist()), h)


def _on_grid(case: Case, theta: FloatArray, h: float | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The nodes, their Gaussian masses, and π_j e^{⟨x, U_jθ⟩} at them."""
    k, span = case.k, case.k - 1
    if h is None:  # the zeros of the partition function are π/(range of the exponents) away: farther for larger k
        h = min(0.45, (0.3 if k < 4 else 0.4) / max(float(np.linalg.norm(theta)), 1e-9))
    axis = h * np.arange(-np.ceil(8.6 / h), np.ceil(8.6 / h) + 1)
    x = np.stack(np.meshgrid(*[axis] * span, indexing="ij"), axis=-1).reshape(-1, span)
    x = x[np.sum(x**2, axis=1) < 8.6**2]
    mass = (h / np.sqrt(2 * np.pi)) ** span * np.exp(-np.sum(x**2, axis=1) / 2)
    maps = span_basis(k)[1]
    return x, mass, np.stack([float(case.weights[j]) * np.exp(x @ (maps[j] @ theta)) for j in range(k)])


def _phases(k: int) -> npt.NDArray[np.complex128]:
    return np.asarray(np.exp(2j * np.pi * np.outer(np.arange(k), np.arange(k)) / k))


@cache  # Tests ask for one quantity after the other at the same points.
def _evaluated(case: Case, place: tuple[float, ...], h: float | None) -> BruteForce:
    k, theta = case.k, np.array(place)
    x, mass, joint = _on_grid(case, theta, h)
    maps, partition = span_basis(k)[1], joint.sum(axis=0)
    gamma = joint / partition
    log_partition = float(mass @ np.log(partition))
    pulled = [x @ maps[j] for j in range(k)]  # rows (U_jᵀ x)ᵀ = xᵀ U_j
    estimate = sum(gamma[j][:, None] * pulled[j] for j in range(k))
    update = mass @ estimate
    second = sum((pulled[j] * (mass * gamma[j])[:, None]).T @ pulled[j] for j in range(k))
    hessian = np.eye(k - 1) - second + (estimate * mass[:, None]).T @ estimate
    return BruteForce(
        log_partition=log_partition,
        kl=float(theta @ theta / 2 - log_partition),
        update=update,
        gradient_square=float(np.sum((theta - update) ** 2)),
        posterior_power=np.abs(_phases(k) @ gamma) ** 2 @ mass,
        hessian=hessian,
        hessian_eigenvalues=np.linalg.eigvalsh(hessian),
    )


def couplings(case: Case) -> FloatArray:
    """All t_mn (k × k) at the case's point."""
    _, mass, joint = _on_grid(case, start(case), None)
    transform = _phases(case.k) @ (joint / joint.sum(axis=0))
    return np.array([[coupling_terms(transform, m, n) @ mass for n in range(case.k)] for m in range(case.k)])


def coupling_terms(transform: np.ndarray, m: int, n: int) -> np.ndarray:
    """What t_mn is the expectation of (`FourierMoments.coupling`), from γ̂_0..γ̂_{k−1} along the first axis."""
    result = 6 * np.abs(transform[m] * transform[n]) ** 2
    for sign in (1, -1):
        both = transform[(m + sign * n) % len(transform)]
        product = both * np.conj(transform[m]) * np.conj(transform[sign * n % len(transform)])
        result = result + np.abs(both) ** 2 - 4 * product.real
    return result


@dataclass(frozen=True)
class TwoComponents:
    """Λ, r²/2 − Λ and E tanh²(rX + a) at radius r, as exact rationals: rounded to the digits asked for."""

    log_partition: Fraction
    kl_divergence: Fraction
    posterior_power: Fraction


def two_components(case: Case, digits: int) -> TwoComponents:
    """Sum h φ(jh) f(jh); the poles at distance π/(2r) and the Gaussian give the step."""
    context = mpmath.MPContext()
    context.dps = 2 * digits + 20
    decay = context.mpf(2.4) * (digits + 10)  # e^{−decay} is the error aimed at
    first, second = (context.mpf(w.numerator) / w.denominator for w in case.weights)
    r = context.mpf(case.radius.numerator) / case.radius.denominator
    width = min(context.pi / (2 * r) * context.mpf(0.95), context.sqrt(2 * decay))
    h = 2 * context.pi * width / (decay + width**2 / 2)
    count = int(context.sqrt(2 * decay) / h) + 2
    sums = [context.mpf(0)] * 2
    for j in range(-count, count + 1):
        x = j * h
        up, down = first * context.exp(r * x), second * context.exp(-r * x)
        mean = (up - down) / (up + down)
        terms = (context.log(up + down), mean**2)
        sums = [total + context.npdf(x) * term for total, term in zip(sums, terms, strict=True)]
    log_partition, power = (h * total for total in sums)
    values = (log_partition, r**2 / 2 - log_partition, power)
    return TwoComponents(*(Fraction(context.nstr(value, digits + 10)) for value in values))
