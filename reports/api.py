"""The checker from Python: `check` files and claims, `evaluate` quantities. Results show themselves in a notebook."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path
from warnings import warn

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate as evaluate_quantity
from emtheory.numerics.printed import printed
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.checking.check_text import PASSED, details, headline, summary, word
from emtheory.reports.checking.checking import Checked, check_claims
from emtheory.reports.checking.examine import Effort
from emtheory.reports.checking.record import Located, Record
from emtheory.reports.checking.selection import choose, find_files, load_all
from emtheory.theory.claim import Claim

Exact = int | str | Fraction
"""A number without rounding: 3, "3/10", "0.3"."""


@dataclass(frozen=True)
class Answer:
    """The value of a quantity. It has no truth value: compare `enclosure`'s ends, or check a claim.

    Attributes
    ----------
    quantity
        Its name.
    value, lower, upper
        Decimal text; the last two are None unless they are a rigorous enclosure.
    level, route
        The strength of the evidence, and where it comes from.
    enclosure
        The same with exact end points.
    """

    quantity: str
    value: str
    lower: str | None
    upper: str | None
    level: str
    route: str
    enclosure: Enclosure

    def __bool__(self) -> bool:
        raise TypeError("an answer has no truth value: compare the ends of its enclosure, or check a claim")

    def __repr__(self) -> str:
        return f"{self.quantity} = {self.value} ({self.level})"

    def _repr_html_(self) -> str:
        ends = "" if self.lower is None else f" in [{self.lower}, {self.upper}]"
        return f"<code>{escape(self.quantity)}</code> = {escape(self.value + ends)} <em>({escape(self.level)})</em>"


@dataclass(frozen=True)
class Results:
    """What was found out about claims, in their order. It has no truth value: ask for `ok`."""

    checked: tuple[Checked, ...]
    require: str | None

    def __bool__(self) -> bool:
        raise TypeError("results have no truth value: ask whether they are ok")

    def __len__(self) -> int:
        return len(self.checked)

    def __iter__(self) -> Iterator[Record]:
        return (checked.record for checked in self.checked)

    def __getitem__(self, identifier: str) -> Record:
        """Return the record of the claim with this id; KeyError if there is none."""
        return {record.id: record for record in self}[identifier]

    @property
    def ok(self) -> bool:
        """Whether every claim came out as expected, on evidence that is strong enough."""
        return all(record.passes(self.require) for record in self)

    def __repr__(self) -> str:
        lines = []
        for checked in self.checked:
            outcome = word(checked.record, self.require)
            lines.append(f"{outcome:<4} {headline(checked.record, self.require)}")
            lines += [f"       {line}" for line in details(checked) if outcome != PASSED]
        return "\n".join([*lines, summary(list(self), self.require)])

    def _repr_html_(self) -> str:
        rows = [("", "claim", "verdict", "margin", "reason")]
        for record in self:
            mark = "✓" if record.passes(self.require) else "✗"
            rows.append((mark, record.id, record.verdict, record.margin or "", record.reason))
        cells = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table>{body}</table><p>{escape(summary(list(self), self.require))}</p>"


def check(
    *sources: str | Path | Claim,
    select: Sequence[str] = (),
    deselect: Sequence[str] = (),
    require: str | None = None,
    effort: Effort | None = None,
) -> Results:
    """Check claims.

    Parameters
    ----------
    sources
        Claims files, folders that are searched for ``*claims.toml``, or `emtheory.theory.claim.Claim` objects.
    select, deselect
        Ids, or patterns of ids such as ``rate-*``, of the claims to check and to leave out.
    require
        The weakest level that counts: proved, certified, supported or observed.
    effort
        Digits, processes, time for each claim, and the folder of a cache; by default this process and no cache.

    Raises
    ------
    InputError
        If a file or claim is malformed, or two claims share an id.
    emtheory.reports.checking.selection.NothingSelectedError
        If there is no claim to check.
    """
    files = [Path(source) for source in sources if not isinstance(source, Claim)]
    claims: list[Located] = [(Path("<python>"), source) for source in sources if isinstance(source, Claim)]
    claims += load_all(find_files(files))
    repeated = [name for name, count in Counter(claim.id for _, claim in claims).items() if count > 1]
    if repeated:
        raise InputError(f"claim {repeated[0]!r}: the id is used twice")
    chosen = choose(claims, select, deselect)
    checked = check_claims(chosen, effort or Effort(), lambda text: warn(text, stacklevel=2))
    return Results(tuple(checked), require)


def evaluate(
    quantity: str,
    k: int,
    weights: str | Sequence[str],
    *,
    d: int | None = None,
    radius: Exact | None = None,
    amplitudes: Sequence[Exact] | None = None,
    digits: int = 30,
    route: str = "auto",
    **arguments: Exact,
) -> Answer:
    """Evaluate a quantity on an exact case, as ``emtheory evaluate`` does.

    Parameters
    ----------
    quantity, k, weights, d, radius, amplitudes, digits, route
        As the options of the command; numbers are integers, fractions or text.
    arguments
        The quantity's own arguments, such as ``m=1``.

    Raises
    ------
    InputError
        If anything is malformed or out of its domain.
    CannotAnswerError
        If no route gives that many digits.
    """
    exact = {name: _number(value, name) for name, value in arguments.items()}
    point = None if radius is None else _number(radius, "radius")
    if find_quantity(quantity).radius_is_argument and point is not None:
        exact["radius"], point = point, None
    parts = None if amplitudes is None else [_number(part, "amplitude") for part in amplitudes]
    enclosure = evaluate_quantity(quantity, make_case(k, weights, d, point, parts), exact, digits, route)
    text = printed(quantity, enclosure, digits)
    return Answer(
        quantity,
        str(text["value"]),
        text["lower"],
        text["upper"],
        str(text["level"]),
        str(text["route"]),
        enclosure,
    )


def _number(value: Exact, name: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str | Fraction):
        raise InputError(f"{name} = {value!r} is not an exact number: give an integer, a fraction, or text")
    return parse_rational(str(value), name)
