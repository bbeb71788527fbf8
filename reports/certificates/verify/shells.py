"""The finite-sample theorem by shells (T13): radii beyond which EM on a sample has no fixed point."""

import math
import operator
from functools import lru_cache, reduce
from itertools import combinations, pairwise, product, takewhile

from flint import acb, arb, fmpq

from .balls import increasing_root
from .outcomes import require
from .searches import is_positive

GRAIN = 2**40
"""Radii of shells are multiples of one over this."""
SMALLEST = fmpq(1, 1000)
"""Radius at which shells end."""
MAX_COMPUTED = 3
"""Components up to which exponential moments are computed; beyond they are bounded."""
MAX_SHELLS = 3000
"""A choice against waste."""
ACCURACY = 20
"""Rates are known to about e^(−20) of them, so that least sample sizes are the recorded ones."""


def best_factor(dimension, radius):
    """Return the largest ((1 + 2α)/(1 + α)²)^{D/2} exp(−r²/((1 + α)(1 + 2α))) (T12).

    It is where Dα(1 + α)(1 + 2α)/(3 + 4α), which is at least Dα/3, is r².
    """
    d, square = arb(dimension), arb(radius) ** 2
    a = increasing_root(lambda a: d * a * (1 + a) * (1 + 2 * a) / (3 + 4 * a) - square, 3 * square / d)
    return (((1 + 2 * a) / (1 + a) ** 2).log() * d / 2 - square / ((1 + a) * (1 + 2 * a))).exp()


def squares(weights):
    """Return the |π̂_m|², m ≥ 1."""
    return [value.real * value.real + value.imag * value.imag for value in acb.dft(list(map(acb, weights)))[1:]]


def below(weights, outer):
    """Return the inner radius of the shell below one, and about the curvature there, which decides it."""
    if len(weights) > MAX_COMPUTED:
        d, square = len(weights) - 1, outer**2
        least = fmpq((reduce(arb.min, squares(weights)).mid() * GRAIN + fmpq(1, 2)).floor().unique_fmpz(), GRAIN)
        about = max(least / (1 + square), square / (d + 2 * square))
        return fmpq((outer / (1 + max(about / 16, fmpq(1, 50))) * GRAIN).floor(), GRAIN), about
    least = sum(w * w for w in weights) - sum(x * y for x, y in combinations(weights, 2)) * 2 / (len(weights) - 1)
    about = least + (1 - least) * outer**2 / (outer**2 + len(weights))
    return fmpq((outer / (1 + about / 16) * GRAIN).floor(), GRAIN), about


@lru_cache(maxsize=8192)
def shell(weights, outer):
    """Return the inner radius of the shell below one, and for each vertex of its cells their number and `rate`."""
    d = len(weights) - 1
    inner, about = below(weights, outer)
    if len(weights) > MAX_COMPUTED:
        return inner, wide_rates(d, reduce(arb.min, squares(weights)), inner, outer, about)
    far = outer * (1 + about / 16)
    count = max(6, int((fmpq(22, 7) / (fmpq(3, 10) * about / 16)).ceil())) if d > 1 else 2
    cosine, slope = arb(fmpq(1, count)).cos_pi(), arb(fmpq(1, count)).tan_pi()
    corners = [(x, side * slope * x) for x in (inner * cosine, arb(outer)) for side in (-1, 1)]
    moments = Moments(weights, far, outer, about)
    return inner, [(count, *moments.rate(each)) for each in (corners if d > 1 else [(arb(inner),), (arb(outer),)])]


def wide_rates(d, gap, inner, outer, about):
    """Return, for the vertices at both ends of a shell's layers, their number, a rate and a length (T13)."""
    thickness, whole = about / 16, outer / inner - 1
    layers = (whole * (1 + thickness) / thickness).ceil()
    if whole <= 2 * thickness:
        thickness, layers = whole, 1
    parts = math.isqrt(int((625 * (d - 1) / about**3).ceil())) + 1
    sine = arb(d - 1).sqrt() / parts
    cosine, first = (1 - sine**2).sqrt(), inner * (1 + thickness)
    near, far = arb(first * (1 + about / 5)), arb(outer * (1 + about / 5))
    lowest = best_factor(d, far) * arb.max(arb(0), gap)
    most, along = 1 - lowest, 1 - arb.max(lowest, near**2 / (d + 2 * near**2))
    across, variance, found = arb.max(arb(0), along * (most - along)).sqrt(), 1 + far**2, []
    for norm in (arb(inner), first / cosine):
        radial, side = near - norm * cosine, norm * sine
        length = (radial**2 + side**2).sqrt()
        image = most * (length + radial) / 2
        if side * (2 * along - most) <= 2 * radial * across:
            image = arb.min(image, radial * along + side * across)
        room = arb.max(arb(0), norm * (near * cosine - norm) - near * image) / length
        found.append((layers * d * 2**d * parts ** (d - 1), room**2 / (2 * variance), room / variance))
    return found


class Moments:
    """Exponential moments of a step of EM, by the trapezoidal rule in one or two directions (T13).

    Of the strip and the step any choice will do: the error that is added is that of what is chosen.
    """

    def __init__(self, weights, far, outer, about):
        self.d, self.far = len(weights) - 1, far
        d, goal = self.d, ACCURACY - math.log(about * outer**2 / 4)
        self.size = min(1.2 * float(outer), 1.5 if d == 1 else 1.0)
        tried = []
        for tenths in range(2, 15):
            width = min(tenths / 10 / float(far), math.sqrt(2 * goal))
            c = self.size / math.cos(width * float(far))
            edge = goal + width * width / 2 + c * width + d * (math.log(2) + c * c / 2)
            tried.append((2 * math.pi * width / edge, width))
        self.step, self.width = max(tried)
        self.square = 2 * goal + d
        for _ in range(8):
            self.square = 2 * goal + d * (1 + math.log(self.square / d)) + 2 * self.size * math.sqrt(self.square)
        self.nodes = list(self.at_nodes(weights))

    def at_nodes(self, weights):
        """Yield the mass of each node and the step of EM there, in two directions."""
        h, k = self.step, len(weights)
        turns = [(arb(fmpq(2 * j, k)).cos_pi(), arb(fmpq(2 * j, k)).sin_pi()) for j in range(k)]
        powers = [[(part * self.far * h).exp() for part in turn[: self.d]] for turn in turns]
        end = int(math.sqrt(self.square) / h) + 1
        for node in product(range(-end, end + 1), repeat=self.d):
            norm = sum(i * i for i in node)
            if norm * h * h < self.square + 1e-6:
                x, y = (*node, 0)[:2]
                terms = [w * math.prod(map(pow, each, node)) for w, each in zip(weights, powers, strict=True)]
                pairs = list(zip(terms, turns, strict=True))
                along = sum(term * (c * x + s * y) for term, (c, s) in pairs)
                across = sum(term * (c * y - s * x) for term, (c, s) in pairs)
                mass = (-(arb(h) ** 2) * norm / 2).exp() * (h / (2 * arb.pi()).sqrt()) ** self.d
                yield mass, [part * h / sum(terms) for part in (along, across)]

    def rate(self, vertex):
        """Return t⟨vertex, e⟩ − log E e^{t⟨step, e⟩}, or 0 if that is below, and t‖e‖; e is outwards, t any."""
        d, h = self.d, self.step
        away = [g - part for g, part in zip((arb(self.far), arb(0)), vertex, strict=False)]
        height, length = sum(map(operator.mul, vertex, away)), sum(x * x for x in away).sqrt()
        values = [(mass, sum(map(operator.mul, step, away))) for mass, step in self.nodes]
        t = self.best([(float(mass), float(value)) for mass, value in values], float(height), float(length))
        size, reach, square = t * length, math.sqrt(self.square), arb(self.square)
        c = size / (arb(self.width) * self.far).cos()
        tail = ((d - square) / 2 + size * reach).exp() * (square / d) ** (arb(d) / 2)
        edge = (2 * (c * c / 2).exp()) ** d * (c * self.width + arb(self.width) ** 2 / 2).exp()
        error = tail + 2 * d * edge / (2 * arb.pi() * self.width / h).expm1()
        require(self.square - d >= size * reach, "an exponential moment beyond its nodes")
        error *= (1 + arb(h) / 2) ** d
        total = sum(mass * (t * value).exp() for mass, value in values) + error.union(-error)
        return arb.max(arb(0), t * height - total.log()), size

    def best(self, values, height, length):
        """Return about the best t, by Newton's steps."""
        t = 0.0
        for _ in range(5):
            moments = [sum(mass * x**i * math.exp(t * x) for mass, x in values) for i in range(3)]
            mean = moments[1] / moments[0]
            t = min(max(t + (height - mean) / (moments[2] / moments[0] - mean**2), 0), self.size / length)
        return t


def largest_radius(weights):
    """Return the radius beyond which only the norms of the points count."""
    return fmpq(math.isqrt(2 * (len(weights) - 1) * GRAIN**2) + 1, GRAIN)


def beyond_all(weights, n):
    """Return the bound on the probability of a fixed point beyond the largest radius."""
    return (-n * (len(weights) - 1) * (1 - arb(2).log()) / 2).exp()


def share_of(rates, n):
    """Return the bound on the probability of a fixed point of EM on n points in a shell."""
    return sum(count * (-n * rate).exp() for count, rate, _ in rates)


def radii(weights):
    """Yield the radii between shells, from the outermost on."""
    radius = largest_radius(weights)
    yield radius
    for _ in range(MAX_SHELLS):
        if radius < SMALLEST:
            return
        radius, _ = below(weights, radius)
        yield radius


def allowed(weights, n, share):
    """Yield inner radii of shells while a fixed point beyond has at most the probability given."""
    total = beyond_all(weights, n)
    for outer, inner in pairwise(radii(weights)):
        total += share_of(shell(weights, outer)[1], n)
        if not is_at_most(total, share):
            return
        yield inner


def is_at_most(value, most):
    """Whether a number is at most another; more digits are asked for where their balls do not tell."""
    return is_positive(most - value)


def promises(weights, n, radius, share):
    """Whether the shell that a radius is in does not alone have a larger probability: a look before all others."""
    if not weights:
        return False
    outer = next((a for a, b in pairwise(radii(weights)) if is_at_most(arb(b), radius)), None)
    return outer is not None and not is_positive(share_of(shell(weights, outer)[1], n) - share)


def excluded(weights, n, share):
    """Return the least radius such that no fixed point is beyond it but with the probability given, or None."""
    return min(allowed(weights, n, share), default=None)


def far_steps(weights, n, rho, radius, share):
    """Return what the number of iterates beyond a radius is at most but with the probability given, or infinity."""
    if not promises(weights, n, radius, share) or not is_positive(share - beyond_all(weights, n)):
        return arb.pos_inf()
    outside = list(takewhile(lambda pair: not is_at_most(arb(pair[0]), radius), pairwise(radii(weights))))
    if not outside:
        return arb(1)
    rates, s = [shell(weights, outer)[1] for outer, _ in outside], outside[-1][1]
    level = (sum(count for each in rates for count, *_ in each) / (share - beyond_all(weights, n))).log() / n
    length, total = arb.pos_inf(), arb(is_positive(rho - outside[0][0]))
    for each, (outer, inner) in zip(rates, outside, strict=True):
        for _, rate, size in each:
            # Of moments that are those of a normal variable the best multiplier for this level is known.
            room = 2 * (rate - (rate * level).sqrt()) if len(weights) > MAX_COMPUTED else rate - level
            length = arb.min(length, room / (size + fmpq(1, 10**300)))
        if not is_positive(length):
            return arb.pos_inf()
        total += ((arb.min(rho, arb(outer)) + s) ** 2 - (arb.min(rho, arb(inner)) + s) ** 2) / length**2
    return total + ((arb.min(rho, arb(s)) + s) / length) ** 2
