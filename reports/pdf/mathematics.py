r"""Formulas and words in the language of Typst. The converter is not trusted: a formula that loses a sign is not shown.

A formula that could not be converted, or whose letters and digits are not those of its LaTeX, stands as LaTeX source.
"""

import json
import re
from collections import Counter
from functools import lru_cache

from tylax import latex_to_typst

from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import latex

__all__ = ["displayed", "on_the_line", "prose", "words"]

_FORMULA = re.compile(r"\$([^$]*)\$")
_GREEK_NAMES = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
_GREEK = frozenset(_GREEK_NAMES.split())
_SHAPES = re.compile(r"\\(?:begin|end)\{\w+\}")

_FRACTION = "frac("
_HIGH = re.compile(r"\bfrac\(|\bmat\(delim: \"\[\",")
"""The beginning of a fraction, or of a matrix, in Typst."""

_MOST_FORMULAS = 20_000
"""Whose conversions are kept. A choice: a report has a few thousand, many of them several times."""


def words(text: object) -> str:
    """Return words as Typst shows them, whatever signs they hold."""
    shown = " ".join(str(text).split())
    return f"#{json.dumps(shown, ensure_ascii=False)};" if shown else ""


def prose(text: object) -> str:
    """Return prose in the notation of `emtheory.theory.prose.formula`; text that is not in it as it stands."""
    line = " ".join(str(text).split())
    parts, end = [], 0
    for found in _FORMULA.finditer(line):
        try:
            formula = latex(found[0])[1:-1]
        except NotationError:
            return words(line)
        parts += [_spaced(line[end : found.start()]), _inline(formula)]
        end = found.end()
    return "".join([*parts, _spaced(line[end:])])


def displayed(formula: str) -> str:
    """Return a formula in LaTeX as a numbered equation of Typst, which is broken where it is wider than the page."""
    converted = _converted(formula)
    if not converted:
        return f"#raw({json.dumps(formula, ensure_ascii=False)})"
    linear = on_the_line(converted)
    return f"#formula($ {converted} ${'' if linear == converted else f', linear: $ {linear} $'})"


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
    return result if signs_of_latex(formula) == signs_of_typst(result) else ""


def on_the_line(formula: str) -> str:
    """Return a formula of Typst with matrices and fractions written on the line, which can then be broken at signs."""
    found = _HIGH.search(formula)
    end = _end_of_call(formula, found.end()) if found else 0
    if not found or not end:
        return formula
    inner = formula[found.end() : end]
    if found[0] == _FRACTION:
        above, below = (_grouped(on_the_line(half)) for half in _halves(inner))
        made = rf" ({above} \/ {below}) "
    else:
        made = f"[{on_the_line(inner)}]"
    return formula[: found.start()] + made + on_the_line(formula[end + 1 :])


def _end_of_call(formula: str, start: int) -> int:
    """Return where the parenthesis is closed that was opened before `start`, or 0 if nowhere."""
    depth = 1
    for place in range(start, len(formula)):
        depth += {"(": 1, ")": -1}.get(formula[place], 0)
        if not depth:
            return place
    return 0


def _halves(arguments: str) -> tuple[str, str]:
    """Return two arguments of a call."""
    depth = 0
    for place, sign in enumerate(arguments):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            return arguments[:place].strip(), arguments[place + 1 :].strip()
    raise ValueError(f"{arguments!r} is one argument")


def _grouped(part: str) -> str:
    return part if part.isalnum() else f"({part})"


def signs_of_latex(formula: str) -> Counter[str]:
    """Return how often each letter and digit stands in a formula."""
    plain = _SHAPES.sub(" ", formula.replace(r"\\", " "))
    names = [name.removeprefix("var").lower() for name in re.findall(r"\\([A-Za-z]+)", plain)]
    letters = re.findall(r"[A-Za-z0-9]", re.sub(r"\\[A-Za-z]+", " ", plain))
    return Counter([name for name in names if name in _GREEK] + letters)


def signs_of_typst(formula: str) -> Counter[str]:
    """Return how often each letter and digit stands in a formula."""
    formula = re.sub(r"\b([A-Z])\1\b", r"\1", formula)  # a capital of a blackboard, such as EE
    names = re.findall(r"[A-Za-z]{2,}", re.sub(r"\.[a-z]+", "", formula))
    greek = [name.lower() for name in names if name.lower() in _GREEK]
    return Counter(greek + re.findall(r"[A-Za-z0-9]", re.sub(r"[A-Za-z]{2,}(?:\.[a-z]+)*", " ", formula)))
