"""A fit of a mixture to data: one stationary point, its kind, EM's rate there, and a ball from which EM comes to it.

With S the means of γT over the data and V that of the covariances of T under the posteriors γ, the score is ∂cᵀS, the
complete information C = −Σ S ∂²c, what the hidden components take of it ∂cᵀV∂c, and EM's derivative C⁻¹∂cᵀV∂c. All of
it is seen in coordinates y, the parameters being centre + Xy, in which C is nearly I at the centre.
"""

from functools import reduce
from itertools import combinations
from operator import attrgetter

from flint import arb, arb_mat, ctx

from ..balls import UNIT
from ..reading import UNDECIDED, number, require
from .families import Normal
from .files import contains
from .jets import column, eigenvalues, identity, largest, norm, orthonormal, scaled, size_of, variables
from .written import Written

BITS = 256
"""Of the arithmetic: far more than the data and what is recorded have."""
NEWTON = 3
"""Steps of Newton's method, which squares its error in each: a choice."""
SMALL = arb(2) ** -110
"""Radius of the ball in which the point is, in y: a choice."""
SHELLS = 8
"""Balls over which EM's factor is averaged: a choice."""


def check(found, rows):
    """Check the certificate of a fit to these rows, and return what was shown."""
    with ctx.workprec(BITS):
        fit = Fit({"normal": Normal, "model": Written}[found["mixture"]["kind"]](found["mixture"], rows))
        check_statements(found, fit, *located(fit, positive(found["alone_within"], "alone_within")))
        if found["ball"] is not None:
            check_ball(found["ball"], fit)
    return f"one point of {len(fit.centre)} parameters, {len(rows)} observations"


class Place:
    """What the data say of all parameters in a box: S, V, score, C, and what hidden components take of it."""

    def __init__(self, fit, box, *, spread=None, highest=False):
        at, p = variables(box), len(box)
        self.jets = fit.family.coefficients(at)
        flat = [each for part in self.jets for each in part]
        self.slopes = arb_mat([[each.first.get(i, arb(0)) for i in range(p)] for each in flat])
        values = fit.values if spread else [[each.value for each in part] for part in self.jets]
        self.first, self.covariance, self.log_likelihood = fit.means(values, spread and spread(self), highest)
        lifted = (fit.lift * self.first).entries()
        second = fit.family.weighted(at, self.jets, lifted).second
        complete = [[-second.get((min(i, j), max(i, j)), arb(0)) for j in range(p)] for i in range(p)]
        self.complete, self.pulled = arb_mat(complete), fit.lift.transpose() * self.slopes
        self.score = self.pulled.transpose() * self.first
        self.missing = self.pulled.transpose() * self.covariance * self.slopes


class Fit:
    """A mixture, the data's features, and the point that is shown."""

    def __init__(self, family):
        self.family, self.k, self.n = family, family.k, len(family.parts)
        self.centre = family.centre
        self.features = [arb_mat([row[j] for row in family.parts]).transpose() for j in range(self.k)]
        q = self.features[0].nrows()
        self.lift = identity(self.k * q)
        for j, part in enumerate(family.shifts() if family.reg != 0 else ()):  # M-steps are regularised.
            for a, value in enumerate(part):
                self.lift[j * q + a, j * q] += value
        self.values = [[each.value for each in part] for part in family.coefficients(variables(self.centre))]
        self.at_centre = Place(self, self.centre)
        self.basis = orthonormal(self.at_centre.complete)
        near = self.turned(self.at_centre.complete) - identity(len(self.centre))
        self.complete_error = norm(near)
        require(self.complete_error < arb(2) ** -40, "the complete information is not regular", UNDECIDED)

    def turned(self, matrix):
        """Return a form in coordinates y."""
        return self.basis.transpose() * matrix * self.basis

    def around(self, centre, reach):
        """Return the parameters where |y| is at most `reach`."""
        sizes = map(size_of, self.basis.tolist())
        return [x + UNIT * (size * reach).upper() for x, size in zip(centre, sizes, strict=True)]

    def spread(self, reach):
        """Return how far log-ratios of components change where |y| ≤ reach, for each pair and observation."""

        def spread(place):
            q = self.features[0].nrows()
            slopes = (place.slopes * self.basis).tolist()
            moved = [arb_mat(slopes[j * q : (j + 1) * q]).transpose() * self.features[j] for j in range(self.k)]
            pairs = {}
            for j, m in combinations(range(self.k), 2):
                columns = zip(*(moved[j] - moved[m]).tolist(), strict=True)
                pairs[j, m] = pairs[m, j] = [(size_of(each) * reach).upper() for each in columns]
            return pairs

        return spread

    def means(self, values, spread, highest):
        """Return S, V and the mean log-likelihood for coefficients in balls, or where log-ratios change besides.

        If `highest`, V is no less than any such covariance, in the order of symmetric matrices (T21).
        """
        k, n = self.k, self.n
        logs = [(arb_mat([part]) * each).entries() for part, each in zip(values, self.features, strict=True)]
        still = {(j, m): [arb(0)] * n for j in range(k) for m in range(k)}
        plain = self.posteriors(logs, still)
        wide = self.posteriors(logs, spread) if spread else plain
        likelihood = sum((x - y.log() for x, y in zip(logs[0], plain[0], strict=True)), arb(0)) / n
        first = [row / n for j in range(k) for row in (self.features[j] * column(wide[j])).entries()]
        weights = {}
        for j, m in combinations(range(k), 2):
            pair = [x * y for x, y in zip(wide[j], wide[m], strict=True)]
            if highest:
                pair = [self.highest(logs, plain, spread, j, m, i) for i in range(n)]
            weights[j, m] = weights[m, j] = pair
        blocks: list[list[list]] = [[[]] * k for _ in range(k)]
        for j in range(k):
            blocks[j][j] = [sum((weights[j, m][i] for m in range(k) if m != j), arb(0)) for i in range(n)]
            for m in range(k):
                own = weights[j, m] if m != j else blocks[j][j]
                product = scaled(self.features[j].tolist(), own) * self.features[m].transpose()
                blocks[j][m] = (product * ((1 if m == j else -1) / arb(n))).tolist()
        q = self.features[0].nrows()
        rows = [[x for m in range(k) for x in blocks[j][m][a]] for j in range(k) for a in range(q)]
        return column(first), arb_mat(rows), likelihood

    def posteriors(self, logs, spread):
        """Return enclosures of posteriors: γ_j is 1/(1 + Σ_m e^{l_m − l_j}), within what log-ratios change."""
        result = []
        for j in range(self.k):
            others = [m for m in range(self.k) if m != j]
            sides = [
                [
                    1 / (1 + sum(((logs[m][i] - logs[j][i] + sign * spread[j, m][i]).exp() for m in others), arb(0)))
                    for i in range(self.n)
                ]
                for sign in (-1, 1)
            ]
            result.append([high.union(low) for high, low in zip(*sides, strict=True)])
        return result

    def highest(self, logs, plain, spread, j, m, i):
        """Return the largest value of γ_jγ_m: of γ_jγ_m/(γ_j + γ_m)², and of γ_j + γ_m (T21)."""
        apart = (abs(logs[j][i] - logs[m][i]) - spread[j, m][i]).max(arb(0))
        ratio, both, rest = (-apart).exp(), plain[j][i] + plain[m][i], arb(0)
        for other in range(self.k):
            if other not in (j, m):
                rest += plain[other][i] * (-spread[j, other][i].max(spread[m, other][i])).exp()
        return (ratio / (1 + ratio) ** 2 * (both / (both + rest)) ** 2).upper()


def located(fit, alone):
    """Show that there is one point, alone where |y| is at most that; return the box it is in, and what holds there.

    In a ball that y ↦ y − Yf(y) contracts and takes into itself f has one zero.
    """
    near, at, one = column(fit.centre), fit.at_centre, identity(len(fit.centre))
    inverse = fit.turned(at.missing - at.complete).mid().inv().mid()

    def is_alone(middle, whole, radius):
        left = norm(one - inverse * fit.turned(whole.missing - whole.complete))
        return norm(inverse * fit.basis.transpose() * middle.score) + left * radius < radius

    whole = Place(fit, fit.around(fit.centre, alone), spread=fit.spread(alone))
    require(is_alone(at, whole, alone), "alone_within: one point in it is not shown", UNDECIDED)
    for _ in range(NEWTON):
        here = Place(fit, near.entries())
        change = fit.turned(here.missing - here.complete).solve(fit.basis.transpose() * here.score)
        near = (near - fit.basis * change).mid()
    box = fit.around(near.entries(), SMALL)
    inside = Place(fit, box)
    require(is_alone(Place(fit, near.entries()), inside, SMALL), "no point is shown near the centre", UNDECIDED)
    fit.error = norm(fit.basis.solve(column(box) - column(fit.centre)))
    require(fit.error < alone, "the point is outside")
    return box, inside


def check_statements(found, fit, box, inside):
    """Raise OutcomeError unless what is recorded of the point is true of all in the box, where it is."""
    named = fit.family.named(variables(box))
    contains("parameters", found["parameters"], values(named, attrgetter("value")))
    base = fit.family.base() if hasattr(fit.family, "base") else arb(0)
    contains("log_likelihood", found["log_likelihood"], inside.log_likelihood + base)
    factors = [x.real for x in eigenvalues(inside.complete.inv() * inside.missing)]
    rate = reduce(arb.max, map(abs, factors))
    contains("em_rate", found["em_rate"], rate)
    attracts = True if rate < 1 else False if rate > 1 else None
    require(found["attracts"] in (attracts, None), "attracts: it does not follow")
    own = [1 - x for x in reversed(factors)]
    regular = bool(fit.family.reg == 0)
    kind = None if not regular else True if own[0] > 0 else False if own[0] < 0 else None
    require(found["strict_local_maximum"] in (kind, None), "strict_local_maximum: it does not follow")
    if found["eigenvalues"] is not None:
        require(regular, "eigenvalues: of a regularised EM")
        contains("eigenvalues", found["eigenvalues"], own)
    if found["standard_errors"] is not None:
        require(kind is True, "standard_errors: only a maximum has them")
        inverse, p = (inside.complete - inside.missing).inv(), len(box)

        def error(each):
            slope = arb_mat([[each.first.get(i, arb(0)) for i in range(p)]])
            return ((slope * inverse * slope.transpose())[0, 0] / fit.n).max(arb(0)).sqrt()

        contains("standard_errors", found["standard_errors"], values(named, error))


def check_ball(record, fit):
    """Show that EM comes nearer by the factor from the whole ball, and that the starts recorded are in it (T23)."""
    require(set(record) == {"radius", "starts", "factor"}, "ball: other keys")
    radius, starts = (positive(record[name], f"ball.{name}") for name in ("radius", "starts"))
    mean_factor(lambda size: factor_on(fit, size), radius, record["factor"], "ball")
    changes = column(list(map(arb, fit.family.start_box(starts))))
    sizes = arb_mat([[abs(x) for x in row] for row in fit.at_centre.complete.tolist()])
    square = (changes.transpose() * sizes * changes)[0, 0] / (1 - fit.complete_error)
    require(square.sqrt() + fit.error < radius, "ball.starts: they are not shown to be in it")


def mean_factor(factor_on, radius, recorded, place):
    """Show that EM comes nearer by the factor that is recorded, of which it sees the mean over balls (T23)."""
    whole, worst = arb(0), arb(0)
    for shell in range(1, SHELLS + 1):
        whole += factor_on(radius * shell / SHELLS)
        worst = worst.max(whole / shell)
        require(worst < 1, f"{place}: that EM comes nearer is not shown", UNDECIDED)
    recorded = arb(number(recorded))
    require(recorded < 1, f"{place}.factor: it is not below 1")
    require(worst <= recorded, f"{place}.factor: only {float(worst.upper()):.8g} is shown", UNDECIDED)


def factor_on(fit, radius):
    """Return a bound of the norm of EM's derivative where |y − y*| ≤ radius, and EM stays there (T23)."""
    reach = (radius + fit.error).upper()
    box = fit.around(fit.centre, reach)
    there = Place(fit, box, spread=fit.spread(reach), highest=True)
    p, q = len(box), fit.features[0].nrows()
    masses, near = ([each[j * q, 0] for j in range(fit.k)] for each in (there.first, fit.at_centre.first))
    least = fit.family.least_curvature(reach * (1 + fit.complete_error), masses, near, box)
    least = (least * (1 - fit.complete_error)).max(1 - norm(fit.turned(there.complete) - identity(p)))
    require(least > 0, "ball: the complete information in it is not bounded", UNDECIDED)

    left, right = (largest(side * fit.basis, there.covariance) for side in (there.pulled, there.slopes))
    return (left * right).sqrt() / least


def values(each, part):
    """Return a part of jets, in objects and nested lists."""
    if isinstance(each, dict):
        return {name: values(inner, part) for name, inner in each.items()}
    return [values(inner, part) for inner in each] if isinstance(each, list) else part(each)


def positive(text, place, most=1):
    """Return a positive number up to another."""
    value = arb(float(text))
    require(0 < value <= most, f"{place}: not between 0 and {most}")
    return value
