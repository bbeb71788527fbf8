"""`emtheory.npmle`: mixing distributions on given data, and how far they are at most from the best of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Exact, exact_number
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import InputError, require_packages
from emtheory.numerics.fit_certificates.fit import checked_rows, read_rows
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.npmle.evidence import DEFAULT_GAPS, Evidence, search
from emtheory.numerics.npmle.problem import Mixing, Problem, make_mixing, make_problem
from emtheory.numerics.samples.data_files import digest, read_data
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.certificates.certificate import write_about_data
from emtheory.reports.certificates.data import ends_json, gap_json, located_json, mixing_certificate, mixing_json
from emtheory.reports.language.kernel import kernel_variance
from emtheory.reports.notebook import Judged, data_line, html_result, html_table
from emtheory.reports.text_file import make_folder, read_json
from emtheory.theory.inexact import shown

_SUM_TOLERANCE = 1e-6
"""Weights of fits are rounded: their sum may be off by this from 1, and they are divided by it."""
_TABLES, _COLUMNS = (".csv", ".npy", ".parquet"), 2
"""Files of rows that a fit may come in, and the fewest columns of these."""
_LARGEST_FIT = 20_000_000
"""Bytes of a file with a fit."""
_SHOWN = 12
"""Digits of atoms and weights that people read."""
_MOST_SHOWN = 40
"""Atoms that are written out for people."""
_SMALLEST_GAP, _LARGEST_GAP = Fraction(1, 10**10), Fraction(1)
"""Between which a gap may be asked for: rounding leaves no less than the former."""


@dataclass(frozen=True, repr=False)
class CertifiedMixing(Judged):
    """What is certified of a mixing distribution on data. It has no truth value: ask for `ok`, or its `reason`.

    Attributes
    ----------
    problem
        The data and the variance of the kernel.
    sha256
        Digest of the data file, or None if the data came as an array.
    evidence
        What was proved.
    wanted
        The gap that was asked for, or None for a fit of which no gap was asked.
    reason
        Why the gap asked for is not certified; empty if it is.
    atoms_reason
        Why the atoms of the best mixing distribution are not located; empty if they are, or if that was not asked for.
    certificate
        The file that was written, or None.
    """

    problem: Problem
    sha256: str | None
    evidence: Evidence
    wanted: Fraction | None
    reason: str
    atoms_reason: str
    certificate: Path | None = field(compare=False)

    @property
    def ok(self) -> bool:
        """Whether the gap that was asked for is certified."""
        return not self.reason

    @property
    def refuted(self) -> bool:
        """Whether the fit is proved to be farther from the maximum than the gap asked for."""
        return self.wanted is not None and self.evidence.gap[0] > self.wanted

    @property
    def atoms(self) -> FloatArray:
        """Of the mixing distribution, k × d."""
        return self.evidence.mixing.atoms

    @property
    def weights(self) -> FloatArray:
        """Of the atoms, divided by their sum."""
        result: FloatArray = self.evidence.mixing.weights / self.evidence.mixing.total
        return result

    @property
    def gap(self) -> tuple[str, str]:
        """Bounds of how far its mean log-likelihood is below the maximum over all mixing distributions."""
        ends = gap_json(self.evidence.gap)
        return ends["lower"], ends["upper"]

    @property
    def number_of_atoms(self) -> int | None:
        """How many atoms the best mixing distribution has, if that is proved."""
        return None if self.evidence.atoms is None else self.evidence.atoms.mixing.k

    def as_json(self) -> dict[str, object]:
        """Return the result as in ``npmle --json``."""
        evidence = self.evidence
        located = None if evidence.atoms is None else located_json(self.problem, evidence.atoms)
        return {
            "schema": 1,
            "kernel": f"normal(t, {self.problem.variance})",
            "n": self.problem.n,
            "d": self.problem.m,
            "sha256": self.sha256,
            **mixing_json(evidence.mixing),
            "gap": gap_json(evidence.gap),
            "log_likelihood": ends_json(evidence.log_likelihood),
            "number_of_atoms": self.number_of_atoms,
            "located": located,
            "level": STRENGTH[Level.CERTIFIED],
            "reason": self.reason or None,
            "atoms_reason": self.atoms_reason or None,
            "certificate": None if self.certificate is None else str(self.certificate),
        }

    def figure(self) -> str | None:
        """Return the points, the atoms and the gradient function with its certified envelope as SVG, if d ≤ 2."""
        if self.problem.m > 2:
            return None
        require_packages("the figure", "matplotlib")
        # What draws takes a while to load.
        from emtheory.reports.render.fit_figure import mixing_figure  # noqa: PLC0415

        return mixing_figure(self.problem, self.evidence.mixing)

    def page(self) -> str:
        """Return a page in HTML with all of it, and nothing beside it."""
        from emtheory.reports.render.html import data_page  # noqa: PLC0415 (what renders takes a while to load)

        return data_page(
            "mixing", self.as_json(), self._lines(), self.figure(), atoms=self._table(self.evidence.mixing)
        )

    def _lines(self) -> list[str]:
        low, high = self.gap
        few = decimal_text(Fraction(high), 2, "up")
        below = f"between {low} and {high}" if self.evidence.gap[0] > 0 else f"at most {few}"
        lines = [
            data_line(
                *(self.problem.n, self.problem.m, f"kernel normal(t, {self.problem.variance})"),
                *([] if self.sha256 is None else [f"sha256 {self.sha256}"]),
            ),
            f"certified: its mean log-likelihood is {below} below the maximum over all mixing distributions",
            f"mean log-likelihood {decimal_text(sum(self.evidence.log_likelihood) / 2, _SHOWN)}",
        ]
        if not self.ok:
            lines.insert(1, f"not certified: {self.reason}")
        if self.number_of_atoms is not None:
            noun = "atom" if self.number_of_atoms == 1 else "atoms"
            lines.append(
                f"certified: the best mixing distribution is unique and has exactly {self.number_of_atoms} {noun}"
            )
        elif self.atoms_reason:
            lines.append(f"the atoms of the best mixing distribution are not located: {self.atoms_reason}")
        return lines

    def _table(self, shown: Mixing | None = None) -> list[tuple[str, str]]:
        """Return atoms and weights, of the best mixing distribution if that is located and nothing else is asked."""
        shown = shown or (self.evidence.mixing if self.evidence.atoms is None else self.evidence.atoms.mixing)
        atoms = [", ".join(decimal_text(Fraction(x), _SHOWN) for x in atom) for atom in shown.atoms.tolist()]
        weights = [decimal_text(Fraction(w), _SHOWN) for w in (shown.weights / shown.total).tolist()]
        return list(zip(atoms, weights, strict=True))

    def __repr__(self) -> str:
        rows = self._table()
        lines = [f"  atom ({atom}), weight {weight}" for atom, weight in rows[:_MOST_SHOWN]]
        more = [f"  and {len(rows) - _MOST_SHOWN} more"] if len(rows) > _MOST_SHOWN else []
        written = [] if self.certificate is None else [f"certificate: {self.certificate}"]
        return "\n".join([*self._lines(), *lines, *more, *written])

    def _repr_html_(self) -> str:
        table = html_table(("atom", "weight"), self._table())
        return html_result(self._lines(), self.figure() if find_spec("matplotlib") else None, table)


def npmle(
    X: object,
    kernel: str = "normal(t, 1)",
    *,
    fit: object = None,
    gap: Exact | None = None,
    locate: bool = True,
    out: File | None = None,
) -> CertifiedMixing:
    r"""Find the mixing distribution of maximal likelihood, or take a fit, and certify how far it is from the best.

    Parameters
    ----------
    X
        n × d numbers, d ≤ 3, or n numbers, as an array or lists; or the path of a .npy, .csv or .parquet file.
    kernel
        ``normal(t, VARIANCE)``, of each coordinate given its mean, with an exact variance.
    fit
        A mixing distribution found by any means: a dictionary or the path of a JSON file with ``atoms`` and
        ``weights``, or of a CSV, NPY or Parquet file of rows, the atom's coordinates and its weight. Without it one is
        looked for.
    gap
        How near the maximum it is to be, at most, an exact number; without it 1e-8, 1e-6 or 1e-3 by dimension.
    locate
        Whether the atoms of the best mixing distribution are to be counted and located.
    out
        Folder that the certificate is written to, if the data are a file.

    Returns
    -------
    CertifiedMixing
        Atoms, weights, bounds of the gap and the mean log-likelihood, and what was located.

    Raises
    ------
    InputError
        If data, kernel or fit are malformed, or a number is not exact.
    CannotAnswerError
        If the data are too far apart for the kernel, or the fit too far from the data.
    OSError
        If a file cannot be read or written.

    Examples
    --------
    >>> import emtheory
    >>> best = emtheory.npmle([-2, -1.5, 1, 1.5, 2, 2], "normal(t, 1/4)")
    >>> best.ok, best.number_of_atoms, float(best.gap[1]) < 1e-8
    (True, 2, True)
    """
    path = given.file(X, "X") if isinstance(X, str) or hasattr(X, "__fspath__") else None
    data = checked_rows(X, "X") if path is None else read_rows(path)
    folder = given.optional_file(out, "out")
    if folder is not None and path is None:
        raise InputError("a certificate names the file of its data: save them, and give the path of the file")
    problem = make_problem(data, kernel_variance(given.text(kernel, "kernel")))
    if isinstance(fit, str) or hasattr(fit, "__fspath__"):
        fit = _fit_file(given.file(fit, "fit"))
    mixing = None if fit is None else _mixing(problem, fit)
    wanted = None if gap is None else exact_number(gap, "gap")
    if wanted is not None and not _SMALLEST_GAP <= wanted <= _LARGEST_GAP:
        raise InputError(f"gap = {shown(gap)} is out of range: 1e-10 to 1")
    make_folder(folder)
    aim = wanted or DEFAULT_GAPS[problem.m]
    evidence, atoms_reason = search(problem, mixing, aim, locate=given.flag(locate, "locate"))
    wanted = aim if mixing is None else wanted
    sha256 = None if path is None else digest(path)
    certificate = None
    if folder is not None and path is not None and sha256 is not None:
        document = mixing_certificate(problem, path.name, sha256, evidence)
        certificate = write_about_data(folder / f"{path.stem}.certificate.json", document)
    return CertifiedMixing(problem, sha256, evidence, wanted, _reason(evidence, wanted), atoms_reason, certificate)


def _reason(evidence: Evidence, wanted: Fraction | None) -> str:
    """Return why the gap that was asked for is not certified, if it is not."""
    if wanted is None or evidence.gap[1] <= wanted:
        return ""
    if evidence.gap[0] > wanted:
        return f"the fit is farther from the maximum than {decimal_text(wanted, 6)}"
    return (
        f"the gap is only known to be at most {decimal_text(evidence.gap[1], 6, 'up')}, not {decimal_text(wanted, 6)}: "
        "a wider kernel has fewer atoms, which are found more easily"
    )


def _fit_file(path: Path) -> object:
    """Return a fit from JSON, or from rows of numbers: the coordinates of an atom, and its weight."""
    if path.suffix in _TABLES:
        rows = np.array(read_data(path, exact=True))
        if rows.shape[1] < _COLUMNS:
            raise InputError(f"{path}: rows of an atom's coordinates and its weight are wanted, not of 1 number")
        return {"atoms": rows[:, :-1], "weights": rows[:, -1]}
    return read_json(path, "a fit", _LARGEST_FIT)


def _mixing(problem: Problem, fit: object) -> Mixing:
    """Return a fit as it was given: ``atoms``, a list of numbers or of lists of d numbers, and ``weights``."""
    if not isinstance(fit, Mapping) or not {"atoms", "weights"} <= set(fit):
        raise InputError('a fit is an object with "atoms" and "weights"')
    mixing = make_mixing(problem, fit["atoms"], fit["weights"])
    total = float(np.array(fit["weights"], dtype=np.float64).sum())
    if not abs(total - 1) <= _SUM_TOLERANCE:
        raise InputError(f"the weights sum to {total:.17g}, not to 1 within {_SUM_TOLERANCE}")
    return mixing
