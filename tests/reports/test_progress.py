from collections.abc import Iterator
from threading import Event, active_count

import pytest

from emtheory.reports.progress import progress, waiting


def _clock(monkeypatch: pytest.MonkeyPatch, times: list[float]) -> None:
    ticks: Iterator[float] = iter(times)
    monkeypatch.setattr("emtheory.reports.progress.monotonic", lambda: next(ticks))


def test_a_line_now_and_then_with_the_time_left_and_none_of_a_short_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The start; then at each thing the time.
    _clock(monkeypatch, [100, 101, 110, 131, 140, 191, 200])
    with progress(9, "cells") as advance:
        for _ in range(6):
            advance()
    captured = capsys.readouterr()
    assert captured.out == ""
    # 3 in 31 s leave 6 for 62 s; then 2 in 60 s leave 4 for 120 s.
    assert captured.err == (
        "cells: 3 of 9 after 0:00:31, about 0:01:02 left\ncells: 5 of 9 after 0:01:31, about 0:02:00 left\n"
    )

    _clock(monkeypatch, [0, 29, 100])
    with progress(2, "cells") as advance:
        advance()
        advance()
    assert capsys.readouterr().err == ""


def test_what_takes_long_says_so_until_it_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emtheory.reports.progress.INTERVAL_SECONDS", 0.001)
    before, said = active_count(), Event()

    def what() -> str:
        said.set()
        return "0 of 1 claims decided"

    def interrupted() -> None:
        with waiting(what):
            assert said.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("0 of 1 claims decided after 0:00:00\n")
    assert active_count() == before
