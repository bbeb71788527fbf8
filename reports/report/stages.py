"""What a report is about, and the stages in which it is made: what the page begins with, all verdicts, the rest."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from emtheory.numerics.processes import processors
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.catalogue.entry import PARTS
from emtheory.reports.catalogue.examination import examination_tasks
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.laws.plan import LAWS as LAW_GRID
from emtheory.reports.laws.plan import LawGrid
from emtheory.reports.progress import progress
from emtheory.reports.report.explorer import EXPLORED
from emtheory.reports.report.extras import EXPLORER, EXTRAS, FIGURES, LAWS, MUTANTS, NUMBERS, Plan, plan_extras
from emtheory.reports.report.numbers import SETTINGS, Setting
from emtheory.theory.claim import Entry
from emtheory.theory.claims import PAPER, sources

INSTANCES, VERDICTS = "instances", "the verdicts on further statements"


@dataclass(frozen=True)
class Scope:
    """What a report is about and how it is made.

    `settings`: the rows of the table of numbers; `laws`: what the laws are computed on; `explored`: the k and weights
    of the interactive figure; `quick`: Leave out what no verdict depends on: instances of proved statements, mutants,
    numbers, laws and figures; `selected`: the entries are a selection: leave out numbers, laws and figures, which are
    about none of them; `jobs`: Processes to use; `cache`: Folder for results of earlier runs, or None; `pdf`: Write the
    report and its figures as PDF, too; `scheduler`: Address of a Dask scheduler whose workers are used instead, or
    None; `kernel`: Have a proof kernel check what can be exported; `about`: what a report on claims of a user's says of
    where they are from (`emtheory.reports.report.own.about`); None for the catalogue.
    """

    settings: Sequence[Setting] = SETTINGS
    laws: LawGrid = LAW_GRID
    explored: Sequence[tuple[int, str]] = EXPLORED
    quick: bool = False
    selected: bool = False
    jobs: int = field(default_factory=processors)
    cache: Path | None = None
    scheduler: str | None = None
    pdf: bool = False
    kernel: bool = False
    about: Mapping[str, Any] | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The parts that the report has not."""
        if self.about is not None:
            return (EXPLORER, MUTANTS, NUMBERS, LAWS, *([FIGURES] if self.quick else []))
        explorer = [EXPLORER] if self.selected else []
        if self.quick:
            return (*explorer, INSTANCES, *(part for part in EXTRAS if part != EXPLORER))
        return (*explorer, NUMBERS, LAWS, FIGURES) if self.selected else ()


@dataclass(frozen=True)
class Stage:
    """What is waited for together.

    `name`: what there is to read when it is done; `parts`: the parts of the report, `INSTANCES`, `VERDICTS` or of
    `EXTRAS`, that it brings; `tasks`: what is to be computed.
    """

    name: str
    parts: tuple[str, ...]
    tasks: tuple[Task, ...]


def plan_stages(entries: Sequence[Entry], scope: Scope) -> tuple[tuple[Stage, ...], Plan]:
    """Return the stages of a report on entries, and the plan of what no verdict depends on."""
    wanted = tuple(part for part in EXTRAS if part not in scope.left_out)
    plan = plan_extras(entries, scope.settings, scope.laws, wanted, scope.explored, own=scope.about is not None)
    decided = [part for part in PARTS if part != INSTANCES]
    first = [] if scope.about is not None else first_read(entries)
    stages = (
        Stage("first verdicts", (), _examinations(first, decided, kernel=scope.kernel)),
        Stage("all verdicts", (VERDICTS,) if first else (), _examinations(entries, decided, kernel=scope.kernel)),
        Stage("all verdicts and instances", (INSTANCES,), _examinations(entries, [INSTANCES], kernel=scope.kernel)),
        Stage("everything", wanted, _longest_first(plan.tasks)),
    )
    # Figures of a user's claims are begun when the verdicts that they show are known.
    return tuple(stage for stage in stages if stage.tasks or (plan.own and stage.parts == (FIGURES,))), plan


def first_read(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that the answers on the page's first screen rest on, if the report has such a screen."""
    known = {entry.id: entry for entry in entries}
    overview = sources()[PAPER].overview
    wanted = [name for answer in overview.answers for name in answer.rests_on] if overview else []
    if not known.keys() >= set(wanted):
        return []
    for name in wanted:
        wanted += [below for below in known[name].depends if below not in wanted]
    return [entry for entry in entries if entry.id in wanted]


def wait_for(stage: Stage, start: Start) -> list[str]:
    """Wait until the tasks of a stage are done, telling how far they are; return the names of those that were lost.

    Claims that end in an error are lost, too: it is told with them. Exception the first that another task raises.
    """
    tasks = {start(task): task for task in stage.tasks}
    lost = []
    with progress(len(tasks), stage.name, alike=False) as advance:
        for future in as_completed(tasks):
            advance()
            try:
                result_of(future)
            except Exception as error:
                if not isinstance(error, LostProcessError) and not set(stage.parts) <= {INSTANCES, VERDICTS}:
                    raise
                lost.append(tasks[future].name)
    return lost


def _examinations(entries: Sequence[Entry], parts: Sequence[str], *, kernel: bool) -> tuple[Task, ...]:
    claims = (claim for entry in entries for part in parts for claim in getattr(entry, part))
    return _longest_first(task for claim in claims for task in examination_tasks(claim, kernel=kernel))


def _longest_first(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=attrgetter("effort"), reverse=True))
