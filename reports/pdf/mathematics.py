r"""Formulas and words in the language of Typst. The converter is not trusted: a formula that loses a sign is not shown.

A formula that could not be converted, or whose letters and digits are not those of its LaTeX, stands as LaTeX source.
"""

import json
import re
from collections import Counter
from functools import lru_cache

from tylax import latex_to_typst

from emtheory.theory.prose.formula import NotationError, pieces
from emtheory.theory.prose.latex import formula_latex

_GREEK_NAMES = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
_GREEK = frozenset(_GREEK_NAMES.split())
_BARS = re.compile(r"bar\.v\.double|\|")
"""Of norms and absolute values: letters to Typst, which would set them apart like relations."""

_MOST_FORMULAS = 20_000
"""Whose conversions are kept. A choice: a report has a few thousand, many of them several times."""


def words(text: object) -> str:
    """Return words as Typst shows them, whatever signs they hold."""
    shown = " ".join(str(text).split())
    return f"#{json.dumps(shown, ensure_ascii=False)};" if shown else ""


def prose(text: object) -> str:
    """Return prose in the notation of `emtheory.theory.prose.formula`; text that is not in it as it stands."""
    line = " ".join(str(text).split())
    try:
        parts = [_spaced(part) if isinstance(part, str) else _inline(formula_latex(part)) for part in pieces(line)]
    except NotationError:
        return words(line)
    return "".join(parts)


def _inline(formula: str) -> str:
    converted = _converted(formula)
    return f"${converted}$" if converted else f"#raw({json.dumps(formula, ensure_ascii=False)});"


def _spaced(text: str) -> str:
    """Words with the blanks around them, which a string of Typst keeps."""
    return f"#{json.dumps(text, ensure_ascii=False)};" if text else ""


@lru_cache(_MOST_FORMULAS)
def _converted(formula: str) -> str:
    """Return the formula in Typst without delimiters, or nothing if that would not be the same formula."""
    if not formula.isascii():
        return ""
    result: str = latex_to_typst(f"$${formula}$$").strip().strip("$").strip()
    if signs_of_latex(formula) != signs_of_typst(result):
        return ""
    return _BARS.sub(lambda bar: f'class("normal", {"|" if bar[0] == "|" else "‖"})', result)


def signs_of_latex(formula: str) -> Counter[str]:
    """Return how often each letter and digit stands in a formula."""
    names = [name.removeprefix("var").lower() for name in re.findall(r"\\([A-Za-z]+)", formula)]
    letters = re.findall(r"[A-Za-z0-9]", re.sub(r"\\[A-Za-z]+", " ", formula))
    return Counter([name for name in names if name in _GREEK] + letters)


def signs_of_typst(formula: str) -> Counter[str]:
    """Return how often each letter and digit stands in a formula."""
    formula = re.sub(r"\b([A-Z])\1\b", r"\1", formula)  # a capital of a blackboard, such as EE
    names = re.findall(r"[A-Za-z]{2,}", re.sub(r"\.[a-z]+", "", formula))
    greek = [name.lower() for name in names if name.lower() in _GREEK]
    return Counter(greek + re.findall(r"[A-Za-z0-9]", re.sub(r"[A-Za-z]{2,}(?:\.[a-z]+)*", " ", formula)))
