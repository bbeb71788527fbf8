r"""The notation of formulas in prose: read from an allow-list of signs, nothing is guessed.

Prose is words, with formulas between dollar signs: ``EM contracts if $|π̂_m| > 0$ for all $m ≠ 0$.`` LaTeX's ``\(`` and
``\)``, ``\[`` and ``\]``, and two dollar signs, are as good as these. In a formula

* each letter, Latin or Greek, is a symbol, perhaps with a hat or bar (combining characters); the names in `NAMES`, and
  no other runs of letters, are one symbol, written upright;
* ``_`` and ``^`` put the next sign, or what stands in braces, below or above the sign before them; ``²``, ``⁻¹``,
  ``₀``, ``ᵀ`` and a prime do the same;
* braces elsewhere are those of a set; ``√`` covers the next sign with its indices, or what stands in parentheses;
* `commands` of LaTeX say the same: ``\theta``, ``\le``, ``\frac{1}{2}``, ``\hat{\pi}_m``;
* spaces stand where a reader should see one; those around relations and operations make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from emtheory.theory.prose.commands import without_commands

_NAMES = (
    "KL TV Cov Im Re Var arcsin arg argmax argmin artanh binom blockdiag cos cosh cov det diag dim erf exp inf lim log "
    "max min mod rank sc sech sin sinh span sup tanh tr Gauss heavy uniform"
)
NAMES = frozenset(_NAMES.split())
"""Runs of letters that are one symbol."""

RELATIONS = frozenset("=≠<>≤≥≈~∝⪯⪰∈∉⊂→←↦⇒⇔≡∧∨")
OPERATIONS = frozenset("+−±∓·×/∘⊗⊕")
_FENCES = frozenset("()[]⟨⟩|‖⌊⌋⌈⌉{}")
_OTHER = frozenset("*,.;:…∞∇∂ℓΣ∑Π∏∫½¼¾⅓⅔∀∃!°ℝℤℕℂ∅")
_HAT, _BAR = "\u0302", "\u0304"
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", "0123456789+−=()aehijklmnoprstuvxβγρφχ", strict=True))
"""Unicode's signs for indices below → what they stand for."""

RAISED = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᐟᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ′″",
        "0123456789+−=()/abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ′″",
        strict=True,
    )
)
"""Those for powers; no sign for q, nor for many capitals, and one for / that looks right beside them."""

_PRIMES = {"'": "′"}

_FORMULA = re.compile(r"(\$\$?)([^$]+)\1")
_OTHER_SIGNS = re.compile(r"\\[()[\]]")
"""What LaTeX puts around formulas, too."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = re.compile(r"[A-Za-z]+")


class NotationError(ValueError):
    """Prose that is not in the notation."""


@dataclass(frozen=True)
class Mark:
    """One sign (a letter, name or number; a space is a visible one), its accent, and what is below and above it."""

    text: str
    accent: str = ""
    lower: "tuple[Node, ...]" = ()
    upper: "tuple[Node, ...]" = ()


@dataclass(frozen=True)
class Root:
    """A square root of `inner`; `fenced` tells whether that was written in parentheses."""

    inner: "tuple[Node, ...]"
    fenced: bool


Node: TypeAlias = Mark | Root


@dataclass(frozen=True)
class Formula:
    """A formula of prose: its signs in order, and how it was written."""

    nodes: tuple[Node, ...]
    source: str


@lru_cache(maxsize=4096)
def pieces(prose: str) -> tuple[str | Formula, ...]:
    """Return prose as words and formulas in turn; NotationError names a lone dollar sign, or what is not known."""
    prose = _OTHER_SIGNS.sub("$", prose)
    words, _, formulas = (_FORMULA.split(prose)[i::3] for i in range(3))
    if any("$" in part for part in words):
        raise NotationError(f"a dollar sign without a partner in {prose!r}")
    found = [piece for word, part in zip(words, [*formulas, ""], strict=True) for piece in (word, part)]
    return tuple(Formula(_Reader(part).everything(), part) if i % 2 else part for i, part in enumerate(found) if part)


def _with_accents_apart(source: str) -> str:
    """Decompose letters such as ĝ; a full decomposition would cut ≠ in two as well."""
    parts = (unicodedata.normalize("NFD", sign) for sign in source)
    return "".join(part if part[-1] in (_HAT, _BAR) else sign for part, sign in zip(parts, source, strict=True))


class _Reader:
    """What is left to read of a formula."""

    def __init__(self, source: str) -> None:
        self.source, self.place = source, 0
        if max(accumulate((sign in "{(") - (sign in "})") for sign in source), default=0) > _DEEPEST:
            raise self._error(f"more than {_DEEPEST} braces or parentheses in one another")
        try:
            self.source = _with_accents_apart(without_commands(source, NAMES).replace("-", "−"))
        except ValueError as error:
            raise self._error(str(error)) from error

    def everything(self) -> tuple[Node, ...]:
        if not self.source.strip():
            raise NotationError("an empty formula")
        nodes = tuple(self._nodes(""))
        if self.place < len(self.source):
            raise self._error("a brace that closes nothing")
        return nodes

    def _nodes(self, end: str) -> Iterator[Node]:
        """Yield nodes up to a closing sign, which is left to read."""
        while self.place < len(self.source) and (not end or self.source[self.place] != end):
            yield from self._next()

    def _next(self) -> Iterator[Node]:
        run = _LETTERS.match(self.source, self.place)
        if run and run[0] not in NAMES and len(run[0]) > _LONGEST_PRODUCT:
            raise self._error(f"{run[0]!r}, which is no name of the notation")
        if self.source[self.place] == "√":
            yield self._root()
        else:
            yield self._mark()

    def _root(self) -> Root:
        self.place += 1
        if self.source[self.place : self.place + 1] != "(":
            return Root((self._mark(),), fenced=False)
        self.place += 1
        inner: list[Node] = []
        depth = 1
        while self.place < len(self.source):
            depth += {"(": 1, ")": -1}.get(self.source[self.place], 0)
            if not depth:
                self.place += 1
                return Root(tuple(inner), fenced=True)
            inner += self._next()
        raise self._error("a root whose parenthesis is not closed")

    def _mark(self) -> Mark:
        text, accent = self._sign(), self._accent()
        below: list[Node] = []
        above: list[Node] = []
        while self.place < len(self.source):
            sign = self.source[self.place]
            if sign in "_^":
                self.place += 1
                (below if sign == "_" else above).extend(self._script())
            elif sign in RAISED or sign in LOWERED or sign in _PRIMES:
                self.place += 1
                raised = RAISED.get(sign) or _PRIMES.get(sign)
                (above if raised else below).append(Mark(raised or LOWERED[sign]))
            else:
                break
        if text == " " and (below or above):
            raise self._error("an index on nothing")
        return Mark(text, accent, tuple(below), tuple(above))

    def _script(self) -> Iterator[Node]:
        if self.source[self.place : self.place + 1] != "{":
            yield Mark(self._sign(), self._accent())
            return
        self.place += 1
        start = self.place
        yield from self._nodes("}")
        if self.place == len(self.source) or self.place == start:
            raise self._error("an index in braces that are empty or not closed")
        self.place += 1

    def _sign(self) -> str:
        """Read a name, a number, or one sign of the list."""
        if self.place == len(self.source):
            raise self._error("an end where a sign is missing")
        in_index = self.source[self.place - 1 : self.place] in ("_", "^")
        number, run = _NUMBER.match(self.source, self.place), _LETTERS.match(self.source, self.place)
        if number and not in_index:
            self.place = number.end()
            return number[0]
        if run and run[0] in NAMES and not in_index:
            self.place = run.end()
            return run[0]
        if self.source.startswith("..", self.place):
            self.place += 2
            return "…"
        sign = self.source[self.place]
        known = sign == " " or (sign.isascii() and sign.isalnum()) or "Α" <= sign <= "ϵ" or sign in _SIGNS
        if not known:
            raise self._error(f"{sign!r}, which is no sign of the notation")
        self.place += 1
        return sign

    def _accent(self) -> str:
        mark = self.source[self.place : self.place + 1]
        if mark not in (_HAT, _BAR) or not mark:
            return ""
        self.place += 1
        return "hat" if mark == _HAT else "bar"

    def _error(self, what: str) -> NotationError:
        return NotationError(f"{what}, in the formula {unicodedata.normalize('NFC', self.source)!r}")


_SIGNS = RELATIONS | OPERATIONS | _FENCES | _OTHER
_DEEPEST = 30
"""Of braces and parentheses in one another. A choice: formulas have fewer, and reading them is recursive."""
_LONGEST_PRODUCT = 3
"""Letters that a product may have without a space; a longer run is a word that has lost its way into a formula."""
