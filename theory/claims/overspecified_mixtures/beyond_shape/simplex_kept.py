"""Beyond the paper: which weights keep the simplex."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-simplex-kept",
    title="Two-valued weights on a perfect difference set keep the simplex at every radius",
    source="Beyond the paper; what the critical path takes for granted",
    quote="Iterative Update (maintains simplex geometry while shrinking radius)",
    reading="Weights with one value on $D$ and another elsewhere have equal $|π̂_m|$, $m ≠ 0$, if and only if $D$ is a "
    "perfect difference set (one special weight is one); then EM maps regular simplices to regular simplices.",
    claims=(Claim(id="beyond-simplex-kept/two-values", derivation="flat-spectrum", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-simplex-kept/modulus",
            title="$|π̂_m|² = (a − b)² n(k − n)/(k − 1)$ for ${1, 2, 4} mod 7$: $a = 1/5$, $b = 1/10$.",
            statement="dft_modulus(m=1)**2 == dft_modulus(m=3)**2 == (1/5 - 1/10)**2 * 3 * 4 / 6",
            k=(7,),
            weights="difference-set:3/5",
        ),
        Claim(
            id="beyond-simplex-kept/away-from-the-origin",
            statement="abs(posterior_power(m=1) - posterior_power(m=3)) < 1e-12",
            k=(7, 13),
            weights="difference-set:3/5",
            radius="2",
        ),
    ),
    hypotheses=(
        Claim(
            id="beyond-simplex-kept/not-uniform",
            statement="dft_modulus(m=1) == dft_modulus(m=2) == 1/2",
            k=(5,),
            weights="one-heavy:3/5",
        ),
    ),
    controls=(
        Claim(
            id="beyond-simplex-kept/control-neighbours",
            title="{0, 1} mod 4 is no difference set.",
            statement="dft_modulus(m=1) == dft_modulus(m=2)",
            k=(4,),
            weights=("3/10", "3/10", "1/5", "1/5"),
        ),
        Claim(
            id="beyond-simplex-kept/control-formula",
            title="$n(k − n)/k$ in place of $n(k − n)/(k − 1)$.",
            statement="dft_modulus(m=1)**2 == (1/5 - 1/10)**2 * 3 * 4 / 7",
            k=(7,),
            weights="difference-set:3/5",
        ),
    ),
)
