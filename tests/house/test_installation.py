"""What is installed serves any repository, and what people copy has the changelog's version and no bare name."""

import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from emtheory.numerics.errors import PACKAGES
from emtheory.reports.cli import main
from tests.house.clone import bare_environment, clone, variables

ROOT = Path(__file__).parents[2]
TRAP = 'raise AssertionError("a module of the user\'s is imported in place of ours")\n'
CLAIMS = """\
schema = 1

[[claim]]
id = "exact"
statement = "contraction_factor == 93/100"
k = 3
weights = ["1/2", "3/10", "1/5"]

[[claim]]
id = "enclosed"
statement = "posterior_power(m=1) > 1/20"
k = 3
weights = "one-heavy:3/5"
for_all = { radius = [0, 1] }
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a clone as pre-commit makes one, with what is changed and not committed laid over it."""
    source, out = clone(tmp_path_factory.mktemp("clone") / "emtheory"), tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the libraries are those of this one, whose own copy of the package is not seen."""
    folder = tmp_path_factory.mktemp("environment")
    bare_environment(folder)
    install = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps"]
    subprocess.run(
        [*install, "--no-index", "--no-compile", "--disable-pip-version-check", "--ignore-installed", wheel],
        check=True,
        timeout=120,
    )
    script = f"#!{folder / 'bin' / 'python'}\nimport sys\nfrom pytest import console_main\nsys.exit(console_main())\n"
    (folder / "bin" / "pytest").write_text(script)
    (folder / "bin" / "pytest").chmod(0o755)
    return folder / "bin"


@pytest.fixture(params=["packages", "module"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A paper's repository with claims and a passing test, and our folders' names for its own packages, or a module."""
    if request.param == "module":
        (tmp_path / "theory.py").write_text(TRAP)
    else:
        for name in ("theory", "numerics", "reports"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "__init__.py").write_text(TRAP)
    (tmp_path / "test_own.py").write_text("def test_own() -> None:\n    assert True\n")
    (tmp_path / "paper.claims.toml").write_text(CLAIMS)
    return tmp_path


def run(environment: Path, folder: Path, *command: str, **others: str) -> subprocess.CompletedProcess[str]:
    settings = variables(environment, **others)
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=120, check=False)


def test_the_wheel_installs_one_package(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"emtheory"}
    sources = {path.relative_to(ROOT).as_posix() for floor in ("theory", "numerics", "reports")
               for ending in ("py", "toml") for path in (ROOT / floor).rglob(f"*.{ending}")}  # fmt: skip
    assert {f"emtheory/{source}" for source in sources} <= set(names)
    assert {"emtheory/py.typed", "emtheory/reports/render/templates/report.html.j2"} <= set(names)


@pytest.mark.long
def test_it_runs_where_the_folder_is_on_the_path(environment: Path, repository: Path) -> None:
    command = ("pytest",) if (repository / "theory.py").exists() else ("python", "-m", "pytest")
    tested = run(environment, repository, *command, "-q")
    assert tested.returncode == 0, tested
    assert "3 passed" in tested.stdout
    check = ("emtheory", "check", "paper.claims.toml", "--no-cache", "--jobs", "2")
    found = run(environment, repository, *check, PYTHONPATH=".")
    assert found.returncode == 0, found
    assert "2 claims checked: 2 as expected" in found.stdout


WITHOUT_EXTRAS = """\
import sys
import tomllib
from importlib.abc import MetaPathFinder
from emtheory.numerics.errors import PACKAGES

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in PACKAGES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from emtheory.reports.cli import main
for line in sys.stdin.read().splitlines():
    print(main(line.split()))
"""


def test_claims_are_checked_without_what_draws_fits_and_samples(tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text(CLAIMS)
    commands = [
        "check claims.toml --no-cache --html claims.html",
        "evaluate kl_divergence --k 2 --weights uniform --radius 1 --digits 5",
        "evaluate kl_divergence --k 2 --weights uniform --radius 1 --digits 5 --plot kl.svg",
        "report claims.toml",
    ]
    found = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS],
        cwd=tmp_path, input="\n".join(commands), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert [line for line in found.stdout.splitlines() if line.isdigit()] == ["0", "0", "2", "2"], found
    assert found.stderr.count("needs matplotlib: python -m pip install matplotlib") == 2
    assert "enclosed" in (tmp_path / "claims.html").read_text(encoding="utf-8")


def test_what_is_installed_by_default_is_needed() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {re.match(r"[\w-]+", each)[0] for group in named["optional-dependencies"].values() for each in group}
    assert set(PACKAGES.values()) <= extras
    default = {re.match(r"[\w-]+", each)[0] for each in named["dependencies"]}
    assert not default & set(PACKAGES.values())


def test_a_missing_package_is_named_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("emtheory.numerics.errors.find_spec", lambda name: None)
    for computed in ("api.simulate.loaded", "api.sweep.computed"):
        monkeypatch.setattr(f"emtheory.reports.{computed}", lambda *_, **__: pytest.fail("it is computed"))
    options = {"simulate": ("--n", "10", "--out"), "sweep": ("--quantity", "spectral_gap", "--parquet")}
    for command, given in options.items():
        assert main((command, "--k", "2", "--weights", "linear", *given, str(tmp_path / "out"))) == 2
        assert "python -m pip install" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [*(ROOT / "reports").rglob("*.py"), *(ROOT / "numerics").rglob("*.py"), ROOT / "action.yml"]

INSTALL = re.compile(r"\bpip install\b([^\n]*)")
BY_NAME = re.compile(r"(?:^|[\s'\"])emtheory(?:\[[^\]]*\])?(?:[=<>!~]|$|[\s'\"`](?!@))")
SHOWN = re.compile(r"(?:emtheory[@-]v?|rev: v)(\d+\.\d+\.\d+)")


def released() -> str:
    """The latest release in the changelog."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_versions_are_those_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == released()
    shown = {path: set(SHOWN.findall(path.read_text(encoding="utf-8"))) for path in PAGES}
    assert {path: versions for path, versions in shown.items() if versions - {released()}} == {}
    assert any(shown.values())


def test_nothing_is_installed_by_its_bare_name() -> None:
    found = {path: INSTALL.findall(path.read_text(encoding="utf-8")) for path in (*PAGES, *SOURCES)}
    assert any(found.values())
    assert [(path, rest) for path, each in found.items() for rest in each if BY_NAME.search(rest)] == []


@pytest.mark.parametrize(
    ("command", "by_name"),
    [
        ("emtheory==0.2.0", True),
        ("'emtheory[cluster]'", True),
        ("--quiet emtheory # now", True),
        ("'.[cluster]'", False),
        ('"emtheory @ git+https://HOST/OWNER/emtheory@v0.2.0"', False),
        ("./vendor/emtheory-0.2.0.whl", False),
    ],
)
def test_an_installation_by_name_is_seen(command: str, by_name: bool) -> None:
    assert bool(BY_NAME.search(f" {command}")) == by_name


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == released()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["title"].partition(":")[0], citation["license"]) == (project["name"], project["license"])


def test_a_release_is_built_and_checked_before_it_can_be_published() -> None:
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    build, publish = job["jobs"]["build"], job["jobs"]["publish"]
    assert job["permissions"] == {"contents": "read"}
    assert 'make dist TAG="$GITHUB_REF_NAME"' in [step.get("run") for step in build["steps"]]
    assert (publish["needs"], publish["environment"]) == ("build", "release")
    assert publish["permissions"] == {"id-token": "write"}
    assert "run" not in " ".join(key for step in publish["steps"] for key in step)


def test_another_tag_builds_nothing() -> None:
    found = subprocess.run(
        [ROOT / ".ci" / "dist", sys.executable, "v9.9.9"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"the tag v9.9.9 is not v{released()}, the version in pyproject.toml\n"


@pytest.mark.long
def test_the_sdist_is_whole(tmp_path: Path) -> None:
    """A wheel of what is in the sdist alone has the same files as one of the tree."""
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*build, "-d", tmp_path / "dist", "-t", "sdist", "-t", "wheel"], cwd=ROOT, check=True, timeout=120)
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    subprocess.run([*build, "-d", tmp_path / "again", "-t", "wheel"], cwd=source, check=True, timeout=120)
    names = [set(ZipFile(next((tmp_path / each).glob("*.whl"))).namelist()) for each in ("dist", "again")]
    assert names[0] == names[1]
