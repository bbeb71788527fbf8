"""Failure signature 2: divergence from beyond the radius γ."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_HEAVY = "one-heavy:0.99"
_there = partial(Claim, k=(1000,), weights=_HEAVY, radius="2.64")

ENTRY = Entry(
    id="failure-2",
    title="Initialisation beyond $γ$ leads to divergence",
    source="Architecture Onboarding, failure signature 2",
    quote="Divergence/Instability: Initialization radius exceeds $γ$, leaving strongly convex basin",
    reading="Read for the distance from the origin: where strong convexity has failed ($k = 1000$, weight 0.99 on one "
    "component, radius 2.64: there a start has left the basin) a step of population EM moves away from 0: its factor "
    "$1 − β_m$ exceeds 1.",
    claims=(_there(id="failure-2/expands", statement="1 - posterior_power(m=1) > 1"),),
    disproofs=(Claim(id="failure-2/identity", derivation="stein-identity", general=True, k=()),),
    expected="refuted",
    hypotheses=(
        _there(
            id="failure-2/not-convex",
            title="The point is outside the strongly convex basin.",
            statement="hessian_min_eigenvalue < -0.12",
        ),
    ),
    controls=(
        _there(
            id="failure-2/control",
            title="The factor at that point is not small either.",
            statement="1 - posterior_power(m=1) < 2/5",
        ),
    ),
    correction="Population EM never diverges: $P_m M(θ) = (1 − β_m(θ)) P_m θ$ with $0 ≤ β_m ≤ 1$ for every $θ$. "
    "Outside $γ$ strong convexity may fail, but no step expands, and at that point one contracts by more than two "
    "fifths.",
    corrected=(
        Claim(id="failure-2/never", derivation="stein-identity", general=True, k=()),
        _there(id="failure-2/contracts-there", statement="2/5 < posterior_power(m=1) < 1"),
        Claim(
            id="failure-2/contracts-far-out",
            statement="0 < posterior_power(m=1) < 1",
            k=(2, 3, 4),
            weights="linear",
            radius="20",
        ),
    ),
)
