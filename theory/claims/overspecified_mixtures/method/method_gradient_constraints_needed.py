"""Method summary: the geometric constraints read as what makes EM a gradient descent."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="method-gradient-constraints-needed",
    title="EM is gradient descent with unit step only under the geometric constraints",
    source="Method Summary; Key Results",
    quote="under these geometric constraints with non-degenerate mixture weights, the EM operator becomes equivalent "
    "to gradient descent on the population log-likelihood with unit step size",
    reading="Read as a necessary condition, as “becomes” suggests: without simplex geometry or non-degenerate weights "
    "EM is not gradient descent. For uniform weights, which are degenerate, $J_M(0) = I − ∇²ℓ(0)$ would fail.",
    claims=(
        Claim(
            id="method-gradient-constraints-needed/uniform",
            statement="contraction_factor != 1 - hessian_min_eigenvalue",
            k=(3, 4, 5),
            radius="0",
        ),
    ),
    disproofs=(Claim(id="method-gradient-constraints-needed/any-maps", derivation="gradient", general=True, k=()),),
    expected="refuted",
    controls=(
        Claim(
            id="method-gradient-constraints-needed/control",
            title="It fails for non-degenerate weights either.",
            statement="contraction_factor != 1 - hessian_min_eigenvalue",
            k=(3, 4, 5),
            weights="linear",
            radius="0",
        ),
    ),
    correction="$M(θ) = θ − ∇ℓ(θ)$ holds for any positive weights, any orthogonal maps, and any data: all it needs is "
    "one free vector $θ$ whose images have equal norms. The constraints matter for the rate, not for this.",
    corrected=(
        Claim(
            id="method-gradient-constraints-needed/holds",
            statement="contraction_factor == 1 - hessian_min_eigenvalue == 1",
            k=(2, 3, 4, 5),
            radius="0",
        ),
    ),
    other_reading_of="method-gradient-constraints",
)
