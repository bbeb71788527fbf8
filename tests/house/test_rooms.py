"""The house: arrows go down only, no room is a corridor, and everything is imported under the one name."""

import ast
import re
import tomllib
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

from tests.house.import_graph import FLOORS, ROOT, graph, modules

LARGEST_ROOM = 22
"""Modules in a folder, beyond which it is a corridor."""

ORDER = (
    # theory
    "theory.errors, theory.inexact, theory.mathml, theory.near_miss, theory.plugins, theory.prose, theory.syntax",
    "theory.constant, theory.published, theory.table, theory.toml_text",
    "theory.cyclotomic, theory.sums, theory.simplex, theory.theorems, theory.gaussian_moments, theory.claim",
    "theory.source",
    "theory.fourier, theory.mixture, theory.groups, theory.cumulants",
    "theory.proof",
    "theory.derivations, theory.claims, theory.mixtures",
    # numerics: the contract, then from a point to every point
    "numerics.errors, numerics.level, numerics.names",
    "numerics.arithmetic, numerics.enclosure, numerics.weights, numerics.case, numerics.quantity",
    "numerics.alias, numerics.family, numerics.families, numerics.refined",
    "numerics.expectation",
    "numerics.models",
    "numerics.quantities, numerics.algebra",
    "numerics.fingerprint, numerics.side_by_side, numerics.processes, numerics.cluster",
    "numerics.simplex_point, numerics.samples, numerics.limits",
    "numerics.any_point, numerics.sample_theorem",
    "numerics.fit_certificates, numerics.npmle, numerics.data_certificates",
    "numerics.ray",
    "numerics.directions, numerics.intervals, numerics.trajectories",
    "numerics.boxes",
    "numerics.evaluate",
    "numerics.sweep",
    # reports: from text to a verdict, from verdicts to what people see
    "reports.exit_code, reports.failure, reports.progress, reports.text_file",
    "reports.notebook",
    "reports.language",
    "reports.decide",
    "reports.certificates",
    "reports.kernel",
    "reports.checking",
    "reports.sharpening",
    "reports.render",
    "reports.pdf",
    "reports.tables, reports.simulate, reports.proofs",
    "reports.laws, reports.experiments",
    "reports.charts",
    "reports.catalogue",
    "reports.report",
    "reports.api",
    "reports.commands",
    "reports.program",
    "reports.cli, reports.pytest_plugin",
)
"""Rooms and modules, from the ground up: each imports from lines above its own, or its own line, only."""

PLACES = {name: line for line, names in enumerate(ORDER) for name in names.split(", ")}


def room(module: str) -> str:
    """Return the room of the order that a module stands in, or the module that stands there by itself."""
    name = module
    while name not in PLACES and "." in name:
        name = name.rpartition(".")[0]
    assert name in PLACES or module in FLOORS, f"{module} stands in no room of the order"
    return name


def test_arrows_go_down_and_nothing_imports_itself_by_a_detour() -> None:
    TopologicalSorter(graph()).prepare()  # It raises an error with the circle that it finds.
    rooms = defaultdict(set)
    for module, targets in graph().items():
        here = room(module)
        for there in {room(target) for target in targets} - {here, *FLOORS}:
            assert here in FLOORS or PLACES[there] <= PLACES[here], (module, there)
            rooms[here].add(there)
    TopologicalSorter(rooms).prepare()


def test_no_room_is_a_corridor() -> None:
    """Nor would it be one with the files that the test of CONTRIBUTING adds, where they are not there yet."""
    added = tomllib.loads(Path(__file__).with_name("added.toml").read_text(encoding="utf-8"))
    new = {ROOT / name for name in added if name.startswith(FLOORS) and name.endswith(".py")}
    rooms = Counter(path.parent for path in {*modules().values(), *new} if path.name != "__init__.py")
    assert [room for room, count in rooms.items() if count > LARGEST_ROOM] == []


def test_every_room_says_what_it_holds() -> None:
    silent = [path for path in modules().values() if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))]
    assert silent == []


def test_imports_go_by_the_one_name() -> None:
    looks_so = re.compile(rf"^\s*(?:from|import)\s+(?:.*,\s*)?(?:{'|'.join(FLOORS)})\b", re.MULTILINE)
    short = []
    for path in ROOT.glob("[!.]*/**/*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if looks_so.search(text) else ():
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            short += [(path, name) for name in names if name.partition(".")[0] in FLOORS]
    assert short == []
