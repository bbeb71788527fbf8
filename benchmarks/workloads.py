"""Requests to emtheory as data, which any commit can be asked: what is slow, and what users ask for most."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Workload:
    """One request for a quantity.

    Attributes
    ----------
    quantity, k, weights, radius, amplitudes, digits, route
        As `emtheory evaluate` takes them.
    arguments
        The quantity's arguments, as text.
    seconds
        What was promised for it, or None.
    faster
        How many times faster than at an earlier commit it was promised to be, or None.
    otherwise
        What bounds it if a promise is not kept.
    scale
        The smallest scale that measures it.
    """

    quantity: str
    k: int
    weights: str
    digits: int
    radius: str | None = "1"
    amplitudes: str | None = None
    arguments: dict[str, str] = field(default_factory=dict)
    route: str = "ball"
    seconds: float | None = None
    faster: float | None = None
    otherwise: str = ""
    scale: str = "quick"

    @property
    def name(self) -> str:
        """The request in short."""
        point = f", radius {self.radius}" if self.radius else ""
        point += f", amplitudes {self.amplitudes}" if self.amplitudes else ""
        given = "".join(f", {name} = {value}" for name, value in self.arguments.items())
        route = "" if self.route == "ball" else f", {self.route}"
        return f"{self.quantity}: k = {self.k}, {self.weights}{point}{given}, {self.digits} digits{route}"

    def run(self) -> Any:
        """Ask for it, with everything that belongs to the request but the imports."""
        from emtheory.numerics.case import make_case  # noqa: PLC0415
        from emtheory.numerics.evaluate import evaluate  # noqa: PLC0415

        radius = None if self.radius is None else Fraction(self.radius)
        case = make_case(self.k, self.weights, radius=radius, amplitudes=self.amplitudes)
        exact = {name: Fraction(value) for name, value in self.arguments.items()}
        return evaluate(self.quantity, case, exact, self.digits, self.route)


THREE = "1/2,3/10,1/5"
M1 = {"m": "1"}
FOUR = "2/5,3/10,1/5,1/10"
UNIT_SPHERE = {"radius": "1"}
TABLES = "Samples and their sums are shared by all weights; what is left are the products over the nodes."
RAY = (
    "By timing: where nothing is crossed, five sixths are certified values at forty to ninety radii, some milliseconds "
    "each, of which models are made; at a crossing two fifths are, at thirty radii, and most of the rest finds it to "
    "all digits."
)
SPHERE = (
    "The patches of directions that a bound of second order leaves are as many as before; what is gained is in the "
    "tables of each."
)

WORKLOADS = (
    Workload("kl_divergence", 3, THREE, 15, scale="tiny"),
    Workload("kl_divergence", 3, THREE, 30),
    Workload("kl_divergence", 10, "linear", 15),
    Workload("kl_divergence", 10, "linear", 30, faster=3, otherwise=TABLES),
    Workload("kl_divergence", 64, "linear", 30),
    Workload("kl_divergence", 4096, "one-heavy:1/2", 22),
    Workload("kl_divergence", 4096, "linear", 22, seconds=8),
    Workload("kl_divergence", 5, "linear", 30, radius="1e-60"),
    Workload("kl_divergence", 4, FOUR, 15, radius=None, amplitudes="9/10,2/5"),
    Workload("posterior_power", 3, THREE, 15, arguments=M1),
    Workload("posterior_power", 3, THREE, 30, arguments=M1),
    Workload("posterior_power", 10, "linear", 30, arguments=M1),
    Workload("pl_ratio", 3, THREE, 30),
    Workload("hessian_min_eigenvalue", 3, THREE, 30),
    Workload("hessian_min_eigenvalue", 10, "linear", 30),
    Workload("hessian_min_eigenvalue", 1000, "one-heavy:0.99", 10, radius="2.64"),
    Workload("hessian_min_eigenvalue", 2, "uniform", 15, radius="200"),
    Workload("kl_divergence", 2, "1/3,2/3", 60, radius="1/10000"),
    Workload("lloyd_radius", 4096, "uniform", 30, radius=None),
    Workload("pl_constant", 2, "4/5,1/5", 20, radius=None, arguments={"radius": "2"}, faster=10, otherwise=RAY),
    Workload("worst_contraction_factor", 5, "one-heavy:3/5", 20, radius=None, arguments={"radius": "2"}),
    Workload("strong_convexity_radius", 3, THREE, 10, radius=None, faster=10, otherwise=RAY),
    Workload(
        "strong_convexity_radius",
        4,
        "0.97,0.01,0.01,0.01",
        10,
        radius=None,
        arguments={"fraction": "3/4"},
        faster=10,
        otherwise=RAY,
    ),
    Workload(
        "worst_direction_contraction_factor",
        4,
        FOUR,
        3,
        radius=None,
        arguments=UNIT_SPHERE,
        faster=10,
        otherwise=SPHERE,
    ),
    Workload(
        "worst_direction_min_eigenvalue", 4, FOUR, 3, radius=None, arguments=UNIT_SPHERE, faster=10, otherwise=SPHERE
    ),
    Workload("worst_contraction_radius", 4, "one-heavy:9/10", 5, radius=None, arguments={"factor": "3/10"}),
    Workload(
        "worst_direction_contraction_factor", 5, "one-heavy:3/5", 2, radius=None, arguments=UNIT_SPHERE, scale="full"
    ),
    Workload(
        "worst_convexity_radius", 4, "one-heavy:9/10", 1, radius=None, arguments={"fraction": "2/3"}, scale="full"
    ),
    Workload("iterations_to_kl", 3, THREE, 10, arguments={"eps": "1e-6"}),
    Workload("iterations_to_kl", 3, "9/20,3/10,1/4", 10, radius="2", arguments={"eps": "1e-9"}),
    Workload("iterations_to_kl", 3, "uniform", 10, arguments={"eps": "1e-4"}, scale="full"),
    Workload("iterations_to_kl", 3, "uniform", 10, arguments={"eps": "1e-6"}, scale="full"),
    Workload("iterations_to_kl", 3, "uniform", 10, arguments={"eps": "1e-8"}, scale="full"),
)


def chosen(scale: str) -> list[Workload]:
    """Return the workloads that a scale measures."""
    scales = ("tiny", "quick", "full")
    return [workload for workload in WORKLOADS if scales.index(workload.scale) <= scales.index(scale)]
