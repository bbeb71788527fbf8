"""Key result: the rate seen in numerical experiments."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="key-experiments",
    title="EM on synthetic data shows the theoretical rate",
    source="Key Results",
    quote="Numerical experiments demonstrate the theoretical convergence rate on synthetic data",
    reading=(
        "The factor by which $‖θ‖$ shrinks on samples of $N(0, I_d)$, as long as $‖θ‖$ is well above the sampling "
        "error, agrees with $1 − min |π̂_m|²$ within 0.03 for $k = 2$ and 3, and for $d$ beyond $k − 1$. Sampled "
        "evidence: 8 samples, 99 % intervals."
    ),
    group="Theorems and key results",
    claims=(
        Claim(
            id="key-experiments/three",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - contraction_factor) < 0.03",
            weights=("1/2", "3/10", "1/5"),
            radius="1",
        ),
        Claim(
            id="key-experiments/more-dimensions",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - contraction_factor) < 0.03",
            weights=("1/2", "3/10", "1/5"),
            d=6,
            radius="1",
        ),
        Claim(
            id="key-experiments/two",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - contraction_factor) < 0.03",
            k=(2,),
            weights=("7/10", "3/10"),
            radius="1",
        ),
    ),
    controls=(
        Claim(
            id="key-experiments/control",
            title="The square root of the factor.",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - sqrt(contraction_factor)) < 0.03",
            k=(2,),
            weights=("7/10", "3/10"),
            radius="1",
            expect="refuted",
        ),
    ),
    depends=("theorem-population",),
)
