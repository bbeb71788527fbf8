"""Where and on what a run was made."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIBRARIES = ("python-flint", "mpmath", "numpy", "scipy", "scikit-learn", "sympy")


def describe() -> dict[str, Any]:
    """Return the machine, its load, the commit and the versions of libraries."""
    return {
        "machine": _processor(),
        "cores": os.cpu_count(),
        "memory": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "commit": commit_name(),
        "load": round(os.getloadavg()[0], 2),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def commit_name(name: str = "HEAD") -> str:
    """Return the short name of a commit; of HEAD with a mark if files differ from it."""
    found = git("rev-parse", "--short", f"{name}^{{commit}}")
    return found + ("+" if name == "HEAD" and git("status", "--porcelain", "-uno") else "")


def git(*arguments: str) -> str:
    """Return what git prints."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _processor() -> str:
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        for line in cpu.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()
