"""The quantities at a point given by amplitudes, as forms of the squares v_m = ρ_m² that vary over a box.

As on the ray all are made of β_m and the couplings t_mn, but of 2KL itself in place of 2KL/r².
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.intervals.basic_functions import TWICE_DIVERGENCE, BasicFunction, coupling, power
from emtheory.numerics.intervals.eigenvalue_form import smallest_eigenvalue
from emtheory.numerics.intervals.form_functions import divide, smallest
from emtheory.numerics.intervals.ray_form import Source
from emtheory.numerics.intervals.taylor_form import TaylorForm

Arguments = Mapping[str, Fraction]


@dataclass(frozen=True)
class AmplitudeForm:
    """The recipe of a quantity.

    `functions`: (case, arguments) ↦ the basic functions that it is made of; `form`: (case, arguments, amplitudes,
    source) ↦ its form; raises as `form_functions.apply_to_forms` does.
    """

    functions: Callable[[Case, Arguments], Sequence[BasicFunction]]
    form: Callable[[Case, Arguments, Sequence[TaylorForm], Source], TaylorForm]


def _divergence(case: Case, arguments: Arguments, amplitudes: Sequence[TaylorForm], source: Source) -> TaylorForm:
    return source(TWICE_DIVERGENCE) * Fraction(1, 2)


def _log_partition(case: Case, arguments: Arguments, amplitudes: Sequence[TaylorForm], source: Source) -> TaylorForm:
    return (_total([rho * rho for rho in amplitudes]) - source(TWICE_DIVERGENCE)) * Fraction(1, 2)


def _pl_ratio(case: Case, arguments: Arguments, amplitudes: Sequence[TaylorForm], source: Source) -> TaylorForm:
    terms = [(rho * source(each)) ** 2 for rho, each in zip(amplitudes, _powers(case, arguments), strict=True)]
    return divide(_total(terms), source(TWICE_DIVERGENCE))


def _smallest_eigenvalue(
    case: Case, arguments: Arguments, amplitudes: Sequence[TaylorForm], source: Source
) -> TaylorForm:
    """δ_mn β_m + ρ_mρ_n t_mn, and β_m on what is tangential to a frequency of two dimensions."""
    powers = [source(each) for each in _powers(case, arguments)]
    rows = [
        [
            rho * other * source(coupling(case, m, n)) + (powers[m - 1] if m == n else 0)
            for n, other in enumerate(amplitudes, start=1)
        ]
        for m, rho in enumerate(amplitudes, start=1)
    ]
    tangential = [each for m, each in zip(case.frequencies, powers, strict=True) if case.multiplicity(m) == 2]
    return smallest([smallest_eigenvalue(rows), *tangential])


def _powers(case: Case, arguments: Arguments) -> list[BasicFunction]:
    return [power(case, m) for m in case.frequencies]


def _couplings(case: Case, arguments: Arguments) -> list[BasicFunction]:
    pairs = [coupling(case, m, n) for m in case.frequencies for n in case.frequencies]
    return [*_powers(case, arguments), *pairs]


def _total(forms: Sequence[TaylorForm]) -> TaylorForm:
    return sum(forms[1:], start=forms[0])


def _with_divergence(case: Case, arguments: Arguments) -> list[BasicFunction]:
    return [*_powers(case, arguments), TWICE_DIVERGENCE]


AMPLITUDE_FORMS: Mapping[str, AmplitudeForm] = MappingProxyType(
    {
        "kl_divergence": AmplitudeForm(lambda case, arguments: [TWICE_DIVERGENCE], _divergence),
        "log_partition": AmplitudeForm(lambda case, arguments: [TWICE_DIVERGENCE], _log_partition),
        "posterior_power": AmplitudeForm(
            lambda case, arguments: [power(case, int(arguments["m"]))],
            lambda case, arguments, amplitudes, source: source(power(case, int(arguments["m"]))),
        ),
        "pl_ratio": AmplitudeForm(_with_divergence, _pl_ratio),
        "hessian_min_eigenvalue": AmplitudeForm(_couplings, _smallest_eigenvalue),
    }
)
"""Quantity → its recipe."""
