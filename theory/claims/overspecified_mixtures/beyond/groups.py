"""Beyond the paper, open question 1: finite groups of orthogonal maps."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-groups",
    title="For maps of a finite group EM contracts linearly if and only if their weighted mean $A$ is invertible",
    source="Beyond the paper; answers open question 1",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="The maps are those of a finite group of orthogonal maps, as of any other set of them, so that $A$ is by "
    "definition the Fourier transform of the weights at the representation. If $A$ is invertible $‖M(θ)‖ ≤ (1 − "
    "e^{−ρ²}σ_{min}(A)²)‖θ‖$ on $‖θ‖ ≤ ρ$; if $Au = 0$, no bound $‖M^t(θ)‖ ≤ C f^t ‖θ‖$ with $f < 1$ holds for all "
    "small $θ$.",
    claims=(
        Claim(
            id="beyond-groups/any-orthogonal-maps",
            title="Whatever the maps: $B(θ) ⪰ b AᵀA$ with $b > 0$, so an invertible $A$ suffices,",
            derivation="contraction-bound",
            general=True,
            k=(),
        ),
        Claim(
            id="beyond-groups/singular",
            title="and a singular one does not allow a factor below 1.",
            derivation="degenerate-directions",
            general=True,
            k=(),
        ),
    ),
    hypotheses=(
        Claim(
            id="beyond-groups/cyclic",
            title="Cyclic groups, with an invertible $A$,",
            statement="spectral_gap > 0",
            k=(2, 3, 4, 8),
            weights="linear",
        ),
        Claim(id="beyond-groups/uniform", title="and with a singular one.", statement="spectral_gap == 0", k=(2, 3, 4)),
    ),
    controls=(
        Claim(
            id="beyond-groups/control-not-uniform",
            title="That the weights are not uniform does not make $A$ invertible.",
            statement="spectral_gap > 0",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
        ),
    ),
    depends=("beyond-contraction-bound", "beyond-necessity"),
)
