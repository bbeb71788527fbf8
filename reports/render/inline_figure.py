"""A figure within the page: with ids and styles of its own, and in fewer bytes than matplotlib writes."""

import re
from collections import Counter

_IDENTIFIER = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]*)')
_STYLE = re.compile(r'\bstyle="([^"]*)"')
_LINE = re.compile(r'\bd="[^"]*"')
_PLACE = re.compile(r'(?<= )(?:x|y|transform)="[^"]*"')
_FINER = re.compile(r"(\d\.\d)\d+")
"""Places are given to the tenth of a point: what nobody sees of them is a third of a figure's bytes."""
_LOOSE = re.compile(r'\s*([A-Z"])\s*')
"""Space about a command, and before the end, that a line does not need."""
_RECTANGLE = re.compile(r"M(\S+) ([^L]+)L(\S+) \2L\3 ([^L]+)L\1 \4L\1 \2(?=\")")
"""As a cell of a heat map is drawn."""
_UNSEEN = re.compile(r'<metadata>.*?</metadata>|<!--.*?-->|\s*\n\s*| transform="rotate\(-0 [^"]*"', re.DOTALL)
_GROUP = re.compile(r"<g( [^>]*[^/])?>|</g>")


def inline_figure(name: str, svg: str) -> str:
    """Return a figure as an element of a page."""
    figure = _UNSEEN.sub(" ", svg[svg.index("<svg") :])
    figure = _LINE.sub(lambda line: _RECTANGLE.sub(r"M\1 \2H\3V\4H\1z", _LOOSE.sub(r"\1", _coarser(line))), figure)
    figure = _PLACE.sub(_coarser, figure)
    figure = _without_bare_groups(_with_own_identifiers(name, figure))
    repeated = [style for style, count in Counter(_STYLE.findall(figure)).items() if count > 1]
    classes = {style: f"s{number}" for number, style in enumerate(repeated)}
    figure = _STYLE.sub(lambda found: f'class="{classes[found[1]]}"' if found[1] in classes else found[0], figure)
    rules = "".join(f"#figure-{name} .{named}{{{style}}}" for style, named in classes.items())
    return figure.replace("<svg", f'<svg id="figure-{name}"', 1).replace(">", f"><style>{rules}</style>", 1)


def _coarser(places: re.Match[str]) -> str:
    # In lines and places only: a label may be 0.15.
    return _FINER.sub(r"\1", places[0])


def _with_own_identifiers(name: str, figure: str) -> str:
    # What nothing refers to needs none.
    own = {used: f"{name}-{n}" for n, used in enumerate(dict.fromkeys(used for _, used in _REFERENCE.findall(figure)))}
    figure = _IDENTIFIER.sub(lambda found: f' id="{own[found[1]]}"' if found[1] in own else "", figure)
    return _REFERENCE.sub(lambda found: found[1] + own[found[2]], figure)


def _without_bare_groups(figure: str) -> str:
    kept: list[bool] = []

    def tag(found: re.Match[str]) -> str:
        if found[0] != "</g>":
            kept.append(found[0] != "<g>")
            return found[0] if kept[-1] else ""
        return found[0] if kept.pop() else ""

    return re.sub(r"\s+(?=[<>])|(?<=>)\s+", "", _GROUP.sub(tag, figure))
