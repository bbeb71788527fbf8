"""Run this folder as a program: ``python verify CERTIFICATE|FOLDER…``."""

import importlib.util
import sys
from pathlib import Path


def load(folder):
    """Return the module `command` of a folder of modules, as those of a package named after it."""
    spec = importlib.util.spec_from_file_location(
        "verify", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    package = sys.modules["verify"] = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(package)  # type: ignore[union-attr]
    return importlib.import_module("verify.command")


if __name__ == "__main__":
    if importlib.util.find_spec("flint") is None:
        sys.exit("verify needs python-flint: python -m pip install python-flint")
    sys.dont_write_bytecode = True  # Nothing but certificates is to lie beside certificates.
    sys.exit(load(Path(__file__).resolve().parent).main(sys.argv[1:]))
