"""The float route beside quadratures that SciPy and NumPy offer, from the definition in k − 1 dimensions.

Each is asked for what double precision gives, or given points enough for a tenth of a second; the digits that they
reach are counted. Sobol points are eight scramblings, Monte Carlo as many points.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks import peers
from benchmarks.caches import evaluated
from benchmarks.comparison import Comparison, Scale, Side
from benchmarks.truth import digits_right
from emtheory.numerics.case import Case, make_case


def measured(scale: Scale) -> Iterator[Comparison]:
    yield _beside(make_case(3, "1/2,3/10,1/5", radius="1"), points=2**10 if scale == "tiny" else 2**16, nested=True)
    if scale != "tiny":
        yield _beside(make_case(4, "2/5,3/10,1/5,1/10", radius="1"), points=2**16, nested=False)
    if scale == "full":
        yield _beside(make_case(5, "linear", radius="1"), points=2**18, nested=False)


def _beside(case: Case, points: int, nested: bool) -> Comparison:
    right = digits_right("kl_divergence", case, 15)
    few = case.k > 4
    sides = [
        Side("float route", partial(evaluated, "kl_divergence", case, {}, 13, "float"), right),
        Side("ball route, 13 digits certified", partial(evaluated, "kl_divergence", case, {}, 13, "ball"), right),
        Side("tensor Gauss–Hermite, 20 nodes", partial(peers.gauss_hermite, case, 20), right),
        Side("trapezoidal rule in k − 1 dimensions", partial(peers.lattice_rule, case, 6 if few else 12), right),
        Side("SciPy cubature", partial(peers.cubature, case, 4 if few else 8), right),
        Side("scrambled Sobol points", partial(peers.sobol, case, points), right),
        Side("Monte Carlo", partial(peers.monte_carlo, case, points), right),
    ]
    if nested:
        sides.append(Side("SciPy nquad", partial(peers.nquad, case, 8), right))
    return Comparison(f"KL, k = {case.k}, radius 1", tuple(sides))
