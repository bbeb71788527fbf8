"""Search for the mixing distribution of maximal likelihood: what it finds is a proposal, and others certify it.

Atoms are added where the gradient function has its peaks and the weights solved anew by least squares under
constraints, as in Wang, Journal of the Royal Statistical Society B 69 (2007), 185 (constrained Newton); atoms on one
hill are then drawn together, and atoms and weights polished by Newton's method.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import require_packages
from emtheory.numerics.npmle.problem import SMALLEST_WEIGHT, Mixing, Problem, make_mixing

_APART = 10.0
"""Standard deviations between groups of points that are fitted one by one: they see nothing of each other."""
_SPACING = 0.5
"""Of the first atoms and of the places from which peaks are looked for, in standard deviations."""
_ROUNDS = 60
"""In which atoms are added. A choice: few take more than ten."""
_ROUGH, _FEW = 6, 2000
"""Rounds in which weights are less precise, if there are more points than these."""
_MOST_START = 1500
"""Places that peaks are looked for from, at most."""
_FALL = 10.0
"""By what factor the density of a point may fall in a step, or is larger by a new atom that gets weight at once."""
_MANY = 2_000_000
"""Pairs of points and places beyond which peaks are looked for only from places higher than those next to them."""
_SUPERFLUOUS = 1e-2
"""Weights of atoms that Newton's method drops where a whole step would make them negative, at most."""
_ONE = 1e-3
"""Standard deviations within which polished atoms are one."""
_LIGHT = 1e-12
"""Weights that are dropped."""


@dataclass(frozen=True, eq=False)
class _Group:
    """Points that are fitted together, in units of σ from their mean, with frequencies that sum to 1."""

    x: FloatArray
    f: FloatArray

    def densities(self, t: FloatArray) -> FloatArray:
        """E(x_i, t_j)."""
        squares = np.square(self.x[:, :1] - t[:, 0])
        for a in range(1, self.x.shape[1]):
            squares += np.square(self.x[:, a : a + 1] - t[:, a])
        result: FloatArray = np.exp(squares / -2)
        return result


def propose(problem: Problem, gap: float) -> Mixing:
    """Return a mixing distribution near the one of maximal likelihood, whose gap is to be at most the one given."""
    require_packages("the search for mixing distributions", "scipy")
    atoms, weights = [], []
    for rows in _groups(problem):
        points = problem.points[rows]
        centre = points.mean(axis=0)
        count = problem.counts[rows]
        group = _Group((points - centre) * problem.scale, count / count.sum())
        t, w = (np.zeros((1, problem.m)), np.ones(1)) if len(rows) == 1 else _fit(group, gap)
        atoms.append(points[:1] if len(rows) == 1 else centre + t / problem.scale)
        weights.append(w * (count.sum() / problem.n))
    together, masses = np.concatenate(atoms), np.maximum(np.concatenate(weights), SMALLEST_WEIGHT)
    order = np.lexsort(together.T[::-1])
    return make_mixing(problem, together[order], masses[order])


def _groups(problem: Problem) -> Iterator[NDArray[np.intp]]:
    """Yield rows of points that are linked by steps of some standard deviations."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - SciPy is slow to import and only this needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    cells, member = np.unique(np.floor(problem.points * (problem.scale / _APART)), axis=0, return_inverse=True)
    pairs = cKDTree(cells).query_pairs(1.9, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(cells), len(cells)))
    labels = connected_components(links, directed=False)[1][member.ravel()]
    order = np.argsort(labels, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _fit(group: _Group, gap: float) -> tuple[FloatArray, FloatArray]:
    """Return atoms and weights for a group."""
    starts = _starts(group)
    t, w = starts, np.full(len(starts), 1 / len(starts))
    best, smallest = (t, w), np.inf
    for turn in range(_ROUNDS):
        t, w = _weighted(group, t, w, precise=turn >= _ROUGH or len(group.x) <= _FEW)
        peaks, heights = _peaks(group, t, w, np.concatenate([starts, t]))
        done = heights.max() <= gap / 4
        if heights.max() < smallest:
            best, smallest = (t, w), heights.max()
        if (done or turn >= 2) and (polished := _polished(group, *_gathered(t, w, peaks))) is not None:
            height = _peaks(group, *polished, np.concatenate([starts, polished[0]]))[1].max()
            if height <= max(smallest, gap / 4):
                best, smallest = polished, height
        if smallest <= gap / 4:
            break
        new = peaks[heights > min(gap, float(heights.max())) / 100]
        new = new[np.square(new[:, None] - t).sum(axis=2).min(axis=1) > 1e-14]
        t, w = _with_atoms(group, t, w, new)
    return best


def _with_atoms(group: _Group, t: FloatArray, w: FloatArray, new: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return atoms and weights with new ones, which get half of the points that they describe better, or nothing."""
    better = group.densities(new) > _FALL * (group.densities(t) @ w)[:, None]
    masses = (better * (group.f / np.maximum(better.sum(axis=1), 1))[:, None]).sum(axis=0) / 2
    return np.concatenate([t, new]), np.concatenate([w * (1 - masses.sum()), masses])


def _starts(group: _Group) -> FloatArray:
    """Return places near all points, on a grid."""
    spacing = _SPACING
    while True:
        cells = np.unique(np.rint(group.x / spacing), axis=0)
        if len(cells) <= _MOST_START:
            low, high = group.x.min(axis=0), group.x.max(axis=0)
            return np.clip(cells * spacing, low, high)
        spacing *= 1.25


def _weighted(group: _Group, t: FloatArray, w: FloatArray, *, precise: bool) -> tuple[FloatArray, FloatArray]:
    """Return the atoms that keep a weight, with nearly the best weights; unprecise ones take a tenth of the time."""
    from scipy.optimize import nnls  # noqa: PLC0415 - SciPy is slow to import and only this needs it

    e = group.densities(t)
    root = np.sqrt(group.f)
    heavy = 10.0
    for _ in range(30):
        fitted = e @ w
        s = e / fitted[:, None]
        # The least squares ‖√f (S w − 2)‖² + heavy (Σ w − 1)², in as many rows as there are weights.
        rows = root[:, None] * s
        if precise:
            whole = np.concatenate([rows, np.full((1, len(w)), heavy)])
            triangle = np.asarray(np.linalg.qr(np.column_stack([whole, np.append(2 * root, heavy)]), mode="r"))
            left, right = triangle[:, :-1], triangle[:, -1]
        else:
            sizes, turn = np.linalg.eigh(rows.T @ rows + heavy**2)
            sizes = np.sqrt(np.maximum(sizes, sizes.max() * 1e-15))
            left, right = sizes[:, None] * turn.T, turn.T @ (2 * root @ rows + heavy**2) / sizes
        try:
            target = nnls(left, right, maxiter=50 * len(w))[0]
        except RuntimeError:  # Columns so much alike that it goes in circles: weights by EM will do for this round.
            target = w * (group.f @ s)
        target /= target.sum()
        slope = float(group.f @ (s @ (target - w)))
        step = 1.0
        before = float(group.f @ np.log(fitted))
        while step > 1e-6:
            after = (1 - step) * w + step * target
            reached = e @ after
            # Where a density falls to next to nothing, Newton's steps would only double it again, one by one.
            if (reached >= fitted / _FALL).all() and float(group.f @ np.log(reached)) >= before + step * slope / 4:
                break
            step /= 2
        else:
            break
        w = after
        if slope < 1e-14:
            break
    # A point far from the others may need an atom of next to no weight.
    kept = (w > _LIGHT) | (e[e[:, w > _LIGHT] @ w[w > _LIGHT] <= 0] > 0).any(axis=0)
    return t[kept], w[kept] / w[kept].sum()


def _peaks(group: _Group, t: FloatArray, w: FloatArray, starts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return local maxima of the gradient function, and its values there, from given places."""
    a = group.f / (group.densities(t) @ w)
    y = starts
    if len(starts) * len(group.x) > _MANY:
        heights = a @ group.densities(starts)
        near = abs(starts[:, None] - starts).max(axis=2) <= 1.01 * _SPACING
        y = starts[heights >= np.where(near, heights, 0).max(axis=1)]
    for turn in range(60):
        e = group.densities(y) * a[:, None]
        g = e.sum(axis=0)
        mean = (e.T @ group.x) / g[:, None]
        shift = mean - y
        spread = np.einsum("ij,ia,ib->jab", e, group.x, group.x, optimize=True) / g[:, None, None]
        hessian = spread - mean[:, :, None] * mean[:, None] + shift[:, :, None] * shift[:, None] - np.eye(y.shape[1])
        concave = np.linalg.eigvalsh(hessian)[:, -1] < -1e-10
        step = shift.copy()
        if concave.any():
            newton = np.linalg.solve(-hessian[concave], shift[concave][:, :, None])[:, :, 0]
            length = np.sqrt(np.square(newton).sum(axis=1, keepdims=True))
            step[concave] = newton * np.minimum(1, 0.5 / np.maximum(length, 1e-300))
        y = y + step
        if turn % 4 == 3:
            y = np.unique(np.round(y, 9), axis=0)
        if np.abs(step).max() < 1e-10:
            break
    heights = (group.densities(y) * a[:, None]).sum(axis=0) - 1
    order = np.argsort(-heights)
    y, heights = y[order], heights[order]
    kept: list[int] = []
    for index in range(len(y)):
        if all(float(np.square(y[index] - y[other]).sum()) > 1e-6 for other in kept):
            kept.append(index)
    return y[kept], heights[kept]


def _gathered(t: FloatArray, w: FloatArray, peaks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the peaks of the gradient function that atoms are nearest to, with the weights of these."""
    nearest = np.square(t[:, None] - peaks).sum(axis=2).argmin(axis=1)
    weights: FloatArray = np.bincount(nearest, w, len(peaks)).astype(np.float64)
    means = np.stack([np.bincount(nearest, w * t[:, a], len(peaks)) for a in range(t.shape[1])], axis=1)
    kept = weights > 1e-9
    return means[kept] / weights[kept, None], weights[kept]


def _polished(group: _Group, t: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return a zero of D and its slopes at the atoms, or None if Newton's method does not come to one."""
    m, value = t.shape[1], -np.inf
    for _ in range(40):
        k = len(t)
        e = group.densities(t)
        fitted = e @ w
        if not fitted.min() > 0:
            return None
        likelihood = float(group.f @ np.log(fitted) - w.sum())
        s = e / fitted[:, None]
        steps = group.x[:, None] - t
        d = steps * s[:, :, None]
        columns = np.concatenate([s, (d * w[:, None]).reshape(len(s), -1)], axis=1)
        hessian = -columns.T @ (columns * group.f[:, None])
        freighted = d * group.f[:, None, None]
        second = np.stack([(freighted * steps[:, :, a : a + 1]).sum(axis=0) for a in range(m)], axis=2)
        second = (second - np.eye(m) * (group.f @ s)[:, None, None]) * w[:, None, None]
        slopes = freighted.sum(axis=0)
        residual = np.concatenate([group.f @ s - 1, (w[:, None] * slopes).ravel()])
        for j in range(k):
            place = slice(k + j * m, k + (j + 1) * m)
            hessian[place, place] += second[j]
            hessian[j, place] += slopes[j]
            hessian[place, j] += slopes[j]
        try:
            step = -np.linalg.solve(hessian, residual)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(step).all():
            return None
        moved, heavier = step[k:].reshape(k, m), step[:k]
        size = min(1.0, 0.3 / max(float(abs(moved).max()), 1e-300))
        superfluous = (w + heavier <= 0) & (w < _SUPERFLUOUS)
        if superfluous.any() and not superfluous.all():
            t, w = t[~superfluous], w[~superfluous]
            continue
        falling = heavier < 0
        if falling.any():
            size = min(size, 0.9 * float((w[falling] / -heavier[falling]).min()))
        if size < 1e-4:
            return None
        t, w = t + size * moved, w + size * heavier
        if size == 1.0 and float(abs(step).max()) < 1e-11 and likelihood >= value - 1e-9:
            break
        value = likelihood
    order = np.argsort(-w)
    t, w = t[order], w[order]
    same = np.tril(abs(t[:, None] - t).max(axis=2) < _ONE, -1).any(axis=1)
    if same.any():
        return _polished(group, t[~same], w[~same] / w[~same].sum())
    return (t, w / w.sum()) if (group.densities(t) @ w).min() > 0 else None
