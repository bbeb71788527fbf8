"""Machine-checked theory of the EM algorithm for overspecified Gaussian mixtures.

The verbs are those of the command line, and return immutable results: `evaluate` a quantity on an exact case, `check`
claims, `derive` a statement symbolically, `show` one of the catalogue, follow the `trajectory` of population EM,
`sweep` a grid, `simulate` EM on samples, certify on data EM (`certify_data`), fits (`certify_fit`) and mixing
distributions (`npmle`), write the `report` on the whole catalogue, `replay` and `verify` certificates, `export` them,
`sharpen` constants, list `quantities` and `claims`, draw the `atlas`. Numbers are exact: integers, fractions, text;
`exact` makes them of floats.

A name is imported when it is first used, so that ``import emtheory`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # “as” tells type checkers that a name is public.
    # isort: off
    from emtheory.numerics.case import Case as Case
    from emtheory.numerics.enclosure import Enclosure as Enclosure
    from emtheory.numerics.errors import (
        CannotAnswerError as CannotAnswerError,
        NothingSelectedError as NothingSelectedError,
        OutOfReachError as OutOfReachError,
    )
    from emtheory.numerics.level import Level as Level
    from emtheory.reports.api.evaluate import Answer as Answer
    from emtheory.reports.api.atlas import atlas as atlas
    from emtheory.reports.api.certify_data import certify_data as certify_data
    from emtheory.reports.api.certify_fit import certify_fit as certify_fit
    from emtheory.reports.api.check import check as check
    from emtheory.reports.api.derive import derive as derive
    from emtheory.reports.api.evaluate import evaluate as evaluate
    from emtheory.reports.api.exact import exact as exact
    from emtheory.reports.api.listed import claims as claims, quantities as quantities
    from emtheory.reports.api.model import Model as Model, models as models
    from emtheory.reports.api.npmle import npmle as npmle
    from emtheory.reports.api.replay import replay as replay
    from emtheory.reports.api.report import report as report
    from emtheory.reports.api.sharpen import sharpen as sharpen
    from emtheory.reports.api.show import show as show
    from emtheory.reports.api.simulate import simulate as simulate
    from emtheory.reports.api.sweep import sweep as sweep
    from emtheory.reports.api.trajectory import trajectory as trajectory
    from emtheory.reports.api.verify import export as export, verify as verify
    from emtheory.reports.decide.verdict import Verdict as Verdict
    from emtheory.theory.claim import Claim as Claim, FreeConstant as FreeConstant
    from emtheory.theory.errors import (
        DerivationError as DerivationError,
        InputError as InputError,
        ModelError as ModelError,
        TextError as TextError,
    )

    # isort: on
    __version__: str

_NAMES = {
    "numerics.case": "Case",
    "numerics.enclosure": "Enclosure",
    "numerics.errors": "CannotAnswerError NothingSelectedError OutOfReachError",
    "numerics.level": "Level",
    "reports.api.atlas": "atlas",
    "reports.api.certify_data": "certify_data",
    "reports.api.certify_fit": "certify_fit",
    "reports.api.check": "check",
    "reports.api.derive": "derive",
    "reports.api.evaluate": "Answer evaluate",
    "reports.api.exact": "exact",
    "reports.api.listed": "claims quantities",
    "reports.api.model": "Model models",
    "reports.api.npmle": "npmle",
    "reports.api.replay": "replay",
    "reports.api.report": "report",
    "reports.api.sharpen": "sharpen",
    "reports.api.show": "show",
    "reports.api.simulate": "simulate",
    "reports.api.sweep": "sweep",
    "reports.api.trajectory": "trajectory",
    "reports.api.verify": "export verify",
    "reports.decide.verdict": "Verdict",
    "theory.claim": "Claim FreeConstant",
    "theory.errors": "DerivationError InputError ModelError TextError",
}
"""Module → what is public in it."""

_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted([*_HOMES, "__version__"])  # noqa: PLE0605 (type checkers read the imports above)


if not TYPE_CHECKING:  # Type checkers read the imports above: with this function, any name would be one of ours.

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            return import_module("importlib.metadata").version("emtheory")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
