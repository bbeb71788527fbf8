from dataclasses import replace

import pytest
import sympy
from sympy import Derivative, Integral, Limit, MatAdd, MatMul, MatrixSymbol, Rational, Subs, exp, oo, sqrt
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode

from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.notation import line
from emtheory.theory.proof.step_text import formula_latex, formula_text
from emtheory.theory.prose.formula import pieces
from emtheory.theory.sums import COUNT, component, family, total

X, THETA, T = sympy.symbols("x theta t", real=True)
J, N = component("j"), component("n")
G, C = family("g", positive=True), family("c")
R = MatrixSymbol("R", 2, 2)
F = sympy.Function("rho")


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (related(X**2, "<=", exp(-(THETA**2))), "x² ≤ e^{−θ²}"),
        (related(sqrt(X + 1) * 2, "!=", 1 / X), "2·√(1 + x) ≠ 1/x"),
        (4 * X - 4, "4·(x − 1)"),
        (X ** Rational(-5, 2), "1/x^{5/2}"),
        (total(G[J] ** 2, J), "∑_j g_j²"),
        (total(G[J], J) ** 2, "(∑_j g_j)²"),
        (total(C[J, N], J, N), "∑_{jn} c_{jn}"),
        (sympy.Sum(X**T, (T, 0, oo)), "∑_{t=0…∞} x^t"),
        (sympy.Product(F(T), (T, 1, COUNT - 1)), "∏_{t=1…k − 1} ρ(t)"),
        (F(T) ** 2, "ρ(t)²"),
        (Mean(X, (X,)), "E[x]"),
        (Integral(T * X, (T, 0, 1)), "∫_0^1 (t·x) dt"),
        (Subs(Derivative(F(T), (T, 2)), T, 0), "[∂²_t ρ(t)]_{t = 0}"),
        (Limit(T * X, T, oo), "lim_{t→∞} (t·x)"),
        (related(MatMul(R.T, R), "==", sympy.Identity(2)), "Rᵀ R = I"),
        (MatAdd(MatMul(X**2, R), sympy.ImmutableMatrix([[T, 0], [0, T]])), "x² R + [t, 0; 0, t]"),
        (sympy.Implies(related(X, "<", 1), related(T, "<", 1), evaluate=False), "x < 1 ⇒ t < 1"),
        (sympy.S.Integers, "ℤ"),
        (sympy.S.Naturals0, "ℕ₀"),
        (sympy.ImmutableMatrix([[1, X], [0, 1]]), "[1, x; 0, 1]"),
    ],
)
def test_formulas_on_one_line(formula: sympy.Basic, text: str) -> None:
    assert line(formula) == text
    assert pieces(f"${text}$")


def test_a_statement_says_for_which_values_it_holds() -> None:
    p = sympy.Symbol("p", positive=True)
    statement = Proposition(
        (related(X, "<=", p), related(p, "<", COUNT)),
        (
            Variable(p, sympy.Interval.Lopen(0, 1), "a probability"),
            Variable(X, sympy.Interval(-oo, oo)),
            Variable(T, sympy.Interval(0, oo)),
            Variable(J, sympy.Range(0, oo)),
        ),
        ("weights",),
    )
    assert statement.text == "for all $0 < p ≤ 1$, $x ∈ ℝ$, $t ≥ 0$, integer $j ≥ 0$, if weights: $x ≤ p$; $p < k$"
    assert statement.legend == "$p$ is a probability"
    some = Variable(p, sympy.Interval.Lopen(0, 1), exists=True)
    assert (
        replace(statement, variables=(some, statement.variables[1])).quantified
        == "there is $0 < p ≤ 1$, for all $x ∈ ℝ$"
    )
    assert set(statement.formula.atoms(sympy.Rel)) == set(statement.conclusions)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("theta_0", r"\theta_{0}"),
        ("S_00", "S_{00}"),
        ("s^2", "s^{2}"),
        ("slope", r"\mathrm{slope}"),
        ("|γ̂_m|", r"|\hat{\gamma}_{m}|"),
        ("λ_min(∇²ℓ)", r"\lambda_{\min}(\nabla^{2}\ell )"),
        ("max_jz_j", r"\max_{j}z_{j}"),
        ("Λ_mm", r"\Lambda_{mm}"),
        ("γ̂_m−n", r"\hat{\gamma}_{m-n}"),
        ("E(m_4−3m_2²)", "E(m_{4}-3m_{2}^{2})"),
        ("‖T‖_F", r"\Vert T\Vert_{F}"),
        ("⟨h|∇²ℓ(θ)h⟩", r"\langle h|\nabla^{2}\ell (\theta )h\rangle"),
        ("KL'", r"\mathrm{KL}^{\prime}"),
        ("no ☃ such sign", r"\text{no ☃ such sign}"),
    ],
)
def test_names_in_latex(name: str, latex: str) -> None:
    assert formula_latex(sympy.Symbol(name)) == latex


def test_functions_and_the_imaginary_unit() -> None:
    m, i = sympy.symbols("m i")
    assert formula_latex(sympy.Function("|π̂|")(m)) == r"|\hat{\pi}|{\left(m \right)}"
    assert formula_latex(sympy.Function("KL")(m)) == r"\mathrm{KL}{\left(m \right)}"
    assert formula_latex(sympy.I * i) == r"\mathrm{i} i"


def test_no_integral_is_computed_to_order_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    x, a, b = sympy.symbols("x a b", real=True)
    moment = sympy.Integral(sympy.exp(-(x**2)), (x, 0, sympy.oo))

    def computed(*_args: object, **_options: object) -> None:
        raise AssertionError("the integral is computed")

    monkeypatch.setattr(sympy.Integral, "evalf", computed)
    with pytest.raises(AssertionError, match="computed"):
        sympy.sstr(a * moment + b)
    assert formula_text(a * moment + b) == "b + a*Integral(exp(-x**2), (x, 0, oo))"
    assert r"\int\limits_{0}^{\infty}" in formula_latex(a * moment + b)
    assert formula_text(b + a * sympy.Integral(b * x, (x, 0, b))) == sympy.sstr(
        b + a * sympy.Integral(b * x, (x, 0, b))
    )


@pytest.mark.parametrize("drawn", [True, False])
def test_names_are_the_same_whatever_the_terminal_can_show(drawn: bool) -> None:
    """SymPy draws no Greek letters if it is imported where the output has no encoding, or one that has none."""
    before = pretty_use_unicode(drawn)
    try:
        assert line(sympy.Symbol("sigma_0") + sympy.Symbol("epsilon")) == "ε + σ₀"
        assert pretty_use_unicode() is drawn
    finally:
        pretty_use_unicode(before)
