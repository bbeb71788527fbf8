"""The names of the package: imported when they are used, all there, and documented by examples that run."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import emtheory

ROOT = Path(__file__).parents[3]
VERBS = (
    *("certify_data", "certify_fit", "check", "derive", "evaluate"),
    *("replay", "report", "simulate", "sweep", "trajectory"),
)
HEAVY = ("sympy", "numpy", "flint", "mpmath", "click", "pydantic", "scipy", "emtheory.numerics", "emtheory.reports")


def test_importing_the_package_and_its_light_names_imports_nothing_else() -> None:
    """And whatever is imported later, the public names are shown alone."""
    code = (
        "import sys, emtheory; dir(emtheory), emtheory.__version__, emtheory.Claim, emtheory.DerivationError\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "from emtheory import evaluate; import emtheory.theory.claim, emtheory.reports.cli\n"
        "import emtheory.reports.api.evaluate as room; print(*dir(emtheory)); print('flint' in sys.modules)\n"
        "print(room.evaluate is evaluate, emtheory.theory.claim.Claim is emtheory.Claim)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["[]", *sorted(emtheory.__all__), "True", "True", "True"]


def test_every_public_name_is_there() -> None:
    for name in emtheory.__all__:
        value = getattr(emtheory, name)
        assert value == getattr(emtheory, name)
        if name != "__version__":
            assert value.__name__ == name
            assert value.__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = emtheory.nothing


def test_errors_that_people_meet_are_public() -> None:
    from emtheory.numerics import errors as numerics_errors
    from emtheory.reports.checking import selection
    from emtheory.theory import errors as theory_errors

    for module in (numerics_errors, theory_errors, selection):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Exception):
                assert getattr(emtheory, name) is value


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_each_verb(verb: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(emtheory, verb), verb, globs={})
    result = doctest.DocTestRunner().run(example)
    assert result.failed == 0
    assert result.attempted >= 1


def test_the_documented_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False)
    assert failed == 0
    assert tried


@pytest.mark.long
def test_a_users_code_is_type_checked(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(
        "import emtheory\n"
        "text: str = emtheory.evaluate('spectral_gap', 2, ['1/2', '1/2']).value\n"
        "fine: bool = emtheory.check(emtheory.Claim('pi', 'pi > 3')).ok\n"
    )
    (tmp_path / "wrong.py").write_text(
        "import emtheory\n"
        "emtheory.evaluate('kl_divergence', 2, 'uniform', radius=0.5)\n"
        "emtheory.trajectory(2, [0.5, 0.5])\n"
        "emtheory.nothing_of_the_kind(3)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path / "cache")]
    made = subprocess.run([*command, "right.py", "wrong.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = [line.partition(": ")[0] for line in made.stdout.splitlines() if ": error: " in line]
    assert lines == ["wrong.py:2", "wrong.py:3", "wrong.py:3", "wrong.py:4"], made.stdout
