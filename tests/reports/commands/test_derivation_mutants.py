"""`emtheory derive --mutants`: changes of derivations and of their source, and what notices them."""

import inspect
import json
from pathlib import Path
from types import ModuleType

import pytest

from emtheory.reports.commands.derivation_mutants import REQUIRED, Tally, score, tally, targets
from emtheory.reports.proofs import measured
from emtheory.reports.proofs.mutants import changes
from emtheory.reports.proofs.source_mutants import mutants_of_source, sites
from emtheory.theory.derivations import derive, module_of, names, statement_of
from tests.reports.conftest import Run

PER_FORMULA, SITES = 1, 1
"""Changes of each formula and of the source in the long test: with these all derivations take some minutes."""

SOURCE = '''
"""Words."""
STATEMENT = Statement("title", 5)

def derive_general():
    x, y = sympy.symbols("x y", positive=True)
    return make(title="1 + 1", steps=(inequality("so", x - 2, "<=", y**3, label="last"), -x))
'''


def test_where_a_source_is_changed() -> None:
    assert {site.change for site in sites(SOURCE)} == {
        *("2 → 3", "3 → 4", "x - 2 → x + 2", "y ** 3 → y * 3", "'<=' → '>='", "-x → x", "x → y", "y → x"),
        "True → False",
    }


LOOSE = """
import sympy
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import inequality

def derive_general():
    while 0:
        pass
    x = sympy.Symbol("x", positive=True)
    step = inequality("", 0, "<", 2 * x)
    statement = Proposition((step.formula,), (Variable(x, sympy.Interval.open(0, sympy.oo)),))
    return Derivation("loose", "", statement, "", "", None, (step,))
"""


def test_what_is_not_noticed_survives_and_what_takes_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module whose derivation is true whatever the number in it, and that never ends if another one is changed."""
    module = ModuleType("emtheory.theory.derivations.loose")
    module.__file__, module.__package__ = "loose.py", "emtheory.theory.derivations"
    exec(LOOSE, module.__dict__)  # noqa: S102
    monkeypatch.setattr("inspect.getsource", lambda _module: LOOSE)
    monkeypatch.setattr("emtheory.reports.proofs.mutants.PATIENCE", 0.3)
    made = list(mutants_of_source(module, module.derive_general()))
    assert "2 → 3" in [mutant.change for mutant in made if mutant.outcome == "survived"]
    assert "0 → 1" in [mutant.change for mutant in made if mutant.outcome == "undecided"]


def test_the_command_judges_one_derivation(run: Run) -> None:
    result = run("derive", "descent", "--mutants", "--sample", "1", "--jobs", "1", "--json")
    document = result.document()
    (found,) = document["derivations"]
    assert (found["name"], found["survived"], found["not_noticed"]) == ("descent", 0, [])
    assert document["score"] >= document["required"] == REQUIRED
    assert sum(found["by"].values()) == found["noticed"]
    assert found["by"]["rule"] > 0 < found["by"]["letters"]
    assert found["dropped"]["premise"] == {"a rule fails": 14}


def test_what_was_measured_is_of_derivations_that_there_are() -> None:
    found = json.loads(Path(measured.__file__).with_name("mutants.json").read_text(encoding="utf-8"))
    made = [
        Tally(one["name"], one["k"], (one["noticed"], one["survived"], one["implied"], one["equal"], 0), ())
        for one in found["derivations"]
        if "noticed" in one
    ]
    assert {(one["name"], one["k"]) for one in found["derivations"]} <= set(targets(names()))
    assert {name for name, _ in targets(names())} == set(names())
    assert score(made) >= REQUIRED
    # One change that survives, for a reason that is given, weighs more among few.
    sampled = {(one["name"], one["k"]) for one in found["derivations"] if "sample" in one}
    least = {True: 0.9, False: REQUIRED}
    assert [one.name for one in made if score([one]) < least[(one.name, one.k) in sampled]] == []
    explained = json.loads(Path(measured.__file__).with_name("survivors.json").read_text(encoding="utf-8"))
    assert set(explained["derivations"]) <= set(names())
    assert measured.survivors("descent")


def test_a_count_is_shown_only_for_the_source_that_it_is_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"name": "descent", "k": None, "noticed": 97, "survived": 3, "implied": 1, "equal": 2}
    now, before = measured.digest(measured.source_of(module_of("descent"))), measured.digest(SOURCE)
    for stored, shown in (
        ({"digest": now, "sample": 1}, "97 of a sample of 100 (97.0 %)"),
        ({"digest": before}, "not measured since its last change"),
    ):
        path = tmp_path / "mutants.json"
        path.write_text(json.dumps({"derivations": [{**entry, **stored}]}), encoding="utf-8")
        monkeypatch.setattr(measured, "_MEASURED", path)
        assert measured.noticed("descent", None) == shown
        assert measured.noticed("descent", 3) == "–"


def test_a_count_lapses_with_a_module_that_is_imported_from() -> None:
    alone = inspect.getsource(module_of("dft"))
    assert measured.source_of(module_of("dft")) == alone
    whole = measured.source_of(module_of("sample-ball"))
    for name in ("sample-ball", "finite-sample", "sample-constants", "sample-net", "covering-number"):
        assert whole.count(inspect.getsource(module_of(name))) == 1
    assert alone not in whole


SAID = """
import sympy

def derive_general():
    \"\"\"Words.\"\"\"
    step = equation("words", x, y, label="one", given=("other",))  # words
    cited = citation("theorem", "words", x)
    quoted = made(f).quoted("words", 0, {"n": x}, label="two")
    return Derivation(name="name", title="words", note=f"words {x}", variables=(Variable(x, REAL, "words"),))
"""


def test_a_digest_is_of_the_mathematics_of_a_source_and_not_of_its_words() -> None:
    said = measured.digest(SAID)
    assert measured.digest(SAID.replace("words", "other words").replace("Words", "Other words")) == said
    assert measured.digest(SAID.replace("words {x}", "words {y}")) == said
    for before, after in (
        ("import sympy", "import mpmath"),
        ("x, y", "x, 2"),
        ('"one"', '"two"'),
        ('"other"', '"another"'),
        ('"theorem"', '"another"'),
        ('"words", 0', '"words", 1'),
        ('{"n": x}', '{"m": x}'),
        ('"words", x)', '"words", y)'),
        ("(x, REAL", "(x, UNIT"),
        ('"name"', '"another"'),
    ):
        assert measured.digest(SAID.replace(before, after)) != said


USUAL = [target for target in targets(names()) if target[1] is None or not statement_of(target[0]).general]
JUDGED = ("data-law", "em-operator", "matrix-a")
"""Derivations which are judged although their changes were counted: in seconds each."""


@pytest.mark.long
@pytest.mark.parametrize(("name", "k"), USUAL)
def test_changes_of_derivations_and_of_their_sources_are_noticed(name: str, k: int | None) -> None:
    """A sample; all the changes take hours, and what was found is in `mutants.json`, with the part required."""
    if name not in JUDGED and measured.noticed(name, k).endswith("%)"):
        pytest.skip("changes of this source were judged, and counted")
    steps = derive(name, k).steps
    assert len({change.place for change in changes(derive(name, k), 1)}) >= len(steps) / 2
    made = tally(name, k, PER_FORMULA, SITES)
    assert made.counts[0] > 0
    assert [survivor for survivor in made.survivors if not survivor.explanation] == []
