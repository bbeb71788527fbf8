"""Beyond the paper, open question 2: the order of KL where A is singular and the covariance fits."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_S = "1/20"
"""r over the variance, which is the point's amplitude: four means ±su, ±sRu in a plane, u ⊥ Ru."""

_FULL = f"(sqrt(1 + 2 * ({_S})**2) - 1) / ({_S})"
_MULTIPLE = f"3 * (sqrt(1 + 4 * ({_S})**2 / 3) - 1) / (2 * ({_S}))"
"""r where the variance is 1 − r²/2, in the plane, and where it is 1 − r²/3, in three dimensions."""

_KL = f"log(1 - ({_FULL})**2 / 2) + ({_FULL}) * ({_S}) - log_partition"
_KL_MULTIPLE = f"3 / 2 * log(1 - ({_MULTIPLE})**2 / 3) + ({_MULTIPLE}) * ({_S}) - log_partition"
_there = partial(Claim, k=(4,), amplitudes=(_S, "0"))

ENTRY = Entry(
    id="beyond-matched-covariance",
    title="Where $Au = 0$ and a full covariance fits, KL at $ru$ is of order $r⁶$ if $∑_{ij} π_iπ_j⟨U_iu, U_ju⟩³ ≠ 0$, "
    "else $r⁸$; of order $r⁴$ if it is $vI$ and $T ≠ I/d$",
    source="Beyond the paper; answers open question 2 where $A$ is singular",
    quote="Does exponential convergence persist with unknown or anisotropic covariances rather than fixed identity?",
    reading="All weights, any orthogonal maps, $Au = 0$, $‖u‖ = 1$, $T = ∑_j π_j(U_ju)(U_ju)ᵀ$ and $q = ‖T‖_F²$. At $θ "
    "= ru$ and the covariance $I − r²T$, with which the second moments are those of the data, $KL = Cr⁶/12 + Kr⁸/48 + "
    "O(r^{10})$ with $C = ∑_{ij} π_iπ_j⟨U_iu, U_ju⟩³ ≥ 0$ and $K ≥ 12q²/(d(d+2)) > 0$. At the multiple $1 − r²/d$ of "
    "$I$ it is $(q − 1/d)r⁴/4 + O(r⁶)$. So it depends on the weights only by whether $C = 0$ and $T = I/d$ how flat KL "
    "is. What EM makes of it is judged on the simplex (beyond-unknown-covariance) and for $±θ$ "
    "(beyond-unknown-variance); its rates for other such weights are open.",
    claims=(Claim(id="beyond-matched-covariance/order", derivation="matched-covariance", general=True, k=()),),
    instances=(
        _there(
            id="beyond-matched-covariance/eighth-power",
            title="Four means on a square, where $C = 0$ and $K = 1/2$: KL over $r⁸/96$ at a small radius.",
            statement=f"abs(96 * ({_KL}) / ({_FULL})**8 - 1) < 1/20",
        ),
        _there(
            id="beyond-matched-covariance/fourth-power",
            title="The same with a multiple of $I$ in three dimensions, where $q − 1/d = 1/6$: KL over $r⁴/24$.",
            statement=f"abs(24 * ({_KL_MULTIPLE}) / ({_MULTIPLE})**4 - 1) < 1/20",
        ),
    ),
    hypotheses=(Claim(id="beyond-matched-covariance/singular", statement="dft_modulus(m=1) == 0", k=(4,)),),
    controls=(
        _there(
            id="beyond-matched-covariance/control-sixth-power",
            title="On that square KL is not of order $r⁶$.",
            statement=f"100 * ({_KL}) > ({_FULL})**6",
        ),
        _there(
            id="beyond-matched-covariance/control-multiple",
            title="Nor with the multiple of $I$.",
            statement=f"{_KL_MULTIPLE} < ({_MULTIPLE})**6",
        ),
    ),
    depends=("beyond-unknown-variance", "beyond-unknown-covariance"),
)
