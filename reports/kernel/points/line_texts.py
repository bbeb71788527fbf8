"""Two components on a line in Rocq: integrals whose bounds CoqInterval proves."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from emtheory.reports.kernel.points.cells import Cell
from emtheory.reports.kernel.points.line_ranges import REACH, TAIL
from emtheory.reports.kernel.points.texts import Texts
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Number

_INTEGRAND = {"posterior_power": "power_integrand", "kl_divergence": "divergence_integrand"}
_LEMMA = {"posterior_power": "power", "kl_divergence": "divergence"}


class LineTexts(Texts):
    """What is written of a statement about two components."""

    symbols: Mapping[str, Fraction] = MappingProxyType({"k": Fraction(2), "d": Fraction(1)})
    definitions = "line_definitions"
    lemmas = ("line_lemmas",)

    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return the proposition that the integral that defines a quantity converges."""
        return (f"converges ({_INTEGRAND[quantity]} {self.case_terms})",)

    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to bounds on one quantity."""
        name = quantity
        kind = _LEMMA[name]
        first, second = self.weights
        heavy = self.expressions[0]
        odds = number(heavy.value / (1 - heavy.value)) if isinstance(heavy, Number) else f"(1 / (1 / {first} - 1))"
        low, high = cell.bounds[name]
        bits = max(30, cell.slack.denominator.bit_length() + 20)
        sizes = ("1", "0") if name == "posterior_power" else (f"({self.radius} ^ 2 / 2)", self.radius)
        tail = " ".join(sizes)
        power = name == "posterior_power"
        form = f"power_form {odds} {self.radius}" if power else f"divergence_form {self.case_terms}"
        extra = f"{odds} {self.radius}" if power else self.radius
        condition = f"{odds} * {second} = {first}" if power else f"{first} + {second} = 1"
        radius = "" if power else " ltac:(first [lra | interval])"
        return [
            f"assert (I_{kind} : {number(low)} <= RInt ({form}) (- {REACH}) {REACH} <= {number(high)})",
            f"  by (unfold {kind}_form; integral with (i_prec {bits}, i_fuel 2000, i_degree {_degree(cell.slack)})).",
            f"assert (T_{kind} : beyond {REACH} {tail} <= {number(TAIL)}) by (unfold beyond; interval).",
            f"assert (O_{kind} : {condition}) by first [field; lra | lra].",
            f"destruct ({kind}_bounds {first} {second} {extra} {REACH} _ _",
            f"  ltac:(lra) ltac:(lra) O_{kind}{radius} ltac:(lra) I_{kind}) as [C_{kind} B_{kind}].",
            f"assert (V_{kind} : {number(low - TAIL)} <= {name} {self.case_terms} <= {number(high + TAIL)}) by lra.",
            f"clear I_{kind} T_{kind} O_{kind} B_{kind}.",
        ]


def _degree(slack: Fraction) -> int:
    """Return the degree of the polynomials in an integral: more for sharper bounds."""
    return 5 if slack >= Fraction(1, 10**4) else 10
