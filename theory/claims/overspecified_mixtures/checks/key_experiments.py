"""Key result: the rate seen in numerical experiments."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_there = partial(Claim, k=(2,), weights=("7/10", "3/10"), radius="1")

ENTRY = Entry(
    id="key-experiments",
    title="EM on synthetic data shows the theoretical rate",
    source="Key Results",
    quote="Numerical experiments demonstrate the theoretical convergence rate on synthetic data",
    reading="The factor by which $‖θ‖$ shrinks on samples of $N(0, I_d)$, as long as $‖θ‖$ is well above the sampling "
    "error, agrees with $1 − min |π̂_m|²$ within 0.03 for $k = 2$ and 3, and for $d$ beyond $k − 1$; and where EM "
    "ends, $2n KL$ is on average below the proved bound for 95 % of all samples. Sampled evidence: 8 samples for a "
    "factor, 200 for a mean, 99 % intervals.",
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
        _there(
            id="key-experiments/two",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - contraction_factor) < 0.03",
        ),
        Claim(
            id="key-experiments/end",
            statement="sample_likelihood_gain(n=5000, seed=5) < 10000 * sample_kl_bound(n=5000, delta=1/20, "
            "radius=1/10)",
            weights="one-heavy:4/5",
            radius="1/10",
        ),
    ),
    controls=(
        Claim(
            id="key-experiments/control-end",
            title="A twentieth of the bound is too small.",
            statement="sample_likelihood_gain(n=5000, seed=5) < 500 * sample_kl_bound(n=5000, delta=1/20, radius=1/10)",
            weights="one-heavy:4/5",
            radius="1/10",
        ),
        _there(
            id="key-experiments/control",
            title="The square root of the factor.",
            statement="abs(sample_contraction_factor(n=40000, seed=300) - sqrt(contraction_factor)) < 0.03",
        ),
    ),
    depends=("theorem-population",),
)
