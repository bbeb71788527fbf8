"""What the tests of the command line share."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from emtheory.reports.checking.kept import default_folder, load, path_of
from emtheory.reports.checking.tasks import Task, task_key
from emtheory.reports.cli import main

KEPT = default_folder()
"""Where reports keep what they found: the user's folder, as no fixture has put another in its place yet."""


class Result(NamedTuple):
    """Exit status, standard output and standard error of one run of the program, and whether it was for programs."""

    code: int
    out: str
    err: str
    as_json: bool = False

    def assert_one_line_error(self, code: int, message: str) -> None:
        assert self.code == code, self
        if self.as_json:
            document = json.loads(self.out)
            assert (document["schema"], document["error"]["code"]) == (1, code)
            assert self.err == f"emtheory: error: {document['error']['message']}\n"
        else:
            assert self.out == ""
        assert re.fullmatch(r"emtheory: error: [^\n]+\n", self.err), self.err
        assert message in self.err
        assert "Traceback" not in self.err

    def document(self, code: int = 0) -> Any:
        """What was printed as JSON, with this exit status."""
        assert self.code == code, self
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def invoke(*arguments: str | Path) -> Result:
        code = main([str(argument) for argument in arguments])
        return Result(code, *capsys.readouterr(), as_json="--json" in arguments)

    return invoke


@pytest.fixture(scope="session")
def done() -> Callable[[Task], Any]:
    """Return what gives a task's result: as a report by the very same code has kept it, else as it is done here."""

    def result(task: Task) -> Any:
        kept = load(path_of(KEPT, task_key(task)))
        return task.function(*task.arguments) if kept is None else kept["value"]

    return result
