"""What was found out about claims, as Python has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emtheory.reports.checking.check_text import PASSED, claim_line, details, id_width, summary, word
from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.record import Record
from emtheory.reports.notebook import Judged, Listed


@dataclass(frozen=True, repr=False)
class Results(Judged, Listed[Record]):
    """What was found out about claims, in their order. It has no truth value: ask for `ok`.

    Attributes
    ----------
    checked
        Each claim with its place and its record.
    require
        The weakest level that counts, or None.
    """

    checked: tuple[Checked, ...]
    require: str | None

    @property
    def _members(self) -> Sequence[Record]:
        return [checked.record for checked in self.checked]

    @property
    def ok(self) -> bool:
        """Whether every claim came out as expected, on evidence that is strong enough."""
        return all(record.ok for record in self)

    def as_json(self) -> dict[str, object]:
        """Return the results as in ``check --json``."""
        return {"schema": 1, "claims": [record.as_json() for record in self], "ok": self.ok}

    def plot(self, axes: Any = None) -> Any:
        """Draw both sides of each statement on axes of Matplotlib, by default new ones, and return these.

        InputError if there is nothing to draw, or not as many axes as panels.
        """
        from emtheory.reports.charts.claims import Decided, claims_chart  # noqa: PLC0415 (what draws is an extra)

        decided = [Decided(each.claim, each.record.verdict, each.record.witness) for each in self.checked]
        return claims_chart(decided).plot(axes)

    def __repr__(self) -> str:
        lines, width = [], id_width(record.id for record in self)
        for checked in self.checked:
            outcome = word(checked.record)
            lines.append(f"{outcome:<4} {claim_line(checked, width)}")
            lines += [f"       {line}" for line in details(checked) if outcome != PASSED]
        return "\n".join([*lines, summary(list(self))])

    def _header(self) -> Sequence[str]:
        return "", "claim", "verdict", "margin", "reason"

    def _rows(self) -> Iterator[Sequence[str]]:
        for record in self:
            yield "✓" if record.ok else "✗", record.id, record.verdict, record.margin or "", record.reason

    def _records(self) -> Iterator[Mapping[str, Any]]:
        left_out = ("domain", "witness")
        return ({name: value for name, value in record.as_json().items() if name not in left_out} for record in self)

    def _remarks(self) -> Iterator[str]:
        yield summary(list(self))
