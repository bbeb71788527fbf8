"""Beyond the paper: the objective as a function of the amplitudes."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="beyond-amplitudes",
    title="Two to four components: Λ depends on the amplitudes only, its derivatives are cumulants of the posterior",
    source="Beyond the paper; how everything off the simplex is computed",
    quote="Symmetric rotation matrix encoding simplex geometry",
    reading=(
        "k = 2, 3 and 4: Λ is a function of the ρ_m² = ‖P_mθ‖²; 2 ∂Λ/∂(ρ_m²) = 1 − β_m, and second derivatives are "
        "fourth cumulants of the characters under the posterior. For more components it is not judged."
    ),
    group="Beyond the paper",
    claims=(Claim(id="beyond-amplitudes/derivation", derivation="amplitudes", k=(2, 3, 4)),),
    universal=False,
    instances=(
        Claim(
            id="beyond-amplitudes/radial",
            title="The smallest eigenvalue may be radial, below the tangential β_1, even negative.",
            statement="hessian_min_eigenvalue < 0 < posterior_power(m=1)",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="2.64",
        ),
    ),
    controls=(
        Claim(
            id="beyond-amplitudes/control",
            title="The smallest eigenvalue is not always a tangential one.",
            statement="hessian_min_eigenvalue == posterior_power(m=1)",
            k=(1000,),
            weights="one-heavy:0.99",
            radius="2.64",
            expect="refuted",
        ),
    ),
)
