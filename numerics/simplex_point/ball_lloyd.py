"""E max(Z_1..Z_k) for i.i.d. normal Z, enclosed in ball arithmetic."""

import math

import flint


def expected_maximum(k: int, accuracy: float) -> flint.arb:
    """Return a ball around ∫ k z φ(z) Φ(z)^{k−1} dz.

    The integrand is entire, and Arb's adaptive Gauss-Legendre integration is rigorous on [−Z, Z] (F. Johansson, ICMS
    2018, LNCS 10931). Since 0 ≤ Φ ≤ 1 each of the two tails is at most ∫_Z^∞ kzφ(z) dz = kφ(Z).
    """
    end = flint.arb(math.ceil(math.sqrt(2 * (accuracy + math.log(k)))))
    root, norm = flint.arb(2).rsqrt(), k * (2 * flint.arb.pi()).rsqrt()

    def integrand(z: flint.acb, _: bool) -> flint.acb:
        return z * (-z * z / 2).exp() * ((-root * z).erfc() / 2) ** (k - 1)

    tolerance = flint.arb(-accuracy).exp() / k
    middle = flint.acb.integral(integrand, -end, end, abs_tol=tolerance, rel_tol=tolerance).real
    return norm * (middle + flint.arb(0, 2 * tail(end)))


def tail(end: flint.arb) -> flint.arb:
    """∫_Z^∞ z e^{−z²/2} dz, rounded up."""
    return (-(end**2) / 2).exp().upper()
