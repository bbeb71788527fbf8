"""Means over the posterior at a point of the simplex ray, by two integrals, or one for each direction."""

import math
import operator
from functools import lru_cache, reduce
from itertools import accumulate, compress, product, repeat, takewhile

from flint import acb, acb_mat, arb, arb_mat, arb_poly, arb_series, fmpq

from .balls import UNIT, remembered
from .reading import UNDECIDED, require

ANGLE = 1.4
"""Half the width of the strip in which integrands are bounded: below π/2; a choice, as steps and nodes are."""
BEYOND = 32
"""Of f_n(x) = xⁿe^{−x}/n! points x this far beyond the goal are left out, where it decreases."""
MOST_TERMS = 2_000_000
"""Numbers at all nodes of several directions, or four times those of a kernel: a choice against waste."""
TABLES = "table", "joint_moments", "joint_cumulants"
"""What takes some megabytes at each point, of which a search looks at thousands."""
FAR = 2000
"""Squared radii from which two components are looked at like more of them, as nodes do not crowd: a choice."""


@remembered
def mean_named(means, name, m=0, n=0):
    """Return β_m = E|γ̂_m|² ("b"), the coupling t_mn of section 4 ("t"), Λ ("L"), or B = 2KL/v ("B").

    Of what is found on the way only that is kept which others need most.
    """
    if name == "b":
        found = means.mean(m, -m)
    elif name == "t":
        cubic = means.mean(m, n, -m - n) + means.mean(m, -n, n - m)
        found = means.mean(m + n, -m - n) + means.mean(m - n, n - m) - 4 * cubic + 6 * means.mean(m, -m, n, -n)
    else:
        found = means.log_partition() if name == "L" else 1 - 2 * means.log_partition() / means.v
    means.known = {key: x for key, x in means.known.items() if key[0] not in TABLES}
    return found


class Posterior:
    """Means over the posterior at one point, v = r², as balls of a radius of about e^(−goal).

    Classes are pairs of a weight and the components that have it. With S = Σ π_j e^{sZ_j}, s² = vk/(k − 1), a mean of
    degree N is ∫ E[(e^u S)^N … exp(−e^u S)] du/Γ(N) (T4), and E log S is ∫ (E exp(−e^{u + sZ}) − E exp(−e^u S)) du
    (T5). Both integrals, over Z and over u, are taken by the trapezoidal rule (T3).
    """

    def __init__(self, k, classes, v, goal):
        self.k, self.v, self.goal = k, v, goal + 6
        self.known, self.bits = {}, int(1.5 * goal + 80 + math.log2(k))
        self.weights, self.members = zip(*sorted(classes, key=lambda each: len(each[1])), strict=True)
        if v != 0:
            self.lay_out()

    @remembered
    def lay_out(self):
        """Choose steps and nodes, and evaluate what every integral needs: P = E exp(−e^u S) at the nodes."""
        self.choose_steps()
        h, s, reach = self.inner_step, self.s2.sqrt(), self.inner_reach
        halves = [h / s / (2 * arb.pi()).sqrt() * (-((j * h / s) ** 2) / 2).exp() for j in range(reach + 1)]
        zeros = [arb(0)] * (self.middle - reach)  # So that what is at all nodes is a slice.
        self.kernel = [*zeros, *halves[:0:-1], *halves, *zeros]
        self.below = list(accumulate(self.kernel, initial=arb(0)))
        self.bound_errors()
        powers = [[(acb(x) ** len(each)).real for x in self.table(0, i)[1]] for i, each in enumerate(self.members)]
        self.product = [math.prod(each, start=arb(1)) for each in zip(*powers, strict=True)]
        self.kept = [i for i, x in enumerate(self.product) if x > arb(-self.goal).exp()]

    def choose_steps(self):
        """Choose the inner step, every how many of its nodes the outer integral takes, and where both end."""
        self.s2 = arb(self.v) * self.k / (self.k - 1)
        goal, inner, variance = self.goal, self.goal + math.log(self.k) + 7, float(self.s2.mid())
        width = math.sqrt(2 * variance * inner)
        self.wide = math.sqrt(ANGLE**2 + 2 * variance * (goal + 9) / self.k)
        strip = min(ANGLE, width)
        step = 2 * math.pi * strip / (inner + 3 + strip**2 / (2 * variance))
        self.stride = max(1, int(math.pi * (ANGLE + self.wide) / (goal + 9) / step))  # That strip is wider (section 3).
        self.tilt = math.sqrt(2 * (goal + math.log(self.k)) / variance)
        left = (min(goal + variance / 2, goal / 2 + variance) if self.tilt > 1 else self.tilt * variance) + 2
        right = math.log(goal * self.k) + width
        self.first, last, self.inner_reach = (math.ceil(size / step) for size in (left, right, width))
        self.count, self.cut = (self.first + last) // self.stride + 2, inner + 3
        apart = self.cut + math.log(inner + BEYOND) - min(float(arb(x).log().mid()) for x in self.weights)
        self.middle = self.first + self.stride * self.count + self.inner_reach + math.ceil(apart / step)
        require(self.middle < MOST_TERMS // 4, "radii at which integrals take too many nodes", UNDECIDED)
        self.inner_step, self.strip, self.far = arb(step), arb(strip), arb(inner + BEYOND)
        self.step = self.stride * self.inner_step
        self.ends = self.first * self.inner_step, ((self.count - 1) * self.stride - self.first) * self.inner_step

    def bound_errors(self):
        """Bound what both rules leave out (T3): of E f_n for each n, and of the outer integral."""
        h, s, strip, e = self.inner_step, self.s2.sqrt(), self.strip, arb(1).exp()
        rule = 2 * (strip**2 / self.s2 / 2).exp() / (2 * arb.pi() * strip / h).expm1()
        tail = (self.inner_reach * h / s / arb(2).sqrt()).erfc()
        self.errors = []
        for n in range(5):
            # f_n is at most (n/e)ⁿ/(cos strip)ⁿ; the kernel sums to less than 2, and of the terms left out each is at
            # most that at `far`, or about x where that is small.
            error = (n / e) ** n * (rule / strip.cos() ** n + tail)
            error += 2 * self.far**n * (-self.far).exp() + 3 * arb(-self.cut).exp()
            self.errors.append(arb(0, error.abs_upper()))
        wider = (self.k * (arb(self.wide) - ANGLE) ** 2 / (2 * self.s2)).exp()
        self.outer_error = wider / (2 * arb.pi() * self.wide / self.step).expm1()

    @remembered
    def table(self, n, i):
        """Return points x = π_i e^y of the lattice (i = −1: e^y) with f_n = xⁿe^{−x}/n!, and its means at nodes.

        From f_0 what is 1 up to about x = 1 is taken, whose means are sums of the kernel, so that few points are left.
        """
        weight, h = arb([*self.weights, 1][i]), self.inner_step
        start, turn = (math.ceil((x - float(weight.log().mid())) / float(h)) for x in (-self.cut, 0))
        start = max(start, -self.first - self.inner_reach)  # What is further has no part in any mean.
        if n:
            pairs, sums = [(x, x * y / n) for x, y in self.table(n - 1, i)[0]], arb_poly([])
        else:
            points = accumulate(repeat(h.exp()), operator.mul, initial=weight * (start * h).exp())
            pairs = [(x, (-x).exp()) for x in takewhile(lambda x: not x > self.far, points)]
            sums = arb_poly(self.below[self.middle + self.first + turn :: -self.stride][: self.count])
        values = [y - (n == 0 and m < turn) for m, (_, y) in enumerate(pairs, start)]
        for phase in range(min(self.stride, len(values))):
            some = values[phase :: self.stride]
            at = self.middle - self.first - start - phase - (len(some) - 1) * self.stride
            around = self.kernel[at : at + self.stride * (self.count + len(some) - 1) : self.stride]
            sums += (arb_poly(some) * arb_poly(around)).right_shift(len(some) - 1)
        return pairs, [sums[t] + self.errors[n] for t in range(self.count)]

    @remembered
    def cumulants(self, n):
        """Return κ_0, …, κ_n of classes under the tilted measure of each node: log Σ D_i t^i/i! = Σ κ_i t^i/i!."""
        tables = ([self.table(m, i)[1] for m in range(n + 1)] for i in range(len(self.weights)))
        found = [[arb_series([x[t] for x in each], n + 1).log() for t in self.kept] for each in tables]
        return [math.factorial(m) * arb_mat([[x[m] for x in row] for row in found]) for m in range(n + 1)]

    @remembered
    def transforms(self, frequency):
        """Return for each class Σ e^{2πi fj/k} over its components, as a row; all of them sum to 0."""
        if not frequency:
            return arb_mat([[len(each) for each in self.members]])
        *few, last = self.members
        if self.k - len(last) <= 1:  # Of one component against all others only the modulus matters.
            return arb_mat([[1, -1]]) if few else arb_mat([[0]])
        sums = [sum(acb(fmpq(2 * frequency * j, self.k)).exp_pi_i() for j in each) for each in few]
        return acb_mat([[*sums, -sum(sums)]])

    @remembered
    def joint_cumulants(self, n, frequency):
        """Return those of Σ ξ_j e^{2πi fj/k} at every node: those of independent ξ_j add up (T4)."""
        return (self.transforms(frequency) * self.cumulants(n + n % 2)[n]).entries()

    @remembered
    def joint_moments(self, *frequencies):
        """Return P times joint moments: cumulants of blocks with the first factor, times moments of the others."""
        if not frequencies:
            return [self.product[i] for i in self.kept]
        (first, *others), found = frequencies, [arb(0)] * len(self.kept)
        for chosen in product((True, False), repeat=len(others)):
            block = [first, *compress(others, chosen)]
            rest = compress(others, map(operator.not_, chosen))
            cumulants = self.joint_cumulants(len(block), sum(block) % self.k)
            pairs = zip(found, cumulants, self.joint_moments(*rest), strict=True)
            found = [total + cumulant * moment for total, cumulant, moment in pairs]
        return found

    @remembered
    def mean(self, *frequencies):
        """Return the real part of the mean of the product of γ̂_f over the frequencies (T4)."""
        if self.v == 0:  # The product of the π̂_f.
            column = arb_mat([[weight] for weight in self.weights])
            return acb(math.prod((self.transforms(f % self.k) * column)[0, 0] for f in frequencies)).real
        # Their order does not matter, nor γ̂_0 = 1; where transforms are alike, only which of their sums are 0.
        turning = tuple(sorted(f % self.k for f in frequencies if f % self.k))
        if self.k - len(self.members[-1]) <= 1:
            vanish = (sum(compress(turning, each)) % self.k == 0 for each in product((0, 1), repeat=len(turning)))
            turning = self.known.setdefault(tuple(vanish), turning)
        if turning != frequencies:
            return self.mean(*turning) if turning else arb(1)
        degree = len(frequencies)
        error = 2 / arb(ANGLE).cos() ** degree * self.outer_error
        sums = (sum(self.joint_moments(*each), arb(0)) for each in (frequencies, [0] * degree))
        found, ones = (acb(x).real * self.step / math.factorial(degree - 1) for x in sums)
        # What the nodes left out may miss: all of them together sum to at most 1 + error.
        return found + arb(0, (error + (1 + error - ones).abs_upper()).abs_upper())

    @remembered
    def log_partition(self):
        """Return E log S = ∫ (E exp(−e^u T) − P) du, T = e^{sZ}: the rule's error, and both tails (T5)."""
        error = 4 * (self.s2 * 2 * arb(2 * self.k).log()).sqrt() / arb(ANGLE).cos() * self.outer_error
        left, right = self.ends
        # On the left E S^p ≤ k^{1 − p} e^{p²s²/2} for p < 1.
        powers = (
            [(left, p, arb(self.k) ** max(0, 1 - p)) for p in (1, 2, min(1, self.tilt))],
            [(right, p, arb(p + 1).gamma()) for p in (float(right / self.s2), *range(1, self.goal + 9))],
        )
        for each in powers:
            tails = [x * (p * p * self.s2 / 2 - p * end).exp() / (p * self.step).expm1() for end, p, x in each]
            error += self.step * min(tails, key=float)
        return self.step * (sum(self.table(0, -1)[1]) - sum(self.product)) + arb(0, error.abs_upper())


class Directions:
    """Means at one point, by the trapezoidal rule in each direction, with error about e^(−goal) (T10).

    The exponents are y_j = Σ_d rows_dj Z_d; nodes have masses, all γ_j, and S = Σ π_j e^{y_j}.
    """

    def __init__(self, weights, rows, goal, v=None):
        self.k, self.v, self.known, self.bits = len(weights), v, {}, int(1.5 * goal + 80)
        count = len(rows)
        size = reduce(arb.max, [abs(y) for row in rows for y in row])
        width = arb(min(math.sqrt(2 * goal), ANGLE / float(size.upper())))
        reach = arb(math.sqrt(2 * goal + 4 * count))
        step = 2 * math.pi * width / (goal + width * width / 2)
        end = int(float(reach / step)) + 1
        require((2 * end + 1) ** count * self.k < MOST_TERMS, "points with so many nodes", UNDECIDED)
        self.cosine, self.room = (width * size).cos(), (1 + step / 2) ** count
        self.tail = ((count - reach**2) / 2).exp() * (reach**2 / count) ** (arb(count) / 2)
        self.rule = count * 2 * (width * width / 2).exp() / (2 * arb.pi() * width / step).expm1()
        # |log S| is at most |z| Σ_d max_j |rows_dj|, and not much more on the strip.
        self.largest = reach * count * size, count * size + width * size - self.cosine.log()
        masses = [step / (2 * arb.pi()).sqrt() * (-((step * i) ** 2) / 2).exp() for i in range(end + 1)]
        powers = [[(step * y).exp() for y in row] for row in rows]
        axes = [[(masses[abs(i)], *(x**i for x in each)) for i in range(-end, end + 1)] for each in powers]
        axes[0] = [(mass, *map(operator.mul, weights, each)) for mass, *each in axes[0]]
        nodes = (map(math.prod, zip(*node, strict=True)) for node in product(*axes)) if count > 1 else axes[0]
        self.nodes = [(mass, terms, sum(terms, arb(0))) for mass, *terms in nodes]

    def total(self, values, beyond, on_strip):
        """Return the mean of what has these values at the nodes, with bounds beyond these and on the strip."""
        found = sum((mass * value for (mass, *_), value in zip(self.nodes, values, strict=True)), arb(0))
        return found + arb(0, ((self.tail * beyond + self.rule * on_strip) * self.room).abs_upper())

    @remembered
    def transform(self, f):
        """Return γ̂_f = Σ_j γ_j e^{2πi fj/k} at the nodes."""
        turns = [acb(fmpq(2 * f * j, self.k)).exp_pi_i() for j in range(self.k)]
        return [sum(map(operator.mul, turns, terms)) / total for _, terms, total in self.nodes]

    @remembered
    def mean(self, *frequencies):
        """Return the real part of the mean of the product of γ̂_f over the frequencies."""
        turning = [f % self.k for f in frequencies if f % self.k]
        columns = zip(*map(self.transform, turning), strict=True)
        values = [math.prod(each).real for each in columns]
        return self.total(values, 1, self.cosine ** -len(turning)) if turning else arb(1)

    @remembered
    def log_partition(self):
        """Return E log S."""
        return self.total([total.log() for *_, total in self.nodes], *self.largest)


def on_ray(k, classes, v, goal):
    """Return the means at a point of the simplex ray."""
    if k > 2 or v == 0 or v > FAR:
        return Posterior(k, classes, v, goal)
    weights, radius = {j: weight for weight, members in classes for j in members}, arb(v).sqrt()
    return Directions([weights[0], weights[1]], [[radius, -radius]], goal + 8, v)


posterior = lru_cache(maxsize=256)(on_ray)


@lru_cache(maxsize=64)
def directions(weights, amplitudes, goal):
    """Return the means at the point with these amplitudes: a frequency has two directions, or for 2m = k one."""
    k, rows = len(weights), []
    for m, amplitude in enumerate(amplitudes, 1):
        if amplitude:
            turns = [arb.sin_cos_pi_fmpq(fmpq(2 * m * j, k)) for j in range(k)]
            rows += [[amplitude * turn[i] for turn in turns] for i in ((1,) if 2 * m == k else (0, 1))]
    if not rows:
        return Posterior(k, [(weight, (j,)) for j, weight in enumerate(weights)], 0, goal)
    return Directions(weights, rows, goal + 6)


@lru_cache(maxsize=1024)
def largest_mean(k, goal, p=1):
    """Return E max(Z_1, …, Z_k)^p (T7), p ≤ 3, by Arb's integral of kz^pφΦ^(k−1), z = u√2, and tails of u^pe^(−u²)."""
    end = math.ceil(math.sqrt(goal + math.log(k) + 8))
    inside = acb.integral(lambda u, _: k * u**p * (-u * u).exp() * ((-u).erfc() / 2) ** (k - 1), -end, end).real
    return (inside + k * (end**2 + 1) * arb(-end * end).exp() * UNIT) * arb(2).sqrt() ** p / arb.pi().sqrt()


def lloyd_second_eigenvalue(k, goal):
    """Return the largest root below 1 (derivation lloyd-simplex), k ≥ 3, of ⟨f, Tf⟩ = μ‖f‖² or, for k ≥ 4, λ."""
    m, second, third = (largest_mean(k, goal + 16, p) for p in (1, 2, 3))
    q, ratio = k * m**2 / (k - 1) ** 2, arb(k) / (k - 1)
    u, v = (k - 1) * q - ratio * (second - 1), third / m - 2 * second + (k - 1) / ratio * q - arb(1) / k
    half, product = (k * v + (k - 1) * q - 2 * u) / (2 * (k - 2)), (k * q * v - u**2) / (k - 2)
    root = half + (half**2 - product).sqrt()
    return root if k == 3 else root.max(1 / ratio - (k - 1) * (2 * third / m - 5) / ((k - 2) * (k - 3)))
