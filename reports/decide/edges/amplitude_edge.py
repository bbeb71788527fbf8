"""A statement on a box of amplitudes that reaches all of them at 0, where its sides may touch.

There each side is E_0 + Σ_l v_lR_l, v_l = ρ_l², with E_0 exact in the variables of the weights and R_l forms. As
∂β_m/∂v_l = t_ml/2, of β_m they are means of t_ml/2 over a ray, and couplings are near their values at the origin
(docs/error-bounds.md, sections 12 and 13). So E_0 ≥ 0 and R_l ≥ 0 show that a difference is not negative.
"""

from collections.abc import Sequence, Set
from fractions import Fraction
from functools import cached_property, reduce
from operator import add

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.reports.decide.edges.edge import EdgeForms
from emtheory.reports.decide.edges.expansions import Edge
from emtheory.reports.decide.edges.limits import origin_terms
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import AMPLITUDE, ZERO, Call, Expression, Number, Symbol

_LEAST_COUPLING, _LARGEST_COUPLING, _DRIFT = Fraction(-27, 16), Fraction(3), 37
"""Bounds of t_ml, and of its derivatives in each v_l."""


class AmplitudeEdgeForms(EdgeForms):
    """Sides of a statement near amplitudes 0, at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the box reaches the point where all amplitudes are 0."""
        sides = self.forms.cell.sides
        ends = [sides.get(name, (Fraction(1), Fraction(1))) for name in self._names]
        return self.forms.problem.amplitudes and all(low == 0 for low, _ in ends) and any(high for _, high in ends)

    @property
    def is_open(self) -> bool:
        """Whether that point does not belong to the domain, as an amplitude is not 0."""
        return any(self._are_positive)

    @property
    def _names(self) -> list[str]:
        return [f"{AMPLITUDE}{m}" for m in self.forms.problem.case.frequencies]

    @property
    def _small(self) -> Set[str]:
        return set(self._names)

    @property
    def _variable(self) -> str:
        """The amplitude, where there is one frequency."""
        return self._names[0]

    @property
    def _terms(self) -> int:
        return 1

    @property
    def _are_positive(self) -> list[bool]:
        spans = self.forms.problem.question.spans
        return [name in spans and spans[name].open_lower for name in self._names]

    def _symbol(self) -> Edge:
        raise CannotAnswerError("an odd power of an amplitude")

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        if not isinstance(base, Symbol):
            return super()._power(base, exponent)
        slopes = (constant(rational(int(each == base.name)), self.forms.domain) for each in self._names)
        count = exponent.value if isinstance(exponent, Number) else Fraction(-1)
        return self._power_of(Edge((ZERO,), tuple(slopes)), count / 2)

    def _quantity(self, call: Call) -> Edge:
        case = self.forms.problem.mixture.case
        half = Fraction(1, 2)
        match call.quantity:
            case "posterior_power":
                m = int(arguments_of(call, case)["m"]) % case.k
                m = min(m, case.k - m)
                if m:
                    return Edge((self._limit(m),), tuple(each * half for each in self._couplings(m)))
            case "kl_divergence":
                return Edge((ZERO,), tuple(each * half for each in self._mean_powers))
            case "log_partition":
                return Edge((ZERO,), tuple((1 - each) * half for each in self._mean_powers))
        raise CannotAnswerError(f"{call.label} is not expanded at amplitudes 0")

    @cached_property
    def _mean_powers(self) -> list[TaylorForm]:
        """2KL = Σ v_mK_m, K_m the mean of β_m(uv) over u in [0, 1]."""
        means = []
        for m in self.forms.problem.case.frequencies:
            terms = (square * each for square, each in zip(self._squares, self._couplings(m), strict=True))
            mean = reduce(add, (each * Fraction(1, 4) for each in terms), self.forms.form(self._limit(m)))
            means.append(mean)
        return means

    @property
    def _square(self) -> TaylorForm:
        (square,) = self._squares
        return square

    @cached_property
    def _squares(self) -> Sequence[TaylorForm]:
        amplitudes = [self.forms.form(Symbol(name)) for name in self._names]
        return [amplitude * amplitude for amplitude in amplitudes]

    def _limit(self, m: int) -> Expression:
        return origin_terms(self.forms.problem.weights, (m,), 1)[0]

    def _couplings(self, m: int) -> list[TaylorForm]:
        """A form of t_ml for each l, anywhere on the box."""
        reach = sum((self.forms.cell.sides[name][1] ** 2 for name in self._names), Fraction(0))
        off = to_arb(_DRIFT * reach).upper()
        drift = constant(Interval(-off, off, Level.CERTIFIED), self.forms.domain)
        least, most = (to_arb(each) for each in (_LEAST_COUPLING, _LARGEST_COUPLING))
        found = []
        for other in self.forms.problem.case.frequencies:
            form = self.forms.form(origin_terms(self.forms.problem.weights, (m, other), 1)[0]) + drift
            values = form.range
            outside = values.lower < least or values.upper > most
            found.append(constant(Interval(least.lower(), most, Level.CERTIFIED), form.domain) if outside else form)
        return found
