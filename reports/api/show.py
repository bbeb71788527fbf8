"""`emtheory.show`: one statement of the catalogue as text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emtheory.numerics.processes import processors
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.catalogue.selected import select_entries, with_supports
from emtheory.reports.checking.tasks import workshop
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.notebook import Judged
from emtheory.reports.render.prose import derived_prose, margin_text, plain_prose, trusted_text
from emtheory.reports.report.run import decided_statements

_PARTS = (
    ("claims", "What it says"),
    ("disproofs", "Proof of the opposite"),
    ("corrected", "What is true instead"),
    ("hypotheses", "Its assumptions can hold"),
    ("controls", "Controls, which must be refuted"),
)


@dataclass(frozen=True, repr=False)
class Shown(Judged):
    """What a statement says and how it came out; it shows itself as text.

    Attributes
    ----------
    code
        The exit status of a report on it.
    statement
        What the report's JSON says of it.
    text
        Reading, verdict, evidence and commands, as ``emtheory show`` prints them.
    """

    code: ExitCode
    statement: Mapping[str, Any]
    text: str

    @property
    def ok(self) -> bool:
        """Whether it came out as expected."""
        return self.code == ExitCode.OK

    def as_json(self) -> dict[str, object]:
        """Return it as in ``show --json``."""
        return {"schema": 1, "statement": self.statement}

    def __repr__(self) -> str:
        return self.text


def show(
    statement: str, *, jobs: int | None = None, cache: File | None = None, progress: Callable[[str], None] | None = None
) -> Shown:
    """Decide one statement of the catalogue, with what it rests on, as ``emtheory show`` does.

    Parameters
    ----------
    statement
        Its id.
    jobs
        Processes, by default one a processor.
    cache
        Folder for what earlier runs found out; by default everything is found out anew.
    progress
        Is told, in a line each, what went wrong with the folder.

    Returns
    -------
    Shown
        Its reading, verdict, evidence and commands.

    Raises
    ------
    NothingSelectedError
        If there is no such statement.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.show("uniform-two-components").statement["verdict"]  # doctest: +SKIP
    'refuted'
    """
    name = given.text(statement, "statement")
    # An id is no pattern here.
    select_entries(None, [name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")])
    entries = with_supports([entry for entry in select_entries() if entry.id == name])
    side_by_side = processors() if jobs is None else given.count(jobs, "jobs", 1, given.MAX_JOBS)
    with workshop(side_by_side, given.optional_file(cache, "cache"), given.progress(progress)) as start:
        decided, derivations = decided_statements(entries, start)
    document, verdict = next(pair for pair in decided if pair[0]["id"] == name)
    return Shown(verdict.exit_code, document, "\n".join(_lines(document, derived_prose(derivations))))


def _lines(entry: Mapping[str, Any], derived: Callable[[str], str]) -> Iterator[str]:
    yield plain_prose(entry["title"])
    yield f"  {entry['id']}, {plain_prose(entry['group'])}; {plain_prose(entry['source'])}"
    yield f"  “{plain_prose(entry['quote'])}”"
    yield ""
    yield f"Read formally: {plain_prose(entry['reading'])}"
    named = "checked by Rocq" if entry["level"] == "kernel" else entry["level"]
    level = f" ({named})" if entry["level"] not in (None, entry["verdict"]) else ""
    yield f"Verdict:       {entry['verdict']}{level}: {plain_prose(entry['reason'])}"
    if entry["correction"]:
        yield f"True instead:  {plain_prose(entry['correction'])}"
    yield f"It rests on:   {trusted_text(entry['foundations'])}"
    if entry["depends"]:
        yield f"  and on:      {', '.join(entry['depends'])}"
    for part, heading in _PARTS:
        for number, claim in enumerate(entry[part]):
            if not number:
                yield f"\n{heading}:"
            said = claim["statement"] or plain_prose(derived(claim["derivation"]))
            margin = f", margin {margin_text(claim['margin'])}" if claim["margin"] else ""
            yield f"  {claim['verdict']:<12} {said} [{plain_prose(claim['cases'])}]{margin}"
            if claim["witness"]:
                yield f"    fails at {claim['witness']['place']}"
            yield from (f"    $ {command}" for command in claim["commands"])
    yield from (f"\n{plain_prose(problem)}" for problem in entry["problems"])
