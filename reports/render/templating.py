"""Templates of pages and of plain text: what is missing is an error, and a line of a template is a line of text."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from emtheory.reports.render.prose import capital


def templates(*, autoescape: bool = True) -> Environment:
    """Return what renders the templates of this room; texts are escaped as HTML unless that is switched off."""
    made = Environment(
        loader=PackageLoader("emtheory.reports.render"),
        autoescape=autoescape,  # noqa: S701 (what is no page is escaped by its filters)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["capital"] = capital
    return made


def text_template(
    name: str, filters: Mapping[str, Callable[..., Any]], braces: tuple[str, str] = ("{", "}")
) -> Template:
    """Return a template of plain text, whose filters escape what must be; `braces` stand about its commands."""
    left, right = braces
    made = templates(autoescape=False).overlay(
        block_start_string=f"{left}%",
        block_end_string=f"%{right}",
        variable_start_string=left * 2,
        variable_end_string=right * 2,
        comment_start_string=f"{left}#",
        comment_end_string=f"#{right}",
    )
    made.filters |= filters
    return made.get_template(name)
