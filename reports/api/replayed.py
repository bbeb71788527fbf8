"""What became of certificates: each verified, or the reason why it is not accepted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from emtheory.numerics.errors import InputError, NothingSelectedError
from emtheory.numerics.level import KERNEL, STRENGTH, Level
from emtheory.reports.certificates.certificate import FORMAT, claim_document, plain
from emtheory.reports.certificates.data_document import DATA_FORMAT
from emtheory.reports.certificates.data_replay import replay_data
from emtheory.reports.certificates.file import RejectedError, certificate_in, read_document
from emtheory.reports.certificates.fit_document import FIT_FORMAT
from emtheory.reports.certificates.fit_replay import replay_fit
from emtheory.reports.certificates.mixing_document import MIXING_FORMAT
from emtheory.reports.certificates.mixing_replay import replay_mixing
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.rocq_program import KernelError, NotProvedError
from emtheory.theory.claim import REFUTED, Claim

_ABOUT_DATA = {DATA_FORMAT: replay_data, FIT_FORMAT: replay_fit, MIXING_FORMAT: replay_mixing}
"""Format of certificates about data → what verifies them."""
Kernel = Callable[..., object]
"""Has a proof kernel check that a claim holds, or is `refuted`; raises NotExportedError or KernelError."""
_PROOFS = (KERNEL, STRENGTH[Level.EXACT], STRENGTH[Level.CERTIFIED])


@dataclass(frozen=True)
class Replayed:
    """What became of one file: a verdict, or the problem why there is none, with the exit status that it deserves."""

    path: Path
    verdict: Verdict | None
    problem: str
    code: ExitCode
    seconds: float = field(compare=False)
    in_kernel: bool = False

    @property
    def ok(self) -> bool:
        """Whether the certificate is accepted."""
        return self.verdict is not None

    @property
    def level(self) -> str | None:
        """The strength of the evidence, if the certificate was accepted."""
        if self.verdict is None or self.verdict.level is None:
            return None
        return KERNEL if self.in_kernel else STRENGTH[self.verdict.level]

    @property
    def proved(self) -> bool:
        """Whether the evidence is a proof."""
        return self.level in _PROOFS

    def as_json(self) -> dict[str, object]:
        """Return the result as in ``replay --json``."""
        verdict = self.verdict
        return {
            "file": str(self.path),
            "ok": self.ok,
            "id": None if verdict is None else verdict.id,
            "verdict": None if verdict is None else verdict.outcome,
            "level": self.level,
            "margin": None if verdict is None else verdict.margin,
            "proved": self.proved,
            "problem": self.problem or None,
            "seconds": round(self.seconds, 6),
        }

    def describe(self) -> str:
        """Return the result in a line, less its first word."""
        verdict = self.verdict
        if verdict is None:
            return f"{'' if self.code == ExitCode.BAD_INPUT else f'{self.path}: '}{self.problem}"
        parts = [verdict.id, verdict.outcome]
        if verdict.outcome == REFUTED:
            parts.append(f"level {self.level}")
        elif self.in_kernel:
            parts.append(f"level {KERNEL}")
        if verdict.margin is not None:
            parts.append(f"margin {verdict.margin}")
        if not self.proved:
            parts.append("replayed, not proved")
        if self.problem:
            parts.append(f"not seen by the kernel: {self.problem}")
        return "  ".join([*parts, f"{self.seconds:.2f} s"])


def find_certificates(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and the ``*.json`` in the folders named; NothingSelectedError if there are none."""
    files = [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    if not files:
        raise NothingSelectedError("no certificate: the folder has no *.json" if paths else "no certificate is named")
    return files


def replay_files(
    files: Sequence[Path], known: Mapping[str, Claim] | None, data: Path | None = None, kernel: Kernel | None = None
) -> Iterator[Replayed]:
    """Verify files one after the other, each for a claim of `known` (id → claim) if that is given.

    The data of certificates of data are looked for beside each if none are named.
    """
    for file in files:
        start = perf_counter()
        verdict, problem, code, in_kernel = None, "", ExitCode.OK, False
        try:
            claim, verdict = _verified(file, known, data)
            if kernel is not None:
                if claim is None:
                    raise NotExportedError("what is said of data has no export")
                kernel(claim, refuted=verdict.outcome == REFUTED)
                in_kernel = True
        except (NotExportedError, NotProvedError) as error:
            problem, code = str(error), ExitCode.INCONCLUSIVE
        except (RejectedError, KernelError) as error:
            verdict, problem, code = None, str(error), ExitCode.REFUTED
        except InputError as error:
            verdict, problem, code = None, str(error), ExitCode.BAD_INPUT
        yield Replayed(file, verdict, problem, code, perf_counter() - start, in_kernel)


def _verified(file: Path, known: Mapping[str, Claim] | None, data: Path | None) -> tuple[Claim | None, Verdict]:
    """Return the verdict, and the claim that it is about unless that is on data."""
    text, document = read_document(file, (FORMAT, *_ABOUT_DATA))
    if document["format"] in _ABOUT_DATA:
        if known is not None:
            raise RejectedError("format: it is about data, not a claim of the claims file")
        return None, _ABOUT_DATA[document["format"]](text, document, file, data)
    certificate = certificate_in(text, document)
    if known is not None:
        _require_claim(certificate.claim, known)
    return certificate.claim, replay(certificate, document)


def _require_claim(claim: Claim, known: Mapping[str, Claim]) -> None:
    if claim.id not in known:
        raise RejectedError(f"claim.id: the claims file has no {claim.id[:60]!r}")
    if plain(claim_document(claim)) != plain(claim_document(known[claim.id])):
        raise RejectedError(f"claim: it is not what the claims file says under the id {claim.id[:60]!r}")
