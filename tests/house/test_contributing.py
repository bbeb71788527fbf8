"""CONTRIBUTING followed to the letter, in a copy of the project: what is added in a file is everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ADDED = {
    "theory/derivations/rates/toy_spread.py": '''\
"""The variance of the exponents on the simplex, for the test of CONTRIBUTING."""

import sympy

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, Proposition, Variable, related
from emtheory.theory.proof.step import equation, inequality

STATEMENT = Statement("$s² = r²k/(k − 1)$ exceeds $r²$", 0, general=True)

_R, _K = sympy.symbols("r k", positive=True)
_SQUARE = _R**2 * _K / (_K - 1)
"""The variance of the exponents."""


def derive_general() -> Derivation:
    """Derive s² − r² = r²/(k − 1) > 0."""
    excess = _R**2 / (_K - 1)
    return Derivation(
        name="toy-spread",
        title=STATEMENT.title,
        statement=Proposition(
            (related(_SQUARE - _R**2, "==", excess), related(_R**2, "<", _SQUARE)),
            (Variable(_R, POSITIVE, "the radius"), Variable(_K, sympy.Interval(2, sympy.oo), "the count")),
        ),
        source="a test",
        scope="every k",
        k=None,
        steps=(
            equation("The excess over $r²$ is a square over $k − 1$,", _SQUARE - _R**2, excess),
            inequality("so $s² > r²$.", _R**2, "<", _SQUARE),
        ),
    )
''',
    "tests/theory/derivations/test_toy_spread.py": '''\
"""The statement by numbers."""

import pytest

from emtheory.theory.derivations import derive


@pytest.mark.statement("toy-spread")
def test_the_variance_of_exponents_exceeds_the_square() -> None:
    smaller = derive("toy-spread", None).statement.conclusions[1]
    k, r = sorted(smaller.free_symbols, key=str)
    assert smaller.subs({r: 2, k: 3})
''',
    "theory/claims/overspecified_mixtures/beyond/toy_spread.toml": """\
# Beyond the paper: a lemma for the test of CONTRIBUTING.

id = "toy-spread"
title = "The variance of the exponents exceeds $r²$"
source = "Beyond the paper; a test"
quote = "a regular simplex"
reading = "$s² = r²k/(k − 1) > r²$ for every $r > 0$."

[[claim]]
id = "toy-spread/derivation"
derivation = "toy-spread"

[[instance]]
id = "toy-spread/instance"
statement = "toy_spread > radius**2"
k = 3
weights = "linear"
for_all = { radius = ["1/10", 4] }

[[control]]
id = "toy-spread/control"
statement = "toy_spread > 2 * radius**2"
k = 3
weights = "linear"
radius = 1
""",
    "numerics/quantities/toy.py": '''\
"""A quantity for the test of CONTRIBUTING."""

from emtheory.numerics.quantity import Quantity

QUANTITIES = (
    Quantity(
        "toy_spread",
        "$s² = r²k/(k − 1)$, the variance of the exponents on the simplex",
        {"exact": "simplex_point.toy_spread:exact", "ball": "simplex_point.toy_spread:ball"},
        needs_point=True,
        form="any_point.toy_form:toy_spread",
    ),
)
''',
    "numerics/simplex_point/toy_spread.py": '''\
"""The variance of the exponents, for the test of CONTRIBUTING."""

from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds, rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.level import Level


def exact(case: Case, digits: int) -> Enclosure:
    """Return s², a rational number."""
    return exact_enclosure(rational(case.squared_radius * Fraction(case.k, case.k - 1)), digits)


def ball(case: Case, digits: int) -> Enclosure:
    """Return s², in balls."""
    with arb_precision(4 * digits + 20):
        value = flint.arb(to_fmpq(case.squared_radius)) * case.k / (case.k - 1)
        return Enclosure(*ball_bounds(value), Level.CERTIFIED, "ball")
''',
    "numerics/any_point/toy_form.py": '''\
"""The variance of the exponents over intervals of radii, for the test of CONTRIBUTING."""

from emtheory.numerics.any_point.expressions import Point
from emtheory.numerics.simplex_point.moments import Number


def toy_spread(at: Point) -> Number:
    """s² = r²k/(k − 1)."""
    return at.whole(at.total) * at.case.k / (at.case.k - 1)
''',
    "numerics/families/toy-pair.toml": """\
schema = 1

[models.toy-pair]
data = [{ weight = "1/2", x = "normal(truth, 1)" }, { weight = "1/2", x = "normal(-truth, 1)" }]
fit = [{ weight = "1/2", x = "normal(theta, 1)" }, { weight = "1/2", x = "normal(-theta, 1)" }]
estimate = ["theta"]
parameters = { theta = "real", truth = "real" }
""",
    "numerics/families/toy_pair.py": '''\
"""Two normals, for the test of CONTRIBUTING."""

from emtheory.numerics.alias import Alias, aliased
from emtheory.numerics.family import Family, Variable

FAMILY = Family(
    name="toy-pair",
    meaning="data: ½N(μ, 1) + ½N(−μ, 1), fit: ½N(θ, 1) + ½N(−θ, 1)",
    variables=(Variable("theta", "the mean θ of the fit", "real"), Variable("truth", "the mean μ of the data", "real")),
    point="theta",
    quantities=(
        aliased("em_map", "$M(θ)$, $θ$ after one step of population EM", Alias("toy-pair", ("em_map(theta)",))),
    ),
)
''',
    "reports/render/toy_list.py": '''\
"""The report as a list of verdicts, for the test of CONTRIBUTING."""

from collections.abc import Mapping
from typing import Any

from emtheory.reports.render.formats import Format


def render_list(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return a line for each statement."""
    return "".join(f"{entry['id']}: {entry['verdict']}\\n" for entry in document["entries"])


FORMAT = Format("verdicts.txt", render_list)
''',
    "reports/experiments/toy_mean.py": '''\
"""The mean of a sample, for the test of CONTRIBUTING."""

import numpy as np

from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import student
from emtheory.reports.render.panels import Curve, Panel
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, exact

_SEEDS = range(8)
"""Of the samples: eight are enough for an interval."""


def run() -> Findings:
    """Compare means of samples with 0, and with 1."""
    means = [float(np.mean(np.asarray(gaussian_sample(1000, 2, seed)[0:1000]))) for seed in _SEEDS]
    mean = student(means, _SEEDS)
    steps = np.arange(float(len(means)))
    return Findings(
        (Comparison("the mean is 0", exact(0), mean), Comparison("the mean is 1", exact(1), mean, "refuted")),
        (Table("Means", ("seed", "mean"), tuple(zip(steps.tolist(), means, strict=True))),),
        (Panel("Means", "seed", "mean", (Curve("observed", steps, np.array(means)),), ("linear", "linear")),),
    )


EXPERIMENT = Experiment("Is the mean of N(0, I) zero?", "a test", run)
''',
}
LINE = "| `toy-mean` | Is the mean of N(0, I) zero? | it is |\n"
HEAD = "| name | asks | finds |\n| --- | --- | --- |\n"
CLAIMS = """\
schema = 1

[[claim]]
id = "certified-over-all-radii"
statement = "toy_spread + posterior_power(m=1) > radius**2"
k = 3
weights = "linear"
for_all = { radius = ["1/10", 2] }

[[claim]]
id = "certified-over-an-interval"
family = "toy-pair"
statement = "truth < em_map < theta"
truth = 1
for_all = { theta = ["3/2", 3] }

[[claim]]
id = "a-control"
family = "toy-pair"
statement = "em_map < truth + (theta - truth) / 8"
truth = 1
for_all = { theta = ["3/2", 3] }
expect = "refuted"
"""

TESTS = (
    *("house/test_rooms.py", "house/test_documentation.py", "docs", "theory/claims", "theory/prose"),
    *("theory/derivations/test_registry.py", "theory/derivations/test_toy_spread.py"),
    *("numerics/quantities", "numerics/test_quantity.py", "reports/catalogue", "reports/render", "reports/report"),
    *(
        "reports/simulate/test_experiment.py",
        "reports/certificates/test_certificate.py",
        "reports/commands/test_report.py",
    ),
    *("reports/commands/test_derivation_mutants.py", "reports/api/test_package.py"),
    *("reports/test_cli.py", "reports/test_completion.py"),
)
"""Those of the everyday tests that look through what there is, whose lists an addition could break."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the additions."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    left_out = shutil.ignore_patterns(".*cache", ".venv", "__pycache__", ".git", ".hypothesis")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
    if (known := ROOT / ".mypy_cache").exists():  # What is not changed need not be checked again.
        shutil.copytree(known, copy / ".mypy_cache")
    for name, text in ADDED.items():
        (copy / name).write_text(text, encoding="utf-8")
    page = copy / "docs" / "experiments.md"
    text = page.read_text(encoding="utf-8")
    assert HEAD in text
    page.write_text(text.replace(HEAD, HEAD + LINE), encoding="utf-8")
    run(copy, "claims", "--docs", "docs")
    run(copy, "quantities", "--docs", "docs")
    return copy


def run(project: Path, *arguments: str, code: int = 0) -> str:
    program = "import sys; from emtheory.reports.cli import main; sys.exit(main())"
    return execute(project, "-c", program, *arguments, code=code)


def execute(project: Path, *arguments: str, code: int = 0) -> str:
    variables = {"PYTHONPATH": str(project), "XDG_CACHE_HOME": str(project / ".cache")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=inherited | variables,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def test_the_copy_is_what_runs(project: Path) -> None:
    assert Path(execute(project, "-c", "import emtheory; print(emtheory.__file__)").strip()).is_relative_to(project)


def test_the_lemma_is_derived_listed_and_documented(project: Path) -> None:
    assert "toy-spread" in run(project, "claims")
    assert "checked" in run(project, "derive", "toy-spread", "--general")
    assert "toy_spread &gt; radius**2" in (page := (project / "docs/statements-beyond-the-paper.md").read_text()) or (
        "toy_spread > radius**2" in page
    )


def test_the_quantity_is_computed_by_its_routes_and_certified_over_all_radii(project: Path) -> None:
    assert "toy_spread" in run(project, "quantities")
    for route, level in (("auto", "exact"), ("ball", "certified")):
        options = ("--k", "3", "--weights", "linear", "--radius", "2", "--route", route, "--json")
        answer = json.loads(run(project, "evaluate", "toy_spread", *options))
        assert (float(answer["value"]), answer["level"]) == (6.0, level)
    (project / "toy.claims.toml").write_text(CLAIMS)
    found = json.loads(run(project, "check", "toy.claims.toml", "--json", "--certificates", "made"))
    assert [claim["verdict"] for claim in found["claims"]] == ["certified", "certified", "refuted"]
    run(project, "replay", "made")
    table = run(project, "sweep", "--k", "2,3", "--weights", "linear", "--radius", "1", "--quantity", "toy_spread")
    assert "toy_spread" in table


def test_the_family_is_computed(project: Path) -> None:
    values = ("--theta", "3/2", "--digits", "15", "--json")
    there = json.loads(run(project, "evaluate", "em_map", "--family", "toy-pair", "--truth", "1", *values))
    known = json.loads(run(project, "evaluate", "em_map", "--family", "two-means", "--separation", "1", *values))
    assert there["value"][:14] == known["value"][:14]
    assert there["level"] == "certified"


def test_the_format_is_written_and_replaced(project: Path) -> None:
    for _ in range(2):  # a second report knows the file as its own
        run(project, "report", "--out", "made-report", "--select", "toy-*", "--quick")
        assert (project / "made-report" / "verdicts.txt").read_text() == "toy-spread: proved\n"


def test_the_experiment_runs(project: Path) -> None:
    assert "the mean is 0" in run(project, "simulate", "--experiment", "toy-mean")


def test_the_checks_pass(project: Path) -> None:
    modules = [name for name in ADDED if name.endswith(".py")]
    execute(project, "-m", "ruff", "check", *modules)
    execute(project, "-m", "ruff", "format", "--check", *modules)
    execute(project, "-m", "mypy")


def test_the_everyday_tests_pass(project: Path) -> None:
    derived = "tests/theory/derivations/test_derivations.py::test_every_statement_is_derived[toy-spread-None]"
    execute(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", derived)
    execute(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "-m", "not long", *map(existing, TESTS))


def existing(name: str) -> str:
    path = f"tests/{name}"
    assert (ROOT / path).exists() or path in ADDED
    return path
