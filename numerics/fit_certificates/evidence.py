"""All that is certified of a fit to data: the stationary point near it, its kind, EM's rate and ball."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import flint

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.fit_certificates.basin import Basin, factor_near, search_basin
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.stationary import Stationary, largest_row, prove_stationary
from emtheory.numerics.fit_certificates.statistics import BITS

_MOST_ORDERED = 8
"""Components whose orders are all tried. A choice."""
_SHRINK = 0.9
"""Of the size of starts, from one that is tried to the next."""
_TRIES = 200
"""Such sizes: the last is less than a billionth of the first."""


@dataclass(frozen=True, eq=False)
class FitEvidence:
    """What is certified.

    `point`: the stationary point (of a regularised EM, its fixed point); `basin`: a ball from which EM converges to it,
    or None; `start`: starts of EM so near to the centre, as the family measures it, are in the ball; None without one;
    `base`: the mean of what log densities have that depends on no parameter; `n`: number of observations.
    """

    point: Stationary
    basin: Basin | None
    start: float | None
    base: flint.arb
    n: int

    @property
    def regularised(self) -> bool:
        """Whether EM's fixed point is not one where the likelihood is stationary."""
        return any(shift != 0 for shift in self.point.family.shifts)

    @property
    def eigenvalues(self) -> list[flint.arb] | None:
        """Of the observed information relative to the complete one, from below; None where EM is regularised."""
        return None if self.regularised else self.point.eigenvalues

    @property
    def strict_local_maximum(self) -> bool | None:
        """Whether the likelihood has one there; None if that is not known, or it is not even stationary."""
        values = self.eigenvalues
        if values is None:
            return None
        return True if values[0] > 0 else False if values[0] < 0 else None

    @property
    def attracts(self) -> bool | None:
        """Whether EM converges to it from near by; None if that is not known."""
        rate = self.point.em_rate
        return True if rate < 1 else False if rate > 1 else None

    @cached_property
    def log_likelihood(self) -> flint.arb:
        """The mean log-likelihood at the point."""
        return self.point.log_likelihood + self.base

    @cached_property
    def named(self) -> dict[str, list[flint.arb]]:
        """The parameters, as users know them."""
        with arb_precision(BITS):
            return self.point.family.named(self.point.box)

    @cached_property
    def standard_errors(self) -> dict[str, list[flint.arb]] | None:
        """√(gᵀI_o⁻¹g/n) for each parameter with gradient g, from the observed information; None but at a maximum.

        In coordinates y the information is D + E, D diagonal: its inverse is within ‖D⁻¹‖²‖E‖/(1 − ‖D⁻¹‖‖E‖) of D⁻¹.
        """
        if not self.strict_local_maximum:
            return None
        with arb_precision(BITS):
            observed, p = self.point.observed, self.point.basis.nrows()
            diagonal = [observed[i, i].mid() for i in range(p)]
            rest = largest_row(
                flint.arb_mat([[observed[i, j] - (diagonal[i] if i == j else 0) for j in range(p)] for i in range(p)])
            )
            largest = 1 / min(diagonal)
            if not largest * rest < 1:
                return None
            spread = largest * largest * rest / (1 - largest * rest)
            slopes = (self.point.family.named_slopes(self.point.box) * self.point.basis).tolist()
            values = []
            for row in slopes:
                squares = [entry * entry for entry in row]
                exact = sum((x / y for x, y in zip(squares, diagonal, strict=True)), flint.arb(0))
                off = sum(squares, flint.arb(0)) * spread
                whole = (exact + flint.arb(0, 1) * off.upper()) / self.n
                values.append(whole.max(flint.arb(0)).sqrt())
            result, first = {}, 0
            for name, group in self.named.items():
                result[name] = values[first : first + len(group)]
                first += len(group)
            return result


def prove(family: Family, rows: FloatArray) -> FitEvidence:
    """Return what follows of a centre for data, with the largest ball that is found from which EM converges.

    CannotAnswerError if something does not follow; the message says what.

    `family`, `rows`: the mixture with its centre, and n × d observations.
    """
    point = prove_stationary(family, rows)
    basin = search_basin(factor_near(point, rows), float(point.em_rate.upper()))
    start = None if basin is None else _start(point, basin)
    with arb_precision(BITS):
        return FitEvidence(point, basin, start, family.base(rows), len(rows))


def _start(point: Stationary, basin: Basin) -> float | None:
    size, complete = basin.radius, _complete(point)
    for _ in range(_TRIES):
        if _is_within(point, basin, size, complete):
            short = float(f"{size:.2g}")
            return short if _is_within(point, basin, short, complete) else size
        size *= _SHRINK
    return None


def _complete(point: Stationary) -> Sequence[Sequence[flint.arb]]:
    """The complete information at the centre, in the parameters."""
    with arb_precision(BITS):
        back = point.basis.inv()
        rows: Sequence[Sequence[flint.arb]] = (back.transpose() * point.at_centre.complete * back).tolist()
        return rows


def _is_within(point: Stationary, basin: Basin, size: float, complete: Sequence[Sequence[flint.arb]]) -> bool:
    """Whether all starts within a size are in the ball: ‖y‖² is hᵀCh for a change h, up to ‖XᵀCX − I‖."""
    with arb_precision(BITS):
        changes = point.family.start_box(size)
        if not (all(change.is_finite() for change in changes) and point.complete_error < 1):
            return False
        whole = flint.arb(0)
        for row, left in zip(complete, changes, strict=True):
            whole += left * sum((abs(entry) * right for entry, right in zip(row, changes, strict=True)), flint.arb(0))
        p = len(changes)
        length = (whole / (1 - flint.arb(point.complete_error))).sqrt() + flint.arb(point.error) * flint.arb(p).sqrt()
        return bool(length < basin.radius)


# Whether two certificates on the same data are about one point


def is_same_point(left: FitEvidence, right: FitEvidence) -> bool | None:
    """Tell whether two points are one, for normal mixtures up to the order of components; None if that is not known.

    The fits are of one kind, to the same data. Boxes that meet prove nothing. It is one if the second is in the ball
    from which EM, which rests there, converges to the first; they are two if in every order some parameter differs.
    """
    with arb_precision(BITS):
        mine, other = (_components(each) for each in (left, right))
        k = len(mine)
        if k > _MOST_ORDERED:
            return None
        start = left.start
        meets = [[all(map(flint.arb.overlaps, one, two)) for two in other] for one in mine]
        near = [[start is not None and _is_component_within(left, j, two, start) for two in other] for j in range(k)]
        orders = list(permutations(range(k)))
        if any(all(near[j][order[j]] for j in range(k)) for order in orders):
            return True
        return None if any(all(meets[j][order[j]] for j in range(k)) for order in orders) else False


def _components(evidence: FitEvidence) -> list[list[flint.arb]]:
    """The parameters of each component: weight, mean and covariance; of models all together."""
    groups = list(evidence.named.values())
    if not isinstance(evidence.point.family, GaussianFamily):
        return [[value for group in groups for value in group]]
    k = evidence.point.family.k
    return [
        [value for group in groups for value in group[j * len(group) // k : (j + 1) * len(group) // k]]
        for j in range(k)
    ]


def _is_component_within(evidence: FitEvidence, j: int, values: list[flint.arb], size: float) -> bool:
    """Whether a component is within a size of the centre's, as `start_box` measures it."""
    family = evidence.point.family
    if not isinstance(family, GaussianFamily):
        return all(abs(value - centre) < size for value, centre in zip(values, family.centre, strict=True))
    d, turn = family.d, flint.arb_mat(family.whitening[j].tolist())
    apart = flint.arb_mat(d, 1, [x - m for x, m in zip(values[1 : 1 + d], family.means[j].tolist(), strict=True)])
    spread = turn * flint.arb_mat(d, d, values[1 + d :]) * turn.transpose()
    off = [abs(spread[a, b] - int(a == b)) for a in range(d) for b in range(d)]
    off += [abs(x) for x in (turn * apart).entries()]
    return all(x < size for x in [*off, abs(values[0] / flint.arb(float(family.weights[j])) - 1)])
