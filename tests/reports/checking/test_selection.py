from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError, NothingSelectedError
from emtheory.reports.checking.selection import choose, find_files, load_all, load_wanted
from emtheory.theory.claim import Claim

CLAIM = '[[claim]]\nid = "{}"\nstatement = "spectral_gap > 0"\nk = 3\nweights = "linear"\n'
CLAIMS = [(Path("a.toml"), Claim(name, "1 < 2")) for name in ("rate-1", "rate-2", "gap[1]")]


def write(path: Path, *ids: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("schema = 1\n" + "".join(map(CLAIM.format, ids)))
    return path


def test_folders_are_searched_but_not_hidden_ones_and_environments(tmp_path: Path) -> None:
    first = write(tmp_path / "claims.toml", "a")
    second = write(tmp_path / "deep" / "er" / "some.claims.toml", "b")
    for unwanted in ("claim.toml", ".git/claims.toml", "node_modules/x/claims.toml", "venv/x/claims.toml"):
        write(tmp_path / unwanted, "c")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert find_files([tmp_path]) == [first, second]
    assert find_files([second, tmp_path]) == [second, first]
    assert find_files([tmp_path / "deep" / ".." / "claims.toml", first]) == [tmp_path / "deep" / ".." / "claims.toml"]


def test_what_has_no_claim_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingSelectedError, match=r"no file in this folder is named …claims.toml"):
        find_files([tmp_path])
    full, empty = write(tmp_path / "full.toml", "a"), write(tmp_path / "empty.toml")
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


MALFORMED = (
    'statement = "sample_error_bound(n=1000, delta=D) >= 0"\nk = 3\nweights = "linear"\nradius = 1\n'
    "for_all = { D = [0.05, 0.1] }\n",
    'statement = "spectral_gapp > 0"\nk = 3\nweights = "linear"\n',
    'statment = "spectral_gap > 0"\nk = 3.5\n',
    'statement = "em_map > 0"\nfamily = "three-mean"\n',
)


@pytest.mark.parametrize("claim", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_claim_does_no_harm_where_others_are_selected(tmp_path: Path, claim: str) -> None:
    path = write(tmp_path / "a.toml", "first", "last")
    path.write_text(f'{path.read_text()}[[claim]]\nid = "wrong"\n{claim}')
    alone = write(tmp_path / "b.toml")
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
