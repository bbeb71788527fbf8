"""The constants of the derivations on the model and on Lloyd's algorithm."""

from emtheory.theory.constants.constant import ENCLOSED, OPEN, SHARP, Constant

_LLOYD, _MEAN = "mechanism-3-attraction", "next-check-1-approach"

SHAPE = (
    Constant(
        "mechanism-2",
        "em-operator",
        "∑_j ((−θ_j/2 + m_j)·θ_j) ≤ ∑_j (m_j²/2)",
        SHARP,
        "attained at $θ = m$, which is what it says: $m$ is the maximum.",
    ),
    Constant(
        "proposition-1",
        "lloyd-growth",
        "t·m ≤ v·t²/2 + log(k)",
        SHARP,
        "in the limit $k → ∞$ at $t = √(2 log k)$, where both sides are $2 log k$ to leading order.",
        ("proposition-1/nearer",),
    ),
    Constant(
        "proposition-1",
        "lloyd-growth",
        "R₀ ≤ √2·√(log(k))",
        SHARP,
        "in the limit $k → ∞$: the mean of the largest of $k$ normal numbers is $√(2 log k)$ to leading order. At "
        "100,000 components $R_0²$ is above 0.8 of the bound.",
        ("proposition-1/nearer", "proposition-1/control-growth"),
    ),
    Constant(
        "failure-3-some-laws",
        "lloyd-laplace",
        "(1 + √3)/8 ≤ p₁(w, λ)",
        SHARP,
        "attained where an edge of the cell is an axis, $w = 0$, whatever $λ$.",
    ),
    Constant(
        "failure-3-some-laws",
        "lloyd-laplace",
        "0 < p₀·(−(⟨c_0|v_1⟩ + ρ/2)) + p₂·(−(⟨c_2|v_1⟩ + ρ/2)) + (ρ − ⟨c_1|v_1⟩)·p₁(w, λ)",
        OPEN,
        "½ is $−cos 120°$, which is geometry; only the sign is said.",
    ),
    Constant(
        _LLOYD,
        "lloyd-stability",
        "0 < (27 − √(432 + (27 − 12·√3 + 4·π)² − 216·π) − 12·√3 + 4·π)/(16·π)",
        OPEN,
        "the number on the right is exact, and only its sign is said.",
    ),
    Constant(
        _LLOYD,
        "lloyd-stability",
        "(27 + √(432 + (27 − 12·√3 + 4·π)² − 216·π) − 12·√3 + 4·π)/(16·π) < 29/50",
        ENCLOSED,
        "the eigenvalue on the left is exact; it is between 0.57 and 0.58.",
        (f"{_LLOYD}/largest",),
    ),
    Constant(
        _MEAN,
        "spectral-mean",
        "σ² ≤ k·∑_j (−1/k + π_j)²/(−1 + k)",
        SHARP,
        "attained for every $k$, by one weight apart and the rest equal.",
        (f"{_MEAN}/attained",),
    ),
    Constant(
        _MEAN,
        "spectral-mean",
        "1 − k·∑_j (−1/k + π_j)²/(−1 + k) ≤ 1 − σ²",
        SHARP,
        "attained as the line above.",
        (f"{_MEAN}/attained",),
    ),
    Constant(
        _MEAN,
        "spectral-mean",
        "σ² = k·∑_j (−1/k + π_j)²/(−1 + k) ⇒ e_m ≤ 0",
        SHARP,
        "attained: $e_m$ is not negative, and it says that $e_m = 0$.",
    ),
)
