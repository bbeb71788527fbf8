"""Prose of the catalogue in each medium; text that is not in its notation, as a user's may be, is left as it is."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from emtheory.theory.prose.formula import Formula, NotationError, pieces
from emtheory.theory.prose.latex import formula_latex
from emtheory.theory.prose.markup import markup
from emtheory.theory.prose.unicode_text import plain, plain_words

FOUNDATIONS: Mapping[str, str] = MappingProxyType(
    {
        "kernel": "a proof checked by Rocq",
        "standalone verifier": "a certificate that the standalone verifier accepts",
        "SymPy": "steps of a derivation checked by SymPy and our rules",
        "Arb": "enclosures or exact algebra of ours, over Arb and FLINT",
        "cited theorem": "a theorem that is cited and not proved here",
        "prose": "an argument in words",
        "estimate": "high precision with an estimated error, or points of a domain only",
        "sample": "double precision or samples",
    }
)
"""What a verdict may rest on, the strongest first, and what that means."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!^$])")


def html_prose(text: object) -> Markup:
    """Return prose as HTML, whatever it holds."""
    return Markup(_or_as_it_stands(str(text), markup, escape))  # noqa: S704


def markdown_prose(text: object) -> str:
    """Return prose as one line of Markdown, whatever it holds."""
    line = " ".join(str(text).split())
    return _or_as_it_stands(line, lambda prose: plain_words(prose, _escaped, _tagged), _escaped)


def typeset_prose(text: object) -> str:
    """Return prose as one line of Markdown whose formulas are LaTeX, also within a table, whatever it holds."""
    line = " ".join(str(text).split())
    return _or_as_it_stands(line, _typeset, _escaped)


def _typeset(prose: str) -> str:
    return "".join(_escaped(part) if isinstance(part, str) else f"${_barless(part)}$" for part in pieces(prose))


def _barless(formula: Formula) -> str:
    # A bar would end a cell of a table.
    return formula_latex(formula).replace("|", r"\vert ").strip()


def plain_prose(text: object) -> str:
    """Return prose for a terminal or a label."""
    return _or_as_it_stands(str(text), plain, str)


def trusted_text(names: Iterable[str]) -> str:
    """Return what a verdict rests on in words."""
    words = [FOUNDATIONS[name] for name in names]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else "nothing yet"


def derivation_id(derivation: Mapping[str, Any]) -> str:
    """Return what claims call a derivation of the document."""
    return f"{derivation['name']}-{derivation['k'] or 'general'}"


def derived_prose(derivations: Iterable[Mapping[str, Any]]) -> Callable[..., str]:
    """Return what says, of what claims call a derivation, its title and its formula, or that it is as above."""
    named = {derivation_id(each): each for each in derivations}

    def said(name: str, again: bool = False) -> str:
        each = named.get(name)
        return (
            name if each is None else f"{capital(each['title'])}{', as above' if again else ': ' + each['conclusion']}"
        )

    return said


def capital(words: str) -> str:
    """Return words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def margin_text(margin: str | None) -> str:
    """Return the margin of a claim's document for a reader."""
    return {None: "–", "inf": "∞", "-inf": "−∞"}.get(margin) or str(margin)


def markdown_text(value: object) -> str:
    """Escape a value as one line of plain text."""
    return _escaped(" ".join(str(value).split()))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _tagged(kind: str, text: str) -> str:
    tag = "sub" if kind == "_" else "sup"
    return f"<{tag}>{text}</{tag}>"


def _or_as_it_stands(text: str, render: Callable[[str], str], otherwise: Callable[[str], str]) -> str:
    try:
        return render(text)
    except NotationError:
        return otherwise(text)
