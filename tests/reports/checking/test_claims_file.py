"""Claims files, which claims of them are chosen, and the drift lock."""

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from emtheory.numerics.errors import InputError, NothingSelectedError
from emtheory.reports.checking.claims_file import SCHEMA_FILE, claims_schema, load_claims
from emtheory.reports.checking.lock import LockedSide, _overlap
from emtheory.reports.checking.selection import choose, find_files, load_all, load_wanted
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.conftest import Run

VALID = Path(__file__).with_name("valid.toml").read_text(encoding="utf-8")


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "some.claims.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def one_claim(**changes: str) -> str:
    """A file with one valid claim, some keys of it written otherwise or left out."""
    keys = {"id": '"a"', "statement": '"spectral_gap > 0"', "k": "3", "weights": "[0.5, 0.3, 0.2]", **changes}
    lines = [f"{key} = {value}" for key, value in keys.items() if value]
    return "\n".join(["schema = 1", "[[claim]]", *lines])


def test_a_file_becomes_claims(tmp_path: Path) -> None:
    first, second = load_claims(write(tmp_path, VALID))
    told = (first.id, first.k, first.weights, first.expect, first.line)
    assert told == ("rate-k3", (3,), ("1/2", "3/10", "1/5"), "holds", 4)
    told = (second.id, second.k, second.weights, second.d, second.expect, second.line)
    assert told == ("contracts", (2, 3), "one-heavy:3/5", 4, "refuted", 10)
    assert second.for_all == {"radius": ("0", "5.50")}
    assert (second.title, second.source) == ("It contracts", "Theorem 1")


def test_decimals_are_exact_however_a_file_is_saved(tmp_path: Path) -> None:
    # As a binary float 2.64 is 2.640000000000000124…, so this would be refuted. A byte order mark and CRLF say nothing.
    for decimal in ("2.64", "264e-2", '"66/25"'):
        text = one_claim(statement='"radius == 264/100"', radius=decimal)
        (claim,) = load_claims(write(tmp_path, "\ufeff" + text.replace("\n", "\r\n")))
        assert decide_claim(claim).outcome == "proved"


def test_every_error_is_named_with_its_place(tmp_path: Path) -> None:
    text = """\
schema = 1
[[claim]]
id = "first"
statment = "spectral_gap > 0"
k = 3.5
weights = true

[[claim]]
statement = "spectral_gap > 0"
k = []
weights = [0.5, false]
expect = "yes"
"""
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        load_claims(path)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    first = [line for line in lines if line.startswith(f"{path}:2: claim 'first': ")]
    second = [line for line in lines if line.startswith(f"{path}:8: claim number 2: ")]
    assert len(first) + len(second) == len(lines)
    assert {line.split(": ")[2] for line in second} == {"id", "k", "weights", "expect"}
    assert any("'statment': did you mean statement?" in line for line in first)
    assert any("statement: field required" in line for line in first)


def test_every_malformed_statement_of_a_file_is_named(tmp_path: Path) -> None:
    tables = (one_claim(statement='"spectral_gapp > 0"'), one_claim(id='"b"', k="4"), one_claim(id='"b"'))
    text = "\n".join(each.removeprefix("schema = 1\n") for each in tables)
    with pytest.raises(InputError) as refusal:
        load_claims(write(tmp_path, f"schema = 1\n{text}"))
    first, second, third = str(refusal.value).splitlines()
    assert "toml:2: claim 'a': statement: column 1: unknown name 'spectral_gapp': did you mean spectral_gap?" in first
    assert "toml:7: claim 'b': 3 weights were given for k = 4" in second
    assert "toml:12: claim 'b': the id is used before, at " in third


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # Claims, beside those of the corpus of malformed ones.
        (one_claim(id=""), "id: field required"),
        (one_claim(id='"a\\u0007b"'), "id: "),
        (one_claim(k=""), "k: field required"),
        (one_claim(weights='["0.' + "3" * 10_000 + '", 0.5, 0.5]'), "has 10002 characters"),
        (one_claim(weights="[0." + "3" * 10_000 + ", 0.5, 0.5]"), "characters; at most"),
        (one_claim(radius="1e99999999999999999999"), "not valid TOML"),
        (one_claim(title="1"), "title: input should be a valid string, not '1'"),
        ("", "schema: field required: add the line schema = 1"),
        ("schema = 2", "schema: only schema = 1 is known"),
        ('schema = "1"', "schema: only schema = 1 is known"),
        ("schema = 1\nclaims = []", "unknown key 'claims': did you mean claim?"),
        ("schema = 1\nclaim = [3]", "claim number 1"),
        ("schema = 1\n[claim]\nid = 3", "claim: input should be a valid list, not a table"),
        ("\x00", "is not valid TOML"),
        ("schema = 1\nschema = 1", "is not valid TOML"),
        ("x = " + "[" * 100_000, "nested too deeply"),
        ("a." * 100_000 + "b = 1", "more than 50 dots"),
        ('x = {"a"' + '."a"' * 100_000 + " = 1}", "more than 50 dots"),
        ("#" * 5_000_001, "is larger than 5 MB"),
        (b"\xff\xfe\x00", "is not UTF-8 text (byte 0)"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_malformed_file(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        load_claims(path)
    assert str(refusal.value).startswith(str(path))
    assert message in str(refusal.value)
    for other, said in ((tmp_path, "is a directory"), (tmp_path / "missing.toml", r"cannot be read \(No such file")):
        with pytest.raises(InputError, match=said):
            load_claims(other)


ROOT = Path(__file__).parents[3]
SCHEMA = Draft202012Validator(json.loads(claims_schema()))
FILES = [
    ROOT / "reports" / "commands" / "templates" / "claims.toml",
    *sorted((ROOT / "examples").rglob("*.toml")),
    *(ROOT / "tests" / "corpus" / f"{name}.toml" for name in ("exact", "intervals", "points")),
]
NOT_OF_SHAPE = {"table-8", "table-26", "table-31", "table-66", "table-71", "table-72", "table-74"}
"""3.0 for 3, an empty table of variables, intervals for none, names of families, ranges as text: a schema has them."""


def read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_it_is_published() -> None:
    """If this fails, run `emtheory claims --docs docs`."""
    assert (ROOT / "docs" / "schemas" / SCHEMA_FILE).read_text(encoding="utf-8") == claims_schema()
    Draft202012Validator.check_schema(json.loads(claims_schema()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_that_the_program_takes_are_valid(path: Path) -> None:
    document = read(path)
    SCHEMA.validate({**document, "claim": document.get("claim", [])[:20]})


def test_tables_that_the_program_refuses_are_not() -> None:
    malformed = read(ROOT / "tests" / "corpus" / "malformed_tables.toml")["claim"]
    taken = {claim.get("id") for claim in malformed if SCHEMA.is_valid({"schema": 1, "claim": [claim]})}
    assert taken == NOT_OF_SHAPE
    claim = {"id": "a", "statement": "spectral_gap > 0", "k": 3, "weights": [0.5, "1/4", 1]}
    assert SCHEMA.is_valid({"schema": 1, "claim": [claim]})
    assert not SCHEMA.is_valid({"schema": 2, "claim": [claim]})
    assert not SCHEMA.is_valid({"schema": 1, "claims": [claim]})


def test_values_of_a_family_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    """And not in one that differs from process to process, as names in a set do."""
    names = ["truth_weight", "separation", "fit_variance", "fit_weight", "theta"]
    for order in (names, names[::-1], sorted(names)):
        values = "\n".join(f'{name} = "1/2"' for name in order)
        path = tmp_path / "a.claims.toml"
        path.write_text(f'schema = 1\n[[claim]]\nid = "a"\nstatement = "em_map > 0"\nfamily = "two-means"\n{values}\n')
        assert list(load_claims(path)[0].values) == order


CLAIM = '[[claim]]\nid = "{}"\nstatement = "spectral_gap > 0"\nk = 3\nweights = "linear"\n'
CLAIMS = [(Path("a.toml"), Claim(name, "1 < 2")) for name in ("rate-1", "rate-2", "gap[1]")]


def write_claims(path: Path, *ids: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("schema = 1\n" + "".join(map(CLAIM.format, ids)))
    return path


def test_folders_are_searched_but_not_hidden_ones_and_environments(tmp_path: Path) -> None:
    first = write_claims(tmp_path / "claims.toml", "a")
    second = write_claims(tmp_path / "deep" / "er" / "some.claims.toml", "b")
    for unwanted in ("claim.toml", ".git/claims.toml", "node_modules/x/claims.toml", "venv/x/claims.toml"):
        write_claims(tmp_path / unwanted, "c")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert find_files([tmp_path]) == [first, second]
    assert find_files([second, tmp_path]) == [second, first]
    assert find_files([tmp_path / "deep" / ".." / "claims.toml", first]) == [tmp_path / "deep" / ".." / "claims.toml"]


def test_what_has_no_claim_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingSelectedError, match=r"no file in this folder is named …claims.toml"):
        find_files([tmp_path])
    full, empty = write_claims(tmp_path / "full.toml", "a"), write_claims(tmp_path / "empty.toml")
    with pytest.raises(NothingSelectedError, match=r"empty.toml: the file has no \[\[claim\]\]"):
        load_all([full, empty])
    with pytest.raises(InputError, match="cannot be read"):
        load_all([empty, tmp_path / "missing.toml"])
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match="symbolic links"):
        load_all(find_files([loop]))


def test_patterns() -> None:
    for select, deselect, chosen in (
        (("rate-*",), ("*2",), ["rate-1"]),
        (("*-1", "gap*"), (), ["rate-1", "gap[1]"]),
        ((), ("none",), ["rate-1", "rate-2", "gap[1]"]),
    ):
        assert [claim.id for _, claim in choose(CLAIMS, select, deselect)] == chosen
    for select, message in ((("rate-1", "RATE*"), "like 'RATE\\*'"), (("rate-1",), "deselected")):
        with pytest.raises(NothingSelectedError, match=message):
            choose(CLAIMS, select, ("rate-1",) if message == "deselected" else ())


ERROR_BOUND = 'statement = "sample_error_bound(n=1000, delta=D) >= 0"\nradius = 1\nfor_all = { D = [0.05, 0.1] }'
MALFORMED = {
    "argument": f'{ERROR_BOUND}\nk = 3\nweights = "linear"\n',
    "name": 'statement = "spectral_gapp > 0"\nk = 3\nweights = "linear"\n',
    "key": 'statment = "spectral_gap > 0"\nk = 3.5\n',
    "family": 'statement = "em_map > 0"\nfamily = "three-mean"\n',
}


@pytest.mark.parametrize("claim", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_claim_does_no_harm_where_others_are_selected(tmp_path: Path, claim: str) -> None:
    path = write_claims(tmp_path / "a.toml", "first", "last")
    path.write_text(f'{path.read_text()}[[claim]]\nid = "wrong"\n{claim}')
    alone = write_claims(tmp_path / "b.toml")
    alone.write_text(f'schema = 1\n[[claim]]\nid = "wrong-too"\n{claim}')
    for select, deselect, chosen in (
        (("first",), (), ["first"]),
        ((), ("wrong*",), ["first", "last"]),
        (("*",), ("wrong*", "first"), ["last"]),
    ):
        found = load_wanted([path, alone], select, deselect)
        assert [each.id for _, each in choose(found, select, deselect)] == chosen
        assert found[-1][1].line == {"first": 2, "last": 7}[chosen[-1]]
    for select in ((), ("wrong",), ("first", "wro*")):
        with pytest.raises(InputError, match=r"a.toml:12: claim 'wrong': "):
            load_wanted([path, alone], select)
    with pytest.raises(NothingSelectedError, match="like 'nothing'"):
        choose(load_wanted([path, alone], ("nothing",)), ("nothing",))


TABLE = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 3\nweights = [0.5, 0.3, 0.2]\n'
LOCKED = (
    b'{"format": "emtheory lock", "version": 1, "claims": {"gap": {"fingerprint": "", "verdict": "proved", '
    b'"level": "proved", "enclosures": [{"case": "", "expression": "", "lower": "0.07", "upper": "1"}]}}}'
)
IN_LOCK = {"gap": "spectral_gap == 7/100", "pi": "3 < exp(log(pi)) < 22/7", "bound": "contraction_bound(radius=1) < 1"}

Call = Callable[..., Any]


@pytest.fixture
def rewrite(tmp_path: Path) -> Call:
    def claims(**statements: str) -> None:
        text = "".join(TABLE.format(name, statement) for name, statement in statements.items())
        (tmp_path / "a.toml").write_text("schema = 1\n" + text)

    return claims


@pytest.fixture
def locked(run: Run, tmp_path: Path, rewrite: Call) -> Call:
    """Lock three claims; then check with --frozen."""
    rewrite(**IN_LOCK)
    assert run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock").code == 0

    def frozen(*arguments: str) -> Any:
        before = (tmp_path / "claims.lock").read_bytes()
        result = run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--frozen", *arguments)
        assert (tmp_path / "claims.lock").read_bytes() == before
        return result

    return frozen


def test_numbers_of_every_size_are_locked(run: Run, tmp_path: Path) -> None:
    statements = ("strong_convexity_radius > 1", "exp(-1000) > 0", "exp(1000) > -1e-30", "exp(exp(exp(9))) > 1")
    claims = (TABLE.format(f"c{n}", statement) for n, statement in enumerate(statements))
    text = "schema = 1\n" + "".join(claims).replace("k = 3", "k = 2").replace("[0.5, 0.3, 0.2]", "[0.75, 0.25]")
    (tmp_path / "a.toml").write_text(text)
    options = (tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--allow-inconclusive")
    assert run("check", *options).code == 0
    assert run("check", *options, "--frozen").code == 0


def test_nothing_has_drifted_at_once(locked: Call, tmp_path: Path) -> None:
    assert locked().code == 0
    assert locked("--no-cache").code == 0
    entries = json.loads((tmp_path / "claims.lock").read_text())["claims"]
    verdicts = {name: entry["verdict"] for name, entry in entries.items()}
    assert verdicts == {"gap": "proved", "bound": "certified", "pi": "certified"}
    side = {"case": "k = 3, d = 2", "expression": "spectral_gap", "lower": "0.07", "upper": "0.07"}
    assert entries["gap"]["enclosures"][0] == side


def test_changed_or_new_claims(run: Run, tmp_path: Path, locked: Call, rewrite: Call) -> None:
    rewrite(gap=IN_LOCK["gap"], pi="3 < pi < 4", new="1 < 2")
    result = locked()
    assert result.code == 1
    said = {line.split(": ", 1)[1] for line in result.out.splitlines() if "claims.lock: " in line}
    changed = "claim 'pi': says something else than it did, under the same id"
    assert said == {changed, "claim 'bound' has vanished", "claim 'new' is new"}
    assert locked("--select", "gap").code == 0
    # A partial check keeps the other entries.
    rewrite(**IN_LOCK | {"gap": "spectral_gap < 1"})
    assert run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", "--select", "gap").code == 0
    assert locked().code == 0


def test_a_verdict_that_turns_and_an_enclosure_that_no_longer_overlaps(locked: Call, tmp_path: Path) -> None:
    document, was = json.loads((tmp_path / "claims.lock").read_text()), "exp(log(pi)) at k = 3, d = 2 was in"
    entry = document["claims"]["pi"]
    (side,) = (each for each in entry["enclosures"] if each["expression"] == "exp(log(pi))")
    for place, change, said, drifts in (
        (entry, {"verdict": "proved", "level": "proved"}, "claim 'pi': the verdict was proved", True),
        (entry, {"verdict": "supported", "level": "supported"}, "claim 'pi': the verdict was", False),
        (side, {"lower": "3.2", "upper": "3.3"}, was, True),
        (side, {"lower": "-inf", "upper": "3"}, was, True),
        (side, {"lower": "3", "upper": "inf"}, was, False),
    ):
        place.update(change)
        (tmp_path / "claims.lock").write_text(json.dumps(document))
        result = locked()
        assert (result.code, said in result.out) == (int(drifts), drifts)


def test_what_is_not_a_lock(run: Run, tmp_path: Path, rewrite: Call) -> None:
    rewrite(**IN_LOCK)
    for content, message in (
        (b"{}", "is not a lock file of this version"),
        (b'{"format": "emtheory lock", "version": 2, "claims": {}}', "version"),
        (b'{"format": "emtheory lock", "version": 1, "claims": {"a": {}}}', "is not a lock file"),
        (b"\xff" * 100, "is not UTF-8 text"),
        (LOCKED.replace(b"0.07", b"1..2"), "claims.gap.enclosures.0.lower"),
        (LOCKED.replace(b"0.07", b"1e9999999"), "claims.gap.enclosures.0.lower"),
        (LOCKED.replace(b'"proved"', b'"true"'), "claims.gap.level"),
        (b"[" * 100_000, "is not a lock file"),
    ):
        (tmp_path / "claims.lock").write_bytes(content)
        for options in ((), ("--frozen",)):
            result = run("check", tmp_path / "a.toml", "--lock", tmp_path / "claims.lock", *options)
            result.assert_one_line_error(2, message)
        assert (tmp_path / "claims.lock").read_bytes() == content


numbers = st.integers(-5, 5)


@given(numbers, numbers, numbers, numbers)
def test_overlap(a: int, b: int, c: int, d: int) -> None:
    first, second = sorted((a, b)), sorted((c, d))
    common = set(range(first[0], first[1] + 1)) & set(range(second[0], second[1] + 1))
    sides = [LockedSide(case="", expression="", lower=str(lower), upper=str(upper)) for lower, upper in (first, second)]
    assert _overlap(*sides) == bool(common)
