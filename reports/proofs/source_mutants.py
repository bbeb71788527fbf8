"""Mutants of the source of derivations: a module with one number, sign, operator or name changed, run in memory.

A change is noticed if the module does not run any more or its derivation fails; it is equal if the derivation says and
uses the same formulas as before.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

from sympy import sstr

from emtheory.reports.proofs.mutants import Mutant, Outcome, OutOfPatienceError, patience
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation

_UNCHANGED = frozenset({"title", "source", "scope", "note", "label", "given", "within", "under", "name"})
"""Arguments whose text is not mathematics, or is compared by the checker as it stands."""

Path = tuple[tuple[str, int | None], ...]
"""From a module's tree to one of its nodes: fields, and places in those that are lists."""

_RELATIONS = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "<="}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True)
class Site:
    """A place in a module's source that can be changed, and what stands there after that."""

    source: str
    path: Path
    node: ast.expr
    changed: ast.expr

    @property
    def change(self) -> str:
        """What it says before and after."""
        return f"{ast.unparse(self.node)} → {ast.unparse(self.changed)}"

    @property
    def tree(self) -> ast.Module:
        """The tree of the changed module."""
        copy: ast.Module = ast.parse(self.source)
        parent: object = copy
        *way, (last, index) = self.path
        for name, place in way:
            parent = getattr(parent, name) if place is None else getattr(parent, name)[place]
        if index is None:
            setattr(parent, last, self.changed)
        else:
            getattr(parent, last)[index] = self.changed
        return ast.fix_missing_locations(copy)


def mutants_of_source(module: ModuleType, original: Derivation, limit: int | None = None) -> Iterator[Mutant]:
    """Make and judge the mutants of the module of a derivation, at so many places spread over it, or at all."""
    source = inspect.getsource(module)
    found = list(sites(source))
    stride = 1 if limit is None else max(1, -(-len(found) // limit))
    for site in found[::stride]:
        yield _mutant_at(module, original, site, source.splitlines()[site.node.lineno - 1].strip())


def sites(source: str) -> Iterator[Site]:
    """Yield every place of a module's source that is changed, in order."""
    tree = ast.parse(source)
    together = _assigned_together(tree)
    for path, node in _walk(tree, ()):
        yield from (Site(source, path, node, changed) for changed in _changes(node, together))


def _walk(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.expr]]:
    """Walk through the expressions that are mathematics."""
    if _is_not_mathematics(node):
        return
    if isinstance(node, ast.expr):
        yield path, node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        if isinstance(value, ast.AST):
            yield from _walk(value, (*path, (name, None)))
        elif isinstance(value, list):
            for index, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _walk(part, (*path, (name, index)))


def _is_not_mathematics(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.keyword):
        return node.arg in _UNCHANGED
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == "STATEMENT" for target in targets)


def _changes(node: ast.expr, together: Sequence[Sequence[str]]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant):
        yield from _changed_constants(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        # The next one of the names that are assigned together with it.
        for names in [each for each in together if node.id in each][:1]:
            yield ast.Name(names[(names.index(node.id) + 1) % len(names)], ast.Load())


def _changed_constants(node: ast.Constant) -> Iterator[ast.expr]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and node.value in _RELATIONS:
        yield ast.Constant(_RELATIONS[node.value])


def _assigned_together(tree: ast.Module) -> list[list[str]]:
    targets = [node.targets[0] for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    tuples = [target.elts for target in targets if isinstance(target, ast.Tuple)]
    named = [[part.id for part in parts if isinstance(part, ast.Name)] for parts in tuples]
    return [names for names in named if len(names) > 1]


def _mutant_at(module: ModuleType, original: Derivation, site: Site, place: str) -> Mutant:
    try:
        with patience():
            derivation = _derived(module, site.tree, original.k)
    except DerivationError as error:
        return Mutant(place, site.change, "noticed", str(error), "rule" if ", step " in str(error) else "letters")
    except OutOfPatienceError as error:
        return Mutant(place, site.change, "undecided", str(error))
    except Exception as error:  # whatever stops the module stops the derivation
        return Mutant(place, site.change, "noticed", f"it does not run: {error!r}", "run")
    return Mutant(place, site.change, _worth(derivation, original), "")


def _worth(derivation: Derivation, original: Derivation) -> Outcome:
    """Say whether a changed derivation that passes says and uses the same, or says it on smaller domains."""
    parts, others = _mathematics(derivation), _mathematics(original)
    # To write formulas out takes far longer than to compare them, and most are as they were.
    if len(parts) == len(others) and all(a == b or sstr(a) == sstr(b) for a, b in zip(parts, others, strict=True)):
        return "equal"
    said, before = derivation.statement, original.statement
    same = (sstr(said.conclusions), said.hypotheses) == (sstr(before.conclusions), before.hypotheses)
    domains = {str(name): domain for name, domain in before.domains.items()}
    smaller = all(
        str(name) in domains and domain.is_subset(domains[str(name)]) for name, domain in said.domains.items()
    )
    return "implied" if same and smaller and said.text != before.text else "survived"


def _derived(module: ModuleType, tree: ast.Module, k: int | None) -> Derivation:
    changed = ModuleType(module.__name__)
    changed.__dict__.update(__package__=module.__package__, __file__=module.__file__)
    # The text is our own, of an installed module, with one node changed.
    exec(compile(tree, str(module.__file__), "exec"), changed.__dict__)  # noqa: S102
    make: Callable[[], Derivation] = changed.derive_general if k is None else lambda: changed.derive(k)
    return make()


def _mathematics(derivation: Derivation) -> tuple[tuple[object, ...], ...]:
    """What a derivation says and how, without its words; equal if it is, or reads, the same."""
    statement = derivation.statement
    said = (statement.conclusions, tuple(statement.domains.items()), statement.hypotheses)
    steps = (
        (
            step.kind,
            step.formula,
            step.uses,
            step.under,
            step.rule,
            step.domain,
            step.multipliers,
            step.expression,
            step.at,
            step.discharging,
            step.quotation and (step.quotation.conclusion, step.quotation.values),
        )
        for step in derivation.steps
    )
    return (said, *steps)
