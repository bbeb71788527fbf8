"""Next check 1: how the rate approaches the boundary."""

from emtheory.theory.claim import Claim, Entry

_INTERVAL = {"W": ("1/100", "99/100")}


def _heavy(name: str, statement: str, title: str = "", expect: str = "holds") -> Claim:
    return Claim(
        id=f"next-check-1-approach/{name}",
        statement=statement,
        k=tuple(range(2, 17)),
        weights="one-heavy:W",
        for_all=_INTERVAL,
        title=title,
        expect=expect,
    )


ENTRY = Entry(
    id="next-check-1-approach",
    title="With one special weight the factor approaches 1 quadratically at uniform weights",
    source="Next Checks, 1",
    quote="Systematically vary initialization radius and weight distributions to map boundary between exponential and "
    "sublinear convergence rates",
    reading=(
        "Weight W on one component and the rest equal, k = 2 to 16, every W from 1/100 to 99/100: the contraction "
        "factor is 1 − ((kW − 1)/(k − 1))², so that it is 1 at W = 1/k, uniform weights, and below 1 at every other W."
    ),
    group="Experiments and checks",
    claims=(_heavy("factor", "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2"),),
    universal=False,
    instances=(
        Claim(
            id="next-check-1-approach/near-uniform",
            title="At k = 3 and distance δ = 1/60 from 1/k.",
            statement="contraction_factor == 1 - (3/60/2)**2",
            k=(3,),
            weights="one-heavy:7/20",
        ),
    ),
    controls=(
        _heavy("control-first-power", "contraction_factor == 1 - abs(k*W - 1)/(k - 1)", "Not linearly.", "refuted"),
        _heavy("control-scale", "contraction_factor == 1 - ((k*W - 1)/k)**2", "k in place of k − 1.", "refuted"),
    ),
)
