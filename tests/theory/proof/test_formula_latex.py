"""Formulas of derivations in LaTeX: names in the notation of prose, everything in ASCII."""

import pytest
import sympy

from emtheory.theory.proof.step_text import formula_latex, formula_text


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
def test_names(name: str, latex: str) -> None:
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
