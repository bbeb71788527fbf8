"""The best mixing distribution, located: theorems on few points, and twins that are slightly wrong."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.atoms import Atoms, locate_atoms, prove_maximum
from emtheory.numerics.npmle.problem import Problem, make_mixing, make_problem
from emtheory.numerics.npmle.propose import propose
from tests.numerics.npmle.reference import Array


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
