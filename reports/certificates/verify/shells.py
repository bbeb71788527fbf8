"""The finite-sample theorem by shells (T13): radii beyond which EM on a sample has no fixed point."""

import math
import operator
from functools import lru_cache, reduce
from itertools import accumulate, combinations, pairwise, product, takewhile

from flint import acb, arb, arb_mat, ctx, fmpq

from .balls import HALF
from .posterior import best_factor
from .proof import is_positive
from .reading import MAX_CELLS, UNDECIDED, require

GRAIN = 2**40
"""Radii of shells are multiples of one over this."""
SMALLEST, FLATTEST = fmpq(1, 1000), fmpq(1, 64)
"""Radius at which shells end, and the curvature where they do in three dimensions."""
WAYS = {2: (False,), 3: (False,), 4: (False, True)}
"""Whether shells are wide, where exponential moments are bounded: beyond four components, for four both."""
MOST = 6000, 12_000, 160_000
"""Vertices up to which shells are computed, in one dimension and more."""
ACCURACY, LONGEST = 20, (1.5, 1.0, 0.5)
"""Rates are known to about e^(−20) of them, so that least sample sizes are the recorded ones; the largest ‖h‖."""
FEW, NEGLIGIBLE = 3, fmpq(1, 10**9)
"""Fewer digits are enough where a shell has so small a part of a probability."""
TURNED, SLANT = fmpq(51, 25), fmpq(9, 25)
"""How many more cells in a dimension put each point between some g; the sine, at most, of the angle that is left."""


def squares(weights):
    """Return the |π̂_m|², m ≥ 1."""
    return [value.real * value.real + value.imag * value.imag for value in acb.dft(list(map(acb, weights)))[1:]]


def ways(weights):
    """Return whether shells are wide."""
    return WAYS.get(len(weights), (True,))


def below(weights, outer, wide):
    """Return the inner radius of the shell below one, about the curvature there, and how thick its layers are."""
    d, square = len(weights) - 1, outer**2
    if wide:
        least = fmpq((reduce(arb.min, squares(weights)).mid() * GRAIN + fmpq(1, 2)).floor().unique_fmpz(), GRAIN)
        about = max(least / (1 + square), square / (d + 2 * square))
        return fmpq((outer / (1 + max(about / 16, fmpq(1, 50))) * GRAIN).floor(), GRAIN), about, about / 16
    least = sum(w * w for w in weights) - sum(x * y for x, y in combinations(weights, 2)) * 2 / d
    if d == len(MOST):
        a, b, c, e = weights
        least = min((a - c) ** 2 + (b - e) ** 2, (a - b + c - e) ** 2)
    about = least + (1 - least) * square / (square + d + 1)
    thickness = about / 16 if d < len(MOST) else about / (4 + 8 * about)
    return fmpq((outer / (1 + thickness) * GRAIN).floor(), GRAIN), about, thickness


def shell(weights, outer, wide):
    """Return the inner radius of the shell below one, and for each vertex of its cells their number and `rate`.

    In three dimensions, where nodes are many, rates are known to more digits only where more bits are asked for.
    """
    return computed(weights, outer, wide, ACCURACY if len(weights) <= len(MOST) else max(8, (ctx.prec - 82) // 4))


@lru_cache(maxsize=8192)
def computed(weights, outer, wide, accuracy):
    """Return what `shell` does, with the accuracy given, or, if that is 0, rates of all weights."""
    d = len(weights) - 1
    inner, about, thickness = below(weights, outer, wide)
    if wide or not accuracy:
        return inner, wide_rates(d, reduce(arb.min, squares(weights)), inner, outer, below(weights, outer, True)[1])
    found = []
    for count, point, vertices in cells(d, inner, outer, thickness):
        found += [(count, *rate) for rate in Moments(weights, point, outer, about, accuracy).rates(vertices)]
    return inner, found


def bands_of(d, thickness):
    """Return the number of bands of latitude on either side, which three dimensions have."""
    return int((fmpq(11, 14) / (fmpq(3, 10) * thickness)).ceil()) if d == len(MOST) else 0


def cells(d, inner, outer, thickness):
    """Yield the number of equal cells of a shell, a point farther out, and vertices whose hull contains one (T13)."""
    far, bands = arb(outer * (1 + thickness)), bands_of(d, thickness)
    if d == 1:
        yield 2, [far], [[arb(inner)], [arb(outer)]]
        return
    for band in range(max(bands, 1)):
        south, north, middle = ((band + i) * arb.pi() / (2 * bands or 1) * (bands > 0) for i in (0, 1, HALF))
        count = max(
            6, math.ceil(fmpq(22, 7) / (fmpq(3, 10) * thickness) * fmpq(*float(south.cos()).as_integer_ratio()))
        )
        sine, cosine, slope = (f(arb(fmpq(1, count))) for f in (arb.sin_pi, arb.cos_pi, arb.tan_pi))
        # Turned by half a sector and projected back a latitude grows to this at most.
        reached = arb.atan2(north.sin(), north.cos() * cosine) if bands else south
        radii = inner * (1 - (south.cos() * sine) ** 2).sqrt(), outer / ((reached - south) / 2).cos()
        sides = [(r * angle.cos(), r * angle.sin()) for r in radii for angle in (south, reached)[: 1 + (bands > 0)]]
        vertices = [[x, side * slope * x, z][:d] for x, z in sides for side in (-1, 1)]
        yield count * (1 + (bands > 0)), [far * middle.cos(), arb(0), far * middle.sin()][:d], vertices


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
    """Exponential moments of a step of EM, by the trapezoidal rule in up to three directions (T13).

    Of strips and steps any choice will do: the error that is added is that of what is chosen.
    """

    def __init__(self, weights, point, outer, about, accuracy):
        self.point, self.d, k = point, len(point), len(weights)
        goal = accuracy - math.log(about * outer**2 / 4)
        self.size = min(1.2 * float(outer), LONGEST[self.d - 1])
        turns = [(arb(fmpq(2 * j, k)).cos_pi(), arb(fmpq(2 * j, k)).sin_pi(), (-1) ** j) for j in range(k)]
        x, _, z = map(float, (*point, 0, 0)[:3])
        # Of two components or three turns of the first axis, and beyond of the third its sign.
        self.halves = [max(each, 1e-3) for each in (x, x, z)[: self.d]]
        self.strips = [self.strip(goal, half) for half in self.halves]
        square = 2 * goal + self.d
        for _ in range(8):
            square = 2 * goal + self.d * (1 + math.log(square / self.d)) + 2 * self.size * math.sqrt(square)
        self.square = square
        images = [[c * point[0], s * point[0], sign * point[-1]][: self.d] for c, s, sign in turns]
        self.masses, steps = [], []
        for mass, node, powers in self.at_nodes(images):
            terms = [w * each for w, each in zip(weights, powers, strict=True)]
            total = sum(terms)
            cosine, sine, sign = (sum(map(operator.mul, terms, part)) / total for part in zip(*turns, strict=True))
            a, b, c = (*node, 0, 0)[:3]
            self.masses.append(mass)
            steps.append([cosine * a + sine * b, cosine * b - sine * a, sign * c][: self.d])
        self.steps, self.floats = arb_mat(steps), list(map(float, self.masses))

    def strip(self, goal, half):
        """Return the step in one direction and the half width of its strip, about the best."""
        tried = []
        for tenths in range(2, 15):
            width = min(tenths / 10 / half, math.sqrt(2 * goal))
            c = self.size / math.cos(width * half)
            edge = goal + width * width / 2 + c * width + self.d * (math.log(2) + c * c / 2)
            tried.append((2 * math.pi * width / edge, width))
        return max(tried)

    def at_nodes(self, images):
        """Yield the mass of each node within the reach, the node, and the e^{⟨node, image⟩}."""
        axes = []
        for i, (h, _) in enumerate(self.strips):
            end = int(math.sqrt(self.square) / h) + 1
            axes.append(
                [
                    ((h * n) ** 2, (-((arb(h) * n) ** 2) / 2).exp() * h / (2 * arb.pi()).sqrt(), arb(h) * n)
                    + tuple((image[i] * h * n).exp() for image in images)
                    for n in range(-end, end + 1)
                ]
            )
        for node in product(*axes):
            if sum(each[0] for each in node) < self.square + 1e-6:
                mass, _, *powers = (math.prod(parts) for parts in zip(*(each[1:] for each in node), strict=True))
                yield mass, [each[2] for each in node], powers

    def rates(self, vertices):
        """Yield t⟨vertex, e⟩ − log E e^{t⟨step, e⟩}, or 0 if that is below, and t‖e‖; e is outwards, t any."""
        d, reach, square = self.d, math.sqrt(self.square), arb(self.square)
        aways = [list(map(operator.sub, self.point, vertex)) for vertex in vertices]
        t, products = 0.0, (self.steps * arb_mat(aways).transpose()).transpose().tolist()
        for vertex, away, values in zip(vertices, aways, products, strict=True):
            height, length = sum(map(operator.mul, vertex, away)), sum(x * x for x in away).sqrt()
            t = self.best(t, list(map(float, values)), float(height), float(length))
            size = t * length
            require(self.square - d >= size * reach, "an exponential moment beyond its nodes")
            error = ((d - square) / 2 + size * reach).exp() * (square / d) ** (arb(d) / 2)
            for (h, width), half in zip(self.strips, self.halves, strict=True):
                c = size / (arb(width) * half).cos()
                edge = (2 * (c * c / 2).exp()) ** d * (c * width + arb(width) ** 2 / 2).exp()
                error += 2 * edge / (2 * arb.pi() * width / h).expm1()
            error *= math.prod(1 + arb(h) / 2 for h, _ in self.strips)
            total = sum(map(operator.mul, self.masses, ((t * value).exp() for value in values)))
            yield arb.max(arb(0), t * height - (total + error.union(-error)).log()), size

    def best(self, t, values, height, length):
        """Return about the best t, by two of Newton's steps from that of another vertex."""
        for _ in range(2 if t else 4):
            powers = [mass * math.exp(t * value) for mass, value in zip(self.floats, values, strict=True)]
            total, first = sum(powers), sum(map(operator.mul, powers, values))
            second = sum(power * value * value for power, value in zip(powers, values, strict=True))
            mean = first / total
            t = min(max(t + (height - mean) / (second / total - mean**2), 0), self.size / length)
        return t


def beyond_all(weights, n):
    """Return the bound on the probability of a fixed point beyond the largest radius."""
    return (-n * (len(weights) - 1) * (1 - arb(2).log()) / 2).exp()


def share_of(rates, n):
    """Return the bound on the probability of a fixed point of EM on n points in a shell."""
    return sum(count * (-n * rate).exp() for count, rate, _ in rates)


def share_within(weights, n, outer, wide, share):
    """Return the same of the shell below a radius: in three dimensions, where nodes are many, first by crude rates."""
    for accuracy in (0, FEW) * (not wide and len(weights) > len(MOST)):
        if (found := share_of(computed(weights, outer, wide, accuracy)[1], n)) < share * NEGLIGIBLE:
            return found
    return share_of(shell(weights, outer, wide)[1], n)


def radii(weights, wide):
    """Yield the radii between shells, from the outermost on, until they are too small or cells too many."""
    d, vertices = len(weights) - 1, 0
    yield (radius := fmpq(math.isqrt(2 * d * GRAIN**2) + 1, GRAIN))
    while radius >= SMALLEST and (wide or vertices < MOST[d - 1]):
        radius, about, thickness = below(weights, radius, wide)
        if not wide and d == len(MOST) and about < FLATTEST:
            return
        vertices += 8 * bands_of(d, thickness) or 2 * d
        yield radius


def allowed(weights, n, share, wide):
    """Yield inner radii of shells while a fixed point beyond has at most the probability given."""
    total = beyond_all(weights, n)
    for outer, inner in pairwise(radii(weights, wide)):
        total += share_within(weights, n, outer, wide, share)
        if not is_positive(share - total):
            return
        yield inner


def promises(weights, n, radius, share):
    """Whether the shell that a radius is in does not alone have a larger probability: a look before all others."""
    for wide in ways(weights):
        outer = next((a for a, b in pairwise(radii(weights, wide)) if is_positive(radius - b)), None)
        if outer is not None and not is_positive(share_of(shell(weights, outer, wide)[1], n) - share):
            return True
    return False


def excluded(weights, n, share):
    """Return the least radius such that no fixed point is beyond it but with the probability given, or None."""
    return min((each for wide in ways(weights) for each in allowed(weights, n, share, wide)), default=None)


def far_steps(weights, n, rho, radius, share):
    """Return what the number of iterates before one within a radius is at most but with the probability, or infinity.

    ‖θ‖² and w times twice the rise of the objective, which is at most (‖θ‖ + s)², fall in long steps (T13).
    """
    left, wide, is_far = share - beyond_all(weights, n), ways(weights)[0], is_positive(rho - radius)
    if is_far and not (promises(weights, n, radius, share) and is_positive(left)):
        return arb.pos_inf()
    outside = list(takewhile(lambda pair: not is_positive(radius - pair[0]), pairwise(radii(weights, wide))))
    if not (outside and is_far):
        return arb(is_far)
    if not wide and len(weights) > len(MOST):  # Here all rates are needed, far out as well.
        few = sum(bands_of(len(MOST), below(weights, outer, wide)[2]) for outer, _ in outside) <= MAX_CELLS
        require(few, "so many cells of shells", UNDECIDED)
    rates, s = [shell(weights, outer, wide)[1] for outer, _ in outside], outside[-1][1]
    level = (TURNED ** (len(weights) - 2) * sum(share_of(each, n / 8) for each in rates) / left).log() / n
    # Of moments that are those of a normal variable the best multiplier for a level is known.
    room = (lambda i: 2 * (i - (i * (i / 8 + level)).sqrt())) if wide else lambda i: i - i / 8 - level
    parts = [reduce(arb.min, (room(rate) / (size + fmpq(1, 10**300)) for _, rate, size in each)) for each in rates]
    lengths, sine = list(accumulate(parts, arb.min)), SLANT if len(weights) > len(MOST) and not wide else fmpq(0)
    more, less = 2 * sine**2 * s / lengths[-1], lengths[-1] / (2 * s) if sine else 0
    total, fall, cosine = arb(1 + is_positive(rho - outside[0][0])), arb.pos_inf(), arb(1 - sine**2).sqrt()
    for b, ends in zip(lengths, outside, strict=True):
        fall = reduce(arb.min, ((2 * r * cosine + more * b) * b - r**2 * less for r in ends), fall)
        if not (is_positive(b) and is_positive(fall)):
            return arb.pos_inf()
        first, last = (r**2 + (1 + more) * (r + s) ** 2 for r in (arb.min(rho, arb(end)) for end in ends))
        total += (first - last) / fall
    return total + (last - s**2) / fall
