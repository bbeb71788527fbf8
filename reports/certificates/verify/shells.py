"""The finite-sample theorem by shells (T13): radii beyond which EM on a sample has no fixed point."""

import math
from functools import lru_cache, reduce
from itertools import accumulate, combinations, pairwise, takewhile

from flint import acb, arb, ctx, fmpq

from .balls import HALF, increasing_root
from .moments import PARTS, grid_of
from .proof import is_positive

GRAIN = 2**40
"""Radii of shells are multiples of one over this."""
SMALLEST, FLATTEST = fmpq(1, 1000), fmpq(1, 64)
"""Radius at which shells end, and the curvature where they do in three dimensions."""
WAYS = {2: (False,), 3: (False,), 4: (False, True)}
"""Whether shells are wide, where exponential moments are bounded: beyond four components, for four both."""
MOST = 6000, 12_000, 160_000
"""Vertices up to which shells are computed, in one dimension and more."""
ACCURACY, ORDER, ROUGH = (20, 20, 8), (20, 14, 6), (5, 2)
"""Rates are known to about e^(−20) of them, or e^(−8), and better with more bits, so that least sample sizes are the
recorded ones; the orders of polynomials for that; and both where bounds of rates are enough."""
FEW_BITS, SURE = 114, 500
"""The precision that is tried first, and at most the logarithm of a probability that is not to be known any better."""
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


def shell(weights, outer, wide, bits=None):
    """Return for each vertex of the cells of the shell below a radius their number, `rate`, and a length."""
    inner, _, thickness = below(weights, outer, wide)
    if wide:
        return wide_rates(weights, inner, outer)
    bands = range(bands_of(len(weights) - 1, thickness) or 1)
    return [row for band in bands for row in rates(weights, outer, band, bits or ctx.prec)]


def bands_of(d, thickness):
    """Return the number of bands of latitude on either side, which three dimensions have."""
    return int((fmpq(11, 14) / (fmpq(3, 10) * thickness)).ceil()) if d == len(MOST) else 0


def cell(d, inner, outer, thickness, band):
    """Return the number of equal cells of a shell, a point farther out, and vertices whose hull contains one (T13)."""
    far, bands = arb(outer * (1 + thickness)), bands_of(d, thickness)
    if d == 1:
        return 2, [far], [[arb(inner)], [arb(outer)]]
    south, north, middle = ((band + i) * arb.pi() / (2 * bands or 1) * (bands > 0) for i in (0, 1, HALF))
    count = max(6, math.ceil(fmpq(22, 7) / (fmpq(3, 10) * thickness) * fmpq(*float(south.cos()).as_integer_ratio())))
    sine, cosine, slope = (f(arb(fmpq(1, count))) for f in (arb.sin_pi, arb.cos_pi, arb.tan_pi))
    # Turned by half a sector and projected back a latitude grows to this at most.
    reached = arb.atan2(north.sin(), north.cos() * cosine) if bands else south
    ends = inner * (1 - (south.cos() * sine) ** 2).sqrt(), outer / ((reached - south) / 2).cos()
    sides = [(r * angle.cos(), r * angle.sin()) for r in ends for angle in (south, reached)[: 1 + (bands > 0)]]
    vertices = [[x, side * slope * x, z][:d] for x, z in sides for side in (-1, 1)]
    return count * (1 + (bands > 0)), [far * middle.cos(), arb(0), far * middle.sin()][:d], vertices


@lru_cache(maxsize=8192)
def wide_rates(weights, inner, outer):
    """Return, for the vertices at both ends of a shell's layers, their number, a rate and a length (T13)."""
    d, whole, (_, about, thickness) = len(weights) - 1, outer / inner - 1, below(weights, outer, wide=True)
    layers = (whole * (1 + thickness) / thickness).ceil()
    if whole <= 2 * thickness:
        thickness, layers = whole, 1
    parts = math.isqrt(int((625 * (d - 1) / about**3).ceil())) + 1
    sine = arb(d - 1).sqrt() / parts
    cosine, first = (1 - sine**2).sqrt(), inner * (1 + thickness)
    near, far = arb(first * (1 + about / 5)), arb(outer * (1 + about / 5))
    lowest = best_factor(d, far) * arb.max(arb(0), reduce(arb.min, squares(weights)))
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


@lru_cache(maxsize=1 << 16)
def rates(weights, outer, band, bits):
    """Return, for the vertices of a band's cells, their number, a rate or, for 0 bits, a bound of it, a length."""
    (inner, about, thickness), d = below(weights, outer, wide=False), len(weights) - 1
    accuracy, order = (ACCURACY[d - 1] - (d == len(MOST) and outer > HALF), ORDER[d - 1]) if bits else ROUGH
    more, bands, far = max(0, bits - FEW_BITS) // 6 * 2, bands_of(d, thickness), outer * (1 + thickness)
    part = (2 * band + 1) * PARTS // (2 * bands or 2 * PARTS)
    with ctx.workprec(64 + 2 * (accuracy + more)):
        count, point, vertices = cell(d, inner, outer, thickness, band)
        goal = accuracy + more - math.log(about * outer**2 / 4)
        grid = grid_of(weights, outer, far, part, goal, order + more)
        return [(count, *each) for each in grid.rates(point, vertices)]


def best_factor(dimension, radius):
    """Return the largest ((1 + 2α)/(1 + α)²)^{D/2} exp(−r²/((1 + α)(1 + 2α))) (T12).

    It is where Dα(1 + α)(1 + 2α)/(3 + 4α), which is at least Dα/3, is r².
    """
    d, square = arb(dimension), arb(radius) ** 2
    a = increasing_root(lambda a: d * a * (1 + a) * (1 + 2 * a) / (3 + 4 * a) - square, 3 * square / d)
    return (((1 + 2 * a) / (1 + a) ** 2).log() * d / 2 - square / ((1 + a) * (1 + 2 * a))).exp()


def beyond_all(weights, n):
    """Return the bound on the probability of a fixed point beyond the largest radius."""
    return ((arb(2).log() - 1) * n * (len(weights) - 1) / 2).exp()


def share_of(rates, n):
    """Return the bound on the probability of a fixed point of EM on n points in a shell."""
    return sum(count * (-n * rate).exp() for count, rate, _ in rates)


def share_within(weights, n, outer, wide, share):
    """Return the same of the shell below a radius, or a ball from 0 on where it is a small part of another one.

    In three dimensions, where nodes are many, first with the rates of all weights, and then with bounds of rates.
    """
    if wide or len(weights) <= len(MOST):
        return share_of(shell(weights, outer, wide), n)
    inner, _, thickness = below(weights, outer, wide)
    bands, bits, little = range(bands_of(len(MOST), thickness)), ctx.prec, share / 10 ** (ctx.prec // 32)
    if (total := share_of(wide_rates(weights, inner, outer), n)) < little:
        return total.union(arb(0))
    total = arb(0)
    for band in bands:
        found = share_of(rates(weights, outer, band, 0), n)
        total += found.union(arb(0)) if found < little / 100 else share_of(rates(weights, outer, band, bits), n)
    return total


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
    found = (
        (next((a for a, b in pairwise(radii(weights, w)) if is_positive(radius - b)), 0), w) for w in ways(weights)
    )
    return any(outer and not is_positive(share_within(weights, n, outer, w, share) - share) for outer, w in found)


@lru_cache(maxsize=256)
def excluded(weights, n, share):
    """Return the least radius such that no fixed point is beyond it but with the probability given, or None.

    It is known exactly, so that it is found once, with as many digits as that takes.
    """
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
    rates, s = [shell(weights, outer, wide, FEW_BITS) for outer, _ in outside], outside[-1][1]
    # Those that matter least are known well enough.
    near = ((i, outer) for i, (outer, _) in enumerate(outside) if not all(n * rate > SURE for _, rate, _ in rates[i]))
    for i, outer in near:
        rates[i] = shell(weights, outer, wide)
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
