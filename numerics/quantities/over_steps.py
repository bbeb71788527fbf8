"""Quantities of population EM's trajectory from a point."""

from emtheory.numerics.quantity import Argument, Quantity

QUANTITIES = (
    Quantity(
        "iterations_to_kl",
        "population EM steps from the point until KL is at most eps",
        {
            "exact": "any_point.exact_values:iterations_to_kl",
            "ball": "trajectories.ball_radius:iterations_to_kl",
            "mp": ("ray.scan:by", "mp", "iterations_to_kl"),
            "float": "trajectories.float_amplitudes:iterations_to_kl",
        },
        needs_point=True,
        arguments=(Argument("eps", "positive", "target KL in nats"),),
        proof="trajectories.ball_radius:prove_iterations_to_kl",
        # M = Λ′ rises along the ray, as Λ is convex, and KL′ = r − M is not negative.
        monotone={"radius": 1, "eps": -1},
        leaves_simplex=True,
    ),
    Quantity(
        "asymptotic_rate",
        "$lim ‖θ_{t+1}‖/‖θ_t‖$ of population EM from the point",
        {
            "exact": "any_point.exact_values:asymptotic_rate",
            "mp": ("ray.scan:by", "mp", "asymptotic_rate"),
            "float": "trajectories.float_amplitudes:asymptotic_rate",
        },
        needs_point=True,
        constant_on_ray=True,
    ),
)
