"""The quantities: a name, its arguments, what it means. How each is computed is the routes' business.

To add one, put a line here and a function of the same name in each module of `numerics.routes` that can compute it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError


@dataclass(frozen=True)
class Argument:
    """An argument of a quantity.

    Attributes
    ----------
    name, meaning
        What it is called and what it is.
    kind
        ``frequency`` (an integer 1..k−1), ``count`` (an integer 1..10⁷), ``seed`` (an integer from 0), ``positive``
        or ``nonnegative`` (exact rationals).
    default
        The value when it is left out, or None if it must be given.
    """

    name: str
    kind: str
    meaning: str
    default: Fraction | None = None


@dataclass(frozen=True)
class Quantity:
    """A named number of the theory.

    Attributes
    ----------
    name, meaning
        What it is called and what it is.
    needs_point
        Whether it depends on a point θ.
    arguments
        Its arguments.
    sampled
        Whether it is estimated from random samples: then only the float route has it, and `auto` takes that one.
    searched
        Whether the float route searches for it, which `auto` takes for more frequencies than can be covered.
    """

    name: str
    meaning: str
    needs_point: bool = False
    arguments: tuple[Argument, ...] = ()
    sampled: bool = False
    searched: bool = False


MAX_COUNT = 10**7

Arguments = Mapping[str, Fraction]

_M = Argument("m", "frequency", "frequency, an integer from 1 to k−1")
_SAMPLE = (
    Argument("n", "count", "points in each sample", Fraction(20_000)),
    Argument("seed", "seed", "seed of the first trial", Fraction(0)),
)
_FRACTION = Argument("fraction", "nonnegative", "multiple of the spectral gap", Fraction(0))
_FACTOR = Argument("factor", "positive", "bound on the contraction factor")
_CONSTANT = Argument("constant", "positive", "bound on the PL ratio")
_SPHERE = Argument("radius", "nonnegative", "norm of θ")

QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        quantity.name: quantity
        for quantity in (
            Quantity("dft_modulus", "|π̂_m|", arguments=(_M,)),
            Quantity("spectral_gap", "σ_min(A)² on the simplex span = min |π̂_m|² over m = 1..k−1"),
            Quantity("contraction_factor", "1 − spectral_gap, the spectral radius of the EM Jacobian at 0"),
            Quantity("lloyd_radius", "R_0 of Proposition 1 = √(k/(k−1)) E max(Z_1..Z_k)"),
            Quantity("sublinear_constant", "lim t² KL_t on the simplex, for uniform weights"),
            Quantity("log_partition", "Λ(θ) = E log Σ_j π_j exp⟨X, R^j θ⟩", needs_point=True),
            Quantity("kl_divergence", "KL(N(0,I) ‖ p_θ) in nats", needs_point=True),
            Quantity("posterior_power", "β_m(θ) = E|γ̂_m|²", needs_point=True, arguments=(_M,)),
            Quantity("hessian_min_eigenvalue", "λ_min(∇²ℓ(θ)) on the simplex span", needs_point=True),
            Quantity("pl_ratio", "½‖∇ℓ(θ)‖² / KL", needs_point=True),
            Quantity(
                "strong_convexity_radius",
                "sup of the ρ with λ_min(∇²ℓ) ≥ fraction · spectral_gap along the simplex ray up to ρ",
                arguments=(_FRACTION,),
            ),
            Quantity(
                "contraction_radius",
                "sup of the ρ with max_m (1 − β_m) ≤ factor along the simplex ray up to ρ",
                arguments=(_FACTOR,),
            ),
            Quantity(
                "pl_radius",
                "sup of the ρ with pl_ratio ≥ constant along the simplex ray up to ρ",
                arguments=(_CONSTANT,),
            ),
            Quantity(
                "pl_constant",
                "inf of pl_ratio over 0 < ‖θ‖ ≤ radius on the simplex ray",
                arguments=(Argument("radius", "positive", "end of the ray"),),
            ),
            Quantity(
                "worst_contraction_factor",
                "sup over ‖θ‖ ≤ radius on the simplex ray of max_m (1 − β_m)",
                arguments=(Argument("radius", "nonnegative", "end of the ray"),),
            ),
            Quantity(
                "worst_direction_contraction_factor",
                "sup of max_m (1 − β_m) over all directions with ‖θ‖ = radius",
                arguments=(_SPHERE,),
                searched=True,
            ),
            Quantity(
                "worst_direction_min_eigenvalue",
                "min of λ_min(∇²ℓ) over all directions with ‖θ‖ = radius",
                arguments=(_SPHERE,),
                searched=True,
            ),
            Quantity(
                "worst_contraction_radius",
                "sup of the ρ with max_m (1 − β_m) ≤ factor in all directions up to ρ",
                arguments=(_FACTOR,),
                searched=True,
            ),
            Quantity(
                "worst_pl_radius",
                "sup of the ρ with pl_ratio ≥ constant in all directions up to ρ",
                arguments=(_CONSTANT,),
                searched=True,
            ),
            Quantity(
                "worst_convexity_radius",
                "sup of the ρ with λ_min(∇²ℓ) ≥ fraction · spectral_gap in all directions up to ρ",
                arguments=(_FRACTION,),
                searched=True,
            ),
            Quantity(
                "contraction_bound",
                "proved bound on sup (1 − β_m) over all ‖θ‖ ≤ radius, in every direction and dimension",
                arguments=(Argument("radius", "nonnegative", "radius of the ball"),),
            ),
            Quantity(
                "iterations_to_kl",
                "population EM steps from the point until KL ≤ eps",
                needs_point=True,
                arguments=(Argument("eps", "positive", "target KL in nats"),),
            ),
            Quantity("asymptotic_rate", "lim ‖θ_{t+1}‖/‖θ_t‖ of population EM from the point", needs_point=True),
            Quantity(
                "sample_contraction_factor",
                "contraction factor of EM on n samples of N(0, I_d): mean of 8 trials, 99 % Student interval",
                needs_point=True,
                arguments=_SAMPLE,
                sampled=True,
            ),
            Quantity(
                "sample_likelihood_gain",
                "2n KL(N(0,I) ‖ p_θ̂), θ̂ the limit of EM on n samples: mean of 200 trials, 99 % Student interval",
                needs_point=True,
                arguments=_SAMPLE,
                sampled=True,
            ),
        )
    }
)


def find_quantity(name: str) -> Quantity:
    """Return the quantity called `name`; InputError with a suggestion if there is none."""
    if name in QUANTITIES:
        return QUANTITIES[name]
    close = get_close_matches(name, QUANTITIES, n=1)
    hint = f"did you mean {close[0]}?" if close else f"valid are {', '.join(QUANTITIES)}"
    raise InputError(f"unknown quantity {name[:60]!r}: {hint}")


def check_arguments(quantity: Quantity, given: Arguments, k: int) -> Arguments:
    """Return the arguments with defaults filled in, each checked against its domain.

    Raises
    ------
    InputError
        If one is unknown, missing or out of its domain.
    """
    valid = {argument.name: argument for argument in quantity.arguments}
    for name in given:
        if name not in valid:
            takes = f"takes {', '.join(valid)}" if valid else "takes no arguments"
            raise InputError(f"{quantity.name} has no argument {name[:40]!r}; it {takes}")
    checked: dict[str, Fraction] = {}
    for name, argument in valid.items():
        value = given.get(name, argument.default)
        if value is None:
            raise InputError(f"{quantity.name} needs the argument {name} ({argument.meaning})")
        _check_domain(quantity.name, argument, value, k)
        checked[name] = value
    return MappingProxyType(checked)


def check_point(quantity: Quantity, case: Case) -> None:
    """Raise InputError if a point is given where none belongs, or none where one must be."""
    if quantity.needs_point and not case.has_point:
        raise InputError(f"{quantity.name} needs a point: give a radius or amplitudes")
    if not quantity.needs_point and case.has_point:
        takes_radius = any(argument.name == "radius" for argument in quantity.arguments)
        hint = "; its argument is given as radius=…" if takes_radius else ""
        raise InputError(f"{quantity.name} does not depend on a point: leave out radius and amplitudes{hint}")


def _check_domain(quantity: str, argument: Argument, value: Fraction, k: int) -> None:
    if argument.kind == "frequency" and not (value.denominator == 1 and 1 <= value <= k - 1):
        raise InputError(f"{quantity}: unknown frequency {argument.name} = {value}; for k = {k} it is 1 to {k - 1}")
    if argument.kind == "count" and not (value.denominator == 1 and 1 <= value <= MAX_COUNT):
        raise InputError(f"{quantity}: {argument.name} = {value} must be an integer from 1 to {MAX_COUNT}")
    if argument.kind == "seed" and not (value.denominator == 1 and 0 <= value < 2**63):
        raise InputError(f"{quantity}: {argument.name} = {value} must be an integer from 0 to 2⁶³ − 1")
    if argument.kind == "positive" and value <= 0:
        raise InputError(f"{quantity}: {argument.name} = {value} must be positive")
    if argument.kind == "nonnegative" and value < 0:
        raise InputError(f"{quantity}: {argument.name} = {value} must not be negative")
