"""Commands of LaTeX in formulas, said in the signs of our notation; what is not listed is an error."""

import re
import unicodedata
from collections.abc import Iterator


def _name(letter: str) -> str:
    """Return LaTeX's name of a Greek letter: that of Unicode but for a b, capitalised for a capital."""
    name = unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")
    return name if letter.islower() else name.capitalize()


_SIGNS = {
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("ne", "neq"), "≠"),
    **dict.fromkeys(("preceq", "preccurlyeq"), "⪯"),
    **dict.fromkeys(("succeq", "succcurlyeq"), "⪰"),
    **dict.fromkeys(("subset", "subseteq"), "⊂"),
    **dict.fromkeys(("to", "rightarrow"), "→"),
    **dict.fromkeys(("implies", "Rightarrow"), "⇒"),
    **dict.fromkeys(("iff", "Leftrightarrow"), "⇔"),
    **dict.fromkeys(("dots", "ldots", "cdots"), "…"),
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "‖"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys((",", ";", ":", " ", "quad"), " "),
    **dict.fromkeys(("left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "limits", "!"), ""),
    **{"approx": "≈", "sim": "~", "propto": "∝", "in": "∈", "notin": "∉", "mapsto": "↦", "equiv": "≡", "pm": "±"},
    **{"cdot": "·", "times": "×", "otimes": "⊗", "circ": "∘", "infty": "∞", "nabla": "∇", "partial": "∂", "ell": "ℓ"},
    **{"sum": "∑", "prod": "∏", "int": "∫", "forall": "∀", "exists": "∃", "emptyset": "∅", "top": "T", "prime": "′"},
    **{"langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "{": "{", "}": "}"},
    **{_name(letter): letter for letter in "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"},
    **{"varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ"},
}
_ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304"}
_FONTS = ("mathrm", "mathbf", "mathcal", "mathbb", "boldsymbol", "bm", "operatorname", "text")
_AROUND = {"sqrt": "√({})", **dict.fromkeys(_FONTS, "{}")}
_DOUBLE = dict(zip("RZNC", "ℝℤℕℂ", strict=True))
_SIMPLE = re.compile(r"\d+|\w[\u0302\u0304]?([_^](\w|\{\w+\}))*")
_MOST_COMMANDS = 200
"""In one formula, so that reading one within another ends. A choice: no formula of a paper has as many."""
_TOKEN = re.compile(r"\\[A-Za-z]+\s*|\\.|.", re.DOTALL)


def without_commands(formula: str, names: frozenset[str]) -> str:
    r"""Return a formula with `\theta`, `\frac{a}{b}`, `\hat{x}` and the like in the signs of the notation.

    A formula without a backslash is returned as it is. `names` are the commands that stand for themselves, such as
    `\log`. ValueError for a command that is not known, and where an argument or a brace is missing.
    """
    if "\\" not in formula:
        return formula
    if formula.count("\\") > _MOST_COMMANDS:
        raise ValueError(f"more than {_MOST_COMMANDS} commands")
    return _group(iter(_TOKEN.findall(formula)), names, outermost=True)


def _group(signs: Iterator[str], names: frozenset[str], outermost: bool = False) -> str:
    """Read up to the closing brace; braces are kept where they hold an index: elsewhere they are those of a set."""
    said = ""
    for sign in signs:
        if sign == "}" and not outermost:
            return said
        if sign == "{":
            inner = _group(signs, names)
            said += f"{{{inner}}}" if said.endswith(("_", "^")) else inner
        else:
            said += _said(sign, signs, names)
    if not outermost:
        raise ValueError("a brace that is not closed")
    return said


def _said(sign: str, signs: Iterator[str], names: frozenset[str]) -> str:
    command = sign[1:].strip() or " "
    if not sign.startswith("\\"):
        return sign
    if command in _SIGNS or command in names:
        return _SIGNS.get(command, command)
    if command in _ACCENTS:
        under = _argument(signs, names)
        return under[:1] + _ACCENTS[command] + under[1:]
    if command in ("frac", "tfrac", "dfrac"):
        parts = [_argument(signs, names) for _ in range(2)]
        return "/".join(part if _SIMPLE.fullmatch(part) else f"({part})" for part in parts)
    if command not in _AROUND:
        raise ValueError(f"{sign.strip()!r}, which is no command of the notation")
    inner = _argument(signs, names)
    return _DOUBLE.get(inner, inner) if command == "mathbb" else _AROUND[command].format(inner)


def _argument(signs: Iterator[str], names: frozenset[str]) -> str:
    """Read the argument of a command: a group in braces, or one sign."""
    sign = next((sign for sign in signs if not sign.isspace()), "}")
    if sign == "}":
        raise ValueError("a command without its argument")
    return _group(signs, names) if sign == "{" else _said(sign, signs, names)
