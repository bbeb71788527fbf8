import re

import pytest
from defusedxml import ElementTree

from emtheory.theory.prose.latex import latex
from emtheory.theory.prose.markup import markup
from emtheory.theory.prose.unicode_text import plain

PROSE = "For $m ≠ 0$: $β_m(θ) ≥ e^{−‖θ‖²}|π̂_m|²$, of order $t^{−1/2}$ & <b>"


@pytest.mark.parametrize(
    ("prose", "text"),
    [
        (PROSE, "For m ≠ 0: βₘ(θ) ≥ exp(−‖θ‖²)|π̂ₘ|², of order t⁻¹ᐟ² & <b>"),
        ("$e^{−1}$, $e$, $e_1$, $e^t$", "e⁻¹, e, e₁, eᵗ"),
        ("$p_θ$, $γ_{sc}$, $χ²_d$", "p_θ, γ_(sc), χ_d²"),
        ("$√(k/(k − 1)) E max(Z_1..Z_k)$, $√10$", "√(k/(k − 1)) E max(Z₁…Zₖ), √10"),
        ("10^6 snake_case", "10^6 snake_case"),
    ],
)
def test_plain_text(prose: str, text: str) -> None:
    assert plain(prose) == text


@pytest.mark.parametrize(
    ("prose", "text"),
    [
        ("$|π̂_m|² ≥ 0$ & 5 %", r"$|\hat{\pi}_{m}|^{2}\geq 0$ \& 5 \%"),
        ("$∑_j π_j log 2 − 2n KL$", r"$\sum_{j}\,\pi_{j}\log 2-2n\,\mathrm{KL}$"),
        ("$√(k/2) ∈ {0, 1}$", r"$\sqrt{k/2}\in \{ 0,1\}$"),
        ("a_b ~ c^d…", r"a\_b \textasciitilde{} c\textasciicircum{}d\ldots{}"),
    ],
)
def test_latex(prose: str, text: str) -> None:
    assert latex(prose) == text


def test_markup_is_well_formed_and_escapes_all_else() -> None:
    page = markup(PROSE)
    root = ElementTree.fromstring(f"<p>{page}</p>")
    assert [math.tag for math in root] == ["math"] * len(root)
    assert page.endswith("&amp; &lt;b&gt;")
    assert "".join(root.itertext()).startswith("For m≠0: β")
    assert "_" not in page
    assert "msub" in page


@pytest.mark.parametrize(
    ("prose", "element"),
    [
        ("$π̂_m$", '<msub><mover accent="true"><mi>π</mi><mi>^</mi></mover><mi>m</mi></msub>'),
        ("$A⁻¹$", "<msup><mi>A</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup>"),
        ("$x_1²$", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        ("$Σ$", '<mi mathvariant="normal">Σ</mi>'),
        ("$√(a)$", "<msqrt><mi>a</mi></msqrt>"),
        ("$a < b$", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        ("$2 KL$", "<mn>2</mn><mi>\N{THIN SPACE}</mi><mi>KL</mi>"),
    ],
)
def test_markup(prose: str, element: str) -> None:
    assert markup(prose) == f"<math>{element}</math>"


def test_a_long_formula_may_be_broken_before_outer_relations_and_where_it_is_wide() -> None:
    parts = re.findall("<math>.*?</math>", markup("$f(a = b) = |c = d| + g(a, b, c) ≤ h$"))
    assert len(parts) == 4
    assert [part.startswith("<math><mo>") for part in parts] == [False, True, False, True]
