"""What is known about the best value of a constant that a derivation proves."""

from dataclasses import dataclass

SHARP, ENCLOSED, OPEN = "sharp", "enclosed", "open"
KINDS = (SHARP, ENCLOSED, OPEN)


@dataclass(frozen=True)
class Constant:
    """A conclusion of a derivation that an entry rests on, with explicit numbers in it, and how good they are.

    `bound` is the conclusion as the derivation's statement prints it. The kind is ``sharp``: no better number is true;
    `said` names the case or the limit that shows it. ``enclosed``: the best number on a domain that `said` names lies
    between two that are decided by `shown`, ids of claims. ``open``: it is not known, `said` gives the reason and what
    is known, in the notation of `emtheory.theory.prose.formula`.
    """

    derivation: str
    bound: str
    kind: str
    said: str
    shown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The bound and what is known of it, in one sentence or more, for the page of the entry."""
        bound = self.bound.replace("λ_min", "λ_{min}")
        return f"${bound}$ ({self.derivation}). {self.kind.capitalize()}: {self.said}"
