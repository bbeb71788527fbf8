"""Formulas of the site as MathML, which browsers show without scripts or network, and the finished report in it."""

import re
import shutil
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

from mkdocs.structure.nav import Link

from emtheory.theory.mathml import mathml
from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.markup import markup

_REPORT = Path("report")
_INDENTED = re.compile(
    r'<div class="language-text highlight"><pre><span></span><code>(.*?)</code></pre></div>', re.DOTALL
)
"""What is indented is a formula in the signs of the page; code stands between fences, and is named."""

_FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)
_MARK = re.compile(
    r"(?<=[^\s(])([_^])(?:\{((?:[^{}]|\{[^{}]*\})*)\}"
    r"|([^\W_](?![^\W²³ᵀ]))"
    r"|(?<![a-z]{2}.)(−?\d+\.\d+|[^\W_](?=[^\W_]\^)|−?[^\W_²³ᵀ]+))"
)
"""An index or a power in the words of a page, such as e^{−ρ²}, β_m and max_j; names of programs have longer ones."""

_PLAIN = {"code", "pre", "math", "script", "style", "svg"}
_PART = re.compile(r"(<[^>]*>)")


def on_page_content(html: str, **_: Any) -> str:
    """Return a page with its formulas typeset, and indices and powers in its words below and above the line."""
    html = _INDENTED.sub(lambda found: f'<div class="formula">{_displayed(unescape(found[1]))}</div>', html)
    html = _FORMULA.sub(lambda found: _formula(found[1], unescape(found[2])), html)
    return "".join(_with_marks(html))


def on_nav(nav: Any, **_: Any) -> Any:
    """Lead to the report, if there is one."""
    if (_REPORT / "index.html").exists():
        nav.items.insert(1, Link("The report", "report/index.html"))
    return nav


def on_post_build(config: Any, **_: Any) -> None:
    """Put the report into the site."""
    if (_REPORT / "index.html").exists():
        shutil.copytree(_REPORT, Path(config.site_dir) / "report", dirs_exist_ok=True)


def _formula(kind: str, text: str) -> str:
    if kind == "span":
        return _set(text, mathml)
    return f'<div class="formula">{mathml(" ".join(text.split()))}</div>'


def _displayed(block: str) -> str:
    """Return lines of formulas; what stands apart in one, such as a condition in words, is set by itself."""
    lines = (re.split(r"\s{2,}", line.strip()) for line in block.strip().split("\n"))
    return "<br>".join(" &emsp;".join(_set(part, escape) for part in line) for line in lines)


def _set(text: str, otherwise: Callable[[str], str]) -> str:
    """Return a formula in the notation of the statements, or what it is otherwise."""
    formula = text.rstrip(".,;")
    try:
        return markup(f"${formula}$") + escape(text[len(formula) :])
    except NotationError:
        return otherwise(text)


def _with_marks(html: str) -> Iterator[str]:
    depth = 0
    for part in _PART.split(html):
        name = re.match(r"</?(\w+)", part)
        if name and name[1] in _PLAIN:
            depth += -1 if part.startswith("</") else 1
        yield part if part.startswith("<") or depth else _MARK.sub(_mark, part)


def _mark(found: re.Match[str]) -> str:
    tag = "sub" if found[1] == "_" else "sup"
    return f"<{tag}>{_MARK.sub(_mark, found[2] or found[3] or found[4])}</{tag}>"
