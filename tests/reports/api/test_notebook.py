"""What results show in a notebook: everything, escaped, in colours of the page and without scripts."""

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import emtheory
from emtheory.numerics.sweep.cell import Row
from emtheory.reports.api.report import Report
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.words import prose

HOSTILE = '</td></table><script>alert(1)</script><img src=x onerror="alert(2)">&\''


class Tags(HTMLParser):
    """The names and attributes of the tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def results() -> Any:
    return emtheory.check(emtheory.Claim("a", "pi > 3"), emtheory.Claim("b", "contraction_factor < 1/2"))


def replays(folder: Path) -> Any:
    emtheory.check(emtheory.Claim("a", "pi > 3"), certificates=folder)
    (folder / "b.json").write_text("{}")
    return emtheory.replay(folder)


SHOWN: dict[str, Callable[[Path], Any]] = {
    "answer": lambda _: emtheory.evaluate("kl_divergence", 3, "uniform", radius=1, digits=10),
    "results": lambda _: results(),
    "record": lambda _: results()["b"],
    "derivation": lambda _: emtheory.derive("dft", 3),
    "trajectory": lambda _: emtheory.trajectory(4, "linear", radius=1, steps=2, digits=4),
    "sweep": lambda _: emtheory.sweep([2, 3], "linear", "spectral_gap"),
    "simulate": lambda _: emtheory.simulate(3, "linear", n=100, iterations=3, no_factor=True),
    "replay": replays,
    "report": lambda folder: Report(folder, ExitCode.OK, (("a", "proved", True),)),
}


KEPT = ("answer", "results", "trajectory", "sweep", "simulate")
NO_TRUTH_VALUE = ("answer", "results", "record", "replay", "report")


@pytest.mark.parametrize("name", SHOWN)
def test_results_are_whole_pieces_of_html_and_cannot_be_changed_but_kept(name: str, tmp_path: Path) -> None:
    shown = SHOWN[name](tmp_path)
    page = Tags(shown._repr_html_())
    assert page.tags.isdisjoint({"script", "style", "link", "iframe", "img"})
    assert not any(attribute.startswith("on") for attribute in page.attributes)
    assert "color" not in shown._repr_html_()
    assert page.text.strip()
    with pytest.raises(FrozenInstanceError):
        setattr(shown, fields(shown)[0].name, None)
    if name in KEPT:
        assert repr(pickle.loads(pickle.dumps(shown))) == repr(shown)  # noqa: S301 - our own
    if name in NO_TRUTH_VALUE:
        with pytest.raises(TypeError, match="no truth value"):
            bool(shown)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / HOSTILE.replace("/", "")
    path.write_text("{}")
    results = emtheory.check(emtheory.Claim(HOSTILE, "contraction_factor < 1/2", title=HOSTILE))
    said = Proposition((), note=HOSTILE)
    for shown, times in (
        (replace(SHOWN["answer"](tmp_path), quantity=HOSTILE, value=HOSTILE, level=HOSTILE), 3),
        (results, 1),
        (results[HOSTILE], 1),
        (Derivation(HOSTILE, HOSTILE, said, HOSTILE, HOSTILE, 3, (prose(HOSTILE),)), 5),
        (replace(SHOWN["sweep"](tmp_path), rows=(Row(error=HOSTILE),) * 2), 1),
        (replace(SHOWN["simulate"](tmp_path), law=HOSTILE), 1),
        (emtheory.replay(path), 1),
        (Report(tmp_path, ExitCode.OK, ((HOSTILE, HOSTILE, True),)), 2),
    ):
        page = shown._repr_html_()
        tags = Tags(page)
        assert tags.tags.isdisjoint({"script", "img"})
        assert "<script" not in page
        assert tags.text.count("alert(1)") >= times, type(shown)
