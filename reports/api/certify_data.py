"""`emtheory.certify_data`: EM on given data, proved to converge."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from time import monotonic

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Exact, exact_number
from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.contraction import LARGEST_RADIUS, SMALLEST_RADIUS
from emtheory.numerics.data_certificates.evidence import Evidence, Interval, search
from emtheory.numerics.data_certificates.points import load, make_complement, make_points
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.processes import processors
from emtheory.numerics.samples.data_files import digest
from emtheory.numerics.samples.posterior_sums import Item, Result, Workers, workers
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.certificates.certificate import write_about_data
from emtheory.reports.certificates.data import TIED, above, box, certificate_about, ends, tied_statements
from emtheory.reports.certificates.fit_text import ATTRACTS
from emtheory.reports.notebook import Judged, data_line, html_result
from emtheory.reports.progress import INTERVAL_SECONDS
from emtheory.reports.text_file import make_folder
from emtheory.theory.inexact import shown

_SHOWN_DIGITS = 10
"""Of coordinates and likelihoods that people read, besides how far they are known."""


@dataclass(frozen=True, repr=False)
class CertifiedData(Judged):
    """What is certified of EM on data. It has no truth value: ask for `ok`, or its `reason`.

    Attributes
    ----------
    case, n, sha256
        The mixture, the number of rows, and the digest of the data file.
    radius
        Of the ball of starts that was asked for.
    evidence
        What was proved: of this ball, or of a smaller one, and of fixed points.
    reason
        Why the ball that was asked for is not certified; empty if it is.
    certificate
        The file that was written, or None.
    """

    case: Case
    n: int
    sha256: str
    radius: Fraction
    evidence: Evidence
    reason: str
    certificate: Path | None = field(compare=False)

    @property
    def ok(self) -> bool:
        """Whether EM is proved to converge from every start in the ball that was asked for."""
        return not self.reason and self.evidence.contraction is not None

    @property
    def contraction_factor(self) -> str | None:
        """‖M_n(θ) − M_n(θ')‖ ≤ factor ‖θ − θ'‖ in the ball, rounded upwards; None if it is not certified."""
        contraction = self.evidence.contraction
        return above(contraction.factor) if self.ok and contraction is not None else None

    def as_json(self) -> dict[str, object]:
        """Return the result as in ``certify-data --json``."""
        first = self.evidence.fixed_points[0] if self.ok else None
        return {
            "schema": 1,
            "case": self.case.as_json(),
            "n": self.n,
            "d": self.case.d,
            "sha256": self.sha256,
            "radius": str(self.radius),
            "contraction_factor": self.contraction_factor,
            "fixed_point": None if first is None else box(self.evidence, first),
            "log_likelihood": None if first is None else ends(ball_bounds(first.log_likelihood)),
            "level": STRENGTH[Level.CERTIFIED] if self.ok else None,
            "reason": self.reason or None,
            "certificate": None if self.certificate is None else str(self.certificate),
        }

    def __repr__(self) -> str:
        contraction = self.evidence.contraction
        lines = [data_line(self.n, self.case.d, f"sha256 {self.sha256}")]
        if not self.ok:
            lines.append(f"not certified: {self.reason}")
        if contraction is not None:
            lines.append(
                f"certified: on ‖θ‖ <= {contraction.radius} EM contracts by {above(contraction.factor)} a step, to the "
                "only fixed point there"
            )
        for index, located in enumerate(self.evidence.fixed_points):
            lines += _lines(self.evidence, located, inside=contraction is not None and index == 0)
        if self.certificate is not None:
            lines.append(f"certificate: {self.certificate}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html_result(repr(self).splitlines())


def certify_data(
    data: File,
    k: int,
    weights: str | Sequence[Exact],
    *,
    radius: Exact,
    d: int | None = None,
    out: File | None = None,
    progress: Callable[[str], None] | None = None,
) -> CertifiedData:
    r"""Prove that EM on given data converges from every start in a ball, as ``emtheory certify-data`` does.

    Parameters
    ----------
    data
        A .npy, .csv or .parquet file of n × d numbers, which are taken as exact binary numbers.
    k, weights, d
        The exact mixture, 2 ≤ k ≤ 9, as for `emtheory.evaluate`; d is the number of columns.
    radius
        Of the ball ‖θ‖ ≤ radius, an exact number.
    out
        Folder that the certificate is written to.
    progress
        Is told, in a line twice a minute, how far a long run is.

    Returns
    -------
    CertifiedData
        The contraction factor on the ball, the fixed point and the likelihood there; or why not, with the largest ball
        found that works.

    Raises
    ------
    InputError
        If the data or the mixture are malformed, or a number is not exact.
    OSError
        If a file cannot be read or written.

    Examples
    --------
    >>> import emtheory, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     data = pathlib.Path(folder, "points.csv")
    ...     _ = data.write_text("-1,0.5\n0.25,1\n1,-1.5\n-0.5,0\n")
    ...     certified = emtheory.certify_data(data, 3, "one-heavy:3/5", radius=1)
    >>> certified.ok, certified.n, float(certified.contraction_factor) < 1
    (True, 4, True)
    """
    path, folder, tell = given.file(data, "data"), given.optional_file(out, "out"), given.progress(progress)
    size = exact_number(radius, "radius")
    if not SMALLEST_RADIUS <= size <= LARGEST_RADIUS:
        raise InputError(f"radius = {shown(radius)} is out of range: 1e-6 to 1e6")
    case, sample = load(path, k, weights, d)
    sha256 = digest(path)
    make_folder(folder)
    evidence, reason = Evidence(None, (), make_complement(case, sample)), ""
    try:
        with workers(processors()) as share:
            evidence, reason = search(replace(make_points(case, sample), share=_counted(share, tell)), size)
            if reason:
                found = evidence.contraction
                reason += (
                    "; no smaller ball around the origin was found that works"
                    if found is None
                    else (
                        f"; the largest ball found that works has radius {found.radius}, factor {above(found.factor)}"
                    )
                )
    except CannotAnswerError as error:
        reason = str(error)
    certificate = None
    if folder is not None and (evidence.contraction is not None or evidence.fixed_points):
        about = {"file": path.name, "sha256": sha256, "n": sample.n, "d": case.d}
        document = certificate_about(TIED, about, tied_statements(case, evidence))
        certificate = write_about_data(folder / f"{path.stem}.certificate.json", document)
    return CertifiedData(case, sample.n, sha256, size, evidence, reason, certificate)


def _counted(share: Workers, tell: Callable[[str], None]) -> Workers:
    """Return workers that tell how often they went through the data."""
    passes, told = 0, monotonic()

    def counted(work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
        nonlocal passes, told
        passes += 1
        if monotonic() - told >= INTERVAL_SECONDS:
            told = monotonic()
            tell(f"passes through the data so far: {passes}")
        return share(work, items)

    return counted


def _lines(evidence: Evidence, located: FitEvidence, *, inside: bool) -> list[str]:
    """Tell about a fixed point."""
    name = "the fixed point" if inside else f"a fixed point ({ATTRACTS[located.attracts]})"
    box, likelihood = evidence.box(located), ball_bounds(located.log_likelihood)
    near, known = (_rounded_up(max(upper - lower for lower, upper in sides) / 2) for sides in (box, [likelihood]))
    lines = [
        f"{name}: ({', '.join(map(_middle, box))}), each within {near}",
        f"  mean log-likelihood {_middle(likelihood)}, within {known} of it",
    ]
    if located.basin is not None:
        lines.append(
            f"  from ‖θ - it‖ <= {located.basin.radius:g} EM comes nearer by {above(located.basin.factor)} a step"
        )
    return lines


def _middle(interval: Interval) -> str:
    lower, upper = interval
    return "0" if lower <= 0 <= upper else decimal_text((lower + upper) / 2, _SHOWN_DIGITS)


def _rounded_up(value: Fraction) -> str:
    return decimal_text(value, 2, "up")
