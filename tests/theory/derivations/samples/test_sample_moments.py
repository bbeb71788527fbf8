"""Exponential moments of steps of EM by cubature: any orthogonal maps, points and directions."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions
from tests.theory.derivations.statement_values import holds, named
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture

NAME = "sample-moments"
ALIKE = orthogonal_mixture(np.array([0.3, 0.7]), np.stack([np.eye(2), np.eye(2)]), 40)
"""Where the U_j are one map the step is x, and the bound an equality at g = 0."""


def numbers(mixture: Mixture, g: Array, h: Array) -> dict[str, float]:
    images = np.einsum("nj,jab,na->nb", mixture.posterior(g), mixture.maps, mixture.nodes)
    mean, r, s = mixture.step(g), float(np.linalg.norm(g)), float(np.linalg.norm(h))
    along = float(h @ g) / r
    values = {"s": s, "r": r, "m": float(mean @ h), "G": float(mixture.mass @ np.exp(images @ h))}
    across = float(np.sqrt(max(0.0, s**2 - along**2)))
    return values | {"a": along, "b": across, "q": float(mean @ g) / r**2, "p": 1.0}


@pytest.mark.statement("sample-moments")
@pytest.mark.parametrize("seed", range(4))
def test_moments_and_means_of_steps_are_at_most_what_is_said(seed: int) -> None:
    moment, far, near = conclusions(NAME)
    generator = np.random.default_rng(seed)
    mixture = random_mixture(seed, 3) if seed < 3 else cyclic_mixture(np.array([0.5, 0.3, 0.2]), 40)
    covered = 0
    for trial in range(30):
        g, h = generator.normal(size=(2, 2)) * generator.choice([0.1, 0.5, 1.0, 2.0], size=(2, 1))
        if trial % 3 == 0:  # nearly radial
            h = g * np.linalg.norm(h) / np.linalg.norm(g) + 0.01 * h
        at = numbers(mixture, g, h)
        at["zeta"] = max(1e-9, at["q"] * (1 - at["q"])) ** 0.5
        for conclusion in (moment, far, near):
            assert holds(conclusion, named(NAME, at), 1e-6)
        covered += holds(near.args[0], named(NAME, at))
    assert covered > 5


@pytest.mark.statement("sample-moments")
def test_no_smaller_variance_and_no_smaller_mean_would_do() -> None:
    moment, far, near = conclusions(NAME)
    at = numbers(ALIKE, np.array([1e-3, 0.0]), np.array([0.8, 0.6]))
    assert holds(moment, named(NAME, at), 1e-9)
    assert not holds(moment, named(NAME, at | {"G": 1.001 * at["G"]}), 1e-9)
    # Of a C of rank one both bounds on the mean are attained.
    for angle in (0.3, 0.9):
        for conclusion, turn in ((far, 2 * angle), (near, 1.5 * angle)):
            h = np.array([np.cos(turn), np.sin(turn)])
            x, z = 0.9 * np.cos(angle) * np.array([np.cos(angle), np.sin(angle)])
            known = {"s": 1.0, "r": 1.0, "a": h[0], "b": h[1], "p": 0.9, "q": x, "zeta": z, "m": h @ [x, z]}
            assert holds(conclusion, named(NAME, known), 1e-8)
            assert not holds(conclusion, named(NAME, known | {"m": 1.001 * known["m"] + 1e-4}), 1e-8)
