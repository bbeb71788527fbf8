import shlex

from click.testing import CliRunner

from emtheory.reports.checking.claim_document import commands
from emtheory.reports.cli import program
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim


def commands_at_first_case(claim: Claim) -> tuple[str, ...]:
    return commands(claim, read_claim(claim).cases[0])


def test_every_quantity_once_with_its_point_and_arguments() -> None:
    claim = Claim(
        id="c",
        statement="posterior_power(m=1+1) < spectral_gap + posterior_power(m=2) ** 2",
        k=(4,),
        weights=("1/2", "1/4", "1/8", "1/8"),
        d=5,
        radius="2.5",
    )
    case = "--k 4 --weights 1/2,1/4,1/8,1/8 --d 5"
    assert commands_at_first_case(claim) == (
        f"emtheory evaluate posterior_power {case} --radius 5/2 --set m=2",
        f"emtheory evaluate spectral_gap {case}",
    )


def test_derivations_and_statements_without_quantities() -> None:
    assert commands(Claim(id="c", derivation="dft", k=(2, 3)), None) == (
        "emtheory derive dft --k 2",
        "emtheory derive dft --k 3",
    )
    assert commands_at_first_case(Claim(id="c", statement="k == 3")) == ()


def test_a_shell_reads_hostile_weights_as_one_word() -> None:
    claim = Claim(id="c", statement="spectral_gap > 0", k=(2,), weights="one-heavy: 3/5")
    (command,) = commands_at_first_case(claim)
    assert shlex.split(command)[-1] == "one-heavy: 3/5"


def test_a_parameter_of_the_weights_has_the_value_that_it_has_there() -> None:
    claim = Claim(
        id="c", statement="dft_modulus(m=1) <= W", k=(3,), weights="one-heavy:W", for_all={"W": ("1/2", "3/4")}
    )
    (command,) = commands_at_first_case(claim)
    assert command == "emtheory evaluate dft_modulus --k 3 --weights one-heavy:5/8 --set m=1"


def test_the_commands_run() -> None:
    claim = Claim(id="c", statement="kl_divergence == dft_modulus(m=1)", weights="linear", radius="1/3")
    for command in commands_at_first_case(claim):
        result = CliRunner().invoke(program, shlex.split(command)[1:], standalone_mode=False)
        assert result.exception is None, command
        assert result.output
