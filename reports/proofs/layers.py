"""Lines of code that have to be trusted, layer by layer, and the page about it."""

import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emtheory.reports.render.templating import text_template

TRUST_PAGE = "what-you-have-to-trust.md"

_ROOT = Path(__file__).resolve().parents[2]
_IDLE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
_ROUND = 10
"""Counts on the page are multiples of it: every change of a line need not change the page."""

_ENCLOSURES = "arithmetic simplex_point any_point intervals boxes ray trajectories quantities sample_theorem"
"""Rooms of the second floor."""


@dataclass(frozen=True)
class Layer:
    """A part of the project that some verdicts rest on; its role is what goes wrong if it is wrong.

    Paths are below the project, a folder stands for all in it.
    """

    name: str
    role: str
    paths: tuple[str, ...]


LAYERS = (
    Layer(
        "Standalone verifier",
        "accepts a false certificate; shares no code with anything else here",
        ("reports/certificates/verify",),
    ),
    Layer(
        "Replay",
        "accepts a false certificate, together with the layers below",
        ("reports/certificates/replay.py", "reports/certificates/file.py"),
    ),
    Layer("Reading of claims", "decides another statement than the one you wrote", ("reports/language",)),
    Layer("Decisions", "concludes what does not follow from enclosures", ("reports/decide",)),
    Layer(
        "Enclosures at a point, on intervals and boxes",
        "gives an enclosure without the number in it",
        tuple(f"numerics/{room}" for room in _ENCLOSURES.split()),
    ),
    Layer("Bounds in all directions", "calls a bound proved that fails somewhere", ("numerics/directions",)),
    Layer(
        "EM on given data",
        "certifies of data what is not so",
        (
            "numerics/data_certificates",
            "numerics/fit_certificates",
            "numerics/npmle",
            "numerics/samples/data_files.py",
            "reports/certificates/data.py",
        ),
    ),
    Layer("Exact algebra", "gives a wrong sign", ("numerics/algebra",)),
    Layer("Rules of derivations", "lets a step through that does not follow", ("theory/proof",)),
    Layer(
        "Derivations",
        "draws what is false from a citation or an argument in words, or tells another story than its formulas",
        ("theory/derivations",),
    ),
    Layer("Export to Rocq", "nothing but the statement file, which is to be read", ("reports/kernel",)),
)
"""What is counted."""


def code_lines(text: str) -> int:
    """Count the lines of a Python text that hold code: no blank lines, comments and docstrings."""
    lines: set[int] = set()
    fresh = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING and fresh:
            continue
        if token.type not in _IDLE:
            lines.update(range(token.start[0], token.end[0] + 1))
        fresh = token.type in _IDLE and (fresh or token.type != tokenize.NL)
    return len(lines)


def lines_of(layer: Layer) -> int:
    """Count the lines of code of a layer."""
    return sum(code_lines(path.read_text(encoding="utf-8")) for path in _files(layer))


def trust_page() -> str:
    """Return the page as Markdown."""
    layers = [(each.name, f"{rounded(lines_of(each)):,}", each.role) for each in LAYERS]
    return text_template(f"{TRUST_PAGE}.j2", {}).render(layers=layers)


def rounded(count: int) -> int:
    """Return a count as the page shows it."""
    return round(count / _ROUND) * _ROUND


def _files(layer: Layer) -> Iterator[Path]:
    for name in layer.paths:
        path = _ROOT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]
