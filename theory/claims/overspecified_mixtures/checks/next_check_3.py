"""Next check 3: geometry that is approximate rather than exact."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="next-check-3",
    title="The rate survives when simplex geometry is approximate rather than exact",
    source="Next Checks, 3",
    quote=(
        "evaluate practical performance and initialization strategies when simplex geometry is approximate rather than "
        "exact"
    ),
    reading=(
        "Maps U_j that are orthogonal, but not powers of the simplex's rotation, give EM a linear rate from every "
        "start as long as A = Σ_j π_jU_j is invertible, and σ_min(A) moves by no more than max ‖U_j − R^j‖ (Weyl). "
        "Real data are not judged here: no formal statement is made about them."
    ),
    group="Experiments and checks",
    claims=(
        Claim(id="next-check-3/any-maps", derivation="contraction-bound", general=True, k=()),
        Claim(id="next-check-3/identity", derivation="stein-identity", general=True, k=()),
    ),
    instances=(
        Claim(
            id="next-check-3/start",
            title="A start that is only nearly a simplex: amplitudes of radius 1 are (√2, 1)/√3 = (0.816…, 0.577…).",
            statement="asymptotic_rate == contraction_factor < 1",
            k=(4,),
            weights="linear",
            amplitudes=("0.8", "0.6"),
        ),
    ),
    controls=(
        Claim(
            id="next-check-3/control",
            title="Degenerate weights are not rescued by an inexact start.",
            statement="asymptotic_rate < 1",
            k=(4,),
            amplitudes=("0.8", "0.6"),
            expect="refuted",
        ),
    ),
    depends=("beyond-contraction-bound",),
)
