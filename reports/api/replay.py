"""`emtheory.replay`: certificates, verified."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from emtheory.numerics.errors import InputError, NothingSelectedError
from emtheory.numerics.level import KERNEL, STRENGTH, Level
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.certificates.certificate import FORMAT, claim_document, plain
from emtheory.reports.certificates.data import ABOUT_DATA, replay_about_data
from emtheory.reports.certificates.file import RejectedError, certificate_in, read_document
from emtheory.reports.certificates.replay import replay as replay_claim
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.rocq_program import KernelError, NotProvedError, require_rocq
from emtheory.reports.notebook import Judged, Listed
from emtheory.theory.claim import REFUTED, Claim

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


def _result(file: Path, known: Mapping[str, Claim] | None, data: Path | None, kernel: Kernel | None) -> Replayed:
    """Verify a file, for a claim of `known` (id → claim) if that is given."""
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
    return Replayed(file, verdict, problem, code, perf_counter() - start, in_kernel)


def _verified(file: Path, known: Mapping[str, Claim] | None, data: Path | None) -> tuple[Claim | None, Verdict]:
    """Return the verdict, and the claim that it is about unless that is on data."""
    text, document = read_document(file, (FORMAT, *ABOUT_DATA))
    if document["format"] in ABOUT_DATA:
        if known is not None:
            raise RejectedError("format: it is about data, not a claim of the claims file")
        return None, replay_about_data(text, document, file, data)
    certificate = certificate_in(text, document)
    if known is not None:
        _require_claim(certificate.claim, known)
    return certificate.claim, replay_claim(certificate, document)


def _require_claim(claim: Claim, known: Mapping[str, Claim]) -> None:
    if claim.id not in known:
        raise RejectedError(f"claim.id: the claims file has no {claim.id[:60]!r}")
    if plain(claim_document(claim)) != plain(claim_document(known[claim.id])):
        raise RejectedError(f"claim: it is not what the claims file says under the id {claim.id[:60]!r}")


@dataclass(frozen=True, repr=False)
class Replays(Judged, Listed[Replayed]):
    """What became of certificates, in their order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    results
        For each file its verdict, or the reason why there is none.
    """

    results: tuple[Replayed, ...]

    @property
    def _members(self) -> Sequence[Replayed]:
        return self.results

    @property
    def ok(self) -> bool:
        """Whether every certificate is accepted."""
        return all(result.ok for result in self.results)

    def as_json(self) -> dict[str, object]:
        """Return the results as in ``replay --json``."""
        return {"schema": 1, "certificates": [result.as_json() for result in self.results], "ok": self.ok}

    def summary(self) -> str:
        """Return the numbers of certificates in a line."""
        accepted = sum(result.ok for result in self.results)
        noun = "certificate" if len(self) == 1 else "certificates"
        unseen = sum(result.ok and bool(result.problem) for result in self.results)
        more = f", {unseen} of the accepted not seen by the kernel" if unseen else ""
        return f"{len(self)} {noun}: {accepted} accepted, {len(self) - accepted} not{more}"

    def __repr__(self) -> str:
        return "\n".join([*(f"{_word(result):<8}  {result.describe()}" for result in self), self.summary()])

    def _header(self) -> Sequence[str]:
        return "", "file", "result"

    def _rows(self) -> Iterator[Sequence[str]]:
        return ((_word(result), str(result.path), result.describe()) for result in self)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        return (result.as_json() for result in self)

    def _remarks(self) -> Iterator[str]:
        yield self.summary()


def replay(
    *certificates: File,
    claim: File | None = None,
    data: File | None = None,
    kernel: bool = False,
    exported: File | None = None,
    progress: Callable[[Replayed], None] | None = None,
) -> Replays:
    """Verify certificates without searching for anything, as ``emtheory replay`` does.

    Parameters
    ----------
    certificates
        Files, or folders whose ``*.json`` are meant.
    claim
        A claims file: each certificate must be for a claim of it.
    data
        The data that certificates of `emtheory.certify_data` are about; without it they are looked for beside each.
    kernel
        Whether Rocq is to check each claim too, which raises its level to ``kernel``.
    exported
        Folder that claims were exported to: what Rocq checks is what stands there.
    progress
        Is told each result when it is there.

    Returns
    -------
    Replays
        For each file a verdict, or the reason why the certificate is not accepted.

    Raises
    ------
    InputError
        If the claims file is malformed.
    NothingSelectedError
        If there is no certificate.
    CannotAnswerError
        If Rocq is asked for and not installed.

    Examples
    --------
    >>> import emtheory, tempfile
    >>> pi = emtheory.Claim("pi", "3 < pi")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checked = emtheory.check(pi, certificates=folder)
    ...     replayed = emtheory.replay(folder)
    >>> replayed.ok, replayed[0].verdict.outcome
    (True, 'proved')
    """
    files = find_certificates([given.file(path, "certificate") for path in certificates])
    claims, beside = given.optional_file(claim, "claim"), given.optional_file(data, "data")
    known = None if claims is None else {each.id: each for each in load_claims(claims)}
    in_kernel = None
    if given.flag(kernel, "kernel"):
        # SymPy takes a third of a second to load, and only exports need it.
        from emtheory.reports.kernel.check import check_claim  # noqa: PLC0415

        require_rocq()
        in_kernel = partial(check_claim, given.optional_file(exported, "exported"))
    results = []
    for file in files:
        results.append(_result(file, known, beside, in_kernel))
        given.progress(progress)(results[-1])
    return Replays(tuple(results))


def _word(result: Replayed) -> str:
    return "ok" if result.ok else "REJECTED"
