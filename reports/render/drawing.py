"""What figures show, as data, and what they are drawn as."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, its data as CSV, and what it shows, in the notation of prose."""

    svg: str
    csv: str
    caption: str
