"""Gaps and likelihoods against EM by other code; atoms located by theorems on few points, and twins that are wrong."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import emtheory
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.atoms import Atoms, locate_atoms, prove_maximum
from emtheory.numerics.npmle.evidence import DEFAULT_GAPS, search
from emtheory.numerics.npmle.problem import Problem, make_mixing, make_problem
from emtheory.numerics.npmle.propose import propose
from tests.numerics.npmle.reference import Array, em_on_grid, gradient_plus_one, mean_log_likelihood

GALAXIES = np.loadtxt(Path(__file__).parents[3] / "examples" / "data" / "galaxies.csv", skiprows=1)[:, None]


def test_galaxies() -> None:
    """82 velocities in 1000 km/s (Roeder 1990): six atoms with a kernel of variance 1; EM on a grid comes near them."""
    problem = make_problem(GALAXIES, Fraction(1))
    evidence, reason = search(problem, None, Fraction(1, 10**8), locate=True)
    assert reason == ""
    assert evidence.atoms.mixing.k == 6
    assert evidence.gap[0] == 0
    assert evidence.gap[1] < Fraction(1, 10**8)
    low, high = map(float, evidence.log_likelihood)
    assert low <= mean_log_likelihood(GALAXIES, evidence.mixing.atoms, evidence.mixing.weights, 1) <= high + 1e-13
    grid = em_on_grid(GALAXIES, 1, 0.05, 3000)
    assert high - 1e-3 < grid <= high + float(evidence.gap[1])
    values = gradient_plus_one(
        GALAXIES, evidence.mixing.atoms, evidence.mixing.weights, 1.0, evidence.mixing.atoms.tolist()
    )
    assert max(abs(value - 1) for value in values) < 1e-12


NPMLREG = (
    ("461.0", 3.026, [9.865, 21.876], [0.08694133, 0.91305867]),
    ("425.4", 2.079, [9.75, 21.40, 32.94], [0.08590000, 0.87690389, 0.03719611]),
    ("416.5", 1.315, [9.71, 20.00, 23.50, 33.04], [0.08536797, 0.52624187, 0.35180277, 0.03658738]),
)
"""−2 log L, σ, means and weights for the galaxies as the R package npmlreg prints them in its vignette.

Einbeck and Hinde (2018), "Nonparametric maximum likelihood estimation for random effect models in R", version 0.46-5.
Its EM stops early: the fit of four is still 0.003 away in σ.
"""


def test_published_fits_with_one_variance() -> None:
    """Maxima near them have their likelihoods; so has the fit of four, which is not the best with its σ."""
    for printed, sigma, means, weights in NPMLREG:
        atoms = np.array(means)[:, None]
        given = {"covariance_type": "tied", "weights": weights, "means": atoms, "covariances": [[sigma**2]]}
        found = emtheory.certify_fit(given, GALAXIES)
        assert found.strict_local_maximum
        assert f"{-164 * float(found.log_likelihood.upper):.1f}" == printed
        assert found.means.lower == pytest.approx(atoms, rel=2e-3)
        assert found.covariances.lower[0, 0, 0] ** 0.5 == pytest.approx(sigma, rel=2e-3)
    problem = make_problem(GALAXIES, Fraction(str(sigma)) ** 2)
    evidence, _ = search(problem, make_mixing(problem, atoms, np.array(weights)), Fraction(1, 10**8), locate=False)
    assert -164 * float(evidence.log_likelihood[0]) == pytest.approx(float(printed), abs=0.06)
    assert 164 * evidence.gap[0] > 5


def test_a_fit_that_is_not_the_best_has_a_gap_that_is_known_from_both_sides() -> None:
    problem = make_problem(GALAXIES, Fraction(1))
    best, _ = search(problem, None, Fraction(1, 10**8), locate=False)
    atoms, weights = np.array([[9.7], [20.0], [23.0], [33.0]]), np.array([0.1, 0.5, 0.35, 0.05])
    fit = make_mixing(problem, atoms, weights)
    evidence, _ = search(problem, fit, Fraction(1, 10**8), locate=False)
    direct = mean_log_likelihood(GALAXIES, best.mixing.atoms, best.mixing.weights, 1) - mean_log_likelihood(
        GALAXIES, atoms, weights, 1
    )
    assert float(evidence.gap[0]) - 1e-12 <= direct <= float(evidence.gap[1])
    assert evidence.gap[1] - evidence.gap[0] < Fraction(1, 10**8)
    assert direct > 0.01
    # Of points on a diagonal, in the cover of which there are cells that none is near: three atoms are best.
    problem = make_problem(np.array([[-1.8], [0.2], [3.2]]) * np.ones(2), Fraction(1, 100))
    evidence, _ = search(problem, make_mixing(problem, problem.points[:1], np.ones(1)), Fraction(1, 10), locate=False)
    assert evidence.gap == pytest.approx((50 * (8 + 50) / 3 - np.log(3),) * 2, abs=1e-6)


def nasty(kind: int, rng: np.random.Generator) -> tuple[Array, Fraction]:
    m, n = int(rng.integers(1, 3)), int(rng.integers(1, 40))
    data = rng.normal(size=(n, m)) * 3
    variance = Fraction(int(rng.integers(1, 20)), 4)
    match kind % 8:
        case 0:
            data = data[:1]
        case 1:
            data = np.repeat(data, 3, axis=0)
        case 2:
            data = np.sign(data) * 20 + data / 100
        case 3:
            data = rng.standard_cauchy(size=(n, m))
        case 4:
            data[:, -1] = 7
        case 5:
            data, variance = data * 1e150, min(variance, Fraction(1)) * Fraction(10) ** 300
        case 6:
            data, variance = data * 1e-150, max(variance / Fraction(10) ** 300, Fraction(1, 10**300))
        case _:
            data = np.rint(data)
    return data, variance


def test_nasty_data_never_have_a_wrong_certificate() -> None:
    """EM on a grid of atoms may come no higher than the likelihood and gap that are certified, nor atoms be unlike."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        data, variance = nasty(seed, rng)
        problem = make_problem(data, variance)
        evidence, _ = search(problem, None, DEFAULT_GAPS[problem.m], locate=True)
        assert evidence.gap[1] <= DEFAULT_GAPS[problem.m], seed
        scale = problem.scale
        units = data * scale
        if np.ptp(units, axis=0).max() > 60:
            continue
        reached = em_on_grid(units, 1.0, 0.1 if problem.m == 1 else 0.5, 300) + problem.m * np.log(scale)
        assert reached <= float(evidence.log_likelihood[1] + evidence.gap[1]) + 1e-9, seed
        assert reached > float(evidence.log_likelihood[0]) - 0.2, seed
        if evidence.atoms is not None and problem.m == 1:
            again = make_problem(-data[::-1] + 0.0, variance)
            mirrored, _ = search(again, None, DEFAULT_GAPS[1], locate=True)
            if mirrored.atoms is not None:
                ours = evidence.atoms.mixing.atoms.ravel()
                assert np.allclose(np.sort(-mirrored.atoms.mixing.atoms.ravel()), np.sort(ours), atol=1e-9 / scale)


def test_fits_out_of_sight_are_refused() -> None:
    problem = make_problem(np.array([[0.0], [1e6]]), Fraction(1))
    with pytest.raises(CannotAnswerError, match="standard deviations of the kernel from every atom"):
        search(problem, make_mixing(problem, np.array([[0.0]]), np.array([1.0])), Fraction(1, 10), locate=False)


def located(data: Array, variance: int | Fraction = 1) -> tuple[Problem, Atoms]:
    problem = make_problem(data, Fraction(variance))
    return problem, locate_atoms(problem, propose(problem, 1e-8))


@pytest.mark.parametrize(("distance", "k"), [(1.99, 1), (2.01, 2), (40.0, 2)])
def test_two_points_have_two_atoms_beyond_twice_the_kernels_deviation(distance: float, k: int) -> None:
    """D″ at the middle is (d²/4σ² − 1)/σ² for one atom there; beyond, atoms are at ± a with a = (d/2) tanh(ad/2)."""
    problem, atoms = located(np.array([[-distance / 2], [distance / 2]]))
    assert atoms.mixing.k == k
    a = 0.0
    if k == 2:
        a = distance / 2
        for _ in range(4000):
            a = distance / 2 * np.tanh(a * distance / 2)
    assert np.allclose(np.sort(abs(atoms.mixing.atoms.ravel())), a, atol=1e-9)
    assert problem.m == 1


def test_where_the_second_derivative_vanishes_nothing_is_certified() -> None:
    problem = make_problem(np.array([[-1.0], [1.0]]), Fraction(1))
    one = make_mixing(problem, np.array([[0.0]]), np.array([1.0]))
    with pytest.raises(CannotAnswerError):
        locate_atoms(problem, one)


def test_wrong_twins_are_not_proved() -> None:
    problem, atoms = located(np.array([[-2.0], [-1.0], [2.5], [3.0]]))
    prove_maximum(problem, atoms)
    mixing = atoms.mixing
    moved = make_mixing(problem, mixing.atoms + np.array([[1e-5], [0]]), mixing.weights)
    with pytest.raises(CannotAnswerError, match="gradient function"):
        prove_maximum(problem, replace(atoms, mixing=moved, around=np.array([1e-6, 1e-6])))
    with pytest.raises(CannotAnswerError, match="overlap"):
        prove_maximum(problem, replace(atoms, around=np.array([3.0, 3.0])))
    with pytest.raises(CannotAnswerError, match="is not known to be within"):
        prove_maximum(problem, replace(atoms, around=np.array([1e-18, 0.1])))
    with pytest.raises(CannotAnswerError, match="nor concave"):
        prove_maximum(problem, replace(atoms, around=np.array([1.7, 1.7])))


def test_a_saddle_is_not_called_the_maximum() -> None:
    """One atom in the middle of two far points solves the equations, too, and D is positive beside it."""
    problem = make_problem(np.array([[-2.0], [2.0]]), Fraction(1))
    one = make_mixing(problem, np.array([[0.0]]), np.array([1.0]))
    with pytest.raises(CannotAnswerError, match=r"is positive at .* away from the atoms"):
        locate_atoms(problem, one, np.array([0.5]))


def test_two_atoms_for_one_are_singular() -> None:
    """Symmetry is no proof: where one atom is best, two that share its weight are a box with no single zero."""
    problem = make_problem(np.array([[-0.5], [0.5]]), Fraction(1))
    two = make_mixing(problem, np.array([[-1e-9], [1e-9]]), np.array([0.5, 0.5]))
    with pytest.raises(CannotAnswerError):
        locate_atoms(problem, two)
