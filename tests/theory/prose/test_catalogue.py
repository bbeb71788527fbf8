"""The words of the catalogue, and its formulas, which are parsed once."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml import ElementTree

from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports import experiments
from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.proofs.measured import survivors
from emtheory.reports.render.prose import html_prose, markdown_prose
from emtheory.theory.claims import catalogue, sources
from emtheory.theory.derivations import names, statement_of
from emtheory.theory.proof.formula import HYPOTHESES
from emtheory.theory.prose.formula import LOWERED, RAISED, Formula, Mark, NotationError, Root, pieces
from emtheory.theory.prose.latex import latex
from emtheory.theory.prose.markup import markup
from emtheory.theory.prose.unicode_text import plain
from emtheory.theory.theorems import THEOREMS

INDEX = re.compile(r"[_^](?!</m)")
MATHEMATICS = re.compile("[_^\u0302\u0304Α-Ωα-ω∇∂‖≤≥²³⁴]")


def prose() -> Iterator[str]:
    for entry in catalogue():
        yield from (entry.title, entry.source, entry.quote, entry.reading, entry.correction)
        yield from (claim.title for claim in claims_of(entry))
    for source in sources().values():
        yield from (source.title, source.reference, source.scope, source.not_judged)
    yield from HYPOTHESES.values()
    yield from THEOREMS.values()
    for name in names():
        yield statement_of(name).title
        yield from survivors(name).values()
    yield from (quantity.meaning for quantity in QUANTITIES.values())


ALL = sorted(set(prose()))


def test_no_index_stands_outside_of_a_formula() -> None:
    assert len(ALL) > 400
    words = [piece for text in ALL for piece in pieces(text) if isinstance(piece, str)]
    assert [piece for piece in words if MATHEMATICS.search(piece)] == []


@pytest.mark.parametrize("render", [html_prose, markdown_prose])
def test_no_raw_index_is_rendered(render: object) -> None:
    assert callable(render)
    hats = re.compile(r"<mi>\^</mi>")
    assert [text for text in ALL if INDEX.search(hats.sub("", str(render(text))))] == []


def test_a_terminal_shows_raw_only_what_unicode_has_no_sign_for() -> None:
    known = set(LOWERED.values()) | set(RAISED.values())
    raw = [found for text in ALL for found in re.findall(r"[_^](?:\(([^()]*)\)|(\w))", plain(text))]
    assert [index for index in map("".join, raw) if set(index) <= known & set("0123456789jklmnt")] == []


def test_titles_which_labels_of_drawings_show_have_no_raw_index() -> None:
    titles = [entry.title for entry in catalogue()]
    assert len(titles) > 100
    assert [title for title in titles if re.search("[_^]", plain(title))] == []


def test_what_experiments_print_has_no_raw_index() -> None:
    prints = []
    for path in Path(experiments.__path__[0]).glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        texts = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in docstrings)
        prints += [(path.name, text.value) for text in texts if isinstance(text.value, str)]
    assert len(prints) > 200
    # A name of Python is no index: it goes on behind the underscore, or has more before it.
    raw = re.compile(r"\^|(?<![a-zA-Z])[^\W\d]\u0302?_|‖_")
    assert [found for found in prints if raw.search(found[1])] == []


def test_latex_has_formulas_in_math_mode_only() -> None:
    outside = [re.sub(r"\$[^$]*\$", "", latex(text)) for text in ALL]
    assert [text for text in outside if re.search(r"(?<!\\)[_^]", text)] == []


def nodes(formula: str) -> tuple[object, ...]:
    (found,) = pieces(f"${formula}$")
    assert isinstance(found, Formula)
    return found.nodes


def test_words_and_formulas_in_turn() -> None:
    for prose in ("for $m$, $n.$", r"for \(m\), \[n.\]", "for $$m$$, $n.$"):
        found = [piece.source if isinstance(piece, Formula) else piece for piece in pieces(prose)]
        assert found == ["for ", "m", ", ", "n."]
    assert [piece.source for piece in pieces("$a$$b$$$c$$$d$") if isinstance(piece, Formula)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("β_m", (Mark("β", lower=(Mark("m"),)),)),
        ("β_{m}", (Mark("β", lower=(Mark("m"),)),)),
        ("βₘ", (Mark("β", lower=(Mark("m"),)),)),
        ("U_jθ", (Mark("U", lower=(Mark("j"),)), Mark("θ"))),
        ("F_{pq}", (Mark("F", lower=(Mark("p"), Mark("q"))),)),
        ("λ_{min}", (Mark("λ", lower=(Mark("min"),)),)),
        ("π̂_m", (Mark("π", "hat", lower=(Mark("m"),)),)),
        ("ĝ", (Mark("g", "hat"),)),
        ("A⁻¹", (Mark("A", upper=(Mark("−"), Mark("1"))),)),
        ("10^{−6}", (Mark("10", upper=(Mark("−"), Mark("6"))),)),
        ("x_1^2", (Mark("x", lower=(Mark("1"),), upper=(Mark("2"),)),)),
        ("θ'", (Mark("θ", upper=(Mark("′"),)),)),
        ("kW", (Mark("k"), Mark("W"))),
        ("2 KL", (Mark("2"), Mark(" "), Mark("KL"))),
        ("√10", (Root((Mark("10"),), fenced=False),)),
        ("√(a)b", (Root((Mark("a"),), fenced=True), Mark("b"))),
        ("{0, 1}", tuple(map(Mark, "{0, 1}"))),
        ("a ≠ b", tuple(map(Mark, "a ≠ b"))),
        ("a-b", tuple(map(Mark, "a−b"))),
    ],
)
def test_what_is_read(formula: str, read: tuple[object, ...]) -> None:
    assert nodes(formula) == read


@pytest.mark.parametrize(
    ("prose", "complaint"),
    [
        ("a $m", "without a partner"),
        ("$$m$", "without a partner"),
        ("$$", "without a partner"),
        ("$ $", "empty formula"),
        ("$λ_minimum$", "no name of the notation"),
        ("$spectral$", "'spectral'"),
        ("$a_$", "sign is missing"),
        ("$a_{$", "empty or not closed"),
        ("$a_{}$", "empty or not closed"),
        ("$ _a$", "index on nothing"),
        ("$√(a$", "not closed"),
        ("$a#b$", "'#'"),
        ("$<script>$", "'script'"),
        (r"$\input{/etc/passwd}$", "no command of the notation"),
        (r"$\hat$", "without its argument"),
        (r"${\alpha$", "not closed"),
        ("$\\$", "empty formula"),
        ("$" + r"\hat" * 500 + "$", "more than 200 commands"),
        ("$" + "a_{" * 500 + "$", "more than 30 braces"),
    ],
)
def test_what_is_not_in_the_notation_is_an_error(prose: str, complaint: str) -> None:
    with pytest.raises(NotationError, match=complaint):
        pieces(prose)


@pytest.mark.parametrize(
    ("latex", "notation"),
    [
        (r"\theta_{t+1} = M(\theta_t)", "θ_{t+1} = M(θ_t)"),
        (r"|\hat{\pi}_m| \ge \frac{1}{2}", "|π̂_m| ≥ 1/2"),
        (r"|\hat\pi_m|", "|π̂_m|"),
        (r"{\bar\theta}_1", "θ̄_1"),
        (r"\lVert \theta \rVert \leq \rho", "‖θ‖ ≤ ρ"),
        (r"e^{-\rho^2}\sigma^2", "e^{−ρ^2}σ^2"),
        (r"\lambda_{\min}(\nabla^2\ell) \succeq 0", "λ_{min}(∇^2ℓ) ⪰ 0"),
        (r"\tfrac12\Lambda(\theta)", "1/2Λ(θ)"),
        (r"\frac{\sigma^2}{k - 1}", "σ^2/(k − 1)"),
        (r"\theta\in\mathbb{R}^d", "θ∈ℝ^d"),
        (r"\sqrt{2/3}", "√(2/3)"),
        (r"\left\{1, \dots, k\right\}", "{1, …, k}"),
        (r"\operatorname{KL}(P\,\|\,Q)", "KL(P ‖ Q)"),
    ],
)
def test_commands_of_latex_say_the_same(latex: str, notation: str) -> None:
    def signs(formula: str) -> str:
        return repr([node for node in nodes(formula) if node != Mark(" ")])

    assert signs(latex) == signs(notation)


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
