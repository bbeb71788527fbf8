"""Statements that are algebraic in their variables or weights, or touch: decided exactly on the whole domain."""

from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed

AMPLITUDES = {"amplitude_1": ("0", "2"), "amplitude_2": ("0", "2")}
BOX = {"W": ("1/2", "9/10"), "radius": ("0", "1")}


def on_radii(statement: str, upper: str = "3", lower: str = "0", **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "for_all": {"radius": (lower, upper)}, **more})


def on_box(statement: str, **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": "one-heavy:W", "for_all": BOX, **more})


def on_amplitudes(statement: str, **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (4,), "weights": "linear", "for_all": AMPLITUDES, **more})


TRIANGLE = {"U": ("0", "1"), "V": ("0", "1")}
INSIDE = ("U > 0", "V > 0", "U + V < 1")
SMALL = {"U": ("1/10", "1/5"), "V": ("1/10", "1/5")}
QUARTERS = ("U", "V", "(1 - U - V)/2", "(1 - U - V)/2")


def two(statement: str, **more: Any) -> Claim:
    given = {"k": (2,), "weights": ("W", "1 - W"), "for_all": {"W": ("1/10", "9/10")}}
    return Claim("test", statement, **{**given, **more})


def three(statement: str, **more: Any) -> Claim:
    given = {"k": (3,), "weights": ("U", "V", "1-U-V"), "for_all": TRIANGLE, "assume": INSIDE}
    return Claim("test", statement, **{**given, **more})


def seven(statement: str, **more: Any) -> Claim:
    given = {"k": (7,), "weights": ("W", *("(1 - W)/6",) * 6), "for_all": {"W": ("1/10", "9/10")}}
    return Claim("test", statement, **{**given, **more})


def half(statement: str, weights: str = "one-heavy:W", k: tuple[int, ...] = (3,), low: str = "1/2") -> Claim:
    """Its truth is worked out by hand from |π̂_m| = |kW − 1|/(k − 1)."""
    return Claim("test", statement, k=k, weights=weights, for_all={"W": (low, "9/10")})


TRUE = [
    on_radii("radius/radius == 1", "1", assume=("radius > 0",)),
    on_radii("min(radius, 1) < 1", "1", assume=("radius < 1",)),
    on_radii("sqrt(radius) >= radius", "1"),
    on_radii("sqrt(radius + sqrt(radius)) <= sqrt(radius) + radius**(1/4)"),
    on_radii("radius**2 > 2", assume=("radius**3 > 4", "radius != 2")),
    on_radii("log(radius) <= radius - 1", assume=("radius > 0",)),
    on_radii("exp(radius) > 1 + radius", assume=("radius > 0",)),
    on_radii("2*log(1 + radius) >= log(1 + 2*radius)", "30"),
    on_radii("radius*log(radius) >= radius - 1", lower="1/10"),
    on_radii("hessian_min_eigenvalue <= posterior_power(m=1)"),
    on_radii("posterior_power(m=1) == posterior_power(m=2)"),
    on_amplitudes("hessian_min_eigenvalue <= posterior_power(m=3)"),
    on_radii("radius**2*posterior_power(m=1) <= radius**2", "inf"),
    # Equal on the diagonal of a box, and in one point of it.
    on_box("posterior_power(m=1)*(radius - W) <= posterior_power(m=1)*abs(radius - W)"),
    on_box("kl_divergence >= kl_divergence*(1 - (radius - 2/3)**2 - (W - 4/7)**2)"),
    on_box("exp(radius) >= 1 + radius"),
    on_box("radius**2 + W**2 > 2*W*radius", assume=("radius != W",)),
    on_box("spectral_gap*radius == radius*((3*W - 1)/2)**2"),
    on_box("sqrt(W*radius) <= (W + radius)/2"),
    on_amplitudes("amplitude_1**2 + amplitude_2**2 > 0", assume=("amplitude_1 > 0",)),
    on_amplitudes("amplitude_1**2*amplitude_2 + amplitude_1*amplitude_2**2 <= amplitude_1**3 + amplitude_2**3"),
    # With weights that vary.
    half("contraction_factor <= 15/16"),  # touches at W = 1/2
    half("spectral_gap == ((k*W - 1)/(k - 1))**2", k=(2, 3, 5, 100)),
    half("spectral_gap == ((1 - W)/(1 + W))**2", "geometric:W", (2, 4, 6)),
    half("dft_modulus(m=1) >= dft_modulus(m=2) + 1/1000", "geometric:W", (7,)),
    half("dft_modulus(m=1)**2 == (1 - W)**2/(1 - W*(sqrt(5) - 1)/2 + W**2)", "geometric:W", (5,)),
    two("spectral_gap == (2*W - 1)**2"),
    two("contraction_factor < 1", for_all={"W": ("0", "1")}, assume=("0 < W < 1", "W != 1/2")),
    two("radius*W <= (radius**2 + W**2)/2", for_all={"W": ("1/10", "9/10"), "radius": ("0", "inf")}),
    three("spectral_gap == 1 - 3*(U*V + (U + V)*(1 - U - V))"),
    three("spectral_gap > 0", assume=(*INSIDE, "U != V")),
    three("spectral_gap < 1"),
    three("spectral_gap <= dft_modulus(m=2)**2", k=(4,), weights=QUARTERS),
    # The cosines of 2π/7 and 2π/11 are not square roots.
    seven("spectral_gap == ((7*W - 1)/6)**2"),
    seven("dft_modulus(m=1) >= dft_modulus(m=3)", weights="geometric:W", for_all={"W": ("1/10", "1")}),
    seven("radius*spectral_gap <= radius", weights="linear", for_all={"radius": ("0", "3")}),
    seven("spectral_gap < 1", weights=("U", "V", *("(1 - U - V)/5",) * 5), for_all=SMALL),
    # No posterior probability is 0, whatever the weights tend to.
    three("posterior_power(m=1) < 1", for_all={"U": ("0", "1"), "V": ("0", "1"), "radius": ("0", "inf")}),
    two("1 - hessian_min_eigenvalue > 0", for_all={"W": ("0", "1"), "radius": ("0", "3")}, assume=("0 < W < 1",)),
    Claim("test", "radius/(1 + radius) < 1", for_all={"radius": ("0", "inf")}),
    Claim("test", "spectral_gap < 1", weights="geometric:Q", for_all={"Q": ("1/3", "inf")}),
]

FALSE = [
    on_box("exp(radius) > 1 + radius"),
    on_radii("abs(radius - 123456789/987654321) > 0"),
    on_radii("min(radius, 1) < 1", "1"),
    on_radii("sqrt(radius) > radius", "1"),
    on_radii("log(radius) <= radius - 1 - 1/10**20", lower="1/2"),
    on_radii("log(radius) < 367*radius/1000", lower="1/2"),  # log r / r is 1/e = 0.3679 at r = e
    on_box("radius**2 + W**2 > 2*W*radius"),
    on_box("9*W**2 + 9*radius**2 - 12*W - 6*radius + 5 != 0"),  # (3W − 2)² + (3r − 1)²
    on_amplitudes("amplitude_1**2*amplitude_2 + amplitude_1*amplitude_2**2 < amplitude_1**3 + amplitude_2**3"),
]

FALSE_OF_WEIGHTS = [
    half("spectral_gap == ((k*W - 1)/(k - 1))**2 + (W - 1/2)/10**9"),
    half("spectral_gap > 0", low="1/100"),  # vanishes at W = 1/3
    half("spectral_gap != 1/4"),  # equal at W = 2/3
    seven("dft_modulus(m=1)**2 != 1/2"),
    seven("dft_modulus(m=1) > dft_modulus(m=3)", weights="geometric:W", for_all={"W": ("1/10", "1")}),
    two("contraction_factor < 1"),
    two("posterior_power(m=1) > 0", for_all={"W": ("1/2", "1/2"), "radius": ("0", "3")}),
    three("spectral_gap > 0"),
    three("spectral_gap == 1 - 3*(U*V + (U + V)*(1 - U - V)) + U/10**12"),
    Claim("test", "radius/(1 + radius) < 99/100", for_all={"radius": ("0", "inf")}),
]

AT_ROOTS = [
    (on_radii("radius**2 != 2"), {"radius": "the root of radius**2 - 2 between 1.41421356237 and 1.41421356238"}),
    # (2W − 1)² = 1/2 at W = (2 + √2)/4.
    (
        half("spectral_gap != 1/2", k=(2,)),
        {"W": "the root of 8*W**2 - 8*W + 1 between 0.853553390593 and 0.853553390594", "weights": None},
    ),
    (on_radii("log(radius**2 - 1) != 0", lower="11/10"), {}),
    (on_amplitudes("(amplitude_1**2 - 2)**2 + (amplitude_2 - 1)**2 > 0"), {}),
]


@pytest.mark.parametrize("true", TRUE, ids=lambda c: c.statement)
def test_truths_are_proved_on_the_whole_domain(true: Claim) -> None:
    verdict = decide_claim(true)
    assert verdict.outcome == "proved", verdict.reason
    assert "exactly" in str(verdict.domain["covered"])


@pytest.mark.parametrize("false", FALSE, ids=lambda c: c.statement)
def test_falsehoods_are_refuted_at_a_rational_point_of_the_domain(false: Claim) -> None:
    verdict = decide_claim(false)
    assert verdict.outcome == "refuted", verdict.reason
    witness = verdict.as_json()["witness"]
    assert witness["rigorous"] is True
    place = {name: witness[name] for name in ("W", "radius") if name in false.for_all}
    place |= dict(zip(AMPLITUDES, witness["amplitudes"] or (), strict=False))
    statement = false.statement
    for name, value in place.items():
        lower, upper = map(Fraction, false.for_all[name])
        assert lower <= Fraction(value) <= upper
        statement = statement.replace(name, f"({value})")
    # What is left is a statement of numbers, decided by itself.
    assert decide_claim(Claim("at", statement, k=false.k, weights="uniform")).outcome == "refuted"


@pytest.mark.parametrize("false", FALSE_OF_WEIGHTS, ids=lambda c: c.statement)
def test_falsehoods_on_weights_are_refuted(false: Claim) -> None:
    verdict = decide_claim(false)
    assert verdict.outcome == "refuted", verdict.reason
    assert verdict.as_json()["witness"]["rigorous"] is True


@pytest.mark.parametrize(("false", "place"), AT_ROOTS, ids=lambda value: getattr(value, "statement", ""))
def test_where_a_statement_fails_at_irrational_points_only_they_are_told_as_roots(
    false: Claim, place: dict[str, str | None]
) -> None:
    verdict = decide_claim(false)
    assert verdict.outcome == "refuted", verdict.reason
    witness = verdict.as_json()["witness"]
    assert place.items() | {("rigorous", True)} <= witness.items()
    assert any("the root of" in str(value) for value in witness.values())


TWO_WEIGHTS = {"k": (2,), "weights": ("W", "1-W"), "for_all": {"W": ("3/5", "9/10"), "radius": ("1", "2")}}
TWO_MEANS = {"family": "two-means", "k": ()}


def on_two(statement: str) -> Claim:
    return Claim("x", statement, **TWO_WEIGHTS)


MALFORMED = [
    (two("spectral_gap >= 0", for_all={"W": ("0", "1")}), r"weight W of component 0 is not positive at W = 0"),
    (three("spectral_gap >= 0", assume=()), "is not positive at U = "),
    (three("spectral_gap >= 0", assume=("U > 0", "V > 0", "U + V <= 1")), "weight 1-U-V of component 2 is not"),
    (two("W > 0", for_all={"V": ("1/10", "1/2")}), "unknown name 'W'"),
    (two("spectral_gap >= 0", for_all={"W": ("1/10", "9/10"), "Z": ("0", "1")}), "not over 'Z'"),
    (two("spectral_gap >= 0", for_all={"W": ("inf", "inf")}), "for_all W starts at inf: only the upper end may be inf"),
    (half("1/(W - 7001/10000) != 0"), "division by zero at W = 7001/10000"),
    (half("sqrt(abs(W - 3/5) - 1/20) >= 0"), "square root of a negative number at W = "),
    (two("spectral_gap >= 0", weights=("pi", "1 - pi"), for_all={"pi": ("1/10", "1/2")}), "another meaning"),
]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (on_radii("sqrt(radius - 1) >= 0", lower="1/2"), "square root of a negative number"),
        (on_box("1/(radius - W) != 0"), "division by zero at W = "),
        (on_radii("pl_ratio == pl_ratio"), "0/0 at the origin"),
        (on_radii("radius > 0", assume=("radius**2 > 10",)), "hold nowhere"),
        (on_radii("kl_divergence/(radius-5/3)**2 >= 0", lower="1"), "column 1: division by zero at radius = 5/3, w"),
        (on_radii("kl_divergence*(radius-5/3)**-2 >= 0", lower="1"), "a negative power of zero. at radius = 5/3"),
        (on_radii("kl_divergence/(radius**2-2) != 9", "inf", "1"), "at radius = the root of radius..2 - 2 between"),
        (on_radii("kl_divergence*log(3-radius) <= 9", lower="1"), "number that is not positive at radius = 3, w"),
        (on_radii("kl_divergence*(5-2*radius)**(1/3) <= 9", lower="1"), "fractional power of a negative number"),
        (on_radii("kl_divergence/(exp(radius)-4) != 9", lower="1"), "division by zero at radius = .* between 1.3862"),
        (on_two("posterior_power(m=1)/(W-2/3) != 9"), "division by zero at W = 2/3, radius = "),
        (on_two("9 != posterior_power(m=1)/(W*radius-1)"), "column 6: division by zero at W = "),
        (
            Claim("x", "em_map/(theta-separation) <= 9", for_all={"s": ("1/5", "4/5")}, **TWO_MEANS,
                  values={"theta": "2*s", "separation": "1"}),
            "division by zero at s = 1/2, which is in the domain"
        ),
        *MALFORMED
    ],
    ids=lambda value: getattr(value, "statement", ""),
)  # fmt: skip
def test_what_is_wrong_or_has_no_value_somewhere_is_an_error(claim: Claim, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide_claim(claim)


def test_one_with_a_value_everywhere_is_decided() -> None:
    means = {"theta": ("2", "3"), "separation": ("0", "1")}
    for right in (
        on_radii("kl_divergence/(radius-1) >= 0", lower="1", assume=("radius > 1", "radius < 2")),
        on_radii("kl_divergence*log(4-radius) >= -9", lower="1"),
        on_radii("kl_divergence*sqrt(3-radius) <= 2", lower="1"),
        on_radii("kl_divergence*(3-radius)**(1/3) >= -9", lower="1"),
        on_two("posterior_power(m=1)/(W-1/2) >= 0"),
        Claim("x", "em_map/(theta-separation) >= 0", for_all=means, **TWO_MEANS),
    ):
        assert decide_claim(right).outcome in ("certified", "proved")


def test_facts_about_quantities_refute_nothing() -> None:
    # For k = 2 the frequency has no plane, and β need not be an eigenvalue.
    line = on_radii("hessian_min_eigenvalue <= posterior_power(m=1)", "1", "1/2", k=(2,))
    assert decide_claim(line, 20).outcome != "proved"
    assert decide_claim(on_radii("hessian_min_eigenvalue < posterior_power(m=1)", "1"), 15).outcome != "proved"
    # True, but not for the range that is known of the quantity.
    assert decide_claim(on_radii("kl_divergence <= 2/5", "1")).outcome == "certified"


def test_a_transcendental_statement_that_touches_is_inconclusive_with_the_rest() -> None:
    assert "left over" in decide_claim(half("sin(spectral_gap) >= sin(1/16)")).reason


def test_a_quantity_at_a_point_is_looked_at_in_the_domain_only() -> None:
    box = {"W": ("1/10", "9/10"), "radius": ("0", "inf")}
    assert decide_claim(two("kl_divergence <= radius**2/2", for_all=box), 15).ok
    assert not decide_claim(two("kl_divergence <= 1/2", for_all=box), 15).ok


REPLAYED = [TRUE[4], TRUE[6], TRUE[13], TRUE[27], TRUE[30], TRUE[33], FALSE[0], *FALSE_OF_WEIGHTS[3:7:3]]


@pytest.mark.parametrize("claim", [*REPLAYED, AT_ROOTS[0][0]])
def test_certificates_are_replayed(replayed: Replayed, claim: Claim) -> None:
    verdict = decide_claim(claim)
    assert replayed(claim, verdict) == verdict.outcome
