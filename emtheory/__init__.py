"""Machine-checked theory of the EM algorithm for overspecified Gaussian mixtures.

The verbs are those of the command line, and return immutable results: `evaluate` a quantity on an exact case, `check`
claims, `derive` a statement symbolically, follow the `trajectory` of population EM, `sweep` a grid, `simulate` EM on
samples, certify on data EM (`certify_data`), fits (`certify_fit`) and mixing distributions (`npmle`), write the
`report` on the whole catalogue, `replay` and `verify` certificates, `export` them, `sharpen` constants, list
`quantities` and `claims`, draw the `atlas`. Numbers are exact: integers, fractions, text; `exact` makes them of floats.

A name is imported when it is first used, so that ``import emtheory`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.numerics.case import Case
    from emtheory.numerics.enclosure import Enclosure
    from emtheory.numerics.errors import CannotAnswerError, NothingSelectedError, OutOfReachError
    from emtheory.numerics.level import Level
    from emtheory.reports.api.answer import Answer
    from emtheory.reports.api.atlas import atlas
    from emtheory.reports.api.certify_data import certify_data
    from emtheory.reports.api.certify_fit import certify_fit
    from emtheory.reports.api.check import check, check_claims
    from emtheory.reports.api.derive import derive
    from emtheory.reports.api.evaluate import evaluate
    from emtheory.reports.api.exact import exact
    from emtheory.reports.api.listed import claims, quantities
    from emtheory.reports.api.model import Model, models
    from emtheory.reports.api.npmle import npmle
    from emtheory.reports.api.replay import replay
    from emtheory.reports.api.report import report
    from emtheory.reports.api.sharpen import sharpen
    from emtheory.reports.api.simulate import simulate
    from emtheory.reports.api.sweep import sweep
    from emtheory.reports.api.trajectory import trajectory
    from emtheory.reports.api.verify import export, verify
    from emtheory.reports.decide.verdict import Verdict
    from emtheory.theory.claim import Claim, FreeConstant
    from emtheory.theory.errors import DerivationError, InputError, ModelError, TextError

    __version__: str

__all__ = [
    "Answer",
    "CannotAnswerError",
    "Case",
    "Claim",
    "DerivationError",
    "Enclosure",
    "FreeConstant",
    "InputError",
    "Level",
    "Model",
    "ModelError",
    "NothingSelectedError",
    "OutOfReachError",
    "TextError",
    "Verdict",
    "__version__",
    "atlas",
    "certify_data",
    "certify_fit",
    "check",
    "check_claims",
    "claims",
    "derive",
    "evaluate",
    "exact",
    "export",
    "models",
    "npmle",
    "quantities",
    "replay",
    "report",
    "sharpen",
    "simulate",
    "sweep",
    "trajectory",
    "verify",
]

_HOMES = {
    "Answer": "reports.api.answer",
    "CannotAnswerError": "numerics.errors",
    "Case": "numerics.case",
    "Claim": "theory.claim",
    "DerivationError": "theory.errors",
    "Enclosure": "numerics.enclosure",
    "FreeConstant": "theory.claim",
    "InputError": "theory.errors",
    "Level": "numerics.level",
    "Model": "reports.api.model",
    "ModelError": "theory.errors",
    "NothingSelectedError": "numerics.errors",
    "OutOfReachError": "numerics.errors",
    "TextError": "theory.errors",
    "Verdict": "reports.decide.verdict",
    "atlas": "reports.api.atlas",
    "certify_data": "reports.api.certify_data",
    "certify_fit": "reports.api.certify_fit",
    "check": "reports.api.check",
    "check_claims": "reports.api.check",
    "claims": "reports.api.listed",
    "derive": "reports.api.derive",
    "evaluate": "reports.api.evaluate",
    "exact": "reports.api.exact",
    "export": "reports.api.verify",
    "models": "reports.api.model",
    "npmle": "reports.api.npmle",
    "quantities": "reports.api.listed",
    "replay": "reports.api.replay",
    "report": "reports.api.report",
    "sharpen": "reports.api.sharpen",
    "simulate": "reports.api.simulate",
    "sweep": "reports.api.sweep",
    "trajectory": "reports.api.trajectory",
    "verify": "reports.api.verify",
}
"""Where each name is defined."""


if not TYPE_CHECKING:  # Type checkers read the imports above: with this function, any name would be one of ours.

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            return import_module("importlib.metadata").version("emtheory")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
