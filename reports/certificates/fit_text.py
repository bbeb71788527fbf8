"""What is certified of a fit, in words."""

import math
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.statistics import BITS
from emtheory.reports.certificates.data import above

ATTRACTS = {True: "EM converges to it from near by", False: "EM leaves it", None: "whether it attracts is not decided"}
"""Of a fixed point."""
_SHOWN_PARAMETERS = 24
"""Of a fit that people read."""
_SHOWN_DIRECTIONS = 6
"""Parameters that change most along a direction."""

Interval = tuple[Fraction, Fraction]


def steps_for_a_digit(evidence: FitEvidence) -> int | None:
    """Return after how many steps of EM the distance is a tenth, at its rate; None where EM does not come nearer."""
    rate = float(ball_bounds(evidence.point.em_rate)[1])
    return math.ceil(math.log(10) / -math.log(max(rate, 1e-10))) if rate < 1 else None


def fit_lines(evidence: FitEvidence, gap: Interval | None, steps: int | None) -> list[str]:
    """Return what is certified, what the fit given leaves to be desired, and how many steps of EM it is away."""
    kind = {
        True: "strict local maximum",
        False: "no local maximum: EM leaves it",
        None: "stationary point, of which kind is not decided",
    }
    if evidence.regularised:
        lines = [
            "certified: one fixed point of EM with reg_covar, at which the likelihood is not stationary; "
            f"{ATTRACTS[evidence.attracts]} (with reg_covar=0 it is told whether a maximum is near by)"
        ]
    else:
        lines = [f"certified: one stationary point of the likelihood; {kind[evidence.strict_local_maximum]}"]
    sizes, errors = evidence.point.family.sizes(), evidence.standard_errors
    count = 0
    for name, values in evidence.named.items():
        known = (
            ["" for _ in values] if errors is None else [f", standard error {float(x.mid()):.3g}" for x in errors[name]]
        )
        for index, value, error in zip(np.ndindex(*sizes[name]), values, known, strict=True):
            if count < _SHOWN_PARAMETERS:
                label = name + (f"[{', '.join(map(str, index))}]" if index else "")
                lines.append(f"  {label} = {_number(value)}{error}")
            count += 1
    if count > _SHOWN_PARAMETERS:
        lines.append(f"  and {count - _SHOWN_PARAMETERS} more")
    lines += _small(evidence)
    lines.append(f"  mean log-likelihood {_number(evidence.log_likelihood)}")
    eigenvalues = evidence.eigenvalues
    if eigenvalues is not None:
        lines.append(
            "  eigenvalues of the observed information relative to complete data: "
            f"{_number(eigenvalues[0])} to {_number(eigenvalues[-1])}"
        )
        if evidence.strict_local_maximum is False:
            down = sum(1 for value in eigenvalues if value < 0)
            lines.append(
                f"  the likelihood rises in {down} of {len(eigenvalues)} directions, most along {_direction(evidence)}"
            )
    digit = steps_for_a_digit(evidence)
    often = "" if digit is None else f": {digit} step{'s' if digit != 1 else ''} for a digit"
    lines.append(f"  EM's rate there {_number(evidence.point.em_rate)}{often}")
    if evidence.basin is not None and evidence.start is not None:
        lines.append(
            f"  from every start within {decimal_text(Fraction(evidence.start), 2, 'down')} of it EM converges to it, "
            f"by {above(evidence.basin.factor)} a step or less: so far that is proved, and it may come from farther"
        )
    if gap is not None:
        lines.append(f"  the fit given: {_left(gap, steps)}")
    return lines


def best_line(gap: Interval | None, reason: str) -> str:
    """Return how far the fit given is from the best of all mixtures of its kernels, or why that is not known."""
    if gap is None:
        return f"the fit given is not compared with all mixtures of its kernels: {reason}"
    low, high = decimal_text(gap[0], 3, "down"), decimal_text(gap[1], 3, "up")
    most = f"no mixture of the kernels of the fit given has a mean log-likelihood larger by more than {high}"
    return f"certified: {most}, however many they are" + (f"; one has it larger by {low}" if gap[0] > 0 else "")


def _small(evidence: FitEvidence) -> list[str]:
    """Tell which components hold so few observations that the likelihood owes its height to them."""
    family = evidence.point.family
    if not isinstance(family, GaussianFamily):
        return []
    held = [float(weight.mid()) * evidence.n for weight in evidence.named["weights"]]
    return [
        f"  component {j} holds about {mass:.3g} of {evidence.n} observations: "
        "with a few more or less there may be no such point"
        for j, mass in enumerate(held)
        if mass < family.d + 2
    ]


def _left(gap: Interval, steps: int | None) -> str:
    lower, upper = gap
    if lower <= 0 <= upper:
        within = decimal_text(max(-lower, upper), 2, "up")
        said = f"its likelihood is that of the point, as far as rounding shows (within {within})"
    else:
        word = "below" if lower > 0 else "above"
        said = f"it stopped {decimal_text(abs(lower + upper) / 2, 3)} in mean log-likelihood {word} the point"
    if steps is None:
        return f"{said}; EM was not seen to go from there to the point"
    return f"{said}; {steps} more step{'s' if steps != 1 else ''} of EM for six digits"


def _number(value: flint.arb) -> str:
    lower, upper = ball_bounds(value)
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    if half == 0:
        return decimal_text(middle, 10)
    if abs(middle) <= half:
        return f"0 ± {decimal_text(max(-lower, upper), 2, 'up')}"
    text = decimal_text(middle, 10)
    return f"{text} ± {decimal_text(half + abs(Fraction(text) - middle), 2, 'up')}"


def _direction(evidence: FitEvidence) -> str:
    """The parameters that change most along the direction in which the likelihood rises most."""
    family = evidence.point.family
    with arb_precision(BITS):
        values = [float(evidence.point.observed[i, i].mid()) for i in range(evidence.point.basis.nrows())]
        column = flint.arb_mat([[row[int(np.argmin(values))]] for row in evidence.point.basis.tolist()])
        slopes = [float(x.mid()) for x in (family.named_slopes(family.centre) * column).entries()]
    labels = [
        name + (f"[{', '.join(map(str, index))}]" if index else "")
        for name, shape in family.sizes().items()
        for index in np.ndindex(*shape)
    ]
    largest = max(map(abs, slopes)) or 1.0
    order = sorted(range(len(slopes)), key=lambda i: -abs(slopes[i]))[:_SHOWN_DIRECTIONS]
    return ", ".join(f"{labels[i]} {slopes[i] / largest:+.2f}" for i in order if abs(slopes[i]) > largest / 100)
