"""LaTeX that compiles as it is: prose, and a document around a fragment that needs amsmath and amssymb."""

from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import escaped, latex

_LAST_LETTER = 0x17F
"""Of the letters of Europe, which the document's fonts have."""
_KNOWN = "‘’“”–—…•€"

_DOCUMENT = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
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
    """Return prose as LaTeX, whatever it holds."""
    try:
        return latex(text)
    except NotationError:
        return escaped(text)
