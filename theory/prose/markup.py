"""Prose as HTML: words escaped, formulas as MathML, which browsers show without scripts."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from emtheory.theory.prose.formula import NAMES, OPERATIONS, RELATIONS, Formula, Mark, Node, Root, pieces

_ACCENTS = {"hat": "^", "bar": "¯"}
_OPEN, _CLOSE = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
_BARS = frozenset("|‖")
_SPACED = RELATIONS | OPERATIONS - {"/"} | {",", ";", ":"}
_SIGNED = frozenset("+−±∓")
_MIDDLE = frozenset({"=", "<", ">", "≤", "≥", "≠", "≈", "~", "→", "⇒", "⇔", "⪰", "⪯"})
"""Signs before which a long formula may be broken into lines, where they stand outside of parentheses."""

_SHORT = 16
"""Signs of a formula that is not broken: it fits beside a few words on a telephone."""


def markup(prose: str) -> str:
    """Return prose, in the notation of `emtheory.theory.prose.formula`, as HTML: what is no formula is escaped."""
    return "".join(escape(piece) if isinstance(piece, str) else _formula(piece) for piece in pieces(prose))


def _formula(formula: Formula) -> str:
    """Return one formula in parts between which a line may end."""
    parts = _lines(formula.nodes) if len(formula.nodes) > _SHORT else [formula.nodes]
    rows = [_row(part) for part in parts]
    # Where nothing stands before these they would be spaced as prefixes.
    later = (re.sub(r'^<mo(?: form="\w+")?>(?=[+−±∓])', '<mo form="infix">', row) for row in rows[1:])
    return " ".join(f"<math>{row}</math>" for row in (rows[0], *later))


def _lines(nodes: Sequence[Node]) -> list[list[Node]]:
    """Cut a formula before relations outside of parentheses and bars, and where it is wide before any sign between."""
    lines: list[list[Node]] = [[]]
    depth, bars, before = 0, dict.fromkeys(_BARS, False), ""
    for node in nodes:
        text = node.text if isinstance(node, Mark) else ""
        depth += (text in _OPEN) - (text in _CLOSE)
        if text in bars:
            bars[text] = not bars[text]
        outside = text in _MIDDLE and not depth and not any(bars.values())
        wide = len(lines[-1]) >= _SHORT and (text in _MIDDLE | set("+−· ") or before in (",", ";"))
        if (outside or wide) and lines[-1]:
            lines.append([])
        lines[-1].append(node)
        before = text if text != " " else before
    return lines


def _row(nodes: Sequence[Node]) -> str:
    return "".join(_signs(nodes))


def _group(nodes: Sequence[Node]) -> str:
    """Return nodes as one element."""
    row = _row(nodes)
    return row if len(nodes) == 1 else f"<mrow>{row}</mrow>"


def _signs(nodes: Sequence[Node]) -> Iterator[str]:
    before: str | None = None
    for i, node in enumerate(nodes):
        text = node.text if isinstance(node, Mark) else ""
        if text == " ":
            after = nodes[i + 1] if i + 1 < len(nodes) else None
            own = isinstance(after, Mark) and after.text in _SPACED
            if before is not None and before not in _SPACED and after is not None and not own:
                yield "<mi>\N{THIN SPACE}</mi>"
            continue
        # What begins a row of several is a prefix by itself.
        begins = before is None and len(nodes) > 1 and text in _SIGNED
        yield _node(node, first=not begins and (before is None or before in _OPEN or before in _SPACED))
        before = text


def _node(node: Node, *, first: bool) -> str:
    """Return a sign as an element; `first` tells whether nothing stands before it that it could stand between."""
    if isinstance(node, Root):
        return f"<msqrt>{_row(node.inner)}</msqrt>"
    sign = _sign(node.text, first=first)
    if node.accent:
        sign = f'<mover accent="true">{sign}<mi>{_ACCENTS[node.accent]}</mi></mover>'
    if node.lower and node.upper:
        return f"<msubsup>{sign}{_group(node.lower)}{_group(node.upper)}</msubsup>"
    if node.lower:
        return f"<msub>{sign}{_group(node.lower)}</msub>"
    return f"<msup>{sign}{_group(node.upper)}</msup>" if node.upper else sign


def _sign(text: str, *, first: bool) -> str:
    tag, attributes = "mo", ""
    if text[0].isdigit() or text in "½¼¾⅓⅔":
        tag = "mn"
    elif text in NAMES or text.isalpha() or text in "∞∅°′″∇∂":
        tag, attributes = "mi", ' mathvariant="normal"' if "Α" <= text <= "Ω" else ""
    elif text in _BARS | _OPEN | _CLOSE:
        tag = "mi"  # As an operator it would stretch, and a bar would be spaced like a relation.
    elif first and text in _SIGNED:
        attributes = ' form="prefix"'
    elif text == "~":  # Browsers take it for an accent.
        attributes = ' form="infix"'
    return f"<{tag}{attributes}>{escape(text)}</{tag}>"
