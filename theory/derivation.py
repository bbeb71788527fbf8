"""Derivations as numbered steps, each checked by the program when the derivation is made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from emtheory.theory.errors import DerivationError
from emtheory.theory.step import Evidence, Step, check, citation, definition, equation, inequality, prose
from emtheory.theory.step_html import step_html
from emtheory.theory.step_text import basis, step_document, step_item, step_text

__all__ = [
    "Derivation",
    "DerivationError",
    "Evidence",
    "Statement",
    "Step",
    "check",
    "citation",
    "definition",
    "equation",
    "inequality",
    "prose",
]


@dataclass(frozen=True)
class Statement:
    """A statement that can be derived.

    Attributes
    ----------
    title
        Its headline.
    largest_k
        The largest k that the derivation for one k handles in seconds; 0 if there is only the one for every k.
    general
        Whether there is a derivation for every k.
    smallest_k
        The smallest k of the derivation for one k.
    """

    title: str
    largest_k: int
    general: bool = False
    smallest_k: int = 2


@dataclass(frozen=True, repr=False)
class Derivation:
    """A statement and the checked steps that prove it; making one checks every step.

    Attributes
    ----------
    name, title, statement, source
        Identifier, headline, the proved formula, and where the paper says it (or what follows from what).
    scope
        What was proved in which generality, and what the reader must add.
    k
        Number of components, or None if the derivation is for every k.
    steps
        The numbered steps; step n is ``steps[n − 1]``.
    evidence
        One entry a step, None for what needs no check.

    Raises
    ------
    DerivationError
        If a step fails its check; the message names derivation and step.
    """

    name: str
    title: str
    statement: str
    source: str
    scope: str
    k: int | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence | None, ...] = field(init=False)

    @property
    def general(self) -> bool:
        """Whether it is for every k."""
        return self.k is None

    @property
    def number(self) -> str:
        """The number of components, for the reader."""
        return "every k" if self.k is None else f"k = {self.k}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", tuple(self._checked()))

    def _checked(self) -> Iterator[Evidence | None]:
        for number, step in enumerate(self.steps, start=1):
            try:
                yield check(step)
            except DerivationError as error:
                raise DerivationError(f"{self.name}, {self.number}, step {number}: {error}") from error

    def as_text(self) -> str:
        """Return the derivation as plain text."""
        lines = [
            f"{self.title} ({self.number})",
            f"  {self.statement}",
            f"  source  {self.source}",
            f"  scope   {self.scope}",
            *([f"  basis   {basis(self.steps)}"] if self.general else []),
        ]
        for number, (step, evidence) in enumerate(zip(self.steps, self.evidence, strict=True), start=1):
            lines += step_text(number, step, evidence)
        return "\n".join(line.rstrip() for line in lines)

    def as_latex(self) -> str:
        """Return the derivation as a fragment of LaTeX."""
        head = f"% {self.title}, {self.number}\n% Scope: {' '.join(self.scope.split())}"
        return "\n".join([head, "\\begin{enumerate}", *map(step_item, self.steps), "\\end{enumerate}"])

    def as_json(self) -> dict[str, object]:
        """Return the derivation as in ``derive --json``."""
        pairs = enumerate(zip(self.steps, self.evidence, strict=True), start=1)
        return {
            "schema": 1,
            "name": self.name,
            "title": self.title,
            "statement": self.statement,
            "source": self.source,
            "scope": self.scope,
            "basis": basis(self.steps),
            "k": self.k,
            "general": self.general,
            "steps": [step_document(number, step, evidence) for number, (step, evidence) in pairs],
        }

    def __repr__(self) -> str:
        return self.as_text()

    def _repr_html_(self) -> str:
        steps = "".join(map(step_html, self.steps, self.evidence))
        foot = f"Source: {self.source}. Scope: {self.scope} Basis: {basis(self.steps)}."
        head = f"<strong>{escape(self.title)}</strong> ({escape(self.number)})<br>{escape(self.statement)}"
        return f"<p>{head}</p><ol>{steps}</ol><p><small>{escape(foot)}</small></p>"
