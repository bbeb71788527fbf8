"""Theorems for every dimension and number of components that Rocq checks: files, statements, what is recorded."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import MappingProxyType

from emtheory.reports.kernel.rocq_program import Receipt, assumptions, grouped, require_rocq, rocq_version, run_rocq

FOLDER = Path(__file__).parent / "em"
"""Where the files are; ``_CoqProject`` lists them in an order in which they can be compiled."""
RECORD = FOLDER / "record.json"
"""What Rocq said of the files whose digest is in it."""

_LIBRARY = ("-Q", ".", "EM")
_PRELUDE, _STATEMENTS, _THEOREMS, _ALL, _AUDIT = "Prelude", "Statements", "Theorems", "All", "Audit"
_IMPORTED = re.compile(r"^From EM Require Import ([^.]*)\.$", re.MULTILINE)
_DEFINITION = re.compile(
    r"(?:^\(\*(?P<words>(?:(?!\*\)).)*?)\*\)\n)?^Definition (?P<name>\w+)(?P<text>.*?\.)$", re.MULTILINE | re.DOTALL
)
_MEANING = re.compile(r"^(?:Definition|Record|Fixpoint) .*?\.$", re.MULTILINE | re.DOTALL)
_SIGNS = {"theta": "θ", "sigma": "σ", "gamma": "γ", "beta": "β", "rho": "ρ", "mu": "μ", "eps": "ε", "pi^": "π̂"}
_SIGNS |= {"sum_": "∑_", "^2": "²", "^T": "ᵀ", "<=": "≤", ">=": "≥"}
"""What stands in comments as ASCII, and for it what people write."""
_SIGN = re.compile("|".join(rf"(?<![\w']){name}(?![a-z])" if name.isalpha() else re.escape(name) for name in _SIGNS))
_CLAIMED = re.compile(r"\s*:= (?:for_all_mixtures|for_all_tyings|for_all_cyclic|forall)\b")


@dataclass(frozen=True)
class Stated:
    """A statement in words, and its definition in Rocq."""

    words: str
    text: str


@cache
def sources() -> Mapping[str, str]:
    """Return module → its text, in an order in which they can be compiled."""
    listed = (FOLDER / "_CoqProject").read_text(encoding="utf-8").split()
    names = [name.removesuffix(".v") for name in listed if name.endswith(".v")]
    return MappingProxyType({name: (FOLDER / f"{name}.v").read_text(encoding="utf-8") for name in names})


def statements(text: str | None = None) -> Mapping[str, Stated]:
    """Return what a file of statements (the package's) states, by name: definitions that quantify over all mixtures."""
    whole = sources()[_STATEMENTS] if text is None else text
    found = _DEFINITION.finditer(whole.partition("End setting.")[2])
    return {
        match["name"]: Stated(_readable(match["words"] or ""), match[0][match.start("name") - match.start() :])
        for match in found
        if _CLAIMED.match(match["text"])
    }


def _readable(words: str) -> str:
    return _SIGN.sub(lambda found: _SIGNS[found[0]], " ".join(words.split()))


def digest_of(files: Mapping[str, str]) -> str:
    """Return a digest of files, their names included."""
    return _digest(f"{name}\n{files[name]}" for name in sorted(files))


def meaning_of(names: Iterable[str]) -> str:
    """Return a digest of statements and of every definition of the theory, without the proofs."""
    files = sources()
    stated = statements(files[_STATEMENTS])
    claims = set(stated)
    definitions = (
        match[0]
        for name in sorted(files)
        for match in _MEANING.finditer(files[name])
        if name != _STATEMENTS or match[0].split()[1] not in claims
    )
    return _digest([*(stated[name].text for name in names), *definitions])


def check_theory(seconds: float, *, again: bool = False, folder: Path | None = None) -> Receipt:
    """Have Rocq compile the files; KernelError if a theorem rests on an axiom that is not on the list.

    With `again` file by file, as users do, and ``coqchk`` checks them and all libraries that they use anew; otherwise
    they are one file of as many modules, so that the library is loaded once. Each program is given up after so many
    seconds.
    """
    if folder is None:
        with TemporaryDirectory(prefix="emtheory-rocq-") as name:
            return check_theory(seconds, again=again, folder=Path(name))
    require_rocq()
    start, said = perf_counter(), ""
    files = {**sources(), _AUDIT: _audit("")} if again else {_ALL: _one_file(), _AUDIT: _audit(f"{_ALL}.")}
    for module, text in files.items():
        (folder / f"{module}.v").write_text(text, encoding="utf-8")
        said = run_rocq(folder, seconds, "coqc", "-q", "-w", "none", *_LIBRARY, f"{module}.v")
    axioms = grouped(assumptions(said))
    if again:
        run_rocq(folder, seconds, "coqchk", "-silent", *_LIBRARY, f"EM.{_AUDIT}")
    return Receipt(rocq_version(), axioms, perf_counter() - start)


def record(receipt: Receipt) -> None:
    """Keep what Rocq said of the files, for those who have no Rocq."""
    kept = {"files": digest_of(sources()), "rocq": receipt.rocq, "axioms": receipt.axioms}
    RECORD.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def recorded() -> str | None:
    """Return the version of Rocq that accepted the files as they are, or None if that is not recorded."""
    try:
        kept = json.loads(RECORD.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return str(kept["rocq"]) if kept["files"] == digest_of(sources()) else None


def _one_file() -> str:
    """Return all files as one, a module each."""
    first, *others = sources().items()
    assert first[0] == _PRELUDE  # noqa: S101
    return "\n".join([first[1], *(f"Module {name}.\n{_inner(text)}\nEnd {name}.\n" for name, text in others)])


def _inner(text: str) -> str:
    """Return a file as the inside of a module: it imports modules instead of files, and the first everybody has."""

    def imported(match: re.Match[str]) -> str:
        names = [name for name in match[1].split() if name != _PRELUDE]
        return f"Import {' '.join(names)}." if names else ""

    return _IMPORTED.sub(imported, text)


def _audit(place: str) -> str:
    """Return a file that uses each theorem as a proof of its statement, and prints what all of them rest on."""
    names = list(statements())
    return "\n".join(
        [
            f"From EM Require {place.rstrip('.') or f'{_STATEMENTS} {_THEOREMS}'}.",
            *(
                f"Definition audited_{name} : {place}{_STATEMENTS}.{name} := {place}{_THEOREMS}.{name}_proved."
                for name in names
            ),
            f"Definition audited := ({', '.join(f'audited_{name}' for name in names)}).",
            "Print Assumptions audited.\n",
        ]
    )


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(" ".join(part.split()) for part in parts).encode()).hexdigest()[:32]
