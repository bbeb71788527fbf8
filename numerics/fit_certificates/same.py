"""Whether two certificates on the same data are about one point, or provably about two."""

from itertools import permutations

import flint

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.statistics import BITS

_MOST = 8
"""Components whose orders are all tried. A choice."""


def is_same_point(left: FitEvidence, right: FitEvidence) -> bool | None:
    """Tell whether two points are one, for normal mixtures up to the order of components; None if that is not known.

    The fits are of one kind, to the same data. Boxes that meet prove nothing. It is one if the second is in the ball
    from which EM, which rests there, converges to the first; they are two if in every order some parameter differs.
    """
    with arb_precision(BITS):
        mine, other = (_components(each) for each in (left, right))
        k = len(mine)
        if k > _MOST:
            return None
        start = left.start
        meets = [[all(map(flint.arb.overlaps, one, two)) for two in other] for one in mine]
        near = [[start is not None and _is_within(left, j, two, start) for two in other] for j in range(k)]
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


def _is_within(evidence: FitEvidence, j: int, values: list[flint.arb], size: float) -> bool:
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
