"""An installed package adds a source with a derivation, and a quantity, and its code counts in every digest."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_contributing import ADDED

DERIVATION = ADDED["theory/derivations/rates/toy_spread.py"].replace("toy_spread", "toy_width")
FILES = {
    "toy_theory/__init__.py": '"""A package of somebody else."""\n',
    "toy_theory/paper/__init__.py": '''\
"""A toy paper."""

from emtheory.theory.source import Source

SOURCE = Source(title="Toy (2031)", reference="A toy", scope="The variance of exponents", not_judged="All else")
''',
    "toy_theory/paper/toy_lemma.toml": """\
id = "toy-lemma"
title = "The variance of the exponents exceeds $r²$"
source = "Lemma 1"
quote = "a regular simplex"
reading = "$s² = r²k/(k − 1) > r²$ for every $r > 0$."

[[claim]]
id = "toy-lemma/derivation"
derivation = "toy-width"

[[control]]
id = "toy-lemma/control"
statement = "toy_width > 2"
k = 3
weights = "linear"
radius = 1
""",
    "toy_theory/paper/toy_other.py": '''\
"""The same in Python."""

from emtheory.theory.claim import Claim, Entry

ENTRY = Entry(
    id="toy-other",
    title="The variance of the exponents exceeds $r²$",
    source="Lemma 1",
    quote="a regular simplex",
    reading="$s² = r²k/(k − 1) > r²$ for every $r > 0$.",
    claims=(Claim(id="toy-other/derivation", derivation="toy-width", general=True, k=()),),
    controls=(Claim(id="toy-other/control", statement="toy_width > 2", k=(3,), weights="linear", radius="1"),),
)
''',
    "toy_theory/paper/derivations/__init__.py": '"""Derivations of the toy."""\n',
    "toy_theory/paper/derivations/toy_width.py": DERIVATION,
    "toy_theory/numbers.py": '''\
"""A quantity of the toy."""

from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.enclosure import exact_enclosure
from emtheory.numerics.quantity import Quantity


def exact(case, digits):
    return exact_enclosure(rational(case.squared_radius * Fraction(case.k, case.k - 1)), digits)


QUANTITIES = (Quantity("toy_width", "$s² = r²k/(k − 1)$", {"exact": exact}, needs_point=True),)
''',
    "toy_theory-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: toy-theory\nVersion: 1.0\n",
    "toy_theory-1.0.dist-info/entry_points.txt": (
        "[emtheory.sources]\ntoy = toy_theory.paper\n\n[emtheory.quantities]\ntoy = toy_theory.numbers\n"
    ),
}
PROGRAM = """\
import json
import emtheory
from emtheory.theory.claims import catalogue, sources
claim = emtheory.Claim("a", "toy_width == 3/2", k=(3,), weights="linear", radius="1")
entry, other = catalogue("toy")
print(json.dumps({
    "sources": list(sources()),
    "groups": [entry.group, other.group],
    "same": [str(other.claims), str(other.controls)] == [
        str(each).replace("lemma", "other") for each in (entry.claims, entry.controls)
    ],
    "value": emtheory.evaluate("toy_width", 3, "linear", radius=1).value,
    "verdict": emtheory.check(claim)["a"].verdict,
    "control": emtheory.check(entry.controls[0])["toy-lemma/control"].verdict,
    "derived": len(emtheory.derive("toy-width", None).steps),
}))
"""

DIGESTS = """\
from emtheory.numerics.fingerprint import code_fingerprint, package_fingerprint
print(code_fingerprint(), package_fingerprint())
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(site: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"} | ({"PYTHONPATH": str(site)} if site else {})
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)


def test_what_a_package_adds_is_there_and_its_code_counts(site: Path) -> None:
    first = run(site, "-c", PROGRAM)
    assert first.returncode == 0, first.stderr
    found = json.loads(first.stdout)
    assert found["sources"][-1] == "toy"
    assert (found["groups"], found["derived"], found["same"]) == (["Toy (2031)"] * 2, 2, True)
    assert (found["value"], found["verdict"], found["control"]) == ("1.5", "proved", "refuted")
    digests = [run(site, "-c", DIGESTS).stdout.split()]
    path = site / "toy_theory" / "numbers.py"
    path.write_text(path.read_text().replace("case.k - 1", "case.k + 1 - 2"))
    digests += [run(place, "-c", DIGESTS).stdout.split() for place in (site, None)]
    assert [len(set(each)) for each in zip(*digests, strict=True)] == [3, 3]


def test_a_package_or_source_that_is_wrong_is_named(site: Path) -> None:
    def said(command: str) -> str:
        result = run(site, "-c", f"from emtheory.reports.cli import main; raise SystemExit(main([{command!r}]))")
        assert result.returncode == 2
        return result.stderr

    (site / "toy_theory" / "numbers.py").write_text("import nothing_of_the_kind\n")
    broken = "entry point toy = toy_theory.numbers of the package toy-theory cannot be imported"
    assert broken in said("quantities")
    for text in ("", "QUANTITIES = 'trace'\n", "QUANTITIES = ['trace']\n"):
        (site / "toy_theory" / "numbers.py").write_text(text)
        assert "toy_theory.numbers adds no quantities: it needs QUANTITIES" in said("quantities")
    twice = "from emtheory.numerics.quantities.at_point import QUANTITIES\n"
    (site / "toy_theory" / "numbers.py").write_text(twice)
    assert "defined twice: " in said("quantities")
    (site / "toy_theory" / "numbers.py").write_text("QUANTITIES = ()\n")
    (site / "toy_theory" / "paper" / "__init__.py").write_text("")
    assert f"{site / 'toy_theory' / 'paper' / 'source.toml'}: cannot be read" in said("claims")
    points = site / "toy_theory-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text().replace("toy_theory.paper", "toy_theory.numbers"))
    assert "toy_theory.numbers is no package: a source is a folder" in said("claims")
