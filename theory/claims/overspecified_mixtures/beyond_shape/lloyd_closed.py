"""Beyond the paper: Lloyd's radius in closed form."""

from emtheory.theory.claim import Claim, Entry

_CLOSE = "1e-12"

ENTRY = Entry(
    id="beyond-lloyd-closed",
    title="Lloyd's radius has a closed form for two to five components",
    source="Beyond the paper; the value of Proposition $1's$ scaling factor",
    quote="[Proposition 1] proves existence of unique scaling factor",
    reading=(
        "$R_0√π √((k−1)/k) = 1$, 3/2, $3/2 + (3/π) arcsin(1/3)$, $5/4 + (15/(2π)) arcsin(1/3)$ for $k = 2$, 3, 4, 5."
    ),
    claims=(Claim(id="beyond-lloyd-closed/forms", derivation="lloyd-radius", k=(2, 3, 4, 5)),),
    universal=False,
    instances=(
        Claim(
            id="beyond-lloyd-closed/four",
            statement=f"abs(sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2)) - 1/3) < {_CLOSE}",
            k=(4,),
        ),
        Claim(
            id="beyond-lloyd-closed/five",
            statement=f"abs(sin(2*pi/15 * (lloyd_radius * sqrt(4*pi/5) - 5/4)) - 1/3) < {_CLOSE}",
            k=(5,),
        ),
        Claim(id="beyond-lloyd-closed/two", statement=f"abs(lloyd_radius**2 - 2/pi) < {_CLOSE}", k=(2,)),
        Claim(id="beyond-lloyd-closed/three", statement=f"abs(lloyd_radius**2 - 27/(8*pi)) < {_CLOSE}", k=(3,)),
    ),
    controls=(
        Claim(
            id="beyond-lloyd-closed/control-correlation",
            title="A correlation of 1/2 in place of 1/3.",
            statement=f"abs(sin(pi/3 * (lloyd_radius * sqrt(3*pi)/2 - 3/2)) - 1/2) < {_CLOSE}",
            k=(4,),
        ),
    ),
    depends=("beyond-lloyd-any-law",),
)
