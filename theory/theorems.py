"""The standard theorems that derivations cite; a step that cites one says why its hypotheses hold."""

from collections.abc import Mapping
from types import MappingProxyType

THEOREMS: Mapping[str, str] = MappingProxyType(
    {
        "Stein's lemma": "If $X ~ N(0, I_d)$ and $f$ is absolutely continuous with $E|∇f(X)|$ finite, $E[f(X) X] = "
        "E ∇f(X)$ (C. Stein, Ann. Statist. 9 (1981)).",
        "dominated convergence": "Limits, derivatives and integrals may be exchanged if the integrands are bounded by "
        "one integrable function.",
        "continuity of eigenvalues": "The eigenvalues of a symmetric matrix are continuous in it: they move by at most "
        "the norm of the change (Weyl).",
        "spectral theorem": "A normal matrix has an orthonormal basis of eigenvectors; its singular values are the "
        "moduli of its eigenvalues.",
        "Šidák's inequality": "For a centred Gaussian vector the probability that $|Y_j| ≤ c_j$ for all $j$ is at "
        "least $∏_j P(|Y_j| ≤ c_j)$ (Z. Šidák, J. Amer. Statist. Assoc. 62 (1967)).",
        "Stolz–Cesàro theorem": "If $a_{t+1} − a_t → c$ then $a_t / t → c$.",
        "Taylor's theorem": "$f(x)$ is its Taylor polynomial of degree $n$ up to $sup |f^{(n+1)}| |x|^{n+1} / (n+1)!$.",
        "Wilks' theorem": "At an interior true parameter with invertible information, twice the logarithm of the "
        "likelihood ratio is asymptotically $χ²$ with as many degrees of freedom as there are "
        "parameters.",
        "cumulants": "The derivatives of $log E e^{aY + bZ}$ are the joint cumulants of $Y$ and $Z$ under the law "
        "weighted by $e^{aY + bZ}$; for centred ones $κ(Y, Y, Z) = E Y²Z$ and $κ(Y, Y, Z, Z) = E Y²Z² − E Y² E Z² − "
        "2(E YZ)²$.",
        "Grönwall's inequality": "If $f′ ≤ wf$ on $s ≥ 0$, $f(s) ≤ e^{ws} f(0)$.",
        "Bernoulli's inequality": "$1 − mx ≤ (1 − x)^m$ for $0 ≤ x ≤ 1$ and $m ≥ 1$.",
        "Banach's theorem": "A map of a closed ball into itself with a Lipschitz constant below 1 has one fixed point, "
        "and its iterates from every start there tend to it.",
        "chi-square law": "The sum of the squares of $d$ independent standard normal variables is $χ²_d$.",
        "Davidson–Szarek bound": "The largest singular value of an $n × D$ matrix of independent standard normal "
        "variables exceeds $√n + √D + u$ with a probability of at most $e^{−u²/2}$, $u ≥ 0$ (K. Davidson and "
        "S. Szarek, Handbook of the Geometry of Banach Spaces 1 (2001), Theorem II.13).",
        "Pinsker's inequality": "$(∑|p_j − q_j|)² ≤ 2 ∑ p_j log(p_j/q_j)$ for two laws on a finite set.",
        "Minkowski's inequality": "$√(E‖Y + Z‖²) ≤ √(E‖Y‖²) + √(E‖Z‖²)$.",
        "Bernstein's inequality": "The mean of $n$ independent variables of one law with mean 0, variance $v$ and $|Y| "
        "≤ b$ is off by more than $ε$ with a probability of at most $2e^{−nε²/(2v + 2bε/3)}$.",
        "Jensen's inequality": "$f(E Y) ≤ E f(Y)$ for convex $f$.",
        "Markov's inequality": "For $Y ≥ 0$ and $a > 0$, $P(Y ≥ a) ≤ E Y / a$.",
        "Ostrowski's theorem": "A fixed point of a map that is differentiable there attracts, geometrically, if all "
        "eigenvalues of the Jacobian are below 1 in modulus (J. Ortega and W. Rheinboldt, Iterative Solution of "
        "Nonlinear Equations in Several Variables (1970), 10.1.3).",
        "global convergence theorem": "If a continuous map lowers a continuous function except at its fixed points and "
        "the iterates stay in a compact set, every limit of a subsequence of them is a fixed point (W. Zangwill, "
        "Nonlinear Programming: A Unified Approach (1969), chapter 4).",
        "Fourier inversion": "A function on $Z/k$ is determined by its transform; the transform is constant on $m ≠ "
        "0$ if and only if the function is constant on $s ≠ 0$.",
        "maximum likelihood": "At an interior, identifiable true parameter with invertible Fisher information $I$ "
        "of a smooth model, $√n(θ̂ − θ_0)$ tends in law to $N(0, I^{−1})$ for maxima $θ̂$ of the likelihood that tend "
        "to $θ_0$ in probability; if $θ_0$ is the only one with its law in a ball in which they stay, they do (Wald).",
        "local asymptotic normality": "Near the true parameter of a model that is smooth in quadratic mean the "
        "logarithm of the likelihood ratio is a quadratic form plus $o(1)$; on a "
        "half-line the maximum is that of the form (Chernoff).",
        "central limit theorem": "$√n$ times the mean of $n$ independent centred vectors of one law with covariance "
        "$Σ$ tends in law to $N(0, Σ)$.",
        "Slutsky's theorem": "If $X_n$ tends in law to $X$, $Y_n$ in probability to a number $c$ and $Z_n$ to 0, "
        "$X_nY_n + Z_n$ tends in law to $cX$; a continuous function of $X_n$ tends in law to "
        "that of $X$.",
        "Marcinkiewicz–Zygmund inequality": "For $p ≥ 2$ and $n$ independent centred variables of one law with "
        "finite $E|Y|^p$, the $p$-th moment of their mean is at most $C_p "
        "n^{−p/2} E|Y|^p$.",
        "Morrey's inequality": "On a ball of $R^d$ and for $p > d$, $sup |g|^p ≤ C ∫ (|g|^p + |∇g|^p)$ for smooth $g$.",
        "uniform integrability": "If $Y_n$ tends in law to $Y$ and the $E|Y_n|^q$ are bounded for some $q > 1$, $E "
        "Y_n → E Y$.",
        "Price's theorem": "If $Y$ is centred Gaussian with covariances $C_{jl}(p)$, smooth in $p$, and $f$ is "
        "smooth with derivatives of at most exponential growth, $d/dp E f(Y) = ½ ∑_{jl} "
        "C'_{jl}(p) E ∂_j∂_l f(Y)$ (R. Price, IRE Trans. Inform. Theory 4 (1958)).",
        "Reynolds' transport theorem": "The integral of $f$ over a domain whose boundary moves with speed $v$ "
        "outwards changes by the integral of $f v$ over the boundary.",
        "Hermite expansion": "If a density has the moment generating function $e^{‖t‖²/2} ∑_n Q_n(t)$ with $Q_n$ "
        "homogeneous of degree $n$, and its square over $φ$, the density of $N(0, I)$, is integrable, it is $φ ∑_n "
        "h_n$ with $E h_mh_n = 0$ for $m ≠ n$, $h_0 = Q_0$ and $E h_n² = n!‖Q_n‖²$, in the norm of symmetric tensors.",
        "Gaussian laws": "A centred Gaussian law is determined by its covariance.",
        "group Fourier transform": "An orthogonal representation of a finite group is an orthogonal sum of "
        "irreducible ones (Maschke); $∑_g π_g ρ(g)$ acts on each by the transform of $π$ "
        "there.",
    }
)
"""Name → statement."""
