"""Beyond the paper: what holds of EM for every finite mixture, and every model that a user writes down quotes."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-general-em",
    title="EM for any finite mixture does not lower the likelihood and stops where it is stationary; its rate there is "
    "the share of information that is missing",
    source="Beyond the paper; A. Dempster, N. Laird and D. Rubin (1977), T. Louis (1982)",
    quote="Can exponential convergence guarantees extend to general overspecified configurations beyond simplex "
    "geometry?",
    reading="For every finite mixture with densities that are positive and twice differentiable in the parameters, "
    "and every law of the data for which the means exist: what a step adds to $Q(·|θ)$ it adds to the "
    "expected log-likelihood, or more; the slopes of both at $θ$ are the same, so that EM stops at "
    "stationary points; $I_o = I_c − I_m$, where $I_m$ is the mean of the covariance of the slopes of $l_j$ "
    "under the posterior; at a fixed point with an inner M-step the Jacobian of EM is $I − I_c⁻¹I_o$; where "
    "the data have the law of the fit the score is 0.",
    claims=(Claim(id="beyond-general-em/derivation", derivation="general-em", general=True, k=()),),
    instances=(
        Claim(
            id="beyond-general-em/rate",
            title="The tied simplex at the truth, where $I_c$ is the identity: the factor is 1 less the least "
            "eigenvalue of the observed information.",
            statement="contraction_factor == 1 - hessian_min_eigenvalue",
            k=(2, 3, 4),
            weights="linear",
            radius="0",
        ),
    ),
    controls=(
        Claim(
            id="beyond-general-em/control-elsewhere",
            title="Away from the truth the slope along $θ$, $r²β_1$ for two components, is not 0.",
            statement="radius**2 * posterior_power(m=1) < 1/100",
            k=(2,),
            weights="linear",
            radius="1",
        ),
    ),
)
