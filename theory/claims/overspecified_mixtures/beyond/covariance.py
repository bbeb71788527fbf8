"""Beyond the paper, open question 2: covariance and weights fitted along with θ."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-covariance",
    title="If $A$ is invertible an unknown covariance leaves the local rate unchanged: the Jacobian keeps $I − AᵀA$ "
    "for $θ$",
    source="Beyond the paper; answers open question 2",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="EM that fits a common covariance (isotropic or full) and the weights along with $θ$ has at $(0, I, π)$ "
    "the Jacobian $blockdiag(I − AᵀA, 0, I)$. To first order the covariance is found in one step, and the weights stay "
    "where they are: all $(0, I, π)$ are fixed points. With the weights known its largest eigenvalue is $1 − "
    "σ_{min}(A)²$, so for an invertible $A$ the local rate is that for a known covariance. For a singular $A$ it is 1 "
    "and decides nothing; the rates may differ, and do (beyond-unknown-variance, beyond-unknown-covariance). With "
    "unknown weights it is 1 for every $A$; beyond-unknown-weights has what follows there.",
    claims=(Claim(id="beyond-covariance/blocks", derivation="covariance-blocks", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-covariance/coordinates",
            title="The same in coordinates, $d = 1$, 2, 3, with every weight, direction and covariance a symbol.",
            derivation="covariance-blocks",
            k=(2, 3, 4),
        ),
    ),
    hypotheses=(Claim(id="beyond-covariance/dft-condition", statement="spectral_gap == 1/12", weights="linear"),),
    controls=(
        Claim(
            id="beyond-covariance/control-average",
            title="The blocks are not mixed: with the covariance's factor 0 averaged in, the rate would be half of it.",
            statement="asymptotic_rate == contraction_factor / 2",
            weights="linear",
            radius="1",
        ),
        Claim(
            id="beyond-covariance/control-weights",
            title="The block belongs to the weights at hand: its largest eigenvalue differs between two of them.",
            statement="contraction_factor == 93/100",
            weights=("4/5", "3/20", "1/20"),
        ),
    ),
)
