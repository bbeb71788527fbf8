"""What a source of statements is: a paper, and a folder of the catalogue for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A paper whose statements are judged.

    Attributes
    ----------
    title
        Authors and year, as they are cited. It is the chapter of its statements, unless these name others.
    reference
        Title, journal or conference, and where it is on the net.
    scope
        What of it is judged here, and in which model.
    not_judged
        What of it is not.
    """

    title: str
    reference: str
    scope: str
    not_judged: str
