"""A box of a case, on which variables and means over the posterior have values."""

import math
from functools import lru_cache

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly

from .balls import HALF, ONE, UNIT, jet, remembered, up_to
from .boxes import Box
from .expressions import form_of, least
from .forms import constant, used_in
from .posterior import Posterior, directions, largest_mean, mean_named, posterior
from .reading import GOALS, INFINITY, NOT_COVERED, UNDECIDED, MoreError, require
from .tiles import tile

SMALLEST_RADIUS, LARGEST_RADIUS = ONE / 10, ONE * 8
"""Between which radii tiles are laid out at first."""
MAX_CLOSED = 5
"""Components up to which Lloyd's radius has a closed form."""
MAX_CONVEX = 4
"""Components up to which ∇²ℓ is positive definite on the ray but at the origin, for all weights."""
MAX_WEIGHTS = 64
"""Components whose |π̂_m|² is found from all products of weights."""


class Place(Box):
    """A box of a case; it may be a point. Means are to be found to about e^(−goal)."""

    def __init__(self, case, box, goal, *, near=False):
        require(all(low <= high for low, high in box.values()), "a box without points")
        super().__init__(box, near, "radius")
        self.case, self.k, self.goal = case, case.k, goal
        self.is_open = ("radius", 0) in case.open
        self.known, self.bits = {}, ctx.prec
        case.whole = box | case.whole
        self.quantities = case.quantities
        self.names = {name: self.form(x) for name, x in {"k": case.k, "d": case.d, **case.fixed}.items()} | self.names

    def at_middle(self, goal):
        """Return the centre of the box."""
        return Place(self.case, self.middle(), goal)

    @property
    def radius(self):
        """The radius r."""
        require(not self.case.directions, "points off the simplex", NOT_COVERED)
        require("radius" in self.names, "claim: it needs a radius")
        return self.names["radius"]

    @property
    def v(self):
        """r²."""
        return self.radius**2

    def amplitudes(self):
        """Return ρ_1, ρ_2, …, of points off the simplex."""
        return [self.names[name] for name in self.case.directions]

    def is_away(self):
        """Whether the origin, where ratios of what vanishes there have no value, is not in the box."""
        if self.case.directions:
            return any(constant(each) != 0 and not self.range(each).contains(0) for each in self.amplitudes())
        return constant(self.v) != 0 and (self.is_open or self.box.get("radius", (ONE, ONE))[0] > 0)

    # Weights

    @remembered
    def classes(self):
        """Return pairs of a weight and the components that have it."""
        found: dict[object, tuple] = {}
        for text, members in self.case.groups.items():
            weight = form_of(self, text)
            key = text if constant(weight) is None else constant(weight)
            found.setdefault(key, (weight, []))[1].extend(members)
        return sorted(found.values(), key=lambda each: len(each[1]))

    @remembered
    def fixed(self):
        """Return the classes with rational weights, or None."""
        found = tuple((constant(weight), tuple(members)) for weight, members in self.classes())
        return None if any(weight is None for weight, _ in found) else found

    @remembered
    def in_order(self):
        """Return the weights of all components, as numbers if they are."""
        found: dict[int, object] = {}
        for weight, members in self.classes():
            found |= dict.fromkeys(members, weight if constant(weight) is None else constant(weight))
        return [found[j] for j in range(self.k)]

    def is_flat(self):
        """Whether one weight at most differs from the others: then frequencies are alike."""
        return self.k - len(self.classes()[-1][1]) <= 1

    @remembered
    def square(self, m):
        """Return |π̂_m|² = Σ_jl π_j π_l cos(2π(j − l)m/k), which is a polynomial in 2cos(2π/k)."""
        k, classes, weights = self.k, self.classes(), self.in_order()
        if self.is_flat():
            return (classes[0][0] - classes[-1][0]) ** 2
        require(k <= MAX_WEIGHTS, "so many weights", NOT_COVERED)
        found, least = [self.form(0)] * k, fmpq_poly(fmpz_poly.cos_minpoly(k))
        for shift in range(k):
            products = (weights[j] * weights[j - shift] for j in range(k))
            total = sum(products, weights[0] * 0)
            turns = min(shift * m % k, -shift * m % k)
            cosine = fmpz_poly.chebyshev_t(turns)(fmpq_poly([0, HALF])) % least
            found = [x + total * y for x, y in zip(found, cosine.coeffs() + [fmpq(0)] * k, strict=False)]
        return sum((self.turn() ** i * x for i, x in enumerate(found[1:], 1) if not x.top.is_zero()), found[0])

    @remembered
    def turn(self):
        """Return 2cos(2π/k), a root of a polynomial."""
        found = self.generator(("turn",), 2 * arb.cos_pi_fmpq(fmpq(2, self.k)), closed=True)
        powers = (found**i * fmpq(x) for i, x in enumerate(fmpz_poly.cos_minpoly(self.k).coeffs()) if x)
        self.relations.append(sum(powers, self.form(0)).top)
        return found

    def shares(self):
        """Return the share of each frequency in r², where none is like another."""
        return {1: ONE} if self.is_flat() else self.case.shares

    def gap(self, frequencies=None):
        """Return the least |π̂_m|² at frequencies, or at all."""
        return least(self, [self.square(m) for m in frequencies or self.shares()])

    def lloyd_radius(self):
        """Return Lloyd's radius √(k/(k − 1)) E max(Z_1, …, Z_k), in closed form for few components."""
        found = largest_mean(self.k, self.goal) * (arb(self.k) / (self.k - 1)).sqrt()
        return self.generator(("lloyd_radius",), found, closed=self.k <= MAX_CLOSED)

    # Means

    def power(self, m):
        """Return β_m; on the simplex frequencies are alike where one weight at most differs from the others."""
        alike = self.is_flat() and not self.case.directions
        return self.mean("b", 1 if alike else min(m, self.k - m))

    def kl(self):
        """Return KL = vB/2, or off the simplex ‖θ‖²/2 − Λ."""
        if self.case.directions:
            return sum((each**2 for each in self.amplitudes()), self.form(0)) / 2 - self.mean("L")
        return self.v * self.mean("B") / 2

    def pl_ratio(self):
        """Return ½‖∇ℓ‖²/KL = Σ w_m β_m²/B (T14)."""
        if self.case.ranged and not self.case.directions and self.is_away():
            return self.mean("P")
        if self.case.directions:
            return sum((x * self.power(m)) ** 2 for m, x in enumerate(self.amplitudes(), 1)) / (self.kl() * 2)
        return sum(self.power(m) ** 2 * share for m, share in self.shares().items()) / self.mean("B")

    @remembered
    def mean(self, *name):
        """Return β_m ("b"), t_mn ("t"), B = 2KL/v ("B"), far out λ_min(∇²ℓ) ("h"), off the simplex Λ ("L")."""
        if self.case.ranged:
            return self.ranged(*name)
        if self.case.directions:
            return self.off_simplex(*name)
        if self.edge < 0:
            return self.mean_far_out(*name)
        if constant(self.v) != 0 and not self.edge:
            if not self.fixed() or constant(self.v) is None:
                return self.generator(name, self.modelled(*name))
            return self.generator(name, mean_named(posterior(self.k, self.fixed(), constant(self.v), self.goal), *name))
        is_coupling = name[0] == "t"
        return self.generator(name, self.coupling(*name[1:])) if is_coupling else self.mean_near_zero(*name)

    def ranged(self, *name):
        """Return a mean by the range of all its values: as 1 less what is not negative, or as that itself.

        ∇²ℓ = I − E Cov_γ(U_jᵀX), whose eigenvalues are at most E‖X‖² = k − 1, and for few components positive (T27).
        A step −∇ℓ lowers KL, which is not negative, by ½‖∇ℓ‖² at least, as ∇²ℓ ⪯ I: so the ratio ("P") is at most 1.
        """
        hessian, from_one, few = name[0] == "h", self.case.ranged == 1, 3 if self.case.directions else MAX_CONVEX
        require(name[0] in "bBP" or (hessian and (from_one or self.k <= few)), "ranges of such means", UNDECIDED)
        found = self.generator(name, up_to(arb(self.k - 1 if hessian else 1)), closed=True)
        self.nonnegative |= used_in(found)
        if (hessian and self.is_away()) or (name[0] == "b" and from_one):  # All γ_j are positive.
            self.nonzero |= used_in(found)
        return self.form(1) - found if from_one else found

    def off_simplex(self, *name):
        """Return a mean off the simplex, by that at the centre and slopes.

        ∂β_m/∂ρ_n = ρ_n t_mn, where |t_mn| ≤ 3, and ∂Λ/∂ρ_m = ρ_m(1 − β_m), as ∇ℓ has the parts β_mρ_m (T6).
        """
        require(self.fixed(), "means off the simplex for weights that vary", NOT_COVERED)
        ends = [self.box.get(each) or (self.case.fixed[each],) * 2 for each in self.case.directions]
        if not any(map(any, ends)) and name[0] != "t":  # All amplitudes are 0, where what there is is exact.
            return self.square(name[1]) if name[0] == "b" else self.form(0)
        point = tuple(sum(each) / 2 for each in ends)
        centre, amplitudes = mean_named(directions(tuple(self.in_order()), point, self.goal), *name), self.amplitudes()
        if all(low == high for low, high in ends):
            return self.generator(name, centre)
        require(name[0] != "t", "couplings where amplitudes vary", NOT_COVERED)
        factors = [3 * UNIT if name[0] == "b" else 1 - self.range(self.power(m + 1)) for m in range(len(ends))]
        pairs = zip(amplitudes, factors, strict=True)
        jets = [(self.range(each) * factor, self.jet(each)[2]) for each, factor in pairs]
        slopes = [sum(slope * each[i] for slope, each in jets) for i in range(len(self.free))]
        largest = arb(1) if name[0] == "b" else self.range(sum((x**2 for x in amplitudes), self.form(0)) / 2)
        found = self.generator(name, jet(centre, up_to(largest), slopes))
        self.nonnegative |= used_in(found)
        return found

    def mean_far_out(self, *name):
        """Return a mean for every larger radius: 1 − f ≤ c/s by pairs, or as densities are log-concave (T9)."""
        require(name[0] != "t", "couplings far out", NOT_COVERED)
        k, around = self.k, 1
        logs = [self.range(weight).log() for weight, members in self.classes() for _ in members]
        if name[0] == "B" or (name[0] == "b" and len(self.shares()) == 1):
            # R_0 r + Σ log π_j/k ≤ Λ ≤ R_0 r, as each exponent is the largest as often; so is rΛ′, as Λ is convex.
            below = up_to(sum(logs, arb(0)) / k / self.box["radius"][0])
            found = (self.generator(("below", *name), below) - self.lloyd_radius()) * self.small
            return found * (2 if name[0] == "B" else 1) + 1
        if name[0] == "h":
            s2 = arb(self.box["radius"][0]) ** 2 * k / (k - 1)
            around += sum(((x - sum(logs) / k) ** 2 for x in logs), arb(0)) / s2
        pairs = k * k / (2 * arb.pi().sqrt())
        concave = 2 * (2 * arb(k).log()).sqrt() * around  # E max ≤ √(2 log k)
        bound = concave if concave < pairs else pairs
        bound *= (1 - arb(1) / k).sqrt()
        return self.generator(name, up_to(bound)) * self.small * -1 + 1

    def mean_near_zero(self, *name):
        """Return β_m or B at radius 0, and near it with slopes in r² (T11)."""
        shares = {name[1]: ONE} if name[0] == "b" else self.shares()
        found = sum((self.square(m) * share for m, share in shares.items()), self.form(0))
        if not self.edge:
            return found
        # ∂β_m/∂ρ_l² = t_ml/2, where all t_ml with l ≠ m are alike if frequencies are; ∂B/∂v is the mean of y ∂β(yv)/∂v,
        # 0 ≤ y ≤ 1: half a mean of such slopes.
        share, parts = self.case.shares[1], 2 if name[0] == "b" else 4
        others = {1: share, 2: 1 - share} if self.is_flat() and self.k > 3 else self.case.shares
        slope = sum(self.coupling(m, n) * (p * q / parts) for m, p in shares.items() for n, q in others.items())
        return self.generator(("slope", *name), slope) * self.v + found

    @remembered
    def coupling(self, m, n):
        """Return a ball around t_mn at radius 0, and near it (T11)."""
        weights = self.fixed() or [(self.range(weight), tuple(members)) for weight, members in self.classes()]
        prior = mean_named(Posterior(self.k, weights, 0, self.goal), "t", m, n)
        return prior + 37 * arb(self.box["radius"][1]) ** 2 * UNIT if self.edge else prior

    # Tiles

    def modelled(self, *name):
        """Return the jet of a mean, by its model on a tile."""
        around, ((*x, slopes), (*y, others)) = self.position()
        centre, ball, *factors = tile(*around).value(name, x, y)
        return jet(centre, ball, [factors[0] * a + factors[1] * b for a, b in zip(slopes, others, strict=True)])

    @remembered
    def position(self):
        """Return what makes a tile of the log-ratio of weights and of log v, and jets of both coordinates in it.

        Tiles overlap by a tenth.
        """
        classes, axes, places = self.classes(), [], []
        require(self.fixed() or len(classes) == 2, "weights with more than one ratio that varies", NOT_COVERED)
        # Few parts, near each other, need more digits than the first.
        sizes = (5.0, min(6.0, 12 / math.sqrt(self.k))) if self.goal < GOALS[1] else (1.0, 1.0)
        forms, ends = (classes[-1][0] / classes[0][0], self.v), hull(self.case, *self.case.whole.items())
        for form, (low, high), most in zip(forms, ends, sizes, strict=True):
            centre, ball, slopes = self.jet(self.function("log", form))
            middle, width, varies = centre, 1, constant(form) is None
            if varies:
                size = max(high - low, 0.2)
                pitch = size / math.ceil(size / most)
                middle, width = low + (math.floor((float(centre) - low) / pitch) + 0.5) * pitch, 0.55 * pitch
            if not abs(ball - middle) <= width:
                raise MoreError(self.widest(form))
            axes.append((middle if varies else constant(form), width, varies))
            places.append(((centre - middle) / width, (ball - middle) / width, [each / width for each in slopes]))
        members = self.fixed() or tuple((None, tuple(each)) for _, each in classes)
        return (self.k, members, tuple(axes), self.goal + 6, self.case.couplings), places


@lru_cache(maxsize=64)
def hull(case, *domain):
    """Return the logarithms of the ratio of weights and of r² at the ends of a domain, where tiles are laid out."""
    ends = dict(domain)
    radii = ends.pop("radius", (ONE, ONE))
    radii = [LARGEST_RADIUS if end == INFINITY else max(end, SMALLEST_RADIUS) for end in radii]
    corners = [Place(case, {name: (each[i],) * 2 for name, each in ends.items()}, GOALS[0]) for i in (0, 1)]
    ratios = (float(x.range(x.classes()[-1][0] / x.classes()[0][0]).log().mid()) for x in corners)
    return sorted(ratios), [2 * math.log(radius) for radius in radii]
