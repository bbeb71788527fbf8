"""A figure within the page: with ids and styles of its own, and in fewer bytes than matplotlib writes."""

import re
from collections import Counter

__all__ = ["inline_figure"]

_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)([^")]*)')
_STYLE = re.compile(r'\bstyle="([^"]*)"')
_LINE = re.compile(r'\bd="[^"]*"')
_FINER = re.compile(r"(\d\.\d)\d+")
"""Places on a line are given to the tenth of a point: what nobody sees of them is a third of a figure's bytes."""
_UNSEEN = re.compile(r"<metadata>.*?</metadata>|\s*\n\s*", re.DOTALL)


def inline_figure(name: str, svg: str) -> str:
    """Return a figure as an element of a page.

    Parameters
    ----------
    name
        Of the figure, by which its ids and classes begin.
    svg
        As `emtheory.reports.render.plots` writes it, trusted. Lines are rounded, what is not seen is left out, and
        styles that it repeats become classes.
    """
    figure = _UNSEEN.sub(" ", svg[svg.index("<svg") :])
    # In lines only: a label may be 0.15.
    figure = _LINE.sub(lambda line: _FINER.sub(r"\1", line[0]), figure)
    identifiers: dict[str, str] = {}
    figure = _IDENTIFIER.sub(
        lambda found: found[1] + identifiers.setdefault(found[2], f"{name}-{len(identifiers)}"), figure
    )
    repeated = [style for style, count in Counter(_STYLE.findall(figure)).items() if count > 1]
    classes = {style: f"{name}-s{number}" for number, style in enumerate(repeated)}
    figure = _STYLE.sub(lambda found: f'class="{classes[found[1]]}"' if found[1] in classes else found[0], figure)
    rules = "".join(f".{named}{{{style}}}" for style, named in classes.items())
    return figure.replace(">", f"><style>{rules}</style>", 1) if rules else figure
