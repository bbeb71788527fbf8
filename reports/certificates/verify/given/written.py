"""Models that are written down, near values of their parameters: log densities are Σ_a c_a(η) T_a(x)."""

from flint import arb

from ..balls import UNIT
from ..boxes import Box
from ..expressions import add_shorthands, form_of, names_in
from ..models.model import law_of, table_of
from ..reading import NOT_COVERED, number, require
from .families import doubles
from .jets import Jet, jet


class Written:
    """A model near values of its parameters: a log density is a quadratic form in 1 and u, x = centre + unit u."""

    reg = 0

    def __init__(self, record, rows):
        require(set(record) == {"kind", "definition", "known", "estimated", "scales"}, "mixture: other keys")
        table = table_of(record["definition"])
        self.rows, self.d = rows, len(rows[0])
        groups = self.declared(table)
        self.estimate = [each for name in table["estimate"] for each in groups[name]]
        require(set(record["estimated"]) == set(self.estimate), "mixture: other parameters")
        self.known = {name: evaluated(value, {}) for name, value in record["known"].items()}
        self.centre = [doubles(record["estimated"][name]) for name in self.estimate]
        self.fit, orbit = table["fit"], isinstance(table["fit"], dict)
        self.weights = self.fit["weights"] if orbit else [each["weight"] for each in self.fit]
        self.k, exact = len(self.weights), Box({}, False, "")  # In which names are unknown numbers.
        exact.names = {name: exact.generator(name, UNIT * arb.pos_inf()) for name in (*self.known, *self.estimate)}
        exact.unbounded = set(exact.jets)
        add_shorthands(exact, self.shorthands)
        weights = [form_of(exact, weight) for weight in self.weights]
        require(exact.signs(sum(weights, exact.form(-1))) == {0}, "mixture: its weights do not sum to 1")
        self.scales = [[[arb(number(each)) for each in pair] for pair in part] for part in record["scales"]]
        require(all(unit > 0 for part in self.scales for _, unit in part), "mixture: a unit is not positive")
        forms = self.forms(list(map(jet, self.centre)))
        self.keys = sorted({key for parts in forms for _, form in parts for key in form})
        self.parts = [[self.features(scales, row) for scales in self.scales] for row in rows]

    def declared(self, table):
        """Read parameters and coordinates; return of each name declared the names of its parts."""
        self.shorthands, self.domains, groups, self.vectors = dict(table.get("definitions", {})), {}, {}, []
        for name, each in table["parameters"].items():
            domain = each["domain"] if isinstance(each, dict) else each
            require(domain in DOMAINS, "such parameters", NOT_COVERED)
            groups[name] = [name]
            if domain == "vector":
                self.vectors.append(name)
                groups[name] = [f"{name}_{s + 1}" for s in range(self.d)]
            if domain == "simplex":
                *groups[name], last = (f"{name}_{j}" for j in range(int(each["size"])))
                self.shorthands[last], self.domains[last] = " - ".join(["1", *groups[name]]), "unit"
            self.domains |= dict.fromkeys(groups[name], DOMAINS[domain])
        sizes = table.get("dimension")
        self.observed = table.get("observed", ["x"]) if sizes is None else []
        every = [*groups, *self.domains, *table.get("definitions", {}), *self.observed]
        require(len({*every}) == len(every) - sum(name in self.domains for name in groups), "mixture: a name twice")
        wanted = [str(len(self.observed))] if sizes is None else sizes if isinstance(sizes, list) else [sizes]
        fits = ("d" in wanted or str(self.d) in wanted) and not (self.vectors and sizes is None)
        require(fits, "mixture: other columns than the data have")
        return groups

    def features(self, scales, row):
        """Return the products of 1 and the coordinates of an observation, as a component has them."""
        one = [arb(1), *((arb(x) - centre) / unit for x, (centre, unit) in zip(row, scales, strict=True))]
        return [one[i] * one[j] for i, j in self.keys]

    def forms(self, at):
        """Return for each component the parts of its log density: factors, of forms in 1, which comes first, and u."""
        place = Names(self.known | dict(zip(self.estimate, at, strict=True)))
        add_shorthands(place, self.shorthands)
        names = place.names
        for name, value in names.items():
            domain = self.domains.get(name, "real")
            inside = domain == "real" or (value.value > 0 and (domain == "positive" or value.value < 1))
            require(inside, f"mixture: {name} is outside its domain")
        laws = (
            self.orbit(names)
            if isinstance(self.fit, dict)
            else (self.laws(each, names, scales) for each, scales in zip(self.fit, self.scales, strict=True))
        )
        logs = [[(evaluated(weight, names).log(), {(0, 0): Jet(1)})] for weight in self.weights]
        return [sum(parts, log) for log, parts in zip(logs, laws, strict=True)]

    def orbit(self, names):
        """Return the laws of the coordinates of components whose means are images of one."""
        known = {"weights", "mean"} <= set(self.fit) <= {"weights", "mean", "variance", "generator", "maps"}
        require(known and len(self.fit["mean"]) == self.d, "such an orbit", NOT_COVERED)
        mean = [evaluated(each, names) for each in self.fit["mean"]]
        variance, turn = evaluated(str(self.fit.get("variance", "1")), names), self.fit.get("generator")
        for j in range(self.k):
            moved = mean if turn else image(self.fit["maps"][j], mean)
            yield [normal(s, x, [], variance, self.scales[j]) for s, x in enumerate(moved)]
            mean = [mean[-1], *mean[:-1]] if turn == "shift" else image(turn, mean) if turn else mean

    def laws(self, component, names, scales):
        """Return the laws of the coordinates of a component, as such parts."""
        wanted = {"weight", *(self.observed or ["mean"])}
        require(set(component) == wanted, "such components", NOT_COVERED)
        if self.observed:
            return [self.law(s, str(component[name]), names, scales) for s, name in enumerate(self.observed)]
        text, units = str(component["mean"]), [f"e{t + 1}" for t in range(3)]
        rest, _ = linear(text, names, [*self.vectors, *units])
        require(rest.value == 0 and not rest.first, "a mean that is no vector", NOT_COVERED)
        own = [name for name in self.vectors if f"{name}_1" in names]
        places = (
            {name: names[f"{name}_{s + 1}"] for name in own} | {e: Jet(int(s == t)) for t, e in enumerate(units)}
            for s in range(self.d)
        )
        return [normal(s, evaluated(text, names | at), [], Jet(1), scales) for s, at in enumerate(places)]

    def law(self, s, text, names, scales):
        """Return the law of a coordinate."""
        name, texts = law_of(text)
        if name == "normal":
            used = [each for each in self.observed[:s] if each in names_in(texts[0])]
            mean, slopes = linear(texts[0], names, used)
            places = [self.observed.index(each) + 1 for each in used]
            return normal(s, mean, list(zip(places, slopes, strict=True)), evaluated(texts[1], names), scales)
        require(name in LAWS, f"the law {text[:40]}", NOT_COVERED)
        centre, unit = scales[s]
        parts = LAWS[name](*(evaluated(each, names) for each in texts))
        return [(f, {(0, 0): jet(one) + x * centre, (0, s + 1): jet(x * unit)}) for f, one, x in parts]

    def coefficients(self, at):
        """Return the coefficients of the features, for each component."""
        return [
            [sum((form[key] * factor for factor, form in parts if key in form), Jet(0)) for key in self.keys]
            for parts in self.forms(at)
        ]

    def weighted(self, at, coefficients, means):
        """Return the sum of coefficients times means; factors are put in once, since boxes make them wide."""
        total = Jet(0)
        for j, parts in enumerate(self.forms(at)):
            own = dict(zip(self.keys, means[j * len(self.keys) :], strict=False))
            for factor, form in parts:
                total += factor * sum((value * own[key] for key, value in form.items()), Jet(0))
        return total

    def base(self):
        """Return the mean of what log densities have that depends on no parameter; rows must be values of the laws."""
        total = arb(0)
        for index, name in enumerate([] if isinstance(self.fit, dict) else self.observed):
            laws = {law_of(str(each[name])) for each in self.fit}
            kinds = {(name, texts[0] if name == "binomial" else "") for name, texts in laws}
            require(len(kinds) == 1, "components of different kinds", NOT_COVERED)
            ((name, trials),) = kinds
            for row in self.rows:
                x = arb(row[index])
                require(name == "normal" or x >= 0, "data: a number is no value of its law")
                if name in ("poisson", "binomial"):
                    require(row[index] == int(row[index]), "data: a number is no value of its law")
                    total -= (x + 1).lgamma()
                if name == "binomial":
                    n = arb(number(trials))
                    require(x <= n, "data: a number is no value of its law")
                    total += (n + 1).lgamma() - (n - x + 1).lgamma()
        return total / len(self.rows)

    def named(self, at):
        """Return the parameters."""
        return dict(zip(self.estimate, at, strict=True))

    def least_curvature(self, reach, masses, near_masses, box):
        """Return a trivial bound."""
        return arb(0)

    def start_box(self, size):
        """Return that each parameter is within `size`."""
        return [size] * len(self.centre)


DOMAINS = {"real": "real", "positive": "positive", "unit": "unit", "vector": "real", "simplex": "unit"}
"""Of what is declared, that of each part."""
LAWS: dict = {
    "poisson": lambda rate: [(-rate, 1, 0), (rate.log(), 0, 1)],
    "exponential": lambda rate: [(rate.log(), 1, 0), (-rate, 0, 1)],
    "binomial": lambda n, p: [((jet(1) - p).log(), n, -1), (p.log(), 0, 1)],
}
"""Of a law the parts of its log density: factors, and by what they multiply 1 and x."""


def normal(s, mean, slopes, variance, scales):
    """Return the log density of a normal coordinate: of its mean the constant, and slopes in others by places."""
    centre, unit = scales[s]
    rest = jet(centre) - mean - sum((slope * scales[place - 1][0] for place, slope in slopes), Jet(0))
    parts = [(0, rest), *((i, slope * -scales[i - 1][1]) for i, slope in slopes), (s + 1, Jet(unit))]
    form = {}
    for n, (place, part) in enumerate(parts):
        for other, each in parts[n:]:
            form[place, other] = part * each * (1 if place == other else 2)
    return [(variance**-1 * arb(-0.5), form), (Jet(1), {(0, 0): (variance * (2 * arb.pi())).log() * arb(-0.5)})]


def linear(text, names, variables):
    """Return the constant of an expression that is linear in variables, and its slopes in them."""
    marks = {each: Jet(arb(0, 1), {-1 - i: arb(1)}) for i, each in enumerate(variables)}
    second = evaluated(text, names | marks).second
    flat = all(x == 0 for (i, j), x in second.items() if i < 0 and j < 0)
    require(flat, "a mean that is not linear", NOT_COVERED)
    zero = dict.fromkeys(variables, Jet(0))
    constant = evaluated(text, names | zero)
    return constant, [evaluated(text, names | zero | {each: Jet(1)}) - constant for each in variables]


def image(matrix, vector):
    """Return a matrix, written down, times a vector."""
    lines = ([evaluated(x, {}) * y for x, y in zip(row, vector, strict=True)] for row in matrix)
    return [sum(line, Jet(0)) for line in lines]


class Names:
    """What names in expressions stand for, in jets: a place, as `evaluate` takes one."""

    quantities, form = (), staticmethod(jet)

    def __init__(self, names):
        self.names = names

    def generator(self, _, ball, *, closed):
        """Return a number that is known by a ball."""
        return jet(ball)

    def function(self, name, x):
        """Return a function of a jet."""
        require(hasattr(x, name), f"{name} in a model", NOT_COVERED)
        return getattr(x, name)()

    def signs(self, _):
        """Refuse to tell which of several is the least."""
        require(False, "the least of several in a model", NOT_COVERED)


def evaluated(text, names):
    """Return the jet that an expression in names is."""
    return form_of(Names(names), text)
