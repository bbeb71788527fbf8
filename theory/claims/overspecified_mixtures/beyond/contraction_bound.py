"""Beyond the paper, open question 4: an explicit contraction factor for every radius, independent of d."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "3/10", "1/5")
_there = partial(Claim, k=(2,), weights="one-heavy:W")

ENTRY = Entry(
    id="beyond-contraction-bound",
    title="EM contracts on $‖θ‖ ≤ ρ$ by the factor $1 − e^{−ρ²} min |π̂_m|²$, whatever $k$ and $d$",
    source="Beyond the paper; answers open question 4",
    quote="Can the radius of local convergence neighborhood $(‖θ_0‖ ≤ γ)$ be explicitly quantified as function of $k$ "
    "and $d$?",
    reading="For all orthogonal maps, weights, $k$, $d$ and $θ$: $B(θ) ⪰ b AᵀA$ with $b = e^{−‖θ‖²}$, or the power "
    "$(√e(1 + ‖θ‖√(2/D)))^{−D/2}$, $D$ the dimension of the span of the differences $U_iθ − U_jθ$: at most $min(d, k − "
    "1)$. If $A$ is invertible, EM thus contracts linearly from every start, $½‖∇ℓ‖² ≥ b² σ_{min}(A)⁴ KL$, and the "
    "neighbourhood may have any radius.",
    claims=(Claim(id="beyond-contraction-bound/derivation", derivation="contraction-bound", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-contraction-bound/exponential",
            statement="posterior_power(m=1) >= spectral_gap * exp(-radius**2)",
            k=(2, 3, 4, 8),
            weights="linear",
            for_all={"radius": ("1/4", "6")},
        ),
        _there(
            id="beyond-contraction-bound/all-weights",
            title="From equal weights to 99 in a hundred, at every radius from 1/4 on.",
            statement="posterior_power(m=1) >= spectral_gap * exp(-radius**2)",
            for_all={"W": ("1/2", "99/100"), "radius": ("1/4", "inf")},
        ),
        Claim(
            id="beyond-contraction-bound/all-heavy-weights",
            title="The same for three components, the lighter weights equal or the heavier ones.",
            statement="posterior_power(m=1) >= spectral_gap * exp(-radius**2)",
            k=(3,),
            weights="one-heavy:W",
            for_all={"W": ("1/10", "9/10"), "radius": ("1/4", "inf")},
        ),
        _there(
            id="beyond-contraction-bound/sharp-for-two",
            title="For two components no more than 0.184 of $|π̂_1|^2$ is ever lost, whatever the radius,",
            statement="posterior_power(m=1) >= 816/1000 * spectral_gap",
            for_all={"W": ("1/2", "99/100"), "radius": ("0", "inf")},
        ),
        Claim(
            id="beyond-contraction-bound/sharp-for-three",
            title="For three the constant on the simplex, radius up to 2, is sharp between 0.821 and 0.823; $e^{−4} = "
            "0.018$ is proved.",
            statement="posterior_power(m=1) >= 821/1000 * spectral_gap",
            k=(3,),
            weights="one-heavy:W",
            for_all={"W": ("2/5", "9/10"), "radius": ("0", "2")},
        ),
        Claim(
            id="beyond-contraction-bound/many-components",
            statement="posterior_power(m=1) >= spectral_gap * exp(-radius**2)",
            k=(100, 1000),
            weights="one-heavy:0.99",
            radius="2.64",
        ),
        Claim(
            id="beyond-contraction-bound/power",
            title="The power, at $k = 3$, where $D = 2$.",
            statement="posterior_power(m=1) >= spectral_gap / (sqrt(exp(1)) * (1 + radius))",
            k=(3,),
            weights="linear",
            for_all={"radius": ("1/4", "8")},
        ),
        Claim(
            id="beyond-contraction-bound/worst-factor",
            title="With the best $α$: the bound against the certified truth, on the simplex ray.",
            statement="worst_contraction_factor(radius=2) < contraction_bound(radius=2)",
            k=(3, 4, 16),
            weights="linear",
        ),
        Claim(
            id="beyond-contraction-bound/how-far",
            title="At $k = 3$ the decrease of a step that is proved is 0.43 of the true one.",
            statement="43/100 < (1 - contraction_bound(radius=2)) / (1 - worst_contraction_factor(radius=2)) < 44/100",
            weights=_WEIGHTS,
        ),
        _there(
            id="beyond-contraction-bound/exponent",
            title="For two components the exponent is smaller: 0.48 for radii from 1/4 to 1,",
            statement="posterior_power(m=1) >= spectral_gap * exp(-48/100 * radius**2)",
            for_all={"W": ("1/2", "99/100"), "radius": ("1/4", "1")},
        ),
    ),
    hypotheses=(
        Claim(id="beyond-contraction-bound/dft-condition", statement="spectral_gap == 7/100", weights=_WEIGHTS),
    ),
    controls=(
        _there(
            id="beyond-contraction-bound/control-sharp-for-two",
            title="and 0.183 is lost near the weight 0.974 and the radius 1.63: 0.816 is sharp in its last digit.",
            statement="posterior_power(m=1) >= 817/1000 * spectral_gap",
            for_all={"W": ("1/2", "99/100"), "radius": ("0", "inf")},
        ),
        Claim(
            id="beyond-contraction-bound/control-sharp-for-three",
            title="and 0.823 is too much.",
            statement="posterior_power(m=1) >= 823/1000 * spectral_gap",
            k=(3,),
            weights="one-heavy:W",
            for_all={"W": ("2/5", "9/10"), "radius": ("0", "2")},
        ),
        Claim(
            id="beyond-contraction-bound/control-no-loss",
            title="The factor $b$ is needed: away from the origin $β$ can fall below $|π̂|²$.",
            statement="posterior_power(m=1) >= spectral_gap",
            k=(100,),
            weights="one-heavy:1/2",
            radius="1",
        ),
        Claim(
            id="beyond-contraction-bound/control-first-power",
            title="$|π̂|$ in place of its square.",
            statement="posterior_power(m=1) >= dft_modulus(m=1) * exp(-radius**2)",
            weights=_WEIGHTS,
            radius="1/10",
        ),
        Claim(
            id="beyond-contraction-bound/control-dimension",
            title="The dimension of the differences counts: the power with $D = 1$ in place of $k − 1$.",
            statement="posterior_power(m=1) >= spectral_gap / (sqrt(exp(1)) * (1 + radius * sqrt(2)))**(1/2)",
            k=(65536,),
            weights="one-heavy:0.9",
            radius="4",
        ),
        Claim(
            id="beyond-contraction-bound/control-slow",
            title="The loss is not as small as $e^{−ρ²/16}$.",
            statement="posterior_power(m=1) >= spectral_gap * exp(-radius**2/16)",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="3",
        ),
        Claim(
            id="beyond-contraction-bound/control-exponent",
            title="and 0.475 is too little; near the origin it is $4 − 2√3 = 0.5358…$.",
            statement="posterior_power(m=1) >= spectral_gap * exp(-475/1000 * radius**2)",
            k=(2,),
            weights="one-heavy:0.892",
            radius="1/4",
        ),
    ),
)
