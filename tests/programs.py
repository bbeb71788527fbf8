"""Programs of the system that long tests need: as root on Debian they are installed where they are missing.

``python -m tests.programs`` installs all of them, which may be done beside what needs none.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = {
    "chromium": ("chromium",),
    "pdflatex": ("texlive-latex-recommended", "texlive-fonts-recommended"),
    "coqc": ("coq", *(f"libcoq-{name}" for name in ("interval", "coquelicot"))),
    "coqchk": ("coq", "libcoq-mathcomp-analysis", "libcoq-mathcomp-algebra-tactics"),
}
"""What Debian has them in, with the libraries that are used."""
_ALSO = {"chromium": "chromium-browser"}
"""What some systems call them."""
_SECONDS = 1800


def installed(name: str) -> str:
    """Return where a program is; RuntimeError if it is missing, and cannot be installed from here."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        import fcntl

        # Tests run in several processes, of which one installs and the others wait.
        with (Path(tempfile.gettempdir()) / "emtheory-programs.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _found(name) is None or not _has_libraries(name):
                quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
                for command in (("update",), ("install", "--yes", "--no-install-recommends", *PACKAGES[name])):
                    subprocess.run(["apt-get", "-qq", *command], env=quiet, timeout=_SECONDS, check=True)
    found = _found(name)
    if found is None:
        raise RuntimeError(f"{name} is missing, which long tests need: apt-get install {' '.join(PACKAGES[name])}")
    return found


def _found(name: str) -> str | None:
    return shutil.which(name) or shutil.which(_ALSO.get(name, name))


def _has_libraries(name: str) -> bool:
    """Whether Debian has installed the libraries of a program, of which that alone does not tell."""
    libraries = [package for package in PACKAGES[name] if package.startswith("lib")]
    asked = ["dpkg", "--status", *libraries]
    return not libraries or not subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode


if __name__ == "__main__":
    for each in PACKAGES:
        installed(each)
