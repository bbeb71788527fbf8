"""What is derived: all of it, under the hypotheses that it needs, and each statement with numbers of its own."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy
from sympy import ImmutableMatrix, MatMul, Rational

from emtheory.reports.catalogue.pages import pages
from emtheory.theory.claims import catalogue
from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.errors import DerivationError
from emtheory.theory.fourier import matrix_a
from emtheory.theory.mixture import free_weights
from emtheory.theory.proof.derivation import IN_WORDS, Derivation, Statement
from emtheory.theory.proof.formula import with_implied
from emtheory.theory.proof.notation import line
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.step_text import step_latex
from emtheory.theory.prose.formula import pieces
from emtheory.theory.prose.unicode_text import plain
from emtheory.theory.simplex import rotation, vertices
from emtheory.theory.sums import DIMENSION
from emtheory.theory.theorems import THEOREMS
from tests.theory.derivations.outside import extensions, others, population, samples, shapes
from tests.theory.derivations.outside.reading import READINGS
from tests.theory.derivations.statement_values import symbols
from tests.theory.prose.test_catalogue import MATHEMATICS
from tests.tiers import first_every_day

DOCS = Path(__file__).parents[3] / "docs"
STATEMENTS = {name: statement_of(name) for name in names()}


def sizes(statement: Statement) -> list[int | None]:
    """For every k if there is such a derivation, the usual k, and the smallest one."""
    return list(dict.fromkeys((*statement.shown, *([statement.smallest_k] if statement.largest_k else []))))


CASES = [(name, k) for name, statement in STATEMENTS.items() for k in sizes(statement)]
USUAL = [(name, k) for name, statement in STATEMENTS.items() for k in sizes(statement)[: statement.general + 1]]
LATER = ("convexity-four", "convexity-square", "convexity-three", "three-fitted-weights")
FINITE = [(name, k) for name, k in USUAL if not STATEMENTS[name].general and name not in LATER]
"""What is derived for single k only; tests of their statements derive the others, for every k, every day."""

ENDS = [(name, statement.largest_k) for name, statement in STATEMENTS.items() if statement.largest_k]
DEAR = ("dft", "em-operator", "gradient", "group-dicyclic", "matrix-a")
"""In coordinates of twelve components, or as many: half a minute."""
LARGEST = [case for case in ENDS if case not in CASES and case[0] not in DEAR]


def assert_complete(derivation: Derivation, name: str, k: int | None) -> None:
    assert (derivation.name, derivation.k, derivation.title) == (name, k, STATEMENTS[name].title)
    said = derivation.statement
    assert said.text
    assert said.conclusions
    texts = [derivation.title, derivation.source, derivation.scope, said.text, said.legend, said.note]
    texts += [step.explanation for step in derivation.steps]
    assert not any(MATHEMATICS.search(piece) for text in texts for piece in pieces(text) if isinstance(piece, str))
    assert len(derivation.evidence) == len(derivation.steps)
    for step, evidence in zip(derivation.steps, derivation.evidence, strict=True):
        assert (evidence is None) == (step.kind not in ("equation", "inequality"))
        assert bool(step.theorem) == (step.kind == "theorem")
        if step.formula is not None and step.formula.count_ops() < 2000:
            assert pieces(f"${line(step.formula)}$")
        # Its formula in LaTeX is ASCII, and the names in it are known.
        latex = step_latex(step)
        assert latex.isascii()
        assert r"\text{" not in latex.replace(r"\text{for}", "").replace(r"\text{otherwise}", "")


@pytest.mark.parametrize(("name", "k"), [*FINITE, *first_every_day(0, [case for case in CASES if case not in FINITE])])
def test_every_statement_is_derived(name: str, k: int | None) -> None:
    assert_complete(derive(name, k), name, k)


@pytest.mark.long
@pytest.mark.parametrize(("name", "k"), LARGEST)
def test_the_range_is_what_it_says(name: str, k: int) -> None:
    assert_complete(derive(name, k), name, k)


COORDINATES = [case for case in USUAL if case[1] and case not in FINITE]


@pytest.mark.parametrize(("name", "k"), [*FINITE, *first_every_day(0, COORDINATES)])
def test_every_equation_in_coordinates_is_needed_to_be_true(name: str, k: int | None) -> None:
    """Each equation of its own with its right side slightly changed, in one entry, must be rejected."""
    derivation = derive(name, k)
    for number, step in enumerate(derivation.steps, start=1):
        if step.kind != "equation" or step.rule:
            continue
        value = step.rhs.doit()
        value = value.as_explicit() if isinstance(value, sympy.MatrixExpr) else value
        if isinstance(value, sympy.MatrixBase):
            entries = value.as_mutable()
            entries[value.rows - 1, value.cols - 1] += Rational(1, 10**9)
            twin = entries.as_immutable()
        else:
            twin = value + Rational(1, 10**9)
        steps = list(derivation.steps)
        steps[number - 1] = with_right_side(step, twin)
        with pytest.raises(DerivationError, match=f"{name}, {derivation.number}, step {number}:"):
            replace(derivation, steps=tuple(steps))


def with_right_side(step: Step, rhs: sympy.Basic) -> Step:
    return replace(step, formula=sympy.Eq(step.lhs, rhs, evaluate=False))


def wrong_twins() -> dict[str, tuple[str, str, Callable[[sympy.Basic], sympy.Basic]]]:
    """What one might mistake for the right side of a step: the derivation, how its explanation begins, the mistake."""
    A, identity = matrix_a(free_weights(3)), ImmutableMatrix.eye(2)
    pi_0 = sympy.Symbol("pi_0", positive=True)
    return {
        "Hessian without the transpose": ("hessian", "R is orthogonal", lambda _: A * A),
        "Hessian A instead of AᵀA": ("hessian", "R is orthogonal", lambda _: A),
        "A for AᵀA at the origin": ("stein-identity", "There G", lambda rhs: rhs.args[1]),
        "posterior with a squared weight": ("em-operator", "E-step", lambda rhs: rhs.xreplace({pi_0: pi_0**2})),
        "rotation backwards": ("simplex", "R takes", lambda _: MatMul(rotation(3).T, vertices(3))),
        "reflection": ("simplex", "Rᵏ = I", lambda _: -identity),
    }


@pytest.mark.parametrize("label", wrong_twins())
def test_wrong_twins_are_rejected(label: str) -> None:
    name, beginning, mistaken = wrong_twins()[label]
    derivation = derive(name, 3)
    chosen = [
        step for step in derivation.steps if plain(step.explanation).startswith(beginning) and step.kind == "equation"
    ]
    assert len(chosen) == 1
    rhs = mistaken(chosen[0].rhs)
    assert rhs != chosen[0].rhs
    steps = [with_right_side(step, rhs) if step is chosen[0] else step for step in derivation.steps]
    with pytest.raises(DerivationError, match=rf"{name}, k = 3, step \d+: the sides differ"):
        replace(derivation, steps=tuple(steps))


def test_unknown_statements_and_sizes_are_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="did you mean stein-identity"):
        derive("steins-identity", 3)
    with pytest.raises(ValueError, match="2 <= k <= 5, not for k = 6"):
        derive("stein-identity", 6)
    with pytest.raises(ValueError, match="not for k = 1"):
        derive("simplex", 1)


def test_the_list_of_statements_needs_no_sympy() -> None:
    code = "import sys, emtheory.theory.derivations as d; print(len(d.names()), 'sympy' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == [str(len(STATEMENTS)), "False"]


@pytest.mark.long
def test_the_pages_on_the_statements_have_these_derivations() -> None:
    """If this fails, run `emtheory claims --docs docs`."""
    for name, text in pages(catalogue()).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


@pytest.mark.long
def test_every_theorem_is_cited_and_every_general_derivation_computes() -> None:
    general = [derive(name, None) for name, statement in STATEMENTS.items() if statement.general]
    kinds = [{step.kind for step in derivation.steps} for derivation in general]
    assert all(kind & {"equation", "inequality"} for kind in kinds)
    single = [derive(name, statement.smallest_k) for name, statement in STATEMENTS.items() if not statement.general]
    cited = {step.theorem for derivation in (*general, *single) for step in derivation.steps}
    assert cited - {""} == {*THEOREMS}


assert all((extensions, others, population, samples, shapes))


def test_every_statement_has_an_independent_test() -> None:
    """In the table of models, or of its own: then its name is in a mark."""
    marked = {
        ast.literal_eval(name)
        for path in Path(__file__).parent.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.statement"
        for name in node.args
    }
    assert {*names()} == marked | {*READINGS}


ONLY_A_STEP = {
    ("matrix-a", "dft"): "of its conclusions on every frequency, of which some are for all m",
    ("flat-spectrum", "dft"): "as for matrix-a",
    ("spectral-mean", "dft"): "as for matrix-a",
}
"""Quotations of what needs less than a statement's conclusions."""

EVERY_DAY = ("asymptotic-factor", "descent", "global-convergence", "gradient-em", "necessity")
"""Derivations whose statements lacked what those that they quote need."""


def made(name: str) -> Derivation:
    return derive(name, STATEMENTS[name].shown[0])


def quoted_in_words(derivation: Derivation) -> Iterator[tuple[str, str]]:
    """Yield the kinds of steps that speak of statements without quoting them, and the names of these."""
    for step in derivation.steps:
        for phrase in re.findall(r"[Ss]tatements? ([a-z, -]+)", step.explanation if step.quotation is None else ""):
            yield from ((step.kind, word) for word in re.findall(r"[a-z]+(?:-[a-z]+)*", phrase) if word in STATEMENTS)


@pytest.mark.parametrize(
    "name", [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.long) for name in names()]
)
def test_words_say_what_no_rule_is_for_and_quote_no_statement_as_citations_may_that_assume_no_more(name: str) -> None:
    derivation = made(name)
    printed = with_implied(derivation.statement.hypotheses)
    said = [step.lacks for step in derivation.steps if step.kind == "prose"]
    assert "; ".join(said) == IN_WORDS.get(name, ""), "what no rule is for, of each step in words"
    for kind, other in quoted_in_words(derivation):
        assert kind != "prose", f"{name} speaks of {other} in words"
        needed = [set(grounds) - printed for grounds in made(other).statement.grounds]
        assert not all(needed) or (name, other) in ONLY_A_STEP, f"{other} needs {min(needed, key=len)}"


def test_a_constant_that_depends_on_the_weights_is_there_not_any() -> None:
    text = made("sublinear-rate").statement.text
    assert re.search("there is \\$C [>≥] 0\\$, for all", text)
    assert not re.search("for all[^:]*\\$C [>≥] 0\\$[^:]*:", text.split("there is")[0])


@pytest.mark.parametrize(
    ("name", "family"), [("pl-inequality", "x"), ("gradient-em", "x"), ("covariance-hessian", "w")]
)
def test_sums_over_coordinates_are_over_all_of_them(name: str, family: str) -> None:
    """In more dimensions than components have d > k coordinates; eigenvalues are as many."""
    formulas = [step.formula for step in made(name).steps if step.formula is not None]
    found = [part for formula in formulas for part in formula.atoms(sympy.Sum)]
    sums = [part for part in found if f"{family}[{part.variables[0]}]" in str(part.function)]
    assert sums
    assert {upper for part in sums for _, _, upper in part.limits} == {DIMENSION - 1}


@pytest.mark.statement("hyperbolic-bounds")
def test_bounds_on_hyperbolic_functions() -> None:
    u = symbols("hyperbolic-bounds")["u"]
    with mpmath.workdps(40):
        for conclusion in derive("hyperbolic-bounds", None).statement.conclusions:
            left, right = (sympy.lambdify(u, side, "mpmath") for side in conclusion.args)
            assert conclusion.rel_op == "<="
            assert all(left(mpmath.mpf(at)) <= right(mpmath.mpf(at)) for at in (0, 0.01, 0.4, 1, 1.7, 2.5, 9))
            # Equal at 0 and no further than the next term of the series.
            assert abs(left(mpmath.mpf("0.01")) - right(mpmath.mpf("0.01"))) < 1e-6


@pytest.mark.statement("symmetric-sample")
@pytest.mark.long
def test_the_limits_for_the_line_and_the_plane() -> None:
    generator = np.random.default_rng(11)
    *_, line, plane = derive("symmetric-sample", None).statement.conclusions
    y = symbols("symmetric-sample")["y"]
    for law, n, trials, d in ((line, 2000, 600, 1), (plane, 1000, 400, 2)):
        points = generator.normal(size=(trials, n, d))
        theta = np.full((trials, d), 0.5)
        for _ in range(300 if d == 1 else 250):
            along = np.einsum("tnd,td->tn", points, theta)
            theta = np.einsum("tnd,tn->td", points, np.tanh(along)) / n
        zero = np.linalg.eigvalsh(np.einsum("tnd,tne->tde", points, points) / n)[:, -1] <= 1
        scaled = np.where(zero, 0, np.sqrt(n) * np.sum(theta**2, axis=1))
        for bound in (0.0, 0.8, 1.5, 2.5):
            assert np.mean(scaled <= bound) == pytest.approx(float(law.rhs.subs(y, bound)), abs=0.07)
    # Of a Wishart matrix the Bartlett decomposition: no need for the points.
    many, n = 20000, 2000
    first, second = np.sqrt(generator.chisquare(n, many)), np.sqrt(generator.chisquare(n - 1, many))
    a, b = first**2, first * generator.normal(size=many)
    c = second**2 + (b / first) ** 2
    largest = ((a + c) / 2 + np.hypot((a - c) / 2, b)) / n
    for bound in (0.0, 1.0, 2.0):
        assert np.mean(np.sqrt(n) * (largest - 1) <= bound) == pytest.approx(float(plane.rhs.subs(y, bound)), abs=0.02)
