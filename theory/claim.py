"""What a claim is: data. Catalogue entries and the claims of a user's file are of this one type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from html import escape
from numbers import Integral, Rational
from types import MappingProxyType

from emtheory.theory.constant import Constant
from emtheory.theory.errors import InputError
from emtheory.theory.inexact import exact_text, is_binary_float, shown
from emtheory.theory.published import as_chain

_EXAMPLE = "3/10"
_LARGEST = 10**18
"""Beyond every k and d that is accepted; Python writes out no integer of 5000 digits, not even for an error."""

HOLDS = "holds"
REFUTED = "refuted"
BEYOND = "Beyond the paper"
"""The chapter of what the paper does not say: our own theorems and conjectures."""

THEOREMS, LEMMAS = PROPER = "Theorems", "Lemmas and Proposition 1"
"""The chapters of what the paper itself states by name or number; others but `BEYOND` are its summary's."""

GROUPS = (
    *PROPER,
    "Mechanisms",
    "Method and practice",
    "Failure signatures",
    "Open questions",
    "Experiments and checks",
    BEYOND,
)
"""The chapters of the catalogue, in the order of the report."""


PROSE = ("title", "source", "quote", "reading", "chapter", "model_file", "line")
"""The fields of a claim that are for the reader, and say nothing of what is decided."""

LARGEST, SMALLEST = "largest", "smallest"
"""Which constant is sought: the largest with which a statement holds, or the smallest."""


@dataclass(frozen=True)
class FreeConstant:
    """A number in a statement whose best value is sought.

    Attributes
    ----------
    constant
        Its name.
    side
        ``largest`` or ``smallest``: which of the values with which the statement holds.
    between
        Ends of the interval in which it is sought, as text that is parsed exactly.
    """

    constant: str
    side: str
    between: tuple[str, str]


@dataclass(frozen=True, repr=False)
class Claim:
    """One formal statement about a case or a domain of cases.

    Exactly one of `statement` and `derivation` is given.

    Attributes
    ----------
    id
        Unique name.
    statement
        A comparison in the statement language, e.g. ``contraction_factor <= 17/20``; or that a published number is
        right to its last digit, ``matches(kl_divergence, "0.10483905…")``, which is written out as an interval.
    derivation
        Name of a derivation in `emtheory.theory.derivations` that must go through for every k listed.
    general
        Whether, besides, the derivation for every k at once must go through.
    k, weights, d, radius, amplitudes
        The case, as text that is parsed exactly; several k mean "for each of them". Integers, fractions, decimals,
        lists and one k by itself are taken as well; of a float, ``Fraction(x)`` is its binary value.
    for_all
        Variable → closed interval that it ranges over: every real number of it, or for ``k`` every integer. Variables
        are ``radius``, ``k``, ``amplitude_1``, ``amplitude_2``, … and a parameter such as ``W`` in ``one-heavy:W``.
    family
        Name of another family than the tied mixtures, such as ``two-means``, or the canonical text of a model: then k
        is empty.
    values
        Variable of the family → a number, or an expression in the variables of `for_all`, as text.
    assume
        Comparisons that restrict the domain to where they hold.
    expect
        ``holds``, or ``refuted`` for a negative control.
    sharpen
        The free constant of the statement, if it has one: then it can be sharpened, but not checked.
    title, source, quote, reading, chapter
        For the reader: what it says, where it stands, its sentence there, how that is read formally, and the chapter of
        a report that it belongs to.
    model_file
        Of a model, the file that defines it, for commands that repeat a number.
    line
        Line of the file that it came from, if any.

    Raises
    ------
    InputError
        If a field has another type than it says: numbers are text, for only that is exact and keeps its form.
    """

    id: str
    statement: str = ""
    derivation: str = ""
    general: bool = False
    k: tuple[int, ...] = (3,)
    weights: str | tuple[str, ...] = "uniform"
    d: int | None = None
    radius: str | None = None
    amplitudes: tuple[str, ...] | None = None
    for_all: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    family: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    assume: tuple[str, ...] = ()
    expect: str = HOLDS
    sharpen: FreeConstant | None = None
    title: str = ""
    source: str = ""
    quote: str = ""
    reading: str = ""
    chapter: str = ""
    model_file: str = ""
    line: int | None = None

    def __post_init__(self) -> None:
        for name in ("k", "weights", "radius", "amplitudes", "for_all", "values", "assume"):
            value = getattr(self, name)
            if name != "weights" or isinstance(value, list | tuple):  # One number is not weights.
                object.__setattr__(self, name, _plain(value, one=name == "k"))
        problem = next(_problems(self), None)
        if problem is None:
            object.__setattr__(self, "statement", as_chain(self.statement))
        if problem is None and bool(self.statement) == bool(self.derivation):
            problem = "needs either a statement or a derivation"
        if problem is None and self.general and not self.derivation:
            problem = "is general, but has no derivation for every k"
        if problem is not None:
            raise InputError(f"claim {shown(self.id)}: {problem}")

    def __repr__(self) -> str:
        return f"Claim({written(self, shown(self.family))})"

    def _repr_html_(self) -> str:
        title = f"{escape(self.title)}<br>" if self.title else ""
        said = self.statement or f"derivation {self.derivation}"
        rest = written(self, shown(self.family)).partition(repr(said))[2]
        return f"<p>{title}<strong>{escape(self.id)}</strong>: <code>{escape(said)}</code>{escape(rest)}</p>"


def written(claim: Claim, family: str) -> str:
    """Return a claim as Python writes it within ``Claim(…)``, without defaults or prose, with this `family`."""
    known = (
        (each, getattr(claim, each.name)) for each in fields(claim) if each.name not in (*PROSE, "id", "statement")
    )
    given = {each.name: value for each, value in known if value not in (each.default, {}, None)}
    said = [f"{name}={family if name == 'family' else _literal(value)}" for name, value in given.items()]
    return ", ".join([repr(claim.id), *([repr(claim.statement)] if claim.statement else []), *said])


def _literal(value: object) -> str:
    """Return a field as Python writes it; k that follow each other as a range, of which there may be thousands."""
    if isinstance(value, Mapping):
        return repr(dict(value))
    if isinstance(value, tuple) and len(value) > 3 and isinstance(value[0], int):
        every = range(value[0], value[-1] + 1)
        return f"tuple({every})" if value == tuple(every) else repr(value)
    return repr(value)


def _plain(value: object, *, one: bool = False) -> object:
    """Take what people write in Python, one k, lists, integers and fractions, as the tuples and text of a claim."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | range):
        return tuple(_count_of(each) if one else _plain(each) for each in value)
    if not one and isinstance(value, Decimal):
        return str(value).replace("Infinity", "inf")
    if one and isinstance(value, Integral):
        return (_count_of(value),)
    if not one and isinstance(value, Rational) and not isinstance(value, bool):
        small = max(abs(int(value.numerator)), int(value.denominator)) < _LARGEST
        return str(value) if small else value
    return value


def _count_of(value: object) -> object:
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


_FOR_READERS = ("quote", "reading", "chapter", "model_file")


def _problems(claim: Claim) -> Iterator[str]:
    """Yield what is wrong with the types of a claim's fields."""
    for name in ("id", "statement", "derivation", "expect", "title", "source", *_FOR_READERS):
        yield from _text(name, getattr(claim, name))
    if claim.expect not in (HOLDS, REFUTED):
        yield f"expect = {shown(claim.expect)} is neither {HOLDS} nor {REFUTED}"
    if not isinstance(claim.general, bool):
        yield f"general = {shown(claim.general)}: True or False is wanted"
    yield from _members("k", claim.k, _count)
    for name in ("d", "line"):
        if getattr(claim, name) is not None:
            yield from _count(name, getattr(claim, name))
    if not isinstance(claim.weights, str):
        yield from _members("weights", claim.weights, _number)
    if claim.radius is not None:
        yield from _number("radius", claim.radius)
    if claim.amplitudes is not None:
        yield from _members("amplitudes", claim.amplitudes, _number)
    yield from _members("assume", claim.assume, _text)
    yield from _family_problems(claim)
    if not isinstance(claim.for_all, Mapping):
        yield f"for_all = {shown(claim.for_all)}: write {{'radius': ('0', '5')}}"
        return
    for name, ends in claim.for_all.items():
        yield from _text("a variable of for_all", name)
        if not isinstance(ends, tuple) or len(ends) != 2:
            yield f"for_all {name} = {shown(ends)}: a pair of ends such as ('0', '5') is wanted"
        else:
            yield from _members(f"for_all {name}", ends, _number)


def _family_problems(claim: Claim) -> Iterator[str]:
    yield from _text("family", claim.family)
    for name, value in claim.values.items():
        yield from _text("a variable of the family", name)
        yield from _number(name, value)
    if claim.family and (claim.k or claim.weights != "uniform"):
        yield "a family has neither k nor weights: leave weights out and give k = ()"
    if claim.values and not claim.family:
        yield "has values, but no family whose variables they are"


def _members(name: str, values: object, problems: Callable[[str, object], Iterator[str]]) -> Iterator[str]:
    if not isinstance(values, tuple):
        yield f"{name} = {shown(values)}: a tuple is wanted, such as {_TUPLES[problems]}"
        return
    for value in values:
        yield from problems(name, value)


def _number(name: str, value: object) -> Iterator[str]:
    if is_binary_float(value):
        yield f"{name} = {value} is a binary float; write '{exact_text(value) or _EXAMPLE}'"
    elif not isinstance(value, str):
        yield f"{name} = {shown(value)}: numbers are text here, such as '3' or '3/10'"


def _text(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{name} = {shown(value)}: text is wanted"


def _count(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _LARGEST:
        yield f"{name} = {shown(value)}: an integer below 10¹⁸ is wanted"


_TUPLES: Mapping[Callable[[str, object], Iterator[str]], str] = MappingProxyType(
    {_count: "(3,)", _number: "('1/2', '1/2')", _text: "('radius > 1',)"}
)
"""What is checked of each member → how such a tuple is written."""


@dataclass(frozen=True)
class Entry:
    """A statement of the paper, or one beyond it, read formally.

    Attributes
    ----------
    id, title
        Short name, and the statement in a sentence.
    source
        Its place in the paper's summary.
    quote
        The sentence as written there; pieces from several places are joined by ``…``.
    reading
        How it is read formally where the prose leaves a choice: no more than the claims judge.
    claims
        What the reading says: it holds if and only if all of these do. Empty only where there are disproofs.
    group
        Which chapter of the report it belongs to; in the catalogue that of its folder, or its source.
    expected
        What the checker is expected to find: ``holds`` or ``refuted``.
    certified
        Whether what holds by weaker evidence than *certified* does not count, as for claims of a user's.
    universal
        Whether the statement speaks about more cases than `claims` lists. Unless each of the claims is then a
        derivation for every k, its evidence is only points of its domain, and it is never stronger than ``supported``.
    disproofs
        For a false statement: claims of its opposite, each of which refutes it if it holds.
    instances
        Numeric instances of a proved statement, which test its proof: they must hold, and one that fails refutes the
        statement, but what they rest on does not weaken it.
    hypotheses
        A witness that the statement's assumptions can hold: claims that must hold.
    controls
        Slightly wrong twins, which must be refuted: that is what is expected of them, however they are written.
    correction
        For a false or incomplete statement: what is true instead.
    corrected
        The claims that `correction` makes; they must hold.
    depends
        Ids of the entries it rests on.
    constants
        How sharp the explicit constants of the derivations are.
    other_reading_of
        For a sentence with two fair readings: the id of the entry that judges the other one. Report and pages name
        them beside each other.
    """

    id: str
    title: str
    source: str
    quote: str
    reading: str
    claims: tuple[Claim, ...] = ()
    group: str = ""
    expected: str = HOLDS
    universal: bool = True
    certified: bool = False
    disproofs: tuple[Claim, ...] = ()
    instances: tuple[Claim, ...] = ()
    hypotheses: tuple[Claim, ...] = ()
    controls: tuple[Claim, ...] = ()
    correction: str = ""
    corrected: tuple[Claim, ...] = ()
    depends: tuple[str, ...] = ()
    other_reading_of: str = ""
    constants: tuple[Constant, ...] = ()

    def __post_init__(self) -> None:
        if self.expected not in (HOLDS, REFUTED):
            raise InputError(f"entry {shown(self.id)}: {shown(self.expected)} is expected, not {HOLDS} or {REFUTED}")
        object.__setattr__(self, "controls", tuple(replace(control, expect=REFUTED) for control in self.controls))
