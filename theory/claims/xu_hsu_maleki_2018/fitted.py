"""Xu, Hsu and Maleki: fitting the weights, too."""

from emtheory.theory.claim import Entry
from emtheory.theory.family_claim import two_means

ENTRY = Entry(
    id="xhm-fitted-weights",
    title="With the weights fitted, too, EM finds the global maximum from where it is stuck if they are known",
    source="Xu, Hsu and Maleki (2018), abstract: from almost any initial means",
    quote="Introducing the weight parameters enables EM to find the global maximizer of the log-likelihood from almost "
    "any initial mean parameters, whereas EM without them may often fail.",
    reading="$μ = 1$, $W₀ = 11/20$. From $θ = −3$ and $W = 1/2$, EM that fits $W$ comes to $(−1, 9/20)$, the mirror "
    "image of the truth and the same density, while EM with the known weight 11/20 does not. From $W = 1/2$ the limit "
    "changes at $θ = 0$, the exception of the theorem. The start of the weight matters: from $W = 1/20$ it changes at "
    "$θ = 0.60295989…$, so that the sign of the first $θ$ does not tell which of the two it is. With the variance "
    "fitted along with them it is the same from both sides.",
    claims=(
        two_means(
            "xhm-fitted-weights/mirror",
            "abs(fitted_iterate(start=-3, t=100) + separation) < 1/1000000",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/mirror-weight",
            "abs(fitted_weight_iterate(start=-3, t=100) - (1 - truth_weight)) < 1/1000000",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/truth",
            "abs(fitted_iterate(start=3, t=100) - separation) < 1/1000000",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/joint",
            "abs(jointly_fitted_iterate(start=-3, t=100) + separation) < 1/1000000",
            title="With weight and variance fitted, from $v = 1$: the mirror image,",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/joint-weight",
            "abs(jointly_fitted_weight(start=-3, t=100) - (1 - truth_weight)) < 1/1000000",
            title="its weight,",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/joint-variance",
            "abs(jointly_fitted_variance(start=-3, t=100) - 1) < 1/1000000",
            title="and the variance of the data.",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/joint-truth",
            "abs(jointly_fitted_iterate(start=3, t=100) - separation) < 1/1000000",
            title="From the other side the truth.",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/change",
            "-1/10**9 < fitted_boundary < 1/10**9",
            title="From $W = 1/2$ it is $θ = 0$ that leads to neither.",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/start",
            "60295989/10**8 < fitted_boundary < 60295990/10**8",
            title="From $W = 1/20$ even $θ = 0.6029$ leads to the mirror image.",
            fit_weight="1/20",
            separation="1",
            truth_weight="11/20",
        ),
    ),
    controls=(
        two_means(
            "xhm-fitted-weights/known",
            "abs(em_iterate(start=-3, t=100) + separation) < 1/1000000",
            title="With the weight known it does not arrive.",
            fit_weight="11/20",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/known-scale",
            "abs(location_scale_iterate(start=-3, t=100) + separation) < 1/1000000",
            title="Nor with the variance fitted and the weight known.",
            fit_weight="11/20",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/joint-slow",
            "abs(jointly_fitted_iterate(start=-3, t=20) + separation) < 1/1000000",
            title="Twenty steps are too few.",
            fit_weight="1/2",
            separation="1",
            truth_weight="11/20",
        ),
        two_means(
            "xhm-fitted-weights/zero",
            "fitted_boundary < 1/2",
            title="The sign of $θ$ does not decide from every weight.",
            fit_weight="1/20",
            separation="1",
            truth_weight="11/20",
        ),
    ),
)
