"""How many atoms the mixing distribution of maximal likelihood has, and where they are, proved.

Krawczyk's test shows one zero of D(θ_j) = 0, ∇D(θ_j) = 0 near a proposal, as equations for atoms and weights. For all
mixtures in the box that the test leaves, D is concave around each atom and negative elsewhere; so D ≤ 0, the zero is
the maximum, and the only one. Proofs: section 19 of docs/error-bounds.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.krawczyk import has_one_zero, newton_step
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, UNIT, FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.gradient import gradient_cover
from emtheory.numerics.npmle.polynomials import Bounded, Local
from emtheory.numerics.npmle.problem import Mixing, Problem, make_mixing, ratios

_BITS = 192
"""Of the equations for the atoms, which may be nearly singular."""
_MOST_EXPONENTIALS = 500_000
"""Points times atoms. A choice: some seconds."""
_MOST_UNKNOWNS = 150
"""Weights and coordinates of atoms. A choice: some seconds."""
_STEPS = 6
"""Of Newton's method: from doubles two or three do."""
_SMALLEST_RADIUS, _LARGEST_RADIUS = 2.0**-90, 2.0**-50
"""Of the box of Krawczyk's test: doubles see nothing smaller than the latter."""
_MOST_BOXES = 1_000_000
"""A choice: half a minute in two dimensions."""
_MOST_DIMENSIONS = 2
"""In three, bounds of third derivatives want more boxes than there is time for."""
_WIDEST = 1.0
"""Of the cube around an atom on which D is to be concave, in units of σ: half its width at most."""


@dataclass(frozen=True, eq=False)
class Atoms:
    """The mixing distribution of maximal likelihood, the only one: exactly k atoms, near the doubles of `mixing`.

    `moved`: each atom is within this of those, in units of σ, and each weight relatively; `around`: half-widths of the
    cubes around the atoms in which D is concave, in units of σ.
    """

    mixing: Mixing
    moved: float
    around: FloatArray


def locate_atoms(problem: Problem, near: Mixing, around: FloatArray | None = None) -> Atoms:
    """Prove where atoms near these are, within `around` if a search has found it; CannotAnswerError says what fails."""
    mixing, moved = _zero_near(problem, near)
    atoms = Atoms(mixing, moved, _concave_around(problem, mixing) if around is None else around)
    prove_maximum(problem, atoms)
    return atoms


def _zero_near(problem: Problem, near: Mixing) -> tuple[Mixing, float]:
    """Show that there is one zero near a proposal; return doubles near it, and how near it is at least."""
    k, m = near.atoms.shape
    if m > _MOST_DIMENSIONS:
        raise CannotAnswerError(f"atoms are located in one dimension and two, and the data have {m}")
    if len(problem.points) * k > _MOST_EXPONENTIALS or k * (1 + m) > _MOST_UNKNOWNS:
        raise CannotAnswerError(
            f"{k} atoms and {len(problem.points)} different points are too many for atoms to be located: up to "
            f"{_MOST_EXPONENTIALS} pairs are, and {_MOST_UNKNOWNS // (1 + m)} atoms in {m} dimensions"
        )
    with arb_precision(_BITS):
        system = _System(problem)
        total = sum((flint.arb(w) for w in near.weights.tolist()), start=flint.arb(0))
        z = [(flint.arb(w) / total).mid() for w in near.weights.tolist()]
        z += [(flint.arb(t) * system.scale).mid() for atom in near.atoms.tolist() for t in atom]
        for _ in range(_STEPS):
            values, jacobian = system.at(z, k)
            try:
                step = newton_step(values, jacobian)
            except ZeroDivisionError:
                raise CannotAnswerError(
                    "the equations for the atoms are singular: an atom may be superfluous"
                ) from None
            size = max(abs(float(each)) for each in step)
            z = [(each - change).mid() for each, change in zip(z, step, strict=True)]
            if not size < 1 or not all(float(w) > 0 for w in z[:k]):
                raise CannotAnswerError("Newton's method does not find a zero of the gradient near the proposed atoms")
            if size < 2.0**-70:
                break
        radius = min(max(size * size * 2.0**20, _SMALLEST_RADIUS), _LARGEST_RADIUS)
        box = [each + flint.arb(0, radius) for each in z]
        values, jacobian = system.at(z, k)
        if not has_one_zero(z, box, values, jacobian, system.at(box, k)[1]):
            raise CannotAnswerError("Krawczyk's test does not show a zero of the gradient near the proposed atoms")
        return _doubles(problem, system.scale, z, box, k)


def _doubles(
    problem: Problem, scale: flint.arb, z: Sequence[flint.arb], box: Sequence[flint.arb], k: int
) -> tuple[Mixing, float]:
    """Return doubles near a zero, and how far they are from anything in its box."""
    weights = np.array([float(each) for each in z[:k]])
    atoms = np.array([float(each / scale) for each in z[k:]]).reshape(k, problem.m)
    mixing = make_mixing(problem, atoms, weights)
    total = sum((flint.arb(w) for w in mixing.weights.tolist()), start=flint.arb(0))
    off = [abs(flint.arb(w) / total / side - 1) for w, side in zip(mixing.weights.tolist(), box, strict=False)]
    off += [abs(flint.arb(t) * scale - side) for t, side in zip(mixing.atoms.ravel().tolist(), box[k:], strict=True)]
    return mixing, max(float(each.upper()) for each in off) * SLACK


@dataclass(frozen=True, eq=False)
class _System:
    """D(θ_j) and its slopes as functions of weights and atoms, these in units of σ."""

    problem: Problem

    @property
    def scale(self) -> flint.arb:
        return 1 / to_arb(self.problem.variance).sqrt()

    def at(self, z: Sequence[flint.arb], k: int) -> tuple[list[flint.arb], flint.arb_mat]:
        """Return values, D(θ_j) first, then ∇D(θ_j), and their Jacobian."""
        m, scale = self.problem.m, self.scale
        weights, atoms = z[:k], [z[k + j * m : k + (j + 1) * m] for j in range(k)]
        rows, scaled = [], []
        second = [[[flint.arb(0)] * m for _ in range(m)] for _ in range(k)]
        for x, count in zip(self.problem.points.tolist(), self.problem.counts.tolist(), strict=True):
            place = [flint.arb(each) * scale for each in x]
            steps = [[a - b for a, b in zip(place, atom, strict=True)] for atom in atoms]
            e = [(-sum((u * u for u in step), start=flint.arb(0)) / 2).exp() for step in steps]
            fitted = sum((w * each for w, each in zip(weights, e, strict=True)), start=flint.arb(0))
            s = [each / fitted for each in e]
            f = flint.arb(count) / self.problem.n
            row = s + [u * each for step, each in zip(steps, s, strict=True) for u in step]
            rows.append(row)
            scaled.append([f * each for each in row])
            for j, step in enumerate(steps):
                for a in range(m):
                    for b in range(m):
                        second[j][a][b] += f * s[j] * step[a] * step[b]
        size = k * (1 + m)
        columns, freighted = flint.arb_mat(rows), flint.arb_mat(scaled)
        sums = [sum((row[c] for row in scaled), start=flint.arb(0)) for c in range(size)]
        products = freighted.transpose() * columns
        factors = [flint.arb(1)] * k + [w for w in weights for _ in range(m)]
        entries = [[-products[a, b] * factors[b] for b in range(size)] for a in range(size)]
        for j in range(k):
            for a in range(m):
                place_a = k + j * m + a
                entries[j][place_a] += sums[place_a]
                for b in range(m):
                    entries[place_a][k + j * m + b] += second[j][a][b] - (sums[j] if a == b else 0)
        return [sums[j] - 1 for j in range(k)] + sums[k:], flint.arb_mat(entries)


def _concave_around(problem: Problem, mixing: Mixing) -> FloatArray:
    """Return half-widths of cubes around atoms within which D looks concave, which has still to be proved."""
    t, x = mixing.atoms * problem.scale, problem.points * problem.scale
    e = np.exp(-np.square(x[:, None] - t).sum(axis=2) / 2)
    a = problem.counts / problem.n / (e @ (mixing.weights / mixing.total))
    offsets = np.array(np.meshgrid(*[np.linspace(-1, 1, 9)] * problem.m)).reshape(problem.m, -1).T
    found = []
    for j in range(mixing.k):
        others = abs(np.delete(t, j, axis=0) - t[j]).max(axis=1)
        width = min(_WIDEST, 0.4 * float(others.min(initial=10.0)))
        peak = float(_largest_curvature(x, a, t[j : j + 1])[0])
        while width > 1e-4 and _largest_curvature(x, a, t[j] + width * offsets).max() > peak / 8:
            width *= 0.8
        found.append(width)
    return np.array(found)


def _largest_curvature(x: FloatArray, a: FloatArray, places: FloatArray) -> FloatArray:
    steps = x[:, None] - places
    e = a[:, None] * np.exp(-np.square(steps).sum(axis=2) / 2)
    hessian = np.einsum("ij,ija,ijb->jab", e, steps, steps, optimize=True)
    hessian -= np.eye(x.shape[1]) * e.sum(axis=0)[:, None, None]
    result: FloatArray = np.linalg.eigvalsh(hessian)[:, -1]
    return result


def prove_maximum(problem: Problem, atoms: Atoms) -> None:
    """Show that D is concave on the atoms' cubes and negative elsewhere, for all mixtures within `moved`."""
    widths, centres = atoms.around, atoms.mixing.atoms
    if not (widths > 4 * atoms.moved).all():
        raise CannotAnswerError("an atom is not known to be within the cube around it")
    apart = abs(centres[:, None] - centres).max(axis=2) * problem.scale + np.diag(np.full(len(widths), np.inf))
    if not (apart > (widths[:, None] + widths) * SLACK).all():
        raise CannotAnswerError("cubes around atoms overlap")
    cover = gradient_cover(problem, ratios(problem, atoms.mixing, atoms.moved))
    if cover.ratios.offset or cover.elsewhere >= 1:
        raise CannotAnswerError("the fit is too far from the data")
    seen = 0
    for polynomials in cover.polynomials():
        bounded = Bounded(polynomials)
        boxes = bounded.whole()
        while len(boxes):
            seen += len(boxes)
            local = bounded.local(boxes)
            places = polynomials.centres[boxes.cells] + boxes.centres * (polynomials.basis.h / problem.scale)
            meets, inside = _where(problem, atoms, places, boxes.half_width * polynomials.basis.h)
            negative, concave = local.upper < 1, _is_concave(local)
            settled = np.where(meets, concave, True) & np.where(inside, True, negative)
            positive = ~inside & (local.centre > 1)
            if positive.any():
                place = ", ".join(f"{each:.6g}" for each in places[np.flatnonzero(positive)[0]])
                raise CannotAnswerError(f"the gradient function is positive at ({place}), away from the atoms")
            if not settled.all() and (seen > _MOST_BOXES or boxes.half_width < 2.0**-20):
                place = ", ".join(f"{each:.6g}" for each in places[np.flatnonzero(~settled)[0]])
                raise CannotAnswerError(
                    f"near ({place}) the gradient function is not shown to be negative, nor concave"
                )
            boxes = boxes[~settled].halved()


def _where(
    problem: Problem, atoms: Atoms, places: FloatArray, half_width: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell whether boxes may meet the cube around an atom, and whether they are surely inside."""
    away = np.abs((places[:, None] - atoms.mixing.atoms) * problem.scale).max(axis=2)
    margin = 2.0**-40 + 16 * UNIT * float(abs(problem.points).max()) * problem.scale
    meets = (away - half_width <= atoms.around + margin).any(axis=1)
    inside = (away + half_width <= atoms.around - margin).any(axis=1)
    return meets, inside


def _is_concave(local: Local) -> NDArray[np.bool_]:
    """Tell for which boxes all Hessians are negative definite: by the minors of what errors leave."""
    m = local.hessian.shape[1]
    a = -local.hessian - np.eye(m) * (m * local.hessian_error * SLACK)[:, None, None]
    concave: NDArray[np.bool_] = a[:, 0, 0] > 0
    if m > 1:
        concave &= a[:, 0, 0] * a[:, 1, 1] > np.square(a[:, 0, 1]) * SLACK
    return concave
