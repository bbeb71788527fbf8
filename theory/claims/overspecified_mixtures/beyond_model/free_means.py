"""Beyond the paper, open question 1: all means free."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-free-means",
    title="With all means free EM has no exponential rate near the origin, whatever the weights",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="EM for all $k$ means, weights and covariance known: at 0 its Jacobian takes the average $∑π_jμ_j$ away, a "
    "projection of rank $(k − 1)d$ for every weight vector, so that 1 is an eigenvalue $(k − 1)d$ times. For iterates "
    "that remain in a small ball about 0, from a start whose deviations from the average are not smaller than that and "
    "not 0, they decay no faster than $t^{−1/2}$. The gain of the paper's configuration is the tying of the means, not "
    "their excess.",
    claims=(
        Claim(id="beyond-free-means/projection", derivation="free-means", general=True, k=()),
        Claim(id="beyond-free-means/rate", derivation="linear-tying", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-free-means/tied",
            title="Tied by the rotation of the simplex, the same weights converge exponentially.",
            statement="contraction_factor < 1",
            k=(2, 3, 4, 8),
            weights="linear",
        ),
    ),
    controls=(
        Claim(
            id="beyond-free-means/control-tied",
            title="The eigenvalue 1 is not one of the tied means.",
            statement="contraction_factor == 1",
            k=(2, 3, 4, 8),
            weights="linear",
        ),
    ),
    depends=("beyond-linear-tying",),
)
