"""What a source of statements is: a paper, and a folder of the catalogue for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What a reader of a paper asks first, answered in the notation of prose.

    `question`: as the reader asks it; `lines`: the answer: one paragraph, or several; `rests_on`: id of each statement
    that decides it → what that says, in a few words. The report gives the answer only if each came out as expected.
    """

    question: str
    lines: tuple[str, ...]
    rests_on: Mapping[str, str]


@dataclass(frozen=True)
class Overview:
    """A paper on one screen.

    `model`: data, fit and algorithm, in two lines; `answers`: what a reader asks first; `symbols`: formula → what it
    means, in the notation of prose: first what the answers use.
    """

    model: str
    answers: tuple[Answer, ...]
    symbols: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """A paper whose statements are judged.

    `title`: authors and year, as they are cited. It is the chapter of its statements, unless their folders have others;
    `reference`: title, journal or conference, and where it is on the net; `scope`: what of it is judged here, and in
    which model; `not_judged`: what of it is not; `chapters`: folder within that of the source → the chapter of its
    statements, where that is not the title; `overview`: the paper on one screen, where there is that.
    """

    title: str
    reference: str
    scope: str
    not_judged: str
    chapters: Mapping[str, str] = field(default_factory=dict)
    overview: Overview | None = None
