"""The log-partition A(b, P) = ½⟨b, P⁻¹b⟩ − ½ log det P of a normal law, P = Σ_m P_m B_m, and its derivatives.

With R = P⁻¹ and the mean ν = Rb; features are z and −½⟨z, B_m z⟩.
"""

import flint

Entry = tuple[int, int]
Basis = tuple[tuple[Entry, ...], ...]
"""Of symmetric matrices: where each of them is 1, every entry given once for itself and its mirror image."""


def basis_of(kind: str, d: int) -> Basis:
    """Return the basis of the precisions of a kind in dimension d."""
    if kind == "spherical":
        return (tuple((a, a) for a in range(d)),)
    if kind == "diag":
        return tuple(((a, a),) for a in range(d))
    return tuple(((a, b),) for a in range(d) for b in range(a, d))


def multiplicity(a: int, b: int) -> int:
    """Return how many entries of a symmetric matrix one of a basis stands for: two off the diagonal."""
    return 1 if a == b else 2


def mean_features(covariance: flint.arb_mat, shift: list[flint.arb], basis: Basis) -> list[flint.arb]:
    """Return ∂A in b and P_m: ν, and −½(⟨ν, B_m ν⟩ + tr R B_m)."""
    second = [
        -sum((multiplicity(a, b) * (covariance[a, b] + shift[a] * shift[b]) for a, b in entries), flint.arb(0)) / 2
        for entries in basis
    ]
    return [*shift, *second]


def partition_curvature(covariance: flint.arb_mat, shift: list[flint.arb], basis: Basis) -> list[list[flint.arb]]:
    """Return ∂²A in b and P_m: R, −R B_m ν, and ½ tr R B_m R B_n + ⟨B_m ν, R B_n ν⟩."""
    d, size, turned = len(shift), len(basis), []
    for entries in basis:
        image = [flint.arb(0)] * d
        for a, b in entries:
            image[a] = image[a] + shift[b]
            if a != b:
                image[b] = image[b] + shift[a]
        turned.append(image)
    pulled = [(covariance * flint.arb_mat(d, 1, image)).entries() for image in turned]
    rows = [[flint.arb(0)] * (d + size) for _ in range(d + size)]
    for a in range(d):
        for b in range(d):
            rows[a][b] = covariance[a, b]
        for m in range(size):
            rows[a][d + m] = rows[d + m][a] = -pulled[m][a]
    for m in range(size):
        for n in range(m, size):
            trace = sum(
                (
                    multiplicity(a, b) * covariance[b, x] * covariance[y, a]
                    for a, b in basis[m]
                    for e, f in basis[n]
                    for x, y in {(e, f), (f, e)}
                ),
                flint.arb(0),
            )
            inner = sum((x * y for x, y in zip(turned[m], pulled[n], strict=True)), flint.arb(0))
            rows[d + m][d + n] = rows[d + n][d + m] = trace / 2 + inner
    return rows
