"""Prose of the catalogue in each medium; text that is not in its notation, as a user's may be, is left as it is."""

import re
from collections.abc import Callable
from html import escape

from markupsafe import Markup

from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.markup import markup
from emtheory.theory.prose.unicode_text import plain, plain_words

__all__ = ["html_prose", "margin_text", "markdown_prose", "plain_prose"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!^$])")


def html_prose(text: object) -> Markup:
    """Return prose as HTML, whatever it holds."""
    return Markup(_or_as_it_stands(str(text), markup, escape))  # noqa: S704


def markdown_prose(text: object) -> str:
    """Return prose as one line of Markdown, whatever it holds."""
    line = " ".join(str(text).split())
    return _or_as_it_stands(line, lambda prose: plain_words(prose, _escaped, _tagged), _escaped)


def plain_prose(text: object) -> str:
    """Return prose for a terminal or a label."""
    return _or_as_it_stands(str(text), plain, str)


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
