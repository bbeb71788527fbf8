"""`emtheory.certify_fit`: a fit of a mixture to given data, certified."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Exact
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError, require_packages
from emtheory.numerics.fit_certificates.evidence import FitEvidence, is_same_point, prove
from emtheory.numerics.fit_certificates.fit import Fit, checked_rows, normal_fit, read_rows
from emtheory.numerics.fit_certificates.model import ModelFamily
from emtheory.numerics.fit_certificates.polish import Candidate, polished, steps_between
from emtheory.numerics.fit_certificates.statistics import BITS, statistics
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.npmle.evidence import KernelOfFit, gap_to_best, kernels_of_fit
from emtheory.numerics.samples.data_files import digest
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.api.model import Model
from emtheory.reports.certificates.certificate import write_about_data
from emtheory.reports.certificates.data import STATEMENTS, ends, fit_certificate, mixture_record, statements
from emtheory.reports.certificates.fit_text import best_line, fit_lines, steps_for_a_digit
from emtheory.reports.checking.fit_files import model_candidate
from emtheory.reports.notebook import Judged, data_line, html_result
from emtheory.reports.text_file import make_folder
from emtheory.theory.inexact import shown

_MOST_DRAWN = 400
"""Steps of EM in a figure."""
_NEAREST_DRAWN = 1e-9
"""Distance from the point at which a path ends in a figure."""


class Bounds(NamedTuple):
    """Arrays of doubles around numbers: rounded outwards."""

    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, repr=False)
class CertifiedFit(Judged):
    """What is certified of a fit to data. It has no truth value: ask for `ok`, or its `reason`.

    Attributes
    ----------
    n, d, sha256
        Rows and columns of the data, and the digest of their file (of arrays, of the .npy file that NumPy writes).
    evidence
        What was proved; None if nothing was.
    reason
        Why nothing was; empty otherwise.
    gap
        By how much the mean log-likelihood of the fit given is below that at the point certified; None without one.
    steps
        How many more steps EM takes from the fit given to within a millionth of that point; None if it does not come
        there, or that was not followed.
    certificate
        The file that was written, or None.
    given, rows
        The mixture that was given, in double precision, and the data.
    """

    n: int
    d: int
    sha256: str
    evidence: FitEvidence | None
    reason: str
    gap: tuple[Fraction, Fraction] | None
    steps: int | None
    certificate: Path | None = field(compare=False)
    given: Candidate = field(compare=False)
    rows: FloatArray = field(compare=False)

    @property
    def ok(self) -> bool:
        """Whether a stationary point is certified (of a regularised EM, a fixed point)."""
        return self.evidence is not None

    def _bounds(self, name: str, *, errors: bool = False) -> Bounds:
        if self.evidence is None:
            raise CannotAnswerError(f"nothing is certified: {self.reason}")
        groups = self.evidence.standard_errors if errors else self.evidence.named
        if groups is None:
            raise CannotAnswerError("only a maximum of the likelihood has standard errors")
        if name not in groups:
            raise CannotAnswerError(f"the mixture has no {name}: its parameters are {', '.join(groups)}")
        pairs = [_outwards(*ball_bounds(value)) for value in groups[name]]
        shape = self.evidence.point.family.sizes()[name]
        return Bounds(*(np.array(side).reshape(shape) for side in zip(*pairs, strict=True)))

    @property
    def weights(self) -> Bounds:
        """The weights at the point, between `lower` and `upper`."""
        return self._bounds("weights")

    @property
    def means(self) -> Bounds:
        """The means, k × d."""
        return self._bounds("means")

    @property
    def covariances(self) -> Bounds:
        """The covariances, k × d × d, whatever their kind."""
        return self._bounds("covariances")

    def parameter(self, name: str) -> Bounds:
        """Return the bounds of a parameter of a model."""
        return self._bounds(given.text(name, "name"))

    def standard_errors(self, name: str) -> Bounds:
        """Return the standard errors, from the observed information, of the weights, means, … or a parameter."""
        return self._bounds(given.text(name, "name"), errors=True)

    def is_same(self, other: "CertifiedFit") -> bool | None:
        """Tell whether this and another certificate are about one point, in whatever order components are.

        True and False are proved: boxes that meet prove nothing. None if it is not known, or a point is not certified.
        """
        if not isinstance(other, CertifiedFit):
            raise InputError(f"other = {shown(other)} is no certified fit")
        if self.evidence is None or other.evidence is None:
            return None
        left, right = (mixture_record(each.point.family) for each in (self.evidence, other.evidence))
        same = ("kind", "covariance_type", "reg_covar", "definition", "known")
        if self.sha256 != other.sha256 or any(left.get(name) != right.get(name) for name in same):
            raise InputError("the fits are to other data, or of another kind")
        return is_same_point(self.evidence, other.evidence)

    @cached_property
    def _to_best(self) -> tuple[list[KernelOfFit], tuple[Fraction, Fraction] | None, str]:
        try:
            with np.errstate(all="ignore"):
                kernels = kernels_of_fit(self.given, self.rows)
                return kernels, gap_to_best(kernels), ""
        except CannotAnswerError as error:
            return [], None, str(error)

    @property
    def gap_to_best(self) -> Bounds | None:
        """By how much the best mixture of normal laws with covariances of the fit given, however many, is better."""
        return self._to_best[1] and _bounds(*self._to_best[1])

    @property
    def gap_to_best_reason(self) -> str:
        """Why the fit is not compared with all mixtures of its kernels; empty if it is."""
        return self._to_best[2]

    @property
    def strict_local_maximum(self) -> bool | None:
        """Whether the likelihood has a strict local maximum there; None if that is not known."""
        return None if self.evidence is None else self.evidence.strict_local_maximum

    @property
    def em_rate(self) -> Bounds | None:
        """The factor by which EM comes nearer there, in the end."""
        return None if self.evidence is None else _bounds(*ball_bounds(self.evidence.point.em_rate))

    @property
    def log_likelihood(self) -> Bounds | None:
        """The mean log-likelihood there, in nats."""
        return None if self.evidence is None else _bounds(*ball_bounds(self.evidence.log_likelihood))

    def as_json(self) -> dict[str, object]:
        """Return the result as in ``certify-data --json`` with a model or a fit."""
        evidence = self.evidence
        stated = None if evidence is None else statements(evidence)
        return {
            "schema": 1,
            "mixture": None if evidence is None else mixture_record(evidence.point.family),
            "n": self.n,
            "d": self.d,
            "sha256": self.sha256,
            **(dict.fromkeys(STATEMENTS) if stated is None else stated),
            "steps_for_a_digit": None if evidence is None else steps_for_a_digit(evidence),
            "fit": {
                "log_likelihood_gap": None if self.gap is None else ends(self.gap),
                "steps": self.steps,
                "gap_to_best": self._to_best[1] and ends(self._to_best[1]),
                "gap_to_best_reason": self.gap_to_best_reason or None,
            },
            "level": None if evidence is None else STRENGTH[Level.CERTIFIED],
            "reason": self.reason or None,
            "certificate": None if self.certificate is None else str(self.certificate),
        }

    def __repr__(self) -> str:
        lines = [data_line(self.n, self.d, f"sha256 {self.sha256}")]
        if self.evidence is None:
            lines.append(f"not certified: {self.reason}")
        else:
            lines += fit_lines(self.evidence, self.gap, self.steps)
        if isinstance(self.given, Fit):
            lines.append(best_line(*self._to_best[1:]))
        if self.certificate is not None:
            lines.append(f"certificate: {self.certificate}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html_result(repr(self).splitlines(), self.figure() if find_spec("matplotlib") else None)

    def figure(self) -> str:
        """Return the figure as SVG: data, the fit given and the point certified, and EM's path; "" without a point."""
        if self.evidence is None:
            return ""
        require_packages("a figure", "matplotlib")
        from emtheory.reports.render.fit_figure import FitPath, fit_figure  # noqa: PLC0415 (an extra)

        centre = self.evidence.point.family.centre
        goal = self.given.moved(self.evidence.point.family, np.zeros(len(centre)))
        way, means = [self.given.distance(goal)], list[FloatArray]()
        fit = self.given
        for _ in range(_MOST_DRAWN):
            if isinstance(fit, Fit):
                means.append(fit.means)
            if way[-1] < _NEAREST_DRAWN or not self.evidence.attracts:
                break
            fit = fit.em_step(self.rows)
            way.append(fit.distance(goal))
        path = FitPath(
            np.array(way),
            np.stack(means) if means else None,
            float(self.evidence.point.em_rate.mid()),
            self.evidence.start,
        )
        return fit_figure(self.rows, self.given, goal, path, self._to_best[0])

    def page(self) -> str:
        """Return a page of its own: what is certified, the figure, and the document; it needs matplotlib."""
        from emtheory.reports.render.html import data_page  # noqa: PLC0415 (what renders takes a while to load)

        return data_page("fit", self.as_json(), repr(self).splitlines(), self.figure())


def certify_fit(
    fit: Any,
    X: Any,
    *,
    at: Mapping[str, Exact] | None = None,
    start: str | None = None,
    reg_covar: float | None = None,
    out: File | None = None,  # As in scikit-learn.
) -> CertifiedFit:
    """Certify the stationary point of the likelihood near a fit of a mixture, as ``emtheory certify-data`` does.

    Parameters
    ----------
    fit
        A fitted ``GaussianMixture`` of scikit-learn, or a mapping with ``covariance_type``, ``weights``, ``means``,
        ``covariances`` and perhaps ``reg_covar``, shaped as there; or an `emtheory.Model`.
    X
        The data: an array or table of n × d real numbers, taken as exact, or the path of a .npy, .csv or .parquet
        file.
    at, start
        Of a model: parameter → exact number, where EM begins, or known; and ``"auto"`` if the best of random starts is
        to be taken for what is estimated and not given.
    reg_covar
        In place of that of the fit. Where it is positive, the fixed point of the regularised EM is certified, at
        which the likelihood is not stationary.
    out
        Folder that the certificate is written to, and an array as .npy file beside it.

    Returns
    -------
    CertifiedFit
        A box with exactly one such point, its kind, EM's rate, a ball from which EM converges; or why not.

    Raises
    ------
    InputError
        If the fit or the data are malformed.
    CannotAnswerError
        If EM leads nowhere from the random starts that were asked for.
    OSError
        If a file cannot be read or written.

    Examples
    --------
    >>> import emtheory, numpy as np
    >>> X = np.array([[-2.1], [-1.9], [-2.6], [-1.2], [1.7], [2.2], [2.4], [1.4], [2.9]])
    >>> fit = {"covariance_type": "spherical", "weights": [0.5, 0.5], "means": [[-2], [2]], "covariances": [0.3, 0.3]}
    >>> found = emtheory.certify_fit(fit, X)
    >>> found.ok, found.strict_local_maximum, bool(found.em_rate.upper < 0.01)
    (True, True, True)
    >>> bool((found.weights.upper - found.weights.lower < 1e-9).all())
    True
    """
    folder = given.optional_file(out, "out")
    make_folder(folder)
    if not isinstance(X, str | os.PathLike):
        buffer = BytesIO()
        rows = checked_rows(X, "X")
        np.save(buffer, np.ascontiguousarray(rows), allow_pickle=False)
        content = buffer.getvalue()
        known, name = sha256(content).hexdigest(), "data.npy"
        if folder is not None:
            (folder / name).write_bytes(content)
    else:
        path = given.file(X, "X")
        rows, known, name = read_rows(path), digest(path), path.name
    if isinstance(fit, Model):
        search = start is not None and given.choice(start, "start", ("auto",)) == "auto"
        candidate = model_candidate(fit.text, given.table(at, "at"), rows, search=search)
    elif at is not None or start is not None:
        raise InputError("at and start belong to a model: a fit of normal mixtures has all its parameters")
    else:
        candidate = normal_fit(_attributes(fit), rows.shape[1], reg_covar)
    return _certified(candidate, rows, name, known, folder)


def _certified(candidate: Candidate, rows: FloatArray, name: str, known: str, folder: Path | None) -> CertifiedFit:
    """Certify what a mixture in double precision leads to, and write the certificate to a folder given."""
    evidence, reason, gap, steps, certificate = None, "", None, None, None
    n, d = rows.shape
    try:
        with np.errstate(all="ignore"):  # What overflows is not finite, and nothing follows of it.
            goal = polished(candidate, rows)
            if isinstance(goal, ModelFamily):
                goal = polished(goal.centred(), rows)
            evidence = prove(goal.family(), rows)
            gap = _gap(candidate, rows, evidence)
            rate = float(evidence.point.em_rate.mid())
            steps = steps_between(candidate, goal, rows, rate) if evidence.attracts else None
    except CannotAnswerError as error:
        evidence, reason = None, str(error)
    if folder is not None and evidence is not None:
        document = fit_certificate(evidence, {"file": name, "sha256": known, "n": n, "d": d})
        certificate = write_about_data(folder / f"{Path(name).stem}.fit-certificate.json", document)
    return CertifiedFit(n, d, known, evidence, reason, gap, steps, certificate, candidate, rows)


def _attributes(fit: Any) -> Mapping[str, Any]:
    if isinstance(fit, Mapping):
        return fit
    names = ("covariance_type", "weights_", "means_", "covariances_")
    if not all(hasattr(fit, name) for name in names):
        raise InputError(
            f"fit = {shown(fit)} is no fitted GaussianMixture, nor a mapping with covariance_type, weights, means and "
            "covariances: of a JSON file json.load makes one"
        )
    found = {name.removesuffix("_"): getattr(fit, name) for name in names}
    return found | {"reg_covar": float(getattr(fit, "reg_covar", 0.0))}


def _gap(candidate: Candidate, rows: FloatArray, evidence: FitEvidence) -> tuple[Fraction, Fraction] | None:
    """By how much the fit's mean log-likelihood is below that of the point."""
    with arb_precision(BITS):
        try:
            family = candidate.family()
            own = statistics(family, rows, family.coefficients(family.centre)).log_likelihood
            return ball_bounds(evidence.point.log_likelihood - own)
        except CannotAnswerError:
            return None


def _outwards(lower: Fraction, upper: Fraction) -> tuple[float, float]:
    """Doubles below and above."""
    low, high = float(lower), float(upper)
    return (
        low if Fraction(low) <= lower else math.nextafter(low, -math.inf),
        high if Fraction(high) >= upper else math.nextafter(high, math.inf),
    )


def _bounds(lower: Fraction, upper: Fraction) -> Bounds:
    return Bounds(*map(np.array, _outwards(lower, upper)))
