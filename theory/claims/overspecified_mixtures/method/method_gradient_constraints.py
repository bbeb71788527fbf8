"""Method summary: the geometric constraints are said to make EM a gradient descent."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="method-gradient-constraints",
    title="EM is gradient descent with unit step because of the geometric constraints",
    source="Method Summary; Key Results",
    quote=(
        "under these geometric constraints with non-degenerate mixture weights, the EM operator becomes equivalent to "
        "gradient descent on the population log-likelihood with unit step size"
    ),
    reading=(
        "Read as saying that simplex geometry and non-degenerate weights are needed for it. For uniform weights, which "
        "are degenerate, EM would not be gradient descent: J_M(0) = I − ∇²ℓ(0) would fail."
    ),
    group="Method and practice",
    claims=(
        Claim(
            id="method-gradient-constraints/needed",
            statement="contraction_factor != 1 - hessian_min_eigenvalue",
            k=(3, 4, 5),
            radius="0",
        ),
    ),
    disproofs=(Claim(id="method-gradient-constraints/any-maps", derivation="gradient", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="method-gradient-constraints/control",
            title="It fails for non-degenerate weights either.",
            statement="contraction_factor != 1 - hessian_min_eigenvalue",
            k=(3, 4, 5),
            weights="linear",
            radius="0",
            expect="refuted",
        ),
    ),
    correction=(
        "M(θ) = θ − ∇ℓ(θ) holds for any weights, any orthogonal maps, and any data: all it needs is one free vector θ "
        "whose images have equal norms. The constraints are needed for the rate, not for this."
    ),
    corrected=(
        Claim(
            id="method-gradient-constraints/uniform",
            statement="contraction_factor == 1 - hessian_min_eigenvalue == 1",
            k=(2, 3, 4, 5),
            radius="0",
        ),
    ),
)
