"""Beyond the paper: the factor of a step in the end is that of the slowest frequency that the start excites."""

from emtheory.theory.claim import Claim, Entry

_WEIGHTS = ("1/2", "1/4", "1/8", "1/8")


def _four(name: str, statement: str, amplitudes: tuple[str, str], title: str = "") -> Claim:
    return Claim(
        id=f"beyond-asymptotic-factor/{name}",
        statement=statement,
        k=(4,),
        weights=_WEIGHTS,
        amplitudes=amplitudes,
        title=title,
    )


ENTRY = Entry(
    id="beyond-asymptotic-factor",
    title="$‖θ_{t+1}‖/‖θ_t‖ → 1 − min |π̂_m|²$ over the frequencies that $θ_0$ has, and KL falls by the square",
    source="Beyond the paper; makes the rate of its population theorem exact",
    quote="EM achieves exponential convergence in KL divergence",
    reading="With means $R^jθ$ and any weights, from every $θ_0$ that has a frequency $m ≠ 0$: $‖θ_{t+1}‖/‖θ_t‖ → 1 − "
    "σ²$, $σ$ the least $|π̂_m|$ over the $m ≠ 0$ with $P_mθ_0 ≠ 0$. If $σ > 0$, $KL_t ~ ½∑|π̂_m|²‖P_mθ_t‖²$ and "
    "$KL_{t+1}/KL_t → (1 − σ²)²$. Frequencies do not mix: no step excites one that $θ_0$ has not, or loses one that it "
    "has. A start on the complement of the simplex's span is at 0 after one step.",
    claims=(
        Claim(id="beyond-asymptotic-factor/derivation", derivation="asymptotic-factor", general=True, k=()),
        Claim(id="beyond-asymptotic-factor/identity", derivation="stein-identity", general=True, k=()),
        Claim(id="beyond-asymptotic-factor/complement", derivation="global-convergence", general=True, k=()),
    ),
    instances=(
        _four("first", "asymptotic_rate == 27/32", ("1", "0"), "A start with frequency 1 only."),
        _four("second", "asymptotic_rate == 15/16", ("0", "1"), "With frequency 2 only,"),
        _four("both", "asymptotic_rate == 15/16", ("1", "1/1000"), "and with a little of it."),
        Claim(
            id="beyond-asymptotic-factor/count",
            title="KL falls by $(1 − σ²)²$: a hundred times smaller in $log 100/(−2 log(1 − σ²))$ steps, up to one.",
            statement="abs(iterations_to_kl(eps=1e-6) - iterations_to_kl(eps=1e-4) - log(100) / (-2 * "
            "log(asymptotic_rate))) <= 1",
            weights=("1/2", "3/10", "1/5"),
            radius="1/2",
        ),
    ),
    controls=(
        _four("control-all", "asymptotic_rate == contraction_factor", ("1", "0"), "The minimum over all frequencies."),
        Claim(
            id="beyond-asymptotic-factor/control-count",
            title="The factor of KL is not that of $‖θ‖$.",
            statement="abs(iterations_to_kl(eps=1e-6) - iterations_to_kl(eps=1e-4) - log(100) / -log(asymptotic_rate)) "
            "<= 1",
            weights=("1/2", "3/10", "1/5"),
            radius="1/2",
        ),
    ),
    depends=("beyond-gradient-em",),
)
