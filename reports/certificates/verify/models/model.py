"""A mixture of normals on a line that a claim writes down, or names: its text, read as the case of a claim."""

import ast
import json
import re
import tomllib
from pathlib import Path
from types import MappingProxyType

from ..expressions import RESERVED, VARIABLE, names_in, parse
from ..reading import MAX_DEFINITION, NOT_COVERED, OutcomeError, require, unique
from .mixture import Mixture
from .quantities import QUANTITIES
from .scheme import Scheme

POWER = re.compile(r"\*\*\s*([0-9]{1,2})(?![0-9/.])")
MOST_TERMS = 12
"""Of an expansion: a choice."""
DOMAINS = {"real", "positive", "unit"}
FAMILIES = tomllib.loads(Path(__file__).with_name("families.toml").read_text(encoding="utf-8"))
"""Those that have names of their own."""
KEYS = {"name", "title", "observed", "data", "fit", "estimate", "parameters", "definitions"}


class Model:
    """The case of a claim about a model.

    `variables`: what the claim ranges over; `texts`: parameter or shorthand → the expression that it is; `shorthands`:
    names among them that stand for expressions in parameters, also where these are varied; `data`, `fit`: components:
    weight, mean and variance as texts; `estimate`: what EM renews; more than that in quantities of a family, which say
    so themselves; `recorded`, `whole`, `open`, `assumed`: as of a case of the simplex; `coordinate`: what the
    observation is called; `small`: the variable at whose end 0 expansions are made; `terms`: how many of them are
    tried, one number after the other.
    """

    k, d, tried_once, refuted = 0, 1, "", False
    fixed: MappingProxyType = MappingProxyType({})

    def __init__(self, claim):
        named = claim["family"]
        table = FAMILIES.get(named) or read_definition(named)
        self.family, self.prefix = table.get("aliases"), named + "."
        self.quantities = self.family.keys() if self.family else QUANTITIES
        self.recorded, self.whole, self.schemes, self.assumed, self.open = {}, {}, {}, [], set()
        self.variables, (self.coordinate,) = set(claim.get("for_all", {})), table.get("observed", ["x"])
        self.data, self.fit = ([component(one, self.coordinate) for one in table[each]] for each in ("data", "fit"))
        self.estimate = tuple(table["estimate"])
        self.read_parameters(table, claim.get("values", {}))
        statement = claim["statement"]
        powers = [int(each) for each in POWER.findall(statement)]
        self.terms = 3, max(6, min(max([0, *powers]) + 5, MOST_TERMS))
        starts = (name for name, ends in claim.get("for_all", {}).items() if ends[0].strip() == "0")
        self.small = next((name for name in starts if self.vanishes_with(name)), "")

    def read_parameters(self, table, values):
        """Read what parameters and shorthands are."""
        self.shorthands = known = dict(table.get("definitions", {}))
        defaults, self.domains = {}, {}
        for name, domain in table["parameters"].items():
            given = domain if isinstance(domain, dict) else {"domain": domain}
            require(given["domain"] in DOMAINS and set(given) <= {"domain", "default"}, "such parameters", NOT_COVERED)
            self.domains[name] = given["domain"]
            if "default" in given:
                defaults[name] = str(given["default"])
        require(set(values) <= self.domains.keys(), "claim: a value of something else than a parameter")
        require(not self.variables & (set(values) | known.keys()), "claim: a variable has a value")
        used = set().union(self.domains, *map(names_in, values.values()))
        require(self.variables <= used, "claim: a variable is neither a parameter nor one that values are written in")
        texts = defaults | values | known
        names, taken = {*self.domains, *known, *self.variables}, {*RESERVED, *QUANTITIES, *self.quantities}
        good = all(VARIABLE.fullmatch(each.replace("_", "")) for each in names)
        apart = not names & {*taken, self.coordinate} and not self.domains.keys() & known.keys()
        require(good and apart, "claim: a name is that of something else, or none")
        # A parameter without a value is one that the statement does not need, as some quantities have their own.
        self.texts = {name: text for name, text in texts.items() if name not in self.variables}

    def vanishes_with(self, variable):
        """Whether an estimated parameter is a variable, or a multiple of one, as it is written."""
        texts = (self.texts.get(name, name) for name in self.estimate)
        return any(re.fullmatch(rf"\(?{variable}\)?(\*.*)?|.*\*{variable}", text.strip()) for text in texts)

    def at(self, box, goal, *, near=False, terms=3):
        """Return a box of this case."""
        fixed = {name: low for name, (low, high) in box.items() if low == high}
        key = tuple(sorted(fixed.items()))
        if key not in self.schemes:
            free = tuple(name for name in box if name not in fixed)
            self.schemes[key] = Scheme(self, free, fixed)
        return Mixture(self.schemes[key], box, goal, near=near, terms=terms)


def component(given, coordinate):
    """Return weight, mean and variance of a component as texts."""
    require(isinstance(given, dict) and set(given) == {"weight", coordinate}, "such components", NOT_COVERED)
    name, parts = law_of(str(given[coordinate]))
    require(name == "normal" and len(parts) == 2, "laws other than normal ones", NOT_COVERED)
    return str(given["weight"]), *parts


def law_of(text):
    """Return the name of a law, and its arguments as texts."""
    line, node = parse(text)
    match node:
        case ast.Call(ast.Name(name), arguments, []):
            return name, tuple(line[each.col_offset : each.end_col_offset] for each in arguments)
    raise OutcomeError(NOT_COVERED, f"the law {text[:40]}")


def table_of(text):
    """Return the table that a text writes down, with its numbers as texts."""
    require(len(text) <= MAX_DEFINITION, "a model of such a length")
    return json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=unique)


def read_definition(text):
    """Return the table that a text defines: a mixture of normals in one coordinate."""
    require(isinstance(text, str) and text.startswith("{"), f"the family {str(text)[:40]}", NOT_COVERED)
    table = table_of(text)
    require(set(table) <= KEYS, "models with vectors", NOT_COVERED)
    require(len(table.get("observed", ["x"])) == 1, "models with several coordinates", NOT_COVERED)
    is_list = all(isinstance(table[each], list) for each in ("data", "fit"))
    require(is_list, "models whose means are images of one", NOT_COVERED)
    return table
