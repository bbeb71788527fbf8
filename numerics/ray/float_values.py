"""What double precision finds over the simplex ray and along trajectories on it, by scan and refinement."""

from functools import partial

from emtheory.numerics.any_point import float_values as at_point
from emtheory.numerics.level import Level
from emtheory.numerics.ray import scan

_SOURCE = scan.Source("float", Level.OBSERVED, at_point, digits=6)

strong_convexity_radius = partial(scan.strong_convexity_radius, _SOURCE)
contraction_radius = partial(scan.contraction_radius, _SOURCE)
pl_radius = partial(scan.pl_radius, _SOURCE)
pl_constant = partial(scan.pl_constant, _SOURCE)
worst_contraction_factor = partial(scan.worst_contraction_factor, _SOURCE)
iterations_to_kl = partial(scan.iterations_to_kl, _SOURCE)
asymptotic_rate = partial(scan.asymptotic_rate, _SOURCE)
