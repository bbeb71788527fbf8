"""Prose as plain text: formulas in Unicode's own indices where it has them."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from emtheory.theory.prose.formula import LOWERED, RAISED, Node, Root, pieces

_ACCENTS = {"": "", "hat": "\u0302", "bar": "\u0304"}
_LOW = {meant: sign for sign, meant in LOWERED.items()}
_HIGH = {meant: sign for sign, meant in RAISED.items()}

Fallback = Callable[[str, str], str]
"""What to write for an index that Unicode cannot: from ``_`` or ``^`` and its text."""


def plain(prose: str) -> str:
    """Return prose for a terminal; indices that Unicode lacks follow ``_`` and ``^``, powers of e are ``exp(…)``."""
    return plain_words(prose, str, _linear)


def plain_words(prose: str, escape: Callable[[str], str], index: Fallback) -> str:
    """Return prose for a medium with marks of its own, such as Markdown.

    `prose`: in the notation. `escape`: applied to all that is text. `index`: writes an index that Unicode has no signs
    for; what it is given is escaped.
    """
    return "".join(
        escape(piece) if isinstance(piece, str) else _nodes(piece.nodes, escape, index) for piece in pieces(prose)
    )


def _nodes(nodes: Sequence[Node], escape: Callable[[str], str], index: Fallback) -> str:
    return "".join(_node(node, escape, index) for node in nodes)


def _node(node: Node, escape: Callable[[str], str], index: Fallback) -> str:
    if isinstance(node, Root):
        inner = _nodes(node.inner, escape, index)
        return escape("√(") + inner + escape(")") if node.fenced else escape("√") + inner
    sign = escape(unicodedata.normalize("NFC", node.text + _ACCENTS[node.accent]))
    below = _index("_", node.lower, _LOW, escape, index)
    if node.text == "e" and not _raised(node.upper):
        power = _nodes(node.upper, escape, index)
        return f"{escape('exp(')}{power}{escape(')')}" if node.upper else sign + below
    return sign + below + _index("^", node.upper, _HIGH, escape, index)


def _index(
    kind: str, nodes: Sequence[Node], table: dict[str, str], escape: Callable[[str], str], index: Fallback
) -> str:
    if not nodes:
        return ""
    written = _nodes(nodes, str, _linear)
    if all(sign in table for sign in written):
        return escape("".join(table[sign] for sign in written))
    return index(kind, _nodes(nodes, escape, index))


def _raised(nodes: Sequence[Node]) -> bool:
    """Whether Unicode has signs for this power."""
    return bool(nodes) and all(sign in _HIGH for sign in _nodes(nodes, str, _linear))


def _linear(kind: str, text: str) -> str:
    return f"{kind}{text}" if re.fullmatch(r"\w\u0302?", text) else f"{kind}({text})"
