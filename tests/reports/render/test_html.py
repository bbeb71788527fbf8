import pytest
from defusedxml import ElementTree

from emtheory.reports.render.html import _inline, _mathml, _notation


@pytest.mark.parametrize(
    ("prose", "markup"),
    [
        ("π̂_m and β_m(θ)", "π̂<sub>m</sub> and β<sub>m</sub>(θ)"),
        ("R_0 v_i", "R<sub>0</sub> v<sub>i</sub>"),
        ("θ_{t+1} = θ_t", "θ<sub>t+1</sub> = θ<sub>t</sub>"),
        ("γ_jU_jθ, c_ij", "γ<sub>j</sub>U<sub>j</sub>θ, c<sub>ij</sub>"),
        ("λ_min(A), e^{2πi/k}, R^j", "λ<sub>min</sub>(A), e<sup>2πi/k</sup>, R<sup>j</sup>"),
        ("Σ_l γ_lu_l, c_jl", "Σ<sub>l</sub> γ<sub>l</sub>u<sub>l</sub>, c<sub>jl</sub>"),
        ("spectral_gap, hessian_min_eigenvalue", "spectral_gap, hessian_min_eigenvalue"),
        ("a_{<b>} & R^{<i>}", "a<sub>&lt;b&gt;</sub> &amp; R<sup>&lt;i&gt;</sup>"),
        ("<script>x_1</script>", "&lt;script&gt;x<sub>1</sub>&lt;/script&gt;"),
    ],
)
def test_notation(prose: str, markup: str) -> None:
    assert _notation(prose) == markup


def test_formulas_are_mathml_and_escape_their_text() -> None:
    formula = _mathml(r"\left. x \right|_{\substack{ t=0 }} < \text{<script>}")
    assert formula.startswith("<math")
    assert "substack" not in formula
    assert "<script>" not in formula


def test_both_limits_of_a_double_sum_are_told_apart() -> None:
    formula = _mathml(r"\sum_{\substack{0 \leq i \leq k - 1\\0 \leq j \leq k - 1}} g_i")
    text = "".join(ElementTree.fromstring(formula).itertext())
    assert "k−1,0" in text.replace(" ", "").replace("\u2005", "")


def test_figures_do_not_share_ids() -> None:
    svg = '<?xml version="1.0"?>\n<svg><g id="a"/><use href="#a"/><path clip-path="url(#a)"/></svg>'
    assert _inline("one", svg) == '<svg><g id="one-a"/><use href="#one-a"/><path clip-path="url(#one-a)"/></svg>'
