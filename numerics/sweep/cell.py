"""One cell of a sweep: a quantity on an exact case, and what came of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from hashlib import sha256
from time import perf_counter

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import printed
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.names import label_of, short_name


@dataclass(frozen=True)
class Cell:
    """A request, small enough to be sent to another process.

    `k`, `weights`, `d`, `radius`: the case as text and exact numbers; `radius` is None for quantities that need no
    point; `family`, `values`: of a model its canonical text and its parameters, in place of these; `quantity`,
    `arguments`: what is asked for, the arguments exact; `digits`, `route`: as for
    `emtheory.numerics.evaluate.evaluate`.
    """

    k: int
    weights: str
    d: int
    radius: Fraction | None
    quantity: str
    arguments: tuple[tuple[str, Fraction], ...]
    digits: int
    route: str
    family: str = ""
    values: tuple[tuple[str, Real], ...] = ()

    @property
    def place(self) -> tuple[object, ...]:
        """What the case is made from."""
        return self.k, self.weights, self.d, self.radius, self.family, self.values

    @property
    def shares(self) -> bool:
        """Whether quantities at the same place have something in common: what needs no point has nothing."""
        return self.radius is not None or bool(self.family)

    def case(self) -> Case:
        """Return the exact case; InputError if there is none."""
        if self.family:
            return find_family(self.family).case(dict(self.values))
        return make_case(self.k, self.weights, self.d, self.radius)

    def as_json(self) -> dict[str, object]:
        """Return the request with every number that is not an integer as exact text."""
        tied = {
            "k": self.k,
            "weights": self.weights,
            "d": self.d,
            "radius": None if self.radius is None else str(self.radius),
        }
        of_model = {"model": label_of(self.family), "at": {name: str(value) for name, value in self.values}}
        return {
            **(of_model if self.family else tied),
            "quantity": short_name(self.quantity),
            "arguments": {name: str(value) for name, value in self.arguments},
            "digits": self.digits,
            "route": self.route,
        }


@dataclass(frozen=True)
class Row:
    """What came of a cell: an answer as decimal text, or an error.

    `value`, `lower`, `upper`, `level`, `route`: as in `emtheory.numerics.enclosure.printed`; None after an error;
    `seconds`: time taken; `error`: why there is no answer, or None.
    """

    value: str | None = None
    lower: str | None = None
    upper: str | None = None
    level: str | None = None
    route: str | None = None
    seconds: float = 0.0
    error: str | None = None


def cell_key(cell: Cell, case: Case, fingerprint: str) -> str:
    """Return a digest of the exact case, the quantity, digits, route and code: equal keys, equal answers.

    `cell`: the request. `case`: its exact case, from `Cell.case`: different text for the same weights gives the same
    key. `fingerprint`: of the code that answers.
    """
    law = {"family": cell.family} if cell.family else {"weights": _run_lengths(case)}
    exact = cell.as_json() | law | {"code": fingerprint}
    return sha256(json.dumps(exact, sort_keys=True).encode()).hexdigest()


def compute(cell: Cell, fingerprint: str) -> Row:
    """Compute a cell; see `compute_group`."""
    return compute_group([cell], fingerprint)[0]


def compute_group(cells: Sequence[Cell], fingerprint: str) -> list[Row]:
    """Compute cells of one `Cell.place` together; whatever goes wrong, other code included, is an error of its row."""
    case = cache(cells[0].case)
    return [_compute(cell, case, fingerprint) for cell in cells]


def _compute(cell: Cell, case: Callable[[], Case], fingerprint: str) -> Row:
    start = perf_counter()
    if package_fingerprint() != fingerprint:
        return Row(error="this worker runs other code, or other versions of the libraries, than the sweep")
    answer: Mapping[str, str | None] = {}
    error = None
    try:
        result = evaluate(cell.quantity, case(), dict(cell.arguments), cell.digits, cell.route)
        answer = printed(short_name(cell.quantity), result, cell.digits)
    except (InputError, CannotAnswerError) as failure:
        error = str(failure)
    except Exception as failure:
        error = f"internal error ({type(failure).__name__}: {failure})"[:500]
    return Row(**answer, seconds=round(perf_counter() - start, 6), error=error)


def _run_lengths(case: Case) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for weight in case.weights:
        text = str(weight)
        if runs and runs[-1][0] == text:
            runs[-1] = (text, runs[-1][1] + 1)
        else:
            runs.append((text, 1))
    return runs
