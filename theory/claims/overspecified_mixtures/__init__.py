"""The paper itself."""

from emtheory.theory.source import Answer, Overview, Source

_SYMBOLS = (
    ("$k$, $d$", "number of fitted components, dimension of the data; $d ≥ k − 1$"),
    ("$π_j$", "weight of component $j = 0…k−1$: known, positive, of sum 1. They are $π$ together"),
    ("$π̂_m$", "discrete Fourier transform of the weights, $∑_j π_j e^{2πijm/k}$, at the frequency $m = 0…k−1$"),
    ("$θ$", "what is fitted: a vector of $R^d$ from which all means are made. The data are at $θ = 0$"),
    ("$R$", "the rotation of order $k$ that takes each corner of the simplex to the next; the means are $R^jθ$"),
    ("$θ_t$", "population EM after $t$ steps from $θ_0$"),
    ("$KL_t$", "KL divergence of the data from the fit at $θ_t$, in nats"),
    ("$KL$", "Kullback–Leibler divergence of the data's law from the fit, in nats"),
    ("$A$", "$∑_j π_j R^j$, with the eigenvalues $π̂_m$. It is invertible if and only if no $π̂_m$ vanishes"),
    ("$σ$", "the least $|π̂_m|$ over $m ≠ 0$: the least singular value of $A$ on the simplex's span"),
    ("$σ_{min}$", "the least singular value; that of $A$ on the simplex's span is $min |π̂_m|$ over $m ≠ 0$"),
    ("$γ$", "radius of the ball about 0 in which the paper has strong convexity. Not to be taken for $γ_j$ or $γ̂_m$"),
    ("$γ_j$", "posterior probability of component $j$ at an observation. Not the radius $γ$"),
    ("$γ̂_m$", "discrete Fourier transform of the posterior, $∑_j γ_j e^{2πijm/k}$. Not the radius $γ$"),
    ("$ρ$", "radius of a ball of starts"),
    ("$ε$", "accuracy in KL, in nats"),
    ("$δ$", "probability with which a bound on samples may fail"),
    ("$n$", "number of observations, where EM runs on a sample"),
    ("$m$", "a frequency of the discrete Fourier transform over the components"),
    ("$v_j$", "corner $j$ of the regular simplex, a unit vector"),
    ("$U_j$", "orthogonal map that makes mean $j$ of $θ$: $U_jθ$; in the paper $R^j$"),
    ("$β_m$", "$E|γ̂_m|²$ at $θ$: a step of EM multiplies the part of $θ$ at frequency $m$ by $1 − β_m$"),
    ("$ρ_m$", "amplitude of $θ$ at frequency $m$, $‖P_mθ‖$"),
    ("$P_m$", "projection to frequency $m$"),
    ("$ℓ$", "the objective, $−E log p_θ(X)$"),
    ("$Λ$", "$E log ∑_j π_j e^{⟨X, R^jθ⟩}$; $ℓ$ is $‖θ‖²/2 − Λ$ and a constant"),
    ("$M$", "the map of a step of EM, $θ_{t+1} = M(θ_t)$; on a sample $M_n$"),
    ("$∇²ℓ$", "Hessian of the objective"),
    ("$λ_{min}$", "the least eigenvalue"),
    ("$μ$", "constant of the Polyak–Łojasiewicz inequality $½‖∇ℓ‖² ≥ μ KL$"),
    ("$R_0$", "radius of the simplex that Lloyd's algorithm (k-means) keeps on these data"),
    ("$G$", "the maps averaged with the posterior, $∑_j γ_j U_j$"),
    ("$B$", "$E[GᵀG]$; $M(θ) = (I − B(θ))θ$"),
    ("$θ̂$", "where EM on a sample ends"),
    ("$D$", "dimension of the span of the means' differences, at most $k − 1$"),
)

OVERVIEW = Overview(
    model="The data are one normal law, $N(0, I_d)$. Fitted are $k$ normal components with known weights $π_j$ and "
    "covariance $I_d$, whose means $R^jθ$ are all made from one vector $θ$: at the corners of a regular simplex, of "
    "radius $‖θ‖$. EM renews $θ$ alone; the truth is $θ = 0$.",
    answers=(
        Answer(
            "Is the main theorem true?",
            (
                "Yes, and from every start: if no $π̂_m$ vanishes, population EM reaches $KL ≤ ε$ in $O(log 1/ε)$ "
                "steps. Near 0 each step multiplies $‖θ‖$ by $1 − σ²$, with $σ = min |π̂_m|$, and KL by the square.",
                "The condition is needed: where one vanishes, as for equal weights, $KL_t$ falls like $t^{−2}$ only.",
            ),
            ("theorem-population", "open-question-3", "beyond-dichotomy"),
        ),
        Answer(
            "What is the radius $γ$?",
            (
                "The paper only says that there is one. $γ = σ/√10$ is enough for strong convexity, whatever $k$ and "
                "$d$.",
                "For the rate no radius is needed: on every ball $‖θ‖ ≤ ρ$ a step multiplies $‖θ‖$ by at most "
                "$1 − e^{−ρ²}σ²$.",
            ),
            ("lemma-5", "beyond-convexity-radius", "open-question-4"),
        ),
        Answer(
            "What is false, and what is true instead?",
            (
                "“A start beyond $γ$ diverges.” No start does, and none loses the rate.",
                "“The iteration keeps the simplex.” From $k = 4$ on it does not, except for special weights.",
                "“Non-Gaussian data destroy the simplex.” Rotation-invariant data keep it; only its radius changes.",
            ),
            ("failure-2", "mechanism-2-break", "simplex-geometry", "mechanism-3-break"),
        ),
    ),
    symbols=_SYMBOLS,
)

SOURCE = Source(
    title="The paper (2025)",
    reference="arXiv 2506.11850, as its summary puts it",
    scope="Everything its summary states.",
    not_judged="Nothing of the summary is left out; proofs of the paper itself are not read.",
    overview=OVERVIEW,
)
