"""SymPy's LaTeX as MathML, which browsers show without scripts."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

_INFERRED = frozenset({"math", "msqrt", "mtd", "mstyle", "mrow"})
"""Elements that lay out several children as a row does, so that a row in them, if it is all that they hold, says
nothing."""

_OPENING, _CLOSING = frozenset("([{⟨"), frozenset(")]}⟩")
_PAIRS = _OPENING | _CLOSING
"""Fences that MathML itself knows to open or close, and to stretch."""
_PLAIN = _PAIRS | frozenset("|‖")
"""Signs that are no operators where they do not stretch: those of norms would stand apart."""
_SIDE_BY_SIDE = re.compile(r"(?<=[]()|‖[])</mi><mi>(?=[]()|‖[])")
_TALL = frozenset({"mfrac", "mtable", "munder", "munderover", "msqrt", "mroot"})
"""Elements that fences around them should be as high as."""
_SCRIPTED = frozenset({"msub", "msup", "msubsup"})
_BREAKS = frozenset("=≤≥<>≠≈+−∈⇒∧∨")
_FEWEST = 14
"""Signs before and after a break: shorter pieces look torn."""


@lru_cache(maxsize=8192)  # A report shows most formulas on several pages.
def mathml(latex: str) -> str:
    """Return a displayed formula; whatever in it is text is escaped.

    A long one comes in several elements, cut before relations, + and −: browsers break lines only between elements.
    What holds them is to have the style ``math-style: normal``, for fractions and sums of full size.
    """
    # The converter knows no \substack, which SymPy writes around the line of an evaluation bar and those of a sum.
    plain = re.sub(r"\\substack\{([^{}]*)\}", lambda found: f"{{{found[1]}}}".replace(r"\\", r",\;"), latex)
    formula = convert_to_element(plain, display="block")
    for element in formula.iter():
        # It writes signs as character references into the text of elements.
        element.text = re.sub(r"&#x([0-9A-Fa-f]+);", lambda found: chr(int(found[1], 16)), element.text or "") or None
    _simplify(formula)
    pieces = list(_pieces(list(formula)))
    for piece in pieces[1:]:
        if piece[0].text in ("+", "−"):
            piece[0].set("form", "infix")  # Where nothing stands before them they would be prefixes.
    return " ".join(map(_element, pieces))


def _element(nodes: Sequence[Element]) -> str:
    piece = Element("math")
    piece.extend(nodes)
    # Fences side by side are one element: it looks the same, and there are many.
    return _SIDE_BY_SIDE.sub("", tostring(piece, encoding="unicode", short_empty_elements=False))


def _simplify(element: Element) -> None:
    """Leave out what says nothing: rows of one element, rows that are all their element holds, known attributes."""
    for child in list(element):
        _simplify(child)
    for place, child in enumerate(list(element)):
        if (
            child.tag == "mrow"
            and len(child) > 1
            and all(each.tag == "mi" and each.get("mathvariant") == "normal" for each in child)
        ):
            name = Element("mi")  # A name of several letters is upright by itself.
            name.text = "".join(letter.text or "" for letter in child)
            element[place] = name
        if child.tag == "mrow" and len(child) == 1:
            element[place] = child[0]
    if len(element) == 1 and element[0].tag == "mrow" and element.tag in _INFERRED:
        (row,) = element
        element.remove(row)
        element.extend(list(row))
    tall = any(part.tag in _TALL for part in element.iter())
    for child in element:
        if child.tag == "mo" and child.get("stretchy") == "false" and child.text in _PLAIN:
            child.tag = "mi"
            child.attrib.clear()
        if child.tag == "mo" and child.get("fence"):
            form = child.get("form", "")
            child.attrib.clear()
            if not tall:
                child.tag = "mi"  # As an operator it would stretch a little, and stand apart.
            elif child.text and child.text not in _PAIRS:
                child.attrib.update({"form": form, "stretchy": "true"})
    if element.tag in _INFERRED:
        _dissolve(element)


def _dissolve(row: Element) -> None:
    """Put what stands between fences that do not stretch into the row around it, where it is laid out the same."""
    for place, child in reversed(list(enumerate(row))):
        raised = child.tag in _SCRIPTED
        inner = child[0] if raised else child
        if inner.tag == "mrow" and len(inner) and inner[0].tag == "mi" and inner[0].text in _OPENING:
            row[place : place + 1] = [*inner[:-1], child] if raised else list(inner)
            if raised:
                child[0] = inner[-1]


def _pieces(nodes: Sequence[Element]) -> Iterator[list[Element]]:
    """Cut a row where a line may end."""
    sizes = [sum(1 for part in node.iter() if part.text) for node in nodes]
    piece: list[Element] = []
    before, rest, depth = 0, sum(sizes), 0
    for node, size in zip(nodes, sizes, strict=True):
        sign = node[0].text if node.tag in _SCRIPTED else node.text
        depth += (sign in _OPENING) - (sign in _CLOSING)
        may_end = node.tag == "mo" and (node.text or "") in _BREAKS and not depth
        if may_end and before >= _FEWEST and rest >= _FEWEST:
            yield piece
            piece, before = [], 0
        piece.append(node)
        before, rest = before + size, rest - size
    if piece:
        yield piece
