import pytest

from emtheory.theory.prose.formula import Formula, Mark, NotationError, Root, pieces


def nodes(formula: str) -> tuple[object, ...]:
    (found,) = pieces(f"${formula}$")
    assert isinstance(found, Formula)
    return found.nodes


def test_words_and_formulas_in_turn() -> None:
    found = pieces("for $m$, $n$")
    assert [piece.source if isinstance(piece, Formula) else piece for piece in found] == ["for ", "m", ", ", "n"]


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
