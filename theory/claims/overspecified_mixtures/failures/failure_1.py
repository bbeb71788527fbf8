"""Failure signature 1: slow convergence with uniform weights."""

from emtheory.theory.claim import Claim, Entry

_COMPONENTS = (2, 3, 4, 5, 8, 16, 64)
"""k of the instances: the smallest, two odd ones, and powers of two. A choice: the derivations are for every k."""

ENTRY = Entry(
    id="failure-1",
    title="Uniform weights make $A$ singular and EM slow",
    source="Architecture Onboarding, failure signature 1",
    quote="Slow Convergence: Uniform weights violate DFT condition, matrix $A$ becomes singular",
    reading="With uniform weights the spectral gap is 0, so $A$ is singular on the simplex's span, and from a start on "
    "the simplex EM is sublinear: $t² KL_t$ tends to $(k − 1)/16$.",
    claims=(
        Claim(id="failure-1/dft", derivation="dft", general=True, k=()),
        Claim(id="failure-1/expansion", derivation="kl-expansion", general=True, k=()),
    ),
    instances=(
        Claim(
            id="failure-1/expansion-coordinates",
            title="The same for single $k$, in coordinates.",
            derivation="kl-expansion",
            k=(2, 3, 4),
        ),
        Claim(id="failure-1/singular", statement="spectral_gap == 0", k=_COMPONENTS),
        Claim(id="failure-1/rate", statement="asymptotic_rate == 1", k=_COMPONENTS, radius="1"),
        Claim(id="failure-1/law", statement="sublinear_constant == (k - 1)/16", k=_COMPONENTS),
    ),
    controls=(
        Claim(id="failure-1/control-constant", statement="sublinear_constant == k/16", k=(3,)),
        Claim(
            id="failure-1/control-weights", statement="asymptotic_rate == 1", weights=("1/2", "3/10", "1/5"), radius="1"
        ),
    ),
    depends=("uniform-dft",),
)
