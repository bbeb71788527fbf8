"""Beyond the paper, open question 3: the DFT condition is necessary."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_PARTIAL = ("2/5", "1/10", "1/10", "2/5")
_there = partial(Claim, k=(4,), weights=_PARTIAL)

ENTRY = Entry(
    id="beyond-necessity",
    title="From a start that excites a vanishing $π̂_m$, neither $‖θ_t‖$ nor KL has an exponential rate",
    source="Beyond the paper; answers open question 3",
    quote="Are mixture weight conditions (non-zero DFT entries) necessary for exponential convergence or just "
    "sufficient artifacts of proof technique?",
    reading="If $π̂_m = 0$, then $β_m(θ) ≤ k‖θ‖²$, and from every $θ_0$ with a component of frequency $m$ the sum of "
    "$‖θ_t‖²$ diverges, and so does that of $√KL_t$. Along a unit vector $u$ with $Au = 0$, $KL(ru) = q r⁴/4 + O(r⁶)$ "
    "with $q = ‖∑π_j(U_ju)(U_ju)ᵀ‖_F²$, and where EM stays on the line of $u$, $r_t² ~ 1/(2qt)$ and $KL_t ~ "
    "1/(16qt²)$. For uniform weights on the simplex $KL = r⁴/(4(k − 1)) + O(r⁶)$.",
    claims=(
        Claim(id="beyond-necessity/sum-diverges", derivation="necessity", general=True, k=()),
        Claim(id="beyond-necessity/quartic", derivation="degenerate-directions", general=True, k=()),
        Claim(id="beyond-necessity/uniform-quartic", derivation="kl-expansion", general=True, k=()),
    ),
    instances=(
        Claim(
            id="beyond-necessity/power",
            title="$β_m ≤ k‖θ‖²$ for uniform weights.",
            statement="posterior_power(m=1) < k * radius**2",
            k=(2, 3, 4, 8),
            for_all={"radius": ("1/10", "5")},
        ),
        Claim(
            id="beyond-necessity/quartic-law",
            title="$KL/r⁴$ at a small radius.",
            statement="abs(4 * (k - 1) * kl_divergence / radius**4 - 1) < radius",
            k=(2, 3, 4, 16, 64),
            radius="1/100",
        ),
        _there(
            id="beyond-necessity/partial-linear",
            title="Weights 2/5, 1/10, 1/10, 2/5: frequency 1 contracts linearly, by 41/50,",
            statement="1 - dft_modulus(m=1)**2 == asymptotic_rate == 41/50",
            amplitudes=("1", "0"),
        ),
        _there(
            id="beyond-necessity/partial-sublinear",
            title="while $π̂_2 = 0$, and frequency 2, once excited, does not.",
            statement="dft_modulus(m=2) == 1 - asymptotic_rate == 0",
            amplitudes=("1", "1"),
        ),
        Claim(
            id="beyond-necessity/power-for-two",
            title="For two components $β_1 ≤ ‖θ‖²$, without the factor $k$,",
            statement="posterior_power(m=1) <= radius**2",
            k=(2,),
            for_all={"radius": ("1/10", "inf")},
        ),
    ),
    hypotheses=(
        Claim(id="beyond-necessity/uniform", statement="dft_modulus(m=1) == 0", k=(2, 3, 4, 8)),
        Claim(id="beyond-necessity/partial", statement="dft_modulus(m=2) == 0", k=(4,), weights=_PARTIAL),
    ),
    controls=(
        Claim(
            id="beyond-necessity/control-condition",
            title="Where $π̂_m ≠ 0$ the bound $β_m ≤ k‖θ‖²$ fails.",
            statement="posterior_power(m=1) < k * radius**2",
            weights=("1/2", "3/10", "1/5"),
            radius="1/10",
        ),
        Claim(
            id="beyond-necessity/control-constant",
            title="$k$ in place of $k − 1$ in the quartic law.",
            statement="abs(4 * k * kl_divergence / radius**4 - 1) < radius",
            k=(3,),
            radius="1/100",
        ),
        _there(
            id="beyond-necessity/control-not-excited",
            title="A vanishing $π̂_m$ does no harm if its frequency is not excited.",
            statement="asymptotic_rate == 1",
            amplitudes=("1", "0"),
        ),
        Claim(
            id="beyond-necessity/control-power-for-two",
            title="and 0.97 is too little.",
            statement="posterior_power(m=1) <= 97/100 * radius**2",
            k=(2,),
            radius="1/10",
        ),
    ),
)
