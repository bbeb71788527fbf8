"""SymPy's LaTeX as MathML, which browsers show without scripts."""

import re
from xml.etree.ElementTree import tostring

from latex2mathml.converter import convert_to_element


def mathml(latex: str) -> str:
    """Return a displayed formula; whatever in it is text is escaped."""
    # The converter knows no \substack, which SymPy writes around the line of an evaluation bar and those of a sum.
    plain = re.sub(r"\\substack\{([^{}]*)\}", lambda found: f"{{{found[1]}}}".replace(r"\\", r",\;"), latex)
    element = convert_to_element(plain, display="block")
    # The converter writes signs as character references into the text of elements; all else must stay escaped.
    return re.sub(r"&amp;(#x[0-9A-Fa-f]+;)", r"&\1", tostring(element, encoding="unicode"))
