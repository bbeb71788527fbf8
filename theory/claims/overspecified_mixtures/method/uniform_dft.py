"""Uniform weights violate the DFT condition for k > 2."""

from emtheory.theory.claim import Claim, Entry

_COMPONENTS = (3, 4, 5, 6, 7, 8, 9, 12, 16, 64)
"""k of the instances: primes, prime powers and products of primes, whose roots of unity differ. A choice: the
derivation is for every k."""

ENTRY = Entry(
    id="uniform-dft",
    title="Uniform weights violate the DFT condition for $k > 2$",
    source="Mechanism 1, break condition; Design tradeoffs",
    quote="Uniform weights violate DFT condition for k>2",
    reading="With $π_j = 1/k$ some $π̂_m$ with $1 ≤ m ≤ k − 1$ is zero, for every $k > 2$.",
    claims=(Claim(id="uniform-dft/derivation", derivation="dft", general=True, k=()),),
    instances=(
        Claim(id="uniform-dft/vanishes", statement="dft_modulus(m=1) == 0", k=_COMPONENTS),
        Claim(id="uniform-dft/all", statement="spectral_gap == 0", k=_COMPONENTS),
    ),
    controls=(
        Claim(
            id="uniform-dft/control",
            title="A small perturbation of uniform weights restores it.",
            statement="spectral_gap == 0",
            weights=("334/1000", "333/1000", "333/1000"),
        ),
    ),
    correction="True, but $k = 2$ is no exception: equal weights give $π̂_1 = 0$ for every $k ≥ 2$.",
    corrected=(Claim(id="uniform-dft/two", statement="dft_modulus(m=1) == 0", k=(2,)),),
)
