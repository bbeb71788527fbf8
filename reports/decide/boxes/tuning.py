"""How a search on boxes goes about it: choices by which it is sooner or later done, and nothing is decided."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Tuning:
    """The choices of a search, each measured on claims of the catalogue and of the corpora.

    `cells`: boxes tried before the rest is left undecided, as many as a certificate may have cells; `first_digits`,
    `first_digits_alone`: of the first models, and of those in one variable, which are short; what they leave open
    is tried with half as many again; `digits`: of the last models: boxes that stay undecided with more are those on
    which both sides touch; `probe_digits`: with which a point is tried first: most are told apart by these, and
    some quantities take long for more; `smallest`, `smallest_unknown`: A cell narrower than this part of its window
    in every variable is not bisected any more with the same digits; the same where the statement has no enclosure
    at all, as where a weight may be zero; `narrow`, `followed`, `close_digits`: boxes that need more digits, of
    which some are followed down with these digits: around a point where sides touch, or nearly do, there are tens,
    and more may be a line where they touch; `stuck`: boxes that the last digits leave undecided, after which the
    rest is: the verdict is left open already; `hopeless`: how many times wider than what is left in its middle a
    cell is not cut in halves but in quarters; `at_once`: boxes in which a statement on a family is decided in one
    go, before the domain is cut to be spread; `first_tail`, `last_tail`, `tail_cells`: radii, doubled from the
    first to the last, from which on a statement without an upper end is tried for good, and boxes of the other
    variables there; `radius_ratio`, `radius_ratio_alone`: of the ends of a window of radii or amplitudes, and of
    radii as the only variable; `spread`: by how much log s² varies over a window at most, times √(k − 1);
    `log_ratio`: width of a window in a log-ratio of weights, divided by half the range of its coefficients: wider
    windows take fewer places in all, but longer polynomials; `smallest_window`: A window of weights that is
    narrower is not cut any more: near it a weight may be zero.
    """

    cells: int = 20_000
    first_digits: int = 4
    first_digits_alone: int = 2
    digits: int = 16
    probe_digits: int = 3
    smallest: Fraction = Fraction(1, 2**10)
    smallest_unknown: Fraction = Fraction(1, 64)
    narrow: int = 128
    close_digits: int = 9
    followed: int = 8
    stuck: int = 16
    hopeless: float = 2.0
    at_once: int = 8
    first_tail: Fraction = Fraction(2)
    last_tail: Fraction = Fraction(1024)
    tail_cells: int = 128
    radius_ratio: float = 15 / 8
    radius_ratio_alone: float = 4.0
    spread: float = 4.0
    log_ratio: float = 1.6
    smallest_window: Fraction = Fraction(1, 128)


TUNING = Tuning()
"""The one in use."""
