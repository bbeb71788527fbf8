"""Rocq's programs: what they say of an export, with time limits, and the axioms that it may rest on."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from emtheory.numerics.errors import CannotAnswerError
from emtheory.reports.kernel.files import PROOF, STATEMENT, RocqFiles

_MODULES: Mapping[str, Mapping[str, str]] = {
    "classical real numbers": {
        "ClassicalDedekindReals": "sig_forall_dec sig_not_dec",
        "FunctionalExtensionality": "functional_extensionality_dep",
        "Classical_Prop": "classic",
    },
    "classical logic of mathcomp": {
        "boolp": "constructive_indefinite_description functional_extensionality_dep propositional_extensionality"
    },
    "machine integers": {
        "PrimInt63": (
            "add addc addcarryc addmuldiv asr compare div diveucl diveucl_21 divs eqb head0 int land leb "
            "lesb lor lsl lsr ltb lxor mod mul mulc sub subc subcarryc tail0"
        ),
        "Uint63": (
            "add_spec addc_def_spec addcarryc_def_spec addmuldiv_def_spec compare_def_spec div_spec "
            "diveucl_21_spec diveucl_def_spec eqb_correct eqb_refl head0_spec land_spec leb_spec lor_spec "
            "lsl_spec lsr_spec ltb_spec lxor_spec mod_spec mul_spec mulc_spec of_to_Z sub_spec subc_def_spec "
            "subcarryc_def_spec tail0_spec"
        ),
        "Sint63": "asr_spec div_spec leb_spec",
    },
    "machine floats": {
        "PrimFloat": (
            "abs add classify compare div eqb float frshiftexp ldshiftexp ltb mul next_down next_up "
            "normfr_mantissa of_uint63 opp sqrt sub"
        ),
        "FloatAxioms": (
            "Prim2SF_SF2Prim Prim2SF_valid SF2Prim_Prim2SF abs_spec add_spec classify_spec compare_spec "
            "div_spec eqb_spec frshiftexp_spec ldshiftexp_spec ltb_spec mul_spec next_down_spec next_up_spec "
            "normfr_mantissa_spec of_uint63_spec opp_spec sqrt_spec sub_spec"
        ),
    },
    "machine arrays": {"PArray": "array get length"},
}
"""The axioms that a proof may rest on: group → module of Rocq → names as ``Print Assumptions`` has them.

The first are classical logic: every statement on real numbers in Rocq uses them. The others say what the processor's
integers, floats and arrays compute, which CoqInterval's enclosures are computed with; they are trusted as the kernel's
own implementation of these is. Every name is listed, so that nothing else of the same modules is let through."""

GROUPS: Mapping[str, frozenset[str]] = {
    group: frozenset(f"{module}.{name}" for module, names in modules.items() for name in names.split())
    for group, modules in _MODULES.items()
}
"""Group → names of axioms."""


def group_of(name: str) -> str | None:
    """Return the group of an axiom, or None if it is not allowed."""
    return next((group for group, names in GROUPS.items() if name in names), None)


INSTALL = (
    "apt-get install coq libcoq-interval libcoq-coquelicot (Debian), or opam install coq.8.20.1 coq-interval; for "
    "the theorems on every dimension libcoq-mathcomp-analysis libcoq-mathcomp-algebra-tactics"
)
"""How to come by Rocq with the libraries."""
SECONDS = 3600
"""After which a file is given up. A choice: the largest exports take some minutes."""

_STEERING = ("COQ", "ROCQ", "XDG_DATA")
"""Beginnings of names in the environment that say where Rocq finds libraries; it also looks below the home folder."""

_AUDIT = "Audit"
_AUDIT_TEXT = f"""Require {STATEMENT} {PROOF}.
Definition audited : {STATEMENT}.claim := {PROOF}.checked.
Print Assumptions audited.
"""
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_'.]*)(\s*:.*)?")
_CLOSED = "Closed under the global context"


class KernelError(Exception):
    """Rocq does not accept a proof, or it rests on more than is allowed; the message tells where and why."""


class NotProvedError(KernelError):
    """Rocq does not accept the proof that was made for a claim, which says nothing against the claim."""


@dataclass(frozen=True)
class Receipt:
    """What Rocq accepted, its version, and how many axioms of which group the proof rests on."""

    rocq: str
    axioms: dict[str, int]
    seconds: float


def require_rocq() -> None:
    """Raise CannotAnswerError, which says how to install it, if Rocq is not there."""
    missing = [program for program in ("coqc", "coqchk") if shutil.which(program) is None]
    if missing:
        raise CannotAnswerError(f"{' and '.join(missing)} of Rocq cannot be found: {INSTALL}")


def rocq_version() -> str:
    """Return the version of Rocq that is installed; CannotAnswerError if none is."""
    require_rocq()
    return run_rocq(Path(), SECONDS, "coqc", "--print-version").split()[0]


def check_files(files: RocqFiles, seconds: float = SECONDS) -> Receipt:
    """Compile an export, have the compiled files checked anew, and look at what the proof rests on.

    NotProvedError if the proof does not go through, or not in these seconds; KernelError if another program does not
    accept it, or it rests on an axiom that is not on the list; CannotAnswerError if Rocq or a library is not there.
    """
    require_rocq()
    start = perf_counter()
    with TemporaryDirectory(prefix="emtheory-rocq-") as name:
        folder = Path(name)
        for file, text in (*files.items(), (f"{_AUDIT}.v", _AUDIT_TEXT)):
            (folder / file).write_text(text, encoding="utf-8")
        run_rocq(folder, seconds, "coqc", "-q", "-w", "none", f"{STATEMENT}.v")
        try:
            run_rocq(folder, seconds, "coqc", "-q", "-w", "none", f"{PROOF}.v")
        except KernelError as error:
            raise NotProvedError(f"the proof that was made for it is not accepted: {error}") from None
        axioms = grouped(assumptions(run_rocq(folder, seconds, "coqc", "-q", "-w", "none", f"{_AUDIT}.v")))
        run_rocq(
            folder,
            seconds,
            "coqchk",
            "-silent",
            "-bytecode-compiler",
            "yes",
            *(part for module in (STATEMENT, PROOF, _AUDIT) for part in ("-norec", module)),
        )
    return Receipt(rocq_version(), axioms, perf_counter() - start)


def assumptions(printed: str) -> tuple[str, ...]:
    """Return the names in what ``Print Assumptions`` printed; KernelError if a line is of no known kind."""
    names = []
    for line in printed.splitlines():
        if not line.strip() or line.startswith((" ", "\t")) or line.strip() in ("Axioms:", _CLOSED):
            continue
        match = _NAME.fullmatch(line.rstrip())
        if match is None:
            raise KernelError(f"Print Assumptions says what is not understood: {line[:200]}")
        names.append(match[1])
    if not names and _CLOSED not in printed:
        raise KernelError("Print Assumptions said nothing")
    return tuple(names)


def grouped(names: tuple[str, ...]) -> dict[str, int]:
    """Count axioms by their groups; KernelError that names one that is not allowed."""
    counts: dict[str, int] = {}
    for name in names:
        group = group_of(name)
        if group is None:
            raise KernelError(f"the proof rests on {name}, which is not among the axioms that are allowed")
        counts[group] = counts.get(group, 0) + 1
    return counts


def run_rocq(folder: Path, seconds: float, *command: str) -> str:
    """Run a program of Rocq, and return what it printed; KernelError if it fails or takes longer than these seconds."""
    # What lies where these point could be loaded in the place of the libraries that are meant.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)} | {"HOME": "."}
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, env=inherited, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise KernelError(f"{' '.join(command)} took more than {seconds:g} s") from None
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())[-400:]
        if "Cannot find a physical path" in said or "Unable to locate library" in said:
            raise CannotAnswerError(f"a library of Rocq cannot be found ({said[-120:]}): {INSTALL}")
        raise KernelError(f"{command[0]} {command[-1]}: {said}")
    return done.stdout
