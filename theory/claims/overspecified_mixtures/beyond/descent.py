"""Beyond the paper: what every step gains, and how large KL can be."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-descent",
    title="Each EM step lowers KL by at least $½‖∇ℓ‖²$, and $KL ≤ ‖θ‖²/2$",
    source="Beyond the paper; makes the descent of its Section 3 explicit",
    quote="PL is a generalization of strong convexity that allows exponential convergence",
    reading="$ℓ(θ + h) ≤ ℓ(θ) + ⟨∇ℓ(θ), h⟩ + ½‖h‖²$ for all $θ$ and $h$, so a step gains at least $½‖∇ℓ‖²$, from any "
    "start, with any weights: EM never raises KL. Since KL is not negative, no PL constant exceeds 1. And $KL(N(0, I) "
    "‖ p_θ) ≤ ‖θ‖²/2$.",
    claims=(
        Claim(id="beyond-descent/hessian", derivation="hessian", general=True, k=()),
        Claim(id="beyond-descent/descent", derivation="descent", general=True, k=()),
        Claim(id="beyond-descent/kl", derivation="pl-inequality", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-descent/ratio",
            statement="0 < pl_ratio < 1",
            k=(2, 3, 4),
            weights="geometric:1/2",
            for_all={"radius": ("1/10", "4")},
        ),
        Claim(
            id="beyond-descent/bound",
            statement="kl_divergence <= radius**2 / 2",
            k=(2, 3, 10, 100),
            weights="one-heavy:4/5",
            for_all={"radius": ("0", "4")},
        ),
        Claim(
            id="beyond-descent/bound-for-two",
            title="Two components, from equal weights to 99 in a hundred, at every radius.",
            statement="kl_divergence <= radius**2 / 2",
            k=(2,),
            weights="one-heavy:W",
            for_all={"W": ("1/2", "99/100"), "radius": ("0", "inf")},
        ),
    ),
    controls=(
        Claim(
            id="beyond-descent/control-bound",
            title="The constant $½$ is not $¼$.",
            statement="kl_divergence <= radius**2 / 4",
            k=(10,),
            weights="one-heavy:99/100",
            radius="1",
        ),
        Claim(
            id="beyond-descent/control-power",
            title="Nor is the bound of fourth order, as it is for uniform weights.",
            statement="kl_divergence <= radius**4",
            k=(3,),
            weights="linear",
            radius="1/10",
        ),
        Claim(
            id="beyond-descent/control-half",
            title="Nor is it 0.495.",
            statement="kl_divergence <= 99/200 * radius**2",
            k=(2,),
            weights="one-heavy:999/1000",
            radius="1/100",
        ),
    ),
)
