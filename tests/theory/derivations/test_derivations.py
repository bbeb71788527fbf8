import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy
from sympy import MatMul, MatrixSymbol, Rational

from emtheory.theory.cumulants import fourth_cumulant
from emtheory.theory.derivations import derive, module_of, names, statement_of
from emtheory.theory.fourier import matrix_a, root_of_unity, squared_modulus
from emtheory.theory.proof.derivation import Derivation, DerivationError
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.mutation import Mutant, mutants
from emtheory.theory.simplex import vertices
from emtheory.theory.theorems import THEOREMS

STATEMENTS = {name: statement_of(name) for name in names()}

CASES = [
    (name, k)
    for name, statement in STATEMENTS.items()
    for k in (None, 2, 3, 4)
    if (statement.general if k is None else statement.smallest_k <= k <= statement.largest_k)
]
USUAL = [
    (name, k) for name, k in CASES if k in (None, min(STATEMENTS[name].largest_k, max(3, STATEMENTS[name].smallest_k)))
]
LARGEST = [(name, statement.largest_k) for name, statement in STATEMENTS.items() if statement.largest_k]


def assert_complete(derivation: Derivation, name: str, k: int | None) -> None:
    assert (derivation.name, derivation.k, derivation.title) == (name, k, STATEMENTS[name].title)
    assert derivation.statement.conclusions
    assert len(derivation.evidence) == len(derivation.steps)
    for step, evidence in zip(derivation.steps, derivation.evidence, strict=True):
        assert (evidence is None) == (step.kind not in ("equation", "inequality"))
        assert bool(step.theorem) == (step.kind == "theorem")
    checked = derivation.rests_on["equations"] + derivation.rests_on["inequalities"]
    assert checked > 0


@pytest.mark.parametrize(("name", "k"), CASES)
def test_every_statement_is_derived(name: str, k: int | None) -> None:
    assert_complete(derive(name, k), name, k)


@pytest.mark.long
@pytest.mark.parametrize(("name", "k"), LARGEST)
def test_the_range_is_what_it_says(name: str, k: int) -> None:
    assert_complete(derive(name, k), name, k)


def survivors(name: str, k: int | None, per_formula: int | None) -> list[Mutant]:
    """Return the changes that nothing noticed and the derivation's module does not explain."""
    explained = getattr(module_of(name), "SURVIVORS", {})
    made = mutants(derive(name, k), per_formula)
    return [mutant for mutant in made if mutant.outcome == "survived" and mutant.change not in explained]


@pytest.mark.parametrize("name", ["contraction-bound", "descent", "pl-inequality", "necessity", "dft"])
def test_changes_are_noticed(name: str) -> None:
    """One change in each formula; the long tests make more of them in all derivations."""
    assert survivors(name, None, 1) == []


@pytest.mark.long
@pytest.mark.parametrize(("name", "k"), USUAL)
def test_changes_of_every_derivation_are_noticed(name: str, k: int | None) -> None:
    assert survivors(name, k, 12) == []


def changed(name: str, k: int | None, place: int, formula: sympy.Basic) -> Derivation:
    """Return a derivation with another formula in a step, or, for place −1, as its first conclusion."""
    derivation = derive(name, k)
    if place < 0:
        said = (formula, *derivation.statement.conclusions[1:])
        return replace(derivation, statement=replace(derivation.statement, conclusions=said))
    steps = list(derivation.steps)
    steps[place] = replace(steps[place], formula=formula)
    return replace(derivation, steps=tuple(steps))


def twins() -> dict[str, tuple[str, int | None, int, sympy.Basic]]:
    """Statements and steps one might mistake for the true ones."""
    r, k = sympy.symbols("r k", positive=True)
    radius = sympy.Symbol("r", nonnegative=True)
    bound = next(c for c in derive("contraction-bound", None).statement.conclusions if c.has(sympy.exp(-(radius**2))))
    inner = number("contraction-bound", None, "inner products")
    products = derive("contraction-bound", None).steps[inner].formula
    cancelled = number("kl-expansion", None, "KL")
    expansion = derive("kl-expansion", None).steps[cancelled].formula
    turned = related(MatMul(MatrixSymbol("R", 2, 2).T, MatrixSymbol("V", 2, 3)), "==", vertices(3))
    return {
        "the bound with a growing exponential": (
            "contraction-bound",
            None,
            -1,
            bound.xreplace({sympy.exp(-(radius**2)): sympy.exp(radius**2)}),
        ),
        "inner products from below": (
            "contraction-bound",
            None,
            inner,
            related(products.lhs, ">=", products.rhs),
        ),
        "KL over 4k": (
            "kl-expansion",
            None,
            cancelled,
            related(expansion.lhs, "==", expansion.rhs - r**4 / (4 * (k - 1)) + r**4 / (4 * k)),
        ),
        "rotation backwards": ("simplex", 3, -1, turned),
    }


def number(name: str, k: int | None, label: str) -> int:
    return [step.label for step in derive(name, k).steps].index(label)


@pytest.mark.parametrize("label", twins())
def test_wrong_twins_are_rejected(label: str) -> None:
    with pytest.raises(DerivationError):
        changed(*twins()[label])


def test_unknown_statements_and_sizes_are_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"no statement 'steins-identity'; there are .*stein-identity"):
        derive("steins-identity", 3)
    with pytest.raises(ValueError, match="2 <= k <= 5, not for k = 6"):
        derive("stein-identity", 6)
    with pytest.raises(ValueError, match="not for k = 1"):
        derive("simplex", 1)


def test_the_list_of_statements_needs_no_sympy() -> None:
    code = "import sys, emtheory.theory.derivations as d; print(len(d.names()), 'sympy' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == [str(len(STATEMENTS)), "False"]


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_fourth_cumulant_is_the_contracted_fourth_derivative(k: int) -> None:
    """Brute force: all fourth derivatives of log Σ π_j e^{y_j} at 0, against products of cosines."""
    weights = [Rational(2 * j + 1, k * k) for j in range(k)]
    y = sympy.symbols(f"y_:{k}")
    log_partition = sympy.log(sympy.Add(*(p * sympy.exp(v) for p, v in zip(weights, y, strict=True))))
    derivatives = {}
    for indices in product(range(k), repeat=4):
        key = tuple(sorted(indices))
        if key not in derivatives:
            derivative = sympy.diff(log_partition, *(y[i] for i in key))
            derivatives[key] = float(derivative.subs(dict.fromkeys(y, 0)))
    transform = [sum(float(p) * complex(root_of_unity(j * m, k)) for j, p in enumerate(weights)) for m in range(k)]
    for m, n in product(range(1, k), repeat=2):
        contracted = sum(
            np.cos(2 * np.pi * m * (a - b) / k)
            * np.cos(2 * np.pi * n * (c - d) / k)
            * derivatives[tuple(sorted((a, b, c, d)))]
            for a, b, c, d in product(range(k), repeat=4)
        )
        assert complex(fourth_cumulant(transform, m, n)) == pytest.approx(contracted, abs=1e-12)


def test_the_hessian_in_the_amplitudes_agrees_with_differences_of_cubature() -> None:
    """k = 4: differences of Λ in (ρ_1, ρ_2), from three-dimensional Gauss-Hermite cubature of the raw definition."""
    k, weights = 4, np.array([0.5, 0.25, 0.125, 0.125])
    nodes, mass = np.polynomial.hermite_e.hermegauss(48)
    x = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij")).reshape(3, -1)
    measure = np.prod(np.meshgrid(mass, mass, mass, indexing="ij"), axis=0).ravel() / (2 * np.pi) ** 1.5
    angles = np.pi / 2 * np.arange(k)

    def posterior_and_partition(first: float, second: float) -> tuple[np.ndarray, float]:
        means = np.stack([first * np.cos(angles), first * np.sin(angles), second * np.cos(2 * angles)])
        terms = weights[:, None] * np.exp(means.T @ x)
        total = terms.sum(axis=0)
        return terms / total, float(measure @ np.log(total))

    amplitudes, h = np.array([0.8, 0.6]), 1e-3

    def partition(*shift: float) -> float:
        return posterior_and_partition(*(amplitudes + np.array(shift)))[1]

    gamma = posterior_and_partition(*amplitudes)[0]
    transform = [np.exp(2j * np.pi * m * np.arange(k) / k) @ gamma for m in range(k)]
    hessian = np.empty((2, 2))
    for m, n in product((1, 2), repeat=2):
        curvature = float(measure @ np.real(fourth_cumulant(transform, m, n))) / 4
        beta = float(measure @ np.abs(transform[m]) ** 2)
        hessian[m - 1, n - 1] = (m == n) * beta - 4 * amplitudes[m - 1] * amplitudes[n - 1] * curvature
    center = partition(0, 0)
    diagonal = [
        (partition(h, 0) - 2 * center + partition(-h, 0)) / h**2,
        (partition(0, h) - 2 * center + partition(0, -h)) / h**2,
    ]
    mixed = (partition(h, h) - partition(h, -h) - partition(-h, h) + partition(-h, -h)) / (4 * h**2)
    assert hessian == pytest.approx(np.array([[1 - diagonal[0], -mixed], [-mixed, 1 - diagonal[1]]]), abs=1e-5)
    assert abs(mixed) > 1e-3


def test_readable_squared_moduli_are_those_of_the_derived_matrix() -> None:
    """The eigenvalues of AᵀA, computed by NumPy from the exact matrix."""
    weights = [Fraction(j + 1, 15) for j in range(5)]
    A = np.array(matrix_a([Rational(w) for w in weights]), dtype=float)
    expected = sorted(float(squared_modulus(weights, m)) for m in range(1, 5))
    assert np.linalg.eigvalsh(A.T @ A) == pytest.approx(expected)


def test_every_theorem_is_cited_and_every_general_derivation_computes() -> None:
    general = [derive(name, None) for name, statement in STATEMENTS.items() if statement.general]
    kinds = [{step.kind for step in derivation.steps} for derivation in general]
    assert all("equation" in kind for kind in kinds)
    single = [derive(name, statement.smallest_k) for name, statement in STATEMENTS.items() if not statement.general]
    cited = {step.theorem for derivation in (*general, *single) for step in derivation.steps}
    assert cited - {""} == {*THEOREMS}
