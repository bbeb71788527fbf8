"""Jin et al.: how much worse a local maximum may be."""

from emtheory.theory.claim import Claim, Entry
from emtheory.theory.family_claim import three_means

_NUMBERS = (
    ("2", "9", ("-323/10000", "85116/10000", "93516/10000"), "113/100"),
    ("3", "12", ("-70/10000", "117538/10000", "122187/10000"), "276/100"),
    ("4", "14", ("-81/10000", "137317/10000", "142359/10000"), "509/100"),
    ("5", "16", ("-94/10000", "157116/10000", "162505/10000"), "809/100"),
    ("6", "18", ("-107/10000", "176929/10000", "182633/10000"), "1176/100"),
)
"""Half the distance of the two means on the left, the mean on the right, where the maximum is, and the gap."""


def _values(index: int) -> dict[str, str]:
    half, right, place, _ = _NUMBERS[index]
    law = {"truth_first_mean": f"-{half}", "truth_second_mean": half, "truth_third_mean": right}
    return law | dict(zip(("first_mean", "second_mean", "third_mean"), place, strict=True))


def _claim(index: int) -> Claim:
    half, right, _, gap = _NUMBERS[index]
    return three_means(
        f"jin-gap/{half}",
        f"kl_at_local_maximum > {gap}",
        title=f"Means $−{half}$, {half}, {right}.",
        values=_values(index),
    )


ENTRY = Entry(
    id="jin-gap",
    title="The local maximum becomes ever worse as the separation grows",
    source="Jin et al. (2016), abstract: arbitrarily worse than that of any global optimum",
    quote="The log-likelihood of these bad local maxima can be arbitrarily worse than that of any global optimum.",
    reading="Means $−g$, $g$ and $R$ with weights 1/3: local maxima, each shown by Krawczyk's test, whose "
    "log-likelihood is more than 1.13, 2.76, 5.09, 8.09 and 11.76 below the global one for $(g, R)$ = (2, 9), (3, 12), "
    "(4, 14), (5, 16) and (6, 18). That the gap exceeds every number is not shown by five of them.",
    claims=tuple(_claim(index) for index in range(len(_NUMBERS))),
    controls=(three_means("jin-gap/more", "kl_at_local_maximum > 1177/100", values=_values(len(_NUMBERS) - 1)),),
)
