"""Jin et al.: a local maximum that is not a global one."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import three_means

_LAW = {"truth_first_mean": "-2", "truth_second_mean": "2", "truth_third_mean": "9"}
_NEAR = {"first_mean": "-323/10000", "second_mean": "85116/10000", "third_mean": "93516/10000"}

ENTRY = Entry(
    id="jin-bad-local-maximum",
    title="Three well-separated normals of equal weight: the likelihood has a local maximum that is not the truth",
    source="Jin et al. (2016), abstract: bad local maxima for three or more components of equal weight",
    quote="The population likelihood has bad local maxima even for equally weighted mixtures of well-separated "
    "spherical Gaussians.",
    reading="Means $−2$, 2 and 9, weights 1/3: within 1/100 of $θ = (−0.0323, 8.5116, 9.3516)$ there is exactly one "
    "stationary point, and the Hessian is negative definite there. One mean serves the two normals on the left, two "
    "share the one on the right. KL is $1.131406…$ there, where the global maximum has 0. EM, which never lowers the "
    "likelihood, stays there from all starts near enough.",
    claims=(
        three_means(
            "jin-bad-local-maximum/first",
            "-32329797/10**9 < local_maximum(component=1) < -32329796/10**9",
            title="The mean that serves two normals.",
            values=_LAW | _NEAR,
        ),
        three_means(
            "jin-bad-local-maximum/second",
            "8511567/10**6 < local_maximum(component=2) < 8511568/10**6",
            title="The first of the two that share one.",
            values=_LAW | _NEAR,
        ),
        three_means(
            "jin-bad-local-maximum/third",
            "9351570/10**6 < local_maximum(component=3) < 9351571/10**6",
            title="The second of them.",
            values=_LAW | _NEAR,
        ),
        three_means(
            "jin-bad-local-maximum/gap",
            "1131406/10**6 < kl_at_local_maximum < 1131407/10**6",
            title="How much of the log-likelihood is missing.",
            values=_LAW | _NEAR,
        ),
        three_means(
            "jin-bad-local-maximum/strict",
            "hessian_max_eigenvalue < -38/1000",
            title="Concave at the point given, too.",
            values=_LAW | _NEAR,
        ),
    ),
    controls=(
        three_means(
            "jin-bad-local-maximum/gap-sharper",
            "kl_at_local_maximum > 1131407/10**6",
            title="The last digit of the gap.",
            values=_LAW | _NEAR,
        ),
        three_means(
            "jin-bad-local-maximum/together",
            "hessian_max_eigenvalue < 0",
            title="With both means on the right in one place the point is a saddle: they part.",
            values=_LAW | {"first_mean": "0", "second_mean": "9", "third_mean": "9"},
        ),
    ),
)
