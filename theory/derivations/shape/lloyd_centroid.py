"""Lloyd's fixed point by symmetry: for every rotation-invariant law, only the radius depends on the law."""

import sympy

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement("Lloyd's fixed point for every rotation-invariant law", 0, general=True)


def derive_general() -> Derivation:
    """Derive that the centroid of the cell of v_i is R_0 v_i with R_0 = E max_j ⟨X, v_j⟩."""
    return Derivation(
        name="lloyd-centroid",
        title=STATEMENT.title,
        statement="for every rotation-invariant law of X with P(X = 0) = 0 and finite E‖X‖ the Voronoi cell of v_i "
        "has the centroid R_0v_i, R_0 = E max_j⟨X, v_j⟩ = R_0(Gauss) E‖X‖/E‖Z‖, Z ~ N(0, I_d); R_0(Gauss) = "
        "√(k/(k−1)) E max Z_j",
        source="Proposition 1 of the paper, without its assumption that the data are Gaussian",
        scope="every k, any d ≥ k − 1, every radius of the initial simplex",
        k=None,
        steps=(*_symmetry_steps(), *_radius_steps()),
    )


def _symmetry_steps() -> tuple[Step, ...]:
    j = component("j")
    z = family("z")
    first = sympy.Symbol("z_first", real=True)
    k = COUNT
    return (
        prose(
            "The cell of v_i is where ⟨x, v_i⟩ is largest; it is the same for the vertices ϱv_i of any radius ϱ > 0. "
            "Every permutation of the vertices is an orthogonal map Q of R^d that fixes the complement of their span. "
            "It leaves the law unchanged and permutes the cells, hence the centroids: cells have equal probability, "
            "and Qc_i = c_σ(i). The reflection of the complement maps each cell to itself, so the c_i lie in the span."
        ),
        equation(
            "The span is the vectors z of R^k with sum zero. The average over all permutations that fix component 0 "
            "replaces every other component by their mean, (Σ_jz_j − z_0)/(k − 1), here with the sum kept,",
            (total(z[j], j) - first) / (k - 1),
            total(z[j], j) / (k - 1) - first / (k - 1),
        ),
        equation(
            "so it is z_0 (1, −1/(k−1), …): what v_0 ∝ (1 − 1/k, −1/k, …) becomes when divided by its first component. "
            "These permutations fix c_0, which is thus a multiple of v_0.",
            (-1 / k) / (1 - 1 / k),
            -1 / (k - 1),
        ),
    )


def _radius_steps() -> tuple[Step, ...]:
    k = COUNT
    return (
        prose(
            "R_0 = ⟨c_i, v_i⟩ = k E[⟨X, v_i⟩; cell i], and the sum over the k cells is E max_j⟨X, v_j⟩: R_0 is that "
            "expectation, the same whatever the radius: Lloyd's iteration is at its fixed point after one step."
        ),
        prose(
            "X = ‖X‖Ω with Ω uniform on the sphere and independent of ‖X‖: R_0 = E‖X‖ E max_j⟨Ω, v_j⟩, and likewise "
            "for Z ~ N(0, I_d): the law enters by the factor E‖X‖/E‖Z‖ alone."
        ),
        equation(
            "Z ~ N(0, I_d): the ⟨Z, v_j⟩ have variances 1 and covariances −1/(k−1), those of √(k/(k−1))(Z_j − mean), "
            "Z_j independent standard normals,",
            sympy.ImmutableMatrix([k / (k - 1) * (1 - 2 / k + 1 / k), k / (k - 1) * (-2 / k + 1 / k)]),
            sympy.ImmutableMatrix([1, -1 / (k - 1)]),
        ),
        citation(
            "Gaussian laws",
            "so they have the same law, and E max_j⟨Z, v_j⟩ = √(k/(k−1)) E max Z_j, as the mean has expectation 0.",
        ),
    )
