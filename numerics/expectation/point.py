"""Means E[x^a γ^b] and E log Σ_j e^{l_j} in balls, by the trapezoidal rule over standard normal coordinates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from operator import mul

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.coordinates import Image, parity
from emtheory.numerics.expectation.form import Exponents, Form, Numbers, bound, form_program
from emtheory.numerics.expectation.grid import Outer, Task, lines
from emtheory.numerics.expectation.integrals import CONTINUOUS, integrals
from emtheory.numerics.expectation.polynomials import folded, moment, polynomial_of
from emtheory.numerics.expectation.rule import LARGEST_ARC, LineRule, weighted_powers
from emtheory.numerics.expectation.sums import BALLS_ALONE, DISCRETE, Sums, sums
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import NORMAL, MixtureModel

Posteriors = tuple[int, ...]
LOG: Posteriors = (-1,)
"""In place of posteriors: log Σ_i e^{l_i − l_0}."""

Table = dict[tuple[Exponents, Posteriors], flint.arb]
"""(exponents of active coordinates, posteriors) → E[z^e γ^b]."""


@dataclass(frozen=True)
class Means:
    """What was wanted of one law.

    `means`: Mean → a ball with its value; `logs`: E log Σ_j e^{l_j} over each component of the data, if it was wanted;
    `log_partition`: the same over the data.
    """

    means: Mapping[Mean, flint.arb]
    logs: tuple[flint.arb, ...] = ()
    log_partition: flint.arb = field(default_factory=flint.arb)


def expectations(
    model: MixtureModel, wanted: Sequence[Mean], values: Mapping[str, flint.arb], accuracy: float, *, log: bool = False
) -> Means:
    """Enclose means under the law of the data, at Arb's precision in force.

    `values`: of the parameters, exact or in balls; of wide ones the enclosures are wide; `accuracy`: L; for exact
    parameters the errors are about e^{−L}; `log`: whether E log Σ_j e^{l_j} is wanted, too.
    CannotAnswerError if the data are no mixture of normals, or too many nodes are needed.
    """
    if (others := _other_laws(model, wanted, values, accuracy, log=log)) is not None:
        return others
    try:
        return _by_rule(model, wanted, values, accuracy, log=log)
    except CannotAnswerError:
        # Where posteriors turn from 0 to 1 within less than a step of nodes, it is bisection that finds them.
        if len(model.observed) > 1:
            raise
        return _together(wanted, integrals(model, wanted, values, accuracy, log=log))


def _by_rule(
    model: MixtureModel, wanted: Sequence[Mean], values: Mapping[str, flint.arb], accuracy: float, *, log: bool
) -> Means:
    """The means by the trapezoidal rule, where the data are a mixture of normals."""
    program = form_program(model)
    known: list[tuple[Form, Mapping[Mean, flint.arb], flint.arb]] = []
    found = []
    for index, (form, image) in enumerate(zip(program.forms(values), program.images, strict=True)):
        asked = {_seen(mean, each) for each in program.images if each and each.of == index for mean in wanted}
        like = next((each for each in known if form.is_like(each[0]) and asked <= each[1].keys()), None)
        if image is not None:
            _, own, own_log = known[image.of]
            own = {mean: parity(mean.x, image.signs) * own[_seen(mean, image)] for mean in wanted}
        elif like is not None:
            _, own, own_log = like
        else:
            own, own_log = _of_component(form, sorted({*wanted, *asked}, key=str), accuracy, log=log)
        known.append((form, own, own_log))
        found.append(Sums(form.weight, own, own_log))
    return _together(wanted, found)


def _seen(mean: Mean, image: Image) -> Mean:
    """The mean under the other component that a mean under its image is, but for its sign."""
    return Mean(mean.x, tuple(sorted(image.order[j] for j in mean.posteriors)))


def _of_component(
    form: Form, wanted: Sequence[Mean], accuracy: float, *, log: bool
) -> tuple[dict[Mean, flint.arb], flint.arb]:
    """The means over one component of the data, and E log Σ_j e^{l_j} if it is wanted."""
    own = {mean: polynomial_of(form, mean, flint.arb(1)) for mean in wanted}
    factors = {mean.posteriors for mean in wanted if mean.posteriors} | ({LOG} if log else set())
    table = _table(form, own, factors, accuracy)
    means = {mean: _combined(form, polynomial, mean.posteriors, table) for mean, polynomial in own.items()}
    if not log:
        return means, flint.arb(0)
    return means, _combined(form, form.reference, (), table) + table[(0,) * len(form.active), LOG]


def _other_laws(
    model: MixtureModel, wanted: Sequence[Mean], values: Mapping[str, flint.arb], accuracy: float, *, log: bool
) -> Means | None:
    """The means where the data are no mixture of normals; None where they are."""
    kinds = {law.kind for each in model.data for law in each.laws}
    if kinds == {NORMAL}:
        return None
    if kinds <= set(DISCRETE):
        return _together(wanted, sums(model, wanted, values, BALLS_ALONE, accuracy))
    if kinds <= set(CONTINUOUS) and len(model.observed) == 1:
        return _together(wanted, integrals(model, wanted, values, accuracy, log=log))
    raise CannotAnswerError(
        "coordinates of several kinds are not enclosed: all are normal, or all Poisson or binomial, or there is one"
    )


def _together(wanted: Sequence[Mean], found: Sequence[Sums]) -> Means:
    """The means over all components from those over each."""
    means = {mean: sum((each.weight * each.means[mean] for each in found), flint.arb(0)) for mean in wanted}
    logs = tuple(each.log for each in found)
    return Means(means, logs, sum((each.weight * each.log for each in found), flint.arb(0)))


def _combined(form: Form, polynomial: Numbers, posteriors: Posteriors, table: Table) -> flint.arb:
    """E[p(z) γ^b], with moments for the coordinates that posteriors do not depend on."""
    if not posteriors:
        return sum((coefficient * moment(e) for e, coefficient in polynomial.items()), flint.arb(0))
    return sum((value * table[own, posteriors] for own, value in folded(polynomial, form).items()), flint.arb(0))


def _table(form: Form, own: Mapping[Mean, Numbers], factors: set[Posteriors], accuracy: float) -> Table:
    """E[z^e γ^b] for all that is wanted of one component of the data."""
    if not factors:
        return {}
    flat = (0,) * len(form.active)
    needed = {tuple(e[s] for s in form.active) for mean, p in own.items() if mean.posteriors for e in p}
    needed = {e for e in needed if not form.is_odd(e)} | {flat}
    majorant = {e: max(bound(ratio.get(e, 0)) for ratio in form.ratios) for ratio in form.ratios for e in ratio}
    exponents = tuple(sorted(needed | (set(majorant) if LOG in factors else set())))
    secants = max(len(each) for each in factors)
    columns = tuple(sorted(factors))
    if not form.active:
        values = _columns([[flint.arb(1)], *([each.get((), flint.arb(0)).exp()] for each in form.ratios)], columns)
        return {((), each): column[0] for each, column in zip(columns, values, strict=True)}
    task = Task(form, exponents, secants)
    sums, errors = _sums(task, columns, accuracy)
    table: Table = {}
    for e in sorted(needed):
        for b, column in enumerate(columns):
            if column != LOG:
                table[e, column] = sums[e][b] + flint.arb(0, errors[e].upper())
    if LOG in factors:
        # |log Σ e^{l_i − l_0}| ≤ log k + max |Re(l_i − l_0)| + arc + log sec(arc/2), and in the strip the real part
        # differs from that on the line by a² times the square's coefficient at most.
        squares = max((value for e, value in majorant.items() if max(e) > 1), default=flint.arb(0))
        constant = flint.arb(len(form.ratios) + 1).log() + flint.arb.pi() - (flint.arb(LARGEST_ARC) / 2).cos().log()
        strip = flint.arb(2 * accuracy).sqrt() + 2
        error = errors[flat] * (constant + squares * strip * strip)
        error += sum((value * errors[e] for e, value in majorant.items()), flint.arb(0))
        table[flat, LOG] = sums[flat][columns.index(LOG)] + flint.arb(0, error.upper())
    return table


def _sums(
    task: Task, columns: tuple[Posteriors, ...], accuracy: float
) -> tuple[dict[Exponents, list[flint.arb]], dict[Exponents, flint.arb]]:
    """Sums over the active coordinates, a number for each column, and their errors."""
    totals = {e: [flint.arb(0)] * len(columns) for e in task.exponents}
    found, errors = lines(task, accuracy)
    for line in found:
        rule = line.rule
        product = flint.arb_mat(_columns(_terms(task.form, line.outer, rule), columns))
        product = product * weighted_powers(rule.step, rule.count, task.degree, flint.ctx.prec)
        for e, total in totals.items():
            weight = line.mass
            for node, power in zip(line.outer, e[:-1], strict=True):
                weight = weight * flint.arb(node) ** power if power else weight
            totals[e] = [each + weight * product[b, e[-1]] for b, each in enumerate(total)]
    return totals, errors


def _terms(form: Form, outer: Outer, rule: LineRule) -> list[list[flint.arb]]:
    """1 and e^{l_i − l_0} at the nodes of a line: geometric sequences, of a geometric ratio where squares differ."""
    one = flint.arb(1)
    terms = [[one] * (2 * rule.count + 1)]
    h = flint.arb(rule.step)
    for ratio in form.ratios:
        constant, linear, square = flint.arb(0), flint.arb(0), flint.arb(0)
        for e, coefficient in ratio.items():
            value = coefficient
            for power, place in zip(e[:-1], outer, strict=True):
                value = value * flint.arb(place) ** power if power else value
            if e[-1] == 0:
                constant += value
            elif e[-1] == 1:
                linear += value
            else:
                square += value
        terms.append(_sequence(constant, linear * h, square * h * h, rule.count))
    return terms


def _sequence(constant: flint.arb, linear: flint.arb, square: flint.arb, count: int) -> list[flint.arb]:
    """exp(c + bn + qn²) for n = −N, …, N."""
    start = constant.exp()
    halves = []
    for sign in (-1, 1):
        ratio = (sign * linear + square).exp()
        if square == 0:
            halves.append(list(accumulate(repeat(ratio, count), mul, initial=start)))
            continue
        ratios = accumulate(repeat((2 * square).exp(), max(count - 1, 0)), mul, initial=ratio)
        halves.append(list(accumulate(ratios, mul, initial=start)))
    backward, forward = halves
    return [*reversed(backward[1:]), *forward]


def _columns(terms: list[list[flint.arb]], wanted: tuple[Posteriors, ...]) -> list[list[flint.arb]]:
    """Products of posteriors at each node, or log Σ_i e^{l_i − l_0}."""
    totals = [sum(values[1:], values[0]) for values in zip(*terms, strict=True)]
    inverses = [1 / total for total in totals]
    posteriors: dict[int, list[flint.arb]] = {}
    columns: list[list[flint.arb]] = []
    for each in wanted:
        if each == LOG:
            columns.append([total.log() for total in totals])
            continue
        for j in each:
            if j not in posteriors:
                posteriors[j] = inverses if j == 0 else list(map(mul, terms[j], inverses))
        column = posteriors[each[0]]
        for j in each[1:]:
            column = list(map(mul, column, posteriors[j]))
        columns.append(column)
    return columns
