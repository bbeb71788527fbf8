"""LaTeX that compiles as it is: prose, and a document around a fragment that needs amsmath and amssymb."""

from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import escaped, latex

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
\begin{document}
CONTENT
\end{document}"""


def standalone(fragment: str) -> str:
    """Return a document with a fragment as its content."""
    return _DOCUMENT.replace("CONTENT", fragment)


def prose_latex(text: str) -> str:
    """Return prose as LaTeX, whatever it holds."""
    try:
        return latex(text)
    except NotationError:
        return escaped(text)
