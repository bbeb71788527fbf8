"""A clone of this repository as it stands: what is changed and not committed is laid over it."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]

FLOORS = ("theory", "numerics", "reports")


def clone(folder: Path) -> Path:
    """Clone the repository into a folder."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True, timeout=60)
    for name in (*FLOORS, "action"):
        if name in FLOORS:
            assert (folder / "emtheory" / name).is_symlink()
        shutil.rmtree(folder / name)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*(ROOT / "emtheory").glob("*.py"), ROOT / "emtheory" / "py.typed", ROOT / "pyproject.toml"):
        shutil.copy(path, folder / path.relative_to(ROOT))
    for name in ("action.yml", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def bare_environment(folder: Path) -> Path:
    """Make an environment with the libraries of this one, whose own copy of the package is not seen.

    Returns its folder of programs.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    # A path in a .pth file is searched, the .pth files in it (the editable install is one) are not read.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def variables(programs: Path, **others: str) -> dict[str, str]:
    """Variables of a shell in which an environment is active, and pip needs no network."""
    left_out = ("PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER")
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        # As pip reads these, they turn isolation off, and the compilation of modules that nothing imports.
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_COMPILE": "0",
        "PIP_IGNORE_INSTALLED": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return inherited | {"PATH": f"{programs}{os.pathsep}{inherited['PATH']}"} | offline | others
