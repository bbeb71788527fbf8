"""Lemma 3: A is invertible under the DFT condition."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="lemma-3",
    title="Lemma 3: $A$ is invertible if no entry of the weights' discrete Fourier transform vanishes",
    source="Why This Works, Mechanism 1, evidence anchor; Lemma 3 of the paper",
    quote="[Lemma 3] proves $A$ is invertible",
    reading="$A = ∑_j π_j R^j$ has the eigenvalues $π̂_m$, so $σ_{min}(A)² = min |π̂_m|²$ on the simplex span.",
    claims=(
        Claim(id="lemma-3/simplex", derivation="simplex", general=True, k=()),
        Claim(id="lemma-3/dft", derivation="dft", general=True, k=()),
        Claim(id="lemma-3/matrix-a", derivation="matrix-a", general=True, k=()),
    ),
    instances=(
        Claim(
            id="lemma-3/simplex-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="simplex",
            k=(2, 3, 4, 5),
        ),
        Claim(
            id="lemma-3/dft-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="dft",
            k=(2, 3, 4, 5),
        ),
        Claim(
            id="lemma-3/matrix-a-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="matrix-a",
            k=(2, 3, 4, 5),
        ),
        Claim(id="lemma-3/value", statement="spectral_gap == 7/100", weights=("1/2", "3/10", "1/5")),
        Claim(id="lemma-3/linear", statement="spectral_gap > 0", k=(2, 3, 4, 5, 6, 7, 8, 16, 64), weights="linear"),
    ),
    hypotheses=(Claim(id="lemma-3/condition", statement="dft_modulus(m=1) > 0", weights=("1/2", "3/10", "1/5")),),
    controls=(
        Claim(id="lemma-3/control-uniform", statement="spectral_gap > 0", k=(5,)),
        Claim(
            id="lemma-3/control-partial",
            title="One vanishing entry is enough: $π̂_2 = 0$ here, although $π̂_1$ is not.",
            statement="spectral_gap > 0",
            k=(4,),
            weights=("2/5", "3/10", "1/10", "1/5"),
        ),
        Claim(id="lemma-3/control-value", statement="spectral_gap == 8/100", weights=("1/2", "3/10", "1/5")),
    ),
)
