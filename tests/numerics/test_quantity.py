from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.quantities import QUANTITIES, find_quantity
from emtheory.numerics.quantity import check_arguments, check_point

PLAIN = make_case(3, "1/2,3/10,1/5")
POINT = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))

CONTRACT = {  # name → (arguments, needs a point); scripts outside depend on these
    "dft_modulus": (["m"], False),
    "spectral_gap": ([], False),
    "contraction_factor": ([], False),
    "lloyd_radius": ([], False),
    "sublinear_constant": ([], False),
    "log_partition": ([], True),
    "kl_divergence": ([], True),
    "posterior_power": (["m"], True),
    "hessian_min_eigenvalue": ([], True),
    "pl_ratio": ([], True),
    "strong_convexity_radius": (["fraction"], False),
    "pl_constant": (["radius"], False),
    "worst_contraction_factor": (["radius"], False),
    "iterations_to_kl": (["eps"], True),
    "asymptotic_rate": ([], True),
}


def test_the_contract_is_in_the_table() -> None:
    table = {q.name: ([argument.name for argument in q.arguments], q.needs_point) for q in QUANTITIES.values()}
    assert {name: table.get(name) for name in CONTRACT} == CONTRACT


def test_defaults_are_filled_in() -> None:
    assert check_arguments(QUANTITIES["strong_convexity_radius"], {}, 3) == {"fraction": 0}
    assert check_arguments(QUANTITIES["posterior_power"], {"m": Fraction(2)}, 3) == {"m": 2}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("dft_modulus", {}, "needs the argument m"),
        ("dft_modulus", {"m": "0"}, "unknown frequency m = 0; for k = 3 it is 1 to 2"),
        ("dft_modulus", {"m": "3"}, "unknown frequency m = 3"),
        ("dft_modulus", {"m": "1/2"}, "unknown frequency m = 1/2"),
        ("dft_modulus", {"m": "1", "n": "1"}, "has no argument 'n'; it takes m"),
        ("spectral_gap", {"m": "1"}, "it takes no arguments"),
        ("iterations_to_kl", {"eps": "0"}, "eps = 0 must be positive"),
        ("pl_constant", {"radius": "0"}, "radius = 0 must be positive"),
        ("worst_contraction_factor", {"radius": "-1"}, "radius = -1 must not be negative"),
        ("strong_convexity_radius", {"fraction": "-1"}, "fraction = -1 must not be negative"),
        ("sample_contraction_factor", {"n": "0"}, "n = 0 must be an integer from 1"),
        ("sample_contraction_factor", {"n": "10000001"}, "must be an integer from 1 to 10000000"),
        ("sample_contraction_factor", {"seed": "-1"}, "seed = -1 must be an integer from 0"),
        ("sample_contraction_factor", {"seed": "1/2"}, "seed = 1/2 must be an integer from 0"),
    ],
)
def test_bad_arguments_are_refused(name: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_arguments(QUANTITIES[name], {key: Fraction(value) for key, value in given.items()}, 3)
    assert message in str(caught.value)


def test_points_are_given_where_they_belong() -> None:
    check_point(QUANTITIES["kl_divergence"], POINT)
    check_point(QUANTITIES["spectral_gap"], PLAIN)
    with pytest.raises(InputError, match="kl_divergence needs a point"):
        check_point(QUANTITIES["kl_divergence"], PLAIN)
    with pytest.raises(InputError, match=r"does not depend on a point: leave out radius and amplitudes$"):
        check_point(QUANTITIES["spectral_gap"], POINT)
    with pytest.raises(InputError, match="given as radius="):
        check_point(QUANTITIES["pl_constant"], POINT)


def test_unknown_names_get_a_suggestion() -> None:
    assert find_quantity("pl_ratio").name == "pl_ratio"
    with pytest.raises(InputError, match="did you mean kl_divergence"):
        find_quantity("kl_divergense")
    with pytest.raises(InputError, match="'emtheory quantities' lists all"):
        find_quantity("entropy of mixing")
