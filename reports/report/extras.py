"""What no verdict depends on: mutants, numbers, laws and figures, as tasks and as they stand in the report."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from emtheory.reports.catalogue.entry import EntryVerdict
from emtheory.reports.catalogue.mutants import mutant_of_control
from emtheory.reports.catalogue.mutation import finish_mutants, mutant_tasks, score_document
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.laws.plan import LawGrid
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.report.claim_figures import claim_drawings
from emtheory.reports.report.explorer import explore
from emtheory.reports.report.numbers import Setting, compare
from emtheory.theory.claim import Entry

if TYPE_CHECKING:
    from emtheory.reports.laws.run import LawPlan

EXPLORER, MUTANTS, NUMBERS, LAWS, FIGURES = EXTRAS = "explorer", "mutants", "numbers", "laws", "figures"
_FIGURES = "decay", "profile", "share", "samples"


@dataclass(frozen=True)
class Plan:
    """The tasks of the parts that are wanted; the laws come with their figures, those of a user's own claims later."""

    wanted: Collection[str]
    mutants: tuple[Task, ...]
    numbers: tuple[Task, ...]
    figures: Mapping[str, Task]
    laws: "LawPlan | None"
    explorer: tuple[Task, ...] = ()
    own: bool = False

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them, but those that need the results of others."""
        laws = () if self.laws is None else self.laws.tasks
        return (*self.explorer, *self.numbers, *self.mutants, *self.figures.values(), *laws)


@dataclass(frozen=True)
class Extras:
    """The parts as JSON values, as they stand in the report's document, and the figures; empty where there is none."""

    mutation: Mapping[str, Any] | None = None
    numbers: Sequence[Mapping[str, Any]] = ()
    laws: Mapping[str, Any] | None = None
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    explorer: Sequence[Mapping[str, Any]] = ()


def plan_extras(
    entries: Sequence[Entry],
    settings: Sequence[Setting],
    grid: LawGrid,
    wanted: Collection[str],
    explored: Sequence[tuple[int, str]] = (),
    *,
    own: bool = False,
) -> Plan:
    """Return what there is to compute."""
    figures = {name: Task(f"figure: {name}", draw_figure, (name,)) for name in _FIGURES}
    laws = None
    if LAWS in wanted:
        from emtheory.reports.laws.run import law_plan  # noqa: PLC0415 (what draws is an extra)

        laws = law_plan(grid)
    return Plan(
        wanted,
        mutant_tasks(entries) if MUTANTS in wanted else (),
        tuple(Task(f"numbers: {setting}", compare, (setting,), setting.k) for setting in settings)
        if NUMBERS in wanted
        else (),
        figures if FIGURES in wanted and not own else {},
        laws,
        tuple(Task(f"explorer: k = {k}, {weights}", explore, (k, weights), k) for k, weights in explored)
        if EXPLORER in wanted
        else (),
        own,
    )


def finish_extras(plan: Plan, verdicts: Sequence[EntryVerdict], start: Start) -> Extras:
    """Wait for what was planned; the controls among the mutants were decided before."""
    controls = [
        mutant_of_control(verdict.entry.id, claim, found.outcome)
        for verdict in verdicts
        for claim, found in zip(verdict.entry.controls, verdict.controls, strict=True)
    ]
    mutation = score_document([*finish_mutants(plan.mutants, start), *controls]) if MUTANTS in plan.wanted else None
    numbers = [result_of(start(task)).value for task in plan.numbers]
    drawings = {name: Drawing(**result_of(start(task)).value) for name, task in plan.figures.items()}
    if plan.own and FIGURES in plan.wanted:
        drawings = claim_drawings(verdicts, start)
    explorer = [result_of(start(task)).value for task in plan.explorer]
    if plan.laws is None:
        return Extras(mutation, numbers, None, drawings, explorer)
    from emtheory.reports.laws.run import finish_laws  # noqa: PLC0415 (what draws is an extra)

    laws = finish_laws(plan.laws, start)
    return Extras(mutation, numbers, laws.document, {**drawings, **laws.drawings}, explorer)


def draw_figure(name: str) -> dict[str, str]:
    """Return a figure of the report, one of `_FIGURES`, as JSON values."""
    from emtheory.reports.report import figures  # noqa: PLC0415 (what draws is an extra)

    drawing: Drawing = getattr(figures, f"{name}_drawing")()
    return asdict(drawing)
