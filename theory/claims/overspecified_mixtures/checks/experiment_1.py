"""First experiment 1: a linear trend of log KL for k = 4 in d = 3."""

from functools import partial

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
_there = partial(Claim, k=(4,), weights=_WEIGHTS, d=3, radius="1")

ENTRY = Entry(
    id="experiment-1",
    title="For $k = 4$ in $d = 3$, log KL falls linearly with the iterations",
    source="First 3 experiments, 1",
    quote="Generate synthetic $N(0,I)$ data in $d=3$ with $k=4$; fit EM with simplex initialization and plot $log(KL)$ "
    "vs iterations to verify linear trend",
    reading="Judged for population EM with the weights 1/2, 1/4, 1/8, 1/8 from the simplex of radius 1: $‖θ‖$ shrinks "
    "by the factor 15/16 in the end, and each hundredfold accuracy in KL from $10^{−4}$ to $10^{−8}$ costs about $log "
    "100/(−2 log(15/16)) = 35.7$ steps. The report draws the trajectory beside that slope.",
    claims=(
        _there(id="experiment-1/rate", statement="asymptotic_rate == contraction_factor == 15/16"),
        *(
            _there(
                id=f"experiment-1/{name}",
                statement=f"35 <= iterations_to_kl(eps={small}) - iterations_to_kl(eps={large}) <= 37",
            )
            for name, large, small in (("first", "1e-4", "1e-6"), ("second", "1e-6", "1e-8"))
        ),
        _there(
            id="experiment-1/start",
            title="The trend starts from a certified KL at radius 1.",
            statement="1/20 < kl_divergence < 1/5",
        ),
    ),
    universal=False,
    controls=(
        Claim(
            id="experiment-1/control",
            title="The slope of uniform weights is not negative.",
            statement="asymptotic_rate < 1",
            k=(4,),
            d=3,
            radius="1",
        ),
    ),
    depends=("theorem-population",),
)
