"""A mixing distribution for normal kernels on given data: how far it is from the best there is, and what that is.

With E(x, t) = exp(−‖x − t‖²/2), in units of σ, and a_i = n⁻¹/Σ_j w_j E(x_i, θ_j), the gradient function is D(t) =
Σ_i a_i E(x_i, t) − 1. No mixing distribution has a mean log-likelihood larger by more than log(1 + sup D), and D is
largest in the smallest box around the data, as every E falls with the distance from it (T24).
"""

from collections import Counter
from functools import reduce

from flint import arb, ctx

from ..reading import NOT_COVERED, REJECTED, OutcomeError, number, require
from .families import Normal
from .files import contains, within
from .fits import BITS, Fit
from .fits import located as located_fit
from .jets import Jet, variables
from .regions import Wide, covered

ALONE = arb(2) ** -20
"""Within which one zero is shown, in the coordinates of a fit: a choice."""
COVERING = 96
"""Bits while space is covered."""


def check(found, rows):
    """Check the certificate of a mixing distribution on these rows, and return what was shown."""
    require(set(found["kernel"]) == {"normal"}, "other kernels than normal ones", NOT_COVERED)
    with ctx.workprec(BITS):
        variance = arb(number(found["kernel"]["normal"]))
        require(variance > 0, "kernel: its variance is not positive")
        given = Given(rows, variance)
        own = given.density(*mixture(found["mixing"], given))
        m = len(rows[0])
        likelihood = given.mean([x.log() for x in own]) - (2 * arb.pi() * variance).log() * m / 2
        contains("log_likelihood", found["log_likelihood"], likelihood)
        low, high = (arb(number(found["gap"][end])) for end in ("lower", "upper"))
        best, ahead = own, arb(0)
        if found["better"] is not None:
            best = given.density(*mixture(found["better"], given))
            ahead = given.mean([(x / y).log() for x, y in zip(best, own, strict=True)])
        require(low <= ahead.max(arb(0)), f"gap.lower: only {float(ahead.mid()):.6g} is shown")
        boxes = 0
        try:
            boxes += given.bounded(best, (high - ahead).exp() - 1)
        except OutcomeError:
            if found["better"] is None:
                raise
            boxes += given.bounded(own, high.exp() - 1)
        if found["atoms"] is not None:
            boxes += located(found["atoms"], given, len((found["better"] or found["mixing"])["weights"]))
    return f"{boxes} boxes, {len(rows)} observations"


def mixture(record, given):
    """Return atoms in units of σ, and weights divided by their sum."""
    require(set(record) == {"atoms", "weights"} and len(record["atoms"]) == len(record["weights"]), "mixing: its sizes")
    atoms = [[arb(float(x)) * given.scale for x in atom] for atom in record["atoms"]]
    weights = [arb(float(w)) for w in record["weights"]]
    require(weights and all(w > 0 and w.is_finite() for w in weights), "mixing: a weight is not positive")
    require(all(len(atom) == given.m for atom in atoms), "mixing: atoms have another dimension than the data")
    return atoms, [w / sum(weights) for w in weights]


class Given:
    """Data in units of σ, each point once with its frequency."""

    def __init__(self, rows, variance):
        counts = Counter(map(tuple, rows))
        self.scale, self.m, n = 1 / variance.sqrt(), len(rows[0]), len(rows)
        self.rows = [[arb(x) * self.scale for x in row] for row in rows]
        self.points = [[arb(x) * self.scale for x in row] for row in counts]
        self.shares = [arb(count) / n for count in counts.values()]

    def mean(self, values):
        """Return the mean over the data."""
        return sum((x * f for x, f in zip(values, self.shares, strict=True)), arb(0))

    def density(self, atoms, weights):
        """Return Σ_j w_j E(x_i, θ_j) of each point."""
        return [sum((w * kernel(x, t) for w, t in zip(weights, atoms, strict=True)), arb(0)) for x in self.points]

    def bounded(self, density, most):
        """Show that D is at most a number everywhere; return how many boxes that takes."""

        def settled(local):
            require(not local.value > most, f"gap.upper: D is {float(local.value.mid()):.8g}", REJECTED)
            return local.upper() <= most

        return self.covered(density, settled)

    def covered(self, density, settled):
        """Halve boxes around the data until all are settled; return how many were looked at."""
        with ctx.workprec(COVERING):
            points = [
                ([+x for x in point], +(f / y)) for point, f, y in zip(self.points, self.shares, density, strict=True)
            ]
            ends = [
                (reduce(arb.min, each).lower(), reduce(arb.max, each).upper())
                for each in zip(*(point for point, _ in points), strict=True)
            ]
            box = [(((low + high) / 2).mid(), ((high - low) / 2 + arb(2) ** -60).upper()) for low, high in ends]
            return covered(Wide(points, arb(0), box), settled)


def kernel(x, t):
    """Return E(x, t)."""
    return (-sum((u - s) ** 2 for u, s in zip(x, t, strict=True)) / 2).exp()


class Kernels:
    """Normal kernels at atoms, as a mixture near a fit: its parameters are log-ratios of weights and the atoms."""

    reg = 0

    def __init__(self, given, weights, atoms):
        self.k, self.m = len(atoms), given.m
        self.parts = [[[arb(1), *x]] * self.k for x in given.rows]
        self.centre = [*((w / weights[-1]).log().mid() for w in weights[:-1]), *(x for atom in atoms for x in atom)]

    def named(self, at):
        """Return the logarithms of the weights, and the atoms."""
        raw = [*at[: self.k - 1], Jet(0)]
        total = sum((each.exp() for each in raw), Jet(0)).log()
        return [each - total for each in raw], [at[i : i + self.m] for i in range(self.k - 1, len(at), self.m)]

    def coefficients(self, at):
        """Return log w_j − ‖θ_j‖²/2, and θ_j, for each component."""
        halves = (
            (log, sum((x * x for x in atom), Jet(0)) * arb(-0.5), atom)
            for log, atom in zip(*self.named(at), strict=True)
        )
        return [[log + half, *atom] for log, half, atom in halves]

    weighted = Normal.weighted


def located(records, given, count):
    """Show that there is one zero of D and its slopes at atoms in their boxes, and that it is the best (T24).

    These are zeros of the score of the mixture of as many kernels.
    """
    require(len(records) == count and all(set(r) == {"lower", "upper", "weight", "around"} for r in records), "atoms")
    require(all(len(r["lower"]) == len(r["upper"]) == given.m for r in records), "atoms: another dimension")
    near = [[pair(*ends) * given.scale for ends in zip(r["lower"], r["upper"], strict=True)] for r in records]
    weights = [pair(r["weight"]["lower"], r["weight"]["upper"]) for r in records]
    require(all(w > 0 for w in weights), "atoms: a weight is not positive")
    around = [arb(float(r["around"])) for r in records]
    fit = Fit(Kernels(given, [w.mid() for w in weights], [[x.mid() for x in box] for box in near]))
    logs, boxes = fit.family.named(variables(located_fit(fit, ALONE)[0]))
    weights, boxes = [log.value.exp() for log in logs], [[x.value for x in box] for box in boxes]
    for r, weight, box in zip(records, weights, boxes, strict=True):
        contains("atoms", r["weight"], weight)
        within("atoms", r["lower"], r["upper"], [x / given.scale for x in box])
    for i, box in enumerate(boxes):
        for j, other in enumerate(boxes[:i]):
            apart = reduce(arb.max, (abs(x - y) for x, y in zip(box, other, strict=True)))
            require(apart > around[i] + around[j], "atoms: cubes around them meet")
    require(all(x.rad() < size for box, size in zip(boxes, around, strict=True) for x in box), "atoms: around")

    def settled(local):
        away = [[abs(middle - x) for (middle, _), x in zip(local.box, each, strict=True)] for each in boxes]
        halves = [half for _, half in local.box]
        meets = not all(
            any(a > size + h for a, h in zip(each, halves, strict=True))
            for each, size in zip(away, around, strict=True)
        )
        inner = any(
            all(a + h < size for a, h in zip(each, halves, strict=True))
            for each, size in zip(away, around, strict=True)
        )
        require(inner or not local.value > 0, "atoms: the gradient function is positive away from them", REJECTED)
        return (not meets or local.is_concave()) and (inner or local.upper() < 0)

    return given.covered(given.density(boxes, weights), settled)


def pair(lower, upper):
    """Return a ball around an interval."""
    return arb(number(lower)).union(arb(number(upper)))
