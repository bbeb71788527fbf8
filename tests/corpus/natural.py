"""Claims as people write them, false ones by 0.1 to 1 %, many on unbounded domains; nothing of the program is imported.

The least and the largest value of an expression over a domain are taken from brute force on a grid that goes far out,
and from its limit at infinity. A claim is a bound just beyond them, which holds, or just inside, which does not.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from brute_force import Values, Weights, at_radius, lloyd_radius

Row = Mapping[str, np.ndarray]
Expression = Callable[[Row], np.ndarray]

_OFF = (Fraction(1, 1000), Fraction(3, 1000), Fraction(1, 100))
"""How far bounds are from the truth, relatively."""
_FAR = 3000.0
_TWO = (("4/5", "1/5"), ("3/5", "2/5"), ("1/2", "1/2"), ("9/10", "1/10"))
_THREE = (("1/2", "3/10", "1/5"), ("7/10", "3/20", "3/20"))


@dataclass(frozen=True)
class Natural:
    """A claim: the text of its tables but the id, and whether it is true."""

    statement: str
    holds: bool
    more: str


def claims(source: random.Random) -> Iterator[Natural]:
    """Yield all of them."""
    for weights in _TWO:
        row = two_components(tuple(map(Fraction, weights)))
        yield from _of_rows(source, row, f'k = 2\nweights = ["{weights[0]}", "{weights[1]}"]', _ON_RAYS)
    for weights in _THREE:
        row = three_components(tuple(map(Fraction, weights)))
        yield from _of_rows(source, row, f"k = 3\nweights = {list(weights)}".replace("'", '"'), _ON_RAYS[:4])
    for separation, truth in (("0", "1/2"), ("1", "1/2"), ("3/2", "7/10")):
        row = two_means(float(Fraction(separation)), float(Fraction(truth)))
        more = f'family = "two-means"\nseparation = "{separation}"\ntruth_weight = "{truth}"'
        yield from _of_rows(source, row, more, _OF_MEANS, "theta")
    yield from _of_boxes()
    yield from _over_k()
    yield from _by_theory()


_ON_RAYS: tuple[tuple[str, Expression, str], ...] = (
    ("radius*(1 - posterior_power(m=1))", lambda row: row["radius"] * (1 - row["power"]), "0"),
    ("log_partition/radius", lambda row: row["partition"] / row["radius"], "1"),
    ("kl_divergence/radius**2", lambda row: row["kl"] / row["radius"] ** 2, "1/10"),
    ("posterior_power(m=1)", lambda row: row["power"], "1"),
    ("hessian_min_eigenvalue", lambda row: row["hessian"], "1/2"),
    ("pl_ratio", lambda row: (row["power"] * row["radius"]) ** 2 / 2 / row["kl"], "1/10"),
    ("radius*exp(-kl_divergence)", lambda row: row["radius"] * np.exp(-row["kl"]), "0"),
    (
        "posterior_power(m=1)*exp(-radius)*radius",
        lambda row: row["power"] * np.exp(-row["radius"]) * row["radius"],
        "0",
    ),
    ("sqrt(kl_divergence)/radius", lambda row: np.sqrt(row["kl"]) / row["radius"], "1/5"),
    ("log(kl_divergence) - 2*log(radius)", lambda row: np.log(row["kl"] / row["radius"] ** 2), "1/10"),
)
"""Expressions, how they follow from those of a row, and from which radius on."""
_OF_MEANS: tuple[tuple[str, Expression, str], ...] = (
    ("em_map", lambda row: row["em_map"], "1/10"),
    ("em_map/theta", lambda row: row["em_map"] / row["theta"], "1"),
    ("theta*em_map_derivative", lambda row: row["theta"] * row["slope"], "1/10"),
)


def two_components(weights: Weights) -> Row:
    """The quantities for two components, along the ray."""
    radii = _grid()
    shift = float(np.log(float(weights[0] / weights[1])) / 2)
    found = []
    for radius in radii:
        x, rule = _line(radius)
        sech = 1 / np.cosh(np.clip(radius * x + shift, -300, 300)) ** 2
        logs = np.logaddexp(np.log(float(weights[0])) + radius * x, np.log(float(weights[1])) - radius * x)
        found.append((1 - rule @ sech, rule @ logs, 1 - rule @ (x**2 * sech)))
    power, partition, hessian = np.array(found).T
    kl = radii**2 / 2 - partition
    return {"radius": radii, "power": power, "partition": partition, "hessian": hessian, "kl": kl}


def three_components(weights: Weights) -> Row:
    """The same for three, as far as the lattice is fine enough, and the limits beyond."""
    radii = np.concatenate([np.geomspace(0.01, 0.1, 5), np.linspace(0.125, 2.5, 96)])
    found: list[Values] = [at_radius(weights, float(radius)) for radius in radii]
    row = {
        "radius": radii,
        "power": np.array([each.posterior_power[1] for each in found]),
        "partition": np.array([each.log_partition for each in found]),
        "kl": np.array([each.kl_divergence for each in found]),
    }
    # Λ = R_0r − H + O(1/r) and β = 1 − R_0/r + O(1/r³): far out all expressions tend to their limits.
    lloyd, far = lloyd_radius(3), np.array([1e6])
    entropy = -float(np.mean(np.log([float(weight) for weight in weights])))
    partition = lloyd * far - entropy
    beyond = {"radius": far, "power": 1 - lloyd / far, "partition": partition, "kl": far**2 / 2 - partition}
    return {name: np.concatenate([values, beyond[name]]) for name, values in row.items()}


def two_means(separation: float, truth: float) -> Row:
    """One EM step for two means with a balanced fit."""
    thetas = _grid()
    found = []
    for theta in thetas:
        total = np.zeros(2)
        for weight, mean in ((truth, separation), (1 - truth, -separation)):
            z, rule = _line(theta)
            x = z + mean
            tanh = np.tanh(theta * x)
            total += weight * np.array([rule @ (x * tanh), rule @ (x**2 * (1 - tanh**2))])
        found.append(total)
    step, slope = np.array(found).T
    return {"theta": thetas, "em_map": step, "slope": slope}


@cache
def _grid() -> np.ndarray:
    near = np.concatenate([np.geomspace(1e-3, 0.1, 20, endpoint=False), np.arange(0.1, 8, 0.02)])
    return np.concatenate([near, np.geomspace(8, _FAR, 40)])


def _line(width: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of the trapezoidal rule for a function of width·X, X normal."""
    step = min(0.05, 0.25 / width)
    x = np.arange(-9, 9 + step / 2, step)
    return x, np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * step


def _of_rows(
    source: random.Random,
    row: Row,
    more: str,
    expressions: tuple[tuple[str, Expression, str], ...],
    name: str = "radius",
) -> Iterator[Natural]:
    for text, expression, start in expressions:
        lower = float(Fraction(start))
        inside = row[name] >= lower
        values = expression({key: column[inside] for key, column in row.items()})
        domain = f'{more}\nfor_all = {{ {name} = ["{start}", "inf"] }}'
        for sign, extreme in ((1, float(values.max())), (-1, float(values.min()))):
            if abs(extreme) < 1e-2:  # It is 0: no bound is relatively near.
                continue
            off = source.choice(_OFF) * (1 if extreme > 0 else -1) * sign
            for holds in (True, False):
                bound = Fraction(f"{extreme:.8f}") * (1 + off if holds else 1 - off)
                # Above the largest value by as much as below it.
                yield Natural(f"{text} {'<=' if sign > 0 else '>='} {_decimal(bound)}", holds, domain)


def _of_boxes() -> Iterator[Natural]:
    """Boxes of a weight and the radius; β, KL and Λ of two components are monotone in both."""
    for low, high, start in (("3/5", "4/5", "1"), ("7/10", "19/20", "1/2"), ("11/20", "9/10", "2")):
        more = f'k = 2\nweights = ["W", "1 - W"]\nfor_all = {{ W = ["{low}", "{high}"], radius = ["{start}", "inf"] }}'
        ends = [two_components((Fraction(w), 1 - Fraction(w))) for w in (low, high)]
        first = [int(np.argmin(np.abs(row["radius"] - float(Fraction(start))))) for row in ends]
        lloyd = float(np.sqrt(2 / np.pi))
        for text, least, most in (
            ("posterior_power(m=1)", ends[0]["power"][first[0]], None),
            ("kl_divergence/radius**2", ends[0]["kl"][first[0]] / ends[0]["radius"][first[0]] ** 2, 0.5),
            ("log_partition/radius", None, lloyd),
        ):
            for bound, operator, sign in ((least, ">=", -1), (most, "<=", 1)):
                if bound is None:
                    continue
                for holds in (True, False):
                    off = Fraction(3, 1000) * (sign if holds else -sign)
                    yield Natural(f"{text} {operator} {_decimal(Fraction(f'{bound:.8f}') * (1 + off))}", holds, more)


def _over_k() -> Iterator[Natural]:
    """Ranges of k; |π̂_m| is (kW − 1)/(k − 1) for one-heavy:W, which rises in k, as R_0 does."""
    for end in (12, 60, 1000):
        for_all = f"for_all = {{ k = [2, {end}] }}"
        for weight in ("3/4", "9/10"):
            most = ((end * Fraction(weight) - 1) / (end - 1)) ** 2
            more = f'weights = "one-heavy:{weight}"\n{for_all}'
            for holds in (True, False):
                bound = _decimal(most * (1 + Fraction(1 if holds else -1, 1000)))
                yield Natural(f"spectral_gap <= {bound}", holds, more)
        if end > 60:
            continue
        rates = [lloyd_radius(k) / np.sqrt(2 * np.log(k)) for k in range(2, end + 1)]
        for holds in (True, False):
            bound = Fraction(f"{max(rates):.8f}") * (1 + Fraction(1 if holds else -1, 200))
            yield Natural(f"lloyd_radius <= {_decimal(bound)}*sqrt(2*log(k))", holds, f'weights = "uniform"\n{for_all}')


def _by_theory() -> Iterator[Natural]:
    """Statements whose truth is a theorem, or one line: the line is beside each."""
    three, any_two = 'k = 3\nweights = ["1/2", "3/10", "1/5"]', 'k = 2\nweights = ["W", "1 - W"]'
    ray = 'for_all = { radius = [0, "inf"] }'
    heavy = 'k = 4\nweights = "one-heavy:3/5"'
    open_w = 'for_all = { W = ["1/2", 1], radius = [0, "inf"] }\nassume = ["W > 1/2", "W < 1"]'
    # Λ is convex in r with slope at most R_0, from Λ(0) = 0.
    yield Natural("log_partition <= lloyd_radius*radius", True, f"{three}\n{ray}")
    yield Natural("radius*(1 - posterior_power(m=1)) <= lloyd_radius", True, f"{three}\n{ray}")
    # ∇²ℓ ⪯ I.
    yield Natural("kl_divergence <= radius**2/2", True, f"{three}\n{ray}")
    yield Natural("kl_divergence <= radius**2*499/1000", False, f"{three}\n{ray}")
    # β_m(θ) ≥ |π̂_m|² exp(−‖θ‖²), sharp to first order for some weights only.
    yield Natural("posterior_power(m=1) >= spectral_gap*exp(-radius**2)", True, f"{any_two}\n{open_w}")
    yield Natural("posterior_power(m=1) >= spectral_gap*exp(-radius**2/3)", False, f"{any_two}\n{open_w}")
    # Both are E|γ̂|² of weights that a permutation takes to themselves.
    for k, other in ((4, 3), (5, 4), (4, 2)):
        more = f'k = {k}\nweights = "one-heavy:3/5"\nfor_all = {{ radius = [0, 3] }}'
        yield Natural(f"posterior_power(m=1) == posterior_power(m={other})", True, more)
    more = 'k = 4\nweights = ["1/2", "1/4", "1/8", "1/8"]\nfor_all = { radius = [0, 3] }'
    yield Natural("posterior_power(m=1) == posterior_power(m=3)", True, more)
    yield Natural("posterior_power(m=1) == posterior_power(m=2)", False, more)
    yield Natural("posterior_power(m=1) == posterior_power(m=2)*1001/1000", False, f"{heavy}\n{ray}")
    # λ_min > 0 for three components, and 0 at uniform weights at the origin.
    yield Natural("hessian_min_eigenvalue > 0", True, f"{three}\n{ray}")
    # … which is one point of this box.
    simplex = 'k = 3\nweights = ["U", "V", "1 - U - V"]\nassume = ["U + V <= 99/100"{}]\n'
    box = 'for_all = { U = ["1/100", "9/10"], V = ["1/100", "9/10"], radius = [0, 3] }'
    yield Natural("hessian_min_eigenvalue > 0", False, simplex.format("") + box)
    yield Natural("hessian_min_eigenvalue > 0", True, simplex.format(', "radius > 0"') + box)
    yield Natural("hessian_min_eigenvalue >= 0", True, simplex.format("") + box)
    # The identities above, at other weights.
    four = f'k = 4\nweights = ["1/2", "1/4", "1/8", "1/8"]\n{ray}'
    yield Natural("posterior_power(m=2) >= spectral_gap*exp(-radius**2)", True, four)
    # By the series β_2 = (1 + 4.71r² + …)/16.
    yield Natural("posterior_power(m=2) >= spectral_gap*exp(-radius**2/10)", True, four)
    yield Natural("posterior_power(m=2) <= spectral_gap*exp(4*radius**2)", False, four)
    # A kink between points, and zeros.
    kink = f"{three}\nfor_all = {{ radius = [1, 2] }}"
    steps = "iterations_to_kl(eps=1/1000)"
    yield Natural(f"{steps}*abs(radius - 1234567/1000000) >= 1/1000000", False, kink)
    yield Natural(f"{steps}*abs(radius - 1234567/1000000) >= 0", True, kink)
    yield Natural("abs(posterior_power(m=1) - 7/10) >= 1/1000000", False, f"{three}\n{ray}")
    yield Natural("abs(posterior_power(m=1) - 7/10) + 1/1000000 > 0", True, f"{three}\n{ray}")


def _decimal(value: Fraction) -> str:
    return f"{float(value):.8f}".rstrip("0").rstrip(".")
