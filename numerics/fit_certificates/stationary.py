"""One stationary point near a fit, and no other: Krawczyk's test, and what the information is there.

Score s = Σ first·∂c, complete information I_c = −Σ first·∂²c, observed information I_o = I_c − (∂c)ᵀV ∂c, per
observation. Everything is seen in coordinates y, η = centre + Xy, in which I_c is nearly I and I_o nearly diagonal: its
entries λ are the eigenvalues of I_c⁻¹I_o, which do not depend on how the mixture is parametrised, and 1 − λ those of
EM's Jacobian (`emtheory.theory.mixtures.em_step`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import flint
import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family, Point
from emtheory.numerics.fit_certificates.statistics import BITS, Statistics, shifted, statistics
from emtheory.numerics.models.spectrum import spectral_radius

_REACHES = tuple(2.0**-exponent for exponent in range(3, 46, 3))
"""Half-widths of boxes, in y, in which a stationary point is sought to be alone: the largest first."""


@dataclass(frozen=True, eq=False)
class Information:
    """Score, complete information and ∂cᵀV∂c (what the hidden components take away), for parameters in a box.

    Where an M-step is regularised, the score is what it makes 0, and the others are those of its equations.
    """

    score: flint.arb_mat
    complete: flint.arb_mat
    missing: flint.arb_mat

    def in_basis(self, basis: flint.arb_mat) -> "Information":
        """Return the three in coordinates y of which a basis is given."""
        turned = basis.transpose()
        return Information(turned * self.score, turned * self.complete * basis, turned * self.missing * basis)


def information(family: Family, at: Point, found: Statistics, *, plain: bool = False) -> Information:
    """Return what means over the data say of parameters in a box; if `plain`, of the likelihood without reg_covar."""
    first, covariance = (found.first, found.covariance) if plain else shifted(found, family)
    slopes = family.slopes(at)
    turned = slopes.transpose()
    column = flint.arb_mat(len(first), 1, first)
    return Information(turned * column, -family.curvature(at, first), turned * covariance * slopes)


@dataclass(frozen=True, eq=False)
class Stationary:
    """A stationary point that is the only one where |y| ≤ `alone_within` in every coordinate; |y| ≤ `error` there.

    `family`: the mixture and the centre; `basis`: X, exact: coordinates y of the parameters; `error`, `alone_within`:
    half-widths of boxes around the centre, in y; `box`: parameters of the point, enclosed; `at_centre`, `here`: score
    and informations at the centre, and at the point (in a box around it), in coordinates y; `likelihood_at_centre`,
    `likelihood_here`: the same of the likelihood, where they are others as M-steps are regularised; `masses`,
    `centre_log_likelihood`: means of the posteriors, and the mean log-likelihood, at the centre.
    """

    family: Family
    basis: flint.arb_mat
    error: float
    alone_within: float
    box: list[flint.arb]
    at_centre: Information
    here: Information
    likelihood_at_centre: Information
    likelihood_here: Information
    masses: list[flint.arb]
    centre_log_likelihood: flint.arb

    @cached_property
    def observed(self) -> flint.arb_mat:
        """I_o at the point, in coordinates y."""
        return self.here.complete - self.here.missing

    @cached_property
    def complete_error(self) -> float:
        """‖XᵀI_cX − I‖ at the centre, bounded."""
        return float(largest_row(self.at_centre.complete - 1)) * SLACK  # FLINT takes a number for a multiple of I.

    @cached_property
    def em_rate(self) -> flint.arb:
        """The spectral radius of EM's Jacobian C⁻¹∂cᵀV∂c at the point."""
        with arb_precision(BITS):
            if all(shift == 0 for shift in self.family.shifts):
                values = [abs(1 - value) for value in self.eigenvalues]
                return reduce(lambda x, y: x.max(y), values)
            # C is within e of I; so C⁻¹ is within e/(1 − e) of it.
            p = self.basis.nrows()
            apart = largest_row(self.here.complete - 1)
            if not apart < 1:
                raise CannotAnswerError("the complete information is not enclosed narrowly enough")
            near = apart / (1 - apart)
            inverse = flint.arb_mat(p, p, [flint.arb(int(i == j), near) for i in range(p) for j in range(p)])
            jacobian = inverse * self.here.missing
            found, norm = spectral_radius(jacobian.tolist()), largest_row(jacobian)
            # Where the rate is nearly 0 eigenvectors are not told apart, and the norm is the better bound.
            return norm.union(found.lower().max(flint.arb(0)).min(norm)) if norm < found.upper() else found

    @cached_property
    def eigenvalues(self) -> list[flint.arb]:
        """Of I_c⁻¹I_o at the point, from below; only where M-steps are not regularised."""
        with arb_precision(BITS):
            return pencil(self.observed, self.here.complete)

    @cached_property
    def log_likelihood(self) -> flint.arb:
        """The mean log-likelihood at the point: from the centre on it changes by ⟨s, y⟩ + ½⟨y, −I_o y⟩."""
        with arb_precision(BITS):
            p = self.basis.nrows()
            step = flint.arb_mat(p, 1, [flint.arb(0, self.error)] * p)
            observed = self.likelihood_here.complete - self.likelihood_here.missing
            first = (step.transpose() * self.likelihood_at_centre.score)[0, 0]
            second = (step.transpose() * observed * step)[0, 0]
            return self.centre_log_likelihood + first - second / 2


def pencil(observed: flint.arb_mat, complete: flint.arb_mat) -> list[flint.arb]:
    """Return the eigenvalues of C⁻¹O, from below, of symmetric matrices near a diagonal one and near I.

    By Courant and Fischer's theorem they are those of the diagonal up to ‖O − diagonal‖, over 1 ± ‖C − I‖; norms are at
    most the largest sums of moduli in a row.
    """
    p = observed.nrows()
    diagonal = sorted(float(observed[i, i].mid()) for i in range(p))
    exact = [observed[i, i].mid() for i in range(p)]
    off = largest_row(
        flint.arb_mat([[observed[i, j] - (exact[i] if i == j else 0) for j in range(p)] for i in range(p)])
    )
    apart = largest_row(complete - 1)
    if not apart < 1:
        raise CannotAnswerError("the complete information is not enclosed narrowly enough")
    wide = flint.arb(1).union(1 / (1 + apart)).union(1 / (1 - apart))
    return [
        (flint.arb(value, float(abs(flint.arb(value)) * 2.0**-52)) + flint.arb(0, 1) * off) * wide for value in diagonal
    ]


def largest_row(matrix: flint.arb_mat) -> flint.arb:
    """Return an upper bound of the largest sum of moduli in a row, which bounds a symmetric matrix's norm."""
    result = flint.arb(0)
    for row in matrix.tolist():
        result = result.max(sum((abs(entry) for entry in row), flint.arb(0)).upper())
    return result.upper()


def floats(matrix: flint.arb_mat) -> FloatArray:
    """Return the midpoints as doubles."""
    return np.array([[float(entry.mid()) for entry in row] for row in matrix.tolist()])


def prove_stationary(family: Family, rows: FloatArray, reaches: Sequence[float] = _REACHES) -> Stationary:
    """Show that there is one stationary point near the centre of a family.

    CannotAnswerError if it is not shown; the message says why.
    """
    with arb_precision(BITS):
        centre = family.centre
        found = statistics(family, rows, family.coefficients(centre))
        at_centre = information(family, centre, found)
        basis = _basis(at_centre)
        turned = at_centre.in_basis(basis)
        inverse = _inverse(turned)
        step = largest_row(inverse * turned.score)
        alone, low, high = None, 0, len(reaches)
        while low < high:
            middle = (low + high) // 2
            reach = reaches[middle]
            if step > reach / 2:
                high = middle
            elif _contracts(family, rows, centre, basis, inverse, reach, step):
                alone, high = reach, middle
            else:
                low = middle + 1
        if alone is None:
            raise CannotAnswerError(_why(turned, step))
        # The point is at most step/(1 − κ) from the centre; the box is made a little larger, and tested again.
        error = float(2 * step) + 2.0**-60
        box = around(centre, basis, error)
        over = statistics(family, rows, family.coefficients(box))
        inside = information(family, box, over).in_basis(basis)
        defect = largest_row(1 - inverse * (inside.complete - inside.missing))
        if not step + defect * flint.arb(error) < error:
            raise CannotAnswerError(_why(turned, step))
        likelihood = turned, inside
        if any(shift != 0 for shift in family.shifts):
            pairs = ((centre, found), (box, over))
            first, second = (information(family, at, means, plain=True).in_basis(basis) for at, means in pairs)
            likelihood = first, second
        masses = found.first[:: family.shape[1]]
        return Stationary(family, basis, error, alone, box, turned, inside, *likelihood, masses, found.log_likelihood)


def around(centre: Point, basis: flint.arb_mat, reach: float, *, ball: bool = False) -> list[flint.arb]:
    """Return the parameters with |y| ≤ reach in every coordinate, or those of the ball of that radius in y."""
    result = []
    for value, row in zip(centre, basis.tolist(), strict=True):
        if ball:
            size = sum((entry * entry for entry in row), flint.arb(0)).sqrt()
        else:
            size = sum((abs(entry) for entry in row), flint.arb(0))
        result.append(value + flint.arb(0, 1) * (size * reach).upper())
    return result


def _contracts(
    family: Family,
    rows: FloatArray,
    centre: Point,
    basis: flint.arb_mat,
    inverse: flint.arb_mat,
    reach: float,
    step: flint.arb,
) -> bool:
    """Whether Krawczyk's operator takes the box |y| ≤ reach into its inside."""
    box = around(centre, basis, reach)
    try:
        found = information(family, box, statistics(family, rows, family.coefficients(box))).in_basis(basis)
    except CannotAnswerError:
        return False
    defect = largest_row(1 - inverse * (found.complete - found.missing))
    return bool(step + defect * flint.arb(reach) < reach)


def _basis(found: Information) -> flint.arb_mat:
    """X with XᵀI_cX nearly I and XᵀI_oX nearly diagonal; any matrix with an inverse would do."""
    complete = floats(found.complete)
    observed = floats(found.complete - found.missing)
    try:
        _, vectors = eigenvectors(observed, complete)
    except np.linalg.LinAlgError:
        raise CannotAnswerError(
            "the complete information is singular: a component has too few observations to fit its parameters"
        ) from None
    return flint.arb_mat(vectors.tolist())


def eigenvectors(observed: FloatArray, complete: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the eigenvalues λ of C⁻¹O from below, and X with XᵀCX = I, XᵀOX = diag λ; LinAlgError if C is singular."""
    root = np.linalg.cholesky((complete + complete.T) / 2)
    half = np.linalg.solve(root, (observed + observed.T) / 2)
    turned = np.linalg.solve(root, half.T)
    values, vectors = np.linalg.eigh((turned + turned.T) / 2)
    return values, np.linalg.solve(root.T, vectors)


def _inverse(turned: Information) -> flint.arb_mat:
    """An approximate inverse of the observed information, in exact numbers."""
    observed = floats(turned.complete - turned.missing)
    try:
        return flint.arb_mat(np.linalg.inv(observed).tolist())
    except np.linalg.LinAlgError:
        raise CannotAnswerError(_SINGULAR) from None


_SINGULAR = (
    "the observed information is singular as far as double precision sees: a plateau, such as that of components "
    "that coincide; fewer components, or parameters tied, would make it regular"
)


def _why(turned: Information, step: flint.arb) -> str:
    """Why no stationary point was shown."""
    near = floats(turned.complete - turned.missing)
    if not np.isfinite(near).all():
        return "the information is not bounded near the fit: observations are too far from its components"
    values = np.sort(np.linalg.eigvals(near).real)
    nearest = float(values[np.argmin(abs(values))])
    if abs(nearest) < 1e-9:
        return f"{_SINGULAR} (its eigenvalue nearest 0, relative to complete data, is about {nearest:.2g})"
    return (
        f"no stationary point is shown near the fit: Newton's step is {float(step):.2g} in units of complete "
        f"information, and the eigenvalue nearest 0 about {nearest:.2g}; more steps of EM, or a start nearer to a "
        "maximum, may help"
    )
