"""The standalone verifier shares nothing with the project, accepts true certificates and rejects forged ones."""

import ast
import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import flint
import pytest

from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.simplex_point import ball_posterior
from emtheory.reports.certificates.certificate import certify, keep_certificate, verifier_files
from emtheory.reports.certificates.verify.limits import outcome_of
from emtheory.reports.cli import main
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.language.expression import SYMBOLS, UNARY, VARIADIC
from emtheory.reports.proofs.layers import code_lines
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import FORGERIES, Forgery, beyond, forged, sealed, values
from tests.reports.certificates.tampering import changes
from tests.tiers import first_every_day

THREE = ("1/2", "3/10", "1/5")
CLAIMS = {
    "exact": Claim("exact", "spectral_gap == 7/100 < dft_modulus(m=1)", weights=THREE),
    "roots": Claim("roots", "dft_modulus(m=1) > dft_modulus(m=2) > 0", k=(5, 8), weights="linear"),
    "point": Claim("point", "0 < kl_divergence < pi/20", weights=THREE, radius="1", d=4),
    "curved": Claim("curved", "hessian_min_eigenvalue > spectral_gap", k=(4,), weights="linear", radius="1"),
    "many": Claim("many", "hessian_min_eigenvalue < 0 < pl_ratio", k=(1000,), weights="one-heavy:0.99", radius="2.64"),
    "witness": Claim("witness", "posterior_power(m=1) >= 9/25", k=(2,), weights=("4/5", "1/5"), radius="1/2"),
    "steps": Claim("steps", "iterations_to_kl(eps=1/100) <= 40", weights=THREE, radius="1"),
    "lloyd": Claim("lloyd", "lloyd_radius < 1.2", k=(2, 3, 4), weights="linear"),
    "interval": Claim("interval", "kl_divergence > 0", weights=THREE, for_all={"radius": ("1/8", "1/4")}),
    "tight": Claim("tight", "kl_divergence <= radius**2/2", k=(2,), weights=("4/5", "1/5"),
                   for_all={"radius": ("0", "1/2")}),
    "family": Claim("family", "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2", k=(3, 4), weights="one-heavy:W",
                    for_all={"W": ("1/100", "99/100")}),
    "sample": Claim("sample", "samples_needed(eps=1/1000, delta=1/20, radius=1/10) <= 6400", weights="one-heavy:4/5"),
}  # fmt: skip
LONG = {
    "extremum": Claim("extremum", "worst_contraction_factor(radius=1/4) < 1", weights=THREE),
    "ratio": Claim("ratio", "pl_constant(radius=1) > spectral_gap/2", weights=THREE),
    "convex": Claim("convex", "strong_convexity_radius > exp(exp(k))", weights=THREE),
    "ray": Claim("ray", "hessian_min_eigenvalue > spectral_gap", weights=THREE, for_all={"radius": ("1/4", "6")}),
    "box": Claim("box", "posterior_power(m=1) > (2*W - 1)**2/2", k=(2,), weights=("W", "1-W"),
                 for_all={"W": ("3/5", "4/5"), "radius": ("1/4", "1")}),
}  # fmt: skip


@pytest.fixture(scope="session")
def certificates() -> dict[str, dict[str, Any]]:
    """The certificates of `CLAIMS`."""
    return {name: certify(claim, decide_claim(claim)) for name, claim in CLAIMS.items()}


def outcome(folder: Path, text: str) -> str:
    """What the verifier says of a file with this text."""
    path = folder / "certificate.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return " ".join(outcome_of(path))


def is_refused(folder: Path, text: str) -> bool:
    """Whether the verifier rejects a file with this text, or sees that it says itself that it proves nothing."""
    said = outcome(folder, text)
    weak = any(f'"level": "{level}"' in text for level in ("supported", "observed"))
    return said.startswith(("rejected", "bad")) or (weak and said.endswith("which proves nothing"))


def test_it_imports_nothing_but_the_standard_library_and_flint() -> None:
    nodes = [(file, node) for file, text in verifier_files().items() for node in ast.walk(ast.parse(text))]
    names = [alias.name for _, node in nodes if isinstance(node, ast.Import) for alias in node.names]
    origins = [(file, node.module or "", node.level) for file, node in nodes if isinstance(node, ast.ImportFrom)]
    relative = {
        Path(file).parents[level - 1] / f"{name.replace('.', '/')}.py" for file, name, level in origins if level
    }
    assert {path.as_posix() for path in relative} <= verifier_files().keys()
    names += [name for _, name, level in origins if not level]
    foreign = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
    called = {node.func.id for _, node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    # Data in Parquet files are read where another library is, and only there.
    assert foreign == {"flint", "pyarrow"}
    assert {file for file, name, _ in origins if name == "pyarrow"} == {"given/files.py"}
    assert called.isdisjoint({"eval", "exec", "compile", "__import__"})


def test_it_runs_alone(tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    """Beside a certificate, where a module `emtheory` that fails stands first on the path, and leaves nothing there."""
    claim = CLAIMS["exact"]
    keep_certificate(tmp_path, claim, json.dumps(certificates["exact"]))
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "emtheory.py").write_text("raise SystemExit('the project is imported')")
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "verify", "exact.json"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "path")}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("accepted     exact.json: 1 cell, 1 part")
    assert sorted(tmp_path.rglob("*")) == before


def test_it_comes_with_the_package() -> None:
    assert (resources.files("emtheory.reports.certificates") / "verify" / "__main__.py").is_file()


def test_it_is_written_to_be_read() -> None:
    """Files of less than 300 lines, at most 3,984 lines of code in all."""
    texts = verifier_files()
    assert max(text.count("\n") for text in texts.values()) < 300
    assert 500 < sum(map(code_lines, texts.values())) <= 3984
