"""LaTeX that compiles as it is: prose, and a document around a fragment that needs amsmath and amssymb."""

import re

from emtheory.numerics.arithmetic.decimal_text import bound, decimal_text
from emtheory.numerics.enclosure import GUARD_DIGITS, Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import escaped, latex

_LAST_LETTER = 0x17F
"""Of the letters of Europe, which the document's fonts have."""
_KNOWN = "‘’“”–—…•€"

_DOCUMENT = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb,amsthm,graphicx}
\newtheorem{theorem}{Theorem}
\usepackage[margin=25mm]{geometry}
% A formula that is wider than the page is made smaller.
\newsavebox{\emtheoryformula}
\makeatletter
\renewcommand{\[}{\begin{lrbox}{\emtheoryformula}$\displaystyle}
\renewcommand{\]}{$\end{lrbox}\begin{center}\ifdim\wd\emtheoryformula>\linewidth
  \resizebox{\linewidth}{!}{\usebox{\emtheoryformula}}\else\usebox{\emtheoryformula}\fi\end{center}}
\makeatother
\sloppy
UNKNOWN\begin{document}
CONTENT
\end{document}"""


def standalone(fragment: str) -> str:
    """Return a document with a fragment as its content; a sign that its fonts lack, in a user's text, is a "?"."""
    unknown = sorted({sign for sign in fragment if ord(sign) > _LAST_LETTER and sign not in _KNOWN})
    declared = "".join(f"\\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{?}}\n" for sign in unknown)
    return _DOCUMENT.replace("UNKNOWN", declared).replace("CONTENT", fragment)


def prose_latex(text: str) -> str:
    """Return prose as one line of LaTeX, whatever it holds: a blank line would end an argument of a command."""
    line = " ".join(text.split())
    try:
        return latex(line)
    except NotationError:
        return escaped(line)


_NAME = re.compile(r"[A-Za-z]{1,60}")


def check_command_name(name: str) -> str:
    """Return the name of a command of LaTeX without its backslash; InputError if it is none."""
    bare = name.removeprefix("\\")
    if not _NAME.fullmatch(bare):
        raise InputError(f"--latex {name[:60]!r}: a command of LaTeX has letters only, as in \\klAtOne")
    return bare


def latex_command(name: str, value: Enclosure, digits: int, comment: str) -> str:
    """Return the definition of a LaTeX command (letters only) for a value: in text and in formulas, a comment above it.

    Both ends of a rigorous interval round to `digits` significant digits, if need be with up to three more, or it is a
    CannotAnswerError; an estimate has as many as its ends agree on.
    """
    return rf"\newcommand{{\{name}}}{{\ensuremath{{{_mathematics(_rounded(value, digits))}}}}}% {comment}"


def _rounded(value: Enclosure, digits: int) -> str:
    counts = range(digits, digits + GUARD_DIGITS + 1) if value.rigorous else range(digits, 0, -1)
    for count in counts:
        lower, upper = (decimal_text(end, count) for end in (value.lower, value.upper))
        if lower == upper:
            return lower if value.lower == value.upper == bound(lower) else _padded(lower, count)
    lower, upper = (decimal_text(end, digits + GUARD_DIGITS) for end in (value.lower, value.upper))
    raise CannotAnswerError(f"the value in [{lower}, {upper}] does not round to {digits} digits for sure")


def _padded(text: str, digits: int) -> str:
    """Write out the zeros at the end, which say that they are known."""
    mantissa, mark, exponent = text.partition("e")
    shown = mantissa.lstrip("-0.").replace(".", "")
    zeros = "0" * (digits - len(shown)) if shown else ""
    point = "." if zeros and "." not in mantissa else ""
    return f"{mantissa}{point}{zeros}{mark}{exponent}"


def _mathematics(text: str) -> str:
    mantissa, _, exponent = text.replace("inf", r"\infty").partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
