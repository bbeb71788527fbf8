"""Means over data on a line with any law: Arb's integration between the kinks of the density, and bounds beyond a cut.

Posteriors are meromorphic and Arb bounds them where they are analytic. Beyond the cut |γ| ≤ 1, |x|^a and a bound of
|log Σ_j e^{l_j}| are polynomials in |x|, and the densities fall exponentially or faster.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import add, mul, sub
from typing import Any

import flint
import sympy

from emtheory.numerics.expectation.entropies import Part, Standard, cut_of, entropies, standard
from emtheory.numerics.expectation.program import Program, compiled
from emtheory.numerics.expectation.sums import Sums
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import EXPONENTIAL, LAPLACE, LOGISTIC, NORMAL, UNIFORM, MixtureModel

Integrand = Callable[[Any, bool], Any]
"""(x, whether it has to be analytic there) ↦ a value."""

_EVALUATIONS = 50_000
"""Of an integrand at most, on each side: some seconds."""

KINKED = (EXPONENTIAL, LAPLACE, LOGISTIC, UNIFORM)
CONTINUOUS = (NORMAL, *KINKED)


def has_kinks(model: MixtureModel) -> bool:
    """Return whether the log density of the fit, if data are taken for one, is no analytic function on their line."""
    kinds = {law.kind for each in model.fit for law in each.laws}
    return not kinds.isdisjoint(KINKED[1:]) or kinds > {EXPONENTIAL}


@lru_cache(maxsize=64)
def _logs(model: MixtureModel) -> tuple[Program, int]:
    """The coefficients of l_0, l_i − l_0 (expanded, else balls are far too wide) and all l_j; how many each has."""
    (x,) = model.coordinates
    polynomials = [sympy.Poly(sympy.expand(log, log=False), x) for log in log_components(model)]
    degree = max(each.degree() for each in polynomials)
    parts = [polynomials[0], *(each - polynomials[0] for each in polynomials[1:]), *polynomials]
    return compiled([each.coeff_monomial(x**e) for each in parts for e in range(degree, -1, -1)]), degree + 1


@lru_cache(maxsize=64)
def _laws(model: MixtureModel) -> Program:
    parts = [part for each in model.data for part in (each.weight, *each.laws[0].arguments)]
    return compiled(parts)


def integrals(
    model: MixtureModel, wanted: Sequence[Mean], values: Mapping[str, flint.arb], accuracy: float, *, log: bool = False
) -> tuple[Sums, ...]:
    """Enclose means over each component of data on a line, at Arb's precision in force."""
    if log and has_kinks(model):
        return _entropy(model, values, accuracy)
    program, size = _logs(model)
    numbers = program(values)
    rows = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    count = len(rows) // 2
    majorant = [reduce(flint.arb.max, map(_size, sizes)) for sizes in zip(*rows[count:], strict=True)][::-1]
    majorant[0] += flint.arb(count).log()
    arguments = iter(_laws(model)(values))
    tolerance = _tolerance(values, accuracy)
    highest = max([size - 1, *(mean.x[0] for mean in wanted)])

    ratios = [[flint.arb(0)] * size, *rows[1:count]]
    logs = [_polynomial([*map(add, rows[0], row)]) for row in ratios]
    between = [[_polynomial([*map(sub, row, other)]) for row in ratios] for other in ratios]

    def terms(x: Any) -> tuple[int, list[Any]]:
        """The largest l_i in the middle of a ball, perhaps another on each piece of a line, and all e^{l_j − l_i}."""
        middle = flint.acb(x.real.mid(), x.imag.mid())
        largest = max(range(count), key=lambda i: float(between[0][i](middle).real.mid()))
        return largest, [each(x).exp() for each in between[largest]]

    def logarithm(x: Any, analytic: bool) -> Any:
        largest, exponentials = terms(x)
        return logs[largest](x) + sum(exponentials, flint.acb(0)).log(analytic=analytic)

    found = []
    for component in model.data:
        weight = next(arguments)
        law = standard(component.laws[0].kind, [next(arguments) for _ in component.laws[0].arguments])
        cut = cut_of(law, accuracy, highest)
        means = {
            mean: _integral(law, _power(terms, mean), cut, tolerance, {mean.x[0]: flint.arb(1)}) for mean in wanted
        }
        whole = _integral(law, logarithm, cut, tolerance, dict(enumerate(majorant))) if log else flint.arb(0)
        found.append(Sums(weight, means, whole))
    return tuple(found)


def _polynomial(row: Sequence[flint.arb]) -> Callable[[Any], Any]:
    """A polynomial by its coefficients; of degree 2 by its square, which knows of a ball how far from the middle it is.

    So pieces on which a narrow component has no weight may be as long as they are far from it. Coefficients that are
    wide, or lose most of their bits, are taken as they are.
    """
    if len(row) == 3 and not row[0].contains(0):
        middle = -row[1] / (2 * row[0])
        rest = row[2] + row[1] * middle / 2
        if max(float(each.rad()) for each in (*row, middle, rest)) < 2.0 ** (-flint.ctx.prec // 2):
            return lambda x: row[0] * (x - middle) ** 2 + rest
    return lambda x: reduce(lambda total, coefficient: total * x + coefficient, row, flint.acb(0))


def _power(terms: Callable[[Any], tuple[int, list[Any]]], mean: Mean) -> Integrand:
    """x^a γ^b at complex x; at real ones posteriors are between 0 and 1, however wide parameters are."""

    def integrand(x: Any, analytic: bool) -> Any:
        if not mean.posteriors:
            return x ** mean.x[0]
        _, exponentials = terms(x)
        total = sum(exponentials, flint.acb(0))
        real = not analytic and x.imag.is_zero()
        found = {j: exponentials[j] / total for j in set(mean.posteriors)}
        found = {j: _probability(value.real) for j, value in found.items()} if real else found
        return reduce(mul, (found[j] for j in mean.posteriors), x ** mean.x[0])

    return integrand


def _probability(value: flint.arb) -> flint.arb:
    unit = flint.arb(0.5, 0.5)
    return unit.intersection(value) if value.is_finite() else unit


def _integral(
    law: Standard, integrand: Integrand, cut: flint.arb, tolerance: flint.arb, majorant: Mapping[int, flint.arb]
) -> flint.arb:
    """E f(x), for |f(x)| ≤ Σ C_e |x|^e on the line."""
    total = flint.arb(0)
    for sign in (1, -1) if law.both else (1,):

        def weighted(y: Any, analytic: bool, sign: int = sign) -> Any:
            return integrand(law.location + sign * law.scale * y, analytic) * law.density(y)

        part = flint.acb.integral(weighted, 0, cut, abs_tol=tolerance, rel_tol=0, eval_limit=_EVALUATIONS)
        total += part.real
    if law.decay == 0:
        return total
    # On |x| ≤ |m| + s y the logarithm of |x|^e e^{−y} falls by 1 − e/y at least, and so for e^{−y²/2} by y − e/y.
    density = law.largest * ((-cut).exp() if law.decay == 1 else (-cut * cut / 2).exp())
    beyond = flint.arb(0)
    for e, coefficient in majorant.items():
        rate = (1 if law.decay == 1 else cut) - e / cut
        beyond += coefficient * (abs(law.location) + law.scale * cut) ** e * density / rate
    beyond *= 2 if law.both else 1
    return total + flint.arb(0, 1) * beyond.upper()


def _entropy(model: MixtureModel, values: Mapping[str, flint.arb], accuracy: float) -> tuple[Sums, ...]:
    """E log p of laws with kinks: of one law in closed form, else between them."""
    numbers = iter(_laws(model)(values))
    laws = [(next(numbers), each.laws[0].kind, [next(numbers) for _ in each.laws[0].arguments]) for each in model.data]
    if len(laws) > 1:
        parts = [Part(weight, kind, standard(kind, arguments)) for weight, kind, arguments in laws]
        found = entropies(parts, accuracy, _tolerance(values, accuracy))
        return tuple(Sums(part.weight, {}, value) for part, value in zip(parts, found, strict=True))
    ((weight, kind, (first, second)),) = laws
    value = {
        UNIFORM: lambda: -(second - first).log(),
        LAPLACE: lambda: -1 - (2 * second).log(),
        LOGISTIC: lambda: -2 - second.log(),
    }[kind]()
    return (Sums(weight, {}, value),)


def _tolerance(values: Mapping[str, flint.arb], accuracy: float) -> flint.arb:
    """Of wide parameters an integral is wide, however finely it is cut up."""
    width = reduce(flint.arb.max, (value.rad() for value in values.values()), flint.arb(0))
    return (-flint.arb(accuracy)).exp().max(width / 64)


def _size(value: flint.arb) -> flint.arb:
    return abs(value).upper()
