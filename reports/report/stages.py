"""What a report is about, and the stages in which it is made: what the page begins with, all verdicts, the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from emtheory.numerics.processes import processors
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.catalogue.entry import PARTS, EntryVerdict
from emtheory.reports.catalogue.examination import examination_tasks
from emtheory.reports.catalogue.mutants import finish_mutants, mutant_of_control, mutant_tasks, score_document
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.laws.plan import LAWS as LAW_GRID
from emtheory.reports.laws.plan import LawGrid
from emtheory.reports.progress import progress
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.report.numbers import EXPLORED, QUICKLY_EXPLORED, SETTINGS, Setting, compare, explore
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import PAPER, sources

EXPLORER, MUTANTS, NUMBERS, LAWS, FIGURES = EXTRAS = "explorer", "mutants", "numbers", "laws", "figures"
_FIGURES = "decay", "profile", "share", "samples"

INSTANCES, VERDICTS = "instances", "the verdicts on further statements"


@dataclass(frozen=True)
class Extras:
    """The parts as JSON values, as they stand in the report's document, and the figures; empty where there is none."""

    mutation: Mapping[str, Any] | None = None
    numbers: Sequence[Mapping[str, Any]] = ()
    laws: Mapping[str, Any] | None = None
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    explorer: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Scope:
    """What a report is about and how it is made.

    `settings`: the rows of the table of numbers; `laws`: what the laws are computed on; `explored`: the k and weights
    of the interactive figure; `quick`: Leave out what no verdict depends on: instances of proved statements, mutants,
    numbers, laws and figures, and the largest k of the interactive figure; `selected`: the entries are a selection:
    leave out numbers, laws and figures, which are about none of them; `jobs`: Processes to use; `cache`: Folder for
    results of earlier runs, or None; `pdf`: Write the report and its figures as PDF, too; `scheduler`: Address of a
    Dask scheduler whose workers are used instead, or None; `kernel`: Have a proof kernel check what can be exported;
    `about`: what a report on claims of a user's says of where they are from (`emtheory.reports.report.own.about`);
    None for the catalogue.
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

    @property
    def wanted(self) -> tuple[str, ...]:
        """The parts that no verdict depends on and that the report has."""
        return tuple(part for part in EXTRAS if part not in self.left_out)


def extra_tasks(entries: Sequence[Entry], scope: Scope) -> dict[str, tuple[Task, ...]]:
    """Return the tasks of each part that is wanted, but those that need the results of others."""
    tasks: dict[str, Callable[[], Iterable[Task]]] = {
        EXPLORER: lambda: (
            Task(f"explorer: k = {k}, {of}", explore, (k, of), k)
            for k, of in scope.explored
            if not scope.quick or k <= QUICKLY_EXPLORED
        ),
        NUMBERS: lambda: (Task(f"numbers: {each}", compare, (each,), each.k) for each in scope.settings),
        MUTANTS: lambda: mutant_tasks(entries),
        # Those of a user's own claims show verdicts, and are drawn later.
        FIGURES: lambda: (Task(f"figure: {name}", draw_figure, (name,)) for name in _FIGURES if scope.about is None),
        LAWS: lambda: _law_tasks(scope.laws),
    }
    return {part: tuple(make()) for part, make in tasks.items() if part in scope.wanted}


def _law_tasks(grid: LawGrid) -> tuple[Task, ...]:
    from emtheory.reports.laws.run import law_tasks  # noqa: PLC0415 (what draws is an extra)

    return law_tasks(grid)


def finish_extras(
    tasks: Mapping[str, Sequence[Task]], scope: Scope, verdicts: Sequence[EntryVerdict], start: Start
) -> Extras:
    """Wait for the tasks of each part; the controls among the mutants were decided before."""
    found = {part: [result_of(start(task)).value for task in of_part] for part, of_part in tasks.items()}
    numbers, explorer = found.get(NUMBERS, ()), found.get(EXPLORER, ())
    drawings = {name: Drawing(**value) for name, value in zip(_FIGURES, found.get(FIGURES, ()), strict=False)}
    if scope.about is not None and FIGURES in tasks:
        drawings = claim_drawings(verdicts, start)
    mutation = None
    if MUTANTS in tasks:
        controls = [
            mutant_of_control(verdict.entry.id, claim, control.outcome)
            for verdict in verdicts
            for claim, control in zip(verdict.entry.controls, verdict.controls, strict=True)
        ]
        mutation = score_document([*finish_mutants(tasks[MUTANTS], start), *controls])
    if LAWS not in tasks:
        return Extras(mutation, numbers, None, drawings, explorer)
    from emtheory.reports.laws.run import finish_laws  # noqa: PLC0415 (what draws is an extra)

    laws = finish_laws(scope.laws, found[LAWS], start)
    return Extras(mutation, numbers, laws.document, {**drawings, **laws.drawings}, explorer)


def draw_figure(name: str) -> Drawing:
    """Return a figure of the report, one of `_FIGURES`."""
    from emtheory.reports.report import figures  # noqa: PLC0415 (what draws is an extra)

    drawing: Drawing = getattr(figures, f"{name}_drawing")()
    return drawing


@dataclass(frozen=True)
class Stage:
    """What is waited for together.

    `name`: what there is to read when it is done; `parts`: the parts of the report, `INSTANCES`, `VERDICTS` or of
    `EXTRAS`, that it brings; `tasks`: what is to be computed.
    """

    name: str
    parts: tuple[str, ...]
    tasks: tuple[Task, ...]


def plan_stages(entries: Sequence[Entry], scope: Scope) -> tuple[tuple[Stage, ...], dict[str, tuple[Task, ...]]]:
    """Return the stages of a report on entries, and the tasks of what no verdict depends on."""
    extras = extra_tasks(entries, scope)
    decided = [part for part in PARTS if part != INSTANCES]
    first = [] if scope.about is not None else first_read(entries)
    stages = (
        Stage("first verdicts", (), _examinations(first, decided, kernel=scope.kernel)),
        Stage("all verdicts", (VERDICTS,) if first else (), _examinations(entries, decided, kernel=scope.kernel)),
        Stage("all verdicts and instances", (INSTANCES,), _examinations(entries, [INSTANCES], kernel=scope.kernel)),
        Stage("everything", scope.wanted, _longest_first(chain.from_iterable(extras.values()))),
    )
    # Figures of a user's claims are begun when the verdicts that they show are known.
    own = scope.about is not None and scope.wanted == (FIGURES,)
    return tuple(stage for stage in stages if stage.tasks or (own and stage.parts == (FIGURES,))), extras


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
    """Wait for the tasks of a stage, telling how far they are; return names of those lost, as of claims in error."""
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


def claim_drawings(verdicts: Sequence[EntryVerdict], start: Start) -> dict[str, Drawing]:
    """Draw the sides of each statement over its domain, where it has one, by the id of its entry."""
    futures = {
        verdict.entry.id: start(
            Task(f"figure: {found.id}", draw_claim, (verdict.entry.claims[0], found.outcome, found.document["witness"]))
        )
        for verdict in verdicts
        for found in verdict.claims
    }
    drawn = {name: result_of(future).value for name, future in futures.items()}
    return {name: Drawing(**value) for name, value in drawn.items() if value}


def draw_claim(claim: Claim, verdict: str, witness: Mapping[str, Any] | None) -> Drawing | None:
    """Return the figure of a claim; nothing if there is none to draw, or too much."""
    # What draws takes a while to load, and not every report has figures.
    from emtheory.reports.charts.claims import Decided, claims_chart  # noqa: PLC0415
    from emtheory.reports.render.chart import MAX_PANELS  # noqa: PLC0415

    chart = claims_chart([Decided(claim, verdict, witness)])
    if chart.is_empty or len(chart.panels) > MAX_PANELS:
        return None
    caption = f"Both sides of {claim.statement} over its domain, to six digits."
    return chart.drawing(claim.id, caption)
