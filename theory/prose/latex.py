"""Prose as LaTeX: formulas between dollar signs, words escaped."""

import unicodedata
from collections.abc import Sequence

from emtheory.theory.prose.formula import LOWERED, NAMES, OPERATIONS, RAISED, RELATIONS, Formula, Node, Root, pieces

_OPERATORS = frozenset({"arcsin", "arg", "cos", "cosh", "det", "dim", "exp", "inf", "lim", "log", "max", "min", "sin"})
_OPERATORS |= {"sinh", "sup", "tanh"}
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega varrho"
)
_GREEK = dict(zip("αβγδεζηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩϱ", _GREEK_NAMES.split(), strict=True))
_COMMANDS = {
    **_GREEK,
    **{"≠": "neq", "≤": "leq", "≥": "geq", "≈": "approx", "~": "sim", "∝": "propto", "⪯": "preceq", "⪰": "succeq"},
    **{"∈": "in", "∉": "notin", "⊂": "subset", "→": "to", "←": "leftarrow", "↦": "mapsto", "⇒": "Rightarrow"},
    **{
        "⇔": "Leftrightarrow",
        "≡": "equiv",
        "∧": "land",
        "∨": "lor",
        "±": "pm",
        "∓": "mp",
        "·": "cdot",
        "×": "times",
        "∘": "circ",
    },
    **{"⊗": "otimes", "⊕": "oplus", "⟨": "langle", "⟩": "rangle", "‖": "Vert", "⌊": "lfloor", "⌋": "rfloor"},
    **{"⌈": "lceil", "⌉": "rceil", "{": "{", "}": "}", "…": "ldots", "∞": "infty", "∇": "nabla", "∂": "partial"},
    **{"ℓ": "ell", "∑": "sum", "∏": "prod", "∫": "int", "∀": "forall", "∃": "exists", "∅": "emptyset"},
    **{"½": "tfrac12", "¼": "tfrac14", "¾": "tfrac34", "⅓": "tfrac13", "⅔": "tfrac23", "′": "prime"},
}
_LITERAL = {"−": "-", "°": r"{}^{\circ}", "″": r"\prime\prime"}
_LITERAL |= {sign: rf"\mathbb{{{letter}}}" for sign, letter in zip("ℝℤℕℂ", "RZNC", strict=True)}

_ACCENTS = {"\u0302": "hat", "\u0304": "bar"}
_WORDS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "…": r"\ldots{}"}
_WORDS |= {sign: f"\\{sign}" for sign in "#$%&_{}"} | {"–": "--", "“": "``", "”": "''", "’": "'", "°": r"$^\circ$"}


def latex(prose: str) -> str:
    """Return prose, in the notation of `emtheory.theory.prose.formula`, as LaTeX that needs amsmath and amssymb."""
    return "".join(escaped(piece) if isinstance(piece, str) else f"${formula_latex(piece)}$" for piece in pieces(prose))


def formula_latex(formula: Formula) -> str:
    """Return one formula without the dollar signs."""
    return _nodes(formula.nodes)


def escaped(text: str) -> str:
    """Return words for LaTeX, whatever signs of the notation they hold."""
    parts: list[str] = []
    for sign in "".join(map(_taken_apart, unicodedata.normalize("NFC", text))):
        if sign in _ACCENTS and parts:
            parts.append(rf"$\{_ACCENTS[sign]}{{{parts.pop().strip('$')}}}$")
        else:
            parts.append(_word(sign))
    return "".join(parts)


def _taken_apart(sign: str) -> str:
    """Return a letter with a hat or a bar as letter and accent; other accents are left to LaTeX."""
    parts = unicodedata.normalize("NFD", sign)
    return parts if parts[-1] in _ACCENTS else sign


def _word(sign: str) -> str:
    """Return a sign that stands in words."""
    if sign in _WORDS or sign.isascii():
        return _WORDS.get(sign, sign)
    if sign in RAISED or sign in LOWERED:
        mark, plain = ("^", RAISED[sign]) if sign in RAISED else ("_", LOWERED[sign])
        return f"${mark}{{{_sign(plain).strip()}}}$"
    mathematics = _sign(sign).strip()
    return f"${mathematics}$" if mathematics != sign else sign


def _nodes(nodes: Sequence[Node]) -> str:
    parts: list[str] = []
    for node, before, after in zip(nodes, (None, *nodes), (*nodes[1:], None), strict=False):
        if isinstance(node, Root) or node.text != " ":
            parts.append(_node(node))
        elif not (_spaced(before) or _spaced(after)):
            parts.append(r"\,")
    return "".join(parts).strip()


def _spaced(node: Node | None) -> bool:
    """Whether TeX itself puts the space beside a sign, or there is none to be put."""
    if node is None:
        return True
    return not isinstance(node, Root) and node.text in RELATIONS | OPERATIONS | {",", ";", ":"} | _OPERATORS


def _node(node: Node) -> str:
    if isinstance(node, Root):
        return rf"\sqrt{{{_nodes(node.inner)}}}"
    sign = _sign(node.text)
    if node.accent:
        sign = rf"\{node.accent}{{{sign.strip()}}}"
    below = f"_{{{_nodes(node.lower)}}}" if node.lower else ""
    above = f"^{{{_nodes(node.upper)}}}" if node.upper else ""
    return f"{sign.rstrip() if below or above else sign}{below}{above}"


def _sign(text: str) -> str:
    if text in NAMES:
        return rf"\{text} " if text in _OPERATORS else rf"\mathrm{{{text}}}"
    if text in _COMMANDS:
        return rf"\{_COMMANDS[text]} "
    return _LITERAL.get(text, text)
